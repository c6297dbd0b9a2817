//! Non-linear interference in closed form, for the actual carriers of a span.
//!
//! The incoherent Gaussian-noise model for rectangular spectra (P. Poggiolini, "The GN model of
//! non-linear propagation in uncompensated coherent optical systems", JLT 30, 2012, eq. 120 and
//! following): carrier `j` adds to carrier `i` a noise `P_i P_j² eta_ij`. All of `eta` but the
//! effective length depends on the glass and the two carriers alone, so spans of one glass share
//! it, and carriers that come or go change only their own terms.

use std::f64::consts::PI;

use super::carrier::Carrier;
use super::fibre::{Fibre, Glass};

const SELF_WEIGHT: f64 = 16.0 / 27.0;
const CROSS_WEIGHT: f64 = 2.0 * SELF_WEIGHT;

/// What a carrier meets in a glass.
#[derive(Clone, Copy, Debug)]
pub(super) struct Probe {
    frequency_hz: f64,
    baud_rate: f64,
    alpha: f64,
    beta2: f64,
    gamma: f64,
}

impl Probe {
    pub(super) fn new(carrier: &Carrier, glass: &Glass) -> Self {
        let hz = carrier.frequency_hz;
        Self {
            frequency_hz: hz,
            baud_rate: carrier.baud_rate,
            alpha: glass.alpha(hz),
            beta2: glass.beta2(hz),
            gamma: glass.gamma(hz),
        }
    }

    /// `eta` of a pump on this carrier without the square of the effective length, 1/(W² m²).
    pub(super) fn eta(&self, pump: &Self, is_self: bool) -> f64 {
        let weight = if is_self { SELF_WEIGHT } else { CROSS_WEIGHT };
        // Without dispersion the closed form has no value; its limit is approached from here.
        let beta2 = ((self.beta2 + pump.beta2) / 2.0).abs().max(1e-32);
        let distance = pump.frequency_hz - self.frequency_hz;
        let scale = PI.powi(2) / self.alpha * beta2 * self.baud_rate;
        let upper = (scale * (distance + pump.baud_rate / 2.0)).asinh();
        let lower = (scale * (distance - pump.baud_rate / 2.0)).asinh();
        let psi = (upper - lower) / 2.0 * self.alpha / (2.0 * PI * beta2);
        self.gamma.powi(2) * weight * psi / pump.baud_rate.powi(2)
    }
}

/// `eta` between all carriers of a plan in one glass, without effective lengths.
#[derive(Clone, Debug)]
pub(super) struct Kernel {
    count: usize,
    /// Row by row: what each pump does to one carrier.
    eta: Vec<f64>,
}

impl Kernel {
    pub(super) fn new(carriers: &[Carrier], glass: &Glass) -> Self {
        let probes: Vec<Probe> = carriers.iter().map(|c| Probe::new(c, glass)).collect();
        let row = |at: usize| {
            let probe = probes[at];
            probes.iter().enumerate().map(move |(by, pump)| probe.eta(pump, at == by))
        };
        let eta = (0..probes.len()).flat_map(row).collect();
        Self { count: probes.len(), eta }
    }

    /// Interference per power of each carrier and square of effective length, from the squares
    /// of powers.
    pub(super) fn interference(&self, squares: &[f64], out: &mut [f64]) {
        for (out, row) in out.iter_mut().zip(self.eta.chunks_exact(self.count)) {
            *out = dot(row, squares);
        }
    }
}

/// A sum in eight lanes: in one order always, and open to vector instructions.
fn dot(one: &[f64], other: &[f64]) -> f64 {
    let mut lanes = [0.0; 8];
    let (ones, others) = (one.chunks_exact(8), other.chunks_exact(8));
    let rest: f64 = ones.remainder().iter().zip(others.remainder()).map(|(a, b)| a * b).sum();
    for (one, other) in ones.zip(others) {
        for lane in 0..8 {
            lanes[lane] += one[lane] * other[lane];
        }
    }
    lanes.iter().sum::<f64>() + rest
}

/// The factor that a span puts to [`Kernel`] and [`Probe`] for a carrier.
pub(super) fn span_factor(fibre: &Fibre, hz: f64) -> f64 {
    fibre.effective_length_m(hz).powi(2)
}
