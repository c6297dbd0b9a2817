use proptest::prelude::*;

use super::*;
use crate::assign::SpectrumPolicy;
use crate::grid::Block;
use crate::paths::{Graph, GraphLink};
use crate::quantity::{Efficiency, Length, Rate};

fn ring(nodes: u32) -> Graph {
    let links = (0..nodes).map(|node| {
        let length = Length::from_metres(100_000 + 7_000 * u64::from(node));
        Some(GraphLink { from: node, to: (node + 1) % nodes, length })
    });
    Graph::undirected(nodes, links.collect())
}

fn rules(paths: u16) -> RouteRules {
    let step = |km: u64, bits| ModeStep {
        reach: Length::from_metres(km * 1000),
        efficiency: Efficiency::from_bits(bits).unwrap(),
    };
    RouteRules {
        paths,
        select: TableOrder::Length,
        order: TableOrder::Length,
        modes: vec![step(250, 4), step(400, 2), step(10_000, 1)],
        slot_mhz: 12_500,
        guard_slots: 1,
    }
}

fn scenario(load: f64, policy: SpectrumPolicy, slots: u16) -> Scenario {
    let traffic = Traffic::uniform(6).unwrap();
    let rates = [40, 100, 200].map(|gbps| Rate::from_mbps(gbps * 1000));
    let rates = RateMix::uniform(rates.to_vec()).unwrap();
    let routes = RouteTable::build(&ring(6), traffic.pairs(), rates.rates(), &rules(2)).unwrap();
    Scenario {
        routes,
        traffic,
        rates,
        slots,
        policy,
        load,
        holding: HoldingTime::Exponential { mean: 10.0 },
        warmup: 0,
        batch: 2_000,
        batches: 2,
    }
}

/// The same simulation written plainly: a list of connections, slots as booleans.
fn plain(scenario: &Scenario, random: &mut Random) -> (u64, u64) {
    let slots = usize::from(scenario.slots);
    let mut links = vec![vec![true; slots]; scenario.routes.link_count()];
    let mut alive: Vec<(f64, Vec<u16>, std::ops::Range<usize>)> = Vec::new();
    let (mut now, mut blocked, mut occupied) = (0.0, 0, 0);
    let gap = scenario.holding.mean() / scenario.load;
    for _ in 0..scenario.batch * u64::from(scenario.batches) {
        now += random.exponential() * gap;
        let (pair, rate) = (scenario.traffic.draw(random), scenario.rates.draw(random));
        let hold = scenario.holding.mean() * random.exponential();
        let (over, staying) = alive.into_iter().partition(|(end, ..)| *end <= now);
        alive = staying;
        for (_, path, range) in over {
            path.iter().for_each(|link| links[usize::from(*link)][range.clone()].fill(true));
        }
        occupied += links.iter().flatten().filter(|is_free| !**is_free).count() as u64;
        let found = scenario.routes.paths(pair).find_map(|path| {
            let width = usize::from(scenario.routes.width(path, rate));
            let path = scenario.routes.links(path).to_vec();
            let is_free = |s: usize| path.iter().all(|link| links[usize::from(*link)][s]);
            let mut starts = (0..(slots + 1).saturating_sub(width)).rev();
            let fits = |s: &usize| (*s..s + width).all(is_free);
            let start = match scenario.policy {
                SpectrumPolicy::LastFit => starts.find(fits),
                _ => starts.rev().find(fits),
            }?;
            Some((path, start..start + width))
        });
        match found {
            Some((path, range)) => {
                path.iter().for_each(|link| links[usize::from(*link)][range.clone()].fill(false));
                alive.push((now + hold, path, range));
            }
            None => blocked += 1,
        }
    }
    (blocked, occupied)
}

#[test]
fn the_fast_loop_decides_as_the_plain_one() {
    let policies = [SpectrumPolicy::FirstFit, SpectrumPolicy::LastFit];
    for (seed, slots) in
        [(1, 20), (2, 64), (3, 65), (4, 130), (5, 250), (6, 300), (7, 380), (8, 700)]
    {
        for policy in policies {
            let scenario = scenario(f64::from(slots) * 1.2, policy, slots);
            let outcome = simulate(&scenario, &mut Random::new(seed)).unwrap();
            let (blocked, occupied) = plain(&scenario, &mut Random::new(seed));
            assert_eq!(outcome.blocked, blocked, "{slots} slots, {policy:?}");
            let all = f64::from(slots) * 6.0 * outcome.requests as f64;
            assert!((outcome.utilisation.mean - occupied as f64 / all).abs() < 1e-9);
            assert!(outcome.blocked > 0, "a load that says something");
        }
    }
}

