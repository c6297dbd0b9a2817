//! The orders in which a request tries its paths.

use std::collections::BTreeSet;
use std::fmt;

use super::dijkstra::Avoid;
use super::graph::{Graph, Path};
use super::yen::{Metric, Yen};
use crate::quantity::{Efficiency, Length};

/// Most paths that one search looks at before it answers with what it has.
pub const SEARCH_PATHS_MAX: usize = 1_000;

/// The best spectral efficiency that reaches a length; `None` when nothing reaches it. A longer
/// path never has a better one.
pub type EfficiencyOf<'a> = &'a dyn Fn(Length) -> Option<Efficiency>;

/// By what paths are ordered. Ties end with the node numbers, then the link numbers.
#[derive(Clone, Copy)]
pub enum PathOrder<'a> {
    /// Length, then hops.
    Length,
    /// Hops, then length.
    Hops,
    /// Hops divided by spectral efficiency, that is spectrum used over all links, then length.
    /// Blocks least of the three in published comparisons (Doherty and Beghelli, JOCN 2025).
    HopsPerEfficiency(EfficiencyOf<'a>),
}

impl fmt::Debug for PathOrder<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Length => "Length",
            Self::Hops => "Hops",
            Self::HopsPerEfficiency(_) => "HopsPerEfficiency",
        })
    }
}

impl PathOrder<'_> {
    /// What the order compares, smallest first.
    fn key(self, path: &Path) -> (u64, u64) {
        let metres = path.length.metres();
        match self {
            Self::Length => (metres, u64::from(path.hops())),
            Self::Hops => (u64::from(path.hops()), metres),
            Self::HopsPerEfficiency(of) => (ratio(path.hops(), of(path.length)), metres),
        }
    }

    /// Sorts paths that were found by another order.
    pub fn sort(self, paths: &mut [Path]) {
        paths.sort_by_cached_key(|path| (self.key(path), path.nodes.clone(), path.links.clone()));
    }
}

/// `hops / efficiency` as a whole number. Two ratios differ by at least `1 / (100 x 100)^2`
/// of a hundredth, so the factor keeps different ones apart and equal ones equal.
fn ratio(hops: u32, efficiency: Option<Efficiency>) -> u64 {
    const FACTOR: u64 = 1_000_000_000;
    efficiency.map_or(u64::MAX, |e| u64::from(hops) * FACTOR / u64::from(e.hundredths()))
}

/// The loopless paths between two nodes in one of the orders, found as they are asked for.
#[derive(Debug)]
pub struct PathSearch<'a> {
    order: PathOrder<'a>,
    yen: std::iter::Peekable<Yen<'a>>,
    /// Found, but something better may still come.
    waiting: BTreeSet<((u64, u64), Path)>,
    looked_at: usize,
}

impl<'a> PathSearch<'a> {
    /// Paths from `source` to `target` that keep clear of `avoid`.
    #[must_use]
    pub fn new(
        graph: &'a Graph,
        order: PathOrder<'a>,
        source: u32,
        target: u32,
        avoid: Avoid,
    ) -> Self {
        let metric = match order {
            PathOrder::Length => Metric::Length,
            PathOrder::Hops | PathOrder::HopsPerEfficiency(_) => Metric::Hops,
        };
        let yen = Yen::new(graph, metric, source, target, avoid).peekable();
        Self { order, yen, waiting: BTreeSet::new(), looked_at: 0 }
    }

    /// The least that any path not yet found can have in this order. Hops only grow, and no path
    /// is more efficient than one of no length.
    fn bound(&mut self) -> Option<u64> {
        let next = self.yen.peek().filter(|_| self.looked_at < SEARCH_PATHS_MAX)?;
        Some(match self.order {
            PathOrder::HopsPerEfficiency(of) => ratio(next.hops(), of(Length::ZERO)),
            order => order.key(next).0,
        })
    }
}

impl Iterator for PathSearch<'_> {
    type Item = Path;

    fn next(&mut self) -> Option<Path> {
        loop {
            let bound = self.bound();
            let best = self.waiting.first().map(|((key, _), _)| *key);
            match (best, bound) {
                (Some(best), Some(bound)) if best >= bound => {}
                (None, Some(_)) => {}
                _ => return self.waiting.pop_first().map(|(_, path)| path),
            }
            let path = self.yen.next()?;
            self.looked_at += 1;
            self.waiting.insert((self.order.key(&path), path));
        }
    }
}
