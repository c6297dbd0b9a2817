//! The stages of an edit, each built only by the one before.

use transform::{Change, DeviceChange, Fault, Report, Run, State, System, recompute};
use vocab::{DeviceFacts, Generation};
use yang_data::edit::{Edit, Operation, apply};
use yang_data::print::PrintOptions;
use yang_data::validate::{Validator, Violation};
use yang_data::{DataError, Origin, Tree, xml};

use crate::record::{Cause, Hash, Meta, Record};

/// Why an edit goes no further. Nothing has changed.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// The edit cannot be applied to the intent as it is.
    #[error("the edit does not fit the intent: {}", first(.0))]
    Edit(Vec<DataError>),
    /// The intent would break its models' rules.
    #[error("the intent would not be valid: {}", first(.0))]
    Invalid(Vec<Violation>),
    /// The intent cannot be worked down to the devices.
    #[error("the intent cannot be worked down: {}", first(.0))]
    Faults(Vec<Fault>),
}

fn first<T: std::fmt::Display>(reasons: &[T]) -> String {
    match reasons {
        [] => String::new(),
        [only] => only.to_string(),
        [first, rest @ ..] => format!("{first} (and {} more)", rest.len()),
    }
}

/// An edit applied to the intent, not yet looked at.
#[derive(Debug)]
pub struct Candidate {
    before: Tree,
    after: Tree,
    edit: String,
}

/// A candidate that breaks no rule of its models.
#[derive(Debug)]
pub struct Validated {
    after: Tree,
    edit: String,
}

/// A validated edit worked down through all layers.
#[derive(Debug)]
pub struct Planned {
    edit: String,
    state: State,
    runs: Vec<Run>,
    devices: Vec<DeviceChange>,
}

/// A commit: the state it makes and the record that must be durable before anyone is told.
#[derive(Debug)]
pub struct Committed {
    /// The record for the log.
    pub record: Record,
    /// Its hash, the parent of the next record.
    pub hash: Hash,
    /// All layers after the commit.
    pub state: State,
    /// What was recomputed.
    pub runs: Vec<Run>,
    /// The devices whose targets changed.
    pub devices: Vec<DeviceChange>,
}

impl Candidate {
    /// Applies an edit to a snapshot of the intent.
    ///
    /// # Errors
    /// All places where the edit does not fit.
    pub fn new(before: &Tree, edit: &Edit) -> Result<Self, Refused> {
        let after = apply(before, edit, Operation::Merge, Origin::NONE).map_err(Refused::Edit)?;
        let edit = xml::print_edit(before.schema(), edit, &PrintOptions::COMPACT);
        Ok(Self { before: before.clone(), after, edit })
    }

    /// Checks what changed against the models.
    ///
    /// # Errors
    /// All rules that the intent would break.
    pub fn validate(self, validator: &Validator) -> Result<Validated, Refused> {
        let violations = validator.validate_change(self.before.root(), self.after.root(), None);
        if violations.is_empty() {
            Ok(Validated { after: self.after, edit: self.edit })
        } else {
            Err(Refused::Invalid(violations))
        }
    }
}

impl Validated {
    /// Works the edit down through all layers.
    ///
    /// `settle` is asked after each run for facts that follow from the new state (of devices
    /// that are simulated in process); the run is repeated with them until there are none.
    ///
    /// # Errors
    /// All reasons why it cannot be worked down.
    pub fn work_down(
        self,
        system: &System,
        state: &State,
        settle: impl Fn(&State, &State) -> Result<Change, Vec<Fault>>,
    ) -> Result<Planned, Refused> {
        let change = Change { intent: Some(self.after.root().clone()), ..Change::default() };
        let (state, report) = settled(system, state, change, settle)?;
        Ok(Planned { edit: self.edit, state, runs: report.runs, devices: report.devices })
    }
}

/// Runs of one change at most: each settles at least one layer's worth of facts.
const SETTLE_ROUNDS_MAX: usize = 8;

fn settled(
    system: &System,
    before: &State,
    change: Change,
    settle: impl Fn(&State, &State) -> Result<Change, Vec<Fault>>,
) -> Result<(State, Report), Refused> {
    let (mut state, mut report) = recompute(system, before, change).map_err(Refused::Faults)?;
    let mut last = before.clone();
    for _ in 0..SETTLE_ROUNDS_MAX {
        let more = settle(&last, &state).map_err(Refused::Faults)?;
        if more.facts.is_empty() && more.forgotten.is_empty() {
            break;
        }
        let (next, then) = recompute(system, &state, more).map_err(Refused::Faults)?;
        last = std::mem::replace(&mut state, next);
        report.runs.extend(then.runs);
        report.devices.extend(then.devices);
    }
    report.devices = joined(report.devices);
    Ok((state, report))
}

/// One change per device: from what it was first to what it is last.
fn joined(changes: Vec<DeviceChange>) -> Vec<DeviceChange> {
    let mut joined = std::collections::BTreeMap::<_, DeviceChange>::new();
    for change in changes {
        match joined.get_mut(&change.name) {
            Some(earlier) => earlier.new = change.new,
            None => drop(joined.insert(change.name.clone(), change)),
        }
    }
    joined.into_values().collect()
}

impl Planned {
    /// All layers as they would be.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// What was recomputed.
    pub fn runs(&self) -> &[Run] {
        &self.runs
    }

    /// The devices whose targets would change.
    pub fn devices(&self) -> &[DeviceChange] {
        &self.devices
    }

    /// Makes the commit that follows `parent`.
    pub fn commit(self, generation: Generation, parent: Hash, meta: Meta) -> Committed {
        let record = Record { generation, parent, meta, cause: Cause::Edit(self.edit) };
        let hash = record.hash();
        let Self { state, runs, devices, .. } = self;
        Committed { record, hash, state, runs, devices }
    }
}

impl Committed {
    /// The commit of facts that a device announced: no edit, but a change of targets.
    ///
    /// # Errors
    /// All reasons why the intent cannot be worked down with these facts.
    pub fn of_facts(
        system: &System,
        state: &State,
        facts: DeviceFacts,
        generation: Generation,
        parent: Hash,
        meta: Meta,
    ) -> Result<Self, Refused> {
        let change = Change { facts: vec![facts.clone()], ..Change::default() };
        let (state, report) = recompute(system, state, change).map_err(Refused::Faults)?;
        let record = Record { generation, parent, meta, cause: Cause::Facts(facts) };
        let hash = record.hash();
        Ok(Self { record, hash, state, runs: report.runs, devices: report.devices })
    }
}
