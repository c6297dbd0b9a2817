//! What a validation finds.

use std::fmt;

use crate::Path;

/// One broken rule at one place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Violation {
    /// The instance at fault; the place of a node that is missing; a list or leaf-list as a whole
    /// where its entries break a rule together.
    pub path: Path,
    /// `path` in print.
    pub location: String,
    /// The rule.
    pub rule: Rule,
    /// The value at fault, where there is one.
    pub value: Option<String>,
    /// What is wrong: the model's own words (`error-message`) where it has some.
    pub message: String,
}

/// The rules of RFC 7950, sections 7 to 9, that hold between nodes of a tree.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rule {
    /// A node where the schema has none: of another kind, or below a wrong parent.
    Structure,
    /// State data in a configuration.
    State,
    /// A list entry without one of its keys (7.8.2).
    Key,
    /// A value that its type refuses (9).
    Value {
        /// The model's `error-app-tag`.
        app_tag: Option<String>,
    },
    /// A node that exists though a condition forbids it (7.21.5).
    When {
        /// The condition as written.
        condition: String,
    },
    /// Nodes of more than one case (7.9).
    Choice {
        /// The choice.
        choice: String,
    },
    /// No node of a mandatory choice (7.9.4).
    MandatoryChoice {
        /// The choice.
        choice: String,
    },
    /// A mandatory leaf, anydata or anyxml that is missing (7.6.5).
    Mandatory,
    /// Too few entries (7.7.5).
    MinElements,
    /// Too many entries (7.7.6).
    MaxElements,
    /// Entries that agree where they must not (7.8.3).
    Unique {
        /// The entries, as paths in print.
        entries: Vec<String>,
    },
    /// A `must` that does not hold (7.5.3).
    Must {
        /// The condition as written.
        condition: String,
        /// The model's `error-app-tag`.
        app_tag: Option<String>,
    },
    /// A leafref whose target does not exist (9.9).
    Leafref,
    /// An instance-identifier whose target does not exist (9.13).
    InstanceIdentifier,
    /// An expression that could not be evaluated: too expensive, or ill-typed.
    Expression {
        /// The expression as written.
        expression: String,
    },
    /// There are more violations than a validation lists.
    TooMany,
}

impl Violation {
    /// The `error-tag` of RFC 7950, sections 8.3 and 15, in the words of RFC 6241, appendix A.
    pub fn error_tag(&self) -> &'static str {
        match &self.rule {
            Rule::Structure | Rule::State | Rule::When { .. } => "unknown-element",
            Rule::Key => "missing-element",
            Rule::Value { .. } => "invalid-value",
            Rule::Choice { .. } => "bad-element",
            Rule::Mandatory
            | Rule::MandatoryChoice { .. }
            | Rule::Leafref
            | Rule::InstanceIdentifier => "data-missing",
            Rule::MinElements
            | Rule::MaxElements
            | Rule::Unique { .. }
            | Rule::Must { .. }
            | Rule::Expression { .. }
            | Rule::TooMany => "operation-failed",
        }
    }

    /// The `error-app-tag` of RFC 7950, section 15, or the model's own.
    pub fn app_tag(&self) -> Option<&str> {
        match &self.rule {
            Rule::Value { app_tag } => app_tag.as_deref(),
            Rule::MandatoryChoice { .. } => Some("missing-choice"),
            Rule::MinElements => Some("too-few-elements"),
            Rule::MaxElements => Some("too-many-elements"),
            Rule::Unique { .. } => Some("data-not-unique"),
            Rule::Must { app_tag, .. } => Some(app_tag.as_deref().unwrap_or("must-violation")),
            Rule::Leafref | Rule::InstanceIdentifier => Some("instance-required"),
            Rule::Structure
            | Rule::State
            | Rule::Key
            | Rule::When { .. }
            | Rule::Choice { .. }
            | Rule::Mandatory
            | Rule::Expression { .. }
            | Rule::TooMany => None,
        }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.location, self.message)
    }
}
