//! Who made the module and what it is: lower memory, 00h and the revisions of 01h.

use crate::map::POWER_MAX;
use crate::names::{self, CONNECTORS, FORM_FACTORS, FORM_FACTORS_SHORT, TECHNOLOGIES};
use crate::{Address, Image, MediaType};

/// A major and a minor number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Revision {
    /// Before the dot.
    pub major: u8,
    /// After the dot.
    pub minor: u8,
}

impl std::fmt::Display for Revision {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

/// What a module says of itself and never changes.
#[derive(Debug, Clone, PartialEq)]
pub struct Identity {
    /// Byte 0: SFF-8024 identifier.
    pub identifier: u8,
    /// Form factor in words, `None` for codes that are not known.
    pub form_factor: Option<&'static str>,
    /// Form factor in one word, from 00h:128.
    pub form_factor_short: Option<&'static str>,
    /// Byte 1: revision of CMIS that the module follows.
    pub cmis: Revision,
    /// Byte 2 bit 7: there is only page 00h, no state machine and no monitor.
    pub is_flat: bool,
    /// 00h:129-144.
    pub vendor: String,
    /// 00h:145-147.
    pub oui: [u8; 3],
    /// 00h:148-163.
    pub part_number: String,
    /// 00h:164-165.
    pub part_revision: String,
    /// 00h:166-181.
    pub serial_number: String,
    /// 00h:182-189: YYMMDD and a lot code.
    pub date: String,
    /// 00h:190-199.
    pub clei: String,
    /// 00h:200 bits 7-5: power class, 1 to 8.
    pub power_class: u8,
    /// 00h:201, W.
    pub power_max_w: f64,
    /// 00h:202, m: bits 5-0 times 0.1, 1, 10 or 100; 0 where the fibre is separable.
    pub cable_length_m: f64,
    /// 00h:203.
    pub connector: Option<&'static str>,
    /// 00h:212.
    pub technology: Option<&'static str>,
    /// Byte 85.
    pub media: MediaType,
    /// Bytes 39-40: firmware that runs.
    pub firmware: Revision,
    /// 01h:128-129: the other firmware; `None` when 01h was not read.
    pub firmware_inactive: Option<Revision>,
    /// 01h:130-131; `None` when 01h was not read.
    pub hardware: Option<Revision>,
}

impl Identity {
    /// Decodes the lower memory, 00h and, where it is there, 01h.
    pub fn decode(image: &Image) -> Self {
        let byte = |page, offset| image.u8(0, page, offset);
        let pair = |page, at| Revision { major: byte(page, at), minor: byte(page, at + 1) };
        let when_paged = |at| image.has_page(0, 1).then(|| pair(1, at));
        let mut oui = [0; 3];
        oui.copy_from_slice(image.bytes(Address::trusted(0, 0, 145, 3)));
        Self {
            identifier: byte(0, 0),
            form_factor: names::name(FORM_FACTORS, byte(0, 0)),
            form_factor_short: names::name(FORM_FACTORS_SHORT, byte(0, 128)),
            cmis: Revision { major: byte(0, 1) >> 4, minor: byte(0, 1) & 0xF },
            is_flat: image.bit(0, 0, 2, 7),
            vendor: image.text(0, 129, 16),
            oui,
            part_number: image.text(0, 148, 16),
            part_revision: image.text(0, 164, 2),
            serial_number: image.text(0, 166, 16),
            date: image.text(0, 182, 8),
            clei: image.text(0, 190, 10),
            power_class: (byte(0, 200) >> 5) + 1,
            power_max_w: POWER_MAX.read(image, 0, 0),
            cable_length_m: cable_length_m(byte(0, 202)),
            connector: names::name(CONNECTORS, byte(0, 203)),
            technology: names::name(TECHNOLOGIES, byte(0, 212)),
            media: MediaType::from_code(byte(0, 85)),
            firmware: pair(0, 39),
            firmware_inactive: when_paged(128),
            hardware: when_paged(130),
        }
    }

    /// Whether byte 0 is a form factor that CMIS manages: QSFP-DD, OSFP, SFP-DD, DSFP, MiniLink,
    /// QSFP with CMIS and the on-board kinds after it (SFF-8024, table 4-1).
    pub fn is_cmis(&self) -> bool {
        matches!(self.identifier, 0x18..=0x1B | 0x1E..=0x25 | 0x80..=0x83)
    }
}

/// 00h:202: bits 7-6 the multiplier, bits 5-0 the base length.
fn cable_length_m(code: u8) -> f64 {
    let multiplier = [0.1, 1.0, 10.0, 100.0][usize::from(code >> 6)];
    f64::from(code & 0x3F) * multiplier
}

/// The byte of 00h:202 for a length; the closest step above it, the longest where none is.
pub(crate) fn to_cable_length(metres: f64) -> u8 {
    let steps = [(0.1, 0u8), (1.0, 1), (10.0, 2), (100.0, 3)];
    let fitting = steps.iter().find(|(step, _)| (metres / step).ceil() <= 63.0);
    fitting.map_or(u8::MAX, |(step, code)| code << 6 | (metres / step).ceil().max(0.0) as u8)
}

/// Sum over a page's bytes, modulo 256, as the last byte of 00h (128-221), 01h, 02h and 04h
/// (128/130-254) has to say.
pub fn checksum(bytes: &[u8]) -> u8 {
    bytes.iter().fold(0, |sum, byte| sum.wrapping_add(*byte))
}

/// Pages whose checksum does not hold: 00h:222 over 128-221, 01h:255 over 130-254, 02h:255 over
/// 128-254, 04h:255 over 128-254 (CMIS 5.x, 8.3.14, 8.4.17, 8.5, 8.7). Pages not read are not
/// judged.
pub fn bad_checksums(image: &Image) -> Vec<u8> {
    const SUMS: [(u8, u8, u8, u8); 4] =
        [(0, 128, 94, 222), (1, 130, 125, 255), (2, 128, 127, 255), (4, 128, 127, 255)];
    let wrong = |(page, from, len, at): &(u8, u8, u8, u8)| {
        let bytes = image.bytes(Address::trusted(0, *page, *from, *len));
        image.has_page(0, *page) && checksum(bytes) != image.u8(0, *page, *at)
    };
    SUMS.iter().filter(|sum| wrong(sum)).map(|(page, ..)| *page).collect()
}
