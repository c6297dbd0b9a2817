//! `cargo run -p fuzz -- TARGET`: hunts for inputs that make a target fail.

use std::path::PathBuf;
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use clap::Parser;
use fuzz::{Hunt, TARGETS, Target, Way};

/// Throws mutated inputs at the readers of foreign bytes.
#[derive(Parser, Debug)]
struct Arguments {
    /// Which target; `all` for one after the other.
    target: String,
    /// Files to run the target on once, instead of a hunt.
    files: Vec<PathBuf>,
    /// How long to hunt, per target.
    #[arg(long, default_value_t = 60)]
    seconds: u64,
    /// Which inputs to make; the same seed makes the same.
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// For the process that runs the target: the number of its first input.
    #[arg(long, hide = true, requires = "progress")]
    from: Option<u64>,
    /// For the same: where it tells how far it is.
    #[arg(long, hide = true)]
    progress: Option<PathBuf>,
}

fn main() -> Result<ExitCode> {
    let arguments = Arguments::parse();
    let chosen: Vec<&Target> = TARGETS
        .iter()
        .filter(|target| arguments.target == "all" || arguments.target == target.name)
        .collect();
    if chosen.is_empty() {
        eprintln!("no target `{}`; there are:", arguments.target);
        for target in TARGETS {
            eprintln!("  {:18} {}", target.name, target.reads);
        }
        return Ok(ExitCode::FAILURE);
    }
    let mut failed = false;
    for target in chosen {
        let hunt =
            Hunt { target, time: Duration::from_secs(arguments.seconds), seed: arguments.seed };
        match (&arguments.files[..], arguments.from, &arguments.progress) {
            ([], Some(from), Some(progress)) => fuzz::work(hunt, from, progress)?,
            ([], ..) => failed |= watched(hunt)?,
            (files, ..) => replay(target, files)?,
        }
    }
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn replay(target: &Target, files: &[PathBuf]) -> Result<()> {
    for file in files {
        let input = std::fs::read(file).with_context(|| format!("reading {}", file.display()))?;
        println!("{} {}", target.name, file.display());
        let start = Instant::now();
        (target.run)(&input);
        println!("  held, in {:?}", start.elapsed());
    }
    Ok(())
}

/// Hunts, prints what was found, and tells whether anything was.
fn watched(hunt: Hunt<'_>) -> Result<bool> {
    let own = std::env::current_exe().context("looking for the own program")?;
    let name = hunt.target.name;
    let progress = std::env::temp_dir().join(format!("weft-fuzz-{name}-{}", std::process::id()));
    let (inputs, findings) = fuzz::hunt(hunt, &progress, |from, time, progress| {
        let mut command = Command::new(&own);
        command.args([name, "--seed", &hunt.seed.to_string(), "--from", &from.to_string()]);
        command.args(["--seconds", &time.as_secs().to_string(), "--progress"]).arg(progress);
        command
    })?;
    // Nobody needs it any more; if it cannot be removed, nothing is lost.
    let _ = std::fs::remove_file(&progress);
    println!("{name}: {inputs} inputs, seed {}, {} failed", hunt.seed, findings.len());
    for finding in &findings {
        let what = match finding.way {
            Way::Crash => "crashed",
            Way::Hang => "hung",
        };
        println!("  input {} {what}; it is kept and can be replayed:", finding.number);
        println!("    cargo run -p fuzz -- {name} {}", finding.file.display());
    }
    Ok(!findings.is_empty())
}
