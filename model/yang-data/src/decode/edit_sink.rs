//! Assembles an edit from nodes in document order.

use std::sync::Arc;

use yang::{NodeId, NodeKind, Schema};

use super::{Errors, Sink, steps_to};
use crate::edit::{Edit, EditBody, EditNode, Mark};
use crate::{AnyData, Fault, Key, Step, Value};

pub(crate) struct EditSink<'s, 't> {
    schema: &'s Schema,
    errors: Errors<'t>,
    frames: Vec<Frame>,
}

struct Frame {
    node: NodeId,
    at: usize,
    mark: Mark,
    /// Values of key leaves so far.
    keys: Vec<(NodeId, Value)>,
    children: Vec<EditNode>,
    /// The last of the children in the order of the schema.
    greatest: Option<NodeId>,
}

impl<'s, 't> EditSink<'s, 't> {
    pub(crate) fn new(schema: &'s Schema, top: NodeId, text: &'t str) -> Self {
        Self { schema, errors: Errors::new(text), frames: vec![Frame::new(top, 0, None)] }
    }

    pub(crate) fn finish(mut self) -> (Edit, Errors<'t>) {
        while self.frames.len() > 1 {
            self.leave();
        }
        (Edit { nodes: self.frames.remove(0).children }, self.errors)
    }

    fn top(&mut self) -> &mut Frame {
        self.frames.last_mut().expect("the root frame stays until the end")
    }

    fn push(&mut self, at: usize, node: EditNode) {
        // Leaves and containers that are given twice; entries may be, as they may be moved and
        // changed in turn.
        let is_single = node.key.is_none() && self.schema.node(node.node).kind() != NodeKind::List;
        let top = self.top();
        let ascends = top.greatest.is_none_or(|greatest| greatest < node.node);
        if ascends {
            top.greatest = Some(node.node);
        }
        if is_single && !ascends && top.children.iter().any(|child| child.node == node.node) {
            self.report(self.schema, Some(node.node), at, Fault::Duplicate);
        } else {
            self.top().children.push(node);
        }
    }

    fn key_value(&mut self, node: NodeId, at: usize, value: Value, mark: &Mark) {
        if mark.operation.is_some_and(super::super::edit::Operation::is_removal) {
            let reason = "a key leaf cannot be removed from its entry".to_owned();
            let fault = Fault::BadAttribute { name: "operation", reason };
            self.report(self.schema, Some(node), at, fault);
        }
        if self.top().keys.iter().any(|(leaf, _)| *leaf == node) {
            self.report(self.schema, Some(node), at, Fault::Duplicate);
        } else {
            self.top().keys.push((node, value));
        }
    }

    /// The key of a closed list frame; reports what lacks.
    fn key(&mut self, frame: &mut Frame) -> Option<Key> {
        let mut values = Vec::new();
        let mut missing = Vec::new();
        for leaf in self.schema.node(frame.node).keys() {
            match frame.keys.iter().position(|(node, _)| *node == leaf) {
                Some(at) => values.push(frame.keys.swap_remove(at).1),
                None => missing.push(self.schema.node(leaf).name().to_owned()),
            }
        }
        let complete = missing.is_empty();
        for name in missing {
            self.report(self.schema, Some(frame.node), frame.at, Fault::MissingKey(name));
        }
        (complete && !values.is_empty()).then(|| values.into_iter().collect())
    }
}

impl Frame {
    fn new(node: NodeId, at: usize, mark: Option<Box<Mark>>) -> Self {
        let mark = mark.map(|mark| *mark).unwrap_or_default();
        Self { node, at, mark, keys: Vec::new(), children: Vec::new(), greatest: None }
    }
}

impl<'t> Sink<'t> for EditSink<'_, 't> {
    const EDITS: bool = true;

    fn enter(&mut self, node: NodeId, at: usize, mark: Option<Box<Mark>>) {
        self.frames.push(Frame::new(node, at, mark));
    }

    fn leave(&mut self) {
        let Some(mut frame) = self.frames.pop() else { return };
        let key = self.key(&mut frame);
        let definition = self.schema.node(frame.node);
        if definition.kind() == NodeKind::List && key.is_none() && !definition.keys().is_empty() {
            return;
        }
        let body = EditBody::Children(frame.children);
        self.push(frame.at, EditNode { node: frame.node, key, mark: frame.mark, body });
    }

    fn value(&mut self, node: NodeId, at: usize, value: Value, mark: Option<Box<Mark>>) {
        let mark = mark.map(|mark| *mark).unwrap_or_default();
        let definition = self.schema.node(node);
        if definition.is_key() && definition.data_parent() == Some(self.top().node) {
            return self.key_value(node, at, value, &mark);
        }
        let (key, body) = match definition.kind() {
            NodeKind::LeafList => (Some(Key::One(value)), EditBody::Nothing),
            _ => (None, EditBody::Leaf(value)),
        };
        self.push(at, EditNode { node, key, mark, body });
    }

    fn bare(&mut self, node: NodeId, at: usize, mark: Option<Box<Mark>>) {
        let mark = mark.map(|mark| *mark).unwrap_or_default();
        self.push(at, EditNode { node, key: None, mark, body: EditBody::Nothing });
    }

    fn any(&mut self, node: NodeId, at: usize, any: AnyData, mark: Option<Box<Mark>>) {
        let mark = mark.map(|mark| *mark).unwrap_or_default();
        self.push(at, EditNode { node, key: None, mark, body: EditBody::Any(Arc::new(any)) });
    }

    fn steps(&self) -> Vec<Step> {
        let mut steps = steps_to(self.schema, self.frames[0].node);
        for frame in self.frames.iter().skip(1) {
            let keys = self.schema.node(frame.node).keys();
            let key = if keys.is_empty() {
                None
            } else {
                keys.map(|leaf| {
                    let known = frame.keys.iter().find(|(node, _)| *node == leaf);
                    known.map(|(_, value)| value.clone())
                })
                .collect()
            };
            steps.push(Step { node: frame.node, key });
        }
        steps
    }

    fn errors(&mut self) -> &mut Errors<'t> {
        &mut self.errors
    }
}
