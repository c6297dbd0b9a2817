//! Walks a file and compares every statement with the tables.

use super::argument;
use super::table::{Substatements, substatements};
use crate::lenient::Quirk;
use crate::report::Report;
use crate::source::{Keyword, SourceFile, Statement};

/// Checks a file: order, place, number and argument of every statement. Returns the statements to
/// leave out where leniency lets a violation pass.
pub(crate) fn check_file(file: &SourceFile<'_>, report: &Report) -> Vec<u32> {
    let Some(root) = file.root() else { return Vec::new() };
    if !matches!(root.kind(), Keyword::Module | Keyword::Submodule) {
        report.error(root, "expected \"module\" or \"submodule\"");
        return Vec::new();
    }
    let version_1_1 = root.first_arg(Keyword::YangVersion) == Some("1.1");
    let mut checker = Checker { report, version_1_1, dropped: Vec::new() };
    checker.order(root);
    checker.walk(root);
    checker.dropped
}

struct Checker<'r> {
    report: &'r Report,
    version_1_1: bool,
    dropped: Vec<u32>,
}

impl Checker<'_> {
    /// Goes over the records in document order; what stands below extension statements is theirs.
    fn walk(&mut self, root: Statement<'_>) {
        let mut index = root.index;
        while index < root.end() {
            let statement = root.file.statement(index);
            match statement.kind() {
                Keyword::Extension => index = statement.end(),
                Keyword::Unknown => {
                    self.misplaced(statement, "is no statement of YANG");
                    index = statement.end();
                }
                _ => {
                    self.argument(statement);
                    self.children(statement);
                    index += 1;
                }
            }
        }
    }

    fn children(&mut self, parent: Statement<'_>) {
        let rules = substatements(parent.kind());
        let once_in_1_0 = if self.version_1_1 { 0 } else { rules.once_in_1_0 };
        let once = rules.once | once_in_1_0;
        let mut seen = 0u128;
        for child in parent.substatements() {
            let bit = child.kind().bit();
            if matches!(child.kind(), Keyword::Extension | Keyword::Unknown) {
                continue;
            }
            if rules.allowed & bit == 0 {
                self.misplaced(child, &format!("does not belong below \"{}\"", parent.keyword()));
            } else if seen & once & bit != 0 {
                self.misplaced(child, &format!("stands twice below \"{}\"", parent.keyword()));
            } else if rules.since_1_1 & bit != 0 && !self.version_1_1 {
                let (child_name, parent_name) = (child.keyword(), parent.keyword());
                let message =
                    format!("\"{child_name}\" below \"{parent_name}\" needs yang-version 1.1");
                self.report.quirk(Quirk::VersionMix, child, message);
            }
            seen |= bit;
        }
        self.missing(parent, rules, seen);
    }

    fn missing(&self, parent: Statement<'_>, rules: &Substatements, seen: u128) {
        let missing = rules.required & !seen;
        if missing != 0 {
            for keyword in Keyword::ALL.iter().filter(|keyword| missing & keyword.bit() != 0) {
                let message = format!("\"{}\" lacks \"{}\"", parent.keyword(), keyword.name());
                self.report.quirk(Quirk::MissingStatement, parent, message);
            }
        }
        // RFC 7950 14 asks for one data node in the body of input, output and augment. Extension
        // statements count as well: augments that only carry them are how platforms annotate.
        let is_annotated = || parent.first(Keyword::Extension).is_some();
        if rules.one_of != 0 && seen & rules.one_of == 0 && !is_annotated() {
            let message = format!("\"{}\" defines no node", parent.keyword());
            self.report.quirk(Quirk::EmptyBody, parent, message);
        }
    }

    fn misplaced(&mut self, statement: Statement<'_>, why: &str) {
        let message = format!("\"{}\" {why}", statement.keyword());
        self.report.quirk(Quirk::MisplacedStatement, statement, message);
        self.dropped.push(statement.index);
    }

    /// Order of sections in a module (RFC 7950 14: header, linkage, meta, revision, body).
    fn order(&self, root: Statement<'_>) {
        const SECTIONS: [&str; 5] = ["header", "linkage", "meta", "revision", "body"];
        let mut reached = 0;
        for child in root.substatements() {
            let section = match child.kind() {
                Keyword::YangVersion
                | Keyword::Namespace
                | Keyword::Prefix
                | Keyword::BelongsTo => 0,
                Keyword::Import | Keyword::Include => 1,
                Keyword::Organization
                | Keyword::Contact
                | Keyword::Description
                | Keyword::Reference => 2,
                Keyword::Revision => 3,
                Keyword::Extension => continue,
                _ => 4,
            };
            if section < reached {
                let (late, early) = (SECTIONS[section], SECTIONS[reached]);
                let message = format!(
                    "\"{}\" is a {late} statement but follows a {early} statement",
                    child.keyword()
                );
                self.report.quirk(Quirk::StatementOrder, child, message);
            }
            reached = reached.max(section);
        }
    }

    fn argument(&mut self, statement: Statement<'_>) {
        let keyword = statement.kind();
        let takes_none = matches!(keyword, Keyword::Input | Keyword::Output);
        match statement.argument() {
            None if takes_none => {}
            None => {
                let message = format!("\"{}\" lacks its argument", keyword.name());
                self.malformed(statement, message);
            }
            Some(_) if takes_none => {
                let message = format!("\"{}\" takes no argument", keyword.name());
                self.malformed(statement, message);
            }
            Some(argument) => {
                if let Some(expected) = self.expectation(keyword, argument) {
                    let message = format!("\"{argument}\" is no {expected}");
                    self.malformed(statement, message);
                }
            }
        }
    }

    /// Malformed settings are left out; a malformed name stays in use.
    fn malformed(&mut self, statement: Statement<'_>, message: String) {
        self.report.quirk(Quirk::MalformedArgument, statement, message);
        if is_setting(statement.kind()) {
            self.dropped.push(statement.index);
        }
    }

    /// What the argument should have been, when it is not.
    fn expectation(&self, keyword: Keyword, argument: &str) -> Option<&'static str> {
        use Keyword as K;
        let ok = |fine: bool, expected: &'static str| (!fine).then_some(expected);
        match keyword {
            K::Module
            | K::Submodule
            | K::Import
            | K::Include
            | K::BelongsTo
            | K::Prefix
            | K::ExtensionDefinition
            | K::Argument
            | K::Feature
            | K::Identity
            | K::Typedef
            | K::Grouping
            | K::Container
            | K::Leaf
            | K::LeafList
            | K::List
            | K::Choice
            | K::Case
            | K::AnyData
            | K::AnyXml
            | K::Rpc
            | K::Action
            | K::Notification
            | K::Bit => ok(argument::identifier(argument, self.version_1_1), "identifier"),
            K::Base | K::Type | K::Uses => {
                ok(argument::reference(argument).is_some(), "identifier with optional prefix")
            }
            K::Revision | K::RevisionDate => ok(argument::date(argument), "date like 2026-01-31"),
            K::Config | K::Mandatory | K::RequireInstance | K::YinElement => {
                ok(argument::boolean(argument).is_some(), "\"true\" or \"false\"")
            }
            K::MinElements | K::Position => {
                ok(argument::unsigned(argument).is_some(), "non-negative integer")
            }
            K::MaxElements => ok(
                argument == "unbounded" || argument::unsigned(argument).is_some_and(|n| n > 0),
                "positive integer or \"unbounded\"",
            ),
            K::Value => ok(argument::integer(argument).is_some(), "32-bit integer"),
            K::FractionDigits => ok(
                argument::unsigned(argument).is_some_and(|n| (1..=18).contains(&n)),
                "number from 1 to 18",
            ),
            K::OrderedBy => ok(matches!(argument, "user" | "system"), "\"user\" or \"system\""),
            K::Status => ok(
                matches!(argument, "current" | "deprecated" | "obsolete"),
                "\"current\", \"deprecated\" or \"obsolete\"",
            ),
            K::YangVersion => ok(matches!(argument, "1" | "1.1"), "\"1\" or \"1.1\""),
            K::Modifier => ok(argument == "invert-match", "\"invert-match\""),
            K::Deviate => ok(
                matches!(argument, "add" | "delete" | "replace" | "not-supported"),
                "\"add\", \"delete\", \"replace\" or \"not-supported\"",
            ),
            K::Enum => ok(
                !argument.is_empty() && argument.trim() == argument,
                "name: it must not be empty, nor start or end with a blank",
            ),
            K::Augment | K::Refine | K::Deviation => {
                ok(argument::schema_path(argument).is_some(), "path of schema nodes")
            }
            K::Key => ok(key_names(argument), "list of leaf names"),
            K::Unique => ok(
                !argument.trim().is_empty()
                    && argument.split_whitespace().all(|path| {
                        argument::schema_path(path).is_some_and(|(absolute, _)| !absolute)
                    }),
                "list of descendant leaf paths",
            ),
            _ => None,
        }
    }
}

fn key_names(argument: &str) -> bool {
    !argument.trim().is_empty()
        && argument.split_whitespace().all(|name| argument::reference(name).is_some())
}

fn is_setting(keyword: Keyword) -> bool {
    use Keyword as K;
    matches!(
        keyword,
        K::Config
            | K::Mandatory
            | K::RequireInstance
            | K::YinElement
            | K::MinElements
            | K::MaxElements
            | K::Position
            | K::Value
            | K::OrderedBy
            | K::Status
            | K::Modifier
            | K::Deviate
            | K::Augment
            | K::Refine
            | K::Deviation
            | K::Key
            | K::Unique
            | K::Base
            | K::Uses
            | K::Revision
            | K::RevisionDate
    )
}
