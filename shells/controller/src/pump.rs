//! The thread: one `select!` over everything that can happen.

use std::collections::BTreeMap;
use std::sync::Arc;

use intent::Record;
use orchestrator::{Controller, DeviceReport, Input, Output, Reply, Target, Ticket};
use storage::{LogRecord, Store, Write};
use tokio::sync::{mpsc, oneshot, watch};
use vocab::{DeviceName, Generation};

use crate::handle::{Request, RequestKind, View};

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
    error: Option<storage::Error>,
}

pub(crate) struct Pump<D> {
    pub(crate) controller: Controller,
    pub(crate) store: Arc<Store>,
    pub(crate) driver: D,
    pub(crate) requests: mpsc::Receiver<Request>,
    pub(crate) reports: mpsc::Receiver<(DeviceName, DeviceReport)>,
    pub(crate) outcomes: mpsc::Receiver<Outcome>,
    pub(crate) outcome_sender: mpsc::Sender<Outcome>,
    pub(crate) view: watch::Sender<Arc<View>>,
    pub(crate) waiting: BTreeMap<Ticket, oneshot::Sender<Reply>>,
    /// Answers that are given once the view that they speak of is published.
    pub(crate) answers: Vec<(oneshot::Sender<Reply>, Reply)>,
    pub(crate) next_ticket: u64,
    pub(crate) stop: oneshot::Receiver<()>,
    pub(crate) is_stopping: bool,
}

/// Events that are handled before a new view is published, at most.
const BATCH_EVENTS_MAX: usize = 64;

enum Event {
    Outcome(Outcome),
    Report(DeviceName, DeviceReport),
    Request(Request),
    Stop,
}

impl<D: DeviceDriver> Pump<D> {
    /// Runs until it is told to stop and every record is on the disk.
    pub(crate) async fn run(mut self) {
        self.drain();
        self.publish();
        while !self.is_stopping || self.controller.pending_commits() > 0 {
            let event = self.next().await;
            self.handle(event);
            for _ in 1..BATCH_EVENTS_MAX {
                let Some(event) = self.ready() else { break };
                self.handle(event);
            }
            self.publish();
        }
    }

    async fn next(&mut self) -> Event {
        tokio::select! {
            biased;
            Some(outcome) = self.outcomes.recv() => Event::Outcome(outcome),
            _ = &mut self.stop, if !self.is_stopping => Event::Stop,
            Some((name, report)) = self.reports.recv() => Event::Report(name, report),
            Some(request) = self.requests.recv(), if !self.is_stopping => Event::Request(request),
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
            Event::Outcome(Outcome { generation, error: None }) => Input::Appended(generation),
            Event::Outcome(Outcome { generation, error: Some(error) }) => {
                tracing::error!(%generation, %error, "a commit could not be made durable");
                // Whether it is in the log is known only after a restart: take no more on top.
                self.is_stopping |= matches!(error, storage::Error::InDoubt { .. });
                Input::AppendFailed { generation, reason: error.to_string() }
            }
            Event::Report(name, report) => Input::Device { name, report },
            Event::Stop => {
                self.is_stopping = true;
                return;
            }
            Event::Request(Request { kind, answer }) => {
                let ticket = self.ticket(answer);
                match kind {
                    RequestKind::Commit { meta, edit, expected } => {
                        Input::Edit { ticket, meta, edit, expected }
                    }
                    RequestKind::Preview { edit } => Input::Preview { ticket, edit },
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
        let generation = record.generation;
        let sender = self.outcome_sender.clone();
        let tell = move |error: Option<storage::Error>| {
            // Room is reserved by construction: one outcome per pending commit. A closed queue
            // means that the controller is gone, and nobody waits.
            let _ = sender.try_send(Outcome { generation, error });
        };
        let write = Write::new().append(log_record(record));
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
        self.view.send_replace(Arc::new(View { head, devices }));
        for (answer, reply) in self.answers.drain(..) {
            // A client that went away meanwhile needs no answer.
            let _ = answer.send(reply);
        }
    }
}

/// A record as the log keeps it.
fn log_record(record: &Record) -> LogRecord {
    LogRecord {
        generation: record.generation.0,
        parent: record.parent.0,
        hash: record.hash().0,
        author: record.meta.author.clone(),
        comment: record.meta.comment.clone(),
        time_unix_ms: record.meta.time_unix_ms,
        payload: record.payload(),
    }
}
