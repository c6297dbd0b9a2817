//! XML codec (RFC 7950; envelopes of RFC 6241 and RFC 8040), streaming and guided by the schema.
//!
//! Decoding takes a `<data>` or `<config>` envelope, or top-level nodes without one, several
//! roots in a row if need be. Whatever is wrong is reported, with path, line and column, and the
//! rest is still looked at; only text that is no XML ends it. Document type declarations are
//! refused, so entities cannot grow.

mod any;
mod attributes;
mod decode;
mod encode;
mod namespaces;

use yang::{NodeId, Schema};

use crate::decode::{DecodeOptions, EditSink, TreeSink};
use crate::edit::Edit;
use crate::print::PrintOptions;
use crate::{Branch, DataError, Found, Path, Tree, Types};

pub(crate) use encode::escape_text;
pub(crate) use namespaces::Scopes;

/// Namespace of the NETCONF envelope and of its `operation` attribute (RFC 6241).
pub const NAMESPACE_NETCONF: &str = "urn:ietf:params:xml:ns:netconf:base:1.0";
/// Namespace of the attributes `insert`, `key` and `value` (RFC 7950, 7.8.6).
pub const NAMESPACE_YANG: &str = "urn:ietf:params:xml:ns:yang:1";
/// Namespace of the RESTCONF envelope (RFC 8040).
pub const NAMESPACE_RESTCONF: &str = "urn:ietf:params:xml:ns:yang:ietf-restconf";
/// Namespace of the attribute `default` (RFC 6243).
pub const NAMESPACE_DEFAULT: &str = "urn:ietf:params:xml:ns:netconf:default:1.0";

/// The text behind the byte order mark that it may begin with. The reader would pass over the mark
/// and not count it.
fn unmarked(text: &str) -> &str {
    text.trim_start_matches('\u{feff}')
}

/// Reads a data tree. Attributes with operations are an error here: see [`parse_edit`].
///
/// # Errors
/// Everything that is wrong, in the order of the text.
pub fn parse(types: &Types, text: &str, options: &DecodeOptions) -> Result<Tree, Vec<DataError>> {
    let root = parse_branch(types, Schema::ROOT, text, options)?;
    Ok(Tree::from_root(types.schema().clone(), root))
}

/// Reads the children of any schema node: of an rpc's `input` or `output`, a notification, or the
/// parent of a RESTCONF resource.
///
/// # Errors
/// As [`parse`].
pub fn parse_branch(
    types: &Types,
    parent: NodeId,
    text: &str,
    options: &DecodeOptions,
) -> Result<Branch, Vec<DataError>> {
    let text = unmarked(text);
    let mut sink = TreeSink::new(types.schema(), parent, text, options.origin);
    decode::run(types, parent, text, options, &mut sink);
    let (branch, errors) = sink.finish();
    errors.finish(branch)
}

/// Reads the `<config>` of an `edit-config`: data with operations (RFC 6241, 7.2) and places in
/// user-ordered lists (RFC 7950, 7.8.6). State data is an error unless asked to be skipped.
///
/// # Errors
/// As [`parse`].
pub fn parse_edit(
    types: &Types,
    text: &str,
    options: &DecodeOptions,
) -> Result<Edit, Vec<DataError>> {
    let text = unmarked(text);
    let mut sink = EditSink::new(types.schema(), Schema::ROOT, text);
    decode::run(types, Schema::ROOT, text, &options.for_edit(), &mut sink);
    let (edit, errors) = sink.finish();
    errors.finish(edit)
}

/// Writes a whole tree.
pub fn print(tree: &Tree, options: &PrintOptions) -> String {
    print_branch(tree.schema(), tree.root(), options)
}

/// Writes the children of a container, list entry or root.
pub fn print_branch(schema: &Schema, branch: &Branch, options: &PrintOptions) -> String {
    let mut out = String::new();
    encode::Encoder::new(schema, options, &mut out).document(branch);
    out
}

/// Writes what is at a path, with its own element (each entry's, for a whole list). None when
/// nothing is there.
pub fn print_at(tree: &Tree, path: &Path, options: &PrintOptions) -> Option<String> {
    let mut out = String::new();
    let mut encoder = encode::Encoder::new(tree.schema(), options, &mut out);
    match (tree.get(path)?, path.steps().last()) {
        (Found::Root(branch), _) => encoder.document(branch),
        (Found::Content(content), Some(step)) => encoder.fragment_content(step.node, content),
        (Found::Entry(entry), Some(step)) => encoder.fragment_entry(step.node, &entry.branch),
        (Found::LeafListEntry(entry), Some(step)) => {
            encoder.fragment_leaf(step.node, &entry.value);
        }
        (_, None) => return None,
    }
    Some(out)
}

/// Writes an edit as the content of an `edit-config` request.
pub fn print_edit(schema: &Schema, edit: &Edit, options: &PrintOptions) -> String {
    let mut out = String::new();
    encode::Encoder::new(schema, options, &mut out).edit(edit);
    out
}

#[cfg(test)]
mod tests;
