//! A write: changes that become durable together or not at all.

use crate::error::{Error, Result};
use crate::keyed::Table;
use crate::record::{Draft, Head, LogRecord, check_size};

/// The longest key of a fact and the longest name of a device, in bytes.
pub const KEY_BYTES_MAX: usize = 512;
/// The largest fact, in bytes.
pub const FACT_BYTES_MAX: usize = 1 << 20;
/// The largest state of one device, in bytes.
pub const DEVICE_STATE_BYTES_MAX: usize = 64 << 20;
/// The most changes in one write.
pub const WRITE_CHANGES_MAX: usize = 16_384;
/// The most facts, or names of devices, that one listing returns.
pub const KEYS_LISTED_MAX: usize = 65_536;
/// The most bytes that one listing returns.
pub const LISTED_BYTES_MAX: usize = 256 << 20;

/// What a row costs beside its bytes, about: for the accounts of queue and batch.
const CHANGE_OVERHEAD_BYTES: usize = 256;

/// Changes that are applied in order, all or none.
///
/// ```
/// # use storage::{Draft, Write};
/// let draft = Draft {
///     author: "anna".to_owned(),
///     comment: None,
///     time_unix_ms: 1_700_000_000_000,
///     payload: b"edit".to_vec(),
/// };
/// let write = Write::new().append_draft(draft).set_device_state("ber-1", b"queue");
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[must_use = "a write does nothing until it is submitted"]
pub struct Write {
    pub(crate) changes: Vec<Change>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Change {
    Append(LogRecord),
    AppendDraft(Draft),
    Set { table: Table, key: String, value: Vec<u8> },
    Remove { table: Table, key: String },
}

/// What a successful write tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Receipt {
    /// The head of the log after this write; with one record in it, that record's place.
    pub head: Head,
}

impl Write {
    /// A write that changes nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Appends a record whose generation and parent must fit the head when its turn comes; they
    /// may follow a record that is still queued, which is how commits are pipelined.
    pub fn append(self, record: LogRecord) -> Self {
        self.and(Change::Append(record))
    }

    /// Appends a record at whatever place is next when its turn comes; the receipt tells which.
    pub fn append_draft(self, draft: Draft) -> Self {
        self.and(Change::AppendDraft(draft))
    }

    /// Sets a fact: a key of 1 to [`KEY_BYTES_MAX`] bytes, at most [`FACT_BYTES_MAX`] bytes.
    pub fn set_fact(self, key: impl Into<String>, value: impl Into<Vec<u8>>) -> Self {
        self.set(Table::Facts, key.into(), value.into())
    }

    /// Removes a fact; one that is not there is no error.
    pub fn remove_fact(self, key: impl Into<String>) -> Self {
        let (table, key) = (Table::Facts, key.into());
        self.and(Change::Remove { table, key })
    }

    /// Sets what is remembered of a device, at most [`DEVICE_STATE_BYTES_MAX`] bytes.
    pub fn set_device_state(self, name: impl Into<String>, state: impl Into<Vec<u8>>) -> Self {
        self.set(Table::DeviceState, name.into(), state.into())
    }

    /// Forgets a device; one that is not known is no error.
    pub fn remove_device_state(self, name: impl Into<String>) -> Self {
        let (table, key) = (Table::DeviceState, name.into());
        self.and(Change::Remove { table, key })
    }

    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// Refuses what no store would take. Runs on the caller's thread: it hashes the payloads.
    pub(crate) fn check(&self) -> Result<()> {
        let count = self.changes.len() as u64;
        check_size("the number of changes in a write", count, WRITE_CHANGES_MAX as u64)?;
        self.changes.iter().try_for_each(Change::check)
    }

    /// What it takes of queue and batch.
    pub(crate) fn bytes(&self) -> usize {
        self.changes.iter().map(Change::bytes).sum()
    }

    fn set(self, table: Table, key: String, value: Vec<u8>) -> Self {
        self.and(Change::Set { table, key, value })
    }

    fn and(mut self, change: Change) -> Self {
        self.changes.push(change);
        self
    }
}

impl Change {
    fn check(&self) -> Result<()> {
        match self {
            Self::Append(record) => record.check(),
            Self::AppendDraft(draft) => draft.check(),
            Self::Set { table, key, value } => {
                check_key(*table, key)?;
                let limit = table.value_bytes_max() as u64;
                check_size(table.value_name(), value.len() as u64, limit)
            }
            Self::Remove { table, key } => check_key(*table, key),
        }
    }

    fn bytes(&self) -> usize {
        let content = match self {
            Self::Append(LogRecord { author, comment, payload, .. })
            | Self::AppendDraft(Draft { author, comment, payload, .. }) => {
                author.len() + comment.as_ref().map_or(0, String::len) + payload.len()
            }
            Self::Set { key, value, .. } => key.len() + value.len(),
            Self::Remove { key, .. } => key.len(),
        };
        content + CHANGE_OVERHEAD_BYTES
    }
}

fn check_key(table: Table, key: &str) -> Result<()> {
    match key.len() {
        1..=KEY_BYTES_MAX => Ok(()),
        _ => Err(Error::BadName {
            what: table.key_name(),
            name: key.chars().take(40).collect(),
            rule: "it has 1 to 512 bytes",
        }),
    }
}
