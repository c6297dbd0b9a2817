//! The one pass that checks a piece of XML and keeps the elements asked for.

use std::rc::Rc;

use quick_xml::events::{BytesDecl, BytesStart, Event};
use quick_xml::reader::Reader;

use super::{Attribute, Binding, Descend, Document, Element, Node, bad, declarations, name};
use crate::error::Error;
use crate::limits::Limits;

/// What kind of piece is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// A message: an XML declaration is allowed, text beside the root is not.
    Message,
    /// What stood inside an element; its elements are kept.
    Content,
    /// What is to be put into an element: nothing is kept but where a top element needs its
    /// default namespace undeclared.
    Embedded,
}

/// The namespace that the prefix `xml` always has.
const XML: &str = "http://www.w3.org/XML/1998/namespace";
/// The namespace of declarations, which no element or attribute may use.
const XMLNS: &str = "http://www.w3.org/2000/xmlns/";

/// Checks `text`.
///
/// # Errors
/// [`Error::BadXml`], [`Error::RefusedXml`], [`Error::XmlLimit`].
pub(super) fn scan<'a>(
    text: &'a str,
    limits: &Limits,
    shape: Shape,
    descend: Descend,
) -> Result<Document<'a>, Error> {
    if let Some(at) = name::find_bad_char(text) {
        return Err(bad(at, "a character that XML does not allow"));
    }
    let mut scanner = Scanner::new(text, limits, shape, descend);
    let mut reader = Reader::from_str(text);
    loop {
        scanner.at = offset(reader.buffer_position());
        let event = reader
            .read_event()
            .map_err(|e| bad(offset(reader.error_position()), &e.to_string()))?;
        let end = offset(reader.buffer_position());
        if matches!(event, Event::Eof) {
            return scanner.finish();
        }
        scanner.event(&event, end)?;
    }
}

fn offset(position: u64) -> usize {
    usize::try_from(position).expect("a position within a str")
}

struct Scanner<'a, 'l> {
    document: Document<'a>,
    limits: &'l Limits,
    shape: Shape,
    descend: Descend,
    open: Vec<Open>,
    /// The innermost binding in scope.
    scope: Option<usize>,
    /// Where the event at hand starts.
    at: usize,
    /// The last insertion made, for the next neighbour.
    last: Option<Insertion>,
    /// The top element being read: where a declaration can go, and whether it needs one.
    top: Option<Top>,
}

/// An element that is not closed yet.
struct Open {
    kept: Option<usize>,
    /// Whether its children are kept as elements.
    descend: bool,
    /// What `scope` was outside of it, and how many bindings there were.
    outer_scope: Option<usize>,
    bindings: usize,
}

/// What elements inside `parent` with these declarations of their own lack.
struct Insertion {
    parent: usize,
    own: Vec<String>,
    text: Rc<str>,
}

struct Top {
    place: usize,
    declares_default: bool,
    has_bare_names: bool,
}

impl<'a, 'l> Scanner<'a, 'l> {
    fn new(text: &'a str, limits: &'l Limits, shape: Shape, descend: Descend) -> Self {
        let whole = Node { outer: 0..text.len(), inner: 0..text.len(), ..Node::default() };
        let document = Document {
            text,
            nodes: vec![whole],
            bindings: Vec::new(),
            top_elements: 0,
            top_text: false,
        };
        let root = Open {
            kept: Some(0),
            descend: shape != Shape::Embedded,
            outer_scope: None,
            bindings: 0,
        };
        Self {
            document,
            limits,
            shape,
            descend,
            open: vec![root],
            scope: None,
            at: 0,
            last: None,
            top: None,
        }
    }

