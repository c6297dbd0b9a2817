//! Lists and leaf-lists: entries by key, and in the user's order where the schema says so.

use std::cmp::Ordering;

use crate::sequence::{Iter, Keyed, Sequence, SequenceDiff};
use crate::{Branch, Key, Origin, Value};

/// One entry of a list.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Who put it here.
    pub origin: Origin,
    /// Its children, key leaves first.
    pub branch: Branch,
    /// Number of key leaves at the head of `branch`.
    pub(crate) key_leaves: u8,
    /// Place in a user-ordered list; 0 elsewhere.
    pub(crate) position: u64,
}

impl Entry {
    /// An entry whose first `key_leaves` children are its key leaves.
    pub fn new(branch: Branch, key_leaves: u8, origin: Origin) -> Self {
        debug_assert!(branch.slots().len() >= usize::from(key_leaves), "key leaves are there");
        Self { origin, branch, key_leaves, position: 0 }
    }

    /// Number of key leaves at the head of its children.
    pub fn key_leaf_count(&self) -> usize {
        self.key_leaves.into()
    }

    /// The same entry without a place, for another list.
    pub(crate) fn anywhere(mut self) -> Self {
        self.position = 0;
        self
    }

    /// The values of its key leaves; its place in a list without keys.
    pub fn key_value(&self) -> Key {
        match self.key_leaves {
            0 => Key::One(Value::Uint(self.position)),
            leaves => self.branch.key(leaves.into()),
        }
    }
}

impl Keyed for Entry {
    type Key = Key;

    fn key(&self) -> Key {
        self.key_value()
    }

    fn cmp_key(&self, key: &Key) -> Ordering {
        match self.key_leaves {
            0 => self.key_value().values().cmp(key.values()),
            leaves => self.branch.key_values(leaves.into()).cmp(key.values()),
        }
    }

    fn cmp_item(&self, other: &Self) -> Ordering {
        match self.key_leaves {
            0 => self.position.cmp(&other.position),
            leaves => self
                .branch
                .key_values(leaves.into())
                .cmp(other.branch.key_values(other.key_leaves.into())),
        }
    }

    fn cmp_keys(left: &Key, right: &Key) -> Ordering {
        left.values().cmp(right.values())
    }

    fn is_same(&self, other: &Self) -> bool {
        self.branch.ptr_eq(&other.branch)
            && self.position == other.position
            && self.origin == other.origin
    }
}

/// One entry of a leaf-list.
#[derive(Clone, Debug)]
pub struct LeafListEntry {
    /// Who put it here.
    pub origin: Origin,
    /// The value.
    pub value: Value,
    /// Place in a user-ordered leaf-list; 0 elsewhere.
    pub(crate) position: u64,
}

impl LeafListEntry {
    /// An entry with a value.
    pub fn new(value: Value, origin: Origin) -> Self {
        Self { origin, value, position: 0 }
    }
}

impl Keyed for LeafListEntry {
    type Key = Value;

    fn key(&self) -> Value {
        self.value.clone()
    }

    fn cmp_key(&self, key: &Value) -> Ordering {
        self.value.cmp(key)
    }

    fn cmp_item(&self, other: &Self) -> Ordering {
        self.value.cmp(&other.value)
    }

    fn cmp_keys(left: &Value, right: &Value) -> Ordering {
        left.cmp(right)
    }

    fn is_same(&self, other: &Self) -> bool {
        self.value == other.value && self.position == other.position && self.origin == other.origin
    }
}

/// An entry of an [`Ordered`] collection: it can be told its place.
pub trait Placed: Keyed + Clone {
    /// Its place, ascending along the user's order.
    fn position(&self) -> u64;
    /// Sets its place.
    fn set_position(&mut self, position: u64);
}

impl Placed for Entry {
    fn position(&self) -> u64 {
        self.position
    }

    fn set_position(&mut self, position: u64) {
        self.position = position;
    }
}

impl Placed for LeafListEntry {
    fn position(&self) -> u64 {
        self.position
    }

