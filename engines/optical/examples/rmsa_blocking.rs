//! Blocking of a topology under a load, for comparison with published tables.
//!
//! ```text
//! cargo run --release -p optical --example rmsa_blocking -- TOPOLOGY.json LOAD [NAME=VALUE]...
//! ```
//! The topology is node-link JSON with lengths in km as `distance` or `dist`. Names, with what
//! holds when they are not given: `modes=FILE.csv` (columns `maximum_length` in km and
//! `spectral_efficiency`; none: 1 bit/s/Hz), `slots=100`, `slot_ghz=12.5`, `guard=1`, `k=5`,
//! `select=km` and `order=km` (`km`, `hops` or `hops/se`), `policy=first` (`first`, `last`,
//! `exact`, `best` or `least`), `gbps=25..100` (a range or a list), `mean=25`, `redraw=2` (0:
//! holding times are not drawn again), `seed=1`, `warmup=20000`, `requests=1000000`.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a program: it takes arguments and reads files"
)]

use std::collections::BTreeMap;

use optical::assign::SpectrumPolicy;
use optical::planner::{
    HoldingTime, ModeStep, Random, RateMix, RouteRules, RouteTable, Scenario, TableOrder, Traffic,
    simulate,
};
use optical::quantity::Rate;

/// Reading of graphs and tables, as in the tests.
#[path = "../tests/shared/mod.rs"]
#[expect(dead_code, reason = "the folder of vectors is for the tests")]
mod shared;

struct Options(BTreeMap<String, String>);

impl Options {
    fn number(&self, name: &str, default: f64) -> f64 {
        self.0.get(name).map_or(default, |text| text.parse().unwrap())
    }

    fn order(&self, name: &str) -> TableOrder {
        match self.0.get(name).map(String::as_str) {
            None | Some("km") => TableOrder::Length,
            Some("hops") => TableOrder::Hops,
            Some("hops/se") => TableOrder::HopsPerEfficiency,
            Some(other) => panic!("{name}={other}: km, hops or hops/se"),
        }
    }

    fn policy(&self) -> SpectrumPolicy {
        match self.0.get("policy").map(String::as_str) {
            None | Some("first") => SpectrumPolicy::FirstFit,
            Some("last") => SpectrumPolicy::LastFit,
            Some("exact") => SpectrumPolicy::ExactFit,
            Some("best") => SpectrumPolicy::BestFit,
            Some("least") => SpectrumPolicy::LeastFragmentation,
            Some(other) => panic!("policy={other}: first, last, exact, best or least"),
        }
    }

    fn rates(&self) -> RateMix {
        let text = self.0.get("gbps").map_or("25..100", String::as_str);
        let rate = |text: &str| text.parse::<f64>().ok().and_then(Rate::from_gbps).unwrap();
        let rates = match text.split_once("..") {
            Some((low, high)) => (low.parse::<u64>().unwrap()..=high.parse().unwrap())
                .map(|gbps| Rate::from_mbps(gbps * 1000))
                .collect(),
            None => text.split(',').map(rate).collect(),
        };
        RateMix::uniform(rates).unwrap()
    }

    fn modes(&self) -> Vec<ModeStep> {
        let file = self.0.get("modes");
        file.map_or(Vec::new(), |file| shared::modes(&std::fs::read_to_string(file).unwrap()))
    }

    fn holding(&self) -> HoldingTime {
        let (mean, limit) = (self.number("mean", 25.0), self.number("redraw", 2.0));
        match limit > 0.0 {
            true => HoldingTime::Redrawn { mean, limit },
            false => HoldingTime::Exponential { mean },
        }
    }
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let (Some(topology), Some(load)) = (arguments.next(), arguments.next()) else {
        println!("usage: rmsa_blocking TOPOLOGY.json LOAD [NAME=VALUE]...");
        return;
    };
    let named = arguments.map(|argument| {
        let (name, value) = argument.split_once('=').expect("NAME=VALUE");
        (name.to_owned(), value.to_owned())
    });
    let options = Options(named.collect());
    let scenario = scenario(&topology, load.parse().unwrap(), &options);
    let seed = options.number("seed", 1.0) as u64;
    let outcome = simulate(&scenario, &mut Random::new(seed)).unwrap();
    let percent = |share: f64| 100.0 * share;
    println!(
        "{topology} {load} E: {:.3} +- {:.3} % blocked, {:.3} % of the rate, {:.1} % used, \
         fragmentation {:.3}",
        percent(outcome.blocking.mean),
        percent(outcome.blocking.half_width),
        percent(outcome.rate_blocking.mean),
        percent(outcome.utilisation.mean),
        outcome.fragmentation.mean,
    );
}

fn scenario(topology: &str, load: f64, options: &Options) -> Scenario {
    let graph = shared::graph(&std::fs::read_to_string(topology).unwrap());
    let traffic = Traffic::uniform(graph.node_count()).unwrap();
    let rates = options.rates();
    let rules = RouteRules {
        paths: options.number("k", 5.0) as u16,
        select: options.order("select"),
        order: options.order("order"),
        modes: options.modes(),
        slot_mhz: (options.number("slot_ghz", 12.5) * 1e3) as u32,
        guard_slots: options.number("guard", 1.0) as u16,
    };
    let routes = RouteTable::build(&graph, traffic.pairs(), rates.rates(), &rules).unwrap();
    Scenario {
        routes,
        traffic,
        rates,
        slots: options.number("slots", 100.0) as u16,
        policy: options.policy(),
        load,
        holding: options.holding(),
        warmup: options.number("warmup", 20_000.0) as u64,
        batch: (options.number("requests", 1e6) / 20.0).ceil() as u64,
        batches: 20,
    }
}
