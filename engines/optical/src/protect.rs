//! Pairs of paths that do not fail together.

mod disjoint;
mod flow;
mod risk;

pub use disjoint::{Disjoint, disjoint_pair};
pub use risk::{RISK_PRIMARIES_MAX, RiskPair, Risks, risk_disjoint_pair};

use crate::paths::Path;

/// Two paths with the same ends, the shorter one first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// The shorter one; of equally long ones the one with fewer hops, then smaller node numbers.
    pub working: Path,
    /// The other one.
    pub protection: Path,
}

impl Pair {
    fn of(one: Path, other: Path) -> Self {
        let key = |path: &Path| (path.length, path.hops());
        let is_first =
            (key(&one), &one.nodes, &one.links) <= (key(&other), &other.nodes, &other.links);
        let (working, protection) = if is_first { (one, other) } else { (other, one) };
        Self { working, protection }
    }

    /// Metres of both.
    #[must_use]
    pub fn total_metres(&self) -> u64 {
        (self.working.length + self.protection.length).metres()
    }
}

#[cfg(test)]
mod tests;
