//! The numeric registers, each with its place, encoding and unit: one list that decoders, the
//! driver, the simulated module and tools share.

use crate::encoding::{f16, to_f16};
use crate::{Address, Error, Image};

/// How a number stands in bytes. All are big-endian.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// One byte, unsigned.
    U8,
    /// Two bytes, unsigned.
    U16,
    /// Two bytes, two's complement.
    S16,
    /// Four bytes, unsigned.
    U32,
    /// Four bytes, two's complement.
    S32,
    /// Two bytes, decimal float (see [`f16()`]).
    F16,
}

impl Kind {
    /// Length in bytes.
    pub const fn size(self) -> u8 {
        match self {
            Self::U8 => 1,
            Self::U16 | Self::S16 | Self::F16 => 2,
            Self::U32 | Self::S32 => 4,
        }
    }

    /// Smallest and largest count.
    fn range(self) -> (f64, f64) {
        match self {
            Self::U8 => (0.0, f64::from(u8::MAX)),
            Self::U16 => (0.0, f64::from(u16::MAX)),
            Self::S16 => (f64::from(i16::MIN), f64::from(i16::MAX)),
            Self::U32 => (0.0, f64::from(u32::MAX)),
            Self::S32 => (f64::from(i32::MIN), f64::from(i32::MAX)),
            Self::F16 => (0.0, f16(u16::MAX)),
        }
    }

    /// The count that stands in the first bytes; 0 for bytes that are missing.
    pub fn count(self, bytes: &[u8]) -> f64 {
        let mut raw = [0; 4];
        for (to, from) in raw.iter_mut().zip(bytes).take(usize::from(self.size())) {
            *to = *from;
        }
        let [a, b, ..] = raw;
        match self {
            Self::U8 => f64::from(a),
            Self::U16 => f64::from(u16::from_be_bytes([a, b])),
            Self::S16 => f64::from(i16::from_be_bytes([a, b])),
            Self::U32 => f64::from(u32::from_be_bytes(raw)),
            Self::S32 => f64::from(i32::from_be_bytes(raw)),
            Self::F16 => f16(u16::from_be_bytes([a, b])),
        }
    }

    /// The bytes closest to a value of which a unit is `per` counts.
    pub(crate) fn saturate(self, value: f64, per: f64) -> Vec<u8> {
        let (min, max) = self.range();
        let exact = if value.is_nan() { 0.0 } else { value * per };
        let count = if self == Self::F16 { exact } else { exact.round() };
        self.bytes(count.clamp(min, max))
    }

    /// The bytes of a count within the range of the encoding.
    fn bytes(self, count: f64) -> Vec<u8> {
        match self {
            Self::U8 => vec![count as u8],
            Self::U16 => (count as u16).to_be_bytes().to_vec(),
            Self::S16 => (count as i16).to_be_bytes().to_vec(),
            Self::U32 => (count as u32).to_be_bytes().to_vec(),
            Self::S32 => (count as i32).to_be_bytes().to_vec(),
            Self::F16 => to_f16(count).to_be_bytes().to_vec(),
        }
    }
}

/// A numeric register.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Field {
    /// As the specification calls it.
    pub name: &'static str,
    /// Page; 0 for the lower memory.
    pub page: u8,
    /// First byte, of lane 1 where there is one per lane.
    pub offset: u8,
    /// Encoding.
    pub kind: Kind,
    /// Counts per unit: a count of 5 at 100 per dB is 0.05 dB.
    pub per: f64,
    /// Unit of the value.
    pub unit: &'static str,
    /// How many there are, one after the other: 8 for registers of lanes, else 1.
    pub lanes: u8,
}

impl Field {
    const fn new(name: &'static str, page: u8, offset: u8, kind: Kind) -> Self {
        Self { name, page, offset, kind, per: 1.0, unit: "", lanes: 1 }
    }

    const fn per(self, per: f64, unit: &'static str) -> Self {
        Self { per, unit, ..self }
    }

    const fn lanes(self) -> Self {
        Self { lanes: 8, ..self }
    }

    /// Where the register of a lane is. `lane` counts from 0 within its bank; what is beyond the
    /// last lane is taken as the last.
    pub const fn address(self, bank: u8, lane: u8) -> Address {
        let lane = if lane < self.lanes { lane } else { self.lanes - 1 };
        Address::trusted(bank, self.page, self.offset + lane * self.kind.size(), self.kind.size())
    }

    /// The value in an image, in [`Self::unit`].
    pub fn read(self, image: &Image, bank: u8, lane: u8) -> f64 {
        self.value(image.bytes(self.address(bank, lane)))
    }

    /// The value that some bytes stand for, in [`Self::unit`].
    pub fn value(self, bytes: &[u8]) -> f64 {
        self.kind.count(bytes) / self.per
    }

