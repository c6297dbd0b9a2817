//! The flexible grid of ITU-T G.694.1 (clause 7) and the channel grids that modules advertise.
//!
//! A frequency slot has a nominal central frequency `193.1 THz + n x 6.25 GHz` and a width of
//! `m x 12.5 GHz`. This crate counts spectrum in slots of 12.5 GHz from the lower edge of a
//! [`Band`]; a [`Block`] is a run of them, and a band turns blocks into `n` and `m` and back.
//!
//! A module tunes to the channels of its own grid only (OIF CMIS 5.x, page 04h bytes 128 and
//! 158..161; laser grid and channel number on page 12h). First fit from slot 0 would choose
//! centres that no 400ZR module can tune to; so a [`ModuleGrid`] tells where blocks may start.

use std::fmt;

use crate::spectrum::{SLOTS_MAX, Slots};

/// Width of a spectrum slot in MHz: 12.5 GHz.
pub const SLOT_MHZ: u32 = 12_500;
/// Step of the nominal central frequency in MHz: 6.25 GHz.
const CENTRE_STEP_MHZ: u32 = 6_250;

/// A frequency in whole MHz.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Frequency {
    mhz: u32,
}

impl Frequency {
    /// 193.1 THz, from which G.694.1 counts.
    pub const ANCHOR: Self = Self { mhz: 193_100_000 };

    /// A frequency in MHz.
    #[must_use]
    pub const fn from_mhz(mhz: u32) -> Self {
        Self { mhz }
    }

    /// A frequency in GHz, where it is a whole number of MHz between 1 GHz and 4,000 THz.
    #[must_use]
    pub fn from_ghz(ghz: f64) -> Option<Self> {
        let mhz = (ghz * 1e3).round();
        let is_frequency = ghz.is_finite() && (1e3..=4e9).contains(&mhz);
        (is_frequency && (mhz - ghz * 1e3).abs() < 1e-3).then_some(Self { mhz: mhz as u32 })
    }

    /// The frequency in MHz.
    #[must_use]
    pub const fn mhz(self) -> u32 {
        self.mhz
    }

    /// The frequency in GHz.
    #[must_use]
    pub fn ghz(self) -> f64 {
        f64::from(self.mhz) / 1e3
    }

    /// The frequency in THz.
    #[must_use]
    pub fn thz(self) -> f64 {
        f64::from(self.mhz) / 1e6
    }

    /// MHz above the anchor; negative below it.
    const fn above_anchor(self) -> i64 {
        self.mhz as i64 - Self::ANCHOR.mhz as i64
    }

    fn at_offset(mhz: i64) -> Option<Self> {
        u32::try_from(i64::from(Self::ANCHOR.mhz) + mhz).ok().map(|mhz| Self { mhz })
    }
}

impl fmt::Display for Frequency {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} THz", self.thz())
    }
}

/// The `n` of G.694.1: central frequency `193.1 THz + n x 6.25 GHz`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CentreNumber(pub i32);

/// The `m` of G.694.1: slot width `m x 12.5 GHz`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WidthNumber(pub u16);

/// A frequency slot of the flexible grid (G.694.1 clause 7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FrequencySlot {
    /// Nominal central frequency.
    pub n: CentreNumber,
    /// Width.
    pub m: WidthNumber,
}

impl FrequencySlot {
    /// The nominal central frequency. `None` outside what 32 bits of MHz hold.
    #[must_use]
    pub fn centre(self) -> Option<Frequency> {
        Frequency::at_offset(i64::from(self.n.0) * i64::from(CENTRE_STEP_MHZ))
    }

    /// The lower edge.
    #[must_use]
    pub fn lower(self) -> Option<Frequency> {
        Frequency::at_offset(self.edge(-1))
    }

    /// The upper edge.
    #[must_use]
    pub fn upper(self) -> Option<Frequency> {
        Frequency::at_offset(self.edge(1))
    }

    fn edge(self, side: i64) -> i64 {
        (i64::from(self.n.0) + side * i64::from(self.m.0)) * i64::from(CENTRE_STEP_MHZ)
    }
}

/// A run of neighbouring slots of 12.5 GHz: `start .. start + width`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Block {
    /// First slot, counted from the lower edge of the band.
    pub start: u16,
    /// Number of slots, at least 1 in a block that is held.
    pub width: u16,
}

