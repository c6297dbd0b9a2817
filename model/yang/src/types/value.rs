//! Whether a default is a value of its type, and its canonical form (RFC 7950 9).

use std::borrow::Cow;

use super::compile::TypeScope;
use super::{Types, range};
use crate::identity::NOT_IMPLEMENTED;
use crate::lenient::Quirk;
use crate::limits::UNION_DEPTH_MAX;
use crate::link::Linked;
use crate::schema::TypeKind;
use crate::source::Statement;

/// Why a default is no value of its type.
pub(crate) struct Refused {
    quirk: Quirk,
    why: String,
}

impl Refused {
    fn because(why: impl Into<String>) -> Self {
        Self { quirk: Quirk::InvalidDefault, why: why.into() }
    }

    /// Reports it at the `default` statement.
    pub(crate) fn report(&self, linked: &Linked<'_>, default: Statement<'_>) {
        let message = format!("\"{}\" is no value of the type: {}", default.arg(), self.why);
        linked.report.quirk(self.quirk, default, message);
    }
}

impl Refused {
    /// Reports that a type refuses the default of the typedef it restricts.
    pub(crate) fn report_inherited(
        &self,
        linked: &Linked<'_>,
        default: Statement<'_>,
        at: Statement<'_>,
    ) {
        let message = format!(
            "default \"{}\" of the typedef is no value of the type here: {}",
            default.arg(),
            self.why
        );
        linked.report.quirk(self.quirk, at, message);
    }
}

type Canonical<'v> = Result<Cow<'v, str>, Refused>;

