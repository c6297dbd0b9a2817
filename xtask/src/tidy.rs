//! The rules of the tree that no compiler checks: arrows between folders, purity, sizes, words.
//!
//! A rule is a function from the tree to findings, listed once in [`RULES`]. Each has at least one
//! failing case in `tidy/tests.rs`; a test fails for a rule that has none. `cargo tidy` prints the
//! findings; `cargo test` runs the same rules over the same tree.

mod hygiene;
mod manifests;
mod modules;
mod purity;
mod size;
mod vocabulary;

use std::fmt;
use std::path::Path;

use anyhow::{Context as _, Result, bail};

use crate::tree::Tree;

/// One line that breaks one rule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Finding {
    file: String,
    /// First line is 1; the whole file counts as line 1.
    line: usize,
    rule: &'static str,
    what: String,
    way_out: &'static str,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, line, rule, what, way_out } = self;
        write!(f, "{file}:{line}: {rule}: {what}; {way_out}")
    }
}

/// A named rule and the way out it tells.
struct Rule {
    name: &'static str,
    way_out: &'static str,
    /// Yields `(file, line, what is wrong)`.
    check: fn(&Tree) -> Vec<(String, usize, String)>,
}

const RULES: &[Rule] = &[
    manifests::ARROW,
    manifests::EXTERNAL,
    manifests::VERSION,
    manifests::EXPLAINED,
    manifests::UNUSED,
    manifests::LINTS,
    manifests::CLIPPY,
    purity::IMPURE,
    modules::DEAD_FILE,
    size::FILE_LENGTH,
    size::FUNCTION_RATCHET,
    size::COLUMNS,
    vocabulary::LAYER_WORD,
    vocabulary::EMPTY_NAME,
    hygiene::LEFTOVER,
    hygiene::MACHINE_PATH,
    hygiene::REGISTRY_HOST,
    hygiene::CRATE_DOC,
];

/// The folders whose crates decide and compute without touching the world.
pub(crate) const PURE: [&str; 3] = ["model", "engines", "protocols"];

/// Every finding of every rule, in the order of files and lines.
fn findings(tree: &Tree) -> Vec<Finding> {
    let mut all: Vec<Finding> = RULES
        .iter()
        .flat_map(|rule| {
            let Rule { name, way_out, check } = rule;
            check(tree).into_iter().map(|(file, line, what)| Finding {
                file,
                line,
                rule: name,
                what,
                way_out,
            })
        })
        .collect();
    all.sort();
    all
}

/// `cargo tidy`: prints what is wrong, with file and line.
///
/// # Errors
/// The number of findings, or a tree that cannot be read.
pub(crate) fn run(root: &Path, args: &[String]) -> Result<()> {
    let tree = Tree::read(root)?;
    match args {
        [] => {}
        [flag] if flag == "--lower" => return lower_ratchet(root, &tree),
        other => bail!("tidy takes --lower or nothing, not {other:?}"),
    }
    let all = findings(&tree);
    for finding in &all {
        println!("{finding}");
    }
    if all.is_empty() {
        println!("tidy: {} files, {} rules, nothing to say", tree.files.len(), RULES.len());
        return Ok(());
    }
    bail!("tidy: {} findings", all.len())
}

fn lower_ratchet(root: &Path, tree: &Tree) -> Result<()> {
    let text = size::lowered_ratchet(tree);
    std::fs::write(root.join(size::RATCHET), &text)
        .with_context(|| format!("writing {}", size::RATCHET))?;
    print!("{text}");
    Ok(())
}

#[cfg(test)]
mod tests;
