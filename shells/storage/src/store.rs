//! The handle of an open data directory.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle, ThreadId};
use std::time::Instant;

use rusqlite::Connection;

use crate::chain::{self, Records};
use crate::directory::Directory;
use crate::error::{Error, Refused, Result};
use crate::job::{Completion, Job};
use crate::keyed::{self, Table};
use crate::metrics::Metrics;
use crate::options::Options;
use crate::record::{Draft, Head, LogRecord};
use crate::schema;
use crate::snapshot::{Snapshot, Snapshots};
use crate::ticket::Ticket;
use crate::write::{Receipt, Write};
use crate::writer::{Shared, Writer};

/// An open data directory; a handle that is cheap to clone and may be used from any thread.
///
/// ```
/// # fn main() -> storage::Result<()> {
/// # let directory = tempfile::tempdir().expect("a temporary directory");
/// use storage::{Draft, LogRecord, Options, Store};
///
/// let store = Store::open(directory.path(), &Options::default())?;
/// let draft = Draft {
///     author: "anna".to_owned(),
///     comment: Some("first customer".to_owned()),
///     time_unix_ms: 1_700_000_000_000,
///     payload: b"edit".to_vec(),
/// };
/// let record = LogRecord::after(store.head(), draft);
/// let receipt = store.append(record)?;
/// assert_eq!(receipt.head.generation, 1);
/// for record in store.records(1) {
///     assert_eq!(record?.payload, b"edit");
/// }
/// # Ok(())
/// # }
/// ```
///
/// Closed by [`Store::close`], or when the last handle is dropped; both wait for what is queued.
#[derive(Debug, Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    shared: Arc<Shared>,
    /// `None` once closed.
    reader: Mutex<Option<Connection>>,
    /// `None` once joined.
    writer: Mutex<Option<JoinHandle<()>>>,
    writer_id: ThreadId,
    snapshots: Snapshots,
    recovery: Recovery,
}

/// What the opening found of the last run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recovery {
    /// The last durable record.
    pub head: Head,
    /// Bytes in SQLite's log; not zero when the last run did not close the store.
    pub log_bytes: u64,
    /// Snapshots that were being written when the last run ended; they are gone.
    pub partial_snapshots: usize,
}

impl Store {
    /// Opens a data directory and makes it if need be; recovers what a crash left; checks the end
    /// of the log. The whole chain is checked where it is read.
    ///
    /// # Errors
    /// [`Error::Locked`] when another process has it, [`Error::SchemaTooNew`],
    /// [`Error::NotAStore`], [`Error::LogDamaged`] and [`Error::LogUnreadable`] for the end of the
    /// log, and failures of the disk.
    pub fn open(directory: &Path, options: &Options) -> Result<Self> {
        let directory = Directory::open(directory)?;
        let path = directory.database()?;
        let log_bytes = directory.unfinished_bytes();
        let (snapshots, partial_snapshots) = Snapshots::open(directory.snapshots())?;
        let connection = schema::open_writer(&path, options)?;
        let head = chain::checked_head(&connection)?;
        let reader = schema::open_reader(&path)?;
        let shared = Arc::new(Shared::new(options, head));
        let writer = Writer::new(connection, Arc::clone(&shared), directory, options);
        let thread = thread::Builder::new()
            .name("storage-writer".to_owned())
            .spawn(move || writer.run())
            .map_err(|error| Error::file("starting the writer of", &path, error))?;
        let inner = Inner {
            shared,
            reader: Mutex::new(Some(reader)),
            writer_id: thread.thread().id(),
            writer: Mutex::new(Some(thread)),
            snapshots,
            recovery: Recovery { head, log_bytes, partial_snapshots },
        };
        let inner = Arc::new(inner);
        Ok(Self { inner })
    }

    /// Takes no further writes, waits for those in the queue, moves SQLite's log to its place and
    /// lets go of the directory. Other handles say [`Error::Closed`] from then on. Again: no-op.
    ///
    /// # Errors
    /// [`Error::OnWriterThread`] in a callback; [`Error::WriterStopped`] when the writer had
    /// stopped by a fault.
    pub fn close(&self) -> Result<()> {
        self.inner.close()
    }

    /// The last durable record: where the next one goes.
    pub fn head(&self) -> Head {
        self.inner.shared.head()
    }

    /// What the opening found of the last run.
    pub fn recovery(&self) -> Recovery {
        self.inner.recovery
    }

    /// What was done since the opening.
    pub fn metrics(&self) -> Metrics {
        let mut metrics = self.inner.shared.metrics().clone();
        (metrics.queue_writes, metrics.queue_writes_max) = self.inner.shared.queue.depth();
        metrics
    }
}

