//! Spectrum as sets of slots, and the spectrum of one link with its owners.
//!
//! A set is an array of 64-bit words. What a path can use is the AND of its links; a run of `w`
//! free slots is found with about `log2(w)` shifted ANDs of the set with itself (see
//! [`Slots::starts`]), whatever the number of runs.

mod link;
mod slots;

pub use link::{Holding, LinkSpectrum, Owner, Taken};
pub use slots::{Runs, SlotNumbers, Slots};

/// Words of a set of slots in the engine.
pub const WORDS: usize = 12;
/// Most slots that a link can have: 768 of 12.5 GHz are 9.6 THz, the C and the L band.
pub const SLOTS_MAX: u16 = (WORDS * 64) as u16;

#[cfg(test)]
mod tests;
