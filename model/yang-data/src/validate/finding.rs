//! Collecting violations, with their words.

use std::collections::BTreeSet;

use yang::{Node, Schema};

use super::{Rule, VIOLATIONS_MAX, Violation};
use crate::Path;
use crate::xpath::Instance;

/// Violations without repetition, ordered by place.
#[derive(Debug, Default)]
pub(super) struct Findings {
    found: BTreeSet<Violation>,
    is_full: bool,
}

impl Findings {
    pub(super) fn add(&mut self, violation: Violation) {
        if self.found.len() < VIOLATIONS_MAX || self.found.contains(&violation) {
            self.found.insert(violation);
        } else {
            self.is_full = true;
        }
    }

    pub(super) fn is_full(&self) -> bool {
        self.is_full
    }

    pub(super) fn into_vec(self) -> Vec<Violation> {
        let mut found: Vec<_> = self.found.into_iter().collect();
        if self.is_full {
            found.push(Violation {
                path: Path::ROOT,
                location: "/".to_owned(),
                rule: Rule::TooMany,
                value: None,
                message: format!(
                    "more than {VIOLATIONS_MAX} violations; the others are not listed"
                ),
            });
        }
        found
    }
}

/// A violation at a path.
pub(super) fn at_path(schema: &Schema, path: Path, rule: Rule, message: String) -> Violation {
    Violation { location: path.text(schema), path, rule, value: None, message }
}

/// A violation at an instance, with its value.
pub(super) fn at(
    schema: &Schema,
    instance: &Instance<'_>,
    rule: Rule,
    message: String,
) -> Violation {
    let value = instance.value().map(|value| value.text(schema).to_string());
    Violation { value, ..at_path(schema, instance.path(schema), rule, message) }
}

/// `leaf "name"`, or with the module where it is another than the parent's.
pub(super) fn named(node: Node<'_>) -> String {
    format!("{} \"{}\"", node.kind().keyword(), node.name())
}
