//! What the world does to a simulated module, and what its monitors make of it.

use crate::map::{self, Field};
use crate::monitor::limits_of;
use crate::vdm::{self, Observable};
use crate::{Address, FEC_PAGE, FecCounters, Image, Statistic, milliwatts};

use super::profile::OBSERVED;

/// What reaches a module, as plain numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Physics {
    /// All light at the receiver, dBm.
    pub rx_power_dbm: f64,
    /// Light of the signal at the receiver, dBm.
    pub rx_signal_dbm: f64,
    /// Optical signal to noise ratio, dB in 0.1 nm.
    pub osnr_db: f64,
    /// Electrical signal to noise ratio, dB.
    pub esnr_db: f64,
    /// Chromatic dispersion, ps/nm.
    pub cd_ps_nm: f64,
    /// Differential group delay, ps.
    pub dgd_ps: f64,
    /// Second-order polarisation mode dispersion, ps².
    pub sopmd_ps2: f64,
    /// Polarisation dependent loss, dB.
    pub pdl_db: f64,
    /// Carrier frequency offset, MHz.
    pub cfo_mhz: f64,
    /// Error vector magnitude, %.
    pub evm_percent: f64,
    /// Modulation error ratio, dB.
    pub mer_db: f64,
    /// Turning of the state of polarisation, krad/s.
    pub sop_krad_s: f64,
    /// Bit error ratio before correction.
    pub pre_fec_ber: f64,
    /// Share of frames that are not corrected.
    pub frame_error_ratio: f64,
    /// Case, °C.
    pub temperature_c: f64,
    /// Laser, °C.
    pub laser_temperature_c: f64,
    /// Supply, V.
    pub supply_v: f64,
}

impl Default for Physics {
    /// A quiet link of some 80 km.
    fn default() -> Self {
        Self {
            rx_power_dbm: -10.0,
            rx_signal_dbm: -10.5,
            osnr_db: 33.0,
            esnr_db: 16.0,
            cd_ps_nm: 1350.0,
            dgd_ps: 1.2,
            sopmd_ps2: 60.0,
            pdl_db: 0.8,
            cfo_mhz: 120.0,
            evm_percent: 15.7,
            mer_db: 16.0,
            sop_krad_s: 4.0,
            pre_fec_ber: 3.4e-4,
            frame_error_ratio: 0.0,
            temperature_c: 45.0,
            laser_temperature_c: 50.0,
            supply_v: 3.3,
        }
    }
}

/// Below this a receiver reports loss of signal, dBm.
pub const LOS_DBM: f64 = -30.0;
/// What a monitor shows at no light, dBm.
const DARK_DBM: f64 = -40.0;
/// Line rate for the counters of the error correction, bit/s.
const LINE_RATE: f64 = 478.75e9;
/// Bits of a frame.
const FRAME_BITS: f64 = 1_048_576.0;

/// What a module measures at a moment.
#[derive(Debug, Clone, Copy)]
pub(super) struct Measured {
    pub(super) physics: Physics,
    /// Power into the line; `None`: off.
    pub(super) tx_dbm: Option<f64>,
    /// A signal is received and demodulated.
    pub(super) locked: bool,
    /// No light.
    pub(super) dark: bool,
}

impl Measured {
    fn rx_dbm(&self, dbm: f64) -> f64 {
        if self.dark { DARK_DBM } else { dbm }
    }

    /// A quantity of the demodulated signal; 0 without one.
    fn of_signal(&self, value: f64) -> f64 {
        if self.locked { value } else { 0.0 }
    }

    fn bit_error_ratio(&self) -> f64 {
        if self.locked { self.physics.pre_fec_ber } else { 0.5 }
    }

    fn frame_error_ratio(&self) -> f64 {
        if self.locked { self.physics.frame_error_ratio } else { 1.0 }
    }

    /// The value of an observable of VDM.
    fn observed(&self, code: u8) -> f64 {
        let physics = &self.physics;
        match code {
            4 => physics.laser_temperature_c,
            15 => self.bit_error_ratio(),
            23 => self.frame_error_ratio(),
            143 => self.tx_dbm.unwrap_or(DARK_DBM),
            144 => self.rx_dbm(physics.rx_power_dbm),
            145 => self.rx_dbm(physics.rx_signal_dbm),
            134 => self.of_signal(physics.cd_ps_nm),
            136 => self.of_signal(physics.dgd_ps),
            137 => self.of_signal(physics.sopmd_ps2),
            138 => self.of_signal(physics.pdl_db),
            139 => self.of_signal(physics.osnr_db),
            140 => self.of_signal(physics.esnr_db),
            141 => self.of_signal(physics.cfo_mhz),
            142 => self.of_signal(physics.evm_percent),
            146 => self.of_signal(physics.sop_krad_s),
            147 => self.of_signal(physics.mer_db),
            _ => 0.0,
        }
    }

