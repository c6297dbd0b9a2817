//! Values to and from text, by type (RFC 7950, section 9): this is where types are checked.
//!
//! A [`Value`] is only ever made here (or from another value), so whatever is in a tree has passed
//! its type's ranges, lengths, patterns and bases. The text form used inside the program is the
//! canonical one, in which names of other modules are written with the module's name, as JSON
//! does (RFC 7951); XML has prefixes instead, see [`Names`].

mod blocks;
mod check;
mod describe;
mod integer;
mod number;
pub(crate) mod pattern;
mod print;
mod scalar;

use std::sync::{Arc, OnceLock};

use yang::{ModuleId, NodeId, Schema, TypeId};

use crate::Value;
use check::Check;

pub(crate) use scalar::is_quoted;

/// Characters of a refused value that an error repeats.
const SHOWN_CHARS_MAX: usize = 120;

/// The types of a schema, ready for checking: patterns are compiled when first needed and kept.
///
/// Make one per schema and share it beside the schema; every decoder asks for it.
#[derive(Debug)]
pub struct Types {
    schema: Arc<Schema>,
    checks: Vec<OnceLock<Box<Check>>>,
}

/// How names of modules appear in text.
#[derive(Clone, Copy)]
pub enum Names<'a> {
    /// By the module's name: JSON, defaults, canonical form.
    Modules,
    /// By prefix, resolved by this function; XML. The empty prefix is the default namespace.
    Prefixes(&'a dyn Fn(&str) -> Option<ModuleId>),
}

impl std::fmt::Debug for Names<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Modules => "Modules",
            Self::Prefixes(_) => "Prefixes",
        })
    }
}

/// A scalar of JSON text (RFC 8259), which is what tells `"1"` from `1`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JsonScalar<'a> {
    /// A string, unescaped.
    String(&'a str),
    /// A number as written.
    Number(&'a str),
    /// `true` or `false`.
    Bool(bool),
    /// `[null]`, the value of an `empty` leaf.
    NullInArray,
    /// `null`, which no YANG type allows.
    Null,
}

/// A value that its type refuses.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("'{value}' - {}", .message.as_deref().unwrap_or(.expected))]
pub struct ValueError {
    /// The value as given, shortened when long.
    pub value: String,
    /// The rule it breaks, like `expected uint8 with range 1..10`.
    pub expected: String,
    /// The model's own words (`error-message`).
    pub message: Option<String>,
    /// The model's `error-app-tag`.
    pub app_tag: Option<String>,
}

impl ValueError {
    pub(crate) fn new(value: &str, expected: impl Into<String>) -> Self {
        Self { value: shorten(value), expected: expected.into(), message: None, app_tag: None }
    }
}

/// Whether a text is a regular expression of XML Schema that values can be held against.
///
/// # Errors
/// What is wrong with it, in words.
pub fn check_pattern(xsd: &str) -> Result<(), String> {
    pattern::compile(xsd).map(drop).map_err(|error| error.to_string())
}

fn shorten(value: &str) -> String {
    match value.char_indices().nth(SHOWN_CHARS_MAX) {
        Some((at, _)) => format!("{}...", &value[..at]),
        None => value.to_owned(),
    }
}

impl Types {
    /// Prepares nothing yet: each type is compiled at first use.
    pub fn new(schema: Arc<Schema>) -> Self {
        let mut checks = Vec::new();
        checks.resize_with(schema.type_count(), OnceLock::new);
        Self { schema, checks }
    }

    /// The schema.
    pub fn schema(&self) -> &Arc<Schema> {
        &self.schema
    }

    /// Reads the text of a value; `home` is the module of the leaf, which unqualified names of
    /// identities belong to.
    ///
    /// # Errors
    /// [`ValueError`] when the type refuses it.
    pub fn parse(
        &self,
        ty: TypeId,
        text: &str,
        names: Names<'_>,
        home: ModuleId,
    ) -> Result<Value, ValueError> {
        self.check(ty).parse(self, &scalar::Input { text, names, home, json: None })
    }

    /// Reads the text of a leaf's or leaf-list's value in canonical form.
    ///
    /// # Errors
    /// [`ValueError`] when the type refuses it.
    pub fn parse_leaf(&self, node: NodeId, text: &str) -> Result<Value, ValueError> {
        let definition = self.schema.node(node);
        let ty = definition.type_id().ok_or_else(|| {
            ValueError::new(text, format!("expected no value at a {}", definition.kind().keyword()))
        })?;
        self.parse(ty, text, Names::Modules, definition.module())
    }

    /// Reads a JSON scalar (RFC 7951, section 6).
    ///
    /// # Errors
    /// [`ValueError`] when the type refuses it, also for a JSON type that is not the YANG type's.
    pub fn parse_json(
        &self,
        ty: TypeId,
        scalar: JsonScalar<'_>,
        home: ModuleId,
    ) -> Result<Value, ValueError> {
        let text = scalar.text();
        let input = scalar::Input { text, names: Names::Modules, home, json: Some(scalar) };
        self.check(ty).parse(self, &input)
    }

    /// Whether a value may stand for a type: it is of the type's kind and keeps its rules.
    pub fn accepts(&self, ty: TypeId, value: &Value) -> bool {
        self.check(ty).accepts(self, value)
    }

    /// The values of a node's defaults (RFC 7950, 7.6.1 and 7.7.2), in their order. A default that
    /// the type refuses, which only a lenient compilation lets pass, is left out.
    pub fn defaults(&self, node: NodeId) -> impl Iterator<Item = Value> + '_ {
        self.schema.node(node).defaults().filter_map(move |text| self.parse_leaf(node, text).ok())
    }

    /// Patterns that could not be made into a checker (a lenient compilation let them pass, or
    /// they are too large): values are not held against them. Type and pattern as written.
    ///
    /// Only types that were used so far are in the answer.
    pub fn ignored_patterns(&self) -> impl Iterator<Item = (TypeId, &str)> {
        self.checks.iter().enumerate().flat_map(|(index, check)| {
            let ignored = check.get().map(|check| check.ignored_patterns()).unwrap_or_default();
            ignored.iter().filter_map(move |text| Some((TypeId::from_index(index)?, text.as_str())))
        })
    }

    /// Makes what values of each type are checked with, patterns above all, which otherwise the
    /// first value of the type waits for. Any thread may do it beside others that already check.
    pub fn prepare(&self) {
        (0..self.checks.len()).filter_map(TypeId::from_index).for_each(|ty| {
            self.check(ty);
        });
    }

    pub(crate) fn check(&self, ty: TypeId) -> &Check {
        self.checks[ty.index()].get_or_init(|| Box::new(Check::new(&self.schema, ty)))
    }
}

#[cfg(test)]
mod tests;
