//! The lexical rules of XML that the tokenizer leaves to its user.

/// Whether XML 1.0 allows this character at all (section 2.2).
pub(crate) const fn is_char(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..)
}

/// Where the first character stands that XML does not allow.
pub(super) fn find_bad_char(text: &str) -> Option<usize> {
    let suspicious = |b: &u8| (*b < 0x20 && !matches!(*b, b'\t' | b'\n' | b'\r')) || *b == 0xef;
    let mut from = 0;
    while let Some(step) = text.as_bytes()[from..].iter().position(suspicious) {
        let at = from + step;
        // 0xEF starts a character, as the control characters are one.
        let c = text[at..].chars().next()?;
        if !is_char(c) {
            return Some(at);
        }
        from = at + c.len_utf8();
    }
    None
}

/// Whether this is a name without colon (Namespaces in XML 1.0, NCName), generous about which
/// characters beyond ASCII are letters.
pub(crate) fn is_name(name: &str) -> bool {
    let mut bytes = name.bytes();
    let start = |b: u8| b.is_ascii_alphabetic() || b == b'_' || b >= 0x80;
    let inside = |b: u8| start(b) || b.is_ascii_digit() || b == b'-' || b == b'.';
    bytes.next().is_some_and(start) && bytes.all(inside)
}

/// The character that a reference without `&` and `;` stands for: one of the five entities of XML
/// or a character number. Nothing else is ever expanded.
pub(super) fn reference(name: &str) -> Option<char> {
    let Some(number) = name.strip_prefix('#') else {
        return match name {
            "lt" => Some('<'),
            "gt" => Some('>'),
            "amp" => Some('&'),
            "apos" => Some('\''),
            "quot" => Some('"'),
            _ => None,
        };
    };
    let (digits, radix) = match number.strip_prefix('x') {
        Some(hex) => (hex, 16),
        None => (number, 10),
    };
    let plain = !digits.is_empty() && digits.chars().all(|c| c.is_digit(radix));
    let code = plain.then(|| u32::from_str_radix(digits, radix).ok()).flatten()?;
    char::from_u32(code).filter(|c| is_char(*c))
}

/// The value of an attribute as it stands in the tag: references resolved, white space made blanks
/// (XML 1.0 section 3.3.3). `None` when something in it is not allowed.
pub(super) fn attribute_value(raw: &str) -> Option<String> {
    if raw.contains('<') {
        return None;
    }
    let mut value = String::with_capacity(raw.len());
    let joined;
    let mut rest = raw;
    if raw.contains('\r') {
        joined = raw.replace("\r\n", " ");
        rest = &joined;
    }
    while let Some(at) = rest.find('&') {
        push_blanked(&mut value, &rest[..at]);
        let end = rest[at..].find(';')? + at;
        value.push(reference(&rest[at + 1..end])?);
        rest = &rest[end + 1..];
    }
    push_blanked(&mut value, rest);
    Some(value)
}

fn push_blanked(value: &mut String, raw: &str) {
    value.extend(raw.chars().map(|c| if matches!(c, '\t' | '\n' | '\r') { ' ' } else { c }));
}
