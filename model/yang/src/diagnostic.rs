//! What the compiler says about its input: all of it, each with its place.

use std::fmt;

use crate::lenient::Quirk;

/// How bad it is: any [`Severity::Error`] means that there is no schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The input violates a rule; no schema is made.
    Error,
    /// Doubtful, or a violation that a leniency switch allows.
    Warning,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Error => "error",
            Self::Warning => "warning",
        })
    }
}

/// One finding about one statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Error or warning.
    pub severity: Severity,
    /// Module or submodule; empty when the text has no readable header.
    pub module: String,
    /// The name under which the text was added.
    pub file: String,
    /// Line from 1; 0 when the finding is about no line.
    pub line: u32,
    /// Column from 1, in characters; 0 when the finding is about no line.
    pub column: u32,
    /// Keyword and argument of the statement, cut to a readable length.
    pub statement: String,
    /// What is wrong, and where sensible the way out.
    pub message: String,
    /// The leniency switch that turns this error into a warning, if there is one.
    pub quirk: Option<Quirk>,
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { severity, file, line, column, message, statement, .. } = self;
        write!(f, "{file}:{line}:{column}: {severity}: {message}")?;
        if !statement.is_empty() {
            write!(f, " [{statement}]")?;
        }
        match (self.quirk, severity) {
            (Some(quirk), Severity::Error) => {
                write!(f, " (leniency `{}` allows it)", quirk.name())
            }
            _ => Ok(()),
        }
    }
}
