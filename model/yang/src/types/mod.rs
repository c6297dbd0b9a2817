//! Types: built-in ones, typedefs, restrictions, defaults (RFC 7950 9).

mod compile;
mod members;
mod range;
mod value;

use std::rc::Rc;

pub(crate) use compile::TypeScope;

use crate::hash::FastMap;
use crate::schema::{ModuleId, TypeKind};
use crate::source::{Statement, StatementId};

/// A restriction, its `error-message` and its `error-app-tag`.
pub(crate) type Messages<'c> = (u32, Option<&'c str>, Option<&'c str>);

/// A type under construction; ids are positions in [`Types`].
#[derive(Clone)]
pub(crate) struct TypeInfo<'c> {
    pub(crate) kind: TypeKind,
    pub(crate) typedef: Option<(&'c str, ModuleId)>,
    pub(crate) base: Option<u32>,
    /// `default` of the nearest typedef that has one.
    pub(crate) default: Option<Statement<'c>>,
    /// That default in canonical form.
    pub(crate) canonical_default: Option<Rc<str>>,
    pub(crate) units: Option<&'c str>,
    pub(crate) ranges: Rc<[(i128, i128)]>,
    pub(crate) lengths: Rc<[(i128, i128)]>,
    pub(crate) patterns: Rc<[(&'c str, bool)]>,
    /// Names with values of an enumeration, or positions of bits.
    pub(crate) members: Rc<[(&'c str, i64)]>,
    /// Members that `if-feature` removes.
    pub(crate) removed: Rc<[&'c str]>,
    pub(crate) bases: Rc<[u32]>,
    pub(crate) union: Rc<[u32]>,
    pub(crate) fraction_digits: u8,
    pub(crate) path: Option<Statement<'c>>,
    /// Module of names without prefix in the path: that of the leaf.
    pub(crate) path_module: Option<ModuleId>,
    pub(crate) require_instance: bool,
    pub(crate) messages: Rc<[Messages<'c>]>,
    pub(crate) extensions: Rc<[Statement<'c>]>,
    /// Whether it is a leafref or a union that holds one: to be resolved for each leaf.
    pub(crate) has_leafref: bool,
    pub(crate) target: Option<u32>,
    pub(crate) real: Option<u32>,
}

impl TypeInfo<'_> {
    fn plain(kind: TypeKind) -> Self {
        Self {
            kind,
            typedef: None,
            base: None,
            default: None,
            canonical_default: None,
            units: None,
            ranges: Rc::new([]),
            lengths: Rc::new([]),
            patterns: Rc::new([]),
            members: Rc::new([]),
            removed: Rc::new([]),
            bases: Rc::new([]),
            union: Rc::new([]),
            fraction_digits: 0,
            path: None,
            path_module: None,
            require_instance: true,
            messages: Rc::new([]),
            extensions: Rc::new([]),
            has_leafref: kind == TypeKind::LeafRef,
            target: None,
            real: None,
        }
    }
}

/// Every type of the compilation; the built-in ones come first, by number.
pub(crate) struct Types<'c> {
    pub(crate) list: Vec<TypeInfo<'c>>,
    by_statement: FastMap<StatementId, Option<u32>>,
}

impl<'c> Types<'c> {
    pub(crate) fn new() -> Self {
        let list = TypeKind::ALL.into_iter().map(TypeInfo::plain).collect();
        Self { list, by_statement: FastMap::default() }
    }

    pub(crate) fn at(&self, id: u32) -> &TypeInfo<'c> {
        &self.list[id as usize]
    }

    pub(crate) fn push(&mut self, info: TypeInfo<'c>) -> u32 {
        self.list.push(info);
        self.list.len() as u32 - 1
    }

    /// The type that decides on values, as far as leafrefs are resolved.
    pub(crate) fn real(&self, id: u32) -> u32 {
        self.at(id).real.unwrap_or(id)
    }
}
