//! Rules that a change may break.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use yang::NodeId;

use super::Referrers;
use super::check::{Check, Depth};
use crate::xpath::{Instance, Item};
use crate::{Branch, Content, Entry, LeafList, List, Slot, Value};

/// Checks what differs between two versions, and what depends on it.
pub(super) fn check_change<'a>(
    check: &mut Check<'a>,
    old: &'a Branch,
    new: &'a Branch,
    referrers: Option<&Referrers>,
) {
    let root = Rc::clone(check.evaluator.root());
    let mut change = Change { check, referrers, frames: Vec::new(), is_changed: false };
    change.below(&root, old, new);
}

struct Change<'c, 'a> {
    check: &'c mut Check<'a>,
    referrers: Option<&'c Referrers>,
    /// The instances on the way to the present place that both versions have.
    frames: Vec<Frame>,
    is_changed: bool,
}

/// What is left to do for an instance when everything below it has been seen.
#[derive(Default)]
struct Frame {
    node: Option<NodeId>,
    /// Nodes whose rules depend on what changed, and are to be checked below the instance.
    dependents: BTreeSet<NodeId>,
    /// Leafrefs that may have lost their target: the values that went.
    lost: BTreeMap<NodeId, BTreeSet<Value>>,
}

impl<'a> Change<'_, 'a> {
    /// What differs below an instance that both versions have.
    fn below(&mut self, instance: &Rc<Instance<'a>>, old: &'a Branch, new: &'a Branch) {
        if old.ptr_eq(new) {
            return;
        }
        self.frames.push(Frame { node: Some(instance.node()), ..Frame::default() });
        let mut is_different = false;
        for (before, now) in paired(old.slots(), new.slots()) {
            is_different |= self.slot(instance, before, now);
        }
        if is_different {
            self.check.duties(instance, new, instance.node());
        }
        if self.frames.len() == 1 && self.is_changed {
            self.note_always();
        }
        if let Some(frame) = self.frames.pop() {
            self.settle(instance, &frame);
        }
    }

    fn note_always(&mut self) {
        let always = self.check.facts().always().iter().copied();
        if let Some(frame) = self.frames.first_mut() {
            frame.dependents.extend(always);
        }
    }

    /// What differs in one child. Returns whether anything does.
    fn slot(
        &mut self,
        parent: &Rc<Instance<'a>>,
        before: Option<&'a Slot>,
        now: Option<&'a Slot>,
    ) -> bool {
        match (before, now) {
            (Some(before), Some(now)) => self.content(parent, before, now),
            (Some(before), None) => {
                self.note_content(before.node, &before.content, true);
                true
            }
            (None, Some(now)) => {
                self.note_content(now.node, &now.content, false);
                self.check.slot(parent, now, Depth::Whole);
                true
            }
            (None, None) => false,
        }
    }

    fn content(&mut self, parent: &Rc<Instance<'a>>, before: &'a Slot, now: &'a Slot) -> bool {
        let node = now.node;
        match (&before.content, &now.content) {
            (Content::Leaf(old), Content::Leaf(new)) if old == new => false,
            (Content::Any(old), Content::Any(new)) if old == new => false,
            (Content::Container(old), Content::Container(new)) => {
                if old.ptr_eq(new) || old == new {
                    return false;
                }
                let container = Instance::new(parent, node, Item::Branch(new));
                self.interior(parent, container, old, new);
                true
            }
            (Content::List(old), Content::List(new)) => self.list(parent, node, old, new),
            (Content::LeafList(old), Content::LeafList(new)) => {
                self.leaf_list(parent, node, old, new)
            }
            _ => {
                self.note_content(before.node, &before.content, true);
                self.note_content(node, &now.content, false);
                self.check.slot(parent, now, Depth::Whole);
                true
            }
        }
    }

    fn interior(
        &mut self,
        parent: &Rc<Instance<'a>>,
        instance: Instance<'a>,
        old: &'a Branch,
        new: &'a Branch,
    ) {
        let instance = Rc::new(instance);
        self.check.own_rules(parent, &instance);
        self.below(&instance, old, new);
    }

    fn list(
        &mut self,
        parent: &Rc<Instance<'a>>,
        node: NodeId,
        old: &'a List,
        new: &'a List,
    ) -> bool {
        let mut changed = Vec::new();
        let mut is_different = false;
        for (before, now) in old.diff(new) {
            is_different |= match (before, now) {
                (Some(before), Some(now)) => self.entry(parent, node, before, now, &mut changed),
                (Some(before), None) => {
                    self.note_entry(node, before, true);
                    true
                }
                (None, Some(now)) => {
                    self.note_entry(node, now, false);
                    self.check.entry(parent, node, now, Depth::Whole);
                    changed.push((None, now));
                    true
                }
                (None, None) => false,
            };
        }
        if is_different && self.check.facts().has_rules(node) && !self.check.is_hidden(node) {
            self.check.amount(parent, node, new.len());
            self.check.whens_of_all(parent, node);
            self.check.uniques_of_changed(parent, node, new, &changed);
        }
        is_different
    }

    fn entry(
        &mut self,
        parent: &Rc<Instance<'a>>,
        node: NodeId,
        before: &'a Entry,
        now: &'a Entry,
        changed: &mut Vec<(Option<&'a Entry>, &'a Entry)>,
    ) -> bool {
        let is_moved = before.position != now.position;
        if is_moved {
            self.note(node);
        }
        if before.branch.ptr_eq(&now.branch) || before.branch == now.branch {
            return is_moved;
        }
        let entry = Instance::new(parent, node, Item::Entry(now));
        self.check.keys(parent, node, now);
        self.interior(parent, entry, &before.branch, &now.branch);
        changed.push((Some(before), now));
        true
    }

    fn leaf_list(
        &mut self,
        parent: &Rc<Instance<'a>>,
        node: NodeId,
        old: &'a LeafList,
        new: &'a LeafList,
    ) -> bool {
        let mut is_different = false;
        for (before, now) in old.diff(new) {
            match (before, now) {
                (Some(before), None) => self.note_value(node, &before.value, true),
                (None, Some(now)) => {
                    self.note(node);
                    self.check.leaf_list_entry(parent, node, &now.value);
                }
                (Some(before), Some(now)) if before.position != now.position => self.note(node),
                // The same value from another origin.
                _ => continue,
            }
            is_different = true;
        }
        if is_different && !self.check.is_hidden(node) {
            self.check.amount(parent, node, new.len());
            self.check.whens_of_all(parent, node);
        }
        is_different
    }

    /// Notes that an instance, and all below it, came or went.
    fn note_content(&mut self, node: NodeId, content: &Content, is_gone: bool) {
        match content {
            Content::Leaf(value) => self.note_value(node, value, is_gone),
            Content::Any(_) => self.note(node),
            Content::Container(branch) => {
                self.note(node);
                self.note_branch(branch, is_gone);
            }
            Content::List(list) => {
                for entry in list.iter_by_key() {
                    self.note_entry(node, entry, is_gone);
                }
            }
            Content::LeafList(list) => {
                for entry in list.iter_by_key() {
                    self.note_value(node, &entry.value, is_gone);
                }
            }
        }
    }

    fn note_entry(&mut self, node: NodeId, entry: &Entry, is_gone: bool) {
        self.note(node);
        self.note_branch(&entry.branch, is_gone);
    }

    fn note_branch(&mut self, branch: &Branch, is_gone: bool) {
        for slot in branch.slots() {
            self.note_content(slot.node, &slot.content, is_gone);
        }
    }

    fn note_value(&mut self, node: NodeId, value: &Value, is_gone: bool) {
        self.note(node);
        if !is_gone {
            return;
        }
        for referrer in self.check.facts().referrers(node) {
            let frame = self.frames.iter_mut().find(|frame| frame.node == Some(referrer.apex));
            if let Some(frame) = frame {
                frame.lost.entry(referrer.dependent).or_default().insert(value.clone());
            }
        }
    }

    /// Notes that instances of a node changed: rules that read it are checked in the end. Where a
    /// rule's apex is not on the way, all its instances are new and checked as such.
    fn note(&mut self, node: NodeId) {
        self.is_changed = true;
        for trigger in self.check.facts().triggers(node) {
            let frame = self.frames.iter_mut().find(|frame| frame.node == Some(trigger.apex));
            if let Some(frame) = frame {
                frame.dependents.insert(trigger.dependent);
            }
        }
    }

    /// Checks what depends on a change below an instance.
    fn settle(&mut self, instance: &Rc<Instance<'a>>, frame: &Frame) {
        for dependent in &frame.dependents {
            self.check.again(instance, *dependent);
        }
        for (leaf, values) in &frame.lost {
            if frame.dependents.contains(leaf) {
                continue;
            }
            let has_defaults = !self.check.validator.defaults().of(*leaf).is_empty();
            match self.referrers.filter(|_| !has_defaults) {
                Some(referrers) => self.check.known_referrers(instance, *leaf, values, referrers),
                None => self.check.referrers_below(instance, *leaf, values),
            }
        }
    }
}

