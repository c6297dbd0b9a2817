//! Threads for the transform engine, which has none of its own.

use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};

use transform::{Executor, Sequential};

/// Fewer pieces than this are done at once on the caller's thread: it is quicker than a thread
/// is made.
const PIECES_MIN: usize = 64;
/// Pieces that a thread takes at a time: enough to be worth the taking, few enough that no
/// thread is left with a long rest.
const PIECES_TAKEN: usize = 8;

/// As many threads as the machine runs at once, made for each piece of work that is worth it.
#[derive(Clone, Copy, Debug)]
pub struct Threads {
    count: usize,
}

impl Default for Threads {
    fn default() -> Self {
        Self { count: std::thread::available_parallelism().map_or(1, NonZero::get) }
    }
}

impl Executor for Threads {
    fn run(&self, count: usize, work: &(dyn Fn(usize) + Sync)) {
        if count < PIECES_MIN || self.count < 2 {
            return Sequential.run(count, work);
        }
        self.side_by_side(count, PIECES_TAKEN, work);
    }

    fn run_heavy(&self, count: usize, work: &(dyn Fn(usize) + Sync)) {
        self.side_by_side(count, 1, work);
    }
}

impl Threads {
    fn side_by_side(&self, count: usize, taken: usize, work: &(dyn Fn(usize) + Sync)) {
        let next = AtomicUsize::new(0);
        let take = || {
            loop {
                let first = next.fetch_add(taken, Ordering::Relaxed);
                if first >= count {
                    return;
                }
                (first..count.min(first + taken)).for_each(work);
            }
        };
        std::thread::scope(|scope| {
            for _ in 1..self.count {
                let thread = std::thread::Builder::new().name("transform".into());
                // Where the system gives no thread, those that are there do all of it.
                let _ = thread.spawn_scoped(scope, take);
            }
            take();
        });
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicU32;

    use super::*;

    #[test]
    fn every_piece_is_done_once() {
        let threads = Threads { count: 3 };
        for count in [0, 1, PIECES_MIN - 1, PIECES_MIN, 1000] {
            let done: Vec<_> = (0..count).map(|_| AtomicU32::new(0)).collect();
            let work = |at: usize| {
                done[at].fetch_add(1, Ordering::Relaxed);
            };
            threads.run(count, &work);
            assert!(done.iter().all(|times| times.load(Ordering::Relaxed) == 1), "{count}");
            threads.run_heavy(count, &work);
            assert!(done.iter().all(|times| times.load(Ordering::Relaxed) == 2), "{count}");
        }
    }
}
