//! Versatile diagnostics: monitors that the module describes itself (CMIS 5.x, 8.22; C-CMIS 1.3).
//!
//! There are up to four groups of 64. Group `g` has its descriptors in page 20h+g, its values in
//! 24h+g, sixteen sets of limits in 28h+g and its flags in a quarter of 2Ch. A descriptor says
//! what is measured, on which lane and which set of limits holds. 2Fh says how many groups there
//! are and freezes statistics, so that what belongs together is read together.

use crate::{Address, Four, Image, Kind};

/// Bytes of a descriptor and of a value.
const ITEM_LEN: u8 = 2;
/// Items of a group.
pub const GROUP_ITEMS: u8 = 64;
/// Bytes of a set of limits.
const LIMITS_LEN: u8 = 8;

/// Page of the first group's descriptors.
pub const DESCRIPTORS: u8 = 0x20;
/// Page of the first group's values.
pub const VALUES: u8 = 0x24;
/// Page of the first group's limits.
pub const LIMITS: u8 = 0x28;
/// Page of all flags.
pub const FLAGS: u8 = 0x2C;
/// Page of advertisement and control.
pub const CONTROL: u8 = 0x2F;

/// 2Fh:144 bit 7: asks to hold statistics.
pub(crate) const FREEZE: Address = Address::trusted(0, CONTROL, 144, 1);
/// 2Fh:145 bit 7: statistics are held; bit 6: they run.
pub(crate) const FREEZE_STATUS: Address = Address::trusted(0, CONTROL, 145, 1);
/// Bit 7 of both.
pub(crate) const FROZEN: u8 = 0x80;
/// Bit 6 of the status.
pub(crate) const UNFROZEN: u8 = 0x40;

/// A kind of measurement.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Observable {
    /// Type code in a descriptor.
    pub code: u8,
    /// Name with unit, as switch software has it.
    pub name: &'static str,
    /// Encoding of value and limits.
    pub kind: Kind,
    /// Counts per unit.
    pub per: f64,
}

const fn observable(code: u8, name: &'static str, kind: Kind, per: f64) -> Observable {
    Observable { code, name, kind, per }
}

use Kind::{F16, S16, U16};

/// Every kind that the specifications name, by code.
pub const OBSERVABLES: &[Observable] = &[
    observable(1, "Laser Age [%]", U16, 1.0),
    observable(2, "TEC Current [%]", S16, 32_767.0 / 100.0),
    observable(3, "Laser Frequency Error [MHz]", S16, 0.1),
    observable(4, "Laser Temperature [C]", S16, 256.0),
    observable(5, "eSNR Media Input [dB]", U16, 256.0),
    observable(6, "eSNR Host Input [dB]", U16, 256.0),
    observable(7, "PAM4 Level Transition Parameter Media Input [dB]", U16, 256.0),
    observable(8, "PAM4 Level Transition Parameter Host Input [dB]", U16, 256.0),
    observable(9, "Pre-FEC BER Minimum Media Input", F16, 1.0),
    observable(10, "Pre-FEC BER Minimum Host Input", F16, 1.0),
    observable(11, "Pre-FEC BER Maximum Media Input", F16, 1.0),
    observable(12, "Pre-FEC BER Maximum Host Input", F16, 1.0),
    observable(13, "Pre-FEC BER Average Media Input", F16, 1.0),
    observable(14, "Pre-FEC BER Average Host Input", F16, 1.0),
    observable(15, "Pre-FEC BER Current Value Media Input", F16, 1.0),
    observable(16, "Pre-FEC BER Current Value Host Input", F16, 1.0),
    observable(17, "Errored Frames Minimum Media Input", F16, 1.0),
    observable(18, "Errored Frames Minimum Host Input", F16, 1.0),
    observable(19, "Errored Frames Maximum Media Input", F16, 1.0),
    observable(20, "Errored Frames Maximum Host Input", F16, 1.0),
    observable(21, "Errored Frames Average Media Input", F16, 1.0),
    observable(22, "Errored Frames Average Host Input", F16, 1.0),
    observable(23, "Errored Frames Current Value Media Input", F16, 1.0),
    observable(24, "Errored Frames Current Value Host Input", F16, 1.0),
    observable(25, "FERC Total Accumulated Media Input", F16, 1.0),
    observable(26, "FERC Total Accumulated Host Input", F16, 1.0),
    observable(128, "Modulator Bias X/I [%]", U16, 65_535.0 / 100.0),
    observable(129, "Modulator Bias X/Q [%]", U16, 65_535.0 / 100.0),
    observable(130, "Modulator Bias Y/I [%]", U16, 65_535.0 / 100.0),
    observable(131, "Modulator Bias Y/Q [%]", U16, 65_535.0 / 100.0),
    observable(132, "Modulator Bias X_Phase [%]", U16, 65_535.0 / 100.0),
    observable(133, "Modulator Bias Y_Phase [%]", U16, 65_535.0 / 100.0),
    observable(134, "CD high granularity, short link [ps/nm]", S16, 1.0),
    observable(135, "CD low granularity, long link [ps/nm]", S16, 1.0 / 20.0),
    observable(136, "DGD [ps]", U16, 100.0),
    observable(137, "SOPMD [ps^2]", U16, 100.0),
    observable(138, "PDL [dB]", U16, 10.0),
    observable(139, "OSNR [dB]", U16, 10.0),
    observable(140, "eSNR [dB]", U16, 10.0),
    observable(141, "CFO [MHz]", S16, 1.0),
    observable(142, "EVM_modem [%]", U16, 65_535.0 / 100.0),
    observable(143, "Tx Power [dBm]", S16, 100.0),
    observable(144, "Rx Total Power [dBm]", S16, 100.0),
    observable(145, "Rx Signal Power [dBm]", S16, 100.0),
    observable(146, "SOP ROC [krad/s]", U16, 1.0),
    observable(147, "MER [dB]", U16, 10.0),
];

