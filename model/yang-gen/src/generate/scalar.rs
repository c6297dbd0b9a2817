//! Rust expressions for the values of leaves.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use yang::{Type, TypeKind};

use super::types::{Body, LeafKind, LeafType, Types};

impl Types<'_> {
    /// The type of a field that holds the value. `module` is how types are reached: `types::`.
    pub(super) fn field(&self, leaf_type: &LeafType, module: &str) -> String {
        match &leaf_type.kind {
            LeafKind::Signed(bits) => format!("i{bits}"),
            LeafKind::Unsigned(bits) => format!("u{bits}"),
            LeafKind::Bool | LeafKind::Empty => "bool".to_owned(),
            LeafKind::Text | LeafKind::InstanceId => "rt::EcoString".to_owned(),
            LeafKind::Binary => "Vec<u8>".to_owned(),
            LeafKind::Decimal(digits) => format!("rt::Decimal<{digits}>"),
            LeafKind::Bits(at) => format!("rt::BTreeSet<{module}{}>", self.name(*at)),
            LeafKind::Enumeration(at) | LeafKind::Identity(at) | LeafKind::Union(at) => {
                format!("{module}{}", self.name(*at))
            }
        }
    }

    /// The type of an argument that is turned into the value; none for `empty`.
    pub(super) fn argument(&self, leaf_type: &LeafType, module: &str) -> Option<String> {
        let field = self.field(leaf_type, module);
        Some(match &leaf_type.kind {
            LeafKind::Empty => return None,
            LeafKind::Text | LeafKind::InstanceId => "impl Into<rt::EcoString>".to_owned(),
            LeafKind::Binary => "impl Into<rt::EcoVec<u8>>".to_owned(),
            LeafKind::Bits(at) => {
                format!("impl IntoIterator<Item = {module}{}>", self.name(*at))
            }
            LeafKind::Union(_) => format!("impl Into<{field}>"),
            _ => field,
        })
    }

    /// The value that an argument, or a field by value, is turned into.
    pub(super) fn value(&self, leaf_type: &LeafType, argument: &str) -> String {
        let index = leaf_type.type_index;
        match &leaf_type.kind {
            LeafKind::Signed(64) => format!("rt::Value::Int({argument})"),
            LeafKind::Signed(_) => format!("rt::Value::Int({argument}.into())"),
            LeafKind::Unsigned(64) => format!("rt::Value::Uint({argument})"),
            LeafKind::Unsigned(_) => format!("rt::Value::Uint({argument}.into())"),
            LeafKind::Bool => format!("rt::Value::Bool({argument})"),
            LeafKind::Empty => "rt::Value::Empty".to_owned(),
            LeafKind::Text => format!("rt::Value::Str({argument}.into())"),
            LeafKind::InstanceId => format!("rt::Value::InstanceId({argument}.into())"),
            LeafKind::Binary => format!("rt::Value::Binary({argument}.into())"),
            LeafKind::Decimal(digits) => {
                format!("rt::Value::Decimal {{ mantissa: {argument}.scaled(), digits: {digits} }}")
            }
            LeafKind::Enumeration(_) => format!("rt::enumeration({index}, {argument})"),
            LeafKind::Bits(_) => format!("rt::bits({index}, {argument})"),
            LeafKind::Identity(_) => format!("rt::Value::Identity({argument}.id())"),
            LeafKind::Union(_) => format!("{argument}.into().into_value()"),
        }
    }

    /// Whether a field of this type is `Copy`.
    pub(super) fn is_copy(&self, leaf_type: &LeafType) -> bool {
        match &leaf_type.kind {
            LeafKind::Text | LeafKind::InstanceId | LeafKind::Binary | LeafKind::Bits(_) => false,
            LeafKind::Union(at) => match &self.defined()[*at].body {
                Body::Union(members) => members.iter().all(|(_, member)| self.is_copy(member)),
                _ => false,
            },
            _ => true,
        }
    }

    fn name(&self, at: usize) -> &str {
        &self.defined()[at].name
    }

    /// A default in canonical text as a Rust expression of the field's type. None when the type
    /// has no such value, which the compiler of the schema has refused before.
    pub(super) fn literal(
        &self,
        leaf_type: &LeafType,
        ty: Type<'_>,
        text: &str,
        module: &str,
    ) -> Option<String> {
        let member = |members: &[(String, String)]| {
            let (name, _) = members.iter().find(|(_, yang)| yang == text)?;
            Some(name.clone())
        };
        let body = |at: usize| &self.defined()[at].body;
        Some(match &leaf_type.kind {
            LeafKind::Signed(_) => text.parse::<i64>().ok()?.to_string(),
            LeafKind::Unsigned(_) => text.parse::<u64>().ok()?.to_string(),
            LeafKind::Bool | LeafKind::Empty => (text != "false").to_string(),
            LeafKind::Text | LeafKind::InstanceId => format!("rt::EcoString::from({text:?})"),
            LeafKind::Binary => format!("vec!{:?}", STANDARD.decode(text).ok()?),
            LeafKind::Decimal(digits) => {
                format!("rt::Decimal::from_scaled({})", scaled(text, *digits)?)
            }
            LeafKind::Enumeration(at) => match body(*at) {
                Body::Enumeration(members) => {
                    format!("{module}{}::{}", self.name(*at), member(members)?)
                }
                _ => return None,
            },
            LeafKind::Bits(at) => match body(*at) {
                Body::Bits(members) => {
                    let set = text.split_whitespace().map(|bit| {
                        let (name, _) = members.iter().find(|(_, yang)| yang == bit)?;
                        Some(format!("{module}{}::{name}", self.name(*at)))
                    });
                    format!("rt::BTreeSet::from([{}])", set.collect::<Option<Vec<_>>>()?.join(", "))
                }
                _ => return None,
            },
            LeafKind::Identity(at) => match body(*at) {
                Body::Identities(members) => {
                    let (name, ..) = members.iter().find(|(_, yang, _)| yang == text)?;
                    format!("{module}{}::{name}", self.name(*at))
                }
                _ => return None,
            },
            LeafKind::Union(at) => match body(*at) {
                Body::Union(members) => return self.union_literal(*at, members, ty, text, module),
                _ => return None,
            },
        })
    }

    /// The first member type that has the text among its values decides.
    fn union_literal(
        &self,
        at: usize,
        members: &[(String, LeafType)],
        ty: Type<'_>,
        text: &str,
        module: &str,
    ) -> Option<String> {
        let ty = ty.realtype();
        if ty.kind() == TypeKind::Union {
            let mut inner = ty.members().map(|id| self.schema().type_(id));
            return inner.find_map(|ty| self.union_literal(at, members, ty, text, module));
        }
        let index = ty.id().index();
        let is_of = |member: &&(String, LeafType)| {
            member.1.type_index == index || same_family(&member.1.kind, ty.kind())
        };
        if !is_in_bounds(ty, text) {
            return None;
        }
        let exact = members.iter().find(|member| member.1.type_index == index);
        let (variant, member) = exact.or_else(|| members.iter().find(is_of))?;
        let value = self.literal(member, ty, text, module)?;
        let name = format!("{module}{}::{variant}", self.name(at));
        Some(if member.kind == LeafKind::Empty { name } else { format!("{name}({value})") })
    }
}

