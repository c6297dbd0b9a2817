//! What the store has done since it was opened.

use std::time::Duration;

/// Bucket `n` counts what took less than `2^n` microseconds; the last one takes the rest (over 17
/// minutes).
const BUCKETS: usize = 31;

/// Counters since the opening, as they stood at one instant.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Metrics {
    /// Writes that became durable.
    pub writes: u64,
    /// Log records that became durable.
    pub records: u64,
    /// Bytes of the durable writes, about.
    pub bytes: u64,
    /// Transactions that were committed; each one is one flush of SQLite's log.
    pub batches: u64,
    /// Transactions that failed, with all their writes.
    pub batches_failed: u64,
    /// Writes refused for what they asked: a wrong generation or parent.
    pub writes_refused: u64,
    /// Writes that failed with their transaction.
    pub writes_failed: u64,
    /// Writes turned away by a full queue.
    pub writes_busy: u64,
    /// The most writes that shared a transaction.
    pub batch_writes_max: u64,
    /// Writes in the queue now.
    pub queue_writes: u64,
    /// The most writes that were in the queue.
    pub queue_writes_max: u64,
    /// Times SQLite's log was moved to its place; each one is two more flushes.
    pub checkpoints: u64,
    /// Times that failed; the log is kept and it is tried again.
    pub checkpoints_failed: u64,
    /// The time of each commit: its pages to SQLite's log, and the flush.
    pub commit: Latency,
    /// Snapshots that became durable.
    pub snapshots: u64,
    /// The time of each, flushes included.
    pub snapshot: Latency,
}

/// A histogram of durations with buckets of powers of two microseconds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Latency {
    buckets: [u64; BUCKETS],
    /// How many.
    pub count: u64,
    /// All together.
    pub total: Duration,
    /// The longest.
    pub longest: Duration,
}

impl Latency {
    /// An upper bound, within a factor of two, of what `percent` of 100 stayed below; zero when
    /// nothing was counted.
    pub fn percentile(&self, percent: u8) -> Duration {
        let rank = (self.count * u64::from(percent.min(100))).div_ceil(100).max(1);
        let mut seen = 0;
        for (power, count) in self.buckets.iter().enumerate() {
            seen += count;
            if seen >= rank {
                return Duration::from_micros(1 << power).min(self.longest);
            }
        }
        Duration::ZERO
    }

    /// The counts by upper bound, for an exporter: less than so long, so many (not cumulative).
    pub fn buckets(&self) -> impl Iterator<Item = (Duration, u64)> {
        let bounds = (0..BUCKETS).map(|power| Duration::from_micros(1 << power));
        bounds.zip(self.buckets)
    }

    pub(crate) fn add(&mut self, took: Duration) {
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        let power = (u64::BITS - micros.leading_zeros()) as usize;
        self.buckets[power.min(BUCKETS - 1)] += 1;
        self.count += 1;
        self.total += took;
        self.longest = self.longest.max(took);
    }
}
