//! Fuzz targets of everything that reads foreign bytes.
//!
//! A [`Target`] is a plain function over bytes that asserts what must hold whatever they are: no
//! panic, what was read can be written and reads back the same, pieces give what the whole gives.
//! Its corpus is the files of `corpus/NAME`, its dictionary the words of its language.
//!
//! Input number `n` of a run is a function of corpus, seed and `n` alone ([`Mutator::input`]). So a
//! run in a process of its own needs to tell no more than the number it is at: when it panics,
//! overflows its stack or hangs, the [`hunt()`] that watches it makes the same input again, keeps
//! it and goes on behind it.

mod corpus;
mod hunt;
mod model;
mod mutate;
mod random;
mod targets;

pub use corpus::{Corpus, crash_file};
pub use hunt::{Finding, Hunt, INPUT_SECONDS_MAX, Way, hunt, work};
pub use mutate::{INPUT_BYTES_MAX, Mutator};
pub use random::Random;
pub use targets::{TARGETS, Target};
