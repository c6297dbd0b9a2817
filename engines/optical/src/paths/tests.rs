use proptest::prelude::*;

use super::*;
use crate::quantity::{Efficiency, Length};

/// A small graph with lengths from a short list, so that ties are common.
fn graphs() -> impl Strategy<Value = Graph> {
    let link = (0_u32..7, 0_u32..7, 1_u64..5);
    (prop::collection::vec(link, 0..16), any::<bool>()).prop_map(|(links, is_directed)| {
        let length = |km: u64| Length::from_metres(km * 1000);
        let links = links
            .into_iter()
            .map(|(from, to, km)| Some(GraphLink { from, to, length: length(km) }));
        let links = links.collect();
        if is_directed { Graph::directed(7, links) } else { Graph::undirected(7, links) }
    })
}

/// Every loopless path, by walking everywhere.
fn every_path(graph: &Graph, source: u32, target: u32, avoid: &Avoid) -> Vec<Path> {
    let mut found = Vec::new();
    let mut open = vec![vec![]];
    while let Some(links) = open.pop() {
        let Some(path) = graph.path(source, &links) else { continue };
        let here = *path.nodes.last().unwrap();
        if here == target {
            found.push(path);
            continue;
        }
        for link in (0..graph.link_count()).filter(|link| !avoid.has_link(*link)) {
            open.push([links.as_slice(), &[link]].concat());
        }
    }
    found.retain(|path| !path.links.is_empty());
    found
}

fn efficiency(length: Length) -> Option<Efficiency> {
    let bits = match length.metres() / 1000 {
        0..=2 => 4,
        3..=4 => 3,
        5..=7 => 2,
        8..=12 => 1,
        _ => return None,
    };
    Efficiency::from_bits(bits)
}

proptest! {
    #[test]
    fn all_paths_come_in_order(graph in graphs(), source in 0_u32..7, target in 0_u32..7,
                               left_out in 0_u32..16) {
        let mut avoid = Avoid::nothing(&graph);
        avoid.link(left_out);
        let of: EfficiencyOf<'_> = &efficiency;
        let orders = [PathOrder::Length, PathOrder::Hops, PathOrder::HopsPerEfficiency(of)];
        for order in orders {
            let mut expected = every_path(&graph, source, target, &avoid);
            order.sort(&mut expected);
            let search = PathSearch::new(&graph, order, source, target, avoid.clone());
            let found: Vec<Path> = search.collect();
            prop_assert_eq!(&found, &expected, "{:?}", order);
        }
    }
}

#[test]
fn equal_paths_come_by_node_numbers() {
    let link = |from, to| Some(GraphLink { from, to, length: Length::from_metres(1000) });
    let graph = Graph::undirected(4, vec![link(3, 1), link(1, 0), link(0, 2), link(2, 3)]);
    let avoid = Avoid::nothing(&graph);
    let search = PathSearch::new(&graph, PathOrder::Length, 3, 0, avoid);
    let nodes: Vec<Vec<u32>> = search.map(|path| path.nodes).collect();
    assert_eq!(nodes, [vec![3, 1, 0], vec![3, 2, 0]]);
}

#[test]
fn a_node_that_is_none_has_no_paths() {
    let graph = Graph::undirected(0, Vec::new());
    let avoid = Avoid::nothing(&graph);
    assert_eq!(PathSearch::new(&graph, PathOrder::Length, 0, 1, avoid).next(), None);
    let graph =
        Graph::undirected(2, vec![Some(GraphLink { from: 0, to: 9, length: Length::ZERO })]);
    let avoid = Avoid::nothing(&graph);
    assert_eq!(PathSearch::new(&graph, PathOrder::Hops, 0, 9, avoid).next(), None);
}