fn same_family(kind: &LeafKind, ty: TypeKind) -> bool {
    match kind {
        LeafKind::Signed(_) => ty.is_integer() && ty.bounds().is_some_and(|(low, _)| low < 0),
        LeafKind::Unsigned(_) => ty.is_integer() && ty.bounds().is_some_and(|(low, _)| low == 0),
        LeafKind::Text => ty == TypeKind::String,
        _ => false,
    }
}

/// Whether a text can be a value of a member type, patterns left aside.
fn is_in_bounds(ty: Type<'_>, text: &str) -> bool {
    let number = || match ty.kind() {
        TypeKind::Decimal64 => scaled(text, ty.fraction_digits()).map(i128::from),
        _ => text.parse().ok(),
    };
    match (ty.kind().bounds(), ty.kind()) {
        (Some((low, high)), _) => number().is_some_and(|number| {
            let ranges: Vec<_> = ty.ranges().collect();
            (low..=high).contains(&number)
                && (ranges.is_empty()
                    || ranges.iter().any(|(low, high)| (low..=high).contains(&&number)))
        }),
        (None, TypeKind::Boolean) => matches!(text, "true" | "false"),
        (None, TypeKind::Empty) => text.is_empty(),
        (None, TypeKind::String) => {
            let length = text.chars().count() as u64;
            let mut lengths = ty.lengths().peekable();
            lengths.peek().is_none()
                || lengths.any(|(low, high)| (low..=high).contains(&length))
        }
        _ => true,
    }
}

fn scaled(text: &str, digits: u8) -> Option<i64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let fraction = fraction.trim_end_matches('0');
    let width = usize::from(digits);
    (fraction.len() <= width).then(|| format!("{whole}{fraction:0<width$}").parse().ok())?
}
