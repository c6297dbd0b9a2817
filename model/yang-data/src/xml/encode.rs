//! Writing XML.
//!
//! A module's namespace is declared where the module changes; prefixes, each module's own, only
//! where a value or an attribute needs one. The same tree gives the same bytes.

use yang::{IdentityId, ModuleId, NodeId, NodeKind, Schema};

use super::{NAMESPACE_NETCONF, NAMESPACE_RESTCONF, NAMESPACE_YANG};
use crate::edit::{Edit, EditBody, EditNode, Mark, Operation};
use crate::path::{prefixed, push_step_key};
use crate::print::{Envelope, Layout, PrintOptions};
use crate::{AnyData, Branch, Content, Key, Place, Slot, Value};

const INDENT: &str = "  ";
/// Prefix of the `operation` attribute.
const PREFIX_OPERATION: &str = "xc";
/// Prefix of the attributes `insert`, `key` and `value`.
const PREFIX_PLACE: &str = "yang";

pub(super) struct Encoder<'a> {
    schema: &'a Schema,
    options: &'a PrintOptions,
    out: &'a mut String,
    depth: usize,
    /// The module whose namespace is the default one, if any is.
    module: Option<ModuleId>,
}

impl<'a> Encoder<'a> {
    pub(super) fn new(schema: &'a Schema, options: &'a PrintOptions, out: &'a mut String) -> Self {
        Self { schema, options, out, depth: 0, module: None }
    }

    /// A whole document.
    pub(super) fn document(&mut self, branch: &Branch) {
        self.enveloped(None, |encoder| {
            encoder.children(branch);
        });
    }

    fn enveloped(&mut self, attribute: Option<(&str, &str)>, content: impl FnOnce(&mut Self)) {
        let (name, namespace) = match self.options.envelope {
            Envelope::None => return content(self),
            Envelope::Data => ("data", NAMESPACE_NETCONF),
            Envelope::Config => ("config", NAMESPACE_NETCONF),
            Envelope::Restconf => ("data", NAMESPACE_RESTCONF),
        };
        self.out.push('<');
        self.out.push_str(name);
        self.attribute("xmlns", namespace);
        if let Some((name, value)) = attribute {
            self.attribute(name, value);
        }
        let opened = self.out.len();
        self.out.push('>');
        self.depth += 1;
        content(self);
        self.depth -= 1;
        self.end(opened, name);
    }

    pub(super) fn fragment_content(&mut self, node: NodeId, content: &Content) {
        self.slot(&Slot { node, origin: crate::Origin::NONE, content: content.clone() });
    }

    pub(super) fn fragment_entry(&mut self, node: NodeId, branch: &Branch) {
        self.interior(node, branch);
    }

    pub(super) fn fragment_leaf(&mut self, node: NodeId, value: &Value) {
        self.leaf(node, value);
    }

    /// Returns how many of the children were written that are not there for others' sake.
    fn children(&mut self, branch: &Branch) -> usize {
        let mut shown = 0;
        for slot in branch.slots() {
            if self.options.shows(self.schema, slot) {
                shown += self.slot(slot);
            }
        }
        shown
    }

    fn slot(&mut self, slot: &Slot) -> usize {
        let node = slot.node;
        match &slot.content {
            Content::Leaf(value) => {
                self.leaf(node, value);
                usize::from(self.options.counts(self.schema, slot))
            }
            Content::LeafList(list) => {
                list.iter().for_each(|entry| self.leaf(node, &entry.value));
                list.len()
            }
            Content::List(list) => {
                list.iter().map(|entry| self.interior_or_nothing(slot, &entry.branch)).sum()
            }
            Content::Container(branch) => self.interior_or_nothing(slot, branch),
            Content::Any(any) => {
                self.any(node, any);
                1
            }
        }
    }

    /// A container or entry, taken back when nothing of it is to be seen.
    fn interior_or_nothing(&mut self, slot: &Slot, branch: &Branch) -> usize {
        let before = self.out.len();
        if self.interior(slot.node, branch) == 0 && self.options.drops_empty(self.schema, slot) {
            self.out.truncate(before);
            return 0;
        }
        1
    }

    fn interior(&mut self, node: NodeId, branch: &Branch) -> usize {
        let before = self.start(node);
        let opened = self.out.len();
        self.out.push('>');
        self.depth += 1;
        let shown = self.children(branch);
        self.depth -= 1;
        self.end(opened, self.schema.node(node).name());
        self.module = before;
        shown
    }

