//! How numbers and words stand in bytes. Multi-byte numbers are big-endian (CMIS 5.x, 1.3).

/// Exponent offset of [`f16()`].
const F16_BIAS: i32 = 24;
const F16_MANTISSA_BITS: u32 = 11;
const F16_MANTISSA_MAX: u16 = (1 << F16_MANTISSA_BITS) - 1;
const F16_EXPONENT_MAX: u16 = 31;

/// The 16-bit float of VDM (CMIS 5.x, 8.22.1): bits 15-11 exponent `s`, bits 10-0 mantissa `m`,
/// value `m` times 10 to the `s - 24`.
pub fn f16(raw: u16) -> f64 {
    let mantissa = f64::from(raw & F16_MANTISSA_MAX);
    let exponent = i32::from(raw >> F16_MANTISSA_BITS) - F16_BIAS;
    if exponent < 0 { mantissa / 10f64.powi(-exponent) } else { mantissa * 10f64.powi(exponent) }
}

/// The closest [`f16()`] of a value, with the most digits that fit. Negative values and what is no
/// number become 0; what is too large becomes the largest.
pub fn to_f16(value: f64) -> u16 {
    if value.is_nan() || value <= 0.0 {
        return 0;
    }
    for exponent in 0..=F16_EXPONENT_MAX {
        let mantissa = (value * 10f64.powi(F16_BIAS - i32::from(exponent))).round();
        if mantissa <= f64::from(F16_MANTISSA_MAX) {
            return (exponent << F16_MANTISSA_BITS) | mantissa as u16;
        }
    }
    u16::MAX
}

/// Text as modules hold it: ASCII, right-padded with spaces. Bytes that are no ASCII are left out,
/// as switch software leaves them out; null bytes stay, they tell a blank field from an empty one.
pub fn text(bytes: &[u8]) -> String {
    let ascii = bytes.iter().filter(|byte| byte.is_ascii()).map(|byte| char::from(*byte));
    // Separators (1Ch to 1Fh) count as white space there too.
    let is_blank = |sign: char| sign.is_whitespace() || matches!(sign, '\u{1C}'..='\u{1F}');
    ascii.collect::<String>().trim_end_matches(is_blank).to_owned()
}

/// Text right-padded with spaces to `N` bytes; longer text is cut, other signs become `?`.
pub fn to_text<const N: usize>(text: &str) -> [u8; N] {
    let mut bytes = [b' '; N];
    for (byte, sign) in bytes.iter_mut().zip(text.chars()) {
        *byte = if sign.is_ascii() { sign as u8 } else { b'?' };
    }
    bytes
}

/// Milliwatts in dBm; `None` at no power at all.
pub fn dbm(milliwatts: f64) -> Option<f64> {
    (milliwatts > 0.0).then(|| 10.0 * milliwatts.log10())
}

/// dBm in milliwatts.
pub fn milliwatts(dbm: f64) -> f64 {
    10f64.powf(dbm / 10.0)
}

/// The longest time that a code of a MaxDuration field stands for, in milliseconds (01h:144, 167
/// and 168; CMIS 5.x, table 8-44). `None` for the two reserved codes.
pub fn duration_max_ms(code: u8) -> Option<u32> {
    const MILLIS: [u32; 14] = [
        1, 5, 10, 50, 100, 500, 1_000, 5_000, 10_000, 60_000, 300_000, 600_000, 3_000_000,
        6_000_000,
    ];
    MILLIS.get(usize::from(code)).copied()
}

/// The smallest code whose time is not shorter than asked; the longest one when none is.
pub fn to_duration_code(millis: u32) -> u8 {
    (0u8..14).find(|code| duration_max_ms(*code).is_some_and(|ms| ms >= millis)).unwrap_or(13)
}
