//! The thread: one `select!` over everything that can happen.

use std::collections::BTreeMap;
use std::sync::Arc;

use intent::{Hash, Record};
use orchestrator::{Controller, DeviceReport, Input, Output, Reply, Target, Ticket};
use storage::{LogRecord, Store, Write};
use tokio::sync::{mpsc, oneshot, watch};
use vocab::{DeviceName, Generation};

use crate::handle::{Request, RequestKind, View};
use crate::snapshots::{IDLE, Snapshots};

/// Drives devices to their targets. Calls must not block; what comes of them is reported through
/// [`crate::Handle::report`].
pub trait DeviceDriver: Send {
    /// Drives a device to a target, superseding any earlier one.
    fn drive(&mut self, target: Target);
    /// Ends the session of a device that is in the intent no more.
    fn release(&mut self, name: &DeviceName);
}

/// What became of a record on its way to the disk.
pub(crate) struct Outcome {
    generation: Generation,
    hash: Hash,
    error: Option<storage::Error>,
}

pub(crate) struct Pump<D> {
    pub(crate) controller: Controller,
    pub(crate) store: Arc<Store>,
    pub(crate) driver: D,
    pub(crate) requests: mpsc::Receiver<Request>,
    pub(crate) reports: mpsc::Receiver<(DeviceName, DeviceReport)>,
    /// One for each record that the store was given, whose queue is bounded, and handled before
    /// any further one is given.
    pub(crate) outcomes: mpsc::UnboundedReceiver<Outcome>,
    pub(crate) outcome_sender: mpsc::UnboundedSender<Outcome>,
    pub(crate) view: watch::Sender<Arc<View>>,
    pub(crate) waiting: BTreeMap<Ticket, oneshot::Sender<Reply>>,
    /// Answers that are given once the view that they speak of is published.
    pub(crate) answers: Vec<(oneshot::Sender<Reply>, Reply)>,
    pub(crate) next_ticket: u64,
    pub(crate) stop: oneshot::Receiver<()>,
    pub(crate) is_stopping: bool,
    pub(crate) snapshots: Snapshots,
}

/// Events that are handled before a new view is published, at most.
const BATCH_EVENTS_MAX: usize = 64;

enum Event {
    Outcome(Outcome),
    Report(DeviceName, DeviceReport),
    Request(Request),
    Stop,
    /// Nothing happened for a while.
    Idle,
}

impl<D: DeviceDriver> Pump<D> {
    /// Runs until it is told to stop and every record is on the disk.
    pub(crate) async fn run(mut self) {
        self.drain();
        self.publish();
        while !self.is_stopping || self.controller.pending_commits() > 0 {
            let event = self.next().await;
            let is_idle = matches!(event, Event::Idle);
            self.handle(event);
            for _ in 1..BATCH_EVENTS_MAX {
                let Some(event) = self.ready() else { break };
                self.handle(event);
            }
            self.publish();
            self.snapshots.keep_up(self.controller.durable(), is_idle);
        }
        let Self { controller, snapshots, .. } = self;
        snapshots.finish(controller.durable());
    }

    async fn next(&mut self) -> Event {
        let is_snapshot_wanted = self.snapshots.is_wanted(self.controller.durable());
        tokio::select! {
            biased;
            Some(outcome) = self.outcomes.recv() => Event::Outcome(outcome),
            _ = &mut self.stop, if !self.is_stopping => Event::Stop,
            Some((name, report)) = self.reports.recv() => Event::Report(name, report),
            Some(request) = self.requests.recv(), if !self.is_stopping => Event::Request(request),
            () = tokio::time::sleep(IDLE), if is_snapshot_wanted => Event::Idle,
        }
    }

    fn ready(&mut self) -> Option<Event> {
        if let Ok(outcome) = self.outcomes.try_recv() {
            return Some(Event::Outcome(outcome));
        }
        if let Ok((name, report)) = self.reports.try_recv() {
            return Some(Event::Report(name, report));
        }
        self.requests.try_recv().ok().map(Event::Request)
    }

    fn handle(&mut self, event: Event) {
        let input = match event {
            Event::Outcome(Outcome { generation, error: None, .. }) => Input::Appended(generation),
            Event::Outcome(Outcome { generation, hash, error: Some(error) }) => {
                tracing::error!(%generation, %error, "a commit could not be made durable");
                // Whether it is in the log is known only after a restart: take no more on top.
                let is_in_doubt = matches!(error, storage::Error::InDoubt { .. });
                self.is_stopping |= is_in_doubt;
                Input::AppendFailed { hash, reason: error.to_string(), is_in_doubt }
            }
            Event::Report(name, report) => Input::Device { name, report },
            Event::Stop => {
                self.is_stopping = true;
                return;
            }
            Event::Idle => return,
            Event::Request(Request { kind, answer }) => {
                let ticket = self.ticket(answer);
                match kind {
                    RequestKind::Commit { meta, edit, expected } => {
                        Input::Edit { ticket, meta, edit, expected }
                    }
                    RequestKind::Preview { edit } => Input::Preview { ticket, edit },
                    RequestKind::Approve { meta, approval } => {
                        Input::Approve { ticket, meta, approval }
                    }
                }
            }
        };
        self.controller.handle_input(input);
        self.drain();
    }

    fn ticket(&mut self, answer: oneshot::Sender<Reply>) -> Ticket {
        self.next_ticket += 1;
        let ticket = Ticket(self.next_ticket);
        self.waiting.insert(ticket, answer);
        ticket
    }

    fn drain(&mut self) {
        while let Some(output) = self.controller.poll_output() {
            match output {
                Output::Append(record) => self.append(&record),
                Output::Drive(target) => self.driver.drive(target),
                Output::Release(name) => self.driver.release(&name),
                Output::Reply { ticket, reply } => {
                    if let Some(answer) = self.waiting.remove(&ticket) {
                        self.answers.push((answer, reply));
                    }
                }
            }
        }
    }

    fn append(&mut self, record: &Record) {
        let (generation, hash) = (record.generation, record.hash());
        let sender = self.outcome_sender.clone();
        let tell = move |error: Option<storage::Error>| {
            // A closed queue means that the controller is gone, and nobody waits.
            let _ = sender.send(Outcome { generation, hash, error });
        };
        let write = Write::new().append(log_record(record, hash));
        if let Err(refused) = self.store.try_submit_then(write, {
            let tell = tell.clone();
            move |outcome| tell(outcome.err())
        }) {
            tell(Some(refused.error));
        }
    }

    /// Publishes what is so now, then answers: whoever is told of a commit finds it in the view.
    fn publish(&mut self) {
        let head = self.controller.durable().clone();
        let devices = self.controller.devices().clone();
        let before = self.view.send_replace(Arc::new(View { head, devices }));
        for (answer, reply) in self.answers.drain(..) {
            // A client that went away meanwhile needs no answer.
            let _ = answer.send(reply);
        }
        // What only the old view held is given back when nobody waits for it.
        drop(before);
    }
}

/// A record as the log keeps it.
fn log_record(record: &Record, hash: Hash) -> LogRecord {
    LogRecord {
        generation: record.generation.0,
        parent: record.parent.0,
        hash: hash.0,
        author: record.meta.author.clone(),
        comment: record.meta.comment.clone(),
        time_unix_ms: record.meta.time_unix_ms,
        payload: record.payload(),
    }
}