    fn set_position(&mut self, position: u64) {
        self.position = position;
    }
}

/// Where an entry goes in a user-ordered collection (RFC 7950, section 7.8.6).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place<K> {
    /// Before all others.
    First,
    /// Behind all others; the place of new entries when nothing is said.
    Last,
    /// Right before the entry with this key.
    Before(K),
    /// Right behind the entry with this key.
    After(K),
}

/// Entries of a list ([`List`]) or leaf-list ([`LeafList`]).
///
/// System-ordered entries are found and kept by key. User-ordered ones are found by key and
/// iterated by place; each has a 64-bit position with gaps, so that an insertion or a move
/// touches one entry, and all of them only when a gap is used up.
#[derive(Clone, Debug)]
pub struct Ordered<T: Placed> {
    by_key: Sequence<T>,
    by_place: Option<Sequence<ByPlaceKey<T>>>,
}

/// Entries of a YANG list. A list without keys (state data only) is user-ordered, and the place
/// of an entry stands for its key.
pub type List = Ordered<Entry>;
/// Entries of a YANG leaf-list, each value once.
pub type LeafList = Ordered<LeafListEntry>;

/// Distance between neighbours that are appended.
const POSITION_GAP: u64 = 1 << 32;
/// Place of the first entry; room for insertions before it.
const POSITION_FIRST: u64 = 1 << 62;

/// The last number that has a position.
pub(crate) const ORDINAL_MAX: u64 = (u64::MAX - POSITION_FIRST) / POSITION_GAP + 1;

/// The position of the entry that was appended as number `ordinal`, from 1. In lists without
/// keys, where nothing is ever inserted between, this is the number in `[n]` of a path.
pub(crate) fn position_of_ordinal(ordinal: u64) -> u64 {
    POSITION_FIRST.saturating_add(ordinal.saturating_sub(1).saturating_mul(POSITION_GAP))
}

/// The inverse of [`position_of_ordinal`].
pub(crate) fn ordinal(position: u64) -> u64 {
    position.saturating_sub(POSITION_FIRST) / POSITION_GAP + 1
}

/// The key of an entry, sorted by the entry's place.
#[derive(Clone, Debug)]
pub struct ByPlaceKey<T: Placed> {
    position: u64,
    key: T::Key,
}

impl<T: Placed> Keyed for ByPlaceKey<T> {
    type Key = u64;

    fn key(&self) -> u64 {
        self.position
    }

    fn cmp_key(&self, key: &u64) -> Ordering {
        self.position.cmp(key)
    }

    fn cmp_item(&self, other: &Self) -> Ordering {
        self.position.cmp(&other.position)
    }

    fn cmp_keys(left: &u64, right: &u64) -> Ordering {
        left.cmp(right)
    }

    fn is_same(&self, _: &Self) -> bool {
        false
    }
}

impl<T: Placed> Ordered<T> {
    /// An empty collection, ordered by the user or by key.
    pub fn new(user_ordered: bool) -> Self {
        Self { by_key: Sequence::default(), by_place: user_ordered.then(Sequence::default) }
    }

    /// Builds from all entries in document order at once. Of entries with equal keys the first
    /// stays; each other one is handed to `on_duplicate` with its mark.
    pub(crate) fn from_document<M>(
        user_ordered: bool,
        mut entries: Vec<(M, T)>,
        mut on_duplicate: impl FnMut(M, T),
    ) -> Self {
        if user_ordered {
            for (ordinal, (_, entry)) in (1..).zip(&mut entries) {
                entry.set_position(position_of_ordinal(ordinal));
            }
        }
        if !entries.is_sorted_by(|left, right| left.1.cmp_item(&right.1) == Ordering::Less) {
            entries.sort_by(|left, right| left.1.cmp_item(&right.1));
            entries = without_duplicates(entries, &mut on_duplicate);
        }
        let by_place = user_ordered.then(|| {
            let mut places: Vec<ByPlaceKey<T>> = entries
                .iter()
                .map(|(_, entry)| ByPlaceKey { position: entry.position(), key: entry.key() })
                .collect();
            places.sort_by_key(|place| place.position);
            Sequence::from_ascending(places.into_iter())
        });
        let by_key = Sequence::from_ascending(entries.into_iter().map(|(_, entry)| entry));
        Self { by_key, by_place }
    }