/// Writing. All or nothing of a [`Write`] is applied; writes become durable in the order in which
/// they were submitted. An empty write is a barrier: it is done when all before it are.
impl Store {
    /// Queues a write, waiting for room when the queue is full.
    ///
    /// # Errors
    /// What is wrong with the write itself, [`Error::Closed`], and in a callback
    /// [`Error::OnWriterThread`]. What happens on the disk is told by the ticket.
    pub fn submit(&self, write: Write) -> Result<Ticket> {
        let (ticket, completion) = Ticket::new();
        let job = self.job(write, completion).map_err(|refused| refused.error)?;
        if self.is_writer_thread() {
            job.completion.forget();
            return Err(Error::OnWriterThread);
        }
        let pushed = self.inner.shared.queue.push(job);
        pushed.map_err(|turned| refused(*turned).error)?;
        Ok(ticket)
    }

    /// Queues a write, or hands it back at once when the queue is full. Never blocks: for async
    /// code, which awaits the ticket.
    ///
    /// # Errors
    /// As [`Store::submit`], and [`Error::Busy`].
    pub fn try_submit(&self, write: Write) -> std::result::Result<Ticket, Refused> {
        let (ticket, completion) = Ticket::new();
        self.try_queue(write, completion)?;
        Ok(ticket)
    }

    /// As [`Store::try_submit`], and calls back with the outcome, exactly once, unless the write
    /// was handed back. The callback runs on the writer's thread and holds up all writes: pass the
    /// outcome on and return.
    ///
    /// # Errors
    /// As [`Store::try_submit`].
    pub fn try_submit_then(
        &self,
        write: Write,
        callback: impl FnOnce(Result<Receipt>) + Send + 'static,
    ) -> std::result::Result<(), Refused> {
        self.try_queue(write, Completion::new(callback))
    }

    /// Writes and waits until it is durable.
    ///
    /// # Errors
    /// As [`Store::submit`] and [`Ticket::wait`].
    pub fn write(&self, write: Write) -> Result<Receipt> {
        self.submit(write)?.wait()
    }

    /// Appends a record and waits until it is durable.
    ///
    /// # Errors
    /// As [`Store::write`]; [`Error::StaleGeneration`] or [`Error::WrongParent`] when it does not
    /// follow the head.
    pub fn append(&self, record: LogRecord) -> Result<Receipt> {
        self.write(Write::new().append(record))
    }

    /// Appends a record at the next place and waits until it is durable.
    ///
    /// # Errors
    /// As [`Store::write`].
    pub fn append_draft(&self, draft: Draft) -> Result<Receipt> {
        self.write(Write::new().append_draft(draft))
    }

    /// Sets a fact and waits until it is durable.
    ///
    /// # Errors
    /// As [`Store::write`].
    pub fn set_fact(&self, key: &str, value: &[u8]) -> Result<()> {
        self.write(Write::new().set_fact(key, value)).map(drop)
    }

    /// Removes a fact and waits until that is durable.
    ///
    /// # Errors
    /// As [`Store::write`].
    pub fn remove_fact(&self, key: &str) -> Result<()> {
        self.write(Write::new().remove_fact(key)).map(drop)
    }

    /// Sets what is remembered of a device and waits until it is durable.
    ///
    /// # Errors
    /// As [`Store::write`].
    pub fn set_device_state(&self, name: &str, state: &[u8]) -> Result<()> {
        self.write(Write::new().set_device_state(name, state)).map(drop)
    }

    /// Forgets a device and waits until that is durable.
    ///
    /// # Errors
    /// As [`Store::write`].
    pub fn remove_device_state(&self, name: &str) -> Result<()> {
        self.write(Write::new().remove_device_state(name)).map(drop)
    }

    fn try_queue(&self, write: Write, completion: Completion) -> std::result::Result<(), Refused> {
        let job = self.job(write, completion)?;
        let pushed = self.inner.shared.queue.try_push(job);
        pushed.map_err(|turned| {
            if matches!(turned.1, Error::Busy { .. }) {
                self.inner.shared.metrics().writes_busy += 1;
            }
            refused(*turned)
        })
    }

    fn job(&self, write: Write, completion: Completion) -> std::result::Result<Job, Refused> {
        if let Err(error) = write.check() {
            completion.forget();
            return Err(Refused { write, error });
        }
        Ok(Job { bytes: write.bytes(), write, completion })
    }

    fn is_writer_thread(&self) -> bool {
        self.inner.is_writer_thread()
    }
}

/// Reading: on the caller's thread, of what is durable, while writes go on.
impl Store {
    /// The records from a generation on, up to the head of this moment, each checked against its
    /// hash and the record before. Ends after the first error.
    pub fn records(&self, from: u64) -> Records {
        Records::new(self.clone(), from)
    }

    /// One record, checked against its hash and the record before; `None` beyond the head.
    ///
    /// # Errors
    /// [`Error::LogDamaged`] or [`Error::LogUnreadable`] with the generation.
    pub fn record(&self, generation: u64) -> Result<Option<LogRecord>> {
        if generation == 0 || generation > self.head().generation {
            return Ok(None);
        }
        let range = generation..=generation;
        let (read, outcome) = self.with_reader(|reader| Ok(chain::page(reader, range, 1)))?;
        outcome?;
        Ok(read.into_iter().next())
    }

