//! The SSH side: who may log in, and the subsystem `netconf` on a channel (RFC 6242).

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use russh::keys::ssh_key::Fingerprint;
use russh::keys::{HashAlg, PrivateKey, PublicKey};
use russh::server::{Auth, ChannelOpenHandle, Config, Handler, Msg, Session, VerifiedPublicKey};
use russh::{Channel, ChannelId, MethodKind, MethodSet};

use crate::config::User;
use crate::cut::CutSender;
use crate::error::RouterError;
use crate::event::Event;
use crate::router::Shared;
use crate::session::{Login, Session as NetconfSession};

/// Channels of one connection at once.
const CHANNELS_MAX: usize = 16;

/// The settings of connections under a host key.
pub(crate) fn server_config(host_key: PrivateKey) -> Arc<Config> {
    Arc::new(Config {
        methods: MethodSet::from(&[MethodKind::PublicKey, MethodKind::Password][..]),
        // Slows down whoever guesses passwords, not tests.
        auth_rejection_time: Duration::from_millis(200),
        auth_rejection_time_initial: Some(Duration::ZERO),
        keys: vec![host_key],
        inactivity_timeout: None,
        keepalive_interval: Some(Duration::from_secs(30)),
        nodelay: true,
        ..Config::default()
    })
}

/// The users with their keys read.
#[derive(Debug)]
pub(crate) struct Accounts {
    users: BTreeMap<String, (Option<Password>, Vec<Fingerprint>)>,
}

struct Password(String);

impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("***")
    }
}

impl Accounts {
    /// # Errors
    /// [`RouterError::BadUserKey`].
    pub(crate) fn new(users: &[User]) -> Result<Self, RouterError> {
        let mut accounts = BTreeMap::new();
        for user in users {
            let keys = user.public_keys.iter().map(|line| {
                PublicKey::from_openssh(line).map(|key| key.fingerprint(HashAlg::Sha256))
            });
            let keys = keys
                .collect::<Result<Vec<_>, _>>()
                .map_err(|source| RouterError::BadUserKey { user: user.name.clone(), source })?;
            let password = user.password.clone().map(Password);
            accounts.insert(user.name.clone(), (password, keys));
        }
        Ok(Self { users: accounts })
    }

    fn takes_password(&self, user: &str, given: &str) -> bool {
        let password = self.users.get(user).and_then(|(password, _)| password.as_ref());
        password.is_some_and(|password| same(password.0.as_bytes(), given.as_bytes()))
    }

    fn takes_key(&self, user: &str, key: &PublicKey) -> bool {
        let fingerprint = key.fingerprint(HashAlg::Sha256);
        self.users.get(user).is_some_and(|(_, keys)| keys.contains(&fingerprint))
    }
}

/// Compares in a time that tells nothing of where the first difference is.
fn same(left: &[u8], right: &[u8]) -> bool {
    let difference = left.iter().zip(right).fold(0, |all, (l, r)| all | (l ^ r));
    left.len() == right.len() && difference == 0
}

/// One connection.
pub(crate) struct Connection {
    pub(crate) shared: Arc<Shared>,
    pub(crate) peer: String,
    pub(crate) cut: CutSender,
    user: String,
    /// Channels without a subsystem yet.
    channels: BTreeMap<ChannelId, Channel<Msg>>,
}

impl Connection {
    pub(crate) fn new(shared: Arc<Shared>, peer: String, cut: CutSender) -> Self {
        Self { shared, peer, cut, user: String::new(), channels: BTreeMap::new() }
    }

    fn judge(&mut self, user: &str, accepted: bool) -> Auth {
        if accepted {
            user.clone_into(&mut self.user);
            return Auth::Accept;
        }
        self.shared.tell(Event::LoginRefused { user: user.to_owned() });
        Auth::reject()
    }
}

impl Handler for Connection {
    type Error = russh::Error;

    async fn auth_password(&mut self, user: &str, password: &str) -> Result<Auth, Self::Error> {
        let accepted = self.shared.accounts.takes_password(user, password);
        Ok(self.judge(user, accepted))
    }

    async fn auth_publickey(
        &mut self,
        user: &str,
        key: VerifiedPublicKey<'_>,
    ) -> Result<Auth, Self::Error> {
        let accepted = self.shared.accounts.takes_key(user, key.public_key);
        Ok(self.judge(user, accepted))
    }

    async fn channel_open_session(
        &mut self,
        channel: Channel<Msg>,
        reply: ChannelOpenHandle,
        _session: &mut Session,
    ) -> Result<(), Self::Error> {
        // A dropped handle refuses the channel.
        if self.channels.len() < CHANNELS_MAX {
            self.channels.insert(channel.id(), channel);
            reply.accept().await;
        }
        Ok(())
    }

    async fn subsystem_request(
        &mut self,
        channel: ChannelId,
        name: &str,
        session: &mut Session,
    ) -> Result<(), Self::Error> {
        let Some(open) = self.channels.remove(&channel).filter(|_| name == "netconf") else {
            return session.channel_failure(channel);
        };
        session.channel_success(channel)?;
        let login = Login { user: self.user.clone(), peer: self.peer.clone() };
        let (shared, cut) = (Arc::clone(&self.shared), self.cut.clone());
        let pump = NetconfSession::new(shared, login, open.into_stream(), cut);
        tokio::spawn(pump.run());
        Ok(())
    }
}
