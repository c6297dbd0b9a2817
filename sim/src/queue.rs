//! Virtual time: what is to happen, ordered by when.

use std::collections::BTreeMap;

/// Events by their moment; those of one moment in the order they were planned.
#[derive(Debug)]
pub(crate) struct Queue<E> {
    now_ms: u64,
    planned: BTreeMap<(u64, u64), E>,
    next: u64,
}

impl<E> Queue<E> {
    pub(crate) fn new() -> Self {
        Self { now_ms: 0, planned: BTreeMap::new(), next: 0 }
    }

    pub(crate) fn now_ms(&self) -> u64 {
        self.now_ms
    }

    pub(crate) fn after(&mut self, delay_ms: u64, event: E) {
        self.at(self.now_ms + delay_ms, event);
    }

    pub(crate) fn at(&mut self, moment_ms: u64, event: E) {
        self.planned.insert((moment_ms.max(self.now_ms), self.next), event);
        self.next += 1;
    }

    /// Jumps to the next event.
    pub(crate) fn pop(&mut self) -> Option<E> {
        let ((moment_ms, _), event) = self.planned.pop_first()?;
        self.now_ms = moment_ms;
        Some(event)
    }

    /// Takes out what will not happen any more.
    pub(crate) fn retain(&mut self, keep: impl Fn(&E) -> bool) {
        self.planned.retain(|_, event| keep(event));
    }
}
