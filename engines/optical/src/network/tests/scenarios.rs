//! What operators see, case by case.

use super::*;
use crate::explain::{BlockCause, Blocked, Nearest, Shortage};
use crate::grid::{Block, CentreNumber, ModuleGrid, Spacing};
use crate::mode::{ByOsnr, Mode, ModeTable, SlotDemand, Trial};
use crate::quantity::Decibels;

fn legacy() -> Network {
    row(Profile::legacy320())
}

fn blocked(error: Error) -> Blocked {
    match error {
        Error::Blocked(blocked) => *blocked,
        other => panic!("{other} where a blocked request was expected"),
    }
}

#[test]
fn slots_follow_rate_and_format() {
    let table = [
        (10.0, [1, 1, 1]),
        (50.0, [1, 2, 2]),
        (100.0, [2, 3, 4]),
        (200.0, [4, 6, 8]),
        (400.0, [8, 11, 16]),
    ];
    for (gbps, expected) in table {
        for (format, slots) in ["DP-16QAM", "DP-8QAM", "DP-QPSK"].into_iter().zip(expected) {
            let mut request = request("a", "pop1", "pop2", gbps);
            request.modulation = Some(format.into());
            let legs = legacy().plan(&request, Strategy::default(), &ByReach).unwrap();
            assert_eq!((legs[0].signal.width, &*legs[0].mode), (slots, format), "{gbps}");
        }
    }
}

#[test]
fn first_fit_is_continuous_and_release_restores() {
    let mut network = legacy();
    assert_eq!(signal(&mut network, &request("a", "pop1", "pop3", 400.0)), (0, 8));
    assert_eq!(signal(&mut network, &request("b", "pop1", "pop2", 400.0)), (8, 16));
    assert_eq!(signal(&mut network, &request("c", "pop2", "pop3", 400.0)), (8, 16));
    network.release(&id("a")).unwrap();
    assert_eq!(free(&network, "link-12")[..8], [0, 1, 2, 3, 4, 5, 6, 7]);
    assert_eq!(signal(&mut network, &request("d", "pop1", "pop3", 100.0)), (0, 2));
    assert_eq!(signal(&mut network, &request("e", "pop1", "pop3", 400.0)), (16, 24));
}

#[test]
fn no_common_block_is_told_and_nothing_changes() {
    let mut network = legacy();
    network.reserve(&link_id("link-12"), Block::new(8, 312), "test").unwrap();
    network.reserve(&link_id("link-23"), Block::new(0, 8), "test").unwrap();
    let before = (free(&network, "link-12"), free(&network, "link-23"));
    let error = allocate(&mut network, &request("a", "pop1", "pop3", 400.0)).unwrap_err();
    let told = blocked(error);
    assert_eq!((told.cause, told.cause.code()), (BlockCause::NoSpectrum, "no_spectrum"));
    let Shortage::Spectrum { needed, longest_run, .. } = told.tried[0].shortage else {
        panic!("spectrum is what is missing")
    };
    assert_eq!((needed, longest_run), (8, 0));
    assert_eq!((free(&network, "link-12"), free(&network, "link-23")), before);
    assert_eq!(network.connection_count(), 0);
}

#[test]
fn a_full_band_refuses_and_reuses_what_is_released() {
    let mut network = legacy();
    for k in 0..40 {
        let (start, _) = signal(&mut network, &request(&format!("c{k}"), "pop1", "pop2", 400.0));
        assert_eq!(start, 8 * k);
    }
    let told = blocked(allocate(&mut network, &request("d", "pop1", "pop2", 400.0)).unwrap_err());
    assert_eq!(told.cause, BlockCause::NoSpectrum);
    assert!(free(&network, "link-12").is_empty());
    assert_eq!(free(&network, "link-23").len(), 320);
    network.release(&id("c6")).unwrap();
    assert_eq!(signal(&mut network, &request("d", "pop1", "pop2", 400.0)), (48, 56));
}

