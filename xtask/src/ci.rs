//! `cargo ci`: what a merge runs, step by step, each timed, with one table at the end.
//!
//! A step that fails does not stop those after it: one run tells everything that is wrong.
//! What this machine lacks is named in one line and its step counts as skipped, not as passed.

mod prepare;
mod step;

use std::path::Path;

use anyhow::{Result, bail};

use self::step::{Command, Outcome, Table};
use crate::{program, tidy, tree::Tree};

/// Runs every step, or those whose names are given.
///
/// # Errors
/// The names of the steps that failed, or of those that do not exist.
pub(crate) fn run(root: &Path, only: &[String]) -> Result<()> {
    let mut table = Table::new(only);
    table.step("tools", |_| Outcome::Passed(prepare::missing_tools(root)));
    table.step("prepare", |limit| Outcome::Passed(prepare::parts(root, limit)));
    formatting_and_lints(root, &mut table);
    table.step("tidy", |_| Outcome::of(tidy::run(root, &[])));
    table.step("test", |limit| {
        let mut command = Command::cargo(root, "test --workspace --no-fail-fast");
        if let Some(python) = prepare::python(root) {
            command = command.env("WEFT_VENV", python);
        }
        command.run(limit)
    });
    table.step("doc", |limit| {
        Command::cargo(root, "doc --workspace --no-deps --document-private-items --quiet")
            .env("RUSTDOCFLAGS", "-Dwarnings")
            .run(limit)
    });
    table.step("deny", |limit| deny(root, limit));
    table.step("demo", |limit| {
        Command::cargo(root, "run --quiet --package weft -- demo --once").run(limit)
    });
    table.step("bench-smoke", |limit| bench_smoke(root, limit));
    table.print();
    if let [unknown, ..] = table.unknown()[..] {
        bail!("no step `{unknown}`; a run without names shows all of them");
    }
    match table.failed() {
        failed if failed.is_empty() => Ok(()),
        failed => bail!("failed: {}", failed.join(", ")),
    }
}

/// Clippy runs twice: over everything with the calls that only product code must avoid allowed,
/// because a test may read its data and look at the clock; then over the pure crates without
/// their tests, where nothing is allowed.
fn formatting_and_lints(root: &Path, table: &mut Table) {
    table.step("fmt", |limit| match prepare::has_cargo_tool(root, "fmt") {
        true => Command::cargo(root, "fmt --all --check").run(limit),
        false => Outcome::Skipped("rustfmt is missing".to_owned()),
    });
    if !prepare::has_cargo_tool(root, "clippy") {
        table.step("clippy", |_| Outcome::Skipped("clippy is missing".to_owned()));
        return;
    }
    table.step("clippy", |limit| {
        let arguments =
            "clippy --workspace --all-targets -- -D warnings -A clippy::disallowed_methods";
        Command::cargo(root, arguments).run(limit)
    });
    table.step("clippy-pure", |limit| {
        let tree = match Tree::read(root) {
            Ok(tree) => tree,
            Err(error) => return Outcome::Failed(format!("{error:#}")),
        };
        let crates = tree.crates();
        let pure = crates.iter().filter(|c| tidy::PURE.contains(&c.layer()));
        let packages: String = pure.map(|c| format!(" --package {}", c.name)).collect();
        Command::cargo(root, &format!("clippy --lib{packages} -- -D warnings")).run(limit)
    });
}

/// Advisories need a database from the network; without it the rest is still worth checking.
fn deny(root: &Path, limit: step::Limit) -> Outcome {
    if !prepare::has_cargo_tool(root, "deny") {
        return Outcome::Skipped("cargo-deny is missing".to_owned());
    }
    match Command::cargo(root, "deny fetch db").run(limit) {
        Outcome::Passed(_) => Command::cargo(root, "deny check").run(limit),
        _ => match Command::cargo(root, "deny check bans licenses sources").run(limit) {
            Outcome::Passed(_) => Outcome::Passed("advisories skipped: no database".to_owned()),
            other => other,
        },
    }
}

/// The benchmarks on their smallest inputs, in the profile that is already built.
fn bench_smoke(root: &Path, limit: step::Limit) -> Outcome {
    if program::bench_help(root).is_none_or(|help| !help.contains("--smoke")) {
        return Outcome::Skipped("the benchmarks offer no --smoke".to_owned());
    }
    Command::cargo(root, "run --quiet --package bench -- --smoke").run(limit)
}
