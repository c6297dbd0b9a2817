//! A resolved type.

use super::tables::{present, type_};
use super::{Extension, IdList, IdentityId, ModuleId, NodeId, Schema, TypeId};
use crate::xpath::Expr;

/// Built-in type at the bottom of a type (RFC 7950 4.2.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum TypeKind {
    /// `int8`
    Int8,
    /// `int16`
    Int16,
    /// `int32`
    Int32,
    /// `int64`
    Int64,
    /// `uint8`
    Uint8,
    /// `uint16`
    Uint16,
    /// `uint32`
    Uint32,
    /// `uint64`
    Uint64,
    /// `decimal64`
    Decimal64,
    /// `string`
    String,
    /// `boolean`
    Boolean,
    /// `enumeration`
    Enumeration,
    /// `bits`
    Bits,
    /// `binary`
    Binary,
    /// `empty`
    Empty,
    /// `identityref`
    IdentityRef,
    /// `instance-identifier`
    InstanceIdentifier,
    /// `leafref`
    LeafRef,
    /// `union`
    Union,
}

impl TypeKind {
    /// Every kind, by number.
    pub const ALL: [Self; 19] = [
        Self::Int8,
        Self::Int16,
        Self::Int32,
        Self::Int64,
        Self::Uint8,
        Self::Uint16,
        Self::Uint32,
        Self::Uint64,
        Self::Decimal64,
        Self::String,
        Self::Boolean,
        Self::Enumeration,
        Self::Bits,
        Self::Binary,
        Self::Empty,
        Self::IdentityRef,
        Self::InstanceIdentifier,
        Self::LeafRef,
        Self::Union,
    ];

    /// The YANG name of the built-in type.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Int8 => "int8",
            Self::Int16 => "int16",
            Self::Int32 => "int32",
            Self::Int64 => "int64",
            Self::Uint8 => "uint8",
            Self::Uint16 => "uint16",
            Self::Uint32 => "uint32",
            Self::Uint64 => "uint64",
            Self::Decimal64 => "decimal64",
            Self::String => "string",
            Self::Boolean => "boolean",
            Self::Enumeration => "enumeration",
            Self::Bits => "bits",
            Self::Binary => "binary",
            Self::Empty => "empty",
            Self::IdentityRef => "identityref",
            Self::InstanceIdentifier => "instance-identifier",
            Self::LeafRef => "leafref",
            Self::Union => "union",
        }
    }

    /// The built-in type so named.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Whether it is one of the eight integer types.
    #[must_use]
    pub fn is_integer(self) -> bool {
        self as u8 <= Self::Uint64 as u8
    }

    /// Lowest and highest value of an integer type; of decimal64 the scaled ones.
    #[must_use]
    pub fn bounds(self) -> Option<(i128, i128)> {
        Some(match self {
            Self::Int8 => (i8::MIN.into(), i8::MAX.into()),
            Self::Int16 => (i16::MIN.into(), i16::MAX.into()),
            Self::Int32 => (i32::MIN.into(), i32::MAX.into()),
            Self::Int64 | Self::Decimal64 => (i64::MIN.into(), i64::MAX.into()),
            Self::Uint8 => (0, u8::MAX.into()),
            Self::Uint16 => (0, u16::MAX.into()),
            Self::Uint32 => (0, u32::MAX.into()),
            Self::Uint64 => (0, u64::MAX.into()),
            _ => return None,
        })
    }
}

/// Which restriction of a type an error text belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Restriction {
    /// `range`
    Range,
    /// `length`
    Length,
    /// The `pattern` at this position of [`Type::patterns`]
    Pattern(usize),
}

impl Restriction {
    pub(crate) fn to_word(self) -> u32 {
        match self {
            Self::Range => 0,
            Self::Length => 1,
            Self::Pattern(position) => u32::try_from(position + 2).unwrap_or(u32::MAX),
        }
    }
}

/// A resolved type; copying it copies a pointer and an id.
///
/// A restriction holds the whole chain of typedefs: ranges and lengths are those of the innermost
/// restriction, patterns are those of every level.
#[derive(Clone, Copy)]
pub struct Type<'s> {
    pub(super) schema: &'s Schema,
    pub(super) id: TypeId,
}

impl<'s> Type<'s> {
    /// Its id.
    #[must_use]
    pub fn id(self) -> TypeId {
        self.id
    }

    /// The built-in type at the bottom.
    #[must_use]
    pub fn kind(self) -> TypeKind {
        TypeKind::ALL[(self.word(type_::KIND_FLAGS) & 0xff) as usize]
    }

