//! Reading snapshots.

use std::sync::Arc;

use ecow::{EcoString, EcoVec};
use yang::{IdentityId, NodeId, NodeKind, Schema, TypeId, TypeKind};

use super::SnapshotError;
use super::writer::tag;
use crate::decode::DEPTH_MAX;
use crate::{
    AnyData, Branch, Content, Entry, Key, LeafList, LeafListEntry, List, Origin, Path, Slot, Step,
    Value,
};

/// Items that room is made for before any is read.
const RESERVED_MAX: usize = 4096;

pub(super) fn branch(schema: &Schema, body: &[u8]) -> Result<Branch, SnapshotError> {
    branch_below(schema, Schema::ROOT, body)
}

fn branch_below(schema: &Schema, parent: NodeId, body: &[u8]) -> Result<Branch, SnapshotError> {
    let mut reader = TreeReader::new(schema, body);
    let branch = reader.branch(parent)?;
    if reader.at < body.len() {
        return reader.fail("bytes behind the end");
    }
    Ok(branch)
}

/// Reads what [`super::Writer`] wrote, piece by piece in the same order.
#[derive(Debug)]
pub struct Reader<'a> {
    body: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    /// Reads from the first byte on.
    pub fn new(body: &'a [u8]) -> Self {
        Self { body, at: 0 }
    }

    /// Whether everything is read.
    pub fn is_at_end(&self) -> bool {
        self.at == self.body.len()
    }

    /// Where the next piece starts, in bytes from the first one.
    pub fn position(&self) -> usize {
        self.at
    }

    /// Reads a number.
    ///
    /// # Errors
    /// When there is none here.
    pub fn number(&mut self) -> Result<u64, SnapshotError> {
        number(self.body, &mut self.at)
    }

    /// Reads bytes; also passes over a branch.
    ///
    /// # Errors
    /// When there are fewer than their length says.
    pub fn bytes(&mut self) -> Result<&'a [u8], SnapshotError> {
        let length = usize::try_from(self.number()?).unwrap_or(usize::MAX);
        let end = self.at.checked_add(length).filter(|end| *end <= self.body.len());
        let Some(end) = end else { return fail(self.at, "the end") };
        let bytes = &self.body[self.at..end];
        self.at = end;
        Ok(bytes)
    }

    /// Reads text.
    ///
    /// # Errors
    /// When there is none here.
    pub fn text(&mut self) -> Result<&'a str, SnapshotError> {
        let start = self.at;
        std::str::from_utf8(self.bytes()?).or_else(|_| fail(start, "text that is no UTF-8"))
    }

    /// Reads a branch of root level.
    ///
    /// # Errors
    /// When there is none of this schema here.
    pub fn branch(&mut self, schema: &Schema) -> Result<Branch, SnapshotError> {
        branch(schema, self.bytes()?)
    }

    /// Reads children of whichever node they are of.
    ///
    /// # Errors
    /// When there are none of this schema here.
    pub fn branch_anywhere(&mut self, schema: &Schema) -> Result<Branch, SnapshotError> {
        let start = self.at;
        let parent = usize::try_from(self.number()?).ok().and_then(NodeId::from_index);
        match parent.filter(|parent| parent.index() < schema.node_count()) {
            Some(parent) => branch_below(schema, parent, self.bytes()?),
            None => fail(start, "no such node"),
        }
    }

    /// Reads where an instance is.
    ///
    /// # Errors
    /// When there is no path of this schema here.
    pub fn path(&mut self, schema: &Schema) -> Result<Path, SnapshotError> {
        let mut reader = TreeReader::new(schema, self.body);
        reader.at = self.at;
        let path = reader.path();
        self.at = reader.at;
        path
    }
}

fn fail<T>(offset: usize, reason: &'static str) -> Result<T, SnapshotError> {
    Err(SnapshotError::Malformed { offset, reason })
}

fn byte(body: &[u8], at: &mut usize) -> Result<u8, SnapshotError> {
    let Some(byte) = body.get(*at) else { return fail(*at, "the end") };
    *at += 1;
    Ok(*byte)
}

fn number(body: &[u8], at: &mut usize) -> Result<u64, SnapshotError> {
    let mut number = 0u64;
    for shift in (0..64).step_by(7) {
        let byte = byte(body, at)?;
        let bits = u64::from(byte & 0x7f);
        if shift == 63 && bits > 1 {
            break;
        }
        number |= bits << shift;
        if byte < 0x80 {
            return Ok(number);
        }
    }
    fail(*at, "a number out of range")
}

