//! Collecting findings of every stage and turning them into diagnostics.

use std::cell::{Cell, RefCell};

use crate::diagnostic::{Diagnostic, Severity};
use crate::lenient::{Lenient, Quirk};
use crate::limits::DIAGNOSTICS_PER_FILE_MAX;
use crate::source::{SourceFile, Statement};

/// A diagnostic before its place is worked out.
#[derive(Clone, Debug)]
pub(crate) struct Finding {
    pub(crate) severity: Severity,
    pub(crate) file: u32,
    /// Offset in the text.
    pub(crate) at: u32,
    pub(crate) statement: Option<u32>,
    pub(crate) message: String,
    pub(crate) quirk: Option<Quirk>,
}

/// Where the stages put their findings.
pub(crate) struct Report {
    lenient: Lenient,
    findings: RefCell<Vec<Finding>>,
    broken: Cell<bool>,
}

impl Report {
    pub(crate) fn new(lenient: Lenient) -> Self {
        Self { lenient, findings: RefCell::new(Vec::new()), broken: Cell::new(false) }
    }

    /// A violation that no switch allows.
    pub(crate) fn error(&self, statement: Statement<'_>, message: impl Into<String>) {
        self.push(Severity::Error, statement, message.into(), None);
    }

    /// A violation, or with its switch on a warning.
    pub(crate) fn quirk(&self, quirk: Quirk, statement: Statement<'_>, message: impl Into<String>) {
        let allowed = self.lenient.allows(quirk);
        let severity = if allowed { Severity::Warning } else { Severity::Error };
        self.push(severity, statement, message.into(), Some(quirk));
    }

    /// Something doubtful that is no violation.
    pub(crate) fn warning(&self, statement: Statement<'_>, message: impl Into<String>) {
        self.push(Severity::Warning, statement, message.into(), None);
    }

    /// Adds what the parser found in one text.
    pub(crate) fn extend(&self, findings: Vec<Finding>) {
        let broken = findings.iter().any(|finding| finding.severity == Severity::Error);
        self.broken.set(self.broken.get() || broken);
        self.findings.borrow_mut().extend(findings);
    }

    /// Whether some text could not be read to its end.
    pub(crate) fn has_syntax_errors(&self) -> bool {
        self.broken.get()
    }

    /// Whether anything so far forbids a schema.
    pub(crate) fn has_errors(&self) -> bool {
        self.findings.borrow().iter().any(|finding| finding.severity == Severity::Error)
    }

    /// Forgets findings about files that turned out not to be needed.
    pub(crate) fn retain_files(&self, is_needed: impl Fn(u32) -> bool) {
        self.findings.borrow_mut().retain(|finding| is_needed(finding.file));
    }

    pub(crate) fn into_findings(self) -> Vec<Finding> {
        self.findings.into_inner()
    }

    fn push(
        &self,
        severity: Severity,
        statement: Statement<'_>,
        message: String,
        quirk: Option<Quirk>,
    ) {
        let (file, at) = (statement.file.id, statement.at());
        let statement = Some(statement.index);
        let finding = Finding { severity, file, at, statement, message, quirk };
        self.findings.borrow_mut().push(finding);
    }
}

/// Diagnostics in the order of files and lines, each once, at most
/// [`DIAGNOSTICS_PER_FILE_MAX`] per file with errors first to stay.
pub(crate) fn resolve_findings(
    files: &[SourceFile<'_>],
    mut findings: Vec<Finding>,
) -> Vec<Diagnostic> {
    findings.sort_by(|a, b| {
        let key = |f: &Finding| (f.file, f.severity, f.at);
        key(a).cmp(&key(b)).then_with(|| a.message.cmp(&b.message))
    });
    findings.dedup_by(|a, b| {
        (a.file, a.at, &a.message, a.severity) == (b.file, b.at, &b.message, b.severity)
    });
    let mut kept = Vec::with_capacity(findings.len());
    for group in findings.chunk_by(|a, b| a.file == b.file) {
        let many = group.len() > DIAGNOSTICS_PER_FILE_MAX;
        let (group, more) = group.split_at(group.len().min(DIAGNOSTICS_PER_FILE_MAX));
        let start = kept.len();
        kept.extend(group.iter().map(|finding| diagnostic(files, finding)));
        kept[start..].sort_by_key(|d: &Diagnostic| (d.line, d.column));
        if let (true, Some(last)) = (many, group.last()) {
            let message = format!("{} more diagnostics for this file are left off", more.len());
            let severity = more.iter().map(|f| f.severity).min().unwrap_or(last.severity);
            let (statement, quirk) = (None, None);
            let finding = Finding { message, severity, statement, quirk, ..last.clone() };
            kept.push(diagnostic(files, &finding));
        }
    }
    kept
}

fn diagnostic(files: &[SourceFile<'_>], finding: &Finding) -> Diagnostic {
    let file = &files[finding.file as usize];
    let statement = finding.statement.map(|index| file.statement(index));
    Diagnostic {
        severity: finding.severity,
        module: file.root().and_then(Statement::argument).unwrap_or("").to_owned(),
        file: file.name.clone(),
        line: file.line(finding.at),
        column: file.column(finding.at),
        statement: statement.map(Statement::label).unwrap_or_default(),
        message: finding.message.clone(),
        quirk: finding.quirk,
    }
}
