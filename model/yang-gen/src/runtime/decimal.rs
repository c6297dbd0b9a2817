//! Values of `decimal64` (RFC 7950, section 9.3).

use std::fmt;
use std::str::FromStr;

/// An exact decimal number with `DIGITS` digits behind the point, as its leaf's type has them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Decimal<const DIGITS: u8>(i64);

/// Text that is no number, or one that does not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParseDecimalError;

impl fmt::Display for ParseDecimalError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("no decimal number, or too large, or too many digits")
    }
}

impl std::error::Error for ParseDecimalError {}

impl<const DIGITS: u8> Decimal<DIGITS> {
    /// The number times ten to the `DIGITS`: 1.5 with two digits is 150.
    pub const fn from_scaled(scaled: i64) -> Self {
        Self(scaled)
    }

    /// The inverse of [`Decimal::from_scaled`].
    pub const fn scaled(self) -> i64 {
        self.0
    }
}

impl<const DIGITS: u8> fmt::Display for Decimal<DIGITS> {
    /// The canonical form: no needless zeros, but at least one digit behind the point.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let digits = format!("{:0>width$}", self.0.unsigned_abs(), width = DIGITS as usize + 1);
        let (whole, fraction) = digits.split_at(digits.len() - DIGITS as usize);
        let fraction = fraction.trim_end_matches('0');
        let fraction = if fraction.is_empty() { "0" } else { fraction };
        write!(formatter, "{sign}{whole}.{fraction}")
    }
}

impl<const DIGITS: u8> FromStr for Decimal<DIGITS> {
    type Err = ParseDecimalError;

    fn from_str(text: &str) -> Result<Self, ParseDecimalError> {
        let (sign, digits) = match text.as_bytes().first() {
            Some(b'-') => ("-", &text[1..]),
            Some(b'+') => ("", &text[1..]),
            _ => ("", text),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
        let is_number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        let fraction_digits = fraction.trim_end_matches('0').len();
        if !is_number(whole) || !is_number(fraction) || fraction_digits > DIGITS as usize {
            return Err(ParseDecimalError);
        }
        let fraction = &fraction[..fraction_digits];
        let scaled = format!("{sign}{whole}{fraction:0<width$}", width = DIGITS as usize);
        scaled.parse().map(Self).map_err(|_| ParseDecimalError)
    }
}

#[cfg(test)]
mod tests {
    use super::Decimal;

    #[test]
    fn text_and_number_agree() {
        for (text, scaled) in [("1.5", 150), ("-0.25", -25), ("0.0", 0), ("92.0", 9200)] {
            let decimal: Decimal<2> = text.parse().unwrap();
            assert_eq!(decimal, Decimal::from_scaled(scaled));
            assert_eq!(decimal.to_string(), text);
        }
        assert_eq!("+7.100".parse(), Ok(Decimal::<2>::from_scaled(710)));
        assert_eq!("7".parse(), Ok(Decimal::<1>::from_scaled(70)));
    }

    #[test]
    fn refuses_what_does_not_fit() {
        for text in ["", "-", "1.", ".5", "1.234", "1e3", "--1", "92233720368547758.08"] {
            assert!(text.parse::<Decimal<2>>().is_err(), "{text}");
        }
    }
}
