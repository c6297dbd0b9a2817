//! From data definition statements to nodes.

use super::node::{ROOT, Tree, TreeNode, WhenContext};
use crate::hash::FastSet;
use crate::identity::Identities;
use crate::lenient::Quirk;
use crate::limits::{SCHEMA_DEPTH_MAX, SCHEMA_NODES_MAX};
use crate::link::Linked;
use crate::schema::{ModuleId, NodeKind, TypeKind};
use crate::source::{Keyword, Statement, StatementId};
use crate::status::own_status;
use crate::types::{TypeScope, Types};

/// Everything the tree stages share.
pub(crate) struct Expansion<'l, 'c> {
    pub(crate) linked: &'l Linked<'c>,
    pub(crate) identities: &'l Identities<'c>,
    pub(crate) types: Types<'c>,
    pub(crate) tree: Tree<'c>,
    /// Groupings that some `uses` names.
    pub(super) used: FastSet<StatementId>,
    /// Groupings being expanded, outermost first.
    pub(super) active: Vec<StatementId>,
    pub(super) depth: usize,
    /// Whether nodes come from an augment of the schema tree.
    pub(super) augmenting: bool,
    /// Whether there are too many nodes to go on.
    pub(crate) full: bool,
}

/// Expands the data nodes, rpcs and notifications of every implemented module.
pub(crate) fn expand_modules<'l, 'c>(
    linked: &'l Linked<'c>,
    identities: &'l Identities<'c>,
) -> Expansion<'l, 'c> {
    let mut expansion = Expansion {
        linked,
        identities,
        types: Types::new(),
        tree: Tree::new(),
        used: FastSet::default(),
        active: Vec::new(),
        depth: 0,
        augmenting: false,
        full: false,
    };
    for (module, root) in implemented_roots(linked) {
        for statement in root.substatements() {
            match statement.kind() {
                Keyword::Rpc => expansion.operation(statement, ROOT, module, NodeKind::Rpc),
                Keyword::Notification => expansion.notification(statement, ROOT, module),
                Keyword::Typedef => {
                    expansion.types.of_definition(expansion.type_scope(), statement);
                }
                _ => expansion.definition(statement, ROOT, module),
            }
        }
    }
    expansion
}

/// The outermost statements of implemented modules and their submodules.
pub(super) fn implemented_roots<'l, 'c>(
    linked: &'l Linked<'c>,
) -> impl Iterator<Item = (ModuleId, Statement<'c>)> + use<'l, 'c> {
    let modules = linked.modules.iter().filter(|(_, info)| info.implemented);
    modules.flat_map(|(module, info)| {
        let roots = info.files.iter().filter_map(|file| linked.files[*file as usize].root());
        roots.map(move |root| (module, root))
    })
}

impl<'l, 'c> Expansion<'l, 'c> {
    pub(crate) fn type_scope(&self) -> TypeScope<'l, 'c> {
        TypeScope { linked: self.linked, identities: self.identities }
    }

    /// Expands one statement below `parent`; anything but a data definition is ignored.
    pub(super) fn definition(&mut self, statement: Statement<'c>, parent: u32, module: ModuleId) {
        let kind = match statement.kind() {
            Keyword::Container => NodeKind::Container,
            Keyword::Leaf => NodeKind::Leaf,
            Keyword::LeafList => NodeKind::LeafList,
            Keyword::List => NodeKind::List,
            Keyword::Choice => NodeKind::Choice,
            Keyword::Case => NodeKind::Case,
            Keyword::AnyData => NodeKind::AnyData,
            Keyword::AnyXml => NodeKind::AnyXml,
            Keyword::Action => {
                return self.operation(statement, parent, module, NodeKind::Action);
            }
            Keyword::Notification => return self.notification(statement, parent, module),
            Keyword::Uses => return self.uses(statement, parent, module),
            Keyword::Typedef => {
                self.types.of_definition(self.type_scope(), statement);
                return;
            }
            _ => return,
        };
        let parent = if self.tree.at(parent).kind == NodeKind::Choice && kind != NodeKind::Case {
            self.implicit_case(statement, parent, module)
        } else {
            parent
        };
        let id = self.append(kind, statement, parent, module);
        self.substatements(statement, id, module);
    }

    /// RFC 7950 7.9.2: a node right below a choice stands for a case of its name.
    fn implicit_case(&mut self, statement: Statement<'c>, choice: u32, module: ModuleId) -> u32 {
        let case = self.append(NodeKind::Case, statement, choice, module);
        self.tree.at_mut(case).implicit = true;
        case
    }

    fn append(
        &mut self,
        kind: NodeKind,
        statement: Statement<'c>,
        parent: u32,
        module: ModuleId,
    ) -> u32 {
        let mut node = TreeNode::new(kind, statement.arg(), Some(statement), module);
        node.augmented = self.augmenting;
        if matches!(kind, NodeKind::Leaf | NodeKind::LeafList) {
            // Until its type is read; what lacks one is reported and taken for a string.
            node.type_ = TypeKind::String as u32;
        }
        self.tree.append(parent, node)
    }

