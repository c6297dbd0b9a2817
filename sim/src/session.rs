//! The second world: both ends of a device's session, `netconf_proto::Client` and `Server`, with a
//! pipe between them that tears, corrupts and drops, and owners that are slow and impatient.
//!
//! What must hold: each request comes to its end once; a reply is that of its request and was
//! given; requests arrive in order, each once; one that is said not to have been sent did not
//! arrive; a session that nothing happened to delivers everything; no input makes a machine panic.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::{Duration, Instant};

use netconf_proto::{
    Body, CallId, Capabilities, Client, ClientConfig, ClientEvent, ClientOutput, Input, NoReply,
    Reply, Request, RequestId, Server, ServerConfig, ServerEvent, ServerOutput, SessionId, uri,
};

use crate::random::Random;
use crate::trace::Trace;
use crate::world::{Checked, must_not};

/// Bytes that a pipe delivers at once, at most.
const PIECE_BYTES_MAX: usize = 300;
/// Rounds within which a session that is left alone comes to rest.
const ROUNDS_TO_REST_MAX: u32 = 20_000;
/// Sessions may take long to begin, so that only requests run out of time; but where bytes may be
/// corrupted, a hello may never come.
const HELLO_TIMEOUT: Duration = Duration::from_secs(24 * 3600);
const CORRUPT_HELLO_TIMEOUT: Duration = Duration::from_secs(60);

/// What a run counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct SessionCounts {
    pub(crate) answered: u64,
    pub(crate) timed_out: u64,
    pub(crate) abandoned: u64,
}

/// Runs sessions one after the other until the steps are used up.
pub(crate) fn run_sessions(
    seed: u64,
    steps: u64,
    trace: &mut Trace,
    counts: &mut SessionCounts,
) -> Checked {
    let mut random = Random::new(seed).child("sessions");
    let mut left = steps;
    let mut number = 0;
    while left > 0 {
        number += 1;
        let lasts = random.within(1, 400).min(left);
        left -= lasts;
        let mut session = Session::new(number, &mut random);
        for _ in 0..lasts {
            session.step(&mut random)?;
        }
        session.end(&mut random)?;
        trace.note(u64::from(number), format_args!("session: {}", session.story));
        counts.answered += session.counts.answered;
        counts.timed_out += session.counts.timed_out;
        counts.abandoned += session.counts.abandoned;
    }
    Ok(())
}

struct Session {
    now: Instant,
    client: Client,
    server: Server,
    to_server: VecDeque<u8>,
    to_client: VecDeque<u8>,
    /// Numbers of the requests that wait for their end.
    open: BTreeMap<RequestId, u64>,
    next: u64,
    /// Calls that the server's owner has not answered.
    calls: Vec<(CallId, u64)>,
    last_called: u64,
    called: BTreeSet<u64>,
    given: BTreeSet<u64>,
    corrupts: bool,
    is_corrupt: bool,
    is_cut: bool,
    in_flight_max: usize,
    late_max: usize,
    counts: SessionCounts,
    story: String,
}

impl Session {
    fn new(number: u32, random: &mut Random) -> Self {
        let now = Instant::now();
        let mut capabilities = Capabilities::base();
        if random.chance(30) {
            capabilities = [uri::BASE_1_0].into_iter().collect();
        }
        let in_flight_max = random.index(8) + 1;
        let corrupts = random.chance(30);
        let hello_timeout = if corrupts { CORRUPT_HELLO_TIMEOUT } else { HELLO_TIMEOUT };
        let config =
            ClientConfig { capabilities, hello_timeout, in_flight_max, ..ClientConfig::default() };
        let late_max = config.late_max;
        let id = SessionId::new(number).expect("sessions are counted from 1");
        let all = [uri::BASE_1_0, uri::BASE_1_1, uri::MONITORING].into_iter().collect();
        let server = ServerConfig { hello_timeout, ..ServerConfig::new(id, all) };
        Self {
            now,
            client: Client::new(config, now),
            server: Server::new(server, now),
            to_server: VecDeque::new(),
            to_client: VecDeque::new(),
            open: BTreeMap::new(),
            next: 0,
            calls: Vec::new(),
            last_called: 0,
            called: BTreeSet::new(),
            given: BTreeSet::new(),
            corrupts,
            is_corrupt: false,
            is_cut: false,
            in_flight_max,
            late_max,
            counts: SessionCounts::default(),
            story: String::new(),
        }
    }

