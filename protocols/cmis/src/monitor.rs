//! Module monitors with their limits: lower memory bytes 9-11 and 14-25, 02h.

use crate::advertisement::{Advertisement, AuxKind};
use crate::map::{self, Field};
use crate::{Image, Kind};

/// High alarm, low alarm, high warning and low warning of a quantity: limits or flags.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Four<T> {
    /// Beyond it the module is damaged or may fail.
    pub high_alarm: T,
    /// Below it the module is damaged or may fail.
    pub low_alarm: T,
    /// Beyond it something is not as it should be.
    pub high_warning: T,
    /// Below it something is not as it should be.
    pub low_warning: T,
}

impl<T> Four<T> {
    /// In the order of the registers.
    pub fn from_array([high_alarm, low_alarm, high_warning, low_warning]: [T; 4]) -> Self {
        Self { high_alarm, low_alarm, high_warning, low_warning }
    }

    /// In the order of the registers.
    pub fn into_array(self) -> [T; 4] {
        [self.high_alarm, self.low_alarm, self.high_warning, self.low_warning]
    }

    /// Each by a function.
    pub fn map<U>(self, by: impl FnMut(T) -> U) -> Four<U> {
        Four::from_array(self.into_array().map(by))
    }
}

impl Four<bool> {
    /// From the four bits of a byte that start at `shift`, lowest first.
    pub(crate) fn from_bits(byte: u8, shift: u8) -> Self {
        Self::from_array([0, 1, 2, 3].map(|bit| byte >> (shift + bit) & 1 == 1))
    }

    /// Whether none is raised.
    pub fn is_clear(self) -> bool {
        self == Self::default()
    }
}

impl Four<f64> {
    /// Which limits a value breaks, as four bits, lowest the high alarm.
    pub(crate) fn broken_by(self, value: f64) -> u8 {
        let broken = [
            value > self.high_alarm,
            value < self.low_alarm,
            value > self.high_warning,
            value < self.low_warning,
        ];
        (0u8..).zip(broken).map(|(bit, is_broken)| u8::from(is_broken) << bit).sum()
    }
}

/// A measured quantity of the whole module.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Monitor {
    /// Value now.
    pub value: f64,
    /// Limits of 02h; `None` when the page was not read.
    pub limits: Option<Four<f64>>,
    /// Flags of bytes 9-11. They hold what was, until they are read.
    pub flags: Four<bool>,
}

/// Every quantity of the whole module. Values mean something only where 01h:159 says so; a flat
/// module has none.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Monitors {
    /// Bytes 14-15, °C.
    pub temperature_c: Monitor,
    /// Bytes 16-17, V.
    pub supply_v: Monitor,
    /// Bytes 18-23, each in its raw count with what it measures.
    pub aux: [(AuxKind, Monitor); 3],
    /// Bytes 24-25, raw.
    pub custom: Monitor,
    /// The laser's, °C, from the auxiliary monitor that measures it.
    pub laser_temperature_c: Option<Monitor>,
    /// The cooler's current, % of the greatest, from the auxiliary monitor that measures it.
    pub tec_current_percent: Option<Monitor>,
}

impl Monitors {
    /// Decodes the lower memory and 02h. `None` for a flat module.
    pub fn decode(image: &Image, advertisement: &Advertisement) -> Option<Self> {
        if image.bit(0, 0, 2, 7) {
            return None;
        }
        let flags = |byte, shift| Four::from_bits(image.u8(0, 0, byte), shift);
        let monitor = |value: Field, limits: Field, flags| Monitor {
            value: value.read(image, 0, 0),
            limits: limits_of(image, limits),
            flags,
        };
        let [kind_1, kind_2, kind_3] = advertisement.aux;
        let aux = [
            (kind_1, monitor(map::AUX_1, map::AUX_1_LIMITS, flags(10, 0))),
            (kind_2, monitor(map::AUX_2, map::AUX_2_LIMITS, flags(10, 4))),
            (kind_3, monitor(map::AUX_3, map::AUX_3_LIMITS, flags(11, 0))),
        ];
        Some(Self {
            temperature_c: monitor(map::TEMPERATURE, map::TEMPERATURE_LIMITS, flags(9, 0)),
            supply_v: monitor(map::SUPPLY, map::SUPPLY_LIMITS, flags(9, 4)),
            aux,
            custom: monitor(map::CUSTOM, map::CUSTOM_LIMITS, flags(11, 4)),
            laser_temperature_c: scaled(&aux, AuxKind::LaserTemperature, 1.0 / 256.0),
            tec_current_percent: scaled(&aux, AuxKind::TecCurrent, 100.0 / 32_767.0),
        })
    }
}

/// Four limits in a row from the place of the first.
pub(crate) fn limits_of(image: &Image, first: Field) -> Option<Four<f64>> {
    let limit = |nth: u8| {
        let at = Field { offset: first.offset + nth * first.kind.size(), ..first };
        at.read(image, 0, 0)
    };
    image.has_page(0, first.page).then(|| Four::from_array([0, 1, 2, 3].map(limit)))
}

fn scaled(aux: &[(AuxKind, Monitor); 3], kind: AuxKind, unit: f64) -> Option<Monitor> {
    let (_, raw) = aux.iter().find(|(is, _)| *is == kind)?;
    let limits = raw.limits.map(|limits| limits.map(|limit| limit * unit));
    Some(Monitor { value: raw.value * unit, limits, flags: raw.flags })
}

/// The limits of 02h that hold for every lane.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LaneLimits {
    /// 02h:176, mW.
    pub tx_power_mw: Four<f64>,
    /// 02h:184, mA, with the multiplier of 01h:160.
    pub tx_bias_ma: Four<f64>,
    /// 02h:192, mW.
    pub rx_power_mw: Four<f64>,
}

impl LaneLimits {
    /// Decodes 02h; `None` when it was not read or the module is flat.
    pub fn decode(image: &Image, advertisement: &Advertisement) -> Option<Self> {
        if image.bit(0, 0, 2, 7) {
            return None;
        }
        let multiplier = f64::from(advertisement.tx_bias_multiplier);
        Some(Self {
            tx_power_mw: limits_of(image, map::TX_POWER_LIMITS)?,
            tx_bias_ma: limits_of(image, map::TX_BIAS_LIMITS)?.map(|limit| limit * multiplier),
            rx_power_mw: limits_of(image, map::RX_POWER_LIMITS)?,
        })
    }
}

/// The bytes of four limits.
pub(crate) fn to_limits(field: Field, limits: Four<f64>) -> Vec<u8> {
    debug_assert_ne!(field.kind, Kind::U32, "limits have two bytes");
    limits.into_array().iter().flat_map(|limit| field.saturate(*limit)).collect()
}
