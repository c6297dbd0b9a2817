//! Loopless paths in order of cost, with ties broken the same way every time.

mod dijkstra;
mod graph;
mod order;
mod yen;

pub use dijkstra::{Avoid, shortest};
pub use graph::{Graph, GraphLink, Path};
pub use order::{EfficiencyOf, PathOrder, PathSearch, SEARCH_PATHS_MAX};
pub use yen::{Metric, Yen};

#[cfg(test)]
mod tests;
