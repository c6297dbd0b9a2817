//! Rules on a node and its surroundings.

use super::flatten::{Inherited, number};
use super::lists::{self, has_if_feature};
use crate::lenient::Quirk;
use crate::schema::{NodeKind, TypeKind};
use crate::source::{Keyword, Statement};
use crate::status::{name, report_status, stated_status};
use crate::tree::{Expansion, TreeNode};

/// Checks a node in use; `own` is what it passes on to its children.
pub(super) fn check(expansion: &Expansion<'_, '_>, id: u32, above: Inherited, own: Inherited) {
    let node = expansion.tree.at(id);
    let Some(statement) = node.statement.filter(|_| !node.implicit) else { return };
    let checker = Checker { expansion, node, statement, above, own };
    checker.status();
    checker.config();
    match node.kind {
        NodeKind::List => checker.list(id),
        NodeKind::Leaf => checker.leaf(),
        NodeKind::LeafList => checker.leaf_list(),
        NodeKind::Action | NodeKind::Notification => checker.place(),
        _ => {}
    }
}

struct Checker<'n, 'l, 'c> {
    expansion: &'n Expansion<'l, 'c>,
    node: &'n TreeNode<'c>,
    statement: Statement<'c>,
    above: Inherited,
    own: Inherited,
}

impl<'c> Checker<'_, '_, 'c> {
    fn quirk(&self, quirk: Quirk, at: Statement<'c>, message: impl Into<String>) {
        self.expansion.linked.report.quirk(quirk, at, message);
    }

    fn status(&self) {
        let Some(stated) = stated_status(self.statement).filter(|own| *own < self.above.status)
        else {
            return;
        };
        let message = format!("a {} node below a {} one", name(stated), name(self.above.status));
        report_status(self.expansion.linked, self.statement, self.above.status, message);
    }

    fn config(&self) {
        if self.node.config == Some(true) && !self.above.config && !self.above.operation {
            let at = self.node.extra.as_deref().and_then(|extra| extra.config);
            let message = "configuration below \"config false\"";
            self.quirk(Quirk::ConfigUnderState, at.unwrap_or(self.statement), message);
        }
    }

    fn list(&self, id: u32) {
        let extra = self.node.extra.as_deref();
        match extra.and_then(|extra| extra.key) {
            None if self.own.config => {
                let message = "a list of configuration needs a key";
                self.quirk(Quirk::KeylessConfigList, self.statement, message);
            }
            None => {}
            Some(key) => {
                for leaf in lists::keys(self.expansion, id) {
                    self.key(key, self.expansion.tree.at(leaf));
                }
            }
        }
        self.bounds();
    }

    /// RFC 7950 7.8.2: a key is there in every entry.
    fn key(&self, key: Statement<'c>, leaf: &TreeNode<'c>) {
        let at = leaf.statement.unwrap_or(key);
        let name = leaf.name;
        if self.own.config && leaf.config == Some(false) {
            let message = format!("key \"{name}\" is state in a list of configuration");
            self.quirk(Quirk::UnusualKey, at, message);
        }
        if !leaf.whens().is_empty() || has_if_feature(leaf.statement) {
            let message = format!("key \"{name}\" must not have \"when\" or \"if-feature\"");
            self.quirk(Quirk::UnusualKey, at, message);
        }
        let root = at.file.root();
        let version = root.and_then(|root| root.first_arg(Keyword::YangVersion));
        let is_empty = leaf.type_ != crate::schema::tables::NONE
            && self.expansion.types.at(leaf.type_).kind == TypeKind::Empty;
        if is_empty && version != Some("1.1") {
            let message = format!("key \"{name}\" of type empty needs yang-version 1.1");
            self.quirk(Quirk::UnusualKey, at, message);
        }
    }

    fn bounds(&self) {
        let Some(extra) = self.node.extra.as_deref() else { return };
        let (min, max) = (number(extra.min), number(extra.max));
        if let (Some(min), Some(max), Some(at)) = (min, max, extra.min)
            && min > max
        {
            let message = format!("min-elements {min} exceeds max-elements {max}");
            self.quirk(Quirk::Contradiction, at, message);
        }
    }

    fn leaf(&self) {
        let default = self.node.defaults().first().copied();
        if let Some(default) = default.filter(|_| self.node.mandatory == Some(true)) {
            self.quirk(Quirk::Contradiction, default, "a mandatory leaf has no default");
        }
    }

    fn leaf_list(&self) {
        self.bounds();
        let extra = self.node.extra.as_deref();
        let min = number(extra.and_then(|extra| extra.min)).unwrap_or(0);
        if let Some(default) = self.node.defaults().first().filter(|_| min > 0) {
            let message = "a leaf-list with min-elements has no default";
            self.quirk(Quirk::Contradiction, *default, message);
        }
    }

    /// RFC 7950 7.15, 7.16: not within another operation, nor in a list without keys.
    fn place(&self) {
        let kind = self.node.kind.keyword();
        if self.above.operation {
            let message = format!("{kind} below an rpc, action or notification");
            self.quirk(Quirk::MisplacedStatement, self.statement, message);
        } else if self.above.keyless {
            let message = format!("{kind} below a list without key");
            self.quirk(Quirk::MisplacedStatement, self.statement, message);
        }
    }
}
