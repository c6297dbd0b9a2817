//! Masks: which flags do not raise the interrupt pin. Lower memory bytes 31-34, 10h:213-231,
//! 12h:239-246 (CMIS 5.x, tables 8-16, 8-77 and 8-92).

use crate::application::LANES;
use crate::{Four, Image, LaserFlags};

/// Masks of the module's flags; a set one keeps its flag from the pin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ModuleMasks {
    /// Byte 31 bit 0.
    pub state_changed: bool,
    /// Byte 32 bits 3-0.
    pub temperature: Four<bool>,
    /// Byte 32 bits 7-4.
    pub supply: Four<bool>,
    /// Byte 33 bits 3-0, byte 33 bits 7-4, byte 34 bits 3-0.
    pub aux: [Four<bool>; 3],
    /// Byte 34 bits 7-4.
    pub custom: Four<bool>,
}

impl ModuleMasks {
    /// Decodes the lower memory.
    pub fn decode(image: &Image) -> Self {
        let four = |byte, shift| Four::from_bits(image.u8(0, 0, byte), shift);
        Self {
            state_changed: image.bit(0, 0, 31, 0),
            temperature: four(32, 0),
            supply: four(32, 4),
            aux: [four(33, 0), four(33, 4), four(34, 0)],
            custom: four(34, 4),
        }
    }
}

/// Masks of a lane's flags.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LaneMasks {
    /// 10h:213.
    pub state_changed: bool,
    /// 10h:214.
    pub tx_fault: bool,
    /// 10h:215.
    pub tx_los: bool,
    /// 10h:216.
    pub tx_cdr_lol: bool,
    /// 10h:217.
    pub tx_eq_fail: bool,
    /// 10h:218-221.
    pub tx_power: Four<bool>,
    /// 10h:222-225.
    pub tx_bias: Four<bool>,
    /// 10h:226.
    pub rx_los: bool,
    /// 10h:227.
    pub rx_cdr_lol: bool,
    /// 10h:228-231.
    pub rx_power: Four<bool>,
    /// 12h:239-246: the laser's, by media lane.
    pub laser: LaserFlags,
}

impl LaneMasks {
    /// Every lane of a bank; none when 10h was not read.
    pub fn decode_all(image: &Image, bank: u8) -> Vec<Self> {
        if !image.has_page(bank, 0x10) {
            return Vec::new();
        }
        (0..LANES).map(|lane| Self::decode(image, bank, lane)).collect()
    }

    fn decode(image: &Image, bank: u8, lane: u8) -> Self {
        let bit = |offset| image.bit(bank, 0x10, offset, lane);
        let four = |at: u8| Four::from_array([at, at + 1, at + 2, at + 3].map(bit));
        Self {
            state_changed: bit(213),
            tx_fault: bit(214),
            tx_los: bit(215),
            tx_cdr_lol: bit(216),
            tx_eq_fail: bit(217),
            tx_power: four(218),
            tx_bias: four(222),
            rx_los: bit(226),
            rx_cdr_lol: bit(227),
            rx_power: four(228),
            laser: LaserFlags(image.u8(bank, 0x12, 239 + lane)),
        }
    }
}
