//! What can go wrong, grouped by who can mend it: the caller, the files, the machine.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::write::Write;

/// The result of everything here.
pub type Result<T> = std::result::Result<T, Error>;

/// The error behind an [`Error`]; shared, because all writes of a batch fail together.
pub(crate) type Cause = Arc<dyn std::error::Error + Send + Sync>;

/// Why a call failed. Cheap to clone.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    // The caller asked for what cannot be.
    /// The record's generation is not the one after the last; somebody else committed, or the
    /// record was sent twice.
    #[error(
        "generation {offered} does not follow: the log expects {expected}; \
         read the head and make the record again"
    )]
    StaleGeneration {
        /// The generation of the refused record.
        offered: u64,
        /// The only generation that would be taken now.
        expected: u64,
    },
    /// The generation fits, the parent does not: the record was made on another history.
    #[error(
        "generation {generation} names parent {}, the log's head is {}; \
         it was made on another history",
        Hex(offered),
        Hex(expected)
    )]
    WrongParent {
        /// The generation of the refused record.
        generation: u64,
        /// The parent it names.
        offered: [u8; 32],
        /// The hash of the log's last record.
        expected: [u8; 32],
    },
    /// The record's hash is not the hash of its contents.
    #[error("the hash of generation {generation} does not match its contents; it was altered")]
    WrongHash {
        /// The generation of the refused record.
        generation: u64,
    },
    /// Something is over its named limit.
    #[error("{what} is {size}, the limit is {limit}")]
    TooLarge {
        /// What is too large.
        what: &'static str,
        /// Its size: bytes, or a count.
        size: u64,
        /// The limit in the same unit.
        limit: u64,
    },
    /// A key, a device's name or a kind of snapshot that is not allowed.
    #[error("{what} {name:?} is not allowed: {rule}")]
    BadName {
        /// What the name is for.
        what: &'static str,
        /// The name, shortened when long.
        name: String,
        /// What a good one looks like.
        rule: &'static str,
    },
    /// A snapshot of a generation that is not in the log yet.
    #[error("a snapshot of generation {generation} is ahead of the log, which ends at {head}")]
    SnapshotAhead {
        /// The generation of the refused snapshot.
        generation: u64,
        /// The generation of the log's last record.
        head: u64,
    },
    /// A snapshot older than one that is there.
    #[error("a {kind} snapshot of generation {newest} is there; {generation} is older")]
    SnapshotStale {
        /// The kind of both.
        kind: String,
        /// The generation of the refused snapshot.
        generation: u64,
        /// The generation of the newest one.
        newest: u64,
    },
    /// The queue of writes is full; nothing was queued. Try again later or pass the pressure on.
    #[error("{waiting} writes of {bytes} bytes wait for the disk, the queue is full; try later")]
    Busy {
        /// Writes in the queue.
        waiting: usize,
        /// Their bytes.
        bytes: usize,
    },
    /// A call that would wait for the writer, made on the writer's own thread (in a callback).
    #[error("this would wait for the writer on the writer's own thread; use try_submit")]
    OnWriterThread,
    /// The store was closed.
    #[error("the store is closed")]
    Closed,

    // The files are not what was written.
    /// The chain of the log is broken at a generation.
    #[error("the log is damaged at generation {generation}: {damage}; restore it from a backup")]
    LogDamaged {
        /// The first generation at which the chain does not hold.
        generation: u64,
        /// In which way.
        damage: LogDamage,
    },
    /// SQLite cannot read a record.
    #[error("generation {generation} of the log cannot be read; restore it from a backup")]
    LogUnreadable {
        /// The generation that was being read.
        generation: u64,
        /// What SQLite said.
        source: Cause,
    },
    /// Snapshots of this kind are there, and none is intact. The log still has everything.
    #[error("no intact {kind} snapshot: {}; replay the log instead", Listed(damaged))]
    SnapshotDamaged {
        /// The kind asked for.
        kind: String,
        /// Each file and what is wrong with it, newest first.
        damaged: Vec<DamagedSnapshot>,
    },
    /// The database was written by a newer version of this program. It was not touched.
    #[error(
        "{} has schema version {found}, this program knows up to {supported}; use a newer program",
        path.display()
    )]
    SchemaTooNew {
        /// The database.
        path: PathBuf,
        /// Its schema version.
        found: i64,
        /// The newest version known here.
        supported: i64,
    },
    /// The file is not a database of this program. It was not touched.
    #[error("{} is not a store: {reason}; name another data directory", path.display())]
    NotAStore {
        /// The file.
        path: PathBuf,
        /// What it is instead.
        reason: String,
    },

    // The machine does not play along.
    /// Another process has the data directory open.
    #[error(
        "{} is in use by {}; stop it or name another data directory",
        directory.display(), Holder(*pid)
    )]
    Locked {
        /// The data directory.
        directory: PathBuf,
        /// The process that holds it, when it has told already.
        pid: Option<u32>,
    },
    /// No space. Nothing of the batch was applied; writes work again once there is space.
    #[error("no space left while {doing}: nothing was applied; free space on the disk or quota")]
    DiskFull {
        /// What was being done.
        doing: &'static str,
        /// What SQLite or the system said.
        source: Cause,
    },
    /// The disk failed. Nothing of the batch was applied.
    #[error("the disk failed while {doing}: nothing was applied")]
    Disk {
        /// What was being done.
        doing: &'static str,
        /// What SQLite said.
        source: Cause,
    },
    /// The disk took the bytes and then refused to confirm them, twice. Nothing is applied as long
    /// as this process runs; after a crash the batch may turn out to be there. Compare the head
    /// after the next opening.
    #[error("the disk did not confirm the commit: it may come back after a restart")]
    InDoubt {
        /// What SQLite said.
        source: Cause,
    },
    /// A file or directory beside the database failed.
    #[error("{doing} {} failed", path.display())]
    File {
        /// What was being done.
        doing: &'static str,
        /// The file or directory.
        path: PathBuf,
        /// What the system said.
        source: Arc<std::io::Error>,
    },
    /// The writer's thread ended by a fault of this program; the write may or may not be durable.
    #[error("the writer stopped unexpectedly; open the store again and compare the head")]
    WriterStopped,
}

