//! Every committed input once, and a short run of mutated ones with a fixed seed.

use std::time::{Duration, Instant};

use fuzz::{Corpus, Mutator, TARGETS, Target};

/// Changed by nobody without a reason: a failure here must be the same everywhere.
const SEED: u64 = 1;
/// How long the mutated inputs of one target may take.
const TIME: Duration = Duration::from_millis(200);
/// Mutated inputs per target at most.
const INPUTS: u64 = 2_000;

/// Runs one input; on a panic says which it was, and panics on.
fn run(target: &Target, what: &str, input: &[u8]) {
    let start = Instant::now();
    let outcome = std::panic::catch_unwind(|| (target.run)(input));
    if let Err(panic) = outcome {
        eprintln!("target {}, {what}", target.name);
        std::panic::resume_unwind(panic);
    }
    let took = start.elapsed();
    assert!(
        took < Duration::from_secs(fuzz::INPUT_SECONDS_MAX),
        "target {}, {what}: {took:?}",
        target.name
    );
}

#[test]
fn every_committed_input_holds() {
    for target in TARGETS {
        let corpus = Corpus::read(target.name).unwrap();
        assert!(!corpus.entries.is_empty(), "{} has no corpus", target.name);
        for (file, input) in corpus.files.iter().zip(&corpus.entries) {
            run(target, &file.display().to_string(), input);
        }
    }
}

#[test]
fn some_mutated_inputs_hold() {
    for target in TARGETS {
        let corpus = Corpus::read(target.name).unwrap();
        let mutator =
            Mutator { corpus: &corpus.entries, dictionary: target.dictionary, seed: SEED };
        let start = Instant::now();
        for number in (0..INPUTS).take_while(|_| start.elapsed() < TIME) {
            run(target, &format!("seed {SEED}, input {number}"), &mutator.input(number));
        }
    }
}

#[test]
fn names_are_unique() {
    let mut names: Vec<_> = TARGETS.iter().map(|target| target.name).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), TARGETS.len());
}
