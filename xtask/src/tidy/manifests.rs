//! What the manifests say: which folder may see which, and which crates of others come in.

use std::collections::{BTreeMap, BTreeSet};

use toml::{Table, Value};

use super::{PURE, Rule};
use crate::tree::{Crate, Tree};

/// Which folders the crates of a folder may depend on, downwards only. Crates of one folder may
/// see each other where the list says so; nothing outside `apps` starts from a program.
const ARROWS: [(&str, &[&str]); 10] = [
    ("model", &["model"]),
    ("engines", &["engines", "model"]),
    ("protocols", &["protocols", "model"]),
    ("networks", &["engines", "model"]),
    ("shells", &["shells", "engines", "protocols", "model"]),
    ("apps", &["shells", "networks", "engines", "protocols", "model"]),
    ("bench", &["shells", "networks", "engines", "protocols", "model"]),
    ("sim", &["networks", "engines", "protocols", "model"]),
    ("fuzz", &["networks", "engines", "protocols", "model"]),
    ("xtask", &[]),
];

/// What a test may use besides: everything pure, whatever its layer.
const PURE_FOR_TESTS: [&str; 4] = ["model", "engines", "protocols", "networks"];

/// Crates of others that pure folders may use, each with its reason. What is not here needs an
/// entry, and the reason is what a reviewer reads.
const ALLOWED: &[(&str, &str)] = &[
    ("base64", "the type `binary` of YANG is base64 text"),
    ("bytemuck", "the cached schema is read in place"),
    ("ecow", "leaf values: short ones inline, long ones shared between snapshots"),
    ("imbl", "persistent maps for trees that share structure"),
    ("quick-xml", "pull parser and writer for XML; does no I/O of its own"),
    ("regex", "patterns of YANG types, linear time whatever the pattern"),
    ("serde", "plain data crosses borders as data"),
    ("serde_json", "JSON text of RFC 7951, read and written as tokens"),
    ("sha2", "hash of a commit's parent"),
    ("thiserror", "one error enum per crate, without ceremony"),
];

const PRODUCT: [&str; 2] = ["dependencies", "build-dependencies"];
const TESTS: [&str; 1] = ["dev-dependencies"];

/// Dependencies follow the arrows.
pub(super) const ARROW: Rule = Rule {
    name: "arrow",
    way_out: "move the code to the layer that may see both, or pass the type through `model`",
    check: |tree| {
        let crates = tree.crates();
        let layer_of: BTreeMap<&str, &str> =
            crates.iter().map(|c| (c.name.as_str(), c.layer())).collect();
        let mut wrong = Vec::new();
        for dependency in crates.iter().flat_map(|c| dependencies(c, tree)) {
            let Some(to) = layer_of.get(dependency.name.as_str()) else {
                continue;
            };
            let from = dependency.from.layer();
            let is_test = TESTS.contains(&dependency.section.as_str());
            if !(may_see(from, to) || is_test && PURE_FOR_TESTS.contains(to)) {
                wrong.push(dependency.row(&format!("{from} may not depend on {to}")));
            }
        }
        wrong
    },
};

fn may_see(from: &str, to: &str) -> bool {
    ARROWS.iter().any(|(layer, seen)| *layer == from && seen.contains(&to))
}

/// Pure folders use listed crates only.
pub(super) const EXTERNAL: Rule = Rule {
    name: "external-crate",
    way_out: "do without, or list it with its reason in xtask/src/tidy/manifests.rs",
    check: |tree| {
        let crates = tree.crates();
        let is_ours = |name: &str| crates.iter().any(|c| c.name == name);
        let is_allowed = |name: &str| ALLOWED.iter().any(|(allowed, _)| *allowed == name);
        crates
            .iter()
            .filter(|c| PURE.contains(&c.layer()) || c.layer() == "networks")
            .flat_map(|c| dependencies(c, tree))
            .filter(|d| PRODUCT.contains(&d.section.as_str()))
            .filter(|d| !is_ours(&d.name) && !is_allowed(&d.name))
            .map(|d| d.row("not in the list of crates that pure folders may use"))
            .collect()
    },
};

/// Versions and features stand in the root manifest.
pub(super) const VERSION: Rule = Rule {
    name: "workspace-version",
    way_out: "name it in the root [workspace.dependencies] and write `NAME.workspace = true`",
    check: |tree| {
        let crates = tree.crates();
        crates
            .iter()
            .flat_map(|c| dependencies(c, tree))
            .filter(|d| d.value.get("workspace").and_then(Value::as_bool) != Some(true))
            .map(|d| d.row("has a version of its own"))
            .collect()
    },
};

/// The document that gives each dependency its reason and each crate its paragraph.
const ARCHITECTURE: &str = "ARCHITECTURE.md";

