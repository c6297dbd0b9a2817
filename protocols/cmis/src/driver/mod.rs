//! The driver: brings a module to what is ordered, one access at a time, and puts back what it
//! wrote when it cannot.

mod order;
mod procedure;
mod step;
mod survey;
#[cfg(test)]
mod tests;
mod undo;

use std::collections::VecDeque;
use std::time::Duration;

pub use order::{
    Carrier, Choice, Done, DriverConfig, Event, Failure, Input, Order, Output, RxOutput, Target,
    Undo,
};

use self::procedure::{DEINIT, Extent, Ground};
use self::step::{Action, Await, Progress, Step};
use self::undo::Touched;
use crate::{Address, Error, Identity, Image};

/// The driver of one module.
///
/// Time is a duration since any fixed moment of the caller's. After each call the outputs are to
/// be drained: an [`Output::Access`] is to be done on the bus and answered by [`Input::Answer`]
/// with its number; there is never more than one that counts. When an access was given up, for
/// silence or by [`Input::Cancel`], its late answer is refused as [`Error::Stray`], and a bus that
/// is still at it has to finish before it begins the next. When the deadline of
/// [`Self::poll_timeout`] comes, [`Self::handle_timeout`] is to be called. Each order ends with one
/// [`Event::Ended`], whatever the module and the bus do.
///
/// A driver is for the module that was plugged when it was made: make another one after a swap. It
/// drives the eight lanes of bank 0, and modules from CMIS 4.0 on.
#[derive(Debug)]
pub struct Driver {
    config: DriverConfig,
    image: Image,
    job: Option<Job>,
    outputs: VecDeque<Output>,
    next_access: u64,
}

/// An order under way.
#[derive(Debug)]
struct Job {
    id: u64,
    order: Order,
    steps: VecDeque<Step>,
    /// Where the first step is.
    at: At,
    /// The image before anything was written.
    before: Image,
    touched: Touched,
    extent: Extent,
    /// The failure that is being undone.
    failed: Option<(Error, &'static str)>,
    /// Whether the settled state was waited for.
    settled: bool,
}

/// Where a step is.
#[derive(Debug, Clone, PartialEq)]
enum At {
    /// Not begun.
    Start,
    /// An access is to be done, or done again.
    Access(Access),
    /// A state is awaited: look again at a time.
    Look { at: Duration, since: Duration },
}

/// An access of a step.
#[derive(Debug, Clone, PartialEq)]
struct Access {
    address: Address,
    write: Option<Vec<u8>>,
    /// What is read is to be this.
    expected: Option<Vec<u8>>,
    /// Reads of a look that come after it.
    then: VecDeque<Address>,
    /// When the state began to be awaited.
    since: Duration,
    attempts: u8,
    phase: Phase,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Phase {
    /// The answer with this number is awaited until a time.
    Asked { id: u64, until: Duration },
    /// To be asked again at a time.
    Again { at: Duration },
}

impl Driver {
    /// A driver that knows nothing of its module yet.
    pub fn new(config: DriverConfig) -> Self {
        let (image, outputs) = (Image::new(), VecDeque::new());
        Self { config, image, job: None, outputs, next_access: 0 }
    }

    /// What was read and written so far. [`crate::Module::decode`] makes sense of it.
    pub fn image(&self) -> &Image {
        &self.image
    }

    /// The number of the order that is under way.
    pub fn order(&self) -> Option<u64> {
        self.job.as_ref().map(|job| job.id)
    }

    /// Something happened.
    ///
    /// # Errors
    /// [`Error::Occupied`] for an order while another is under way, [`Error::Stray`] for an answer
    /// nobody waits for any more. Neither changes anything.
    pub fn handle_input(&mut self, now: Duration, input: Input<'_>) -> Result<(), Error> {
        match input {
            Input::Order { .. } if self.job.is_some() => return Err(Error::Occupied),
            Input::Order { id, order } => self.begin(id, order),
            Input::Answer { id, result } => self.answered(now, id, result)?,
            Input::Cancel if self.is_undoing() => {}
            Input::Cancel => self.fail(Error::Cancelled),
        }
        self.advance(now);
        Ok(())
    }

