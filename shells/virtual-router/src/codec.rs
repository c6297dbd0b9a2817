//! Configurations between XML and trees, and what is wrong with them as errors of the protocol.

use std::sync::Arc;

use netconf_proto::{DefaultOperation, ErrorInfo, ErrorTag, ErrorType, RpcError, WithDefaults};
use yang::Schema;
use yang_data::decode::{DecodeOptions, StateData};
use yang_data::defaults;
use yang_data::edit::{self, Edit, Operation};
use yang_data::print::{self, PrintOptions};
use yang_data::validate::Violation;
use yang_data::{Branch, DataError, Fault, Origin, Tree, xml};

use crate::datastores::Refused;
use crate::model::RouterModel;

/// An edit with the operation of what carries none.
#[derive(Debug)]
pub(crate) struct ReadEdit {
    edit: Edit,
    default: Operation,
}

/// Reads the content of `<config>` as a whole configuration.
pub(crate) fn read_config(model: &RouterModel, config: &str) -> Result<Branch, Refused> {
    xml::parse_branch(model.types(), Schema::ROOT, config, &options())
        .map_err(|errors| refused(model.schema(), &errors))
}

/// Reads the content of `<config>` as an edit.
pub(crate) fn read_edit(
    model: &RouterModel,
    config: &str,
    default: Option<DefaultOperation>,
) -> Result<ReadEdit, Refused> {
    let default = match default {
        None | Some(DefaultOperation::Merge) => Operation::Merge,
        Some(DefaultOperation::Replace) => Operation::Replace,
        Some(DefaultOperation::None) => Operation::None,
    };
    xml::parse_edit(model.types(), config, &options())
        .map(|edit| ReadEdit { edit, default })
        .map_err(|errors| refused(model.schema(), &errors))
}

/// Reads an edit as one edit per top-level node.
pub(crate) fn split_edit(
    model: &RouterModel,
    config: &str,
    default: Option<DefaultOperation>,
) -> Result<Vec<ReadEdit>, Refused> {
    let ReadEdit { edit, default } = read_edit(model, config, default)?;
    let one = |node| ReadEdit { edit: Edit { nodes: vec![node] }, default };
    Ok(edit.nodes.into_iter().map(one).collect())
}

/// What an edit makes of a configuration.
pub(crate) fn apply(
    model: &RouterModel,
    before: &Branch,
    edit: &ReadEdit,
) -> Result<Branch, Refused> {
    let tree = Tree::from_root(Arc::clone(model.schema()), before.clone());
    edit::apply(&tree, &edit.edit, edit.default, Origin::NONE)
        .map(|tree| tree.root().clone())
        .map_err(|errors| refused(model.schema(), &errors))
}

/// Checks a configuration that came by a change from a valid one.
pub(crate) fn validate(
    model: &RouterModel,
    before: &Branch,
    after: &Branch,
) -> Result<(), Refused> {
    let violations = model.validator().validate_change(before, after, None);
    match violations.is_empty() {
        true => Ok(()),
        false => Err(violations.iter().map(|one| violation(model.schema(), one)).collect()),
    }
}

/// Writes a configuration as XML elements that stand alone; `explicit` is what a router does with
/// defaults when it is not asked (RFC 6243 section 2).
pub(crate) fn write_config(
    model: &RouterModel,
    config: &Branch,
    with_defaults: Option<WithDefaults>,
) -> String {
    let trim = PrintOptions { defaults: print::WithDefaults::Trim, ..PrintOptions::COMPACT };
    let print = |branch: &Branch, options| xml::print_branch(model.schema(), branch, options);
    match with_defaults {
        None | Some(WithDefaults::Explicit) => print(config, &PrintOptions::COMPACT),
        Some(WithDefaults::Trim) => print(config, &trim),
        // The tagged kind is not announced, so that nobody may ask for it.
        Some(WithDefaults::ReportAll | WithDefaults::ReportAllTagged) => {
            let filled = defaults::fill_branch(model.types(), Schema::ROOT, config);
            print(&filled, &PrintOptions::COMPACT)
        }
    }
}

fn options() -> DecodeOptions {
    DecodeOptions { state: StateData::Refuse, ..DecodeOptions::default() }
}

fn refused(schema: &Schema, errors: &[DataError]) -> Refused {
    errors.iter().map(|one| data_error(schema, one)).collect()
}

