//! A type made ready for checking: its rules, resolved through typedefs, with compiled patterns.

use yang::{IdentityId, Restriction, Schema, Type, TypeId, TypeKind};

use super::pattern::{self, Matcher};
use super::scalar::Input;
use super::{Types, ValueError, describe};
use crate::Value;

/// Inclusive bounds, ascending and disjoint.
pub(crate) type Bounds<N> = Box<[(N, N)]>;

/// The rules of one type.
#[derive(Debug)]
pub(crate) struct Check {
    /// The type that decides: of a leafref the target's.
    pub(super) ty: TypeId,
    pub(super) rule: Rule,
    ignored_patterns: Vec<String>,
}

#[derive(Debug)]
pub(super) enum Rule {
    Signed(Bounds<i64>),
    Unsigned(Bounds<u64>),
    Decimal {
        digits: u8,
        bounds: Bounds<i64>,
    },
    Text {
        lengths: Bounds<u64>,
        patterns: Vec<PatternRule>,
    },
    Binary {
        lengths: Bounds<u64>,
    },
    Boolean,
    Empty,
    /// Names ascending, each with its place in the type's list.
    Enumeration(Box<[(Box<str>, u32)]>),
    /// As for an enumeration.
    Bits(Box<[(Box<str>, u32)]>),
    Identity(Box<[IdentityId]>),
    InstanceId {
        require_instance: bool,
    },
    Union(Box<[TypeId]>),
}

#[derive(Debug)]
pub(super) struct PatternRule {
    /// Place in [`yang::Type::patterns`].
    pub(super) at: usize,
    pub(super) matcher: Matcher,
    pub(super) invert_match: bool,
}

impl Check {
    pub(super) fn new(schema: &Schema, ty: TypeId) -> Self {
        let ty = schema.type_(ty).realtype();
        let mut ignored_patterns = Vec::new();
        let rule = Rule::new(schema, ty, &mut ignored_patterns);
        Self { ty: ty.id(), rule, ignored_patterns }
    }

    pub(super) fn ignored_patterns(&self) -> &[String] {
        &self.ignored_patterns
    }

    /// Whether the value is of this type and keeps its rules.
    pub(super) fn accepts(&self, types: &Types, value: &Value) -> bool {
        match (&self.rule, value) {
            (Rule::Signed(bounds), Value::Int(number)) => within(bounds, *number),
            (Rule::Unsigned(bounds), Value::Uint(number)) => within(bounds, *number),
            (Rule::Decimal { digits, bounds }, Value::Decimal { mantissa, digits: have }) => {
                digits == have && within(bounds, *mantissa)
            }
            (Rule::Text { .. }, Value::Str(text)) => self.check_text(types, text).is_ok(),
            (Rule::Binary { lengths }, Value::Binary(bytes)) => {
                lengths.is_empty() || within(lengths, bytes.len() as u64)
            }
            (Rule::Boolean, Value::Bool(_)) | (Rule::Empty, Value::Empty) => true,
            (Rule::Enumeration(names), Value::Enum { ty, index }) => {
                *ty == self.ty && names.iter().any(|(_, at)| at == index)
            }
            (Rule::Bits(names), Value::Bits { ty, set }) => {
                *ty == self.ty && set.iter().all(|bit| names.iter().any(|(_, at)| at == bit))
            }
            (Rule::Identity(bases), Value::Identity(id)) => {
                bases.iter().all(|base| types.schema().is_derived_from(*id, *base))
            }
            (Rule::InstanceId { .. }, Value::InstanceId(_)) => true,
            (Rule::Union(members), value) => {
                members.iter().any(|member| types.check(*member).accepts(types, value))
            }
            _ => false,
        }
    }

    /// Holds a string against lengths and patterns.
    pub(super) fn check_text(&self, types: &Types, text: &str) -> Result<(), ValueError> {
        let Rule::Text { lengths, patterns } = &self.rule else { return Ok(()) };
        let ty = types.schema().type_(self.ty);
        if !lengths.is_empty() && !within(lengths, count_chars(text)) {
            return Err(describe::refuse(ty, text, Restriction::Length));
        }
        for pattern in patterns {
            if pattern.matcher.is_match(text) == pattern.invert_match {
                return Err(describe::refuse(ty, text, Restriction::Pattern(pattern.at)));
            }
        }
        if !text.chars().all(is_yang_char) {
            return Err(ValueError::new(
                text,
                "expected string without control characters and noncharacters",
            ));
        }
        Ok(())
    }

    pub(super) fn parse(&self, types: &Types, input: &Input<'_>) -> Result<Value, ValueError> {
        input.parse(types, self)
    }
}

fn count_chars(text: &str) -> u64 {
    if text.is_ascii() { text.len() as u64 } else { text.chars().count() as u64 }
}

