//! Characters that YANG text may not contain (RFC 7950 14, `yang-char`).

/// Offset of the first forbidden character.
pub(super) fn first_forbidden(text: &str) -> Option<(u32, char)> {
    let suspicious = |byte: u8| {
        (byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r')) || byte == 0xef || byte >= 0xf0
    };
    if !text.bytes().any(suspicious) {
        return None;
    }
    let found = text.char_indices().find(|(_, c)| is_forbidden(*c))?;
    Some((found.0 as u32, found.1))
}

fn is_forbidden(c: char) -> bool {
    let code = c as u32;
    (code < 0x20 && !matches!(c, '\t' | '\n' | '\r'))
        || (0xfdd0..=0xfdef).contains(&code)
        || code & 0xfffe == 0xfffe
}
