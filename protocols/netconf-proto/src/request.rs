//! The operations, as both sides see them.

mod admission;
mod decode;
mod encode;

pub(crate) use admission::refuse;
pub(crate) use decode::Refusal;
pub use decode::{Envelope, Rpc};

use crate::capability::WithDefaults;
use crate::id::SessionId;

/// A configuration datastore of RFC 6241.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Datastore {
    /// In force now.
    Running,
    /// Being prepared; needs `:candidate`.
    Candidate,
    /// In force after the next start; needs `:startup`.
    Startup,
}

impl Datastore {
    /// The name of its element.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Candidate => "candidate",
            Self::Startup => "startup",
        }
    }
}

/// Where copy-config writes, and what delete-config deletes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A datastore.
    Datastore(Datastore),
    /// A file; needs `:url`.
    Url(String),
}

/// Where copy-config reads, and what validate checks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A datastore.
    Datastore(Datastore),
    /// A file; needs `:url`.
    Url(String),
    /// A whole configuration in the request: the content of `<config>`.
    Config(String),
}

/// The change that edit-config makes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edit {
    /// The content of `<config>`.
    Config(String),
    /// A file with it; needs `:url`.
    Url(String),
}

/// Which part of a datastore is asked for (RFC 6241 section 6). Without a filter: everything; with
/// an empty subtree filter: nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Filter {
    /// The content of a subtree filter.
    Subtree(String),
    /// An XPath expression; needs `:xpath`.
    XPath {
        /// The expression.
        select: String,
        /// What the prefixes in it stand for: prefix (empty for the default) and URI.
        namespaces: Vec<(String, String)>,
    },
}

/// What happens to configuration that carries no operation of its own (RFC 6241 section 7.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DefaultOperation {
    /// It is merged: what edit-config does when nothing is said.
    Merge,
    /// It replaces the whole target.
    Replace,
    /// It only leads to the nodes that carry an operation.
    None,
}

impl DefaultOperation {
    const ALL: [Self; 3] = [Self::Merge, Self::Replace, Self::None];

    /// The word on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Merge => "merge",
            Self::Replace => "replace",
            Self::None => "none",
        }
    }
}

/// Whether an edit is validated, set, or both (RFC 6241 section 7.2); needs `:validate`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TestOption {
    /// Set only if valid: the default where `:validate` is there.
    TestThenSet,
    /// Set without a test.
    Set,
    /// Test and set nothing; needs `:validate:1.1`.
    TestOnly,
}

impl TestOption {
    const ALL: [Self; 3] = [Self::TestThenSet, Self::Set, Self::TestOnly];

    /// The word on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::TestThenSet => "test-then-set",
            Self::Set => "set",
            Self::TestOnly => "test-only",
        }
    }
}

/// What an error in the middle of an edit does (RFC 6241 section 7.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ErrorOption {
    /// The edit stops there, half done: the default.
    StopOnError,
    /// The edit goes on; all errors are reported.
    ContinueOnError,
    /// The edit is undone; needs `:rollback-on-error`.
    RollbackOnError,
}

impl ErrorOption {
    const ALL: [Self; 3] = [Self::StopOnError, Self::ContinueOnError, Self::RollbackOnError];

    /// The word on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::StopOnError => "stop-on-error",
            Self::ContinueOnError => "continue-on-error",
            Self::RollbackOnError => "rollback-on-error",
        }
    }
}

