//! The one error type of the crate, grouped by who is to blame.

use crate::id::{CallId, SessionId};

/// Everything that can go wrong in a session or in a codec of this crate.
///
/// Offsets count bytes: within the message for XML, within the stream of one direction for
/// framing. An error of the first two groups ends the session it happened in, unless the place
/// that returns it says otherwise; an error of the third leaves the session as it was.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    // ---- The peer misbehaved.
    /// The bytes do not follow RFC 6242 section 4; the rest of the stream cannot be trusted.
    #[error("bad framing at byte {offset} of the stream: {reason}")]
    BadFraming {
        /// Where in the stream.
        offset: u64,
        /// What was expected there.
        reason: &'static str,
    },
    /// A message grew past [`Limits::message_bytes_max`](crate::Limits).
    #[error("a message is larger than the limit of {limit} bytes")]
    MessageTooLarge {
        /// The limit in force.
        limit: usize,
    },
    /// A chunk header announced more than [`Limits::chunk_bytes_max`](crate::Limits).
    #[error("a chunk of {size} bytes is larger than the limit of {limit} bytes")]
    ChunkTooLarge {
        /// The size announced.
        size: u64,
        /// The limit in force.
        limit: usize,
    },
    /// A message is not UTF-8 (RFC 6241 section 3 allows nothing else).
    #[error("the message is not UTF-8 at byte {offset}")]
    NotUtf8 {
        /// Where in the message.
        offset: usize,
    },
    /// A message is not well-formed, namespace-correct XML.
    #[error("bad XML at byte {offset}: {reason}")]
    BadXml {
        /// Where in the message.
        offset: usize,
        /// What is wrong there.
        reason: String,
    },
    /// A message is XML of a kind that is refused: a document type or an entity of its own.
    #[error("refused XML at byte {offset}: {what}")]
    RefusedXml {
        /// Where in the message.
        offset: usize,
        /// The construct.
        what: &'static str,
    },
    /// A message passes a structural limit of [`Limits`](crate::Limits).
    #[error("XML passes the limit of {limit} {what} at byte {offset}")]
    XmlLimit {
        /// Where in the message.
        offset: usize,
        /// What is counted.
        what: &'static str,
        /// The limit in force.
        limit: usize,
    },
    /// The first message is not a usable `<hello>` (RFC 6241 section 8.1).
    #[error("bad hello: {reason}")]
    BadHello {
        /// What is wrong with it.
        reason: String,
    },
    /// A well-formed message that has no place at this point of the session.
    #[error("expected {expected}, got <{got}>")]
    UnexpectedMessage {
        /// What the session was waiting for.
        expected: &'static str,
        /// The name of the root element that came.
        got: String,
    },
    /// A reply that belongs to a request but does not have the shape that request calls for.
    #[error("unreadable reply: {reason}")]
    BadReply {
        /// What is wrong with it.
        reason: String,
    },
    /// A `<notification>` without the shape of RFC 5277 section 4.
    #[error("unreadable notification: {reason}")]
    BadNotification {
        /// What is wrong with it.
        reason: String,
    },
    /// Module data that cannot be understood.
    #[error("unreadable module list: {reason}")]
    BadModules {
        /// What is wrong with it.
        reason: String,
    },
    /// More requests went unanswered past their time than [`ClientConfig`](crate::ClientConfig)
    /// allows: the peer no longer serves this session.
    #[error("{limit} requests of this session went unanswered past their time")]
    TooManyLate {
        /// The limit in force.
        limit: usize,
    },
    /// Input went on although [`Server::wants_input`](crate::Server::wants_input) said no.
    #[error("more than {limit} bytes wait behind unanswered calls")]
    Overrun {
        /// The limit in force.
        limit: usize,
    },

    // ---- The peer is incompatible.
    /// The two hellos share no base version of the protocol.
    #[error("the peer announces no base capability that this side speaks")]
    NoCommonBase,

    // ---- The caller asked for something impossible.
    /// The session has ended; open another.
    #[error("the session has ended")]
    SessionEnded,
    /// A close-session has been asked for: nothing more can be sent behind it.
    #[error("the session is closing")]
    SessionClosing,
    /// The hellos have not been exchanged yet.
    #[error("the session is not established yet")]
    NotEstablished,
    /// A bounded queue is full; try again when an earlier item is done.
    #[error("the queue of {what} is full ({limit})")]
    QueueFull {
        /// What is queued.
        what: &'static str,
        /// The limit in force.
        limit: usize,
    },
    /// No call with this id waits for an answer.
    #[error("call {id} does not wait for an answer")]
    UnknownCall {
        /// The id that was given.
        id: CallId,
    },
    /// A piece of XML given by the caller cannot be put into a message.
    #[error("the XML given for {what} cannot be sent: {reason}")]
    BadFragment {
        /// The part of the message it was meant for.
        what: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// A parameter given by the caller has no valid form on the wire.
    #[error("{what} cannot be sent: {reason}")]
    BadParameter {
        /// The parameter.
        what: &'static str,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The message contains the delimiter of base:1.0 framing and cannot be sent over it.
    #[error("the message contains the end-of-message mark of base:1.0 framing")]
    Unframeable,

    // ---- The environment failed, or somebody ended the session on purpose.
    /// The transport closed without a close-session.
    #[error("the transport closed")]
    TransportClosed,
    /// The peer's hello did not come in time.
    #[error("no hello came in time")]
    HelloTimedOut,
    /// Nothing came from the peer for the configured time.
    #[error("the session was idle for too long")]
    IdleTimedOut,
    /// The owner of this machine ended the session.
    #[error("the session was terminated: {reason}")]
    Terminated {
        /// The owner's words.
        reason: String,
    },
    /// A kill-session of another session ended this one.
    #[error("the session was killed by session {by}")]
    Killed {
        /// The session that asked for it.
        by: SessionId,
    },
}
