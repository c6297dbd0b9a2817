//! From texts to schema: the stages in their order.

use std::borrow::Cow;

use crate::diagnostic::Diagnostic;
use crate::identity::Identities;
use crate::link::{Gathered, Input, Linked, gather};
use crate::options::Options;
use crate::output::{check_statements, write_schema};
use crate::report::{Report, resolve_findings};
use crate::schema::Schema;
use crate::source::SourceFile;
use crate::tree::{apply_augments, apply_deviations, expand_modules};

/// Supplies a module or submodule by name and revision: the name of its file and its text.
pub type Resolver<'t> = Box<dyn FnMut(&str, Option<&str>) -> Option<(String, Cow<'t, str>)> + 't>;

/// Collects texts, then compiles them together.
///
/// Add everything that shall be implemented with [`Compiler::add`], everything that these import
/// with [`Compiler::add_import_only`] or through a resolver, then call [`Compiler::compile`]. The
/// order of adding does not matter.
pub struct Compiler<'t> {
    options: Options,
    inputs: Vec<Input<'t>>,
    resolver: Option<Resolver<'t>>,
}

/// What came of it.
#[derive(Debug)]
pub struct Compiled {
    /// The schema, unless there is an error.
    pub schema: Option<Schema>,
    /// Every finding, by file and line.
    pub diagnostics: Vec<Diagnostic>,
}

impl Compiled {
    /// The findings that forbid a schema.
    pub fn errors(&self) -> impl Iterator<Item = &Diagnostic> {
        self.diagnostics.iter().filter(|finding| finding.severity == crate::Severity::Error)
    }
}

impl<'t> Compiler<'t> {
    /// A compiler without texts.
    #[must_use]
    pub fn new(options: Options) -> Self {
        Self { options, inputs: Vec::new(), resolver: None }
    }

    /// Adds a module to implement, or a submodule; `name` appears in diagnostics.
    pub fn add(&mut self, name: &str, text: impl Into<Cow<'t, str>>) {
        self.input(name, text.into(), true);
    }

    /// Adds a module of which only the definitions count, when another imports it. It is
    /// implemented all the same when an implemented module augments or deviates it or points into
    /// it with a leafref (RFC 7950 5.6.5).
    pub fn add_import_only(&mut self, name: &str, text: impl Into<Cow<'t, str>>) {
        self.input(name, text.into(), false);
    }

    /// Asks `resolver` for imports and includes that were not added; what it supplies is for
    /// import only.
    pub fn resolve_with(
        &mut self,
        resolver: impl FnMut(&str, Option<&str>) -> Option<(String, Cow<'t, str>)> + 't,
    ) {
        self.resolver = Some(Box::new(resolver));
    }

    /// Compiles everything added.
    #[must_use]
    pub fn compile(self) -> Compiled {
        let Self { options, inputs, resolver } = self;
        let report = Report::new(options.lenient);
        let Gathered { files, implemented } = gather(inputs, resolver, &options.lenient, &report);
        // A text that cannot be read would only raise false alarms in the others.
        let readable = !report.has_syntax_errors();
        let schema = if readable { build(&files, &implemented, &report, &options) } else { None };
        let schema = schema.filter(|_| !report.has_errors());
        Compiled { schema, diagnostics: resolve_findings(&files, report.into_findings()) }
    }

    fn input(&mut self, name: &str, text: Cow<'t, str>, implemented: bool) {
        self.inputs.push(Input { name: name.to_owned(), text, implemented });
    }
}

fn build(
    files: &[SourceFile<'_>],
    implemented: &[bool],
    report: &Report,
    options: &Options,
) -> Option<Schema> {
    let linked = Linked::new(files, implemented, report, options);
    report.retain_files(|file| implemented[file as usize] || linked.modules.matters(file));
    let invalid = check_statements(&linked);
    let identities = Identities::resolve(&linked);
    let mut expansion = expand_modules(&linked, &identities);
    apply_augments(&mut expansion);
    let deviations = apply_deviations(&mut expansion);
    expansion.check_unused();
    // With too many nodes there is an error already, and writing them all would take long.
    (!expansion.full).then(|| write_schema(expansion, &deviations, invalid))
}
