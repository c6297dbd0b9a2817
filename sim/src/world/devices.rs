//! Devices and the tasks that serve them: a task connects, tells what it found, sends the newest
//! target, and looks now and then whether it is still held.

use orchestrator::{DeviceReport, Input, Target};
use vocab::{DeviceFacts, DeviceName};

use crate::device::{Modules, Push, Session};
use crate::world::{Checked, Event, World, must_not};

/// How a change of a device ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Taken,
    Refused,
    /// Acknowledged and not carried out.
    Lied,
    /// The session broke; the change was carried out or not.
    Broken {
        was_taken: bool,
    },
}

impl World {
    pub(crate) fn drive(&mut self, target: Target) -> Checked {
        self.check_drive(&target)?;
        self.counts.driven += 1;
        let (name, generation) = (target.name.clone(), target.generation);
        let has_target = target.target.is_some();
        self.note(format_args!("drive {name} to {generation}, with a target: {has_target}"));
        let device = self.devices.entry(name.clone()).or_default();
        device.driven = generation;
        let access = target.access.clone();
        device.task.target = Some(target);
        match &mut device.task.session {
            None => self.try_soon(&name, 5),
            Some(session) if session.access != access => {
                self.cut(&name, "it is to be reached in another way");
            }
            Some(session) => {
                session.settled = None;
                session.is_redriven = session.push.is_some();
                self.push(&name);
            }
        }
        Ok(())
    }

    pub(crate) fn release(&mut self, name: &DeviceName) {
        self.note(format_args!("release {name}"));
        self.held.remove(name);
        let Some(device) = self.devices.get_mut(name) else { return };
        device.task.target = None;
        device.task.facts = None;
        let session = device.task.hang_up();
        // A change under way is finished, and told of, at times much later.
        let Some(push) = session.and_then(|session| session.push) else { return };
        if self.random.devices.chance(50) {
            device.running = push.config.clone();
            let (running, generation) = (push.config, Some(push.generation));
            self.report(name, DeviceReport::Holds { running, generation });
        }
    }

    fn try_soon(&mut self, name: &DeviceName, within_ms: u64) {
        let delay = self.random.devices.below(within_ms);
        let Some(device) = self.devices.get_mut(name) else { return };
        if device.task.is_connecting || device.task.target.is_none() {
            return;
        }
        device.task.is_connecting = true;
        let (name, epoch) = (name.clone(), device.task.epoch);
        self.queue.after(delay, Event::Connect { name, epoch });
    }

    pub(crate) fn connect(&mut self, name: &DeviceName, epoch: u64) -> Checked {
        let is_away = self.random.devices.chance(self.faults.unreachable);
        let Some(device) = self.devices.get_mut(name) else { return Ok(()) };
        let task = &mut device.task;
        let (true, Some(target)) = (task.epoch == epoch, task.target.clone()) else {
            return Ok(());
        };
        task.is_connecting = false;
        if is_away {
            if !std::mem::replace(&mut task.is_missed, true) {
                let reason = "no route to host".to_owned();
                self.report(name, DeviceReport::Disconnected { reason });
            }
            self.try_soon(name, 80);
            return Ok(());
        }
        let access = target.access;
        let Some(kind) = self.system.device_type(&access.device_type) else {
            return must_not(format!("{name} is driven as a {:?}", access.device_type));
        };
        // Somebody put the box there that the intent speaks of.
        if device.device_type != access.device_type {
            device.device_type.clone_from(&access.device_type);
            (device.running, device.past) = Default::default();
        }
        let facts = DeviceFacts {
            name: name.clone(),
            device_type: access.device_type.clone(),
            modules: device.modules.of(kind.modules.clone()),
        };
        // The target at hand was worked out for other modules: the next one is not.
        let is_news = task.facts.as_ref().is_some_and(|before| *before != facts);
        let settled = is_news.then_some(target.generation);
        task.facts = Some(facts.clone());
        task.is_missed = false;
        let known = device.running.clone();
        let running = known.clone();
        task.session = Some(Session {
            access,
            known,
            settled,
            push: None,
            was_refused: false,
            is_redriven: false,
        });
        self.note(format_args!("{name} is in session"));
        let time_unix_ms = self.now_unix_ms();
        self.report(name, DeviceReport::Connected { facts, time_unix_ms });
        self.report(name, DeviceReport::Holds { running, generation: None });
        self.push(name);
        Ok(())
    }

    /// Starts the change to the target, unless there is none, or none to make.
    fn push(&mut self, name: &DeviceName) {
        let delay = self.random.devices.within(1, 40);
        let Some(device) = self.devices.get_mut(name) else { return };
        let (Some(session), Some(target)) = (&mut device.task.session, &device.task.target) else {
            return;
        };
        let Some(wanted) = &target.target else { return };
        if session.push.is_some() || session.settled == Some(target.generation) {
            return;
        }
        let (generation, config) = (target.generation, wanted.config.clone());
        session.push = Some(Push { generation, config });
        let (name, epoch) = (name.clone(), device.task.epoch);
        self.queue.after(delay, Event::Pushed { name, epoch });
    }

