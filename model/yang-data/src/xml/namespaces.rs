//! Namespace declarations in force while reading.

use std::collections::{BTreeMap, HashMap};

use ecow::EcoString;
use yang::{ModuleId, Schema};

use crate::Fault;

/// Declarations in force at once at most; vendors' envelopes have up to some hundreds.
pub(crate) const NAMESPACES_MAX: usize = 1024;

/// What a prefix stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Namespace {
    pub(crate) uri: String,
    /// The module of the schema that has it.
    pub(crate) module: Option<ModuleId>,
}

/// Position in [`Scopes::known`].
type NamespaceAt = usize;

pub(crate) struct Scopes<'s> {
    schema: &'s Schema,
    known: Vec<Namespace>,
    by_uri: HashMap<String, NamespaceAt>,
    bindings: Vec<(EcoString, Option<NamespaceAt>)>,
    default: Option<NamespaceAt>,
}

/// A state of [`Scopes`] to go back to.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Scope {
    bindings: usize,
    default: Option<NamespaceAt>,
}

impl<'s> Scopes<'s> {
    pub(crate) fn new(schema: &'s Schema, given: &BTreeMap<String, String>) -> Self {
        let mut scopes = Self {
            schema,
            known: Vec::new(),
            by_uri: HashMap::new(),
            bindings: Vec::new(),
            default: None,
        };
        for (prefix, uri) in given.iter().take(NAMESPACES_MAX) {
            // Below the limit, which is the only error there is.
            let _ = scopes.declare(prefix, uri);
        }
        scopes
    }

    pub(crate) fn scope(&self) -> Scope {
        Scope { bindings: self.bindings.len(), default: self.default }
    }

    pub(crate) fn restore(&mut self, scope: Scope) {
        self.bindings.truncate(scope.bindings);
        self.default = scope.default;
    }

    /// Puts a declaration in force; an empty URI takes the default namespace out of force.
    pub(crate) fn declare(&mut self, prefix: &str, uri: &str) -> Result<(), Fault> {
        if self.bindings.len() >= NAMESPACES_MAX {
            return Err(Fault::TooManyNamespaces { limit: NAMESPACES_MAX });
        }
        let at = (!uri.is_empty()).then(|| self.intern(uri));
        if prefix.is_empty() {
            self.default = at;
        }
        self.bindings.push((prefix.into(), at));
        Ok(())
    }

    fn intern(&mut self, uri: &str) -> NamespaceAt {
        if let Some(at) = self.by_uri.get(uri) {
            return *at;
        }
        let at = self.known.len();
        let module = self.schema.module_of_namespace(uri);
        self.known.push(Namespace { uri: uri.to_owned(), module });
        self.by_uri.insert(uri.to_owned(), at);
        at
    }

    /// The default namespace.
    pub(crate) fn default(&self) -> Option<&Namespace> {
        self.default.map(|at| &self.known[at])
    }

    /// What a prefix, not the empty one, stands for.
    pub(crate) fn of_prefix(&self, prefix: &str) -> Option<&Namespace> {
        let mut newest_first = self.bindings.iter().rev();
        let (_, at) = newest_first.find(|(known, _)| known == prefix)?;
        at.map(|at| &self.known[at])
    }

    /// What a prefix, or the empty one, stands for among the modules.
    pub(crate) fn module(&self, prefix: &str) -> Option<ModuleId> {
        let namespace = if prefix.is_empty() { self.default() } else { self.of_prefix(prefix) };
        namespace?.module
    }

    /// Prefixes in force with their URIs, each once, the default one left out.
    pub(crate) fn prefixes(&self) -> BTreeMap<&str, &str> {
        let bound = self.bindings.iter().filter(|(prefix, _)| !prefix.is_empty());
        bound
            .filter_map(|(prefix, at)| Some((prefix.as_str(), self.known[(*at)?].uri.as_str())))
            .collect()
    }
}
