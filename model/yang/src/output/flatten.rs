//! Numbering the nodes in schema order and writing their records.

use super::writer::Writer;
use super::{lists, node_checks};
use crate::hash::FastSet;
use crate::lenient::Quirk;
use crate::schema::tables::{NONE, extra, node};
use crate::schema::{ModuleId, NodeKind, Status};
use crate::source::{Keyword, Statement};
use crate::status::stated_status;
use crate::tree::{Expansion, Extra, ROOT, TreeNode, WhenContext};

/// The correspondence of tree and tables.
pub(super) struct Flat {
    /// Tree node of each table node.
    pub(super) tree: Vec<u32>,
    /// Table node of each tree node, or [`NONE`].
    pub(super) of_tree: Vec<u32>,
}

/// What a node takes from those above it.
#[derive(Clone, Copy)]
pub(super) struct Inherited {
    pub(super) parent: u32,
    pub(super) data_parent: u32,
    pub(super) config: bool,
    /// Below an rpc, action or notification, where `config` means nothing.
    pub(super) operation: bool,
    /// Below a list without keys.
    pub(super) keyless: bool,
    pub(super) status: Status,
}

/// Writes every node in use.
pub(super) fn flatten<'l, 'c>(expansion: &Expansion<'l, 'c>, writer: &mut Writer<'l, 'c>) -> Flat {
    let count = expansion.tree.nodes.len();
    let flat = Flat { tree: Vec::with_capacity(count), of_tree: vec![NONE; count] };
    writer.tables.nodes.reserve(count * node::WIDTH);
    // Extra record 0 is the one of nodes without rare properties.
    writer.tables.extras.extend([NONE, 0, NONE, 0, 0, 0, 0, 0, NONE, NONE]);
    let mut flattening = Flattening {
        expansion,
        writer,
        flat,
        names: FastSet::default(),
        data_names: FastSet::default(),
    };
    flattening.root();
    let Flattening { flat, .. } = flattening;
    flat
}

struct Flattening<'f, 'l, 'c> {
    expansion: &'f Expansion<'l, 'c>,
    writer: &'f mut Writer<'l, 'c>,
    flat: Flat,
    /// Schema parent, name, module.
    names: FastSet<(u32, u32, ModuleId)>,
    /// Data parent, name, module.
    data_names: FastSet<(u32, u32, ModuleId)>,
}

impl<'c> Flattening<'_, '_, 'c> {
    fn root(&mut self) {
        let record = [node::CONFIG, 0, 0, NONE, NONE, 0, NONE, NONE, NONE, 0, 0, 0];
        self.writer.tables.nodes.extend(record);
        self.flat.tree.push(ROOT);
        self.flat.of_tree[ROOT as usize] = 0;
        let inherited = Inherited {
            parent: 0,
            data_parent: 0,
            config: true,
            operation: false,
            keyless: false,
            status: Status::Current,
        };
        self.children(ROOT, inherited);
        self.writer.tables.nodes[node::END] = self.flat.tree.len() as u32;
    }

    fn children(&mut self, parent: u32, inherited: Inherited) {
        let children: Vec<u32> = self.expansion.tree.children(parent).collect();
        for child in children {
            self.node(child, inherited);
        }
    }

    fn node(&mut self, id: u32, inherited: Inherited) {
        let expansion = self.expansion;
        let node = expansion.tree.at(id);
        let empty_case = || expansion.tree.children(id).all(|c| !expansion.tree.at(c).is_in_use());
        if !node.is_in_use() || (node.implicit && node.kind == NodeKind::Case && empty_case()) {
            return;
        }
        let name = self.writer.string(node.name);
        if self.is_duplicate(node, name, inherited) {
            return;
        }
        let flat_id = self.flat.tree.len() as u32;
        self.flat.tree.push(id);
        self.flat.of_tree[id as usize] = flat_id;
        let keys = lists::keys(expansion, id);
        let below = self.inherit(node, flat_id, inherited, keys.is_empty());
        node_checks::check(expansion, id, inherited, below);
        self.head(node, name, flat_id, inherited, below);
        for key in &keys {
            self.node(*key, below);
            let at = self.flat.of_tree[*key as usize];
            if at != NONE {
                self.writer.tables.nodes[at as usize * node::WIDTH] |= node::KEY;
            }
        }
        let others: Vec<u32> =
            expansion.tree.children(id).filter(|child| !keys.contains(child)).collect();
        for child in others {
            self.node(child, below);
        }
        self.tail(id, flat_id, &keys, inherited);
    }

