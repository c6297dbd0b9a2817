//! Properties of the incremental state, faults of imports, and admission.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::{
    Additions, ByQot, Carrier, ChannelId, Equipment, Estimator, Line, Load, Plan, Plant, Signal,
};
use crate::explain::Shortage;
use crate::mode::{Mode, ModeTable, SlotDemand, Verdict};
use crate::network::{Network, Strategy, tests as networks};
use crate::profile::Profile;
use crate::quantity::{Decibels, Rate};

fn library() -> Equipment {
    let text = r#"{
        "Edfa": [{"type_variety": "fixed", "type_def": "fixed_gain", "gain_flatmax": 30,
                  "gain_min": 0, "p_max": 23, "nf0": 6, "allowed_for_design": true}],
        "Fiber": [{"type_variety": "SSMF", "dispersion": 1.67e-5, "effective_area": 83e-12}],
        "Span": [{"delta_power_range_db": [-2, 3, 0.5], "max_length": 120,
                  "length_units": "km"}],
        "Roadm": [{"target_pch_out_db": -20, "add_drop_osnr": 38}],
        "SI": [{"f_min": 191.35e12, "f_max": 196.1e12, "baud_rate": 32e9, "spacing": 50e9,
                "power_dbm": 0, "tx_osnr": 40, "roll_off": 0.15}]}"#;
    Equipment::from_gnpy(text, &BTreeMap::new()).unwrap()
}

