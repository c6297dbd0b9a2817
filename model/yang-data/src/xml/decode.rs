//! Reading XML.

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};
use yang::{NodeId, NodeKind, Schema};

use super::attributes::{self, RawMark};
use super::namespaces::{Namespace, Scope, Scopes};
use super::{NAMESPACE_NETCONF, NAMESPACE_RESTCONF, any};
use crate::decode::{DecodeOptions, Sink, StateData, Unknown};
use crate::edit::{Mark, Operation};
use crate::path::suggestion;
use crate::{AnyData, Fault, Names, Types};

/// Reads the children of `parent` into a sink.
pub(super) fn run<'t, S: Sink<'t>>(
    types: &Types,
    parent: NodeId,
    text: &'t str,
    options: &DecodeOptions,
    sink: &mut S,
) {
    let mut decoder = Decoder {
        types,
        schema: types.schema(),
        options,
        text,
        reader: Reader::from_str(text),
        scopes: Scopes::new(types.schema(), &options.namespaces),
        levels: vec![Level { node: parent, scope: Scope::default(), is_envelope: true }],
        leaf: None,
        skipping: 0,
        sink,
    };
    decoder.run();
}

struct Decoder<'a, 't, S> {
    types: &'a Types,
    schema: &'a Schema,
    options: &'a DecodeOptions,
    text: &'t str,
    reader: Reader<&'t [u8]>,
    scopes: Scopes<'a>,
    /// Open containers, entries and envelopes; the first one stands for the text itself.
    levels: Vec<Level>,
    leaf: Option<Leaf<'t>>,
    /// Open elements of a subtree that is passed over.
    skipping: usize,
    sink: &'a mut S,
}

/// An open element that has element children.
struct Level {
    node: NodeId,
    /// To go back to behind it.
    scope: Scope,
    is_envelope: bool,
}

/// An element's name.
struct Name<'n> {
    prefix: Option<&'n str>,
    local: &'n str,
}

impl<'n> Name<'n> {
    fn of(tag: &'n BytesStart<'_>) -> Self {
        let qualified = tag.name().into_inner();
        match qualified.bytes().position(|byte| byte == b':') {
            None => Self { prefix: None, local: qualified },
            Some(at) => Self { prefix: Some(&qualified[..at]), local: &qualified[at + 1..] },
        }
    }
}

/// An open leaf or leaf-list entry.
struct Leaf<'t> {
    node: NodeId,
    at: usize,
    text: Cow<'t, str>,
    mark: Option<Box<Mark>>,
    scope: Scope,
}

/// Whether reading can go on.
type Outcome = Result<(), ()>;

/// Whether an element waits for its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Opened {
    Yes,
    No,
}

impl<'t, S: Sink<'t>> Decoder<'_, 't, S> {
    fn run(&mut self) {
        loop {
            let at = self.position();
            let outcome = match self.reader.read_event() {
                Ok(Event::Eof) => break,
                Ok(event) => self.event(event, at),
                Err(error) => {
                    let at = usize::try_from(self.reader.error_position()).unwrap_or(at);
                    self.fail(at, Fault::Syntax(error.to_string()))
                }
            };
            if outcome.is_err() || self.sink.errors().is_full() {
                return;
            }
        }
        if self.levels.len() > 1 || self.leaf.is_some() || self.skipping > 0 {
            let message = "the text ends inside an element".to_owned();
            self.report(None, self.text.len(), Fault::Syntax(message));
        }
    }

    fn event(&mut self, event: Event<'t>, at: usize) -> Outcome {
        if self.skipping > 0 {
            match event {
                Event::Start(_) => self.skipping += 1,
                Event::End(_) => self.skipping -= 1,
                Event::DocType(_) => return self.fail(at, Fault::DocumentType),
                _ => {}
            }
            return Ok(());
        }
        match event {
            Event::Start(tag) => {
                self.open(&tag, at, false);
                Ok(())
            }
            Event::Empty(tag) => {
                if self.open(&tag, at, true) == Opened::Yes {
                    self.close();
                }
                self.skipping = 0;
                Ok(())
            }
            Event::End(_) => {
                self.close();
                Ok(())
            }
            Event::Text(text) => self.characters(at, text.into_inner()),
            Event::CData(text) => self.characters(at, text.into_inner()),
            Event::GeneralRef(reference) => self.reference(at, &reference),
            Event::DocType(_) => self.fail(at, Fault::DocumentType),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::Eof => Ok(()),
        }
    }

