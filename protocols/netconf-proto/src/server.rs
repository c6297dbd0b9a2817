//! The side that answers requests.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use crate::capability::Capabilities;
use crate::client::Input;
use crate::error::Error;
use crate::framing::{self, Framing};
use crate::hello::{Hello, Side, negotiated_framing};
use crate::id::{CallId, SessionId};
use crate::limits::Limits;
use crate::notification::Notification;
use crate::reply::{Body, Reply};
use crate::request::{Envelope, Refusal, Request, Rpc, refuse};
use crate::rpc_error::{ErrorInfo, ErrorTag, ErrorType, RpcError};

/// Settings of a [`Server`].
#[derive(Debug, Clone)]
pub struct ServerConfig {
    /// The number of this session, of which no other session open at the same time has one.
    pub session_id: SessionId,
    /// What is announced. Requests that need a capability that is not among these are refused.
    pub capabilities: Capabilities,
    /// Bounds on what the client sends.
    pub limits: Limits,
    /// How long the client's hello may take: 30 s.
    pub hello_timeout: Duration,
    /// How long a client may send nothing while it waits for nothing. `None` is for ever: right
    /// where the transport notices a dead peer, and for sessions that only take notifications.
    pub idle_timeout: Option<Duration>,
    /// Calls received and not answered; then [`Server::wants_input`] says no.
    pub calls_max: usize,
    /// Bytes that wait for [`Server::poll_output`]; then notifications are refused.
    pub unsent_bytes_max: usize,
}

impl ServerConfig {
    /// The defaults for a session of this number that announces `capabilities`.
    #[must_use]
    pub fn new(session_id: SessionId, capabilities: Capabilities) -> Self {
        Self {
            session_id,
            capabilities,
            limits: Limits::default(),
            hello_timeout: Duration::from_secs(30),
            idle_timeout: None,
            calls_max: 32,
            unsent_bytes_max: 16 << 20,
        }
    }
}

/// What the owner of a server has to do, or to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ServerOutput {
    /// Write these bytes to the transport.
    Transmit(Vec<u8>),
    /// Something happened.
    Event(ServerEvent),
    /// Close the transport, after everything before was written. The last output there is.
    Close,
}

/// What happened in the session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ServerEvent {
    /// The hellos were exchanged.
    Established {
        /// What the client announced.
        capabilities: Capabilities,
        /// What the two sides agreed on.
        framing: Framing,
    },
    /// The client asks for something: answer with [`Server::answer`].
    ///
    /// close-session never comes here: the machine answers it once all calls before are answered,
    /// and the owner sees [`ServerEvent::Ended`].
    Called {
        /// What the answer has to name.
        id: CallId,
        /// What is asked for.
        request: Request,
    },
    /// The session is over: locks and unconfirmed commits that belong to it end with it.
    Ended {
        /// Why; `None` after close-session.
        cause: Option<Error>,
    },
}

/// A server session, from the first byte of the transport to its end.
///
/// Feed it with [`handle_input`](Self::handle_input), answer its calls with
/// [`answer`](Self::answer) in any order (the client gets the answers in the order of its
/// requests, RFC 6241 section 4.5), and after each of these take
/// [`poll_output`](Self::poll_output) until it gives `None`.
#[derive(Debug)]
pub struct Server {
    config: ServerConfig,
    state: State,
    decoder: framing::Decoder,
    framing: Framing,
    next_call: u64,
    /// Calls in the order they came; replies leave from the front.
    calls: VecDeque<Call>,
    outputs: VecDeque<ServerOutput>,
    unsent_bytes: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    AwaitingHello {
        deadline: Instant,
    },
    Established {
        heard: Instant,
    },
    /// close-session came: no further request is read.
    Closing,
    Ended,
}

#[derive(Debug)]
enum Call {
    Waiting { id: CallId, envelope: Envelope },
    Answered { message: Vec<u8> },
}

impl Server {
    /// A session on a transport that is just open; the hello is the first output.
    #[must_use]
    pub fn new(config: ServerConfig, now: Instant) -> Self {
        let hello = Hello {
            capabilities: config.capabilities.clone(),
            session_id: Some(config.session_id),
        };
        let mut server = Self {
            state: State::AwaitingHello { deadline: now + config.hello_timeout },
            decoder: framing::Decoder::new(&config.limits),
            framing: Framing::EndOfMessage,
            next_call: 1,
            calls: VecDeque::new(),
            outputs: VecDeque::new(),
            unsent_bytes: 0,
            config,
        };
        let framed = framing::encode(server.framing, hello.encode().as_bytes())
            .expect("a hello escapes every '>' of its capabilities");
        server.transmit(framed);
        server
    }

    /// The number of this session.
    #[must_use]
    pub const fn session_id(&self) -> SessionId {
        self.config.session_id
    }