    /// Reads the whole log and checks every link; tells where it ends.
    ///
    /// # Errors
    /// The first damage, as [`Store::records`].
    pub fn verify_log(&self) -> Result<Head> {
        let mut head = Head::GENESIS;
        for record in self.records(1) {
            head = record?.head();
        }
        Ok(head)
    }

    /// A fact, if it is set.
    ///
    /// # Errors
    /// A failure of the disk, or [`Error::Closed`].
    pub fn fact(&self, key: &str) -> Result<Option<Vec<u8>>> {
        self.with_reader(|reader| keyed::value(reader, Table::Facts, key))
    }

    /// The facts whose key begins with `prefix`, in the byte order of their keys.
    ///
    /// # Errors
    /// [`Error::TooLarge`] beyond [`crate::KEYS_LISTED_MAX`] or [`crate::LISTED_BYTES_MAX`]; a
    /// failure of the disk, or [`Error::Closed`].
    pub fn facts(&self, prefix: &str) -> Result<Vec<(String, Vec<u8>)>> {
        self.with_reader(|reader| keyed::facts(reader, prefix))
    }

    /// What is remembered of a device, if anything.
    ///
    /// # Errors
    /// A failure of the disk, or [`Error::Closed`].
    pub fn device_state(&self, name: &str) -> Result<Option<Vec<u8>>> {
        self.with_reader(|reader| keyed::value(reader, Table::DeviceState, name))
    }

    /// The devices of which something is remembered and whose name begins with `prefix`, in the
    /// byte order of their names.
    ///
    /// # Errors
    /// As [`Store::facts`].
    pub fn devices(&self, prefix: &str) -> Result<Vec<String>> {
        self.with_reader(|reader| keyed::devices(reader, prefix))
    }

    /// Reads with the reading connection, which serves one caller at a time.
    pub(crate) fn with_reader<T>(&self, read: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        let reader = self.inner.reader.lock().unwrap_or_else(PoisonError::into_inner);
        read(reader.as_ref().ok_or(Error::Closed)?)
    }
}

/// Snapshots: written and read on the caller's thread; commits do not wait for them.
impl Store {
    /// Puts a snapshot of a generation that is in the log, pieces that follow each other without a
    /// mark between them, and returns when it is durable. Another
    /// one of the same kind and generation is replaced; of each kind the last
    /// [`crate::SNAPSHOTS_KEPT`] are kept, and none is removed before the new one is durable.
    ///
    /// # Errors
    /// [`Error::SnapshotAhead`], [`Error::SnapshotStale`], [`Error::BadName`] for the kind,
    /// [`Error::TooLarge`]; [`Error::DiskFull`] or [`Error::File`], after which everything is as it
    /// was; [`Error::Closed`].
    pub fn put_snapshot(
        &self,
        generation: u64,
        kind: &str,
        pieces: &[impl AsRef<[u8]>],
    ) -> Result<()> {
        let started = Instant::now();
        let head = self.head().generation;
        self.inner.snapshots.put(kind, generation, pieces, head)?;
        let mut metrics = self.inner.shared.metrics();
        metrics.snapshots += 1;
        metrics.snapshot.add(started.elapsed());
        Ok(())
    }

    /// The newest intact snapshot of a kind, with the damaged ones that were passed over; `None`
    /// when there never was one.
    ///
    /// # Errors
    /// [`Error::SnapshotDamaged`] when there are some and none is intact; [`Error::BadName`] for
    /// the kind; a failure of the disk.
    pub fn latest_snapshot(&self, kind: &str) -> Result<Option<Snapshot>> {
        self.inner.snapshots.latest(kind, self.head().generation)
    }
}

impl Inner {
    fn close(&self) -> Result<()> {
        if self.is_writer_thread() {
            return Err(Error::OnWriterThread);
        }
        self.shared.queue.close();
        // The last connection to go moves SQLite's log to its place: let it be the writer's.
        drop(self.reader.lock().unwrap_or_else(PoisonError::into_inner).take());
        self.snapshots.close();
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        match writer.take() {
            Some(thread) => thread.join().map_err(|_| Error::WriterStopped),
            None => Ok(()),
        }
    }

    fn is_writer_thread(&self) -> bool {
        thread::current().id() == self.writer_id
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        match self.close() {
            Ok(()) => {}
            // The last handle was dropped in a callback: the thread finishes by itself.
            Err(Error::OnWriterThread) => self.shared.queue.close(),
            Err(error) => tracing::error!(%error, "the store did not close in order"),
        }
    }
}

/// Hands the write back; its caller knows the outcome already.
fn refused((job, error): (Job, Error)) -> Refused {
    let Job { write, completion, .. } = job;
    completion.forget();
    Refused { write, error }
}
