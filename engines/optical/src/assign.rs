//! Where in the common free spectrum of a path a block is placed.
//!
//! All policies see the same thing: the slots free on every link of the path (continuity) and
//! the starts that the modules' grids permit. A block is a run of that set (contiguity). On a
//! tie the lowest start wins, for `LastFit` there is none.

mod fragmentation;
mod policy;

pub use fragmentation::Fragmentation;
pub use policy::{Placement, SpectrumPolicy, place};

#[cfg(test)]
mod tests;
