//! Appending to the tables: strings once each, lists, expressions, extension statements.

use std::hash::Hasher;

use crate::grammar::argument::split_prefix;
use crate::hash::{FastHasher, FastMap, FastSet};
use crate::link::{Definition, Linked};
use crate::schema::ModuleId;
use crate::schema::tables::{NONE, Tables};
use crate::source::{Keyword, Statement, StatementId};

/// The tables while they grow.
pub(super) struct Writer<'l, 'c> {
    pub(super) linked: &'l Linked<'c>,
    pub(super) tables: Tables,
    text: String,
    /// Open addressing over the strings: id + 1, or 0.
    slots: Vec<u32>,
    exprs: FastMap<(StatementId, ModuleId), u32>,
    musts: FastMap<(StatementId, ModuleId), u32>,
    extensions: FastMap<StatementId, u32>,
    /// Per file the list of its prefixes.
    prefixes: FastMap<u32, u32>,
    /// Expressions that were reported as invalid and are left out.
    invalid: FastSet<StatementId>,
}

impl<'l, 'c> Writer<'l, 'c> {
    pub(super) fn new(linked: &'l Linked<'c>, invalid: FastSet<StatementId>) -> Self {
        let mut writer = Self {
            linked,
            tables: Tables::default(),
            text: String::new(),
            slots: vec![0; 1 << 12],
            exprs: FastMap::default(),
            musts: FastMap::default(),
            extensions: FastMap::default(),
            prefixes: FastMap::default(),
            invalid,
        };
        // List 0 is the empty one, string 0 the empty one.
        writer.tables.lists.push(0);
        writer.string("");
        writer
    }

    pub(super) fn take_tables(&mut self) -> Tables {
        let mut tables = std::mem::take(&mut self.tables);
        tables.text = std::mem::take(&mut self.text).into();
        tables
    }

    pub(super) fn put_tables(&mut self, mut tables: Tables) {
        self.text = std::mem::take(&mut tables.text).into();
        self.tables = tables;
    }

    /// The id of a string.
    pub(super) fn string(&mut self, text: &str) -> u32 {
        if (self.tables.strings.len() + 1) * 2 > self.slots.len() {
            self.grow();
        }
        let mask = self.slots.len() - 1;
        let mut at = hash(text) as usize & mask;
        while self.slots[at] != 0 {
            let id = self.slots[at] - 1;
            if self.get(id) == text {
                return id;
            }
            at = (at + 1) & mask;
        }
        let id = self.tables.strings.len() as u32;
        self.text.push_str(text);
        self.tables.strings.push(self.text.len() as u32);
        self.slots[at] = id + 1;
        id
    }

    pub(super) fn string_opt(&mut self, text: Option<&str>) -> u32 {
        text.map_or(NONE, |text| self.string(text))
    }

    /// The argument of a statement that may be absent.
    pub(super) fn argument(&mut self, statement: Option<Statement<'_>>) -> u32 {
        self.string_opt(statement.and_then(Statement::argument))
    }

    /// As [`Self::argument`] for texts that an option leaves out.
    pub(super) fn prose(&mut self, statement: Option<Statement<'_>>) -> u32 {
        let keep = !self.linked.options.omit_descriptions;
        self.argument(statement.filter(|_| keep))
    }

    fn get(&self, id: u32) -> &str {
        let ends = &self.tables.strings;
        let start = if id == 0 { 0 } else { ends[id as usize - 1] as usize };
        &self.text[start..ends[id as usize] as usize]
    }

    fn grow(&mut self) {
        let mut slots = vec![0; self.slots.len() * 4];
        let mask = slots.len() - 1;
        for id in 0..self.tables.strings.len() as u32 {
            let mut at = hash(self.get(id)) as usize & mask;
            while slots[at] != 0 {
                at = (at + 1) & mask;
            }
            slots[at] = id + 1;
        }
        self.slots = slots;
    }

