//! Assembles a tree from nodes in document order.
//!
//! Children of all open nodes lie on three stacks, on which each open node has a base. When a
//! node closes, what lies above its bases is sorted (it mostly is sorted already) and becomes its
//! branch: one allocation per branch, and lists are built in bulk.

use std::sync::Arc;

use yang::{NodeId, NodeKind, Schema};

use super::{Errors, Sink, steps_to};
use crate::edit::Mark;
use crate::{
    AnyData, Branch, Content, Entry, Fault, Key, LeafList, LeafListEntry, List, Origin, Slot, Step,
    Value,
};

pub(crate) struct TreeSink<'s, 't> {
    schema: &'s Schema,
    origin: Origin,
    errors: Errors<'t>,
    frames: Vec<Frame>,
    slots: Vec<Slot>,
    entries: Vec<(NodeId, usize, Entry)>,
    values: Vec<(NodeId, usize, LeafListEntry)>,
}

#[derive(Clone, Copy)]
struct Frame {
    node: NodeId,
    is_entry: bool,
    at: usize,
    slots: usize,
    entries: usize,
    values: usize,
    /// The last of its slots in the order of the schema.
    greatest: Option<NodeId>,
}

impl<'s, 't> TreeSink<'s, 't> {
    pub(crate) fn new(schema: &'s Schema, top: NodeId, text: &'t str, origin: Origin) -> Self {
        let root = Frame {
            node: top,
            is_entry: false,
            at: 0,
            slots: 0,
            entries: 0,
            values: 0,
            greatest: None,
        };
        Self {
            schema,
            origin,
            errors: Errors::new(text),
            frames: vec![root],
            slots: Vec::new(),
            entries: Vec::new(),
            values: Vec::new(),
        }
    }

    /// The branch of the top node.
    pub(crate) fn finish(mut self) -> (Branch, Errors<'t>) {
        while self.frames.len() > 1 {
            self.leave();
        }
        let root = self.frames[0];
        let branch = self.close(root);
        (branch, self.errors)
    }

    fn top(&self) -> Frame {
        *self.frames.last().expect("the root frame stays until the end")
    }

    fn push_slot(&mut self, at: usize, node: NodeId, content: Content) {
        let top = self.frames.last_mut().expect("the root frame stays until the end");
        let siblings = &self.slots[top.slots..];
        // Behind all nodes so far: the usual case, in which nobody has to look for it.
        let ascends = top.greatest.is_none_or(|greatest| greatest < node);
        if ascends {
            top.greatest = Some(node);
        }
        if !ascends && siblings.iter().any(|slot| slot.node == node) {
            self.report(self.schema, Some(node), at, Fault::Duplicate);
        } else {
            self.slots.push(Slot { node, origin: self.origin, content });
        }
    }

    /// Takes everything above the frame's bases off the stacks.
    fn close(&mut self, frame: Frame) -> Branch {
        if self.entries.len() > frame.entries {
            self.gather_lists(frame);
        }
        if self.values.len() > frame.values {
            self.gather_leaf_lists(frame);
        }
        let children = &mut self.slots[frame.slots..];
        if !children.is_sorted_by(|left, right| left.node < right.node) {
            children.sort_by_key(|slot| slot.node);
        }
        Branch::from_ascending(self.slots.drain(frame.slots..))
    }

    fn gather_lists(&mut self, frame: Frame) {
        let found = &mut self.entries[frame.entries..];
        if !found.is_sorted_by_key(|(node, ..)| *node) {
            found.sort_by_key(|(node, ..)| *node);
        }
        while let Some((node, ..)) = self.entries.get(frame.entries) {
            let node = *node;
            let group = self.entries[frame.entries..].iter().take_while(|(id, ..)| *id == node);
            let end = frame.entries + group.count();
            let group = self.entries.drain(frame.entries..end);
            let entries: Vec<_> = group.map(|(_, at, entry)| (at, entry)).collect();
            let definition = self.schema.node(node);
            let user_ordered = definition.is_user_ordered() || definition.keys().is_empty();
            let mut twice = Vec::new();
            let list = List::from_document(user_ordered, entries, |at, entry: Entry| {
                twice.push((at, entry.key_value()));
            });
            self.slots.push(Slot { node, origin: Origin::NONE, content: Content::List(list) });
            self.report_twice(node, twice);
        }
    }