impl Observable {
    /// The kind of a code.
    pub fn from_code(code: u8) -> Option<&'static Self> {
        let at = OBSERVABLES.binary_search_by_key(&code, |known| known.code).ok()?;
        OBSERVABLES.get(at)
    }

    /// The value that two bytes stand for.
    pub fn value(&self, bytes: &[u8]) -> f64 {
        self.kind.count(bytes) / self.per
    }

    /// The two bytes closest to a value; the end of the range where it lies beyond.
    pub(crate) fn bytes(&self, value: f64) -> Vec<u8> {
        self.kind.saturate(value, self.per)
    }
}

/// One monitor.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct VdmItem {
    /// Group, 0 to 3.
    pub group: u8,
    /// Place in the group, 0 to 63.
    pub index: u8,
    /// Type code; codes that no specification names are left out.
    pub observable: &'static Observable,
    /// Lane from 1; 1 also for what has none.
    pub lane: u8,
    /// Set of limits, 0 to 15.
    pub limit_set: u8,
    /// Value, in the unit of the observable's name.
    pub value: f64,
    /// Limits, in the same unit.
    pub limits: Four<f64>,
    /// Flags. They hold what was, until they are read.
    pub flags: Four<bool>,
}

/// How many groups there are: 2Fh:128 bits 1-0, plus one; 0 without VDM (01h:142 bit 6).
pub fn groups(image: &Image) -> u8 {
    let has_vdm = !image.bit(0, 0, 2, 7) && image.bit(0, 1, 142, 6);
    if has_vdm { (image.u8(0, CONTROL, 128) & 3) + 1 } else { 0 }
}

/// Every monitor that a bank describes, in the order of its descriptors.
pub fn decode(image: &Image, bank: u8) -> Vec<VdmItem> {
    let places = (0..groups(image)).flat_map(|group| (0..GROUP_ITEMS).map(move |at| (group, at)));
    places.filter_map(|(group, index)| item(image, bank, group, index)).collect()
}

fn item(image: &Image, bank: u8, group: u8, index: u8) -> Option<VdmItem> {
    let descriptor = image.bytes(item_address(bank, DESCRIPTORS + group, index));
    let observable = Observable::from_code(descriptor[1])?;
    let limit_set = descriptor[0] >> 4;
    let limit = |nth: u8| {
        let at = 128 + limit_set * LIMITS_LEN + nth * ITEM_LEN;
        observable.value(image.bytes(Address::trusted(bank, LIMITS + group, at, ITEM_LEN)))
    };
    let (flags_at, shift) = flags_place(group, index);
    Some(VdmItem {
        group,
        index,
        observable,
        lane: (descriptor[0] & 0xF) + 1,
        limit_set,
        value: observable.value(image.bytes(item_address(bank, VALUES + group, index))),
        limits: Four::from_array([0, 1, 2, 3].map(limit)),
        flags: Four::from_bits(image.u8(bank, FLAGS, flags_at), shift),
    })
}

/// Where a descriptor or value is.
pub(crate) const fn item_address(bank: u8, page: u8, index: u8) -> Address {
    Address::trusted(bank, page, 128 + index % GROUP_ITEMS * ITEM_LEN, ITEM_LEN)
}

/// Byte of 2Ch and first of four bits: items of even index in bits 3-0.
pub(crate) const fn flags_place(group: u8, index: u8) -> (u8, u8) {
    (128 + group * (GROUP_ITEMS / 2) + index / 2, 4 * (index % 2))
}
