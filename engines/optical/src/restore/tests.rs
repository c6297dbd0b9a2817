use super::*;
use crate::mode::ByReach;
use crate::network::tests::{LinkRow, allocate, id, link, link_id, network, request};
use crate::profile::Profile;

fn square() -> Network {
    let links: [LinkRow<'_>; 4] = [
        ("ab", "a", "b", 100.0, &[]),
        ("bc", "b", "c", 100.0, &[]),
        ("cd", "c", "d", 100.0, &[]),
        ("da", "d", "a", 100.0, &[]),
    ];
    network(Profile::legacy320(), &["a", "b", "c", "d"], &links)
}

fn restored(network: &Network) -> Restoration {
    let restoration = restore(network, Strategy::default(), &ByReach).unwrap();
    restoration.network.check().unwrap();
    restoration
}

#[test]
fn a_hit_connection_goes_the_other_way_round() {
    let mut network = square();
    allocate(&mut network, &request("slow", "a", "b", 100.0)).unwrap();
    allocate(&mut network, &request("fast", "a", "b", 400.0)).unwrap();
    allocate(&mut network, &request("apart", "c", "d", 100.0)).unwrap();
    network.fail_link(&link_id("ab")).unwrap();
    let Restoration { network: after, fates } = restored(&network);
    let names: Vec<&str> = fates.iter().map(|(id, _)| id.as_str()).collect();
    assert_eq!(names, ["fast", "slow"], "the highest rate first");
    assert!(fates.iter().all(|(_, fate)| matches!(fate, Fate::Rerouted { .. })));
    assert_eq!(after.connection(&id("fast")).unwrap().legs[0].route.hops(), 3);
    let ab = network.topology().link_number(&link_id("ab")).unwrap();
    assert_eq!(after.spectrum(ab).unwrap().holdings().len(), 0);
    assert_eq!(network.spectrum(ab).unwrap().holdings().len(), 2, "the network given is as it was");
}

#[test]
fn a_protected_connection_switches_and_one_without_room_is_kept() {
    let mut network = square();
    let mut protected = request("p", "a", "b", 100.0);
    protected.protection = Protection::Node;
    assert!(protected.is_protected());
    allocate(&mut network, &protected).unwrap();
    allocate(&mut network, &request("q", "a", "b", 100.0)).unwrap();
    let q = network.connection(&id("q")).unwrap().clone();
    let standby = what_if(&network, &[link_id("bc")], Strategy::default(), &ByReach).unwrap();
    assert_eq!(standby.fates, [(id("p"), Fate::StandbyLost)]);
    let both = [link_id("ab"), link_id("da")];
    let lost = what_if(&network, &both, Strategy::default(), &ByReach).unwrap();
    assert!(lost.fates.iter().all(|(_, fate)| matches!(fate, Fate::Lost { .. })));
    assert_eq!(lost.network.connection(&id("q")), Some(&q), "it keeps what it had");
    let one = what_if(&network, &both[..1], Strategy::default(), &ByReach).unwrap();
    let fate = |name: &str| &one.fates.iter().find(|(is, _)| *is == id(name)).unwrap().1;
    assert_eq!(*fate("p"), Fate::Switched { leg: 1 });
    assert!(matches!(fate("q"), Fate::Rerouted { .. }));
    assert_eq!(one.network.connection(&id("p")).unwrap().active, 1);
    let mut one_way = network.clone();
    one_way.release(&id("q")).unwrap();
    one_way.add_link(link(("ac", "a", "c", 90.0, &[]))).unwrap();
    let weaker = what_if(&one_way, &both, Strategy::default(), &ByReach).unwrap();
    let Fate::Rerouted { to, .. } = &weaker.fates[0].1 else { panic!("{:?}", weaker.fates) };
    assert_eq!(to.len(), 1, "up without protection");
    weaker.network.check().unwrap();
    assert!(what_if(&network, &[link_id("xy")], Strategy::default(), &ByReach).is_err());
}
