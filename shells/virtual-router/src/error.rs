//! The one error type of the crate.

/// What keeps a router from starting, or from being changed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RouterError {
    // ---- The caller asked for something impossible.
    /// The start configuration breaks the rules of its schema.
    #[error("the start configuration of {router} is not valid: {}", .reasons.join("; "))]
    Invalid {
        /// The router.
        router: String,
        /// All reasons, each with its place.
        reasons: Vec<String>,
    },
    /// An edit does not fit the configuration.
    #[error("the edit does not fit: {}", .reasons.join("; "))]
    BadEdit {
        /// All reasons, each with its place.
        reasons: Vec<String>,
    },
    /// A text that should be XML is not.
    #[error("bad XML: {reason}")]
    BadXml {
        /// What is wrong with it.
        reason: String,
    },
    /// A public key of a user cannot be read.
    #[error("the public key of user {user} cannot be read")]
    BadUserKey {
        /// The user.
        user: String,
        /// Why.
        source: russh::keys::ssh_key::Error,
    },

    // ---- The environment failed.
    /// The address cannot be listened on.
    #[error("router {router} cannot listen on {address}")]
    Listen {
        /// The router.
        router: String,
        /// The address.
        address: std::net::SocketAddr,
        /// Why.
        source: std::io::Error,
    },
    /// The file of the host key cannot be read or written.
    #[error("the host key in {path}")]
    HostKeyFile {
        /// The file.
        path: std::path::PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A host key cannot be made, or the one given cannot be read.
    #[error("the host key")]
    HostKey {
        /// Why.
        source: russh::keys::ssh_key::Error,
    },
}
