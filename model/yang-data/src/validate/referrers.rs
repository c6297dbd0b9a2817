//! Who refers to what: an index of leafref values.

use std::collections::{BTreeMap, BTreeSet};

use yang::NodeId;

use super::Validator;
use crate::{Branch, Content, Entry, Key, Path, Slot, Step, Value};

/// The leafrefs of one tree by value, so that those of a target that disappears are found without
/// a search. Make it once, then keep it up to date with each commit: the cost is that of the
/// change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Referrers {
    leaves: BTreeSet<NodeId>,
    by_value: BTreeMap<(NodeId, Value), BTreeSet<Path>>,
}

impl Referrers {
    /// The leafrefs of a tree.
    pub fn new(validator: &Validator, root: &Branch) -> Self {
        let leaves = validator.facts.all_referrers();
        let mut referrers = Self { leaves, by_value: BTreeMap::new() };
        referrers.update(&Branch::default(), root);
        referrers
    }

    /// Follows a change of the tree.
    pub fn update(&mut self, old: &Branch, new: &Branch) {
        if !self.leaves.is_empty() {
            self.change(&mut Path::default(), old, new);
        }
    }

    /// The leaves with a value, in the order of their paths.
    pub fn of(&self, leaf: NodeId, value: &Value) -> impl Iterator<Item = &Path> {
        self.by_value.get(&(leaf, value.clone())).into_iter().flatten()
    }

    /// Number of values that are referred to.
    pub fn len(&self) -> usize {
        self.by_value.len()
    }

    /// Whether the tree has no leafrefs.
    pub fn is_empty(&self) -> bool {
        self.by_value.is_empty()
    }

    fn change(&mut self, place: &mut Path, old: &Branch, new: &Branch) {
        if old.ptr_eq(new) {
            return;
        }
        for slot in old.slots() {
            let newer = new.slot(slot.node);
            self.change_slot(place, Some(slot), newer);
        }
        for slot in new.slots() {
            if old.slot(slot.node).is_none() {
                self.change_slot(place, None, Some(slot));
            }
        }
    }

    fn change_slot(&mut self, place: &mut Path, old: Option<&Slot>, new: Option<&Slot>) {
        let Some(node) = old.or(new).map(|slot| slot.node) else { return };
        match (old.map(|slot| &slot.content), new.map(|slot| &slot.content)) {
            (Some(Content::List(old)), Some(Content::List(new))) => {
                for (before, now) in old.diff(new) {
                    self.change_entry(place, node, before, now);
                }
            }
            (Some(Content::Container(old)), Some(Content::Container(new))) => {
                self.step(place, node, None, |this, place| this.change(place, old, new));
            }
            (old, new) => {
                if let Some(old) = old {
                    self.content(place, node, old, false);
                }
                if let Some(new) = new {
                    self.content(place, node, new, true);
                }
            }
        }
    }

    fn change_entry(
        &mut self,
        place: &mut Path,
        node: NodeId,
        old: Option<&Entry>,
        new: Option<&Entry>,
    ) {
        let empty = Branch::default();
        let Some(key) = old.or(new).map(Entry::key_value) else { return };
        let branch = |entry: Option<&Entry>| {
            entry.map_or_else(|| empty.clone(), |entry| entry.branch.clone())
        };
        let (old, new) = (branch(old), branch(new));
        self.step(place, node, Some(key), |this, place| this.change(place, &old, &new));
    }

    fn content(&mut self, place: &mut Path, node: NodeId, content: &Content, is_new: bool) {
        let empty = Branch::default();
        match content {
            Content::Leaf(value) => self.leaf(place, node, None, value, is_new),
            Content::LeafList(list) => {
                for entry in list.iter_by_key() {
                    let key = Key::One(entry.value.clone());
                    self.leaf(place, node, Some(key), &entry.value, is_new);
                }
            }
            Content::Container(branch) => {
                let (old, new) = if is_new { (&empty, branch) } else { (branch, &empty) };
                self.step(place, node, None, |this, place| this.change(place, old, new));
            }
            Content::List(list) => {
                for entry in list.iter_by_key() {
                    let (old, new) = if is_new { (None, Some(entry)) } else { (Some(entry), None) };
                    self.change_entry(place, node, old, new);
                }
            }
            Content::Any(_) => {}
        }
    }

    fn leaf(
        &mut self,
        place: &mut Path,
        node: NodeId,
        key: Option<Key>,
        value: &Value,
        is_new: bool,
    ) {
        if !self.leaves.contains(&node) {
            return;
        }
        place.0.push(Step { node, key });
        let index = (node, value.clone());
        if is_new {
            self.by_value.entry(index).or_default().insert(place.clone());
        } else if let Some(paths) = self.by_value.get_mut(&index) {
            paths.remove(place);
            if paths.is_empty() {
                self.by_value.remove(&index);
            }
        }
        place.0.pop();
    }

    fn step(
        &mut self,
        place: &mut Path,
        node: NodeId,
        key: Option<Key>,
        inside: impl FnOnce(&mut Self, &mut Path),
    ) {
        place.0.push(Step { node, key });
        inside(self, place);
        place.0.pop();
    }
}
