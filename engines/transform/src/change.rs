//! Which instances a difference of two trees concerns.

use std::collections::BTreeSet;

use yang::{NodeId, NodeKind};
use yang_data::{Branch, Content, Entry, Path, Slot, Step};

use crate::system::Layer;

/// What changed between two trees of a layer.
#[derive(Debug, Default)]
pub(crate) struct Changed {
    /// Instances of transform nodes whose own input is there, or was, and differs.
    pub(crate) instances: BTreeSet<Path>,
    /// Link targets that differ.
    pub(crate) targets: BTreeSet<Path>,
}

/// Compares two trees of a layer, visiting only what differs.
pub(crate) fn changed(layer: &Layer, old: &Branch, new: &Branch) -> Changed {
    let mut walk = Walk { layer, trail: Vec::new(), changed: Changed::default() };
    walk.children(old, new);
    walk.changed
}

struct Walk<'a> {
    layer: &'a Layer,
    trail: Vec<Step>,
    changed: Changed,
}

impl Walk<'_> {
    fn children(&mut self, old: &Branch, new: &Branch) {
        if old.ptr_eq(new) {
            return;
        }
        for (node, old, new) in pairs(old, new) {
            if !self.layer.is_watched(node) {
                continue;
            }
            match self.layer.schema.node(node).kind() {
                NodeKind::List => self.list(node, old, new),
                _ => {
                    self.trail.push(Step { node, key: None });
                    self.instance(node, branch_of(old), branch_of(new));
                    self.trail.pop();
                }
            }
        }
    }

    fn list(&mut self, node: NodeId, old: Option<&Slot>, new: Option<&Slot>) {
        let mut entry = |old: Option<&Entry>, new: Option<&Entry>| {
            let key = old.or(new).map(Entry::key_value);
            self.trail.push(Step { node, key });
            self.instance(node, old.map(|entry| &entry.branch), new.map(|entry| &entry.branch));
            self.trail.pop();
        };
        match (list_of(old), list_of(new)) {
            (Some(old), Some(new)) => old.diff(new).for_each(|(old, new)| entry(old, new)),
            (Some(old), None) => old.iter_by_key().for_each(|old| entry(Some(old), None)),
            (None, Some(new)) => new.iter_by_key().for_each(|new| entry(None, Some(new))),
            (None, None) => {}
        }
    }

    /// The trail leads to a container or list entry.
    fn instance(&mut self, node: NodeId, old: Option<&Branch>, new: Option<&Branch>) {
        let is_point = self.layer.point(node).is_some();
        let is_target = self.layer.is_link_target(node);
        if (is_point || is_target) && own_input_differs(self.layer, old, new) {
            if is_point {
                self.changed.instances.insert(Path(self.trail.clone()));
            }
            if is_target {
                self.changed.targets.insert(Path(self.trail.clone()));
            }
        }
        let empty = Branch::default();
        self.children(old.unwrap_or(&empty), new.unwrap_or(&empty));
    }
}

/// Whether two versions of an instance differ outside the transform nodes nested in them.
fn own_input_differs(layer: &Layer, old: Option<&Branch>, new: Option<&Branch>) -> bool {
    match (old, new) {
        (Some(old), Some(new)) => differs(layer, old, new),
        (old, new) => old.is_some() != new.is_some(),
    }
}

fn differs(layer: &Layer, old: &Branch, new: &Branch) -> bool {
    !old.ptr_eq(new)
        && pairs(old, new).any(|(node, old, new)| {
            if layer.point(node).is_some() {
                return false;
            }
            if !layer.is_watched(node) {
                return old != new;
            }
            slots_differ(layer, old, new)
        })
}

fn slots_differ(layer: &Layer, old: Option<&Slot>, new: Option<&Slot>) -> bool {
    let empty = Branch::default();
    match (list_of(old), list_of(new)) {
        (Some(old), Some(new)) => old.diff(new).any(|(old, new)| match (old, new) {
            (Some(old), Some(new)) => differs(layer, &old.branch, &new.branch),
            _ => true,
        }),
        (None, None) => {
            differs(layer, branch_of(old).unwrap_or(&empty), branch_of(new).unwrap_or(&empty))
        }
        _ => true,
    }
}

/// The children of two branches side by side, ascending by schema node.
pub(crate) fn pairs<'a>(
    old: &'a Branch,
    new: &'a Branch,
) -> impl Iterator<Item = (NodeId, Option<&'a Slot>, Option<&'a Slot>)> {
    let mut old = old.slots().iter().peekable();
    let mut new = new.slots().iter().peekable();
    std::iter::from_fn(move || {
        let node = match (old.peek(), new.peek()) {
            (Some(left), Some(right)) => left.node.min(right.node),
            (Some(only), None) | (None, Some(only)) => only.node,
            (None, None) => return None,
        };
        let left = old.next_if(|slot| slot.node == node);
        let right = new.next_if(|slot| slot.node == node);
        Some((node, left, right))
    })
}

fn branch_of(slot: Option<&Slot>) -> Option<&Branch> {
    match &slot?.content {
        Content::Container(branch) => Some(branch),
        _ => None,
    }
}

fn list_of(slot: Option<&Slot>) -> Option<&yang_data::List> {
    match &slot?.content {
        Content::List(list) => Some(list),
        _ => None,
    }
}
