//! `anydata` and `anyxml`: inner XML that stands for itself, with the declarations it needs.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::encode::escape_attribute;
use super::namespaces::Scopes;

/// The inner XML with declarations, for use anywhere: each outermost element gets those that are
/// in force round it and that it does not make itself.
pub(super) fn capsule(raw: &str, scopes: &Scopes<'_>) -> Result<String, quick_xml::Error> {
    let default = scopes.default().map_or("", |namespace| namespace.uri.as_str());
    let prefixes = scopes.prefixes();
    let used: Vec<(&str, &str)> =
        prefixes.into_iter().filter(|(prefix, _)| raw.contains(&format!("{prefix}:"))).collect();
    let mut out = String::with_capacity(raw.len());
    // A byte order mark is text here; the reader would pass over it and not count it.
    let (mark, raw) = raw.split_at(raw.len() - super::unmarked(raw).len());
    out.push_str(mark);
    let mut reader = Reader::from_str(raw);
    let mut copied = 0;
    let mut depth = 0usize;
    loop {
        let event = reader.read_event()?;
        let end = position(&reader);
        match event {
            Event::Eof => break,
            Event::DocType(_) => {
                return Err(quick_xml::errors::SyntaxError::InvalidBangMarkup.into());
            }
            Event::Start(tag) => {
                if depth == 0 {
                    declare(&tag, default, &used, &mut out, ">");
                    copied = end;
                }
                depth += 1;
            }
            Event::Empty(tag) if depth == 0 => {
                declare(&tag, default, &used, &mut out, "/>");
                copied = end;
            }
            Event::End(_) => depth = depth.saturating_sub(1),
            _ => {}
        }
        out.push_str(&raw[copied..end]);
        copied = end;
    }
    Ok(out)
}

fn position(reader: &Reader<&[u8]>) -> usize {
    usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX)
}

fn declare(
    tag: &BytesStart<'_>,
    default: &str,
    used: &[(&str, &str)],
    out: &mut String,
    close: &str,
) {
    let declares =
        |name: &str| tag.attributes().flatten().any(|attribute| attribute.key.into_inner() == name);
    out.push('<');
    out.push_str(tag.name().into_inner());
    if !declares("xmlns") {
        attribute("xmlns", default, out);
    }
    for (prefix, uri) in used {
        let name = format!("xmlns:{prefix}");
        if !declares(&name) {
            attribute(&name, uri, out);
        }
    }
    out.push_str(tag.attributes_raw());
    out.push_str(close);
}

fn attribute(name: &str, value: &str, out: &mut String) {
    out.push(' ');
    out.push_str(name);
    out.push_str("=\"");
    escape_attribute(value, out);
    out.push('"');
}
