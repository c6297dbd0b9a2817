//! XML of requests and replies as small trees, for filters and for data without a schema.

use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::ResolveResult;
use quick_xml::reader::NsReader;

use crate::error::RouterError;

/// Elements nested in each other at most. The sessions' own limit is the same.
const DEPTH_MAX: usize = 256;

/// An element with its namespace resolved.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Element {
    /// Namespace; empty for none.
    pub(crate) namespace: String,
    /// Name as written, with its prefix.
    name: String,
    /// Attributes as written, declarations included, each with a blank in front.
    raw_attributes: String,
    /// Attributes that are no namespace declarations, by name as written.
    pub(crate) attributes: Vec<(String, String)>,
    /// Character content, references resolved; empty where there are children.
    pub(crate) text: String,
    /// Child elements in order.
    pub(crate) children: Vec<Self>,
}

impl Element {
    /// An element that declares its namespace as the default one.
    pub(crate) fn new(namespace: &str, name: &str) -> Self {
        Self {
            namespace: namespace.to_owned(),
            name: name.to_owned(),
            raw_attributes: format!(" xmlns=\"{}\"", escaped(namespace)),
            ..Self::default()
        }
    }

    /// The same with a child of the same namespace that holds a text.
    pub(crate) fn with_leaf(mut self, name: &str, text: impl Into<String>) -> Self {
        let child = Self::inner(&self.namespace, name);
        self.children.push(Self { text: text.into(), ..child });
        self
    }

    /// The same with a child of the same namespace, filled by `fill`.
    pub(crate) fn with_child(mut self, name: &str, fill: impl FnOnce(Self) -> Self) -> Self {
        let child = Self::inner(&self.namespace, name);
        self.children.push(fill(child));
        self
    }

    fn inner(namespace: &str, name: &str) -> Self {
        Self { namespace: namespace.to_owned(), name: name.to_owned(), ..Self::default() }
    }

    /// Name without prefix.
    pub(crate) fn local(&self) -> &str {
        self.name.split_once(':').map_or(self.name.as_str(), |(_, local)| local)
    }

    /// Reads any number of elements.
    ///
    /// # Errors
    /// [`RouterError::BadXml`]: the sessions hand out checked XML only, so that this names a text
    /// that came from elsewhere.
    pub(crate) fn parse_all(xml: &str) -> Result<Vec<Self>, RouterError> {
        let mut reader = NsReader::from_str(xml);
        let mut open = vec![Self::default()];
        loop {
            let (resolved, event) = reader.read_resolved_event().map_err(|e| bad(&e))?;
            let namespace = match &resolved {
                ResolveResult::Bound(namespace) => namespace.as_ref().to_owned(),
                ResolveResult::Unbound => String::new(),
                ResolveResult::Unknown(prefix) => return Err(bad(&format!("prefix {prefix:?}"))),
            };
            match event {
                Event::Start(_) if open.len() > DEPTH_MAX => return Err(bad(&"nested too deep")),
                Event::Start(tag) => open.push(Self::of_tag(namespace, &tag)?),
                Event::Empty(tag) => {
                    let element = Self::of_tag(namespace, &tag)?;
                    last(&mut open).children.push(element);
                }
                Event::End(_) => {
                    let mut done = open.pop().unwrap_or_default();
                    if !done.children.is_empty() {
                        done.text.clear();
                    }
                    last(&mut open).children.push(done);
                }
                Event::Text(text) => last(&mut open).text.push_str(&text.xml10_content()),
                Event::CData(text) => last(&mut open).text.push_str(&text.xml10_content()),
                Event::GeneralRef(name) => {
                    let character = reference(&name).ok_or_else(|| bad(&"reference"))?;
                    last(&mut open).text.push(character);
                }
                Event::Eof => break,
                Event::Comment(_) | Event::PI(_) | Event::Decl(_) => {}
                Event::DocType(_) => return Err(bad(&"a document type")),
            }
        }
        match open.len() {
            1 => Ok(open.pop().unwrap_or_default().children),
            _ => Err(bad(&"an element is not closed")),
        }
    }

    fn of_tag(namespace: String, tag: &BytesStart<'_>) -> Result<Self, RouterError> {
        let mut element =
            Self { namespace, name: tag.name().as_ref().to_owned(), ..Self::default() };
        for attribute in tag.attributes() {
            let attribute = attribute.map_err(|e| bad(&e))?;
            let name: &str = attribute.key.as_ref();
            let value = attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|e| bad(&e))?;
            element.raw_attributes.push_str(&format!(" {name}=\"{}\"", escaped(&value)));
            if name != "xmlns" && !name.starts_with("xmlns:") {
                element.attributes.push((name.to_owned(), value.into_owned()));
            }
        }
        Ok(element)
    }

    /// A copy without children.
    pub(crate) fn shell(&self) -> Self {
        Self { children: Vec::new(), ..self.clone() }
    }

    /// Writes the element as XML.
    pub(crate) fn write(&self, out: &mut String) {
        out.push('<');
        out.push_str(&self.name);
        out.push_str(&self.raw_attributes);
        if self.text.is_empty() && self.children.is_empty() {
            out.push_str("/>");
            return;
        }
        out.push('>');
        out.push_str(&escaped(&self.text));
        self.children.iter().for_each(|child| child.write(out));
        out.push_str("</");
        out.push_str(&self.name);
        out.push('>');
    }
}

/// Writes elements one behind the other.
pub(crate) fn write_all(elements: &[Element]) -> String {
    let mut out = String::new();
    elements.iter().for_each(|element| element.write(&mut out));
    out
}

fn last(open: &mut [Element]) -> &mut Element {
    open.last_mut().expect("the whole text is never closed")
}

fn bad(reason: &dyn std::fmt::Display) -> RouterError {
    RouterError::BadXml { reason: reason.to_string() }
}

fn reference(name: &str) -> Option<char> {
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
    let code = match number.strip_prefix('x') {
        Some(hex) => u32::from_str_radix(hex, 16),
        None => number.parse(),
    };
    char::from_u32(code.ok()?)
}

/// Text with everything escaped that XML would read in another way, in content and attributes.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\r' => out.push_str("&#13;"),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests;
