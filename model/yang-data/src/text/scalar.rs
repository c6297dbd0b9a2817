//! Text to values.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ecow::EcoVec;
use yang::{IdentityId, ModuleId, Restriction, Schema, TypeKind};

use super::check::{Check, Rule, within};
use super::{JsonScalar, Names, Types, ValueError, describe, number};
use crate::{Path, Value};

/// A value's text and how to read it.
#[derive(Clone, Copy)]
pub(super) struct Input<'a> {
    pub(super) text: &'a str,
    pub(super) names: Names<'a>,
    pub(super) home: ModuleId,
    /// What JSON says it is; none for other sources.
    pub(super) json: Option<JsonScalar<'a>>,
}

impl<'a> JsonScalar<'a> {
    /// What it says, without quotes.
    pub fn text(self) -> &'a str {
        match self {
            Self::String(text) | Self::Number(text) => text,
            Self::Bool(true) => "true",
            Self::Bool(false) => "false",
            Self::NullInArray => "",
            Self::Null => "null",
        }
    }

    /// Whether it is the JSON type that stands for a YANG type (RFC 7951, section 6).
    fn stands_for(self, kind: TypeKind) -> bool {
        match self {
            Self::Number(_) => kind.is_integer() && !is_quoted(kind),
            Self::Bool(_) => kind == TypeKind::Boolean,
            Self::NullInArray => kind == TypeKind::Empty,
            Self::Null => false,
            Self::String(_) => {
                is_quoted(kind)
                    || !kind.is_integer() && !matches!(kind, TypeKind::Boolean | TypeKind::Empty)
            }
        }
    }
}

/// Numbers that JSON writes as strings, because its readers may only have double floats.
pub(crate) fn is_quoted(kind: TypeKind) -> bool {
    matches!(kind, TypeKind::Int64 | TypeKind::Uint64 | TypeKind::Decimal64)
}