    /// The nearest typedef, also when it is restricted further.
    #[must_use]
    pub fn typedef_name(self) -> Option<&'s str> {
        self.schema.tables.string_opt(self.word(type_::TYPEDEF))
    }

    /// The module of [`Type::typedef_name`].
    #[must_use]
    pub fn typedef_module(self) -> Option<ModuleId> {
        present(self.word(type_::TYPEDEF_MODULE)).map(ModuleId::from_word)
    }

    /// The type that this one restricts or renames; none at a built-in type.
    #[must_use]
    pub fn base(self) -> Option<TypeId> {
        present(self.word(type_::BASE)).map(TypeId)
    }

    /// Default of the typedef, in canonical form. For a leaf see [`super::Node::default`].
    #[must_use]
    pub fn default(self) -> Option<&'s str> {
        self.schema.tables.string_opt(self.word(type_::DEFAULT))
    }

    /// Units of the typedef.
    #[must_use]
    pub fn units(self) -> Option<&'s str> {
        self.schema.tables.string_opt(self.word(type_::UNITS))
    }

    /// Allowed values of an integer or decimal64, ascending and disjoint, both ends included;
    /// decimal64 scaled by ten to the fraction digits. Empty: only the bounds of the kind.
    pub fn ranges(self) -> impl ExactSizeIterator<Item = (i128, i128)> + use<'s> {
        let signed = self.kind() != TypeKind::Uint64;
        let value = move |low: u32, high: u32| {
            let bits = u64::from(low) | u64::from(high) << 32;
            if signed { i128::from(bits as i64) } else { i128::from(bits) }
        };
        self.list(type_::RANGES)
            .chunks_exact(4)
            .map(move |words| (value(words[0], words[1]), value(words[2], words[3])))
    }

    /// Allowed lengths of a string (characters) or binary (octets), as [`Type::ranges`].
    pub fn lengths(self) -> impl ExactSizeIterator<Item = (u64, u64)> + use<'s> {
        let value = |low: u32, high: u32| u64::from(low) | u64::from(high) << 32;
        self.list(type_::LENGTHS)
            .chunks_exact(4)
            .map(move |words| (value(words[0], words[1]), value(words[2], words[3])))
    }

    /// Patterns of every level, all of which must hold.
    pub fn patterns(self) -> impl ExactSizeIterator<Item = Pattern<'s>> + use<'s> {
        let schema = self.schema;
        self.list(type_::PATTERNS).chunks_exact(2).map(move |pair| Pattern {
            regex: schema.tables.string(pair[0]),
            invert_match: pair[1] != 0,
        })
    }

    /// Names and values of an enumeration, in the order of the statements.
    pub fn enums(self) -> impl ExactSizeIterator<Item = (&'s str, i32)> + use<'s> {
        let schema = self.schema;
        self.members_of(TypeKind::Enumeration)
            .chunks_exact(2)
            .map(move |pair| (schema.tables.string(pair[0]), pair[1] as i32))
    }

    /// Names and positions of bits, in the order of the positions: the canonical order.
    pub fn bits(self) -> impl ExactSizeIterator<Item = (&'s str, u32)> + use<'s> {
        let schema = self.schema;
        self.members_of(TypeKind::Bits)
            .chunks_exact(2)
            .map(move |pair| (schema.tables.string(pair[0]), pair[1]))
    }

    /// Fraction digits of a decimal64, 1 to 18; 0 for other kinds.
    #[must_use]
    pub fn fraction_digits(self) -> u8 {
        self.word(type_::FRACTION_DIGITS) as u8
    }

    /// Bases of an identityref; a value derives from all of them.
    #[must_use]
    pub fn bases(self) -> IdList<'s, IdentityId> {
        IdList::new(self.members_of(TypeKind::IdentityRef), IdentityId)
    }

    /// Member types of a union, in order.
    #[must_use]
    pub fn members(self) -> IdList<'s, TypeId> {
        IdList::new(self.members_of(TypeKind::Union), TypeId)
    }

    /// The path of a leafref.
    #[must_use]
    pub fn path(self) -> Option<&'s Expr> {
        present(self.word(type_::PATH)).map(|id| self.schema.expr(id))
    }

    /// The path of a leafref as written.
    #[must_use]
    pub fn path_text(self) -> Option<&'s str> {
        present(self.word(type_::PATH)).map(|id| self.schema.expr_text(id))
    }

    /// The leaf or leaf-list that a leafref points at. None for other kinds, for a typedef that no
    /// leaf uses, and where leniency let a missing target pass.
    #[must_use]
    pub fn target(self) -> Option<NodeId> {
        present(self.word(type_::TARGET)).map(NodeId)
    }

    /// The type that decides which values are valid: of a leafref the target's, followed to the
    /// end; else the type itself.
    #[must_use]
    pub fn realtype(self) -> Self {
        let id = present(self.word(type_::REAL)).map_or(self.id, TypeId);
        Self { schema: self.schema, id }
    }

    /// `require-instance` of a leafref or instance-identifier; true when absent.
    #[must_use]
    pub fn require_instance(self) -> bool {
        self.word(type_::KIND_FLAGS) & type_::REQUIRE_INSTANCE != 0
    }

    /// `error-message` and `error-app-tag` of a restriction.
    #[must_use]
    pub fn error_texts(self, of: Restriction) -> (Option<&'s str>, Option<&'s str>) {
        let tables = &self.schema.tables;
        let mut entries = self.list(type_::MESSAGES).chunks_exact(3);
        match entries.find(|entry| entry[0] == of.to_word()) {
            Some(entry) => (tables.string_opt(entry[1]), tables.string_opt(entry[2])),
            None => (None, None),
        }
    }

    /// Extension statements of the `type` or `typedef`.
    pub fn extensions(self) -> impl Iterator<Item = Extension<'s>> + use<'s> {
        let schema = self.schema;
        self.list(type_::EXTENSIONS).iter().map(move |id| Extension { schema, id: *id })
    }

    fn word(self, field: usize) -> u32 {
        self.schema.tables.type_(self.id.0, field)
    }

    fn list(self, field: usize) -> &'s [u32] {
        self.schema.tables.list(self.word(field))
    }

    fn members_of(self, kind: TypeKind) -> &'s [u32] {
        if self.kind() == kind { self.list(type_::MEMBERS) } else { &[] }
    }
}

/// One `pattern` statement (RFC 7950 9.4.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pattern<'s> {
    /// Regular expression of XML Schema, which must match the whole value.
    pub regex: &'s str,
    /// `modifier invert-match`: must not match.
    pub invert_match: bool,
}
