//! What all links of a network have in common: band, grid, guard slots and modes.

use crate::grid::{Band, ModuleGrid, Spacing};
use crate::mode::{Mode, ModeTable, SlotDemand};
use crate::quantity::{Decibels, Efficiency, Rate};

/// Most guard slots beside a signal.
pub const GUARD_SLOTS_MAX: u16 = 64;

/// Band, grid, guard slots and modes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// Name for people and records.
    pub name: String,
    /// Spectrum of every fibre pair.
    pub band: Band,
    /// Channels that all modules keep to; `None`: any centre of the flexible grid. What a module
    /// advertises itself ([`crate::topology::Transceiver`]) narrows it further.
    pub grid: Option<ModuleGrid>,
    /// Free slots held above each signal, with it and in its name. The centre frequency is that
    /// of the signal. At most [`GUARD_SLOTS_MAX`] are used.
    pub guard_slots: u16,
    /// Modes.
    pub modes: ModeTable,
}

impl Profile {
    /// 320 slots from 191.3 THz without alignment; slots by formula with 4, 3 or 2 bits per
    /// second and hertz for DP-16QAM, DP-8QAM and DP-QPSK up to 400 Gb/s.
    #[must_use]
    pub fn legacy320() -> Self {
        let formats = [("DP-16QAM", 400), ("DP-8QAM", 300), ("DP-QPSK", 200)];
        let modes = formats.into_iter().filter_map(|(name, hundredths)| {
            let efficiency = Efficiency::from_hundredths(hundredths)?;
            Some(Mode {
                name: name.into(),
                modulation: name.into(),
                rate_max: GBPS_400,
                demand: SlotDemand::PerRate { efficiency },
                reach: None,
                osnr_min: None,
            })
        });
        Self {
            name: "legacy320".into(),
            band: Band::c_band(320),
            grid: None,
            guard_slots: 0,
            modes: ModeTable::of(modes.collect()),
        }
    }

    /// 384 slots (191.3 to 196.1 THz), 400ZR in 6 slots on the 75 GHz grid.
    #[must_use]
    pub fn zr75() -> Self {
        Self::zr("zr75", Spacing::Ghz75, 6)
    }

    /// 384 slots, 400ZR in 8 slots on the 100 GHz grid.
    #[must_use]
    pub fn zr100() -> Self {
        Self::zr("zr100", Spacing::Ghz100, 8)
    }

    /// 400ZR (OIF-400ZR-02.0): DP-16QAM, 26 dB OSNR, amplified point to point.
    fn zr(name: &str, spacing: Spacing, slots: u16) -> Self {
        let mode = Mode {
            name: "400ZR".into(),
            modulation: "DP-16QAM".into(),
            rate_max: GBPS_400,
            demand: SlotDemand::Fixed { slots },
            reach: None,
            osnr_min: Some(Decibels::from_hundredths(2600)),
        };
        Self {
            name: name.into(),
            band: Band::c_band(384),
            grid: Some(ModuleGrid::all(spacing)),
            guard_slots: 0,
            modes: ModeTable::of(vec![mode]),
        }
    }
}

const GBPS_400: Rate = Rate::from_mbps(400_000);
