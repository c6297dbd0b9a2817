//! Numbers from and to text (RFC 7950, 9.2 and 9.3).

/// The most fraction digits a decimal64 has.
pub(crate) const FRACTION_DIGITS_MAX: u8 = 18;

/// Reads an optional sign and decimal digits: the sign (true for minus) and the magnitude.
pub(super) fn integer(text: &str) -> Option<(bool, u64)> {
    let (negative, digits) = sign(text);
    let magnitude = digits_of(digits, 0)?;
    Some((negative, magnitude))
}

pub(super) fn signed(text: &str) -> Option<i64> {
    let (negative, magnitude) = integer(text)?;
    with_sign(negative, magnitude)
}

pub(super) fn unsigned(text: &str) -> Option<u64> {
    match integer(text)? {
        (true, 0) => Some(0),
        (true, _) => None,
        (false, magnitude) => Some(magnitude),
    }
}

/// Reads a decimal number as a multiple of `10^-digits`.
pub(super) fn decimal(text: &str, digits: u8) -> Option<i64> {
    let (negative, rest) = sign(text);
    let (whole, fraction) = rest.split_once('.').unwrap_or((rest, "0"));
    if whole.is_empty() || fraction.is_empty() {
        return None;
    }
    // Zeros at the end say nothing, even beyond the type's digits.
    let fraction = fraction.trim_end_matches('0');
    if fraction.len() > usize::from(digits) {
        return None;
    }
    let mut magnitude = digits_of(whole, 0)?;
    if !fraction.is_empty() {
        magnitude = digits_of(fraction, magnitude)?;
    }
    for _ in fraction.len()..usize::from(digits) {
        magnitude = magnitude.checked_mul(10)?;
    }
    with_sign(negative, magnitude)
}

/// Writes the canonical form: no sign for plus, at least one digit on both sides of the point, no
/// zeros beyond (RFC 7950, 9.3.2).
pub(super) fn write_decimal(mantissa: i64, digits: u8, out: &mut String) {
    let digits = usize::from(digits.clamp(1, FRACTION_DIGITS_MAX));
    let text = format!("{:0width$}", mantissa.unsigned_abs(), width = digits + 1);
    let (whole, fraction) = text.split_at(text.len() - digits);
    if mantissa < 0 {
        out.push('-');
    }
    out.push_str(whole);
    out.push('.');
    let significant = fraction.trim_end_matches('0');
    out.push_str(if significant.is_empty() { "0" } else { significant });
}

fn sign(text: &str) -> (bool, &str) {
    match text.as_bytes().first() {
        Some(b'-') => (true, &text[1..]),
        Some(b'+') => (false, &text[1..]),
        _ => (false, text),
    }
}

fn digits_of(text: &str, start: u64) -> Option<u64> {
    if text.is_empty() {
        return None;
    }
    text.bytes().try_fold(start, |sum, byte| {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        sum.checked_mul(10)?.checked_add(u64::from(digit))
    })
}

fn with_sign(negative: bool, magnitude: u64) -> Option<i64> {
    if negative { 0i64.checked_sub_unsigned(magnitude) } else { i64::try_from(magnitude).ok() }
}
