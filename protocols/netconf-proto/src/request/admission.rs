//! Which requests a server can take, by what it announced.

use super::decode::{Refusal, attribute_error, element_error};
use super::{Datastore, Edit, ErrorOption, Filter, Request, Source, Target, TestOption};
use crate::capability::{Capabilities, ConfirmedCommit, WithDefaults};
use crate::rpc_error::{ErrorTag, RpcError};

/// Why a server with these capabilities cannot take this request, where that is so.
///
/// A whole operation behind a missing capability is `operation-not-supported`; a parameter behind
/// one does not exist, which makes it an `unknown-element` (RFC 7950 section 8.3.1).
pub(crate) fn refuse(request: &Request, server: &Capabilities) -> Option<Refusal> {
    let candidate = server.has_candidate();
    match request {
        Request::Get { filter, with_defaults } => refuse_filter(filter.as_ref(), server)
            .or_else(|| refuse_with_defaults(*with_defaults, server)),
        Request::GetConfig { source, filter, with_defaults } => refuse_datastore(*source, server)
            .or_else(|| refuse_filter(filter.as_ref(), server))
            .or_else(|| refuse_with_defaults(*with_defaults, server)),
        Request::EditConfig { target, test_option, error_option, config, .. } => {
            refuse_edited(*target, server)
                .or_else(|| refuse_test(*test_option, server))
                .or_else(|| refuse_rollback(*error_option, server))
                .or_else(|| match config {
                    Edit::Url(_) => refuse_url(server),
                    Edit::Config(_) => None,
                })
        }
        Request::CopyConfig { target, source, with_defaults } => match target {
            Target::Datastore(target) => refuse_edited_whole(*target, server),
            Target::Url(_) => refuse_url(server),
        }
        .or_else(|| refuse_source(source, server))
        .or_else(|| refuse_with_defaults(*with_defaults, server)),
        Request::DeleteConfig { target } => match target {
            Target::Datastore(Datastore::Startup) => refuse_datastore(Datastore::Startup, server),
            Target::Datastore(other) => {
                let text = "only startup and files can be deleted";
                Some(element_error(ErrorTag::UnknownElement, other.as_str(), text))
            }
            Target::Url(_) => refuse_url(server),
        },
        Request::Lock { target } | Request::Unlock { target } => refuse_datastore(*target, server),
        Request::Validate { source } if server.has_validate() => refuse_source(source, server),
        Request::Validate { .. } => lacking(request, ":validate"),
        Request::Commit | Request::DiscardChanges if candidate => None,
        Request::Commit | Request::DiscardChanges => lacking(request, ":candidate"),
        Request::CommitConfirmed { persist, persist_id, .. } => match server.confirmed_commit() {
            Some(ConfirmedCommit::V1_1) if candidate => None,
            Some(_) if candidate => [("persist", persist), ("persist-id", persist_id)]
                .into_iter()
                .find(|(_, given)| given.is_some())
                .map(|(name, _)| needs(name, ":confirmed-commit:1.1")),
            Some(_) => lacking(request, ":candidate"),
            None if candidate => Some(needs("confirmed", ":confirmed-commit")),
            None => lacking(request, ":candidate"),
        },
        Request::ConfirmCommit { .. } | Request::CancelCommit { .. } => {
            match server.confirmed_commit() {
                Some(ConfirmedCommit::V1_1) if candidate => None,
                _ => lacking(request, ":confirmed-commit:1.1"),
            }
        }
        Request::CreateSubscription { filter, .. } if server.has_notification() => {
            refuse_filter(filter.as_ref(), server)
        }
        Request::CreateSubscription { .. } => lacking(request, ":notification"),
        Request::GetSchema { .. }
        | Request::CloseSession
        | Request::KillSession { .. }
        | Request::Raw(_) => None,
    }
}

fn refuse_datastore(datastore: Datastore, server: &Capabilities) -> Option<Refusal> {
    match datastore {
        Datastore::Candidate if !server.has_candidate() => Some(needs("candidate", ":candidate")),
        Datastore::Startup if !server.has_startup() => Some(needs("startup", ":startup")),
        _ => None,
    }
}

/// edit-config knows running and candidate only.
fn refuse_edited(target: Datastore, server: &Capabilities) -> Option<Refusal> {
    match target {
        Datastore::Startup => {
            let text = "startup cannot be edited, only copied to";
            Some(element_error(ErrorTag::UnknownElement, "startup", text))
        }
        _ => refuse_edited_whole(target, server),
    }
}

fn refuse_edited_whole(target: Datastore, server: &Capabilities) -> Option<Refusal> {
    match target {
        Datastore::Running if !server.has_writable_running() => {
            Some(needs("running", ":writable-running"))
        }
        _ => refuse_datastore(target, server),
    }
}

fn refuse_source(source: &Source, server: &Capabilities) -> Option<Refusal> {
    match source {
        Source::Datastore(datastore) => refuse_datastore(*datastore, server),
        Source::Url(_) => refuse_url(server),
        Source::Config(_) => None,
    }
}

fn refuse_url(server: &Capabilities) -> Option<Refusal> {
    match server.url_schemes() {
        Some(_) => None,
        None => Some(needs("url", ":url")),
    }
}

fn refuse_test(option: Option<TestOption>, server: &Capabilities) -> Option<Refusal> {
    match option {
        None => None,
        Some(_) if !server.has_validate() => Some(needs("test-option", ":validate")),
        Some(TestOption::TestOnly) if !server.has_validate_1_1() => {
            let text = "test-only needs the capability :validate:1.1";
            Some(element_error(ErrorTag::InvalidValue, "test-option", text))
        }
        Some(_) => None,
    }
}

fn refuse_rollback(option: Option<ErrorOption>, server: &Capabilities) -> Option<Refusal> {
    match option {
        Some(ErrorOption::RollbackOnError) if !server.has_rollback_on_error() => {
            let text = "rollback-on-error needs the capability :rollback-on-error";
            Some(element_error(ErrorTag::InvalidValue, "error-option", text))
        }
        _ => None,
    }
}

fn refuse_filter(filter: Option<&Filter>, server: &Capabilities) -> Option<Refusal> {
    match filter {
        Some(Filter::XPath { .. }) if !server.has_xpath() => {
            let text = "filters of type xpath need the capability :xpath";
            Some(attribute_error(ErrorTag::BadAttribute, "type", "filter", text))
        }
        _ => None,
    }
}

fn refuse_with_defaults(mode: Option<WithDefaults>, server: &Capabilities) -> Option<Refusal> {
    let mode = mode?;
    match server.with_defaults() {
        None => Some(needs("with-defaults", ":with-defaults")),
        Some(capability) if capability.supports(mode) => None,
        Some(_) => {
            let text = format!("mode {} is not supported", mode.as_str());
            Some(element_error(ErrorTag::InvalidValue, "with-defaults", &text))
        }
    }
}

/// The refusal of an operation whose capability the server does not have.
fn lacking(request: &Request, capability: &str) -> Option<Refusal> {
    let operation = request.operation();
    let text = format!("operation {operation} needs the capability {capability}");
    Some(Box::new(RpcError::not_supported(operation).with_message(text)))
}

/// The refusal of a parameter whose capability the server does not have.
fn needs(name: &str, capability: &str) -> Refusal {
    let text = format!("<{name}> needs the capability {capability}");
    element_error(ErrorTag::UnknownElement, name, &text)
}
