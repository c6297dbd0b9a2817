//! Outputs of many instances as one tree, by difference.
//!
//! A changed output is merged in two rounds over all changed instances: first everything that
//! is written no more, or written otherwise, is released; then everything new is claimed. So two
//! instances that change a shared leaf from one value to another in one transaction agree.
//!
//! What one instance alone writes stays shared with its output, pointer for pointer: a merged
//! tree costs little more than the outputs it is made of.

use yang::{NodeId, NodeKind, Schema};
use yang_data::{Branch, Content, Entry, Key, LeafList, LeafListEntry, List, Origin, Slot, Step};
use yang_data::{Path, Value};

use crate::change::pairs;
use crate::ownership::Ownership;

/// Two origins that want different values at one place.
#[derive(Debug)]
pub(crate) struct Clash {
    pub(crate) path: Path,
    pub(crate) there: (Content, Origin),
    pub(crate) wanted: (Content, Origin),
}

/// Conflicts that are reported of one change at most; more would not help anybody.
const CLASHES_MAX: usize = 100;

/// One changed output on its way into a tree.
pub(crate) struct Merge<'a> {
    pub(crate) schema: &'a Schema,
    pub(crate) ownership: &'a mut Ownership,
    /// The instance whose output it is.
    pub(crate) source: Origin,
    pub(crate) clashes: &'a mut Vec<Clash>,
    /// Lists and leaf-lists in user order that several instances write.
    pub(crate) reorder: &'a mut Vec<Path>,
    trail: Vec<Step>,
}

impl<'a> Merge<'a> {
    pub(crate) fn new(
        schema: &'a Schema,
        ownership: &'a mut Ownership,
        source: Origin,
        clashes: &'a mut Vec<Clash>,
        reorder: &'a mut Vec<Path>,
    ) -> Self {
        Self { schema, ownership, source, clashes, reorder, trail: Vec::new() }
    }

    /// First round: takes out of `tree` what is in `old` and not the same in `new`.
    pub(crate) fn release(&mut self, tree: &mut Branch, old: &Branch, new: &Branch) {
        if old.ptr_eq(new) {
            return;
        }
        for (node, old, new) in pairs(old, new) {
            let Some(old) = old else { continue };
            self.release_slot(tree, node, old, new);
        }
    }

    fn release_slot(&mut self, tree: &mut Branch, node: NodeId, old: &Slot, new: Option<&Slot>) {
        match (&old.content, new.map(|slot| &slot.content)) {
            (Content::Leaf(_) | Content::Any(_), new) => {
                if new != Some(&old.content) {
                    self.release_value(tree, node);
                }
            }
            (Content::Container(old), new) => {
                let new = match new {
                    Some(Content::Container(new)) => Some(new),
                    _ => None,
                };
                self.release_container(tree, node, old, new);
            }
            (Content::List(old), new) => {
                let new = match new {
                    Some(Content::List(new)) => Some(new),
                    _ => None,
                };
                self.release_list(tree, node, old, new);
            }
            (Content::LeafList(old), new) => {
                let new = match new {
                    Some(Content::LeafList(new)) => Some(new),
                    _ => None,
                };
                self.release_leaf_list(tree, node, old, new);
            }
        }
    }

    fn release_value(&mut self, tree: &mut Branch, node: NodeId) {
        let Some(slot) = tree.slot(node) else { return };
        match self.ownership.leave(slot.origin, self.source) {
            None => tree.unset(node),
            Some(origin) => {
                let slot = Slot { origin, ..slot.clone() };
                tree.set(slot);
            }
        }
    }

    fn release_container(
        &mut self,
        tree: &mut Branch,
        node: NodeId,
        old: &Branch,
        new: Option<&Branch>,
    ) {
        let Some(slot) = tree.slot(node) else { return };
        let presence = self.schema.node(node).is_presence();
        let Content::Container(there) = &slot.content else { return };
        if new.is_none() && there.ptr_eq(old) && (!presence || slot.origin == self.source) {
            tree.unset(node);
            return;
        }
        let Some(Content::Container(there)) = tree.content_mut(node) else { return };
        self.release(there, old, new.unwrap_or(&Branch::default()));
        if presence {
            if new.is_none() {
                self.release_value(tree, node);
            }
        } else if there.is_empty() {
            tree.unset(node);
        }
    }

