//! Comparing two versions.

use std::cmp::Ordering;

use yang::{NodeId, Schema};

use super::moves::stay;
use super::{Change, Diff, DiffNode, Item};
use crate::{Branch, Content, Entry, Key, LeafListEntry, Ordered, Place, Placed, Slot, Tree};

/// What is different in `new`. Origins are not compared.
pub fn diff(old: &Tree, new: &Tree) -> Diff {
    diff_branch(old.schema(), old.root(), new.root())
}

/// The same for the children of two versions of one container, entry or root.
pub fn diff_branch(schema: &Schema, old: &Branch, new: &Branch) -> Diff {
    Diff { nodes: branches(schema, old, new) }
}

fn branches(schema: &Schema, old: &Branch, new: &Branch) -> Vec<DiffNode> {
    let mut nodes = Vec::new();
    if old.ptr_eq(new) {
        return nodes;
    }
    let (mut left, mut right) = (old.slots(), new.slots());
    loop {
        let order = match (left.first(), right.first()) {
            (None, None) => return nodes,
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(old), Some(new)) => old.node.cmp(&new.node),
        };
        match order {
            Ordering::Less => deleted(&left[0], &mut nodes),
            Ordering::Greater => created(&right[0], &mut nodes),
            Ordering::Equal => both(schema, &left[0], &right[0], &mut nodes),
        }
        left = &left[usize::from(order != Ordering::Greater)..];
        right = &right[usize::from(order != Ordering::Less)..];
    }
}

fn deleted(slot: &Slot, nodes: &mut Vec<DiffNode>) {
    let mut push = |key, old| {
        nodes.push(DiffNode { node: slot.node, key, change: Change::Deleted { old } });
    };
    match &slot.content {
        Content::List(list) => {
            list.iter().for_each(|entry| push(Some(entry.diff_key()), entry.item()));
        }
        Content::LeafList(list) => {
            list.iter().for_each(|entry| push(Some(entry.diff_key()), entry.item()));
        }
        content => push(None, item(content)),
    }
}

fn created(slot: &Slot, nodes: &mut Vec<DiffNode>) {
    let mut push = |key, new| {
        nodes.push(DiffNode { node: slot.node, key, change: Change::Created { new, place: None } });
    };
    match &slot.content {
        Content::List(list) => {
            list.iter().for_each(|entry| push(Some(entry.diff_key()), entry.item()));
        }
        Content::LeafList(list) => {
            list.iter().for_each(|entry| push(Some(entry.diff_key()), entry.item()));
        }
        content => push(None, item(content)),
    }
}

/// What a leaf, container or anydata holds.
fn item(content: &Content) -> Item {
    match content {
        Content::Leaf(value) => Item::Value(value.clone()),
        Content::Container(branch) => Item::Branch(branch.clone()),
        Content::Any(any) => Item::Any(any.clone()),
        Content::List(_) | Content::LeafList(_) => unreachable!("lists go entry by entry"),
    }
}

fn both(schema: &Schema, old: &Slot, new: &Slot, nodes: &mut Vec<DiffNode>) {
    let node = new.node;
    match (&old.content, &new.content) {
        (Content::Container(left), Content::Container(right)) => {
            let children = branches(schema, left, right);
            if !children.is_empty() {
                let change = Change::Inside { children, place: None };
                nodes.push(DiffNode { node, key: None, change });
            }
        }
        (Content::List(left), Content::List(right)) => {
            if left.ptr_eq(right) {
                return;
            }
            if schema.node(node).keys().is_empty() {
                if left != right {
                    deleted(old, nodes);
                    created(new, nodes);
                }
                return;
            }
            let inside =
                |left: &Entry, right: &Entry| branches(schema, &left.branch, &right.branch);
            Lists { node, left, right, inside: &inside }.compare(nodes);
        }
        (Content::LeafList(left), Content::LeafList(right)) => {
            let inside = |_: &LeafListEntry, _: &LeafListEntry| Vec::new();
            Lists { node, left, right, inside: &inside }.compare(nodes);
        }
        (left, right) => {
            if left != right {
                let change = Change::Replaced { old: item(left), new: item(right) };
                nodes.push(DiffNode { node, key: None, change });
            }
        }
    }
}

