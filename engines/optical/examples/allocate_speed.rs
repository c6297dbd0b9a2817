//! How long the engine takes to allocate and release with all its records: a torus of 500 POPs
//! and 1,000 links with 384 slots, half full.
//!
//! ```text
//! cargo run --release -p optical --example allocate_speed [requests]
//! ```
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a program: it measures time and takes arguments"
)]

use std::time::{Duration, Instant};

use optical::mode::ByReach;
use optical::network::{Network, Protection, Request, Strategy};
use optical::planner::Random;
use optical::profile::Profile;
use optical::quantity::{Length, Rate};
use optical::topology::{ConnectionId, Inventory, Link, LinkId, Pop, PopId, Topology};

const COLUMNS: u32 = 25;
const ROWS: u32 = 20;
/// Connections that are up while times are taken.
const ALIVE: u32 = 3_000;

fn main() {
    let requests = std::env::args().nth(1).map_or(20_000, |text| text.parse().unwrap());
    let mut network = torus();
    let mut random = Random::new(1);
    for number in 0..ALIVE {
        let _ = network.allocate(&request(number, &mut random), Strategy::default(), &ByReach);
    }
    println!("{} connections on 1,000 links", network.connection_count());
    let [mut allocations, mut releases, mut dry_runs] = [const { Vec::new() }; 3];
    for number in ALIVE..ALIVE + requests {
        let request = request(number, &mut random);
        dry_runs.push(timed(|| {
            let mut copy = network.clone();
            let _ = copy.allocate(&request, Strategy::default(), &ByReach);
        }));
        allocations.push(timed(|| {
            let _ = network.allocate(&request, Strategy::default(), &ByReach);
        }));
        let oldest = id(number - ALIVE);
        releases.push(timed(|| drop(network.release(&oldest))));
    }
    report("allocate", allocations);
    report("release", releases);
    report("clone, allocate, drop", dry_runs);
    network.check().unwrap();
}

fn timed(work: impl FnOnce()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

fn report(name: &str, mut times: Vec<Duration>) {
    times.sort_unstable();
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
    println!("{name}: median {:?}, p99 {:?}, most {:?}", at(0.5), at(0.99), at(1.0));
}

fn id(number: u32) -> ConnectionId {
    ConnectionId::new(format!("c{number}")).unwrap()
}

fn pop(number: u32) -> PopId {
    PopId::new(format!("pop{number}")).unwrap()
}

fn request(number: u32, random: &mut Random) -> Request {
    let source = random.below(COLUMNS * ROWS);
    let target = (source + 1 + random.below(COLUMNS * ROWS - 1)) % (COLUMNS * ROWS);
    Request {
        id: id(number),
        source: pop(source),
        target: pop(target),
        source_interface: None,
        target_interface: None,
        rate: Rate::from_mbps(400_000),
        modulation: None,
        protection: Protection::None,
    }
}

fn torus() -> Network {
    let place = |column: u32, row: u32| pop(row % ROWS * COLUMNS + column % COLUMNS);
    let mut inventory = Inventory::default();
    let mut random = Random::new(2);
    for (row, column) in (0..ROWS).flat_map(|row| (0..COLUMNS).map(move |column| (row, column))) {
        let id = place(column, row);
        let (name, location, operator) = (id.to_string(), String::new(), "telco".to_owned());
        inventory.pops.push(Pop { id: id.clone(), name, location, operator });
        for end in [place(column + 1, row), place(column, row + 1)] {
            inventory.links.push(Link {
                id: LinkId::new(format!("{id}-{end}")).unwrap(),
                a: id.clone(),
                b: end,
                length: Length::from_metres(50_000 + u64::from(random.below(100_000))),
                fibre: "SMF".into(),
                risks: Vec::new(),
            });
        }
    }
    Network::new(Profile::zr75(), Topology::build(inventory).unwrap())
}
