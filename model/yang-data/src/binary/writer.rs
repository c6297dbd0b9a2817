//! Writing snapshots.

use yang::{NodeId, Schema};

use crate::{AnyData, Branch, Content, Origin, Path, Value};

/// First byte of a value, by its kind.
pub(super) mod tag {
    pub(in super::super) const EMPTY: u8 = 0;
    pub(in super::super) const FALSE: u8 = 1;
    pub(in super::super) const TRUE: u8 = 2;
    pub(in super::super) const INT: u8 = 3;
    pub(in super::super) const UINT: u8 = 4;
    pub(in super::super) const DECIMAL: u8 = 5;
    pub(in super::super) const STR: u8 = 6;
    pub(in super::super) const BINARY: u8 = 7;
    pub(in super::super) const ENUM: u8 = 8;
    pub(in super::super) const BITS: u8 = 9;
    pub(in super::super) const IDENTITY: u8 = 10;
    pub(in super::super) const INSTANCE_ID: u8 = 11;
    pub(in super::super) const XML: u8 = 12;
    pub(in super::super) const JSON: u8 = 13;
}

pub(super) fn body(root: &Branch) -> Vec<u8> {
    let mut writer = Writer::default();
    writer.children(Schema::ROOT, root);
    writer.0
}

/// Writes what is read back by [`super::Reader`], piece by piece in the same order. What the
/// pieces are, and on which schemas, the reader must know from elsewhere.
#[derive(Debug, Default)]
pub struct Writer(Vec<u8>);

impl Writer {
    /// What was written.
    pub fn into_bytes(self) -> Vec<u8> {
        self.0
    }

    /// Writes bytes behind their length.
    pub fn bytes(&mut self, bytes: &[u8]) {
        self.number(bytes.len() as u64);
        self.0.extend_from_slice(bytes);
    }

    /// Writes a branch of root level with its origins, as [`Self::bytes`] of the same content
    /// would: it can be passed over, and read later.
    pub fn branch(&mut self, root: &Branch) {
        self.bytes(&body(root));
    }

    /// Writes children of one schema node, whichever it is.
    pub fn branch_anywhere(&mut self, schema: &Schema, branch: &Branch) {
        let first = branch.slots().first();
        let parent = first.and_then(|slot| schema.node(slot.node).data_parent());
        let parent = parent.unwrap_or(Schema::ROOT);
        self.number(parent.index() as u64);
        let mut children = Self::default();
        children.children(parent, branch);
        self.bytes(&children.0);
    }

    /// Writes where an instance is.
    pub fn path(&mut self, path: &Path) {
        self.number(path.steps().len() as u64);
        for step in path.steps() {
            self.number(step.node.index() as u64);
            let values = step.key.as_ref().map_or(&[][..], |key| key.values());
            self.number(values.len() as u64);
            values.iter().for_each(|value| self.value(value));
        }
    }

    fn children(&mut self, parent: NodeId, branch: &Branch) {
        self.number(branch.slots().len() as u64);
        for slot in branch.slots() {
            self.number((slot.node.index() - parent.index()) as u64);
            self.origin(slot.origin);
            self.content(slot.node, &slot.content);
        }
    }

    fn content(&mut self, node: NodeId, content: &Content) {
        match content {
            Content::Leaf(value) => self.value(value),
            Content::Container(branch) => self.children(node, branch),
            Content::List(list) => {
                self.number(list.len() as u64);
                for entry in list.iter() {
                    self.origin(entry.origin);
                    self.children(node, &entry.branch);
                }
            }
            Content::LeafList(list) => {
                self.number(list.len() as u64);
                for entry in list.iter() {
                    self.origin(entry.origin);
                    self.value(&entry.value);
                }
            }
            Content::Any(any) => match &**any {
                AnyData::Xml(text) => self.tagged(tag::XML, text.as_bytes()),
                AnyData::Json(text) => self.tagged(tag::JSON, text.as_bytes()),
            },
        }
    }

    fn value(&mut self, value: &Value) {
        match value {
            Value::Empty => self.0.push(tag::EMPTY),
            Value::Bool(false) => self.0.push(tag::FALSE),
            Value::Bool(true) => self.0.push(tag::TRUE),
            Value::Int(number) => {
                self.0.push(tag::INT);
                self.signed(*number);
            }
            Value::Uint(number) => {
                self.0.push(tag::UINT);
                self.number(*number);
            }
            Value::Decimal { mantissa, digits } => {
                self.0.extend([tag::DECIMAL, *digits]);
                self.signed(*mantissa);
            }
            Value::Str(text) => self.tagged(tag::STR, text.as_bytes()),
            Value::Binary(bytes) => self.tagged(tag::BINARY, bytes),
            Value::Enum { ty, index } => {
                self.0.push(tag::ENUM);
                self.number(ty.index() as u64);
                self.number((*index).into());
            }
            Value::Bits { ty, set } => {
                self.0.push(tag::BITS);
                self.number(ty.index() as u64);
                self.number(set.len() as u64);
                set.iter().for_each(|bit| self.number((*bit).into()));
            }
            Value::Identity(id) => {
                self.0.push(tag::IDENTITY);
                self.number(id.index() as u64);
            }
            Value::InstanceId(text) => self.tagged(tag::INSTANCE_ID, text.as_bytes()),
        }
    }

    fn tagged(&mut self, tag: u8, bytes: &[u8]) {
        self.0.push(tag);
        self.bytes(bytes);
    }

    fn origin(&mut self, origin: Origin) {
        self.number(origin.0.into());
    }

    /// Sign in the lowest bit.
    fn signed(&mut self, number: i64) {
        self.number((number << 1 ^ number >> 63) as u64);
    }

    /// Writes a number: seven bits per byte, lowest first; the highest bit says that more follow.
    pub fn number(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.0.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.0.push(number as u8);
    }
}