fn data_error(schema: &Schema, error: &DataError) -> RpcError {
    let tag = ErrorTag::parse(error.fault.tag());
    let (path, namespaces) = error_path(schema, &error.path);
    let mut out = RpcError::new(ErrorType::Application, tag)
        .with_message(error.fault.to_string())
        .with_path(path, namespaces);
    if let Some(app_tag) = error.fault.app_tag() {
        out = out.with_app_tag(app_tag);
    }
    match bad_element(error) {
        Some(info) => out.with_info(info),
        None => out,
    }
}

/// What `<error-info>` names where RFC 6241 appendix A wants it to.
fn bad_element(error: &DataError) -> Option<ErrorInfo> {
    let element = |name: &str| Some(ErrorInfo::BadElement(name.to_owned()));
    match &error.fault {
        Fault::UnknownNode { name, .. } | Fault::MissingKey(name) => element(name),
        Fault::UnknownNamespace(namespace) => Some(ErrorInfo::BadNamespace(namespace.clone())),
        Fault::BadAttribute { name, .. } => Some(ErrorInfo::BadAttribute((*name).to_owned())),
        Fault::StateData | Fault::Shape { .. } | Fault::Duplicate | Fault::OtherCase { .. } => {
            element(last_name(&error.path))
        }
        _ => None,
    }
}

fn violation(schema: &Schema, violation: &Violation) -> RpcError {
    let (path, namespaces) = error_path(schema, &violation.location);
    let tag = ErrorTag::parse(violation.error_tag());
    let error = RpcError::new(ErrorType::Application, tag)
        .with_message(violation.message.clone())
        .with_path(path, namespaces);
    match violation.app_tag() {
        Some(app_tag) => error.with_app_tag(app_tag),
        None => error,
    }
}

/// An instance path of RFC 7951, where a name without module is of its parent's, as XPath of
/// `error-path`, where a name without prefix is of no module; with the prefixes used.
fn error_path(schema: &Schema, path: &str) -> (String, Vec<(String, String)>) {
    let mut out = String::with_capacity(path.len() * 2);
    let mut modules: Vec<&str> = Vec::new();
    let mut module = "";
    let mut rest = path;
    let mut is_quoted = None;
    while let Some(character) = rest.chars().next() {
        let length = character.len_utf8();
        out.push(character);
        rest = &rest[length..];
        match (is_quoted, character) {
            (None, '\'' | '"') => is_quoted = Some(character),
            (Some(quote), _) if quote == character => is_quoted = None,
            (None, '/' | '[') => {
                let name = &rest[..name_length(rest)];
                let (prefix, local) = name.split_once(':').unwrap_or((module, name));
                // A key's name is of its list's module and does not change what follows.
                if character == '/' {
                    module = prefix;
                }
                if !local.is_empty() && !prefix.is_empty() {
                    out.push_str(prefix);
                    out.push(':');
                    if !modules.contains(&prefix) {
                        modules.push(prefix);
                    }
                }
                out.push_str(local);
                rest = &rest[name.len()..];
            }
            _ => {}
        }
    }
    let namespace = |module: &&str| {
        let id = schema.module_named(module)?;
        Some(((*module).to_owned(), schema.module(id).namespace().to_owned()))
    };
    (out, modules.iter().filter_map(namespace).collect())
}

/// How long the name is that a text starts with; the `.` of a leaf-list's predicate is none.
fn name_length(text: &str) -> usize {
    let is_end = |c: char| matches!(c, '/' | '[' | ']' | '=' | '\'' | '"' | ' ');
    match text.starts_with('.') {
        true => 0,
        false => text.find(is_end).unwrap_or(text.len()),
    }
}

/// The name of the last step of an instance path.
fn last_name(path: &str) -> &str {
    let mut is_quoted = None;
    let mut from = 0;
    for (at, character) in path.char_indices() {
        match (is_quoted, character) {
            (None, '\'' | '"') => is_quoted = Some(character),
            (Some(quote), _) if quote == character => is_quoted = None,
            (None, '/') => from = at + 1,
            _ => {}
        }
    }
    let name = &path[from..][..name_length(&path[from..])];
    name.rsplit(':').next().unwrap_or_default()
}

#[cfg(test)]
mod tests;
