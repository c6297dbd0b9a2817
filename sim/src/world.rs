//! One run: a controller among clients, a disk and devices, all of them decided by a seed.

mod checks;
mod clients;
mod devices;
mod ending;
mod power;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::AddAssign;
use std::sync::Arc;

use intent::Hash;
use orchestrator::{Controller, DeviceReport, Head, Input, Limits, Output};
use transform::System;
use vocab::{DeviceName, Generation};

use crate::device::Device;
use crate::disk::{Disk, Outcome};
use crate::faults::Faults;
use crate::network::Network;
use crate::queue::Queue;
use crate::random::Random;
use crate::reference::Reference;
use crate::trace::Trace;
use crate::world::clients::Asked;

/// What happens. What belongs to the controller's process ends with it.
#[derive(Debug)]
pub(crate) enum Event {
    /// Clients order something.
    Client,
    /// Something happens to the devices, or to the controller's power.
    Mischief,
    /// Power is back.
    Start,
    /// The disk is done with a batch.
    Flushed,
    /// The log's writer tells what became of a record.
    Outcome(Outcome),
    /// A device's report arrives.
    Report { name: DeviceName, report: DeviceReport },
    /// A task tries to reach its device.
    Connect { name: DeviceName, epoch: u64 },
    /// A change of a device comes to its end.
    Pushed { name: DeviceName, epoch: u64 },
    /// A task looks whether its device still holds what it held.
    Poll { name: DeviceName, epoch: u64 },
}

/// One generator for each kind of thing.
#[derive(Debug)]
pub(crate) struct Randoms {
    clients: Random,
    disk: Random,
    devices: Random,
    power: Random,
    checks: Random,
}

/// How much happened in a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Edits that were acknowledged.
    pub committed: u64,
    /// Edits that were refused for what they say.
    pub refused: u64,
    /// Edits that found another generation than they expected, or no room.
    pub turned_away: u64,
    /// Edits whose record the disk lost.
    pub not_durable: u64,
    /// Edits tried without effect.
    pub previews: u64,
    /// Commits of what a device said of itself.
    pub learnt: u64,
    /// Times that power went.
    pub crashes: u64,
    /// Changes that devices were driven to.
    pub driven: u64,
    /// Reports that reached the controller.
    pub reports: u64,
    /// Times that everything was worked out from nothing and compared.
    pub compared: u64,
    /// Requests of sessions that had their reply.
    pub requests_answered: u64,
    /// Requests of sessions whose time ran out.
    pub requests_timed_out: u64,
    /// Requests of sessions that broke.
    pub requests_abandoned: u64,
}

/// Of several runs together.
impl AddAssign for Counts {
    fn add_assign(&mut self, more: Self) {
        self.committed += more.committed;
        self.refused += more.refused;
        self.turned_away += more.turned_away;
        self.not_durable += more.not_durable;
        self.previews += more.previews;
        self.learnt += more.learnt;
        self.crashes += more.crashes;
        self.driven += more.driven;
        self.reports += more.reports;
        self.compared += more.compared;
        self.requests_answered += more.requests_answered;
        self.requests_timed_out += more.requests_timed_out;
        self.requests_abandoned += more.requests_abandoned;
    }
}

/// What must not be.
#[derive(Clone, Debug)]
pub(crate) struct Violation(pub(crate) String);

pub(crate) type Checked<T = ()> = Result<T, Violation>;

/// Ends the run with what must not be.
pub(crate) fn must_not<T>(what: impl Into<String>) -> Checked<T> {
    Err(Violation(what.into()))
}

