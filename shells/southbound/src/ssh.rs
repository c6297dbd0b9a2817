//! SSH: from the addresses of a device to a channel with its subsystem `netconf`.

use std::borrow::Cow;
use std::sync::{Arc, Mutex, PoisonError};

use orchestrator::DeviceAccess;
use russh::client::{AuthResult, Handle, Handler, KeyboardInteractiveAuthResponse, Msg};
use russh::keys::{Algorithm, HashAlg, PrivateKeyWithHashAlg, PublicKey, PublicKeyOrCertificate};
use russh::{ChannelMsg, ChannelStream, Disconnect, MethodKind, Preferred};
use tokio::time::timeout;
use tracing::debug;
use vocab::DeviceName;

use crate::config::Config;
use crate::error::SouthboundError;
use crate::host_keys::{HostKeyStoreError, HostKeys};

/// Rounds of questions that a device may ask at a login.
const QUESTION_ROUNDS_MAX: usize = 5;

/// A connection with the subsystem `netconf` on a channel.
pub(crate) struct Connection {
    handle: Handle<KeyCheck>,
    /// The bytes of NETCONF.
    pub(crate) stream: ChannelStream<Msg>,
    /// The address that answered.
    pub(crate) address: String,
}

/// Whom to connect to, and how.
pub(crate) struct Peer<'a> {
    pub(crate) name: &'a DeviceName,
    pub(crate) access: &'a DeviceAccess,
    pub(crate) config: &'a Config,
    pub(crate) host_keys: &'a Arc<dyn HostKeys>,
}

impl Connection {
    /// Connects to the first address that can be reached. What another address cannot cure (a
    /// refused login, a changed host key) ends the search.
    ///
    /// # Errors
    /// [`SouthboundError`] of the settings, the environment, and the host key.
    pub(crate) async fn open(peer: Peer<'_>) -> Result<Self, SouthboundError> {
        let access = peer.access;
        if access.addresses.is_empty() {
            return Err(SouthboundError::NoAddress);
        }
        let mut failures = Vec::new();
        for (host, port) in &access.addresses {
            let port = port.unwrap_or(peer.config.default_port);
            match peer.open_at(host, port).await {
                Ok(connection) => return Ok(connection),
                Err(
                    error @ (SouthboundError::Io(_)
                    | SouthboundError::Ssh(_)
                    | SouthboundError::TimedOut { .. }),
                ) => failures.push(format!("{host} port {port}: {error}")),
                Err(error) => return Err(error),
            }
        }
        Err(SouthboundError::Unreachable { failures })
    }

    /// Says goodbye. A peer that is gone already needs none.
    pub(crate) async fn close(&self) {
        drop(self.handle.disconnect(Disconnect::ByApplication, "", "en").await);
    }
}

impl Peer<'_> {
    async fn open_at(&self, host: &str, port: u16) -> Result<Connection, SouthboundError> {
        let pinned = self.pinned().await?;
        let verdict = Arc::new(Mutex::new(None));
        let check = KeyCheck { pinned: pinned.clone(), verdict: Arc::clone(&verdict) };
        let config = Arc::new(self.client_config(pinned.as_ref()));
        let within = self.config.timeouts.connect;
        let connecting = russh::client::connect(config, (host, port), check);
        let connected = timeout(within, connecting)
            .await
            .map_err(|_| SouthboundError::TimedOut { operation: "connect", within })?;
        let offered = verdict.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(Offer::Changed { pinned, offered }) = offered {
            let device = self.name.to_string();
            return Err(SouthboundError::HostKeyChanged { device, pinned, offered });
        }
        let handle = connected?;
        if let Some(Offer::New(key)) = offered {
            self.pin(key).await?;
        }
        let within = self.config.timeouts.login;
        let address = format!("{host} port {port}");
        timeout(within, self.start_subsystem(handle, address))
            .await
            .map_err(|_| SouthboundError::TimedOut { operation: "login", within })?
    }

    fn client_config(&self, pinned: Option<&PublicKey>) -> russh::client::Config {
        let mut preferred = Preferred::default();
        if let Some(pinned) = pinned {
            // A device with several host keys has to offer the kind that is pinned.
            let is_pinned = |one: &Algorithm| same_kind(one, &pinned.algorithm());
            let mut kinds = preferred.key.into_owned();
            kinds.sort_by_key(|one| !is_pinned(one));
            preferred.key = Cow::Owned(kinds);
        }
        russh::client::Config {
            preferred,
            keepalive_interval: Some(self.config.keepalive_interval),
            keepalive_max: self.config.keepalives_missed_max,
            nodelay: true,
            ..russh::client::Config::default()
        }
    }

    async fn pinned(&self) -> Result<Option<PublicKey>, SouthboundError> {
        let (host_keys, name) = (Arc::clone(self.host_keys), self.name.clone());
        let pinned = blocking(move || host_keys.get(&name)).await?;
        let read = |text: &String| {
            PublicKey::from_openssh(text)
                .map_err(|error| HostKeyStoreError(format!("the pinned key: {error}")))
        };
        Ok(pinned.as_ref().map(read).transpose()?)
    }

    async fn pin(&self, key: String) -> Result<(), SouthboundError> {
        let (host_keys, name) = (Arc::clone(self.host_keys), self.name.clone());
        blocking(move || host_keys.pin(&name, &key)).await?;
        Ok(())
    }

    async fn start_subsystem(
        &self,
        mut handle: Handle<KeyCheck>,
        address: String,
    ) -> Result<Connection, SouthboundError> {
        self.log_in(&mut handle).await?;
        let mut channel = handle.channel_open_session().await?;
        channel.request_subsystem(true, "netconf").await?;
        loop {
            match channel.wait().await {
                Some(ChannelMsg::Success) => break,
                // The window of the channel may change before the answer.
                Some(ChannelMsg::WindowAdjusted { .. }) => {}
                Some(_) | None => return Err(SouthboundError::NoSubsystem),
            }
        }
        Ok(Connection { handle, stream: channel.into_stream(), address })
    }

    /// Tries what the intent gives: the key first, then the password, in both ways that devices
    /// ask for one.
    async fn log_in(&self, handle: &mut Handle<KeyCheck>) -> Result<(), SouthboundError> {
        let user = &self.access.username;
        let mut tried = Vec::new();
        if let Some(text) = &self.access.private_key {
            tried.push("private key");
            if self.log_in_with_key(handle, text).await? {
                return Ok(());
            }
        }
        if let Some(password) = &self.access.password {
            tried.push("password");
            let password = password.as_str();
            let result = handle.authenticate_password(user.as_str(), password).await?;
            if succeeded(&result) {
                return Ok(());
            }
            if asks_questions(&result) {
                tried.push("keyboard-interactive");
                if answer_questions(handle, user, password).await? {
                    return Ok(());
                }
            }
        }
        let user = user.clone();
        match tried.is_empty() {
            true => Err(SouthboundError::NoCredentials { user }),
            false => Err(SouthboundError::LoginRefused { user, tried }),
        }
    }

    async fn log_in_with_key(
        &self,
        handle: &mut Handle<KeyCheck>,
        text: &str,
    ) -> Result<bool, SouthboundError> {
        let user = &self.access.username;
        let key = russh::keys::decode_secret_key(text, None).map_err(|error| {
            SouthboundError::BadPrivateKey { user: user.clone(), reason: error.to_string() }
        })?;
        let hash = match key.algorithm().is_rsa() {
            true => handle.best_supported_rsa_hash().await?.flatten(),
            false => None,
        };
        let key = PrivateKeyWithHashAlg::new(Arc::new(key), hash);
        Ok(succeeded(&handle.authenticate_publickey(user.as_str(), key).await?))
    }
}

