//! What a router tells of what happens on it.

use std::time::Duration;

use netconf_proto::SessionId;

/// Something that happened on a router.
///
/// Events reach each subscriber in order; one that does not take them in time loses the oldest and
/// is told how many ([`tokio::sync::broadcast`]).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// Somebody logged in and the hellos were exchanged.
    SessionOpened {
        /// The session.
        session: SessionId,
        /// Who.
        user: String,
    },
    /// A session is over.
    SessionClosed {
        /// The session.
        session: SessionId,
        /// Why; `None` after close-session.
        reason: Option<String>,
    },
    /// A login was refused.
    LoginRefused {
        /// The name given.
        user: String,
    },
    /// A request was carried out.
    Served {
        /// The session that asked.
        session: SessionId,
        /// The operation.
        operation: &'static str,
    },
    /// A request was refused.
    Refused {
        /// The session that asked.
        session: SessionId,
        /// The operation.
        operation: &'static str,
        /// The first error of the answer.
        error: String,
    },
    /// The running configuration was put in place by a session.
    Committed {
        /// The session.
        session: SessionId,
        /// The time after which it undoes itself; `None` when it is there to stay.
        confirm_within: Option<Duration>,
    },
    /// A confirmed commit was confirmed.
    Confirmed {
        /// The session that did.
        session: SessionId,
    },
    /// A confirmed commit was undone.
    Reverted {
        /// Why.
        reason: RevertReason,
    },
    /// The running configuration was changed by no session of this protocol.
    ChangedOutOfBand,
    /// The host key is another one from now on.
    HostKeyReset,
}

/// Why a confirmed commit was undone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RevertReason {
    /// Its time ran out.
    TimedOut,
    /// Its session ended.
    SessionEnded,
    /// cancel-commit.
    Cancelled,
}
