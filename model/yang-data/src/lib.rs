//! Persistent data trees on a YANG schema.
//!
//! A [`Tree`] is a set of instances of a [`yang::Schema`]'s nodes. Trees are immutable where they
//! are shared: a clone is a pointer copy, a change copies the nodes on the path to it, and two
//! versions are compared by skipping every subtree they share. So a snapshot costs nothing, a
//! reader never waits for a writer, and the cost of a change grows with the change.
//!
//! Interior nodes ([`Branch`]) hold their children ascending by schema node; lists ([`List`]) and
//! leaf-lists ([`LeafList`]) are persistent B+ trees ([`sequence`]) sorted by key, with a second
//! one by place where the user's order counts. A value ([`Value`]) is in canonical form, so that
//! equality of trees is equality of data.

mod any;
pub mod binary;
mod branch;
#[cfg(test)]
mod broad;
pub mod decode;
pub mod defaults;
pub mod diff;
pub mod edit;
mod error;
pub mod json;
mod list;
mod merge;
mod path;
pub mod percent;
pub mod print;
#[cfg(test)]
mod sample;
pub mod sequence;
pub mod text;
mod tree;
pub mod validate;
mod value;
pub mod xml;
pub mod xpath;

pub use branch::{AnyData, Branch, Content, Origin, Slot};
pub use error::{DataError, ERRORS_MAX, Fault, Position};
pub use list::{
    ByPlaceKey, Entry, LeafList, LeafListEntry, List, NoSuchEntry, Ordered, OrderedIter, Place,
    Placed,
};
pub use merge::merge;
pub use path::{Path, Step};
pub use text::{JsonScalar, Names, Types, ValueError};
pub use tree::{Found, Tree};
pub use value::{Key, Value};
