//! What an edit does to a tree.

use std::sync::Arc;

use yang::{NodeId, NodeKind, Schema};

use super::{Edit, EditBody, EditNode, Operation, choice, nodes_of};
use crate::{
    Branch, Content, DataError, ERRORS_MAX, Entry, Fault, Key, LeafListEntry, NoSuchEntry, Origin,
    Path, Place, Slot, Step, Tree, Value,
};

/// Applies an edit: all of it, or nothing and every error (RFC 6241, 7.2).
///
/// `default` is the operation of nodes that neither have one nor inherit one: merge, none, or
/// replace, which puts the edit in place of the whole tree. New nodes get `origin`, where they
/// are not part of a subtree that brings its own. Setting a node of one case removes the nodes of
/// the others; removals come before everything else.
///
/// # Errors
/// Everything that does not fit the tree, up to [`ERRORS_MAX`].
pub fn apply(
    tree: &Tree,
    edit: &Edit,
    default: Operation,
    origin: Origin,
) -> Result<Tree, Vec<DataError>> {
    let schema = tree.schema();
    let mut applier = Applier { schema, origin, errors: Vec::new(), steps: Vec::new() };
    let (mut root, inherited) = match default {
        Operation::Replace => (Branch::default(), Operation::Merge),
        other => (tree.root().clone(), other),
    };
    applier.children(&mut root, &edit.nodes, inherited);
    if applier.errors.is_empty() {
        Ok(Tree::from_root(Arc::clone(schema), root))
    } else {
        Err(applier.errors)
    }
}

struct Applier<'s> {
    schema: &'s Schema,
    origin: Origin,
    errors: Vec<DataError>,
    steps: Vec<Step>,
}