#[test]
fn ids_are_keys_of_idempotence() {
    let mut network = legacy();
    let one = request("c1", "pop1", "pop3", 400.0);
    let first = network.allocate(&one, Strategy::default(), &ByReach).unwrap();
    let again = network.allocate(&one, Strategy::default(), &ByReach).unwrap();
    assert!(first.is_new && !again.is_new && first.connection == again.connection);
    assert_eq!(free(&network, "link-12").len(), 312);
    let other = request("c1", "pop1", "pop3", 100.0);
    let refused = allocate(&mut network, &other).unwrap_err();
    assert_eq!(refused, Refusal::IdTaken { id: id("c1") }.into());
    network.release(&id("c1")).unwrap();
    let gone = network.release(&id("c1")).unwrap_err();
    assert_eq!(gone.to_string(), "connection c1 not found");
    assert_eq!(free(&network, "link-12").len(), 320);
}

#[test]
fn the_next_route_is_tried_and_segments_follow_travel() {
    let mut network = legacy();
    network.add_link(link(("link-13", "pop1", "pop3", 400.0, &[]))).unwrap();
    let legs = network.plan(&request("a", "pop1", "pop3", 400.0), Strategy::default(), &ByReach);
    assert_eq!(legs.unwrap()[0].route.length, Length::from_km(250.7).unwrap());
    network.reserve(&link_id("link-12"), Block::new(0, 320), "full").unwrap();
    let connection = allocate(&mut network, &request("a", "pop1", "pop3", 400.0)).unwrap();
    let names = |network: &Network, leg: &Leg| -> Vec<String> {
        let segments = network.segments(&leg.route);
        segments.map(|s| format!("{}>{} {}", s.from.id, s.to.id, s.link.id)).collect()
    };
    assert_eq!(names(&network, &connection.legs[0]), ["pop1>pop3 link-13"]);
    assert_eq!(connection.legs[0].signal, Block::new(0, 8));
    let mut network = legacy();
    let back = allocate(&mut network, &request("a", "pop3", "pop1", 400.0)).unwrap();
    assert_eq!(names(&network, &back.legs[0]), ["pop3>pop2 link-23", "pop2>pop1 link-12"]);
    let same = allocate(&mut network, &request("b", "pop1", "pop1", 400.0)).unwrap_err();
    assert_eq!(same, Refusal::SameEnds { pop: pop("pop1") }.into());
    let unknown = allocate(&mut network, &request("b", "pop1", "pop9", 400.0)).unwrap_err();
    assert!(matches!(unknown, Error::Topology(_)));
}

#[test]
fn modules_are_given_centres_of_their_grid() {
    let mut network = row(Profile::zr75());
    for k in 0..63_u16 {
        let name = format!("c{k}");
        let start = signal(&mut network, &request(&name, "pop1", "pop2", 400.0)).0;
        assert_eq!(start, 3 + 6 * k);
    }
    let last = network.connection(&id("c62")).unwrap().legs[0].signal;
    let band = network.profile().band;
    assert_eq!(band.centre(last).mhz(), 196_025_000);
    assert_eq!(band.frequency_slot(last).n, CentreNumber(468));
    let told = blocked(allocate(&mut network, &request("d", "pop1", "pop2", 400.0)).unwrap_err());
    assert_eq!(told.cause, BlockCause::NoSpectrum);
    let mut wide = row(Profile::zr100());
    let fits =
        |k: &u16| allocate(&mut wide, &request(&format!("c{k}"), "pop1", "pop2", 400.0)).is_ok();
    assert_eq!((0..60).take_while(fits).count(), 47);
    assert_eq!(wide.connection(&id("c46")).unwrap().legs[0].signal, Block::new(372, 8));
}

