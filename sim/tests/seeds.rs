//! A fixed set of seeds; `WEFT_SIM_SEEDS=FIRST..END` runs others instead, `WEFT_SIM_STEPS` makes
//! them longer.
#![expect(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

use std::ops::Range;

use sim::Verdict;

/// Seeds of a run without settings.
const SEEDS: Range<u64> = 1..301;
/// Steps with faults of each.
const STEPS: u64 = 400;

fn seeds() -> Range<u64> {
    std::env::var("WEFT_SIM_SEEDS").map_or(SEEDS, |text| {
        let (first, end) = text.split_once("..").expect("WEFT_SIM_SEEDS is FIRST..END");
        first.parse().unwrap()..end.parse().unwrap()
    })
}

fn steps() -> u64 {
    std::env::var("WEFT_SIM_STEPS").map_or(STEPS, |text| text.parse().unwrap())
}

#[test]
fn no_rule_is_broken() {
    let mut total = sim::Counts::default();
    for seed in seeds() {
        let verdict = sim::run(seed, steps(), false);
        assert!(verdict.failure.is_none(), "{verdict}\nalone: cargo run -p sim -- --seed {seed}");
        total += verdict.counts;
    }
    println!("{total:?}");
    // A world in which nothing happens proves nothing.
    let happened = [
        total.committed,
        total.refused,
        total.turned_away,
        total.not_durable,
        total.previews,
        total.learnt,
        total.crashes,
        total.driven,
        total.reports,
        total.compared,
    ];
    assert!(happened.iter().all(|count| *count > 0), "{total:?}");
}

#[test]
fn no_session_breaks_a_rule() {
    let mut total = sim::Counts::default();
    for seed in seeds() {
        let verdict = sim::run_sessions(seed, steps() * 5, false);
        assert!(verdict.failure.is_none(), "{verdict}\nalone: sim --sessions --seed {seed}");
        assert_eq!(verdict, sim::run_sessions(seed, steps() * 5, false));
        total += verdict.counts;
    }
    let happened = [total.requests_answered, total.requests_timed_out, total.requests_abandoned];
    assert!(happened.iter().all(|count| *count > 0), "{total:?}");
}

#[test]
fn a_seed_is_the_whole_run() {
    for seed in [3, 4, 8, 1_000_003] {
        let run = || sim::run(seed, STEPS, false);
        let (first, second): (Verdict, Verdict) = (run(), run());
        assert_eq!(first, second);
        assert_ne!(first.trace_hash, sim::run(seed + 100, STEPS, false).trace_hash);
    }
}
