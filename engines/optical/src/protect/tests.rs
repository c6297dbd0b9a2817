use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::paths::{Avoid, Graph, GraphLink, Metric, Yen};
use crate::quantity::Length;

fn graph(links: &[(u32, u32, u64)], is_directed: bool) -> Graph {
    let length = |km: u64| Length::from_metres(km * 1000);
    let links =
        links.iter().map(|(a, b, km)| Some(GraphLink { from: *a, to: *b, length: length(*km) }));
    let links = links.collect();
    if is_directed { Graph::directed(7, links) } else { Graph::undirected(7, links) }
}

/// The least total of all pairs of all paths that are apart by `is_apart`.
fn least(graph: &Graph, is_apart: impl Fn(&Path, &Path) -> bool) -> Option<u64> {
    let all = || Yen::new(graph, Metric::Length, 0, 6, Avoid::nothing(graph));
    let paths: Vec<Path> = all().collect();
    let pairs = paths.iter().flat_map(|one| paths.iter().map(move |other| (one, other)));
    let apart = pairs.filter(|(one, other)| is_apart(one, other));
    apart.map(|(one, other)| (one.length + other.length).metres()).min()
}

fn no_shared_link(one: &Path, other: &Path) -> bool {
    one.links.iter().all(|link| !other.links.contains(link))
}

fn no_shared_node(one: &Path, other: &Path) -> bool {
    let inner = &one.nodes[1..one.nodes.len() - 1];
    no_shared_link(one, other) && inner.iter().all(|node| !other.nodes.contains(node))
}

proptest! {
    #[test]
    fn pairs_are_the_shortest_of_all(
        links in prop::collection::vec((0_u32..7, 0_u32..7, 1_u64..9), 2..15),
        is_directed in any::<bool>(),
        groups in prop::collection::vec(prop::collection::btree_set(0_u32..5, 0..3), 15),
    ) {
        let graph = graph(&links, is_directed);
        let avoid = Avoid::nothing(&graph);
        let links_apart = disjoint_pair(&graph, 0, 6, Disjoint::Links, &avoid);
        let total = |pair: &Option<Pair>| pair.as_ref().map(Pair::total_metres);
        prop_assert_eq!(total(&links_apart), least(&graph, no_shared_link));
        if let Some(pair) = links_apart {
            prop_assert!(no_shared_link(&pair.working, &pair.protection));
        }
        let nodes_apart = disjoint_pair(&graph, 0, 6, Disjoint::Nodes, &avoid);
        prop_assert_eq!(total(&nodes_apart), least(&graph, no_shared_node));
        if let Some(pair) = nodes_apart {
            prop_assert!(no_shared_node(&pair.working, &pair.protection));
        }
        let of = |path: &Path| -> BTreeSet<u32> {
            path.links.iter().flat_map(|link| groups[*link as usize].clone()).collect()
        };
        let no_shared_risk =
            |a: &Path, b: &Path| no_shared_link(a, b) && of(a).is_disjoint(&of(b));
        let risks = Risks::new(groups.clone());
        let found = risk_disjoint_pair(&graph, &risks, 0, 6, &avoid, RISK_PRIMARIES_MAX);
        prop_assert!(found.is_proven);
        prop_assert_eq!(found.pair.as_ref().map(Pair::total_metres), least(&graph, no_shared_risk));
        if let Some(pair) = found.pair {
            prop_assert!(no_shared_risk(&pair.working, &pair.protection));
        }
        let short = risk_disjoint_pair(&graph, &risks, 0, 6, &avoid, 1);
        if short.is_proven {
            let total = short.pair.as_ref().map(Pair::total_metres);
            prop_assert_eq!(total, least(&graph, no_shared_risk));
        }
    }
}

#[test]
fn a_trap_that_removal_falls_into_is_solved() {
    // The shortest path 0-1-2-6 takes a link of both detours; without it no second path is left.
    let links = [(0, 1, 1), (1, 2, 1), (2, 6, 1), (0, 2, 4), (1, 6, 4)];
    let graph = graph(&links, false);
    let pair = disjoint_pair(&graph, 0, 6, Disjoint::Nodes, &Avoid::nothing(&graph)).unwrap();
    assert_eq!(pair.total_metres(), 10_000);
    assert_eq!((pair.working.nodes, pair.protection.nodes), (vec![0, 1, 6], vec![0, 2, 6]));
}
