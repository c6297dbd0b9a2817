//! Why nothing was generated.

use std::fmt;

use yang::Diagnostic;

use super::MarkProblem;

/// Everything that is wrong, by who can mend it.
#[derive(Clone, Debug, Default, PartialEq, Eq, thiserror::Error)]
pub struct GenerateError {
    /// Errors in the models.
    pub models: Vec<Diagnostic>,
    /// Marks in the models that make no sense.
    pub marks: Vec<MarkProblem>,
    /// What the build script asks for and cannot have.
    pub setup: Vec<String>,
}

impl GenerateError {
    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.models.is_empty() && self.marks.is_empty() && self.setup.is_empty()
    }

    /// One line each.
    pub fn lines(&self) -> impl Iterator<Item = String> {
        let models = self.models.iter().map(Diagnostic::to_string);
        let marks = self.marks.iter().map(MarkProblem::to_string);
        self.setup.iter().cloned().chain(models).chain(marks)
    }
}

impl fmt::Display for GenerateError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, line) in self.lines().enumerate() {
            let gap = if at == 0 { "" } else { "\n" };
            write!(formatter, "{gap}{line}")?;
        }
        Ok(())
    }
}
