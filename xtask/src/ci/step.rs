//! Running a step: a name, a time limit, an outcome, a row in the table.

use std::ffi::OsStr;
use std::path::Path;
use std::process;
use std::time::{Duration, Instant};

use anyhow::Result;

/// How long one step may take before it is ended and counts as failed. The longest, a first
/// build, takes a few minutes on two free cores.
const STEP_LIMIT: Duration = Duration::from_secs(40 * 60);
/// How long all of them may take together; what begins later is ended at once.
const TOTAL_LIMIT: Duration = Duration::from_secs(80 * 60);
/// How often a running step is looked at.
const POLL: Duration = Duration::from_millis(20);

/// When a step must be over.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limit {
    deadline: Instant,
}

/// How a step ended, with a remark for the table.
#[derive(Debug)]
pub(super) enum Outcome {
    Passed(String),
    Skipped(String),
    Failed(String),
}

impl Outcome {
    pub(super) fn of(result: Result<()>) -> Self {
        match result {
            Ok(()) => Self::Passed(String::new()),
            Err(error) => Self::Failed(format!("{error:#}")),
        }
    }

    fn parts(&self) -> (&'static str, &str) {
        match self {
            Self::Passed(remark) => ("ok", remark),
            Self::Skipped(remark) => ("skipped", remark),
            Self::Failed(remark) => ("FAILED", remark),
        }
    }
}

/// The steps so far.
#[derive(Debug)]
pub(super) struct Table<'a> {
    /// The names asked for; none: all.
    only: &'a [String],
    end: Instant,
    names: Vec<&'static str>,
    rows: Vec<(&'static str, Outcome, Duration)>,
}

impl<'a> Table<'a> {
    pub(super) fn new(only: &'a [String]) -> Self {
        Self { only, end: Instant::now() + TOTAL_LIMIT, names: Vec::new(), rows: Vec::new() }
    }

    /// Runs `work` under its name, when it is asked for, and keeps what came of it.
    pub(super) fn step(&mut self, name: &'static str, work: impl FnOnce(Limit) -> Outcome) {
        self.names.push(name);
        if !self.only.is_empty() && !self.only.iter().any(|wanted| wanted == name) {
            return;
        }
        println!("\n=== {name}");
        let start = Instant::now();
        let outcome = work(Limit { deadline: self.end.min(start + STEP_LIMIT) });
        let took = start.elapsed();
        let (word, remark) = outcome.parts();
        println!("=== {name}: {word} in {:.1} s {remark}", took.as_secs_f64());
        self.rows.push((name, outcome, took));
    }

    pub(super) fn print(&self) {
        println!("\n{:<12} {:<8} {:>8}", "step", "result", "seconds");
        for (name, outcome, took) in &self.rows {
            let (word, remark) = outcome.parts();
            let row = format!("{name:<12} {word:<8} {:>8.1}  {remark}", took.as_secs_f64());
            println!("{}", row.trim_end());
        }
        let total: Duration = self.rows.iter().map(|(_, _, took)| took).sum();
        println!("{:<12} {:<8} {:>8.1}", "total", "", total.as_secs_f64());
    }

    /// The names asked for that no step has.
    pub(super) fn unknown(&self) -> Vec<&'a str> {
        let unknown = self.only.iter().filter(|name| !self.names.contains(&name.as_str()));
        unknown.map(String::as_str).collect()
    }

    /// The names of the steps that failed.
    pub(super) fn failed(&self) -> Vec<&'static str> {
        let failed =
            self.rows.iter().filter(|(_, outcome, _)| matches!(outcome, Outcome::Failed(_)));
        failed.map(|(name, _, _)| *name).collect()
    }
}

/// A program to run with the terminal of this one.
pub(super) struct Command {
    inner: process::Command,
    shown: String,
}

impl Command {
    /// The cargo that started this program, in the workspace. Arguments are split at spaces.
    pub(super) fn cargo(root: &Path, arguments: &str) -> Self {
        let mut inner = crate::program::cargo();
        inner.current_dir(root).args(arguments.split_whitespace());
        Self { inner, shown: format!("cargo {arguments}") }
    }

    /// Any other program.
    pub(super) fn program(name: &str, arguments: &[&str]) -> Self {
        let mut inner = process::Command::new(name);
        inner.args(arguments);
        Self { inner, shown: format!("{name} {}", arguments.join(" ")) }
    }

