//! A persistent sorted sequence: a B+ tree whose nodes are shared between versions.
//!
//! Cloning is a pointer copy; changing one of n items copies O(log n) nodes, or none where the
//! caller is the only holder; comparing two versions skips every node that both share.

use std::cmp::Ordering;
use std::sync::Arc;

/// Items in a node at most. Wide enough for shallow trees, narrow enough for cheap copies.
const NODE_ITEMS_MAX: usize = 16;
/// Below this a node is joined with a neighbour.
const NODE_ITEMS_MIN: usize = NODE_ITEMS_MAX / 4;

/// What a sequence sorts by.
pub trait Keyed {
    /// The owned form of the key, kept in inner nodes as a separator.
    type Key: Clone + std::fmt::Debug;
    /// The key of this item.
    fn key(&self) -> Self::Key;
    /// Compares this item's key with another key, without making a copy of either.
    fn cmp_key(&self, key: &Self::Key) -> Ordering;
    /// Compares two items by key.
    fn cmp_item(&self, other: &Self) -> Ordering;
    /// Compares two keys.
    fn cmp_keys(left: &Self::Key, right: &Self::Key) -> Ordering;
    /// Whether both are the same version of the same item, key and all, cheaply (by pointer).
    fn is_same(&self, other: &Self) -> bool;
}

/// A persistent sequence of items in ascending order of key, each key once.
#[derive(Debug)]
pub struct Sequence<T: Keyed> {
    root: Arc<Node<T>>,
    len: usize,
}

#[derive(Debug)]
enum Node<T: Keyed> {
    Leaf(Vec<T>),
    Inner(Vec<Branching<T>>),
}

/// A child of an inner node with the smallest key below it.
#[derive(Debug)]
struct Branching<T: Keyed> {
    first: T::Key,
    node: Arc<Node<T>>,
}

impl<T: Keyed + Clone> Clone for Node<T> {
    fn clone(&self) -> Self {
        match self {
            Self::Leaf(items) => Self::Leaf(items.clone()),
            Self::Inner(children) => Self::Inner(children.clone()),
        }
    }
}

impl<T: Keyed> Clone for Branching<T> {
    fn clone(&self) -> Self {
        Self { first: self.first.clone(), node: Arc::clone(&self.node) }
    }
}

impl<T: Keyed> Clone for Sequence<T> {
    fn clone(&self) -> Self {
        Self { root: Arc::clone(&self.root), len: self.len }
    }
}

impl<T: Keyed> Default for Sequence<T> {
    fn default() -> Self {
        Self { root: Arc::new(Node::Leaf(Vec::new())), len: 0 }
    }
}