    /// A deadline came, or may have.
    pub fn handle_timeout(&mut self, now: Duration) {
        let Some(job) = &mut self.job else { return };
        if let At::Access(access) = &mut job.at
            && let Phase::Asked { until, .. } = access.phase
            && now >= until
        {
            let millis = self.config.access_max.as_millis() as u64;
            let error = Error::Silent { address: access.address, millis };
            self.missed(now, error);
        }
        self.advance(now);
    }

    /// When [`Self::handle_timeout`] is wanted, and why.
    pub fn poll_timeout(&self) -> Option<(Duration, &'static str)> {
        match &self.job.as_ref()?.at {
            At::Start => None,
            At::Look { at, .. } => Some((*at, "look again at a state that is awaited")),
            At::Access(access) => match access.phase {
                Phase::Asked { until, .. } => Some((until, "answer of an access")),
                Phase::Again { at } => Some((at, "repeat an access")),
            },
        }
    }

    /// What is to be done next; `None`: nothing until an input or a deadline.
    pub fn poll_output(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    fn is_undoing(&self) -> bool {
        self.job.as_ref().is_some_and(|job| job.failed.is_some())
    }

    fn begin(&mut self, id: u64, order: Order) {
        self.job = Some(Job {
            id,
            order,
            steps: survey::opening().into(),
            at: At::Start,
            before: Image::new(),
            touched: Touched::default(),
            extent: Extent::default(),
            failed: None,
            settled: false,
        });
    }

    /// Goes on until something has to be waited for.
    fn advance(&mut self, now: Duration) {
        while let Some(job) = &mut self.job {
            match &mut job.at {
                At::Start => self.begin_step(now),
                At::Look { at, since } if now >= *at => {
                    let since = *since;
                    self.look(now, since);
                }
                At::Access(access) => match access.phase {
                    Phase::Again { at } if now >= at => self.ask(now),
                    Phase::Again { .. } | Phase::Asked { .. } => return,
                },
                At::Look { .. } => return,
            }
        }
    }

    fn begin_step(&mut self, now: Duration) {
        let Some(job) = &self.job else { return };
        let Some(step) = job.steps.front().cloned() else {
            self.end();
            return;
        };
        let order = job.id;
        if !matches!(step.action, Action::Read(_) | Action::Explore | Action::Prepare) {
            self.outputs.push_back(Output::Event(Event::Began { order, step: step.name }));
        }
        match step.action {
            Action::Read(address) => self.access(now, address, None, None, VecDeque::new(), now),
            Action::Write { address, bytes, .. } => {
                self.access(now, address, Some(bytes), None, VecDeque::new(), now);
            }
            Action::Await { .. } => self.look(now, now),
            Action::Explore => self.explore(),
            Action::Prepare => self.prepare(),
        }
    }

    /// Asks the bus for something.
    fn access(
        &mut self,
        now: Duration,
        address: Address,
        write: Option<Vec<u8>>,
        expected: Option<Vec<u8>>,
        then: VecDeque<Address>,
        since: Duration,
    ) {
        let Some(job) = &mut self.job else { return };
        let phase = Phase::Again { at: now };
        job.at = At::Access(Access { address, write, expected, then, since, attempts: 0, phase });
        self.ask(now);
    }

    fn ask(&mut self, now: Duration) {
        self.forget_unasked();
        let Some(Job { at: At::Access(access), touched, .. }) = &mut self.job else { return };
        let id = self.next_access;
        self.next_access += 1;
        access.attempts = access.attempts.saturating_add(1);
        access.phase = Phase::Asked { id, until: now + self.config.access_max };
        if access.write.is_some() {
            // Noted before it is known to have arrived: a write that was not acknowledged may
            // have been carried out.
            touched.note(access.address);
        }
        let (address, write) = (access.address, access.write.clone());
        self.outputs.push_back(Output::Access { id, address, write });
    }

    fn answered(
        &mut self,
        now: Duration,
        id: u64,
        result: Result<&[u8], &str>,
    ) -> Result<(), Error> {
        let access = match &self.job {
            Some(Job { at: At::Access(access), .. }) => access.clone(),
            _ => return Err(Error::Stray { id }),
        };
        if !matches!(access.phase, Phase::Asked { id: asked, .. } if asked == id) {
            return Err(Error::Stray { id });
        }
        let (address, attempts) = (access.address, access.attempts);
        match result {
            Ok(bytes) if access.write.is_some() || bytes.len() == usize::from(address.len()) => {
                self.done(now, access, bytes);
            }
            Ok(bytes) => self.missed(now, Error::Length { address, got: bytes.len() }),
            Err(reason) => {
                let reason = reason.to_owned();
                self.missed(now, Error::NotAcknowledged { address, attempts, reason });
            }
        }
        Ok(())
    }

    /// An access that failed: once more, or the end of its step.
    fn missed(&mut self, now: Duration, error: Error) {
        let Some(job) = &mut self.job else { return };
        let At::Access(access) = &mut job.at else { return };
        if access.attempts < self.config.attempts_max {
            access.phase = Phase::Again { at: now + self.config.retry_after };
            return;
        }
        let since = access.since;
        match job.steps.front().map(|step| &step.action) {
            Some(Action::Await { awaited, within }) if awaited.bears_silence() => {
                let (awaited_ends, at) = (since + *within, now + self.config.look_every);
                job.at = At::Look { at, since };
                if now >= awaited_ends {
                    self.fail(error);
                }
            }
            _ => self.fail(error),
        }
    }

    /// An access that succeeded.
    fn done(&mut self, now: Duration, access: Access, bytes: &[u8]) {
        let Some(job) = &mut self.job else { return };
        let Access { address, write, expected, mut then, since, .. } = access;
        if let Some(written) = write {
            self.image.store(address, &written);
            let verify = matches!(
                job.steps.front().map(|step| &step.action),
                Some(Action::Write { verify: true, .. })
            );
            if verify {
                self.access(now, address, None, Some(written), VecDeque::new(), since);
            } else {
                self.next_step();
            }
            return;
        }
        self.image.store(address, bytes);
        if let Some(expected) = expected {
            self.compare(address, expected, bytes);
            return;
        }
        match then.pop_front() {
            Some(next) => self.access(now, next, None, None, then, since),
            None => self.decide(now, since),
        }
    }

    fn compare(&mut self, address: Address, wrote: Vec<u8>, read: &[u8]) {
        if wrote == read {
            self.next_step();
            return;
        }
        let what = self.step_name();
        self.fail(Error::Verify { what, address, wrote, read: read.to_vec() });
    }

    fn next_step(&mut self) {
        if let Some(job) = &mut self.job {
            job.steps.pop_front();
            job.at = At::Start;
        }
    }

    fn step_name(&self) -> &'static str {
        let step = self.job.as_ref().and_then(|job| job.steps.front());
        step.map_or("the end", |step| step.name)
    }

