//! From [`Value`] to Rust and back.

use std::collections::BTreeSet;

use ecow::EcoString;
use yang_data::Value;

use super::Decimal;
use super::embedded::ty;

/// A Rust type that a leaf is read as.
pub trait Scalar: Sized {
    /// The value, unless it is of another type.
    fn from_value(value: &Value) -> Option<Self>;
}

/// A generated enumeration: members of an `enumeration` or of `bits`.
pub trait Member: Copy + Ord + 'static {
    /// All members in the order of the type.
    const ALL: &'static [Self];

    /// Its place among [`Member::ALL`].
    fn place(self) -> u32;

    /// The member at a place.
    fn at(place: u32) -> Option<Self> {
        Self::ALL.get(place as usize).copied()
    }
}

/// The value of an enumeration type.
pub fn enumeration(type_index: u32, member: impl Member) -> Value {
    Value::Enum { ty: ty(type_index), index: member.place() }
}

/// The value of a bits type.
pub fn bits<B: Member>(type_index: u32, bits: impl IntoIterator<Item = B>) -> Value {
    let places: BTreeSet<u32> = bits.into_iter().map(Member::place).collect();
    Value::Bits { ty: ty(type_index), set: places.into_iter().collect() }
}

macro_rules! integers {
    ($kind:ident: $($type:ty)*) => {$(
        impl Scalar for $type {
            fn from_value(value: &Value) -> Option<Self> {
                match value {
                    Value::$kind(number) => (*number).try_into().ok(),
                    _ => None,
                }
            }
        }
    )*};
}

integers!(Int: i8 i16 i32 i64);
integers!(Uint: u8 u16 u32 u64);

impl Scalar for bool {
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Bool(truth) => Some(*truth),
            Value::Empty => Some(true),
            _ => None,
        }
    }
}

impl Scalar for EcoString {
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Str(text) | Value::InstanceId(text) => Some(text.clone()),
            _ => None,
        }
    }
}

impl Scalar for Vec<u8> {
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Binary(bytes) => Some(bytes.to_vec()),
            _ => None,
        }
    }
}

impl<const DIGITS: u8> Scalar for Decimal<DIGITS> {
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Decimal { mantissa, digits } if *digits == DIGITS => {
                Some(Self::from_scaled(*mantissa))
            }
            _ => None,
        }
    }
}

impl<B: Member> Scalar for BTreeSet<B> {
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Bits { set, .. } => set.iter().map(|place| B::at(*place)).collect(),
            _ => None,
        }
    }
}

/// Defines a Rust enumeration of the members of a YANG `enumeration`, in their order.
#[macro_export]
macro_rules! enumeration {
    ($(#[$doc:meta])* $name:ident { $($member:ident = $text:literal,)* }) => {
        $crate::members! { $(#[$doc])* $name { $($member = $text,)* } }

        impl $crate::runtime::Scalar for $name {
            fn from_value(value: &$crate::runtime::Value) -> Option<Self> {
                match value {
                    $crate::runtime::Value::Enum { index, .. } => {
                        <Self as $crate::runtime::Member>::at(*index)
                    }
                    _ => None,
                }
            }
        }
    };
}

/// Defines a Rust enumeration of names in the order of a YANG type: the bits of a `bits` type.
#[macro_export]
macro_rules! members {
    ($(#[$doc:meta])* $name:ident { $($member:ident = $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $(#[doc = concat!("`", $text, "`")] $member,)*
        }

        impl $name {
            /// The name in YANG.
            pub fn name(self) -> &'static str {
                match self { $(Self::$member => $text,)* }
            }
        }

        impl $crate::runtime::Member for $name {
            const ALL: &'static [Self] = &[$(Self::$member),*];

            fn place(self) -> u32 {
                self as u32
            }
        }
    };
}

/// Defines a Rust enumeration of the identities that derive from a base, ascending by id.
#[macro_export]
macro_rules! identities {
    ($(#[$doc:meta])* $name:ident {}) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {}

        impl $name {
            /// The identity.
            pub fn id(self) -> $crate::runtime::IdentityId {
                match self {}
            }

            /// The member for an identity: there is none.
            pub fn of(_: $crate::runtime::IdentityId) -> Option<Self> {
                None
            }
        }

        impl $crate::runtime::Scalar for $name {
            fn from_value(_: &$crate::runtime::Value) -> Option<Self> {
                None
            }
        }
    };
    ($(#[$doc:meta])* $name:ident { $($member:ident = $text:literal $id:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $(#[doc = concat!("`", $text, "`")] $member,)+
        }

        impl $name {
            const IDS: &'static [(u32, Self)] = &[$(($id, Self::$member)),+];

            /// The name in YANG, behind the name of its module.
            pub fn name(self) -> &'static str {
                match self { $(Self::$member => $text,)+ }
            }

            /// The identity.
            pub fn id(self) -> $crate::runtime::IdentityId {
                $crate::runtime::identity(Self::IDS[self as usize].0)
            }

            /// The member for an identity, if it is one.
            pub fn of(id: $crate::runtime::IdentityId) -> Option<Self> {
                let at = Self::IDS.binary_search_by_key(&id.index(), |(id, _)| *id as usize);
                at.ok().map(|at| Self::IDS[at].1)
            }
        }

        impl $crate::runtime::Scalar for $name {
            fn from_value(value: &$crate::runtime::Value) -> Option<Self> {
                match value {
                    $crate::runtime::Value::Identity(id) => Self::of(*id),
                    _ => None,
                }
            }
        }
    };
}
