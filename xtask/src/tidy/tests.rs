use std::collections::BTreeSet;
use std::path::Path;

use super::*;

/// A small tree: paths and texts. Packages get a manifest that passes unless the case writes one.
fn tree(files: &[(&str, &str)]) -> Tree {
    let mut tree = Tree::default();
    for (path, text) in files {
        tree.files.insert((*path).to_owned(), (*text).to_owned());
        let parts: Vec<&str> = path.split('/').collect();
        let dir = match parts[..] {
            ["model" | "engines" | "protocols" | "networks" | "shells" | "apps", name, ..] => {
                format!("{}/{name}", parts[0])
            }
            ["bench" | "xtask", ..] => parts[0].to_owned(),
            _ => continue,
        };
        if parts.last() == Some(&"clippy.toml") {
            continue;
        }
        let manifest = package(dir.rsplit('/').next().unwrap(), "");
        tree.files.entry(format!("{dir}/Cargo.toml")).or_insert(manifest);
    }
    for layer in PURE {
        tree.files.entry(format!("{layer}/clippy.toml")).or_default();
    }
    let names: String = tree.crates().iter().map(|c| format!("`{}` ", c.dir)).collect();
    tree.files.entry("ARCHITECTURE.md".to_owned()).or_insert(names);
    tree
}

/// A manifest with this text for its dependencies, lints in place.
fn package(name: &str, dependencies: &str) -> String {
    format!("[package]\nname = \"{name}\"\n{dependencies}\n[lints]\nworkspace = true\n")
}

/// The findings as `file:line rule`.
fn rows(files: &[(&str, &str)]) -> Vec<String> {
    let found = findings(&tree(files));
    found.into_iter().map(|f| format!("{}:{} {}", f.file, f.line, f.rule)).collect()
}

type Case<'c> = (&'c [(&'c str, &'c str)], &'c [&'c str]);