impl<'c> Types<'c> {
    /// The canonical form of a value of a type, with the prefixes of the statement `at`. Patterns
    /// are not applied here.
    pub(crate) fn canonical<'v>(
        &self,
        scope: TypeScope<'_, 'c>,
        id: u32,
        text: &'v str,
        at: Statement<'c>,
    ) -> Canonical<'v> {
        self.canonical_at(scope, id, text, at, 0)
    }

    fn canonical_at<'v>(
        &self,
        scope: TypeScope<'_, 'c>,
        id: u32,
        text: &'v str,
        at: Statement<'c>,
        depth: usize,
    ) -> Canonical<'v> {
        let id = self.real(id);
        let info = self.at(id);
        match info.kind {
            TypeKind::Union if depth < UNION_DEPTH_MAX => {
                let mut members = info.union.iter();
                let found =
                    members.find_map(|id| self.canonical_at(scope, *id, text, at, depth + 1).ok());
                found.ok_or_else(|| Refused::because("no member of the union takes it"))
            }
            TypeKind::IdentityRef => self.identity(scope, id, text, at),
            TypeKind::Bits => self.bits(id, text),
            TypeKind::Enumeration => self.enumeration(id, text),
            TypeKind::String => self.string(id, text),
            TypeKind::Binary => self.binary(id, text),
            TypeKind::Boolean if !matches!(text, "true" | "false") => {
                Err(Refused::because("it is neither true nor false"))
            }
            TypeKind::Empty => Err(Refused::because("type empty has no default")),
            TypeKind::Decimal64 => self.decimal(id, text),
            kind if kind.is_integer() => self.integer(id, text),
            // Instance-identifiers, and leafrefs whose target leniency let pass.
            _ => Ok(Cow::Borrowed(text)),
        }
    }

    fn integer<'v>(&self, id: u32, text: &'v str) -> Canonical<'v> {
        let value = range::integer(text).ok_or_else(|| Refused::because("it is no integer"))?;
        self.check_range(id, value)?;
        let canonical = value.to_string();
        Ok(if canonical == text { Cow::Borrowed(text) } else { Cow::Owned(canonical) })
    }

    fn decimal<'v>(&self, id: u32, text: &'v str) -> Canonical<'v> {
        let digits = self.at(id).fraction_digits;
        let value = range::decimal(text, digits).ok_or_else(|| {
            Refused::because(format!("it is no decimal of {digits} fraction digits"))
        })?;
        self.check_range(id, value)?;
        Ok(Cow::Owned(canonical_decimal(value, digits)))
    }

    fn check_range(&self, id: u32, value: i128) -> Result<(), Refused> {
        let info = self.at(id);
        let within = |(low, high): &(i128, i128)| (*low..=*high).contains(&value);
        let fits = info.kind.bounds().is_some_and(|bounds| within(&bounds))
            && (info.ranges.is_empty() || info.ranges.iter().any(within));
        if fits { Ok(()) } else { Err(Refused::because("it is out of range")) }
    }

    fn check_length(&self, id: u32, length: usize) -> Result<(), Refused> {
        let lengths = &self.at(id).lengths;
        let within = |(low, high): &(i128, i128)| (*low..=*high).contains(&(length as i128));
        if lengths.is_empty() || lengths.iter().any(within) {
            Ok(())
        } else {
            Err(Refused::because("its length is out of range"))
        }
    }

    fn string<'v>(&self, id: u32, text: &'v str) -> Canonical<'v> {
        self.check_length(id, text.chars().count())?;
        Ok(Cow::Borrowed(text))
    }

    fn binary<'v>(&self, id: u32, text: &'v str) -> Canonical<'v> {
        let digits: Vec<u8> = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
        let padding = digits.iter().rev().take_while(|byte| **byte == b'=').count();
        let data = &digits[..digits.len() - padding];
        let base64 = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
        if !digits.len().is_multiple_of(4) || padding > 2 || !data.iter().all(base64) {
            return Err(Refused::because("it is no base64"));
        }
        self.check_length(id, data.len() * 3 / 4)?;
        if digits.len() == text.len() {
            return Ok(Cow::Borrowed(text));
        }
        Ok(Cow::Owned(digits.into_iter().map(char::from).collect()))
    }

    fn enumeration<'v>(&self, id: u32, text: &'v str) -> Canonical<'v> {
        let info = self.at(id);
        if info.members.iter().any(|(name, _)| *name == text) {
            return Ok(Cow::Borrowed(text));
        }
        Err(self.no_member(id, text))
    }

    fn no_member(&self, id: u32, name: &str) -> Refused {
        if self.at(id).removed.contains(&name) {
            let why = format!("\"{name}\" is switched off by if-feature");
            return Refused { quirk: Quirk::DisabledDefault, why };
        }
        Refused::because(format!("\"{name}\" is no member"))
    }

    fn bits<'v>(&self, id: u32, text: &'v str) -> Canonical<'v> {
        let members = &self.at(id).members;
        let mut positions = Vec::new();
        for name in text.split_whitespace() {
            let position = members.iter().position(|(member, _)| *member == name);
            let position = position.ok_or_else(|| self.no_member(id, name))?;
            if positions.contains(&position) {
                return Err(Refused::because(format!("\"{name}\" is set twice")));
            }
            positions.push(position);
        }
        positions.sort_unstable();
        let names: Vec<_> = positions.into_iter().map(|at| members[at].0).collect();
        let canonical = names.join(" ");
        Ok(if canonical == text { Cow::Borrowed(text) } else { Cow::Owned(canonical) })
    }

    fn identity<'v>(
        &self,
        scope: TypeScope<'_, 'c>,
        id: u32,
        text: &'v str,
        at: Statement<'c>,
    ) -> Canonical<'v> {
        let TypeScope { linked, identities } = scope;
        let found = identities.named(linked, at, text.trim()).map_err(Refused::because)?;
        let identity = &identities.list[found as usize];
        if !identities.derives_from_all(found, &self.at(id).bases) {
            return Err(Refused::because("the identity does not derive from the base"));
        }
        if !identity.enabled {
            let why = "the identity is switched off by if-feature".to_owned();
            return Err(Refused { quirk: Quirk::DisabledDefault, why });
        }
        let module = linked.modules.info(identity.module);
        let canonical = format!("{}:{}", module.name, identity.statement.arg());
        if !module.implemented {
            let why = format!("module \"{}\" is not implemented", module.name);
            let allowed = linked.options.lenient.allows(NOT_IMPLEMENTED);
            let refused = Refused { quirk: NOT_IMPLEMENTED, why };
            if !allowed {
                return Err(refused);
            }
            // The default stays in force: a device that ships such a model means it.
            refused.report(linked, at);
        }
        Ok(Cow::Owned(canonical))
    }
}

/// RFC 7950 9.3.2: no superfluous zeros, at least one digit on each side of the point.
fn canonical_decimal(value: i128, digits: u8) -> String {
    let scale = 10i128.pow(u32::from(digits));
    let (whole, part) = (value.abs() / scale, value.abs() % scale);
    let fraction = format!("{part:0width$}", width = usize::from(digits));
    let fraction = match fraction.trim_end_matches('0') {
        "" => "0",
        rest => rest,
    };
    format!("{}{whole}.{fraction}", if value < 0 { "-" } else { "" })
}