/// Characters a YANG string may have (RFC 7950, section 14, `yang-char`).
fn is_yang_char(c: char) -> bool {
    match c {
        ' '..='~' | '\t' | '\n' | '\r' => true,
        '\0'..='\u{1f}' | '\u{fdd0}'..='\u{fdef}' => false,
        other => u32::from(other) & 0xfffe != 0xfffe,
    }
}

pub(super) fn within<N: PartialOrd + Copy>(bounds: &[(N, N)], number: N) -> bool {
    bounds.iter().any(|(low, high)| *low <= number && number <= *high)
}

impl Rule {
    fn new(schema: &Schema, ty: Type<'_>, ignored: &mut Vec<String>) -> Self {
        match ty.kind() {
            TypeKind::Int8 | TypeKind::Int16 | TypeKind::Int32 | TypeKind::Int64 => {
                Self::Signed(narrow(&ranges(schema, ty)))
            }
            TypeKind::Uint8 | TypeKind::Uint16 | TypeKind::Uint32 | TypeKind::Uint64 => {
                Self::Unsigned(narrow(&ranges(schema, ty)))
            }
            TypeKind::Decimal64 => {
                Self::Decimal { digits: ty.fraction_digits(), bounds: narrow(&ranges(schema, ty)) }
            }
            // A leafref whose target leniency let be missing is checked by nothing.
            TypeKind::LeafRef => Self::Text { lengths: Box::default(), patterns: Vec::new() },
            TypeKind::String => {
                Self::Text { lengths: lengths(schema, ty), patterns: patterns(ty, ignored) }
            }
            TypeKind::Binary => Self::Binary { lengths: lengths(schema, ty) },
            TypeKind::Boolean => Self::Boolean,
            TypeKind::Empty => Self::Empty,
            TypeKind::Enumeration => Self::Enumeration(by_name(ty.enums().map(|(name, _)| name))),
            TypeKind::Bits => Self::Bits(by_name(ty.bits().map(|(name, _)| name))),
            TypeKind::IdentityRef => Self::Identity(ty.bases().collect()),
            TypeKind::InstanceIdentifier => {
                Self::InstanceId { require_instance: ty.require_instance() }
            }
            TypeKind::Union => Self::Union(ty.members().collect()),
        }
    }
}

fn by_name<'s>(names: impl Iterator<Item = &'s str>) -> Box<[(Box<str>, u32)]> {
    let mut names: Vec<(Box<str>, u32)> =
        names.zip(0..).map(|(name, at)| (name.into(), at)).collect();
    names.sort();
    names.into()
}

/// The type itself and what it restricts, down to the built-in type.
fn levels<'s>(schema: &'s Schema, ty: Type<'s>) -> impl Iterator<Item = Type<'s>> {
    std::iter::successors(Some(ty), |ty| ty.base().map(|base| schema.type_(base)))
}

/// What every level allows. A level only narrows what is below, unless leniency let it widen.
fn ranges(schema: &Schema, ty: Type<'_>) -> Vec<(i128, i128)> {
    let all = ty.kind().bounds().unwrap_or((i64::MIN.into(), i64::MAX.into()));
    levels(schema, ty).map(|level| level.ranges().collect::<Vec<_>>()).fold(vec![all], intersect)
}

fn lengths(schema: &Schema, ty: Type<'_>) -> Bounds<u64> {
    levels(schema, ty)
        .map(|level| level.lengths().collect::<Vec<_>>())
        .fold(Vec::new(), intersect)
        .into()
}

/// What both allow; empty bounds allow everything.
fn intersect<N: Ord + Copy>(left: Vec<(N, N)>, right: Vec<(N, N)>) -> Vec<(N, N)> {
    if left.is_empty() || left == right {
        return right;
    }
    if right.is_empty() {
        return left;
    }
    let pairs = left.iter().flat_map(|a| right.iter().map(move |b| (a, b)));
    let both: Vec<_> = pairs
        .map(|(a, b)| (a.0.max(b.0), a.1.min(b.1)))
        .filter(|(low, high)| low <= high)
        .collect();
    // Bounds that exclude each other come from contradicting models; the outer level decides.
    if both.is_empty() { left } else { both }
}

fn narrow<N: TryFrom<i128>>(bounds: &[(i128, i128)]) -> Bounds<N> {
    bounds
        .iter()
        .filter_map(|(low, high)| Some((N::try_from(*low).ok()?, N::try_from(*high).ok()?)))
        .collect()
}

/// Patterns of every level: a type's own list already holds those of the types below it.
fn patterns(ty: Type<'_>, ignored: &mut Vec<String>) -> Vec<PatternRule> {
    let mut rules = Vec::new();
    for (at, pattern) in ty.patterns().enumerate() {
        match pattern::compile(pattern.regex) {
            Ok(matcher) => {
                rules.push(PatternRule { at, matcher, invert_match: pattern.invert_match })
            }
            Err(_) => ignored.push(pattern.regex.to_owned()),
        }
    }
    rules
}