    fn step(&mut self, random: &mut Random) -> Checked {
        match random.below(100) {
            0..20 => self.ask(random)?,
            20..45 => self.deliver_to_server(random)?,
            45..70 => self.deliver_to_client(random)?,
            70..90 => self.answer(random)?,
            90..97 => self.wait(random)?,
            97 if self.corrupts => self.corrupt(random),
            98 if random.chance(20) => self.cut()?,
            _ => {}
        }
        self.drain()
    }

    fn ask(&mut self, random: &mut Random) -> Checked {
        self.next += 1;
        let number = self.next;
        let request =
            Request::GetSchema { identifier: format!("m-{number}"), version: None, format: None };
        let patience = Duration::from_millis(random.within(500, 60_000));
        if let Ok(id) = self.client.request(self.now, request, patience) {
            self.open.insert(id, number);
        } else {
            if !self.client.is_ended() && self.open.len() < self.in_flight_max {
                return must_not("a session that is up takes no request");
            }
            self.next -= 1;
        }
        Ok(())
    }

    fn deliver_to_server(&mut self, random: &mut Random) -> Checked {
        if self.to_server.is_empty() || !self.server.wants_input() {
            return Ok(());
        }
        let bytes = piece(&mut self.to_server, random);
        let taken = self.server.handle_input(self.now, Input::Received(&bytes));
        self.excuse(taken.err().map(|error| error.to_string()))
    }

    fn deliver_to_client(&mut self, random: &mut Random) -> Checked {
        if self.to_client.is_empty() {
            return Ok(());
        }
        let bytes = piece(&mut self.to_client, random);
        let taken = self.client.handle_input(self.now, Input::Received(&bytes));
        self.excuse(taken.err().map(|error| error.to_string()))
    }

    /// An error is one of the world's making, or the end of a client's patience.
    fn excuse(&self, error: Option<String>) -> Checked {
        let is_impatient = self.counts.timed_out > self.late_max as u64;
        match error {
            Some(error) if !self.is_corrupt && !self.is_cut && !is_impatient => {
                must_not(format!("a session that nothing happened to ends: {error}"))
            }
            _ => Ok(()),
        }
    }

    fn answer(&mut self, random: &mut Random) -> Checked {
        if self.calls.is_empty() {
            return Ok(());
        }
        let at = random.index(self.calls.len());
        let (call, number) = self.calls.swap_remove(at);
        self.given.insert(number);
        let reply = Reply::new(Body::Schema(text_of(number)));
        match self.server.answer(self.now, call, reply) {
            Err(error) if !self.server.is_ended() => must_not(format!("no answer: {error}")),
            _ => Ok(()),
        }
    }

    fn wait(&mut self, random: &mut Random) -> Checked {
        self.now += Duration::from_millis(random.within(1, 1_500));
        self.client.handle_timeout(self.now);
        self.server.handle_timeout(self.now);
        let due = self.client.poll_timeout();
        match due.is_some_and(|(due, _)| due <= self.now) {
            true => must_not("what is due is due still after it was handled"),
            false => Ok(()),
        }
    }

    fn corrupt(&mut self, random: &mut Random) {
        let pipe = match random.chance(50) {
            true => &mut self.to_server,
            false => &mut self.to_client,
        };
        if pipe.is_empty() {
            return;
        }
        let at = random.index(pipe.len());
        let bits = u8::try_from(random.within(1, 255)).expect("255 is the largest");
        pipe[at] ^= bits;
        self.is_corrupt = true;
    }

    /// The connection breaks; what is in the pipes is lost.
    fn cut(&mut self) -> Checked {
        self.is_cut = true;
        self.to_client.clear();
        self.to_server.clear();
        let ended = [
            self.client.handle_input(self.now, Input::TransportClosed).err(),
            self.server.handle_input(self.now, Input::TransportClosed).err(),
        ];
        drop(ended);
        self.drain()?;
        match self.client.is_ended() && self.server.is_ended() {
            true => Ok(()),
            false => must_not("a session goes on without a transport"),
        }
    }

