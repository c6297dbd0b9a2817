//! A difference as the smallest edit that makes it.

use yang::{NodeKind, Schema};

use super::{Change, Diff, DiffNode, Item};
use crate::edit::{Edit, EditBody, EditNode, Mark, Operation, is_in_case};
use crate::print::{Envelope, PrintOptions};
use crate::xml;

impl Diff {
    /// The edit: new values are merged; what is gone is a node with its keys and the operation
    /// `removal` ([`Operation::Remove`] or [`Operation::Delete`]), a container as a whole when it
    /// is gone as a whole; a moved entry has its new place.
    pub fn to_edit(&self, schema: &Schema, removal: Operation) -> Edit {
        Edit { nodes: nodes(schema, &self.nodes, removal) }
    }

    /// The edit as XML: a `<config>` for `edit-config`, with `operation` attributes.
    pub fn xml(&self, schema: &Schema, removal: Operation, options: &PrintOptions) -> String {
        let options = PrintOptions { envelope: Envelope::Config, ..*options };
        xml::print_edit(schema, &self.to_edit(schema, removal), &options)
    }
}

fn nodes(schema: &Schema, nodes: &[DiffNode], removal: Operation) -> Vec<EditNode> {
    // What leaves a choice goes first: the new case displaces it, and then a `delete` would fail.
    let leaves_choice = |node: &&DiffNode| {
        matches!(node.change, Change::Deleted { .. }) && is_in_case(schema, node.node)
    };
    let first = nodes.iter().filter(leaves_choice);
    let rest = nodes.iter().filter(|node| !leaves_choice(node));
    first.chain(rest).map(|node| edit_node(schema, node, removal)).collect()
}

fn edit_node(schema: &Schema, node: &DiffNode, removal: Operation) -> EditNode {
    let mut edit = EditNode::new(node.node, node.key.clone());
    match &node.change {
        Change::Deleted { .. } => edit.mark.operation = Some(removal),
        Change::Created { new, place } => {
            edit.mark.place.clone_from(place);
            edit.body = body(schema, node, new);
        }
        Change::Replaced { new, .. } => {
            edit.body = body(schema, node, new);
            // Merging into anydata means something else to every server.
            if matches!(new, Item::Any(_)) {
                edit.mark.operation = Some(Operation::Replace);
            }
        }
        Change::Inside { children, place } => {
            edit.mark = Mark { operation: None, place: place.clone() };
            if schema.node(node.node).kind() != NodeKind::LeafList {
                edit.body = EditBody::Children(nodes(schema, children, removal));
            }
        }
    }
    edit
}

fn body(schema: &Schema, node: &DiffNode, item: &Item) -> EditBody {
    match item {
        Item::Value(_) if schema.node(node.node).kind() == NodeKind::LeafList => EditBody::Nothing,
        Item::Value(value) => EditBody::Leaf(value.clone()),
        Item::Branch(branch) => EditBody::Subtree(branch.clone()),
        Item::Any(any) => EditBody::Any(any.clone()),
    }
}
