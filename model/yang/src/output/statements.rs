//! Checks on single statements wherever they stand: expressions and extension statements.

use crate::grammar::argument::split_prefix;
use crate::hash::FastSet;
use crate::lenient::Quirk;
use crate::link::{Definition, Linked};
use crate::schema::ModuleId;
use crate::source::{Keyword, Statement, StatementId};
use crate::xpath::{self, Axis, Expr, NodeTest, Scope, Start, XPathErrorKind};

/// Checks every `must`, `when`, `path` and extension statement of implemented modules, used or
/// not. Returns the expressions that cannot be parsed.
pub(crate) fn check_statements(linked: &Linked<'_>) -> FastSet<StatementId> {
    let mut invalid = FastSet::default();
    for (_, info) in linked.modules.iter() {
        for file in &info.files {
            let file = &linked.files[*file as usize];
            for (index, record) in file.statements.iter().enumerate() {
                let statement = file.statement(index as u32);
                match record.keyword {
                    Keyword::Extension if info.implemented => extension(linked, statement),
                    Keyword::Must | Keyword::When | Keyword::Path
                        if !is_below_extension(statement) && !expression(linked, statement) =>
                    {
                        invalid.insert(statement.id());
                    }
                    _ => {}
                }
            }
        }
    }
    invalid
}

fn is_below_extension(statement: Statement<'_>) -> bool {
    let mut outer = statement.parent();
    while let Some(parent) = outer {
        if parent.kind() == Keyword::Extension {
            return true;
        }
        outer = parent.parent();
    }
    false
}

/// Whether the argument is an expression; reports it otherwise.
fn expression(linked: &Linked<'_>, statement: Statement<'_>) -> bool {
    match parse(linked, statement, linked.module_of(statement)) {
        Ok(expr) => {
            if statement.kind() == Keyword::Path && !is_leafref_path(&expr) {
                let message = "no path of RFC 7950 9.9.2: only names, \"..\" and key predicates";
                linked.report.quirk(Quirk::LeafrefPathSyntax, statement, message);
            }
            true
        }
        Err(error) => {
            let quirk = match error.kind {
                XPathErrorKind::UnknownPrefix { .. } => Quirk::UnknownXpathPrefix,
                _ => Quirk::InvalidXpath,
            };
            linked.report.quirk(quirk, statement, error.to_string());
            false
        }
    }
}

/// Parses the argument of a statement, with `module` for names without prefix.
pub(super) fn parse(
    linked: &Linked<'_>,
    statement: Statement<'_>,
    module: ModuleId,
) -> Result<Expr, xpath::XPathError> {
    let resolve = |prefix: &str| linked.module_of_prefix(statement, Some(prefix)).ok();
    xpath::parse(statement.arg(), &Scope { default: Some(module), resolve: &resolve })
}

/// `path-arg`: an absolute or relative location path of child names.
fn is_leafref_path(expr: &Expr) -> bool {
    let Expr::Path(path) = expr else { return false };
    let mut names_only = path.start == Start::Root;
    let steps = path.steps.iter().all(|step| match (step.axis, &step.test) {
        (Axis::Parent, NodeTest::Node) => !names_only && step.predicates.is_empty(),
        (Axis::Child, NodeTest::Name { .. }) => {
            names_only = true;
            step.predicates.iter().all(is_key_predicate)
        }
        _ => false,
    });
    // A relative path goes up first (`path-arg = absolute-path / relative-path`).
    let begins_right = path.start == Start::Root
        || (path.start == Start::Context
            && path.steps.first().is_some_and(|step| step.axis == Axis::Parent));
    steps && names_only && begins_right && !path.steps.is_empty()
}

/// `name = current()/../name`
fn is_key_predicate(predicate: &Expr) -> bool {
    let Expr::Compare(xpath::CompareOp::Equal, left, right) = predicate else { return false };
    let (Expr::Path(left), Expr::Path(right)) = (&**left, &**right) else { return false };
    let name = left.start == Start::Context
        && matches!(&left.steps[..], [step] if step.axis == Axis::Child);
    let current = match &right.start {
        Start::Filter { expr, predicates } => {
            predicates.is_empty()
                && matches!(&**expr, Expr::Call(call) if call.function == xpath::Function::Current)
        }
        _ => false,
    };
    name && current
}

fn extension(linked: &Linked<'_>, statement: Statement<'_>) {
    let (prefix, name) = split_prefix(statement.keyword());
    let unknown = |message: String| {
        linked.report.quirk(Quirk::UnknownExtension, statement, message);
    };
    let module = match linked.module_of_prefix(statement, prefix) {
        Ok(module) => module,
        Err(crate::link::Unresolved::MissingModule) => return,
        Err(_) => {
            return unknown(format!("prefix \"{}\" is not declared", prefix.unwrap_or("")));
        }
    };
    let Some(definition) = linked.definitions.top(module, Definition::Extension, name) else {
        let module = linked.modules.info(module).name;
        return unknown(format!("module \"{module}\" defines no extension \"{name}\""));
    };
    let takes = linked.statement(definition).first(Keyword::Argument).is_some();
    if takes != statement.argument().is_some() {
        let what = if takes { "lacks its argument" } else { "takes no argument" };
        let message = format!("extension \"{}\" {what}", statement.keyword());
        linked.report.quirk(Quirk::ExtensionArgument, statement, message);
    }
}
