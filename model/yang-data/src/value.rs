//! Scalar values of leaves and leaf-list entries (RFC 7950, section 9), in canonical form.

use ecow::{EcoString, EcoVec};
use yang::{IdentityId, TypeId};

/// One scalar value. Small by design (24 bytes, short strings inline): trees hold millions.
///
/// The order is total and deterministic; it is the order of system-ordered list entries. Within
/// one type it is the natural order (numbers by size, strings by code point).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Value {
    /// `empty`: present or absent, nothing more.
    Empty,
    /// `boolean`.
    Bool(bool),
    /// `int8` to `int64`.
    Int(i64),
    /// `uint8` to `uint64`.
    Uint(u64),
    /// `decimal64`: `mantissa * 10^-digits`.
    Decimal {
        /// The number without its decimal point.
        mantissa: i64,
        /// Fraction digits of the type, 1 to 18.
        digits: u8,
    },
    /// `string`.
    Str(EcoString),
    /// `binary`, decoded.
    Binary(EcoVec<u8>),
    /// `enumeration`: a member of the type by its place in the type's list of members.
    Enum {
        /// The enumeration type that holds the member.
        ty: TypeId,
        /// Place in [`yang::Type::enums`].
        index: u32,
    },
    /// `bits`: the set members by their place in the type's list of bits, ascending.
    Bits {
        /// The bits type that holds the members.
        ty: TypeId,
        /// Places in [`yang::Type::bits`], ascending, each once.
        set: EcoVec<u32>,
    },
    /// `identityref`.
    Identity(IdentityId),
    /// `instance-identifier` in the text form of RFC 7951, section 6.11.
    InstanceId(EcoString),
}

impl Value {
    /// A string value.
    pub fn str(text: impl Into<EcoString>) -> Self {
        Self::Str(text.into())
    }

    /// The text of a string value.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Str(text) | Self::InstanceId(text) => Some(text),
            _ => None,
        }
    }

    /// The number of an unsigned value.
    pub fn as_uint(&self) -> Option<u64> {
        match self {
            Self::Uint(number) => Some(*number),
            _ => None,
        }
    }

    /// The truth of a boolean value.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(truth) => Some(*truth),
            _ => None,
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Str(text.into())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Str(text.into())
    }
}

impl From<bool> for Value {
    fn from(truth: bool) -> Self {
        Self::Bool(truth)
    }
}

/// The key of a list entry: its key leaves' values in the order of the `key` statement.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    /// The one key leaf of most lists.
    One(Value),
    /// Two or more key leaves.
    Many(EcoVec<Value>),
}

impl Key {
    /// The values in order of the `key` statement.
    pub fn values(&self) -> &[Value] {
        match self {
            Self::One(value) => std::slice::from_ref(value),
            Self::Many(values) => values,
        }
    }
}

impl FromIterator<Value> for Key {
    fn from_iter<I: IntoIterator<Item = Value>>(values: I) -> Self {
        let mut values = values.into_iter();
        match (values.next(), values.next()) {
            (Some(only), None) => Self::One(only),
            (first, second) => Self::Many(first.into_iter().chain(second).chain(values).collect()),
        }
    }
}

impl<V: Into<Value>> From<V> for Key {
    fn from(value: V) -> Self {
        Self::One(value.into())
    }
}
