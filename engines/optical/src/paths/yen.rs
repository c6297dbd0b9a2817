//! Loopless paths in ascending order of cost: Yen, "Finding the k shortest loopless paths in a
//! network" (Management Science 17, 1971), with Lawler's restriction of the deviations.

use std::collections::BTreeSet;

use super::dijkstra::{Avoid, Cost, distances_to, guided, walk};
use super::graph::{Graph, Path};

/// What a link costs. The second component breaks ties of the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Metric {
    /// Length, then hops.
    Length,
    /// Hops, then length.
    Hops,
}

impl Metric {
    pub(super) fn cost(self, graph: &Graph, link: u32) -> Cost {
        let metres = graph.length(link).metres();
        match self {
            Self::Length => (metres, 1),
            Self::Hops => (1, metres),
        }
    }

    fn of(self, path: &Path) -> Cost {
        match self {
            Self::Length => (path.length.metres(), u64::from(path.hops())),
            Self::Hops => (u64::from(path.hops()), path.length.metres()),
        }
    }
}

/// A path that may be next, ordered by cost, then nodes, then links.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Candidate {
    cost: Cost,
    path: Path,
    /// Hops at its start that it shares with the path it deviates from.
    shared: usize,
    /// Links that it may not take after those: ways on that other paths have.
    barred: Vec<u32>,
}

/// An iterator over the loopless paths between two nodes, cheapest first. Paths of equal cost
/// come in the order of their node numbers, then link numbers. It searches only as far as it is
/// asked: the first path costs one search over the graph, each further one at most one search
/// per hop, guided to look at little more than the way itself.
#[derive(Clone, Debug)]
pub struct Yen<'g> {
    graph: &'g Graph,
    metric: Metric,
    target: u32,
    avoid: Avoid,
    /// Costs of all nodes to the target; they guide the search for deviations.
    left: Vec<Cost>,
    /// The path given last. Deviations of it are worked out when the next one is asked for.
    last: Option<Candidate>,
    candidates: BTreeSet<Candidate>,
}

impl<'g> Yen<'g> {
    /// Paths from `source` to `target` that keep clear of `avoid`. From a node to itself there
    /// is none.
    #[must_use]
    pub fn new(graph: &'g Graph, metric: Metric, source: u32, target: u32, avoid: Avoid) -> Self {
        let count = graph.node_count();
        let is_pair = source != target && source < count && target < count;
        let (mut left, mut candidates) = (Vec::new(), BTreeSet::new());
        if is_pair && !avoid.has_node(target) {
            left = distances_to(graph, metric, target, None, &avoid);
            let first = walk(graph, metric, source, target, &avoid, &left);
            candidates.extend(first.map(|path| Candidate::new(metric, path, 0, Vec::new())));
        }
        Self { graph, metric, target, avoid, left, last: None, candidates }
    }

    /// The best way to leave a path after `shared` hops.
    ///
    /// Candidates part the paths not yet given among them: those that begin as a candidate does
    /// up to its deviation and then take none of its barred links. So a path's own next link
    /// joins the barred ones where it deviated, and further on it is the only one.
    fn deviation(&self, base: &Candidate, shared: usize) -> Option<Candidate> {
        let Path { nodes, links, .. } = &base.path;
        let mut barred = if shared == base.shared { base.barred.clone() } else { Vec::new() };
        barred.push(links[shared]);
        let mut avoid = self.avoid.clone();
        nodes[..shared].iter().for_each(|node| avoid.node(*node));
        barred.iter().for_each(|link| avoid.link(*link));
        let (from, to) = (nodes[shared], self.target);
        let spur = guided(self.graph, self.metric, from, to, &avoid, &self.left)?;
        let nodes = [&nodes[..shared], &spur.nodes].concat();
        let links = [&links[..shared], &spur.links].concat();
        let length = links.iter().map(|link| self.graph.length(*link)).sum();
        Some(Candidate::new(self.metric, Path { nodes, links, length }, shared, barred))
    }
}

impl Candidate {
    fn new(metric: Metric, path: Path, shared: usize, barred: Vec<u32>) -> Self {
        Self { cost: metric.of(&path), path, shared, barred }
    }
}

impl Iterator for Yen<'_> {
    type Item = Path;

    fn next(&mut self) -> Option<Path> {
        if let Some(base) = self.last.take() {
            let deviations = base.shared..base.path.links.len();
            let new: Vec<_> = deviations.filter_map(|at| self.deviation(&base, at)).collect();
            self.candidates.extend(new);
        }
        let next = self.candidates.pop_first()?;
        let path = next.path.clone();
        self.last = Some(next);
        Some(path)
    }
}
