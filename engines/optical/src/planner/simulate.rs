//! The loop over requests.

use super::Random;
use super::core::Links;
use super::departures::Departures;
use super::scenario::{HoldingTime, Scenario, ScenarioFault};
use super::statistics::{BatchMeans, Estimate};
use crate::assign::Fragmentation;
use crate::grid::Block;
use crate::spectrum::WORDS;

/// What a simulation shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// Requests counted.
    pub requests: u64,
    /// Of these, blocked.
    pub blocked: u64,
    /// Share of requests blocked.
    pub blocking: Estimate,
    /// Share of the asked rate that was blocked.
    pub rate_blocking: Estimate,
    /// Share of all slots of all links held, as arriving requests see it, which for Poisson
    /// arrivals is the mean over time.
    pub utilisation: Estimate,
    /// External fragmentation of the free slots, mean over links, sampled at the end of batches.
    pub fragmentation: Estimate,
    /// Blocking of each batch.
    pub batches: BatchMeans,
}

/// Runs a scenario. The same scenario and generator give the same outcome.
///
/// # Errors
/// When the scenario is not sound.
pub fn simulate(scenario: &Scenario, random: &mut Random) -> Result<Outcome, ScenarioFault> {
    scenario.check()?;
    // As few words as hold the slots: each number of words is code of its own.
    Ok(match scenario.slots.div_ceil(64) {
        1 => Simulator::<1>::new(scenario).run(random),
        2 => Simulator::<2>::new(scenario).run(random),
        3 => Simulator::<3>::new(scenario).run(random),
        4 | 5 => Simulator::<5>::new(scenario).run(random),
        6 => Simulator::<6>::new(scenario).run(random),
        _ => Simulator::<WORDS>::new(scenario).run(random),
    })
}

/// What a connection holds until it ends.
#[derive(Clone, Copy)]
struct Held {
    path: u32,
    block: Block,
}

struct Simulator<'s, const W: usize> {
    scenario: &'s Scenario,
    links: Links<W>,
    departures: Departures<Held>,
    now: f64,
    /// Mean time between arrivals.
    gap: f64,
    /// Slots held on all links together.
    occupied: u64,
}

/// Sums over a batch.
#[derive(Default)]
struct Tally {
    blocked: u64,
    blocked_mbps: u64,
    asked_mbps: u64,
    occupied: u64,
}

impl<'s, const W: usize> Simulator<'s, W> {
    fn new(scenario: &'s Scenario) -> Self {
        let gap = scenario.holding.mean() / scenario.load;
        Self {
            scenario,
            links: Links::new(scenario.routes.link_count(), scenario.slots),
            departures: Departures::new(1.0 / gap, scenario.load),
            now: 0.0,
            gap,
            occupied: 0,
        }
    }

    fn run(mut self, random: &mut Random) -> Outcome {
        let scenario = self.scenario;
        self.batch(scenario.warmup, random);
        let [mut blocking, mut rate, mut used, mut scattered] =
            std::array::from_fn(|_| BatchMeans::default());
        let mut blocked = 0;
        let per_batch = scenario.batch as f64;
        let slots = f64::from(scenario.slots) * self.scenario.routes.link_count().max(1) as f64;
        for _ in 0..scenario.batches {
            let tally = self.batch(scenario.batch, random);
            blocked += tally.blocked;
            blocking.push(tally.blocked as f64 / per_batch);
            rate.push(tally.blocked_mbps as f64 / (tally.asked_mbps as f64).max(1.0));
            used.push(tally.occupied as f64 / per_batch / slots);
            scattered.push(self.fragmentation());
        }
        Outcome {
            requests: scenario.batch * u64::from(scenario.batches),
            blocked,
            blocking: blocking.estimate(),
            rate_blocking: rate.estimate(),
            utilisation: used.estimate(),
            fragmentation: scattered.estimate(),
            batches: blocking,
        }
    }

    fn batch(&mut self, requests: u64, random: &mut Random) -> Tally {
        let scenario = self.scenario;
        let mut tally = Tally::default();
        for _ in 0..requests {
            self.now += random.exponential() * self.gap;
            let pair = scenario.traffic.draw(random);
            let rate = scenario.rates.draw(random);
            let hold = holding_time(scenario.holding, random);
            self.release_due();
            tally.occupied += self.occupied;
            let mbps = scenario.rates.rates()[rate as usize].mbps();
            tally.asked_mbps += mbps;
            if !self.request(pair, rate, hold) {
                tally.blocked += 1;
                tally.blocked_mbps += mbps;
            }
        }
        tally
    }

    #[inline]
    fn release_due(&mut self) {
        let Self { departures, links, occupied, scenario, now, .. } = self;
        departures.due(*now, |held: Held| {
            let path = scenario.routes.links(held.path);
            links.give_back(path, held.block);
            *occupied -= path.len() as u64 * u64::from(held.block.width);
        });
    }

    /// Holds the first block there is room for; says whether there was.
    #[inline]
    fn request(&mut self, pair: u32, rate: u32, hold: f64) -> bool {
        let routes = &self.scenario.routes;
        for path in routes.paths(pair) {
            let links = routes.links(path);
            let found = self.links.find(self.scenario.policy, links, routes.width(path, rate));
            let Some(block) = found else { continue };
            self.links.take(links, block);
            self.occupied += links.len() as u64 * u64::from(block.width);
            self.departures.insert(self.now + hold, Held { path, block });
            return true;
        }
        false
    }

    fn fragmentation(&self) -> f64 {
        let all = self.links.free();
        let sum: f64 = all.iter().map(|free| Fragmentation::of(free).external).sum();
        sum / all.len().max(1) as f64
    }
}

#[inline]
fn holding_time(holding: HoldingTime, random: &mut Random) -> f64 {
    match holding {
        HoldingTime::Exponential { mean } => mean * random.exponential(),
        HoldingTime::Redrawn { mean, limit } => loop {
            let drawn = random.exponential();
            if drawn < limit {
                return mean * drawn;
            }
        },
    }
}
