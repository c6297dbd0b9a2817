//! Quantities as whole numbers, so that sums are exact and comparisons never depend on order.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, Sub};

/// A length of fibre in whole metres.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Length {
    metres: u64,
}

impl Length {
    /// No fibre at all: the length of a path without links.
    pub const ZERO: Self = Self { metres: 0 };
    /// The longest link that is taken: twice around the Earth.
    pub const MAX_KM: f64 = 80_000.0;

    /// A length in metres.
    #[must_use]
    pub const fn from_metres(metres: u64) -> Self {
        Self { metres }
    }

    /// A length in kilometres, rounded to a metre. `None` unless it is a finite number above zero
    /// and at most [`Self::MAX_KM`]; what would round to nothing counts as one metre.
    #[must_use]
    pub fn from_km(km: f64) -> Option<Self> {
        let is_length = km.is_finite() && km > 0.0 && km <= Self::MAX_KM;
        is_length.then(|| Self { metres: ((km * 1e3).round() as u64).max(1) })
    }

    /// The length in metres.
    #[must_use]
    pub const fn metres(self) -> u64 {
        self.metres
    }

    /// The length in kilometres.
    #[must_use]
    pub fn km(self) -> f64 {
        self.metres as f64 / 1e3
    }
}

impl Add for Length {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self { metres: self.metres.saturating_add(other.metres) }
    }
}

impl Sum for Length {
    fn sum<I: Iterator<Item = Self>>(lengths: I) -> Self {
        lengths.fold(Self::ZERO, Add::add)
    }
}

impl fmt::Display for Length {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} km", self.km())
    }
}

/// A client rate in whole Mb/s.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rate {
    mbps: u64,
}

impl Rate {
    /// The highest rate that is taken: 100 Tb/s, more than a C band carries.
    pub const MAX_GBPS: f64 = 100_000.0;

    /// A rate in Mb/s.
    #[must_use]
    pub const fn from_mbps(mbps: u64) -> Self {
        Self { mbps }
    }

    /// A rate in Gb/s, rounded up to a whole Mb/s. `None` unless it is a finite number above zero
    /// and at most [`Self::MAX_GBPS`].
    #[must_use]
    pub fn from_gbps(gbps: f64) -> Option<Self> {
        let is_rate = gbps.is_finite() && gbps > 0.0 && gbps <= Self::MAX_GBPS;
        // A hair below the product: 0.1 Gb/s has no exact form and must not become 101 Mb/s.
        is_rate.then(|| Self { mbps: ((gbps * 1e3 - 1e-6).ceil() as u64).max(1) })
    }

    /// The rate in Mb/s.
    #[must_use]
    pub const fn mbps(self) -> u64 {
        self.mbps
    }

    /// The rate in Gb/s.
    #[must_use]
    pub fn gbps(self) -> f64 {
        self.mbps as f64 / 1e3
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} Gb/s", self.gbps())
    }
}

/// Spectral efficiency in hundredths of a bit per second and hertz.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Efficiency {
    hundredths: u32,
}

impl Efficiency {
    /// One bit per second and hertz.
    pub const ONE: Self = Self { hundredths: 100 };

    /// Whole bits per second and hertz. `None` for 0 and above 100.
    #[must_use]
    pub fn from_bits(bits: u32) -> Option<Self> {
        Self::from_hundredths(bits.checked_mul(100)?)
    }

    /// Hundredths of a bit per second and hertz. `None` for 0 and above 10,000.
    #[must_use]
    pub fn from_hundredths(hundredths: u32) -> Option<Self> {
        (1..=10_000).contains(&hundredths).then_some(Self { hundredths })
    }

    /// Hundredths of a bit per second and hertz.
    #[must_use]
    pub const fn hundredths(self) -> u32 {
        self.hundredths
    }

    /// Slots of `slot_mhz` that `rate` needs, at least one:
    /// `max(1, ceil(rate / (efficiency * slot)))`. `None` beyond what a 16-bit count holds.
    #[must_use]
    pub fn slots(self, rate: Rate, slot_mhz: u32) -> Option<u16> {
        let per_slot = u64::from(self.hundredths) * u64::from(slot_mhz);
        let needed = rate.mbps().checked_mul(100)?.div_ceil(per_slot.max(1)).max(1);
        u16::try_from(needed).ok()
    }
}

/// A ratio or margin in hundredths of a decibel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Decibels {
    hundredths: i32,
}

impl Decibels {
    /// The nearest hundredth. `None` for what is not finite or beyond ±1,000 dB.
    #[must_use]
    pub fn from_db(db: f64) -> Option<Self> {
        let is_ratio = db.is_finite() && db.abs() <= 1e3;
        is_ratio.then(|| Self { hundredths: (db * 100.0).round() as i32 })
    }

    /// Hundredths of a decibel.
    #[must_use]
    pub const fn from_hundredths(hundredths: i32) -> Self {
        Self { hundredths }
    }

    /// The value in dB.
    #[must_use]
    pub fn db(self) -> f64 {
        f64::from(self.hundredths) / 100.0
    }
}

impl Sub for Decibels {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self { hundredths: self.hundredths.saturating_sub(other.hundredths) }
    }
}

impl fmt::Display for Decibels {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} dB", self.db())
    }
}
