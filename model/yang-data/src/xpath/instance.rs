//! Nodes of the accessible tree: borrowed data with the chain of its ancestors.

use std::cmp::Ordering;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::rc::Rc;

use yang::{NodeId, Schema};

use crate::{AnyData, Branch, Content, Entry, Path, Step, Value};

/// A node of the accessible tree (RFC 7950, section 6.4.1): one that is stored, or one that is
/// there by the schema alone, as a default value or a container without presence.
#[derive(Clone, Debug)]
pub struct Instance<'a> {
    parent: Option<Rc<Self>>,
    node: NodeId,
    item: Item<'a>,
}

/// What an [`Instance`] holds.
#[derive(Clone, Copy, Debug)]
pub enum Item<'a> {
    /// The root or a container: its children.
    Branch(&'a Branch),
    /// A list entry.
    Entry(&'a Entry),
    /// A leaf or leaf-list entry: its value.
    Value(&'a Value),
    /// `anydata` and `anyxml`.
    Any(&'a AnyData),
    /// The text node of a leaf or leaf-list entry.
    Text(&'a Value),
    /// A node that does not exist: the context of its own `when` (RFC 7950, section 7.21.5).
    Dummy,
}

impl<'a> Instance<'a> {
    /// The root of a tree.
    pub fn root(branch: &'a Branch) -> Self {
        Self { parent: None, node: Schema::ROOT, item: Item::Branch(branch) }
    }

    /// A child of a parent. The item must be of the node's kind.
    pub fn new(parent: &Rc<Self>, node: NodeId, item: Item<'a>) -> Self {
        Self { parent: Some(Rc::clone(parent)), node, item }
    }

    /// The parent; none for the root.
    pub fn parent(&self) -> Option<&Rc<Self>> {
        self.parent.as_ref()
    }

    /// The schema node; that of its leaf for a text node.
    pub fn node(&self) -> NodeId {
        self.node
    }

    /// What it holds.
    pub fn item(&self) -> Item<'a> {
        self.item
    }

    /// The children of the root, a container or list entry.
    pub fn branch(&self) -> Option<&'a Branch> {
        match self.item {
            Item::Branch(branch) => Some(branch),
            Item::Entry(entry) => Some(&entry.branch),
            Item::Value(_) | Item::Any(_) | Item::Text(_) | Item::Dummy => None,
        }
    }

    /// The value of a leaf, leaf-list entry or text node.
    pub fn value(&self) -> Option<&'a Value> {
        match self.item {
            Item::Value(value) | Item::Text(value) => Some(value),
            Item::Branch(_) | Item::Entry(_) | Item::Any(_) | Item::Dummy => None,
        }
    }

    /// Where it is.
    pub fn path(&self, schema: &Schema) -> Path {
        let mut steps = Vec::new();
        let mut next = Some(self);
        while let Some(instance) = next {
            if instance.parent.is_some() && !matches!(instance.item, Item::Text(_)) {
                steps.push(instance.step(schema));
            }
            next = instance.parent.as_deref();
        }
        steps.reverse();
        Path(steps)
    }

    fn step(&self, schema: &Schema) -> Step {
        let key = match self.item {
            Item::Entry(entry) => Some(entry.key_value()),
            Item::Value(value) if schema.node(self.node).kind() == yang::NodeKind::LeafList => {
                Some(crate::Key::One(value.clone()))
            }
            _ => None,
        };
        Step { node: self.node, key }
    }

    /// Whether both are the same node of the same tree.
    pub fn is_same(&self, other: &Self) -> bool {
        let is_alike = self.node == other.node && self.identity() == other.identity();
        is_alike
            && match (&self.parent, &other.parent) {
                (None, None) => true,
                (Some(left), Some(right)) => Rc::ptr_eq(left, right) || left.is_same(right),
                _ => false,
            }
    }

    /// A hash that agrees with [`Instance::is_same`]. Subtrees may be shared between places of
    /// one tree, so that the ancestors count too.
    pub(super) fn fingerprint(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        let mut next = Some(self);
        while let Some(instance) = next {
            (instance.node, instance.identity()).hash(&mut hasher);
            next = instance.parent.as_deref();
        }
        hasher.finish()
    }

    /// Kind and address of what it holds. An address stands for a child of one given parent: no
    /// two children of a parent share it, though children of different parents may.
    fn identity(&self) -> (u8, usize) {
        match self.item {
            Item::Branch(branch) => (0, std::ptr::from_ref(branch).addr()),
            Item::Entry(entry) => (1, std::ptr::from_ref(entry).addr()),
            Item::Value(value) => (2, std::ptr::from_ref(value).addr()),
            Item::Any(any) => (3, std::ptr::from_ref(any).addr()),
            Item::Text(value) => (4, std::ptr::from_ref(value).addr()),
            Item::Dummy => (5, 0),
        }
    }

    /// Document order: parents before children, siblings in schema order, list entries in their
    /// list's order.
    pub(super) fn document_cmp(&self, other: &Self) -> Ordering {
        let (left, right) = (self.chain(), other.chain());
        for (index, (one, two)) in left.iter().zip(&right).enumerate() {
            if one.node == two.node && one.identity() == two.identity() {
                continue;
            }
            let parent = index.checked_sub(1).and_then(|parent| left[parent].branch());
            return one.node.cmp(&two.node).then_with(|| one.cmp_in_list(two, parent));
        }
        left.len().cmp(&right.len())
    }

    fn chain(&self) -> Vec<&Self> {
        let mut chain = vec![self];
        while let Some(parent) = chain[chain.len() - 1].parent.as_deref() {
            chain.push(parent);
        }
        chain.reverse();
        chain
    }

    fn cmp_in_list(&self, other: &Self, parent: Option<&Branch>) -> Ordering {
        match (self.item, other.item) {
            (Item::Entry(left), Item::Entry(right)) => left
                .position
                .cmp(&right.position)
                .then_with(|| left.key_value().cmp(&right.key_value())),
            (Item::Value(left), Item::Value(right)) => {
                let place = |value| match parent.and_then(|branch| branch.content(self.node)) {
                    Some(Content::LeafList(list)) => list.get(value).map(|entry| entry.position),
                    _ => None,
                };
                place(left).cmp(&place(right)).then_with(|| left.cmp(right))
            }
            (left, right) => rank(left).cmp(&rank(right)),
        }
    }
}

/// A leaf comes before its text.
fn rank(item: Item<'_>) -> u8 {
    u8::from(matches!(item, Item::Text(_)))
}
