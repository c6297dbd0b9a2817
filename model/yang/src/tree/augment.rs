//! `augment` of the schema tree and within `uses` (RFC 7950 7.17).

use super::expand::{Expansion, implemented_roots};
use super::node::ROOT;
use crate::grammar::argument;
use crate::lenient::Quirk;
use crate::limits::AUGMENT_ROUNDS_MAX;
use crate::link::Unresolved;
use crate::schema::{ModuleId, NodeKind};
use crate::source::{Keyword, Statement};

/// Where a path of schema nodes leads.
pub(super) enum Target {
    Node(u32),
    /// No such node (yet): the name that is missing.
    Missing(String),
    /// A prefix is unknown, or its module is missing.
    Unknown(Unresolved),
}

/// Applies the augments of all implemented modules. One may need the nodes of another, whatever
/// the order, so they are tried in rounds until none finds its target any more.
pub(crate) fn apply_augments(expansion: &mut Expansion<'_, '_>) {
    let mut pending: Vec<_> = implemented_roots(expansion.linked)
        .flat_map(|(module, root)| root.all(Keyword::Augment).map(move |it| (module, it)))
        .collect();
    for _ in 0..AUGMENT_ROUNDS_MAX {
        let before = pending.len();
        pending.retain(|(module, augment)| !expansion.try_augment(*augment, *module));
        if pending.is_empty() || pending.len() == before {
            break;
        }
    }
    for (_, augment) in pending {
        if let Target::Missing(name) = expansion.target(augment) {
            let message = missing_message(augment, &name);
            expansion.linked.report.quirk(Quirk::MissingAugmentTarget, augment, message);
        }
    }
}

impl<'c> Expansion<'_, 'c> {
    /// Whether the augment is done with.
    fn try_augment(&mut self, augment: Statement<'c>, module: ModuleId) -> bool {
        match self.target(augment) {
            Target::Node(target) => {
                self.augmenting = true;
                let last = self.tree.at(target).last;
                self.augment_node(augment, target, module);
                self.check_mandatory(augment, target, last, module);
                self.augmenting = false;
                true
            }
            Target::Missing(_) => false,
            Target::Unknown(why) => {
                self.linked.unresolved(augment, "augment of", &why);
                true
            }
        }
    }

    /// The node at the absolute path that is the argument.
    pub(super) fn target(&self, statement: Statement<'c>) -> Target {
        let Some((absolute, steps)) = argument::schema_path(statement.arg()) else {
            return Target::Missing(statement.arg().to_owned());
        };
        if !absolute {
            let message = "the path must start with \"/\" here";
            self.linked.report.quirk(Quirk::PathForm, statement, message);
        }
        let mut node = ROOT;
        for (prefix, name) in steps {
            let module = match self.linked.module_of_prefix(statement, prefix) {
                Ok(module) => module,
                Err(why) => return Target::Unknown(why),
            };
            match self.tree.child(node, Some(module), name) {
                Some(child) => node = child,
                None => {
                    let info = self.linked.modules.info(module);
                    let hint = if info.implemented { "" } else { " (only imported)" };
                    return Target::Missing(format!("{}:{name}{hint}", info.name));
                }
            }
        }
        Target::Node(node)
    }

    /// Adds the children of an augment to its target.
    pub(super) fn augment_node(&mut self, augment: Statement<'c>, target: u32, module: ModuleId) {
        let kind = self.tree.at(target).kind;
        if self.is_too_large(augment) {
            return;
        }
        let last = self.tree.at(target).last;
        self.depth += 1;
        for child in augment.substatements() {
            if child.kind() == Keyword::Extension {
                self.tree.at_mut(target).extra_mut().extensions.push(child);
            } else if !takes(kind, child.kind()) {
                let message = format!("a {} cannot get a \"{}\"", kind.keyword(), child.keyword());
                self.linked.report.quirk(Quirk::MisplacedStatement, child, message);
            } else {
                self.definition(child, target, module);
            }
        }
        self.depth -= 1;
        self.condition_new(augment, target, last);
    }

    /// RFC 7950 7.17: no mandatory node may be added to configuration of another module, unless
    /// the augment is conditional.
    fn check_mandatory(&self, augment: Statement<'c>, target: u32, last: u32, module: ModuleId) {
        let version = augment.file.root().and_then(|root| root.first_arg(Keyword::YangVersion));
        let conditional = version == Some("1.1") && augment.first(Keyword::When).is_some();
        if conditional || self.tree.at(target).module == module || !self.is_config(target) {
            return;
        }
        for child in self.tree.children_after(target, last) {
            if let Some(node) = self.mandatory_below(child) {
                let name = self.tree.at(node).name;
                let message = format!(
                    "adds the mandatory node \"{name}\" to another module: give the augment a \
                     \"when\""
                );
                self.linked.report.quirk(Quirk::MandatoryAugment, augment, message);
            }
        }
    }

    /// Whether a node is configuration as far as the tree says so far.
    fn is_config(&self, mut node: u32) -> bool {
        while node != ROOT {
            let here = self.tree.at(node);
            if matches!(here.kind, NodeKind::Rpc | NodeKind::Action | NodeKind::Notification) {
                return false;
            }
            if let Some(config) = here.config {
                return config;
            }
            node = here.parent;
        }
        true
    }

    /// A mandatory configuration node that must be there as soon as `node`'s parent is (RFC 7950
    /// 3, "mandatory node").
    fn mandatory_below(&self, id: u32) -> Option<u32> {
        let node = self.tree.at(id);
        if node.config == Some(false) || !node.is_in_use() || !node.whens().is_empty() {
            return None;
        }
        let extra = node.extra.as_deref();
        let min = extra.and_then(|extra| extra.min);
        let is_presence = extra.is_some_and(|extra| extra.presence.is_some());
        match node.kind {
            NodeKind::Leaf | NodeKind::Choice | NodeKind::AnyData | NodeKind::AnyXml => {
                (node.mandatory == Some(true)).then_some(id)
            }
            NodeKind::LeafList | NodeKind::List => {
                min.is_some_and(|min| min.arg() != "0").then_some(id)
            }
            NodeKind::Container if !is_presence => {
                self.tree.children(id).find_map(|child| self.mandatory_below(child))
            }
            _ => None,
        }
    }
}

/// What to say about a path that leads to no node.
pub(super) fn missing_message(statement: Statement<'_>, name: &str) -> String {
    format!("\"{}\" does not exist: no node {name} there", statement.arg())
}

/// Whether a target of this kind takes such a child.
fn takes(kind: NodeKind, child: Keyword) -> bool {
    use NodeKind as N;
    match child {
        Keyword::Case => kind == N::Choice,
        Keyword::Action | Keyword::Notification => matches!(kind, N::Container | N::List),
        Keyword::Uses => matches!(
            kind,
            N::Container | N::List | N::Case | N::Input | N::Output | N::Notification
        ),
        child if child.is_data_definition() => matches!(
            kind,
            N::Container | N::List | N::Choice | N::Case | N::Input | N::Output | N::Notification
        ),
        _ => true,
    }
}