impl Input<'_> {
    pub(super) fn parse(&self, types: &Types, check: &Check) -> Result<Value, ValueError> {
        let schema = types.schema();
        if let Some(scalar) = self.json {
            self.check_json_type(schema, check, scalar)?;
        }
        let trimmed = || self.text.trim_matches([' ', '\t', '\n', '\r']);
        let value = match &check.rule {
            Rule::Text { .. } => {
                check.check_text(types, self.text)?;
                return Ok(Value::Str(self.text.into()));
            }
            Rule::Signed(bounds) => match number::signed(trimmed()) {
                Some(number) if within(bounds, number) => Some(Value::Int(number)),
                Some(_) => return self.out_of_range(schema, check),
                None => None,
            },
            Rule::Unsigned(bounds) => match number::unsigned(trimmed()) {
                Some(number) if within(bounds, number) => Some(Value::Uint(number)),
                Some(_) => return self.out_of_range(schema, check),
                None => None,
            },
            Rule::Decimal { digits, bounds } => match number::decimal(trimmed(), *digits) {
                Some(mantissa) if within(bounds, mantissa) => {
                    Some(Value::Decimal { mantissa, digits: *digits })
                }
                Some(_) => return self.out_of_range(schema, check),
                None => None,
            },
            Rule::Binary { lengths } => return self.binary(schema, check, lengths),
            Rule::Boolean => match trimmed() {
                "true" => Some(Value::Bool(true)),
                "false" => Some(Value::Bool(false)),
                _ => None,
            },
            Rule::Empty => trimmed().is_empty().then_some(Value::Empty),
            Rule::Enumeration(names) => {
                place(names, trimmed()).map(|index| Value::Enum { ty: check.ty, index })
            }
            Rule::Bits(names) => {
                bits(names, self.text).map(|set| Value::Bits { ty: check.ty, set })
            }
            Rule::Identity(bases) => self.identity(schema, trimmed(), bases).map(Value::Identity),
            Rule::InstanceId { require_instance } => {
                return self.instance_id(types, trimmed(), *require_instance);
            }
            Rule::Union(members) => {
                members.iter().find_map(|member| types.check(*member).parse(types, self).ok())
            }
        };
        value.ok_or_else(|| describe::mismatch(schema, schema.type_(check.ty), self.text))
    }

    fn check_json_type(
        &self,
        schema: &Schema,
        check: &Check,
        scalar: JsonScalar<'_>,
    ) -> Result<(), ValueError> {
        let ty = schema.type_(check.ty);
        if ty.kind() == TypeKind::Union || scalar.stands_for(ty.kind()) {
            return Ok(());
        }
        let mut error = describe::mismatch(schema, ty, self.text);
        let form = match ty.kind() {
            kind if is_quoted(kind) => "a JSON string",
            kind if kind.is_integer() => "a JSON number",
            TypeKind::Boolean => "a JSON boolean",
            TypeKind::Empty => "[null]",
            _ => "a JSON string",
        };
        error.expected = format!("{}, written as {form}", error.expected);
        Err(error)
    }

    fn out_of_range(&self, schema: &Schema, check: &Check) -> Result<Value, ValueError> {
        Err(describe::refuse(schema.type_(check.ty), self.text, Restriction::Range))
    }

    fn binary(
        &self,
        schema: &Schema,
        check: &Check,
        lengths: &[(u64, u64)],
    ) -> Result<Value, ValueError> {
        let ty = schema.type_(check.ty);
        let compact: String = self.text.split_ascii_whitespace().collect();
        let bytes =
            STANDARD.decode(compact).map_err(|_| describe::mismatch(schema, ty, self.text))?;
        if !lengths.is_empty() && !within(lengths, bytes.len() as u64) {
            return Err(describe::refuse(ty, self.text, Restriction::Length));
        }
        Ok(Value::Binary(EcoVec::from(bytes)))
    }

    /// The identity a name stands for. A name without qualifier is of the module that the form of
    /// text says (XML: the default namespace, JSON: the leaf's module), else of whichever module
    /// has the only one that fits.
    fn identity(&self, schema: &Schema, text: &str, bases: &[IdentityId]) -> Option<IdentityId> {
        let fits = |id: &IdentityId| {
            schema.identity(*id).is_enabled()
                && bases.iter().all(|base| schema.is_derived_from(*id, *base))
        };
        if let Some((qualifier, name)) = text.split_once(':') {
            return schema.identity_named(self.module(schema, qualifier)?, name).filter(fits);
        }
        let default = match self.names {
            Names::Modules => None,
            Names::Prefixes(resolve) => resolve(""),
        };
        [default, Some(self.home)]
            .into_iter()
            .flatten()
            .find_map(|module| schema.identity_named(module, text).filter(fits))
            .or_else(|| {
                let mut fitting = schema
                    .identities()
                    .filter(|identity| identity.name() == text)
                    .map(|identity| identity.id())
                    .filter(fits);
                fitting.next().filter(|_| fitting.next().is_none())
            })
    }

    fn module(&self, schema: &Schema, qualifier: &str) -> Option<ModuleId> {
        match self.names {
            Names::Modules => schema.module_named(qualifier),
            Names::Prefixes(resolve) => resolve(qualifier),
        }
    }

    /// An instance-identifier in the form with module names. Where no instance is required, a
    /// node that the schema lacks is let pass as long as the syntax is right.
    fn instance_id(
        &self,
        types: &Types,
        text: &str,
        require_instance: bool,
    ) -> Result<Value, ValueError> {
        let error = match Path::parse_named(types, text, self.names) {
            Ok(path) => return Ok(Value::InstanceId(path.text(types.schema()).into())),
            Err(error) => error,
        };
        if !require_instance
            && let Some(text) = crate::path::requalify(types.schema(), text, self.names)
        {
            return Ok(Value::InstanceId(text.into()));
        }
        Err(ValueError::new(text, format!("expected instance-identifier: {error}")))
    }
}

fn place(names: &[(Box<str>, u32)], name: &str) -> Option<u32> {
    let at = names.binary_search_by(|(known, _)| (**known).cmp(name)).ok()?;
    Some(names[at].1)
}

fn bits(names: &[(Box<str>, u32)], text: &str) -> Option<EcoVec<u32>> {
    let mut set = text
        .split_ascii_whitespace()
        .map(|name| place(names, name))
        .collect::<Option<Vec<u32>>>()?;
    set.sort_unstable();
    set.is_sorted_by(|left, right| left < right).then(|| EcoVec::from(set))
}