impl Applier<'_> {
    fn children(&mut self, branch: &mut Branch, nodes: &[EditNode], inherited: Operation) {
        let operation = |node: &EditNode| node.mark.operation.unwrap_or(inherited);
        let sets =
            |node: &&EditNode| !operation(node).is_removal() && operation(node) != Operation::None;
        for (node, fault) in choice::conflicts(self.schema, nodes.iter().filter(sets)) {
            self.fail_at(node, fault);
        }
        // First what goes away, so that it is not mistaken for what another case displaces.
        for node in nodes.iter().filter(|node| operation(node).is_removal()) {
            self.node(branch, node, operation(node));
        }
        for node in nodes.iter().filter(|node| !operation(node).is_removal()) {
            self.node(branch, node, operation(node));
        }
    }

    fn node(&mut self, branch: &mut Branch, node: &EditNode, operation: Operation) {
        if self.errors.len() >= ERRORS_MAX {
            return;
        }
        self.steps.push(Step { node: node.node, key: node.key.clone() });
        let outcome = match self.schema.node(node.node).kind() {
            NodeKind::Leaf | NodeKind::AnyData | NodeKind::AnyXml => {
                self.leaf(branch, node, operation)
            }
            NodeKind::LeafList => self.leaf_list_entry(branch, node, operation),
            NodeKind::List => self.entry(branch, node, operation),
            _ => self.container(branch, node, operation),
        };
        if let Err(fault) = outcome {
            let path = Path(self.steps.clone()).text(self.schema);
            self.errors.push(DataError::at(path, fault));
        }
        self.steps.pop();
    }

    fn fail_at(&mut self, node: &EditNode, fault: Fault) {
        self.steps.push(Step { node: node.node, key: node.key.clone() });
        let path = Path(self.steps.clone()).text(self.schema);
        self.steps.pop();
        self.errors.push(DataError::at(path, fault));
    }

    fn leaf(
        &self,
        branch: &mut Branch,
        node: &EditNode,
        operation: Operation,
    ) -> Result<(), Fault> {
        let known = branch.content(node.node);
        if !is_to_be_set(operation, known.is_some())? {
            if operation.is_removal() {
                branch.unset(node.node);
            }
            return Ok(());
        }
        let content = match &node.body {
            EditBody::Leaf(value) => Content::Leaf(value.clone()),
            EditBody::Any(any) => Content::Any(Arc::clone(any)),
            EditBody::Nothing | EditBody::Children(_) | EditBody::Subtree(_) => {
                return Err(shape("a value", "nothing"));
            }
        };
        if known != Some(&content) {
            choice::displace(self.schema, branch, node.node);
            branch.set(Slot { node: node.node, origin: self.origin, content });
        }
        Ok(())
    }

    fn container(
        &mut self,
        branch: &mut Branch,
        node: &EditNode,
        operation: Operation,
    ) -> Result<(), Fault> {
        let is_presence = self.schema.node(node.node).is_presence();
        let known = branch.container(node.node).cloned();
        // A container without presence is always there, if only empty (RFC 7950, 7.5.1).
        let is_level = operation == Operation::None && !is_presence;
        let keeps_nothing =
            !is_level && !is_to_be_set(operation, known.is_some())? && operation.is_removal();
        if keeps_nothing {
            branch.unset(node.node);
            return Ok(());
        }
        let mut inside = match operation {
            Operation::Replace => Branch::default(),
            _ => known.clone().unwrap_or_default(),
        };
        let is_new = known.is_none() || operation == Operation::Replace;
        self.body(&mut inside, node, operation, is_new);
        if known.as_ref().is_some_and(|known| known.ptr_eq(&inside)) {
            return Ok(());
        }
        if inside.is_empty() && !is_presence {
            branch.unset(node.node);
        } else {
            choice::displace(self.schema, branch, node.node);
            let origin = branch.slot(node.node).map_or(self.origin, |slot| slot.origin);
            branch.set(Slot { node: node.node, origin, content: Content::Container(inside) });
        }
        Ok(())
    }

    fn entry(
        &mut self,
        branch: &mut Branch,
        node: &EditNode,
        operation: Operation,
    ) -> Result<(), Fault> {
        let list = branch.list(node.node);
        let known = match &node.key {
            Some(key) => list.and_then(|list| list.get(key)).cloned(),
            None => None,
        };
        if !is_to_be_set(operation, known.is_some())? && operation.is_removal() {
            if let (Some(_), Some(key)) = (known, &node.key) {
                let list = branch.list_mut(self.schema, node.node);
                list.remove(key);
                if list.is_empty() {
                    branch.unset(node.node);
                }
            }
            return Ok(());
        }
        let mut entry = match (&known, operation) {
            (Some(known), operation) if operation != Operation::Replace => known.clone(),
            _ => self.bare_entry(node),
        };
        let is_new = known.is_none() || operation == Operation::Replace;
        self.body(&mut entry.branch, node, operation, is_new);
        let is_changed = known.as_ref().is_none_or(|known| !known.branch.ptr_eq(&entry.branch));
        if is_changed {
            if known.is_none() {
                choice::displace(self.schema, branch, node.node);
            }
            branch.list_mut(self.schema, node.node).insert(entry);
        }
        if let (Some(place), Some(key), true) = (&node.mark.place, &node.key, is_set(operation)) {
            let list = branch.list_mut(self.schema, node.node);
            list.move_to(key, place).map_err(|NoSuchEntry| self.no_anchor(node.node, place))?;
        }
        Ok(())
    }

    /// A new entry with its key leaves.
    fn bare_entry(&self, node: &EditNode) -> Entry {
        match &node.key {
            Some(key) => Entry::with_key(self.schema, node.node, key, self.origin),
            None => Entry::new(Branch::default(), 0, self.origin),
        }
    }

    fn leaf_list_entry(
        &self,
        branch: &mut Branch,
        node: &EditNode,
        operation: Operation,
    ) -> Result<(), Fault> {
        let Some(Key::One(value)) = &node.key else { return Err(shape("a value", "nothing")) };
        let is_known = branch.leaf_list(node.node).is_some_and(|list| list.get(value).is_some());
        if !is_to_be_set(operation, is_known)? {
            if is_known && operation.is_removal() {
                let list = branch.leaf_list_mut(self.schema, node.node);
                list.remove(value);
                if list.is_empty() {
                    branch.unset(node.node);
                }
            }
            return Ok(());
        }
        if !is_known {
            choice::displace(self.schema, branch, node.node);
            let list = branch.leaf_list_mut(self.schema, node.node);
            list.insert(LeafListEntry::new(value.clone(), self.origin));
        }
        if let Some(place) = &node.mark.place {
            let list = branch.leaf_list_mut(self.schema, node.node);
            list.move_to(value, &value_place(place)?)
                .map_err(|NoSuchEntry| self.no_anchor(node.node, place))?;
        }
        Ok(())
    }

    fn no_anchor(&self, node: NodeId, place: &Place<Key>) -> Fault {
        let mut text = String::new();
        if let Place::Before(key) | Place::After(key) = place {
            crate::path::push_step_key(self.schema, node, key, &mut text);
        }
        Fault::MissingInstance(text)
    }

    /// Puts what a node holds into its children.
    fn body(&mut self, inside: &mut Branch, node: &EditNode, operation: Operation, is_new: bool) {
        // In what is created or replaced all children are new; no need to ask again.
        let inherited = match operation {
            Operation::None => Operation::None,
            _ => Operation::Merge,
        };
        match &node.body {
            EditBody::Children(children) => self.children(inside, children, inherited),
            EditBody::Subtree(branch) if is_new => *inside = branch.clone(),
            EditBody::Subtree(branch) => {
                let nodes = nodes_of(self.schema, branch);
                let is_key =
                    |child: &EditNode| node.key.is_some() && self.schema.node(child.node).is_key();
                let nodes: Vec<_> = nodes.into_iter().filter(|child| !is_key(child)).collect();
                self.children(inside, &nodes, inherited);
            }
            EditBody::Nothing | EditBody::Leaf(_) | EditBody::Any(_) => {}
        }
    }
}

fn is_set(operation: Operation) -> bool {
    !operation.is_removal() && operation != Operation::None
}

/// Whether the node is to be there afterwards and changed; an error when the operation asks for
/// what is not the case.
fn is_to_be_set(operation: Operation, exists: bool) -> Result<bool, Fault> {
    match (operation, exists) {
        (Operation::Create, true) => Err(Fault::DataExists),
        (Operation::Delete | Operation::None, false) => Err(Fault::DataMissing),
        (Operation::Delete | Operation::Remove | Operation::None, _) => Ok(false),
        (Operation::Merge | Operation::Replace | Operation::Create, _) => Ok(true),
    }
}

fn value_place(place: &Place<Key>) -> Result<Place<Value>, Fault> {
    let value = |key: &Key| match key {
        Key::One(value) => Ok(value.clone()),
        Key::Many(_) => Err(shape("one value", "several")),
    };
    Ok(match place {
        Place::First => Place::First,
        Place::Last => Place::Last,
        Place::Before(key) => Place::Before(value(key)?),
        Place::After(key) => Place::After(value(key)?),
    })
}

fn shape(expected: &str, found: &str) -> Fault {
    Fault::Shape { expected: expected.to_owned(), found: found.to_owned() }
}