/// A reader of one schema's nodes.
struct TreeReader<'a> {
    schema: &'a Schema,
    body: &'a [u8],
    at: usize,
    /// Children of all open branches, on one stack.
    slots: Vec<Slot>,
    depth: usize,
}

impl<'a> TreeReader<'a> {
    fn new(schema: &'a Schema, body: &'a [u8]) -> Self {
        Self { schema, body, at: 0, slots: Vec::new(), depth: 0 }
    }
}

impl TreeReader<'_> {
    fn path(&mut self) -> Result<Path, SnapshotError> {
        let count = self.count()?;
        let mut steps = Vec::with_capacity(count.min(RESERVED_MAX));
        let mut parent = Schema::ROOT;
        for _ in 0..count {
            let index = self.index()?;
            let node = NodeId::from_index(index)
                .filter(|node| node.index() < self.schema.node_count())
                .filter(|node| self.schema.node(*node).data_parent() == Some(parent));
            let Some(node) = node else { return self.fail("no child of this node") };
            let values = self.count()?;
            let key = match values {
                0 => None,
                _ => Some((0..values).map(|_| self.value()).collect::<Result<Key, _>>()?),
            };
            steps.push(Step { node, key });
            parent = node;
        }
        Ok(Path(steps))
    }

    fn branch(&mut self, parent: NodeId) -> Result<Branch, SnapshotError> {
        if self.depth > DEPTH_MAX {
            return self.fail("nested too deep");
        }
        self.depth += 1;
        let base = self.slots.len();
        let mut last = parent;
        for _ in 0..self.count()? {
            let slot = self.slot(parent, last)?;
            last = slot.node;
            self.slots.push(slot);
        }
        self.depth -= 1;
        Ok(Branch::from_ascending(self.slots.drain(base..)))
    }

    fn slot(&mut self, parent: NodeId, last: NodeId) -> Result<Slot, SnapshotError> {
        let delta = self.index()?;
        let node = NodeId::from_index(parent.index().saturating_add(delta))
            .filter(|node| node.index() < self.schema.node_count() && last < *node)
            .filter(|node| self.schema.node(*node).data_parent() == Some(parent));
        let Some(node) = node else { return self.fail("no child of this node") };
        let origin = self.origin()?;
        let content = self.content(node)?;
        Ok(Slot { node, origin, content })
    }

    fn content(&mut self, node: NodeId) -> Result<Content, SnapshotError> {
        Ok(match self.schema.node(node).kind() {
            NodeKind::Leaf => Content::Leaf(self.value()?),
            NodeKind::Container => Content::Container(self.branch(node)?),
            NodeKind::List => Content::List(self.list(node)?),
            NodeKind::LeafList => Content::LeafList(self.leaf_list(node)?),
            NodeKind::AnyData | NodeKind::AnyXml => Content::Any(Arc::new(self.any()?)),
            _ => return self.fail("no data node"),
        })
    }

    fn list(&mut self, node: NodeId) -> Result<List, SnapshotError> {
        let definition = self.schema.node(node);
        let keys = definition.keys();
        let key_leaves = u8::try_from(keys.len()).unwrap_or(u8::MAX);
        let count = self.count()?;
        let mut entries = Vec::with_capacity(count.min(RESERVED_MAX));
        for _ in 0..count {
            let origin = self.origin()?;
            let branch = self.branch(node)?;
            let has = |(slot, key): (&Slot, NodeId)| slot.node == key;
            let complete =
                branch.slots().len() >= keys.len() && branch.slots().iter().zip(keys).all(has);
            if !complete {
                return self.fail("an entry without its keys");
            }
            entries.push(((), Entry::new(branch, key_leaves, origin)));
        }
        let user_ordered = definition.is_user_ordered() || keys.is_empty();
        let mut twice = entries.is_empty();
        let list = List::from_document(user_ordered, entries, |(), _| twice = true);
        if twice { self.fail("an empty list, or a key twice") } else { Ok(list) }
    }

    fn leaf_list(&mut self, node: NodeId) -> Result<LeafList, SnapshotError> {
        let count = self.count()?;
        let mut entries = Vec::with_capacity(count.min(RESERVED_MAX));
        for _ in 0..count {
            let origin = self.origin()?;
            entries.push(((), LeafListEntry::new(self.value()?, origin)));
        }
        let user_ordered = self.schema.node(node).is_user_ordered();
        let mut twice = entries.is_empty();
        let list = LeafList::from_document(user_ordered, entries, |(), _| twice = true);
        if twice { self.fail("an empty leaf-list, or a value twice") } else { Ok(list) }
    }

    fn any(&mut self) -> Result<AnyData, SnapshotError> {
        let tag = self.byte()?;
        let text = self.text()?.to_owned();
        match tag {
            tag::XML => Ok(AnyData::Xml(text)),
            tag::JSON => Ok(AnyData::Json(text)),
            _ => self.fail("neither XML nor JSON"),
        }
    }

    fn value(&mut self) -> Result<Value, SnapshotError> {
        Ok(match self.byte()? {
            tag::EMPTY => Value::Empty,
            tag::FALSE => Value::Bool(false),
            tag::TRUE => Value::Bool(true),
            tag::INT => Value::Int(self.signed()?),
            tag::UINT => Value::Uint(self.number()?),
            tag::DECIMAL => {
                let digits = self.byte()?;
                Value::Decimal { mantissa: self.signed()?, digits }
            }
            tag::STR => Value::Str(EcoString::from(self.text()?)),
            tag::BINARY => {
                let len = self.count()?;
                Value::Binary(EcoVec::from(self.bytes(len)?))
            }
            tag::ENUM => {
                let ty = self.type_id(TypeKind::Enumeration)?;
                let index = self.member(self.schema.type_(ty).enums().len())?;
                Value::Enum { ty, index }
            }
            tag::BITS => {
                let ty = self.type_id(TypeKind::Bits)?;
                let names = self.schema.type_(ty).bits().len();
                let set = (0..self.count()?).map(|_| self.member(names));
                let set = set.collect::<Result<EcoVec<u32>, _>>()?;
                if !set.is_sorted_by(|left, right| left < right) {
                    return self.fail("bits out of order");
                }
                Value::Bits { ty, set }
            }
            tag::IDENTITY => {
                let index = self.index()?;
                let known = self.schema.identities().len();
                match IdentityId::from_index(index).filter(|_| index < known) {
                    Some(id) => Value::Identity(id),
                    None => return self.fail("no such identity"),
                }
            }
            tag::INSTANCE_ID => Value::InstanceId(EcoString::from(self.text()?)),
            _ => return self.fail("no such kind of value"),
        })
    }

    fn type_id(&mut self, kind: TypeKind) -> Result<TypeId, SnapshotError> {
        let index = self.index()?;
        let id = TypeId::from_index(index)
            .filter(|_| index < self.schema.type_count())
            .filter(|id| self.schema.type_(*id).kind() == kind);
        match id {
            Some(id) => Ok(id),
            None => self.fail("no such type"),
        }
    }

    fn member(&mut self, count: usize) -> Result<u32, SnapshotError> {
        let index = self.index()?;
        match u32::try_from(index).ok().filter(|_| index < count) {
            Some(index) => Ok(index),
            None => self.fail("no such member of the type"),
        }
    }

    fn origin(&mut self) -> Result<Origin, SnapshotError> {
        match u32::try_from(self.number()?) {
            Ok(origin) => Ok(Origin(origin)),
            Err(_) => self.fail("an origin out of range"),
        }
    }

    /// A number of items, each of which takes a byte at least.
    fn count(&mut self) -> Result<usize, SnapshotError> {
        let count = self.index()?;
        if count > self.body.len() - self.at {
            return self.fail("more items than bytes");
        }
        Ok(count)
    }

    fn text(&mut self) -> Result<&str, SnapshotError> {
        let len = self.count()?;
        let start = self.at;
        match std::str::from_utf8(self.bytes(len)?) {
            Ok(text) => Ok(text),
            Err(_) => {
                Err(SnapshotError::Malformed { offset: start, reason: "text that is no UTF-8" })
            }
        }
    }

    fn bytes(&mut self, len: usize) -> Result<&[u8], SnapshotError> {
        let start = self.at;
        match self.body.get(start..start + len) {
            Some(bytes) => {
                self.at += len;
                Ok(bytes)
            }
            None => Err(SnapshotError::Malformed { offset: start, reason: "the end" }),
        }
    }

    fn index(&mut self) -> Result<usize, SnapshotError> {
        match usize::try_from(self.number()?) {
            Ok(index) => Ok(index),
            Err(_) => self.fail("an index out of range"),
        }
    }

    fn signed(&mut self) -> Result<i64, SnapshotError> {
        let number = self.number()?;
        Ok((number >> 1) as i64 ^ -((number & 1) as i64))
    }

    fn number(&mut self) -> Result<u64, SnapshotError> {
        number(self.body, &mut self.at)
    }

    fn byte(&mut self) -> Result<u8, SnapshotError> {
        byte(self.body, &mut self.at)
    }

    fn fail<T>(&self, reason: &'static str) -> Result<T, SnapshotError> {
        fail(self.at, reason)
    }
}
