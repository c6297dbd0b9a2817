//! XML as this protocol needs it: the elements of the protocol as a small tree, everything inside
//! `<config>`, `<data>` and `<filter>` as checked text that can stand alone.
//!
//! One pass over a message checks all of it (nesting, names, namespace prefixes, references,
//! characters; no document type, no entities but the five of XML itself) and keeps only the
//! elements that the codecs read. A piece cut out of a message is given every namespace
//! declaration that was in scope, since values inside it (identityrefs, instance-identifiers) may
//! use a prefix that no element name uses.

mod embed;
mod name;
mod scan;
mod write;

pub(crate) use embed::{Content, embed};
pub(crate) use name::{is_char, is_name};
pub(crate) use write::{Writer, escape_attribute};

use std::borrow::Cow;
use std::ops::Range;

use quick_xml::events::Event;
use quick_xml::reader::Reader;

use crate::error::Error;
use crate::limits::Limits;

/// Namespace of the protocol itself (RFC 6241).
pub(crate) const BASE: &str = "urn:ietf:params:xml:ns:netconf:base:1.0";
/// Namespace of notifications (RFC 5277).
pub(crate) const NOTIFICATION: &str = "urn:ietf:params:xml:ns:netconf:notification:1.0";
/// Namespace of ietf-netconf-monitoring (RFC 6022).
pub(crate) const MONITORING: &str = "urn:ietf:params:xml:ns:yang:ietf-netconf-monitoring";
/// Namespace of ietf-netconf-with-defaults (RFC 6243).
pub(crate) const WITH_DEFAULTS: &str = "urn:ietf:params:xml:ns:yang:ietf-netconf-with-defaults";
/// Namespace of ietf-yang-library (RFC 7895, RFC 8525).
pub(crate) const YANG_LIBRARY: &str = "urn:ietf:params:xml:ns:yang:ietf-yang-library";

/// Tells whether the children of an element are kept as elements (`true`) or as text.
pub(crate) type Descend = fn(Element<'_>) -> bool;

/// A checked piece of XML. Element 0 is not an element but the whole text.
#[derive(Debug)]
pub(crate) struct Document<'a> {
    text: &'a str,
    nodes: Vec<Node>,
    bindings: Vec<Binding>,
    /// How many elements stand at the top, kept or not.
    top_elements: usize,
    /// Whether text other than white space stands beside them.
    top_text: bool,
}

/// One kept element.
#[derive(Debug, Default)]
struct Node {
    /// Bytes in front of the colon of the name, 0 when there is none.
    prefix: usize,
    /// The whole name, within the text.
    name: Range<usize>,
    /// The binding of the namespace; `None` for no namespace.
    namespace: Option<usize>,
    attributes: Vec<Attribute>,
    /// All attributes as they stand in the start tag.
    raw_attributes: Range<usize>,
    /// From `<` of the start tag to behind `>` of the end tag.
    outer: Range<usize>,
    inner: Range<usize>,
    /// Bindings in scope inside the element, and how many of them it declares itself.
    scope: Option<usize>,
    declared: usize,
    parent: usize,
    first_child: Option<usize>,
    last_child: Option<usize>,
    next: Option<usize>,
    /// For an element kept as text: what to insert where, so that its content stands alone.
    insertions: Vec<(usize, std::rc::Rc<str>)>,
}

/// One namespace declaration; those in scope form a chain.
#[derive(Debug)]
struct Binding {
    /// Empty for the default namespace.
    prefix: String,
    /// Empty when the default namespace is undeclared.
    uri: String,
    outer: Option<usize>,
    /// Length of the chain from here.
    count: usize,
}

/// An attribute that is no namespace declaration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribute {
    /// Namespace; empty for an attribute without prefix.
    pub namespace: String,
    /// Name without prefix.
    pub name: String,
    /// Value, references resolved.
    pub value: String,
}

/// The text of a message.
///
/// # Errors
/// [`Error::NotUtf8`].
pub(crate) fn text_of(message: &[u8]) -> Result<&str, Error> {
    std::str::from_utf8(message).map_err(|e| Error::NotUtf8 { offset: e.valid_up_to() })
}

/// The text behind the byte order mark that it may begin with. The reader would pass over the mark
/// and not count it, and every slice would be cut at a wrong place.
fn unmarked(text: &str) -> &str {
    text.trim_start_matches('\u{feff}')
}