#[test]
fn a_module_narrows_the_grid_of_the_network() {
    let mut network = legacy();
    let grid = Some(ModuleGrid { spacing: Spacing::Ghz100, first: -10, last: 30 });
    let (vendor, part) = ("V".to_owned(), "P".to_owned());
    let transceiver = Some(Transceiver { vendor, part, grid, modes: vec!["DP-16QAM".into()] });
    let key = interface_key("pop1", "Ethernet48");
    network.add_interface(Interface { key: key.clone(), transceiver }).unwrap();
    let mut wanted = request("a", "pop1", "pop2", 400.0);
    wanted.source_interface = Some(key.clone());
    // Channel -10 is 192.1 THz, slot 60 its lower edge with 8 slots.
    assert_eq!(signal(&mut network, &wanted), (60, 68));
    wanted.id = id("b");
    let taken = allocate(&mut network, &wanted).unwrap_err();
    assert_eq!(taken, Refusal::InterfaceTaken { interface: key.clone(), holder: id("a") }.into());
    network.release(&id("a")).unwrap();
    assert_eq!(network.interface_holder(&key), None);
    wanted.modulation = Some("DP-QPSK".into());
    assert_eq!(blocked(allocate(&mut network, &wanted).unwrap_err()).cause, BlockCause::NoMode);
    wanted.target_interface = Some(interface_key("pop1", "Ethernet0"));
    let elsewhere = allocate(&mut network, &wanted).unwrap_err();
    assert!(matches!(elsewhere, Error::Refused(Refusal::InterfaceElsewhere { .. })));
    wanted.target_interface = Some(interface_key("pop2", "Ethernet7"));
    let unknown = allocate(&mut network, &wanted).unwrap_err();
    assert!(matches!(unknown, Error::Refused(Refusal::UnknownInterface { .. })));
}

#[test]
fn guard_slots_are_held_above_the_signal() {
    let mut network = row(Profile { guard_slots: 2, ..Profile::legacy320() });
    let first = allocate(&mut network, &request("a", "pop1", "pop2", 400.0)).unwrap();
    assert_eq!((first.legs[0].signal, first.legs[0].held), (Block::new(0, 8), Block::new(0, 10)));
    assert_eq!(signal(&mut network, &request("b", "pop1", "pop2", 400.0)), (10, 18));
}

fn modes() -> ModeTable {
    let mode = |name: &str, gbps, slots, km, osnr| Mode {
        name: name.into(),
        modulation: name.into(),
        rate_max: Rate::from_gbps(gbps).unwrap(),
        demand: SlotDemand::Fixed { slots },
        reach: Length::from_km(km),
        osnr_min: Decibels::from_db(osnr),
    };
    let modes = vec![
        mode("short", 400.0, 6, 120.0, 24.0),
        mode("long", 400.0, 8, 600.0, 18.0),
        mode("slow", 100.0, 4, 5000.0, 12.0),
    ];
    ModeTable::new(modes).unwrap()
}

#[test]
fn modes_are_chosen_by_what_reaches() {
    let profile = Profile { modes: modes(), ..Profile::legacy320() };
    let mut network = row(profile);
    let mode = |network: &mut Network, name: &str, target: &str| {
        let connection = allocate(network, &request(name, "pop1", target, 400.0)).unwrap();
        connection.legs[0].mode.to_string()
    };
    assert_eq!(mode(&mut network, "a", "pop2"), "short");
    assert_eq!(mode(&mut network, "b", "pop3"), "long");
    let near = network.topology().pops().next().unwrap().clone();
    network.add_pop(Pop { id: pop("far"), ..near }).unwrap();
    network.add_link(link(("link-far", "pop3", "far", 1000.0, &[]))).unwrap();
    let told = blocked(allocate(&mut network, &request("c", "pop1", "far", 400.0)).unwrap_err());
    assert_eq!(told.cause, BlockCause::NoMode);
    let Some(Nearest::LowerRate { rate, mode, .. }) = &told.nearest else { panic!("{told}") };
    assert_eq!((rate.gbps(), mode.as_str()), (100.0, "slow"));
    let judge = ByOsnr {
        estimate: |trial: &Trial<'_>| Decibels::from_db(30.0 - trial.route.length.km() / 20.0),
        reserve: Decibels::from_hundredths(100),
    };
    let legs = network.plan(&request("d", "pop1", "pop2", 400.0), Strategy::default(), &judge);
    let leg = &legs.unwrap()[0];
    // 30 - 5.025 dB is 0.98 above what "short" needs, less than the reserve; "long" has room.
    assert_eq!((&*leg.mode, leg.margin.map(Decibels::db)), ("long", Some(6.98)));
}

