//! From a data directory to a running controller.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::thread::JoinHandle;

use intent::{Hash, Meta, Record, RecordError};
use orchestrator::{Controller, InventoryError, Limits, ReplayError};
use storage::{LogRecord, Store};
use tokio::sync::{mpsc, oneshot, watch};
use transform::System;
use vocab::Generation;

use crate::handle::{Handle, View};
use crate::pump::{DeviceDriver, Pump};
use crate::snapshots::{self, Snapshots};

/// Requests of clients that wait for the thread at most; more wait in their own tasks.
const REQUESTS_MAX: usize = 256;
/// Reports of devices that wait for the thread at most.
const REPORTS_MAX: usize = 1024;

/// Why a controller cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The system has no inventory.
    #[error(transparent)]
    Inventory(#[from] InventoryError),
    /// The log cannot be read.
    #[error("the commit log cannot be read")]
    Log(#[from] storage::Error),
    /// A record of the log is not one of this program.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// A record of the log does not fit the network any more.
    #[error(transparent)]
    Replay(#[from] ReplayError),
    /// The operating system gives no thread.
    #[error("no thread for the controller")]
    Thread(#[from] std::io::Error),
}

/// A controller that runs.
pub struct Started {
    /// The way to it.
    pub handle: Handle,
    /// Records of the log that were replayed on top of the snapshot, or on nothing.
    pub replayed: u64,
    stop: oneshot::Sender<()>,
    thread: JoinHandle<()>,
}

impl Started {
    /// Takes no more requests, waits until every pending commit is on the disk, and ends.
    pub fn stop(self) {
        // An error means that it has ended already.
        let _ = self.stop.send(());
        if self.thread.join().is_err() {
            tracing::error!("the controller's thread panicked");
        }
    }
}

/// Takes the newest snapshot, replays the log from there and starts the thread.
///
/// `driver` is made with the handle that its sessions report through.
///
/// # Errors
/// When the log cannot be read or does not fit the network, or there is no thread.
pub fn start<D: DeviceDriver + 'static>(
    system: Arc<System>,
    store: Arc<Store>,
    limits: Limits,
    driver: impl FnOnce(&Handle) -> D,
) -> Result<Started, StartError> {
    let mut controller = Controller::new(Arc::clone(&system), limits)?;
    if let Some(head) = snapshots::latest(&store, &system) {
        controller.restore(head);
    }
    let restored = controller.durable().generation;
    for record in store.records(controller.durable().generation.0 + 1) {
        controller.replay(&intent_record(record?)?)?;
    }
    let replayed = controller.durable().generation.0 - restored.0;
    controller.resume();

    let snapshots = Snapshots::new(Arc::clone(&store), Arc::clone(&system), restored);
    let (request_sender, requests) = mpsc::channel(REQUESTS_MAX);
    let (report_sender, reports) = mpsc::channel(REPORTS_MAX);
    let (outcome_sender, outcomes) = mpsc::unbounded_channel();
    let (stop, stopped) = oneshot::channel();
    let first = View { head: controller.durable().clone(), devices: controller.devices().clone() };
    let (view, views) = watch::channel(Arc::new(first));
    let handle = Handle { system, requests: request_sender, reports: report_sender, view: views };
    let prepared = Arc::clone(&handle.system);
    // The first edits need not wait for it, only for what they use of it.
    drop(std::thread::Builder::new().name("prepare".into()).spawn(move || prepared.prepare()));
    let pump = Pump {
        controller,
        snapshots,
        store,
        driver: driver(&handle),
        requests,
        reports,
        outcomes,
        outcome_sender,
        view,
        waiting: BTreeMap::new(),
        answers: Vec::new(),
        next_ticket: 0,
        stop: stopped,
        is_stopping: false,
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
    let thread = std::thread::Builder::new()
        .name("controller".into())
        .spawn(move || runtime.block_on(pump.run()))?;
    Ok(Started { handle, replayed, stop, thread })
}

/// A record of the log as the engines know it.
fn intent_record(record: LogRecord) -> Result<Record, RecordError> {
    let generation = Generation(record.generation);
    Ok(Record {
        generation,
        parent: Hash(record.parent),
        cause: Record::cause_of(generation, &record.payload)?,
        meta: Meta {
            author: record.author,
            comment: record.comment,
            time_unix_ms: record.time_unix_ms,
        },
    })
}
