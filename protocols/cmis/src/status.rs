//! Where the state machines are and what the lanes report: byte 3 of the lower memory, 11h.

use crate::application::LANES;
use crate::map;
use crate::{Advertisement, Four, Image};

/// State of the module (CMIS 5.x, 6.3.2; byte 3 bits 3-1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ModuleState {
    /// 1: only management works.
    LowPwr,
    /// 2: on the way up.
    PwrUp,
    /// 3: everything works.
    Ready,
    /// 4: on the way down.
    PwrDn,
    /// 5: only a reset leads out.
    Fault,
    /// Codes that are reserved.
    Other(u8),
}

impl ModuleState {
    /// The state in byte 3 of an image.
    pub fn decode(image: &Image) -> Self {
        match image.u8(0, 0, 3) >> 1 & 7 {
            1 => Self::LowPwr,
            2 => Self::PwrUp,
            3 => Self::Ready,
            4 => Self::PwrDn,
            5 => Self::Fault,
            other => Self::Other(other),
        }
    }

    /// The code of a state.
    pub fn code(self) -> u8 {
        match self {
            Self::LowPwr => 1,
            Self::PwrUp => 2,
            Self::Ready => 3,
            Self::PwrDn => 4,
            Self::Fault => 5,
            Self::Other(code) => code,
        }
    }

    /// In the specification's words.
    pub fn name(self) -> &'static str {
        match self {
            Self::LowPwr => "ModuleLowPwr",
            Self::PwrUp => "ModulePwrUp",
            Self::Ready => "ModuleReady",
            Self::PwrDn => "ModulePwrDn",
            Self::Fault => "ModuleFault",
            Self::Other(_) => "Unknown",
        }
    }

    /// Whether it is left by itself.
    pub fn is_transient(self) -> bool {
        matches!(self, Self::PwrUp | Self::PwrDn)
    }
}

/// Byte 41: why a module is in its fault state, in the specification's sense.
pub fn fault_cause(image: &Image) -> String {
    match image.u8(0, 0, 41) {
        0 => "no fault detected".to_owned(),
        1 => "TEC runaway".to_owned(),
        2 => "data memory corrupted".to_owned(),
        3 => "program memory corrupted".to_owned(),
        code @ 32..=63 => format!("custom cause {code}"),
        code => format!("reserved cause {code}"),
    }
}

/// State of the data path that a host lane belongs to (CMIS 5.x, 6.3.3; 11h:128-131).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DataPathState {
    /// 1: not in use.
    Deactivated,
    /// 2: initialising.
    Init,
    /// 3: going down.
    Deinit,
    /// 4: carries traffic.
    Activated,
    /// 5: transmitter going on.
    TxTurnOn,
    /// 6: transmitter going off.
    TxTurnOff,
    /// 7: ready, transmitter off.
    Initialized,
    /// Codes that are reserved, and lanes of no data path.
    Other(u8),
}

impl DataPathState {
    /// The state of a code.
    pub fn from_code(code: u8) -> Self {
        match code {
            1 => Self::Deactivated,
            2 => Self::Init,
            3 => Self::Deinit,
            4 => Self::Activated,
            5 => Self::TxTurnOn,
            6 => Self::TxTurnOff,
            7 => Self::Initialized,
            other => Self::Other(other),
        }
    }

    /// The code of a state.
    pub fn code(self) -> u8 {
        match self {
            Self::Deactivated => 1,
            Self::Init => 2,
            Self::Deinit => 3,
            Self::Activated => 4,
            Self::TxTurnOn => 5,
            Self::TxTurnOff => 6,
            Self::Initialized => 7,
            Self::Other(code) => code,
        }
    }

    /// In the specification's words.
    pub fn name(self) -> &'static str {
        match self {
            Self::Deactivated => "DataPathDeactivated",
            Self::Init => "DataPathInit",
            Self::Deinit => "DataPathDeinit",
            Self::Activated => "DataPathActivated",
            Self::TxTurnOn => "DataPathTxTurnOn",
            Self::TxTurnOff => "DataPathTxTurnOff",
            Self::Initialized => "DataPathInitialized",
            Self::Other(_) => "Unknown",
        }
    }

    /// Whether it is left by itself.
    pub fn is_transient(self) -> bool {
        matches!(self, Self::Init | Self::Deinit | Self::TxTurnOn | Self::TxTurnOff)
    }
}

