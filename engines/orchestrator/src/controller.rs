//! The controller machine.

mod approvals;

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use intent::{Candidate, Cause, Committed, Hash, Meta, Planned, Record, Refused};
use transform::{Change, DeviceChange, Fault, Run, State, System};
use vocab::{DeviceFacts, DeviceName, Generation};
use yang_data::decode::DecodeOptions;
use yang_data::edit::Edit;
use yang_data::sequence::Sequence;
use yang_data::validate::Validator;
use yang_data::{Branch, Tree, xml};

use crate::approval::{Gates, permission};
use crate::device::{DeviceRecord, DeviceStatus};
use crate::head::Head;
use crate::input::{DeviceReport, Input, Ticket};
use crate::inventory::{DeviceAccess, Inventory, InventoryError};
use crate::output::{CommitDone, Output, Permission, Preview, Reply, Target};

/// Bounds of a controller.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Commits that wait for the disk at most. Further edits are answered [`Reply::Busy`].
    pub pending_commits_max: usize,
}

impl Default for Limits {
    /// 1,024 pending commits: a second of work at the rate of a slow disk.
    fn default() -> Self {
        Self { pending_commits_max: 1024 }
    }
}

/// A log that cannot be replayed.
#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    /// The log does not start where the state ends.
    #[error("the log goes on at generation {found}, expected was {expected}")]
    Gap {
        /// The next generation.
        expected: Generation,
        /// The one found.
        found: Generation,
    },
    /// A record was made on another history.
    #[error("generation {generation} does not follow the record before it")]
    Chain {
        /// The record.
        generation: Generation,
    },
    /// An edit of the log is not readable by this version's models.
    #[error("generation {generation}: {message}")]
    Unreadable {
        /// The record.
        generation: Generation,
        /// What is wrong.
        message: String,
    },
    /// An edit that was committed once is refused now: the models or transforms have changed.
    #[error("generation {generation} was committed by another version of this network: {refused}")]
    Refused {
        /// The record.
        generation: Generation,
        /// Why it is refused now.
        refused: Refused,
    },
}

/// A whole controller, without its shell.
pub struct Controller {
    system: Arc<System>,
    validator: Arc<Validator>,
    inventory: Inventory,
    limits: Limits,
    /// Newest state, whose records may still be on their way to the disk.
    head: Head,
    /// Newest state whose record is durable.
    durable: Head,
    pending: VecDeque<Pending>,
    devices: Sequence<DeviceRecord>,
    /// What devices announced of themselves and no durable record holds yet: one entry for each
    /// device at most.
    announced: BTreeMap<DeviceName, Announced>,
    outputs: VecDeque<Output>,
}

/// What a device announced of itself.
struct Announced {
    facts: DeviceFacts,
    time_unix_ms: u64,
    /// The durable record at which the intent could not be worked down with these facts. They are
    /// tried again at the next one.
    refused_at: Option<Hash>,
    /// Times that the log was asked to record it.
    attempts: u32,
}

/// A commit on its way to the disk.
struct Pending {
    head: Head,
    runs: Vec<Run>,
    devices: Vec<DeviceChange>,
    /// Who waits for it.
    waits: Waits,
}

/// Who waits for a commit.
enum Waits {
    Client(Ticket),
    /// The device that announced its modules: it is driven whether its target changed or not.
    Device(DeviceName),
    /// Who decided on a change of the device.
    Approver(Ticket, DeviceName),
}

impl Controller {
    /// A controller without intent.
    ///
    /// # Errors
    /// When the system has no inventory of devices.
    pub fn new(system: Arc<System>, limits: Limits) -> Result<Self, InventoryError> {
        let inventory = Inventory::new(&system)?;
        let top = system.layer_validator(0).ok_or(InventoryError { missing: "layer 0" })?;
        let validator = Arc::clone(top);
        let generation = Generation::EMPTY;
        let head = Head {
            generation,
            hash: Hash::default(),
            state: State::empty(&system),
            gates: Gates::default(),
        };
        Ok(Self {
            system,
            validator,
            inventory,
            limits,
            durable: head.clone(),
            head,
            pending: VecDeque::new(),
            devices: Sequence::default(),
            announced: BTreeMap::new(),
            outputs: VecDeque::new(),
        })
    }