    /// Whether the user's order counts.
    pub fn is_user_ordered(&self) -> bool {
        self.by_place.is_some()
    }

    /// Number of entries.
    pub fn len(&self) -> usize {
        self.by_key.len()
    }

    /// Whether there is no entry.
    pub fn is_empty(&self) -> bool {
        self.by_key.is_empty()
    }

    /// Whether both are the same version: equal without a look inside.
    pub fn ptr_eq(&self, other: &Self) -> bool {
        self.by_key.ptr_eq(&other.by_key)
    }

    /// The entry with this key.
    pub fn get(&self, key: &T::Key) -> Option<&T> {
        self.by_key.get(key)
    }

    /// Entries in their order: the user's, or ascending by key.
    pub fn iter(&self) -> OrderedIter<'_, T> {
        match &self.by_place {
            None => OrderedIter::ByKey(self.by_key.iter()),
            Some(places) => OrderedIter::ByPlace(places.iter(), &self.by_key),
        }
    }

    /// Entries ascending by key, whatever the order.
    pub fn iter_by_key(&self) -> Iter<'_, T> {
        self.by_key.iter()
    }

    /// Entries that differ between two versions, ascending by key; shared parts are skipped. A
    /// moved entry counts as different.
    pub fn diff<'a>(&'a self, newer: &'a Self) -> SequenceDiff<'a, T> {
        self.by_key.diff(&newer.by_key)
    }

    /// Puts an entry in: in place of the one with the same key, which keeps its place, else
    /// behind all others. Returns the one replaced.
    pub fn insert(&mut self, mut entry: T) -> Option<T> {
        if let Some(places) = &mut self.by_place {
            let known = self.by_key.get(&entry.key()).map(T::position);
            entry.set_position(known.unwrap_or_else(|| behind(places.last())));
            if known.is_none() {
                places.insert(ByPlaceKey { position: entry.position(), key: entry.key() });
            }
        }
        self.by_key.insert(entry)
    }

    /// Access for change to the entry with this key, which must keep its key and place.
    pub fn get_mut(&mut self, key: &T::Key) -> Option<&mut T> {
        self.by_key.get_mut(key)
    }

    /// Takes the entry with this key out.
    pub fn remove(&mut self, key: &T::Key) -> Option<T> {
        let removed = self.by_key.remove(key)?;
        if let Some(places) = &mut self.by_place {
            places.remove(&removed.position());
        }
        Some(removed)
    }

    /// Moves the entry with this key. Nothing happens in system-ordered collections.
    ///
    /// # Errors
    /// [`NoSuchEntry`] when the entry, or the one it is to go next to, is not there.
    pub fn move_to(&mut self, key: &T::Key, place: &Place<T::Key>) -> Result<(), NoSuchEntry> {
        let mut entry = self.by_key.get(key).cloned().ok_or(NoSuchEntry)?;
        if !self.is_user_ordered() {
            return Ok(());
        }
        if let Place::Before(anchor) | Place::After(anchor) = place {
            self.by_key.get(anchor).ok_or(NoSuchEntry)?;
            if T::cmp_keys(anchor, key) == Ordering::Equal {
                return Ok(());
            }
        }
        if let Some(places) = &mut self.by_place {
            places.remove(&entry.position());
        }
        let position = match self.gap_at(place) {
            Some(position) => position,
            None => {
                self.spread();
                self.gap_at(place).expect("positions were just spread out")
            }
        };
        entry.set_position(position);
        self.by_key.insert(entry);
        if let Some(places) = &mut self.by_place {
            places.insert(ByPlaceKey { position, key: key.clone() });
        }
        Ok(())
    }

    /// A free position at a place, or `None` when its neighbours are too close.
    fn gap_at(&self, place: &Place<T::Key>) -> Option<u64> {
        let places = self.by_place.as_ref()?;
        let at = |entry: Option<&ByPlaceKey<T>>| entry.map(|entry| entry.position);
        let of = |key: &T::Key| self.by_key.get(key).map(T::position);
        let (low, high) = match place {
            Place::First => (None, at(places.first())),
            Place::Last => (at(places.last()), None),
            Place::Before(key) => (at(places.before(&of(key)?)), of(key)),
            Place::After(key) => (of(key), at(places.after(&of(key)?))),
        };
        match (low, high) {
            (None, None) => Some(POSITION_FIRST),
            (Some(low), None) => low.checked_add(POSITION_GAP),
            (None, Some(high)) => high.checked_sub(POSITION_GAP).or((high > 0).then_some(high / 2)),
            (Some(low), Some(high)) => {
                let middle = low + (high - low) / 2;
                (middle > low).then_some(middle)
            }
        }
    }

    /// Gives every entry a new position, evenly apart.
    fn spread(&mut self) {
        let Some(places) = &self.by_place else { return };
        let keys: Vec<_> = places.iter().map(|place| place.key.clone()).collect();
        let mut spread = Sequence::default();
        let mut position = POSITION_FIRST;
        for key in keys {
            let Some(mut entry) = self.by_key.get(&key).cloned() else { continue };
            entry.set_position(position);
            self.by_key.insert(entry);
            spread.insert(ByPlaceKey { position, key });
            position += POSITION_GAP;
        }
        self.by_place = Some(spread);
    }
}