fn succeeded(result: &AuthResult) -> bool {
    if let AuthResult::Failure { remaining_methods, .. } = result {
        debug!(?remaining_methods, "login method refused");
    }
    result.success()
}

/// Whether a device that refused a password may ask for it in another way.
fn asks_questions(result: &AuthResult) -> bool {
    match result {
        AuthResult::Success => false,
        AuthResult::Failure { remaining_methods, .. } => {
            remaining_methods.contains(&MethodKind::KeyboardInteractive)
        }
    }
}

/// Answers each question of a device with the password.
async fn answer_questions(
    handle: &mut Handle<KeyCheck>,
    user: &str,
    password: &str,
) -> Result<bool, SouthboundError> {
    let mut answer = handle.authenticate_keyboard_interactive_start(user, None).await?;
    for _ in 0..QUESTION_ROUNDS_MAX {
        let prompts = match answer {
            KeyboardInteractiveAuthResponse::Success => return Ok(true),
            KeyboardInteractiveAuthResponse::Failure { .. } => return Ok(false),
            KeyboardInteractiveAuthResponse::InfoRequest { prompts, .. } => prompts,
        };
        let answers = prompts.iter().map(|_| password.to_owned()).collect();
        answer = handle.authenticate_keyboard_interactive_respond(answers).await?;
    }
    Ok(matches!(answer, KeyboardInteractiveAuthResponse::Success))
}

async fn blocking<T: Send + 'static>(
    ask: impl FnOnce() -> Result<T, HostKeyStoreError> + Send + 'static,
) -> Result<T, HostKeyStoreError> {
    let asked = tokio::task::spawn_blocking(ask).await;
    asked.unwrap_or_else(|error| Err(HostKeyStoreError(error.to_string())))
}

/// Whether two names of algorithms are of one kind of key: RSA has one kind and several hashes.
fn same_kind(left: &Algorithm, right: &Algorithm) -> bool {
    left == right || matches!((left, right), (Algorithm::Rsa { .. }, Algorithm::Rsa { .. }))
}

/// Compares the key that a device offers with the pinned one.
struct KeyCheck {
    pinned: Option<PublicKey>,
    verdict: Arc<Mutex<Option<Offer>>>,
}

/// What a device offered, where that is not what is pinned.
enum Offer {
    /// Nothing was pinned: this is the key.
    New(String),
    /// Fingerprints of the pinned key and of another.
    Changed { pinned: String, offered: String },
}

impl Handler for KeyCheck {
    type Error = russh::Error;

    async fn check_server_key(
        &mut self,
        offered: &PublicKeyOrCertificate,
    ) -> Result<bool, Self::Error> {
        let key = match offered {
            PublicKeyOrCertificate::PublicKey { key, .. } => key.clone(),
            PublicKeyOrCertificate::Certificate(certificate) => {
                certificate.public_key().clone().into()
            }
        };
        let fingerprint = |key: &PublicKey| key.fingerprint(HashAlg::Sha256).to_string();
        let offer = match &self.pinned {
            Some(pinned) if pinned.key_data() == key.key_data() => return Ok(true),
            Some(pinned) => {
                let (pinned, offered) = (fingerprint(pinned), fingerprint(&key));
                Offer::Changed { pinned, offered }
            }
            None => Offer::New(key.to_openssh().map_err(russh::keys::Error::from)?),
        };
        let is_new = matches!(offer, Offer::New(_));
        *self.verdict.lock().unwrap_or_else(PoisonError::into_inner) = Some(offer);
        Ok(is_new)
    }
}