#[test]
fn refusals_name_the_nearest_choice() {
    let mut network = legacy();
    network.reserve(&link_id("link-12"), Block::new(10, 310), "full").unwrap();
    let mut wanted = request("a", "pop1", "pop2", 400.0);
    wanted.modulation = Some("DP-QPSK".into());
    let told = blocked(allocate(&mut network, &wanted).unwrap_err());
    assert!(
        matches!(told.nearest, Some(Nearest::OtherMode { ref mode, .. }) if mode == "DP-16QAM")
    );
    network.reserve(&link_id("link-12"), Block::new(5, 5), "full").unwrap();
    let told = blocked(allocate(&mut network, &wanted).unwrap_err());
    let Some(Nearest::LowerRate { rate, mode, signal, .. }) = &told.nearest else {
        panic!("{told}")
    };
    assert_eq!((rate.gbps(), mode.as_str(), *signal), (250.0, "DP-16QAM", Block::new(0, 5)));
    assert_eq!(
        told.to_string(),
        "no_spectrum: 400 Gb/s from pop1 to pop2: DP-QPSK needs 16 slots in a row, 5 is the \
         longest run, tightest link link-12; 250 Gb/s in mode DP-16QAM would fit at [0..4]"
    );
    network.fail_link(&link_id("link-12")).unwrap();
    let told = blocked(allocate(&mut network, &wanted).unwrap_err());
    assert_eq!(told.cause, BlockCause::NoPath);
    assert_eq!(told.nearest, Some(Nearest::Repair { links: vec![link_id("link-12")] }));
    wanted.protection = Protection::Link;
    network.repair_link(&link_id("link-12")).unwrap();
    network.unreserve(&link_id("link-12"), Block::new(10, 310)).unwrap();
    let told = blocked(allocate(&mut network, &wanted).unwrap_err());
    assert_eq!(told.cause, BlockCause::NoPath);
    assert!(matches!(told.nearest, Some(Nearest::Unprotected { .. })), "{told}");
}

#[test]
fn moves_hold_both_places_until_one_is_retired() {
    let mut network = legacy();
    signal(&mut network, &request("a", "pop1", "pop3", 400.0));
    network.bridge(&id("a"), 0, Block::new(20, 8)).unwrap();
    network.check().unwrap();
    assert_eq!(free(&network, "link-23").len(), 304);
    assert!(network.bridge(&id("a"), 0, Block::new(40, 8)).is_err(), "one move at a time");
    network.abandon(&id("a"), 0).unwrap();
    assert_eq!(free(&network, "link-23").len(), 312);
    assert!(network.retire(&id("a"), 0).is_err(), "nothing to retire");
    assert!(network.bridge(&id("a"), 0, Block::new(4, 8)).is_err(), "its own slots are in the way");
    network.bridge(&id("a"), 0, Block::new(20, 8)).unwrap();
    network.retire(&id("a"), 0).unwrap();
    network.check().unwrap();
    assert_eq!(network.connection(&id("a")).unwrap().legs[0].signal, Block::new(20, 8));
    network.bridge(&id("a"), 0, Block::new(0, 8)).unwrap();
    network.release(&id("a")).unwrap();
    assert_eq!(free(&network, "link-12").len(), 320);
}

#[test]
fn records_are_installed_as_they_are_or_not_at_all() {
    let mut network = legacy();
    let record = allocate(&mut network, &request("a", "pop1", "pop3", 400.0)).unwrap();
    let mut fresh = legacy();
    assert!(fresh.install(record.as_ref().clone()).unwrap().is_new);
    assert!(!fresh.install(record.as_ref().clone()).unwrap().is_new);
    fresh.check().unwrap();
    let mut other = record.as_ref().clone();
    other.request.id = id("b");
    let before = free(&fresh, "link-12");
    let taken = fresh.install(other.clone()).unwrap_err();
    assert!(matches!(taken, Error::Refused(Refusal::SlotsTaken { .. })), "{taken}");
    other.legs[0].route.links.reverse();
    let misfit = fresh.install(other.clone()).unwrap_err();
    assert_eq!(misfit, Refusal::LegsMisfit { id: id("b") }.into());
    other.legs.clear();
    assert!(fresh.install(other).is_err());
    assert_eq!(free(&fresh, "link-12"), before);
    assert!(fresh.remove_link(&link_id("link-12")).is_err(), "in use");
    fresh.release(&id("a")).unwrap();
    fresh.remove_link(&link_id("link-12")).unwrap();
    assert!(allocate(&mut fresh, &request("a", "pop1", "pop2", 100.0)).is_err());
}
