//! Rules one by one, changes against whole trees, real documents.

mod changes;
mod effort;
mod oracle;
mod property;
mod rules;

use std::sync::Arc;

use super::{Referrers, Validator, Violation};
use crate::sample;
use crate::xpath::View;

/// Per violation its place with the tags, and its words on a line of their own.
fn print(violations: &[Violation]) -> String {
    let lines = violations.iter().map(|violation| {
        let tags = match violation.app_tag() {
            Some(app_tag) => format!("{}, {app_tag}", violation.error_tag()),
            None => violation.error_tag().to_owned(),
        };
        format!("{} [{tags}]\n    {}\n", violation.location, violation.message)
    });
    lines.collect()
}

fn validator(module: &str) -> Validator {
    Validator::new(sample::types(&[module]), View::Configuration)
}

/// The body of a module `m`, and the violations of a tree.
#[expect(clippy::needless_pass_by_value, reason = "reads as expect-test means it")]
fn check(body: &str, lines: &str, expected: expect_test::Expect) {
    let validator = validator(&module(body));
    let tree = sample::tree(validator.types(), lines);
    expected.assert_eq(&print(&validator.validate(tree.root())));
}

fn module(body: &str) -> String {
    format!("module m {{ yang-version 1.1; namespace \"urn:m\"; prefix m; {body} }}")
}

/// Violations after an edit of a valid tree: lines with `-` in front are taken out. The answer is
/// held against that for the whole new tree.
#[expect(clippy::needless_pass_by_value, reason = "reads as expect-test means it")]
fn check_change(body: &str, old: &str, edit: &str, expected: expect_test::Expect) {
    let validator = validator(&module(body));
    let types = Arc::clone(validator.types());
    let before = sample::tree(&types, old);
    assert_eq!(print(&validator.validate(before.root())), "", "the old tree is valid");
    let mut after = before.clone();
    for line in edit.lines().map(str::trim).filter(|line| !line.is_empty()) {
        match line.strip_prefix('-') {
            Some(path) => assert!(after.remove(&sample::path(&types, path)), "{path} is there"),
            None => sample::set(&mut after, &types, line),
        }
    }
    let whole = print(&validator.validate(after.root()));
    let changed = print(&validator.validate_change(before.root(), after.root(), None));
    assert_eq!(changed, whole);
    let mut referrers = Referrers::new(&validator, before.root());
    let looked_up = validator.validate_change(before.root(), after.root(), Some(&referrers));
    assert_eq!(print(&looked_up), whole);
    referrers.update(before.root(), after.root());
    assert_eq!(referrers, Referrers::new(&validator, after.root()));
    expected.assert_eq(&changed);
}