    fn finish(mut self) -> Result<Document<'a>, Error> {
        if self.open.len() > 1 {
            return Err(bad(self.at, "an element is not closed"));
        }
        self.document.bindings.shrink_to_fit();
        Ok(self.document)
    }

    fn event(&mut self, event: &Event<'_>, end: usize) -> Result<(), Error> {
        match event {
            Event::Start(tag) => self.start(tag, end),
            Event::Empty(tag) => {
                self.start(tag, end)?;
                self.end(end, end);
                Ok(())
            }
            Event::End(_) => {
                self.end(self.at, end);
                Ok(())
            }
            Event::Text(text) => self.characters(text.trim().is_empty()),
            Event::CData(_) => self.characters(false),
            Event::GeneralRef(reference) => match name::reference(reference) {
                Some(_) => self.characters(false),
                None => Err(self.refused_reference(reference)),
            },
            Event::Decl(declaration) => self.declaration(declaration),
            Event::DocType(_) => {
                Err(Error::RefusedXml { offset: self.at, what: "a document type" })
            }
            Event::Comment(_) | Event::PI(_) | Event::Eof => Ok(()),
        }
    }

    fn refused_reference(&self, reference: &str) -> Error {
        if reference.starts_with('#') {
            bad(self.at, "a reference to a character that XML does not allow")
        } else {
            Error::RefusedXml { offset: self.at, what: "a reference to an entity of its own" }
        }
    }

    fn characters(&mut self, blank: bool) -> Result<(), Error> {
        if self.open.len() > 1 || blank {
            return Ok(());
        }
        self.document.top_text = true;
        match self.shape {
            Shape::Message => Err(bad(self.at, "text outside of the root element")),
            Shape::Content | Shape::Embedded => Ok(()),
        }
    }

    /// The declaration may follow blank lines: some devices write one behind their framing.
    fn declaration(&self, declaration: &BytesDecl<'_>) -> Result<(), Error> {
        if self.shape != Shape::Message || self.document.top_elements > 0 || self.open.len() > 1 {
            return Err(bad(self.at, "an XML declaration in the middle"));
        }
        match declaration.encoding() {
            None => Ok(()),
            Some(Ok(name)) if name.eq_ignore_ascii_case("utf-8") => Ok(()),
            Some(Ok(name)) if name.eq_ignore_ascii_case("us-ascii") => Ok(()),
            Some(_) => Err(bad(self.at, "the encoding must be UTF-8")),
        }
    }

    fn start(&mut self, tag: &BytesStart<'_>, end: usize) -> Result<(), Error> {
        if self.open.len() > self.limits.depth_max {
            return Err(self.limit("levels of nesting", self.limits.depth_max));
        }
        let outer_scope = self.scope;
        let bindings = self.document.bindings.len();
        let mut attributes = self.attributes(tag)?;
        let (prefix, _) = self.split(tag.name().into_inner())?;
        let namespace = self.element_namespace(prefix)?;
        self.resolve_attributes(&mut attributes)?;
        let place = self.at + 1 + tag.name().into_inner().len();
        let declared = self.document.bindings.len() - bindings;
        self.note_top(place, declared, prefix.is_empty() && namespace.is_none());
        let node = Node {
            prefix: prefix.len(),
            name: self.at + 1..place,
            namespace,
            attributes: attributes.into_iter().map(|(_, a)| a).collect(),
            raw_attributes: place..place + tag.attributes_raw().trim_end().len(),
            outer: self.at..end,
            inner: end..end,
            scope: self.scope,
            declared,
            ..Node::default()
        };
        let kept = self.admit(node, place)?;
        let descend =
            kept.is_some_and(|index| (self.descend)(Element { document: &self.document, index }));
        self.open.push(Open { kept, descend, outer_scope, bindings });
        Ok(())
    }

    /// Keeps the element, or notes what it lacks where it stays text directly inside a kept one.
    fn admit(&mut self, mut node: Node, place: usize) -> Result<Option<usize>, Error> {
        let parent = self.open.last().expect("the whole text is always open");
        match parent.kept {
            Some(parent_index) if parent.descend => {
                node.parent = parent_index;
                self.keep(node).map(Some)
            }
            Some(parent_index) if self.shape != Shape::Embedded => {
                self.insert(parent_index, place, node.declared);
                Ok(None)
            }
            _ => Ok(None),
        }
    }

    /// Keeps account of the top element being read.
    fn note_top(&mut self, place: usize, declared: usize, bare: bool) {
        if self.open.len() == 1 {
            self.document.top_elements += 1;
            let declares_default = self.document.own(self.scope, declared).contains(&"");
            self.top = Some(Top { place, declares_default, has_bare_names: false });
        }
        if let Some(top) = &mut self.top {
            top.has_bare_names |= bare;
        }
    }

    fn end(&mut self, inner_end: usize, end: usize) {
        // The tokenizer has refused an end tag without its start tag.
        let Some(closed) = self.open.pop_if(|o| o.kept != Some(0)) else { return };
        self.scope = closed.outer_scope;
        match closed.kept {
            Some(index) => {
                let node = &mut self.document.nodes[index];
                node.inner.end = inner_end;
                node.outer.end = end;
            }
            None => self.document.bindings.truncate(closed.bindings),
        }
        if self.open.len() == 1 {
            self.close_top();
        }
    }

    /// Notes where the default namespace has to be undeclared for the top element just read.
    fn close_top(&mut self) {
        let Some(top) = self.top.take() else { return };
        if self.shape == Shape::Embedded && top.has_bare_names && !top.declares_default {
            self.document.nodes[0].insertions.push((top.place, Rc::from(" xmlns=\"\"")));
        }
    }

    fn keep(&mut self, node: Node) -> Result<usize, Error> {
        let index = self.document.nodes.len();
        if index > self.limits.elements_max {
            return Err(self.limit("elements", self.limits.elements_max));
        }
        let parent = &mut self.document.nodes[node.parent];
        let previous = parent.last_child.replace(index);
        parent.first_child.get_or_insert(index);
        if let Some(previous) = previous {
            self.document.nodes[previous].next = Some(index);
        }
        self.document.nodes.push(node);
        Ok(index)
    }

    /// Notes what an element lacks to stand outside of `parent`, whose content stays text.
    fn insert(&mut self, parent: usize, place: usize, declared: usize) {
        let own = self.document.own(self.scope, declared);
        let known = self.last.as_ref().filter(|last| last.parent == parent && last.own == own);
        let text = match known {
            Some(last) => Rc::clone(&last.text),
            None => {
                let inherited = self.document.in_scope(self.document.nodes[parent].scope);
                let text: Rc<str> = Rc::from(declarations(&inherited, &own));
                let own = own.into_iter().map(str::to_owned).collect();
                self.last = Some(Insertion { parent, own, text: Rc::clone(&text) });
                text
            }
        };
        if !text.is_empty() {
            self.document.nodes[parent].insertions.push((place, text));
        }
    }

    /// Checks the attributes, brings declarations into scope, and gives the others with their
    /// prefix; those of elements that are not kept are given too, since prefixes are checked later.
    fn attributes(&mut self, tag: &BytesStart<'_>) -> Result<Vec<(String, Attribute)>, Error> {
        let mut plain = Vec::new();
        for (count, attribute) in tag.attributes().enumerate() {
            let attribute = attribute.map_err(|e| bad(self.at, &e.to_string()))?;
            if count >= self.limits.attributes_max {
                return Err(self.limit("attributes", self.limits.attributes_max));
            }
            let key = attribute.key.into_inner();
            let (prefix, local) = self.split(key)?;
            let value = name::attribute_value(&attribute.value)
                .ok_or_else(|| bad(self.at, &format!("bad value of attribute {key}")))?;
            match (prefix, local) {
                ("", "xmlns") => self.bind("", value)?,
                ("xmlns", declared) => self.bind(declared, value)?,
                _ => {
                    let namespace = String::new();
                    let attribute = Attribute { namespace, name: local.to_owned(), value };
                    plain.push((prefix.to_owned(), attribute));
                }
            }
        }
        Ok(plain)
    }

    /// Fills in the namespaces of the attributes and refuses two of the same name in one.
    fn resolve_attributes(&self, attributes: &mut [(String, Attribute)]) -> Result<(), Error> {
        for (prefix, attribute) in attributes.iter_mut().filter(|(p, _)| !p.is_empty()) {
            attribute.namespace = match prefix.as_str() {
                "xml" => XML.to_owned(),
                _ => {
                    let binding = self.lookup(prefix).ok_or_else(|| self.unbound(prefix))?;
                    self.document.bindings[binding].uri.clone()
                }
            };
        }
        let mut names: Vec<(&str, &str)> = attributes
            .iter()
            .filter(|(prefix, _)| !prefix.is_empty())
            .map(|(_, a)| (a.namespace.as_str(), a.name.as_str()))
            .collect();
        names.sort_unstable();
        match names.windows(2).any(|pair| pair[0] == pair[1]) {
            true => Err(bad(self.at, "an attribute stands twice under two prefixes")),
            false => Ok(()),
        }
    }

    /// Brings a namespace declaration into scope (Namespaces in XML 1.0 sections 3 and 5).
    fn bind(&mut self, prefix: &str, uri: String) -> Result<(), Error> {
        let reserved = uri == XMLNS || prefix == "xmlns" || (prefix == "xml") != (uri == XML);
        if reserved || (!prefix.is_empty() && uri.is_empty()) {
            return Err(bad(self.at, &format!("bad declaration of prefix '{prefix}'")));
        }
        if prefix == "xml" {
            return Ok(());
        }
        let count = 1 + self.scope.map_or(0, |outer| self.document.bindings[outer].count);
        if count > self.limits.namespaces_max {
            return Err(self.limit("namespaces in scope", self.limits.namespaces_max));
        }
        let binding = Binding { prefix: prefix.to_owned(), uri, outer: self.scope, count };
        self.scope = Some(self.document.bindings.len());
        self.document.bindings.push(binding);
        Ok(())
    }

    fn element_namespace(&self, prefix: &str) -> Result<Option<usize>, Error> {
        match (self.lookup(prefix), prefix) {
            (found, "") | (found @ Some(_), _) => Ok(found),
            (None, _) => Err(self.unbound(prefix)),
        }
    }

    fn lookup(&self, prefix: &str) -> Option<usize> {
        let mut scope = self.scope;
        while let Some(at) = scope {
            let binding = &self.document.bindings[at];
            if binding.prefix == prefix {
                return Some(at);
            }
            scope = binding.outer;
        }
        None
    }

    /// Splits a name at its colon and checks both parts.
    fn split<'n>(&self, name: &'n str) -> Result<(&'n str, &'n str), Error> {
        let (prefix, local) = name.split_once(':').unwrap_or(("", name));
        let colon_alone = prefix.is_empty() && name.starts_with(':');
        if colon_alone || !name::is_name(local) || !(prefix.is_empty() || name::is_name(prefix)) {
            return Err(bad(self.at, &format!("bad name '{}'", shortened(name))));
        }
        Ok((prefix, local))
    }

    fn unbound(&self, prefix: &str) -> Error {
        bad(self.at, &format!("prefix '{}' is not declared", shortened(prefix)))
    }

    const fn limit(&self, what: &'static str, limit: usize) -> Error {
        Error::XmlLimit { offset: self.at, what, limit }
    }
}

/// A name from the peer, short enough for a message.
fn shortened(name: &str) -> &str {
    match name.char_indices().nth(64) {
        Some((end, _)) => &name[..end],
        None => name,
    }
}
