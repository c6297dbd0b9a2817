//! What a transponder can send: modes as a table, and who judges whether one reaches.

use crate::grid::{Block, SLOT_MHZ};
use crate::network::{Network, Route};
use crate::quantity::{Decibels, Efficiency, Length, Rate};
use crate::topology::ConnectionId;

/// Most modes of a table.
pub const MODES_MAX: usize = 256;

/// How much spectrum a mode takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SlotDemand {
    /// The same for every rate up to the mode's own: a real transponder.
    Fixed {
        /// Slots of 12.5 GHz.
        slots: u16,
    },
    /// `max(1, ceil(rate / (efficiency x 12.5 GHz)))`.
    PerRate {
        /// Bits per second and hertz.
        efficiency: Efficiency,
    },
}

/// A way to send: format, rate and what it needs of the line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mode {
    /// Name, unique in its table.
    pub name: String,
    /// Modulation format, such as `DP-16QAM`; a request may ask for it by this name.
    pub modulation: String,
    /// The highest rate it carries.
    pub rate_max: Rate,
    /// Spectrum it takes.
    pub demand: SlotDemand,
    /// The longest path; `None`: length alone does not limit it.
    pub reach: Option<Length>,
    /// The least OSNR in 0.1 nm at the receiver; `None`: not known.
    pub osnr_min: Option<Decibels>,
}

impl Mode {
    /// Slots that a rate needs; `None` above the mode's rate, or when no band has that many.
    #[must_use]
    pub fn slots(&self, rate: Rate) -> Option<u16> {
        if rate > self.rate_max {
            return None;
        }
        match self.demand {
            SlotDemand::Fixed { slots } => Some(slots),
            SlotDemand::PerRate { efficiency } => efficiency.slots(rate, SLOT_MHZ),
        }
    }
}

/// Why a table of modes is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ModeFault {
    /// Two modes of one name.
    #[error("mode {name} is there twice")]
    Duplicate {
        /// The name.
        name: String,
    },
    /// A mode without spectrum or without rate.
    #[error("mode {name} takes no slots or carries no rate")]
    Empty {
        /// The name.
        name: String,
    },
    /// More than [`MODES_MAX`].
    #[error("{count} modes; a table has at most {MODES_MAX}")]
    TooMany {
        /// How many were given.
        count: usize,
    },
}

/// The modes of a network.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ModeTable {
    modes: Vec<Mode>,
}

impl ModeTable {
    /// A checked table.
    ///
    /// # Errors
    /// With every fault found.
    pub fn new(modes: Vec<Mode>) -> Result<Self, Vec<ModeFault>> {
        let mut faults = Vec::new();
        if modes.len() > MODES_MAX {
            return Err(vec![ModeFault::TooMany { count: modes.len() }]);
        }
        for (at, mode) in modes.iter().enumerate() {
            let name = || mode.name.clone();
            if modes[..at].iter().any(|other| other.name == mode.name) {
                faults.push(ModeFault::Duplicate { name: name() });
            }
            if mode.demand == (SlotDemand::Fixed { slots: 0 }) || mode.rate_max.mbps() == 0 {
                faults.push(ModeFault::Empty { name: name() });
            }
        }
        if faults.is_empty() { Ok(Self { modes }) } else { Err(faults) }
    }

    /// A table whose modes are known to be sound.
    pub(crate) fn of(modes: Vec<Mode>) -> Self {
        Self { modes }
    }

    /// The modes in the order given.
    #[must_use]
    pub fn modes(&self) -> &[Mode] {
        &self.modes
    }

    /// A mode by name.
    #[must_use]
    pub fn mode(&self, name: &str) -> Option<&Mode> {
        self.modes.iter().find(|mode| mode.name == name)
    }

    /// The modes that carry a rate with the slots each needs: those with the fewest slots first,
    /// then in the order of the table. `name` restricts to a mode or modulation of that name.
    #[must_use]
    pub fn for_rate(&self, rate: Rate, name: Option<&str>) -> Vec<(&Mode, u16)> {
        let is_named = |mode: &&Mode| name.is_none_or(|n| mode.name == n || mode.modulation == n);
        let named = self.modes.iter().filter(is_named);
        let mut fitting: Vec<_> =
            named.filter_map(|mode| Some((mode, mode.slots(rate)?))).collect();
        fitting.sort_by_key(|(_, slots)| *slots);
        fitting
    }

