//! Admission by quality of transmission: margins of the newcomer and of all beside it.

use std::cell::RefCell;
use std::collections::BTreeMap;

use super::carrier::Carrier;
use super::load::{ChannelId, Load};
use super::plant::{ElementIndex, Kind, LightPath};
use crate::grid::Block;
use crate::mode::{Judge, Mode, Trial, Verdict};
use crate::network::{Connection, Network, Route};
use crate::quantity::Decibels;
use crate::topology::{ConnectionId, PopId};

/// Before spectrum is chosen, every so many slots are looked at, and what lies between may be
/// better by this, dB.
const FORESEEN_STEP: usize = 48;
const FORESEEN_SLACK_DB: f64 = 0.2;

/// What a mode sends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Signal {
    /// Bd.
    pub baud_rate: f64,
    /// OSNR of the transmitter in 0.1 nm, dB.
    pub tx_osnr_db: f64,
    /// Power at the transmitter, dBm.
    pub power_dbm: f64,
    /// Deviation from what ROADMs equalise to, dB.
    pub offset_db: f64,
}

/// Judges by the physical layer, in both directions of a connection: by the GSNR of the trial,
/// and by that of every connection it shares a span with, for the spectrum as it really is.
///
/// It keeps what channels do to each other from one trial to the next and follows the network
/// that a trial is about by what changed, so that a verdict depends on the trial alone.
pub struct ByQot {
    transceivers: BTreeMap<PopId, ElementIndex>,
    signals: BTreeMap<String, Signal>,
    reserve: Decibels,
    state: RefCell<State>,
}

struct State {
    load: Load,
    /// What is lit, and the numbers of its channels.
    lit: BTreeMap<ConnectionId, (Connection, Vec<ChannelId>)>,
    owners: BTreeMap<ChannelId, (ConnectionId, Decibels)>,
    next: u64,
}

impl ByQot {
    /// `transceivers` says which element of the line stands at each POP, `signals` what each mode
    /// sends; `reserve` is kept in hand on top of what modes need.
    #[must_use]
    pub fn new(
        load: Load,
        transceivers: BTreeMap<PopId, ElementIndex>,
        signals: BTreeMap<String, Signal>,
        reserve: Decibels,
    ) -> Self {
        let state = State { load, lit: BTreeMap::new(), owners: BTreeMap::new(), next: 0 };
        Self { transceivers, signals, reserve, state: RefCell::new(state) }
    }

    /// The way of a route through the line, there and back.
    fn paths(&self, load: &Load, network: &Network, route: &Route) -> Option<[LightPath; 2]> {
        let pop = |node| self.transceivers.get(&network.topology().pop(node)?.id).copied();
        let stops: Vec<ElementIndex> =
            route.nodes.iter().map(|node| pop(*node)).collect::<Option<_>>()?;
        let back: Vec<ElementIndex> = stops.iter().rev().copied().collect();
        Some([load.line().plant().through(&stops)?, load.line().plant().through(&back)?])
    }

    fn carrier(&self, network: &Network, mode: &Mode, block: Block) -> Option<Carrier> {
        let signal = self.signals.get(&mode.name)?;
        Some(Carrier {
            frequency_hz: f64::from(network.profile().band.centre(block).mhz()) * 1e6,
            baud_rate: signal.baud_rate,
            slot_width_hz: f64::from(block.width) * f64::from(crate::grid::SLOT_MHZ) * 1e6,
            power_dbm: signal.power_dbm,
            offset_db: signal.offset_db,
            tx_osnr_db: signal.tx_osnr_db,
        })
    }

    /// Lights and puts out what the network of a trial has and the state has not, or other.
    fn follow(&self, state: &mut State, network: &Network) {
        let is_same = |lit: &Connection| {
            network.connection(&lit.request.id).is_some_and(|there| there.legs == lit.legs)
        };
        let gone: Vec<ConnectionId> = state
            .lit
            .iter()
            .filter(|(_, (lit, _))| !is_same(lit))
            .map(|(id, _)| id.clone())
            .collect();
        for id in gone {
            let channels = state.lit.remove(&id).map_or_else(Vec::new, |lit| lit.1);
            for channel in channels {
                state.load.remove(channel);
                state.owners.remove(&channel);
            }
        }
        for connection in network.connections() {
            if !state.lit.contains_key(&connection.request.id) {
                let channels = self.light(state, network, connection);
                let id = connection.request.id.clone();
                state.lit.insert(id, (connection.clone(), channels));
            }
        }
    }

    fn light(&self, state: &mut State, network: &Network, lit: &Connection) -> Vec<ChannelId> {
        let mut channels = Vec::new();
        for leg in &lit.legs {
            let Some(mode) = network.profile().modes.mode(&leg.mode) else { continue };
            let paths = self.paths(&state.load, network, &leg.route);
            let Some(paths) = paths else { continue };
            let Some(carrier) = self.carrier(network, mode, leg.signal) else { continue };
            for path in &paths {
                let id = ChannelId(state.next);
                state.next += 1;
                if state.load.add(id, path, carrier).is_ok() {
                    let needed = mode.osnr_min.unwrap_or(Decibels::from_hundredths(i32::MIN));
                    state.owners.insert(id, (lit.request.id.clone(), needed));
                    channels.push(id);
                }
            }
        }
        channels
    }

