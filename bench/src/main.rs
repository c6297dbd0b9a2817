//! Benchmarks that anyone can run: `cargo bench-weft [NAME] [-- --smoke]`.
//!
//! Each prints a table; a whole run is kept in `bench/RESULTS.md` with machine and commit. Where a
//! peer does the same work on the same machine it is run in the same go, and the ratio counts.

mod data;
mod machine;
mod network;
mod table;
mod transforms;
mod yang_sets;

use clap::{Parser, ValueEnum};

use crate::table::Report;

/// The allocator of the product.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Which benchmark.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Name {
    /// YANG compilation beside yanglint and pyang.
    Yang,
    /// Instance data beside yanglint.
    Data,
    /// Service transactions, and commits into networks of growing size.
    Transforms,
}

/// Benchmarks of Weft.
#[derive(Parser, Debug)]
struct Arguments {
    /// Which one; all when not given.
    name: Option<Name>,
    /// The smallest input of each: shows that it works, measures nothing.
    #[arg(long)]
    smoke: bool,
    /// Write the tables to bench/RESULTS.md.
    #[arg(long)]
    keep: bool,
}

fn main() -> anyhow::Result<()> {
    // Parts that run in a process of their own, for its peak memory.
    for child in [transforms::child, yang_sets::child] {
        if let Some(answer) = child(std::env::args()) {
            return answer;
        }
    }
    let arguments = Arguments::parse();
    let wanted = |name| arguments.name.is_none_or(|wanted| wanted == name);
    let mut report = Report::new(arguments.smoke);
    if wanted(Name::Yang) {
        yang_sets::run(&mut report)?;
    }
    if wanted(Name::Data) {
        data::run(&mut report)?;
    }
    if wanted(Name::Transforms) {
        transforms::run(&mut report)?;
    }
    if arguments.keep && !arguments.smoke {
        report.keep()?;
    }
    Ok(())
}
