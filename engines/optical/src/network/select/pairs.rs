//! Two legs that do not fail together.
//!
//! First the pair of least total length is tried (proven least for links and nodes, within the
//! bound of the search for risk groups). Where that has no room, each route in order is tried
//! with the routes apart from it in order. With risk groups this may miss a pair that exists;
//! the error then says so as "no path".

use std::collections::{BTreeMap, BTreeSet};

use super::Search;
use super::trial::Wanted;
use crate::explain::TriedRoute;
use crate::network::{Leg, Network, Protection, Route};
use crate::paths::{Avoid, Graph};
use crate::protect::{
    Disjoint, Pair, RISK_PRIMARIES_MAX, Risks, disjoint_pair, risk_disjoint_pair,
};

impl Search<'_> {
    pub(super) fn protected(
        &self,
        wanted: &Wanted<'_>,
        protection: Protection,
    ) -> Result<Vec<Leg>, Vec<TriedRoute>> {
        let apart = Apart::of(self.network, protection);
        let mut tried = Vec::new();
        let best = self.best_pair(&apart);
        if let Some(legs) = best.and_then(|pair| self.pair_legs(wanted, pair, &mut tried)) {
            return Ok(legs);
        }
        let found = self.with_routes(self.network.avoid_down(), |route| {
            let mut avoid = self.network.avoid_down();
            apart.exclude(&route, self.network.topology.graph(), &mut avoid);
            let first = self.network.try_route(wanted, route, self.judge);
            let first = first.map_err(|failed| tried.push(failed)).ok()?;
            let second =
                self.first_leg(wanted, avoid).map_err(|failed| tried.extend(failed)).ok()?;
            Some(vec![first, second])
        });
        found.ok_or(tried)
    }

    fn best_pair(&self, apart: &Apart) -> Option<Pair> {
        let (graph, avoid) = (self.network.topology.graph(), self.network.avoid_down());
        let (source, target) = (self.source.0, self.target.0);
        match apart {
            Apart::Links => disjoint_pair(graph, source, target, Disjoint::Links, &avoid),
            Apart::Nodes => disjoint_pair(graph, source, target, Disjoint::Nodes, &avoid),
            Apart::Risks(risks) => {
                let most = RISK_PRIMARIES_MAX;
                risk_disjoint_pair(graph, risks, source, target, &avoid, most).pair
            }
        }
    }

    fn pair_legs(
        &self,
        wanted: &Wanted<'_>,
        pair: Pair,
        tried: &mut Vec<TriedRoute>,
    ) -> Option<Vec<Leg>> {
        let mut leg = |path| {
            let leg = self.network.try_route(wanted, Route::from(path), self.judge);
            leg.map_err(|failed| tried.push(failed)).ok()
        };
        Some(vec![leg(pair.working)?, leg(pair.protection)?])
    }
}

/// What two legs may not share.
pub(crate) enum Apart {
    Links,
    Nodes,
    Risks(Risks),
}

impl Apart {
    pub(crate) fn of(network: &Network, protection: Protection) -> Self {
        match protection {
            Protection::None | Protection::Link => Self::Links,
            Protection::Node => Self::Nodes,
            Protection::Risk => Self::Risks(network.risks()),
        }
    }

    /// Leaves out what a partner of `route` may not use.
    pub(crate) fn exclude(&self, route: &Route, graph: &Graph, avoid: &mut Avoid) {
        route.links.iter().for_each(|link| avoid.link(link.0));
        match self {
            Self::Links => {}
            Self::Nodes => route.inner_nodes().iter().for_each(|node| avoid.node(node.0)),
            Self::Risks(risks) => {
                let links: Vec<u32> = route.links.iter().map(|link| link.0).collect();
                risks.exclude(&links, graph, avoid);
            }
        }
    }
}

impl Network {
    /// The risk groups of all links, by numbers in order of their ids.
    fn risks(&self) -> Risks {
        let mut numbers = BTreeMap::new();
        for (_, link) in self.topology.links() {
            for risk in &link.risks {
                numbers.entry(risk.clone()).or_insert(0_u32);
            }
        }
        (0..).zip(numbers.values_mut()).for_each(|(number, place)| *place = number);
        let mut by_link = vec![BTreeSet::new(); self.topology.link_numbers_given()];
        for (number, link) in self.topology.links() {
            let risks = link.risks.iter().filter_map(|risk| numbers.get(risk).copied());
            by_link[number.0 as usize] = risks.collect();
        }
        Risks::new(by_link)
    }
}