/// What list and leaf-list entries have in common here.
trait Compared: Placed {
    fn diff_key(&self) -> Key;
    fn item(&self) -> Item;
}

impl Compared for Entry {
    fn diff_key(&self) -> Key {
        self.key_value()
    }

    fn item(&self) -> Item {
        Item::Branch(self.branch.clone())
    }
}

impl Compared for LeafListEntry {
    fn diff_key(&self) -> Key {
        Key::One(self.value.clone())
    }

    fn item(&self) -> Item {
        Item::Value(self.value.clone())
    }
}

/// Two versions of a list or leaf-list.
struct Lists<'a, T: Placed> {
    node: NodeId,
    left: &'a Ordered<T>,
    right: &'a Ordered<T>,
    inside: &'a dyn Fn(&T, &T) -> Vec<DiffNode>,
}

impl<T: Compared> Lists<'_, T> {
    fn compare(&self, nodes: &mut Vec<DiffNode>) {
        if self.left.ptr_eq(self.right) {
            return;
        }
        if self.right.is_user_ordered() {
            self.by_place(nodes);
        } else {
            self.by_key(nodes);
        }
    }

    fn by_key(&self, nodes: &mut Vec<DiffNode>) {
        for (old, new) in self.left.diff(self.right) {
            match (old, new) {
                (Some(old), Some(new)) => self.changed(old, new, None, nodes),
                (Some(old), None) => self.gone(old, nodes),
                (None, Some(new)) => self.fresh(new, None, nodes),
                (None, None) => {}
            }
        }
    }

    /// Removed entries first, then the new order from its head: each new or moved entry is put
    /// behind the one before it, which is in place by then.
    fn by_place(&self, nodes: &mut Vec<DiffNode>) {
        for (old, new) in self.left.diff(self.right) {
            if let (Some(old), None) = (old, new) {
                self.gone(old, nodes);
            }
        }
        let pairs: Vec<(Option<&T>, &T)> =
            self.right.iter().map(|new| (self.left.get(&new.key()), new)).collect();
        let places: Vec<u64> = pairs.iter().filter_map(|(old, _)| old.map(T::position)).collect();
        let mut stays = stay(&places).into_iter();
        let stays: Vec<bool> =
            pairs.iter().map(|(old, _)| old.is_some() && stays.next() == Some(true)).collect();
        let tail = stays.iter().rposition(|stays| *stays).map_or(0, |last| last + 1);
        for (at, (old, new)) in pairs.iter().enumerate() {
            let place = || match at.checked_sub(1) {
                None => Place::First,
                Some(before) => Place::After(pairs[before].1.diff_key()),
            };
            match old {
                Some(old) => self.changed(old, new, (!stays[at]).then(place), nodes),
                None => self.fresh(new, (at < tail).then(place), nodes),
            }
        }
    }

    fn changed(&self, old: &T, new: &T, place: Option<Place<Key>>, nodes: &mut Vec<DiffNode>) {
        let children = (self.inside)(old, new);
        if !children.is_empty() || place.is_some() {
            self.push(new, Change::Inside { children, place }, nodes);
        }
    }

    fn gone(&self, old: &T, nodes: &mut Vec<DiffNode>) {
        self.push(old, Change::Deleted { old: old.item() }, nodes);
    }

    fn fresh(&self, new: &T, place: Option<Place<Key>>, nodes: &mut Vec<DiffNode>) {
        self.push(new, Change::Created { new: new.item(), place }, nodes);
    }

    fn push(&self, entry: &T, change: Change, nodes: &mut Vec<DiffNode>) {
        nodes.push(DiffNode { node: self.node, key: Some(entry.diff_key()), change });
    }
}
