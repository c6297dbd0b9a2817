//! Data trees: reading, and changing along a path.

use std::sync::Arc;

use yang::{NodeId, NodeKind, Schema};

use crate::{
    Branch, Content, Entry, Key, LeafList, LeafListEntry, List, Origin, Path, Slot, Step, Value,
};

/// A data tree on a schema. Cloning is a snapshot: O(1), never affected by later changes.
#[derive(Clone, Debug)]
pub struct Tree {
    schema: Arc<Schema>,
    root: Branch,
}

/// What a [`Path`] leads to.
#[derive(Clone, Copy, Debug)]
pub enum Found<'a> {
    /// A leaf, container, whole list, whole leaf-list or anydata.
    Content(&'a Content),
    /// One entry of a list.
    Entry(&'a Entry),
    /// One entry of a leaf-list.
    LeafListEntry(&'a LeafListEntry),
    /// The root.
    Root(&'a Branch),
}

impl Tree {
    /// The empty tree on a schema.
    pub fn new(schema: Arc<Schema>) -> Self {
        Self { schema, root: Branch::default() }
    }

    /// A tree of a root's children, which must be instances of the schema's nodes.
    pub fn from_root(schema: Arc<Schema>, root: Branch) -> Self {
        Self { schema, root }
    }

    /// The schema.
    pub fn schema(&self) -> &Arc<Schema> {
        &self.schema
    }

    /// The top-level nodes.
    pub fn root(&self) -> &Branch {
        &self.root
    }

    /// The top-level nodes, for change.
    pub fn root_mut(&mut self) -> &mut Branch {
        &mut self.root
    }

    /// Whether both are the same version: equal without a look inside.
    pub fn ptr_eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.schema, &other.schema) && self.root.ptr_eq(&other.root)
    }

    /// What is at a path.
    pub fn get(&self, path: &Path) -> Option<Found<'_>> {
        self.root.find(path.steps())
    }

    /// The children of the container or list entry at a path.
    pub fn branch(&self, path: &Path) -> Option<&Branch> {
        self.get(path)?.branch()
    }

    /// The value of the leaf at a path.
    pub fn leaf(&self, path: &Path) -> Option<&Value> {
        match self.get(path)? {
            Found::Content(Content::Leaf(value)) => Some(value),
            _ => None,
        }
    }

    /// The children of the container or list entry at a path, for change. Containers and entries
    /// that lack on the way are made (with their key leaves) and marked with `origin`.
    pub fn branch_mut(&mut self, path: &Path, origin: Origin) -> &mut Branch {
        path.steps()
            .iter()
            .fold(&mut self.root, |branch, step| branch.step_mut(&self.schema, step, origin))
    }

    /// Sets the leaf, or puts the leaf-list entry, at a path, making what lacks on the way.
    ///
    /// # Panics
    /// When the last step is no leaf or leaf-list.
    pub fn set(&mut self, path: &Path, value: Value, origin: Origin) {
        let (last, parents) = path.steps().split_last().expect("a leaf's path has a last step");
        let schema = Arc::clone(&self.schema);
        let branch = parents
            .iter()
            .fold(&mut self.root, |branch, step| branch.step_mut(&schema, step, origin));
        match schema.node(last.node).kind() {
            NodeKind::Leaf => {
                branch.set(Slot { node: last.node, origin, content: Content::Leaf(value) });
            }
            NodeKind::LeafList => {
                branch.leaf_list_mut(&schema, last.node).insert(LeafListEntry::new(value, origin));
            }
            kind => panic!("{kind:?} at the end of a leaf's path"),
        }
    }

    /// Takes out what is at a path, and the non-presence containers, lists and leaf-lists that
    /// become empty by it. Returns whether there was something.
    pub fn remove(&mut self, path: &Path) -> bool {
        match path.steps() {
            [] => {
                let was = !self.root.is_empty();
                self.root = Branch::default();
                was
            }
            steps => self.root.remove(&self.schema, steps),
        }
    }
}

impl<'a> Found<'a> {
    /// The children of what was found, if it is a container, a list entry or the root.
    pub fn branch(self) -> Option<&'a Branch> {
        match self {
            Self::Content(Content::Container(branch)) | Self::Root(branch) => Some(branch),
            Self::Entry(entry) => Some(&entry.branch),
            Self::Content(_) | Self::LeafListEntry(_) => None,
        }
    }
}

