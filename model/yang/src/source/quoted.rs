//! What a double-quoted string stands for (RFC 7950 6.1.3).

/// Width of a tab when leading white space is trimmed.
const TAB_WIDTH: usize = 8;

/// A backslash that escapes nothing: its offset in the string.
pub(super) struct BadEscape {
    pub(super) at: usize,
    pub(super) character: char,
}

/// Appends the value of a double-quoted string to `out`. `indent` is the column after the opening
/// quote, from 0: white space up to there is trimmed from each following line.
///
/// A backslash before any other character than `n`, `t`, `"` and `\` stays, and is reported.
pub(super) fn append_unquoted(
    out: &mut String,
    inner: &str,
    indent: usize,
    mut bad_escape: impl FnMut(BadEscape),
) {
    let mut rest = inner;
    let mut first = true;
    loop {
        let (line, after) = match rest.find('\n') {
            Some(end) => (&rest[..end], Some(&rest[end + 1..])),
            None => (rest, None),
        };
        let offset = inner.len() - rest.len();
        let line_start = if first { line } else { trim_indent(line, indent) };
        let skipped = line.len() - line_start.len();
        // Trimming comes before unescaping: an escaped blank at the end of a line stays.
        let content = if after.is_some() {
            line_start.trim_end_matches([' ', '\t', '\r'])
        } else {
            line_start
        };
        unescape(out, content, |mut bad| {
            bad.at += offset + skipped;
            bad_escape(bad);
        });
        let Some(after) = after else { return };
        out.push('\n');
        rest = after;
        first = false;
    }
}

fn trim_indent(line: &str, indent: usize) -> &str {
    let mut column = 0;
    for (at, byte) in line.bytes().enumerate() {
        column = match byte {
            _ if column >= indent => return &line[at..],
            b' ' => column + 1,
            b'\t' => column + TAB_WIDTH,
            _ => return &line[at..],
        };
    }
    ""
}

fn unescape(out: &mut String, line: &str, mut bad_escape: impl FnMut(BadEscape)) {
    let mut rest = line;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        let escaped = rest[at + 1..].chars().next();
        match escaped {
            Some('n') => out.push('\n'),
            Some('t') => out.push('\t'),
            Some('"') => out.push('"'),
            Some('\\') => out.push('\\'),
            Some(character) => {
                bad_escape(BadEscape { at: line.len() - rest.len() + at, character });
                out.push('\\');
                out.push(character);
            }
            None => out.push('\\'),
        }
        rest = &rest[at + 1 + escaped.map_or(0, char::len_utf8)..];
    }
    out.push_str(rest);
}
