//! JSON codec (RFC 7951), streaming and guided by the schema.
//!
//! Whatever is wrong is reported, with path, line and column, and the rest is still looked at;
//! only text that is no JSON ends it. Annotations (members that begin with `@`) are passed over.

mod decode;
mod encode;
pub(crate) mod scan;

use yang::{NodeId, Schema};

use crate::decode::{DecodeOptions, TreeSink};
use crate::edit::Edit;
use crate::print::PrintOptions;
use crate::{Branch, DataError, Found, Path, Tree, Types};

pub(crate) use encode::{push_string, push_value};

/// Reads a data tree: an object of top-level nodes, or one within a member `data` or
/// `ietf-restconf:data`.
///
/// # Errors
/// Everything that is wrong, in the order of the text.
pub fn parse(types: &Types, text: &str, options: &DecodeOptions) -> Result<Tree, Vec<DataError>> {
    let root = parse_branch(types, Schema::ROOT, text, options)?;
    Ok(Tree::from_root(types.schema().clone(), root))
}

/// Reads the children of any schema node: of an rpc's `input` or `output`, a notification, or the
/// parent of a RESTCONF resource. The names of the outermost members need their module.
///
/// # Errors
/// As [`parse`].
pub fn parse_branch(
    types: &Types,
    parent: NodeId,
    text: &str,
    options: &DecodeOptions,
) -> Result<Branch, Vec<DataError>> {
    let mut sink = TreeSink::new(types.schema(), parent, text, options.origin);
    decode::run(types, parent, text, options, &mut sink);
    let (branch, errors) = sink.finish();
    errors.finish(branch)
}

/// Reads a plain patch (RFC 8040, 4.6.1): everything in it is merged. State data is an error
/// unless asked to be skipped.
///
/// # Errors
/// As [`parse`].
pub fn parse_edit(
    types: &Types,
    text: &str,
    options: &DecodeOptions,
) -> Result<Edit, Vec<DataError>> {
    let branch = parse_branch(types, Schema::ROOT, text, &options.for_edit())?;
    Ok(Edit::from_branch(types.schema(), &branch))
}

/// Writes a whole tree as an object.
pub fn print(tree: &Tree, options: &PrintOptions) -> String {
    print_branch(tree.schema(), tree.root(), options)
}

/// Writes the children of a container, list entry or root as an object.
pub fn print_branch(schema: &Schema, branch: &Branch, options: &PrintOptions) -> String {
    let mut out = String::new();
    encode::Encoder::new(schema, options, &mut out).document(branch);
    out
}

/// Writes what is at a path as an object with one member, named with its module; an entry in an
/// array of one. None when nothing is there.
pub fn print_at(tree: &Tree, path: &Path, options: &PrintOptions) -> Option<String> {
    let mut out = String::new();
    let mut encoder = encode::Encoder::new(tree.schema(), options, &mut out);
    match (tree.get(path)?, path.steps().last()) {
        (Found::Root(branch), _) => encoder.document(branch),
        (Found::Content(content), Some(step)) => encoder.content(step.node, content),
        (Found::Entry(entry), Some(step)) => encoder.entry(step.node, &entry.branch),
        (Found::LeafListEntry(entry), Some(step)) => {
            encoder.leaf_list_entry(step.node, &entry.value);
        }
        (_, None) => return None,
    }
    Some(out)
}

#[cfg(test)]
mod tests;
