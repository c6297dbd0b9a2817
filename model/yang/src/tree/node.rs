//! Nodes of the changing tree: an arena with sibling chains.

use crate::schema::tables::NONE;
use crate::schema::{ModuleId, NodeKind};
use crate::source::{Keyword, Statement};

/// The root of a tree.
pub(crate) const ROOT: u32 = 0;

/// A node; what is rare is in [`Extra`].
pub(crate) struct TreeNode<'c> {
    pub(crate) name: &'c str,
    /// The defining statement; of an implicit node the one that implies it. None for the root.
    pub(crate) statement: Option<Statement<'c>>,
    pub(crate) parent: u32,
    pub(crate) first: u32,
    pub(crate) last: u32,
    pub(crate) next: u32,
    /// Type of a leaf or leaf-list, else [`NONE`].
    pub(crate) type_: u32,
    pub(crate) module: ModuleId,
    pub(crate) kind: NodeKind,
    /// As stated; none is inherited.
    pub(crate) config: Option<bool>,
    pub(crate) mandatory: Option<bool>,
    /// An input, output or case that no statement spells out.
    pub(crate) implicit: bool,
    /// Switched off by `if-feature`.
    pub(crate) disabled: bool,
    /// Removed by a deviation.
    pub(crate) removed: bool,
    pub(crate) augmented: bool,
    pub(crate) user_ordered: bool,
    pub(crate) extra: Option<Box<Extra<'c>>>,
}

/// Which node a `when` is evaluated at.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum WhenContext {
    /// The node itself; for a choice or case its data parent.
    Own,
    /// The data parent: the `when` of a `uses` or augment.
    Parent,
}

/// Properties that few nodes have, as the statements that give them.
#[derive(Default)]
pub(crate) struct Extra<'c> {
    pub(crate) whens: Vec<(Statement<'c>, WhenContext)>,
    pub(crate) musts: Vec<Statement<'c>>,
    pub(crate) extensions: Vec<Statement<'c>>,
    pub(crate) defaults: Vec<Statement<'c>>,
    pub(crate) uniques: Vec<Statement<'c>>,
    pub(crate) key: Option<Statement<'c>>,
    pub(crate) min: Option<Statement<'c>>,
    pub(crate) max: Option<Statement<'c>>,
    pub(crate) units: Option<Statement<'c>>,
    pub(crate) presence: Option<Statement<'c>>,
    /// Overrides of refines.
    pub(crate) description: Option<Statement<'c>>,
    pub(crate) reference: Option<Statement<'c>>,
    /// The `config` statement in force, for diagnostics.
    pub(crate) config: Option<Statement<'c>>,
    pub(crate) mandatory: Option<Statement<'c>>,
}

impl<'c> TreeNode<'c> {
    pub(crate) fn new(
        kind: NodeKind,
        name: &'c str,
        statement: Option<Statement<'c>>,
        module: ModuleId,
    ) -> Self {
        Self {
            name,
            statement,
            parent: NONE,
            first: NONE,
            last: NONE,
            next: NONE,
            type_: NONE,
            module,
            kind,
            config: None,
            mandatory: None,
            implicit: false,
            disabled: false,
            removed: false,
            augmented: false,
            user_ordered: false,
            extra: None,
        }
    }

    pub(crate) fn extra_mut(&mut self) -> &mut Extra<'c> {
        self.extra.get_or_insert_default()
    }

    pub(crate) fn whens(&self) -> &[(Statement<'c>, WhenContext)] {
        self.extra.as_ref().map_or(&[], |extra| &extra.whens)
    }

    pub(crate) fn defaults(&self) -> &[Statement<'c>] {
        self.extra.as_ref().map_or(&[], |extra| &extra.defaults)
    }

    /// Whether the node is part of the schema, as far as it is up to itself.
    pub(crate) fn is_in_use(&self) -> bool {
        !self.disabled && !self.removed
    }

    /// The `type` statement of the definition.
    pub(crate) fn type_statement(&self) -> Option<Statement<'c>> {
        self.statement.and_then(|statement| statement.first(Keyword::Type))
    }
}

/// The arena; node 0 is the root.
pub(crate) struct Tree<'c> {
    pub(crate) nodes: Vec<TreeNode<'c>>,
}

impl<'c> Tree<'c> {
    pub(crate) fn new() -> Self {
        Self { nodes: vec![TreeNode::new(NodeKind::Container, "", None, ModuleId(0))] }
    }

    pub(crate) fn at(&self, id: u32) -> &TreeNode<'c> {
        &self.nodes[id as usize]
    }

    pub(crate) fn at_mut(&mut self, id: u32) -> &mut TreeNode<'c> {
        &mut self.nodes[id as usize]
    }

    /// Adds a node as the last child.
    pub(crate) fn append(&mut self, parent: u32, node: TreeNode<'c>) -> u32 {
        let id = self.detached(parent, node);
        let last = std::mem::replace(&mut self.at_mut(parent).last, id);
        if last == NONE {
            self.at_mut(parent).first = id;
        } else {
            self.at_mut(last).next = id;
        }
        id
    }

    /// Adds a node that its parent does not know of: what is below is checked and forgotten.
    pub(crate) fn detached(&mut self, parent: u32, mut node: TreeNode<'c>) -> u32 {
        node.parent = parent;
        self.nodes.push(node);
        self.nodes.len() as u32 - 1
    }

    pub(crate) fn children(&self, parent: u32) -> Siblings<'_, 'c> {
        Siblings { tree: self, next: self.at(parent).first }
    }

    /// Children that were added after `last`, which was the last one then.
    pub(crate) fn children_after(&self, parent: u32, last: u32) -> Siblings<'_, 'c> {
        let next = if last == NONE { self.at(parent).first } else { self.at(last).next };
        Siblings { tree: self, next }
    }

    /// The schema child of a name, whether in use or not.
    pub(crate) fn child(&self, parent: u32, module: Option<ModuleId>, name: &str) -> Option<u32> {
        self.children(parent).find(|id| self.is_named(*id, module, name))
    }

    pub(crate) fn is_named(&self, id: u32, module: Option<ModuleId>, name: &str) -> bool {
        let node = self.at(id);
        node.name == name && module.is_none_or(|module| module == node.module)
    }
}

/// Children in order.
#[derive(Clone)]
pub(crate) struct Siblings<'n, 'c> {
    tree: &'n Tree<'c>,
    next: u32,
}

impl Iterator for Siblings<'_, '_> {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        let id = (self.next != NONE).then_some(self.next)?;
        self.next = self.tree.at(id).next;
        Some(id)
    }
}