    fn leaf(&mut self, node: NodeId, value: &Value) {
        let before = self.start(node);
        if matches!(value, Value::Empty) {
            self.out.push_str("/>");
        } else {
            self.value(value);
            self.close(self.schema.node(node).name());
        }
        self.module = before;
    }

    /// The rest of a start tag, and the text of a value with the declarations it needs.
    fn value(&mut self, value: &Value) {
        match value {
            Value::Str(text) => {
                self.out.push('>');
                escape_text(text, self.out);
            }
            Value::Identity(id) => self.identity(*id),
            Value::InstanceId(text) => {
                let (text, modules) = prefixed(self.schema, text);
                for (prefix, module) in modules {
                    self.attribute(&format!("xmlns:{prefix}"), self.namespace(module));
                }
                self.out.push('>');
                escape_text(&text, self.out);
            }
            other => {
                self.out.push('>');
                let start = self.out.len();
                other.write_text(self.schema, self.out);
                // Names of enumerations may have any character.
                if matches!(other, Value::Enum { .. }) && self.out[start..].contains(SPECIAL) {
                    let text = self.out.split_off(start);
                    escape_text(&text, self.out);
                }
            }
        }
    }

    fn identity(&mut self, id: IdentityId) {
        let identity = self.schema.identity(id);
        let module = self.schema.module(identity.module());
        self.attribute(&format!("xmlns:{}", module.prefix()), module.namespace());
        self.out.push('>');
        self.out.push_str(module.prefix());
        self.out.push(':');
        self.out.push_str(identity.name());
    }

    fn any(&mut self, node: NodeId, any: &AnyData) {
        let before = self.start(node);
        self.out.push('>');
        match any {
            AnyData::Xml(inner) => self.out.push_str(inner),
            AnyData::Json(text) => crate::any::xml_of_json(self.schema, text, self.out),
        }
        self.close(self.schema.node(node).name());
        self.module = before;
    }

    /// `<name`, with the default namespace where it changes; returns the one before.
    fn start(&mut self, node: NodeId) -> Option<ModuleId> {
        self.line();
        let definition = self.schema.node(node);
        self.out.push('<');
        self.out.push_str(definition.name());
        let before = self.module;
        let module = definition.module();
        if before != Some(module) {
            self.module = Some(module);
            self.attribute("xmlns", self.namespace(module));
        }
        before
    }

    /// An end tag, or an empty tag when nothing followed the `>` at `opened`.
    fn end(&mut self, opened: usize, name: &str) {
        if self.out.len() == opened + 1 {
            self.out.truncate(opened);
            self.out.push_str("/>");
        } else {
            self.line();
            self.close(name);
        }
    }

    fn close(&mut self, name: &str) {
        self.out.push_str("</");
        self.out.push_str(name);
        self.out.push('>');
    }

    fn line(&mut self) {
        if self.options.layout == Layout::Compact {
            return;
        }
        if !self.out.is_empty() {
            self.out.push('\n');
        }
        for _ in 0..self.depth {
            self.out.push_str(INDENT);
        }
    }

    fn attribute(&mut self, name: &str, value: &str) {
        self.out.push(' ');
        self.out.push_str(name);
        self.out.push_str("=\"");
        escape_attribute(value, self.out);
        self.out.push('"');
    }

