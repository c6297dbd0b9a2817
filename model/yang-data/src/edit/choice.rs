//! Cases of a choice exclude each other (RFC 7950, 7.9).

use std::collections::BTreeMap;

use yang::{NodeId, NodeKind, Schema};

use super::EditNode;
use crate::{Branch, Fault};

/// The cases that a data node is in, with their choices, innermost first.
fn cases(schema: &Schema, node: NodeId) -> impl Iterator<Item = (NodeId, NodeId)> {
    let up = move |id: NodeId| {
        let case = schema.node(id).parent().filter(|id| is(schema, *id, NodeKind::Case))?;
        let choice = schema.node(case).parent().filter(|id| is(schema, *id, NodeKind::Choice))?;
        Some((case, choice))
    };
    std::iter::successors(up(node), move |(_, choice)| up(*choice))
}

fn is(schema: &Schema, node: NodeId, kind: NodeKind) -> bool {
    schema.node(node).kind() == kind
}

fn is_below(schema: &Schema, node: NodeId, ancestor: NodeId) -> bool {
    ancestor < node && node < schema.node(ancestor).end()
}

/// Whether the node is in a case of a choice.
pub(crate) fn is_in_case(schema: &Schema, node: NodeId) -> bool {
    cases(schema, node).next().is_some()
}

/// Removes what the presence of a node excludes: nodes of other cases.
pub(super) fn displace(schema: &Schema, branch: &mut Branch, node: NodeId) {
    for (case, choice) in cases(schema, node) {
        let excluded: Vec<NodeId> = branch
            .slots()
            .iter()
            .map(|slot| slot.node)
            .filter(|other| is_below(schema, *other, choice) && !is_below(schema, *other, case))
            .collect();
        for other in excluded {
            branch.unset(other);
        }
    }
}

/// Of nodes to be set side by side, those that an earlier one excludes.
pub(super) fn conflicts<'n>(
    schema: &Schema,
    nodes: impl Iterator<Item = &'n EditNode>,
) -> Vec<(&'n EditNode, Fault)> {
    let mut chosen: BTreeMap<NodeId, (NodeId, NodeId)> = BTreeMap::new();
    let mut found = Vec::new();
    for node in nodes {
        for (case, choice) in cases(schema, node.node) {
            let (first_case, first) = *chosen.entry(choice).or_insert((case, node.node));
            if first_case != case {
                let name = |id: NodeId| schema.node(id).name().to_owned();
                let fault = Fault::OtherCase { choice: name(choice), other: name(first) };
                found.push((node, fault));
                break;
            }
        }
    }
    found
}
