//! Types and defaults of leaves, once leafrefs are resolved (RFC 7950 7.6.1, 7.7.2).

use super::flatten::{Flat, number};
use super::writer::Writer;
use crate::hash::FastMap;
use crate::lenient::Quirk;
use crate::schema::NodeKind;
use crate::schema::tables::{NONE, extra, node};
use crate::source::{Statement, StatementId};
use crate::tree::Expansion;

/// Writes the resolved type and the default of every leaf, and the defaults of leaf-lists.
pub(super) fn write<'l, 'c>(
    expansion: &mut Expansion<'l, 'c>,
    writer: &mut Writer<'l, 'c>,
    flat: &Flat,
    types_of: &[u32],
) {
    let mut defaults = Defaults { expansion, writer, canonical: FastMap::default() };
    for (id, type_) in types_of.iter().enumerate().filter(|(_, type_)| **type_ != NONE) {
        let at = id * node::WIDTH;
        defaults.writer.tables.nodes[at + node::TYPE] = *type_;
        let tree_id = flat.tree[id];
        match defaults.expansion.tree.at(tree_id).kind {
            NodeKind::Leaf => {
                let default = defaults.leaf(tree_id, *type_);
                defaults.writer.tables.nodes[at + node::SPECIAL] = default;
            }
            _ => {
                let list = defaults.leaf_list(tree_id, *type_);
                defaults.set_list(at, &list);
            }
        }
    }
}

struct Defaults<'d, 'l, 'c> {
    expansion: &'d mut Expansion<'l, 'c>,
    writer: &'d mut Writer<'l, 'c>,
    /// By type and statement: groupings repeat them.
    canonical: FastMap<(u32, StatementId), u32>,
}

impl<'c> Defaults<'_, '_, 'c> {
    fn leaf(&mut self, tree_id: u32, type_: u32) -> u32 {
        let node = self.expansion.tree.at(tree_id);
        if let Some(own) = node.defaults().first().copied() {
            return self.canonical(type_, own);
        }
        if node.mandatory == Some(true) {
            return NONE;
        }
        self.of_type(tree_id, type_)
    }

    fn leaf_list(&mut self, tree_id: u32, type_: u32) -> Vec<u32> {
        let node = self.expansion.tree.at(tree_id);
        let own = node.defaults().to_vec();
        let min = number(node.extra.as_deref().and_then(|extra| extra.min)).unwrap_or(0);
        if own.is_empty() && min == 0 && self.is_version_1_1(tree_id) {
            let default = self.of_type(tree_id, type_);
            return if default == NONE { Vec::new() } else { vec![default] };
        }
        let mut values = Vec::new();
        for default in own {
            let value = self.canonical(type_, default);
            if value != NONE && values.contains(&value) {
                let message = format!("default \"{}\" is there already", default.arg());
                self.expansion.linked.report.quirk(Quirk::InvalidDefault, default, message);
            } else if value != NONE {
                values.push(value);
            }
        }
        values
    }

    /// Defaults of leaf-lists are new in YANG 1.1.
    fn is_version_1_1(&self, tree_id: u32) -> bool {
        let statement = self.expansion.tree.at(tree_id).statement;
        let root = statement.and_then(|statement| statement.file.root());
        root.and_then(|root| root.first_arg(crate::source::Keyword::YangVersion)) == Some("1.1")
    }

    /// The typedef's default, which has been checked unless the type restricts the typedef.
    fn of_type(&mut self, tree_id: u32, type_: u32) -> u32 {
        let info = self.expansion.types.at(type_);
        let Some(default) = info.default else { return NONE };
        if let Some(canonical) = info.canonical_default.clone() {
            return self.writer.string(&canonical);
        }
        let scope = self.expansion.type_scope();
        match self.expansion.types.canonical(scope, type_, default.arg(), default) {
            Ok(text) => {
                let id = self.writer.string(&text);
                self.expansion.types.list[type_ as usize].canonical_default = Some(text.into());
                id
            }
            Err(refused) => {
                // The fault is in the restriction, not in the typedef.
                let node = self.expansion.tree.at(tree_id);
                let at = node.type_statement().or(node.statement).unwrap_or(default);
                refused.report_inherited(self.expansion.linked, default, at);
                NONE
            }
        }
    }

    fn canonical(&mut self, type_: u32, default: Statement<'c>) -> u32 {
        let key = (type_, default.id());
        if let Some(known) = self.canonical.get(&key) {
            return *known;
        }
        let scope = self.expansion.type_scope();
        let value = match self.expansion.types.canonical(scope, type_, default.arg(), default) {
            Ok(text) => self.writer.string(&text),
            Err(refused) => {
                refused.report(self.expansion.linked, default);
                NONE
            }
        };
        self.canonical.insert(key, value);
        value
    }

    fn set_list(&mut self, at: usize, values: &[u32]) {
        if values.is_empty() {
            return;
        }
        let list = self.writer.list(values);
        let tables = &mut self.writer.tables;
        let mut record = tables.nodes[at + node::EXTRA];
        if record == 0 {
            record = (tables.extras.len() / extra::WIDTH) as u32;
            tables.extras.extend_from_within(..extra::WIDTH);
            tables.nodes[at + node::EXTRA] = record;
        }
        tables.extras[record as usize * extra::WIDTH + extra::DEFAULTS] = list;
    }
}
