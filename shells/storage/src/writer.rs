//! The one thread that writes: takes what has queued up, commits it at once, tells everyone.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use rusqlite::{Connection, ErrorCode, TransactionBehavior};

use crate::chain;
use crate::directory::Directory;
use crate::error::{Error, Result};
use crate::job::{Completion, Job};
use crate::keyed;
use crate::metrics::Metrics;
use crate::options::Options;
use crate::queue::Queue;
use crate::record::{Head, LogRecord};
use crate::write::{Change, Receipt, Write};

const WRITING: &str = "writing to the database";
/// What a transaction adds to SQLite's log beside its content: the pages it touches, about.
const BATCH_OVERHEAD_BYTES: u64 = 4 * 4_096;

/// What the writer and the handles of the store share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) queue: Queue,
    /// The last durable record.
    head: Mutex<Head>,
    metrics: Mutex<Metrics>,
}

impl Shared {
    pub(crate) fn new(options: &Options, head: Head) -> Self {
        Self { queue: Queue::new(options), head: Mutex::new(head), metrics: Mutex::default() }
    }

    pub(crate) fn head(&self) -> Head {
        *self.head.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn metrics(&self) -> MutexGuard<'_, Metrics> {
        self.metrics.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set_head(&self, head: Head) {
        *self.head.lock().unwrap_or_else(PoisonError::into_inner) = head;
    }
}

/// The writer; [`Writer::run`] is its thread.
#[derive(Debug)]
pub(crate) struct Writer {
    connection: Connection,
    shared: Arc<Shared>,
    head: Head,
    batch_bytes_max: usize,
    checkpoint_bytes: u64,
    /// What is in SQLite's log and not in its place yet, about.
    unmoved_bytes: u64,
    /// Let go after the connection: fields are dropped in this order.
    _directory: Directory,
}

/// A write with its place in the log, or the reason why it has none.
struct Placed {
    outcome: Result<(Write, Receipt)>,
    bytes: usize,
    completion: Completion,
}

impl Writer {
    pub(crate) fn new(
        connection: Connection,
        shared: Arc<Shared>,
        directory: Directory,
        options: &Options,
    ) -> Self {
        Self {
            connection,
            head: shared.head(),
            shared,
            batch_bytes_max: options.batch_bytes_max,
            checkpoint_bytes: options.checkpoint_bytes,
            unmoved_bytes: 0,
            _directory: directory,
        }
    }

    /// Until the queue is closed and empty. If this panics, whoever waits is told.
    pub(crate) fn run(mut self) {
        let _told_at_last = Abandon(Arc::clone(&self.shared));
        while let Some(jobs) = self.shared.queue.take_batch(self.batch_bytes_max) {
            self.commit(jobs);
            if self.unmoved_bytes >= self.checkpoint_bytes {
                self.checkpoint();
            }
        }
    }

    fn commit(&mut self, jobs: Vec<Job>) {
        let (placed, head) = place_all(jobs, self.head);
        let started = Instant::now();
        match self.transact(&placed, head) {
            Ok(took) => {
                self.head = head;
                self.shared.set_head(head);
                self.count_success(&placed, took);
                for job in placed {
                    job.completion.tell(job.outcome.map(|(_, receipt)| receipt));
                }
            }
            Err(error) => {
                tracing::error!(%error, after = ?started.elapsed(), "a batch was not written");
                self.count_failure(&placed);
                // Also to writes that were refused: they were measured against a head that did
                // not come to be.
                for job in placed {
                    job.completion.tell(Err(error.clone()));
                }
            }
        }
    }

    /// How long the commit took; `None` when there was nothing to commit.
    fn transact(&mut self, placed: &[Placed], head: Head) -> Result<Option<Duration>> {
        let writes = || placed.iter().filter_map(|job| job.outcome.as_ref().ok());
        if writes().all(|(write, _)| write.is_empty()) {
            return Ok(None);
        }
        let failed = |source| Error::sqlite(WRITING, source);
        let behavior = TransactionBehavior::Immediate;
        let transaction = self.connection.transaction_with_behavior(behavior).map_err(failed)?;
        for change in writes().flat_map(|(write, _)| &write.changes) {
            apply(&transaction, change).map_err(failed)?;
        }
        if head != self.head {
            chain::set_head(&transaction, head).map_err(failed)?;
        }
        let started = Instant::now();
        match transaction.commit() {
            Ok(()) => Ok(Some(started.elapsed())),
            Err(source) => Err(self.settle(source)),
        }
    }

