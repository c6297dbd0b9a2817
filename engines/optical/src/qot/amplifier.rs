//! Amplifiers: noise figure, gain over frequency, and what the type allows.

use super::decibel::{Curve, PLANCK_J_S, from_db, to_db, to_dbm};

/// Ripple below which a gain counts as flat, dB.
const FLAT_DB: f64 = 0.05;

/// Noise figure of one stage.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Noise {
    /// Two coils: their noise figures and the power lost between them, dB.
    Coils { first_db: f64, second_db: f64, between_db: f64 },
    /// The same at every gain, dB.
    Fixed { nf_db: f64 },
    /// A polynomial of the gain below the flat maximum, highest power first.
    Polynomial { coefficients: Vec<f64> },
    /// OpenROADM in-line: OSNR as a polynomial of the power per 50 GHz, highest power first.
    OpenRoadm { coefficients: Vec<f64> },
    /// The pre-amplifier of the OpenROADM MSA.
    OpenRoadmPreamp,
    /// The booster of the OpenROADM MSA: its noise is told with the ROADM.
    OpenRoadmBooster,
}

/// A stage of amplification.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Stage {
    pub(super) noise: Noise,
    pub(super) gain_min_db: f64,
    pub(super) gain_max_db: f64,
}

impl Stage {
    /// Noise figure in dB at a gain, with the attenuation that a gain below the least needs.
    /// `density_dbm` is the mean power per 50 GHz at the input.
    fn noise_figure(&self, gain_db: f64, density_dbm: f64) -> f64 {
        let padding = (self.gain_min_db - gain_db).max(0.0);
        let gain_db = gain_db + padding;
        let below = (self.gain_max_db - gain_db).max(0.0);
        let figure = match &self.noise {
            Noise::Coils { first_db, second_db, between_db } => {
                let first_gain = gain_db - between_db - below;
                to_db(from_db(*first_db) + from_db(*second_db) / from_db(first_gain))
            }
            Noise::Fixed { nf_db } => *nf_db,
            Noise::Polynomial { coefficients } => polynomial(coefficients, -below),
            Noise::OpenRoadm { coefficients } => {
                density_dbm - polynomial(coefficients, density_dbm) + 58.0
            }
            Noise::OpenRoadmPreamp => {
                density_dbm - ((4.0 * density_dbm + 275.0) / 7.0).min(33.0) + 58.0
            }
            Noise::OpenRoadmBooster => f64::NEG_INFINITY,
        };
        figure + padding
    }
}

fn polynomial(coefficients: &[f64], at: f64) -> f64 {
    coefficients.iter().fold(0.0, |sum, coefficient| sum * at + coefficient)
}

/// A type of amplifier from the library.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct AmplifierType {
    pub(super) name: String,
    /// One stage, or pre-amplifier and booster in one housing.
    pub(super) stages: Vec<Stage>,
    pub(super) gain_min_db: f64,
    pub(super) gain_max_db: f64,
    pub(super) power_max_dbm: f64,
    /// Band, Hz.
    pub(super) band: (f64, f64),
    /// Deviation of gain and noise figure over the band, dB, and how tilt spreads over it.
    pub(super) gain_ripple: Curve,
    pub(super) noise_ripple: Curve,
    pub(super) tilt_shape: Curve,
    pub(super) has_automatic_voa: bool,
    pub(super) is_for_design: bool,
    pub(super) is_raman: bool,
    /// s.
    pub(super) pmd: f64,
    /// dB.
    pub(super) pdl: f64,
}

impl AmplifierType {
    /// Noise figure at a gain, without ripple, dB.
    pub(super) fn noise_figure(&self, gain_db: f64, density_dbm: f64) -> f64 {
        match &self.stages[..] {
            [first, second] => {
                let first_gain = first.gain_max_db;
                let one = first.noise_figure(first_gain, density_dbm);
                let two = second.noise_figure(gain_db - first_gain, density_dbm);
                to_db(from_db(one) + from_db(two - first_gain))
            }
            [only] => only.noise_figure(gain_db, density_dbm),
            _ => f64::INFINITY,
        }
    }

    /// Whether the power per carrier matters to its noise, so that all must be of one width.
    pub(super) fn needs_equal_slots(&self) -> bool {
        let is_msa = |stage: &Stage| {
            matches!(
                stage.noise,
                Noise::OpenRoadm { .. } | Noise::OpenRoadmPreamp | Noise::OpenRoadmBooster
            )
        };
        self.stages.iter().any(is_msa)
    }
}

/// Power of spontaneous emission at the input in the bandwidth of a carrier, W.
pub(super) fn spontaneous_emission(baud_rate: f64, hz: f64, noise_figure: f64) -> f64 {
    PLANCK_J_S * baud_rate * hz * noise_figure
}

/// Gain of each carrier, dB: `gain` on average over the light, with tilt and ripple as the type
/// has them. `tilt_db` is the gain at the upper end of the band less that at the lower, negated.
pub(super) fn gains(
    kind: &AmplifierType,
    gain_db: f64,
    tilt_db: f64,
    light: &[(f64, f64)],
) -> Vec<f64> {
    if light.len() == 1 {
        return vec![gain_db];
    }
    let shape: Vec<f64> = light.iter().map(|(hz, _)| kind.tilt_shape.at(*hz)).collect();
    let wanted = -tilt_db / (kind.band.1 - kind.band.0);
    let slope = slope(light, &shape);
    let turn = if slope == 0.0 { 0.0 } else { wanted / slope };
    let ripple = light.iter().map(|(hz, _)| kind.gain_ripple.at(*hz));
    let raw: Vec<f64> = ripple.zip(&shape).map(|(ripple, s)| ripple + s * turn).collect();
    let (low, high) = raw.iter().fold((f64::MAX, f64::MIN), |(l, h), g| (l.min(*g), h.max(*g)));
    let mean = raw.iter().map(|gain| from_db(*gain)).sum::<f64>() / raw.len() as f64;
    let level = gain_db - to_db(mean);
    let spread = high - low;
    let turned = |by: f64| raw.iter().zip(&shape).map(move |(g, s)| g + level + s * by);
    if spread <= FLAT_DB {
        return turned(0.0).collect();
    }
    let power_in = to_dbm(light.iter().map(|(_, watts)| watts).sum());
    let average = |by: f64| {
        let out = turned(by).zip(light).map(|(gain, (_, watts))| watts * from_db(gain));
        to_dbm(out.sum()) - power_in
    };
    // One step of a secant on either side of the first guess, as the light is seldom far off.
    let guess = gain_db - average(0.0);
    let reached = average(guess);
    let (side, at_side) = if gain_db < reached {
        (guess - spread, average(guess - spread))
    } else {
        (guess + spread, average(guess + spread))
    };
    let secant = (reached - at_side) / (guess - side);
    turned(guess + (gain_db - reached) / secant).collect()
}

/// Slope of the straight line that fits a shape over frequency best, 1/Hz.
fn slope(light: &[(f64, f64)], shape: &[f64]) -> f64 {
    let count = light.len() as f64;
    let middle = light.iter().map(|(hz, _)| hz).sum::<f64>() / count;
    let mean = shape.iter().sum::<f64>() / count;
    let (mut over, mut under) = (0.0, 0.0);
    for ((hz, _), value) in light.iter().zip(shape) {
        over += (hz - middle) * (value - mean);
        under += (hz - middle).powi(2);
    }
    over / under
}