    /// Module and lane monitors, and the flags of what breaks its limits.
    pub(super) fn monitors(&self, image: &mut Image) {
        let physics = &self.physics;
        let laser_count = physics.laser_temperature_c * 256.0;
        let flags_9 =
            monitor(image, map::TEMPERATURE, map::TEMPERATURE_LIMITS, physics.temperature_c)
                | monitor(image, map::SUPPLY, map::SUPPLY_LIMITS, physics.supply_v) << 4;
        let flags_10 = monitor(image, map::AUX_2, map::AUX_2_LIMITS, laser_count) << 4;
        raise(image, Address::trusted(0, 0, 9, 2), &[flags_9, flags_10]);

        let tx_mw = self.tx_dbm.map_or(0.0, milliwatts);
        let rx_mw = milliwatts(self.rx_dbm(physics.rx_power_dbm));
        let bias_ma = if self.tx_dbm.is_some() { 230.0 / 4.0 } else { 0.0 };
        let tx = monitor(image, map::TX_POWER, map::TX_POWER_LIMITS, tx_mw);
        let bias = monitor(image, map::TX_BIAS, map::TX_BIAS_LIMITS, bias_ma);
        let rx = monitor(image, map::RX_POWER, map::RX_POWER_LIMITS, rx_mw);
        // A transmitter that is off is not out of its limits.
        let tx = if self.tx_dbm.is_some() { tx } else { 0 };
        for (first, four) in [(139, tx), (143, bias), (149, rx)] {
            let bytes = [0, 1, 2, 3].map(|bit| four >> bit & 1);
            raise(image, Address::trusted(0, 0x11, first, 4), &bytes);
        }
        raise(
            image,
            Address::trusted(0, 0x11, 147, 2),
            &[u8::from(self.dark), u8::from(!self.locked)],
        );
    }

    /// The values of VDM and their flags.
    pub(super) fn vdm(&self, image: &mut Image) {
        for (index, (code, four)) in (0u8..).zip(OBSERVED) {
            let Some(observable) = Observable::from_code(code) else { continue };
            let value = self.observed(code);
            image.store(vdm::item_address(0, vdm::VALUES, index), &observable.bytes(value));
            let broken = crate::Four::from_array(four).broken_by(value);
            let (at, shift) = vdm::flags_place(0, index);
            raise(image, Address::trusted(0, vdm::FLAGS, at, 1), &[broken << shift]);
        }
    }
}

/// Stores a value; four bits of what it breaks.
fn monitor(image: &mut Image, field: Field, limits: Field, value: f64) -> u8 {
    image.store(field.address(0, 0), &field.saturate(value));
    limits_of(image, limits).map_or(0, |limits| limits.broken_by(value))
}

/// Sets bits that stay until they are read.
pub(super) fn raise(image: &mut Image, address: Address, bits: &[u8]) {
    let held: Vec<u8> = image.bytes(address).iter().zip(bits).map(|(a, b)| a | b).collect();
    image.store(address, &held);
}

/// Statistics of the running interval.
#[derive(Debug, Clone, Default)]
pub(super) struct Interval {
    samples: u32,
    seconds: f64,
    sums: [Statistic; QUANTITIES.len()],
    ber: Statistic,
    frames: Statistic,
}

type Quantity = (Field, fn(&Measured) -> f64);

const QUANTITIES: [Quantity; 13] = [
    (map::PM_CD, |it| it.observed(134)),
    (map::PM_DGD, |it| it.observed(136)),
    (map::PM_SOPMD, |it| it.observed(137)),
    (map::PM_PDL, |it| it.observed(138)),
    (map::PM_OSNR, |it| it.observed(139)),
    (map::PM_ESNR, |it| it.observed(140)),
    (map::PM_CFO, |it| it.observed(141)),
    (map::PM_EVM, |it| it.observed(142)),
    (map::PM_TX_POWER, |it| it.observed(143)),
    (map::PM_RX_POWER, |it| it.observed(144)),
    (map::PM_RX_SIGNAL, |it| it.observed(145)),
    (map::PM_SOP_RATE, |it| it.observed(146)),
    (map::PM_MER, |it| it.observed(147)),
];

impl Interval {
    /// One more sample, for so many seconds.
    pub(super) fn add(&mut self, measured: &Measured, seconds: f64) {
        let is_first = self.samples == 0;
        self.samples = self.samples.saturating_add(1);
        self.seconds += seconds;
        for (sum, (_, value)) in self.sums.iter_mut().zip(QUANTITIES) {
            widen(sum, value(measured), is_first);
        }
        widen(&mut self.ber, measured.bit_error_ratio(), is_first);
        widen(&mut self.frames, measured.frame_error_ratio(), is_first);
    }

    /// Writes 34h and 35h.
    pub(super) fn store(&self, image: &mut Image) {
        if self.samples == 0 {
            return;
        }
        let mean =
            |sum: &Statistic| Statistic { average: sum.average / f64::from(self.samples), ..*sum };
        for (sum, (field, _)) in self.sums.iter().zip(QUANTITIES) {
            let bytes = mean(sum).encode(field);
            let address = Address::trusted(0, field.page, field.offset, bytes.len() as u8);
            image.store(address, &bytes);
        }
        let (ber, frames) = (mean(&self.ber), mean(&self.frames));
        let (bits, sub) = (LINE_RATE * self.seconds, LINE_RATE);
        let count = |ratio: f64, whole: f64| (ratio * whole).round();
        let counters = FecCounters {
            bits: bits as u64,
            bits_sub: sub as u64,
            corrected: count(ber.average, bits) as u64,
            corrected_min: count(ber.min, sub) as u64,
            corrected_max: count(ber.max, sub) as u64,
            frames: (bits / FRAME_BITS) as u32,
            frames_sub: (sub / FRAME_BITS) as u32,
            uncorrectable: count(frames.average, bits / FRAME_BITS) as u32,
            uncorrectable_min: count(frames.min, sub / FRAME_BITS) as u32,
            uncorrectable_max: count(frames.max, sub / FRAME_BITS) as u32,
        };
        image.store(Address::trusted(0, FEC_PAGE, 128, 60), &counters.encode());
    }
}

/// `average` holds the sum until it is divided.
fn widen(sum: &mut Statistic, value: f64, is_first: bool) {
    sum.average += value;
    sum.min = if is_first { value } else { sum.min.min(value) };
    sum.max = if is_first { value } else { sum.max.max(value) };
}
