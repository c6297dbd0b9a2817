//! What a caller holds while its write is on the way: to block on, or to await.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use crate::error::{Error, Result};
use crate::job::Completion;
use crate::write::Receipt;

/// The outcome of a queued write, to come.
///
/// A plain future without a runtime of its own: await it anywhere, or block with
/// [`Ticket::wait`]. Dropping it does not stop the write.
#[derive(Debug)]
#[must_use = "the write may still fail; wait for it or await it"]
pub struct Ticket {
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    told: Condvar,
}

#[derive(Debug, Default)]
struct State {
    outcome: Option<Result<Receipt>>,
    waker: Option<Waker>,
}

impl Ticket {
    pub(crate) fn new() -> (Self, Completion) {
        let shared = Arc::new(Shared::default());
        let told = Arc::clone(&shared);
        let completion = Completion::new(move |outcome| told.tell(outcome));
        (Self { shared }, completion)
    }

    /// Blocks until the write is durable or has failed. Not for callbacks of writes: they run on
    /// the writer's thread, and it would wait for itself.
    ///
    /// # Errors
    /// Why the write failed; nothing of it was applied, but for [`Error::InDoubt`] and
    /// [`Error::WriterStopped`].
    pub fn wait(self) -> Result<Receipt> {
        let untold = |state: &mut State| state.outcome.is_none();
        let state = self.shared.told.wait_while(self.shared.state(), untold);
        let mut state = state.unwrap_or_else(PoisonError::into_inner);
        state.outcome.take().unwrap_or(Err(Error::WriterStopped))
    }
}

impl Future for Ticket {
    type Output = Result<Receipt>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let mut state = self.shared.state();
        match &state.outcome {
            // Kept, so that polling again after the end is harmless.
            Some(outcome) => Poll::Ready(outcome.clone()),
            None => {
                state.waker = Some(context.waker().clone());
                Poll::Pending
            }
        }
    }
}

impl Shared {
    fn tell(&self, outcome: Result<Receipt>) {
        let waker = {
            let mut state = self.state();
            state.outcome = Some(outcome);
            state.waker.take()
        };
        self.told.notify_all();
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
