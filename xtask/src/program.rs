//! Building and starting the programs of this workspace: `weft demo` and the benchmarks.

use std::ffi::OsString;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use anyhow::{Context as _, Result, bail};

/// The cargo that started this program, so that both are of one toolchain.
pub(crate) fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo")))
}

/// `cargo demo [--release] [-- ARGS]`: builds `weft`, then becomes `weft demo ARGS`.
///
/// The development profile is the default: it is what tests leave built.
///
/// # Errors
/// A build that failed, or a program that ended badly.
pub(crate) fn demo(root: &Path, args: &[String]) -> Result<()> {
    let (own, handed_on) = split(args);
    let (release, handed_on) = take_flag("--release", &own, handed_on);
    build_and_run(root, "weft", release, &[&["demo".to_owned()], &handed_on[..]].concat())
}

/// `cargo bench-weft [NAME] [-- ARGS]`: builds the benchmarks in release and runs them.
///
/// # Errors
/// A build that failed, or a benchmark that did.
pub(crate) fn bench(root: &Path, args: &[String]) -> Result<()> {
    let (own, handed_on) = split(args);
    build_and_run(root, "bench", true, &[own, handed_on].concat())
}

/// What the benchmarks say of themselves, or nothing when they do not build or know no `--help`.
pub(crate) fn bench_help(root: &Path) -> Option<String> {
    let mut command = cargo();
    command.current_dir(root).args(["run", "--quiet", "--package", "bench", "--", "--help"]);
    let output = command.output().ok().filter(|output| output.status.success())?;
    String::from_utf8(output.stdout).ok()
}

/// The arguments before and after the first `--`.
fn split(args: &[String]) -> (Vec<String>, Vec<String>) {
    match args.iter().position(|arg| arg == "--") {
        Some(at) => (args[..at].to_vec(), args[at + 1..].to_vec()),
        None => (args.to_vec(), Vec::new()),
    }
}

/// Takes `flag` out of `own`; everything else is for the program.
fn take_flag(flag: &str, own: &[String], handed_on: Vec<String>) -> (bool, Vec<String>) {
    let others = own.iter().filter(|arg| *arg != flag).cloned();
    (own.iter().any(|arg| arg == flag), others.chain(handed_on).collect())
}

/// The program runs where the user stands; only the build belongs to the workspace.
fn build_and_run(root: &Path, package: &str, release: bool, args: &[String]) -> Result<()> {
    let manifest = root.join("Cargo.toml");
    let cargo_task = |task: &str| {
        let mut command = cargo();
        command.arg(task).args(["--package", package, "--manifest-path"]).arg(&manifest);
        if release {
            command.arg("--release");
        }
        command
    };
    let profile = if release { "release" } else { "dev" };
    eprintln!("building {package} ({profile} profile)");
    let start = Instant::now();
    let built = cargo_task("build").status().context("starting cargo")?;
    if !built.success() {
        bail!("{package} does not build");
    }
    eprintln!(
        "built in {:.1} s; starting: {package} {}",
        start.elapsed().as_secs_f64(),
        args.join(" ")
    );
    let mut command = cargo_task("run");
    command.args(["--quiet", "--"]).args(args);
    replace_with(command)
}

/// Becomes the program where the system can, so that signals and the terminal reach it alone.
#[cfg(unix)]
fn replace_with(mut command: Command) -> Result<()> {
    use std::os::unix::process::CommandExt as _;
    Err(command.exec()).context("starting cargo")
}

#[cfg(not(unix))]
fn replace_with(mut command: Command) -> Result<()> {
    let status = command.status().context("starting cargo")?;
    if status.success() { Ok(()) } else { bail!("{status}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strings(words: &str) -> Vec<String> {
        words.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn the_first_separator_is_dropped() {
        for (given, own, handed_on) in [
            ("", "", ""),
            ("-- --once", "", "--once"),
            ("--once", "--once", ""),
            ("yang -- --smoke -- x", "yang", "--smoke -- x"),
        ] {
            assert_eq!(split(&strings(given)), (strings(own), strings(handed_on)), "{given}");
        }
    }

    #[test]
    fn a_flag_of_ours_is_not_handed_on() {
        let taken = take_flag("--release", &strings("--release --once"), strings("--release"));
        assert_eq!(taken, (true, strings("--once --release")));
    }
}
