//! The shortest pair of link- or node-disjoint paths.
//!
//! Removing the shortest path and searching again can miss pairs that exist ("trap
//! topologies") and pairs that are shorter. So both paths are found together, as a flow of two
//! units at least cost: Suurballe, "Disjoint paths in a network" (Networks 4, 1974); Bhandari,
//! "Survivable Networks" (1999), whose node splitting gives node-disjoint pairs.

use super::Pair;
use super::flow::Flow;
use crate::paths::{Avoid, Graph};

/// What two paths may not share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Disjoint {
    /// Links.
    Links,
    /// Links, and nodes other than the ends.
    Nodes,
}

/// The pair of least total length between two different nodes, keeping clear of `avoid`'s links.
/// `None` when there is no such pair at all.
#[must_use]
pub fn disjoint_pair(
    graph: &Graph,
    source: u32,
    target: u32,
    kind: Disjoint,
    avoid: &Avoid,
) -> Option<Pair> {
    let nodes = graph.node_count();
    if source == target || source >= nodes || target >= nodes {
        return None;
    }
    let is_split = kind == Disjoint::Nodes;
    // A split node is entered at `node` and left at `node + nodes`, with one unit between.
    let exit = |node: u32| if is_split { node + nodes } else { node };
    let mut flow = Flow::new(if is_split { 2 * nodes } else { nodes });
    for node in (0..nodes).filter(|_| is_split) {
        flow.add_arc(node, exit(node), 0, None);
    }
    for number in (0..graph.link_count()).filter(|number| !avoid.has_link(*number)) {
        let Some(link) = graph.link(number) else { continue };
        let metres = link.length.metres() as i64;
        flow.add_arc(exit(link.from), link.to, metres, Some(number));
        if !graph.is_directed() {
            flow.add_arc(exit(link.to), link.from, metres, Some(number));
        }
    }
    if !(flow.augment(exit(source), target) && flow.augment(exit(source), target)) {
        return None;
    }
    let one = graph.path(source, &flow.take_path(exit(source), target)?)?;
    let other = graph.path(source, &flow.take_path(exit(source), target)?)?;
    Some(Pair::of(one, other))
}