/// What came of the last Apply trigger on a host lane (CMIS 5.x, table 8-80; 11h:202-205).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConfigStatus {
    /// 0: none was given.
    Undefined,
    /// 1: taken.
    Success,
    /// 2: refused, no further reason.
    Rejected,
    /// 3: no such application.
    InvalidAppSel,
    /// 4: the application may not start on that lane.
    InvalidDataPath,
    /// 5: signal integrity settings out of range.
    InvalidSi,
    /// 6: another data path uses the lane.
    LaneInUse,
    /// 7: lanes of a data path are missing.
    PartialDataPath,
    /// 12: being looked at.
    InProgress,
    /// Codes that are reserved, and custom ones.
    Other(u8),
}

impl ConfigStatus {
    /// The status of a code.
    pub fn from_code(code: u8) -> Self {
        match code {
            0 => Self::Undefined,
            1 => Self::Success,
            2 => Self::Rejected,
            3 => Self::InvalidAppSel,
            4 => Self::InvalidDataPath,
            5 => Self::InvalidSi,
            6 => Self::LaneInUse,
            7 => Self::PartialDataPath,
            12 => Self::InProgress,
            other => Self::Other(other),
        }
    }

    /// The code of a status.
    pub fn code(self) -> u8 {
        match self {
            Self::Undefined => 0,
            Self::Success => 1,
            Self::Rejected => 2,
            Self::InvalidAppSel => 3,
            Self::InvalidDataPath => 4,
            Self::InvalidSi => 5,
            Self::LaneInUse => 6,
            Self::PartialDataPath => 7,
            Self::InProgress => 12,
            Self::Other(code) => code,
        }
    }

    /// In the specification's words.
    pub fn name(self) -> &'static str {
        match self {
            Self::Undefined => "ConfigUndefined",
            Self::Success => "ConfigSuccess",
            Self::Rejected => "ConfigRejected",
            Self::InvalidAppSel => "ConfigRejectedInvalidAppSel",
            Self::InvalidDataPath => "ConfigRejectedInvalidDataPath",
            Self::InvalidSi => "ConfigRejectedInvalidSI",
            Self::LaneInUse => "ConfigRejectedLaneInUse",
            Self::PartialDataPath => "ConfigRejectedPartialDataPath",
            Self::InProgress => "ConfigInProgress",
            Self::Other(_) => "Unknown",
        }
    }
}

/// What the active control set holds for a host lane (11h:206-213).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LaneConfig {
    /// Bits 7-4: application, 0 for none.
    pub select: u8,
    /// Bits 3-1: first lane of the data path, from 1.
    pub first_lane: u8,
    /// Bit 0: signal integrity as the host set it, not as the application has it by default.
    pub is_explicit: bool,
}

impl LaneConfig {
    /// From the byte of a control set.
    pub fn from_byte(byte: u8) -> Self {
        Self { select: byte >> 4, first_lane: (byte >> 1 & 7) + 1, is_explicit: byte & 1 == 1 }
    }

    /// The byte of a control set. Applications beyond 15 and lanes beyond 8 lose their high bits.
    pub fn byte(self) -> u8 {
        let lane = self.first_lane.saturating_sub(1) & 7;
        self.select << 4 | lane << 1 | u8::from(self.is_explicit)
    }
}