impl<T: Keyed + Clone> Sequence<T> {
    /// Number of items.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is no item.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Whether both are the same version: equal without a look inside.
    pub fn ptr_eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.root, &other.root)
    }

    /// The item with this key.
    pub fn get(&self, key: &T::Key) -> Option<&T> {
        let mut node = &*self.root;
        loop {
            match node {
                Node::Leaf(items) => return find(items, key).ok().map(|at| &items[at]),
                Node::Inner(children) => node = &children[child_for::<T>(children, key)].node,
            }
        }
    }

    /// Access for change to the item with this key, which must keep its key. Shared nodes on the
    /// way are copied.
    pub fn get_mut(&mut self, key: &T::Key) -> Option<&mut T> {
        self.get(key)?;
        let mut node = Arc::make_mut(&mut self.root);
        loop {
            match node {
                Node::Leaf(items) => return find(items, key).ok().map(|at| &mut items[at]),
                Node::Inner(children) => {
                    let at = child_for::<T>(children, key);
                    node = Arc::make_mut(&mut children[at].node);
                }
            }
        }
    }

    /// Puts the item in its place and returns the one with the same key that it replaces.
    pub fn insert(&mut self, item: T) -> Option<T> {
        let key = item.key();
        let (replaced, split) = insert(Arc::make_mut(&mut self.root), item, &key);
        if let Some(right) = split {
            let left = Branching { first: first_key(&self.root), node: Arc::clone(&self.root) };
            self.root = Arc::new(Node::Inner(vec![left, right]));
        }
        self.len += usize::from(replaced.is_none());
        replaced
    }

    /// Takes the item with this key out.
    pub fn remove(&mut self, key: &T::Key) -> Option<T> {
        self.get(key)?;
        let removed = remove(Arc::make_mut(&mut self.root), key);
        self.len -= usize::from(removed.is_some());
        while let Node::Inner(children) = &*self.root {
            let [only] = &children[..] else { break };
            self.root = Arc::clone(&only.node);
        }
        removed
    }

    /// All items in ascending order of key.
    pub fn iter(&self) -> Iter<'_, T> {
        Iter { stack: vec![Pending::Node(&self.root)] }
    }

    /// Items from this key on, in ascending order of key.
    pub fn iter_from(&self, key: &T::Key) -> Iter<'_, T> {
        let mut stack = Vec::new();
        let mut node = &*self.root;
        loop {
            match node {
                Node::Leaf(items) => {
                    let at = items.partition_point(|item| item.cmp_key(key) == Ordering::Less);
                    stack.extend(items[at..].iter().rev().map(Pending::Item));
                    return Iter { stack };
                }
                Node::Inner(children) => {
                    let at = child_for::<T>(children, key);
                    let later = children[at + 1..].iter().rev();
                    stack.extend(later.map(|child| Pending::Node(&child.node)));
                    node = &children[at].node;
                }
            }
        }
    }

    /// The first item.
    pub fn first(&self) -> Option<&T> {
        first_item(&self.root)
    }

    /// The last item.
    pub fn last(&self) -> Option<&T> {
        let mut node = &*self.root;
        loop {
            match node {
                Node::Leaf(items) => return items.last(),
                Node::Inner(children) => node = &children.last()?.node,
            }
        }
    }

    /// The last item whose key is below `key`.
    pub fn before(&self, key: &T::Key) -> Option<&T> {
        before(&self.root, key)
    }

    /// The first item whose key is above `key`.
    pub fn after(&self, key: &T::Key) -> Option<&T> {
        after(&self.root, key)
    }

    /// Items that differ between two versions, in ascending order of key; what both versions
    /// share is skipped node by node.
    pub fn diff<'a>(&'a self, newer: &'a Self) -> SequenceDiff<'a, T> {
        SequenceDiff { old: self.iter().stack, new: newer.iter().stack }
    }
}

impl<T: Keyed + Clone> Sequence<T> {
    /// Builds from items that ascend by key, each key once, with full nodes and without a
    /// comparison.
    pub(crate) fn from_ascending(items: impl ExactSizeIterator<Item = T>) -> Self {
        let len = items.len();
        let mut items = items;
        let mut level: Vec<Branching<T>> = Vec::with_capacity(len.div_ceil(NODE_ITEMS_MAX));
        while items.len() > 0 {
            let size = items.len().min(NODE_ITEMS_MAX);
            let mut node = Vec::with_capacity(size);
            node.extend(items.by_ref().take(size));
            level.push(Branching { first: node[0].key(), node: Arc::new(Node::Leaf(node)) });
        }
        while level.len() > 1 {
            let mut children = level.into_iter();
            level = Vec::with_capacity(children.len().div_ceil(NODE_ITEMS_MAX));
            while children.len() > 0 {
                let node: Vec<_> = children.by_ref().take(NODE_ITEMS_MAX).collect();
                let first = node[0].first.clone();
                level.push(Branching { first, node: Arc::new(Node::Inner(node)) });
            }
        }
        match level.pop() {
            Some(root) => Self { root: root.node, len },
            None => Self::default(),
        }
    }
}

impl<T: Keyed + Clone> FromIterator<T> for Sequence<T> {
    /// Builds from items in any order; ascending order is the fast case. Of items with equal
    /// keys the last one stays.
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        let mut sequence = Self::default();
        for item in items {
            sequence.insert(item);
        }
        sequence
    }
}

fn find<T: Keyed>(items: &[T], key: &T::Key) -> Result<usize, usize> {
    // Building in ascending order is the common case: look at the end first.
    match items.last().map(|last| last.cmp_key(key)) {
        None | Some(Ordering::Less) => Err(items.len()),
        Some(Ordering::Equal) => Ok(items.len() - 1),
        Some(Ordering::Greater) => items.binary_search_by(|item| item.cmp_key(key)),
    }
}

fn child_for<T: Keyed>(children: &[Branching<T>], key: &T::Key) -> usize {
    children
        .partition_point(|child| T::cmp_keys(&child.first, key) != Ordering::Greater)
        .saturating_sub(1)
}

fn first_item<T: Keyed>(mut node: &Node<T>) -> Option<&T> {
    loop {
        match node {
            Node::Leaf(items) => return items.first(),
            Node::Inner(children) => node = &children.first()?.node,
        }
    }
}