impl Branch {
    /// What is at the end of the steps.
    pub fn find(&self, steps: &[Step]) -> Option<Found<'_>> {
        let Some((step, rest)) = steps.split_first() else { return Some(Found::Root(self)) };
        let content = self.content(step.node)?;
        let found = match (content, &step.key) {
            (Content::List(list), Some(key)) => Found::Entry(list.get(key)?),
            (Content::LeafList(list), Some(Key::One(value))) => {
                Found::LeafListEntry(list.get(value)?)
            }
            (_, None) => Found::Content(content),
            (_, Some(_)) => return None,
        };
        if rest.is_empty() { Some(found) } else { found.branch()?.find(rest) }
    }

    /// The leaf-list of a schema node, for change; made when it lacks.
    pub fn leaf_list_mut(&mut self, schema: &Schema, node: NodeId) -> &mut LeafList {
        if self.leaf_list(node).is_none() {
            let list = LeafList::new(schema.node(node).is_user_ordered());
            self.set(Slot { node, origin: Origin::NONE, content: Content::LeafList(list) });
        }
        match self.content_mut(node) {
            Some(Content::LeafList(list)) => list,
            _ => unreachable!("it was just put there"),
        }
    }

    /// The list of a schema node, for change; made when it lacks.
    pub fn list_mut(&mut self, schema: &Schema, node: NodeId) -> &mut List {
        if self.list(node).is_none() {
            let definition = schema.node(node);
            let user_ordered = definition.is_user_ordered() || definition.keys().is_empty();
            let content = Content::List(List::new(user_ordered));
            self.set(Slot { node, origin: Origin::NONE, content });
        }
        match self.content_mut(node) {
            Some(Content::List(list)) => list,
            _ => unreachable!("it was just put there"),
        }
    }

    /// The children one step down, for change; a container or entry that lacks is made.
    pub fn step_mut(&mut self, schema: &Schema, step: &Step, origin: Origin) -> &mut Self {
        match &step.key {
            Some(key) => {
                let list = self.list_mut(schema, step.node);
                if list.get(key).is_none() {
                    list.insert(Entry::with_key(schema, step.node, key, origin));
                }
                &mut list.get_mut(key).expect("it was just put there").branch
            }
            None => {
                if self.container(step.node).is_none() {
                    let content = Content::Container(Self::default());
                    self.set(Slot { node: step.node, origin, content });
                }
                match self.content_mut(step.node) {
                    Some(Content::Container(branch)) => branch,
                    _ => unreachable!("it was just put there"),
                }
            }
        }
    }

    /// Removes what is at the end of the steps, and what becomes empty and meaningless by it.
    pub fn remove(&mut self, schema: &Schema, steps: &[Step]) -> bool {
        let Some((step, rest)) = steps.split_first() else { return false };
        if self.find(steps).is_none() {
            return false;
        }
        let emptied = match (self.content_mut(step.node), &step.key) {
            (Some(Content::List(list)), Some(key)) => {
                if rest.is_empty() {
                    list.remove(key);
                } else if let Some(entry) = list.get_mut(key) {
                    entry.branch.remove(schema, rest);
                }
                list.is_empty()
            }
            (Some(Content::LeafList(list)), Some(Key::One(value))) => {
                list.remove(value);
                list.is_empty()
            }
            (Some(Content::Container(branch)), None) if !rest.is_empty() => {
                branch.remove(schema, rest);
                branch.is_empty() && !schema.node(step.node).is_presence()
            }
            _ => true,
        };
        if emptied {
            self.unset(step.node);
        }
        true
    }
}

impl Entry {
    /// An entry that has its key leaves and nothing else.
    pub fn with_key(schema: &Schema, list: NodeId, key: &Key, origin: Origin) -> Self {
        let leaves = schema.node(list).keys();
        let slots = leaves.zip(key.values()).map(|(node, value)| Slot {
            node,
            origin,
            content: Content::Leaf(value.clone()),
        });
        let key_leaves = u8::try_from(leaves.len()).unwrap_or(u8::MAX);
        Self::new(Branch::from_slots(slots.collect()), key_leaves, origin)
    }
}