    /// Takes a state that was saved earlier as the start; what it leads to is asked for by
    /// [`Self::resume`].
    pub fn restore(&mut self, head: Head) {
        self.durable = head.clone();
        self.head = head;
    }

    /// Applies a record of the log, in order, before anything else happens.
    ///
    /// # Errors
    /// When it does not follow the state, or cannot be applied to it.
    pub fn replay(&mut self, record: &Record) -> Result<(), ReplayError> {
        let generation = record.generation;
        if generation != self.head.generation.next() {
            let expected = self.head.generation.next();
            return Err(ReplayError::Gap { expected, found: generation });
        }
        if record.parent != self.head.hash {
            return Err(ReplayError::Chain { generation });
        }
        let refused = |refused| ReplayError::Refused { generation, refused };
        let head = match &record.cause {
            Cause::Facts(facts) => {
                let done = self.work_facts(facts.clone(), &record.meta).map_err(refused)?;
                self.head_of(record, done.hash, done.state, &done.devices)
            }
            Cause::Approval(approval) => self.head_decided(record, approval),
            Cause::Edit(text) => {
                let options = DecodeOptions::default();
                let edit = xml::parse_edit(self.validator.types(), text, &options);
                let edit = edit.map_err(|errors| {
                    let message = errors.first().map(ToString::to_string).unwrap_or_default();
                    ReplayError::Unreadable { generation, message }
                })?;
                let planned = self.plan(&edit).map_err(refused)?;
                self.head_of(record, record.hash(), planned.state().clone(), planned.devices())
            }
        };
        self.head = head;
        self.durable = self.head.clone();
        Ok(())
    }

    /// Ends the replay: asks to drive every device to its target.
    pub fn resume(&mut self) {
        let empty = State::empty(&self.system);
        let state = self.durable.state.clone();
        let generation = self.durable.generation;
        for (name, access) in self.inventory.changes(&self.system, &empty, &state) {
            if let Some(access) = access {
                let gate = self.durable.gates.get(&name);
                let generation = gate.map_or(generation, |gate| gate.target);
                self.devices.insert(DeviceRecord::new(name.clone(), access, generation));
                self.drive(&name);
            }
        }
    }

    /// What was durable last.
    pub fn durable(&self) -> &Head {
        &self.durable
    }

    /// Number of commits whose records are on their way to the disk.
    pub fn pending_commits(&self) -> usize {
        self.pending.len()
    }

    /// The system that is controlled.
    pub fn system(&self) -> &Arc<System> {
        &self.system
    }

    /// All devices of the inventory, ascending by name. Cloning is a snapshot.
    pub fn devices(&self) -> &Sequence<DeviceRecord> {
        &self.devices
    }

