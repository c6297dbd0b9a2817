//! The sequence against a plain reference model.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

use proptest::prelude::*;

use super::{Keyed, Sequence};

#[derive(Clone, Debug)]
struct Item(u32, Arc<u32>);

impl Keyed for Item {
    type Key = u32;
    fn key(&self) -> u32 {
        self.0
    }
    fn cmp_key(&self, key: &u32) -> Ordering {
        self.0.cmp(key)
    }
    fn cmp_item(&self, other: &Self) -> Ordering {
        self.0.cmp(&other.0)
    }
    fn cmp_keys(left: &u32, right: &u32) -> Ordering {
        left.cmp(right)
    }
    fn is_same(&self, other: &Self) -> bool {
        self.0 == other.0 && Arc::ptr_eq(&self.1, &other.1)
    }
}

#[derive(Clone, Debug)]
enum Operation {
    Insert(u32, u32),
    Remove(u32),
}

fn operations() -> impl Strategy<Value = Vec<Operation>> {
    let operation = prop_oneof![
        3 => (0..600u32, any::<u32>()).prop_map(|(key, value)| Operation::Insert(key, value)),
        2 => (0..600u32).prop_map(Operation::Remove),
    ];
    prop::collection::vec(operation, 0..1500)
}

fn apply(sequence: &mut Sequence<Item>, model: &mut BTreeMap<u32, u32>, operation: &Operation) {
    match *operation {
        Operation::Insert(key, value) => {
            let replaced = sequence.insert(Item(key, Arc::new(value)));
            assert_eq!(replaced.map(|item| *item.1), model.insert(key, value));
        }
        Operation::Remove(key) => {
            let removed = sequence.remove(&key);
            assert_eq!(removed.map(|item| *item.1), model.remove(&key));
        }
    }
}

fn content(sequence: &Sequence<Item>) -> Vec<(u32, u32)> {
    sequence.iter().map(|item| (item.0, *item.1)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn behaves_like_a_map_and_leaves_snapshots_alone(first in operations(), then in operations()) {
        let (mut sequence, mut model) = (Sequence::default(), BTreeMap::new());
        first.iter().for_each(|operation| apply(&mut sequence, &mut model, operation));
        let (snapshot, frozen) = (sequence.clone(), model.clone());
        then.iter().for_each(|operation| apply(&mut sequence, &mut model, operation));

        let expected: Vec<_> = model.iter().map(|(key, value)| (*key, *value)).collect();
        prop_assert_eq!(content(&sequence), expected);
        prop_assert_eq!(sequence.len(), model.len());
        let expected: Vec<_> = frozen.iter().map(|(key, value)| (*key, *value)).collect();
        prop_assert_eq!(content(&snapshot), expected);
        for key in 0..600 {
            prop_assert_eq!(sequence.get(&key).map(|item| *item.1), model.get(&key).copied());
            prop_assert_eq!(
                sequence.before(&key).map(|item| item.0),
                model.range(..key).next_back().map(|(key, _)| *key)
            );
            prop_assert_eq!(
                sequence.after(&key).map(|item| item.0),
                model.range(key + 1..).next().map(|(key, _)| *key)
            );
            let from = sequence.iter_from(&key).map(|item| item.0);
            prop_assert!(from.eq(model.range(key..).map(|(key, _)| *key)));
        }
    }

    #[test]
    fn difference_is_exact(first in operations(), then in operations()) {
        let (mut sequence, mut model) = (Sequence::default(), BTreeMap::new());
        first.iter().for_each(|operation| apply(&mut sequence, &mut model, operation));
        let old = sequence.clone();
        then.iter().for_each(|operation| apply(&mut sequence, &mut model, operation));

        let mut patched: BTreeMap<u32, u32> = content(&old).into_iter().collect();
        let mut last = None;
        for (before, after) in old.diff(&sequence) {
            let key = before.or(after).expect("one side is there").0;
            prop_assert!(last < Some(key), "ascending, each key once");
            last = Some(key);
            match after {
                Some(item) => patched.insert(key, *item.1),
                None => patched.remove(&key),
            };
        }
        prop_assert_eq!(patched, model);
    }
}

#[test]
fn a_small_change_is_found_without_visiting_the_rest() {
    let old: Sequence<Item> = (0..100_000).map(|key| Item(key, Arc::new(key))).collect();
    let mut new = old.clone();
    new.insert(Item(50_000, Arc::new(0)));
    let mut diff = old.diff(&new);
    let mut steps = 0;
    while diff.next().is_some() {
        steps += diff.old.len() + diff.new.len() + 1;
    }
    assert!(steps < 1_000, "{steps} pending entries seen for one change in 100,000");
}
