//! A span of fibre: loss, dispersion and non-linearity at each frequency.

use std::f64::consts::PI;

use super::decibel::{Curve, LIGHT_M_PER_S, from_db};

/// Refractive index of the core, its radius in m, and the non-linear index in m²/W: of silica.
const CORE_INDEX: f64 = 1.468;
const CORE_RADIUS_M: f64 = 4.2e-6;
const NONLINEAR_INDEX: f64 = 2.6e-20;
/// Where fibres are described unless they say otherwise: 1,550 nm.
pub(super) const REFERENCE_HZ: f64 = LIGHT_M_PER_S / 1550e-9;
/// Nepers to decibels of power.
const DB_PER_NEPER: f64 = 10.0 * std::f64::consts::LOG10_E;

/// Chromatic dispersion of a fibre.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Dispersion {
    /// One value at the reference frequency, s/m², that grows with frequency as standard fibre.
    Value(f64),
    /// A value in s/m² and its slope over wavelength, s/m³.
    Slope { value: f64, slope: f64 },
    /// Values in s/m² by frequency.
    Table(Curve),
}

/// What the glass is, whatever the length. Spans of one glass share a kernel of interference.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Glass {
    /// Loss, dB/m.
    pub(super) loss_db_per_m: Curve,
    pub(super) dispersion: Dispersion,
    /// Effective area at the reference frequency, m².
    pub(super) effective_area: f64,
    /// Frequency of the reference, Hz.
    pub(super) reference_hz: f64,
}

impl Glass {
    /// Loss, 1/m of power.
    pub(super) fn alpha(&self, hz: f64) -> f64 {
        self.loss_db_per_m.at(hz) / DB_PER_NEPER
    }

    /// Group velocity dispersion, s²/m.
    pub(super) fn beta2(&self, hz: f64) -> f64 {
        let dispersion = match &self.dispersion {
            Dispersion::Value(value) => (hz / self.reference_hz).powi(2) * value,
            Dispersion::Slope { .. } | Dispersion::Table(_) => self.dispersion_at(hz),
        };
        -(LIGHT_M_PER_S / hz).powi(2) * dispersion / (2.0 * PI * LIGHT_M_PER_S)
    }

    /// Dispersion as it is accumulated and reported, s/m².
    fn dispersion_at(&self, hz: f64) -> f64 {
        match &self.dispersion {
            Dispersion::Value(value) => *value,
            Dispersion::Slope { value, slope } => {
                value + slope * (LIGHT_M_PER_S / hz - LIGHT_M_PER_S / self.reference_hz)
            }
            Dispersion::Table(table) => table.at(hz),
        }
    }

    /// Non-linear coefficient, 1/(W m), with the effective area of a Gaussian mode in a
    /// step-index core that has the given area at the reference frequency.
    pub(super) fn gamma(&self, hz: f64) -> f64 {
        let core = 2.0 * PI / LIGHT_M_PER_S * CORE_RADIUS_M * CORE_INDEX;
        let contrast = 0.5
            * ((PI * CORE_RADIUS_M.powi(2) / self.effective_area).exp()
                / (core * self.reference_hz))
                .powi(2);
        let normalised = core * hz * (2.0 * contrast).sqrt();
        let area = PI * CORE_RADIUS_M.powi(2) / normalised.ln();
        2.0 * PI * NONLINEAR_INDEX * hz / (LIGHT_M_PER_S * area)
    }
}

/// A span of fibre with its connectors.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Fibre {
    pub(super) glass: Glass,
    /// Length, m.
    pub(super) length_m: f64,
    /// Attenuation put before it, dB.
    pub(super) attenuation_in_db: f64,
    /// Loss of the connectors, dB; `None`: what the design sets for all.
    pub(super) connector_in_db: Option<f64>,
    pub(super) connector_out_db: Option<f64>,
    /// Polarisation mode dispersion, s/√m.
    pub(super) pmd_coefficient: f64,
    /// Splices with a loss worth a word: metres from the start, dB.
    pub(super) lumped_losses: Vec<(f64, f64)>,
}

impl Fibre {
    /// Loss at the reference frequency from end to end, dB.
    pub(super) fn loss_db(&self) -> f64 {
        self.glass.loss_db_per_m.at(self.glass.reference_hz) * self.length_m
            + self.before_db()
            + self.after_db()
    }

    /// Loss before the glass, dB.
    pub(super) fn before_db(&self) -> f64 {
        self.attenuation_in_db + self.connector_in_db.unwrap_or(0.0)
    }

    /// Loss after the glass that is the same at all frequencies, dB.
    pub(super) fn after_db(&self) -> f64 {
        let lumped: f64 = self.lumped_losses.iter().map(|loss| loss.1).sum();
        lumped + self.connector_out_db.unwrap_or(0.0)
    }

    /// What is left of a power from the start of the glass to the end of the span.
    pub(super) fn transmission(&self, hz: f64) -> f64 {
        (-self.glass.alpha(hz) * self.length_m).exp() / from_db(self.after_db())
    }

    /// Length over which the fibre is non-linear, m.
    pub(super) fn effective_length_m(&self, hz: f64) -> f64 {
        let alpha = self.glass.alpha(hz);
        -(-alpha * self.length_m).exp_m1() / alpha
    }

    /// Accumulated dispersion, s/m.
    pub(super) fn dispersion(&self, hz: f64) -> f64 {
        self.glass.dispersion_at(hz) * self.length_m
    }

    /// Differential group delay, s.
    pub(super) fn pmd(&self) -> f64 {
        self.pmd_coefficient * self.length_m.sqrt()
    }

    /// Time of flight, s.
    pub(super) fn latency(&self) -> f64 {
        self.length_m * CORE_INDEX / LIGHT_M_PER_S
    }
}