/// Everything 11h says of one lane. Host side: states, configuration, `tx_los`, `tx_cdr_lol`,
/// `tx_eq_fail`, `rx_output`. Media side: the rest.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lane {
    /// Number, from 1; 8 per bank.
    pub number: u16,
    /// 11h:128-131.
    pub state: DataPathState,
    /// 11h:132: the module sends a valid signal to the host.
    pub rx_output: bool,
    /// 11h:133: the module sends a valid signal into the line.
    pub tx_output: bool,
    /// 11h:134, latched: the state changed.
    pub state_changed: bool,
    /// 11h:135, latched; `None` where not offered.
    pub tx_fault: Option<bool>,
    /// 11h:136, latched; `None` where not offered.
    pub tx_los: Option<bool>,
    /// 11h:137, latched; `None` where not offered.
    pub tx_cdr_lol: Option<bool>,
    /// 11h:138, latched; `None` where not offered.
    pub tx_eq_fail: Option<bool>,
    /// 11h:139-142, latched.
    pub tx_power_flags: Four<bool>,
    /// 11h:143-146, latched.
    pub tx_bias_flags: Four<bool>,
    /// 11h:147, latched; `None` where not offered.
    pub rx_los: Option<bool>,
    /// 11h:148, latched; `None` where not offered.
    pub rx_cdr_lol: Option<bool>,
    /// 11h:149-152, latched.
    pub rx_power_flags: Four<bool>,
    /// 11h:154, mW; `None` where not offered.
    pub tx_power_mw: Option<f64>,
    /// 11h:170, mA; `None` where not offered.
    pub tx_bias_ma: Option<f64>,
    /// 11h:186, mW; `None` where not offered.
    pub rx_power_mw: Option<f64>,
    /// 11h:202-205.
    pub config_status: ConfigStatus,
    /// 11h:206-213.
    pub config: LaneConfig,
    /// 11h:235: configured, but the hardware does not follow until the next DPInit.
    pub init_pending: bool,
}

impl Lane {
    /// Every lane of a bank; none for a flat module or when 11h was not read.
    pub fn decode_all(image: &Image, bank: u8, advertisement: &Advertisement) -> Vec<Self> {
        if image.bit(0, 0, 2, 7) || !image.has_page(bank, 0x11) {
            return Vec::new();
        }
        (0..LANES).map(|lane| Self::decode(image, bank, lane, advertisement)).collect()
    }

    fn decode(image: &Image, bank: u8, lane: u8, advertised: &Advertisement) -> Self {
        let bit = |offset| image.bit(bank, 0x11, offset, lane);
        let flag = |offset, has: bool| has.then(|| bit(offset));
        let four = |at: u8| Four::from_array([at, at + 1, at + 2, at + 3].map(bit));
        let measured = |field: map::Field, has: bool| has.then(|| field.read(image, bank, lane));
        let multiplier = f64::from(advertised.tx_bias_multiplier);
        let bias = measured(map::TX_BIAS, advertised.has_tx_bias);
        Self {
            number: u16::from(bank) * u16::from(LANES) + u16::from(lane) + 1,
            state: DataPathState::from_code(nibble(image, bank, 128, lane)),
            rx_output: bit(132),
            tx_output: bit(133),
            state_changed: bit(134),
            tx_fault: flag(135, advertised.has_tx_fault),
            tx_los: flag(136, advertised.has_tx_los),
            tx_cdr_lol: flag(137, advertised.has_tx_cdr_lol),
            tx_eq_fail: flag(138, advertised.has_tx_eq_fail),
            tx_power_flags: four(139),
            tx_bias_flags: four(143),
            rx_los: flag(147, advertised.has_rx_los),
            rx_cdr_lol: flag(148, advertised.has_rx_cdr_lol),
            rx_power_flags: four(149),
            tx_power_mw: measured(map::TX_POWER, advertised.has_tx_power),
            tx_bias_ma: bias.map(|bias| bias * multiplier),
            rx_power_mw: measured(map::RX_POWER, advertised.has_rx_power),
            config_status: config_status(image, bank, lane),
            config: LaneConfig::from_byte(image.u8(bank, 0x11, 206 + lane)),
            init_pending: bit(235),
        }
    }
}

/// 11h:128-131 for a lane (from 0).
pub(crate) fn data_path_state(image: &Image, bank: u8, lane: u8) -> DataPathState {
    DataPathState::from_code(nibble(image, bank, 128, lane))
}

/// 11h:202-205 for a lane (from 0).
pub(crate) fn config_status(image: &Image, bank: u8, lane: u8) -> ConfigStatus {
    ConfigStatus::from_code(nibble(image, bank, 202, lane))
}

/// Two lanes share a byte, the odd-numbered one in bits 3-0.
fn nibble(image: &Image, bank: u8, first: u8, lane: u8) -> u8 {
    image.u8(bank, 0x11, first + lane / 2) >> (4 * (lane % 2)) & 0xF
}
