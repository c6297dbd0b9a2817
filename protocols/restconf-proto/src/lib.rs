//! RESTCONF (RFC 8040) and YANG Patch (RFC 8072), without sockets.
//!
//! A RESTCONF server does four things that have nothing to do with HTTP itself, and this crate is
//! those four, as functions of their arguments:
//!
//! - it reads what a request asks for: media types ([`Format`], [`Media`]), query parameters
//!   ([`Query`]) and the resource named by the path ([`yang_data::Path`]);
//! - it turns a write into an edit of the datastore ([`resource`], [`patch`]), so that POST, PUT,
//!   PATCH, DELETE and YANG Patch all go the one way that every edit goes;
//! - it cuts a part out of a tree for a read ([`view`]): depth, fields, defaults;
//! - it writes what the standard wants beside the data: error documents ([`problem`]), the YANG
//!   library and the server's capabilities ([`Library`]), the status of a YANG Patch.
//!
//! Conditions that depend on the tree as it is at the moment of the commit (a parent that must
//! exist, an entry that must not) are left in the edit, as operations of RFC 6241, and are checked
//! by whoever applies it; nothing here decides by a snapshot that may be old by then.

mod library;
mod media;
pub mod patch;
mod place;
pub mod problem;
mod query;
pub mod resource;
pub mod view;

pub use library::{Library, LibraryError, YANG_LIBRARY_VERSION};
pub use media::{Format, Media};
pub use problem::{ErrorType, Problem};
pub use query::{DefaultsMode, DryRun, Insert, Query, Verb};

/// The link document of RFC 8040, section 3.1, for a server whose root resource is `/restconf`.
pub const HOST_META_XML: &str = concat!(
    "<XRD xmlns=\"http://docs.oasis-open.org/ns/xri/xrd-1.0\">",
    "<Link rel=\"restconf\" href=\"/restconf\"/></XRD>"
);

/// The same in JSON (RFC 6415, section 4).
pub const HOST_META_JSON: &str = r#"{"links":[{"rel":"restconf","href":"/restconf"}]}"#;