/// Trees that break a rule, and the rows they must yield: no more, no fewer.
fn failing_cases(check: &mut dyn FnMut(Case<'_>)) {
    arrows(check);
    manifests(check);
    sources(check);
    purity(check);
    words(check);
    traces(check);
}

const LIB: &str = "//! A crate.\n";

fn arrows(check: &mut dyn FnMut(Case<'_>)) {
    let layers = [
        ("model/vocab", "engines/intent", "arrow"),
        ("engines/intent", "protocols/netconf-proto", "arrow"),
        ("protocols/netconf-proto", "engines/intent", "arrow"),
        ("engines/intent", "shells/storage", "arrow"),
        ("networks/backbone", "protocols/netconf-proto", "arrow"),
        ("shells/storage", "networks/backbone", "arrow"),
        ("shells/storage", "apps/weft", "arrow"),
        ("shells/storage", "bench", "arrow"),
        ("apps/weft", "xtask", "arrow"),
        ("xtask", "model/vocab", "arrow"),
    ];
    for (from, to, rule) in layers {
        let name = |dir: &str| dir.rsplit('/').next().unwrap().to_owned();
        let depends = format!("[dependencies]\n{}.workspace = true", name(to));
        let from_manifest = (format!("{from}/Cargo.toml"), package(&name(from), &depends));
        let to_manifest = (format!("{to}/Cargo.toml"), package(&name(to), ""));
        let row = format!("{}:4 {rule}", from_manifest.0);
        check((&[(&from_manifest.0, &from_manifest.1), (&to_manifest.0, &to_manifest.1)], &[&row]));
    }
    let engine = package("intent", "[dev-dependencies.storage]\nworkspace = true");
    check((
        &[("engines/intent/Cargo.toml", &engine), ("shells/storage/src/lib.rs", LIB)],
        &["engines/intent/Cargo.toml:3 arrow"],
    ));
}

fn manifests(check: &mut dyn FnMut(Case<'_>)) {
    let tokio = package("vocab", "[build-dependencies]\ntokio = { workspace = true }");
    let renamed =
        package("vocab", "[dependencies]\nrt = { workspace = true, package = \"tokio\" }");
    let per_target = package("vocab", "[target.'cfg(unix)'.dependencies]\ntokio.workspace = true");
    for manifest in [&tokio, &renamed, &per_target] {
        check((
            &[("model/vocab/Cargo.toml", manifest)],
            &["model/vocab/Cargo.toml:4 external-crate"],
        ));
    }
    let own_version = package("storage", "[dev-dependencies]\nserde = \"1\"");
    check((
        &[("shells/storage/Cargo.toml", &own_version)],
        &["shells/storage/Cargo.toml:4 workspace-version"],
    ));
    let root = "[workspace.dependencies]\nserde = \"1\"\ntoml = \"1\"\n";
    let uses = package("storage", "[dependencies]\nserde.workspace = true");
    check((
        &[
            ("Cargo.toml", root),
            ("shells/storage/Cargo.toml", &uses),
            ("ARCHITECTURE.md", "`shells/storage` and `toml`"),
        ],
        &["Cargo.toml:2 explained", "Cargo.toml:3 unused-dependency"],
    ));
    check((
        &[("shells/storage/src/lib.rs", LIB), ("ARCHITECTURE.md", "storage")],
        &["shells/storage/Cargo.toml:1 explained"],
    ));
    check((
        &[("shells/storage/Cargo.toml", "[package]\nname = \"storage\"\n")],
        &["shells/storage/Cargo.toml:1 workspace-lints"],
    ));
    check((
        &[
            ("model/vocab/src/lib.rs", LIB),
            ("engines/intent/src/lib.rs", LIB),
            ("model/clippy.toml", "a"),
            ("engines/clippy.toml", "b"),
        ],
        &["engines/clippy.toml:1 same-clippy"],
    ));
}

fn sources(check: &mut dyn FnMut(Case<'_>)) {
    check((
        &[
            ("shells/storage/src/lib.rs", "//! A crate.\nmod a;\nmod b { mod c; }\n"),
            ("shells/storage/src/a.rs", ""),
            ("shells/storage/src/b/c.rs", ""),
            ("shells/storage/src/d.rs", ""),
            ("shells/storage/src/a/tests.rs", ""),
        ],
        &["shells/storage/src/a/tests.rs:1 dead-file", "shells/storage/src/d.rs:1 dead-file"],
    ));
    check((
        &[("shells/storage/src/lib.rs", "mod a;"), ("shells/storage/src/a/mod.rs", "")],
        &["shells/storage/src/lib.rs:1 crate-doc"],
    ));
    let long_file = "//! A crate.\n".repeat(1_001);
    check((
        &[("shells/storage/src/lib.rs", &long_file)],
        &["shells/storage/src/lib.rs:1001 file-length"],
    ));
    let wide = format!("//! {}\n//! {}\n", "a".repeat(96), "a".repeat(97));
    check((&[("shells/storage/src/lib.rs", &wide)], &["shells/storage/src/lib.rs:2 columns"]));
    let long = format!("//! A crate.\nfn f() {{\n{}}}\n", "g();\n".repeat(69));
    let two = format!("{long}{}", long.replace("//! A crate.\n", "").replace("f()", "h()"));
    check((
        &[("shells/storage/src/lib.rs", &long)],
        &["shells/storage/src/lib.rs:2 function-length"],
    ));
    check((
        &[("shells/storage/src/lib.rs", &two), (size::RATCHET, "storage = 1\n")],
        &[
            "shells/storage/src/lib.rs:2 function-length",
            "shells/storage/src/lib.rs:73 function-length",
        ],
    ));
    check((
        &[("shells/storage/src/lib.rs", &long), (size::RATCHET, "storage = 2\n")],
        &["xtask/ratchet.toml:1 function-length"],
    ));
}

fn purity(check: &mut dyn FnMut(Case<'_>)) {
    for line in [
        "use std::{collections::BTreeMap, fs};",
        "fn f() { let now = std::time::Instant::now(); }",
        "fn f() { SystemTime::now(); }",
        "fn f() { std::net::TcpStream::connect(a); }",
        "use std::thread::{self, spawn};",
        "async fn f() {}",
        "use tokio::sync::mpsc;",
        "fn f() { rand::rng(); }",
        "fn f() { println!(\"x\"); }",
        "#[cfg(not(test))] fn f() { std::env::var(\"A\"); }",
    ] {
        let source = format!("//! A crate.\n{line}\n");
        for dir in ["model/vocab", "engines/intent", "protocols/cmis", "networks/minisys"] {
            let path = format!("{dir}/src/lib.rs");
            check((&[(&path, &source)], &[&format!("{path}:2 impure")]));
        }
    }
    check((
        &[
            ("model/vocab/src/lib.rs", "//! A crate.\nmod a;\n#[cfg(test)]\nmod tests;\n"),
            ("model/vocab/src/a.rs", "use std::fs;"),
            ("model/vocab/src/tests.rs", "use std::fs;"),
            ("model/vocab/tests/all.rs", "use std::fs;"),
            ("model/vocab/build.rs", "use std::fs;"),
        ],
        &["model/vocab/src/a.rs:1 impure"],
    ));
}

fn words(check: &mut dyn FnMut(Case<'_>)) {
    for (path, line) in [
        ("engines/intent/src/lib.rs", "// over NETCONF"),
        ("engines/intent/src/lib.rs", "struct HttpServer;"),
        ("engines/intent/src/lib.rs", "struct MyHTTPServer;"),
        ("engines/intent/src/lib.rs", "fn kafka_topic() {}"),
        ("engines/intent/src/lib.rs", "const A: &str = \"redis\";"),
        ("protocols/cmis/src/lib.rs", "struct PlanId;"),
        ("protocols/cmis/src/lib.rs", "// measures QoT"),
        ("protocols/cmis/src/lib.rs", "// once approved"),
    ] {
        let source = format!("//! A crate.\n{line}\n");
        check((&[(path, &source)], &[&format!("{path}:2 layer-word")]));
    }
    for name in ["utils", "io_helpers", "session_manager"] {
        let path = format!("shells/storage/src/{name}.rs");
        let source = format!("//! A crate.\nmod {name};\n");
        check((
            &[("shells/storage/src/lib.rs", &source), (&path, "")],
            &[&format!("{path}:1 empty-name")],
        ));
    }
}

fn traces(check: &mut dyn FnMut(Case<'_>)) {
    for line in [
        concat!("// FIX", "ME later"),
        concat!("// XX", "X"),
        concat!("fn f() { to", "do!() }"),
        concat!("fn f() { unimple", "mented!(\"x\") }"),
        concat!("fn f() { db", "g!(1); }"),
    ] {
        let source = format!("//! A crate.\n{line}\n");
        check((&[("apps/weft/src/main.rs", &source)], &["apps/weft/src/main.rs:2 leftover"]));
    }
    for line in [concat!("cd /", "home/me"), concat!("a=\"/", "tmp/x\""), concat!("</", "work/a>")]
    {
        check((&[("docs/a.md", line)], &["docs/a.md:1 machine-path"]));
    }
    for line in [concat!("https://arti", "factory.x/"), concat!("https://index.", "crates.io/")] {
        check((&[("Cargo.lock", line)], &["Cargo.lock:1 registry-host"]));
    }
}

#[test]
fn what_breaks_a_rule_is_found() {
    failing_cases(&mut |(files, expected)| assert_eq!(rows(files), expected, "{files:#?}"));
}

#[test]
fn every_rule_has_a_failing_case() {
    let mut seen = BTreeSet::new();
    failing_cases(&mut |(_, expected)| {
        seen.extend(expected.iter().filter_map(|row| Some(row.split_once(' ')?.1.to_owned())));
    });
    let all: BTreeSet<String> = RULES.iter().map(|rule| rule.name.to_owned()).collect();
    assert_eq!(seen, all);
}

#[test]
fn allowed_arrows_and_crates_are_left_alone() {
    let manifest = |name, depends: &[&str], tests: &[&str]| {
        let lines = |names: &[&str]| -> String {
            names.iter().map(|name| format!("{name}.workspace = true\n")).collect()
        };
        let sections =
            format!("[dependencies]\n{}[dev-dependencies]\n{}", lines(depends), lines(tests));
        package(name, &sections)
    };
    let files = [
        ("apps/weft/Cargo.toml", manifest("weft", &["minisys", "storage", "tokio"], &[])),
        ("shells/storage/Cargo.toml", manifest("storage", &["intent", "cmis", "tokio"], &[])),
        ("networks/minisys/Cargo.toml", manifest("minisys", &["intent", "vocab"], &[])),
        ("engines/intent/Cargo.toml", manifest("intent", &["vocab", "serde"], &["cmis", "tokio"])),
        ("protocols/cmis/Cargo.toml", manifest("cmis", &["vocab"], &["intent"])),
        ("model/vocab/Cargo.toml", manifest("vocab", &["thiserror"], &["proptest", "minisys"])),
    ];
    let files: Vec<(&str, &str)> =
        files.iter().map(|(path, text)| (*path, text.as_str())).collect();
    assert_eq!(rows(&files), [""; 0]);
}

#[test]
fn sources_that_keep_the_rules_are_left_alone() {
    let short = format!("//! A crate.\nfn f() {{\n{}}}\n", "g();\n".repeat(68));
    for (path, source) in [
        ("shells/storage/src/lib.rs", short.as_str()),
        ("shells/storage/src/lib.rs", "//! A.\nuse std::fs;\nuse std::time::Instant;\n"),
        ("model/vocab/src/lib.rs", "//! No Instant::now() here.\nuse std::time::Instant;\n"),
        ("model/vocab/src/lib.rs", "//! A.\n#[cfg(test)]\nmod t { use std::fs; }\n"),
        ("model/vocab/src/lib.rs", "//! A.\nuse std::net::IpAddr;\nuse std::io::Write;\n"),
        ("engines/intent/src/lib.rs", "//! A.\nconst NS: &str = \"http://example.org/a\";\n"),
        ("protocols/cmis/src/lib.rs", "//! An explanation of planes.\n"),
        ("docs/a.md", concat!("a/ho", "me/x, ../tmp/x, $DIR/work/x, https://a.org/tmp/")),
    ] {
        assert_eq!(rows(&[(path, source)]), [""; 0], "{path}: {source}");
    }
}

#[test]
fn files_named_by_path_or_string_are_alive() {
    let bench = "[package]\nname = \"bench\"\n[lints]\nworkspace = true\n\
                 [[bench]]\npath = \"suite/yang.rs\"\n";
    let cases: [&[(&str, &str)]; 2] = [
        &[
            ("model/yang-gen/src/lib.rs", LIB),
            ("model/yang-gen/tests/ui.rs", "fn f() { t.compile_fail(\"tests/ui/*.rs\"); }"),
            ("model/yang-gen/tests/ui/wrong.rs", "fn main() {}"),
        ],
        &[
            ("bench/Cargo.toml", bench),
            ("bench/suite/yang.rs", "#[path = \"other.rs\"]\nmod b;\n"),
            ("bench/suite/other.rs", ""),
        ],
    ];
    for files in cases {
        assert_eq!(rows(files), [""; 0], "{files:#?}");
    }
}

#[test]
fn long_strings_may_run_past_the_columns() {
    let data = format!("//! A.\nconst A: &str = \"\n{}\n\";\n", "a".repeat(200));
    let address = format!("//! See https://example.org/{}\n", "a".repeat(100));
    for text in [data, address] {
        assert_eq!(rows(&[("shells/storage/src/lib.rs", &text)]), [""; 0]);
    }
}

#[test]
fn the_ratchet_is_lowered_and_never_raised() {
    let long = format!("//! A crate.\nfn f() {{\n{}}}\n", "g();\n".repeat(69));
    let ratchet = |text| {
        let tree = tree(&[("shells/storage/src/lib.rs", &long), (size::RATCHET, text)]);
        let lowered = size::lowered_ratchet(&tree);
        lowered.lines().filter(|line| !line.starts_with('#')).collect::<Vec<_>>().join(" ")
    };
    let exact = [("shells/storage/src/lib.rs", long.as_str()), (size::RATCHET, "storage = 1\n")];
    assert_eq!(rows(&exact), [""; 0]);
    assert_eq!(ratchet("storage = 5\ngone = 3\n"), "storage = 1");
    assert_eq!(ratchet("storage = 1\n"), "storage = 1");
    assert_eq!(ratchet(""), "");
}

#[test]
fn a_finding_names_place_rule_and_way_out() {
    let found = findings(&tree(&[("shells/storage/src/lib.rs", "")]));
    assert_eq!(
        found[0].to_string(),
        "shells/storage/src/lib.rs:1: crate-doc: the crate has no documentation at its head; \
         open the file with `//!` lines that explain the crate in prose"
    );
}

#[test]
fn this_repository_is_tidy() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let found = findings(&Tree::read(root).unwrap());
    let rows: Vec<String> = found.iter().map(ToString::to_string).collect();
    assert!(rows.is_empty(), "\n{}\n", rows.join("\n"));
}
