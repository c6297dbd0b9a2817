//! Instance paths to text.

use yang::{NodeKind, Schema};

use super::{Path, Step};
use crate::list::ordinal;
use crate::{Key, Value};

impl Path {
    /// The form of RFC 7951, 6.11: `/module:list[key='value']/leaf`, a module name where the
    /// module changes. `/` for the root. A quote inside a value with both kinds is doubled.
    pub fn text(&self, schema: &Schema) -> String {
        let mut out = String::new();
        for (at, step) in self.steps().iter().enumerate() {
            let parent = at.checked_sub(1).map(|before| &self.steps()[before]);
            push_step(schema, parent.map(|step| step.node), step, &mut out);
        }
        if out.is_empty() { "/".to_owned() } else { out }
    }
}

/// Appends `/name[key='value']`.
pub(crate) fn push_step(
    schema: &Schema,
    parent: Option<yang::NodeId>,
    step: &Step,
    out: &mut String,
) {
    let node = schema.node(step.node);
    out.push('/');
    if parent.is_none_or(|parent| schema.node(parent).module() != node.module()) {
        out.push_str(node.module_name());
        out.push(':');
    }
    out.push_str(node.name());
    if let Some(key) = &step.key {
        push_step_key(schema, step.node, key, out);
    }
}

/// Appends `[key='value']`, for a leaf-list `[.='value']`, for a list without keys `[place]`.
pub(crate) fn push_step_key(schema: &Schema, node: yang::NodeId, key: &Key, out: &mut String) {
    let definition = schema.node(node);
    if definition.kind() == NodeKind::LeafList {
        for value in key.values() {
            out.push_str("[.=");
            push_quoted(out, &value.text(schema));
            out.push(']');
        }
        return;
    }
    if definition.keys().is_empty() {
        if let Some(Value::Uint(position)) = key.values().first() {
            out.push_str(&format!("[{}]", ordinal(*position)));
        }
        return;
    }
    for (leaf, value) in definition.keys().zip(key.values()) {
        out.push('[');
        out.push_str(schema.node(leaf).name());
        out.push('=');
        push_quoted(out, &value.text(schema));
        out.push(']');
    }
}

/// Appends a value in quotes of the kind it does not have.
pub(super) fn push_quoted(out: &mut String, value: &str) {
    let quote = if value.contains('\'') && !value.contains('"') { '"' } else { '\'' };
    out.push(quote);
    for c in value.chars() {
        if c == quote {
            out.push(quote);
        }
        out.push(c);
    }
    out.push(quote);
}