/// Sites in a row, wired both ways.
fn row(lengths_km: &[f64]) -> Line {
    let mut elements = Vec::new();
    let mut wires = Vec::new();
    let mut wire = |from: String, to: String| {
        wires.push(format!(r#"{{"from_node": "{from}", "to_node": "{to}"}}"#));
    };
    for at in 0..=lengths_km.len() {
        elements.push(format!(r#"{{"uid": "t{at}", "type": "Transceiver"}}"#));
        elements.push(format!(r#"{{"uid": "r{at}", "type": "Roadm"}}"#));
        wire(format!("t{at}"), format!("r{at}"));
        wire(format!("r{at}"), format!("t{at}"));
    }
    for (at, km) in lengths_km.iter().enumerate() {
        for (from, to) in [(at, at + 1), (at + 1, at)] {
            elements.push(format!(
                r#"{{"uid": "f{from}{to}", "type": "Fiber", "type_variety": "SSMF", "params":
                {{"length": {km}, "length_units": "km", "loss_coef": 0.2}}}}"#
            ));
            wire(format!("r{from}"), format!("f{from}{to}"));
            wire(format!("f{from}{to}"), format!("r{to}"));
        }
    }
    let text = format!(
        r#"{{"elements": [{}], "connections": [{}]}}"#,
        elements.join(","),
        wires.join(",")
    );
    let library = library();
    Plant::from_gnpy(&text, &library).unwrap().design(&library, Additions::Add).unwrap()
}

fn carrier(number: u64) -> Carrier {
    Carrier {
        frequency_hz: 191.4e12 + 50e9 * number as f64,
        baud_rate: 32e9,
        slot_width_hz: 50e9,
        power_dbm: 0.0,
        offset_db: 0.0,
        tx_osnr_db: 40.0,
    }
}

fn path(line: &Line, from: usize, to: usize) -> super::LightPath {
    let end = |at: usize| line.plant().element(&format!("t{at}")).unwrap();
    line.plant().shortest(end(from), end(to)).unwrap()
}

/// A full plan in the incremental state is the plan in the estimator.
#[test]
fn load_agrees_with_the_estimator() {
    let line = row(&[80.0, 200.0]);
    let carriers: Vec<Carrier> = (0..40).map(carrier).collect();
    let way = path(&line, 0, 2);
    let received = Estimator::new(&line, Plan::new(carriers.clone()).unwrap()).estimate(&way);
    let mut load = Load::new(line);
    for (number, carrier) in (0..).zip(carriers) {
        load.add(ChannelId(number), &way, carrier).unwrap();
    }
    for (number, received) in (0..).zip(received.unwrap()) {
        let kept = load.gsnr_01nm_db(ChannelId(number)).unwrap();
        assert!((kept - received.gsnr_01nm_db).abs() < 1e-9, "{kept} {received:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    /// Whatever came and went, the state is that of the channels that are left, from scratch.
    #[test]
    fn increments_equal_from_scratch(
        changes in proptest::collection::vec((0u64..30, 0usize..3, 0usize..3), 1..80)
    ) {
        let line = row(&[80.0, 60.0]);
        let mut load = Load::new(line.clone());
        let mut lit = BTreeMap::new();
        for (number, from, to) in changes {
            if from == to {
                load.remove(ChannelId(number));
                lit.remove(&number);
            } else {
                load.add(ChannelId(number), &path(&line, from, to), carrier(number)).unwrap();
                lit.insert(number, (from, to));
            }
        }
        let mut fresh = Load::new(line.clone());
        for (number, (from, to)) in lit.iter().rev() {
            fresh.add(ChannelId(*number), &path(&line, *from, *to), carrier(*number)).unwrap();
        }
        for number in lit.keys() {
            let of = |load: &Load| load.gsnr_01nm_db(ChannelId(*number)).unwrap();
            prop_assert!((of(&load) - of(&fresh)).abs() < 1e-9);
        }
    }
}

#[test]
fn faults_name_their_place() {
    let faults = Equipment::from_gnpy("{", &BTreeMap::new()).unwrap_err();
    assert_eq!(faults[0].place, "equipment");
    let text = r#"{"elements": [{"uid": "f", "type": "Fiber", "type_variety": "SSMF",
        "params": {"length": "x", "length_units": "km", "loss_coef": 0.2}},
        {"uid": "q", "type": "Quantum"}], "connections": [{"from_node": "f", "to_node": "z"}]}"#;
    let faults = Plant::from_gnpy(text, &library()).unwrap_err();
    let places: Vec<&str> = faults.iter().map(|fault| fault.place.as_str()).collect();
    assert!(places.contains(&"/elements/0/params/length"), "{places:?}");
    assert!(places.contains(&"/elements/1"), "{places:?}");
    assert!(places.contains(&"/connections/0"), "{places:?}");
}

/// Two POPs with a mode that needs much and one that needs little.
fn two_pops(tight_db: f64) -> (Network, ByQot) {
    let mode = |name: &str, osnr: f64| Mode {
        name: name.to_owned(),
        modulation: name.to_owned(),
        rate_max: Rate::from_gbps(100.0).unwrap(),
        demand: SlotDemand::Fixed { slots: 4 },
        reach: None,
        osnr_min: Decibels::from_db(osnr),
    };
    let modes = ModeTable::new(vec![mode("tight", tight_db), mode("easy", 5.0)]).unwrap();
    let profile = Profile { modes, grid: None, ..Profile::zr75() };
    let network = networks::network(profile, &["p0", "p1"], &[("l", "p0", "p1", 100.0, &[])]);
    let line = row(&[100.0]);
    let at = |n: usize| {
        (networks::pop(&format!("p{n}")), line.plant().element(&format!("t{n}")).unwrap())
    };
    let signal = Signal { baud_rate: 32e9, tx_osnr_db: 40.0, power_dbm: 0.0, offset_db: 0.0 };
    let signals = ["tight", "easy"].map(|name| (name.to_owned(), signal));
    let places = [at(0), at(1)].into();
    let judge = ByQot::new(Load::new(line), places, signals.into(), Decibels::from_hundredths(0));
    (network, judge)
}

fn ask(network: &mut Network, judge: &ByQot, id: &str, mode: &str) -> Result<f64, Vec<Verdict>> {
    let mut request = networks::request(id, "p0", "p1", 100.0);
    request.modulation = Some(mode.to_owned());
    match network.allocate(&request, Strategy::default(), judge) {
        Ok(allocated) => Ok(allocated.connection.legs[0].margin.unwrap().db()),
        Err(error) => Err(verdicts(&error)),
    }
}

/// The verdicts of a refusal, on all routes that were tried.
fn verdicts(error: &crate::network::Error) -> Vec<Verdict> {
    let crate::network::Error::Blocked(blocked) = error else { panic!("{error}") };
    let of = |shortage: &Shortage| match shortage {
        Shortage::Modes(modes) => modes.iter().map(|mode| mode.1.clone()).collect(),
        Shortage::Spectrum { .. } => Vec::new(),
    };
    blocked.tried.iter().flat_map(|tried| of(&tried.shortage)).collect()
}

#[test]
fn admission_refuses_what_fails_and_what_hurts() {
    let (mut network, judge) = two_pops(10.0);
    let alone = 10.0 + ask(&mut network, &judge, "first", "tight").unwrap();
    // One that needs more than there is.
    let (mut network, judge) = two_pops(alone + 0.5);
    let refused = ask(&mut network, &judge, "first", "tight").unwrap_err();
    assert!(matches!(refused[..], [Verdict::TooNoisy { .. }]), "{refused:?}");
    // One that is at its limit: the next beside it would push it below.
    let (mut network, judge) = two_pops(alone - 0.01);
    ask(&mut network, &judge, "first", "tight").unwrap();
    let mut dry_run = network.clone();
    let refused = ask(&mut dry_run, &judge, "second", "easy").unwrap_err();
    let [Verdict::HurtsNeighbour { neighbour, needed, now, then }] = &refused[..] else {
        panic!("{refused:?}")
    };
    assert_eq!(neighbour.as_str(), "first");
    assert!(then < needed && needed <= now, "{then} {needed} {now}");
    assert_eq!(dry_run.connection_count(), 1);
    // The answer is of the network that is asked about: without the first there is room.
    let mut dark = network.clone();
    dark.release(&networks::id("first")).unwrap();
    ask(&mut dark, &judge, "second", "easy").unwrap();
    assert_eq!(ask(&mut network, &judge, "second", "easy").unwrap_err(), refused);
}
