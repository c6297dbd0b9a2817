//! The seeded world: one number decides a whole run of a controller.
//!
//! # What is simulated
//! The machine under test is [`orchestrator::Controller`] with the real networks, nothing of it
//! replaced. Around it is a world that obeys a virtual clock: clients that order routers, links,
//! VPNs and sites, rightly and wrongly; a disk that is slow, fails and loses in a crash what was
//! not flushed; devices that refuse, lie, drift, break off, come back with other modules; and a
//! process that loses power at any step and starts again from the log. What the world tells the
//! machine may be delayed, lost, repeated or overtaken by what came after.
//!
//! # What is checked
//! After each step the machine is held against a plain model of what was ordered: what was
//! acknowledged is in the log and what was denied is not, generations are dense and chained, the
//! intent is what was ordered, nothing is driven before it is durable or back to something older.
//! At times all layers and targets are worked out from nothing and compared. When the faults stop,
//! every client was answered once and every device comes to hold its target.
//!
//! The same seed gives the same run, down to the last byte of its trace: [`Verdict::trace_hash`].

mod device;
mod disk;
mod faults;
mod network;
mod orders;
mod queue;
mod random;
mod reference;
mod session;
mod trace;
mod world;

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::trace::Trace;
use crate::world::{Checked, World};

pub use crate::world::Counts;

/// What became of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Its seed.
    pub seed: u64,
    /// The network that was controlled.
    pub network: &'static str,
    /// A number over everything that happened.
    pub trace_hash: u64,
    /// How much happened.
    pub counts: Counts,
    /// What must not be, and was.
    pub failure: Option<Failure>,
}

/// A rule that was broken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Which, for people.
    pub what: String,
    /// What happened before it, the last line last.
    pub last: Vec<String>,
}

/// Runs one seed for some steps with faults, and then until everything has come to rest.
///
/// `is_loud` prints each event as it happens.
pub fn run(seed: u64, steps: u64, is_loud: bool) -> Verdict {
    let mut world = World::new(seed, is_loud);
    let what = failure_of(|| world.run(steps));
    Verdict {
        seed,
        network: world.network().name(),
        trace_hash: world.trace.hash(),
        counts: world.counts,
        failure: what.map(|what| Failure { what, last: world.trace.last() }),
    }
}

/// Runs both ends of device sessions in a world of their own, see the module `session`.
pub fn run_sessions(seed: u64, steps: u64, is_loud: bool) -> Verdict {
    let mut trace = Trace::new(is_loud);
    let mut counts = session::SessionCounts::default();
    let what = failure_of(|| session::run_sessions(seed, steps, &mut trace, &mut counts));
    trace.note(0, format_args!("{counts:?}"));
    let counts = Counts {
        requests_answered: counts.answered,
        requests_timed_out: counts.timed_out,
        requests_abandoned: counts.abandoned,
        ..Counts::default()
    };
    Verdict {
        seed,
        network: "sessions",
        trace_hash: trace.hash(),
        counts,
        failure: what.map(|what| Failure { what, last: trace.last() }),
    }
}

/// What ended a run before its time.
fn failure_of(run: impl FnOnce() -> Checked) -> Option<String> {
    match catch_unwind(AssertUnwindSafe(run)) {
        Ok(Ok(())) => None,
        Ok(Err(violation)) => Some(violation.0),
        Err(panic) => {
            let text = panic.downcast_ref::<String>().map(String::as_str);
            let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
            Some(format!("panic: {}", text.unwrap_or("without a message")))
        }
    }
}

/// One line; for a failure also what led to it.
impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { seed, network, trace_hash, counts, failure } = self;
        if let Some(Failure { what, last }) = failure {
            for line in last {
                writeln!(f, "{line}")?;
            }
            return write!(f, "seed {seed} {network}: FAILED: {what}");
        }
        write!(f, "seed {seed} {network}: fine, trace {trace_hash:016x}, ")?;
        if counts.requests_answered > 0 {
            return write!(
                f,
                "{} answered, {} timed out, {} abandoned",
                counts.requests_answered, counts.requests_timed_out, counts.requests_abandoned
            );
        }
        write!(
            f,
            "{} committed, {} refused, \
             {} crashes, {} driven, {} compared",
            counts.committed, counts.refused, counts.crashes, counts.driven, counts.compared
        )
    }
}
