//! What a module can do besides its applications: 01h (CMIS 5.x, 8.4).

use std::time::Duration;

use crate::Image;
use crate::encoding::duration_max_ms;
use crate::map::{WAVELENGTH, WAVELENGTH_TOLERANCE};

/// Longest times of state changes, from 01h:144, 167 and 168. `None` where the code is reserved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Durations {
    /// 01h:144 bits 3-0: DPInit.
    pub init: Option<Duration>,
    /// 01h:144 bits 7-4: DPDeinit.
    pub deinit: Option<Duration>,
    /// 01h:167 bits 3-0: ModulePwrUp.
    pub power_up: Option<Duration>,
    /// 01h:167 bits 7-4: ModulePwrDn.
    pub power_down: Option<Duration>,
    /// 01h:168 bits 3-0: DPTxTurnOn.
    pub tx_turn_on: Option<Duration>,
    /// 01h:168 bits 7-4: DPTxTurnOff.
    pub tx_turn_off: Option<Duration>,
}

/// What a module can do. A module with flat memory has none of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Advertisement {
    /// 01h:138, nm; 0 where there is no one wavelength.
    pub wavelength_nm: f64,
    /// 01h:140, nm.
    pub wavelength_tolerance_nm: f64,
    /// 01h:142 bit 6: VDM pages 20h-2Fh.
    pub has_vdm: bool,
    /// 01h:142 bit 5: diagnostics pages 13h-14h.
    pub has_diagnostics: bool,
    /// 01h:142 bits 1-0: banks, 1, 2 or 4.
    pub banks: u8,
    /// Longest times of state changes.
    pub durations: Durations,
    /// 01h:145 bits 2-0: what the auxiliary monitors measure.
    pub aux: [AuxKind; 3],
    /// 01h:155 bit 6: the wavelength is tunable, pages 04h and 12h are there.
    pub is_tunable: bool,
    /// 01h:155 bit 1: transmitters can be disabled.
    pub has_tx_disable: bool,
    /// 01h:156 bit 1: receiver outputs can be disabled.
    pub has_rx_disable: bool,
    /// 01h:157 bit 0.
    pub has_tx_fault: bool,
    /// 01h:157 bit 1.
    pub has_tx_los: bool,
    /// 01h:157 bit 2.
    pub has_tx_cdr_lol: bool,
    /// 01h:157 bit 3.
    pub has_tx_eq_fail: bool,
    /// 01h:158 bit 1.
    pub has_rx_los: bool,
    /// 01h:158 bit 2.
    pub has_rx_cdr_lol: bool,
    /// 01h:159 bit 0: case temperature.
    pub has_temperature: bool,
    /// 01h:159 bit 1: supply.
    pub has_supply: bool,
    /// 01h:160 bit 0.
    pub has_tx_bias: bool,
    /// 01h:160 bit 1.
    pub has_tx_power: bool,
    /// 01h:160 bit 2.
    pub has_rx_power: bool,
    /// 01h:160 bits 4-3: multiplier of bias currents, 1, 2 or 4.
    pub tx_bias_multiplier: u8,
    /// 01h:162 bits 4-2: what of the receiver outputs can be set.
    pub rx_output: RxOutputControls,
}

/// 01h:162: controls of the receiver outputs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RxOutputControls {
    /// Bit 2: amplitude.
    pub amplitude: bool,
    /// Bit 3: pre-cursor.
    pub pre_cursor: bool,
    /// Bit 4: post-cursor.
    pub post_cursor: bool,
}

/// What an auxiliary monitor measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuxKind {
    /// Of the vendor's own.
    Custom,
    /// Thermo-electric cooler, 100/32767 % of its greatest current.
    TecCurrent,
    /// Laser, 1/256 °C.
    LaserTemperature,
    /// A second supply, 0.1 mV.
    Supply2,
}

impl Advertisement {
    /// Decodes 01h. `None` for a flat module, and when the page was not read.
    pub fn decode(image: &Image) -> Option<Self> {
        if image.bit(0, 0, 2, 7) || !image.has_page(0, 1) {
            return None;
        }
        let bit = |offset, bit| image.bit(0, 1, offset, bit);
        Some(Self {
            wavelength_nm: WAVELENGTH.read(image, 0, 0),
            wavelength_tolerance_nm: WAVELENGTH_TOLERANCE.read(image, 0, 0),
            has_vdm: bit(142, 6),
            has_diagnostics: bit(142, 5),
            banks: 1 << (image.u8(0, 1, 142) & 3).min(2),
            durations: Durations::decode(image),
            aux: aux_kinds(image.u8(0, 1, 145)),
            is_tunable: bit(155, 6),
            has_tx_disable: bit(155, 1),
            has_rx_disable: bit(156, 1),
            has_tx_fault: bit(157, 0),
            has_tx_los: bit(157, 1),
            has_tx_cdr_lol: bit(157, 2),
            has_tx_eq_fail: bit(157, 3),
            has_rx_los: bit(158, 1),
            has_rx_cdr_lol: bit(158, 2),
            has_temperature: bit(159, 0),
            has_supply: bit(159, 1),
            has_tx_bias: bit(160, 0),
            has_tx_power: bit(160, 1),
            has_rx_power: bit(160, 2),
            tx_bias_multiplier: [1, 2, 4, 1][usize::from(image.u8(0, 1, 160) >> 3 & 3)],
            rx_output: RxOutputControls {
                amplitude: bit(162, 2),
                pre_cursor: bit(162, 3),
                post_cursor: bit(162, 4),
            },
        })
    }
}

impl Durations {
    fn decode(image: &Image) -> Self {
        let time = |offset, shift: u8| {
            let code = image.u8(0, 1, offset) >> shift & 0xF;
            duration_max_ms(code).map(|millis| Duration::from_millis(millis.into()))
        };
        Self {
            init: time(144, 0),
            deinit: time(144, 4),
            power_up: time(167, 0),
            power_down: time(167, 4),
            tx_turn_on: time(168, 0),
            tx_turn_off: time(168, 4),
        }
    }
}

/// 01h:145: bit 0 for monitor 1, bit 1 for 2, bit 2 for 3.
fn aux_kinds(byte: u8) -> [AuxKind; 3] {
    let pick = |bit: u8, clear, set| if byte >> bit & 1 == 1 { set } else { clear };
    [
        pick(0, AuxKind::Custom, AuxKind::TecCurrent),
        pick(1, AuxKind::LaserTemperature, AuxKind::TecCurrent),
        pick(2, AuxKind::LaserTemperature, AuxKind::Supply2),
    ]
}
