//! A run of mutated inputs, watched from outside.
//!
//! The inputs are handed to the target in a process of its own, which writes the number of the
//! input it is at into a file. So a stack overflow, which ends a process, and a hang, which does
//! not, are found like a panic.

use std::fs::{self, File};
use std::io::{Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};

use crate::corpus::{Corpus, crash_file};
use crate::mutate::Mutator;
use crate::targets::Target;

/// Seconds for one input at most, in the development profile on a slow machine.
pub const INPUT_SECONDS_MAX: u64 = 30;
/// Findings after which a hunt ends: more of them are seldom more faults.
const FINDINGS_MAX: usize = 5;
/// How often a worker is looked at.
const GLANCE: Duration = Duration::from_millis(20);
/// Inputs between two looks of a worker at the clock.
const INPUTS_PER_LOOK: u64 = 16;

/// What to hunt.
#[derive(Clone, Copy, Debug)]
pub struct Hunt<'a> {
    /// The target.
    pub target: &'a Target,
    /// How long.
    pub time: Duration,
    /// Which inputs.
    pub seed: u64,
}

/// How an input made its target fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// It panicked, or its process ended otherwise.
    Crash,
    /// It took longer than [`INPUT_SECONDS_MAX`].
    Hang,
}

/// An input that made its target fail.
#[derive(Clone, Debug)]
pub struct Finding {
    /// How.
    pub way: Way,
    /// Its number in the run.
    pub number: u64,
    /// Where it is kept.
    pub file: PathBuf,
}

/// Runs inputs until the time is up, and tells how many there were and which of them failed.
///
/// `worker` starts the process that calls [`work`] from the given number on for the given time,
/// with the given file for its progress.
///
/// # Errors
/// When a worker cannot be started, or a file not be written.
pub fn hunt(
    hunt: Hunt<'_>,
    progress: &Path,
    worker: impl Fn(u64, Duration, &Path) -> Command,
) -> Result<(u64, Vec<Finding>)> {
    let corpus = Corpus::read(hunt.target.name)?;
    let start = Instant::now();
    let (mut next, mut findings) = (0u64, Vec::new());
    while let Some(left) = hunt.time.checked_sub(start.elapsed()) {
        fs::write(progress, next.to_le_bytes()).context("writing the file of the progress")?;
        let child = worker(next, left, progress).stdin(Stdio::null()).spawn();
        let outcome = watch(child.context("starting a worker")?, progress)?;
        let number = read_progress(progress)?;
        next = number + 1;
        let Some(way) = outcome else { break };
        findings.push(keep(hunt, &corpus, way, number)?);
        if findings.len() == FINDINGS_MAX {
            break;
        }
    }
    Ok((next, findings))
}

/// Waits for a worker; how it failed, if it did.
fn watch(mut child: Child, progress: &Path) -> Result<Option<Way>> {
    let mut seen = (read_progress(progress)?, Instant::now());
    loop {
        if let Some(status) = child.try_wait().context("waiting for a worker")? {
            return Ok((!status.success()).then_some(Way::Crash));
        }
        let number = read_progress(progress)?;
        if number != seen.0 {
            seen = (number, Instant::now());
        } else if seen.1.elapsed() > Duration::from_secs(INPUT_SECONDS_MAX) {
            child.kill().context("ending a worker that hangs")?;
            child.wait().context("waiting for a worker")?;
            return Ok(Some(Way::Hang));
        }
        thread::sleep(GLANCE);
    }
}

fn keep(hunt: Hunt<'_>, corpus: &Corpus, way: Way, number: u64) -> Result<Finding> {
    let file = crash_file(hunt.target.name, hunt.seed, number);
    let writing = || format!("writing {}", file.display());
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder).with_context(writing)?;
    }
    fs::write(&file, mutator(hunt, corpus).input(number)).with_context(writing)?;
    Ok(Finding { way, number, file })
}

fn mutator<'a>(hunt: Hunt<'a>, corpus: &'a Corpus) -> Mutator<'a> {
    Mutator { corpus: &corpus.entries, dictionary: hunt.target.dictionary, seed: hunt.seed }
}

fn read_progress(file: &Path) -> Result<u64> {
    let bytes = fs::read(file).context("reading the file of the progress")?;
    let number = bytes.first_chunk().context("the file of the progress is cut")?;
    Ok(u64::from_le_bytes(*number))
}

/// The worker's part: runs the target on the inputs from this number on, until the time is up.
///
/// # Errors
/// When the corpus cannot be read or the progress not be written.
pub fn work(hunt: Hunt<'_>, from: u64, progress: &Path) -> Result<()> {
    let corpus = Corpus::read(hunt.target.name)?;
    let mutator = mutator(hunt, &corpus);
    let mut file = File::options().write(true).open(progress).context("opening the progress")?;
    let start = Instant::now();
    for number in from.. {
        file.seek(SeekFrom::Start(0)).context("writing the progress")?;
        file.write_all(&number.to_le_bytes()).context("writing the progress")?;
        (hunt.target.run)(&mutator.input(number));
        if number % INPUTS_PER_LOOK == 0 && start.elapsed() > hunt.time {
            break;
        }
    }
    Ok(())
}