impl Block {
    /// `width` slots from `start`.
    #[must_use]
    pub const fn new(start: u16, width: u16) -> Self {
        Self { start, width }
    }

    /// The first slot after it.
    #[must_use]
    pub const fn end(self) -> u16 {
        self.start.saturating_add(self.width)
    }

    /// Whether the two share a slot.
    #[must_use]
    pub const fn overlaps(self, other: Self) -> bool {
        self.start < other.end() && other.start < self.end()
    }
}

impl fmt::Display for Block {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "[{}..{}]", self.start, self.end().saturating_sub(1))
    }
}

/// Why a band cannot be built.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BandError {
    /// Its lower edge lies between the central frequencies of the grid.
    #[error("lower edge {low} is no multiple of 6.25 GHz from 193.1 THz")]
    OffGrid {
        /// The edge given.
        low: Frequency,
    },
    /// It has no slot, or more than a link can hold.
    #[error("{slots} slots of 12.5 GHz; a band has 1 to {SLOTS_MAX}")]
    Size {
        /// Slots asked for.
        slots: u16,
    },
}

/// The spectrum of a fibre pair: slots of 12.5 GHz from a lower edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Band {
    low: Frequency,
    slots: u16,
}

impl Band {
    /// A band of `slots` slots above `low`.
    ///
    /// # Errors
    /// When `low` is off the 6.25 GHz grid, or the number of slots is 0 or above [`SLOTS_MAX`].
    pub fn new(low: Frequency, slots: u16) -> Result<Self, BandError> {
        if low.above_anchor() % i64::from(CENTRE_STEP_MHZ) != 0 {
            return Err(BandError::OffGrid { low });
        }
        if slots == 0 || slots > SLOTS_MAX {
            return Err(BandError::Size { slots });
        }
        Ok(Self { low, slots })
    }

    /// The C band from 191.3 THz with `slots` slots; 384 reach 196.1 THz.
    pub(crate) const fn c_band(slots: u16) -> Self {
        Self { low: Frequency::from_mhz(191_300_000), slots }
    }

    /// Lower edge.
    #[must_use]
    pub const fn low(self) -> Frequency {
        self.low
    }

    /// Number of slots.
    #[must_use]
    pub const fn slots(self) -> u16 {
        self.slots
    }

    /// All its slots as a set.
    #[must_use]
    pub fn all(self) -> Slots {
        Slots::below(self.slots)
    }

    /// Whether a block is not empty and lies inside.
    #[must_use]
    pub fn holds(self, block: Block) -> bool {
        let end = u32::from(block.start) + u32::from(block.width);
        block.width > 0 && end <= u32::from(self.slots)
    }

    /// The frequency slot of a block: `n = (low - anchor) / 6.25 GHz + 2 start + width`.
    #[must_use]
    pub fn frequency_slot(self, block: Block) -> FrequencySlot {
        let steps = self.low.above_anchor() / i64::from(CENTRE_STEP_MHZ);
        let n = steps as i32 + 2 * i32::from(block.start) + i32::from(block.width);
        FrequencySlot { n: CentreNumber(n), m: WidthNumber(block.width) }
    }

    /// The block of a frequency slot. `None` where it does not lie on whole slots of this band.
    #[must_use]
    pub fn block(self, slot: FrequencySlot) -> Option<Block> {
        let above = i64::from(slot.lower()?.mhz) - i64::from(self.low.mhz);
        let is_whole = above >= 0 && above % i64::from(SLOT_MHZ) == 0;
        let start = u16::try_from(above / i64::from(SLOT_MHZ)).ok()?;
        let block = Block::new(start, slot.m.0);
        (is_whole && self.holds(block)).then_some(block)
    }

    /// The central frequency of a block of this band.
    #[must_use]
    pub fn centre(self, block: Block) -> Frequency {
        let offset = u32::from(block.start) * SLOT_MHZ + u32::from(block.width) * CENTRE_STEP_MHZ;
        Frequency { mhz: self.low.mhz.saturating_add(offset) }
    }
}

