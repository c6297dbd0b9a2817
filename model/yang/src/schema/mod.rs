//! The compiled schema: immutable tables with typed views on them.

pub(crate) mod cache;
mod find;
mod ids;
mod module;
mod node;
pub(crate) mod tables;
mod types;

use std::sync::OnceLock;

pub use cache::CacheError;
pub(crate) use cache::build_index;
pub use ids::{IdentityId, ModuleId, NodeId, TypeId};
pub use module::{Extension, Identity, Module};
pub use node::{Children, DataChildren, Must, Node, NodeKind, Status, When};
pub use types::{Pattern, Restriction, Type, TypeKind};

use crate::xpath::{self, Expr};
use tables::{Tables, expr, identity, module as module_table, node as node_table};

/// Everything the models say, resolved. Immutable; share it as `Arc<Schema>`.
///
/// Ids are positions in its tables: an id of another schema gives nonsense or a panic, so keep a
/// schema and its ids together.
pub struct Schema {
    tables: Tables,
    fingerprint: u64,
    /// Parsed expressions, made at first use.
    exprs: Vec<OnceLock<Expr>>,
    /// One module per name, ordered by name: see [`Schema::module_named`].
    by_name: Vec<ModuleId>,
    /// One module per namespace, ordered by namespace.
    by_namespace: Vec<ModuleId>,
}

impl std::fmt::Debug for Schema {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { fingerprint, .. } = self;
        write!(f, "Schema({} nodes, {fingerprint:016x})", self.node_count())
    }
}

impl Schema {
    /// The virtual container above the top-level data nodes, rpcs and notifications of every
    /// implemented module.
    pub const ROOT: NodeId = NodeId(0);

    /// A schema over finished tables.
    pub(crate) fn new(tables: Tables) -> Self {
        let fingerprint = cache::fingerprint(&tables);
        Self::with_fingerprint(tables, fingerprint)
    }

    /// A schema for lookups while the tables are not complete.
    pub(crate) fn draft(tables: Tables) -> Self {
        Self::with_fingerprint(tables, 0)
    }

    pub(crate) fn into_tables(self) -> Tables {
        self.tables
    }

    fn with_fingerprint(tables: Tables, fingerprint: u64) -> Self {
        let mut exprs = Vec::new();
        exprs.resize_with(tables.exprs.len() / expr::WIDTH, OnceLock::new);
        let mut schema =
            Self { tables, fingerprint, exprs, by_name: Vec::new(), by_namespace: Vec::new() };
        schema.by_name = schema.best_modules(Module::name);
        schema.by_namespace = schema.best_modules(Module::namespace);
        schema
    }

    /// Per key the implemented module, else the newest; ordered by key.
    fn best_modules<'s>(&'s self, key: fn(Module<'s>) -> &'s str) -> Vec<ModuleId> {
        let mut modules: Vec<_> = self.modules().collect();
        modules.sort_by_key(|module| {
            let worst_first = (module.is_implemented(), module.revision());
            (key(*module), std::cmp::Reverse(worst_first))
        });
        modules.dedup_by_key(|module| key(*module));
        modules.into_iter().map(Module::id).collect()
    }

