//! The end of a run: faults stop, and everything has to come to rest where it belongs.

use orchestrator::{Controller, DeviceRecord, DeviceStatus};
use vocab::{DeviceName, Generation};

use crate::device::Modules;
use crate::faults::Faults;
use crate::network::Network;
use crate::orders::{Kind, Leaves, Order, Place, Verb};
use crate::world::{Checked, Event, World, must_not};

/// Events within which everything has to come to rest.
const EVENTS_TO_REST_MAX: u64 = 5_000;

impl World {
    pub(crate) fn end(&mut self) -> Checked {
        let spoilt = self.faults.spoil_reports();
        self.note(format_args!("faults stop"));
        self.faults = Faults::default();
        self.queue.retain(|event| !matches!(event, Event::Client | Event::Mischief));
        self.rest()?;
        self.repair();
        self.rest()?;
        self.order_one_more()?;
        self.check_answers()?;
        if !spoilt {
            self.check_truth()?;
        }
        self.reconnect(spoilt);
        self.rest()?;
        self.check_converged()?;
        self.compare_with_scratch()
    }

    fn rest(&mut self) -> Checked {
        for _ in 0..EVENTS_TO_REST_MAX {
            let Some(event) = self.queue.pop() else { return Ok(()) };
            self.step(event)?;
        }
        must_not(format!("after {EVENTS_TO_REST_MAX} events there is still no rest"))
    }

    /// Devices get the modules that the network needs, and are looked at.
    fn repair(&mut self) {
        let names: Vec<DeviceName> = self.devices.keys().cloned().collect();
        for name in names {
            self.poll_later(&name);
            let Some(device) = self.devices.get_mut(&name) else { continue };
            if device.modules != Modules::Whole {
                device.modules = Modules::Whole;
                self.cut(&name, "it restarts with all modules");
            }
        }
    }

    /// The controller still works: an order that is fine is carried out.
    fn order_one_more(&mut self) -> Checked {
        let leaves = match self.network {
            Network::Minisys => {
                Leaves::from([("customer-name", "last".to_owned()), ("vpn-id", "9".to_owned())])
            }
            Network::Backbone => Leaves::from([("customer-name", "last".to_owned())]),
        };
        let place = Place::new(Kind::Vpn, ["last-9"]);
        let committed = self.counts.committed;
        self.ask(&[Order { verb: Verb::Create, place, leaves }], None, false)?;
        self.rest()?;
        match self.counts.committed > committed {
            true => Ok(()),
            false => must_not("with all faults gone an order is not carried out"),
        }
    }

    fn check_answers(&self) -> Checked {
        if let Some(number) = self.tickets.keys().next() {
            return must_not(format!("client {number} was never answered"));
        }
        let Some(controller) = &self.controller else {
            return must_not("the controller is down for good");
        };
        let head = self.reference.head_generation();
        let durable = controller.durable().generation;
        match controller.pending_commits() == 0 && durable == head && head == self.disk.head() {
            true => Ok(()),
            false => must_not(format!("at rest {durable} is durable of {head}")),
        }
    }

    /// At rest, and with all reports delivered as they were made, what is said of a device is so.
    fn check_truth(&self) -> Checked {
        let Some(controller) = &self.controller else { return Ok(()) };
        for record in controller.devices().iter() {
            let DeviceRecord { name, status, .. } = record;
            let holds = self.holds_target(controller, record);
            let is_true = match status {
                DeviceStatus::InSync => holds,
                DeviceStatus::Drifted => !holds,
                DeviceStatus::Rejected { .. } => self.was_refused(name),
                DeviceStatus::Disconnected { .. }
                | DeviceStatus::Pending
                | DeviceStatus::AwaitingApproval(_) => false,
            };
            if !is_true {
                let word = status.word();
                return must_not(format!("at rest {name} is {word}; holds its target: {holds}"));
            }
        }
        Ok(())
    }

    /// Whether a device refused its target, or the orders are nothing for it.
    fn was_refused(&self, name: &DeviceName) -> bool {
        let session = self.devices.get(name).and_then(|device| device.task.session.as_ref());
        session.is_some_and(|session| session.was_refused) || self.reference.is_unfit(name)
    }

    /// Whoever refused, drifted or was misunderstood gets another session.
    fn reconnect(&mut self, all: bool) {
        let Some(controller) = &self.controller else { return };
        let concerned = |record: &&DeviceRecord| all || record.status != DeviceStatus::InSync;
        let devices = controller.devices().iter().filter(concerned);
        let names: Vec<DeviceName> = devices.map(|record| record.name.clone()).collect();
        for name in names {
            self.cut(&name, "it is to be looked at anew");
        }
    }

    fn check_converged(&self) -> Checked {
        let Some(controller) = &self.controller else { return Ok(()) };
        for record in controller.devices().iter() {
            let DeviceRecord { name, status, target_generation, held_generation, .. } = record;
            // What was ordered before the device said what it is may be nothing for it.
            if matches!(status, DeviceStatus::Rejected { .. }) && self.reference.is_unfit(name) {
                continue;
            }
            if *status != DeviceStatus::InSync {
                return must_not(format!("{name} ends as {}: {}", status.word(), status.detail()));
            }
            if !self.holds_target(controller, record) {
                return must_not(format!("{name} is said to be in sync, and is not"));
            }
            if *held_generation != Some(*target_generation) || *target_generation == Generation(0) {
                return must_not(format!(
                    "{name} holds the target of {target_generation}, said is {held_generation:?}"
                ));
            }
        }
        Ok(())
    }

    fn holds_target(&self, controller: &Controller, record: &DeviceRecord) -> bool {
        let target = controller.durable().state.device(&record.name);
        let target = target.map(|target| target.config).unwrap_or_default();
        if record.access.is_mock {
            return record.running.as_ref() == Some(&target);
        }
        let device = self.devices.get(&record.name);
        device.is_some_and(|device| device.running == target)
    }
}
