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
        report_status(linked, reference, target_status, message);
    }
}

/// What is obsolete may be gone, so relying on it is an error; relying on what is deprecated still
/// works and is widespread, also in pyang's suite of good models: a warning.
pub(crate) fn report_status<'c>(
    linked: &Linked<'c>,
    at: Statement<'c>,
    relied_on: Status,
    message: String,
) {
    if relied_on == Status::Obsolete {
        linked.report.quirk(Quirk::StatusMismatch, at, message);
    } else {
        linked.report.warning(at, message);
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
