//! From elements and wires to a line that works: what is missing is added, gains are set.
//!
//! Long fibres are split into spans, ROADMs get boosters and pre-amplifiers, spans amplifiers
//! between them; short spans are padded. Each amplifier is then set so that the next span is
//! launched into at the power that its loss asks for (J.-L. Augé, V. Curri, E. Le Rouzic, "Open
//! design for multi-vendor optical networks", OFC 2019, eq. 4), with the type of the library
//! that has the least noise among those that can.

mod gain;
mod missing;

use std::collections::BTreeMap;

use super::Fault;
use super::amplifier::AmplifierType;
use super::equipment::Equipment;
use super::plant::{Kind, Plant};

/// How an amplifier is set.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Setting {
    pub(super) kind: AmplifierType,
    pub(super) gain_db: f64,
    pub(super) tilt_db: f64,
    pub(super) voa_in_db: f64,
    pub(super) voa_out_db: f64,
}

impl Setting {
    /// Whether all carriers have the same gain.
    pub(super) fn is_flat(&self) -> bool {
        self.tilt_db == 0.0 && self.kind.gain_ripple.is_level()
    }
}

/// A plant whose amplifiers are set: what estimates are made on.
#[derive(Clone, Debug)]
pub struct Line {
    pub(super) plant: Plant,
    /// By number of the element.
    pub(super) settings: BTreeMap<usize, Setting>,
    /// Band where no amplifier narrows it, Hz.
    pub(super) band_hz: (f64, f64),
}

impl Line {
    /// The elements and wires, those included that the design added.
    #[must_use]
    pub fn plant(&self) -> &Plant {
        &self.plant
    }

    /// Type and gain in dB of an amplifier. `None` when the element is something else.
    #[must_use]
    pub fn amplifier(&self, name: &str) -> Option<(&str, f64)> {
        let setting = self.settings.get(&self.plant.element(name)?.0)?;
        Some((setting.kind.name.as_str(), setting.gain_db))
    }
}

/// Whether the design may add elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Additions {
    /// What is missing is added.
    Add,
    /// Elements stay as they are; amplifiers are set.
    Keep,
}

impl Plant {
    /// Adds what is missing and sets all amplifiers for the library's reference carriers.
    ///
    /// # Errors
    /// With every place that is not wired as a line, or that no amplifier fits.
    pub fn design(mut self, equipment: &Equipment, add: Additions) -> Result<Line, Vec<Fault>> {
        let faults = self.wiring_faults();
        if !faults.is_empty() {
            return Err(faults);
        }
        if add == Additions::Add {
            self.add_missing(&equipment.rules);
        }
        let spans = self.set_losses(&equipment.rules);
        let settings = self.set_gains(equipment, &spans)?;
        Ok(Line { plant: self, settings, band_hz: equipment.reference.band_hz })
    }

    /// Fibres, splices and amplifiers need one wire in and one out, and lead somewhere.
    fn wiring_faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        for (at, element) in self.elements.iter().enumerate() {
            if matches!(element.kind, Kind::Transceiver | Kind::Roadm(_)) {
                continue;
            }
            if element.next.is_empty() || element.previous.is_empty() {
                faults.push(Fault::new(element.name.clone(), "is not wired on both sides"));
            } else if self.leads_in_a_ring(at) {
                faults.push(Fault::new(element.name.clone(), "leads back to itself"));
            }
        }
        faults
    }

    fn leads_in_a_ring(&self, start: usize) -> bool {
        let mut at = start;
        for _ in 0..self.elements.len() {
            let element = &self.elements[at];
            if at != start && matches!(element.kind, Kind::Transceiver | Kind::Roadm(_)) {
                return false;
            }
            match element.next.first() {
                Some(next) if *next != start => at = *next,
                Some(_) => return true,
                None => return false,
            }
        }
        true
    }
}
