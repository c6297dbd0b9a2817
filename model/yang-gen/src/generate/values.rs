//! The module `types` of a generated file: enumerations, bits, identities, unions.

use super::code::Code;
use super::types::{Body, Defined, LeafKind, LeafType, Types};

/// Writes the module; nothing when no leaf needs it.
pub(super) fn write(code: &mut Code, types: &Types<'_>) {
    code.gap();
    code.line("/// Enumerations, bits, identities and unions.");
    code.line("pub mod types {");
    if types.defined().iter().any(|defined| matches!(defined.body, Body::Union(_))) {
        code.line("use yang_gen::runtime as rt;");
        code.gap();
        code.line("pub(super) use super::SCHEMA;");
    }
    for defined in types.defined() {
        code.gap();
        match &defined.body {
            Body::Enumeration(members) => members_macro(code, "enumeration", defined, members),
            Body::Bits(members) => members_macro(code, "members", defined, members),
            Body::Identities(members) => identities(code, defined, members),
            Body::Union(members) => union(code, types, defined, members),
        }
    }
    code.line("}");
}

fn members_macro(code: &mut Code, name: &str, defined: &Defined, members: &[(String, String)]) {
    code.line(&format!("yang_gen::{name}! {{"));
    code.doc(&defined.origin, "");
    code.line(&format!("{} {{", defined.name));
    for (rust, yang) in members {
        code.line(&format!("{rust} = {yang:?},"));
    }
    code.lines("}\n}");
}

fn identities(code: &mut Code, defined: &Defined, members: &[(String, String, usize)]) {
    code.line("yang_gen::identities! {");
    code.doc(&defined.origin, "");
    if members.is_empty() {
        code.line(&format!("{} {{}}", defined.name));
    } else {
        code.line(&format!("{} {{", defined.name));
        for (rust, yang, id) in members {
            code.line(&format!("{rust} = {yang:?} {id},"));
        }
        code.line("}");
    }
    code.line("}");
}

fn union(code: &mut Code, types: &Types<'_>, defined: &Defined, members: &[(String, LeafType)]) {
    let name = &defined.name;
    code.doc(&defined.origin, "");
    let is_copy = members.iter().all(|(_, member)| types.is_copy(member));
    let copy = if is_copy { "Clone, Copy" } else { "Clone" };
    code.line(&format!("#[derive({copy}, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]"));
    code.line(&format!("pub enum {name} {{"));
    for (variant, member) in members {
        code.line(&format!("/// {}.", described(&member.kind)));
        match member.kind {
            LeafKind::Empty => code.line(&format!("{variant},")),
            _ => code.line(&format!("{variant}({}),", types.field(member, ""))),
        }
    }
    code.line("}");
    code.gap();
    to_value(code, types, name, members);
    code.gap();
    from_value(code, types, name, members);
    for (variant, member) in members {
        conversions(code, types, name, variant, member, members);
    }
}

fn described(kind: &LeafKind) -> &'static str {
    match kind {
        LeafKind::Signed(_) | LeafKind::Unsigned(_) => "A whole number",
        LeafKind::Bool => "A truth value",
        LeafKind::Empty => "Nothing",
        LeafKind::Text => "Text",
        LeafKind::InstanceId => "A path to a node",
        LeafKind::Binary => "Bytes",
        LeafKind::Decimal(_) => "A decimal number",
        LeafKind::Enumeration(_) => "A member of an enumeration",
        LeafKind::Bits(_) => "A set of bits",
        LeafKind::Identity(_) => "An identity",
        LeafKind::Union(_) => "One of several types",
    }
}

fn to_value(code: &mut Code, types: &Types<'_>, name: &str, members: &[(String, LeafType)]) {
    code.line(&format!("impl {name} {{"));
    code.line("/// The value in a data tree.");
    code.line("pub fn into_value(self) -> rt::Value {");
    code.line("match self {");
    for (variant, member) in members {
        let value = types.value(member, "value", "");
        match member.kind {
            LeafKind::Empty => code.line(&format!("Self::{variant} => {value},")),
            _ => code.line(&format!("Self::{variant}(value) => {value},")),
        }
    }
    code.lines("}\n}\n}");
}

fn from_value(code: &mut Code, types: &Types<'_>, name: &str, members: &[(String, LeafType)]) {
    code.line(&format!("impl rt::Scalar for {name} {{"));
    code.line("fn from_value(value: &rt::Value) -> Option<Self> {");
    code.line("match value {");
    for (variant, member) in members {
        let field = types.field(member, "");
        let read = format!("<{field} as rt::Scalar>::from_value(value).map(Self::{variant})");
        let index = member.type_index;
        match &member.kind {
            LeafKind::Empty => code.line(&format!("rt::Value::Empty => Some(Self::{variant}),")),
            kind => {
                let pattern = match kind {
                    LeafKind::Enumeration(_) => {
                        format!("rt::Value::Enum {{ ty, .. }} if ty.index() == {index}")
                    }
                    LeafKind::Bits(_) => {
                        format!("rt::Value::Bits {{ ty, .. }} if ty.index() == {index}")
                    }
                    LeafKind::Decimal(digits) => {
                        format!("rt::Value::Decimal {{ digits: {digits}, .. }}")
                    }
                    LeafKind::Identity(_) => {
                        format!("rt::Value::Identity(id) if {field}::of(*id).is_some()")
                    }
                    kind => format!("rt::Value::{}(_)", value_variant(kind)),
                };
                code.line(&format!("{pattern} => {{"));
                code.line(&read);
                code.line("}");
            }
        }
    }
    code.line("_ => None,");
    code.lines("}\n}\n}");
}

fn value_variant(kind: &LeafKind) -> &'static str {
    match kind {
        LeafKind::Signed(_) => "Int",
        LeafKind::Unsigned(_) => "Uint",
        LeafKind::Bool => "Bool",
        LeafKind::Text => "Str",
        LeafKind::InstanceId => "InstanceId",
        LeafKind::Binary => "Binary",
        LeafKind::Empty
        | LeafKind::Decimal(_)
        | LeafKind::Enumeration(_)
        | LeafKind::Bits(_)
        | LeafKind::Identity(_)
        | LeafKind::Union(_) => unreachable!("matched by value"),
    }
}

/// `From` for what only this member is made of.
fn conversions(
    code: &mut Code,
    types: &Types<'_>,
    name: &str,
    variant: &str,
    member: &LeafType,
    members: &[(String, LeafType)],
) {
    let field = types.field(member, "");
    let is_shared = members.iter().filter(|(_, other)| types.field(other, "") == field).count() > 1;
    let sources: &[&str] = match member.kind {
        LeafKind::Empty => return,
        _ if is_shared => return,
        LeafKind::Text | LeafKind::InstanceId => {
            &["&str", "String", "rt::EcoString", "&rt::EcoString"]
        }
        _ => &[&field],
    };
    for source in sources {
        let value = if *source == field { "value" } else { "value.into()" };
        code.gap();
        code.line(&format!("impl From<{source}> for {name} {{"));
        code.line(&format!("fn from(value: {source}) -> Self {{"));
        code.line(&format!("Self::{variant}({value})"));
        code.lines("}\n}");
    }
}
