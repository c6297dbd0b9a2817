//! Flows of single units at least cost, by shortest augmenting paths in the residual graph.

use std::collections::VecDeque;

struct Arc {
    from: u32,
    to: u32,
    cost: i64,
    link: Option<u32>,
    is_used: bool,
}

/// A graph of arcs that carry one unit each.
pub(super) struct Flow {
    arcs: Vec<Arc>,
    /// For each node the arcs that touch it.
    touching: Vec<Vec<u32>>,
}

const FAR: i64 = i64::MAX;

impl Flow {
    pub(super) fn new(nodes: u32) -> Self {
        Self { arcs: Vec::new(), touching: vec![Vec::new(); nodes as usize] }
    }

    /// An arc of one unit that stands for a link, or for none.
    pub(super) fn add_arc(&mut self, from: u32, to: u32, cost: i64, link: Option<u32>) {
        let number = self.arcs.len() as u32;
        self.touching[from as usize].push(number);
        self.touching[to as usize].push(number);
        self.arcs.push(Arc { from, to, cost, link, is_used: false });
    }

    /// Sends one more unit at the least additional cost; `false` when none can be sent.
    ///
    /// Costs of arcs taken back are negative, but there is no negative cycle: each flow so far
    /// is one of least cost. So Bellman and Ford's search ends.
    pub(super) fn augment(&mut self, source: u32, target: u32) -> bool {
        let reached_by = self.search(source, target);
        let mut here = target;
        let mut path = Vec::new();
        while here != source {
            let Some(arc) = reached_by[here as usize] else {
                return false;
            };
            path.push(arc);
            let Arc { from, to, .. } = self.arcs[arc as usize];
            here = if here == to { from } else { to };
        }
        for arc in path {
            let arc = &mut self.arcs[arc as usize];
            arc.is_used = !arc.is_used;
        }
        true
    }

    /// For each node the arc by which it is reached at least cost.
    fn search(&self, source: u32, target: u32) -> Vec<Option<u32>> {
        let mut cost = vec![FAR; self.touching.len()];
        let mut reached_by = vec![None; self.touching.len()];
        let mut queue = VecDeque::from([source]);
        let mut is_queued = vec![false; self.touching.len()];
        cost[source as usize] = 0;
        while let Some(here) = queue.pop_front() {
            is_queued[here as usize] = false;
            if here == target {
                continue;
            }
            for number in &self.touching[here as usize] {
                let arc = &self.arcs[*number as usize];
                // Forward over an unused arc, backward over a used one.
                let (next, step) = match (arc.from == here, arc.is_used) {
                    (true, false) => (arc.to, arc.cost),
                    (false, true) => (arc.from, -arc.cost),
                    _ => continue,
                };
                let there = cost[here as usize] + step;
                if there < cost[next as usize] && next != source {
                    cost[next as usize] = there;
                    reached_by[next as usize] = Some(*number);
                    if !std::mem::replace(&mut is_queued[next as usize], true) {
                        queue.push_back(next);
                    }
                }
            }
        }
        reached_by
    }

    /// The links of one unit's way; its arcs are then unused.
    pub(super) fn take_path(&mut self, source: u32, target: u32) -> Option<Vec<u32>> {
        let (mut here, mut links) = (source, Vec::new());
        while here != target {
            let is_next = |number: &&u32| {
                let arc = &self.arcs[**number as usize];
                arc.from == here && arc.is_used
            };
            let number = *self.touching[here as usize].iter().find(is_next)?;
            let arc = &mut self.arcs[number as usize];
            arc.is_used = false;
            here = arc.to;
            links.extend(arc.link);
        }
        Some(links)
    }
}
