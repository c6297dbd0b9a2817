//! Who asks for how much.

use crate::planner::Random;
use crate::quantity::Rate;

/// Most different rates of a mix.
pub const RATES_MAX: usize = 1_024;

/// Most pairs of a traffic matrix: all of 2,000 nodes.
pub const PAIRS_MAX: usize = 4_000_000;

/// Why traffic cannot be described so.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum TrafficFault {
    /// No pair or no rate.
    #[error("nothing to choose from")]
    Empty,
    /// A share that is negative, not finite, or all are 0.
    #[error("share {share} of entry {entry}; shares are finite, not negative and not all 0")]
    Share {
        /// Which.
        entry: usize,
        /// What was given.
        share: f64,
    },
    /// More than [`RATES_MAX`].
    #[error("{count} rates; a mix has at most {RATES_MAX}")]
    TooManyRates {
        /// How many were given.
        count: usize,
    },
    /// More than [`PAIRS_MAX`].
    #[error("{count} pairs; a traffic matrix has at most {PAIRS_MAX}")]
    TooManyPairs {
        /// How many were given.
        count: usize,
    },
}

/// Draws from a list by shares in constant time: Walker's alias method (Vose 1991).
#[derive(Clone, Debug, PartialEq)]
struct Alias {
    /// For each entry: below this (of 2^32) the entry itself, else the other one.
    cells: Vec<(u32, u32)>,
}

impl Alias {
    fn new(shares: &[f64]) -> Result<Self, TrafficFault> {
        let is_bad = |share: &f64| !share.is_finite() || *share < 0.0;
        let total: f64 = shares.iter().sum();
        if let Some(entry) = shares.iter().position(is_bad) {
            return Err(TrafficFault::Share { entry, share: shares[entry] });
        }
        if shares.is_empty() {
            return Err(TrafficFault::Empty);
        }
        if !(total.is_finite() && total > 0.0) {
            return Err(TrafficFault::Share { entry: 0, share: shares[0] });
        }
        let count = shares.len() as f64;
        let mut scaled: Vec<f64> = shares.iter().map(|share| share / total * count).collect();
        let (mut small, mut large): (Vec<usize>, Vec<usize>) =
            (0..shares.len()).partition(|at| scaled[*at] < 1.0);
        let mut cells: Vec<(u32, u32)> =
            (0..shares.len() as u32).map(|at| (u32::MAX, at)).collect();
        while let (Some(low), Some(high)) = (small.pop(), large.last().copied()) {
            cells[low] = ((scaled[low] * 4_294_967_296.0) as u32, high as u32);
            scaled[high] -= 1.0 - scaled[low];
            if scaled[high] < 1.0 {
                large.pop();
                small.push(high);
            }
        }
        Ok(Self { cells })
    }

    #[inline]
    fn draw(&self, random: &mut Random) -> u32 {
        let bits = random.bits();
        let at = ((bits >> 32) * self.cells.len() as u64) >> 32;
        let (limit, other) = self.cells[at as usize];
        if (bits as u32) < limit { at as u32 } else { other }
    }
}

/// How requests spread over ordered pairs of nodes.
#[derive(Clone, Debug, PartialEq)]
pub struct Traffic {
    pairs: Vec<(u32, u32)>,
    alias: Alias,
}

impl Traffic {
    /// Every ordered pair of different nodes alike.
    ///
    /// # Errors
    /// With fewer than two nodes, or more than [`PAIRS_MAX`] pairs.
    pub fn uniform(nodes: u32) -> Result<Self, TrafficFault> {
        check_pairs(nodes as usize * (nodes as usize).saturating_sub(1))?;
        let all = (0..nodes).flat_map(|source| (0..nodes).map(move |target| (source, target)));
        let different = all.filter(|(source, target)| source != target);
        Self::weighted(different.map(|(source, target)| (source, target, 1.0)).collect())
    }

    /// Ordered pairs with shares; they need not add up to 1.
    ///
    /// # Errors
    /// When a share is negative or not finite, all are 0, or there are more than [`PAIRS_MAX`].
    pub fn weighted(entries: Vec<(u32, u32, f64)>) -> Result<Self, TrafficFault> {
        check_pairs(entries.len())?;
        let shares: Vec<f64> = entries.iter().map(|(.., share)| *share).collect();
        let alias = Alias::new(&shares)?;
        Ok(Self { pairs: entries.into_iter().map(|(a, b, _)| (a, b)).collect(), alias })
    }

    /// The pairs in order.
    #[must_use]
    pub fn pairs(&self) -> &[(u32, u32)] {
        &self.pairs
    }

    /// The number of a pair, by its share.
    #[inline]
    pub(super) fn draw(&self, random: &mut Random) -> u32 {
        self.alias.draw(random)
    }
}

fn check_pairs(count: usize) -> Result<(), TrafficFault> {
    if count <= PAIRS_MAX { Ok(()) } else { Err(TrafficFault::TooManyPairs { count }) }
}

/// Which rates are asked for, and how often.
#[derive(Clone, Debug, PartialEq)]
pub struct RateMix {
    rates: Vec<Rate>,
    alias: Alias,
}

impl RateMix {
    /// Each entry alike; a rate that is there twice comes twice as often.
    ///
    /// # Errors
    /// Without a rate, or with more than [`RATES_MAX`].
    pub fn uniform(rates: Vec<Rate>) -> Result<Self, TrafficFault> {
        let shares = vec![1.0; rates.len()];
        Self::weighted(rates, &shares)
    }

    /// Rates with shares; what has no share counts as 0.
    ///
    /// # Errors
    /// As [`Self::uniform`], and for shares as [`Traffic::weighted`].
    pub fn weighted(rates: Vec<Rate>, shares: &[f64]) -> Result<Self, TrafficFault> {
        if rates.len() > RATES_MAX {
            return Err(TrafficFault::TooManyRates { count: rates.len() });
        }
        let share = |at: usize| shares.get(at).copied().unwrap_or(0.0);
        let shares: Vec<f64> = (0..rates.len()).map(share).collect();
        let alias = Alias::new(&shares)?;
        Ok(Self { rates, alias })
    }

    /// The rates in order.
    #[must_use]
    pub fn rates(&self) -> &[Rate] {
        &self.rates
    }

    /// The number of a rate, by its share.
    #[inline]
    pub(super) fn draw(&self, random: &mut Random) -> u32 {
        self.alias.draw(random)
    }
}
