//! Percent-encoding of URIs (RFC 3986, section 2.1), as RESTCONF uses it.

/// Digits of an escape.
const HEX: &[u8; 16] = b"0123456789ABCDEF";

/// Why a text is not percent-encoded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PercentError {
    /// A `%` without two hex digits.
    #[error("'{0}': two hex digits expected after '%'")]
    Escape(String),
    /// Its bytes in the clear are no text.
    #[error("'{0}' is no UTF-8")]
    Utf8(String),
}

/// Appends a text, for instance a key value in a path: all but unreserved characters (RFC 3986,
/// 2.3) and `:` are escaped.
pub fn encode(text: &str, out: &mut String) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~:".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            out.push(char::from(HEX[usize::from(byte >> 4)]));
            out.push(char::from(HEX[usize::from(byte & 15)]));
        }
    }
}

/// A percent-encoded text in the clear. `+` stands for itself: it is no form.
///
/// # Errors
/// When an escape is cut or the result is no UTF-8.
pub fn decode(text: &str) -> Result<String, PercentError> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let mut digit = || rest.next().and_then(|digit| char::from(digit).to_digit(16));
        match (digit(), digit()) {
            (Some(high), Some(low)) => bytes.push((high * 16 + low) as u8),
            _ => return Err(PercentError::Escape(text.to_owned())),
        }
    }
    String::from_utf8(bytes).map_err(|_| PercentError::Utf8(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_come_back() {
        for text in ["", "a b+c", "/[='x']%25,&", "é€🦀", "-._~:"] {
            let mut encoded = String::new();
            encode(text, &mut encoded);
            assert!(encoded.is_ascii());
            assert_eq!(decode(&encoded).as_deref(), Ok(text));
        }
    }

    #[test]
    fn what_is_not_encoded_is_refused() {
        for text in ["%", "%4", "%zz", "%+1", "a%é"] {
            assert_eq!(decode(text), Err(PercentError::Escape(text.to_owned())));
        }
        assert_eq!(decode("%ff"), Err(PercentError::Utf8("%ff".to_owned())));
        assert_eq!(decode("a+%2b"), Ok("a++".to_owned()));
    }
}
