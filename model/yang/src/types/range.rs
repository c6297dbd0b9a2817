//! `range` and `length` arguments (RFC 7950 9.2.4, 9.4.4).

/// Why an argument is no range.
pub(super) enum BadRange {
    /// Not of the grammar, or a bound that is no value of the type.
    Syntax(String),
    /// Parts that overlap or descend.
    Order,
    /// Values that the base type refuses.
    Wider(Vec<(i128, i128)>),
}

/// Reads `min..5 | 10 | 20..max` within the parts that the base type allows.
pub(super) fn parse(
    text: &str,
    base: &[(i128, i128)],
    value: impl Fn(&str) -> Option<i128>,
) -> Result<Vec<(i128, i128)>, BadRange> {
    let (Some(least), Some(most)) = (base.first(), base.last()) else {
        return Err(BadRange::Syntax(text.to_owned()));
    };
    let bound = |text: &str| match text.trim() {
        "min" => Ok(least.0),
        "max" => Ok(most.1),
        number => value(number).ok_or_else(|| BadRange::Syntax(number.to_owned())),
    };
    let mut parts: Vec<(i128, i128)> = Vec::new();
    for part in text.split('|') {
        let (low, high) = match part.split_once("..") {
            Some((low, high)) => (bound(low)?, bound(high)?),
            None => (bound(part)?, bound(part)?),
        };
        if low > high || parts.last().is_some_and(|last| low <= last.1) {
            return Err(BadRange::Order);
        }
        parts.push((low, high));
    }
    let covered = |part: &(i128, i128)| is_covered(*part, base);
    if parts.iter().all(covered) { Ok(parts) } else { Err(BadRange::Wider(parts)) }
}

/// Whether `base` holds every value of `part`; adjoining parts count as one.
fn is_covered(part: (i128, i128), base: &[(i128, i128)]) -> bool {
    let mut low = part.0;
    for (from, to) in base {
        if low >= *from && low <= *to {
            if part.1 <= *to {
                return true;
            }
            low = to + 1;
        }
    }
    false
}

/// An integer as YANG writes it: decimal, `0x` hexadecimal or `0` octal, with sign.
pub(super) fn integer(text: &str) -> Option<i128> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let value = match digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X")) {
        Some(hex) => unsigned(hex, 16)?,
        None if digits.len() > 1 && digits.starts_with('0') => unsigned(digits, 8)?,
        None => unsigned(digits, 10)?,
    };
    Some(if negative { -value } else { value })
}

fn unsigned(digits: &str, radix: u32) -> Option<i128> {
    let fine = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if fine { i128::from_str_radix(digits, radix).ok() } else { None }
}

/// A decimal64 scaled by ten to `digits`; none when it has more digits than that.
pub(super) fn decimal(text: &str, digits: u8) -> Option<i128> {
    let (negative, number) = match text.strip_prefix('-') {
        Some(number) => (true, number),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    let fraction = match fraction.trim_end_matches('0') {
        "" if !fraction.is_empty() => "",
        "" => return None,
        rest => rest,
    };
    if fraction.len() > usize::from(digits) {
        return None;
    }
    let scale = |digits: usize| 10i128.pow(digits as u32);
    let whole = unsigned(whole, 10)?.checked_mul(scale(usize::from(digits)))?;
    let part = if fraction.is_empty() { 0 } else { unsigned(fraction, 10)? };
    let value = whole.checked_add(part * scale(usize::from(digits) - fraction.len()))?;
    Some(if negative { -value } else { value })
}
