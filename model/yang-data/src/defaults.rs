//! Trees with their defaults filled in (RFC 7950, 7.6.1, 7.7.2 and 7.9.3).

use yang::{NodeId, NodeKind, Schema};

use crate::{Branch, Content, LeafList, LeafListEntry, List, Origin, Slot, Tree, Types};

/// The tree with every default value that is in use, in leaves, leaf-lists and default cases, with
/// [`Origin::NONE`]. Containers with presence are not made.
///
/// Defaults of state data are filled in below state data only: what a device does not report, it
/// may not have. Conditions (`when`) are not looked at.
pub fn fill(types: &Types, tree: &Tree) -> Tree {
    let root = fill_branch(types, Schema::ROOT, tree.root());
    Tree::from_root(types.schema().clone(), root)
}

/// The same for the children of a container, list entry, rpc input and so on.
pub fn fill_branch(types: &Types, parent: NodeId, branch: &Branch) -> Branch {
    let mut added = Vec::new();
    Filler { types, schema: types.schema(), branch }.children(parent, parent, &mut added);
    if added.is_empty() {
        return branch.clone();
    }
    // Of two slots for one node the later one stays: the filled one.
    let slots = branch.slots().iter().cloned().chain(added);
    Branch::from_slots(slots.collect())
}

struct Filler<'a> {
    types: &'a Types,
    schema: &'a Schema,
    branch: &'a Branch,
}

impl Filler<'_> {
    /// Slots to add or put in place, for the schema children of a data node, choice or case.
    fn children(&self, data_parent: NodeId, parent: NodeId, added: &mut Vec<Slot>) {
        let below_config = self.schema.node(data_parent).is_config();
        for child in self.schema.node(parent).children() {
            let node = self.schema.node(child);
            if below_config && !node.is_config() && !node.kind().is_choice_or_case() {
                self.state(child, added);
                continue;
            }
            match node.kind() {
                NodeKind::Choice => {
                    if let Some(case) = self.case(child) {
                        self.children(data_parent, case, added);
                    }
                }
                NodeKind::Case => self.children(data_parent, child, added),
                _ => self.child(child, added),
            }
        }
    }

    /// State data directly below configuration: filled only where it is there.
    fn state(&self, node: NodeId, added: &mut Vec<Slot>) {
        if matches!(self.branch.content(node), Some(Content::Container(_) | Content::List(_))) {
            self.child(node, added);
        }
    }

    fn child(&self, node: NodeId, added: &mut Vec<Slot>) {
        let content = match (self.schema.node(node).kind(), self.branch.content(node)) {
            (NodeKind::Leaf, None) => self.types.defaults(node).next().map(Content::Leaf),
            (NodeKind::LeafList, None) => self.leaf_list(node),
            (NodeKind::Container, None) if !self.schema.node(node).is_presence() => {
                let filled = fill_branch(self.types, node, &Branch::default());
                (!filled.is_empty()).then_some(Content::Container(filled))
            }
            (NodeKind::Container, Some(Content::Container(known))) => {
                let filled = fill_branch(self.types, node, known);
                (!filled.ptr_eq(known)).then_some(Content::Container(filled))
            }
            (NodeKind::List, Some(Content::List(known))) => self.list(node, known),
            _ => None,
        };
        let origin = self.branch.slot(node).map_or(Origin::NONE, |slot| slot.origin);
        added.extend(content.map(|content| Slot { node, origin, content }));
    }

    fn leaf_list(&self, node: NodeId) -> Option<Content> {
        let mut list = LeafList::new(self.schema.node(node).is_user_ordered());
        for value in self.types.defaults(node) {
            list.insert(LeafListEntry::new(value, Origin::NONE));
        }
        (!list.is_empty()).then_some(Content::LeafList(list))
    }

    fn list(&self, node: NodeId, known: &List) -> Option<Content> {
        let mut list = known.clone();
        for entry in known.iter_by_key() {
            let filled = fill_branch(self.types, node, &entry.branch);
            if !filled.ptr_eq(&entry.branch)
                && let Some(entry) = list.get_mut(&entry.key_value())
            {
                entry.branch = filled;
            }
        }
        (!list.ptr_eq(known)).then_some(Content::List(list))
    }

    /// The case of a choice that has nodes, else the default one.
    fn case(&self, choice: NodeId) -> Option<NodeId> {
        let definition = self.schema.node(choice);
        let is_chosen = |case: &NodeId| {
            let end = self.schema.node(*case).end();
            self.branch.slots().iter().any(|slot| *case <= slot.node && slot.node < end)
        };
        definition.children().find(is_chosen).or_else(|| definition.default_case())
    }
}

#[cfg(test)]
mod tests;
