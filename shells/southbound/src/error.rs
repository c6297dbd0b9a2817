//! The one error type of the crate, grouped by who is to blame.

use std::time::Duration;

use netconf_proto::RpcError;

/// Why a device could not be reached, or a session ended.
///
/// The texts are what an operator sees as the reason of a device's state. No password or private
/// key is ever part of them.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SouthboundError {
    // ---- The device misbehaved, or is not the one it should be.
    /// The device's host key is not the one that was pinned.
    #[error(
        "the host key of {device} has changed: pinned is {pinned}, offered was {offered}. \
         Somebody may be listening in; if the device was replaced, take the pinned key away"
    )]
    HostKeyChanged {
        /// The device.
        device: String,
        /// Fingerprint of the pinned key.
        pinned: String,
        /// Fingerprint of the key offered now.
        offered: String,
    },
    /// The device broke the protocol.
    #[error("protocol: {0}")]
    Protocol(#[from] netconf_proto::Error),
    /// The device did not answer in time.
    #[error("no answer to {operation} within {} s", .within.as_secs_f64())]
    TimedOut {
        /// What it was asked for.
        operation: &'static str,
        /// How long was waited.
        within: Duration,
    },
    /// The device refused what every device must do.
    #[error("{operation} was refused: {}", joined(.errors))]
    Refused {
        /// What it was asked for.
        operation: &'static str,
        /// Its reasons.
        errors: Vec<RpcError>,
    },
    /// The device's configuration does not fit the schema of its type.
    #[error("its configuration does not fit the schema of {device_type}: {}", .reasons.join("; "))]
    Unreadable {
        /// The type.
        device_type: String,
        /// All reasons, each with its place.
        reasons: Vec<String>,
    },
    /// The device ended the session.
    #[error("the device ended the session{}", cause(.0.as_ref()))]
    Ended(Option<netconf_proto::Error>),

    // ---- The device is incompatible.
    /// The device can neither change its running configuration nor has a candidate.
    #[error("the device has neither :candidate nor :writable-running")]
    NotWritable,
    /// The device does not serve NETCONF to this user.
    #[error("the device refused the subsystem netconf")]
    NoSubsystem,

    // ---- The settings of the device are wrong.
    /// The intent gives no address.
    #[error("no address is given")]
    NoAddress,
    /// The intent gives neither password nor private key.
    #[error("neither password nor private key is given for user {user}")]
    NoCredentials {
        /// The user.
        user: String,
    },
    /// The private key cannot be read.
    #[error("the private key of user {user} cannot be read: {reason}")]
    BadPrivateKey {
        /// The user.
        user: String,
        /// Why, without any of the key.
        reason: String,
    },
    /// The device refused the login.
    #[error("login as {user} was refused (tried {})", .tried.join(", "))]
    LoginRefused {
        /// The user.
        user: String,
        /// The methods that were tried.
        tried: Vec<&'static str>,
    },
    /// No schema is known for the device's type.
    #[error("device type {device_type} is not known")]
    UnknownDeviceType {
        /// The type.
        device_type: String,
    },

    // ---- The environment failed.
    /// No address could be reached.
    #[error("{}", .failures.join("; "))]
    Unreachable {
        /// Why, per address.
        failures: Vec<String>,
    },
    /// The network.
    #[error("{0}")]
    Io(#[from] std::io::Error),
    /// SSH.
    #[error("SSH: {0}")]
    Ssh(#[from] russh::Error),
    /// The store of host keys failed.
    #[error("host keys cannot be read or kept: {0}")]
    HostKeyStore(#[from] crate::host_keys::HostKeyStoreError),
}

fn cause(cause: Option<&netconf_proto::Error>) -> String {
    cause.map_or_else(String::new, |cause| format!(": {cause}"))
}

fn joined(errors: &[RpcError]) -> String {
    errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}