impl<'a> Check<'a> {
    /// Checks the rules of a node's instances below an instance, whether stored or not.
    fn again(&mut self, from: &Rc<Instance<'a>>, node: NodeId) {
        let Some(parent) = self.definition(node).data_parent() else { return };
        let way = self.way(from.node(), parent);
        self.each_below(from, &way, &mut |check, holder| check.again_in(holder, node));
    }

    /// Checks the rules of one child, or of the children of one choice or case.
    fn again_in(&mut self, parent: &Rc<Instance<'a>>, node: NodeId) {
        let Some(branch) = parent.branch() else { return };
        let definition = self.definition(node);
        if definition.kind().is_choice_or_case() {
            for slot in branch.slots() {
                if (node..definition.end()).contains(&slot.node) {
                    self.slot(parent, slot, Depth::Node);
                }
            }
        } else if let Some(slot) = branch.slot(node) {
            return self.slot(parent, slot, Depth::Node);
        }
        self.duty(parent, branch, node);
    }

    /// Visits the instances at the end of a way, containers that are not stored included.
    fn each_below(
        &mut self,
        from: &Rc<Instance<'a>>,
        way: &[NodeId],
        visit: &mut dyn FnMut(&mut Self, &Rc<Instance<'a>>),
    ) {
        let Some((node, rest)) = way.split_first() else { return visit(self, from) };
        let Some(branch) = from.branch() else { return };
        if self.is_over() {
            return;
        }
        match branch.content(*node) {
            Some(Content::Container(branch)) => {
                let child = Rc::new(Instance::new(from, *node, Item::Branch(branch)));
                self.each_below(&child, rest, visit);
            }
            Some(Content::List(list)) => {
                for entry in list.iter() {
                    let child = Rc::new(Instance::new(from, *node, Item::Entry(entry)));
                    self.each_below(&child, rest, visit);
                }
            }
            Some(_) => {}
            None => {
                let container = self.evaluator.implicit_container(from, branch, *node);
                if let Some(container) = container {
                    self.each_below(&Rc::new(container), rest, visit);
                }
            }
        }
    }

    /// Checks the leafrefs below an instance that have one of these values.
    fn referrers_below(&mut self, from: &Rc<Instance<'a>>, leaf: NodeId, values: &BTreeSet<Value>) {
        let Some(parent) = self.definition(leaf).data_parent() else { return };
        let way = self.way(from.node(), parent);
        self.each_below(from, &way, &mut |check, holder| {
            let Some(branch) = holder.branch() else { return };
            match branch.content(leaf) {
                Some(Content::Leaf(value)) if values.contains(value) => {
                    check.reference(&Instance::new(holder, leaf, Item::Value(value)), value);
                }
                Some(Content::LeafList(list)) => {
                    for entry in values.iter().filter_map(|value| list.get(value)) {
                        let value = &entry.value;
                        check.reference(&Instance::new(holder, leaf, Item::Value(value)), value);
                    }
                }
                Some(_) => {}
                None => check.duty(holder, branch, leaf),
            }
        });
    }

    /// As [`Check::referrers_below`], by look-up.
    fn known_referrers(
        &mut self,
        from: &Rc<Instance<'a>>,
        leaf: NodeId,
        values: &BTreeSet<Value>,
        referrers: &Referrers,
    ) {
        let place = from.path(self.evaluator.schema());
        for value in values {
            for path in referrers.of(leaf, value).filter(|path| place.contains(path)) {
                let Some(found) = self.evaluator.instance(path) else { continue };
                // It may refer to something else by now; then it has been checked as changed.
                if let Some(value) = found.value() {
                    self.reference(&found, value);
                }
            }
        }
    }
}

/// Children of two versions side by side, ascending by schema node.
fn paired<'a>(
    old: &'a [Slot],
    new: &'a [Slot],
) -> impl Iterator<Item = (Option<&'a Slot>, Option<&'a Slot>)> {
    let (mut old, mut new) = (old.iter().peekable(), new.iter().peekable());
    std::iter::from_fn(move || match (old.peek(), new.peek()) {
        (None, None) => None,
        (Some(_), None) => Some((old.next(), None)),
        (None, Some(_)) => Some((None, new.next())),
        (Some(left), Some(right)) => match left.node.cmp(&right.node) {
            std::cmp::Ordering::Less => Some((old.next(), None)),
            std::cmp::Ordering::Greater => Some((None, new.next())),
            std::cmp::Ordering::Equal => Some((old.next(), new.next())),
        },
    })
}
