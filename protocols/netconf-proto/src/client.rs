//! The side that sends requests.

use std::collections::{BTreeMap, VecDeque};
use std::time::{Duration, Instant};

use crate::capability::Capabilities;
use crate::error::Error;
use crate::framing::{self, Framing};
use crate::hello::{Hello, Side, negotiated_framing};
use crate::id::{RequestId, SessionId};
use crate::limits::Limits;
use crate::notification::{Notification, is_notification};
use crate::reply::{Body, Reply, is_reply, keep_children};
use crate::request::{Expect, Request};
use crate::xml::{Document, Element, text_of};

/// Settings of a [`Client`].
#[derive(Debug, Clone)]
pub struct ClientConfig {
    /// What is announced. Both base versions, so that every server is understood.
    pub capabilities: Capabilities,
    /// Bounds on what the server sends.
    pub limits: Limits,
    /// How long the server's hello may take: 30 s, as slow devices list thousands of modules.
    pub hello_timeout: Duration,
    /// Requests sent and not answered. 8 hides the round trip without filling a device's buffers;
    /// 1 is for devices that cannot take a request before they answered the last.
    pub in_flight_max: usize,
    /// Requests that wait for one of the above. When it is full, [`Client::request`] refuses.
    pub queued_max: usize,
    /// Requests whose time ran out and whose reply may still come; one more ends the session.
    pub late_max: usize,
    /// Events that wait for [`Client::poll_output`]; further notifications are dropped and counted.
    pub events_max: usize,
}

impl Default for ClientConfig {
    fn default() -> Self {
        Self {
            capabilities: Capabilities::base(),
            limits: Limits::default(),
            hello_timeout: Duration::from_secs(30),
            in_flight_max: 8,
            queued_max: 256,
            late_max: 16,
            events_max: 4_096,
        }
    }
}

/// What happened to the transport.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Input<'a> {
    /// Bytes came, in any split.
    Received(&'a [u8]),
    /// The transport ended.
    TransportClosed,
}

/// What the owner of a client has to do, or to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClientOutput {
    /// Write these bytes to the transport.
    Transmit(Vec<u8>),
    /// Something happened.
    Event(ClientEvent),
    /// Close the transport, after everything before was written. The last output there is.
    Close,
}

/// What happened in the session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClientEvent {
    /// The hellos were exchanged.
    Established {
        /// The number the server gave this session.
        session_id: SessionId,
        /// What the server announced.
        capabilities: Capabilities,
        /// What the two sides agreed on.
        framing: Framing,
    },
    /// A request came to its end; each one does exactly once.
    Answered {
        /// Which request.
        id: RequestId,
        /// The reply, or why there is none.
        answer: Result<Reply, NoReply>,
    },
    /// The server reports an event.
    Notified(Notification),
    /// Notifications were lost because the owner did not take events in time.
    NotificationsDropped {
        /// How many since the last such event.
        count: u64,
    },
    /// A reply came that belongs to no request. It was ignored.
    Unmatched {
        /// What it carried as `message-id`.
        message_id: String,
    },
    /// A notification came that could not be read. It was ignored.
    UnreadableNotification {
        /// What is wrong with it.
        error: Error,
    },
    /// The session is over; all requests were answered before.
    Ended {
        /// Why; `None` after close-session.
        cause: Option<Error>,
    },
}

/// Why a request has no reply.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoReply {
    /// Its time ran out. The server may still carry it out.
    #[error("no reply came in time")]
    TimedOut,
    /// A reply came that cannot be understood. The server may have carried the request out.
    #[error(transparent)]
    Unreadable(Error),
    /// The session ended first. A request that was sent may have been carried out.
    #[error("the session ended before the reply came{}", cause_text(.cause.as_ref()))]
    Abandoned {
        /// Why the session ended; `None` after close-session.
        cause: Option<Error>,
        /// Whether the request had been sent.
        was_sent: bool,
    },
}

fn cause_text(cause: Option<&Error>) -> String {
    cause.map_or_else(String::new, |cause| format!(": {cause}"))
}

