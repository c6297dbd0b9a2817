//! Candidate paths of every pair, found once, with the slots each rate needs on them.

use crate::paths::{Avoid, Graph, Path, PathOrder, PathSearch};
use crate::quantity::{Efficiency, Length, Rate};

/// Most candidate paths of a pair.
pub const CANDIDATES_MAX: u16 = 1_000;
/// Most links of a graph that is simulated.
pub const SIMULATED_LINKS_MAX: u32 = 65_536;

/// An efficiency and how far it reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ModeStep {
    /// Longest path, inclusive.
    pub reach: Length,
    /// Efficiency up to there.
    pub efficiency: Efficiency,
}

/// An order of candidate paths.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TableOrder {
    /// Shortest first.
    #[default]
    Length,
    /// Fewest links first.
    Hops,
    /// Fewest links divided by efficiency first.
    HopsPerEfficiency,
}

/// How candidate paths are chosen and what rates need on them.
#[derive(Clone, Debug)]
pub struct RouteRules {
    /// Paths per pair.
    pub paths: u16,
    /// The order in which the best `paths` are chosen.
    pub select: TableOrder,
    /// The order in which those are tried. Published tables often choose by length and then
    /// sort by something else.
    pub order: TableOrder,
    /// Efficiency by length. Empty: 1 bit per second and hertz whatever the length. A path that
    /// none reaches is not tried.
    pub modes: Vec<ModeStep>,
    /// Width of a slot in MHz.
    pub slot_mhz: u32,
    /// Slots added to each block.
    pub guard_slots: u16,
}

impl RouteRules {
    fn efficiency(&self, length: Length) -> Option<Efficiency> {
        if self.modes.is_empty() {
            return Some(Efficiency::ONE);
        }
        let reaching = self.modes.iter().filter(|mode| length <= mode.reach);
        reaching.map(|mode| mode.efficiency).max()
    }
}

/// Why a table cannot be built.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RouteTableFault {
    /// More than [`SIMULATED_LINKS_MAX`] links.
    #[error("{links} links; a simulated graph has at most {SIMULATED_LINKS_MAX}")]
    Links {
        /// How many there are.
        links: u32,
    },
    /// A pair names a node that is not there, or one node twice.
    #[error("no two different nodes: {source_node} and {target_node}")]
    Pair {
        /// From.
        source_node: u32,
        /// To.
        target_node: u32,
    },
    /// A slot of no width.
    #[error("a slot has some width")]
    Slot,
}

/// A path that is ready to be tried.
#[derive(Clone, Copy, Debug)]
struct Entry {
    first_link: u32,
    hops: u16,
    /// Row of the table of widths.
    class: u16,
}

/// Candidate paths of pairs in the order in which they are tried.
#[derive(Clone, Debug)]
pub struct RouteTable {
    link_count: u32,
    /// For each pair, where its paths start; one more at the end.
    firsts: Vec<u32>,
    entries: Vec<Entry>,
    links: Vec<u16>,
    /// For each efficiency, the slots of each rate; `u16::MAX`: more than any link has.
    widths: Vec<u16>,
    rate_count: usize,
}

impl RouteTable {
    /// Finds the paths of each pair. In an undirected graph a pair and its reverse have the same
    /// paths, found from the lower node on.
    ///
    /// # Errors
    /// When the graph is too large, or a pair is none.
    pub fn build(
        graph: &Graph,
        pairs: &[(u32, u32)],
        rates: &[Rate],
        rules: &RouteRules,
    ) -> Result<Self, RouteTableFault> {
        check(graph, pairs, rules)?;
        let mut table = Self {
            link_count: graph.link_count(),
            firsts: vec![0],
            entries: Vec::new(),
            links: Vec::new(),
            widths: Vec::new(),
            rate_count: rates.len(),
        };
        let mut classes: Vec<Efficiency> = Vec::new();
        for (source, target) in pairs {
            let is_turned = !graph.is_directed() && target < source;
            let (from, to) = if is_turned { (*target, *source) } else { (*source, *target) };
            for path in candidates(graph, from, to, rules) {
                let Some(efficiency) = rules.efficiency(path.length) else { continue };
                let known = classes.iter().position(|class| *class == efficiency);
                let class = known.unwrap_or_else(|| {
                    classes.push(efficiency);
                    let width = |rate: &Rate| width(efficiency, *rate, rules);
                    table.widths.extend(rates.iter().map(width));
                    classes.len() - 1
                });
                table.push(&path, class as u16);
            }
            table.firsts.push(table.entries.len() as u32);
        }
        Ok(table)
    }