/// One operation with its parameters.
///
/// Pieces of XML are text that stands alone: each element at the top declares every namespace that
/// it or a value inside it uses. A [`Client`](crate::Client) checks that before it sends them, a
/// [`Server`](crate::Server) gives them out so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// State and running configuration (RFC 6241 section 7.7).
    Get {
        /// The part asked for.
        filter: Option<Filter>,
        /// How default values are reported (RFC 6243).
        with_defaults: Option<WithDefaults>,
    },
    /// Configuration (RFC 6241 section 7.1).
    GetConfig {
        /// The datastore to read.
        source: Datastore,
        /// The part asked for.
        filter: Option<Filter>,
        /// How default values are reported (RFC 6243).
        with_defaults: Option<WithDefaults>,
    },
    /// A change of configuration (RFC 6241 section 7.2).
    EditConfig {
        /// The datastore to change.
        target: Datastore,
        /// See [`DefaultOperation`].
        default_operation: Option<DefaultOperation>,
        /// See [`TestOption`].
        test_option: Option<TestOption>,
        /// See [`ErrorOption`].
        error_option: Option<ErrorOption>,
        /// The change.
        config: Edit,
    },
    /// A whole configuration put in place of another (RFC 6241 section 7.3).
    CopyConfig {
        /// What is replaced.
        target: Target,
        /// What it is replaced by.
        source: Source,
        /// How default values are copied (RFC 6243).
        with_defaults: Option<WithDefaults>,
    },
    /// A configuration deleted; never running (RFC 6241 section 7.4).
    DeleteConfig {
        /// What is deleted.
        target: Target,
    },
    /// Others kept from writing (RFC 6241 section 7.5).
    Lock {
        /// The datastore to lock.
        target: Datastore,
    },
    /// A lock given up (RFC 6241 section 7.6).
    Unlock {
        /// The datastore to unlock.
        target: Datastore,
    },
    /// A check of a whole configuration (RFC 6241 section 8.6.4).
    Validate {
        /// What is checked.
        source: Source,
    },
    /// The candidate becomes running; also confirms a confirmed commit of this session (RFC 6241
    /// section 8.3.4).
    Commit,
    /// A commit that undoes itself unless it is confirmed (RFC 6241 section 8.4).
    CommitConfirmed {
        /// Seconds until it undoes itself; 600 when nothing is said.
        timeout_s: Option<u32>,
        /// A name under which another session may confirm it; it then survives this session.
        persist: Option<String>,
        /// The name of the persistent commit that this one prolongs.
        persist_id: Option<String>,
    },
    /// The commit that confirms a persistent one, from any session.
    ConfirmCommit {
        /// The name given as `persist`.
        persist_id: String,
    },
    /// A confirmed commit undone at once (RFC 6241 section 8.4.4.1).
    CancelCommit {
        /// The name given as `persist`, for a persistent one.
        persist_id: Option<String>,
    },
    /// The candidate becomes a copy of running (RFC 6241 section 8.3.4.2).
    DiscardChanges,
    /// The text of a schema (RFC 6022 section 3.1).
    GetSchema {
        /// The name of the module or submodule.
        identifier: String,
        /// Its revision; the only one there is when nothing is said.
        version: Option<String>,
        /// The language, such as `yang`, which is the default.
        format: Option<String>,
    },
    /// Event notifications on this session (RFC 5277 section 2.1.1).
    CreateSubscription {
        /// The stream; `NETCONF` when nothing is said.
        stream: Option<String>,
        /// Which events.
        filter: Option<Filter>,
        /// Replay from this date and time.
        start_time: Option<String>,
        /// Stop at this date and time.
        stop_time: Option<String>,
    },
    /// The end of this session, in order (RFC 6241 section 7.8).
    CloseSession,
    /// The end of another session, by force (RFC 6241 section 7.9).
    KillSession {
        /// Which one.
        session_id: SessionId,
    },
    /// Any other operation, or an action: the one element inside `<rpc>`.
    Raw(String),
}

impl Request {
    /// What a good reply to this request holds.
    #[must_use]
    pub const fn expects(&self) -> Expect {
        match self {
            Self::Get { .. } | Self::GetConfig { .. } => Expect::Data,
            Self::GetSchema { .. } => Expect::Schema,
            Self::Raw(_) => Expect::Output,
            Self::EditConfig { .. }
            | Self::CopyConfig { .. }
            | Self::DeleteConfig { .. }
            | Self::Lock { .. }
            | Self::Unlock { .. }
            | Self::Validate { .. }
            | Self::Commit
            | Self::CommitConfirmed { .. }
            | Self::ConfirmCommit { .. }
            | Self::CancelCommit { .. }
            | Self::DiscardChanges
            | Self::CreateSubscription { .. }
            | Self::CloseSession
            | Self::KillSession { .. } => Expect::Ok,
        }
    }

    /// The name of the operation on the wire, for records and messages; `rpc` for a raw one.
    #[must_use]
    pub const fn operation(&self) -> &'static str {
        match self {
            Self::Get { .. } => "get",
            Self::GetConfig { .. } => "get-config",
            Self::EditConfig { .. } => "edit-config",
            Self::CopyConfig { .. } => "copy-config",
            Self::DeleteConfig { .. } => "delete-config",
            Self::Lock { .. } => "lock",
            Self::Unlock { .. } => "unlock",
            Self::Validate { .. } => "validate",
            Self::Commit | Self::CommitConfirmed { .. } | Self::ConfirmCommit { .. } => "commit",
            Self::CancelCommit { .. } => "cancel-commit",
            Self::DiscardChanges => "discard-changes",
            Self::GetSchema { .. } => "get-schema",
            Self::CreateSubscription { .. } => "create-subscription",
            Self::CloseSession => "close-session",
            Self::KillSession { .. } => "kill-session",
            Self::Raw(_) => "rpc",
        }
    }
}

/// The kind of reply a request calls for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expect {
    /// `<ok/>`.
    Ok,
    /// `<data>` with a datastore's content.
    Data,
    /// `<data>` with the text of a schema.
    Schema,
    /// `<ok/>`, or the output of an operation that this crate does not know.
    Output,
}

#[cfg(test)]
mod tests;