    /// The node of an id.
    #[must_use]
    pub fn node(&self, id: NodeId) -> Node<'_> {
        Node { schema: self, id }
    }

    /// [`Schema::ROOT`] as a node.
    #[must_use]
    pub fn root(&self) -> Node<'_> {
        self.node(Self::ROOT)
    }

    /// Number of nodes, the root included: ids are `0 .. node_count`.
    #[must_use]
    pub fn node_count(&self) -> usize {
        self.tables.nodes.len() / node_table::WIDTH
    }

    /// Every node in schema order, the root first.
    pub fn nodes(&self) -> impl Iterator<Item = Node<'_>> {
        (0..self.node_count() as u32).map(|id| self.node(NodeId(id)))
    }

    /// Modules by id: implemented ones and those that are only imported.
    pub fn modules(&self) -> impl Iterator<Item = Module<'_>> {
        let count = self.tables.modules.len() / module_table::WIDTH;
        (0..count as u16).map(|id| self.module(ModuleId(id)))
    }

    /// The module of an id.
    #[must_use]
    pub fn module(&self, id: ModuleId) -> Module<'_> {
        Module { schema: self, id }
    }

    /// The module so named: the implemented one, else the newest revision.
    #[must_use]
    pub fn module_named(&self, name: &str) -> Option<ModuleId> {
        let at = self.by_name.binary_search_by(|id| self.module(*id).name().cmp(name)).ok()?;
        Some(self.by_name[at])
    }

    /// The module with this namespace, chosen as in [`Schema::module_named`].
    #[must_use]
    pub fn module_of_namespace(&self, namespace: &str) -> Option<ModuleId> {
        let order = |id: &ModuleId| self.module(*id).namespace().cmp(namespace);
        Some(self.by_namespace[self.by_namespace.binary_search_by(order).ok()?])
    }

    /// The type of an id.
    #[must_use]
    pub fn type_(&self, id: TypeId) -> Type<'_> {
        Type { schema: self, id }
    }

    /// Number of types: ids are `0 .. type_count`.
    #[must_use]
    pub fn type_count(&self) -> usize {
        self.tables.types.len() / tables::type_::WIDTH
    }

    /// The identity of an id.
    #[must_use]
    pub fn identity(&self, id: IdentityId) -> Identity<'_> {
        Identity { schema: self, id }
    }

    /// Identities by id: ordered by module, then name.
    pub fn identities(&self) -> impl ExactSizeIterator<Item = Identity<'_>> {
        let count = self.tables.identities.len() / identity::WIDTH;
        (0..count as u32).map(|id| self.identity(IdentityId(id)))
    }

    /// The identity of a module by name.
    #[must_use]
    pub fn identity_named(&self, module: ModuleId, name: &str) -> Option<IdentityId> {
        let count = self.tables.identities.len() / identity::WIDTH;
        let (mut low, mut high) = (0, count);
        while low < high {
            let middle = low.midpoint(high);
            let found = self.identity(IdentityId(middle as u32));
            match (found.module(), found.name()).cmp(&(module, name)) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => return Some(found.id()),
            }
        }
        None
    }

    /// Whether `id` derives from `base`, directly or not; false for `id` itself.
    #[must_use]
    pub fn is_derived_from(&self, id: IdentityId, base: IdentityId) -> bool {
        let ancestors = self.tables.list(self.tables.identity(id.0, identity::ANCESTORS));
        ancestors.binary_search(&base.0).is_ok()
    }

    /// Whether `id` is `base` or derives from it.
    #[must_use]
    pub fn is_derived_from_or_self(&self, id: IdentityId, base: IdentityId) -> bool {
        id == base || self.is_derived_from(id, base)
    }

    /// Hash of the content: equal input texts, their names and options give equal fingerprints, on
    /// every machine and in every order of adding them.
    #[must_use]
    pub fn fingerprint(&self) -> u64 {
        self.fingerprint
    }

    fn expr(&self, id: u32) -> &Expr {
        self.exprs[id as usize].get_or_init(|| self.parse_expr(id))
    }

    /// Parses an expression that the compiler has parsed before; were the cache forged, the
    /// expression would be the constant false.
    fn parse_expr(&self, id: u32) -> Expr {
        let prefixes = self.tables.list(self.tables.expr(id, expr::PREFIXES));
        let resolve = |prefix: &str| {
            let mut pairs = prefixes.chunks_exact(2);
            let pair = pairs.find(|pair| self.tables.string(pair[0]) == prefix)?;
            Some(ModuleId::from_word(pair[1]))
        };
        let module = tables::present(self.tables.expr(id, expr::MODULE));
        let scope = xpath::Scope { default: module.map(ModuleId::from_word), resolve: &resolve };
        xpath::parse(self.expr_text(id), &scope).unwrap_or_else(|_| Expr::never())
    }

    fn expr_text(&self, id: u32) -> &str {
        self.tables.string(self.tables.expr(id, expr::TEXT))
    }

    fn id_list<T>(&self, list: u32, make: fn(u32) -> T) -> IdList<'_, T> {
        IdList::new(self.tables.list(list), make)
    }
}

/// Ids in a table; an iterator that knows its length.
pub struct IdList<'s, T> {
    words: &'s [u32],
    make: fn(u32) -> T,
}

impl<'s, T> IdList<'s, T> {
    fn new(words: &'s [u32], make: fn(u32) -> T) -> Self {
        Self { words, make }
    }

    /// The id at a position.
    #[must_use]
    pub fn at(&self, position: usize) -> Option<T> {
        self.words.get(position).map(|word| (self.make)(*word))
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }
}

impl<T> Clone for IdList<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for IdList<'_, T> {}

impl<T> Iterator for IdList<'_, T> {
    type Item = T;

    fn next(&mut self) -> Option<T> {
        let (first, rest) = self.words.split_first()?;
        self.words = rest;
        Some((self.make)(*first))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.words.len(), Some(self.words.len()))
    }
}

impl<T> ExactSizeIterator for IdList<'_, T> {}
