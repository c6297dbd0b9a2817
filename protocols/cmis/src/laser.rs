//! The tunable laser: what it can do (04h), what it is told and where it stands (12h).
//!
//! A frequency is told as a channel of a grid. Most grids count whole spacings from 193.1 THz. Two
//! do not: the 75 GHz grid counts in steps of 25 GHz and uses every third, and the 150 GHz grid
//! counts in steps of 25 GHz from three steps above 193.1 THz and uses every sixth (CMIS 5.3,
//! table 8-66). So 193 475 GHz is channel 15 of the 75 GHz grid and channel 12 of the 150 GHz one.

use std::fmt;

use crate::map;
use crate::{Error, Image};

/// Frequency that grids count from, GHz.
pub const ANCHOR_GHZ: f64 = 193_100.0;

/// Step that the 75 GHz and 150 GHz grids count in, GHz.
const FINE_COUNT_GHZ: f64 = 25.0;

/// How far a frequency may be from its channel, GHz: half of what 12h:168 resolves.
pub const CHANNEL_TOLERANCE_GHZ: f64 = 0.0005;

/// A grid of frequencies, by its spacing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Grid {
    /// 3.125 GHz, code 0.
    G3_125,
    /// 6.25 GHz, code 1.
    G6_25,
    /// 12.5 GHz, code 2.
    G12_5,
    /// 25 GHz, code 3.
    G25,
    /// 50 GHz, code 4.
    G50,
    /// 100 GHz, code 5.
    G100,
    /// 33 GHz, code 6.
    G33,
    /// 75 GHz, code 7.
    G75,
    /// 150 GHz, code 8.
    G150,
}

impl Grid {
    /// Every grid, in the order of its codes; channel ranges stand in 04h in the same order.
    pub const ALL: [Self; 9] = [
        Self::G3_125,
        Self::G6_25,
        Self::G12_5,
        Self::G25,
        Self::G50,
        Self::G100,
        Self::G33,
        Self::G75,
        Self::G150,
    ];

    /// The code in 12h:128-135 bits 7-4.
    pub fn code(self) -> u8 {
        self as u8
    }

    /// The grid of a code.
    pub fn from_code(code: u8) -> Option<Self> {
        Self::ALL.get(usize::from(code)).copied()
    }

    /// The grid of a spacing in GHz.
    pub fn from_spacing_ghz(spacing_ghz: f64) -> Option<Self> {
        Self::ALL.into_iter().find(|grid| grid.spacing_ghz() == spacing_ghz)
    }

    /// Distance of neighbouring channels, GHz.
    pub fn spacing_ghz(self) -> f64 {
        match self {
            Self::G3_125 => 3.125,
            Self::G6_25 => 6.25,
            Self::G12_5 => 12.5,
            Self::G25 => 25.0,
            Self::G50 => 50.0,
            Self::G100 => 100.0,
            Self::G33 => 33.0,
            Self::G75 => 75.0,
            Self::G150 => 150.0,
        }
    }

    /// Frequency that one count of the channel number adds, frequency of count 0, and counts from
    /// one channel to the next.
    fn counting(self) -> (f64, f64, f64) {
        match self {
            Self::G75 => (FINE_COUNT_GHZ, ANCHOR_GHZ, 3.0),
            Self::G150 => (FINE_COUNT_GHZ, ANCHOR_GHZ + 3.0 * FINE_COUNT_GHZ, 6.0),
            _ => (self.spacing_ghz(), ANCHOR_GHZ, 1.0),
        }
    }

    /// The frequency of a channel number, GHz.
    pub fn frequency_ghz(self, channel: i16) -> f64 {
        let (count, base, _) = self.counting();
        base + f64::from(channel) * count
    }

    /// The channel number of a frequency.
    ///
    /// # Errors
    /// [`Error::OffGrid`] with the nearest channel when the frequency is not one of the grid;
    /// [`Error::Value`] when the number would not fit.
    pub fn channel(self, frequency_ghz: f64) -> Result<i16, Error> {
        let (count, base, step) = self.counting();
        let number = ((frequency_ghz - base) / (count * step)).round() * step;
        map::CHANNEL.encode(number)?;
        let nearest_ghz = base + number * count;
        if (frequency_ghz - nearest_ghz).abs() > CHANNEL_TOLERANCE_GHZ {
            let grid_ghz = self.spacing_ghz();
            return Err(Error::OffGrid { frequency_ghz, grid_ghz, nearest_ghz });
        }
        Ok(number as i16)
    }

    /// Where 04h says that the grid is supported: byte and bit.
    pub(crate) fn support_bit(self) -> (u8, u8) {
        match self {
            Self::G75 => (128, 7),
            Self::G33 => (128, 6),
            Self::G150 => (129, 6),
            below => (128, below.code()),
        }
    }

    /// Where 04h has the lowest channel; the highest follows it.
    pub(crate) fn range_offset(self) -> u8 {
        130 + 4 * self.code()
    }
}

