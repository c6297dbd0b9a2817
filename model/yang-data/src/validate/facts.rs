//! What a schema's rules need, computed once.

use std::collections::{BTreeMap, BTreeSet};

use yang::{Node, NodeId, NodeKind, Schema, Type, TypeId, TypeKind};

use super::reads::{self, Reads};
use crate::xpath::View;

/// Tables over the rules of one schema.
#[derive(Debug, Default)]
pub(super) struct Facts {
    /// Per node whether it or a descendant has a rule between nodes.
    has_rules: Vec<bool>,
    /// Per schema parent the schema children that matter when they are not stored.
    duties: BTreeMap<NodeId, Box<[NodeId]>>,
    /// Per node the rules to check again when an instance of it comes, goes or changes.
    triggers: BTreeMap<NodeId, Vec<Trigger>>,
    /// Nodes whose rules are to be checked again after every change.
    always: Vec<NodeId>,
    /// Per node the leafrefs that may point at it.
    referrers: BTreeMap<NodeId, Vec<Trigger>>,
    /// Nodes with conditions of their own that look only at what is above them.
    looks_up: BTreeSet<NodeId>,
}

/// Rules that depend on a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Trigger {
    /// The node that has the rules.
    pub(super) dependent: NodeId,
    /// Only its instances below the same instance of this node are concerned.
    pub(super) apex: NodeId,
}

impl Facts {
    pub(super) fn new(schema: &Schema, view: View) -> Self {
        let mut facts = Self { has_rules: vec![false; schema.node_count()], ..Self::default() };
        facts.visit(schema, schema.root(), view);
        for triggers in facts.triggers.values_mut().chain(facts.referrers.values_mut()) {
            triggers.sort_unstable();
            triggers.dedup();
        }
        facts
    }

    /// Whether a node or something below it has a rule between nodes.
    pub(super) fn has_rules(&self, node: NodeId) -> bool {
        self.has_rules[node.index()]
    }

    /// Schema children that matter when they are not stored.
    pub(super) fn duties(&self, parent: NodeId) -> &[NodeId] {
        self.duties.get(&parent).map_or(&[], |duties| duties)
    }

    pub(super) fn triggers(&self, changed: NodeId) -> &[Trigger] {
        self.triggers.get(&changed).map_or(&[], |triggers| triggers)
    }

    pub(super) fn referrers(&self, target: NodeId) -> &[Trigger] {
        self.referrers.get(&target).map_or(&[], |triggers| triggers)
    }

    /// Leafref leaves of the schema that may lose their target.
    pub(super) fn all_referrers(&self) -> BTreeSet<NodeId> {
        self.referrers.values().flatten().map(|trigger| trigger.dependent).collect()
    }

    pub(super) fn always(&self) -> &[NodeId] {
        &self.always
    }

    pub(super) fn looks_up(&self, node: NodeId) -> bool {
        self.looks_up.contains(&node)
    }

    /// Fills the tables for a node and what is below it, children first. Returns whether the node
    /// matters when it is not stored.
    fn visit(&mut self, schema: &Schema, node: Node<'_>, view: View) -> bool {
        if view == View::Configuration && !node.is_config() && node.id() != Schema::ROOT {
            return false;
        }
        let mut duties = Vec::new();
        let mut has_rules = has_own_rules(schema, node);
        for id in node.children() {
            let child = schema.node(id);
            if !child.kind().is_data() && !child.kind().is_choice_or_case() {
                continue;
            }
            if self.visit(schema, child, view) {
                duties.push(id);
            }
            has_rules |= self.has_rules[id.index()];
        }
        self.note_reads(schema, node);
        if node.kind().is_choice_or_case() && node.whens().next().is_some() {
            // Its conditions are those of the nodes in it.
            let below = node.id().index()..node.end().index();
            self.has_rules[below].fill(true);
        }
        self.has_rules[node.id().index()] = has_rules || !duties.is_empty();
        let matters = matters_when_absent(schema, node, !duties.is_empty());
        if !duties.is_empty() {
            self.duties.insert(node.id(), duties.into());
        }
        matters
    }