/// A client session, from the first byte of the transport (for SSH: once the subsystem `netconf`
/// is started) to its end.
///
/// Feed it with [`handle_input`](Self::handle_input), ask with [`request`](Self::request), call
/// [`handle_timeout`](Self::handle_timeout) when the time of [`poll_timeout`](Self::poll_timeout)
/// has come, and after each of these take [`poll_output`](Self::poll_output) until it gives `None`.
#[derive(Debug)]
pub struct Client {
    config: ClientConfig,
    state: State,
    decoder: framing::Decoder,
    framing: Framing,
    next_id: u64,
    /// Sent requests by id, which is the order they were sent in.
    sent: BTreeMap<u64, Sent>,
    /// Requests that wait for their turn.
    queued: VecDeque<Queued>,
    outputs: VecDeque<ClientOutput>,
    dropped: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    AwaitingHello {
        deadline: Instant,
    },
    Established,
    /// close-session was asked for.
    Closing,
    Ended,
}

#[derive(Debug)]
struct Sent {
    expect: Expect,
    closes: bool,
    /// `None` when the time ran out and only a late reply is waited for.
    deadline: Option<Instant>,
}

#[derive(Debug)]
struct Queued {
    id: u64,
    message: String,
    expect: Expect,
    closes: bool,
    timeout: Duration,
}

impl Client {
    /// A session on a transport that is just open; the hello is the first output.
    #[must_use]
    pub fn new(config: ClientConfig, now: Instant) -> Self {
        let hello = Hello { capabilities: config.capabilities.clone(), session_id: None };
        let mut client = Self {
            state: State::AwaitingHello { deadline: now + config.hello_timeout },
            decoder: framing::Decoder::new(&config.limits),
            framing: Framing::EndOfMessage,
            next_id: 1,
            sent: BTreeMap::new(),
            queued: VecDeque::new(),
            outputs: VecDeque::new(),
            dropped: 0,
            config,
        };
        client.transmit(&hello.encode());
        client
    }

    /// Asks for an operation; the answer comes as [`ClientEvent::Answered`].
    ///
    /// `timeout` runs from the moment the request is sent. Requests made before the hellos are
    /// exchanged wait for them.
    ///
    /// # Errors
    /// [`Error::SessionEnded`], [`Error::SessionClosing`], [`Error::QueueFull`], and those of
    /// [`Request::encode`]. The session goes on.
    pub fn request(
        &mut self,
        now: Instant,
        request: Request,
        timeout: Duration,
    ) -> Result<RequestId, Error> {
        match self.state {
            State::Ended => return Err(Error::SessionEnded),
            State::Closing => return Err(Error::SessionClosing),
            State::AwaitingHello { .. } | State::Established => {}
        }
        if self.queued.iter().any(|queued| queued.closes) {
            return Err(Error::SessionClosing);
        }
        if self.queued.len() >= self.config.queued_max {
            return Err(Error::QueueFull { what: "requests", limit: self.config.queued_max });
        }
        let id = self.next_id;
        let expect = request.expects();
        let closes = request == Request::CloseSession;
        let message = request.encode(&id.to_string(), &self.config.limits)?;
        // Before the hellos it is not known which framing the server speaks.
        if self.framing == Framing::EndOfMessage && message.contains("]]>]]>") {
            return Err(Error::Unframeable);
        }
        self.next_id += 1;
        self.queued.push_back(Queued { id, message, expect, closes, timeout });
        self.send_queued(now);
        Ok(RequestId(id))
    }

    /// Takes what the transport brought.
    ///
    /// # Errors
    /// Why the session ended, if this ended it; the same stands in [`ClientEvent::Ended`].
    pub fn handle_input(&mut self, now: Instant, input: Input<'_>) -> Result<(), Error> {
        if self.state == State::Ended {
            return Ok(());
        }
        let result = match input {
            Input::Received(bytes) => {
                self.decoder.push(bytes);
                self.read_messages(now)
            }
            Input::TransportClosed => {
                if self.state == State::Closing {
                    // Some servers hang up instead of answering.
                    self.end(None);
                    return Ok(());
                }
                Err(Error::TransportClosed)
            }
        };
        if let Err(error) = &result {
            self.end(Some(error.clone()));
        }
        result
    }

