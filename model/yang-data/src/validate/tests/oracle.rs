//! Verdicts of this validator beside those of `yanglint`, on random trees of the broad schema.

#![expect(clippy::disallowed_methods, reason = "the oracle is a program that reads files")]

use std::path::{Path, PathBuf};
use std::process::Command;

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;

use super::property::{BODY, VALIDATOR, random_trees};
use super::{module, print};
use crate::print::PrintOptions;
use crate::xml;

/// Trees that are compared.
const TREES: usize = 150;

/// A folder that is removed in the end.
struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn is_valid(module: &Path, document: &Path) -> (bool, String) {
    let output = Command::new("yanglint")
        .args(["-t", "config"])
        .arg(module)
        .arg(document)
        .output()
        .expect("it ran before");
    (output.status.success(), String::from_utf8_lossy(&output.stderr).into_owned())
}

/// libyang 2.1 misses that a leafref may point at a default value (RFC 7950, 9.9), and that a
/// leafref with a default value must point at something (7.6.1).
fn is_beyond_oracle(document: &str) -> bool {
    document.contains("<to-default>") || document.contains("<pres>") && !document.contains("<at>")
}

#[test]
fn verdicts_agree() {
    if Command::new("yanglint").arg("--version").output().is_err() {
        println!("skipped: no yanglint");
        return;
    }
    let folder = Folder(std::env::temp_dir().join(format!("oracle-{}", std::process::id())));
    std::fs::create_dir_all(&folder.0).unwrap();
    let schema = folder.0.join("m.yang");
    std::fs::write(&schema, module(BODY)).unwrap();
    let document = folder.0.join("document.xml");
    let mut runner = TestRunner::deterministic();
    let mut disagreements = String::new();
    let (mut compared, mut valid) = (0, 0);
    while compared < TREES {
        let tree = random_trees().new_tree(&mut runner).unwrap().current();
        let text = xml::print(&tree, &PrintOptions::default());
        if text.is_empty() || is_beyond_oracle(&text) {
            continue;
        }
        compared += 1;
        std::fs::write(&document, &text).unwrap();
        let violations = VALIDATOR.validate(tree.root());
        let (is_valid, words) = is_valid(&schema, &document);
        valid += usize::from(is_valid);
        if violations.is_empty() != is_valid {
            disagreements += &format!("{text}\nhere:\n{}there:\n{words}\n", print(&violations));
        }
    }
    assert_eq!(disagreements, "");
    assert!(valid > TREES / 10 && valid < TREES * 9 / 10, "{valid} of {TREES} are valid");
}