    /// The verdict; `None` where the model lacks the route, the mode or the frequency.
    fn examine(&self, state: &State, trial: &Trial<'_>) -> Option<Verdict> {
        let Some(block) = trial.block else { return self.foresee(state, trial) };
        let carrier = self.carrier(trial.network, trial.mode, block)?;
        let needed = trial.mode.osnr_min?;
        let mut margin: Option<Decibels> = None;
        for path in &self.paths(&state.load, trial.network, trial.route)? {
            let outlook = state.load.outlook(path, carrier).ok()?;
            let estimated = Decibels::from_db(outlook.gsnr_01nm_db)?;
            if estimated - needed < self.reserve {
                return Some(Verdict::TooNoisy { needed, estimated });
            }
            margin = Some(margin.map_or(estimated - needed, |m| m.min(estimated - needed)));
            if let Some(hurt) = self.hurt(state, &outlook.neighbours) {
                return Some(hurt);
            }
        }
        Some(Verdict::Fits { margin })
    }

    /// Before spectrum is chosen: refused only when no place of the band could do, each taken as
    /// if nobody else were lit.
    fn foresee(&self, state: &State, trial: &Trial<'_>) -> Option<Verdict> {
        let width = trial.mode.slots(trial.mode.rate_max)?;
        let highest = trial.network.profile().band.slots().saturating_sub(width);
        let needed = trial.mode.osnr_min?;
        let paths = self.paths(&state.load, trial.network, trial.route)?;
        let mut best: Option<Decibels> = None;
        for start in (0..=highest).step_by(FORESEEN_STEP).chain([highest]) {
            let carrier = self.carrier(trial.network, trial.mode, Block::new(start, width))?;
            let at_end = |path| {
                let outlook = state.load.outlook_alone(path, carrier).ok()?;
                Decibels::from_db(outlook.gsnr_01nm_db + FORESEEN_SLACK_DB)
            };
            let worse = paths.iter().map(at_end).collect::<Option<Vec<_>>>();
            best = best.max(worse.and_then(|ends| ends.into_iter().min()));
        }
        let estimated = best?;
        if estimated - needed < self.reserve {
            return Some(Verdict::TooNoisy { needed, estimated });
        }
        Some(Verdict::Fits { margin: None })
    }

    /// The neighbour that would be left with the least, if that is below its margin. One that
    /// is below it already is not held against the newcomer unless it loses more.
    fn hurt(&self, state: &State, neighbours: &BTreeMap<ChannelId, (f64, f64)>) -> Option<Verdict> {
        let verdict = |(id, (now, then)): (&ChannelId, &(f64, f64))| {
            let (neighbour, needed) = state.owners.get(id)?;
            let (now, then) = (Decibels::from_db(*now)?, Decibels::from_db(*then)?);
            let needed = Decibels::from_db(needed.db() + self.reserve.db())?;
            let is_hurt = then < needed && then < now;
            let left = then - needed;
            let neighbour = neighbour.clone();
            is_hurt.then_some((left, Verdict::HurtsNeighbour { neighbour, needed, now, then }))
        };
        neighbours.iter().filter_map(verdict).min_by_key(|(left, _)| *left).map(|found| found.1)
    }
}

impl Judge for ByQot {
    fn judge(&self, trial: &Trial<'_>) -> Verdict {
        let mut state = self.state.borrow_mut();
        self.follow(&mut state, trial.network);
        self.examine(&state, trial).unwrap_or(Verdict::Unknown)
    }
}

impl super::Plant {
    /// The way from transceiver to transceiver over the ROADMs of those between, in order, by
    /// the least fibre between each two.
    #[must_use]
    pub fn through(&self, stops: &[ElementIndex]) -> Option<LightPath> {
        let (first, last) = (*stops.first()?, *stops.last()?);
        let roadm = |stop: ElementIndex| {
            let next = &self.elements.get(stop.0)?.next;
            next.iter().copied().find(|at| matches!(self.elements[*at].kind, Kind::Roadm(_)))
        };
        let mut elements = vec![first];
        let inner: Vec<usize> = stops.iter().map(|stop| roadm(*stop)).collect::<Option<_>>()?;
        elements.push(ElementIndex(*inner.first()?));
        for pair in inner.windows(2) {
            elements.extend(self.section(pair[0], pair[1])?);
        }
        elements.push(last);
        Some(LightPath { elements })
    }

    /// The elements after one ROADM up to the next, where no other lies between.
    fn section(&self, from: usize, to: usize) -> Option<Vec<ElementIndex>> {
        let follow = |first: &usize| {
            let (mut at, mut elements, mut metres) = (*first, Vec::new(), 0.0);
            loop {
                elements.push(ElementIndex(at));
                match &self.elements[at].kind {
                    Kind::Roadm(_) => return (at == to).then_some((metres, elements)),
                    Kind::Transceiver => return None,
                    Kind::Fibre(fibre) => metres += fibre.length_m,
                    Kind::Fused(_) | Kind::Amplifier(_) => {}
                }
                at = *self.elements[at].next.first()?;
            }
        };
        let sections = self.elements[from].next.iter().filter_map(follow);
        sections.min_by(|one, other| one.0.total_cmp(&other.0)).map(|section| section.1)
    }
}
