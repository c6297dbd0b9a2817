//! The part of the controller that has changes wait for approval.

use intent::{Approval, Cause, Hash, Meta, Record};
use transform::{DeviceChange, State};
use vocab::{DeviceName, Generation};

use super::{Controller, Pending, Waits};
use crate::approval::{decide, device_txid, inventory_changed, target_changed, target_of};
use crate::device::{ApprovalItem, DeviceStatus};
use crate::head::Head;
use crate::input::Ticket;
use crate::output::{Output, Reply};

impl Controller {
    /// The head that a record makes of the newest one.
    pub(super) fn head_of(
        &self,
        record: &Record,
        hash: Hash,
        state: State,
        devices: &[DeviceChange],
    ) -> Head {
        let generation = record.generation;
        let old = &self.head.state;
        let mut gates = self.head.gates.clone();
        for (name, after) in self.inventory.changes(&self.system, old, &state) {
            let before = self.inventory.access(old, &self.system, &name);
            let before = (old, before.as_ref());
            inventory_changed(&mut gates, &name, generation, before, after.as_ref());
        }
        devices.iter().for_each(|change| target_changed(&mut gates, &change.name, generation));
        if let Cause::Facts(facts) = &record.cause {
            target_changed(&mut gates, &facts.name, generation);
        }
        Head { generation, hash, state, gates }
    }

    /// The head that a decision makes of the newest one.
    pub(super) fn head_decided(&self, record: &Record, approval: &Approval) -> Head {
        let state = self.head.state.clone();
        let mut gates = self.head.gates.clone();
        decide(&mut gates, &state, approval, &record.meta.author);
        Head { generation: record.generation, hash: record.hash(), state, gates }
    }

    /// Somebody decides on what waits for approval.
    pub(super) fn approve(&mut self, ticket: Ticket, meta: Meta, approval: &Approval) {
        let name = &approval.device;
        let waiting = self.devices.get(name).and_then(|device| device.awaiting().cloned());
        let is_it = waiting.as_ref().is_some_and(|item| {
            item.target == approval.target && *item.device_txid == *approval.device_txid
        });
        if !is_it {
            return self.reply(ticket, Reply::NotAwaited { waiting });
        }
        // A newer target, or somebody else's decision, is on its way to the disk.
        if self.head.gate(name) != self.durable.gate(name) {
            return self.reply(ticket, Reply::NotAwaited { waiting: None });
        }
        if self.pending.len() >= self.limits.pending_commits_max {
            return self.reply(ticket, Reply::Busy);
        }
        let (generation, parent) = (self.head.generation.next(), self.head.hash);
        let waits = Waits::Approver(ticket, name.clone());
        let cause = Cause::Approval(approval.clone());
        let record = Record { generation, parent, meta, cause };
        self.head = self.head_decided(&record, approval);
        let (runs, devices) = (Vec::new(), Vec::new());
        self.pending.push_back(Pending { head: self.head.clone(), runs, devices, waits });
        self.outputs.push_back(Output::Append(record));
    }

    /// A decision is durable.
    pub(super) fn decided(&mut self, ticket: Ticket, name: &DeviceName, generation: Generation) {
        if let Some(device) = self.devices.get_mut(name) {
            device.is_approval_spent = false;
            self.drive(name);
        }
        self.reply(ticket, Reply::Decided(generation));
    }

    /// How a device is doing whose changes wait for approval: by what it is known to hold, and what
    /// was decided. Nothing is said of one without session, or whose target is not known.
    pub(super) fn look_at_gate(&mut self, name: &DeviceName) {
        let state = &self.durable.state;
        let is_known = state.facts(name).is_some() && !self.announced.contains_key(name);
        let (Some(gate), Some(device)) =
            (self.durable.gates.get(name), self.devices.get_mut(name).filter(|_| is_known))
        else {
            return;
        };
        let kind = self.system.device_type(&device.access.device_type);
        let (Some(kind), Some(running)) = (kind, &device.running) else { return };
        if matches!(device.status, DeviceStatus::Disconnected { .. }) {
            return;
        }
        if *running == target_of(state, name) {
            device.is_approval_spent = true;
            device.held_generation = Some(device.target_generation);
            device.status = DeviceStatus::InSync;
            return;
        }
        let device_txid = device_txid(kind.types(), running);
        let is_spent = device.is_approval_spent;
        let is_void = match &gate.decision {
            Some(decision) if !decision.is_approved => {
                let errors = [format!("rejected by {}", decision.by)].into();
                device.status = DeviceStatus::Rejected { errors };
                return;
            }
            Some(decision) if !is_spent && *decision.device_txid == *device_txid => {
                // On its way; a device that refused it is not asked again for that.
                if !matches!(device.status, DeviceStatus::Rejected { .. }) {
                    device.status = DeviceStatus::Pending;
                }
                return;
            }
            decision => decision.is_some() && !is_spent,
        };
        let device_txid = device_txid.into();
        let target = device.target_generation;
        device.status = DeviceStatus::AwaitingApproval(ApprovalItem { target, device_txid });
        if is_void {
            // What was approved is not what would be done now: the session must not do it.
            device.is_approval_spent = true;
            self.drive(name);
        }
    }
}

#[cfg(test)]
mod tests;
