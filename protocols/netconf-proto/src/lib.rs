//! NETCONF sessions and messages, without sockets, clock or schema knowledge.
//!
//! # The protocol
//!
//! NETCONF (RFC 6241) is a conversation over a secure byte stream, usually the SSH subsystem
//! `netconf` (RFC 6242). Both sides first send a `<hello>` with the URIs of what they can do; the
//! server's also gives the session a number. After that the client sends `<rpc>` elements, each
//! with a `message-id` and one operation inside, and the server answers each with an `<rpc-reply>`
//! of the same id, in the order they came. A reply holds `<ok/>`, `<data>`, the output of some
//! other operation, or one or more `<rpc-error>`; errors of severity `warning` may stand beside a
//! success. If the client subscribed, the server may send `<notification>` elements in between
//! (RFC 5277). `close-session` ends the conversation.
//!
//! Messages are told apart in the stream in one of two ways. A `<hello>` is always followed by the
//! mark `]]>]]>`. When both hellos announced `base:1.1`, everything after them comes in chunks with
//! their length in front; else the mark stays in use. See [`framing`].
//!
//! Configuration is changed in one of two styles. A device with `:writable-running` takes
//! `edit-config` on the running datastore. A device with `:candidate` takes it on a candidate
//! datastore, and `commit` makes that the running one, whole or not at all; `discard-changes` drops
//! it. With `:confirmed-commit` the commit undoes itself unless a second `commit` follows in time:
//! [`Request::CommitConfirmed`], then [`Request::Commit`] from the same session, or
//! [`Request::ConfirmCommit`] from any session when the first was given a `persist` name.
//!
//! # The machines
//!
//! [`Client`] and [`Server`] are the two ends of a session as state machines. Bytes go in by
//! `handle_input`, time by `handle_timeout` when the deadline of `poll_timeout` has come, and
//! what has to be done comes out of `poll_output`: bytes to write, events to look at, and at last
//! `Close`. Nothing else happens: no clock is read, nothing blocks. After each call that changes a
//! machine its outputs are to be drained until `None`.
//!
//! ```
//! use std::time::{Duration, Instant};
//! use netconf_proto::{
//!     Body, Client, ClientConfig, ClientEvent, ClientOutput, Datastore, Input, Request,
//! };
//!
//! let now = Instant::now(); // the one clock is the caller's
//! let mut client = Client::new(ClientConfig::default(), now);
//! let source = Datastore::Running;
//! let request = Request::GetConfig { source, filter: None, with_defaults: None };
//! let asked = client.request(now, request, Duration::from_secs(60))?;
//!
//! // What a transport would bring, in whatever pieces.
//! let received = [
//!     "<hello xmlns='urn:ietf:params:xml:ns:netconf:base:1.0'><capabilities><capability>urn:",
//!     "ietf:params:netconf:base:1.0</capability></capabilities><session-id>7</session-id>",
//!     "</hello>]]>]]",
//!     "><rpc-reply xmlns='urn:ietf:params:xml:ns:netconf:base:1.0' message-id='1'><data>",
//!     "<sys xmlns='urn:example:sys'><name>r1</name></sys></data></rpc-reply>]]>]]>",
//! ];
//! let mut configuration = None;
//! for piece in received {
//!     client.handle_input(now, Input::Received(piece.as_bytes()))?;
//!     while let Some(output) = client.poll_output() {
//!         match output {
//!             ClientOutput::Transmit(_bytes) => {} // write them to the transport
//!             ClientOutput::Event(ClientEvent::Answered { id, answer }) if id == asked => {
//!                 configuration = Some(answer.expect("the server answered").body);
//!             }
//!             ClientOutput::Event(_) => {}
//!             ClientOutput::Close => {} // close the transport
//!         }
//!     }
//! }
//! // The namespace of the protocol was in scope: the piece keeps only what it needs of it.
//! let data = "<sys xmlns='urn:example:sys'><name>r1</name></sys>".to_owned();
//! assert_eq!(configuration, Some(Body::Data(data)));
//! # Ok::<(), netconf_proto::Error>(())
//! ```
//!
//! # XML
//!
//! This crate knows no YANG. The content of `<config>`, `<data>` and `<filter>` travels as text
//! that *stands alone*: each element at its top declares every namespace that was in scope where
//! it was cut out, since a value inside may be an identity or a path whose prefix no element name
//! uses. Text handed to a machine must stand alone too; it is checked before it is sent.
//!
//! All XML is read strictly as to form (namespaces, nesting, characters), never with a document
//! type, never with entities of its own, and within [`Limits`]. It is read leniently as to what
//! real devices do: replies without a namespace, white space around values, comments in front of
//! a message, errors in the wrappers of Junos, capabilities under a misspelt prefix.
//!
//! The `decode` functions of [`Hello`], [`Rpc`], [`Reply`] and [`Notification`], and
//! [`Inventory::read`] and [`framing::Decoder`], take anything: the entry points for fuzzing.

mod capability;
mod client;
mod error;
pub mod framing;
mod hello;
mod id;
mod library;
mod limits;
mod notification;
mod reply;
mod request;
mod rpc_error;
mod server;
mod xml;

pub use capability::{
    Capabilities, Capability, ConfirmedCommit, WithDefaults, WithDefaultsCapability,
    YangLibraryCapability, uri,
};
pub use client::{Client, ClientConfig, ClientEvent, ClientOutput, Input, NoReply};
pub use error::Error;
pub use hello::{Hello, Side, negotiated_framing};
pub use id::{CallId, RequestId, SessionId};
pub use library::{Conformance, Inventory, Module, Submodule};
pub use limits::Limits;
pub use notification::Notification;
pub use reply::{Body, Reply};
pub use request::{
    Datastore, DefaultOperation, Edit, Envelope, ErrorOption, Expect, Filter, Request, Rpc, Source,
    Target, TestOption,
};
pub use rpc_error::{ErrorInfo, ErrorTag, ErrorType, Message, RpcError, Severity};
pub use server::{Server, ServerConfig, ServerEvent, ServerOutput};
pub use xml::Attribute;
