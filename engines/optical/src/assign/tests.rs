use proptest::prelude::*;

use super::*;
use crate::grid::Block;
use crate::spectrum::Slots;

type Set = Slots<2>;

fn set(slots: impl IntoIterator<Item = u16>) -> Set {
    let mut set = Set::EMPTY;
    slots.into_iter().for_each(|slot| set.insert(Block::new(slot, 1)));
    set
}

fn common(links: &[Set]) -> Set {
    let mut common = links[0];
    links.iter().for_each(|link| common.intersect(link));
    common
}

fn choose(policy: SpectrumPolicy, links: &[Set], starts: Option<&Set>, width: u16) -> Option<u16> {
    let placement = Placement { common: &common(links), starts, width };
    place(policy, &placement, &links.iter()).map(|block| block.start)
}

/// The slow oracle: every start, each judged by counting slots one by one.
fn oracle(policy: SpectrumPolicy, links: &[Set], starts: Option<&Set>, width: u16) -> Option<u16> {
    let common = common(links);
    let is_free = |s: u16| common.contains(s);
    let possible = |s: &u16| {
        width > 0 && (*s..s + width).all(is_free) && starts.is_none_or(|a| a.contains(*s))
    };
    let run_start = |s: u16| (0..=s).rev().take_while(|s| is_free(*s)).last().unwrap();
    let run_width = |s: u16| (run_start(s)..).take_while(|s| is_free(*s)).count();
    let runs = |set: &Set| {
        (0..128).filter(|s| set.contains(*s) && (*s == 0 || !set.contains(s - 1))).count() as i32
    };
    let cut = |s: u16| -> i32 {
        let after = |link: &Set| {
            let mut link = *link;
            link.remove(Block::new(s, width));
            runs(&link)
        };
        links.iter().map(|link| after(link) - runs(link)).sum()
    };
    let mut all: Vec<u16> = (0..128).filter(possible).collect();
    match policy {
        SpectrumPolicy::FirstFit => {}
        SpectrumPolicy::LastFit => all.reverse(),
        SpectrumPolicy::ExactFit => all.sort_by_key(|s| run_width(*s) != usize::from(width)),
        SpectrumPolicy::BestFit => all.sort_by_key(|s| run_width(*s)),
        SpectrumPolicy::LeastFragmentation => all.sort_by_key(|s| (cut(*s), run_width(*s))),
    }
    all.first().copied()
}

proptest! {
    #[test]
    fn policies_choose_as_a_search_over_every_start(
        links in prop::collection::vec(prop::collection::vec((0_u16..100, 1_u16..20), 1..8), 1..4),
        width in 0_u16..14,
        grid in prop::option::of((0_u16..6, 1_usize..7)),
    ) {
        let links: Vec<Set> = links
            .into_iter()
            .map(|runs| set(runs.into_iter().flat_map(|(s, w)| s..(s + w).min(100))))
            .collect();
        let starts = grid.map(|(first, step)| set((first..100).step_by(step)));
        for policy in SpectrumPolicy::ALL {
            let chosen = choose(policy, &links, starts.as_ref(), width);
            prop_assert_eq!(chosen, oracle(policy, &links, starts.as_ref(), width), "{:?}", policy);
        }
    }
}

#[test]
fn fragmented_spectrum_takes_the_first_run_that_is_long_enough() {
    let one = [set([0, 1, 3, 4, 5, 9])];
    let first = |links: &[Set], width| choose(SpectrumPolicy::FirstFit, links, None, width);
    let chosen: Vec<_> = (1..=4).map(|width| first(&one, width)).collect();
    assert_eq!(chosen, [Some(0), Some(0), Some(3), None]);
    let two = [set([0, 1, 2, 5, 6, 7, 8]), set([1, 2, 3, 6, 7, 8, 9])];
    let chosen: Vec<_> = (2..=4).map(|width| first(&two, width)).collect();
    assert_eq!(chosen, [Some(1), Some(6), None]);
}

#[test]
fn fragmentation_of_one_run_is_none() {
    assert_eq!(Fragmentation::of(&set(3..20)), Fragmentation::default());
    assert_eq!(Fragmentation::of(&Set::EMPTY), Fragmentation::default());
    let two = Fragmentation::of(&set([0, 1, 5, 6]));
    assert!((two.external - 0.5).abs() < 1e-12 && (two.entropy - 2_f64.ln()).abs() < 1e-12);
    assert_eq!(two.cuts, 1.0);
}
