//! Modules out of files: which file belongs to which module, what prefixes and names mean.

mod definitions;
mod feature;
mod gather;
mod implement;
mod modules;

pub(crate) use definitions::{Definition, Definitions};
pub(crate) use feature::Features;
pub(crate) use gather::{Gathered, Input, gather};
pub(crate) use modules::{ModuleInfo, Modules, link_modules};

use crate::grammar::argument::split_prefix;
use crate::options::Options;
use crate::report::Report;
use crate::schema::ModuleId;
use crate::source::{SourceFile, Statement, StatementId};

/// What every later stage reads and none changes.
pub(crate) struct Linked<'c> {
    pub(crate) files: &'c [SourceFile<'c>],
    pub(crate) report: &'c Report,
    pub(crate) options: &'c Options,
    pub(crate) modules: Modules<'c>,
    pub(crate) definitions: Definitions<'c>,
    pub(crate) features: Features,
}

/// Why a name has no definition.
pub(crate) enum Unresolved {
    /// The prefix is not declared.
    Prefix(String),
    /// The module was declared but is missing; that has been reported.
    MissingModule,
    /// The module has no such definition.
    Name,
}

impl<'c> Linked<'c> {
    /// Links files into modules and evaluates features.
    pub(crate) fn new(
        files: &'c [SourceFile<'c>],
        implemented: &[bool],
        report: &'c Report,
        options: &'c Options,
    ) -> Self {
        let modules = link_modules(files, implemented, report);
        let definitions = Definitions::collect(files, &modules, report);
        let features = Features::default();
        let mut linked = Self { files, report, options, modules, definitions, features };
        let needed = implement::needed(&linked);
        linked.modules.implement(&needed);
        linked.features = Features::evaluate(&linked);
        linked
    }

    pub(crate) fn statement(&self, id: StatementId) -> Statement<'c> {
        self.files[id.file as usize].statement(id.index)
    }

    /// The module that a statement stands in; that of its main module for a submodule.
    pub(crate) fn module_of(&self, statement: Statement<'_>) -> ModuleId {
        self.modules.of_file(statement.file.id)
    }

    /// The module of a prefix as the file of `statement` declares it.
    pub(crate) fn module_of_prefix(
        &self,
        statement: Statement<'_>,
        prefix: Option<&str>,
    ) -> Result<ModuleId, Unresolved> {
        match prefix {
            None => Ok(self.module_of(statement)),
            Some(prefix) => match self.modules.prefix(statement.file.id, prefix) {
                Some(Some(module)) => Ok(module),
                Some(None) => Err(Unresolved::MissingModule),
                None => Err(Unresolved::Prefix(prefix.to_owned())),
            },
        }
    }

    /// The definition that the argument of `statement` names, with the scoping of RFC 7950 5.5.
    pub(crate) fn definition(
        &self,
        kind: Definition,
        statement: Statement<'c>,
        reference: &str,
    ) -> Result<Statement<'c>, Unresolved> {
        let (prefix, name) = split_prefix(reference);
        let module = self.module_of_prefix(statement, prefix)?;
        if module == self.module_of(statement)
            && let Some(id) = self.definitions.nested(kind, statement, name)
        {
            return Ok(self.statement(id));
        }
        let found = self.definitions.top(module, kind, name);
        found.map(|id| self.statement(id)).ok_or(Unresolved::Name)
    }

    /// Reports a name without definition.
    pub(crate) fn unresolved(&self, statement: Statement<'_>, what: &str, why: &Unresolved) {
        use crate::lenient::Quirk;
        let name = statement.arg();
        let message = match why {
            Unresolved::MissingModule => return,
            Unresolved::Prefix(prefix) => {
                format!("{what} \"{name}\": prefix \"{prefix}\" is not declared")
            }
            Unresolved::Name => format!("{what} \"{name}\" is not defined"),
        };
        self.report.quirk(Quirk::MissingDefinition, statement, message);
    }
}
