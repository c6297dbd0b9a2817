//! A compact graph: links with two ends, and for each node its ways out and in.

use crate::quantity::Length;

/// A link of a graph, by numbers of its ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GraphLink {
    /// One end; in a directed graph where it starts.
    pub from: u32,
    /// The other end.
    pub to: u32,
    /// Its length.
    pub length: Length,
}

/// One step from a node: over `link` to `node`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Step {
    pub(crate) node: u32,
    pub(crate) link: u32,
}

/// Nodes and links by number, undirected or directed. Parallel links are kept apart.
#[derive(Clone, Debug, Default)]
pub struct Graph {
    /// `None` for numbers that stand for no link.
    links: Vec<Option<GraphLink>>,
    is_directed: bool,
    /// For each node its steps forward, ascending.
    out: Vec<Vec<Step>>,
    /// For each node its steps backward; empty when undirected: the same as forward.
    back: Vec<Vec<Step>>,
}

impl Graph {
    /// A graph whose links lead both ways and have one spectrum for both. Links with an end that
    /// is no node, or with both ends at one, are left out.
    #[must_use]
    pub fn undirected(nodes: u32, links: Vec<Option<GraphLink>>) -> Self {
        Self::new(nodes, links, false)
    }

    /// A graph whose links lead from `from` to `to` only.
    #[must_use]
    pub fn directed(nodes: u32, links: Vec<Option<GraphLink>>) -> Self {
        Self::new(nodes, links, true)
    }

    fn new(nodes: u32, mut links: Vec<Option<GraphLink>>, is_directed: bool) -> Self {
        let mut out = vec![Vec::new(); nodes as usize];
        let mut back = vec![Vec::new(); if is_directed { nodes as usize } else { 0 }];
        for (number, place) in (0..).zip(&mut links) {
            *place = place.filter(|l| l.from < nodes && l.to < nodes && l.from != l.to);
            let Some(link) = place else { continue };
            out[link.from as usize].push(Step { node: link.to, link: number });
            let reverse = if is_directed { &mut back } else { &mut out };
            reverse[link.to as usize].push(Step { node: link.from, link: number });
        }
        out.iter_mut().chain(&mut back).for_each(|steps| steps.sort_unstable());
        Self { links, is_directed, out, back }
    }

    /// Number of nodes.
    #[must_use]
    pub fn node_count(&self) -> u32 {
        self.out.len() as u32
    }

    /// Numbers of links, those that stand for none included.
    #[must_use]
    pub fn link_count(&self) -> u32 {
        self.links.len() as u32
    }

    /// Whether links lead one way only.
    #[must_use]
    pub fn is_directed(&self) -> bool {
        self.is_directed
    }

    /// A link by number.
    #[must_use]
    pub fn link(&self, number: u32) -> Option<&GraphLink> {
        self.links.get(number as usize)?.as_ref()
    }

    /// Steps from a node, ascending by node, then link.
    pub(crate) fn steps(&self, node: u32) -> &[Step] {
        self.out.get(node as usize).map_or(&[], Vec::as_slice)
    }

    /// Steps by which a node is reached, each to where it comes from.
    pub(crate) fn steps_back(&self, node: u32) -> &[Step] {
        let steps = if self.is_directed { &self.back } else { &self.out };
        steps.get(node as usize).map_or(&[], Vec::as_slice)
    }

    /// Length of a link; zero for a number that stands for none.
    pub(crate) fn length(&self, link: u32) -> Length {
        self.link(link).map_or(Length::ZERO, |link| link.length)
    }

    /// A path from where it starts and the links it takes, if they join up without a loop.
    #[must_use]
    pub fn path(&self, start: u32, links: &[u32]) -> Option<Path> {
        let mut nodes = vec![start];
        for number in links {
            let here = *nodes.last()?;
            let next = self.steps(here).iter().find(|step| step.link == *number)?.node;
            if nodes.contains(&next) {
                return None;
            }
            nodes.push(next);
        }
        let length = links.iter().map(|link| self.length(*link)).sum();
        (start < self.node_count()).then(|| Path { nodes, links: links.to_vec(), length })
    }
}

/// A loopless path.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Path {
    /// Nodes in order of travel; one more than links.
    pub nodes: Vec<u32>,
    /// Links in order of travel.
    pub links: Vec<u32>,
    /// Sum of the links.
    pub length: Length,
}

impl Path {
    /// Number of links.
    #[must_use]
    pub fn hops(&self) -> u32 {
        self.links.len() as u32
    }

    /// The same path from its end to its start.
    #[must_use]
    pub fn reversed(mut self) -> Self {
        self.nodes.reverse();
        self.links.reverse();
        self
    }
}
