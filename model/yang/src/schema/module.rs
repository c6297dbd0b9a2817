//! Modules, identities and extension statements.

use super::node::Status;
use super::tables::{extension, identity, module, present};
use super::{IdList, IdentityId, ModuleId, Schema};

/// A module with its submodules.
#[derive(Clone, Copy)]
pub struct Module<'s> {
    pub(super) schema: &'s Schema,
    pub(super) id: ModuleId,
}

impl<'s> Module<'s> {
    /// Its id.
    #[must_use]
    pub fn id(self) -> ModuleId {
        self.id
    }

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'s str {
        self.string(module::NAME)
    }

    /// Its namespace.
    #[must_use]
    pub fn namespace(self) -> &'s str {
        self.string(module::NAMESPACE)
    }

    /// The prefix it gives itself.
    #[must_use]
    pub fn prefix(self) -> &'s str {
        self.string(module::PREFIX)
    }

    /// Its newest revision date.
    #[must_use]
    pub fn revision(self) -> Option<&'s str> {
        self.schema.tables.string_opt(self.word(module::REVISION))
    }

    /// Whether its data nodes, rpcs, notifications, augments and deviations count; else only its
    /// definitions do.
    #[must_use]
    pub fn is_implemented(self) -> bool {
        self.word(module::FLAGS) & module::IMPLEMENTED != 0
    }

    /// Whether it is YANG 1.1.
    #[must_use]
    pub fn is_version_1_1(self) -> bool {
        self.word(module::FLAGS) & module::VERSION_1_1 != 0
    }

    /// Features that are on.
    pub fn features(self) -> impl Iterator<Item = &'s str> + use<'s> {
        let schema = self.schema;
        schema.tables.list(self.word(module::FEATURES)).iter().map(|id| schema.tables.string(*id))
    }

    /// Submodules: name and revision.
    pub fn submodules(self) -> impl Iterator<Item = (&'s str, Option<&'s str>)> + use<'s> {
        let tables = &self.schema.tables;
        tables
            .list(self.word(module::SUBMODULES))
            .chunks_exact(2)
            .map(move |pair| (tables.string(pair[0]), tables.string_opt(pair[1])))
    }

    /// Prefixes that the main file declares, its own among them, and what they stand for.
    pub fn prefixes(self) -> impl Iterator<Item = (&'s str, ModuleId)> + use<'s> {
        let tables = &self.schema.tables;
        tables
            .list(self.word(module::PREFIXES))
            .chunks_exact(2)
            .map(move |pair| (tables.string(pair[0]), ModuleId::from_word(pair[1])))
    }

    /// Modules whose deviations change nodes of this one.
    #[must_use]
    pub fn deviated_by(self) -> IdList<'s, ModuleId> {
        self.schema.id_list(self.word(module::DEVIATIONS), ModuleId::from_word)
    }

    /// Extension statements at the top of the module and its submodules.
    pub fn extensions(self) -> impl Iterator<Item = Extension<'s>> + use<'s> {
        let schema = self.schema;
        let list = schema.tables.list(self.word(module::EXTENSIONS));
        list.iter().map(move |id| Extension { schema, id: *id })
    }

    /// The name under which its text was added.
    #[must_use]
    pub fn source(self) -> &'s str {
        self.string(module::FILE)
    }

    /// `description`
    #[must_use]
    pub fn description(self) -> Option<&'s str> {
        self.schema.tables.string_opt(self.word(module::DESCRIPTION))
    }

    fn word(self, field: usize) -> u32 {
        self.schema.tables.module(u32::from(self.id.0), field)
    }

    fn string(self, field: usize) -> &'s str {
        self.schema.tables.string(self.word(field))
    }
}

/// An identity (RFC 7950 7.18).
#[derive(Clone, Copy)]
pub struct Identity<'s> {
    pub(super) schema: &'s Schema,
    pub(super) id: IdentityId,
}

impl<'s> Identity<'s> {
    /// Its id.
    #[must_use]
    pub fn id(self) -> IdentityId {
        self.id
    }

    /// Its name without prefix.
    #[must_use]
    pub fn name(self) -> &'s str {
        self.schema.tables.string(self.word(identity::NAME))
    }

    /// The module that defines it.
    #[must_use]
    pub fn module(self) -> ModuleId {
        ModuleId::from_word(self.word(identity::MODULE))
    }

    /// Its direct bases.
    #[must_use]
    pub fn bases(self) -> IdList<'s, IdentityId> {
        self.schema.id_list(self.word(identity::BASES), IdentityId)
    }

    /// Everything it derives from, direct or not, ascending by id.
    #[must_use]
    pub fn ancestors(self) -> IdList<'s, IdentityId> {
        self.schema.id_list(self.word(identity::ANCESTORS), IdentityId)
    }

    /// Whether it can be a value: false when its `if-feature` is off.
    #[must_use]
    pub fn is_enabled(self) -> bool {
        self.word(identity::FLAGS) & identity::DISABLED == 0
    }

    /// Its status.
    #[must_use]
    pub fn status(self) -> Status {
        match self.word(identity::FLAGS) {
            flags if flags & identity::OBSOLETE != 0 => Status::Obsolete,
            flags if flags & identity::DEPRECATED != 0 => Status::Deprecated,
            _ => Status::Current,
        }
    }

    /// `description`
    #[must_use]
    pub fn description(self) -> Option<&'s str> {
        self.schema.tables.string_opt(self.word(identity::DESCRIPTION))
    }

    fn word(self, field: usize) -> u32 {
        self.schema.tables.identity(self.id.0, field)
    }
}

/// A statement defined by an `extension`, or a statement of YANG below one.
#[derive(Clone, Copy)]
pub struct Extension<'s> {
    pub(super) schema: &'s Schema,
    pub(super) id: u32,
}

impl<'s> Extension<'s> {
    /// The module that defines the extension; none for a statement of YANG itself below an
    /// extension statement, and for an unknown extension that leniency let pass.
    #[must_use]
    pub fn module(self) -> Option<ModuleId> {
        present(self.word(extension::MODULE)).map(ModuleId::from_word)
    }

    /// The name of [`Extension::module`].
    #[must_use]
    pub fn module_name(self) -> Option<&'s str> {
        self.module().map(|id| self.schema.module(id).name())
    }

    /// The keyword without prefix.
    #[must_use]
    pub fn keyword(self) -> &'s str {
        self.schema.tables.string(self.word(extension::KEYWORD))
    }

    /// The argument, unquoted.
    #[must_use]
    pub fn argument(self) -> Option<&'s str> {
        self.schema.tables.string_opt(self.word(extension::ARGUMENT))
    }

    /// Its substatements.
    pub fn substatements(self) -> impl Iterator<Item = Self> + use<'s> {
        let schema = self.schema;
        let list = schema.tables.list(self.word(extension::CHILDREN));
        list.iter().map(move |id| Self { schema, id: *id })
    }

    /// Whether it is the extension `keyword` of the module so named.
    #[must_use]
    pub fn is(self, module: &str, keyword: &str) -> bool {
        self.keyword() == keyword && self.module_name() == Some(module)
    }

    fn word(self, field: usize) -> u32 {
        self.schema.tables.extension(self.id, field)
    }
}
