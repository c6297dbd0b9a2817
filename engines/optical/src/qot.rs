//! Quality of transmission: what arrives of a signal, and whether that is enough.
//!
//! A library of equipment and a network come as text in GNPy's JSON ([`Equipment::from_gnpy`],
//! [`Plant::from_gnpy`]). [`Plant::design`] adds what a line lacks and sets all amplifiers; the
//! [`Line`] that comes of it answers two kinds of question:
//!
//! - [`Estimator`]: a plan of carriers lights a path from end to end. Each amplifier adds
//!   spontaneous emission by its noise figure at its gain, each span interference by the closed
//!   form of the Gaussian-noise model, each ROADM equalises; dispersion, PMD and PDL add up.
//! - [`Load`]: channels come and go on paths of their own; each span carries what is really
//!   there. What a channel does to another is kept per span, so that a change costs the channels
//!   beside it and no more.
//!
//! [`ByQot`] is the judge of admission: it refuses what would not work, and what would push a
//! neighbour below its margin.

mod amplifier;
mod carrier;
mod decibel;
mod design;
mod equipment;
mod estimate;
mod fibre;
mod import;
mod judge;
mod load;
mod nli;
mod plant;
mod roadm;

pub use carrier::{CARRIERS_MAX, Carrier, Plan};
pub use design::{Additions, Line};
pub use equipment::{Equipment, Reference, TransceiverMode};
pub use estimate::{Estimator, Received};
pub use judge::{ByQot, Signal};
pub use load::{ChannelId, Load, Outlook};
pub use plant::{ELEMENTS_MAX, ElementIndex, LightPath, Plant};

/// What is wrong with an input, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {reason}")]
pub struct Fault {
    /// Path in the document, or name of the element.
    pub place: String,
    /// What is wrong, and what would be right.
    pub reason: String,
}

impl Fault {
    pub(crate) fn new(place: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { place: place.into(), reason: reason.into() }
    }
}

#[cfg(test)]
mod tests;
