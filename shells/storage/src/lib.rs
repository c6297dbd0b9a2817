//! The durable side of a controller: commit log, snapshots and the facts of its boot.
//!
//! All of it is opaque bytes; what they mean is the business of the engines. One data directory
//! belongs to one process at a time and holds:
//!
//! | name         | what                                                                        |
//! |--------------|-----------------------------------------------------------------------------|
//! | `weft.lock`  | the exclusive lock, with the process id of its holder                       |
//! | `weft.db`    | SQLite: commit log, facts, state of devices (`-wal` and `-shm` beside it)   |
//! | `snapshots/` | one file per snapshot, with a checksum; the last two of each kind           |
//!
//! **The log** is a chain. A record carries the hash of its parent, and its own hash covers the
//! parent, the metadata and the payload, so that a changed, lost or inserted record is found when
//! the log is read, with the generation at which the chain breaks. Who rewrites every later record
//! too is found only by comparing the head's hash with one noted elsewhere: the hash has no key.
//!
//! **Writes** go through one thread that owns the connection. It takes whatever has queued up
//! while the disk was busy, writes it as one transaction and confirms it with one flush (WAL,
//! `synchronous=FULL`): the more callers, the more commits share a flush. Nobody is told of a
//! success before the flush returned. When the transaction fails, every write in it fails and none
//! is applied; the next batch starts afresh, so that writes work again once there is space.
//!
//! **Reads** use a second connection on the caller's thread and never wait for a writer.
//!
//! **Snapshots** are files, because writing a large blob through the database would hold up every
//! commit behind it and write each byte twice (once to the log of SQLite, once to its place).
//!
//! The data directory must be on a local disk: WAL and the lock do not work across machines.

mod chain;
mod directory;
mod error;
mod job;
mod keyed;
mod metrics;
mod options;
mod queue;
mod record;
mod schema;
mod snapshot;
mod store;
mod ticket;
mod write;
mod writer;

pub use chain::Records;
pub use error::{DamagedSnapshot, Error, LogDamage, Refused, Result, SnapshotDamage};
pub use metrics::{Latency, Metrics};
pub use options::Options;
pub use record::{AUTHOR_BYTES_MAX, COMMENT_BYTES_MAX, Draft, Head, LogRecord, PAYLOAD_BYTES_MAX};
pub use snapshot::{SNAPSHOT_BYTES_MAX, SNAPSHOT_KIND_BYTES_MAX, SNAPSHOTS_KEPT, Snapshot};
pub use store::{Recovery, Store};
pub use ticket::Ticket;
pub use write::{
    DEVICE_STATE_BYTES_MAX, FACT_BYTES_MAX, KEY_BYTES_MAX, KEYS_LISTED_MAX, LISTED_BYTES_MAX,
    Receipt, WRITE_CHANGES_MAX, Write,
};