#[test]
fn one_link_blocks_as_erlang_computes() {
    // One link, connections of one slot: M/M/c/c, whatever the policy.
    let graph = Graph::undirected(
        2,
        vec![Some(GraphLink { from: 0, to: 1, length: Length::from_metres(1) })],
    );
    let traffic = Traffic::uniform(2).unwrap();
    let rates = RateMix::uniform(vec![Rate::from_mbps(1)]).unwrap();
    let rules = RouteRules { guard_slots: 0, modes: Vec::new(), ..rules(1) };
    let routes = RouteTable::build(&graph, traffic.pairs(), rates.rates(), &rules).unwrap();
    let base = scenario(10.0, SpectrumPolicy::FirstFit, 20);
    let mut scenario = Scenario { routes, traffic, rates, slots: 10, load: 8.0, ..base };
    (scenario.warmup, scenario.batch, scenario.batches) = (1_000, 20_000, 30);
    let erlang_b = (1..=10).fold(1.0, |b, n| 8.0 * b / (f64::from(n) + 8.0 * b));
    for policy in SpectrumPolicy::ALL {
        scenario.policy = policy;
        let outcome = simulate(&scenario, &mut Random::new(11)).unwrap();
        let Estimate { mean, half_width } = outcome.blocking;
        assert!((mean - erlang_b).abs() < 2.0 * half_width, "{policy:?} {mean} {erlang_b}");
        assert!(half_width < 0.004);
        let carried = 8.0 * (1.0 - erlang_b) / 10.0;
        assert!((outcome.utilisation.mean - carried).abs() < 0.01);
    }
}

#[test]
fn the_same_seed_gives_the_same_outcome() {
    let scenario = scenario(60.0, SpectrumPolicy::LeastFragmentation, 100);
    let run = |seed| simulate(&scenario, &mut Random::new(seed)).unwrap();
    assert_eq!(run(1), run(1));
    assert_ne!(run(1), run(2));
}

#[test]
fn scenarios_that_make_no_sense_are_refused() {
    let good = scenario(60.0, SpectrumPolicy::FirstFit, 100);
    let refuse = |change: &dyn Fn(&mut Scenario)| {
        let mut bad = good.clone();
        change(&mut bad);
        assert!(simulate(&bad, &mut Random::new(1)).is_err());
    };
    refuse(&|s| s.load = f64::NAN);
    refuse(&|s| s.load = 0.0);
    refuse(&|s| s.holding = HoldingTime::Exponential { mean: -1.0 });
    refuse(&|s| s.holding = HoldingTime::Redrawn { mean: 1.0, limit: 0.0 });
    refuse(&|s| s.slots = 0);
    refuse(&|s| s.slots = 769);
    refuse(&|s| s.batches = 0);
    refuse(&|s| s.warmup = u64::MAX);
    refuse(&|s| s.traffic = Traffic::uniform(3).unwrap());
}

#[test]
fn shares_are_drawn_as_given() {
    let traffic = Traffic::weighted(vec![(0, 1, 1.0), (1, 0, 0.0), (0, 2, 5.0), (2, 1, 2.0)]);
    let traffic = traffic.unwrap();
    let mut random = Random::new(9);
    let mut counts = [0; 4];
    (0..80_000).for_each(|_| counts[traffic.draw(&mut random) as usize] += 1);
    for (count, expected) in counts.into_iter().zip([10_000, 0, 50_000, 20_000]) {
        assert!(i32::abs(count - expected) < 600, "{counts:?}");
    }
    assert!(Traffic::weighted(vec![(0, 1, 0.0)]).is_err());
    assert!(Traffic::weighted(vec![(0, 1, f64::INFINITY)]).is_err());
    assert!(Traffic::weighted(Vec::new()).is_err());
    assert!(Traffic::uniform(1).is_err() && Traffic::uniform(u32::MAX).is_err());
}

fn replayer(last_start: LastStart, release: ReleaseAt) -> Replayer {
    Replayer::new(ReplayRules {
        links: 2,
        slots: 10,
        slot_mhz: 12_500,
        guard_slots: 0,
        paths: 5,
        policy: SpectrumPolicy::FirstFit,
        last_start,
        release,
    })
    .unwrap()
}

#[test]
fn rules_of_replay_differ_where_they_say() {
    let paths = [ReplayPath { links: vec![0, 1], efficiency: Efficiency::ONE }];
    let rate = Rate::from_mbps(125_000);
    let full = ReplayRequest { at: 0.0, hold: 5.0, rate, paths: &paths };
    let next = ReplayRequest { at: 5.0, ..full };
    let accepted = Decision::Accepted { path: 0, block: Block::new(0, 10) };
    let mut plain = replayer(LastStart::Tried, ReleaseAt::End);
    assert_eq!((plain.decide(full), plain.decide(next)), (Ok(accepted), Ok(accepted)));
    let mut late = replayer(LastStart::Tried, ReleaseAt::AfterEnd);
    assert_eq!((late.decide(full), late.decide(next)), (Ok(accepted), Ok(Decision::Blocked)));
    let mut early = replayer(LastStart::NeverTried, ReleaseAt::End);
    assert_eq!(early.decide(full), Ok(Decision::Blocked));
}

proptest! {
    #[test]
    fn bad_requests_leave_a_replay_as_it_was(
        at in -1.0_f64..9.0,
        hold in -1.0_f64..9.0,
        link in 0_u16..4,
    ) {
        let mut replayer = replayer(LastStart::Tried, ReleaseAt::End);
        let good = [ReplayPath { links: vec![1], efficiency: Efficiency::ONE }];
        let rate = Rate::from_mbps(30_000);
        replayer.decide(ReplayRequest { at: 3.0, hold: 50.0, rate, paths: &good }).unwrap();
        let free = replayer.free().to_vec();
        let paths = [ReplayPath { links: vec![link], efficiency: Efficiency::ONE }];
        let answer = replayer.decide(ReplayRequest { at, hold, rate, paths: &paths });
        prop_assert_eq!(answer.is_ok(), at >= 3.0 && hold >= 0.0 && link < 2);
        if answer.is_err() {
            prop_assert_eq!(replayer.free(), &free);
        }
    }
}
