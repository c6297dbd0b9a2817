//! Killed at any moment, nothing that was told is lost and nothing is half there.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use storage::{Head, LogRecord, Options, Store, Write};

use crate::{draft, open, process};

const ROUNDS: usize = 200;
/// A fresh directory now and then: the first opening is killed too, and reading stays quick.
const ROUNDS_PER_DIRECTORY: usize = 20;
const IN_FLIGHT: usize = 8;

/// What the record of a generation holds; some spill over several pages.
fn payload(generation: u64) -> Vec<u8> {
    let length = match generation % 11 {
        0 => 20_000 + generation as usize % 7_000,
        small => small as usize * 37,
    };
    (0..length).map(|at| (at as u64 * 31 + generation) as u8).collect()
}

#[test]
#[ignore = "child of killed_at_any_moment_nothing_told_is_lost"]
fn appending_child() {
    let Some(directory) = process::directory() else {
        return;
    };
    let options = Options { checkpoint_bytes: 300_000, ..Options::default() };
    let store = Store::open(&directory, &options).unwrap();
    let mut head = store.head();
    let mut tickets = std::collections::VecDeque::new();
    loop {
        let record = LogRecord::after(head, draft(payload(head.generation + 1)));
        head = record.head();
        let fact = head.generation.to_be_bytes();
        let write = Write::new().append(record).set_fact("generation", fact);
        tickets.push_back(store.submit(write).unwrap());
        if tickets.len() > IN_FLIGHT {
            let receipt = tickets.pop_front().unwrap().wait().unwrap();
            let told = receipt.head.generation;
            tell("ack", told);
            if told % 16 == 0 {
                store.put_snapshot(told, "tree", &[&payload(told)]).unwrap();
                tell("snapshot", told);
            }
        }
    }
}

/// In one write, so that a killed process leaves whole lines.
fn tell(what: &str, generation: u64) {
    let line = format!("\n{what} {generation}\n");
    std::io::stdout().lock().write_all(line.as_bytes()).unwrap();
}

/// The last generation and the last snapshot that a child told before it was killed.
#[derive(Debug, Default, Clone, Copy)]
struct Told {
    ack: u64,
    snapshot: u64,
}

/// Starts a child, kills it at a random moment, from its first instruction on or from its first
/// success on.
fn killed(directory: &Path, random: &mut StdRng) -> Told {
    let mut child = process::child("crash::appending_child", directory).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap());
    let mut output = String::new();
    let from_first_success = random.random_bool(0.5);
    if from_first_success {
        while !output.contains("ack") && lines.read_line(&mut output).unwrap() > 0 {}
    }
    // Starting and opening take a few milliseconds; half of the other kills fall into them.
    let opens = !from_first_success && random.random_bool(0.5);
    let delay_us_max = if opens { 5_000 } else { 80_000 };
    sleep(Duration::from_micros(random.random_range(0..delay_us_max)));
    child.kill().unwrap();
    let status = child.wait().unwrap();
    lines.read_to_string(&mut output).unwrap();
    let mut errors = String::new();
    child.stderr.take().unwrap().read_to_string(&mut errors).unwrap();
    assert!(status.code().is_none(), "it ended by itself: {output}{errors}");
    let last = |what: &str| {
        let told = output.lines().rev().find_map(|line| line.strip_prefix(what));
        told.map_or(0, |generation| generation.trim().parse().unwrap())
    };
    Told { ack: last("ack "), snapshot: last("snapshot ") }
}

/// Everything told is there, whole, and nothing half.
fn check(directory: &Path, told: Told) -> Head {
    let store = open(directory);
    let head = store.head();
    assert!(head.generation >= told.ack, "{told:?} lost, the head is {}", head.generation);
    let mut count = 0;
    for record in store.records(1) {
        let record = record.unwrap();
        count += 1;
        assert_eq!(record.generation, count);
        assert!(record.payload == payload(count), "generation {count}");
    }
    assert_eq!(count, head.generation);
    // Written with its record or not at all.
    let fact = store.fact("generation").unwrap();
    let expected = (count > 0).then(|| count.to_be_bytes().to_vec());
    assert_eq!(fact, expected);
    match store.latest_snapshot("tree").unwrap() {
        None => assert_eq!(told.snapshot, 0),
        Some(snapshot) => {
            assert!(snapshot.generation >= told.snapshot);
            assert_eq!(snapshot.passed_over, []);
            assert!(snapshot.bytes == payload(snapshot.generation));
        }
    }
    store.close().unwrap();
    head
}

#[test]
fn killed_at_any_moment_nothing_told_is_lost() {
    let seed = rand::random();
    let mut random = StdRng::seed_from_u64(seed);
    let started = Instant::now();
    let (mut records, mut told_in_all, mut early) = (0, 0, 0);
    for _ in 0..ROUNDS / ROUNDS_PER_DIRECTORY {
        let directory = tempfile::tempdir().unwrap();
        let mut told = Told::default();
        let mut head = Head::GENESIS;
        for _ in 0..ROUNDS_PER_DIRECTORY {
            let now = killed(directory.path(), &mut random);
            early += usize::from(now.ack == 0);
            told_in_all += now.ack.saturating_sub(head.generation);
            told = Told { ack: told.ack.max(now.ack), snapshot: told.snapshot.max(now.snapshot) };
            head = check(directory.path(), told);
        }
        records += head.generation;
    }
    let took = started.elapsed();
    println!(
        "{ROUNDS} kills in {took:?} (seed {seed}): {records} records found, {told_in_all} told, \
         {early} kills before the first"
    );
    assert!(told_in_all > ROUNDS as u64, "the kills came before there was anything to lose");
    assert!(early > 5, "no kill hit the opening");
}

/// A power failure may leave any part of what was written last; what SQLite's log then holds is cut
/// or spoilt at any byte.
#[test]
fn a_torn_log_of_the_database_is_a_shorter_chain() {
    let seed = rand::random();
    let mut random = StdRng::seed_from_u64(seed);
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path());
    for generation in 1..=60 {
        store.append_draft(draft(payload(generation))).unwrap();
    }
    let database = fs::read(directory.path().join("weft.db")).unwrap();
    let log = fs::read(directory.path().join("weft.db-wal")).unwrap();
    let mut heads = std::collections::BTreeSet::new();
    for round in 0..100 {
        let mut torn = log.clone();
        let at = random.random_range(0..torn.len());
        match round % 2 {
            0 => torn.truncate(at),
            _ => torn[at] ^= 1 << random.random_range(0..8),
        }
        let copy = tempfile::tempdir().unwrap();
        fs::write(copy.path().join("weft.db"), &database).unwrap();
        fs::write(copy.path().join("weft.db-wal"), torn).unwrap();
        let reopened = open(copy.path());
        let head = reopened.verify_log().unwrap();
        assert!(head.generation <= 60);
        for (generation, record) in (1..).zip(reopened.records(1)) {
            assert!(record.unwrap().payload == payload(generation), "seed {seed}");
        }
        let next = reopened.append_draft(draft("on it goes")).unwrap();
        assert_eq!(next.head.generation, head.generation + 1);
        heads.insert(head.generation);
    }
    assert!(heads.len() > 20, "seed {seed}: {heads:?}");
}
