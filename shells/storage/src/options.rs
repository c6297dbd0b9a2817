//! The settings of a store, each with its argued default.

/// How a store behaves. `Options::default()` fits a controller on a machine of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// Writes that may wait for the disk; then `submit` blocks and `try_submit` says `Busy`.
    /// 1,024: a few batches' worth. Longer queues add delay and no throughput.
    pub queue_writes_max: usize,
    /// Bytes that may wait. The write that crosses the line still goes in, so that a large one is
    /// never locked out by small ones. 256 MiB.
    pub queue_bytes_max: usize,
    /// Bytes in one transaction; a single write may be larger. 64 MiB bounds how long the small
    /// writes of a batch wait for its large ones.
    pub batch_bytes_max: usize,
    /// Bytes written to SQLite's log before they are moved to their place. 8 MiB keeps the log
    /// small enough to recover at once and large enough that moving is rare.
    pub checkpoint_bytes: u64,
    /// A quota for the database file, `None` for the whole disk. Over it, writes fail as on a full
    /// disk; facts and states can still be removed. Does not count snapshots.
    pub database_bytes_max: Option<u64>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            queue_writes_max: 1_024,
            queue_bytes_max: 256 << 20,
            batch_bytes_max: 64 << 20,
            checkpoint_bytes: 8 << 20,
            database_bytes_max: None,
        }
    }
}
