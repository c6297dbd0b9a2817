//! The life cycle rules of RFC 7950 7.21.2.

use crate::lenient::Quirk;
use crate::link::Linked;
use crate::schema::Status;
use crate::source::{Keyword, Statement};

/// The `status` below a statement; none when absent.
pub(crate) fn stated_status(statement: Statement<'_>) -> Option<Status> {
    Some(match statement.first_arg(Keyword::Status)? {
        "deprecated" => Status::Deprecated,
        "obsolete" => Status::Obsolete,
        _ => Status::Current,
    })
}

/// The `status` below a statement, current when absent.
pub(crate) fn own_status(statement: Statement<'_>) -> Status {
    stated_status(statement).unwrap_or(Status::Current)
}

/// Within one module, a definition must not use one of lesser status.
pub(crate) fn check_reference<'c>(
    linked: &Linked<'c>,
    reference: Statement<'c>,
    status: Status,
    target: Statement<'c>,
) {
    let target_status = own_status(target);
    if target_status > status && linked.module_of(reference) == linked.module_of(target) {
        let message = format!(
            "a {} definition must not use the {} {} \"{}\"",
            name(status),
            name(target_status),
            target.keyword(),
            target.arg()
        );
        linked.report.quirk(Quirk::StatusMismatch, reference, message);
    }
}

/// The argument of `status`.
pub(crate) fn name(status: Status) -> &'static str {
    match status {
        Status::Current => "current",
        Status::Deprecated => "deprecated",
        Status::Obsolete => "obsolete",
    }
}
