//! Loose outputs while they are written.

use std::any::Any;
use std::collections::BTreeMap;
use std::sync::Arc;

use yang_data::{
    AnyData, Branch, Content, Entry, Key, LeafList, LeafListEntry, List, Origin, Slot, Value,
};

use super::embedded::node;

/// The children of a container or list entry while they are written: ascending by schema node,
/// owned, changed in place. A [`Branch`] is shared and copied at each change; a draft becomes one
/// in the end, each node once.
#[derive(Debug, Default)]
pub struct Draft {
    children: Vec<Child>,
}

#[derive(Debug)]
struct Child {
    node: u32,
    content: DraftContent,
}

#[derive(Debug)]
enum DraftContent {
    Leaf(Value),
    Container { builder: Box<dyn Builder>, is_presence: bool },
    List(DraftList),
    LeafList { values: Vec<Value>, user_ordered: bool },
    Any(Arc<AnyData>),
}

#[derive(Debug)]
struct DraftList {
    shape: &'static ListShape,
    entries: BTreeMap<Key, DraftEntry>,
}

#[derive(Debug)]
struct DraftEntry {
    /// How many came before it.
    place: usize,
    builder: Box<dyn Builder>,
}

/// What a list is, as its schema says.
#[derive(Debug)]
pub struct ListShape {
    /// Schema node of the list.
    pub node: u32,
    /// Key leaves in key order.
    pub keys: &'static [u32],
    /// Whether the order of entries counts.
    pub user_ordered: bool,
}

/// A generated type around a [`Draft`], one per container or list.
pub trait Builder: Any + std::fmt::Debug {
    /// What was written so far.
    fn draft(&mut self) -> &mut Draft;
}

/// A builder without methods of its own: for trees that are encoded, not written by hand.
#[derive(Debug, Default)]
pub struct Plain(pub Draft);

impl Builder for Plain {
    fn draft(&mut self) -> &mut Draft {
        &mut self.0
    }
}

/// Configuration of a device.
#[derive(Debug)]
pub struct DeviceOutput {
    /// The device type whose schema it is on.
    pub device_type: &'static str,
    /// The root's children.
    pub draft: Draft,
}

impl Draft {
    /// Sets a leaf.
    pub fn set(&mut self, leaf: u32, value: Value) {
        match self.place(leaf) {
            Ok(at) => self.children[at].content = DraftContent::Leaf(value),
            Err(at) => self.insert(at, leaf, DraftContent::Leaf(value)),
        }
    }

    /// Adds an entry to a leaf-list, unless it is there.
    pub fn add(&mut self, leaves: u32, user_ordered: bool, value: Value) {
        let content = || DraftContent::LeafList { values: Vec::new(), user_ordered };
        match self.child(leaves, content) {
            DraftContent::LeafList { values, .. } => values.push(value),
            _ => unreachable!("a schema node is of one kind"),
        }
    }

    /// Sets uninterpreted content.
    pub fn set_any(&mut self, any: u32, data: AnyData) {
        let content = DraftContent::Any(Arc::new(data));
        match self.place(any) {
            Ok(at) => self.children[at].content = content,
            Err(at) => self.insert(at, any, content),
        }
    }

    /// A container, made when it lacks.
    pub fn container<B: Builder + Default>(&mut self, container: u32, is_presence: bool) -> &mut B {
        let content = || DraftContent::Container { builder: Box::<B>::default(), is_presence };
        match self.child(container, content) {
            DraftContent::Container { builder, .. } => typed(&mut **builder),
            _ => unreachable!("a schema node is of one kind"),
        }
    }

    /// An entry of a list, made when it lacks.
    pub fn entry<B: Builder + Default>(&mut self, shape: &'static ListShape, key: Key) -> &mut B {
        typed(self.entry_or(shape, key, || Box::<B>::default()))
    }

    /// Adds an entry whose content holds its key leaves; in a list without keys, behind the
    /// others.
    pub fn push(&mut self, shape: &'static ListShape, mut content: Self) {
        let key: Key = shape.keys.iter().filter_map(|leaf| content.take_leaf(*leaf)).collect();
        let key = if shape.keys.is_empty() { self.next_place(shape.node) } else { key };
        self.entry::<Plain>(shape, key).0 = content;
    }

    fn take_leaf(&mut self, leaf: u32) -> Option<Value> {
        let at = self.place(leaf).ok()?;
        match self.children.remove(at).content {
            DraftContent::Leaf(value) => Some(value),
            _ => None,
        }
    }

