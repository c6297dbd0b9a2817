//! The planner: what a network would carry under traffic to come.
//!
//! # Simulation
//! Requests arrive as a Poisson process, hold exponentially long and ask for one of some rates
//! between two nodes of a traffic matrix. Each tries its candidate paths in order and takes the
//! first with room, placed by a spectrum policy; else it is blocked. [`simulate()`] gives blocking,
//! utilisation and fragmentation, each with a confidence interval by batch means.
//!
//! # The fast core
//! Paths are found once ([`RouteTable`]). A request then costs an AND of a few words per link, a
//! run search in those words, and some random numbers; departures wait in a ring of time
//! buckets. The number of words is a type parameter, so that 100 slots are two registers.
//! Sets of slots, policies and path search are the engine's own.
//!
//! # Replay
//! [`Replayer`] takes given requests in place of a generator, with the rules of the simulator
//! they come from as options, and gives every single decision.

mod core;
mod departures;
mod random;
mod replay;
mod routes;
mod scenario;
mod simulate;
mod statistics;
mod traffic;

pub use random::Random;
pub use replay::{
    Decision, LastStart, ReleaseAt, ReplayFault, ReplayPath, ReplayRequest, ReplayRules, Replayer,
};
pub use routes::{
    CANDIDATES_MAX, ModeStep, RouteRules, RouteTable, RouteTableFault, SIMULATED_LINKS_MAX,
    TableOrder,
};
pub use scenario::{HoldingTime, REQUESTS_MAX, Scenario, ScenarioFault};
pub use simulate::{Outcome, simulate};
pub use statistics::{BatchMeans, Estimate};
pub use traffic::{PAIRS_MAX, RATES_MAX, RateMix, Traffic, TrafficFault};

#[cfg(test)]
mod tests;