    fn note_reads(&mut self, schema: &Schema, node: Node<'_>) {
        let mut is_looking_up = true;
        for when in node.whens() {
            let read = reads::reads_of(schema, when.xpath(), when.context());
            is_looking_up &= !read.everything && read.spots.iter().all(|s| s.apex < node.id());
            self.note(node, &read);
        }
        if is_looking_up && node.whens().next().is_some() {
            self.looks_up.insert(node.id());
        }
        for must in node.musts() {
            self.note(node, &reads::reads_of(schema, must.xpath(), node.id()));
        }
        for leaf in node.uniques().flatten() {
            self.note(node, &reads::default_reads(schema, node.id(), leaf));
        }
        for ty in reference_types(schema, node) {
            if ty.kind() == TypeKind::LeafRef {
                let of_union = node.type_id() != Some(ty.id());
                self.note_target(schema, node, ty, of_union);
            } else {
                self.always.push(node.id());
            }
        }
    }

    fn note(&mut self, node: Node<'_>, reads: &Reads) {
        if reads.everything {
            self.always.push(node.id());
            return;
        }
        for spot in &reads.spots {
            // A change inside of an instance leads to its own rules anyway.
            if spot.apex != node.id() {
                let trigger = Trigger { dependent: node.id(), apex: spot.apex };
                self.triggers.entry(spot.node).or_default().push(trigger);
            }
        }
    }

    fn note_target(&mut self, schema: &Schema, node: Node<'_>, ty: Type<'_>, of_union: bool) {
        let mut target = reads::target_reads(schema, ty, node.id());
        if of_union {
            // Its value may be of another member's type than the target's.
            target.reads.spots.append(&mut target.targets);
        }
        self.note(node, &target.reads);
        for spot in target.targets {
            let trigger = Trigger { dependent: node.id(), apex: spot.apex };
            self.referrers.entry(spot.node).or_default().push(trigger);
        }
    }
}

/// Types of a node, or members of its union, whose values must point at something.
pub(super) fn reference_types<'s>(schema: &'s Schema, node: Node<'s>) -> Vec<Type<'s>> {
    let mut found = Vec::new();
    if let Some(ty) = node.type_id() {
        collect_references(schema, ty, &mut found);
    }
    found
}

fn collect_references<'s>(schema: &'s Schema, ty: TypeId, found: &mut Vec<Type<'s>>) {
    let ty = schema.type_(ty);
    match ty.kind() {
        TypeKind::LeafRef | TypeKind::InstanceIdentifier if ty.require_instance() => {
            found.push(ty);
        }
        TypeKind::Union => {
            for member in ty.members() {
                collect_references(schema, member, found);
            }
        }
        _ => {}
    }
}

fn has_own_rules(schema: &Schema, node: Node<'_>) -> bool {
    node.whens().next().is_some()
        || node.musts().next().is_some()
        || node.min_elements() > 0
        || node.max_elements().is_some()
        || node.uniques().next().is_some()
        || node.kind() == NodeKind::List && !node.keys().is_empty()
        || !reference_types(schema, node).is_empty()
}

/// Whether something is to be checked where a node is not stored.
fn matters_when_absent(schema: &Schema, node: Node<'_>, has_duties: bool) -> bool {
    let has_musts = || node.musts().next().is_some();
    let has_default = || node.defaults().next().is_some();
    match node.kind() {
        NodeKind::Leaf | NodeKind::LeafList => {
            let has_rules = || has_musts() || !reference_types(schema, node).is_empty();
            node.is_mandatory() || node.min_elements() > 0 || has_default() && has_rules()
        }
        NodeKind::List => node.min_elements() > 0,
        NodeKind::AnyData | NodeKind::AnyXml => node.is_mandatory(),
        NodeKind::Choice => node.is_mandatory() || has_duties || node.children().count() > 1,
        NodeKind::Case => has_duties,
        NodeKind::Container => !node.is_presence() && (has_duties || has_musts()),
        _ => false,
    }
}
