//! What the figures were measured on, and measuring itself.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Root of the repository.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map_or_else(PathBuf::new, Path::to_path_buf)
}

/// The supplied test data; `None` where it is absent.
pub(crate) fn vectors() -> Option<PathBuf> {
    let vectors = root().join("../shared/vectors");
    vectors.is_dir().then_some(vectors)
}

/// The processor, its cores, and the commit, in a line.
pub(crate) fn describe() -> String {
    let cpuinfo = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpuinfo.lines().find_map(|line| line.strip_prefix("model name\t: "));
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let commit = Command::new("git").args(["rev-parse", "--short", "HEAD"]).output();
    let commit = commit.map(|out| String::from_utf8_lossy(&out.stdout).trim().to_owned());
    format!("{}, {cores} cores, commit {}", model.unwrap_or("?"), commit.unwrap_or_default())
}

/// Peak resident memory of this process so far, in bytes.
pub(crate) fn peak_memory() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    kib.unwrap_or(0) * 1024
}

/// Wall time of a program that succeeds, and its peak memory in bytes; `None` when it is not
/// there or fails.
pub(crate) fn peer(command: &mut Command) -> Option<(Duration, u64)> {
    let time = Path::new("/usr/bin/time");
    let mut timed;
    let command = if time.exists() {
        timed = Command::new(time);
        timed.args(["-f", "peak %M"]).arg(command.get_program()).args(command.get_args());
        if let Some(folder) = command.get_current_dir() {
            timed.current_dir(folder);
        }
        &mut timed
    } else {
        command
    };
    let start = Instant::now();
    let out = command.stdout(Stdio::null()).stdin(Stdio::null()).output().ok()?;
    let took = start.elapsed();
    let text = String::from_utf8_lossy(&out.stderr);
    let peak = text.lines().rev().find_map(|line| line.strip_prefix("peak ")?.parse::<u64>().ok());
    out.status.success().then(|| (took, peak.unwrap_or(0) * 1024))
}

/// The program `pyang`, from the checks' virtual environment or the path.
pub(crate) fn pyang() -> PathBuf {
    let own = root().join("target/ci-venv/bin/pyang");
    if own.exists() { own } else { PathBuf::from("pyang") }
}