    /// Takes what the transport brought.
    ///
    /// # Errors
    /// Why the session ended, if this ended it; the same stands in [`ServerEvent::Ended`].
    pub fn handle_input(&mut self, now: Instant, input: Input<'_>) -> Result<(), Error> {
        if self.state == State::Ended {
            return Ok(());
        }
        let result = match input {
            Input::Received(bytes) => self.receive(now, bytes),
            Input::TransportClosed => Err(Error::TransportClosed),
        };
        if let Err(error) = &result {
            self.end(Some(error.clone()));
        }
        result
    }

    /// Whether more bytes should be read from the transport now. While too many calls wait for
    /// their answers or too many bytes to be written, the transport's own flow control is what
    /// holds the client back.
    #[must_use]
    pub fn wants_input(&self) -> bool {
        self.state != State::Ended
            && self.calls.len() < self.config.calls_max
            && self.unsent_bytes < self.config.unsent_bytes_max
    }

    /// Answers a call.
    ///
    /// # Errors
    /// [`Error::UnknownCall`], [`Error::SessionEnded`], and those of [`Reply::encode`]; after one
    /// of the last the call still waits for its answer.
    pub fn answer(&mut self, now: Instant, id: CallId, reply: Reply) -> Result<(), Error> {
        if self.state == State::Ended {
            return Err(Error::SessionEnded);
        }
        let found = self.calls.iter_mut().find_map(|call| match call {
            Call::Waiting { id: waiting, .. } if *waiting == id => Some(call),
            _ => None,
        });
        let Some(call) = found else { return Err(Error::UnknownCall { id }) };
        let Call::Waiting { envelope, .. } = &*call else { return Err(Error::UnknownCall { id }) };
        let message = reply.encode(envelope, &self.config.limits)?;
        let message = framing::encode(self.framing, message.as_bytes())?;
        *call = Call::Answered { message };
        if let State::Established { heard } = &mut self.state {
            *heard = now;
        }
        self.send_answers();
        // What came behind a full table of calls can be read now. It fails as input does.
        if let Err(error) = self.read_messages(now) {
            self.end(Some(error));
        }
        Ok(())
    }

    /// Sends a notification.
    ///
    /// # Errors
    /// [`Error::NotEstablished`], [`Error::SessionEnded`], [`Error::QueueFull`] when the client
    /// does not read what is sent (the notification is lost, the session goes on), and those of
    /// [`Notification::encode`].
    pub fn notify(&mut self, notification: &Notification) -> Result<(), Error> {
        match self.state {
            State::AwaitingHello { .. } => return Err(Error::NotEstablished),
            State::Closing => return Err(Error::SessionClosing),
            State::Ended => return Err(Error::SessionEnded),
            State::Established { .. } => {}
        }
        let message = notification.encode(&self.config.limits)?;
        let framed = framing::encode(self.framing, message.as_bytes())?;
        let limit = self.config.unsent_bytes_max;
        if self.unsent_bytes + framed.len() > limit {
            return Err(Error::QueueFull { what: "bytes to send", limit });
        }
        self.transmit(framed);
        Ok(())
    }

    /// Ends the session from this side: because another session killed it, or the server stops.
    /// Calls without an answer get none.
    pub fn terminate(&mut self, cause: Error) {
        if self.state != State::Ended {
            self.end(Some(cause));
        }
    }

    /// Lets the time run out for what has waited until `now`.
    pub fn handle_timeout(&mut self, now: Instant) {
        match self.state {
            State::AwaitingHello { deadline } if deadline <= now => {
                self.end(Some(Error::HelloTimedOut));
            }
            State::Established { .. } if self.idle_deadline().is_some_and(|due| due <= now) => {
                self.end(Some(Error::IdleTimedOut));
            }
            State::AwaitingHello { .. }
            | State::Established { .. }
            | State::Closing
            | State::Ended => {}
        }
    }