    /// RFC 7950 6.2.1: names of siblings differ, and so do those of all cases of a choice.
    fn is_duplicate(&mut self, node: &TreeNode<'c>, name: u32, inherited: Inherited) -> bool {
        let fresh = self.names.insert((inherited.parent, name, node.module));
        let data = !node.kind.is_choice_or_case();
        let fresh_data =
            !data || self.data_names.insert((inherited.data_parent, name, node.module));
        if fresh && fresh_data {
            return false;
        }
        if let Some(statement) = node.statement {
            let message = format!("there is a node \"{}\" in this place already", node.name);
            self.expansion.linked.report.quirk(Quirk::DuplicateNode, statement, message);
        }
        true
    }

    fn inherit(
        &self,
        node: &TreeNode<'c>,
        flat_id: u32,
        above: Inherited,
        no_keys: bool,
    ) -> Inherited {
        let transparent = node.kind.is_choice_or_case();
        let operation = above.operation
            || matches!(node.kind, NodeKind::Rpc | NodeKind::Action | NodeKind::Notification);
        let own = node
            .statement
            .and_then(|statement| if node.implicit { None } else { stated_status(statement) });
        Inherited {
            parent: flat_id,
            data_parent: if transparent { above.data_parent } else { flat_id },
            config: above.config && !operation && node.config.unwrap_or(true),
            operation,
            keyless: above.keyless || (node.kind == NodeKind::List && no_keys),
            status: own.unwrap_or(above.status).max(above.status),
        }
    }

    /// The part of a record that does not depend on the children.
    fn head(
        &mut self,
        node: &TreeNode<'c>,
        name: u32,
        flat_id: u32,
        above: Inherited,
        own: Inherited,
    ) {
        let extra = node.extra.as_deref();
        let flag = |on: bool, flag: u32| if on { flag } else { 0 };
        let flags = flag(own.config, node::CONFIG)
            | flag(node.mandatory == Some(true), node::MANDATORY)
            | flag(extra.is_some_and(|extra| extra.presence.is_some()), node::PRESENCE)
            | flag(node.user_ordered && own.config, node::USER_ORDERED)
            | flag(own.status == Status::Deprecated, node::DEPRECATED)
            | flag(own.status == Status::Obsolete, node::OBSOLETE)
            | flag(node.augmented, node::AUGMENTED);
        let description = self.description(node);
        let statement = node.statement;
        let file = statement.map_or(0, |statement| self.writer.string(&statement.file.name));
        let line = statement.filter(|_| !node.implicit).map_or(0, |statement| statement.line());
        self.writer.tables.nodes.extend([
            node.kind as u32 | flags,
            name,
            u32::from(node.module.0),
            above.parent,
            above.data_parent,
            flat_id + 1,
            node.type_,
            NONE,
            description,
            0,
            file,
            line,
        ]);
    }

    fn description(&mut self, node: &TreeNode<'c>) -> u32 {
        let override_ = node.extra.as_deref().and_then(|extra| extra.description);
        let own = || {
            let statement = node.statement.filter(|_| !node.implicit)?;
            statement.first(Keyword::Description)
        };
        let description = override_.or_else(own);
        self.writer.prose(description)
    }

    /// The part of a record that names children: keys, default case, unique, and all that is rare.
    fn tail(&mut self, id: u32, flat_id: u32, keys: &[u32], above: Inherited) {
        let expansion = self.expansion;
        let tree_node = expansion.tree.at(id);
        let at = flat_id as usize * node::WIDTH;
        self.writer.tables.nodes[at + node::END] = self.flat.tree.len() as u32;
        let special = match tree_node.kind {
            NodeKind::List => {
                let keys: Vec<u32> =
                    keys.iter().map(|key| self.flat.of_tree[*key as usize]).collect();
                self.writer.list(&keys)
            }
            NodeKind::Choice => lists::default_case(expansion, id)
                .map_or(NONE, |case| self.flat.of_tree[case as usize]),
            _ => NONE,
        };
        self.writer.tables.nodes[at + node::SPECIAL] = special;
        let reference = self.reference(tree_node);
        if tree_node.extra.is_some() || reference != NONE {
            let empty = Extra::default();
            let rare = tree_node.extra.as_deref().unwrap_or(&empty);
            let record = self.extra(tree_node, rare, reference, id, flat_id, above);
            self.writer.tables.nodes[at + node::EXTRA] = record;
        }
    }

