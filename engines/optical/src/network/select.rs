//! Finds route, mode and slots for a request, and the nearest choice where there is none.

mod nearest;
mod pairs;
mod trial;

use super::{Error, Leg, Network, Protection, Refusal, Request, Route};
use crate::assign::SpectrumPolicy;
use crate::explain::{BlockCause, Blocked, TriedRoute};
use crate::mode::Judge;
use crate::paths::{Avoid, PathOrder, PathSearch};
use crate::quantity::{Efficiency, Length};
use crate::topology::{InterfaceKey, NodeIndex, PopId};
use trial::Wanted;

/// Most routes that one request tries.
pub const PATHS_TRIED_MAX: u16 = 1_000;

/// The order in which routes are tried.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RouteOrder {
    /// Shortest first.
    #[default]
    Length,
    /// Fewest links first.
    Hops,
    /// Least spectrum over all links first, by the reach of the modes.
    HopsPerEfficiency,
}

/// How routes and slots are chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Strategy {
    /// Routes tried, at most [`PATHS_TRIED_MAX`].
    pub paths: u16,
    /// Their order.
    pub order: RouteOrder,
    /// The slots on a route.
    pub policy: SpectrumPolicy,
}

impl Default for Strategy {
    /// First fit on the shortest of five routes that has room.
    fn default() -> Self {
        Self { paths: 5, order: RouteOrder::Length, policy: SpectrumPolicy::FirstFit }
    }
}

impl Network {
    /// The legs that a request would get now; nothing is held by it.
    ///
    /// # Errors
    /// [`Error::Refused`] or [`Error::Topology`] when the request names what is not there or not
    /// free, [`Error::Blocked`] when there is no room.
    pub fn plan(
        &self,
        request: &Request,
        strategy: Strategy,
        judge: &dyn Judge,
    ) -> Result<Vec<Leg>, Error> {
        let (source, target) = self.ends(request)?;
        let wanted = Wanted::of(self, request, strategy.policy);
        let search = Search { network: self, source, target, strategy, judge };
        let found = match request.protection {
            Protection::None => search.single(&wanted),
            protection => search.protected(&wanted, protection),
        };
        found.map_err(|tried| Box::new(search.blocked(request, tried)).into())
    }

    /// Checks what a request names.
    pub(super) fn ends(&self, request: &Request) -> Result<(NodeIndex, NodeIndex), Error> {
        let source = self.topology.node(&request.source)?;
        let target = self.topology.node(&request.target)?;
        if source == target {
            return Err(Refusal::SameEnds { pop: request.source.clone() }.into());
        }
        let Request { id, source_interface, target_interface, .. } = request;
        let ends = [(source_interface, &request.source), (target_interface, &request.target)];
        for (interface, pop) in ends {
            let Some(interface) = interface else { continue };
            self.check_interface(interface, pop)?;
            let holder = self.interfaces.get(interface).filter(|holder| *holder != id);
            if let Some(holder) = holder {
                let (interface, holder) = (interface.clone(), holder.clone());
                return Err(Refusal::InterfaceTaken { interface, holder }.into());
            }
        }
        Ok((source, target))
    }

    fn check_interface(&self, interface: &InterfaceKey, pop: &PopId) -> Result<(), Refusal> {
        if self.topology.interface(interface).is_none() {
            return Err(Refusal::UnknownInterface { interface: interface.clone() });
        }
        if interface.router.pop != *pop {
            let (interface, pop) = (interface.clone(), pop.clone());
            return Err(Refusal::InterfaceElsewhere { interface, pop });
        }
        Ok(())
    }

    /// Leaves out what is down.
    fn avoid_down(&self) -> Avoid {
        let mut avoid = Avoid::nothing(self.topology.graph());
        self.down.iter().for_each(|link| avoid.link(link.0));
        avoid
    }
}

/// One request's search; borrowed from all that it depends on.
struct Search<'a> {
    network: &'a Network,
    source: NodeIndex,
    target: NodeIndex,
    strategy: Strategy,
    judge: &'a dyn Judge,
}

impl Search<'_> {
    /// The first route in order with a mode that works and room for it.
    fn single(&self, wanted: &Wanted<'_>) -> Result<Vec<Leg>, Vec<TriedRoute>> {
        let leg = self.first_leg(wanted, self.network.avoid_down());
        leg.map(|leg| vec![leg])
    }

    fn first_leg(&self, wanted: &Wanted<'_>, avoid: Avoid) -> Result<Leg, Vec<TriedRoute>> {
        let mut tried = Vec::new();
        self.with_routes(avoid, |route| {
            let leg = self.network.try_route(wanted, route, self.judge);
            leg.map_err(|failed| tried.push(failed)).ok()
        })
        .ok_or(tried)
    }

    /// Hands routes to `take` in order until it keeps one.
    fn with_routes<T>(&self, avoid: Avoid, take: impl FnMut(Route) -> Option<T>) -> Option<T> {
        let efficiency = |length: Length| self.efficiency(length);
        let order = match self.strategy.order {
            RouteOrder::Length => PathOrder::Length,
            RouteOrder::Hops => PathOrder::Hops,
            RouteOrder::HopsPerEfficiency => PathOrder::HopsPerEfficiency(&efficiency),
        };
        let graph = self.network.topology.graph();
        let search = PathSearch::new(graph, order, self.source.0, self.target.0, avoid);
        let paths = usize::from(self.strategy.paths.min(PATHS_TRIED_MAX));
        search.take(paths).map(Route::from).find_map(take)
    }

    fn efficiency(&self, length: Length) -> Option<Efficiency> {
        self.network.profile.modes.efficiency(length)
    }

    fn blocked(&self, request: &Request, tried: Vec<TriedRoute>) -> Blocked {
        let is_second = request.protection != Protection::None;
        let cause = match Blocked::cause_of(&tried) {
            // Each single leg has room, so what is missing is a second route.
            _ if is_second && tried.is_empty() => BlockCause::NoPath,
            cause => cause,
        };
        let nearest = self.nearest(request, &tried);
        let Request { source, target, rate, .. } = request.clone();
        Blocked { source, target, rate, cause, tried, nearest }
    }
}