    /// Reads what tells whether the awaited state has come.
    fn look(&mut self, now: Duration, since: Duration) {
        let Some(Step { action: Action::Await { awaited, .. }, .. }) =
            self.job.as_ref().and_then(|job| job.steps.front())
        else {
            return;
        };
        let is_tunable = self.image.bit(0, 1, 155, 6);
        let mut reads: VecDeque<Address> = awaited.reads(is_tunable).into();
        if let Some(first) = reads.pop_front() {
            self.access(now, first, None, None, reads, since);
        }
    }

    /// Everything of a step was read: on, or look again.
    fn decide(&mut self, now: Duration, since: Duration) {
        let Some(job) = &mut self.job else { return };
        let Some(step) = job.steps.front() else { return };
        let Action::Await { awaited, within } = step.action else {
            self.next_step();
            return;
        };
        match awaited.look(&self.image) {
            Err(error) => self.fail(error),
            Ok(Progress::Reached) => self.next_step(),
            Ok(Progress::Pending(seen)) if now >= since + within => {
                let millis = within.as_millis() as u64;
                self.fail(Error::TimedOut { awaited: self.step_name(), millis, seen });
            }
            Ok(Progress::Pending(_)) => {
                // The last look is at the deadline itself, not up to an interval after it.
                let at = (now + self.config.look_every).min(since + within);
                job.at = At::Look { at, since };
            }
        }
    }