    fn release_list(&mut self, tree: &mut Branch, node: NodeId, old: &List, new: Option<&List>) {
        let Some(Content::List(there)) = tree.content_mut(node) else { return };
        match new {
            None if there.ptr_eq(old) => {
                tree.unset(node);
                return;
            }
            None => old.iter_by_key().for_each(|old| self.release_entry(there, old, None)),
            Some(new) => {
                for (old, new) in old.diff(new) {
                    if let Some(old) = old {
                        self.release_entry(there, old, new);
                    }
                }
            }
        }
        if there.is_empty() {
            tree.unset(node);
        }
    }

    fn release_entry(&mut self, list: &mut List, old: &Entry, new: Option<&Entry>) {
        let key = old.key_value();
        let Some(there) = list.get(&key) else { return };
        if new.is_none() && there.origin == self.source && there.branch.ptr_eq(&old.branch) {
            list.remove(&key);
            return;
        }
        let origin = there.origin;
        let leaves = old.key_leaf_count();
        let Some(there) = list.get_mut(&key) else { return };
        match new {
            Some(new) => self.release(&mut there.branch, &old.branch, &new.branch),
            None => {
                for slot in old.branch.slots().iter().skip(leaves) {
                    self.release_slot(&mut there.branch, slot.node, slot, None);
                }
                match self.ownership.leave(origin, self.source) {
                    Some(origin) => there.origin = origin,
                    None => drop(list.remove(&key)),
                }
            }
        }
    }

    fn release_leaf_list(
        &mut self,
        tree: &mut Branch,
        node: NodeId,
        old: &LeafList,
        new: Option<&LeafList>,
    ) {
        let Some(Content::LeafList(there)) = tree.content_mut(node) else { return };
        for entry in old.iter_by_key() {
            if new.is_some_and(|new| new.get(&entry.value).is_some()) {
                continue;
            }
            let Some(origin) = there.get(&entry.value).map(|entry| entry.origin) else { continue };
            match (self.ownership.leave(origin, self.source), there.get_mut(&entry.value)) {
                (Some(origin), Some(there)) => there.origin = origin,
                _ => drop(there.remove(&entry.value)),
            }
        }
        if there.is_empty() {
            tree.unset(node);
        }
    }

    /// Second round: puts into `tree` what is in `new` and not the same in `old`.
    pub(crate) fn claim(&mut self, tree: &mut Branch, old: &Branch, new: &Branch) {
        if old.ptr_eq(new) {
            return;
        }
        for (node, old, new) in pairs(old, new) {
            let Some(new) = new else { continue };
            self.claim_slot(tree, node, old, new);
        }
    }

    fn claim_slot(&mut self, tree: &mut Branch, node: NodeId, old: Option<&Slot>, new: &Slot) {
        if tree.slot(node).is_none() {
            tree.set(new.clone());
            return;
        }
        match (&new.content, old.map(|slot| &slot.content)) {
            (Content::Leaf(_) | Content::Any(_), old) => {
                if old != Some(&new.content) {
                    self.claim_value(tree, node, &new.content);
                }
            }
            (Content::Container(new), old) => {
                let old = match old {
                    Some(Content::Container(old)) => Some(old),
                    _ => None,
                };
                if old.is_none() && self.schema.node(node).is_presence() {
                    self.join_slot(tree, node);
                }
                self.within(Step { node, key: None }, |this| {
                    if let Some(Content::Container(there)) = tree.content_mut(node) {
                        this.claim(there, old.unwrap_or(&Branch::default()), new);
                    }
                });
            }
            (Content::List(new), old) => {
                let old = match old {
                    Some(Content::List(old)) => Some(old),
                    _ => None,
                };
                self.claim_list(tree, node, old, new);
            }
            (Content::LeafList(new), old) => {
                let old = match old {
                    Some(Content::LeafList(old)) => Some(old),
                    _ => None,
                };
                self.claim_leaf_list(tree, node, old, new);
            }
        }
    }

    fn claim_value(&mut self, tree: &mut Branch, node: NodeId, wanted: &Content) {
        let Some(slot) = tree.slot(node) else { return };
        if slot.content == *wanted {
            self.join_slot(tree, node);
        } else if self.clashes.len() < CLASHES_MAX {
            let path = Path(self.trail.clone()).child(node);
            let there = (slot.content.clone(), slot.origin);
            self.clashes.push(Clash { path, there, wanted: (wanted.clone(), self.source) });
        }
    }

