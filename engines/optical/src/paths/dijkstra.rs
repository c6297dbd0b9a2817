//! The one shortest path (Dijkstra 1959), the smallest one by node numbers among equals.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::graph::{Graph, Path, Step};
use super::yen::Metric;

/// Links and nodes that a search leaves out.
#[derive(Clone, Debug)]
pub struct Avoid {
    links: Vec<bool>,
    nodes: Vec<bool>,
}

impl Avoid {
    /// Nothing is left out.
    #[must_use]
    pub fn nothing(graph: &Graph) -> Self {
        let links = vec![false; graph.link_count() as usize];
        Self { links, nodes: vec![false; graph.node_count() as usize] }
    }

    /// Leaves a link out.
    pub fn link(&mut self, link: u32) {
        if let Some(place) = self.links.get_mut(link as usize) {
            *place = true;
        }
    }

    /// Leaves a node out.
    pub fn node(&mut self, node: u32) {
        if let Some(place) = self.nodes.get_mut(node as usize) {
            *place = true;
        }
    }

    fn allows(&self, step: Step) -> bool {
        !self.links[step.link as usize] && !self.nodes[step.node as usize]
    }

    /// Whether a node is left out, or is none.
    pub(super) fn has_node(&self, node: u32) -> bool {
        self.nodes.get(node as usize).copied().unwrap_or(true)
    }

    /// Whether a link is left out.
    #[must_use]
    pub fn has_link(&self, link: u32) -> bool {
        self.links.get(link as usize).copied().unwrap_or(true)
    }
}

/// What a path costs: the metric first, then what breaks its ties.
pub(super) type Cost = (u64, u64);

const UNREACHED: Cost = (u64::MAX, u64::MAX);

/// The cheapest path, and of several the one with the smallest node numbers, then link numbers,
/// from the start on. `None` when there is none, or an end is no node.
///
/// Distances are found from the target backward; then a walk from the source always takes the
/// smallest step that lies on a cheapest path. Every link costs something, so the walk ends.
#[must_use]
pub fn shortest(
    graph: &Graph,
    metric: Metric,
    source: u32,
    target: u32,
    avoid: &Avoid,
) -> Option<Path> {
    let last = graph.node_count().checked_sub(1)?;
    if source > last || target > last || avoid.nodes[target as usize] {
        return None;
    }
    let left = distances_to(graph, metric, target, Some(source), avoid);
    walk(graph, metric, source, target, avoid, &left)
}

/// The way from the source along nodes whose costs `left` to the target are known.
pub(super) fn walk(
    graph: &Graph,
    metric: Metric,
    source: u32,
    target: u32,
    avoid: &Avoid,
    left: &[Cost],
) -> Option<Path> {
    if left.get(source as usize).is_none_or(|cost| *cost == UNREACHED) {
        return None;
    }
    let (mut nodes, mut links, mut here) = (vec![source], Vec::new(), source);
    while here != target {
        let is_on = |step: &&Step| {
            let rest = left[step.node as usize];
            avoid.allows(**step)
                && rest != UNREACHED
                && add(rest, metric.cost(graph, step.link)) == left[here as usize]
        };
        let step = graph.steps(here).iter().find(is_on)?;
        nodes.push(step.node);
        links.push(step.link);
        here = step.node;
    }
    let length = links.iter().map(|link| graph.length(*link)).sum();
    Some(Path { nodes, links, length })
}

/// As [`shortest`], guided by the costs `left` to the target in a graph that leaves out less:
/// they are never too high there (Hart, Nilsson and Raphael's A*), so hardly more is looked at
/// than what lies on the way.
pub(super) fn guided(
    graph: &Graph,
    metric: Metric,
    source: u32,
    target: u32,
    avoid: &Avoid,
    left: &[Cost],
) -> Option<Path> {
    let mut search = Guided {
        cost: vec![UNREACHED; left.len()],
        reached_from: vec![Step { node: u32::MAX, link: u32::MAX }; left.len()],
    };
    let mut queue = BinaryHeap::from([Reverse((left[source as usize], (0, 0), source))]);
    search.cost[source as usize] = (0, 0);
    while let Some(Reverse((_, cost, here))) = queue.pop() {
        if here == target {
            return Some(search.path(graph, source, target));
        }
        if cost > search.cost[here as usize] {
            continue;
        }
        for step in graph.steps(here).iter().filter(|step| avoid.allows(**step)) {
            let there = add(cost, metric.cost(graph, step.link));
            let rest = left[step.node as usize];
            let known = search.cost[step.node as usize];
            let back = Step { node: here, link: step.link };
            if rest == UNREACHED || step.node == source || there > known {
                continue;
            }
            if there < known {
                search.cost[step.node as usize] = there;
                search.reached_from[step.node as usize] = back;
                queue.push(Reverse((add(there, rest), there, step.node)));
            } else if search.is_smaller(source, step.node, back) {
                search.reached_from[step.node as usize] = back;
            }
        }
    }
    None
}

/// What a guided search knows of each node.
struct Guided {
    cost: Vec<Cost>,
    reached_from: Vec<Step>,
}

impl Guided {
    /// Whether a node is reached by smaller numbers from `back` than as it is now. Both ways
    /// cost the same and so have equally many links.
    fn is_smaller(&self, source: u32, node: u32, back: Step) -> bool {
        let now = self.reached_from[node as usize];
        let (now_nodes, now_links) = self.trail(source, now);
        let (new_nodes, new_links) = self.trail(source, back);
        (new_nodes, new_links) < (now_nodes, now_links)
    }

    /// Nodes and links from the source up to and with a step.
    fn trail(&self, source: u32, mut back: Step) -> (Vec<u32>, Vec<u32>) {
        let (mut nodes, mut links) = (vec![back.node], vec![back.link]);
        while back.node != source {
            back = self.reached_from[back.node as usize];
            nodes.push(back.node);
            links.push(back.link);
        }
        nodes.reverse();
        links.reverse();
        (nodes, links)
    }

    fn path(&self, graph: &Graph, source: u32, target: u32) -> Path {
        let (mut nodes, links) = self.trail(source, self.reached_from[target as usize]);
        nodes.push(target);
        let length = links.iter().map(|link| graph.length(*link)).sum();
        Path { nodes, links, length }
    }
}

/// Costs from every node to the target; with a source, only as far as they are below its own,
/// and its place among the left-out nodes does not matter.
pub(super) fn distances_to(
    graph: &Graph,
    metric: Metric,
    target: u32,
    source: Option<u32>,
    avoid: &Avoid,
) -> Vec<Cost> {
    let mut best = vec![UNREACHED; graph.node_count() as usize];
    let mut queue = BinaryHeap::from([Reverse(((0, 0), target))]);
    best[target as usize] = (0, 0);
    while let Some(Reverse((cost, node))) = queue.pop() {
        if cost > best[node as usize] {
            continue;
        }
        if Some(node) == source {
            break;
        }
        for step in graph.steps_back(node) {
            let is_open = avoid.allows(*step)
                || Some(step.node) == source && !avoid.links[step.link as usize];
            let there = add(cost, metric.cost(graph, step.link));
            if is_open && there < best[step.node as usize] {
                best[step.node as usize] = there;
                queue.push(Reverse((there, step.node)));
            }
        }
    }
    best
}

fn add(left: Cost, right: Cost) -> Cost {
    (left.0.saturating_add(right.0), left.1.saturating_add(right.1))
}