    /// When [`Self::handle_timeout`] is due, and for what.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<(Instant, &'static str)> {
        match self.state {
            State::AwaitingHello { deadline } => Some((deadline, "hello")),
            State::Established { .. } => self.idle_deadline().map(|due| (due, "idle")),
            State::Closing | State::Ended => None,
        }
    }

    /// The next thing to do or to know; `None` when there is nothing left.
    pub fn poll_output(&mut self) -> Option<ServerOutput> {
        let output = self.outputs.pop_front()?;
        if let ServerOutput::Transmit(bytes) = &output {
            self.unsent_bytes -= bytes.len();
        }
        Some(output)
    }

    /// Whether the session is over.
    #[must_use]
    pub fn is_ended(&self) -> bool {
        self.state == State::Ended
    }

    /// A session that waits for an answer is not idle.
    fn idle_deadline(&self) -> Option<Instant> {
        match self.state {
            State::Established { heard } if self.calls.is_empty() => {
                self.config.idle_timeout.map(|timeout| heard + timeout)
            }
            _ => None,
        }
    }

    fn receive(&mut self, now: Instant, bytes: &[u8]) -> Result<(), Error> {
        match &mut self.state {
            State::Established { heard } => *heard = now,
            // Nothing counts behind a close-session.
            State::Closing | State::Ended => return Ok(()),
            State::AwaitingHello { .. } => {}
        }
        self.decoder.push(bytes);
        self.read_messages(now)?;
        // A whole message may wait besides the one being received.
        let limit = self.config.limits.message_bytes_max.saturating_mul(2);
        match self.decoder.undecoded_bytes() > limit {
            true => Err(Error::Overrun { limit }),
            false => Ok(()),
        }
    }

    fn read_messages(&mut self, now: Instant) -> Result<(), Error> {
        while self.calls.len() < self.config.calls_max {
            if matches!(self.state, State::Closing | State::Ended) {
                return Ok(());
            }
            let Some(message) = self.decoder.next_message()? else { return Ok(()) };
            match self.state {
                State::AwaitingHello { .. } => self.read_hello(now, &message)?,
                _ => self.read_rpc(&message)?,
            }
        }
        Ok(())
    }

    fn read_hello(&mut self, now: Instant, message: &[u8]) -> Result<(), Error> {
        let hello = Hello::decode(message, Side::Client, &self.config.limits)?;
        let framing = negotiated_framing(&self.config.capabilities, &hello.capabilities)?;
        self.framing = framing;
        self.decoder.set_framing(framing);
        self.state = State::Established { heard: now };
        self.event(ServerEvent::Established { capabilities: hello.capabilities, framing });
        Ok(())
    }

    fn read_rpc(&mut self, message: &[u8]) -> Result<(), Error> {
        let rpc = match Rpc::decode(message, &self.config.limits) {
            Ok(rpc) => rpc,
            Err(error) => return self.refuse_message(error),
        };
        match rpc.request.and_then(|request| self.admitted(request)) {
            Ok(Request::CloseSession) => {
                self.state = State::Closing;
                self.answer_now(&rpc.envelope, Body::Ok)
            }
            Ok(request) => {
                let id = CallId(self.next_call);
                self.next_call += 1;
                self.calls.push_back(Call::Waiting { id, envelope: rpc.envelope });
                self.event(ServerEvent::Called { id, request });
                Ok(())
            }
            Err(error) => self.answer_now(&rpc.envelope, Body::Errors(vec![*error])),
        }
    }

    /// What this session can know to be wrong with a request that is well-formed.
    fn admitted(&self, request: Request) -> Result<Request, Refusal> {
        if let Some(error) = refuse(&request, &self.config.capabilities) {
            return Err(error);
        }
        match &request {
            // RFC 6241 section 7.9.
            Request::KillSession { session_id } if *session_id == self.config.session_id => {
                let error = RpcError::new(ErrorType::Protocol, ErrorTag::InvalidValue)
                    .with_message("a session cannot kill itself: use close-session")
                    .with_info(ErrorInfo::BadElement("session-id".to_owned()));
                Err(Box::new(error))
            }
            _ => Ok(request),
        }
    }

    /// Answers what is no `<rpc>`: with `malformed-message` where the client knows that word, else
    /// with the end of the session (RFC 6241 section 3 and appendix A).
    fn refuse_message(&mut self, error: Error) -> Result<(), Error> {
        match self.framing {
            Framing::EndOfMessage => Err(error),
            Framing::Chunked => {
                let refusal = RpcError::new(ErrorType::Rpc, ErrorTag::MalformedMessage)
                    .with_message(error.to_string());
                self.answer_now(&Envelope::bare(), Body::Errors(vec![refusal]))
            }
        }
    }

    /// Puts an answer of the machine itself in its place among the others.
    fn answer_now(&mut self, envelope: &Envelope, body: Body) -> Result<(), Error> {
        let message = Reply::new(body).encode(envelope, &self.config.limits)?;
        let message = framing::encode(self.framing, message.as_bytes())?;
        self.calls.push_back(Call::Answered { message });
        self.send_answers();
        Ok(())
    }

    /// Sends the answers at the front; the last one may be that to close-session.
    fn send_answers(&mut self) {
        while let Some(call) = self.calls.pop_front_if(|c| matches!(c, Call::Answered { .. })) {
            if let Call::Answered { message } = call {
                self.transmit(message);
            }
        }
        if self.state == State::Closing && self.calls.is_empty() {
            self.end(None);
        }
    }

    fn transmit(&mut self, framed: Vec<u8>) {
        self.unsent_bytes += framed.len();
        self.outputs.push_back(ServerOutput::Transmit(framed));
    }

    fn event(&mut self, event: ServerEvent) {
        self.outputs.push_back(ServerOutput::Event(event));
    }

    fn end(&mut self, cause: Option<Error>) {
        self.state = State::Ended;
        self.calls.clear();
        self.event(ServerEvent::Ended { cause });
        self.outputs.push_back(ServerOutput::Close);
    }
}

#[cfg(test)]
mod tests;