    /// An element begins. Unless it could be used, it is passed over with everything in it.
    fn open(&mut self, tag: &BytesStart<'t>, at: usize, is_empty: bool) -> Opened {
        self.skipping = 1;
        if let Some(leaf) = &self.leaf {
            let (node, found) = (leaf.node, format!("element '{}'", tag.name().into_inner()));
            self.report(Some(node), at, shape("a value", &found));
            return Opened::No;
        }
        let scope = self.scopes.scope();
        let opened = self.begin(tag, at, scope, is_empty);
        match opened {
            Some(opened) => {
                self.skipping = 0;
                opened
            }
            None => {
                self.scopes.restore(scope);
                Opened::No
            }
        }
    }

    fn begin(
        &mut self,
        tag: &BytesStart<'t>,
        at: usize,
        scope: Scope,
        is_empty: bool,
    ) -> Option<Opened> {
        let mark = if tag.attributes_raw().is_empty() {
            None
        } else {
            match attributes::read(tag, &mut self.scopes) {
                Ok(mark) => mark,
                Err(fault) => return self.refuse(None, at, fault),
            }
        };
        let name = Name::of(tag);
        if self.is_envelope(&name) {
            let node = self.top();
            self.levels.push(Level { node, scope, is_envelope: true });
            return Some(Opened::Yes);
        }
        let node = match self.child(&name) {
            Ok(node) => node,
            Err(_) if self.options.unknown == Unknown::Skip => return None,
            Err(fault) => return self.refuse(None, at, fault),
        };
        let definition = self.schema.node(node);
        if !definition.is_config() && self.options.state != StateData::Keep {
            return match self.options.state {
                StateData::Skip => None,
                _ => self.refuse(Some(node), at, Fault::StateData),
            };
        }
        let mark = match mark {
            None => None,
            Some(mark) => self.mark(node, at, &mark)?,
        };
        match definition.kind() {
            NodeKind::Leaf | NodeKind::LeafList => {
                self.leaf = Some(Leaf { node, at, text: Cow::Borrowed(""), mark, scope });
            }
            NodeKind::AnyData | NodeKind::AnyXml => {
                self.any(tag, node, at, mark, is_empty);
                self.scopes.restore(scope);
                return Some(Opened::No);
            }
            _ => {
                if self.levels.len() > self.options.depth() {
                    let limit = self.options.depth();
                    return self.refuse(Some(node), at, Fault::TooDeep { limit });
                }
                self.sink.enter(node, at, mark);
                self.levels.push(Level { node, scope, is_envelope: false });
            }
        }
        Some(Opened::Yes)
    }

    fn mark(&mut self, node: NodeId, at: usize, raw: &RawMark) -> Option<Option<Box<Mark>>> {
        if !S::EDITS {
            self.report(Some(node), at, raw.out_of_place());
            return None;
        }
        let scopes = &self.scopes;
        match raw.resolve(self.types, node, &|prefix| scopes.module(prefix)) {
            Ok(mark) => Some(Some(Box::new(mark))),
            Err(fault) => {
                self.report(Some(node), at, fault);
                None
            }
        }
    }

    /// `data` or `config` round top-level nodes, in the namespace of NETCONF, RESTCONF or none.
    fn is_envelope(&self, name: &Name<'_>) -> bool {
        self.levels.len() == 1
            && matches!(name.local, "data" | "config")
            && match self.namespace(name) {
                Ok(None) => true,
                Ok(Some(namespace)) => {
                    matches!(namespace.uri.as_str(), NAMESPACE_NETCONF | NAMESPACE_RESTCONF)
                }
                Err(_) => false,
            }
    }

    /// The namespace of an element.
    fn namespace(&self, name: &Name<'_>) -> Result<Option<&Namespace>, Fault> {
        match name.prefix {
            None => Ok(self.scopes.default()),
            Some(prefix) => match self.scopes.of_prefix(prefix) {
                Some(namespace) => Ok(Some(namespace)),
                None => Err(Fault::UnboundPrefix(prefix.to_owned())),
            },
        }
    }

    /// The schema node of an element.
    fn child(&self, name: &Name<'_>) -> Result<NodeId, Fault> {
        let parent = self.top();
        let local = name.local;
        let suggest = || match self.options.unknown {
            Unknown::Refuse => suggestion(self.schema, parent, local),
            Unknown::Skip => None,
        };
        let namespace = self.namespace(name)?.ok_or_else(|| Fault::Unqualified {
            name: local.to_owned(),
            what: "namespace",
            suggestion: suggest(),
        })?;
        let module =
            namespace.module.ok_or_else(|| Fault::UnknownNamespace(namespace.uri.clone()))?;
        self.schema.data_child(parent, Some(module), local).ok_or_else(|| Fault::UnknownNode {
            name: format!("{}:{local}", self.schema.module(module).name()),
            suggestion: suggest(),
        })
    }

