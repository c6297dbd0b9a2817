use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::grid::{Band, Block, Frequency};
use crate::topology::ConnectionId;

fn set<const W: usize>(members: &BTreeSet<u16>) -> Slots<W> {
    let mut slots = Slots::EMPTY;
    for slot in members {
        slots.insert(Block::new(*slot, 1));
    }
    slots
}

fn slow_starts(members: &BTreeSet<u16>, width: u16, capacity: u16) -> Vec<u16> {
    let is_start = |s: &u16| width > 0 && (*s..s + width).all(|slot| members.contains(&slot));
    (0..capacity).filter(is_start).collect()
}

fn slow_runs(members: &BTreeSet<u16>) -> Vec<Block> {
    let is_first = |s: &&u16| **s == 0 || !members.contains(&(**s - 1));
    let length = |s: u16| (s..).take_while(|slot| members.contains(slot)).count() as u16;
    members.iter().filter(is_first).map(|s| Block::new(*s, length(*s))).collect()
}

fn compare<const W: usize>(members: &BTreeSet<u16>, width: u16) {
    let capacity = Slots::<W>::CAPACITY;
    let members: BTreeSet<u16> = members.iter().copied().filter(|s| *s < capacity).collect();
    let slots = set::<W>(&members);
    let starts = slow_starts(&members, width, capacity);
    assert_eq!(slots.starts(width).iter().collect::<Vec<_>>(), starts);
    assert_eq!(slots.starts(width).lowest(), starts.first().copied());
    assert_eq!(slots.starts(width).highest(), starts.last().copied());
    assert_eq!(slots.runs().collect::<Vec<_>>(), slow_runs(&members));
    assert_eq!(usize::from(slots.count()), members.len());
    assert!((0..capacity + 70).all(|s| slots.contains(s) == members.contains(&s)));
    let block = Block::new(width, 9);
    let has_all = (block.start..block.end()).all(|s| members.contains(&s));
    assert_eq!(slots.contains_all(block), has_all);
}

/// Members as runs, so that long ones and word borders come up.
fn members() -> impl Strategy<Value = BTreeSet<u16>> {
    prop::collection::vec((0_u16..800, 1_u16..140), 0..12)
        .prop_map(|runs| runs.into_iter().flat_map(|(s, w)| s..s + w).collect())
}

proptest! {
    #[test]
    fn sets_answer_like_a_search_over_every_slot(members in members(), width in 0_u16..210) {
        compare::<1>(&members, width);
        compare::<2>(&members, width);
        compare::<5>(&members, width);
        compare::<12>(&members, width);
    }

    #[test]
    fn no_slot_has_two_owners_and_none_is_lost(
        steps in prop::collection::vec((any::<bool>(), 0_u16..70, 0_u16..12), 1..80)
    ) {
        let band = Band::new(Frequency::ANCHOR, 66).unwrap();
        let mut link = LinkSpectrum::new(band);
        let mut model: Vec<Option<usize>> = vec![None; 66];
        let mut held: Vec<(Block, Owner)> = Vec::new();
        for (at, (take, start, width)) in steps.into_iter().enumerate() {
            let block = Block::new(start, width);
            if take {
                let range = usize::from(start)..usize::from(start + width);
                let fits = width > 0 && range.end <= 66;
                let expected = fits && model[range.clone()].iter().all(Option::is_none);
                let owner = Owner::Connection(ConnectionId::new(format!("c{at}")).unwrap());
                prop_assert_eq!(link.take(block, owner.clone()).is_ok(), expected);
                if expected {
                    model[range].fill(Some(at));
                    held.push((block, owner));
                }
            } else if !held.is_empty() {
                let (block, owner) = held.swap_remove(usize::from(start) % held.len());
                prop_assert!(link.give_back(block, &owner));
                prop_assert!(!link.give_back(block, &owner), "freed twice");
                model[usize::from(block.start)..usize::from(block.end())].fill(None);
            }
            prop_assert!(link.is_sound());
            let is_free: Vec<bool> = (0..66).map(|s| link.free().contains(s)).collect();
            let expected: Vec<bool> = model.iter().map(Option::is_none).collect();
            prop_assert_eq!(is_free, expected);
        }
    }
}