    /// The next thing to do; `None` when there is nothing more.
    pub fn poll_output(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// Takes note of something that happened.
    pub fn handle_input(&mut self, input: Input) {
        match input {
            Input::Edit { ticket, meta, edit, expected } => {
                self.edit(ticket, meta, &edit, expected);
                self.learn();
            }
            Input::Preview { ticket, edit } => self.preview(ticket, &edit),
            Input::Approve { ticket, meta, approval } => self.approve(ticket, meta, &approval),
            Input::Appended(through) => {
                self.appended(through);
                self.learn();
            }
            // What devices announced waits for the next input: a disk that fails is not asked
            // again at once.
            Input::AppendFailed { hash, reason, is_in_doubt } => {
                self.append_failed(hash, &reason, is_in_doubt);
            }
            Input::Device { name, report } => {
                self.device_reported(&name, report);
                self.learn();
            }
        }
    }

    fn edit(&mut self, ticket: Ticket, meta: Meta, edit: &Edit, expected: Option<Generation>) {
        let current = self.head.generation;
        if expected.is_some_and(|expected| expected != current) {
            return self.reply(ticket, Reply::Stale { current });
        }
        if self.pending.len() >= self.limits.pending_commits_max {
            return self.reply(ticket, Reply::Busy);
        }
        match self.plan(edit) {
            Ok(planned) => {
                let committed = planned.commit(current.next(), self.head.hash, meta);
                self.append(committed, Waits::Client(ticket));
            }
            Err(refused) => self.reply(ticket, Reply::Refused(refused)),
        }
    }

    fn preview(&mut self, ticket: Ticket, edit: &Edit) {
        let reply = match self.plan(edit) {
            Ok(planned) => Reply::Preview(Preview {
                base: self.head.generation,
                runs: planned.runs().to_vec(),
                devices: planned.devices().to_vec(),
            }),
            Err(refused) => Reply::Refused(refused),
        };
        self.reply(ticket, reply);
    }

    /// The one way an edit goes, committed or not.
    fn plan(&self, edit: &Edit) -> Result<Planned, Refused> {
        let settle = |old: &State, new: &State| self.settle(old, new);
        Candidate::new(&self.intent(), edit)?.validate(&self.validator)?.work_down(
            &self.system,
            &self.head.state,
            settle,
        )
    }

    fn intent(&self) -> Tree {
        self.head.state.layer(&self.system, 0).expect("a system has a top layer")
    }

    /// Facts that follow from the intent alone: those of devices simulated in process, and that
    /// nothing is known of devices that are gone or now of another type.
    fn settle(&self, old: &State, new: &State) -> Result<Change, Vec<Fault>> {
        let mut change = Change::default();
        let mut faults = Vec::new();
        for (name, access) in self.inventory.changes(&self.system, old, new) {
            let Some(access) = access else {
                change.forgotten.push(name);
                continue;
            };
            match self.system.device_type(&access.device_type) {
                None => faults.push(Fault::UnknownDeviceType {
                    device: name.to_string(),
                    device_type: access.device_type,
                    known: self.system.device_type_names(),
                }),
                Some(kind) if access.is_mock => change.facts.push(DeviceFacts {
                    name,
                    device_type: access.device_type,
                    modules: kind.modules.clone(),
                }),
                Some(kind) => {
                    let known = new.facts(&name);
                    if known.is_some_and(|known| known.device_type != kind.name) {
                        change.forgotten.push(name);
                    }
                }
            }
        }
        if faults.is_empty() { Ok(change) } else { Err(faults) }
    }

    fn work_facts(&self, facts: DeviceFacts, meta: &Meta) -> Result<Committed, Refused> {
        Committed::of_facts(
            &self.system,
            &self.head.state,
            facts,
            self.head.generation.next(),
            self.head.hash,
            meta.clone(),
        )
    }

    fn append(&mut self, committed: Committed, waits: Waits) {
        let Committed { record, hash, state, runs, devices } = committed;
        self.head = self.head_of(&record, hash, state, &devices);
        self.pending.push_back(Pending { head: self.head.clone(), runs, devices, waits });
        self.outputs.push_back(Output::Append(record));
    }

    fn appended(&mut self, through: Generation) {
        while self.pending.front().is_some_and(|first| first.head.generation <= through) {
            let Some(pending) = self.pending.pop_front() else { break };
            self.take_effect(pending);
        }
    }

    /// A commit is durable: answers its client and drives its devices.
    fn take_effect(&mut self, pending: Pending) {
        let Pending { head, runs, devices, waits } = pending;
        let before = std::mem::replace(&mut self.durable, head).state;
        let after = self.durable.state.clone();
        let generation = self.durable.generation;
        let mut concerned: Vec<DeviceName> = Vec::new();
        for (name, access) in self.inventory.changes(&self.system, &before, &after) {
            self.inventory_changed(&name, access, generation);
            concerned.push(name);
        }
        concerned.extend(devices.iter().map(|change| change.name.clone()));
        if let Waits::Device(name) = &waits {
            concerned.push(name.clone());
            let announced = self.announced.get(name).map(|announced| &announced.facts);
            if announced.is_some() && announced == after.facts(name) {
                self.announced.remove(name);
            }
        }
        concerned.sort();
        concerned.dedup();
        for name in &concerned {
            if let Some(device) = self.devices.get_mut(name) {
                device.target_generation = generation;
                self.drive(name);
            }
        }
        match waits {
            Waits::Client(ticket) => {
                let done = CommitDone { generation, runs, devices: concerned };
                self.reply(ticket, Reply::Committed(done));
            }
            Waits::Approver(ticket, name) => self.decided(ticket, &name, generation),
            Waits::Device(_) => {}
        }
    }

    fn inventory_changed(
        &mut self,
        name: &DeviceName,
        access: Option<DeviceAccess>,
        generation: Generation,
    ) {
        let before = self.devices.get(name).map(|device| Arc::clone(&device.access));
        let had_session = before.as_ref().is_some_and(|before| !before.is_mock);
        let may_have_session = access.as_ref().is_some_and(|access| !access.is_mock);
        if had_session && !may_have_session {
            self.outputs.push_back(Output::Release(name.clone()));
        }
        let Some(access) = access else {
            self.devices.remove(name);
            self.announced.remove(name);
            return;
        };
        // What was known of it is of no use for a device of another type or kind.
        let is_same = before.is_some_and(|before| {
            before.device_type == access.device_type && before.is_mock == access.is_mock
        });
        match self.devices.get_mut(name).filter(|_| is_same) {
            Some(device) => device.access = Arc::new(access),
            None => {
                self.announced.remove(name);
                self.devices.insert(DeviceRecord::new(name.clone(), access, generation));
            }
        }
    }

    /// Hands a device its target. One that is simulated in process holds it at once.
    fn drive(&mut self, name: &DeviceName) {
        let target = self.durable.state.device(name);
        let gate = self.durable.gates.get(name);
        let Some(device) = self.devices.get_mut(name) else { return };
        if device.access.is_mock {
            if let Some(held) = gate.and_then(|gate| gate.held.clone()) {
                (device.running, device.status) = (Some(held.config), DeviceStatus::Pending);
                return self.look_at_gate(name);
            }
            device.running = Some(target.map(|target| target.config).unwrap_or_default());
            device.held_generation = Some(device.target_generation);
            device.status = DeviceStatus::InSync;
            return;
        }
        let permission = permission(gate, device.is_approval_spent);
        let is_up = !matches!(device.status, DeviceStatus::Disconnected { .. });
        if is_up && permission != Permission::Hold {
            device.status = DeviceStatus::Pending;
        }
        // What was read in this session is told at once; what waits may be another thing now.
        if is_up && device.status != DeviceStatus::Pending {
            self.look_at_gate(name);
        }
        let Some(device) = self.devices.get_mut(name) else { return };
        // Without facts nothing is known of the target; with facts, none means empty.
        let known = self.durable.state.facts(name).is_some();
        let target = target.or_else(|| {
            let kind = self.system.device_type(&device.access.device_type)?;
            known.then(|| transform::DeviceTarget {
                device_type: kind.name,
                config: Branch::default(),
            })
        });
        // That it needs approval is no other way to reach it.
        let access = DeviceAccess { needs_approval: false, ..(*device.access).clone() };
        self.outputs.push_back(Output::Drive(Target {
            name: name.clone(),
            access,
            permission,
            generation: device.target_generation,
            target,
        }));
    }

    fn append_failed(&mut self, hash: Hash, reason: &str, is_in_doubt: bool) {
        // A record that does not wait was undone with one before it.
        let Some(at) = self.pending.iter().position(|pending| pending.head.hash == hash) else {
            return;
        };
        for pending in self.pending.split_off(at) {
            match pending.waits {
                Waits::Client(ticket) | Waits::Approver(ticket, _) => {
                    let reason = reason.to_owned();
                    self.reply(
                        ticket,
                        match is_in_doubt {
                            true => Reply::InDoubt { reason },
                            false => Reply::NotDurable { reason },
                        },
                    );
                }
                Waits::Device(name) => {
                    let what = format!("its modules could not be recorded: {reason}");
                    self.reject(&name, vec![what]);
                }
            }
        }
        self.head = match self.pending.back() {
            Some(last) => last.head.clone(),
            None => self.durable.clone(),
        };
    }

    fn device_reported(&mut self, name: &DeviceName, report: DeviceReport) {
        let Some(device) = self.devices.get_mut(name) else { return };
        // One that is simulated in process has no session: this comes from an earlier life.
        if device.access.is_mock {
            return;
        }
        match report {
            DeviceReport::Disconnected { reason } => {
                device.status = DeviceStatus::Disconnected { reason: reason.into() };
            }
            DeviceReport::Rejected { generation, errors } => {
                let is_up = !matches!(device.status, DeviceStatus::Disconnected { .. });
                if is_up && generation == device.target_generation {
                    self.reject(name, errors);
                }
            }
            DeviceReport::Holds { running, generation } => self.holds(name, running, generation),
            DeviceReport::Connected { facts, time_unix_ms } => {
                device.status = DeviceStatus::Pending;
                let announced = Announced { facts, time_unix_ms, refused_at: None, attempts: 0 };
                self.announced.insert(name.clone(), announced);
            }
        }
    }

    /// A device told what it holds.
    fn holds(&mut self, name: &DeviceName, running: Branch, generation: Option<Generation>) {
        let state = &self.durable.state;
        // Before its facts are recorded nobody knows its target: it holds nothing yet.
        let is_known = state.facts(name).is_some() && !self.announced.contains_key(name);
        let target = state.device(name).map(|target| target.config).unwrap_or_default();
        let Some(device) = self.devices.get_mut(name) else { return };
        // Late news: it holds something newer by now.
        if generation.is_some() && generation < device.held_generation {
            return;
        }
        let in_sync = is_known && target == running;
        device.running = Some(running);
        device.held_generation = match in_sync {
            true => Some(device.target_generation),
            false => generation.or(device.held_generation),
        };
        if device.access.needs_approval && is_known {
            return self.look_at_gate(name);
        }
        let took_target = generation == Some(device.target_generation);
        let status = match &device.status {
            // No session, no say: this was sent before it ended.
            DeviceStatus::Disconnected { .. } => return,
            _ if in_sync => DeviceStatus::InSync,
            DeviceStatus::InSync | DeviceStatus::Drifted => DeviceStatus::Drifted,
            DeviceStatus::Pending if is_known && took_target => DeviceStatus::Drifted,
            // Nobody is at work on it: it stays refused.
            DeviceStatus::Rejected { .. } if generation.is_none() => return,
            DeviceStatus::Pending
            | DeviceStatus::AwaitingApproval(_)
            | DeviceStatus::Rejected { .. } => DeviceStatus::Pending,
        };
        device.status = status;
    }

    fn reject(&mut self, name: &DeviceName, errors: Vec<String>) {
        if let Some(device) = self.devices.get_mut(name) {
            device.status = DeviceStatus::Rejected { errors: errors.into() };
        }
    }

    /// Records what devices announced of themselves, as far as that can be done now.
    fn learn(&mut self) {
        let durable = self.durable.hash;
        let due = |announced: &&DeviceName| self.announced[*announced].refused_at != Some(durable);
        let names: Vec<DeviceName> = self.announced.keys().filter(due).cloned().collect();
        for name in names {
            self.learn_of(&name);
        }
    }

    /// Takes note of a device's modules: a commit of its own when they are news.
    fn learn_of(&mut self, name: &DeviceName) {
        let Some(announced) = self.announced.get(name) else { return };
        let attempts = announced.attempts;
        let (facts, time_unix_ms) = (announced.facts.clone(), announced.time_unix_ms);
        if self.head.state.facts(name) == Some(&facts) {
            // Otherwise their record is on its way.
            if self.durable.state.facts(name) == Some(&facts) {
                self.announced.remove(name);
                self.drive(name);
            }
            return;
        }
        // A device that is about to go or to be another one: wait what becomes of it.
        let access = self.inventory.access(&self.head.state, &self.system, name);
        let is_its_own =
            access.is_some_and(|at| !at.is_mock && at.device_type == facts.device_type);
        if !is_its_own || self.pending.len() >= self.limits.pending_commits_max {
            return;
        }
        // No two attempts have the same hash: an answer to the first may still be on its way.
        let comment = (attempts > 0).then(|| format!("attempt {}", attempts + 1));
        let meta = Meta { author: format!("device {name}"), comment, time_unix_ms };
        let worked = self.work_facts(facts, &meta);
        let Some(announced) = self.announced.get_mut(name) else { return };
        match worked {
            Ok(committed) => {
                announced.attempts += 1;
                self.append(committed, Waits::Device(name.clone()));
            }
            Err(refused) => {
                announced.refused_at = Some(self.durable.hash);
                self.reject(name, vec![refused.to_string()]);
            }
        }
    }

    fn reply(&mut self, ticket: Ticket, reply: Reply) {
        self.outputs.push_back(Output::Reply { ticket, reply });
    }
}
