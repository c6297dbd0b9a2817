//! Reads graphs and tables of others, where they lie beside the checkout.
#![expect(clippy::unwrap_used, reason = "files that are there are well formed")]

use std::collections::BTreeMap;
use std::path::PathBuf;

use optical::paths::{Graph, GraphLink};
use optical::planner::ModeStep;
use optical::quantity::{Efficiency, Length};
use serde_json::Value;

/// A folder of optical vectors, or a word on the terminal when there is none.
pub(crate) fn folder(name: &str) -> Option<PathBuf> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/vectors/optical");
    let folder = root.join(name);
    if !folder.is_dir() {
        println!("skipped: no ../shared");
        return None;
    }
    Some(folder)
}

/// A graph as node-link JSON with `distance` or `dist` in km; nodes numbered in file order.
/// Links that are there twice count once, as in a graph without parallel links.
pub(crate) fn graph(text: &str) -> Graph {
    let document: Value = serde_json::from_str(text).unwrap();
    let is_directed = document["directed"].as_bool().unwrap();
    let nodes = document["nodes"].as_array().unwrap();
    let numbers: BTreeMap<String, u32> =
        nodes.iter().map(|node| node["id"].to_string()).zip(0..).collect();
    let mut links = BTreeMap::new();
    for link in document["links"].as_array().or(document["edges"].as_array()).unwrap() {
        let end = |name: &str| numbers[&link[name].to_string()];
        let km = link["distance"].as_f64().or(link["dist"].as_f64()).unwrap();
        let (from, to) = (end("source"), end("target"));
        let key = if is_directed { (from, to) } else { (from.min(to), from.max(to)) };
        let length = Length::from_km(km).unwrap();
        links.insert(key, Some(GraphLink { from, to, length }));
    }
    let count = nodes.len() as u32;
    let links = links.into_values().collect();
    if is_directed { Graph::directed(count, links) } else { Graph::undirected(count, links) }
}

/// Reach and efficiency by the columns `maximum_length` and `spectral_efficiency`.
pub(crate) fn modes(text: &str) -> Vec<ModeStep> {
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().unwrap().split(',').collect();
    let column = |name: &str| header.iter().position(|cell| cell.trim() == name).unwrap();
    let (reach, efficiency) = (column("maximum_length"), column("spectral_efficiency"));
    let step = |line: &str| {
        let cells: Vec<f64> = line.split(',').map(|c| c.trim().parse().unwrap_or(0.0)).collect();
        ModeStep {
            reach: Length::from_metres((cells[reach] * 1e3) as u64),
            efficiency: Efficiency::from_hundredths((cells[efficiency] * 100.0) as u32).unwrap(),
        }
    };
    lines.filter(|line| !line.trim().is_empty()).map(step).collect()
}
