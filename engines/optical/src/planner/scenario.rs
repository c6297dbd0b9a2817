//! What is simulated.

use super::routes::RouteTable;
use super::traffic::{RateMix, Traffic};
use crate::assign::SpectrumPolicy;
use crate::spectrum::SLOTS_MAX;

/// Most requests of one simulation: so many that a run is a matter of minutes.
pub const REQUESTS_MAX: u64 = 10_000_000_000;

/// How long requests hold.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum HoldingTime {
    /// Exponentially distributed.
    Exponential {
        /// Mean, in the unit of time.
        mean: f64,
    },
    /// Exponentially distributed, drawn anew while not below `mean x limit`. With a limit of 2
    /// the mean is 0.687 times the nominal one, and so is the load (DeepRMSA and successors).
    Redrawn {
        /// Mean before redrawing.
        mean: f64,
        /// Multiple of the mean that is not reached.
        limit: f64,
    },
}

impl HoldingTime {
    /// The nominal mean.
    #[must_use]
    pub const fn mean(self) -> f64 {
        match self {
            Self::Exponential { mean } | Self::Redrawn { mean, .. } => mean,
        }
    }
}

/// Traffic, paths, spectrum and length of a simulation.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// Candidate paths of each pair of `traffic`, with widths for each rate of `rates`.
    pub routes: RouteTable,
    /// Pairs and shares.
    pub traffic: Traffic,
    /// Rates and shares.
    pub rates: RateMix,
    /// Slots per link, at most [`SLOTS_MAX`].
    pub slots: u16,
    /// Where blocks are placed.
    pub policy: SpectrumPolicy,
    /// Offered load in Erlang: arrivals per nominal mean holding time.
    pub load: f64,
    /// Holding times.
    pub holding: HoldingTime,
    /// Requests before anything is counted.
    pub warmup: u64,
    /// Requests per batch.
    pub batch: u64,
    /// Batches counted.
    pub batches: u32,
}

/// What is wrong with a scenario.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum ScenarioFault {
    /// Load or holding time is not a finite number above 0, or the limit of redrawing is below
    /// 0.01.
    #[error("load {load} and mean holding time {mean} must be finite and above 0")]
    Load {
        /// Load.
        load: f64,
        /// Mean holding time.
        mean: f64,
    },
    /// Slots per link.
    #[error("{slots} slots per link; between 1 and {SLOTS_MAX} are simulated")]
    Slots {
        /// What was given.
        slots: u16,
    },
    /// Routes are for other pairs or rates than traffic has.
    #[error("the route table is for {pairs} pairs and {rates} rates, the traffic is not")]
    Routes {
        /// Pairs of the table.
        pairs: usize,
        /// Rates of the table.
        rates: usize,
    },
    /// No requests, or more than [`REQUESTS_MAX`].
    #[error("{requests} requests; between 1 and {REQUESTS_MAX} are simulated")]
    Requests {
        /// Warm-up and batches together.
        requests: u64,
    },
}

impl Scenario {
    /// Finds what is wrong.
    ///
    /// # Errors
    /// The first fault.
    pub fn check(&self) -> Result<(), ScenarioFault> {
        let (load, mean) = (self.load, self.holding.mean());
        let is_positive = |x: f64| x.is_finite() && x > 0.0;
        let limit = match self.holding {
            HoldingTime::Redrawn { limit, .. } => limit,
            HoldingTime::Exponential { .. } => 1.0,
        };
        if !(is_positive(load) && is_positive(mean) && limit >= 0.01) {
            return Err(ScenarioFault::Load { load, mean });
        }
        if self.slots == 0 || self.slots > SLOTS_MAX {
            return Err(ScenarioFault::Slots { slots: self.slots });
        }
        let (pairs, rates) = (self.routes.pair_count(), self.routes.rate_count());
        if pairs != self.traffic.pairs().len() || rates != self.rates.rates().len() {
            return Err(ScenarioFault::Routes { pairs, rates });
        }
        let counted = self.batch.saturating_mul(u64::from(self.batches));
        let requests = counted.saturating_add(self.warmup);
        if counted == 0 || requests > REQUESTS_MAX {
            return Err(ScenarioFault::Requests { requests });
        }
        Ok(())
    }
}