/// A run under way.
pub(crate) struct World {
    network: Network,
    system: Arc<System>,
    faults: Faults,
    limits: Limits,
    mock_percent: u64,
    random: Randoms,
    queue: Queue<Event>,
    pub(crate) trace: Trace,
    pub(crate) counts: Counts,
    /// `None` while power is off.
    controller: Option<Controller>,
    disk: Disk,
    /// A state that was saved earlier, to start from.
    saved: Option<Head>,
    reference: Reference,
    devices: BTreeMap<DeviceName, Device>,
    tickets: BTreeMap<u64, Asked>,
    next_ticket: u64,
    /// Records of edits whose clients were told that nothing has changed.
    denied: BTreeSet<Hash>,
    /// What each device is known to hold: it does not become older.
    held: BTreeMap<DeviceName, checks::Held>,
    /// The durable generation that was checked last.
    seen: Generation,
}

/// Moment 0 of a run, for records.
const START_UNIX_MS: u64 = 1_700_000_000_000;

impl World {
    pub(crate) fn new(seed: u64, is_loud: bool) -> Self {
        let random = Random::new(seed);
        let mut choices = random.child("choices");
        let network = match choices.chance(60) {
            true => Network::Minisys,
            false => Network::Backbone,
        };
        let faults = Faults::of(&mut choices);
        let limits = Limits { pending_commits_max: choices.index(8) + 1 };
        let mock_percent = *choices.pick(&[0, 20, 50]);
        let randoms = Randoms {
            clients: random.child("clients"),
            disk: random.child("disk"),
            devices: random.child("devices"),
            power: random.child("power"),
            checks: random.child("checks"),
        };
        let mut world = Self {
            network,
            system: network.system(),
            faults,
            limits,
            mock_percent,
            random: randoms,
            queue: Queue::new(),
            trace: Trace::new(is_loud),
            counts: Counts::default(),
            controller: None,
            disk: Disk::default(),
            saved: None,
            reference: Reference::new(network),
            devices: BTreeMap::new(),
            tickets: BTreeMap::new(),
            next_ticket: 0,
            denied: BTreeSet::new(),
            held: BTreeMap::new(),
            seen: Generation::EMPTY,
        };
        let (faults, limits) = (world.faults.clone(), world.limits.clone());
        world.note(format_args!("{} {limits:?} {faults:?}", network.name()));
        world
    }

    pub(crate) fn network(&self) -> Network {
        self.network
    }

    /// Runs some steps with faults, then without until everything has come to rest.
    pub(crate) fn run(&mut self, steps: u64) -> Checked {
        self.start()?;
        self.queue.after(1, Event::Client);
        self.queue.after(5, Event::Mischief);
        for _ in 0..steps {
            let Some(event) = self.queue.pop() else { break };
            self.step(event)?;
        }
        self.end()
    }

    pub(crate) fn step(&mut self, event: Event) -> Checked {
        match event {
            Event::Client => self.client(),
            Event::Mischief => self.mischief(),
            Event::Start => self.start(),
            Event::Flushed => self.flushed(),
            Event::Outcome(outcome) => self.outcome(outcome),
            Event::Report { name, report } => self.report_arrives(&name, report),
            Event::Connect { name, epoch } => self.connect(&name, epoch),
            Event::Pushed { name, epoch } => self.pushed(&name, epoch),
            Event::Poll { name, epoch } => self.poll(&name, epoch),
        }
    }

    /// Feeds the machine, does what it says, and looks at it.
    fn handle(&mut self, input: Input) -> Checked {
        let Some(controller) = &mut self.controller else { return Ok(()) };
        controller.handle_input(input);
        self.drain()
    }

    fn drain(&mut self) -> Checked {
        while let Some(output) = self.controller.as_mut().and_then(Controller::poll_output) {
            match output {
                Output::Append(record) => self.append(record)?,
                Output::Reply { ticket, reply } => self.reply(ticket.0, reply)?,
                Output::Drive(target) => self.drive(target)?,
                Output::Release(name) => self.release(&name),
            }
        }
        self.check()
    }

    fn note(&mut self, what: std::fmt::Arguments<'_>) {
        self.trace.note(self.queue.now_ms(), what);
    }

    fn now_unix_ms(&self) -> u64 {
        START_UNIX_MS + self.queue.now_ms()
    }
}
