//! Parsing every text, and fetching imports that were not handed in.

use std::borrow::Cow;

use crate::compile::Resolver;
use crate::grammar::check_file;
use crate::lenient::Lenient;
use crate::limits::SOURCES_MAX;
use crate::report::Report;
use crate::source::{Keyword, Parsed, SourceFile, Statement, parse_file};

/// A text to compile.
pub(crate) struct Input<'t> {
    pub(crate) name: String,
    pub(crate) text: Cow<'t, str>,
    pub(crate) implemented: bool,
}

/// Parsed files and, in the same order, which of them are to be implemented.
pub(crate) struct Gathered<'t> {
    pub(crate) files: Vec<SourceFile<'t>>,
    pub(crate) implemented: Vec<bool>,
}

/// Parses and checks the inputs, then asks the resolver for whatever is imported or included and
/// not there, until nothing is missing or nothing more is found.
pub(crate) fn gather<'t>(
    mut inputs: Vec<Input<'t>>,
    mut resolver: Option<Resolver<'t>>,
    lenient: &Lenient,
    report: &Report,
) -> Gathered<'t> {
    // The order of adding must not show in the result.
    inputs.sort_by(|a, b| {
        let key = |input: &Input<'t>| (!input.implemented, input.name.clone());
        key(a).cmp(&key(b)).then_with(|| a.text.cmp(&b.text))
    });
    let mut gathered = Gathered { files: Vec::new(), implemented: Vec::new() };
    for input in inputs {
        add(&mut gathered, input, lenient, report);
    }
    let mut asked = Vec::new();
    let mut next = 0;
    while let Some(resolver) = resolver.as_mut().filter(|_| next < gathered.files.len()) {
        let wanted = wanted(&gathered.files[next]);
        next += 1;
        for (name, revision) in wanted {
            let key = (name, revision);
            if asked.contains(&key) || is_there(&gathered.files, &key) {
                continue;
            }
            if let Some((file, text)) = resolver(&key.0, key.1.as_deref()) {
                let input = Input { name: file, text, implemented: false };
                add(&mut gathered, input, lenient, report);
            }
            asked.push(key);
        }
    }
    gathered
}

fn add<'t>(gathered: &mut Gathered<'t>, input: Input<'t>, lenient: &Lenient, report: &Report) {
    let id = gathered.files.len();
    if id >= SOURCES_MAX {
        return;
    }
    let Parsed { mut file, findings } = parse_file(&input.name, input.text, id as u32, lenient);
    let broken = findings.iter().any(|f| f.severity == crate::diagnostic::Severity::Error);
    report.extend(findings);
    if !broken {
        for index in check_file(&file, report) {
            file.statements[index as usize].dropped = true;
        }
    }
    if id + 1 == SOURCES_MAX
        && let Some(root) = file.root()
    {
        report.error(root, format!("more than {SOURCES_MAX} sources: the rest is left out"));
    }
    gathered.files.push(file);
    gathered.implemented.push(input.implemented);
}

/// Names and revisions that a file imports or includes.
fn wanted(file: &SourceFile<'_>) -> Vec<(String, Option<String>)> {
    let linkage = file.root().into_iter().flat_map(Statement::substatements);
    linkage
        .filter(|child| matches!(child.kind(), Keyword::Import | Keyword::Include))
        .map(|child| {
            let revision = child.first_arg(Keyword::RevisionDate);
            (child.arg().to_owned(), revision.map(str::to_owned))
        })
        .collect()
}

fn is_there(files: &[SourceFile<'_>], wanted: &(String, Option<String>)) -> bool {
    files.iter().filter_map(SourceFile::root).any(|root| {
        root.arg() == wanted.0
            && wanted.1.as_deref().is_none_or(|date| revision(root) == Some(date))
    })
}

/// The newest revision of a module or submodule, wherever it stands in the list.
pub(super) fn revision(root: Statement<'_>) -> Option<&str> {
    root.all(Keyword::Revision).map(Statement::arg).max()
}