    /// Lets the time run out for what has waited until `now`.
    pub fn handle_timeout(&mut self, now: Instant) {
        match self.state {
            State::Ended => return,
            State::AwaitingHello { deadline } => {
                if deadline <= now {
                    self.end(Some(Error::HelloTimedOut));
                }
                return;
            }
            State::Established | State::Closing => {}
        }
        let due = |sent: &Sent| sent.deadline.is_some_and(|deadline| deadline <= now);
        let late: Vec<u64> =
            self.sent.iter().filter(|(_, sent)| due(sent)).map(|(id, _)| *id).collect();
        for id in late {
            self.time_out(id);
        }
        let limit = self.config.late_max;
        if self.sent.values().filter(|sent| sent.deadline.is_none()).count() > limit {
            self.end(Some(Error::TooManyLate { limit }));
        }
        self.send_queued(now);
    }

    /// When [`Self::handle_timeout`] is due, and for what.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<(Instant, &'static str)> {
        match self.state {
            State::AwaitingHello { deadline } => Some((deadline, "hello")),
            State::Established | State::Closing => {
                let next = self.sent.values().filter_map(|sent| sent.deadline).min();
                next.map(|deadline| (deadline, "reply"))
            }
            State::Ended => None,
        }
    }

    /// The next thing to do or to know; `None` when there is nothing left.
    pub fn poll_output(&mut self) -> Option<ClientOutput> {
        let output = self.outputs.pop_front();
        if output.is_none() && self.dropped > 0 {
            let count = std::mem::take(&mut self.dropped);
            return Some(ClientOutput::Event(ClientEvent::NotificationsDropped { count }));
        }
        output
    }

    /// Ends the session without a word to the server, as when the owner is told to stop.
    pub fn abort(&mut self, reason: &str) {
        if self.state != State::Ended {
            self.end(Some(Error::Terminated { reason: reason.to_owned() }));
        }
    }

    /// Whether the session is over.
    #[must_use]
    pub fn is_ended(&self) -> bool {
        self.state == State::Ended
    }

    /// Requests sent and waited for.
    #[must_use]
    pub fn in_flight(&self) -> usize {
        self.sent.values().filter(|sent| sent.deadline.is_some()).count()
    }

    fn read_messages(&mut self, now: Instant) -> Result<(), Error> {
        while self.state != State::Ended {
            let Some(message) = self.decoder.next_message()? else { return Ok(()) };
            if text_of(&message).is_ok_and(is_remark) {
                continue;
            }
            match self.state {
                State::AwaitingHello { .. } => self.read_hello(now, &message)?,
                State::Established | State::Closing => self.read_message(&message)?,
                State::Ended => {}
            }
            self.send_queued(now);
        }
        Ok(())
    }

    fn read_hello(&mut self, now: Instant, message: &[u8]) -> Result<(), Error> {
        let hello = Hello::decode(message, Side::Server, &self.config.limits)?;
        let framing = negotiated_framing(&self.config.capabilities, &hello.capabilities)?;
        let Some(session_id) = hello.session_id else {
            return Err(Error::BadHello { reason: "there is no session-id".to_owned() });
        };
        self.framing = framing;
        self.decoder.set_framing(framing);
        self.state = State::Established;
        let capabilities = hello.capabilities;
        self.event(ClientEvent::Established { session_id, capabilities, framing });
        self.send_queued(now);
        Ok(())
    }

    fn read_message(&mut self, message: &[u8]) -> Result<(), Error> {
        let limits = self.config.limits.clone();
        let document = Document::parse(text_of(message)?, &limits, keep_children)?;
        let root = document.root();
        if is_reply(root) {
            self.read_reply(root);
            return Ok(());
        }
        if is_notification(root) {
            self.read_notification(root);
            return Ok(());
        }
        let got = root.local().to_owned();
        Err(Error::UnexpectedMessage { expected: "<rpc-reply> or <notification>", got })
    }

    fn read_reply(&mut self, root: Element<'_>) {
        let message_id = root.attribute("", "message-id").map(str::trim);
        let id = match message_id {
            Some(text) => text.parse().ok().filter(|id| self.sent.contains_key(id)),
            // A server that could not read the message-id cannot repeat it. Replies come in the
            // order of requests (RFC 6241 section 4.5), so this one is for the oldest.
            None => self.sent.keys().next().copied(),
        };
        let Some((id, sent)) = id.and_then(|id| self.sent.remove_entry(&id)) else {
            let message_id = message_id.unwrap_or_default().to_owned();
            self.event(ClientEvent::Unmatched { message_id });
            return;
        };
        let answer = Reply::read(root, sent.expect).map_err(NoReply::Unreadable);
        let closed = sent.closes && matches!(&answer, Ok(reply) if reply.body == Body::Ok);
        if sent.deadline.is_some() {
            self.answered(id, answer);
        }
        if closed {
            self.end(None);
        } else if sent.closes {
            self.state = State::Established;
        }
    }

    fn read_notification(&mut self, root: Element<'_>) {
        if self.outputs.len() >= self.config.events_max {
            self.dropped += 1;
            return;
        }
        self.event(match Notification::read(root) {
            Ok(notification) => ClientEvent::Notified(notification),
            Err(error) => ClientEvent::UnreadableNotification { error },
        });
    }

    fn send_queued(&mut self, now: Instant) {
        while self.state == State::Established && self.in_flight() < self.config.in_flight_max {
            let Some(next) = self.queued.pop_front() else { return };
            self.transmit(&next.message);
            if next.closes {
                self.state = State::Closing;
            }
            let deadline = Some(now + next.timeout);
            let sent = Sent { expect: next.expect, closes: next.closes, deadline };
            self.sent.insert(next.id, sent);
        }
    }

    fn time_out(&mut self, id: u64) {
        let Some(sent) = self.sent.get_mut(&id) else { return };
        sent.deadline = None;
        let closes = sent.closes;
        self.answered(id, Err(NoReply::TimedOut));
        if closes {
            // Whoever asked for the end gets it.
            self.end(None);
        }
    }

    fn transmit(&mut self, message: &str) {
        // Requests were checked for the mark of base:1.0 when they were made, and capabilities
        // cannot hold it: their `>` is escaped.
        let framed = framing::encode(self.framing, message.as_bytes())
            .expect("messages with the end-of-message mark are refused before");
        self.outputs.push_back(ClientOutput::Transmit(framed));
    }

    fn answered(&mut self, id: u64, answer: Result<Reply, NoReply>) {
        self.event(ClientEvent::Answered { id: RequestId(id), answer });
    }

    fn event(&mut self, event: ClientEvent) {
        self.outputs.push_back(ClientOutput::Event(event));
    }

    fn end(&mut self, cause: Option<Error>) {
        self.state = State::Ended;
        let abandoned = |was_sent| NoReply::Abandoned { cause: cause.clone(), was_sent };
        for (id, sent) in std::mem::take(&mut self.sent) {
            if sent.deadline.is_none() {
                continue;
            }
            let answer = match sent.closes && cause.is_none() {
                true => Ok(Reply::new(Body::Ok)),
                false => Err(abandoned(true)),
            };
            self.answered(id, answer);
        }
        for queued in std::mem::take(&mut self.queued) {
            self.answered(queued.id, Err(abandoned(false)));
        }
        self.event(ClientEvent::Ended { cause });
        self.outputs.push_back(ClientOutput::Close);
    }
}

/// Whether a message is nothing but comments and white space: Junos announces the end of a session
/// so.
fn is_remark(text: &str) -> bool {
    let mut rest = text.trim_start();
    while let Some(comment) = rest.strip_prefix("<!--") {
        match comment.find("-->") {
            Some(end) => rest = comment[end + 3..].trim_start(),
            None => return false,
        }
    }
    rest.is_empty()
}

#[cfg(test)]
mod tests;