    fn push(&mut self, path: &Path, class: u16) {
        let first_link = self.links.len() as u32;
        self.links.extend(path.links.iter().map(|link| *link as u16));
        self.entries.push(Entry { first_link, hops: path.hops() as u16, class });
    }

    pub(super) fn link_count(&self) -> usize {
        self.link_count as usize
    }

    /// Numbers of a pair's paths.
    #[inline]
    pub(super) fn paths(&self, pair: u32) -> std::ops::Range<u32> {
        self.firsts[pair as usize]..self.firsts[pair as usize + 1]
    }

    /// The links of a path.
    #[inline]
    pub(super) fn links(&self, path: u32) -> &[u16] {
        let Entry { first_link, hops, .. } = self.entries[path as usize];
        &self.links[first_link as usize..][..usize::from(hops)]
    }

    /// Slots that a rate needs on a path.
    #[inline]
    pub(super) fn width(&self, path: u32, rate: u32) -> u16 {
        let class = usize::from(self.entries[path as usize].class);
        self.widths[class * self.rate_count + rate as usize]
    }

    /// Number of pairs.
    #[must_use]
    pub fn pair_count(&self) -> usize {
        self.firsts.len() - 1
    }

    /// Number of paths of all pairs together.
    #[must_use]
    pub fn path_count(&self) -> usize {
        self.entries.len()
    }

    /// Rates that the widths are for.
    pub(super) fn rate_count(&self) -> usize {
        self.rate_count
    }
}

fn check(graph: &Graph, pairs: &[(u32, u32)], rules: &RouteRules) -> Result<(), RouteTableFault> {
    let links = graph.link_count();
    if links > SIMULATED_LINKS_MAX {
        return Err(RouteTableFault::Links { links });
    }
    if rules.slot_mhz == 0 {
        return Err(RouteTableFault::Slot);
    }
    let nodes = graph.node_count();
    let is_bad = |(a, b): &&(u32, u32)| a == b || *a >= nodes || *b >= nodes;
    match pairs.iter().find(is_bad) {
        Some((a, b)) => Err(RouteTableFault::Pair { source_node: *a, target_node: *b }),
        None => Ok(()),
    }
}

fn candidates(graph: &Graph, from: u32, to: u32, rules: &RouteRules) -> Vec<Path> {
    let efficiency = |length: Length| rules.efficiency(length);
    let order = |order: TableOrder| match order {
        TableOrder::Length => PathOrder::Length,
        TableOrder::Hops => PathOrder::Hops,
        TableOrder::HopsPerEfficiency => PathOrder::HopsPerEfficiency(&efficiency),
    };
    let avoid = Avoid::nothing(graph);
    let search = PathSearch::new(graph, order(rules.select), from, to, avoid);
    let mut paths: Vec<Path> = search.take(usize::from(rules.paths.min(CANDIDATES_MAX))).collect();
    order(rules.order).sort(&mut paths);
    paths
}

fn width(efficiency: Efficiency, rate: Rate, rules: &RouteRules) -> u16 {
    let slots = efficiency.slots(rate, rules.slot_mhz);
    slots.and_then(|slots| slots.checked_add(rules.guard_slots)).unwrap_or(u16::MAX)
}
