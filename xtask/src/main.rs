//! Everything this repository automates, as one small Rust program behind four cargo aliases.
//!
//! `cargo ci` is the whole check, line for line what a merge runs; `cargo demo` builds `weft` and
//! starts its demonstration; `cargo bench-weft` runs the benchmarks in release; `cargo tidy` reads
//! the tree and enforces the rules of ARCHITECTURE.md and STYLE.md that a compiler cannot.
//! It stays light on purpose: the other commands wait until this one is compiled.

mod ci;
mod program;
mod source;
mod tidy;
mod tree;

use std::path::Path;
use std::process::ExitCode;

const USAGE: &str = "\
cargo ci [STEP..]                    everything a merge runs, with a table of results
cargo demo [--release] [-- ARGS]     build weft and run `weft demo ARGS`
cargo bench-weft [NAME] [-- ARGS]    build the benchmarks in release and run them
cargo tidy [--lower]                 the rules of the tree; --lower writes a better ratchet";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let (task, rest) = args.split_first().map_or(("help", &args[..]), |(t, r)| (t.as_str(), r));
    let root = root();
    let outcome = match task {
        "ci" => ci::run(&root, rest),
        "demo" => program::demo(&root, rest),
        "bench" => program::bench(&root, rest),
        "tidy" => tidy::run(&root, rest),
        "help" | "--help" | "-h" => {
            println!("{USAGE}");
            Ok(())
        }
        other => Err(anyhow::anyhow!("no task `{other}`\n{USAGE}")),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// The workspace root: the folder above this package, wherever the checkout was put.
fn root() -> std::path::PathBuf {
    let manifest_dir = std::env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), std::path::PathBuf::from);
    manifest_dir.parent().unwrap_or_else(|| Path::new(".")).to_path_buf()
}
