//! Keys, unique and default cases: statements that name descendants.

use crate::grammar::argument::{schema_path, split_prefix};
use crate::lenient::Quirk;
use crate::schema::NodeKind;
use crate::source::{Keyword, Statement};
use crate::tree::Expansion;

/// The key leaves of a list in key order; empty for anything else.
pub(super) fn keys<'c>(expansion: &Expansion<'_, 'c>, list: u32) -> Vec<u32> {
    let node = expansion.tree.at(list);
    let key = node.extra.as_deref().and_then(|extra| extra.key);
    let Some(key) = key.filter(|_| node.kind == NodeKind::List) else { return Vec::new() };
    let mut keys = Vec::new();
    for name in key.arg().split_whitespace() {
        let Some(leaf) = key_leaf(expansion, list, key, name) else { continue };
        if keys.contains(&leaf) {
            let message = format!("key \"{name}\" is named twice");
            expansion.linked.report.quirk(Quirk::MissingKey, key, message);
        } else {
            keys.push(leaf);
        }
    }
    keys
}

fn key_leaf<'c>(
    expansion: &Expansion<'_, 'c>,
    list: u32,
    key: Statement<'c>,
    name: &str,
) -> Option<u32> {
    let tree = &expansion.tree;
    let report = expansion.linked.report;
    let (_, name) = split_prefix(name);
    let module = tree.at(list).module;
    let found = tree
        .children(list)
        .find(|id| tree.is_named(*id, Some(module), name) && tree.at(*id).is_in_use());
    let Some(leaf) = found else {
        let message = format!("the list has no leaf \"{name}\"");
        report.quirk(Quirk::MissingKey, key, message);
        return None;
    };
    if tree.at(leaf).kind != NodeKind::Leaf {
        let message = format!("key \"{name}\" is a {}, no leaf", tree.at(leaf).kind.keyword());
        report.quirk(Quirk::MissingKey, key, message);
        return None;
    }
    Some(leaf)
}

/// The leaves that a `unique` statement names.
pub(super) fn unique<'c>(
    expansion: &Expansion<'_, 'c>,
    unique: Statement<'c>,
    list: u32,
) -> Vec<u32> {
    let tree = &expansion.tree;
    let mut leaves = Vec::new();
    for path in unique.arg().split_whitespace() {
        let Some((false, mut steps)) = schema_path(path) else { continue };
        let leaf = steps.try_fold(list, |node, (_, name)| {
            tree.child(node, None, name).filter(|child| {
                let child = tree.at(*child);
                child.is_in_use() && child.kind != NodeKind::List
            })
        });
        match leaf.filter(|leaf| tree.at(*leaf).kind == NodeKind::Leaf) {
            Some(leaf) => leaves.push(leaf),
            None => {
                let message = format!("\"{path}\" leads to no leaf of the list");
                expansion.linked.report.quirk(Quirk::MissingUnique, unique, message);
            }
        }
    }
    leaves
}

/// The default case of a choice.
pub(super) fn default_case(expansion: &Expansion<'_, '_>, choice: u32) -> Option<u32> {
    let default = expansion.tree.at(choice).defaults().first().copied()?;
    let (_, name) = split_prefix(default.arg());
    let tree = &expansion.tree;
    let case = tree.child(choice, None, name);
    let report = expansion.linked.report;
    let Some(case) = case else {
        let message = format!("the choice has no case \"{name}\"");
        report.quirk(Quirk::InvalidDefault, default, message);
        return None;
    };
    if !tree.at(case).is_in_use() {
        let message = format!("case \"{name}\" is switched off");
        report.quirk(Quirk::DisabledDefault, default, message);
        return None;
    }
    // RFC 7950 7.9.3: what is there by default cannot ask for more.
    let mandatory = tree.children(case).find(|child| tree.at(*child).mandatory == Some(true));
    if let Some(mandatory) = mandatory {
        let message =
            format!("the default case has the mandatory node \"{}\"", tree.at(mandatory).name);
        report.quirk(Quirk::Contradiction, default, message);
    }
    if tree.at(choice).mandatory == Some(true) {
        let message = "a mandatory choice has no default";
        report.quirk(Quirk::Contradiction, default, message);
    }
    Some(case)
}

/// Whether some `if-feature` of its own conditions a node.
pub(super) fn has_if_feature(statement: Option<Statement<'_>>) -> bool {
    statement.is_some_and(|statement| statement.first(Keyword::IfFeature).is_some())
}
