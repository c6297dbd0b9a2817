//! The bounded queue between the callers and the writer.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use crate::error::Error;
use crate::job::Job;
use crate::options::Options;

/// First in, first out. Full at a number of writes or of bytes; the write that crosses the limit
/// of bytes still goes in.
#[derive(Debug)]
pub(crate) struct Queue {
    state: Mutex<State>,
    /// Something came in, or the queue was closed.
    filled: Condvar,
    /// Something went out, or the queue was closed.
    drained: Condvar,
    writes_max: usize,
    bytes_max: usize,
}

#[derive(Debug, Default)]
struct State {
    waiting: VecDeque<Job>,
    bytes: usize,
    deepest: usize,
    /// What to tell whoever comes after the end.
    closed: Option<Error>,
}

/// A job that did not go in.
pub(crate) type Turned = Box<(Job, Error)>;

impl Queue {
    pub(crate) fn new(options: &Options) -> Self {
        Self {
            state: Mutex::default(),
            filled: Condvar::new(),
            drained: Condvar::new(),
            writes_max: options.queue_writes_max.max(1),
            bytes_max: options.queue_bytes_max.max(1),
        }
    }

    /// Waits for room.
    pub(crate) fn push(&self, job: Job) -> Result<(), Turned> {
        let state = self.state();
        let full = |state: &mut State| state.closed.is_none() && self.is_full(state);
        let state = self.drained.wait_while(state, full);
        self.enter(state.unwrap_or_else(PoisonError::into_inner), job)
    }

    /// Hands the job back when there is no room.
    pub(crate) fn try_push(&self, job: Job) -> Result<(), Turned> {
        let state = self.state();
        if state.closed.is_none() && self.is_full(&state) {
            let busy = Error::Busy { waiting: state.waiting.len(), bytes: state.bytes };
            return Err(Box::new((job, busy)));
        }
        self.enter(state, job)
    }

    /// Waits for writes and takes what fits in one batch, at least one; `None` once the queue is
    /// closed and empty.
    pub(crate) fn take_batch(&self, bytes_max: usize) -> Option<Vec<Job>> {
        let idle = |state: &mut State| state.waiting.is_empty() && state.closed.is_none();
        let state = self.filled.wait_while(self.state(), idle);
        let mut state = state.unwrap_or_else(PoisonError::into_inner);
        let mut batch = Vec::new();
        let mut bytes = 0;
        while let Some(job) = state.waiting.front() {
            if !batch.is_empty() && bytes + job.bytes > bytes_max {
                break;
            }
            bytes += job.bytes;
            batch.extend(state.waiting.pop_front());
        }
        state.bytes -= bytes;
        self.drained.notify_all();
        (!batch.is_empty()).then_some(batch)
    }

    /// Nothing goes in any more; what is in still comes out.
    pub(crate) fn close(&self) {
        self.end(Error::Closed);
    }

    /// Closes and throws away what is in, which tells each waiter that the writer stopped.
    pub(crate) fn abandon(&self) {
        self.end(Error::WriterStopped);
        let left = std::mem::take(&mut self.state().waiting);
        drop(left);
    }

    /// The number of writes in it, and the most there were.
    pub(crate) fn depth(&self) -> (u64, u64) {
        let state = self.state();
        (state.waiting.len() as u64, state.deepest as u64)
    }

    fn end(&self, error: Error) {
        self.state().closed.get_or_insert(error);
        self.filled.notify_all();
        self.drained.notify_all();
    }

    fn enter(&self, mut state: MutexGuard<'_, State>, job: Job) -> Result<(), Turned> {
        if let Some(error) = state.closed.clone() {
            return Err(Box::new((job, error)));
        }
        state.bytes += job.bytes;
        state.waiting.push_back(job);
        state.deepest = state.deepest.max(state.waiting.len());
        self.filled.notify_one();
        Ok(())
    }

    fn is_full(&self, state: &State) -> bool {
        state.waiting.len() >= self.writes_max || state.bytes >= self.bytes_max
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
