//! What can be wrong with data that comes in, by whose fault it is.

use std::fmt;

use crate::ValueError;

/// Errors that one decoding or edit reports at most; then it stops.
pub const ERRORS_MAX: usize = 100;

/// Something wrong with data, with its place in the tree and in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataError {
    /// Instance path as of RFC 7951, section 6.11; `/` for the root.
    pub path: String,
    /// Where in the text, for decoders.
    pub position: Option<Position>,
    /// What is wrong.
    pub fault: Fault,
}

/// A place in a text, both counted from 1; columns are characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Line.
    pub line: u32,
    /// Column.
    pub column: u32,
}

/// What is wrong with data.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    // The text is no XML, no JSON, no path.
    /// The text breaks the grammar of its format.
    #[error("syntax: {0}")]
    Syntax(String),
    /// A document type declaration, which may define entities that grow without end.
    #[error("a document type declaration is not allowed")]
    DocumentType,
    /// Nested deeper than the limit.
    #[error("nested deeper than {limit} levels")]
    TooDeep {
        /// The limit.
        limit: usize,
    },
    /// More namespace declarations in force than the limit.
    #[error("more than {limit} namespace declarations at once")]
    TooManyNamespaces {
        /// The limit.
        limit: usize,
    },
    /// Reading stopped because too much was wrong before.
    #[error("more than {limit} errors; the rest was not looked at")]
    TooManyErrors {
        /// The limit.
        limit: usize,
    },

    // The text names what the schema lacks.
    /// No such node in the schema, at this place.
    #[error("unknown node '{name}'{}", hint(.suggestion))]
    UnknownNode {
        /// The name, qualified as in the text.
        name: String,
        /// What may have been meant.
        suggestion: Option<String>,
    },
    /// A namespace that no module of the schema has.
    #[error("unknown namespace '{0}'")]
    UnknownNamespace(String),
    /// A module that the schema lacks.
    #[error("unknown module '{0}'")]
    UnknownModule(String),
    /// A prefix without declaration.
    #[error("prefix '{0}' is not declared")]
    UnboundPrefix(String),
    /// A name that must say its module or namespace.
    #[error("'{name}' needs a {what}{}", hint(.suggestion))]
    Unqualified {
        /// The name.
        name: String,
        /// `namespace` or `module name`.
        what: &'static str,
        /// What may have been meant.
        suggestion: Option<String>,
    },

    // The data does not fit the schema.
    /// Text, a child or a value of another shape than the node has.
    #[error("expected {expected}, found {found}")]
    Shape {
        /// What the schema has here.
        expected: String,
        /// What the text has.
        found: String,
    },
    /// A value that its type refuses.
    #[error("{0}")]
    Value(Box<ValueError>),
    /// A list entry without one of its keys.
    #[error("missing key '{0}'")]
    MissingKey(String),
    /// A second instance where one is allowed: leaf, container, list entry, leaf-list value.
    #[error("given twice")]
    Duplicate,
    /// State data where only configuration may be.
    #[error("state data is not allowed here")]
    StateData,
    /// Nodes of two cases of one choice, which exclude each other.
    #[error("excluded by '{other}', of another case of choice '{choice}'")]
    OtherCase {
        /// The choice.
        choice: String,
        /// A node of the other case.
        other: String,
    },

    // The data does not fit what is there (RFC 6241, RFC 8040).
    /// Creation of what exists.
    #[error("exists already")]
    DataExists,
    /// Deletion of, or a step through, what does not exist.
    #[error("does not exist")]
    DataMissing,
    /// An attribute with a value that it cannot have, or where it has no meaning.
    #[error("attribute '{name}': {reason}")]
    BadAttribute {
        /// The attribute.
        name: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// The entry that another is to be put next to is not there (RFC 7950, 15.7).
    #[error("the entry to put it next to does not exist: {0}")]
    MissingInstance(String),
    /// A target and the data for it that do not belong together.
    #[error("{0}")]
    TargetMismatch(String),
    /// Two writers that disagree.
    #[error("cannot merge different values: {left} != {right}")]
    Conflict {
        /// The value that was there.
        left: String,
        /// The value that came in addition.
        right: String,
    },
}

fn hint(suggestion: &Option<String>) -> String {
    suggestion.as_ref().map_or_else(String::new, |name| format!(" (did you mean '{name}'?)"))
}

impl From<ValueError> for Fault {
    fn from(error: ValueError) -> Self {
        Self::Value(Box::new(error))
    }
}

impl Fault {
    /// The error tag of RFC 6241, appendix A, which RESTCONF shares.
    pub fn tag(&self) -> &'static str {
        match self {
            Self::Syntax(_) | Self::DocumentType => "malformed-message",
            Self::TooDeep { .. } | Self::TooManyNamespaces { .. } | Self::TooManyErrors { .. } => {
                "too-big"
            }
            Self::UnknownNode { .. } | Self::StateData => "unknown-element",
            Self::UnknownNamespace(_) | Self::UnknownModule(_) | Self::UnboundPrefix(_) => {
                "unknown-namespace"
            }
            Self::Unqualified { .. } => "unknown-namespace",
            Self::Shape { .. } | Self::Duplicate | Self::OtherCase { .. } => "bad-element",
            Self::Value(_) | Self::TargetMismatch(_) => "invalid-value",
            Self::MissingKey(_) => "missing-element",
            Self::DataExists => "data-exists",
            Self::DataMissing => "data-missing",
            Self::BadAttribute { .. } | Self::MissingInstance(_) => "bad-attribute",
            Self::Conflict { .. } => "operation-failed",
        }
    }

    /// The `error-app-tag` that RFC 7950, section 15, or the model asks for.
    pub fn app_tag(&self) -> Option<&str> {
        match self {
            Self::Value(error) => error.app_tag.as_deref(),
            Self::MissingInstance(_) => Some("missing-instance"),
            _ => None,
        }
    }
}

impl DataError {
    /// An error without a place in a text.
    pub(crate) fn at(path: impl Into<String>, fault: Fault) -> Self {
        Self { path: path.into(), position: None, fault }
    }
}

impl fmt::Display for DataError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(position) = self.position {
            write!(f, "{position}: ")?;
        }
        write!(f, "{}: {}", self.path, self.fault)
    }
}

impl std::error::Error for DataError {}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}", self.line, self.column)
    }
}

impl Position {
    /// The place of a byte offset. Looks through the text up to there: for errors only.
    pub(crate) fn of(text: &str, offset: usize) -> Self {
        let mut offset = offset.min(text.len());
        while !text.is_char_boundary(offset) {
            offset -= 1;
        }
        let before = &text[..offset];
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Self {
            line: count(before.bytes().filter(|byte| *byte == b'\n').count() + 1),
            column: count(before[line_start..].chars().count() + 1),
        }
    }
}