/// The root manifest names nothing that is not explained.
pub(super) const EXPLAINED: Rule = Rule {
    name: "explained",
    way_out: "give it a line in ARCHITECTURE.md, with its name in backquotes",
    check: |tree| {
        let text = tree.text(ARCHITECTURE).unwrap_or_default();
        let is_named = |name: &str| text.contains(&format!("`{name}`"));
        let crates = tree.crates();
        let unnamed = crates.iter().filter(|c| !is_named(&c.dir));
        let mut wrong: Vec<_> = unnamed
            .map(|c| (c.manifest_path(), 1, format!("ARCHITECTURE.md says nothing of `{}`", c.dir)))
            .collect();
        wrong.extend(shared_dependencies(tree).into_iter().filter_map(|(name, line)| {
            let is_ours = crates.iter().any(|c| c.name == name);
            let what = format!("ARCHITECTURE.md gives no reason for `{name}`");
            (!is_ours && !is_named(&name)).then_some(("Cargo.toml".to_owned(), line, what))
        }));
        wrong
    },
};

/// The root manifest names nothing that no crate uses.
pub(super) const UNUSED: Rule = Rule {
    name: "unused-dependency",
    way_out: "take the line out of the root [workspace.dependencies]",
    check: |tree| {
        let crates = tree.crates();
        let used: BTreeSet<String> =
            crates.iter().flat_map(|c| dependencies(c, tree)).map(|d| d.name).collect();
        shared_dependencies(tree)
            .into_iter()
            .filter(|(name, _)| !used.contains(name) && !crates.iter().any(|c| c.name == *name))
            .map(|(name, line)| ("Cargo.toml".to_owned(), line, format!("no crate uses `{name}`")))
            .collect()
    },
};

/// The names of the root `[workspace.dependencies]`, with their lines.
fn shared_dependencies(tree: &Tree) -> Vec<(String, usize)> {
    let text = tree.text("Cargo.toml").unwrap_or_default();
    let root: Table = text.parse().unwrap_or_default();
    let shared = root.get("workspace").and_then(|w| w.get("dependencies"));
    let names = shared.and_then(Value::as_table).into_iter().flat_map(Table::keys);
    names.map(|name| (name.clone(), line_of(text, "dependencies", name))).collect()
}

/// Every package takes the lints of the workspace.
pub(super) const LINTS: Rule = Rule {
    name: "workspace-lints",
    way_out: "add `[lints]` with `workspace = true`",
    check: |tree| {
        let has_lints = |c: &Crate| {
            let lints = c.manifest.get("lints").and_then(|lints| lints.get("workspace"));
            lints.and_then(Value::as_bool) == Some(true)
        };
        let bare = tree.crates().into_iter().filter(|c| !has_lints(c));
        bare.map(|c| (c.manifest_path(), 1, format!("`{}` has lints of its own", c.name))).collect()
    },
};

/// Clippy takes the nearest `clippy.toml` and merges nothing, so the pure folders each hold a
/// copy of one text.
pub(super) const CLIPPY: Rule = Rule {
    name: "same-clippy",
    way_out: "edit model/clippy.toml and copy it over the other two",
    check: |tree| {
        let path_of = |layer: &str| format!("{layer}/clippy.toml");
        let is_used = |layer: &str| tree.crates().iter().any(|c| c.layer() == layer);
        let first = tree.text(&path_of(PURE[0]));
        PURE.iter()
            .filter(|layer| is_used(layer))
            .filter(|layer| tree.text(&path_of(layer)).is_none_or(|text| Some(text) != first))
            .map(|layer| (path_of(layer), 1, "differs from model/clippy.toml".to_owned()))
            .collect()
    },
};

/// One entry of a dependency section.
struct Dependency<'t> {
    from: &'t Crate,
    /// `dependencies`, `dev-dependencies` or `build-dependencies`.
    section: String,
    name: String,
    value: &'t Value,
    line: usize,
}

impl Dependency<'_> {
    fn row(&self, what: &str) -> (String, usize, String) {
        (self.from.manifest_path(), self.line, format!("`{}` {what}", self.name))
    }
}

/// Every dependency of a crate, those for one target only included.
fn dependencies<'t>(from: &'t Crate, tree: &Tree) -> Vec<Dependency<'t>> {
    let text = tree.text(&from.manifest_path()).unwrap_or_default();
    let targets = from.manifest.get("target").and_then(Value::as_table);
    let per_target = targets.into_iter().flat_map(Table::values).filter_map(Value::as_table);
    let mut found = Vec::new();
    for table in std::iter::once(&from.manifest).chain(per_target) {
        for section in PRODUCT.iter().chain(&TESTS) {
            let entries = table.get(*section).and_then(Value::as_table);
            for (key, value) in entries.into_iter().flatten() {
                let renamed = value.get("package").and_then(Value::as_str);
                found.push(Dependency {
                    from,
                    section: (*section).to_owned(),
                    name: renamed.unwrap_or(key).to_owned(),
                    value,
                    line: line_of(text, section, key),
                });
            }
        }
    }
    found
}

/// The line of `key` in its section; 1 when it is written in a way this does not look for.
fn line_of(text: &str, section: &str, key: &str) -> usize {
    let mut in_section = false;
    for (at, line) in text.lines().enumerate() {
        let line = line.trim();
        if let Some(header) = line.strip_prefix('[') {
            let header = header.trim_end_matches(']');
            in_section = header.ends_with(section);
            if header.ends_with(&format!("{section}.{key}")) {
                return at + 1;
            }
        }
        let rest = line.strip_prefix(key);
        if in_section && rest.is_some_and(|rest| rest.trim_start().starts_with(['.', '='])) {
            return at + 1;
        }
    }
    1
}