    fn namespace(&self, module: ModuleId) -> &'a str {
        self.schema.module(module).namespace()
    }

    /// The content of an `edit-config`. Prefixes of attributes are declared on the envelope, or
    /// where they are used when there is none.
    pub(super) fn edit(&mut self, edit: &Edit) {
        let declaration = (format!("xmlns:{PREFIX_OPERATION}"), NAMESPACE_NETCONF);
        let attribute = match self.options.envelope {
            Envelope::None => None,
            _ => Some((declaration.0.as_str(), declaration.1)),
        };
        self.enveloped(attribute, |encoder| encoder.edit_nodes(&edit.nodes));
    }

    fn edit_nodes(&mut self, nodes: &[EditNode]) {
        for node in nodes {
            self.edit_node(node);
        }
    }

    fn edit_node(&mut self, node: &EditNode) {
        let definition = self.schema.node(node.node);
        let before = self.start(node.node);
        self.mark(node.node, &node.mark);
        match &node.body {
            EditBody::Leaf(Value::Empty) => self.out.push_str("/>"),
            EditBody::Leaf(value) => {
                self.value(value);
                self.close(definition.name());
            }
            EditBody::Any(_) | EditBody::Nothing | EditBody::Children(_) | EditBody::Subtree(_) => {
                self.edit_interior(node, definition.kind());
            }
        }
        self.module = before;
    }

    fn edit_interior(&mut self, node: &EditNode, kind: NodeKind) {
        let name = self.schema.node(node.node).name();
        if let (NodeKind::LeafList, Some(Key::One(value))) = (kind, &node.key) {
            self.value(value);
            return self.close(name);
        }
        let opened = self.out.len();
        self.out.push('>');
        if let EditBody::Any(any) = &node.body {
            match &**any {
                AnyData::Xml(inner) => self.out.push_str(inner),
                AnyData::Json(text) => crate::any::xml_of_json(self.schema, text, self.out),
            }
            return self.close(name);
        }
        self.depth += 1;
        if !matches!(node.body, EditBody::Subtree(_))
            && let Some(key) = &node.key
        {
            let leaves = self.schema.node(node.node).keys();
            for (leaf, value) in leaves.zip(key.values()) {
                self.leaf(leaf, value);
            }
        }
        match &node.body {
            EditBody::Children(children) => self.edit_nodes(children),
            EditBody::Subtree(branch) => {
                self.children(branch);
            }
            EditBody::Nothing | EditBody::Leaf(_) | EditBody::Any(_) => {}
        }
        self.depth -= 1;
        self.end(opened, name);
    }

    fn mark(&mut self, node: NodeId, mark: &Mark) {
        if let Some(operation) = mark.operation.filter(|operation| *operation != Operation::None) {
            if self.options.envelope == Envelope::None {
                self.attribute(&format!("xmlns:{PREFIX_OPERATION}"), NAMESPACE_NETCONF);
            }
            self.attribute(&format!("{PREFIX_OPERATION}:operation"), operation.name());
        }
        if let Some(place) = &mark.place {
            self.place(node, place);
        }
    }

    fn place(&mut self, node: NodeId, place: &Place<Key>) {
        self.attribute(&format!("xmlns:{PREFIX_PLACE}"), NAMESPACE_YANG);
        let (insert, anchor) = match place {
            Place::First => ("first", None),
            Place::Last => ("last", None),
            Place::Before(key) => ("before", Some(key)),
            Place::After(key) => ("after", Some(key)),
        };
        self.attribute(&format!("{PREFIX_PLACE}:insert"), insert);
        let Some(key) = anchor else { return };
        if self.schema.node(node).kind() == NodeKind::LeafList {
            let text = self.anchor_values(key);
            return self.attribute(&format!("{PREFIX_PLACE}:value"), &text);
        }
        let mut predicates = String::new();
        push_step_key(self.schema, node, key, &mut predicates);
        // Names in the predicates need a prefix, names in identities too (RFC 7950, 7.8.6).
        let module = self.schema.node(node).module();
        let (predicates, modules) =
            crate::path::prefixed_predicates(self.schema, node, &predicates, module);
        for (prefix, module) in modules {
            self.attribute(&format!("xmlns:{prefix}"), self.namespace(module));
        }
        self.attribute(&format!("{PREFIX_PLACE}:key"), &predicates);
    }

    fn anchor_values(&mut self, key: &Key) -> String {
        let schema = self.schema;
        let mut text = String::new();
        for value in key.values() {
            value.write_named(schema, &mut text, &mut |module, out| {
                let module = schema.module(module);
                self.attribute(&format!("xmlns:{}", module.prefix()), module.namespace());
                out.push_str(module.prefix());
            });
        }
        text
    }
}

/// What text cannot have as it is; a carriage return would be read as a line feed.
const SPECIAL: [char; 4] = ['<', '>', '&', '\r'];

/// Appends text with special characters escaped.
pub(crate) fn escape_text(text: &str, out: &mut String) {
    let mut from = 0;
    for (at, byte) in text.bytes().enumerate() {
        let escaped = match byte {
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'&' => "&amp;",
            b'\r' => "&#xD;",
            _ => continue,
        };
        out.push_str(&text[from..at]);
        out.push_str(escaped);
        from = at + 1;
    }
    out.push_str(&text[from..]);
}

/// Appends an attribute's value with special characters escaped.
pub(super) fn escape_attribute(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            '\n' => out.push_str("&#xA;"),
            '\r' => out.push_str("&#xD;"),
            '\t' => out.push_str("&#x9;"),
            other => out.push(other),
        }
    }
}