fn first_key<T: Keyed>(node: &Node<T>) -> T::Key {
    first_item(node).map(T::key).expect("only the root may be empty")
}

/// Returns the replaced item, and the right half when the node had to split.
fn insert<T: Keyed + Clone>(
    node: &mut Node<T>,
    item: T,
    key: &T::Key,
) -> (Option<T>, Option<Branching<T>>) {
    match node {
        Node::Leaf(items) => match find(items, key) {
            Ok(at) => (Some(std::mem::replace(&mut items[at], item)), None),
            Err(at) => {
                items.insert(at, item);
                let right = split(items, at).map(|right| Branching {
                    first: right[0].key(),
                    node: Arc::new(Node::Leaf(right)),
                });
                (None, right)
            }
        },
        Node::Inner(children) => {
            let at = child_for::<T>(children, key);
            let child = &mut children[at];
            if T::cmp_keys(key, &child.first) == Ordering::Less {
                child.first = key.clone();
            }
            let (replaced, right) = insert(Arc::make_mut(&mut child.node), item, key);
            let Some(right) = right else { return (replaced, None) };
            children.insert(at + 1, right);
            let right = split(children, at + 1).map(|right| Branching {
                first: right[0].first.clone(),
                node: Arc::new(Node::Inner(right)),
            });
            (replaced, right)
        }
    }
}

/// Cuts an overfull node: before its last item while it grows at the end, so that sequences
/// built in ascending order have full nodes, else in the middle.
fn split<I>(items: &mut Vec<I>, inserted_at: usize) -> Option<Vec<I>> {
    if items.len() <= NODE_ITEMS_MAX {
        return None;
    }
    let at_end = inserted_at + 1 == items.len();
    let at = if at_end { items.len() - 1 } else { items.len() / 2 };
    Some(items.split_off(at))
}

fn remove<T: Keyed + Clone>(node: &mut Node<T>, key: &T::Key) -> Option<T> {
    match node {
        Node::Leaf(items) => find(items, key).ok().map(|at| items.remove(at)),
        Node::Inner(children) => {
            let at = child_for::<T>(children, key);
            let child = Arc::make_mut(&mut children[at].node);
            let removed = remove(child, key);
            match size(child) {
                0 => drop(children.remove(at)),
                few if few < NODE_ITEMS_MIN => join_neighbour(children, at),
                _ => children[at].first = first_key(&children[at].node),
            }
            removed
        }
    }
}

fn size<T: Keyed>(node: &Node<T>) -> usize {
    match node {
        Node::Leaf(items) => items.len(),
        Node::Inner(children) => children.len(),
    }
}

/// Joins the small node at `at` with a neighbour when both fit into one.
fn join_neighbour<T: Keyed + Clone>(children: &mut Vec<Branching<T>>, at: usize) {
    children[at].first = first_key(&children[at].node);
    let left = if at + 1 < children.len() { at } else { at.saturating_sub(1) };
    let Some(right) = children.get(left + 1) else { return };
    if size(&children[left].node) + size(&right.node) > NODE_ITEMS_MAX {
        return;
    }
    let right = children.remove(left + 1);
    match (Arc::make_mut(&mut children[left].node), &*right.node) {
        (Node::Leaf(items), Node::Leaf(more)) => items.extend(more.iter().cloned()),
        (Node::Inner(nodes), Node::Inner(more)) => nodes.extend(more.iter().cloned()),
        _ => unreachable!("siblings have the same height"),
    }
}

fn before<'a, T: Keyed>(node: &'a Node<T>, key: &T::Key) -> Option<&'a T> {
    match node {
        Node::Leaf(items) => {
            let at = items.partition_point(|item| item.cmp_key(key) == Ordering::Less);
            at.checked_sub(1).map(|at| &items[at])
        }
        Node::Inner(children) => {
            let at = child_for::<T>(children, key);
            children[..=at].iter().rev().find_map(|child| before(&child.node, key))
        }
    }
}

fn after<'a, T: Keyed>(node: &'a Node<T>, key: &T::Key) -> Option<&'a T> {
    match node {
        Node::Leaf(items) => {
            items.get(items.partition_point(|item| item.cmp_key(key) != Ordering::Greater))
        }
        Node::Inner(children) => {
            let at = child_for::<T>(children, key);
            children[at..].iter().find_map(|child| after(&child.node, key))
        }
    }
}

