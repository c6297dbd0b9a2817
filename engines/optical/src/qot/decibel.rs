//! Decibels and the constants of nature that noise is made of.

/// Speed of light, m/s.
pub(super) const LIGHT_M_PER_S: f64 = 299_792_458.0;
/// Planck's constant, J s.
pub(super) const PLANCK_J_S: f64 = 6.626_070_15e-34;
/// Bandwidth that OSNR is told in: 0.1 nm, Hz.
pub(super) const REFERENCE_HZ: f64 = 12.5e9;

/// A ratio in dB.
pub(super) fn to_db(ratio: f64) -> f64 {
    10.0 * ratio.log10()
}

/// A ratio from dB.
pub(super) fn from_db(db: f64) -> f64 {
    10.0_f64.powf(db / 10.0)
}

/// A power in dBm from watts.
pub(super) fn to_dbm(watts: f64) -> f64 {
    to_db(watts) + 30.0
}

/// A power in watts from dBm.
pub(super) fn from_dbm(dbm: f64) -> f64 {
    from_db(dbm - 30.0)
}

/// A quantity known at some frequencies, straight between them and level beyond.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Curve {
    /// Frequency in Hz, rising, and value; never empty.
    points: Vec<(f64, f64)>,
}

impl Curve {
    /// The same at every frequency.
    pub(super) fn level(value: f64) -> Self {
        Self { points: vec![(0.0, value)] }
    }

    /// Through points, in any order. `None` without any, or with numbers that are not finite.
    pub(super) fn through(mut points: Vec<(f64, f64)>) -> Option<Self> {
        let is_sound = points.iter().all(|(hz, value)| hz.is_finite() && value.is_finite());
        points.sort_by(|one, other| one.0.total_cmp(&other.0));
        (is_sound && !points.is_empty()).then_some(Self { points })
    }

    /// Values at equal distances from `low` to `high` Hz.
    pub(super) fn spread(values: &[f64], low: f64, high: f64) -> Option<Self> {
        let step = (high - low) / (values.len().max(2) - 1) as f64;
        let frequencies = (0..).map(|at: u32| low + step * f64::from(at));
        Self::through(frequencies.zip(values.iter().copied()).collect())
    }

    /// The value at a frequency.
    pub(super) fn at(&self, hz: f64) -> f64 {
        let after = self.points.partition_point(|point| point.0 < hz);
        match (after.checked_sub(1).map(|before| self.points[before]), self.points.get(after)) {
            (Some(before), Some(after)) => {
                before.1 + (after.1 - before.1) * (hz - before.0) / (after.0 - before.0)
            }
            (Some(only), None) => only.1,
            (None, Some(only)) => only.1,
            (None, None) => 0.0,
        }
    }

    /// Whether it is the same at every frequency.
    pub(super) fn is_level(&self) -> bool {
        self.points.windows(2).all(|pair| pair[0].1 == pair[1].1)
    }

    /// Whether it is below a limit everywhere.
    pub(super) fn is_below(&self, limit: f64) -> bool {
        self.points.iter().all(|point| point.1 < limit)
    }
}
