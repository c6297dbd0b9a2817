//! Names and numbers of enumerations and bits (RFC 7950 9.6.4, 9.7.4).

use super::TypeInfo;
use crate::grammar::argument;
use crate::lenient::Quirk;
use crate::link::Linked;
use crate::source::{Keyword, Statement};

/// Members of an enumeration or bits type.
pub(super) struct Members<'c> {
    pub(super) kept: Vec<(&'c str, i64)>,
    /// Removed by `if-feature`.
    pub(super) removed: Vec<&'c str>,
}

/// Reads the `enum` or `bit` statements of a type; those of a restricted type must be members of
/// `base` and keep their numbers.
pub(super) fn collect<'c>(
    linked: &Linked<'c>,
    type_: Statement<'c>,
    base: &TypeInfo<'c>,
    keyword: Keyword,
) -> Members<'c> {
    let mut members = Members { kept: Vec::new(), removed: Vec::new() };
    let mut all: Vec<(&str, i64)> = Vec::new();
    let mut next = 0;
    for statement in type_.all(keyword) {
        let number = if base.members.is_empty() && base.removed.is_empty() {
            number(linked, statement, keyword, next)
        } else {
            restricted_number(linked, statement, keyword, base)
        };
        let Some(number) = number else { continue };
        check_unique(linked, statement, &all, number);
        all.push((statement.arg(), number));
        next = all.iter().map(|(_, number)| *number).max().unwrap_or(-1) + 1;
        if linked.is_enabled(statement) {
            members.kept.push((statement.arg(), number));
        } else {
            members.removed.push(statement.arg());
        }
    }
    if members.kept.is_empty() && !members.removed.is_empty() {
        let message = "every member is switched off by if-feature: turn a feature on";
        linked.report.quirk(Quirk::DisabledMembers, type_, message);
    }
    if keyword == Keyword::Bit {
        members.kept.sort_by_key(|(_, position)| *position);
    }
    members
}

fn number_of(statement: Statement<'_>, keyword: Keyword) -> Option<i64> {
    match keyword {
        Keyword::Enum => {
            statement.first_arg(Keyword::Value).and_then(argument::integer).map(i64::from)
        }
        _ => statement.first_arg(Keyword::Position).and_then(argument::unsigned).map(i64::from),
    }
}

fn number<'c>(
    linked: &Linked<'c>,
    statement: Statement<'c>,
    keyword: Keyword,
    next: i64,
) -> Option<i64> {
    let most = if keyword == Keyword::Enum { i64::from(i32::MAX) } else { i64::from(u32::MAX) };
    let number = number_of(statement, keyword).unwrap_or(next);
    if number > most {
        let what = if keyword == Keyword::Enum { "value" } else { "position" };
        let message = format!("no {what} is left after {most}: state one");
        linked.report.error(statement, message);
        return None;
    }
    Some(number)
}

fn restricted_number<'c>(
    linked: &Linked<'c>,
    statement: Statement<'c>,
    keyword: Keyword,
    base: &TypeInfo<'c>,
) -> Option<i64> {
    let name = statement.arg();
    let Some((_, number)) = base.members.iter().find(|(member, _)| *member == name) else {
        if !base.removed.contains(&name) {
            let message = format!("\"{name}\" is no member of the type that is restricted");
            linked.report.quirk(Quirk::WidenedRestriction, statement, message);
        }
        return None;
    };
    if number_of(statement, keyword).is_some_and(|stated| stated != *number) {
        let message = format!("\"{name}\" has number {number} in the type that is restricted");
        linked.report.quirk(Quirk::WidenedRestriction, statement, message);
    }
    Some(*number)
}

fn check_unique(linked: &Linked<'_>, statement: Statement<'_>, all: &[(&str, i64)], number: i64) {
    let name = statement.arg();
    if all.iter().any(|(other, _)| *other == name) {
        let message = format!("\"{name}\" is a member already");
        linked.report.quirk(Quirk::DuplicateDefinition, statement, message);
    } else if let Some((other, _)) = all.iter().find(|(_, taken)| *taken == number) {
        let message = format!("number {number} is that of \"{other}\" already");
        linked.report.quirk(Quirk::DuplicateDefinition, statement, message);
    }
}