    fn drain(&mut self) -> Checked {
        let mut hangs_up = false;
        while let Some(output) = self.client.poll_output() {
            match output {
                ClientOutput::Transmit(bytes) => self.to_server.extend(bytes),
                ClientOutput::Event(ClientEvent::Answered { id, answer }) => {
                    self.answered(id, answer)?;
                }
                ClientOutput::Event(ClientEvent::Ended { cause }) => {
                    self.excuse(Some(format!("{cause:?}")))?;
                }
                ClientOutput::Event(_) => {}
                ClientOutput::Close => hangs_up = true,
            }
        }
        while let Some(output) = self.server.poll_output() {
            match output {
                ServerOutput::Transmit(bytes) => self.to_client.extend(bytes),
                ServerOutput::Event(ServerEvent::Called { id, request }) => {
                    self.called(id, &request)?;
                }
                ServerOutput::Event(ServerEvent::Ended { cause }) => {
                    self.calls.clear();
                    self.excuse(Some(format!("{cause:?}")))?;
                }
                ServerOutput::Event(ServerEvent::Established { .. }) => {}
                ServerOutput::Close => hangs_up = true,
            }
        }
        if self.client.in_flight() > self.in_flight_max {
            return must_not(format!("{} requests are in flight", self.client.in_flight()));
        }
        if hangs_up && !self.is_cut { self.cut() } else { Ok(()) }
    }

    fn called(&mut self, id: CallId, request: &Request) -> Checked {
        let Request::GetSchema { identifier, .. } = request else {
            return if self.is_corrupt { Ok(()) } else { must_not("a request became another") };
        };
        let number = identifier.strip_prefix("m-").and_then(|number| number.parse().ok());
        let number: u64 = number.unwrap_or_default();
        if !self.is_corrupt && number != self.last_called + 1 {
            return must_not(format!("request {number} came after {}", self.last_called));
        }
        self.last_called = number;
        self.called.insert(number);
        self.calls.push((id, number));
        Ok(())
    }

    fn answered(&mut self, id: RequestId, answer: Result<Reply, NoReply>) -> Checked {
        let Some(number) = self.open.remove(&id) else {
            return must_not(format!("a request came to its end twice: {answer:?}"));
        };
        match answer {
            Ok(reply) => {
                self.counts.answered += 1;
                self.story += "+";
                let is_right = reply.body == Body::Schema(text_of(number));
                let is_given = is_right && self.given.contains(&number);
                if !(self.is_corrupt || is_given) {
                    return must_not(format!("request {number} has the reply of another"));
                }
            }
            Err(NoReply::TimedOut) => {
                self.counts.timed_out += 1;
                self.story += "t";
            }
            Err(NoReply::Unreadable(error)) => self.excuse(Some(error.to_string()))?,
            Err(NoReply::Abandoned { was_sent, .. }) => {
                self.counts.abandoned += 1;
                self.story += if was_sent { "a" } else { "-" };
                if !was_sent && !self.is_corrupt && self.called.contains(&number) {
                    return must_not(format!("request {number} arrived and was not sent"));
                }
            }
        }
        Ok(())
    }

    /// Nothing more happens to the session: what is open comes to its end.
    fn end(&mut self, random: &mut Random) -> Checked {
        for _ in 0..ROUNDS_TO_REST_MAX {
            if self.open.is_empty() {
                break;
            }
            self.deliver_to_server(random)?;
            self.drain()?;
            self.answer(random)?;
            self.drain()?;
            self.deliver_to_client(random)?;
            self.drain()?;
            // A corrupt length may make an end wait for bytes that never come.
            let is_read = self.to_server.is_empty() || !self.server.wants_input();
            let is_stuck = is_read && self.to_client.is_empty() && self.calls.is_empty();
            if is_stuck && self.is_corrupt {
                self.wait(random)?;
                self.drain()?;
            }
        }
        if !self.open.is_empty() {
            return must_not(format!("{} requests never come to their end", self.open.len()));
        }
        self.cut()
    }
}

fn piece(pipe: &mut VecDeque<u8>, random: &mut Random) -> Vec<u8> {
    let limit = if random.chance(30) { 2 } else { PIECE_BYTES_MAX };
    let size = random.index(pipe.len().min(limit)) + 1;
    pipe.drain(..size).collect()
}

/// A text that belongs to a number, with what framings end on.
fn text_of(number: u64) -> String {
    let parts = ["]]>", "\n##\n", "\n#5\n", "module { }", "\u{e9}\u{4e2d}", "<&>", "]]>]]>"];
    let mut text = format!("{number}:");
    for at in 0..number % 9 {
        let part = usize::try_from((number + at) % parts.len() as u64).expect("a small number");
        text += parts[part];
    }
    text
}