    pub(crate) fn pushed(&mut self, name: &DeviceName, epoch: u64) -> Checked {
        let fate = self.fate();
        let Some(device) = self.devices.get_mut(name) else { return Ok(()) };
        let Some(session) = &mut device.task.session else { return Ok(()) };
        if device.task.epoch != epoch {
            return Ok(());
        }
        let Some(Push { generation, config }) = session.push.take() else { return Ok(()) };
        if matches!(fate, Fate::Taken | Fate::Broken { was_taken: true }) {
            device.past = std::mem::replace(&mut device.running, config.clone());
        }
        session.settled = Some(generation);
        session.was_refused = fate == Fate::Refused;
        let is_redriven = std::mem::take(&mut session.is_redriven);
        if is_redriven {
            session.settled = None;
        }
        let report = match fate {
            Fate::Taken | Fate::Lied => {
                session.known = config.clone();
                DeviceReport::Holds { running: config, generation: Some(generation) }
            }
            Fate::Refused => {
                DeviceReport::Rejected { generation, errors: vec!["no such thing".to_owned()] }
            }
            Fate::Broken { .. } => {
                self.cut(name, "the session broke during a change");
                return Ok(());
            }
        };
        self.note(format_args!("{name} at {generation}: {fate:?}"));
        self.report(name, report);
        self.push(name);
        Ok(())
    }

    fn fate(&mut self) -> Fate {
        let random = &mut self.random.devices;
        if random.chance(self.faults.broken) {
            return Fate::Broken { was_taken: random.chance(50) };
        }
        if random.chance(self.faults.refusal) {
            return Fate::Refused;
        }
        if random.chance(self.faults.lie) { Fate::Lied } else { Fate::Taken }
    }

    pub(crate) fn poll_later(&mut self, name: &DeviceName) {
        let delay = self.random.devices.within(1, 50);
        let Some(device) = self.devices.get(name) else { return };
        let (name, epoch) = (name.clone(), device.task.epoch);
        self.queue.after(delay, Event::Poll { name, epoch });
    }

    pub(crate) fn poll(&mut self, name: &DeviceName, epoch: u64) -> Checked {
        let Some(device) = self.devices.get_mut(name) else { return Ok(()) };
        let running = device.running.clone();
        let is_due = device.task.epoch == epoch;
        let Some(session) = device.task.session.as_mut().filter(|_| is_due) else { return Ok(()) };
        // A task that works on the device looks when it is done.
        if session.push.is_some() {
            self.poll_later(name);
            return Ok(());
        }
        if session.known != running {
            session.known = running.clone();
            self.note(format_args!("{name} was changed by somebody else"));
            self.report(name, DeviceReport::Holds { running, generation: None });
        }
        Ok(())
    }

    /// The session ends, and is tried again.
    pub(crate) fn cut(&mut self, name: &DeviceName, reason: &str) {
        let Some(device) = self.devices.get_mut(name) else { return };
        if device.task.hang_up().is_none() {
            // Where there was no session there may have been an attempt: it goes on.
            self.try_soon(name, 30);
            return;
        }
        self.note(format_args!("{name}: {reason}"));
        self.report(name, DeviceReport::Disconnected { reason: reason.to_owned() });
        self.try_soon(name, 30);
    }

    /// Somebody else changes the device.
    pub(crate) fn drift(&mut self, name: &DeviceName) {
        let Some(device) = self.devices.get_mut(name) else { return };
        let past = match self.random.devices.chance(50) {
            true => device.past.clone(),
            false => yang_data::Branch::default(),
        };
        device.past = std::mem::replace(&mut device.running, past);
        self.note(format_args!("{name} drifts"));
    }

    /// The device gets other software, and restarts for it.
    pub(crate) fn upgrade(&mut self, name: &DeviceName) {
        let modules = Modules::any(&mut self.random.devices);
        let Some(device) = self.devices.get_mut(name) else { return };
        device.modules = modules;
        self.note(format_args!("{name} has other modules: {modules:?}"));
        self.cut(name, "it restarts");
    }

    /// Sends a report on its way to the machine.
    fn report(&mut self, name: &DeviceName, report: DeviceReport) {
        let random = &mut self.random.devices;
        let Some(device) = self.devices.get_mut(name) else { return };
        if random.chance(self.faults.report_lost) {
            self.note(format_args!("a report of {name} is lost"));
            return;
        }
        let now = self.queue.now_ms();
        let delay = random.below(5);
        let at = (now + delay).max(device.task.reports_until_ms);
        device.task.reports_until_ms = at;
        let is_late = random.chance(self.faults.report_late);
        let at = if is_late { at + random.below(200) } else { at };
        if random.chance(self.faults.report_twice) {
            let again = at + random.below(200);
            let (name, report) = (name.clone(), report.clone());
            self.queue.at(again, Event::Report { name, report });
        }
        self.queue.at(at, Event::Report { name: name.clone(), report });
    }

    pub(crate) fn report_arrives(&mut self, name: &DeviceName, report: DeviceReport) -> Checked {
        self.counts.reports += 1;
        self.note(format_args!("{name} reports {}", word(&report)));
        self.handle(Input::Device { name: name.clone(), report })
    }
}

fn word(report: &DeviceReport) -> String {
    match report {
        DeviceReport::Connected { facts, .. } => {
            format!("a session, {} {} modules", facts.modules.len(), facts.device_type)
        }
        DeviceReport::Disconnected { reason } => format!("the end of its session: {reason}"),
        DeviceReport::Holds { generation, .. } => {
            format!("what it holds, driven to {generation:?}")
        }
        DeviceReport::Rejected { generation, .. } => format!("that it refuses {generation}"),
    }
}