impl Error {
    /// The error of a failed call of SQLite.
    pub(crate) fn sqlite(doing: &'static str, source: rusqlite::Error) -> Self {
        let full = is_full(&source);
        let source: Cause = Arc::new(source);
        match full {
            true => Self::DiskFull { doing, source },
            false => Self::Disk { doing, source },
        }
    }

    /// The error of a failed call on a file.
    pub(crate) fn file(doing: &'static str, path: &Path, source: std::io::Error) -> Self {
        use std::io::ErrorKind::{QuotaExceeded, StorageFull};
        match source.kind() {
            StorageFull | QuotaExceeded => Self::DiskFull { doing, source: Arc::new(source) },
            _ => Self::File { doing, path: path.to_owned(), source: Arc::new(source) },
        }
    }
}

/// `IOERR_SHMSIZE` is the answer of SQLite when there is no space for its shared index.
fn is_full(error: &rusqlite::Error) -> bool {
    let Some(code) = error.sqlite_error() else {
        return false;
    };
    code.code == rusqlite::ErrorCode::DiskFull
        || code.extended_code == rusqlite::ffi::SQLITE_IOERR_SHMSIZE
}

/// How a record breaks the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum LogDamage {
    /// There is no such record, and there are later ones or the head says so.
    Missing,
    /// A record that the head does not know: the log goes on after its end.
    BeyondHead,
    /// A column does not hold what it should.
    Malformed {
        /// Which one.
        column: &'static str,
    },
    /// The record's parent is not the hash of the record before it.
    WrongParent,
    /// The record's hash is not the hash of its contents.
    WrongHash,
    /// The record is good in itself, but the head names another hash.
    NotTheHead,
}

impl fmt::Display for LogDamage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("the record is missing"),
            Self::BeyondHead => f.write_str("the record is beyond the head"),
            Self::Malformed { column } => write!(f, "{column} is malformed"),
            Self::WrongParent => f.write_str("its parent is not the record before it"),
            Self::WrongHash => f.write_str("its hash does not match its contents"),
            Self::NotTheHead => f.write_str("the head names another record"),
        }
    }
}

/// A snapshot file that was passed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DamagedSnapshot {
    /// The generation in its name.
    pub generation: u64,
    /// What is wrong with it.
    pub damage: SnapshotDamage,
}

/// What is wrong with a snapshot file.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SnapshotDamage {
    /// Not the header of a snapshot of this kind and generation.
    BadHeader,
    /// Shorter or longer than its header says.
    WrongLength,
    /// The checksum does not match the bytes.
    WrongChecksum,
    /// Of a generation that the log does not have.
    AheadOfLog,
    /// The system could not read it.
    Unreadable {
        /// What the system said.
        reason: String,
    },
}

impl fmt::Display for DamagedSnapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "generation {} ", self.generation)?;
        match &self.damage {
            SnapshotDamage::BadHeader => f.write_str("has a bad header"),
            SnapshotDamage::WrongLength => f.write_str("has a wrong length"),
            SnapshotDamage::WrongChecksum => f.write_str("has a wrong checksum"),
            SnapshotDamage::AheadOfLog => f.write_str("is ahead of the log"),
            SnapshotDamage::Unreadable { reason } => write!(f, "cannot be read ({reason})"),
        }
    }
}

/// A write that was not queued, handed back whole.
#[derive(Debug, thiserror::Error)]
#[error("{error}")]
pub struct Refused {
    /// The write, to be tried again.
    pub write: Write,
    /// Why: mostly [`Error::Busy`].
    pub error: Error,
}

struct Hex<'a>(&'a [u8; 32]);

impl fmt::Display for Hex<'_> {
    /// The first eight bytes: enough to tell two hashes apart by eye.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0[..8].iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

struct Holder(Option<u32>);

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(pid) => write!(f, "process {pid}"),
            None => f.write_str("another process"),
        }
    }
}

struct Listed<'a>(&'a [DamagedSnapshot]);

impl fmt::Display for Listed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, damaged) in self.0.iter().enumerate() {
            let comma = if at == 0 { "" } else { ", " };
            write!(f, "{comma}{damaged}")?;
        }
        Ok(())
    }
}