    fn explore(&mut self) {
        let identity = Identity::decode(&self.image);
        if !identity.is_cmis() {
            let what =
                format!("byte 0 is {:02X}h, which CMIS does not manage", identity.identifier);
            self.fail(Error::NotCmis { what });
            return;
        }
        let Some(job) = &self.job else { return };
        let steps = survey::further(&self.image, &job.order, &self.config);
        self.put_next(steps);
    }

    /// Replaces the step at the front.
    fn put_next(&mut self, steps: Vec<Step>) {
        self.next_step();
        if let Some(job) = &mut self.job {
            for step in steps.into_iter().rev() {
                job.steps.push_front(step);
            }
        }
    }

    /// From the survey to the steps of the order; first of all out of what is under way.
    fn prepare(&mut self) {
        let Some(job) = &mut self.job else { return };
        match job.order {
            Order::Survey => {
                let steps = survey::groups(&self.image);
                self.put_next(steps);
                return;
            }
            Order::Observe => {
                self.next_step();
                return;
            }
            _ => {}
        }
        let is_reset = job.order == Order::Reset;
        if !job.settled && !is_reset && step::is_busy(&self.image) {
            job.settled = true;
            self.wait_and_prepare();
            return;
        }
        let made = Ground::new(&self.image, &self.config)
            .and_then(|ground| procedure::procedure(&ground, &job.order));
        match made {
            Err(error) => self.fail(error),
            Ok(made) => {
                job.before = self.image.clone();
                job.extent = made.extent;
                self.put_next(made.steps);
            }
        }
    }

    /// Waits until nothing is under way, reads what may have changed, and prepares again.
    fn wait_and_prepare(&mut self) {
        let within = match Ground::new(&self.image, &self.config) {
            Ok(ground) => ground.settle_max(),
            Err(error) => {
                self.fail(error);
                return;
            }
        };
        let settled = Step::wait("wait for what is under way", Await::Settled, within);
        let mut steps = vec![settled, Step::read("read the lower memory", Address::LOWER)];
        let page = |number| Step::read("read again", Address::page_of(0, number));
        steps.extend([page(0x10), page(0x11)]);
        if self.image.bit(0, 1, 155, 6) {
            steps.push(page(0x12));
        }
        steps.push(Step::new("work out the steps", Action::Prepare));
        self.put_next(steps);
    }

    /// An access that nobody has taken yet and that is given up is not done at all.
    fn forget_unasked(&mut self) {
        self.outputs.retain(|output| !matches!(output, Output::Access { .. }));
    }

    /// The order cannot be carried out: undo, or end.
    fn fail(&mut self, error: Error) {
        let step = self.step_name();
        self.forget_unasked();
        let Some(job) = &mut self.job else { return };
        if job.failed.is_some() {
            let left = job.steps.iter().map(|step| step.name).collect();
            self.end_with(Undo::Incomplete { error, left });
            return;
        }
        job.failed = Some((error, step));
        if job.touched.is_empty() || job.order == Order::Reset {
            // A reset cannot be taken back: the module comes up as it does after power on.
            let undo = if job.touched.is_empty() {
                Undo::NotNeeded
            } else {
                let error = Error::Cancelled;
                Undo::Incomplete { error, left: vec!["a reset cannot be taken back"] }
            };
            self.end_with(undo);
            return;
        }
        let steps = match Ground::new(&self.image, &self.config) {
            Ok(ground) => undo::steps(&ground, &job.before, &job.touched, job.extent),
            Err(_) => Vec::new(),
        };
        job.steps = steps.into();
        job.at = At::Start;
    }

    /// No step is left.
    fn end(&mut self) {
        let Some(job) = &self.job else { return };
        if job.failed.is_some() {
            self.end_with(Undo::Complete);
            return;
        }
        let reinitialised = job.touched.has(DEINIT) || job.order == Order::Reset;
        let done = Done { wrote: job.touched.has_configured(), reinitialised };
        let event = Event::Ended { order: job.id, result: Ok(done) };
        self.outputs.push_back(Output::Event(event));
        self.job = None;
    }

    fn end_with(&mut self, undo: Undo) {
        let Some(job) = self.job.take() else { return };
        let (error, step) = job.failed.unwrap_or((Error::Cancelled, "the end"));
        let result = Err(Box::new(Failure { error, step, undo }));
        self.outputs.push_back(Output::Event(Event::Ended { order: job.id, result }));
    }
}