    fn join_slot(&mut self, tree: &mut Branch, node: NodeId) {
        let Some(slot) = tree.slot(node) else { return };
        let origin = self.ownership.join(slot.origin, self.source);
        let slot = Slot { origin, ..slot.clone() };
        tree.set(slot);
    }

    fn claim_list(&mut self, tree: &mut Branch, node: NodeId, old: Option<&List>, new: &List) {
        let Some(Content::List(there)) = tree.content_mut(node) else { return };
        let empty = List::new(new.is_user_ordered());
        for (old, new) in old.unwrap_or(&empty).diff(new) {
            if let Some(new) = new {
                self.claim_entry(node, there, old, new);
            }
        }
        if new.is_user_ordered() && !there.ptr_eq(new) {
            self.reorder.push(Path(self.trail.clone()).child(node));
        }
    }

    fn claim_entry(&mut self, node: NodeId, list: &mut List, old: Option<&Entry>, new: &Entry) {
        let key = new.key_value();
        let Some(there) = list.get_mut(&key) else {
            list.insert(new.clone());
            return;
        };
        if old.is_none() {
            there.origin = self.ownership.join(there.origin, self.source);
        }
        self.within(Step { node, key: Some(key) }, |this| match old {
            Some(old) => this.claim(&mut there.branch, &old.branch, &new.branch),
            None => {
                for slot in new.branch.slots().iter().skip(new.key_leaf_count()) {
                    this.claim_slot(&mut there.branch, slot.node, None, slot);
                }
            }
        });
    }

    fn claim_leaf_list(
        &mut self,
        tree: &mut Branch,
        node: NodeId,
        old: Option<&LeafList>,
        new: &LeafList,
    ) {
        let Some(Content::LeafList(there)) = tree.content_mut(node) else { return };
        for entry in new.iter() {
            if old.is_some_and(|old| old.get(&entry.value).is_some()) {
                continue;
            }
            match there.get_mut(&entry.value) {
                Some(there) => there.origin = self.ownership.join(there.origin, self.source),
                None => drop(there.insert(LeafListEntry::new(entry.value.clone(), self.source))),
            }
        }
        if new.is_user_ordered() && !there.ptr_eq(new) {
            self.reorder.push(Path(self.trail.clone()).child(node));
        }
    }

    fn within(&mut self, step: Step, work: impl FnOnce(&mut Self)) {
        self.trail.push(step);
        work(self);
        self.trail.pop();
    }
}

/// Gives a user-ordered list or leaf-list the one order that does not depend on the order of
/// edits: entries of the first writer (by `rank`) in its order, then those of the next.
///
/// `rank` gives, for an entry's origin and key, the writer's rank and the entry's place in its
/// output.
pub(crate) fn reorder<R: Ord>(
    schema: &Schema,
    tree: &mut Branch,
    path: &Path,
    rank: impl Fn(Origin, &Key) -> R,
) {
    let Some((last, parents)) = path.steps().split_last() else { return };
    // Another instance may have emptied it meanwhile.
    if tree.find(path.steps()).is_none() {
        return;
    }
    let parent =
        parents.iter().fold(tree, |branch, step| branch.step_mut(schema, step, Origin::NONE));
    match (parent.content_mut(last.node), schema.node(last.node).kind()) {
        (Some(Content::List(list)), NodeKind::List) => {
            let mut entries: Vec<_> = list.iter().cloned().collect();
            entries.sort_by_cached_key(|entry| rank(entry.origin, &entry.key_value()));
            *list = List::new(true);
            entries.into_iter().for_each(|entry| drop(list.insert(entry)));
        }
        (Some(Content::LeafList(list)), NodeKind::LeafList) => {
            let mut entries: Vec<_> = list.iter().cloned().collect();
            let key = |value: &Value| Key::One(value.clone());
            entries.sort_by_cached_key(|entry| rank(entry.origin, &key(&entry.value)));
            *list = LeafList::new(true);
            entries.into_iter().for_each(|entry| drop(list.insert(entry)));
        }
        _ => {}
    }
}