    /// Properties and children of a new node.
    fn substatements(&mut self, statement: Statement<'c>, id: u32, module: ModuleId) {
        if self.is_too_large(statement) {
            return;
        }
        self.depth += 1;
        for child in statement.substatements() {
            match child.kind() {
                Keyword::Type => {
                    let scope = self.type_scope();
                    let type_ = self.types.of(scope, child, own_status(statement));
                    self.tree.at_mut(id).type_ = type_;
                }
                Keyword::IfFeature => {
                    let enabled = self.linked.is_enabled(statement);
                    self.tree.at_mut(id).disabled |= !enabled;
                }
                Keyword::Description | Keyword::Reference | Keyword::Status => {}
                Keyword::Default
                | Keyword::Config
                | Keyword::Mandatory
                | Keyword::When
                | Keyword::Must
                | Keyword::Key
                | Keyword::Unique
                | Keyword::MinElements
                | Keyword::MaxElements
                | Keyword::OrderedBy
                | Keyword::Presence
                | Keyword::Units
                | Keyword::Extension => self.property(child, id),
                _ => self.definition(child, id, module),
            }
        }
        self.depth -= 1;
    }

    pub(super) fn property(&mut self, property: Statement<'c>, id: u32) {
        let node = self.tree.at_mut(id);
        match property.kind() {
            Keyword::Config => {
                node.config = Some(property.arg() == "true");
                node.extra_mut().config = Some(property);
            }
            Keyword::Mandatory => {
                node.mandatory = Some(property.arg() == "true");
                node.extra_mut().mandatory = Some(property);
            }
            Keyword::OrderedBy => node.user_ordered = property.arg() == "user",
            Keyword::Default => node.extra_mut().defaults.push(property),
            Keyword::When => node.extra_mut().whens.push((property, WhenContext::Own)),
            Keyword::Must => node.extra_mut().musts.push(property),
            Keyword::Key => node.extra_mut().key = Some(property),
            Keyword::Unique => node.extra_mut().uniques.push(property),
            Keyword::MinElements => node.extra_mut().min = Some(property),
            Keyword::MaxElements => node.extra_mut().max = Some(property),
            Keyword::Presence => node.extra_mut().presence = Some(property),
            Keyword::Units => node.extra_mut().units = Some(property),
            Keyword::Extension => node.extra_mut().extensions.push(property),
            _ => {}
        }
    }

    /// An rpc or action: always with input and output (RFC 7950 7.14).
    pub(super) fn operation(
        &mut self,
        statement: Statement<'c>,
        parent: u32,
        module: ModuleId,
        kind: NodeKind,
    ) {
        let id = self.append(kind, statement, parent, module);
        self.tree.at_mut(id).disabled = !self.linked.is_enabled(statement);
        for (keyword, kind) in
            [(Keyword::Input, NodeKind::Input), (Keyword::Output, NodeKind::Output)]
        {
            let body = statement.first(keyword);
            let side = self.append(kind, body.unwrap_or(statement), id, module);
            self.tree.at_mut(side).name = keyword.name();
            match body {
                Some(body) => self.substatements(body, side, module),
                None => self.tree.at_mut(side).implicit = true,
            }
        }
        for child in statement.substatements() {
            match child.kind() {
                Keyword::Extension => self.property(child, id),
                Keyword::Typedef => self.definition(child, id, module),
                _ => {}
            }
        }
    }

    pub(super) fn notification(&mut self, statement: Statement<'c>, parent: u32, module: ModuleId) {
        let id = self.append(NodeKind::Notification, statement, parent, module);
        self.substatements(statement, id, module);
    }

    /// Whether a limit forbids to go on; reported once for each limit.
    pub(super) fn is_too_large(&mut self, at: Statement<'c>) -> bool {
        if self.depth >= SCHEMA_DEPTH_MAX {
            let message = format!("schema nodes nested deeper than {SCHEMA_DEPTH_MAX} levels");
            self.linked.report.error(at, message);
            return true;
        }
        if self.tree.nodes.len() >= SCHEMA_NODES_MAX {
            if !self.full {
                let message = format!("more than {SCHEMA_NODES_MAX} schema nodes");
                self.linked.report.error(at, message);
            }
            self.full = true;
        }
        self.full
    }

    /// Puts a condition on every child that was added after `last`.
    pub(super) fn condition_new(&mut self, carrier: Statement<'c>, parent: u32, last: u32) {
        let disabled = !self.linked.is_enabled(carrier);
        let when = carrier.first(Keyword::When);
        if !disabled && when.is_none() {
            return;
        }
        let new: Vec<u32> = self.tree.children_after(parent, last).collect();
        for id in new {
            let node = self.tree.at_mut(id);
            node.disabled |= disabled;
            if let Some(when) = when {
                node.extra_mut().whens.push((when, WhenContext::Parent));
            }
        }
    }

    /// Reports a node that cannot be found.
    pub(super) fn missing(&self, quirk: Quirk, statement: Statement<'c>) {
        let message = format!("node \"{}\" does not exist", statement.arg());
        self.linked.report.quirk(quirk, statement, message);
    }
}
