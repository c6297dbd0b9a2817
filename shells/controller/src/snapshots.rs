//! Snapshots of the state, so that a start reads little of the log.
//!
//! They are a convenience: whatever is wrong with one, the log has everything.

use std::fs::File;
use std::io::Read as _;
use std::sync::{Arc, OnceLock};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use intent::Hash;
use orchestrator::Head;
use sha2::{Digest, Sha256};
use storage::Store;
use transform::System;
use vocab::Generation;

/// What the store calls them.
const KIND: &str = "state";
/// While commits go on coming, a snapshot is made after so many at the earliest: to replay them
/// takes about a second.
const COMMITS_MIN: u64 = 1024;
/// When none came for a while, fewer are enough.
const COMMITS_IDLE_MIN: u64 = 16;
/// Time without an event after which that holds.
pub(crate) const IDLE: Duration = Duration::from_secs(2);
/// Snapshots take one part in so many of the time at most.
const REST_FACTOR: u32 = 10;

/// Bytes of the program that are read at a time.
const BUFFER_BYTES: usize = 1 << 18;

/// What stands for the program in its snapshots: nothing when its file cannot be read, and then
/// there are no snapshots.
fn code() -> Option<&'static [u8]> {
    static CODE: OnceLock<Option<Vec<u8>>> = OnceLock::new();
    let hash = || -> std::io::Result<Vec<u8>> {
        let mut digest = Sha256::new();
        let mut program = File::open(std::env::current_exe()?)?;
        let mut buffer = vec![0; BUFFER_BYTES];
        loop {
            match program.read(&mut buffer)? {
                0 => return Ok(digest.finalize().to_vec()),
                length => digest.update(&buffer[..length]),
            }
        }
    };
    let hash = || hash().inspect_err(|error| tracing::warn!(%error, "no snapshots")).ok();
    CODE.get_or_init(hash).as_deref()
}

/// The newest state that can be had without the log.
pub(crate) fn latest(store: &Store, system: &System) -> Option<Head> {
    let snapshot = match store.latest_snapshot(KIND) {
        Ok(snapshot) => snapshot?,
        Err(error) => {
            tracing::warn!(%error, "no snapshot is intact, the log is replayed");
            return None;
        }
    };
    let generation = snapshot.generation;
    let hash = Head::hash_of(&snapshot.bytes)?;
    let of_log = store.record(generation).ok().flatten().map(|record| Hash(record.hash));
    if of_log != Some(hash) {
        tracing::warn!(generation, "the snapshot is of another log, which is replayed");
        return None;
    }
    match Head::from_bytes(system, code()?, Generation(generation), &snapshot.bytes) {
        Ok(head) => Some(head),
        Err(error) => {
            tracing::info!(generation, %error, "the snapshot is of no use, the log is replayed");
            None
        }
    }
}

/// Makes snapshots beside the work, one at a time.
pub(crate) struct Snapshots {
    store: Arc<Store>,
    system: Arc<System>,
    /// The generation of the newest one.
    newest: Generation,
    /// The one that is being made.
    thread: Option<JoinHandle<Duration>>,
    /// When there was a rest from making them.
    rested: Instant,
}

impl Snapshots {
    pub(crate) fn new(store: Arc<Store>, system: Arc<System>, newest: Generation) -> Self {
        Self { store, system, newest, thread: None, rested: Instant::now() }
    }

    /// Whether one is to be made once nothing else is to do.
    pub(crate) fn is_wanted(&self, head: &Head) -> bool {
        self.thread.is_none() && self.missing(head) >= COMMITS_IDLE_MIN
    }

    /// Makes one when it is time.
    pub(crate) fn keep_up(&mut self, head: &Head, is_idle: bool) {
        self.collect();
        let least = if is_idle { COMMITS_IDLE_MIN } else { COMMITS_MIN };
        let is_time = is_idle || Instant::now() >= self.rested;
        if self.thread.is_none() && is_time && self.missing(head) >= least {
            self.start(head.clone());
        }
    }

    /// Makes the last one, so that the next start has nothing to replay.
    pub(crate) fn finish(mut self, head: &Head) {
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
        if self.missing(head) >= COMMITS_IDLE_MIN {
            make(&self.store, &self.system, head);
        }
    }

    fn missing(&self, head: &Head) -> u64 {
        head.generation.0.saturating_sub(self.newest.0)
    }

    /// Takes note of one that is made.
    fn collect(&mut self) {
        let Some(thread) = self.thread.take_if(|thread| thread.is_finished()) else { return };
        // A panic there costs a snapshot, no more.
        let took = thread.join().unwrap_or_default();
        self.rested = Instant::now() + took * REST_FACTOR;
    }

    fn start(&mut self, head: Head) {
        let (store, system) = (Arc::clone(&self.store), Arc::clone(&self.system));
        let generation = head.generation;
        let work = move || {
            let start = Instant::now();
            make(&store, &system, &head);
            start.elapsed()
        };
        // Where it fails, the next one is tried as many commits later.
        self.newest = generation;
        match std::thread::Builder::new().name("snapshot".into()).spawn(work) {
            Ok(thread) => self.thread = Some(thread),
            Err(error) => tracing::warn!(%error, "no thread for a snapshot"),
        }
    }
}

fn make(store: &Store, system: &System, head: &Head) {
    let Some(code) = code() else { return };
    let pieces = head.to_bytes(system, code);
    if let Err(error) = store.put_snapshot(head.generation.0, KIND, &pieces) {
        tracing::warn!(%error, "a snapshot could not be kept; the log has everything");
    }
}