    /// The bytes of the count closest to a value.
    ///
    /// # Errors
    /// When the encoding cannot hold the value, or it is no number.
    pub fn encode(self, value: f64) -> Result<Vec<u8>, Error> {
        let (min, max) = self.kind.range();
        let exact = value * self.per;
        let count = if self.kind == Kind::F16 { exact } else { exact.round() };
        if count >= min && count <= max {
            return Ok(self.kind.bytes(count));
        }
        let (min, max) = (min / self.per, max / self.per);
        Err(Error::Value { field: self.name, value, min, max, unit: self.unit })
    }

    /// The bytes of the count closest to a value; the end of the encoding's range where the value
    /// lies beyond it, and 0 for what is no number. For measurements, which saturate.
    pub fn saturate(self, value: f64) -> Vec<u8> {
        self.kind.saturate(value, self.per)
    }
}

macro_rules! fields {
    ($($(#[$doc:meta])* $name:ident = $field:expr;)*) => {
        $($(#[$doc])* pub const $name: Field = $field;)*
        /// Every register of this list.
        pub const FIELDS: &[Field] = &[$($name),*];
    };
}

use Kind::{S16, S32, U8, U16, U32};

fields! {
    // Lower memory: module monitors (CMIS 5.x, table 8-10).
    /// Byte 14: case temperature, 1/256 °C.
    TEMPERATURE = Field::new("TempMonValue", 0, 14, S16).per(256.0, "°C");
    /// Byte 16: supply, 0.1 mV.
    SUPPLY = Field::new("VccMonVoltage", 0, 16, U16).per(10_000.0, "V");
    /// Byte 18: auxiliary monitor 1, unit by 01h:145 bit 0.
    AUX_1 = Field::new("Aux1MonValue", 0, 18, S16);
    /// Byte 20: auxiliary monitor 2, unit by 01h:145 bit 1.
    AUX_2 = Field::new("Aux2MonValue", 0, 20, S16);
    /// Byte 22: auxiliary monitor 3, unit by 01h:145 bit 2.
    AUX_3 = Field::new("Aux3MonValue", 0, 22, S16);
    /// Byte 24: monitor of the vendor's own.
    CUSTOM = Field::new("CustomMonValue", 0, 24, U16);

    // Page 00h: administrative information.
    /// 00h:201: power consumption, 0.25 W.
    POWER_MAX = Field::new("MaxPower", 0, 201, U8).per(4.0, "W");

    // Page 01h: advertisement (CMIS 5.x, tables 8-40 to 8-55).
    /// 01h:138: nominal wavelength, 0.05 nm.
    WAVELENGTH = Field::new("NominalWavelength", 1, 138, U16).per(20.0, "nm");
    /// 01h:140: wavelength tolerance, 0.005 nm.
    WAVELENGTH_TOLERANCE = Field::new("WavelengthTolerance", 1, 140, U16).per(200.0, "nm");

    // Page 02h: thresholds, each high alarm, low alarm, high warning, low warning (table 8-56).
    /// 02h:128: case temperature.
    TEMPERATURE_LIMITS = Field::new("TempMonThreshold", 2, 128, S16).per(256.0, "°C");
    /// 02h:136: supply.
    SUPPLY_LIMITS = Field::new("VccMonThreshold", 2, 136, U16).per(10_000.0, "V");
    /// 02h:144: auxiliary monitor 1.
    AUX_1_LIMITS = Field::new("Aux1MonThreshold", 2, 144, S16);
    /// 02h:152: auxiliary monitor 2.
    AUX_2_LIMITS = Field::new("Aux2MonThreshold", 2, 152, S16);
    /// 02h:160: auxiliary monitor 3.
    AUX_3_LIMITS = Field::new("Aux3MonThreshold", 2, 160, S16);
    /// 02h:168: custom monitor.
    CUSTOM_LIMITS = Field::new("CustomMonThreshold", 2, 168, U16);
    /// 02h:176: transmit power, 0.1 µW.
    TX_POWER_LIMITS = Field::new("OpticalPowerTxThreshold", 2, 176, U16).per(10_000.0, "mW");
    /// 02h:184: bias, 2 µA times the multiplier of 01h:160.
    TX_BIAS_LIMITS = Field::new("LaserBiasTxThreshold", 2, 184, U16).per(500.0, "mA");
    /// 02h:192: receive power, 0.1 µW.
    RX_POWER_LIMITS = Field::new("OpticalPowerRxThreshold", 2, 192, U16).per(10_000.0, "mW");

    // Page 04h: what the laser can do (table 8-57).
    /// 04h:190: fine tuning step, 0.001 GHz.
    FINE_STEP = Field::new("FineTuningResolution", 4, 190, U16).per(1000.0, "GHz");
    /// 04h:192: lowest fine tuning offset, 0.001 GHz.
    FINE_LOW = Field::new("FineTuningLowOffset", 4, 192, S16).per(1000.0, "GHz");
    /// 04h:194: highest fine tuning offset, 0.001 GHz.
    FINE_HIGH = Field::new("FineTuningHighOffset", 4, 194, S16).per(1000.0, "GHz");
    /// 04h:198: lowest target power, 0.01 dBm.
    TARGET_POWER_MIN = Field::new("ProgOutputPowerMin", 4, 198, S16).per(100.0, "dBm");
    /// 04h:200: highest target power, 0.01 dBm.
    TARGET_POWER_MAX = Field::new("ProgOutputPowerMax", 4, 200, S16).per(100.0, "dBm");

    // Page 11h: lane monitors (table 8-84).
    /// 11h:154: transmit power, 0.1 µW.
    TX_POWER = Field::new("OpticalPowerTx", 0x11, 154, U16).per(10_000.0, "mW").lanes();
    /// 11h:170: bias, 2 µA times the multiplier of 01h:160 bits 4-3.
    TX_BIAS = Field::new("LaserBiasTx", 0x11, 170, U16).per(500.0, "mA").lanes();
    /// 11h:186: receive power, 0.1 µW.
    RX_POWER = Field::new("OpticalPowerRx", 0x11, 186, U16).per(10_000.0, "mW").lanes();

    // Page 12h: the laser's control and status (tables 8-86 to 8-92).
    /// 12h:136: channel number on the grid of 12h:128.
    CHANNEL = Field::new("ChannelNumberTx", 0x12, 136, S16).lanes();
    /// 12h:152: fine tuning offset, 0.001 GHz.
    FINE_OFFSET = Field::new("FineTuningOffsetTx", 0x12, 152, S16).per(1000.0, "GHz").lanes();
    /// 12h:168: frequency the laser has, 0.001 GHz.
    FREQUENCY = Field::new("CurrentLaserFrequencyTx", 0x12, 168, U32).per(1000.0, "GHz").lanes();
    /// 12h:200: target output power, 0.01 dBm.
    TARGET_POWER = Field::new("TargetOutputPowerTx", 0x12, 200, S16).per(100.0, "dBm").lanes();

    // Page 35h: link performance, each average, minimum, maximum (C-CMIS 1.3, table 12).
    /// 35h:128: chromatic dispersion.
    PM_CD = Field::new("rxAvgCdPm", 0x35, 128, S32).per(1.0, "ps/nm");
    /// 35h:140: differential group delay.
    PM_DGD = Field::new("rxAvgDgdPm", 0x35, 140, U16).per(100.0, "ps");
    /// 35h:146: second-order polarisation mode dispersion.
    PM_SOPMD = Field::new("rxAvgSopmdPm", 0x35, 146, U16).per(100.0, "ps²");
    /// 35h:152: polarisation dependent loss.
    PM_PDL = Field::new("rxAvgPdlPm", 0x35, 152, U16).per(10.0, "dB");
    /// 35h:158: optical signal to noise ratio.
    PM_OSNR = Field::new("rxAvgOsnrPm", 0x35, 158, U16).per(10.0, "dB");
    /// 35h:164: electrical signal to noise ratio.
    PM_ESNR = Field::new("rxAvgEsnrPm", 0x35, 164, U16).per(10.0, "dB");
    /// 35h:170: carrier frequency offset.
    PM_CFO = Field::new("rxAvgCfoPm", 0x35, 170, S16).per(1.0, "MHz");
    /// 35h:176: error vector magnitude.
    PM_EVM = Field::new("rxAvgEvmPm", 0x35, 176, U16).per(655.35, "%");
    /// 35h:182: transmit power.
    PM_TX_POWER = Field::new("txAvgPowerPm", 0x35, 182, S16).per(100.0, "dBm");
    /// 35h:188: receive power, all light.
    PM_RX_POWER = Field::new("rxAvgPowerPm", 0x35, 188, S16).per(100.0, "dBm");
    /// 35h:194: receive power of the signal.
    PM_RX_SIGNAL = Field::new("rxAvgSigPowerPm", 0x35, 194, S16).per(100.0, "dBm");
    /// 35h:200: rate at which the state of polarisation turns.
    PM_SOP_RATE = Field::new("rxAvgSopcrPm", 0x35, 200, U16).per(1.0, "krad/s");
    /// 35h:206: modulation error ratio.
    PM_MER = Field::new("rxAvgMerPm", 0x35, 206, U16).per(10.0, "dB");
}
