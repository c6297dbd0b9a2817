//! One NETCONF session: bytes of its channel into the machine and out of it, requests into the
//! router.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use netconf_proto::{
    Body, CallId, Error, Input, Reply, Request, RpcError, Server, ServerConfig, ServerEvent,
    ServerOutput, SessionId,
};
use netconf_proto::{ErrorTag, ErrorType};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::sync::mpsc;

use crate::cut::CutSender;
use crate::event::Event;
use crate::operations::{OpenSession, Outcome};
use crate::router::Shared;

/// Bytes read from a channel at once: a packet of SSH.
const READ_BYTES: usize = 32 << 10;

/// A session from its first byte to its end.
pub(crate) struct Session<S> {
    shared: Arc<Shared>,
    server: Server,
    user: String,
    stream: S,
    /// Cuts the connection below.
    cut: CutSender,
    killed: mpsc::Receiver<SessionId>,
    calls: VecDeque<(CallId, Request)>,
    /// When the first of `calls` is served.
    due: Option<tokio::time::Instant>,
}

/// Who opens a session.
pub(crate) struct Login {
    pub(crate) user: String,
    pub(crate) peer: String,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Session<S> {
    pub(crate) fn new(shared: Arc<Shared>, login: Login, stream: S, cut: CutSender) -> Self {
        let (killer, killed) = mpsc::channel(1);
        let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let open = OpenSession {
            user: login.user.clone(),
            peer: login.peer,
            login_unix_s: since_1970.as_secs(),
            killer,
            rpcs: 0,
            bad_rpcs: 0,
        };
        let session_id = shared.change(|operations| operations.open_session(open));
        let config = ServerConfig {
            limits: shared.config.limits.clone(),
            ..ServerConfig::new(session_id, shared.model().capabilities().clone())
        };
        let server = Server::new(config, Instant::now());
        let (calls, due) = (VecDeque::new(), None);
        Self { shared, server, user: login.user, stream, cut, killed, calls, due }
    }

    /// Pumps until the session is over.
    pub(crate) async fn run(mut self) {
        let mut buffer = vec![0; READ_BYTES];
        while self.drain().await {
            self.schedule();
            let timeout = self.server.poll_timeout().map(|(at, _)| at.into());
            tokio::select! {
                biased;
                Some(by) = self.killed.recv() => self.server.terminate(Error::Killed { by }),
                () = at(self.due) => self.serve(),
                read = self.stream.read(&mut buffer), if self.server.wants_input() => {
                    let input = match read {
                        Ok(0) | Err(_) => Input::TransportClosed,
                        Ok(count) => Input::Received(&buffer[..count]),
                    };
                    // Why the session ended comes as an event, too.
                    drop(self.server.handle_input(Instant::now(), input));
                }
                () = at(timeout) => self.server.handle_timeout(Instant::now()),
            }
        }
    }

    /// Does what the machine wants done. `false` when the session is over.
    async fn drain(&mut self) -> bool {
        while let Some(output) = self.server.poll_output() {
            match output {
                ServerOutput::Transmit(bytes) => {
                    let written = async {
                        self.stream.write_all(&bytes).await?;
                        self.stream.flush().await
                    };
                    tokio::select! {
                        // A failed write shows as the end of input.
                        _ = written => {}
                        Some(by) = self.killed.recv() => {
                            self.server.terminate(Error::Killed { by });
                        }
                    }
                }
                ServerOutput::Event(event) => self.note(event),
                ServerOutput::Close => {
                    // A peer that is gone already needs no goodbye.
                    drop(self.stream.shutdown().await);
                    return false;
                }
            }
        }
        true
    }

    fn note(&mut self, event: ServerEvent) {
        let session = self.server.session_id();
        match event {
            ServerEvent::Established { .. } => {
                self.shared.tell(Event::SessionOpened { session, user: self.user.clone() });
            }
            ServerEvent::Called { id, request } => self.calls.push_back((id, request)),
            ServerEvent::Ended { cause } => {
                let reason = cause.map(|cause| cause.to_string());
                self.shared.change(|operations| operations.close_session(session, reason));
            }
        }
    }

    /// Requests are served one after the other, each after the router's latency.
    fn schedule(&mut self) {
        if self.due.is_none() && !self.calls.is_empty() {
            let delay = self.shared.change(|operations| operations.delay());
            self.due = Some(tokio::time::Instant::now() + self.shared.config.latency + delay);
        }
    }

    fn serve(&mut self) {
        self.due = None;
        let Some((id, request)) = self.calls.pop_front() else { return };
        let now = Instant::now();
        let session = self.server.session_id();
        match self.shared.change(|operations| operations.serve(now, session, request)) {
            Outcome::Answer(body) => self.answer(now, id, body),
            Outcome::Cut => {
                self.cut.send_replace(true);
            }
        }
    }

    fn answer(&mut self, now: Instant, id: CallId, body: Body) {
        let Err(error) = self.server.answer(now, id, Reply::new(body)) else { return };
        // What cannot be sent is told, so that the client does not wait for ever.
        let error = RpcError::new(ErrorType::Rpc, ErrorTag::OperationFailed)
            .with_message(error.to_string());
        drop(self.server.answer(now, id, Reply::new(Body::Errors(vec![error]))));
    }
}

/// However a session's task ends, its locks end with it.
impl<S> Drop for Session<S> {
    fn drop(&mut self) {
        let session = self.server.session_id();
        let reason = Some("the connection was lost".to_owned());
        self.shared.change(|operations| operations.close_session(session, reason));
    }
}

async fn at(moment: Option<tokio::time::Instant>) {
    match moment {
        Some(moment) => tokio::time::sleep_until(moment).await,
        None => std::future::pending().await,
    }
}