impl fmt::Display for Grid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} GHz", self.spacing_ghz())
    }
}

/// A grid that a laser supports, with its channels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GridRange {
    /// Grid.
    pub grid: Grid,
    /// Lowest channel number.
    pub low: i16,
    /// Highest channel number.
    pub high: i16,
}

impl GridRange {
    /// Lowest and highest frequency, GHz.
    pub fn frequencies_ghz(self) -> (f64, f64) {
        (self.grid.frequency_ghz(self.low), self.grid.frequency_ghz(self.high))
    }
}

/// Shifts off a channel that a laser can be told.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FineTuning {
    /// 04h:190, GHz.
    pub step_ghz: f64,
    /// 04h:192, GHz.
    pub low_ghz: f64,
    /// 04h:194, GHz.
    pub high_ghz: f64,
}

/// A lowest and a highest target power.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PowerRange {
    /// 04h:198, dBm.
    pub min_dbm: f64,
    /// 04h:200, dBm.
    pub max_dbm: f64,
}

/// What a laser can do.
#[derive(Debug, Clone, PartialEq)]
pub struct LaserCapabilities {
    /// 04h:128-165: grids that are supported, in the order of their codes.
    pub grids: Vec<GridRange>,
    /// 04h:129 bit 7 and 190-195.
    pub fine_tuning: Option<FineTuning>,
    /// 04h:196 bit 7: each lane has a target of its own.
    pub power_per_lane: bool,
    /// 04h:198-201; `None` where both are 0: the power cannot be told.
    pub power: Option<PowerRange>,
}

impl LaserCapabilities {
    /// Decodes 04h; `None` when it was not read.
    pub fn decode(image: &Image) -> Option<Self> {
        if !image.has_page(0, 4) {
            return None;
        }
        let read = |field: map::Field| field.read(image, 0, 0);
        let fine = image.bit(0, 4, 129, 7);
        let (min_dbm, max_dbm) = (read(map::TARGET_POWER_MIN), read(map::TARGET_POWER_MAX));
        Some(Self {
            grids: Grid::ALL.into_iter().filter_map(|grid| grid_range(image, grid)).collect(),
            fine_tuning: fine.then(|| FineTuning {
                step_ghz: read(map::FINE_STEP),
                low_ghz: read(map::FINE_LOW),
                high_ghz: read(map::FINE_HIGH),
            }),
            power_per_lane: image.bit(0, 4, 196, 7),
            power: ((min_dbm, max_dbm) != (0.0, 0.0)).then_some(PowerRange { min_dbm, max_dbm }),
        })
    }

    /// The range of a grid.
    ///
    /// # Errors
    /// [`Error::NotOffered`] naming the grids there are.
    pub fn range(&self, grid: Grid) -> Result<GridRange, Error> {
        let offers = || {
            let names: Vec<String> =
                self.grids.iter().map(|range| range.grid.to_string()).collect();
            if names.is_empty() { "no grid".to_owned() } else { names.join(", ") }
        };
        let found = self.grids.iter().find(|range| range.grid == grid).copied();
        let refused = || Error::NotOffered { what: format!("the {grid} grid"), offers: offers() };
        found.ok_or_else(refused)
    }

    /// The channel number for a frequency, when the laser has it.
    ///
    /// # Errors
    /// When the grid is not supported, the frequency is off the grid or out of range.
    pub fn channel(&self, grid: Grid, frequency_ghz: f64) -> Result<i16, Error> {
        let range = self.range(grid)?;
        let channel = grid.channel(frequency_ghz)?;
        if (range.low..=range.high).contains(&channel) {
            return Ok(channel);
        }
        let (min, max) = range.frequencies_ghz();
        let value = frequency_ghz;
        Err(Error::OutOfRange { what: "the frequency", value, min, max, unit: "GHz" })
    }

    /// The widest grid that is supported and has a frequency as one of its channels, for callers
    /// to whom the grid does not matter.
    ///
    /// # Errors
    /// The refusal of the widest supported grid when none has it.
    pub fn grid_for(&self, frequency_ghz: f64) -> Result<(Grid, i16), Error> {
        let mut grids: Vec<Grid> = self.grids.iter().map(|range| range.grid).collect();
        grids.sort_by(|a, b| b.spacing_ghz().total_cmp(&a.spacing_ghz()));
        let mut refusal = None;
        for grid in grids {
            match self.channel(grid, frequency_ghz) {
                Ok(channel) => return Ok((grid, channel)),
                Err(error) => refusal = refusal.or(Some(error)),
            }
        }
        let none = || Error::NotOffered { what: "tuning".to_owned(), offers: "no grid".to_owned() };
        Err(refusal.unwrap_or_else(none))
    }

