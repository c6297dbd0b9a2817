//! Random operations beside a plain model: slots in a table, nothing clever.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::strategy::Strategy as _;

use super::{Strategy, *};
use crate::grid::Block;

const POPS: [&str; 5] = ["p0", "p1", "p2", "p3", "p4"];

fn mesh() -> Network {
    let links: [LinkRow<'_>; 7] = [
        ("l0", "p0", "p1", 100.0, &["duct"]),
        ("l1", "p1", "p2", 100.0, &[]),
        ("l2", "p2", "p3", 120.0, &["duct"]),
        ("l3", "p3", "p4", 90.0, &[]),
        ("l4", "p4", "p0", 80.0, &["bridge"]),
        ("l5", "p0", "p2", 300.0, &["bridge"]),
        ("l6", "p1", "p3", 250.0, &[]),
    ];
    let profile = Profile { guard_slots: 1, ..Profile::legacy320() };
    let band = crate::grid::Band::new(profile.band.low(), 24).unwrap();
    network(Profile { band, ..profile }, &POPS, &links)
}

#[derive(Clone, Debug)]
enum Step {
    Allocate { name: u8, ends: (usize, usize), gbps: u16, protection: Protection },
    Release { name: u8 },
    Fail { link: u8 },
    Repair { link: u8 },
    Reserve { link: u8, block: Block },
    Restore,
    Defragment,
}

fn steps() -> impl proptest::strategy::Strategy<Value = Vec<Step>> {
    let protection = prop_oneof![
        3 => Just(Protection::None),
        1 => Just(Protection::Link),
        1 => Just(Protection::Node),
        1 => Just(Protection::Risk),
    ];
    let allocate = (0_u8..12, (0_usize..5, 0_usize..5), 1_u16..300, protection)
        .prop_map(|(name, ends, gbps, protection)| Step::Allocate { name, ends, gbps, protection });
    let step = prop_oneof![
        8 => allocate,
        4 => (0_u8..12).prop_map(|name| Step::Release { name }),
        1 => (0_u8..7).prop_map(|link| Step::Fail { link }),
        1 => (0_u8..7).prop_map(|link| Step::Repair { link }),
        1 => (0_u8..7, 0_u16..26, 0_u16..4)
            .prop_map(|(link, start, width)| (link, Block::new(start, width)))
            .prop_map(|(link, block)| Step::Reserve { link, block }),
        1 => Just(Step::Restore),
        1 => Just(Step::Defragment),
    ];
    prop::collection::vec(step, 1..60)
}

/// Who holds each slot of each link, from the records of connections alone; panics on two owners.
fn owners(network: &Network) -> BTreeMap<(u32, u16), String> {
    let mut owners = BTreeMap::new();
    for connection in network.connections() {
        for leg in &connection.legs {
            assert!(leg.held.end() <= 24 && leg.signal.width > 0);
            for link in &leg.route.links {
                for slot in leg.held.start..leg.held.end() {
                    let owner = connection.request.id.to_string();
                    assert_eq!(owners.insert((link.0, slot), owner), None, "two owners");
                }
            }
        }
    }
    owners
}

/// Everything that can be seen of a network, for comparing two.
fn seen(network: &Network) -> String {
    let spectrum: Vec<_> =
        network.topology().links().map(|(number, _)| network.spectrum(number)).collect();
    format!("{:?} {spectrum:?}", network.connections().collect::<Vec<_>>())
}

/// The lowest start that is free on all links, by trying every one against the owners.
fn brute_force_start(network: &Network, leg: &Leg) -> Option<u16> {
    let owners = owners(network);
    let reserved = |link: u32, slot: u16| {
        let spectrum = network.spectrum(LinkIndex(link)).unwrap();
        spectrum.owner_of(slot).is_some() && !owners.contains_key(&(link, slot))
    };
    let is_free = |slot: u16| {
        leg.route.links.iter().all(|l| !owners.contains_key(&(l.0, slot)) && !reserved(l.0, slot))
    };
    let width = leg.held.width;
    (0..=24 - width).find(|start| (*start..start + width).all(is_free))
}

