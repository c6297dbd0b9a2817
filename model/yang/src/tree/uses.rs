//! `uses` and the groupings it names (RFC 7950 7.13).

use super::expand::{Expansion, implemented_roots};
use super::node::{ROOT, TreeNode};
use crate::grammar::argument;
use crate::lenient::Quirk;
use crate::link::Definition;
use crate::schema::tables::NONE;
use crate::schema::{ModuleId, NodeKind};
use crate::source::{Keyword, Statement};
use crate::status::{check_reference, own_status};

impl<'c> Expansion<'_, 'c> {
    pub(super) fn uses(&mut self, uses: Statement<'c>, parent: u32, module: ModuleId) {
        let grouping = match self.linked.definition(Definition::Grouping, uses, uses.arg()) {
            Ok(grouping) => grouping,
            Err(why) => return self.linked.unresolved(uses, "grouping", &why),
        };
        check_reference(self.linked, uses, own_status(uses), grouping);
        self.used.insert(grouping.id());
        if self.active.contains(&grouping.id()) {
            let message = format!("grouping \"{}\" uses itself", grouping.arg());
            return self.linked.report.error(uses, message);
        }
        if self.is_too_large(uses) {
            return;
        }
        let last = self.tree.at(parent).last;
        self.active.push(grouping.id());
        self.depth += 1;
        for child in grouping.substatements() {
            self.definition(child, parent, module);
        }
        self.depth -= 1;
        self.active.pop();
        for child in uses.substatements() {
            match child.kind() {
                Keyword::Refine => match self.new_descendant(child, parent, last) {
                    Some(target) => self.refine(child, target),
                    None => self.missing(Quirk::RefineMismatch, child),
                },
                Keyword::Augment => match self.new_descendant(child, parent, last) {
                    Some(target) => self.augment_node(child, target, module),
                    None => self.missing(Quirk::MissingAugmentTarget, child),
                },
                _ => {}
            }
        }
        self.condition_new(uses, parent, last);
    }

    /// The node that a refine or augment names among the children added after `last`.
    fn new_descendant(&self, statement: Statement<'c>, parent: u32, last: u32) -> Option<u32> {
        let (absolute, mut steps) = argument::schema_path(statement.arg())?;
        if absolute {
            let message = "the path must not start with \"/\" here";
            self.linked.report.quirk(Quirk::PathForm, statement, message);
        }
        // Every node of a grouping is in the module that uses it, so names suffice.
        let (_, first) = steps.next()?;
        let mut children = self.tree.children_after(parent, last);
        let top = children.find(|id| self.tree.is_named(*id, None, first))?;
        steps.try_fold(top, |node, (_, name)| self.tree.child(node, None, name))
    }

    /// Expands groupings that nothing uses, apart from the tree, so that errors in them show.
    pub(crate) fn check_unused(&mut self) {
        for (module, root) in implemented_roots(self.linked) {
            let mut index = root.index;
            while index < root.end() {
                let statement = root.file.statement(index);
                index = if statement.kind() == Keyword::Extension {
                    statement.end()
                } else {
                    index + 1
                };
                if statement.kind() == Keyword::Grouping && !self.used.contains(&statement.id()) {
                    self.check_grouping(statement, module);
                }
            }
        }
    }

    fn check_grouping(&mut self, grouping: Statement<'c>, module: ModuleId) {
        let node = TreeNode::new(NodeKind::Container, "", Some(grouping), module);
        let scratch = self.tree.detached(ROOT, node);
        self.active.push(grouping.id());
        for child in grouping.substatements() {
            self.definition(child, scratch, module);
        }
        self.active.pop();
        debug_assert!(self.tree.at(scratch).next == NONE, "nothing links to the scratch node");
    }
}