impl<'a> Document<'a> {
    /// Checks a message and keeps the elements that `descend` admits.
    ///
    /// # Errors
    /// [`Error::BadXml`], [`Error::RefusedXml`], [`Error::XmlLimit`].
    pub(crate) fn parse(text: &'a str, limits: &Limits, descend: Descend) -> Result<Self, Error> {
        let document = scan::scan(unmarked(text), limits, scan::Shape::Message, descend)?;
        match document.top_elements {
            1 => Ok(document),
            0 => Err(bad(text.len(), "no element")),
            _ => {
                let second = document.nodes[0].last_child.map(|n| document.nodes[n].outer.start);
                Err(bad(second.unwrap_or(0), "more than one root element"))
            }
        }
    }

    /// Checks a piece that may have any number of elements at the top, and keeps all of them.
    ///
    /// # Errors
    /// As [`Self::parse`].
    pub(crate) fn parse_content(text: &'a str, limits: &Limits) -> Result<Self, Error> {
        scan::scan(unmarked(text), limits, scan::Shape::Content, |_| true)
    }

    /// The root element of a message.
    pub(crate) fn root(&self) -> Element<'_> {
        self.top().children().next().unwrap_or_else(|| self.top())
    }

    /// The whole text, as the parent of its top elements.
    pub(crate) const fn top(&self) -> Element<'_> {
        Element { document: self, index: 0 }
    }

    /// The declarations in scope at `scope`, innermost first, each prefix once.
    fn in_scope(&self, mut scope: Option<usize>) -> Vec<&Binding> {
        let mut seen: Vec<&Binding> = Vec::new();
        while let Some(at) = scope {
            let binding = &self.bindings[at];
            if !seen.iter().any(|b| b.prefix == binding.prefix) {
                seen.push(binding);
            }
            scope = binding.outer;
        }
        seen.retain(|b| !b.uri.is_empty());
        seen
    }
}

/// A kept element.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Element<'d> {
    document: &'d Document<'d>,
    index: usize,
}