    pub(super) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.inner.env(name, value);
        self
    }

    /// Runs it to its end, or to the limit, where it is ended.
    pub(super) fn run(mut self, limit: Limit) -> Outcome {
        println!("$ {}", self.shown);
        let mut child = match self.inner.stdin(process::Stdio::null()).spawn() {
            Ok(child) => child,
            Err(error) => return Outcome::Failed(format!("`{}`: {error}", self.shown)),
        };
        loop {
            match child.try_wait() {
                Ok(Some(status)) if status.success() => return Outcome::Passed(String::new()),
                Ok(Some(status)) => return Outcome::Failed(status.to_string()),
                Err(error) => return Outcome::Failed(error.to_string()),
                Ok(None) if Instant::now() < limit.deadline => std::thread::sleep(POLL),
                Ok(None) => {
                    end(&mut child);
                    return Outcome::Failed("not over at its time limit, so ended".to_owned());
                }
            }
        }
    }
}

/// Ends a program and everything it started, so that no later step competes with what is left.
fn end(child: &mut process::Child) {
    let mut all = vec![child.id().to_string()];
    let mut at = 0;
    while let Some(parent) = all.get(at) {
        all.extend(children(parent));
        at += 1;
    }
    // Any of them may be over by now, which is what is wanted.
    let _ = process::Command::new("kill").arg("-KILL").args(&all[1..]).output();
    let _ = child.kill();
    let _ = child.wait();
}

/// The children of a process, whichever of its threads started them; none where the system has no
/// such folder.
fn children(parent: &str) -> Vec<String> {
    let threads = std::fs::read_dir(format!("/proc/{parent}/task")).into_iter().flatten().flatten();
    let lists = threads.filter_map(|t| std::fs::read_to_string(t.path().join("children")).ok());
    lists.flat_map(|list| list.split_whitespace().map(str::to_owned).collect::<Vec<_>>()).collect()
}

impl Limit {
    /// The same limit, or an earlier one.
    pub(super) fn at_most(self, duration: Duration) -> Self {
        Self { deadline: self.deadline.min(Instant::now() + duration) }
    }

    pub(super) fn is_over(self) -> bool {
        Instant::now() >= self.deadline
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn within(duration: Duration) -> Limit {
        Limit { deadline: Instant::now() + duration }
    }

    #[test]
    fn outcomes_follow_the_exit_code() {
        let limit = within(Duration::from_secs(60));
        assert!(matches!(Command::program("true", &[]).run(limit), Outcome::Passed(_)));
        assert!(matches!(Command::program("false", &[]).run(limit), Outcome::Failed(_)));
        let absent = Command::program("no-such-program-anywhere", &[]).run(limit);
        assert!(matches!(absent, Outcome::Failed(why) if why.contains("no-such-program")));
    }

    #[test]
    fn a_step_that_hangs_is_ended() {
        let start = Instant::now();
        let limit = within(Duration::from_millis(50));
        assert!(matches!(Command::program("sleep", &["60"]).run(limit), Outcome::Failed(_)));
        assert!(start.elapsed() < Duration::from_secs(30));
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn what_a_hanging_step_started_is_ended_too() {
        let note = std::env::temp_dir().join(format!("xtask-step-{}", process::id()));
        let script = format!("sleep 60 & echo $! > {}; wait", note.display());
        let outcome = Command::program("sh", &["-c", &script]).run(within(Duration::from_secs(1)));
        assert!(matches!(outcome, Outcome::Failed(_)));
        let grandchild = std::fs::read_to_string(&note).expect("the script wrote it");
        std::fs::remove_file(&note).expect("the note is ours");
        let command_line = format!("/proc/{}/cmdline", grandchild.trim());
        let is_running = || std::fs::read(&command_line).is_ok_and(|line| !line.is_empty());
        let start = Instant::now();
        while is_running() {
            assert!(start.elapsed() < Duration::from_secs(10), "the grandchild is alive");
            std::thread::sleep(POLL);
        }
    }

    #[test]
    fn a_failure_does_not_stop_what_follows() {
        let mut table = Table::new(&[]);
        table.step("a", |_| Outcome::Failed(String::new()));
        table.step("b", |_| Outcome::Skipped(String::new()));
        table.step("c", |_| Outcome::Passed(String::new()));
        assert_eq!(table.rows.len(), 3);
        assert_eq!(table.failed(), ["a"]);
    }

    #[test]
    fn named_steps_run_alone_and_must_exist() {
        let only = ["b".to_owned(), "z".to_owned()];
        let mut table = Table::new(&only);
        table.step("a", |_| Outcome::Failed(String::new()));
        table.step("b", |_| Outcome::Passed(String::new()));
        assert_eq!((table.rows.len(), table.failed(), table.unknown()), (1, vec![], vec!["z"]));
    }
}
