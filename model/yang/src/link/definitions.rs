//! Typedefs, groupings, identities, features and extensions by name.

use super::modules::Modules;
use crate::hash::FastMap;
use crate::lenient::Quirk;
use crate::report::Report;
use crate::schema::{ModuleId, TypeKind};
use crate::source::{Keyword, SourceFile, Statement, StatementId};

/// Name spaces of definitions (RFC 7950 6.2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Definition {
    Typedef,
    Grouping,
    Identity,
    Feature,
    Extension,
}

impl Definition {
    fn of(keyword: Keyword) -> Option<Self> {
        Some(match keyword {
            Keyword::Typedef => Self::Typedef,
            Keyword::Grouping => Self::Grouping,
            Keyword::Identity => Self::Identity,
            Keyword::Feature => Self::Feature,
            Keyword::ExtensionDefinition => Self::Extension,
            _ => return None,
        })
    }
}

/// Definitions at the top of modules, and typedefs and groupings within statements.
#[derive(Default)]
pub(crate) struct Definitions<'c> {
    top: FastMap<(ModuleId, Definition, &'c str), StatementId>,
    /// By the statement they stand in.
    nested: FastMap<(StatementId, Definition, &'c str), StatementId>,
}

impl<'c> Definitions<'c> {
    pub(super) fn collect(
        files: &'c [SourceFile<'c>],
        modules: &Modules<'c>,
        report: &Report,
    ) -> Self {
        let mut definitions = Self::default();
        let files_of = |info: &super::ModuleInfo<'c>| info.files.clone();
        for (module, info) in modules.iter() {
            for file in files_of(info) {
                definitions.collect_top(module, &files[file as usize], report);
            }
        }
        for (module, info) in modules.iter() {
            for file in files_of(info) {
                definitions.collect_nested(module, &files[file as usize], report);
            }
        }
        definitions
    }

    pub(crate) fn top(
        &self,
        module: ModuleId,
        kind: Definition,
        name: &str,
    ) -> Option<StatementId> {
        self.top.get(&(module, kind, name)).copied()
    }

    /// Looks from a statement outwards.
    pub(crate) fn nested(
        &self,
        kind: Definition,
        from: Statement<'c>,
        name: &str,
    ) -> Option<StatementId> {
        if self.nested.is_empty() {
            return None;
        }
        let mut scope = Some(from);
        while let Some(statement) = scope {
            if let Some(found) = self.nested.get(&(statement.id(), kind, name)) {
                return Some(*found);
            }
            scope = statement.parent();
        }
        None
    }

    fn collect_top(&mut self, module: ModuleId, file: &'c SourceFile<'c>, report: &Report) {
        for statement in file.root().into_iter().flat_map(Statement::substatements) {
            let Some(kind) = Definition::of(statement.kind()) else { continue };
            check_builtin(kind, statement, report);
            let key = (module, kind, statement.arg());
            match self.top.get(&key) {
                Some(_) => duplicate(statement, report),
                None => {
                    self.top.insert(key, statement.id());
                }
            }
        }
    }

    fn collect_nested(&mut self, module: ModuleId, file: &'c SourceFile<'c>, report: &Report) {
        let records = file.statements.iter().enumerate();
        let scoped = records.filter(|(_, record)| {
            matches!(record.keyword, Keyword::Typedef | Keyword::Grouping)
                && record.parent != 0
                && !record.dropped
        });
        for (index, _) in scoped {
            let statement = file.statement(index as u32);
            let (Some(kind), Some(parent)) = (Definition::of(statement.kind()), statement.parent())
            else {
                continue;
            };
            check_builtin(kind, statement, report);
            let name = statement.arg();
            let hidden = self.top(module, kind, name).or_else(|| self.nested(kind, parent, name));
            if hidden.is_some() {
                duplicate(statement, report);
            }
            self.nested.entry((parent.id(), kind, name)).or_insert(statement.id());
        }
    }
}

fn check_builtin(kind: Definition, statement: Statement<'_>, report: &Report) {
    if kind == Definition::Typedef && TypeKind::named(statement.arg()).is_some() {
        let message = format!("\"{}\" is a built-in type", statement.arg());
        report.quirk(Quirk::DuplicateDefinition, statement, message);
    }
}

fn duplicate(statement: Statement<'_>, report: &Report) {
    let message = format!("{} \"{}\" is defined already", statement.keyword(), statement.arg());
    report.quirk(Quirk::DuplicateDefinition, statement, message);
}
