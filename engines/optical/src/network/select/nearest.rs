//! The nearest choice that would work when a request does not.

use super::Search;
use super::trial::{Wanted, has_mode};
use crate::explain::{Nearest, TriedRoute};
use crate::grid::{Block, SLOT_MHZ};
use crate::mode::{Mode, SlotDemand, Trial, Verdict};
use crate::network::{Protection, Request, Route};
use crate::paths::{Avoid, Metric, shortest};
use crate::quantity::Rate;

impl Search<'_> {
    /// In this order: another mode, no protection, a lower rate, repair of links.
    pub(super) fn nearest(&self, request: &Request, tried: &[TriedRoute]) -> Option<Nearest> {
        let other_mode = || self.other_mode(request);
        let unprotected = || self.unprotected(request);
        let found = other_mode().or_else(unprotected).or_else(|| self.lower_rate(request, tried));
        found.or_else(|| self.repair())
    }

    fn leg_for(&self, request: &Request) -> Option<crate::network::Leg> {
        let wanted = Wanted::of(self.network, request, self.strategy.policy);
        self.single(&wanted).ok()?.pop()
    }

    fn other_mode(&self, request: &Request) -> Option<Nearest> {
        let is_free_choice = request.modulation.is_none() || request.protection != Protection::None;
        if is_free_choice {
            return None;
        }
        let leg = self.leg_for(&Request { modulation: None, ..request.clone() })?;
        let mode = leg.mode.to_string();
        Some(Nearest::OtherMode { mode, route: leg.route, signal: leg.signal })
    }

    fn unprotected(&self, request: &Request) -> Option<Nearest> {
        if request.protection == Protection::None {
            return None;
        }
        let leg = self.leg_for(&Request { protection: Protection::None, ..request.clone() })?;
        Some(Nearest::Unprotected { route: leg.route })
    }

    /// The highest lower rate on any of the routes tried; on a tie the first route and mode.
    fn lower_rate(&self, request: &Request, tried: &[TriedRoute]) -> Option<Nearest> {
        if request.protection != Protection::None {
            return None;
        }
        let wanted = Wanted::of(self.network, request, self.strategy.policy);
        let on = |route| Some((self.lower_rate_on(request, &wanted, route)?, route));
        let found = tried.iter().filter_map(|tried| on(&tried.route));
        let best = found.reduce(|best, next| if next.0.0 > best.0.0 { next } else { best });
        let ((rate, mode, signal), route) = best?;
        Some(Nearest::LowerRate { rate, mode, route: route.clone(), signal })
    }

    fn lower_rate_on(
        &self,
        request: &Request,
        wanted: &Wanted<'_>,
        route: &Route,
    ) -> Option<(Rate, String, Block)> {
        let common = self.network.common_free(&route.links);
        let modules = self.network.modules(request);
        let modes = self.network.profile.modes.modes().iter();
        let fitting = modes.filter(|mode| has_mode(&modules, mode)).filter_map(|mode| {
            let (rate, width) =
                lower_rates(mode, request.rate, common.longest_run()).find(|(_, width)| {
                    self.network.find_slots(wanted, route, &common, *width).is_some()
                })?;
            let (signal, _) = self.network.find_slots(wanted, route, &common, width)?;
            let verdict = self.judge.judge(&Trial {
                network: self.network,
                route,
                mode,
                block: Some(signal),
            });
            let works = matches!(verdict, Verdict::Fits { .. });
            works.then(|| (rate, mode.name.clone(), signal))
        });
        fitting.reduce(|best, next| if next.0 > best.0 { next } else { best })
    }

    /// The shortest route that ignores what is down.
    fn repair(&self) -> Option<Nearest> {
        let graph = self.network.topology.graph();
        let nothing = Avoid::nothing(graph);
        let path = shortest(graph, Metric::Length, self.source.0, self.target.0, &nothing)?;
        let route = Route::from(path);
        let down = route.links.iter().filter(|link| self.network.is_down(**link));
        let links: Vec<_> =
            down.filter_map(|link| Some(self.network.topology.link(*link)?.id.clone())).collect();
        (!links.is_empty()).then_some(Nearest::Repair { links })
    }
}

/// Rates below `rate` that a mode carries in at most `longest` slots, highest first, each with
/// the slots it needs.
fn lower_rates(
    mode: &Mode,
    rate: Rate,
    longest: u16,
) -> impl Iterator<Item = (Rate, u16)> + use<'_> {
    let per_slot = match mode.demand {
        SlotDemand::PerRate { efficiency } => {
            u64::from(efficiency.hundredths()) * u64::from(SLOT_MHZ) / 100
        }
        SlotDemand::Fixed { .. } => 0,
    };
    let fixed = match mode.demand {
        SlotDemand::Fixed { slots } if mode.rate_max < rate => Some((mode.rate_max, slots)),
        _ => None,
    };
    let most = if per_slot > 0 { longest } else { 0 };
    let by_width = (1..=most).rev().map(move |width| {
        let carried = Rate::from_mbps(per_slot * u64::from(width)).min(mode.rate_max);
        (carried, mode.slots(carried).unwrap_or(width))
    });
    fixed.into_iter().chain(by_width.filter(move |(carried, _)| *carried < rate))
}
