//! One request on one route: which modes work there, and where there is room.

use std::sync::Arc;

use crate::assign::{Placement, SpectrumPolicy, place};
use crate::explain::{Shortage, TriedRoute};
use crate::grid::{Block, ModuleGrid};
use crate::mode::{Judge, Mode, Trial, Verdict};
use crate::network::{Leg, Network, Request, Route};
use crate::profile::GUARD_SLOTS_MAX;
use crate::spectrum::Slots;
use crate::topology::{InterfaceKey, LinkIndex, Transceiver};

/// What a request wants of any route.
pub(super) struct Wanted<'a> {
    /// Modes that carry the rate and that both modules have, with the slots of the signal.
    pub(super) modes: Vec<(&'a Mode, u16)>,
    /// Grids that the centre must lie on, all of them.
    pub(super) grids: Vec<ModuleGrid>,
    pub(super) guard: u16,
    policy: SpectrumPolicy,
}

impl<'a> Wanted<'a> {
    pub(super) fn of(network: &'a Network, request: &Request, policy: SpectrumPolicy) -> Self {
        let profile = network.profile();
        let mut modes = profile.modes.for_rate(request.rate, request.modulation.as_deref());
        let modules = network.modules(request);
        modes.retain(|(mode, _)| has_mode(&modules, mode));
        let grids = network.grids(request);
        Self { modes, grids, guard: profile.guard_slots.min(GUARD_SLOTS_MAX), policy }
    }
}

/// Whether each module has a mode; one that lists none has all.
pub(super) fn has_mode(modules: &[&Transceiver], mode: &Mode) -> bool {
    modules.iter().all(|module| module.modes.is_empty() || module.modes.contains(&mode.name))
}

impl Network {
    /// The modules at the ends of a request, as far as they are known.
    pub(super) fn modules(&self, request: &Request) -> Vec<&Transceiver> {
        let module = |key: &InterfaceKey| self.topology.interface(key)?.transceiver.as_ref();
        let ends = [&request.source_interface, &request.target_interface];
        ends.into_iter().flatten().filter_map(module).collect()
    }

    /// The grids that the centre of a request's signal must lie on, all of them.
    pub(crate) fn grids(&self, request: &Request) -> Vec<ModuleGrid> {
        let modules = self.modules(request).into_iter().filter_map(|module| module.grid);
        self.profile.grid.into_iter().chain(modules).collect()
    }

    /// Slots that are free on every link.
    pub(crate) fn common_free(&self, links: &[LinkIndex]) -> Slots {
        let mut common = self.profile.band.all();
        self.free_of(links).for_each(|free| common.intersect(free));
        common
    }

    /// The free slots of each link. A number that stands for no link is skipped.
    pub(crate) fn free_of<'a>(
        &'a self,
        links: &'a [LinkIndex],
    ) -> impl Iterator<Item = &'a Slots> + Clone {
        links.iter().filter_map(|link| Some(self.spectrum.get(link.0 as usize)?.free()))
    }

    /// Starts of a signal that all grids permit; `None`: every one.
    pub(crate) fn permitted(&self, grids: &[ModuleGrid], width: u16) -> Option<Slots> {
        let (first, others) = grids.split_first()?;
        let mut starts = first.starts(self.profile.band, width);
        others.iter().for_each(|g| starts.intersect(&g.starts(self.profile.band, width)));
        Some(starts)
    }

    /// The first mode, in order, that works on the route and has room there.
    pub(super) fn try_route(
        &self,
        wanted: &Wanted<'_>,
        route: Route,
        judge: &dyn Judge,
    ) -> Result<Leg, TriedRoute> {
        let common = self.common_free(&route.links);
        let (mut refused, mut tight) = (Vec::new(), None);
        for (mode, width) in &wanted.modes {
            let verdict = judge.judge(&Trial { network: self, route: &route, mode, block: None });
            if !matches!(verdict, Verdict::Fits { .. }) {
                refused.push((mode.name.clone(), verdict));
                continue;
            }
            let Some((signal, held)) = self.find_slots(wanted, &route, &common, *width) else {
                tight = tight.or(Some((mode, *width)));
                continue;
            };
            match judge.judge(&Trial { network: self, route: &route, mode, block: Some(signal) }) {
                Verdict::Fits { margin } => {
                    let mode = Arc::from(mode.name.as_str());
                    return Ok(Leg { route, mode, signal, held, margin, bridge: None });
                }
                verdict => refused.push((mode.name.clone(), verdict)),
            }
        }
        let spectrum = tight.map(|(mode, width)| Shortage::Spectrum {
            mode: mode.name.clone(),
            needed: width.saturating_add(wanted.guard),
            longest_run: common.longest_run(),
            tightest: self.tightest(&route),
        });
        let shortage = spectrum.unwrap_or(Shortage::Modes(refused));
        Err(TriedRoute { route, shortage })
    }

    /// The slots of a signal of `width` and those held with it.
    pub(super) fn find_slots(
        &self,
        wanted: &Wanted<'_>,
        route: &Route,
        common: &Slots,
        width: u16,
    ) -> Option<(Block, Block)> {
        let starts = self.permitted(&wanted.grids, width);
        let held = width.checked_add(wanted.guard)?;
        let placement = Placement { common, starts: starts.as_ref(), width: held };
        let held = place(wanted.policy, &placement, &self.free_of(&route.links))?;
        Some((Block::new(held.start, width), held))
    }

    fn tightest(&self, route: &Route) -> Option<crate::topology::LinkId> {
        let free = |link: &&LinkIndex| self.spectrum.get(link.0 as usize).map(|s| s.free().count());
        let link = route.links.iter().min_by_key(free)?;
        Some(self.topology.link(*link)?.id.clone())
    }
}
