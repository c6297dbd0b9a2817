//! Threads are lent, not owned: who runs many instances at once is up to the caller.

use std::sync::OnceLock;

/// Does independent pieces of work, side by side where it can.
pub trait Executor: Send + Sync {
    /// Calls `work` with each number below `count` exactly once, in any order and on any threads,
    /// and returns when all calls have returned.
    fn run(&self, count: usize, work: &(dyn Fn(usize) + Sync));

    /// The same for few pieces that are each worth a thread.
    fn run_heavy(&self, count: usize, work: &(dyn Fn(usize) + Sync)) {
        self.run(count, work);
    }
}

/// One piece after the other, on the thread that asks.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sequential;

impl Executor for Sequential {
    fn run(&self, count: usize, work: &(dyn Fn(usize) + Sync)) {
        (0..count).for_each(work);
    }
}

/// The results of `count` pieces of work, in their order.
pub(crate) fn results<T: Send + Sync>(
    executor: &dyn Executor,
    count: usize,
    work: impl Fn(usize) -> T + Sync,
) -> Vec<T> {
    collected(count, |piece| executor.run(count, piece), work)
}

/// The results of `count` heavy pieces of work, in their order.
pub(crate) fn heavy_results<T: Send + Sync>(
    executor: &dyn Executor,
    count: usize,
    work: impl Fn(usize) -> T + Sync,
) -> Vec<T> {
    collected(count, |piece| executor.run_heavy(count, piece), work)
}

fn collected<T: Send + Sync>(
    count: usize,
    run: impl FnOnce(&(dyn Fn(usize) + Sync)),
    work: impl Fn(usize) -> T + Sync,
) -> Vec<T> {
    let results: Vec<_> = (0..count).map(|_| OnceLock::new()).collect();
    run(&|at| {
        // A piece that is done twice, against the contract, gives the same result twice.
        let _ = results[at].set(work(at));
    });
    results
        .into_iter()
        .map(|result| result.into_inner().expect("an executor does every piece"))
        .collect()
}