impl<'d> Element<'d> {
    fn node(self) -> &'d Node {
        &self.document.nodes[self.index]
    }

    fn slice(self, range: &Range<usize>) -> &'d str {
        &self.document.text[range.clone()]
    }

    /// Name without prefix.
    pub(crate) fn local(self) -> &'d str {
        let name = self.slice(&self.node().name);
        match self.node().prefix {
            0 => name,
            prefix => &name[prefix + 1..],
        }
    }

    /// Prefix of the name; empty for none.
    pub(crate) fn prefix(self) -> &'d str {
        &self.slice(&self.node().name)[..self.node().prefix]
    }

    /// Namespace of the name; empty for none.
    pub(crate) fn namespace(self) -> &'d str {
        self.node().namespace.map_or("", |b| self.document.bindings[b].uri.as_str())
    }

    pub(crate) fn is(self, namespace: &str, local: &str) -> bool {
        self.local() == local && self.namespace() == namespace
    }

    /// Where the element starts, for errors.
    pub(crate) fn offset(self) -> usize {
        self.node().outer.start
    }

    /// Its depth: 1 for a root element.
    pub(crate) fn depth(self) -> usize {
        let mut depth = 0;
        let mut index = self.index;
        while index != 0 {
            depth += 1;
            index = self.document.nodes[index].parent;
        }
        depth
    }

    pub(crate) fn attributes(self) -> &'d [Attribute] {
        &self.node().attributes
    }

    /// The value of an attribute; `namespace` is empty for one without prefix.
    pub(crate) fn attribute(self, namespace: &str, name: &str) -> Option<&'d str> {
        let mut all = self.attributes().iter();
        let found = all.find(|a| a.name == name && a.namespace == namespace)?;
        Some(found.value.as_str())
    }

    /// All attributes as they stand in the start tag, declarations included.
    pub(crate) fn raw_attributes(self) -> &'d str {
        self.slice(&self.node().raw_attributes)
    }

    /// The child elements that were kept.
    pub(crate) fn children(self) -> impl Iterator<Item = Self> {
        let document = self.document;
        let mut at = self.node().first_child;
        std::iter::from_fn(move || {
            let index = at?;
            at = document.nodes[index].next;
            Some(Self { document, index })
        })
    }

    /// The first child with this name.
    pub(crate) fn child(self, namespace: &str, local: &str) -> Option<Self> {
        self.children().find(|c| c.is(namespace, local))
    }

    /// The namespace declarations in scope: prefix (empty for the default) and URI.
    pub(crate) fn namespaces(self) -> Vec<(String, String)> {
        let mut all: Vec<_> = self
            .document
            .in_scope(self.node().scope)
            .into_iter()
            .map(|b| (b.prefix.clone(), b.uri.clone()))
            .collect();
        all.sort();
        all
    }

    /// The character content, references resolved and line ends normalised.
    ///
    /// # Errors
    /// [`Error::BadXml`] when there are elements inside.
    pub(crate) fn text(self) -> Result<String, Error> {
        let mut reader = Reader::from_str(self.slice(&self.node().inner));
        let mut text = String::new();
        loop {
            let event = reader.read_event().map_err(|e| bad(self.offset(), &e.to_string()))?;
            match event {
                Event::Text(t) => text.push_str(&t.xml10_content()),
                Event::CData(t) => text.push_str(&t.xml10_content()),
                Event::GeneralRef(r) => {
                    text.push(name::reference(&r).ok_or_else(|| bad(self.offset(), "reference"))?);
                }
                Event::Eof => return Ok(text),
                Event::Comment(_) | Event::PI(_) => {}
                _ => {
                    let reason = format!("<{}> holds elements, text was expected", self.local());
                    return Err(bad(self.offset(), &reason));
                }
            }
        }
    }

    /// [`Self::text`] without white space around it.
    pub(crate) fn trimmed(self) -> Result<String, Error> {
        let text = self.text()?;
        Ok(text.trim().to_owned())
    }

    /// The element itself as text that stands alone.
    pub(crate) fn fragment(self) -> String {
        let mut out = String::with_capacity(self.node().outer.len() + 64);
        self.write_alone(&mut out);
        out
    }

    /// The content as text; each element at its top stands alone.
    pub(crate) fn inner_fragment(self) -> String {
        let node = self.node();
        let mut out = String::with_capacity(node.inner.len() + 64);
        let mut at = node.inner.start;
        for (place, declarations) in &node.insertions {
            out.push_str(&self.document.text[at..*place]);
            out.push_str(declarations);
            at = *place;
        }
        for child in self.children() {
            out.push_str(&self.document.text[at..child.node().outer.start]);
            child.write_alone(&mut out);
            at = child.node().outer.end;
        }
        out.push_str(&self.document.text[at..node.inner.end]);
        out
    }

    /// Writes the element with the declarations that it inherits.
    fn write_alone(self, out: &mut String) {
        let node = self.node();
        let split = node.name.end;
        out.push_str(&self.document.text[node.outer.start..split]);
        let inherited = self.document.in_scope(self.document.nodes[node.parent].scope);
        let own = self.document.own(node.scope, node.declared);
        out.push_str(&declarations(&inherited, &own));
        out.push_str(&self.document.text[split..node.outer.end]);
    }
}

impl Document<'_> {
    /// The prefixes that the innermost `count` declarations of `scope` bind.
    fn own(&self, mut scope: Option<usize>, count: usize) -> Vec<&str> {
        let mut own = Vec::with_capacity(count);
        for _ in 0..count {
            let Some(at) = scope else { break };
            own.push(self.bindings[at].prefix.as_str());
            scope = self.bindings[at].outer;
        }
        own
    }
}

/// The declarations of `inherited` that `own` does not replace, as attributes.
fn declarations(inherited: &[&Binding], own: &[&str]) -> String {
    let mut out = String::new();
    for binding in inherited.iter().filter(|b| !own.contains(&b.prefix.as_str())) {
        let colon = if binding.prefix.is_empty() { "" } else { ":" };
        let uri = escape_attribute(&binding.uri);
        out.push_str(&format!(" xmlns{colon}{}=\"{uri}\"", binding.prefix));
    }
    out
}

/// [`Error::BadXml`] with a reason.
pub(crate) fn bad(offset: usize, reason: &str) -> Error {
    Error::BadXml { offset, reason: reason.to_owned() }
}

/// A name with its prefix, for messages about an element.
pub(crate) fn display_name(element: Element<'_>) -> Cow<'_, str> {
    match element.prefix() {
        "" => Cow::Borrowed(element.local()),
        prefix => Cow::Owned(format!("{prefix}:{}", element.local())),
    }
}

#[cfg(test)]
mod tests;
