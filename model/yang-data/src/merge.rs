//! Merging loose trees of several writers, none of whom has priority.

use yang::{NodeId, Schema};

use crate::{
    AnyData, Branch, Content, DataError, ERRORS_MAX, Fault, LeafList, List, Path, Slot, Step, Value,
};

/// Everything that is in either branch. Leaves that both have must agree; entries are matched by
/// key; where the user's order counts, new entries go behind those of `base`. What `base` has
/// keeps its origin, and what both share is not looked at.
///
/// # Errors
/// Every leaf with two values, with its path and both values, up to [`ERRORS_MAX`].
pub fn merge(schema: &Schema, base: &Branch, other: &Branch) -> Result<Branch, Vec<DataError>> {
    let mut merger = Merger { schema, steps: Vec::new(), conflicts: Vec::new() };
    let mut merged = base.clone();
    merger.branch(&mut merged, other);
    if merger.conflicts.is_empty() { Ok(merged) } else { Err(merger.conflicts) }
}

struct Merger<'s> {
    schema: &'s Schema,
    steps: Vec<Step>,
    conflicts: Vec<DataError>,
}

impl Merger<'_> {
    fn branch(&mut self, base: &mut Branch, other: &Branch) {
        if base.ptr_eq(other) || other.is_empty() {
            return;
        }
        if base.is_empty() {
            *base = other.clone();
            return;
        }
        for slot in other.slots() {
            if self.conflicts.len() >= ERRORS_MAX {
                return;
            }
            if base.slot(slot.node).is_none() {
                base.set(slot.clone());
            } else {
                self.slot(base, slot);
            }
        }
    }

    /// A child that both have.
    fn slot(&mut self, base: &mut Branch, slot: &Slot) {
        let Some(known) = base.content(slot.node) else { return };
        match (known, &slot.content) {
            (Content::Leaf(left), Content::Leaf(right)) => {
                if left != right {
                    let values = (self.text(left), self.text(right));
                    self.conflict(slot.node, values);
                }
            }
            (Content::Any(left), Content::Any(right)) => {
                if left != right {
                    self.conflict(slot.node, (any_text(left), any_text(right)));
                }
            }
            (Content::Container(left), Content::Container(right)) => {
                let mut merged = left.clone();
                self.steps.push(Step { node: slot.node, key: None });
                self.branch(&mut merged, right);
                self.steps.pop();
                if !merged.ptr_eq(left) {
                    put(base, slot.node, Content::Container(merged));
                }
            }
            (Content::List(left), Content::List(right)) => {
                let merged = self.list(slot.node, left, right);
                if !merged.ptr_eq(left) {
                    put(base, slot.node, Content::List(merged));
                }
            }
            (Content::LeafList(left), Content::LeafList(right)) => {
                let merged = leaf_list(left, right);
                if !merged.ptr_eq(left) {
                    put(base, slot.node, Content::LeafList(merged));
                }
            }
            _ => unreachable!("one schema node has one kind of content"),
        }
    }

    fn list(&mut self, node: NodeId, left: &List, right: &List) -> List {
        let mut merged = left.clone();
        if self.schema.node(node).keys().is_empty() {
            // Without keys no two entries are the same one.
            for entry in right.iter().filter(|_| !left.ptr_eq(right)) {
                merged.insert(entry.clone().anywhere());
            }
            return merged;
        }
        for (known, new) in left.diff(right) {
            let Some(new) = new else { continue };
            let Some(known) = known else {
                if !merged.is_user_ordered() {
                    merged.insert(new.clone());
                }
                continue;
            };
            let mut branch = known.branch.clone();
            let key = known.key_value();
            self.steps.push(Step { node, key: Some(key.clone()) });
            self.branch(&mut branch, &new.branch);
            self.steps.pop();
            if !branch.ptr_eq(&known.branch)
                && let Some(entry) = merged.get_mut(&key)
            {
                entry.branch = branch;
            }
        }
        if merged.is_user_ordered() && !left.ptr_eq(right) {
            for entry in right.iter() {
                if left.get(&entry.key_value()).is_none() {
                    merged.insert(entry.clone());
                }
            }
        }
        merged
    }

    fn text(&self, value: &Value) -> String {
        value.text(self.schema).into()
    }

    fn conflict(&mut self, node: NodeId, (left, right): (String, String)) {
        let mut path = Path(self.steps.clone());
        path.0.push(Step { node, key: None });
        let path = path.text(self.schema);
        self.conflicts.push(DataError::at(path, Fault::Conflict { left, right }));
    }
}

fn leaf_list(left: &LeafList, right: &LeafList) -> LeafList {
    let mut merged = left.clone();
    if !left.ptr_eq(right) {
        for entry in right.iter().filter(|entry| left.get(&entry.value).is_none()) {
            merged.insert(entry.clone());
        }
    }
    merged
}

fn put(base: &mut Branch, node: NodeId, content: Content) {
    if let Some(known) = base.content_mut(node) {
        *known = content;
    }
}

fn any_text(any: &AnyData) -> String {
    match any {
        AnyData::Xml(text) | AnyData::Json(text) => text.clone(),
    }
}

#[cfg(test)]
mod tests;
