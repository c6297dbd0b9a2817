//! Settings, and what the listener needs of the rest of the program.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use intent::{Approval, Cause, Record};
use serde::Serialize;
use sha2::{Digest, Sha256};
use vocab::{DeviceName, Generation};
use yang_data::Tree;

/// Settings of [`crate::serve`].
pub struct Config {
    /// Where to listen; port 0 for any free one.
    pub listen: SocketAddr,
    /// Who may use it.
    pub access: Access,
    /// The network's name, for people.
    pub network: String,
    /// The way to the controller.
    pub controller: controller::Handle,
    /// The commit log, for reading.
    pub log: Arc<dyn CommitLog>,
    /// What is known of devices beyond the controller's own view.
    pub devices: Arc<dyn Devices>,
    /// How to draw the network, from the tree of layer 0.
    pub topology: TopologyOf,
    /// Bounds.
    pub limits: Limits,
}

/// Makes a drawing of the tree of layer 0.
pub type TopologyOf = Arc<dyn Fn(&Tree) -> Topology + Send + Sync>;

/// Any port of loopback.
pub const LISTEN_DEFAULT: SocketAddr =
    SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

/// Who may use the listener.
#[derive(Clone, Debug)]
pub enum Access {
    /// Whoever can reach it; for loopback only.
    Open,
    /// Who shows one of these.
    Tokens(Vec<Token>),
}

/// A bearer token, kept as its hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Who holds it: the author of the commits made with it.
    pub name: String,
    sha256: [u8; 32],
}

impl Token {
    /// The token of somebody.
    pub fn new(name: impl Into<String>, secret: &str) -> Self {
        Self::of_hash(name, Sha256::digest(secret.as_bytes()).into())
    }

    /// The same when only its SHA-256 is known here.
    pub fn of_hash(name: impl Into<String>, sha256: [u8; 32]) -> Self {
        Self { name: name.into(), sha256 }
    }

    /// Whether it is this secret. Takes as long for a wrong one as for the right one.
    pub(crate) fn is(&self, secret: &str) -> bool {
        let given: [u8; 32] = Sha256::digest(secret.as_bytes()).into();
        let difference =
            given.iter().zip(self.sha256).fold(0, |all, (one, other)| all | (one ^ other));
        std::hint::black_box(difference) == 0
    }
}

/// Bounds of a listener.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Bytes of a request's body: 64 MiB, the first load of a large network. Beyond: 413.
    pub body_bytes_max: usize,
    /// Bytes of all large bodies (beyond 64 KiB) at once, from arrival to decision: 256 MiB, four
    /// of the largest. More wait as long as one may take to arrive; beyond: 503.
    pub bodies_bytes_max: usize,
    /// Large bodies that are decoded at once, each on a thread of its own: 4. More wait.
    pub decoders_max: usize,
    /// How long a body may take to arrive: 60 s. Beyond: 408.
    pub body_patience: Duration,
    /// How long a write waits for its devices: 30 s. Then it is answered with what is pending.
    pub devices_patience: Duration,
    /// Connections at once: 1,024. More wait to be accepted.
    pub connections_max: usize,
    /// How long a connection may be silent: 120 s, and at least as long as a write waits. Beyond,
    /// it is closed.
    pub idle_max: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body_bytes_max: 64 << 20,
            bodies_bytes_max: 256 << 20,
            decoders_max: 4,
            body_patience: Duration::from_secs(60),
            devices_patience: Duration::from_secs(30),
            connections_max: 1024,
            idle_max: Duration::from_secs(120),
        }
    }
}

/// The commit log, for reading. Calls may block on the disk; they are made where that is allowed.
pub trait CommitLog: Send + Sync + 'static {
    /// The commit that made a generation; `None` when there is none.
    ///
    /// # Errors
    /// When the log cannot be read.
    fn record(&self, generation: Generation) -> Result<Option<CommitRecord>, CommitLogError>;

    /// What its writer has done so far; `None` when nobody counts.
    fn metrics(&self) -> Option<storage::Metrics> {
        None
    }
}

/// A log that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the commit log cannot be read: {0}")]
pub struct CommitLogError(pub String);

/// A commit, for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommitRecord {
    /// The generation it made.
    pub generation: Generation,
    /// Who committed.
    pub author: String,
    /// Why, in the author's words.
    pub comment: Option<String>,
    /// When, in milliseconds since 1970-01-01 00:00 UTC.
    pub time_unix_ms: u64,
    /// Hash of the record and of all before it.
    pub hash: [u8; 32],
    /// What.
    pub kind: CommitKind,
}

/// What a commit does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CommitKind {
    /// An edit of intent, in XML.
    Edit(String),
    /// A device announced its modules.
    Facts(String),
    /// Somebody approved a change of a device, or rejected it.
    Approval(Approval),
}

impl CommitLog for storage::Store {
    fn metrics(&self) -> Option<storage::Metrics> {
        Some(Self::metrics(self))
    }

    fn record(&self, generation: Generation) -> Result<Option<CommitRecord>, CommitLogError> {
        let found = Self::record(self, generation.0);
        let Some(record) = found.map_err(|error| CommitLogError(error.to_string()))? else {
            return Ok(None);
        };
        let cause = Record::cause_of(generation, &record.payload);
        let kind = match cause.map_err(|error| CommitLogError(error.to_string()))? {
            Cause::Edit(edit) => CommitKind::Edit(edit),
            Cause::Facts(facts) => {
                let count = facts.modules.len();
                let of = &facts.device_type;
                let mut text = format!("{} is of type {of} with {count} modules", facts.name);
                for (name, module) in &facts.modules {
                    let revision = module.revision.as_deref().unwrap_or("no revision");
                    text += &format!("\n{name} {revision}");
                }
                CommitKind::Facts(text)
            }
            Cause::Approval(approval) => CommitKind::Approval(approval),
        };
        Ok(Some(CommitRecord {
            generation,
            author: record.author,
            comment: record.comment,
            time_unix_ms: record.time_unix_ms,
            hash: record.hash,
            kind,
        }))
    }
}

/// What is known of devices beyond the controller's view, and what can be asked of their sessions.
pub trait Devices: Send + Sync + 'static {
    /// What lately happened with a device, oldest first.
    fn events(&self, device: &DeviceName) -> Vec<DeviceEvent>;

    /// Makes the device's session read its configuration anew and drive it to its target. `false`
    /// when that cannot be asked.
    fn resync(&self, device: &DeviceName) -> bool;
}

/// Something that happened with a device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceEvent {
    /// When, in milliseconds since 1970-01-01 00:00 UTC.
    pub time_unix_ms: u64,
    /// What.
    pub what: String,
}

/// A drawing of the network.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Topology {
    /// Routers.
    pub nodes: Vec<Node>,
    /// What joins them.
    pub links: Vec<Link>,
}

/// A router in a drawing.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Node {
    /// The device's name.
    pub name: String,
    /// What to write beside it, when not the name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// The part of the network that it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
    /// Degrees north.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latitude: Option<f64>,
    /// Degrees east.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub longitude: Option<f64>,
}

/// A link in a drawing.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Link {
    /// One device.
    pub left: String,
    /// Its interface.
    pub left_interface: String,
    /// The other device.
    pub right: String,
    /// Its interface.
    pub right_interface: String,
    /// Length of the fibre in kilometres.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub length_km: Option<f64>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_secret_itself_is_the_token() {
        let token = Token::new("ada", "open sesame");
        assert!(token.is("open sesame"));
        for wrong in ["", "open", "open sesame ", "Open sesame"] {
            assert!(!token.is(wrong), "{wrong:?}");
        }
    }
}
