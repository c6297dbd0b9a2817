//! The controller's machine: its disk, its process, and how both end and start again.

use intent::Record;
use orchestrator::{Controller, Input};
use vocab::DeviceName;

use crate::disk::Outcome;
use crate::world::{Checked, Event, World, must_not};

impl World {
    /// Hands a record to the log's writer.
    pub(crate) fn store(&mut self, record: Record) {
        if self.disk.submit(record) {
            self.start_flush();
        }
    }

    fn start_flush(&mut self) {
        if self.disk.start() {
            let random = &mut self.random.disk;
            let takes = match random.chance(self.faults.slow_flush) {
                true => random.within(50, 400),
                false => random.within(0, 8),
            };
            self.queue.after(takes, Event::Flushed);
        }
    }

    pub(crate) fn flushed(&mut self) -> Checked {
        let before = self.disk.records().len();
        let fails = self.random.disk.chance(self.faults.flush);
        let outcomes = self.disk.finish(fails);
        self.note(format_args!("flushed {outcomes:?}"));
        self.check_durable(before)?;
        self.tell(&outcomes);
        self.start_flush();
        Ok(())
    }

    /// The writer tells of each record in order, but for what the shell does to it on the way: of
    /// several in a row that were written the last one speaks for all, and any comes twice.
    fn tell(&mut self, outcomes: &[Outcome]) {
        let random = &mut self.random.disk;
        let mut delay = random.below(4);
        for (at, outcome) in outcomes.iter().enumerate() {
            let is_written = |outcome: &Outcome| matches!(outcome, Outcome::Written { .. });
            let is_covered = is_written(outcome) && outcomes.get(at + 1).is_some_and(is_written);
            if is_covered && random.chance(self.faults.outcome_once) {
                continue;
            }
            delay += random.below(3);
            self.queue.after(delay, Event::Outcome(*outcome));
            if random.chance(self.faults.outcome_twice) {
                let later = delay + random.below(30);
                self.queue.after(later, Event::Outcome(*outcome));
            }
        }
    }

    pub(crate) fn outcome(&mut self, outcome: Outcome) -> Checked {
        match outcome {
            Outcome::Written { generation } => {
                self.note(format_args!("appended {generation}"));
                self.handle(Input::Appended(generation))
            }
            Outcome::Failed { generation, hash, reason } => {
                self.note(format_args!("append of {generation} failed: {reason}"));
                self.reference.lost(hash);
                let reason = reason.to_owned();
                self.handle(Input::AppendFailed { hash, reason, is_in_doubt: false })
            }
        }
    }

    /// Power goes: what was not flushed is lost, sessions break, nobody is answered.
    pub(crate) fn crash(&mut self) -> Checked {
        if self.controller.take().is_none() {
            return Ok(());
        }
        self.counts.crashes += 1;
        let before = self.disk.records().len();
        let found = self.disk.crash(&mut self.random.power);
        self.note(format_args!("crash; {found} more records turn out to be there"));
        self.check_durable(before)?;
        self.reference.cut(self.disk.head());
        self.queue.retain(|event| match event {
            Event::Client | Event::Mischief | Event::Start => true,
            Event::Flushed
            | Event::Outcome(_)
            | Event::Report { .. }
            | Event::Connect { .. }
            | Event::Pushed { .. }
            | Event::Poll { .. } => false,
        });
        self.tickets.clear();
        for device in self.devices.values_mut() {
            let push = device.task.die();
            // What was under way then may have been carried out.
            if let Some(push) = push.filter(|_| self.random.power.chance(50)) {
                device.running = push.config;
            }
        }
        let pause = self.random.power.within(1, 100);
        self.queue.after(pause, Event::Start);
        Ok(())
    }

    /// A new process reads the log, or what was saved and the rest of the log.
    pub(crate) fn start(&mut self) -> Checked {
        let saved = self.saved.clone().filter(|_| self.random.power.chance(50));
        let made = Controller::new(self.system.clone(), self.limits.clone());
        let mut controller = made.or_else(|error| must_not(error.to_string()))?;
        let mut known = 0;
        if let Some(saved) = saved {
            known = usize::try_from(saved.generation.0).expect("generations of a run fit");
            controller.restore(saved);
        }
        for record in &self.disk.records()[known..] {
            let replayed = controller.replay(record);
            replayed.or_else(|error| must_not(format!("the log is not replayed: {error}")))?;
        }
        controller.resume();
        let head = controller.durable().generation;
        self.note(format_args!("start at {head}, of which {known} from what was saved"));
        self.controller = Some(controller);
        self.seen = head;
        self.held.clear();
        self.compare_with_scratch()?;
        self.drain()
    }

    /// Keeps the durable state for a later start.
    pub(crate) fn save(&mut self) {
        self.saved = self.controller.as_ref().map(|controller| controller.durable().clone());
    }

    /// Something happens that nobody asked for.
    pub(crate) fn mischief(&mut self) -> Checked {
        let pause = self.random.power.within(5, 60);
        self.queue.after(pause, Event::Mischief);
        if self.random.power.chance(self.faults.power) {
            return self.crash();
        }
        if self.random.power.chance(10) {
            self.save();
        }
        let names: Vec<DeviceName> = self.devices.keys().cloned().collect();
        if names.is_empty() {
            return Ok(());
        }
        let name = self.random.devices.pick(&names).clone();
        if self.random.devices.chance(self.faults.cut) {
            self.cut(&name, "the session broke");
        }
        if self.random.devices.chance(self.faults.drift) {
            self.drift(&name);
        }
        if self.random.devices.chance(self.faults.upgrade) {
            self.upgrade(&name);
        }
        self.poll_later(&name);
        Ok(())
    }
}