    /// Writes a list; the empty one is always 0.
    pub(super) fn list(&mut self, items: &[u32]) -> u32 {
        if items.is_empty() {
            return 0;
        }
        let index = self.tables.lists.len() as u32;
        self.tables.lists.push(items.len() as u32);
        self.tables.lists.extend_from_slice(items);
        index
    }

    /// Whether the expression was reported and is left out.
    pub(super) fn is_invalid(&self, statement: Statement<'c>) -> bool {
        self.invalid.contains(&statement.id())
    }

    /// The expression in the argument of a statement, with names in `module` where they have no
    /// prefix; none where it is invalid.
    pub(super) fn expr(&mut self, statement: Statement<'c>, module: ModuleId) -> Option<u32> {
        if self.is_invalid(statement) {
            return None;
        }
        let key = (statement.id(), module);
        if let Some(id) = self.exprs.get(&key) {
            return Some(*id);
        }
        let text = self.string(statement.arg());
        let prefixes = self.prefixes(statement.file.id);
        let id = (self.tables.exprs.len() / crate::schema::tables::expr::WIDTH) as u32;
        self.tables.exprs.extend([text, u32::from(module.0), prefixes]);
        self.exprs.insert(key, id);
        Some(id)
    }

    /// The list of prefixes and modules of a file.
    pub(super) fn prefixes(&mut self, file: u32) -> u32 {
        if let Some(list) = self.prefixes.get(&file) {
            return *list;
        }
        let mut words = Vec::new();
        for (prefix, module) in self.linked.modules.prefixes(file) {
            words.extend([self.string(prefix), u32::from(module.0)]);
        }
        let list = self.list(&words);
        self.prefixes.insert(file, list);
        list
    }

    pub(super) fn must(&mut self, must: Statement<'c>, module: ModuleId) -> Option<u32> {
        let key = (must.id(), module);
        if let Some(id) = self.musts.get(&key) {
            return Some(*id);
        }
        let expr = self.expr(must, module)?;
        let message = self.argument(must.first(Keyword::ErrorMessage));
        let app_tag = self.argument(must.first(Keyword::ErrorAppTag));
        let description = self.prose(must.first(Keyword::Description));
        let id = (self.tables.musts.len() / crate::schema::tables::must::WIDTH) as u32;
        self.tables.musts.extend([expr, message, app_tag, description]);
        self.musts.insert(key, id);
        Some(id)
    }

    /// A list of extension statements.
    pub(super) fn extensions(
        &mut self,
        statements: impl IntoIterator<Item = Statement<'c>>,
    ) -> u32 {
        let records: Vec<u32> =
            statements.into_iter().map(|statement| self.extension(statement)).collect();
        self.list(&records)
    }

    /// Statements nest no deeper than the parser allows, so recursion is bounded.
    fn extension(&mut self, statement: Statement<'c>) -> u32 {
        if let Some(id) = self.extensions.get(&statement.id()) {
            return *id;
        }
        let children = self.extensions(statement.substatements());
        let (prefix, name) = split_prefix(statement.keyword());
        let keyword = self.string(name);
        let argument = self.argument(Some(statement));
        let module = prefix.and_then(|_| extension_module(self.linked, statement));
        let module = module.map_or(NONE, |module| u32::from(module.0));
        let id = (self.tables.extensions.len() / crate::schema::tables::extension::WIDTH) as u32;
        self.tables.extensions.extend([module, keyword, argument, children]);
        self.extensions.insert(statement.id(), id);
        id
    }
}

/// The module that defines the extension of a statement.
pub(super) fn extension_module(linked: &Linked<'_>, statement: Statement<'_>) -> Option<ModuleId> {
    let (prefix, name) = split_prefix(statement.keyword());
    let module = linked.module_of_prefix(statement, prefix).ok()?;
    linked.definitions.top(module, Definition::Extension, name).map(|_| module)
}

fn hash(text: &str) -> u64 {
    let mut hasher = FastHasher::default();
    hasher.write(text.as_bytes());
    hasher.finish()
}
