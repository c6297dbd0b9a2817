//! Edits: loose trees with an operation per node (RFC 6241, 7.2), and what they do to a tree.
//!
//! An [`Edit`] is what a `<config>` of `edit-config` says. It may be read from XML, made from a
//! [`Branch`] (everything in it is merged) or from a [`crate::diff::Diff`]. [`apply()`] is all or
//! nothing: it gives a new tree, or every error and no tree.

mod apply;
mod choice;
mod resource;

use std::sync::Arc;

use yang::{NodeId, Schema};

use crate::{AnyData, Branch, Content, Key, Place, Value};

pub use apply::apply;
pub(crate) use choice::is_in_case;
pub use resource::{create, delete, merge_at, replace};

/// What is to happen to a node and, unless they say otherwise, to the nodes below it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Operation {
    /// Add to what is there; replace values.
    #[default]
    Merge,
    /// Add; an error when it exists.
    Create,
    /// Put in place of what is there.
    Replace,
    /// Take away; an error when it does not exist.
    Delete,
    /// Take away if it exists.
    Remove,
    /// Nothing here; an error when it does not exist. Only as a default (RFC 6241, 7.2).
    None,
}

impl Operation {
    /// The name in XML.
    pub fn name(self) -> &'static str {
        match self {
            Self::Merge => "merge",
            Self::Create => "create",
            Self::Replace => "replace",
            Self::Delete => "delete",
            Self::Remove => "remove",
            Self::None => "none",
        }
    }

    /// The operation that an `operation` attribute may have by this name.
    pub fn named(name: &str) -> Option<Self> {
        [Self::Merge, Self::Create, Self::Replace, Self::Delete, Self::Remove]
            .into_iter()
            .find(|operation| operation.name() == name)
    }

    /// Whether it takes away.
    pub fn is_removal(self) -> bool {
        matches!(self, Self::Delete | Self::Remove)
    }
}

/// What a node of an edit says besides its data.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mark {
    /// Its operation; its parent's when none.
    pub operation: Option<Operation>,
    /// Where it goes in a user-ordered list; a new one goes last when none, a known one stays.
    pub place: Option<Place<Key>>,
}

/// A loose tree with operations.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edit {
    /// Top-level nodes.
    pub nodes: Vec<EditNode>,
}

/// One node of an edit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EditNode {
    /// The schema node.
    pub node: NodeId,
    /// The key of a list entry, the value of a leaf-list entry; none for other nodes.
    pub key: Option<Key>,
    /// Operation and place.
    pub mark: Mark,
    /// What it holds.
    pub body: EditBody,
}

/// What a node of an edit holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EditBody {
    /// Nothing: a removed leaf, a leaf-list entry.
    Nothing,
    /// A leaf's value.
    Leaf(Value),
    /// Children of a container or list entry, key leaves left out.
    Children(Vec<EditNode>),
    /// A whole subtree of which every node has the operation of this one; a list entry's key
    /// leaves are part of it.
    Subtree(Branch),
    /// `anydata` or `anyxml`.
    Any(Arc<AnyData>),
}

impl EditNode {
    /// A node without operation and content.
    pub fn new(node: NodeId, key: Option<Key>) -> Self {
        Self { node, key, mark: Mark::default(), body: EditBody::Nothing }
    }

    /// The same with an operation.
    #[must_use]
    pub fn with_operation(mut self, operation: Operation) -> Self {
        self.mark.operation = Some(operation);
        self
    }
}

impl Edit {
    /// An edit that merges everything in a branch.
    pub fn from_branch(schema: &Schema, branch: &Branch) -> Self {
        Self { nodes: nodes_of(schema, branch) }
    }
}

/// The children of a branch as nodes of an edit, without operations.
fn nodes_of(schema: &Schema, branch: &Branch) -> Vec<EditNode> {
    let mut nodes = Vec::with_capacity(branch.slots().len());
    for slot in branch.slots() {
        let node = slot.node;
        match &slot.content {
            Content::Leaf(value) => {
                nodes.push(with_body(node, None, EditBody::Leaf(value.clone())));
            }
            Content::Any(any) => nodes.push(with_body(node, None, EditBody::Any(any.clone()))),
            Content::Container(branch) => {
                nodes.push(with_body(node, None, EditBody::Subtree(branch.clone())));
            }
            Content::List(list) => nodes.extend(list.iter().map(|entry| {
                let key = (!schema.node(node).keys().is_empty()).then(|| entry.key_value());
                with_body(node, key, EditBody::Subtree(entry.branch.clone()))
            })),
            Content::LeafList(list) => nodes.extend(list.iter().map(|entry| {
                with_body(node, Some(Key::One(entry.value.clone())), EditBody::Nothing)
            })),
        }
    }
    nodes
}

fn with_body(node: NodeId, key: Option<Key>, body: EditBody) -> EditNode {
    EditNode { body, ..EditNode::new(node, key) }
}

#[cfg(test)]
mod tests;
