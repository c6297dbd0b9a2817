//! Runs seeds and tells a line for each.

use std::process::ExitCode;

use clap::Parser;

/// Runs a controller in a world that a seed decides.
#[derive(Debug, Parser)]
struct Arguments {
    /// The first seed.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many seeds, counting up.
    #[arg(long, default_value_t = 1)]
    seeds: u64,
    /// Steps with faults, before they stop.
    #[arg(long, default_value_t = 400)]
    steps: u64,
    /// Run both ends of device sessions instead of a controller.
    #[arg(long)]
    sessions: bool,
    /// Print every event.
    #[arg(long)]
    verbose: bool,
    /// Print failures only.
    #[arg(long)]
    quiet: bool,
}

fn main() -> ExitCode {
    let Arguments { seed, seeds, steps, sessions, verbose, quiet } = Arguments::parse();
    let mut failed = Vec::new();
    for seed in (seed..).take(usize::try_from(seeds).unwrap_or(usize::MAX)) {
        let verdict = match sessions {
            true => sim::run_sessions(seed, steps, verbose),
            false => sim::run(seed, steps, verbose),
        };
        if verdict.failure.is_some() {
            failed.push(seed);
        }
        if verdict.failure.is_some() || !quiet {
            println!("{verdict}");
        }
    }
    if failed.is_empty() {
        return ExitCode::SUCCESS;
    }
    println!("{} of {seeds} seeds failed: {failed:?}", failed.len());
    ExitCode::FAILURE
}
