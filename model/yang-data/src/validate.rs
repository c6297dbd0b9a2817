//! Validation of a tree against the rules of its schema (RFC 7950, section 8).
//!
//! A [`Validator`] holds what can be computed from the schema alone: which nodes have rules, and
//! which nodes each rule reads. Validating a whole tree skips subtrees whose schema has no rule.
//! Validating a change walks what differs between two versions, checks the rules of what it
//! passes, and collects on the way the rules elsewhere that read something that changed; those
//! are checked again, no further from the change than the rule itself reaches. So a rule within a
//! list entry costs nothing in the other entries.

mod change;
mod check;
mod duty;
mod facts;
mod finding;
mod reads;
mod referrers;
mod unique;
mod violation;

use std::rc::Rc;
use std::sync::Arc;

use yang::Schema;

use crate::text::Types;
use crate::xpath::{Defaults, Evaluator, View};
use crate::{Branch, Path};
use check::Check;
use facts::Facts;

pub use referrers::Referrers;
pub use violation::{Rule, Violation};

/// Violations that one validation lists; behind the last of them [`Rule::TooMany`] says that there
/// are more.
pub const VIOLATIONS_MAX: usize = 10_000;

/// Checks trees of one schema. Make it once per schema; it is immutable and can be shared.
///
/// ```text
/// let validator = Validator::new(types, View::Configuration);
/// let violations = validator.validate(tree.root());
/// // later, after an edit of a valid tree:
/// let violations = validator.validate_change(old.root(), new.root(), None);
/// ```
#[derive(Debug)]
pub struct Validator {
    defaults: Defaults,
    facts: Facts,
    view: View,
}

impl Validator {
    /// A validator of configurations, in which state data is a violation, or of configuration
    /// with state data.
    pub fn new(types: Arc<Types>, view: View) -> Self {
        let facts = Facts::new(types.schema(), view);
        Self { defaults: Defaults::new(types), facts, view }
    }

    /// The schema.
    pub fn schema(&self) -> &Arc<Schema> {
        self.defaults.schema()
    }

    /// The types of the schema.
    pub fn types(&self) -> &Arc<Types> {
        self.defaults.types()
    }

    /// Default values of the schema.
    pub fn defaults(&self) -> &Defaults {
        &self.defaults
    }

    /// An evaluator of expressions on a tree.
    pub fn evaluator<'a>(&'a self, root: &'a Branch) -> Evaluator<'a> {
        Evaluator::new(&self.defaults, root, self.view)
    }

    /// Every violation in a tree, ordered by place. An empty answer means that it is valid.
    pub fn validate(&self, root: &Branch) -> Vec<Violation> {
        let mut check = Check::new(self, root);
        let root = Rc::clone(check.evaluator.root());
        check.children(&root);
        check.finish()
    }

    /// Every violation in a tree that came by a change from a valid one: the answer is that of
    /// [`Validator::validate`] on the new tree, the cost is that of the change.
    ///
    /// With [`Referrers`] of the old tree the leafrefs that lose their target are looked up;
    /// without, the lists that hold such leafrefs are searched when a possible target disappears.
    pub fn validate_change(
        &self,
        old: &Branch,
        new: &Branch,
        referrers: Option<&Referrers>,
    ) -> Vec<Violation> {
        let mut check = Check::new(self, new);
        change::check_change(&mut check, old, new, referrers);
        check.finish()
    }

    /// The nodes that exist though a condition (`when`) forbids them: the topmost ones, in order.
    /// They are violations; a caller may want to remove them.
    pub fn irrelevant(&self, root: &Branch) -> Vec<Path> {
        let violations = self.validate(root).into_iter();
        let mut paths: Vec<Path> = violations
            .filter(|violation| matches!(violation.rule, Rule::When { .. }))
            .map(|violation| violation.path)
            .collect();
        paths.dedup_by(|later, earlier| earlier.contains(later));
        paths
    }
}

#[cfg(test)]
mod tests;