    /// The best efficiency that reaches a length, by the modes' reach: rate per slot for modes
    /// of fixed width.
    #[must_use]
    pub fn efficiency(&self, length: Length) -> Option<Efficiency> {
        let reaches = |mode: &&Mode| mode.reach.is_none_or(|reach| length <= reach);
        let efficiency = |mode: &Mode| match mode.demand {
            SlotDemand::PerRate { efficiency } => Some(efficiency),
            SlotDemand::Fixed { slots } => {
                let per_hertz =
                    mode.rate_max.mbps() * 100 / (u64::from(slots) * u64::from(SLOT_MHZ));
                Efficiency::from_hundredths(u32::try_from(per_hertz).ok()?)
            }
        };
        self.modes.iter().filter(reaches).filter_map(efficiency).max()
    }
}

/// A mode on a route, at a block once one is chosen.
#[derive(Clone, Copy, Debug)]
pub struct Trial<'a> {
    /// The network as it is without the trial: what else is lit, for models that count that in.
    pub network: &'a Network,
    /// The way it would take.
    pub route: &'a Route,
    /// The mode it would use.
    pub mode: &'a Mode,
    /// The slots of the signal; `None` while no spectrum has been looked for.
    pub block: Option<Block>,
}

/// What a judge says of a trial.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It works.
    Fits {
        /// OSNR above what the mode needs, where that was estimated.
        margin: Option<Decibels>,
    },
    /// The route is longer than the mode's reach.
    TooLong {
        /// The reach.
        reach: Length,
    },
    /// The OSNR is too low.
    TooNoisy {
        /// What the mode needs.
        needed: Decibels,
        /// What was estimated.
        estimated: Decibels,
    },
    /// It would push a connection that is there below its margin.
    HurtsNeighbour {
        /// The connection.
        neighbour: ConnectionId,
        /// The OSNR that its mode needs, reserve included.
        needed: Decibels,
        /// What it has now.
        now: Decibels,
        /// What would be left.
        then: Decibels,
    },
    /// The judge has no model of the route or of the mode.
    Unknown,
}

/// Decides whether a mode works on a route. A model of the physical layer is one of these.
///
/// It is asked twice: before spectrum is looked for (`block` is `None`), where a refusal saves
/// the search, and with the block that would be used. The answer must depend on the trial and
/// on what the judge holds only, so that decisions can be replayed.
pub trait Judge {
    /// The verdict on one trial.
    fn judge(&self, trial: &Trial<'_>) -> Verdict;
}

/// Judges by the reach of the mode alone.
#[derive(Clone, Copy, Debug, Default)]
pub struct ByReach;

impl Judge for ByReach {
    fn judge(&self, trial: &Trial<'_>) -> Verdict {
        match trial.mode.reach {
            Some(reach) if trial.route.length > reach => Verdict::TooLong { reach },
            _ => Verdict::Fits { margin: None },
        }
    }
}

/// Judges by reach, and by OSNR figures that the caller hands in: `estimate` gives the OSNR at
/// the end of a trial's route, or `None` where it has none, which is then not held against it.
#[derive(Clone, Copy, Debug)]
pub struct ByOsnr<F> {
    /// OSNR at the receiver.
    pub estimate: F,
    /// Kept in hand on top of what the mode needs.
    pub reserve: Decibels,
}

impl<F: Fn(&Trial<'_>) -> Option<Decibels>> Judge for ByOsnr<F> {
    fn judge(&self, trial: &Trial<'_>) -> Verdict {
        let by_reach = ByReach.judge(trial);
        let estimated = || Some((trial.mode.osnr_min?, (self.estimate)(trial)?));
        let (Verdict::Fits { .. }, Some((needed, estimated))) = (&by_reach, estimated()) else {
            return by_reach;
        };
        let margin = estimated - needed;
        if margin < self.reserve {
            return Verdict::TooNoisy { needed, estimated };
        }
        Verdict::Fits { margin: Some(margin) }
    }
}
