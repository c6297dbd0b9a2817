//! Types in words, for errors.

use std::fmt::{Display, Write as _};

use yang::{Restriction, Schema, Type, TypeKind};

use super::{ValueError, number};

/// Names of an enumeration, or members of a union, that a description lists.
const LISTED_MAX: usize = 12;

/// The error for a value that breaks one restriction of a type, in the model's words if it has any.
pub(super) fn refuse(ty: Type<'_>, value: &str, restriction: Restriction) -> ValueError {
    let rule = match restriction {
        Restriction::Range => format!(" with range {}", ranges(ty)),
        Restriction::Length => format!(" with length {}", bounds(ty.lengths())),
        Restriction::Pattern(at) => match ty.patterns().nth(at) {
            Some(pattern) if pattern.invert_match => {
                format!(" not matching pattern '{}'", pattern.regex)
            }
            Some(pattern) => format!(" matching pattern '{}'", pattern.regex),
            None => String::new(),
        },
    };
    let (message, app_tag) = ty.error_texts(restriction);
    ValueError {
        message: message.map(str::to_owned),
        app_tag: app_tag.map(str::to_owned),
        ..ValueError::new(value, format!("expected {}{rule}", ty.kind().name()))
    }
}

/// The error for a value that is nothing like the type.
pub(super) fn mismatch(schema: &Schema, ty: Type<'_>, value: &str) -> ValueError {
    ValueError::new(value, format!("expected {}", type_in_words(schema, ty)))
}

fn type_in_words(schema: &Schema, ty: Type<'_>) -> String {
    let name = ty.kind().name();
    match ty.kind() {
        TypeKind::Enumeration => {
            format!("one of {}", listed(ty.enums().map(|(name, _)| name)))
        }
        TypeKind::Bits => format!("bits, of {}", listed(ty.bits().map(|(name, _)| name))),
        TypeKind::IdentityRef => {
            let bases = ty.bases().map(|id| {
                let identity = schema.identity(id);
                format!("{}:{}", schema.module(identity.module()).name(), identity.name())
            });
            format!("identity derived from {}", listed(bases))
        }
        TypeKind::Union => {
            let members = ty.members().map(|id| type_in_words(schema, schema.type_(id).realtype()));
            format!("union of: {}", listed(members))
        }
        TypeKind::Boolean => "boolean: true or false".to_owned(),
        TypeKind::Binary => "binary: base64".to_owned(),
        TypeKind::Decimal64 => {
            let digits = ty.fraction_digits();
            match ty.ranges().len() {
                0 => format!("decimal64 with {digits} fraction digits"),
                _ => format!("decimal64 with {digits} fraction digits and range {}", ranges(ty)),
            }
        }
        _ if ty.ranges().len() > 0 => format!("{name} with range {}", ranges(ty)),
        _ => match ty.kind().bounds() {
            Some((low, high)) => format!("{name} with range {low}..{high}"),
            None => name.to_owned(),
        },
    }
}

fn ranges(ty: Type<'_>) -> String {
    if ty.kind() == TypeKind::Decimal64 {
        let text = |scaled: i128| {
            let mut out = String::new();
            let mantissa = i64::try_from(scaled).unwrap_or(i64::MAX);
            number::write_decimal(mantissa, ty.fraction_digits(), &mut out);
            out
        };
        return bounds(ty.ranges().map(|(low, high)| (text(low), text(high))));
    }
    match (ty.ranges().len(), ty.kind().bounds()) {
        (0, Some(all)) => bounds(std::iter::once(all)),
        _ => bounds(ty.ranges()),
    }
}

fn bounds<N: Display + PartialEq>(bounds: impl Iterator<Item = (N, N)>) -> String {
    let mut out = String::new();
    for (low, high) in bounds {
        let separator = if out.is_empty() { "" } else { " | " };
        let written = if low == high {
            write!(out, "{separator}{low}")
        } else {
            write!(out, "{separator}{low}..{high}")
        };
        written.expect("writing to a string does not fail");
    }
    out
}

fn listed(names: impl Iterator<Item = impl AsRef<str>>) -> String {
    let mut out = String::new();
    for (at, name) in names.enumerate() {
        if at == LISTED_MAX {
            out.push_str(", ...");
            break;
        }
        if at > 0 {
            out.push_str(", ");
        }
        out.push_str(name.as_ref());
    }
    out
}
