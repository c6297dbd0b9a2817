//! Performance of the coherent link over the running interval: 34h and 35h (C-CMIS 1.3, 4.4).

use crate::Image;
use crate::map::{self, Field};

/// Page of the error correction's counters.
pub const FEC_PAGE: u8 = 0x34;
/// Page of the link's statistics.
pub const LINK_PAGE: u8 = 0x35;

/// Average, minimum and maximum over an interval.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Statistic {
    /// Over the interval.
    pub average: f64,
    /// Lowest sample.
    pub min: f64,
    /// Highest sample.
    pub max: f64,
}

impl Statistic {
    /// Three values in a row from the place of the first.
    fn decode(image: &Image, bank: u8, first: Field) -> Self {
        let value = |nth| {
            let at = Field { offset: first.offset + nth * first.kind.size(), ..first };
            at.read(image, bank, 0)
        };
        Self { average: value(0), min: value(1), max: value(2) }
    }

    /// The bytes of three values in a row.
    pub(crate) fn encode(self, field: Field) -> Vec<u8> {
        [self.average, self.min, self.max].iter().flat_map(|value| field.saturate(*value)).collect()
    }
}

/// Counters of the error correction (34h).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FecCounters {
    /// 34h:128: bits received in the interval.
    pub bits: u64,
    /// 34h:136: bits of a sub-interval.
    pub bits_sub: u64,
    /// 34h:144: bits corrected in the interval.
    pub corrected: u64,
    /// 34h:152: fewest corrected in a sub-interval.
    pub corrected_min: u64,
    /// 34h:160: most corrected in a sub-interval.
    pub corrected_max: u64,
    /// 34h:168: frames received in the interval.
    pub frames: u32,
    /// 34h:172: frames of a sub-interval.
    pub frames_sub: u32,
    /// 34h:176: frames that could not be corrected in the interval.
    pub uncorrectable: u32,
    /// 34h:180: fewest of them in a sub-interval.
    pub uncorrectable_min: u32,
    /// 34h:184: most of them in a sub-interval.
    pub uncorrectable_max: u32,
}

impl FecCounters {
    fn decode(image: &Image, bank: u8) -> Self {
        let long = |at| image.u64(bank, FEC_PAGE, at);
        let short = |at| image.u32(bank, FEC_PAGE, at);
        Self {
            bits: long(128),
            bits_sub: long(136),
            corrected: long(144),
            corrected_min: long(152),
            corrected_max: long(160),
            frames: short(168),
            frames_sub: short(172),
            uncorrectable: short(176),
            uncorrectable_min: short(180),
            uncorrectable_max: short(184),
        }
    }

    /// 34h:128-187.
    pub(crate) fn encode(&self) -> Vec<u8> {
        let long =
            [self.bits, self.bits_sub, self.corrected, self.corrected_min, self.corrected_max];
        let short = [
            self.frames,
            self.frames_sub,
            self.uncorrectable,
            self.uncorrectable_min,
            self.uncorrectable_max,
        ];
        let long = long.iter().flat_map(|count| count.to_be_bytes());
        long.chain(short.iter().flat_map(|count| count.to_be_bytes())).collect()
    }

    /// Bit error ratio before correction; `None` while nothing was counted.
    pub fn bit_error_ratio(&self) -> Option<Statistic> {
        let counted = self.bits != 0 && self.bits_sub != 0;
        let ratio = |part: u64, whole: u64| part as f64 / whole as f64;
        counted.then(|| Statistic {
            average: ratio(self.corrected, self.bits),
            min: ratio(self.corrected_min, self.bits_sub),
            max: ratio(self.corrected_max, self.bits_sub),
        })
    }

    /// Share of frames that could not be corrected; `None` while nothing was counted.
    pub fn frame_error_ratio(&self) -> Option<Statistic> {
        let counted = self.frames != 0 && self.frames_sub != 0;
        let ratio = |part: u32, whole: u32| f64::from(part) / f64::from(whole);
        counted.then(|| Statistic {
            average: ratio(self.uncorrectable, self.frames),
            min: ratio(self.uncorrectable_min, self.frames_sub),
            max: ratio(self.uncorrectable_max, self.frames_sub),
        })
    }
}

/// Statistics of a media lane.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Performance {
    /// 34h:128-187.
    pub fec: FecCounters,
    /// 35h:128, ps/nm.
    pub cd_ps_nm: Statistic,
    /// 35h:140, ps.
    pub dgd_ps: Statistic,
    /// 35h:146, ps².
    pub sopmd_ps2: Statistic,
    /// 35h:152, dB.
    pub pdl_db: Statistic,
    /// 35h:158, dB.
    pub osnr_db: Statistic,
    /// 35h:164, dB.
    pub esnr_db: Statistic,
    /// 35h:170, MHz.
    pub cfo_mhz: Statistic,
    /// 35h:176, %.
    pub evm_percent: Statistic,
    /// 35h:182, dBm.
    pub tx_power_dbm: Statistic,
    /// 35h:188, dBm.
    pub rx_power_dbm: Statistic,
    /// 35h:194, dBm.
    pub rx_signal_dbm: Statistic,
    /// 35h:200, krad/s.
    pub sop_krad_s: Statistic,
    /// 35h:206, dB.
    pub mer_db: Statistic,
}

impl Performance {
    /// Decodes 34h and 35h of a bank; `None` when neither was read.
    pub fn decode(image: &Image, bank: u8) -> Option<Self> {
        if !image.has_page(bank, FEC_PAGE) && !image.has_page(bank, LINK_PAGE) {
            return None;
        }
        let statistic = |first| Statistic::decode(image, bank, first);
        Some(Self {
            fec: FecCounters::decode(image, bank),
            cd_ps_nm: statistic(map::PM_CD),
            dgd_ps: statistic(map::PM_DGD),
            sopmd_ps2: statistic(map::PM_SOPMD),
            pdl_db: statistic(map::PM_PDL),
            osnr_db: statistic(map::PM_OSNR),
            esnr_db: statistic(map::PM_ESNR),
            cfo_mhz: statistic(map::PM_CFO),
            evm_percent: statistic(map::PM_EVM),
            tx_power_dbm: statistic(map::PM_TX_POWER),
            rx_power_dbm: statistic(map::PM_RX_POWER),
            rx_signal_dbm: statistic(map::PM_RX_SIGNAL),
            sop_krad_s: statistic(map::PM_SOP_RATE),
            mer_db: statistic(map::PM_MER),
        })
    }
}
