//! A write on its way, and whoever waits for it.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::error::{Error, Result};
use crate::write::{Receipt, Write};

/// A write in the queue.
#[derive(Debug)]
pub(crate) struct Job {
    pub(crate) write: Write,
    pub(crate) bytes: usize,
    pub(crate) completion: Completion,
}

/// Tells the outcome exactly once: a completion that is lost tells that the writer stopped.
pub(crate) struct Completion(Option<Callback>);

type Callback = Box<dyn FnOnce(Result<Receipt>) + Send>;

impl Completion {
    pub(crate) fn new(callback: impl FnOnce(Result<Receipt>) + Send + 'static) -> Self {
        Self(Some(Box::new(callback)))
    }

    pub(crate) fn tell(mut self, outcome: Result<Receipt>) {
        self.call(outcome);
    }

    /// For a write that was handed back to its caller, who knows already.
    pub(crate) fn forget(mut self) {
        self.0 = None;
    }

    /// A callback that panics takes nobody else's writes down.
    fn call(&mut self, outcome: Result<Receipt>) {
        let Some(callback) = self.0.take() else {
            return;
        };
        if catch_unwind(AssertUnwindSafe(|| callback(outcome))).is_err() {
            tracing::error!("the callback of a write panicked");
        }
    }
}

impl Drop for Completion {
    fn drop(&mut self) {
        self.call(Err(Error::WriterStopped));
    }
}

impl fmt::Debug for Completion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Completion").field(&self.0.is_some()).finish()
    }
}
