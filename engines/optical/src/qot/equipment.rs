//! The library: types of fibre, amplifier and ROADM, the rules of design, the reference carrier.

use std::collections::BTreeMap;

use super::Fault;
use super::amplifier::AmplifierType;
use super::carrier::{Carrier, Plan};
use super::roadm::Roadm;

/// How lines are designed.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct SpanRules {
    /// Amplifiers are set by power (or else by gain).
    pub(super) is_power_mode: bool,
    /// Least and most deviation of launch power, and its step, dB.
    pub(super) power_deviation_db: [f64; 3],
    /// Raman amplifiers are not used over fibre with more loss, dB/km.
    pub(super) raman_loss_max_db_per_km: f64,
    /// Gain above the flat maximum that is taken, dB.
    pub(super) extended_gain_db: f64,
    /// Longest span, m.
    pub(super) length_max_m: f64,
    /// Least loss of a span, dB.
    pub(super) padding_db: f64,
    /// Reserve for ageing, dB.
    pub(super) end_of_life_db: f64,
    pub(super) connector_in_db: f64,
    pub(super) connector_out_db: f64,
    /// The span that is launched into at reference power, dB, and the slope beside it.
    pub(super) reference_loss_db: f64,
    pub(super) power_slope: f64,
    pub(super) voa_margin_db: f64,
    pub(super) voa_step_db: f64,
}

/// The carriers that lines are designed for.
#[derive(Clone, Debug, PartialEq)]
pub struct Reference {
    /// Lowest and highest centre, Hz.
    pub band_hz: (f64, f64),
    /// Power per carrier that spans are launched at, dBm.
    pub power_dbm: f64,
    /// Symbol rate, slot width, transmitter; the frequency is that of the lowest.
    pub carrier: Carrier,
    /// Kept in hand at receivers, dB.
    pub system_margin_db: f64,
    /// Whether the number of carriers is that of the band given here, whatever a line takes.
    pub(super) counts_own_band: bool,
}

impl Reference {
    /// All carriers of the band.
    ///
    /// # Errors
    /// When the library describes none that can be.
    pub fn plan(&self) -> Result<Plan, Vec<Fault>> {
        Plan::uniform(self.band_hz.0, self.band_hz.1, self.carrier)
    }
}

/// A way to send that a transceiver of the library has.
#[derive(Clone, Debug, PartialEq)]
pub struct TransceiverMode {
    /// Type of the transceiver.
    pub transceiver: String,
    /// Name of the mode.
    pub name: String,
    /// Bd.
    pub baud_rate: f64,
    /// Least OSNR in 0.1 nm that it needs, dB.
    pub osnr_min_db: f64,
    /// OSNR of the transmitter in 0.1 nm, dB.
    pub tx_osnr_db: f64,
    /// bit/s.
    pub bit_rate: f64,
    /// Least spectrum, Hz.
    pub slot_width_hz: f64,
    /// Deviation from what ROADMs equalise to, dB.
    pub offset_db: f64,
}

/// A library of equipment.
#[derive(Clone, Debug)]
pub struct Equipment {
    /// In the order of the library: among equals the design takes the first.
    pub(super) amplifiers: Vec<AmplifierType>,
    pub(super) fibres: BTreeMap<String, FibreType>,
    pub(super) roadms: BTreeMap<String, Roadm>,
    pub(super) rules: SpanRules,
    pub(super) reference: Reference,
    pub(super) modes: Vec<TransceiverMode>,
}

/// A type of fibre.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct FibreType {
    /// s/m².
    pub(super) dispersion: Option<f64>,
    /// m².
    pub(super) effective_area: Option<f64>,
    /// 1/(W m).
    pub(super) gamma: Option<f64>,
    /// s/√m.
    pub(super) pmd_coefficient: f64,
}

impl Equipment {
    /// The carriers that lines are designed for.
    #[must_use]
    pub fn reference(&self) -> &Reference {
        &self.reference
    }

    /// The modes of all transceivers, in the order of the library.
    #[must_use]
    pub fn modes(&self) -> &[TransceiverMode] {
        &self.modes
    }

    pub(super) fn amplifier(&self, name: &str) -> Option<&AmplifierType> {
        self.amplifiers.iter().find(|kind| kind.name == name)
    }
}