    /// A commit that failed in its flush has left whole frames in SQLite's log: nobody sees them
    /// now, and a recovery after a crash would take them for good. Writing anything durable over
    /// them settles that they are void.
    fn settle(&self, source: rusqlite::Error) -> Error {
        let is_io = source.sqlite_error_code() == Some(ErrorCode::SystemIoFailure);
        if !is_io || chain::fence(&self.connection).is_ok() {
            return Error::sqlite(WRITING, source);
        }
        let source = Arc::new(source);
        Error::InDoubt { source }
    }

    /// Moves SQLite's log to its place, after everyone has been told, so that no commit waits for
    /// it in its own flush.
    fn checkpoint(&mut self) {
        self.unmoved_bytes = 0;
        let sql = "PRAGMA wal_checkpoint(PASSIVE)";
        let moved = self.connection.query_row(sql, [], |_| Ok(()));
        let mut metrics = self.shared.metrics();
        match moved {
            Ok(()) => metrics.checkpoints += 1,
            Err(error) => {
                metrics.checkpoints_failed += 1;
                tracing::warn!(%error, "the checkpoint failed, it will be tried again");
            }
        }
    }

    fn count_success(&mut self, placed: &[Placed], took: Option<Duration>) {
        let mut metrics = self.shared.metrics();
        let (mut writes, mut bytes) = (0, 0);
        for job in placed {
            match &job.outcome {
                Ok((write, _)) => {
                    writes += 1;
                    bytes += job.bytes as u64;
                    metrics.records += record_count(write);
                }
                Err(_) => metrics.writes_refused += 1,
            }
        }
        metrics.writes += writes;
        metrics.bytes += bytes;
        metrics.batch_writes_max = metrics.batch_writes_max.max(writes);
        if let Some(took) = took {
            metrics.batches += 1;
            metrics.commit.add(took);
            self.unmoved_bytes += bytes + BATCH_OVERHEAD_BYTES;
        }
    }

    fn count_failure(&self, placed: &[Placed]) {
        let mut metrics = self.shared.metrics();
        metrics.batches_failed += 1;
        metrics.writes_failed += placed.len() as u64;
    }
}

/// Gives each write its place behind the one before it; a refused write takes none.
fn place_all(jobs: Vec<Job>, mut head: Head) -> (Vec<Placed>, Head) {
    let mut placed = Vec::with_capacity(jobs.len());
    for Job { write, bytes, completion } in jobs {
        let outcome = place(write, head);
        if let Ok((_, receipt)) = &outcome {
            head = receipt.head;
        }
        placed.push(Placed { outcome, bytes, completion });
    }
    (placed, head)
}

fn place(write: Write, mut head: Head) -> Result<(Write, Receipt)> {
    let mut changes = Vec::with_capacity(write.changes.len());
    for change in write.changes {
        let change = match change {
            Change::AppendDraft(draft) => Change::Append(LogRecord::after(head, draft)),
            other => other,
        };
        if let Change::Append(record) = &change {
            record.check_follows(head)?;
            head = record.head();
        }
        changes.push(change);
    }
    Ok((Write { changes }, Receipt { head }))
}

fn apply(connection: &Connection, change: &Change) -> rusqlite::Result<()> {
    match change {
        Change::Append(record) => chain::insert(connection, record),
        Change::AppendDraft(_) => unreachable!("every draft became a record when it was placed"),
        Change::Set { table, key, value } => keyed::set(connection, *table, key, value),
        Change::Remove { table, key } => keyed::remove(connection, *table, key),
    }
}

fn record_count(write: &Write) -> u64 {
    let is_record = |change: &&Change| matches!(change, Change::Append(_));
    write.changes.iter().filter(is_record).count() as u64
}

/// However the writer's thread ends, nobody waits for it any longer.
struct Abandon(Arc<Shared>);

impl Drop for Abandon {
    fn drop(&mut self) {
        self.0.queue.abandon();
    }
}
