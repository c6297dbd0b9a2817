//! A NETCONF session with one device: one request at a time.

use std::time::{Duration, Instant};

use netconf_proto::{
    Body, Capabilities, Client, ClientConfig, ClientEvent, ClientOutput, Input, NoReply, Reply,
    Request, RequestId, SessionId,
};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use crate::config::Config;
use crate::error::SouthboundError;

/// Bytes read from the channel at once: a packet of SSH.
const READ_BYTES: usize = 32 << 10;

/// An established session.
pub(crate) struct Session<S> {
    client: Client,
    stream: S,
    buffer: Vec<u8>,
    /// What the device announced.
    pub(crate) capabilities: Capabilities,
    /// The number the device gave.
    pub(crate) id: SessionId,
    /// The device is better not asked to validate before it commits.
    pub(crate) skips_validate: bool,
}

/// What a device says to a request: the body of its reply, or its errors.
pub(crate) type Answer = Result<Body, Vec<netconf_proto::RpcError>>;

impl<S: AsyncRead + AsyncWrite + Unpin> Session<S> {
    /// Exchanges the hellos.
    ///
    /// # Errors
    /// [`SouthboundError`] of the device.
    pub(crate) async fn establish(stream: S, config: &Config) -> Result<Self, SouthboundError> {
        let client_config = ClientConfig {
            limits: config.limits.clone(),
            hello_timeout: config.timeouts.hello,
            ..ClientConfig::default()
        };
        let mut session = Self {
            client: Client::new(client_config, Instant::now()),
            stream,
            buffer: vec![0; READ_BYTES],
            capabilities: Capabilities::default(),
            // Replaced below by the number of the hello; there is no session without one.
            id: SessionId::new(u32::MAX).expect("it is not 0"),
            skips_validate: false,
        };
        loop {
            match session.next_event().await? {
                ClientEvent::Established { session_id, capabilities, .. } => {
                    session.id = session_id;
                    session.capabilities = capabilities;
                    return Ok(session);
                }
                ClientEvent::Ended { cause } => return Err(ended(cause)),
                ClientEvent::Answered { .. }
                | ClientEvent::Notified(_)
                | ClientEvent::NotificationsDropped { .. }
                | ClientEvent::Unmatched { .. }
                | ClientEvent::UnreadableNotification { .. } => {}
            }
        }
    }

    /// Asks and waits for the answer.
    ///
    /// # Errors
    /// Whatever leaves it open what the device did: the session is of no use then.
    pub(crate) async fn ask(
        &mut self,
        request: Request,
        within: Duration,
    ) -> Result<Answer, SouthboundError> {
        let operation = request.operation();
        let id = self.client.request(Instant::now(), request, within)?;
        match self.answer(id).await? {
            Ok(Reply { body: Body::Errors(errors), .. }) => Ok(Err(errors)),
            Ok(reply) => Ok(Ok(reply.body)),
            Err(NoReply::TimedOut) => Err(SouthboundError::TimedOut { operation, within }),
            Err(NoReply::Unreadable(error)) => Err(error.into()),
            Err(NoReply::Abandoned { cause, .. }) => Err(ended(cause)),
        }
    }

    async fn answer(
        &mut self,
        asked: RequestId,
    ) -> Result<Result<Reply, NoReply>, SouthboundError> {
        loop {
            match self.next_event().await? {
                ClientEvent::Answered { id, answer } if id == asked => return Ok(answer),
                ClientEvent::Ended { cause } => return Err(ended(cause)),
                ClientEvent::Answered { .. }
                | ClientEvent::Established { .. }
                | ClientEvent::Notified(_)
                | ClientEvent::NotificationsDropped { .. }
                | ClientEvent::Unmatched { .. }
                | ClientEvent::UnreadableNotification { .. } => {}
            }
        }
    }

    /// Waits until the session ends. May be dropped and called again at any time.
    pub(crate) async fn watch(&mut self) -> SouthboundError {
        loop {
            match self.next_event().await {
                Ok(ClientEvent::Ended { cause }) => return ended(cause),
                Ok(_) => {}
                Err(error) => return error,
            }
        }
    }

    /// Ends the session in order.
    pub(crate) async fn close(&mut self, within: Duration) {
        if let Err(error) = self.ask(Request::CloseSession, within).await {
            tracing::debug!(%error, "close-session");
        }
    }

    /// Pumps until something happens.
    async fn next_event(&mut self) -> Result<ClientEvent, SouthboundError> {
        loop {
            while let Some(output) = self.client.poll_output() {
                match output {
                    ClientOutput::Transmit(bytes) => {
                        self.stream.write_all(&bytes).await?;
                        self.stream.flush().await?;
                    }
                    ClientOutput::Event(event) => return Ok(event),
                    ClientOutput::Close => return Err(ended(None)),
                }
            }
            let due = self.client.poll_timeout().map(|(at, _)| at);
            tokio::select! {
                read = self.stream.read(&mut self.buffer) => {
                    let input = match read {
                        Ok(0) | Err(_) => Input::TransportClosed,
                        Ok(count) => Input::Received(&self.buffer[..count]),
                    };
                    // Why the session ended comes as an event, too.
                    drop(self.client.handle_input(Instant::now(), input));
                }
                () = sleep_until(due) => self.client.handle_timeout(Instant::now()),
            }
        }
    }
}

fn ended(cause: Option<netconf_proto::Error>) -> SouthboundError {
    SouthboundError::Ended(cause)
}

async fn sleep_until(due: Option<Instant>) {
    match due {
        Some(due) => tokio::time::sleep_until(due.into()).await,
        None => std::future::pending().await,
    }
}