fn without_duplicates<M, T: Placed>(
    entries: Vec<(M, T)>,
    on_duplicate: &mut impl FnMut(M, T),
) -> Vec<(M, T)> {
    let mut unique: Vec<(M, T)> = Vec::with_capacity(entries.len());
    for (mark, entry) in entries {
        match unique.last() {
            Some((_, last)) if last.cmp_item(&entry) == Ordering::Equal => {
                on_duplicate(mark, entry);
            }
            _ => unique.push((mark, entry)),
        }
    }
    unique
}

/// The position of an entry appended behind `last`.
fn behind<T: Placed>(last: Option<&ByPlaceKey<T>>) -> u64 {
    last.map_or(POSITION_FIRST, |last| last.position.saturating_add(POSITION_GAP))
}

/// The entry that was to be moved, or the one it was to go next to, does not exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no entry with this key")]
pub struct NoSuchEntry;

/// Entries in their order.
#[derive(Debug)]
pub enum OrderedIter<'a, T: Placed> {
    /// Ascending by key.
    ByKey(Iter<'a, T>),
    /// In the user's order.
    ByPlace(Iter<'a, ByPlaceKey<T>>, &'a Sequence<T>),
}

impl<'a, T: Placed> Iterator for OrderedIter<'a, T> {
    type Item = &'a T;

    fn next(&mut self) -> Option<&'a T> {
        match self {
            Self::ByKey(entries) => entries.next(),
            Self::ByPlace(places, entries) => {
                places.next().and_then(|place| entries.get(&place.key))
            }
        }
    }
}

impl PartialEq for List {
    fn eq(&self, other: &Self) -> bool {
        self.same_entries(other, |left, right| left.branch == right.branch)
    }
}

impl PartialEq for LeafList {
    fn eq(&self, other: &Self) -> bool {
        self.same_entries(other, |left, right| left.value == right.value)
    }
}

impl<T: Placed> Ordered<T> {
    fn same_entries(&self, other: &Self, same: impl Fn(&T, &T) -> bool) -> bool {
        if self.ptr_eq(other) {
            return true;
        }
        if self.len() != other.len() {
            return false;
        }
        if self.is_user_ordered() {
            return self
                .iter()
                .zip(other.iter())
                .all(|(left, right)| left.cmp_item(right) == Ordering::Equal && same(left, right));
        }
        self.diff(other).all(|(old, new)| old.zip(new).is_some_and(|(old, new)| same(old, new)))
    }
}

#[cfg(test)]
mod tests;