    fn gather_leaf_lists(&mut self, frame: Frame) {
        let found = &mut self.values[frame.values..];
        if !found.is_sorted_by_key(|(node, ..)| *node) {
            found.sort_by_key(|(node, ..)| *node);
        }
        while let Some((node, ..)) = self.values.get(frame.values) {
            let node = *node;
            let group = self.values[frame.values..].iter().take_while(|(id, ..)| *id == node);
            let end = frame.values + group.count();
            let group = self.values.drain(frame.values..end);
            let values: Vec<_> = group.map(|(_, at, entry)| (at, entry)).collect();
            let definition = self.schema.node(node);
            let mut twice = Vec::new();
            let user_ordered = definition.is_user_ordered();
            let list = LeafList::from_document(user_ordered, values, |at, entry: LeafListEntry| {
                twice.push((at, Key::One(entry.value)));
            });
            self.slots.push(Slot { node, origin: Origin::NONE, content: Content::LeafList(list) });
            // State data may repeat a value (RFC 7950, 7.7); one of it is kept.
            if definition.is_config() {
                self.report_twice(node, twice);
            }
        }
    }

    fn report_twice(&mut self, node: NodeId, twice: Vec<(usize, Key)>) {
        for (at, key) in twice {
            let mut steps = self.steps();
            steps.push(Step { node, key: Some(key) });
            let path = super::path_text(self.schema, steps, None);
            self.errors.push(path, at, Fault::Duplicate);
        }
    }

    /// The entry of a closed list frame, unless it lacks a key.
    fn entry(&mut self, frame: Frame, branch: Branch) -> Option<Entry> {
        let keys = self.schema.node(frame.node).keys();
        let count = keys.len();
        let mut complete = true;
        for (at, leaf) in keys.enumerate() {
            if branch.slots().get(at).is_none_or(|slot| slot.node != leaf)
                && branch.slot(leaf).is_none()
            {
                complete = false;
                let name = self.schema.node(leaf).name().to_owned();
                self.report(self.schema, Some(frame.node), frame.at, Fault::MissingKey(name));
            }
        }
        let key_leaves = u8::try_from(count).unwrap_or(u8::MAX);
        complete.then(|| Entry::new(branch, key_leaves, self.origin))
    }
}

impl<'t> Sink<'t> for TreeSink<'_, 't> {
    const EDITS: bool = false;

    fn enter(&mut self, node: NodeId, at: usize, _: Option<Box<Mark>>) {
        self.frames.push(Frame {
            node,
            is_entry: self.schema.node(node).kind() == NodeKind::List,
            at,
            slots: self.slots.len(),
            entries: self.entries.len(),
            values: self.values.len(),
            greatest: None,
        });
    }

    fn leave(&mut self) {
        let frame = self.top();
        let branch = self.close(frame);
        self.frames.pop();
        if frame.is_entry {
            if let Some(entry) = self.entry(frame, branch) {
                self.entries.push((frame.node, frame.at, entry));
            }
        } else if !branch.is_empty() || self.schema.node(frame.node).is_presence() {
            self.push_slot(frame.at, frame.node, Content::Container(branch));
        }
    }

    fn value(&mut self, node: NodeId, at: usize, value: Value, _: Option<Box<Mark>>) {
        if self.schema.node(node).kind() == NodeKind::LeafList {
            self.values.push((node, at, LeafListEntry::new(value, self.origin)));
        } else {
            self.push_slot(at, node, Content::Leaf(value));
        }
    }

    fn bare(&mut self, _: NodeId, _: usize, _: Option<Box<Mark>>) {
        unreachable!("only edits have nodes without content");
    }

    fn any(&mut self, node: NodeId, at: usize, any: AnyData, _: Option<Box<Mark>>) {
        self.push_slot(at, node, Content::Any(Arc::new(any)));
    }

    fn steps(&self) -> Vec<Step> {
        let mut steps = steps_to(self.schema, self.frames[0].node);
        for (at, frame) in self.frames.iter().enumerate().skip(1) {
            let end = self.frames.get(at + 1).map_or(self.slots.len(), |next| next.slots);
            let slots = self.slots.get(frame.slots..end).unwrap_or_default();
            steps.push(Step { node: frame.node, key: known_key(self.schema, frame, slots) });
        }
        steps
    }

    fn errors(&mut self) -> &mut Errors<'t> {
        &mut self.errors
    }
}

/// The key of an entry that is being read, if all its key leaves are.
fn known_key(schema: &Schema, frame: &Frame, slots: &[Slot]) -> Option<Key> {
    let keys = schema.node(frame.node).keys();
    if !frame.is_entry || keys.is_empty() {
        return None;
    }
    keys.map(|leaf| {
        let slot = slots.iter().find(|slot| slot.node == leaf)?;
        match &slot.content {
            Content::Leaf(value) => Some(value.clone()),
            _ => None,
        }
    })
    .collect()
}
