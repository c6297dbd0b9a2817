//! Rust expressions for the values of leaves.

use yang_data::Value;

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
    pub(super) fn value(&self, leaf_type: &LeafType, argument: &str, module: &str) -> String {
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
            LeafKind::Union(at) => {
                let value = format!("Into::<{module}{}>::into({argument})", self.name(*at));
                let leaf = leaf_type.leaf_index;
                format!("{module}SCHEMA.first_match({leaf}, {value}.into_value())")
            }
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

    /// A value as a Rust expression of the field's type. None when the value is of another type,
    /// which cannot be for one that was read as a value of the leaf.
    pub(super) fn literal(
        &self,
        leaf_type: &LeafType,
        value: &Value,
        module: &str,
    ) -> Option<String> {
        let member = |at: usize, place: u32| {
            let (name, _) = self.defined()[at].body.members().get(place as usize)?;
            Some(format!("{module}{}::{name}", self.name(at)))
        };
        Some(match (&leaf_type.kind, value) {
            (LeafKind::Signed(_), Value::Int(number)) => number.to_string(),
            (LeafKind::Unsigned(_), Value::Uint(number)) => number.to_string(),
            (LeafKind::Bool, Value::Bool(truth)) => truth.to_string(),
            (LeafKind::Empty, Value::Empty) => "true".to_owned(),
            (LeafKind::Text, Value::Str(text))
            | (LeafKind::InstanceId, Value::InstanceId(text)) => {
                format!("rt::EcoString::from({:?})", text.as_str())
            }
            (LeafKind::Binary, Value::Binary(bytes)) => format!("vec!{:?}", bytes.as_slice()),
            (LeafKind::Decimal(own), Value::Decimal { mantissa, digits }) if own == digits => {
                format!("rt::Decimal::from_scaled({mantissa})")
            }
            (LeafKind::Enumeration(at), Value::Enum { index, .. }) => member(*at, *index)?,
            (LeafKind::Bits(at), Value::Bits { set, .. }) => {
                let bits: Option<Vec<_>> = set.iter().map(|place| member(*at, *place)).collect();
                format!("rt::BTreeSet::from([{}])", bits?.join(", "))
            }
            (LeafKind::Identity(at), Value::Identity(id)) => {
                let Body::Identities(members) = &self.defined()[*at].body else { return None };
                let (name, ..) = members.iter().find(|(.., index)| *index == id.index())?;
                format!("{module}{}::{name}", self.name(*at))
            }
            (LeafKind::Union(at), value) => self.union_literal(*at, value, module)?,
            _ => return None,
        })
    }

    fn union_literal(&self, at: usize, value: &Value, module: &str) -> Option<String> {
        let Body::Union(members) = &self.defined()[at].body else { return None };
        let is_of = |member: &LeafType| match value {
            Value::Enum { ty, .. } | Value::Bits { ty, .. } => member.type_index == ty.index(),
            _ => true,
        };
        let mut own = members.iter().filter(|(_, member)| is_of(member));
        own.find_map(|(variant, member)| {
            let literal = self.literal(member, value, module)?;
            let name = format!("{module}{}::{variant}", self.name(at));
            Some(if member.kind == LeafKind::Empty { name } else { format!("{name}({literal})") })
        })
    }
}
