//! Modules that must be implemented because an implemented one builds on their nodes.
//!
//! RFC 7950 5.6.5: whoever implements a module with an augment, deviation or leafref path that
//! names nodes of another module implements that module, too. The paths may stand in typedefs and
//! groupings of modules that are only imported.

use super::{Definition, Linked};
use crate::grammar::argument::split_prefix;
use crate::hash::{FastMap, FastSet};
use crate::schema::ModuleId;
use crate::source::{Keyword, Statement, StatementId};

/// The modules to implement in addition, in order.
pub(super) fn needed(linked: &Linked<'_>) -> Vec<ModuleId> {
    let mut search = Search {
        linked,
        implemented: FastMap::default(),
        seen: FastSet::default(),
        pending: Vec::new(),
        needed: Vec::new(),
    };
    for (module, info) in linked.modules.iter().filter(|(_, info)| info.implemented) {
        search.implemented.insert(info.name, module);
        search.pending.push(module);
    }
    while let Some(module) = search.pending.pop() {
        for file in &linked.modules.info(module).files {
            if let Some(root) = linked.files[*file as usize].root() {
                search.statements(root);
            }
        }
    }
    search.needed.sort_unstable();
    search.needed
}

struct Search<'l, 'c> {
    linked: &'l Linked<'c>,
    /// By name: of several revisions only one is implemented.
    implemented: FastMap<&'c str, ModuleId>,
    /// Typedefs and groupings that have been looked through.
    seen: FastSet<StatementId>,
    pending: Vec<ModuleId>,
    needed: Vec<ModuleId>,
}

impl<'c> Search<'_, 'c> {
    fn statements(&mut self, root: Statement<'c>) {
        for index in root.index..root.end() {
            let statement = root.file.statement(index);
            match statement.kind() {
                Keyword::Augment | Keyword::Deviation | Keyword::Path => self.path(statement),
                Keyword::Type => self.definition(Definition::Typedef, statement),
                Keyword::Uses => self.definition(Definition::Grouping, statement),
                _ => {}
            }
        }
    }

    /// Every module that an absolute path names by prefix, or without one: its own. A relative one
    /// stays among the nodes of whoever uses it.
    fn path(&mut self, statement: Statement<'c>) {
        if !statement.arg().starts_with('/') {
            return;
        }
        let ends = |c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | ':'));
        let linked = self.linked;
        self.implement(linked.module_of(statement));
        for word in statement.arg().split(ends) {
            let (Some(prefix), _) = split_prefix(word) else { continue };
            if let Ok(module) = linked.module_of_prefix(statement, Some(prefix)) {
                self.implement(module);
            }
        }
    }

    /// Looks through a definition of a module that is only imported.
    fn definition(&mut self, kind: Definition, statement: Statement<'c>) {
        let (prefix, _) = split_prefix(statement.arg());
        let module = self.linked.module_of_prefix(statement, prefix);
        if module.is_ok_and(|module| self.linked.modules.info(module).implemented) {
            return;
        }
        let Ok(found) = self.linked.definition(kind, statement, statement.arg()) else { return };
        if self.seen.insert(found.id()) {
            self.statements(found);
        }
    }

    fn implement(&mut self, module: ModuleId) {
        let name = self.linked.modules.info(module).name;
        if !self.implemented.contains_key(name) {
            self.implemented.insert(name, module);
            self.pending.push(module);
            self.needed.push(module);
        }
    }
}
