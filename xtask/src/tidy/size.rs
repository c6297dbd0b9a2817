//! Sizes: length of files, length of functions, width of lines.

use std::collections::BTreeMap;

use toml::{Table, Value};

use super::Rule;
use super::modules::reached;
use crate::source::{functions, tokens};
use crate::tree::Tree;

const SOURCES: [&str; 3] = [".rs", ".svelte", ".ts"];
const FILE_LINES_MAX: usize = 1_000;
const FUNCTION_LINES_MAX: usize = 70;
const COLUMNS_MAX: usize = 100;

/// How many long functions each crate still has.
pub(super) const RATCHET: &str = "xtask/ratchet.toml";
const RATCHET_HEAD: &str = "\
# Functions over 70 lines, per crate. A number may only go down; a crate that is not named has none.
# `cargo tidy --lower` writes what was gained.
";

/// No source file is too long to be read in one sitting.
pub(super) const FILE_LENGTH: Rule = Rule {
    name: "file-length",
    way_out: "split it by subject; unit tests go to NAME/tests.rs",
    check: |tree| {
        tree.with_ending(&SOURCES)
            .map(|(path, text)| (path, text.lines().count()))
            .filter(|(_, lines)| *lines > FILE_LINES_MAX)
            .map(|(path, lines)| {
                let what = format!("{lines} lines, the limit is {FILE_LINES_MAX}");
                (path.to_owned(), FILE_LINES_MAX + 1, what)
            })
            .collect()
    },
};

/// The number of long functions never grows.
pub(super) const FUNCTION_RATCHET: Rule = Rule {
    name: "function-length",
    way_out: "split at a name you can find; run `cargo tidy --lower` when the number went down",
    check: |tree| {
        let ratchet = ratchet(tree);
        let mut long = long_functions(tree);
        let mut wrong = Vec::new();
        for (name, limit) in &ratchet {
            let count = long.get(name).map_or(0, Vec::len);
            if count < *limit {
                let what = format!("`{name}` has {count} long functions, not {limit}");
                wrong.push((RATCHET.to_owned(), 1, what));
            }
        }
        long.retain(|name, found| found.len() > ratchet.get(name).copied().unwrap_or(0));
        for (name, found) in long {
            let allowed = ratchet.get(&name).copied().unwrap_or(0);
            wrong.extend(found.into_iter().map(|(path, line, function, lines)| {
                let what = format!(
                    "`{function}` has {lines} lines, over {FUNCTION_LINES_MAX}, \
                     and `{name}` may have {allowed} such"
                );
                (path, line, what)
            }));
        }
        wrong
    },
};

/// The ratchet with the lower of its number and the present count for each crate.
pub(super) fn lowered_ratchet(tree: &Tree) -> String {
    let long = long_functions(tree);
    let mut text = RATCHET_HEAD.to_owned();
    for (name, limit) in ratchet(tree) {
        let count = long.get(&name).map_or(0, Vec::len).min(limit);
        if count > 0 {
            text.push_str(&format!("{name} = {count}\n"));
        }
    }
    text
}

fn ratchet(tree: &Tree) -> BTreeMap<String, usize> {
    let table: Table = tree.text(RATCHET).and_then(|text| text.parse().ok()).unwrap_or_default();
    let number = |value: &Value| value.as_integer().and_then(|n| usize::try_from(n).ok());
    table.iter().filter_map(|(name, value)| Some((name.clone(), number(value)?))).collect()
}

type LongFunction = (String, usize, String, usize);

/// Per crate: file, line, name and length of each long function.
fn long_functions(tree: &Tree) -> BTreeMap<String, Vec<LongFunction>> {
    let mut long: BTreeMap<String, Vec<LongFunction>> = BTreeMap::new();
    for package in tree.crates() {
        for (path, _) in reached(tree, &package) {
            for function in functions(&tokens(tree.text(&path).unwrap_or_default())) {
                if function.lines > FUNCTION_LINES_MAX {
                    let row = (path.clone(), function.line, function.name, function.lines);
                    long.entry(package.name.clone()).or_default().push(row);
                }
            }
        }
    }
    long
}

/// Lines fit beside a second window. A line that continues a string is data, and an address
/// cannot be broken.
pub(super) const COLUMNS: Rule = Rule {
    name: "columns",
    way_out: "break the line",
    check: |tree| {
        let mut wrong = Vec::new();
        for (path, text) in tree.with_ending(&SOURCES) {
            let long: Vec<(usize, usize)> = (1..)
                .zip(text.lines().map(|line| (line.chars().count(), line)))
                .filter(|(_, (width, line))| *width > COLUMNS_MAX && !line.contains("://"))
                .map(|(at, (width, _))| (at, width))
                .collect();
            if long.is_empty() {
                continue;
            }
            let data = lines_inside_strings(path, text);
            wrong.extend(long.into_iter().filter(|(at, _)| !data.contains(at)).map(
                |(at, width)| {
                    (path.to_owned(), at, format!("{width} columns, the limit is {COLUMNS_MAX}"))
                },
            ));
        }
        wrong
    },
};

/// The lines that a string covers without starting on them.
fn lines_inside_strings(path: &str, text: &str) -> Vec<usize> {
    if !path.ends_with(".rs") {
        return Vec::new();
    }
    tokens(text).iter().flat_map(|token| token.line + 1..=token.line_end).collect()
}
