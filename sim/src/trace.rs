//! What happened in a run: its end for people, and all of it as one number.

use std::collections::VecDeque;
use std::fmt;

/// Lines that are kept for people.
const LINES_KEPT: usize = 60;

/// The story of a run. Two runs of one seed have the same hash.
#[derive(Clone, Debug)]
pub(crate) struct Trace {
    hash: u64,
    last: VecDeque<String>,
    is_loud: bool,
}

impl Trace {
    /// `is_loud` prints every line as it comes.
    pub(crate) fn new(is_loud: bool) -> Self {
        Self { hash: 0xcbf2_9ce4_8422_2325, last: VecDeque::new(), is_loud }
    }

    pub(crate) fn note(&mut self, now_ms: u64, what: fmt::Arguments<'_>) {
        let line = format!("{now_ms:>7} {what}");
        for byte in line.bytes() {
            self.hash = (self.hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
        if self.is_loud {
            println!("{line}");
        }
        if self.last.len() == LINES_KEPT {
            self.last.pop_front();
        }
        self.last.push_back(line);
    }

    pub(crate) fn hash(&self) -> u64 {
        self.hash
    }

    pub(crate) fn last(&self) -> Vec<String> {
        self.last.iter().cloned().collect()
    }
}