    /// Whether a target power may be told.
    ///
    /// # Errors
    /// When the power cannot be told, is no number or is out of range.
    pub fn check_power(&self, power_dbm: f64) -> Result<(), Error> {
        let Some(PowerRange { min_dbm: min, max_dbm: max }) = self.power else {
            let what = "a target output power".to_owned();
            return Err(Error::NotOffered { what, offers: "a fixed one".to_owned() });
        };
        if (min..=max).contains(&power_dbm) {
            return Ok(());
        }
        Err(Error::OutOfRange { what: "the output power", value: power_dbm, min, max, unit: "dBm" })
    }
}

fn grid_range(image: &Image, grid: Grid) -> Option<GridRange> {
    let (byte, bit) = grid.support_bit();
    let at = grid.range_offset();
    let (low, high) = (image.s16(0, 4, at), image.s16(0, 4, at + 2));
    image.bit(0, 4, byte, bit).then_some(GridRange { grid, low, high })
}

/// What the laser of a media lane is told and where it stands (12h).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Laser {
    /// 12h:128-135 bits 7-4; `None` for codes that are reserved.
    pub grid: Option<Grid>,
    /// 12h:128-135 bit 0.
    pub fine_tuning: bool,
    /// 12h:136-151.
    pub channel: i16,
    /// 12h:152-167, GHz.
    pub fine_offset_ghz: f64,
    /// Frequency it is told by grid and channel, and the offset where that is on; GHz.
    pub target_ghz: Option<f64>,
    /// 12h:168-199: frequency it has, GHz.
    pub frequency_ghz: f64,
    /// 12h:200-215: power it is told, dBm.
    pub target_power_dbm: f64,
    /// 12h:222-229 bit 1.
    pub is_tuning: bool,
    /// 12h:222-229 bit 0.
    pub is_unlocked: bool,
    /// 12h:231-238, latched.
    pub flags: LaserFlags,
}

impl Laser {
    /// The laser of a media lane (from 0); `None` when 12h was not read.
    pub fn decode(image: &Image, bank: u8, lane: u8) -> Option<Self> {
        if !image.has_page(bank, 0x12) || lane >= crate::application::LANES {
            return None;
        }
        let byte = |offset| image.u8(bank, 0x12, offset + lane);
        let read = |field: map::Field| field.read(image, bank, lane);
        let grid = Grid::from_code(byte(128) >> 4);
        let fine_tuning = byte(128) & 1 == 1;
        let channel = read(map::CHANNEL) as i16;
        let fine_offset_ghz = read(map::FINE_OFFSET);
        let shift = if fine_tuning { fine_offset_ghz } else { 0.0 };
        Some(Self {
            grid,
            fine_tuning,
            channel,
            fine_offset_ghz,
            target_ghz: grid.map(|grid| grid.frequency_ghz(channel) + shift),
            frequency_ghz: read(map::FREQUENCY),
            target_power_dbm: read(map::TARGET_POWER),
            is_tuning: byte(222) & 2 != 0,
            is_unlocked: byte(222) & 1 != 0,
            flags: LaserFlags(byte(231)),
        })
    }
}

/// Latched flags of a laser (12h:231-238).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LaserFlags(pub u8);

impl LaserFlags {
    /// Bit 0: tuning came to its end.
    pub const TUNING_COMPLETE: u8 = 1;
    /// Bit 1: the laser lost or had no lock.
    pub const UNLOCKED: u8 = 1 << 1;
    /// Bit 2: the channel is not in the range of the grid.
    pub const INVALID_CHANNEL: u8 = 1 << 2;
    /// Bit 3: the module did not take the target.
    pub const NOT_ACCEPTED: u8 = 1 << 3;
    /// Bit 4: the fine tuning offset is out of range.
    pub const FINE_OUT_OF_RANGE: u8 = 1 << 4;
    /// Bit 5: the target power is out of range.
    pub const POWER_OUT_OF_RANGE: u8 = 1 << 5;

    /// Flags that say that a target was refused.
    pub const REFUSED: u8 = Self::INVALID_CHANNEL
        | Self::NOT_ACCEPTED
        | Self::FINE_OUT_OF_RANGE
        | Self::POWER_OUT_OF_RANGE;

    /// The flags raised, in the specification's words, highest bit first.
    pub fn names(self) -> Vec<&'static str> {
        const NAMES: [(u8, &str); 6] = [
            (LaserFlags::POWER_OUT_OF_RANGE, "TargetOutputPowerOOR"),
            (LaserFlags::FINE_OUT_OF_RANGE, "FineTuningOutOfRange"),
            (LaserFlags::NOT_ACCEPTED, "TuningNotAccepted"),
            (LaserFlags::INVALID_CHANNEL, "InvalidChannel"),
            (LaserFlags::UNLOCKED, "WavelengthUnlocked"),
            (LaserFlags::TUNING_COMPLETE, "TuningComplete"),
        ];
        NAMES.iter().filter(|(bit, _)| self.0 & bit != 0).map(|(_, name)| *name).collect()
    }
}