    fn reference(&mut self, node: &TreeNode<'c>) -> u32 {
        let override_ = node.extra.as_deref().and_then(|extra| extra.reference);
        let statement = node.statement.filter(|_| !node.implicit);
        let own = statement.and_then(|statement| statement.first(Keyword::Reference));
        self.writer.prose(override_.or(own))
    }

    fn extra(
        &mut self,
        tree_node: &TreeNode<'c>,
        rare: &Extra<'c>,
        reference: u32,
        id: u32,
        flat_id: u32,
        above: Inherited,
    ) -> u32 {
        let module = tree_node.module;
        let mut record = [0; extra::WIDTH];
        record[extra::UNITS] = self.writer.argument(rare.units);
        record[extra::MIN] = number(rare.min).unwrap_or(0);
        record[extra::MAX] = number(rare.max).unwrap_or(NONE);
        record[extra::REFERENCE] = reference;
        record[extra::PRESENCE] = self.writer.argument(rare.presence);
        let musts = rare.musts.iter().filter_map(|must| self.writer.must(*must, module));
        let musts: Vec<u32> = musts.collect();
        record[extra::MUSTS] = self.writer.list(&musts);
        record[extra::WHENS] = self.whens(tree_node, rare, flat_id, above);
        record[extra::EXTENSIONS] = self.writer.extensions(rare.extensions.iter().copied());
        record[extra::UNIQUES] = self.uniques(rare, id);
        if record == [NONE, 0, NONE, 0, 0, 0, 0, 0, NONE, NONE] {
            return 0;
        }
        let index = (self.writer.tables.extras.len() / extra::WIDTH) as u32;
        self.writer.tables.extras.extend(record);
        index
    }

    fn whens(
        &mut self,
        node: &TreeNode<'c>,
        rare: &Extra<'c>,
        flat_id: u32,
        above: Inherited,
    ) -> u32 {
        let mut words = Vec::new();
        for (when, context) in &rare.whens {
            let Some(expr) = self.writer.expr(*when, node.module) else { continue };
            let own = *context == WhenContext::Own && !node.kind.is_choice_or_case();
            words.extend([expr, if own { flat_id } else { above.data_parent }]);
        }
        self.writer.list(&words)
    }

    /// RFC 7950 7.8.3: the leaves of a `unique` are all configuration or all state.
    fn check_unique_config(&self, unique: Statement<'c>, leaves: &[u32]) {
        let flags = |leaf: &u32| self.writer.tables.node(*leaf, node::KIND_FLAGS) & node::CONFIG;
        if leaves.iter().any(|leaf| flags(leaf) != flags(&leaves[0])) {
            let message = "names both configuration and state";
            self.expansion.linked.report.quirk(Quirk::Contradiction, unique, message);
        }
    }

    fn uniques(&mut self, rare: &Extra<'c>, id: u32) -> u32 {
        let mut sets = Vec::new();
        for unique in &rare.uniques {
            let leaves = lists::unique(self.expansion, *unique, id);
            let leaves: Vec<u32> = leaves
                .into_iter()
                .map(|leaf| self.flat.of_tree[leaf as usize])
                .filter(|leaf| *leaf != NONE)
                .collect();
            self.check_unique_config(*unique, &leaves);
            if !leaves.is_empty() {
                sets.push(self.writer.list(&leaves));
            }
        }
        self.writer.list(&sets)
    }
}

/// A number that the grammar check has let pass; none for `unbounded`.
pub(super) fn number(statement: Option<Statement<'_>>) -> Option<u32> {
    statement.and_then(|statement| crate::grammar::argument::unsigned(statement.arg()))
}
