//! Which files belong to a crate: those that a `mod` declaration reaches from a root, and those
//! that a reached file names in a string (the inputs of compile tests).

use std::collections::{BTreeMap, BTreeSet};

use toml::Value;

use super::Rule;
use crate::source::{ModFile, Token, mod_files, tokens};
use crate::tree::{Crate, Tree};

/// How a reached file is built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Part of the library or program.
    Product,
    /// Part of tests, benchmarks, examples or the build script.
    Aside,
}

/// Every source file is compiled by something.
pub(super) const DEAD_FILE: Rule = Rule {
    name: "dead-file",
    way_out: "declare it with `mod`, or delete it",
    check: |tree| {
        let crates = tree.crates();
        let alive: BTreeSet<String> =
            crates.iter().flat_map(|c| reached(tree, c).into_keys()).collect();
        tree.with_ending(&[".rs"])
            .filter(|(path, _)| !alive.contains(*path))
            .map(|(path, _)| (path.to_owned(), 1, "no crate reaches this file".to_owned()))
            .collect()
    },
};

/// Every file that belongs to `package`, with its role.
pub(super) fn reached(tree: &Tree, package: &Crate) -> BTreeMap<String, Role> {
    let mut reached = BTreeMap::new();
    let mut named = Vec::new();
    let mut open = roots(tree, package);
    while let Some((path, role)) = open.pop() {
        let Some(text) = tree.text(&path) else {
            continue;
        };
        // A file reached twice counts as product if one way is.
        if reached.get(&path).is_some_and(|old| *old == Role::Product || *old == role) {
            continue;
        }
        reached.insert(path.clone(), role);
        let tokens = tokens(text);
        named.extend(strings_naming_sources(&tokens, package));
        for module in mod_files(&tokens) {
            let role = if module.is_test { Role::Aside } else { role };
            open.extend(module_paths(&path, &module).into_iter().map(|path| (path, role)));
        }
    }
    for pattern in named {
        let matches = tree.files.keys().filter(|path| matches_glob(path, &pattern));
        matches.for_each(|path| {
            reached.entry(path.clone()).or_insert(Role::Aside);
        });
    }
    reached
}

/// The files cargo itself compiles, found by its conventions and by explicit `path` entries.
fn roots(tree: &Tree, package: &Crate) -> Vec<(String, Role)> {
    let mut roots: Vec<(String, Role)> = explicit_roots(package);
    for path in tree.files.keys() {
        let Some(inner) = path.strip_prefix(&format!("{}/", package.dir)) else {
            continue;
        };
        let parts: Vec<&str> = inner.split('/').collect();
        let role = match parts[..] {
            ["src", "lib.rs" | "main.rs"] | ["src", "bin", _] | ["src", "bin", _, "main.rs"] => {
                Role::Product
            }
            ["build.rs"]
            | ["tests" | "benches" | "examples", _]
            | ["tests" | "benches" | "examples", _, "main.rs"] => Role::Aside,
            _ => continue,
        };
        if path.ends_with(".rs") {
            roots.push((path.clone(), role));
        }
    }
    roots
}

fn explicit_roots(package: &Crate) -> Vec<(String, Role)> {
    let mut roots = Vec::new();
    for (key, role) in [
        ("lib", Role::Product),
        ("bin", Role::Product),
        ("test", Role::Aside),
        ("bench", Role::Aside),
        ("example", Role::Aside),
    ] {
        let tables: Vec<&Value> = match package.manifest.get(key) {
            Some(Value::Array(tables)) => tables.iter().collect(),
            Some(table) => vec![table],
            None => vec![],
        };
        let paths = tables.into_iter().filter_map(|table| table.get("path")?.as_str());
        roots.extend(paths.map(|path| (normal(&format!("{}/{path}", package.dir)), role)));
    }
    roots
}

/// Where `mod name;` in `file` may live.
fn module_paths(file: &str, module: &ModFile) -> Vec<String> {
    let (folder, name) = file.rsplit_once('/').unwrap_or(("", file));
    let stem = name.trim_end_matches(".rs");
    let owns_folder = matches!(stem, "lib" | "main" | "mod" | "build") || is_target_root(folder);
    let mut base = folder.to_owned();
    if !owns_folder && (module.path.is_none() || !module.inside.is_empty()) {
        base = format!("{base}/{stem}");
    }
    for part in &module.inside {
        base = format!("{base}/{part}");
    }
    match &module.path {
        Some(path) => vec![normal(&format!("{base}/{path}"))],
        None => {
            ["", "/mod"].iter().map(|ending| format!("{base}/{}{ending}.rs", module.name)).collect()
        }
    }
}

/// The files right in these folders are crate roots of their own.
fn is_target_root(folder: &str) -> bool {
    folder.ends_with("/src/bin")
        || ["tests", "benches", "examples"].iter().any(|name| {
            let parent = folder.strip_suffix(&format!("/{name}"));
            parent.is_some_and(|parent| !parent.contains("/src"))
        })
}

/// Removes `.` and `..` from a path.
fn normal(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "." | "" => {}
            ".." => {
                parts.pop();
            }
            _ => parts.push(part),
        }
    }
    parts.join("/")
}

/// Strings such as `"tests/ui/*.rs"`: compile tests take their inputs by name.
fn strings_naming_sources<'t>(
    tokens: &'t [Token],
    package: &'t Crate,
) -> impl Iterator<Item = String> + 't {
    let texts = tokens.iter().filter_map(Token::text);
    texts
        .filter(|text| text.ends_with(".rs") && text.contains('/'))
        .map(|text| normal(&format!("{}/{text}", package.dir)))
}

/// `*` stands for any run of characters within one folder.
fn matches_glob(path: &str, pattern: &str) -> bool {
    match pattern.split_once('*') {
        None => path == pattern,
        Some((head, tail)) => {
            let Some(rest) = path.strip_prefix(head) else {
                return false;
            };
            let folder_end = rest.find('/').unwrap_or(rest.len());
            (0..=folder_end)
                .filter(|at| rest.is_char_boundary(*at))
                .any(|at| matches_glob(&rest[at..], tail))
        }
    }
}