    fn next_place(&self, list: u32) -> Key {
        let entries = match self.place(list).map(|at| &self.children[at].content) {
            Ok(DraftContent::List(list)) => list.entries.len(),
            _ => 0,
        };
        Key::One(Value::Uint(entries as u64))
    }

    fn entry_or(
        &mut self,
        shape: &'static ListShape,
        key: Key,
        make: fn() -> Box<dyn Builder>,
    ) -> &mut dyn Builder {
        let content = || DraftContent::List(DraftList { shape, entries: BTreeMap::new() });
        match self.child(shape.node, content) {
            DraftContent::List(list) => {
                let place = list.entries.len();
                let entry = list.entries.entry(key);
                &mut *entry.or_insert_with(|| DraftEntry { place, builder: make() }).builder
            }
            _ => unreachable!("a schema node is of one kind"),
        }
    }

    /// The finished tree, every node of it marked with `origin`. Containers without presence in
    /// which nothing was written are left out.
    pub fn into_branch(self, origin: Origin) -> Branch {
        Branch::from_slots(self.into_slots(origin, Vec::new()))
    }

    fn into_slots(self, origin: Origin, mut slots: Vec<Slot>) -> Vec<Slot> {
        slots.reserve_exact(self.children.len());
        slots.extend(self.children.into_iter().filter_map(|child| child.into_slot(origin)));
        slots
    }

    fn place(&self, node: u32) -> Result<usize, usize> {
        self.children.binary_search_by_key(&node, |child| child.node)
    }

    fn insert(&mut self, at: usize, node: u32, content: DraftContent) {
        self.children.insert(at, Child { node, content });
    }

    fn child(&mut self, node: u32, content: impl FnOnce() -> DraftContent) -> &mut DraftContent {
        let at = match self.place(node) {
            Ok(at) => at,
            Err(at) => {
                self.insert(at, node, content());
                at
            }
        };
        &mut self.children[at].content
    }
}

fn typed<B: Builder>(builder: &mut dyn Builder) -> &mut B {
    let builder: &mut dyn Any = builder;
    builder.downcast_mut().expect("a schema node has one builder type")
}

impl Child {
    fn into_slot(self, origin: Origin) -> Option<Slot> {
        let content = match self.content {
            DraftContent::Leaf(value) => Content::Leaf(value),
            DraftContent::Any(data) => Content::Any(data),
            DraftContent::Container { mut builder, is_presence } => {
                let branch = std::mem::take(builder.draft()).into_branch(origin);
                if branch.is_empty() && !is_presence {
                    return None;
                }
                Content::Container(branch)
            }
            DraftContent::List(list) => Content::List(list.into_list(origin)),
            DraftContent::LeafList { values, user_ordered } => {
                let mut list = LeafList::new(user_ordered);
                for value in values {
                    list.insert(LeafListEntry::new(value, origin));
                }
                Content::LeafList(list)
            }
        };
        // Lists and non-presence containers carry no mark of their own: their content does.
        let origin = match &content {
            Content::List(_) | Content::LeafList(_) => Origin::NONE,
            _ => origin,
        };
        Some(Slot { node: node(self.node), origin, content })
    }
}

impl DraftList {
    fn into_list(self, origin: Origin) -> List {
        let Self { shape, entries } = self;
        let user_ordered = shape.user_ordered || shape.keys.is_empty();
        let mut entries: Vec<_> = entries.into_iter().collect();
        if user_ordered {
            entries.sort_by_key(|(_, entry)| entry.place);
        }
        let mut list = List::new(user_ordered);
        for (key, mut entry) in entries {
            let leaves = shape.keys.iter().zip(key.values()).map(|(leaf, value)| Slot {
                node: node(*leaf),
                origin,
                content: Content::Leaf(value.clone()),
            });
            let slots = std::mem::take(entry.builder.draft()).into_slots(origin, leaves.collect());
            let key_leaves = u8::try_from(shape.keys.len()).unwrap_or(u8::MAX);
            list.insert(Entry::new(Branch::from_slots(slots), key_leaves, origin));
        }
        list
    }
}

/// Defines a builder type.
#[macro_export]
macro_rules! builder {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Default)]
        pub struct $name($crate::runtime::Draft);

        impl $crate::runtime::Builder for $name {
            fn draft(&mut self) -> &mut $crate::runtime::Draft {
                &mut self.0
            }
        }
    };
}
