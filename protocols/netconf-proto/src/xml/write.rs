//! Writing XML: escaped text, and elements that close themselves.

use std::borrow::Cow;

use super::is_char;

/// Text for element content. What XML cannot carry becomes U+FFFD; a carriage return is written as
/// a reference, or the reader would take it for a line end.
pub(crate) fn escape_text(text: &str) -> Cow<'_, str> {
    escape(text, |c| match c {
        '&' => Some("&amp;"),
        '<' => Some("&lt;"),
        '>' => Some("&gt;"),
        '\r' => Some("&#13;"),
        _ => None,
    })
}

/// Text for an attribute value in double quotes.
pub(crate) fn escape_attribute(text: &str) -> Cow<'_, str> {
    escape(text, |c| match c {
        '&' => Some("&amp;"),
        '<' => Some("&lt;"),
        '>' => Some("&gt;"),
        '"' => Some("&quot;"),
        '\t' => Some("&#9;"),
        '\n' => Some("&#10;"),
        '\r' => Some("&#13;"),
        _ => None,
    })
}

fn escape(text: &str, replacement: fn(char) -> Option<&'static str>) -> Cow<'_, str> {
    let replacement = |c| replacement(c).or((!is_char(c)).then_some("\u{fffd}"));
    if !text.chars().any(|c| replacement(c).is_some()) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match replacement(c) {
            Some(with) => out.push_str(with),
            None => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// Builds one message whose protocol elements share one prefix.
#[derive(Debug, Default)]
pub(crate) struct Writer {
    out: String,
    /// With its colon, or empty.
    prefix: String,
}

impl Writer {
    /// A writer of elements in the default namespace.
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// A writer whose elements carry `prefix`; empty for none.
    pub(crate) fn with_prefix(prefix: &str) -> Self {
        let prefix = if prefix.is_empty() { String::new() } else { format!("{prefix}:") };
        Self { out: String::new(), prefix }
    }

    pub(crate) fn finish(self) -> String {
        self.out
    }

    /// `<name>`, what `inside` writes, `</name>`.
    pub(crate) fn element(&mut self, name: &str, inside: impl FnOnce(&mut Self)) {
        self.element_with(name, "", inside);
    }

    /// As [`Self::element`], with attributes that are written already, each behind a blank.
    pub(crate) fn element_with(
        &mut self,
        name: &str,
        attributes: &str,
        inside: impl FnOnce(&mut Self),
    ) {
        self.push(&["<", &self.prefix.clone(), name, attributes, ">"]);
        let content = self.out.len();
        inside(self);
        if self.out.len() == content {
            self.out.truncate(content - 1);
            self.out.push_str("/>");
        } else {
            self.push(&["</", &self.prefix.clone(), name, ">"]);
        }
    }

    /// `<name/>`.
    pub(crate) fn empty(&mut self, name: &str) {
        self.element(name, |_| {});
    }

    /// `<name>text</name>`.
    pub(crate) fn leaf(&mut self, name: &str, text: &str) {
        self.element(name, |w| w.text(text));
    }

    /// A leaf that is left out when there is no value.
    pub(crate) fn optional(&mut self, name: &str, text: Option<&str>) {
        if let Some(text) = text {
            self.leaf(name, text);
        }
    }

    pub(crate) fn text(&mut self, text: &str) {
        self.out.push_str(&escape_text(text));
    }

    /// XML that was checked before.
    pub(crate) fn raw(&mut self, xml: &str) {
        self.out.push_str(xml);
    }

    /// Writes elements of another namespace: they carry no prefix, `name` declares the default.
    pub(crate) fn foreign(&mut self, name: &str, namespace: &str, inside: impl FnOnce(&mut Self)) {
        let prefix = std::mem::take(&mut self.prefix);
        self.element_with(name, &format!(" xmlns=\"{namespace}\""), inside);
        self.prefix = prefix;
    }

    fn push(&mut self, parts: &[&str]) {
        self.out.extend(parts.iter().copied());
    }
}
