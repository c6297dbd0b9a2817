//! A disk that takes bytes and then refuses to confirm them. `strace` makes the calls fail.

use std::process::{Command, Stdio};

use storage::Error;

use crate::{draft, open, process};

const ATTEMPTS: u64 = 30;

#[test]
#[ignore = "child of what_was_not_confirmed_does_not_come_back"]
fn attempting_child() {
    let Some(directory) = process::directory() else {
        return;
    };
    let store = open(&directory);
    println!("\nopened");
    for attempt in 0..ATTEMPTS {
        match store.append_draft(draft(vec![attempt as u8; 5_000])) {
            Ok(_) => println!("\ntold {attempt}"),
            Err(Error::Disk { .. }) => println!("\nfailed {attempt}"),
            Err(Error::InDoubt { .. }) => println!("\ndoubted {attempt}"),
            Err(error) => panic!("{error:?}"),
        }
    }
    println!("\nend");
    // Nothing is closed: the next opening finds what a crash would leave.
    std::process::abort();
}

/// The outcomes of a child whose `when`-th calls to flush fail; `None` when they cannot be made to.
fn outcomes(directory: &std::path::Path, when: &str) -> Option<Vec<(String, u8)>> {
    let child = process::child("failing_disk::attempting_child", directory);
    let inject = format!("inject=fsync,fdatasync:error=EIO:when={when}");
    let mut strace = Command::new("strace");
    strace.args(["-f", "-o"]).arg(directory.with_extension("trace"));
    strace.args(["-e", "trace=fsync,fdatasync", "-e", &inject]).arg(child.get_program());
    strace.args(child.get_args());
    strace.envs(child.get_envs().filter_map(|(key, value)| Some((key, value?))));
    let output = strace.stdin(Stdio::null()).output().ok()?;
    let text = String::from_utf8(output.stdout).unwrap();
    let lines: Vec<_> = text.lines().collect();
    if !lines.contains(&"opened") {
        return None;
    }
    assert!(lines.contains(&"end"), "{text}{}", String::from_utf8_lossy(&output.stderr));
    let outcome = |line: &str| {
        let (what, attempt) = line.split_once(' ')?;
        ["told", "failed", "doubted"].contains(&what).then_some(())?;
        Some((what.to_owned(), attempt.parse().ok()?))
    };
    Some(lines.into_iter().filter_map(outcome).collect())
}

#[test]
fn what_was_not_confirmed_does_not_come_back() {
    let parent = tempfile::tempdir().unwrap();
    let (mut failed, mut doubted, mut ran) = (0, 0, 0);
    // The first calls belong to the opening, which fails whole; then one call, or all from one on.
    for round in 4..20 {
        for when in [format!("{round}"), format!("{round}+"), format!("{round}+3")] {
            let directory = parent.path().join(&when);
            let Some(outcomes) = outcomes(&directory, &when) else {
                continue;
            };
            ran += 1;
            assert_eq!(outcomes.len() as u64, ATTEMPTS, "{when}");
            let of = |what: &str| outcomes.iter().filter(|(found, _)| found == what).count();
            failed += of("failed");
            doubted += of("doubted");
            let found: Vec<u8> =
                open(&directory).records(1).map(|record| record.unwrap().payload[0]).collect();
            let mut possible = outcomes.iter().filter(|(what, attempt)| {
                what == "told" || what == "doubted" && found.contains(attempt)
            });
            assert!(
                found.iter().all(|found| possible.next().is_some_and(|(_, at)| at == found))
                    && possible.next().is_none(),
                "{when}: {outcomes:?} left {found:?}"
            );
        }
    }
    if ran == 0 {
        println!("skipped: no strace that may trace");
        return;
    }
    println!("{ran} disks: {failed} writes failed, {doubted} were in doubt");
    assert!(failed > 0 && doubted > 0);
}
