//! Pairs of paths without a shared risk group.
//!
//! Whether such a pair exists is NP-complete (Hu, "Diverse routing in optical mesh networks",
//! IEEE Trans. Commun. 51, 2003). So this is a search with a bound and an honest answer: it goes
//! through possible shorter paths in ascending length and finds for each the shortest partner.
//! Once twice the length of the shorter path is not below the best pair, that pair is proven to
//! be the best; once all paths were seen without one, it is proven that there is none.

use std::collections::BTreeSet;

use super::Pair;
use crate::paths::{Avoid, Graph, Metric, Path, Yen, shortest};

/// Most paths that are looked at as the shorter one of a pair.
pub const RISK_PRIMARIES_MAX: usize = 500;

/// The risk groups of each link, by numbers.
#[derive(Clone, Debug, Default)]
pub struct Risks {
    by_link: Vec<BTreeSet<u32>>,
}

impl Risks {
    /// The groups of each link, in the order of link numbers. A link that is not in the list is
    /// in no group.
    #[must_use]
    pub fn new(by_link: Vec<BTreeSet<u32>>) -> Self {
        Self { by_link }
    }

    /// Adds to `avoid` what may not be in a partner of `path`: its links, and every link in a
    /// group that one of its links is in.
    pub fn exclude(&self, path: &[u32], graph: &Graph, avoid: &mut Avoid) {
        let none = BTreeSet::new();
        let of = |link: u32| self.by_link.get(link as usize).unwrap_or(&none);
        let risks: BTreeSet<u32> = path.iter().flat_map(|link| of(*link)).copied().collect();
        let is_shared = |link: u32| path.contains(&link) || !of(link).is_disjoint(&risks);
        (0..graph.link_count()).filter(|l| is_shared(*l)).for_each(|link| avoid.link(link));
    }
}

/// The answer of a bounded search.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RiskPair {
    /// The best pair found.
    pub pair: Option<Pair>,
    /// Whether it is proven that none is shorter, or that there is none.
    pub is_proven: bool,
}

/// The shortest pair of paths that share no link and no risk group, as far as
/// `primaries_max` candidates for the shorter path show (at most [`RISK_PRIMARIES_MAX`]).
#[must_use]
pub fn risk_disjoint_pair(
    graph: &Graph,
    risks: &Risks,
    source: u32,
    target: u32,
    avoid: &Avoid,
    primaries_max: usize,
) -> RiskPair {
    let mut best: Option<Pair> = None;
    let mut primaries = Yen::new(graph, Metric::Length, source, target, avoid.clone());
    for _ in 0..primaries_max.min(RISK_PRIMARIES_MAX) {
        let next = primaries.next();
        let is_better =
            |path: &Path, pair: &Pair| path.length.metres().saturating_mul(2) < pair.total_metres();
        let Some(primary) = next.filter(|p| best.as_ref().is_none_or(|b| is_better(p, b))) else {
            return RiskPair { pair: best, is_proven: true };
        };
        let mut apart = avoid.clone();
        risks.exclude(&primary.links, graph, &mut apart);
        if let Some(partner) = shortest(graph, Metric::Length, source, target, &apart) {
            let pair = Pair::of(primary, partner);
            if best.as_ref().is_none_or(|best| pair.total_metres() < best.total_metres()) {
                best = Some(pair);
            }
        }
    }
    RiskPair { pair: best, is_proven: false }
}