#[derive(Debug)]
enum Pending<'a, T: Keyed> {
    Node(&'a Node<T>),
    Item(&'a T),
}

impl<T: Keyed> Clone for Pending<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Keyed> Copy for Pending<'_, T> {}

impl<'a, T: Keyed> Pending<'a, T> {
    fn first(self) -> Option<&'a T> {
        match self {
            Self::Node(node) => first_item(node),
            Self::Item(item) => Some(item),
        }
    }

    fn height(self) -> usize {
        let Self::Node(mut node) = self else { return 0 };
        let mut height = 1;
        while let Node::Inner(children) = node {
            node = &children[0].node;
            height += 1;
        }
        height
    }
}

fn expand<'a, T: Keyed>(stack: &mut Vec<Pending<'a, T>>, node: &'a Node<T>) {
    match node {
        Node::Leaf(items) => stack.extend(items.iter().rev().map(Pending::Item)),
        Node::Inner(children) => {
            stack.extend(children.iter().rev().map(|child| Pending::Node(&child.node)));
        }
    }
}

/// Items of a [`Sequence`] in ascending order of key.
#[derive(Debug)]
pub struct Iter<'a, T: Keyed> {
    stack: Vec<Pending<'a, T>>,
}

impl<'a, T: Keyed> Iterator for Iter<'a, T> {
    type Item = &'a T;

    fn next(&mut self) -> Option<&'a T> {
        loop {
            match self.stack.pop()? {
                Pending::Item(item) => return Some(item),
                Pending::Node(node) => expand(&mut self.stack, node),
            }
        }
    }
}

/// A difference between two versions of a sequence: the item before and the item after, at
/// least one of them there.
pub type Difference<'a, T> = (Option<&'a T>, Option<&'a T>);

/// Iterator over the [`Difference`]s of two versions.
#[derive(Debug)]
pub struct SequenceDiff<'a, T: Keyed> {
    old: Vec<Pending<'a, T>>,
    new: Vec<Pending<'a, T>>,
}

impl<'a, T: Keyed> SequenceDiff<'a, T> {
    /// Opens the taller of two nodes (both when level), so that equal parts meet at one height.
    fn descend(&mut self, old: Pending<'a, T>, new: Pending<'a, T>) {
        let (old_height, new_height) = (old.height(), new.height());
        reopen(&mut self.old, old, old_height >= new_height);
        reopen(&mut self.new, new, new_height >= old_height);
    }
}

fn reopen<'a, T: Keyed>(stack: &mut Vec<Pending<'a, T>>, pending: Pending<'a, T>, open: bool) {
    match pending {
        Pending::Node(node) if open => expand(stack, node),
        other => stack.push(other),
    }
}

impl<'a, T: Keyed> Iterator for SequenceDiff<'a, T> {
    type Item = Difference<'a, T>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let (old, new) = match (self.old.pop(), self.new.pop()) {
                (None, None) => return None,
                (Some(Pending::Item(old)), None) => return Some((Some(old), None)),
                (None, Some(Pending::Item(new))) => return Some((None, Some(new))),
                (Some(Pending::Node(node)), None) => {
                    expand(&mut self.old, node);
                    continue;
                }
                (None, Some(Pending::Node(node))) => {
                    expand(&mut self.new, node);
                    continue;
                }
                (Some(old), Some(new)) => (old, new),
            };
            // What both share needs no look at its keys.
            match (old, new) {
                (Pending::Node(left), Pending::Node(right)) if std::ptr::eq(left, right) => {
                    continue;
                }
                (Pending::Item(left), Pending::Item(right)) if left.is_same(right) => continue,
                _ => {}
            }
            let (Some(first_old), Some(first_new)) = (old.first(), new.first()) else {
                // An empty root: open both, the empty one vanishes.
                self.descend(old, new);
                continue;
            };
            match (old, new, first_old.cmp_item(first_new)) {
                (Pending::Item(left), Pending::Item(right), Ordering::Equal) => {
                    return Some((Some(left), Some(right)));
                }
                (Pending::Item(left), _, Ordering::Less) => {
                    self.new.push(new);
                    return Some((Some(left), None));
                }
                (_, Pending::Item(right), Ordering::Greater) => {
                    self.old.push(old);
                    return Some((None, Some(right)));
                }
                _ => self.descend(old, new),
            }
        }
    }
}

#[cfg(test)]
mod tests;
