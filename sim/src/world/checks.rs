//! What must hold after each step.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use orchestrator::{Controller, DeviceAccess, DeviceRecord, Permission, Target};
use vocab::{DeviceName, Generation};

use crate::orders::Kind;
use crate::reference::{Version, is_mock, router};
use crate::world::{Checked, World, must_not};

/// Of a hundred new generations, those at which everything is worked out from nothing.
const COMPARED_PERCENT: u64 = 8;

/// The generation that a device is known to hold, and how it was reached then.
pub(super) type Held = (Option<Generation>, Arc<DeviceAccess>);

impl World {
    /// What can be seen of the machine from outside.
    pub(crate) fn check(&mut self) -> Checked {
        let Some(controller) = &self.controller else { return Ok(()) };
        let pending = controller.pending_commits();
        if pending > self.limits.pending_commits_max {
            return must_not(format!("{pending} commits are on their way"));
        }
        let durable = controller.durable();
        let generation = durable.generation;
        if generation > self.disk.head() {
            return must_not(format!("{generation} takes effect and is not on the disk"));
        }
        let version = self.version(generation)?;
        if version.hash != durable.hash {
            return must_not(format!("generation {generation} has another hash"));
        }
        self.check_inventory(controller, version)?;
        self.check_targets(controller)?;
        let held = self.held_now(controller)?;
        if generation < self.seen {
            return must_not(format!("generation {generation} after {}", self.seen));
        }
        if generation > self.seen {
            self.check_intent(controller, version)?;
        }
        self.held = held;
        if std::mem::replace(&mut self.seen, generation) == generation {
            return Ok(());
        }
        match self.random.checks.chance(COMPARED_PERCENT) {
            true => self.compare_with_scratch(),
            false => Ok(()),
        }
    }

    fn version(&self, generation: Generation) -> Checked<&Version> {
        let version = self.reference.version(generation);
        version.map_or_else(|| must_not(format!("generation {generation} was never made")), Ok)
    }

    fn check_intent(&self, controller: &Controller, version: &Version) -> Checked {
        let durable = controller.durable();
        let intent = durable.state.layer(&self.system, 0);
        let expected = self.network.tree(&version.orders);
        match intent.is_some_and(|intent| intent.root() == expected.root()) {
            true => Ok(()),
            false => {
                must_not(format!("the intent of {} is not what was ordered", durable.generation))
            }
        }
    }

    /// The machine knows every device of the durable intent and no other, and has those driven
    /// that are not simulated in process.
    fn check_inventory(&self, controller: &Controller, version: &Version) -> Checked {
        let mut known = BTreeSet::new();
        let mut driven = BTreeSet::new();
        for (place, leaves) in version.orders.of_kind(Kind::Router) {
            let name = DeviceName::new(&*place.keys[0]);
            if !is_mock(leaves) {
                driven.insert(name.clone());
            }
            known.insert(name);
        }
        let listed: BTreeSet<_> =
            controller.devices().iter().map(|device| device.name.clone()).collect();
        if listed != known {
            return must_not(format!("known are {listed:?}, in the intent are {known:?}"));
        }
        let tasks: BTreeSet<_> = self
            .devices
            .iter()
            .filter(|(_, device)| device.task.target.is_some())
            .map(|(name, _)| name.clone())
            .collect();
        match tasks == driven {
            true => Ok(()),
            false => must_not(format!("driven are {tasks:?}, to be driven are {driven:?}")),
        }
    }

    /// What devices are known to hold, which late news do not take back.
    fn held_now(&self, controller: &Controller) -> Checked<BTreeMap<DeviceName, Held>> {
        let mut held = BTreeMap::new();
        for record in controller.devices().iter() {
            let DeviceRecord { name, access, held_generation, .. } = record;
            let before = self.held.get(name).filter(|(_, before)| {
                before.device_type == access.device_type && before.is_mock == access.is_mock
            });
            if before.is_some_and(|(before, _)| held_generation < before) {
                return must_not(format!("{name} holds {held_generation:?} after {before:?}"));
            }
            held.insert(name.clone(), (*held_generation, Arc::clone(access)));
        }
        Ok(held)
    }