/// Channel spacings of CMIS (5.x, table of page 12h byte 128).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Spacing {
    /// 3.125 GHz.
    Ghz3p125,
    /// 6.25 GHz, the flexible grid itself.
    Ghz6p25,
    /// 12.5 GHz.
    Ghz12p5,
    /// 25 GHz.
    Ghz25,
    /// 50 GHz.
    Ghz50,
    /// 75 GHz: `193.1 THz + channel x 25 GHz`, channel a multiple of 3.
    Ghz75,
    /// 100 GHz.
    Ghz100,
    /// 150 GHz: `193.1 THz + (channel + 3) x 25 GHz`, channel a multiple of 6.
    Ghz150,
}

/// How channel numbers become frequencies: `anchor + (channel + shift) x unit`.
struct Numbering {
    unit_mhz: i64,
    /// Channels are multiples of this.
    multiple: i64,
    shift: i64,
}

impl Spacing {
    const fn numbering(self) -> Numbering {
        let (unit_mhz, multiple, shift) = match self {
            Self::Ghz3p125 => (3_125, 1, 0),
            Self::Ghz6p25 => (6_250, 1, 0),
            Self::Ghz12p5 => (12_500, 1, 0),
            Self::Ghz25 => (25_000, 1, 0),
            Self::Ghz50 => (50_000, 1, 0),
            Self::Ghz75 => (25_000, 3, 0),
            Self::Ghz100 => (100_000, 1, 0),
            Self::Ghz150 => (25_000, 6, 3),
        };
        Numbering { unit_mhz, multiple, shift }
    }

    /// Slots of 12.5 GHz after which permitted starts repeat.
    const fn period(self) -> u16 {
        match self {
            Self::Ghz3p125 | Self::Ghz6p25 | Self::Ghz12p5 => 1,
            Self::Ghz25 => 2,
            Self::Ghz50 => 4,
            Self::Ghz75 => 6,
            Self::Ghz100 => 8,
            Self::Ghz150 => 12,
        }
    }
}

/// The frequencies a module can be tuned to, as it advertises them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ModuleGrid {
    /// Spacing of its channels.
    pub spacing: Spacing,
    /// Lowest channel number (CMIS page 04h, `s16`).
    pub first: i16,
    /// Highest channel number.
    pub last: i16,
}

impl ModuleGrid {
    /// A spacing without limits of its own.
    #[must_use]
    pub const fn all(spacing: Spacing) -> Self {
        Self { spacing, first: i16::MIN, last: i16::MAX }
    }

    /// The frequency of a channel. `None` where the module has no such channel.
    #[must_use]
    pub fn frequency(self, channel: i16) -> Option<Frequency> {
        let Numbering { unit_mhz, multiple, shift } = self.spacing.numbering();
        let number = i64::from(channel);
        let is_channel = number % multiple == 0 && (self.first..=self.last).contains(&channel);
        is_channel.then(|| Frequency::at_offset((number + shift) * unit_mhz)).flatten()
    }

    /// The channel at exactly this frequency; a near one is no match.
    #[must_use]
    pub fn channel(self, frequency: Frequency) -> Option<i16> {
        let Numbering { unit_mhz, multiple, shift } = self.spacing.numbering();
        let above = frequency.above_anchor();
        let number = above / unit_mhz - shift;
        let is_channel = above % unit_mhz == 0 && number % multiple == 0;
        let channel = i16::try_from(number).ok().filter(|_| is_channel)?;
        (self.first..=self.last).contains(&channel).then_some(channel)
    }

    /// The slots of a band at which a block of `width` slots may start, so that its centre is a
    /// channel of the module and the block lies inside the band.
    #[must_use]
    pub fn starts(self, band: Band, width: u16) -> Slots {
        let mut starts = Slots::EMPTY;
        let Some(last) = band.slots().checked_sub(width).filter(|_| width > 0) else {
            return starts;
        };
        let on_grid = Self::all(self.spacing);
        let is_aligned = |start| on_grid.channel(band.centre(Block::new(start, width))).is_some();
        let Some(first) = (0..self.spacing.period()).find(|start| is_aligned(*start)) else {
            return starts;
        };
        for start in (first..=last).step_by(usize::from(self.spacing.period())) {
            if self.channel(band.centre(Block::new(start, width))).is_some() {
                starts.insert(Block::new(start, 1));
            }
        }
        starts
    }
}

#[cfg(test)]
mod tests;