fn apply(network: &mut Network, step: &Step) {
    let before = seen(network);
    let name = |name: &u8| format!("c{name}");
    match step {
        Step::Allocate { name: number, ends, gbps, protection } => {
            let mut request = request(&name(number), POPS[ends.0], POPS[ends.1], f64::from(*gbps));
            request.protection = *protection;
            let snapshot = network.clone();
            match network.allocate(&request, Strategy::default(), &ByReach) {
                Err(_) => assert_eq!(seen(network), before, "a refusal leaves no trace"),
                Ok(Allocated { is_new: false, .. }) => assert_eq!(seen(network), before),
                Ok(Allocated { connection, .. }) => {
                    assert_eq!(seen(&snapshot), before, "a clone stays as it was");
                    for leg in &connection.legs {
                        assert_eq!(brute_force_start(&snapshot, leg), Some(leg.held.start));
                    }
                    assert_apart(network, &connection);
                    let mut undone = network.clone();
                    undone.release(&connection.request.id).unwrap();
                    assert_eq!(seen(&undone), before, "a release restores");
                    let again = network.allocate(&request, Strategy::default(), &ByReach).unwrap();
                    assert!(!again.is_new && again.connection == connection);
                }
            }
        }
        Step::Release { name: number } => {
            let was_there = network.connection(&id(&name(number))).is_some();
            assert_eq!(network.release(&id(&name(number))).is_ok(), was_there);
            assert!(network.release(&id(&name(number))).is_err(), "released once");
        }
        Step::Fail { link } => drop(network.fail_link(&link_id(&format!("l{link}"))).unwrap()),
        Step::Repair { link } => drop(network.repair_link(&link_id(&format!("l{link}"))).unwrap()),
        Step::Reserve { link, block } => {
            let name = link_id(&format!("l{link}"));
            if network.reserve(&name, *block, "test").is_err() {
                assert_eq!(seen(network), before);
            }
        }
        Step::Restore => {
            let restored = crate::restore::restore(network, Strategy::default(), &ByReach).unwrap();
            assert_eq!(seen(network), before);
            *network = restored.network;
        }
        Step::Defragment => {
            let plan = crate::defrag::defragment(network, &ByReach, 100).unwrap();
            assert_eq!(seen(network), before);
            for step in &plan.moves {
                crate::defrag::apply(network, step).unwrap();
                network.check().unwrap();
            }
            assert_eq!(seen(network), seen(&plan.network));
        }
    }
}

fn assert_apart(network: &Network, connection: &Connection) {
    let [one, other] = connection.legs.as_slice() else { return };
    assert!(one.route.links.iter().all(|link| !other.route.uses(*link)));
    let inner = one.route.inner_nodes();
    let risks = |leg: &Leg| -> Vec<RiskId> {
        let links = leg.route.links.iter();
        links.flat_map(|l| network.topology().link(*l).unwrap().risks.clone()).collect()
    };
    match connection.request.protection {
        Protection::Node => assert!(inner.iter().all(|node| !other.route.nodes.contains(node))),
        Protection::Risk => assert!(risks(one).iter().all(|risk| !risks(other).contains(risk))),
        Protection::None | Protection::Link => {}
    }
}

proptest! {
    #[test]
    fn spectrum_is_never_owned_twice_nor_lost(steps in steps()) {
        let mut network = mesh();
        let mut replayed = mesh();
        for step in &steps {
            apply(&mut network, step);
            network.check().unwrap();
            let _ = owners(&network);
        }
        for step in &steps {
            apply(&mut replayed, step);
        }
        prop_assert_eq!(seen(&network), seen(&replayed), "the same steps, the same state");
        let ids: Vec<_> = network.connections().map(|c| c.request.id.clone()).collect();
        for name in ids {
            network.release(&name).unwrap();
        }
        for (number, _) in network.topology().links() {
            let spectrum = network.spectrum(number).unwrap();
            let reserved: u16 = spectrum.holdings().iter().map(|h| h.block.width).sum();
            prop_assert_eq!(spectrum.free().count() + reserved, 24, "nothing leaked");
        }
    }

    #[test]
    fn policies_differ_in_the_place_only(
        gbps in prop::collection::vec(20_u16..200, 1..20),
        policy in prop::sample::select(SpectrumPolicy::ALL.to_vec()),
    ) {
        let mut network = mesh();
        let strategy = Strategy { policy, ..Strategy::default() };
        for (at, gbps) in gbps.into_iter().enumerate() {
            let (name, ends) = (format!("c{at}"), (POPS[at % 5], POPS[(at + 2) % 5]));
            let wanted = request(&name, ends.0, ends.1, f64::from(gbps));
            let _ = network.allocate(&wanted, strategy, &ByReach);
            network.check().unwrap();
        }
    }
}