    /// Whatever was said on the way, each device was driven to its durable target last.
    fn check_targets(&self, controller: &Controller) -> Checked {
        let durable = &controller.durable().state;
        let targets = self.devices.values().filter_map(|device| device.task.target.as_ref());
        for Target { name, target, .. } in targets {
            let Some(target) = target else { continue };
            let made = durable.device(name).map(|made| made.config).unwrap_or_default();
            if made != target.config {
                return must_not(format!("{name} is driven to something else than its target"));
            }
        }
        Ok(())
    }

    /// The durable layers and targets against those made from nothing.
    pub(crate) fn compare_with_scratch(&mut self) -> Checked {
        let Some(controller) = &self.controller else { return Ok(()) };
        let durable = controller.durable();
        let generation = durable.generation;
        let version = self.version(generation)?;
        if version.hash != durable.hash {
            return must_not(format!("generation {generation} has another hash"));
        }
        let scratch = self.reference.worked_out(&version.orders, &version.facts);
        let scratch = scratch.or_else(|faults| {
            must_not(format!("{generation} cannot be worked out from nothing: {}", faults[0]))
        })?;
        for layer in 0..self.system.layer_count() {
            let trees = [&durable.state, &scratch].map(|state| state.layer(&self.system, layer));
            let [there, expected] = trees.each_ref().map(|tree| tree.as_ref().map(|t| t.root()));
            if there != expected {
                return must_not(format!("layer {layer} of {generation} depends on history"));
            }
        }
        let targets = |state: &transform::State| -> Vec<_> {
            state.devices().map(|(name, at)| (name, at.device_type, at.config)).collect()
        };
        if targets(&durable.state) != targets(&scratch) {
            return must_not(format!("the targets of {generation} depend on history"));
        }
        for (place, _) in version.orders.of_kind(Kind::Router) {
            let name = DeviceName::new(&*place.keys[0]);
            if durable.state.facts(&name) != version.facts.get(&name) {
                return must_not(format!("what is known of {name} at {generation} is wrong"));
            }
        }
        self.counts.compared += 1;
        Ok(())
    }

    /// The log after a flush or a crash: a chain, without what clients were denied.
    pub(crate) fn check_durable(&self, before: usize) -> Checked {
        let records = self.disk.records();
        if records.len() < before {
            return must_not("the log became shorter");
        }
        for (at, record) in records.iter().enumerate().skip(before) {
            let (generation, hash) = (record.generation, record.hash());
            if generation.0 != at as u64 + 1 {
                return must_not(format!(
                    "record {} of the log is generation {generation}",
                    at + 1
                ));
            }
            if at > 0 && record.parent != records[at - 1].hash() {
                return must_not(format!("generation {generation} does not follow the one before"));
            }
            if self.denied.contains(&hash) {
                return must_not(format!("generation {generation} was denied, and is durable"));
            }
            if self.version(generation)?.hash != hash {
                return must_not(format!("another generation {generation} was due"));
            }
        }
        Ok(())
    }

    /// A device is driven to something that is durable, newer, and its own.
    pub(crate) fn check_drive(&self, target: &Target) -> Checked {
        let Target { name, access, generation, target, permission } = target;
        let generation = *generation;
        if generation > self.disk.head() {
            return must_not(format!("{name} is driven to {generation}, which is not durable"));
        }
        let before = self.devices.get(name).map(|device| device.driven);
        if before.is_some_and(|before| generation < before) {
            return must_not(format!("{name} is driven to {generation} after {before:?}"));
        }
        // No order of a run asks for approval.
        if *permission != Permission::Free {
            return must_not(format!("{name} is driven with {permission:?}"));
        }
        let version = self.version(generation)?;
        let wanted = router(&version.orders, name).filter(|router| !is_mock(router));
        let Some(wanted) = wanted.and_then(|router| router.get("type")) else {
            return must_not(format!("{name} is driven and has no session to have"));
        };
        if *wanted != access.device_type || access.is_mock {
            return must_not(format!("{name} is driven as a {}", access.device_type));
        }
        if target.is_some() != version.facts.contains_key(name) {
            return must_not(format!("{name} is driven by what nobody knows"));
        }
        let models = target.as_ref().map(|target| target.device_type);
        if models.is_some_and(|models| models != access.device_type) {
            return must_not(format!("{name} is driven by models of {models:?}"));
        }
        Ok(())
    }
}
