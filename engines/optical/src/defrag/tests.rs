use super::*;
use crate::mode::ByReach;
use crate::network::tests::{allocate, id, request, row};
use crate::profile::Profile;

#[test]
fn gaps_close_without_interruption() {
    let mut network = row(Profile::legacy320());
    for k in 0..20 {
        allocate(&mut network, &request(&format!("c{k}"), "pop1", "pop3", 200.0)).unwrap();
    }
    (0..20).step_by(2).for_each(|k| drop(network.release(&id(&format!("c{k}"))).unwrap()));
    let plan = defragment(&network, &ByReach, MOVES_MAX).unwrap();
    assert!(plan.before.external > 0.1, "{:?}", plan.before);
    assert_eq!(plan.after, Fragmentation::default(), "one run is left");
    let mut step_by_step = network.clone();
    for step in &plan.moves {
        let leg = |network: &Network| network.connection(&step.id).unwrap().legs[step.leg].clone();
        assert_eq!(leg(&step_by_step).signal, step.from);
        assert!(!step.from.overlaps(step.to), "old and new are up at the same time");
        step_by_step.bridge(&step.id, step.leg, step.to).unwrap();
        step_by_step.retire(&step.id, step.leg).unwrap();
        step_by_step.check().unwrap();
    }
    assert_eq!(mean_fragmentation(&step_by_step), plan.after);
    assert_eq!(defragment(&network, &ByReach, 3).unwrap().moves, plan.moves[..3]);
    let stale = &plan.moves[0];
    assert!(apply(&mut step_by_step, stale).is_err(), "the leg is elsewhere by now");
}

#[test]
fn moves_keep_to_the_grid_of_modules() {
    let mut network = row(Profile::zr75());
    for k in 0..8 {
        allocate(&mut network, &request(&format!("c{k}"), "pop1", "pop3", 400.0)).unwrap();
    }
    ["c0", "c3", "c5"].iter().for_each(|name| drop(network.release(&id(name)).unwrap()));
    let plan = defragment(&network, &ByReach, MOVES_MAX).unwrap();
    let mut starts: Vec<u16> = plan.network.connections().map(|c| c.legs[0].signal.start).collect();
    starts.sort_unstable();
    assert_eq!(starts, [3, 9, 15, 21, 27]);
    let off_grid = network.bridge(&id("c7"), 0, Block::new(100, 6)).unwrap_err();
    assert!(matches!(off_grid, Error::Refused(Refusal::OffGrid { .. })), "{off_grid}");
}
