//! How many requests a second one core decides: k-shortest-path first-fit on NSFNET with 100
//! slots and 5 paths at 250 Erlang, everything included: random numbers, departures, statistics.
//!
//! ```text
//! cargo run --release -p optical --example rmsa_speed [requests] [runs] [all]
//! ```
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a program: it measures time and takes arguments"
)]

use std::time::Instant;

use optical::assign::SpectrumPolicy;
use optical::paths::{Graph, GraphLink};
use optical::planner::{
    HoldingTime, ModeStep, Random, RateMix, RouteRules, RouteTable, Scenario, TableOrder, Traffic,
    simulate,
};
use optical::quantity::{Efficiency, Length, Rate};

/// NSFNET with 14 nodes: ends and kilometres of its 22 links.
const NSFNET: [(u32, u32, u64); 22] = [
    (0, 1, 1050),
    (0, 2, 1500),
    (0, 7, 2400),
    (1, 2, 600),
    (1, 3, 750),
    (2, 5, 1800),
    (3, 4, 600),
    (3, 10, 1950),
    (4, 5, 1200),
    (4, 6, 600),
    (5, 9, 1050),
    (5, 13, 1800),
    (6, 7, 750),
    (6, 9, 1350),
    (7, 8, 750),
    (8, 9, 750),
    (8, 11, 300),
    (8, 12, 300),
    (10, 11, 600),
    (10, 12, 750),
    (11, 13, 300),
    (12, 13, 150),
];

/// Reach in km and bits per second and hertz.
const MODES: [(u64, u32); 4] = [(100_000, 1), (2_500, 2), (1_250, 3), (625, 4)];

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |at: usize| arguments.get(at).map(|text| text.parse::<u64>().unwrap());
    let requests = number(0).unwrap_or(5_000_000);
    let runs = number(1).unwrap_or(3);
    let is_all = arguments.get(2).is_some_and(|word| word == "all");
    let policies = if is_all { &SpectrumPolicy::ALL[..] } else { &[SpectrumPolicy::FirstFit] };
    for (name, is_directed) in [("one spectrum per direction", true), ("shared", false)] {
        for policy in policies {
            let scenario = scenario(is_directed, *policy, requests);
            (0..runs).for_each(|seed| report(name, *policy, &scenario, seed));
        }
        if !is_all {
            break;
        }
    }
}

fn report(name: &str, policy: SpectrumPolicy, scenario: &Scenario, seed: u64) {
    let start = Instant::now();
    let outcome = simulate(scenario, &mut Random::new(seed)).unwrap();
    let seconds = start.elapsed().as_secs_f64();
    let rate = outcome.requests as f64 / seconds / 1e6;
    let blocking = outcome.blocking.mean * 100.0;
    println!("{name}, {policy:?}: {rate:.2} million requests/s, {blocking:.3} % blocked");
}

fn scenario(is_directed: bool, policy: SpectrumPolicy, requests: u64) -> Scenario {
    let graph = nsfnet(is_directed);
    let traffic = Traffic::uniform(14).unwrap();
    let gbps = (25..=100).map(|gbps| Rate::from_mbps(gbps * 1000));
    let rates = RateMix::uniform(gbps.collect()).unwrap();
    let modes = MODES.map(|(km, bits)| ModeStep {
        reach: Length::from_metres(km * 1000),
        efficiency: Efficiency::from_bits(bits).unwrap(),
    });
    let rules = RouteRules {
        paths: 5,
        select: TableOrder::Length,
        order: TableOrder::Length,
        modes: modes.to_vec(),
        slot_mhz: 12_500,
        guard_slots: 1,
    };
    let routes = RouteTable::build(&graph, traffic.pairs(), rates.rates(), &rules).unwrap();
    Scenario {
        routes,
        traffic,
        rates,
        slots: 100,
        policy,
        load: 250.0,
        holding: HoldingTime::Redrawn { mean: 25.0, limit: 2.0 },
        warmup: 0,
        batch: requests / 20,
        batches: 20,
    }
}

fn nsfnet(is_directed: bool) -> Graph {
    let link =
        |from, to, km: u64| Some(GraphLink { from, to, length: Length::from_metres(km * 1000) });
    let forward = NSFNET.iter().map(|(a, b, km)| link(*a, *b, *km));
    if !is_directed {
        return Graph::undirected(14, forward.collect());
    }
    let back = NSFNET.iter().map(|(a, b, km)| link(*b, *a, *km));
    Graph::directed(14, forward.chain(back).collect())
}