    fn any(
        &mut self,
        tag: &BytesStart<'t>,
        node: NodeId,
        at: usize,
        mark: Option<Box<Mark>>,
        is_empty: bool,
    ) {
        let inner = if is_empty {
            Ok(String::new())
        } else {
            let end = tag.to_end().into_owned();
            let raw = self.reader.read_text(end.name());
            raw.and_then(|raw| any::capsule(&raw.into_inner(), &self.scopes))
        };
        match inner {
            Ok(inner) if inner.is_empty() && removes(mark.as_deref()) => {
                self.sink.bare(node, at, mark);
            }
            Ok(inner) => self.sink.any(node, at, AnyData::Xml(inner), mark),
            Err(error) => self.report(Some(node), at, Fault::Syntax(error.to_string())),
        }
    }

    /// The element that began last ends.
    fn close(&mut self) {
        if let Some(leaf) = self.leaf.take() {
            return self.close_leaf(leaf);
        }
        // The reader checks that tags match, so the level of the text itself stays.
        if self.levels.len() > 1
            && let Some(level) = self.levels.pop()
        {
            self.scopes.restore(level.scope);
            if !level.is_envelope {
                self.sink.leave();
            }
        }
    }

    fn close_leaf(&mut self, leaf: Leaf<'t>) {
        let definition = self.schema.node(leaf.node);
        let ty = definition.type_id().expect("leaves have a type");
        let is_leaf = definition.kind() == NodeKind::Leaf;
        if S::EDITS && is_leaf && leaf.text.is_empty() && removes(leaf.mark.as_deref()) {
            self.sink.bare(leaf.node, leaf.at, leaf.mark);
        } else {
            let scopes = &self.scopes;
            let resolve = |prefix: &str| scopes.module(prefix);
            let names = Names::Prefixes(&resolve);
            match self.types.parse(ty, &leaf.text, names, definition.module()) {
                Ok(value) => self.sink.value(leaf.node, leaf.at, value, leaf.mark),
                Err(error) => self.report(Some(leaf.node), leaf.at, error.into()),
            }
        }
        self.scopes.restore(leaf.scope);
    }

    fn characters(&mut self, at: usize, text: Cow<'t, str>) -> Outcome {
        let text = normalized(text);
        match &mut self.leaf {
            Some(leaf) if leaf.text.is_empty() => leaf.text = text,
            Some(leaf) => leaf.text.to_mut().push_str(&text),
            None => {
                let is_space = |byte: u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r');
                if !text.bytes().all(is_space) {
                    let start = at + text.len() - text.trim_start().len();
                    let found = format!("text '{}'", shorten(text.trim()));
                    self.report(None, start, shape("elements", &found));
                }
            }
        }
        Ok(())
    }

    /// `&amp;`, `&#10;`: only the five entities of XML itself are known.
    fn reference(&mut self, at: usize, reference: &BytesRef<'_>) -> Outcome {
        let text = match reference.resolve_char_ref() {
            Ok(Some(c)) => Some(Cow::Owned(c.to_string())),
            Ok(None) => resolve_xml_entity(reference).map(Cow::Borrowed),
            Err(error) => return self.fail(at, Fault::Syntax(error.to_string())),
        };
        match (text, &mut self.leaf) {
            (Some(text), Some(leaf)) => leaf.text.to_mut().push_str(&text),
            (Some(text), None) => self.report(None, at, shape("elements", &format!("'{text}'"))),
            (None, _) => {
                let message = format!("unknown entity '{}'", &**reference);
                return self.fail(at, Fault::Syntax(message));
            }
        }
        Ok(())
    }

    fn top(&self) -> NodeId {
        self.levels.last().expect("the first level stays").node
    }

    fn position(&self) -> usize {
        usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX)
    }

    fn report(&mut self, child: Option<NodeId>, at: usize, fault: Fault) {
        self.sink.report(self.schema, child, at, fault);
    }

    fn refuse(&mut self, child: Option<NodeId>, at: usize, fault: Fault) -> Option<Opened> {
        self.report(child, at, fault);
        None
    }

    fn fail(&mut self, at: usize, fault: Fault) -> Outcome {
        self.report(self.leaf.as_ref().map(|leaf| leaf.node), at, fault);
        Err(())
    }
}

fn removes(mark: Option<&Mark>) -> bool {
    mark.is_some_and(|mark| mark.operation.is_some_and(Operation::is_removal))
}

/// Line ends as XML reads them (XML 1.0, 2.11).
fn normalized(text: Cow<'_, str>) -> Cow<'_, str> {
    if text.contains('\r') {
        Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n"))
    } else {
        text
    }
}

fn shorten(text: &str) -> String {
    const SHOWN_CHARS_MAX: usize = 40;
    match text.char_indices().nth(SHOWN_CHARS_MAX) {
        Some((at, _)) => format!("{}...", &text[..at]),
        None => text.to_owned(),
    }
}

fn shape(expected: &str, found: &str) -> Fault {
    Fault::Shape { expected: expected.to_owned(), found: found.to_owned() }
}
