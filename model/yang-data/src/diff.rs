//! What changed between two versions of a tree.
//!
//! Subtrees that both versions share are skipped, so the cost grows with the change. The result
//! depends on the data alone, not on how the trees came to be: the same two trees give the same
//! difference, in the same order.
//!
//! A [`Diff`] can be turned into the smallest [`crate::edit::Edit`] that does the same
//! ([`Diff::to_edit`]), printed for people ([`Diff::text`]) and programs ([`Diff::json`]), and
//! applied.

mod apply;
mod compute;
mod moves;
mod print;
mod to_edit;

use std::sync::Arc;

use yang::NodeId;

use crate::{AnyData, Branch, Key, Place, Value};

pub use compute::{diff, diff_branch};

/// The differences between two trees, ascending by schema node; removed entries of a user-ordered
/// list first, then the others in their new order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diff {
    /// Top-level nodes that differ or have differences inside.
    pub nodes: Vec<DiffNode>,
}

/// One node that differs, or has differences inside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DiffNode {
    /// The schema node.
    pub node: NodeId,
    /// The key of a list entry, the value of a leaf-list entry; none for other nodes.
    pub key: Option<Key>,
    /// What changed.
    pub change: Change,
}

/// What changed at a node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// It is new.
    Created {
        /// What it holds.
        new: Item,
        /// Its place in a user-ordered list, unless it goes last.
        place: Option<Place<Key>>,
    },
    /// It is gone.
    Deleted {
        /// What it held.
        old: Item,
    },
    /// A leaf, anydata or anyxml has another value.
    Replaced {
        /// The value before.
        old: Item,
        /// The value after.
        new: Item,
    },
    /// A container or list entry has differences inside, or an entry has another place.
    Inside {
        /// Differences of its children.
        children: Vec<DiffNode>,
        /// The new place of a moved entry.
        place: Option<Place<Key>>,
    },
}

/// What a node holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// A leaf's or leaf-list entry's value.
    Value(Value),
    /// Children of a container, or of a list entry with its key leaves.
    Branch(Branch),
    /// `anydata` and `anyxml`.
    Any(Arc<AnyData>),
}

impl Diff {
    /// Whether nothing changed.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }
}

#[cfg(test)]
mod tests;
