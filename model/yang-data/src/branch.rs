//! Interior nodes: the children of a container or list entry.

use std::sync::Arc;

use yang::NodeId;

use crate::{Key, LeafList, List, Value};

/// Who put a node into a tree; the meaning belongs to the tree's owner. [`Origin::NONE`] where
/// nobody asked. Comparing trees ignores it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Origin(pub u32);

impl Origin {
    /// Not recorded.
    pub const NONE: Self = Self(0);
}

/// The children of a container or list entry, ascending by schema node. Cloning is a pointer
/// copy; every change makes a new one and shares the rest.
#[derive(Clone, Debug)]
pub struct Branch(Arc<[Slot]>);

/// One child of a [`Branch`].
#[derive(Clone, Debug)]
pub struct Slot {
    /// The schema node this is an instance of.
    pub node: NodeId,
    /// Who put it here. For leaves and presence containers; lists keep it per entry.
    pub origin: Origin,
    /// What it holds.
    pub content: Content,
}

/// What a child holds, by the kind of its schema node.
#[derive(Clone, Debug)]
pub enum Content {
    /// A leaf's value.
    Leaf(Value),
    /// A container's children. A non-presence container without children is never stored.
    Container(Branch),
    /// All entries of a list. Never stored empty.
    List(List),
    /// All entries of a leaf-list. Never stored empty.
    LeafList(LeafList),
    /// `anydata` and `anyxml`: kept as given, uninterpreted.
    Any(Arc<AnyData>),
}

/// Uninterpreted content of `anydata` and `anyxml`, in the encoding it came in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AnyData {
    /// The inner XML, with the namespace declarations it needs.
    Xml(String),
    /// A JSON value.
    Json(String),
}

impl Default for Branch {
    fn default() -> Self {
        Self(Arc::new([]))
    }
}

impl Branch {
    /// Builds from children in any order; of two for the same schema node the later one stays.
    pub fn from_slots(mut slots: Vec<Slot>) -> Self {
        if !slots.is_sorted_by(|left, right| left.node < right.node) {
            slots.reverse();
            slots.sort_by_key(|slot| slot.node);
            slots.dedup_by_key(|slot| slot.node);
        }
        Self(slots.into())
    }

    /// Builds from children that ascend by schema node, each once. Exact iterators are cheapest:
    /// one allocation.
    pub(crate) fn from_ascending(slots: impl Iterator<Item = Slot>) -> Self {
        let branch = Self(slots.collect());
        debug_assert!(branch.0.is_sorted_by(|left, right| left.node < right.node));
        branch
    }

    /// The children, ascending by schema node.
    pub fn slots(&self) -> &[Slot] {
        &self.0
    }

    /// Whether there is no child.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether both are the same version: equal without a look inside.
    pub fn ptr_eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// The child for a schema node.
    pub fn slot(&self, node: NodeId) -> Option<&Slot> {
        self.place(node).ok().map(|at| &self.0[at])
    }

    /// What the child for a schema node holds.
    pub fn content(&self, node: NodeId) -> Option<&Content> {
        self.slot(node).map(|slot| &slot.content)
    }

    /// The value of a leaf.
    pub fn leaf(&self, node: NodeId) -> Option<&Value> {
        match self.content(node)? {
            Content::Leaf(value) => Some(value),
            _ => None,
        }
    }

    /// The children of a container.
    pub fn container(&self, node: NodeId) -> Option<&Self> {
        match self.content(node)? {
            Content::Container(branch) => Some(branch),
            _ => None,
        }
    }

    /// The entries of a list.
    pub fn list(&self, node: NodeId) -> Option<&List> {
        match self.content(node)? {
            Content::List(list) => Some(list),
            _ => None,
        }
    }

    /// The entries of a leaf-list.
    pub fn leaf_list(&self, node: NodeId) -> Option<&LeafList> {
        match self.content(node)? {
            Content::LeafList(list) => Some(list),
            _ => None,
        }
    }

    /// Puts a child in its place, in place of one for the same schema node.
    pub fn set(&mut self, slot: Slot) {
        match self.place(slot.node) {
            Ok(at) => match Arc::get_mut(&mut self.0) {
                Some(slots) => slots[at] = slot,
                None => self.rebuild(at, at + 1, Some(slot)),
            },
            Err(at) => self.rebuild(at, at, Some(slot)),
        }
    }

    /// Takes the child for a schema node out.
    pub fn unset(&mut self, node: NodeId) {
        if let Ok(at) = self.place(node) {
            self.rebuild(at, at + 1, None);
        }
    }

    /// Access for change to what a child holds. Shared children are copied first (one level).
    pub fn content_mut(&mut self, node: NodeId) -> Option<&mut Content> {
        let at = self.place(node).ok()?;
        if Arc::get_mut(&mut self.0).is_none() {
            self.0 = self.0.iter().cloned().collect();
        }
        Arc::get_mut(&mut self.0).map(|slots| &mut slots[at].content)
    }

    /// The key of a list entry whose key leaves these are: its first `leaves` children.
    ///
    /// Key leaves come first in schema order, and an entry has all of them.
    pub fn key(&self, leaves: usize) -> Key {
        self.key_values(leaves).cloned().collect()
    }

    pub(crate) fn key_values(&self, leaves: usize) -> impl Iterator<Item = &Value> {
        self.0.iter().take(leaves).map(|slot| match &slot.content {
            Content::Leaf(value) => value,
            _ => unreachable!("key leaves come first in schema order"),
        })
    }

    fn place(&self, node: NodeId) -> Result<usize, usize> {
        self.0.binary_search_by_key(&node, |slot| slot.node)
    }

    fn rebuild(&mut self, from: usize, to: usize, between: Option<Slot>) {
        self.0 = self.0[..from]
            .iter()
            .cloned()
            .chain(between)
            .chain(self.0[to..].iter().cloned())
            .collect();
    }
}

impl PartialEq for Branch {
    fn eq(&self, other: &Self) -> bool {
        self.ptr_eq(other) || self.0 == other.0
    }
}

impl Eq for Branch {}

impl PartialEq for Slot {
    fn eq(&self, other: &Self) -> bool {
        self.node == other.node && self.content == other.content
    }
}

impl PartialEq for Content {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Leaf(left), Self::Leaf(right)) => left == right,
            (Self::Container(left), Self::Container(right)) => left == right,
            (Self::List(left), Self::List(right)) => left == right,
            (Self::LeafList(left), Self::LeafList(right)) => left == right,
            (Self::Any(left), Self::Any(right)) => left == right,
            _ => false,
        }
    }
}
