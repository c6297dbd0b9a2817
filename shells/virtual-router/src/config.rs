//! What a simulated router is.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use netconf_proto::Limits;
use yang_data::Branch;

use crate::model::RouterModel;

/// Settings of a [`VirtualRouter`](crate::VirtualRouter).
#[derive(Clone, Debug)]
pub struct RouterConfig {
    /// Its name, for logs.
    pub name: String,
    /// Where it listens; port 0 picks a free one.
    pub listen: SocketAddr,
    /// What all routers of its type share.
    pub model: Arc<RouterModel>,
    /// Who may log in.
    pub users: Vec<User>,
    /// How it proves who it is.
    pub host_key: HostKey,
    /// What it is configured with at first, on the schema of its model.
    pub startup: Branch,
    /// How long each request takes: the way there and back, and the router's own slowness.
    pub latency: Duration,
    /// Connections at once; more are closed at once.
    pub connections_max: usize,
    /// Bounds on what a client sends.
    pub limits: Limits,
}

impl RouterConfig {
    /// A router on a free port of the loopback interface, with an empty configuration and a user
    /// `admin` with password `admin`.
    #[must_use]
    pub fn new(name: &str, model: Arc<RouterModel>) -> Self {
        Self {
            name: name.to_owned(),
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            model,
            users: vec![User::with_password("admin", "admin")],
            host_key: HostKey::Generated,
            startup: Branch::default(),
            latency: Duration::ZERO,
            connections_max: 16,
            limits: Limits { message_bytes_max: 16 << 20, ..Limits::default() },
        }
    }
}

/// Somebody who may log in.
#[derive(Clone)]
pub struct User {
    /// Login name.
    pub name: String,
    /// Password; `None` when only keys are taken.
    pub password: Option<String>,
    /// Public keys as a line of OpenSSH's `authorized_keys` each.
    pub public_keys: Vec<String>,
}

impl User {
    /// A user with a password and no key.
    #[must_use]
    pub fn with_password(name: &str, password: &str) -> Self {
        let password = Some(password.to_owned());
        Self { name: name.to_owned(), password, public_keys: Vec::new() }
    }
}

/// Passwords stay out of every log.
impl std::fmt::Debug for User {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("User").field("name", &self.name).finish_non_exhaustive()
    }
}

/// Where the host key comes from.
#[derive(Clone)]
pub enum HostKey {
    /// Made at the start (Ed25519), gone with the router.
    Generated,
    /// Read from this file, or made and written there when it does not exist.
    File(PathBuf),
    /// Given as text in OpenSSH form.
    Given(String),
}

/// Keys stay out of every log.
impl std::fmt::Debug for HostKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Generated => "Generated",
            Self::File(_) => "File",
            Self::Given(_) => "Given",
        })
    }
}
