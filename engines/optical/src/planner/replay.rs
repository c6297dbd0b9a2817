//! Given requests, decision by decision, under the rules of the simulator they come from.

use super::core::Links;
use crate::assign::SpectrumPolicy;
use crate::grid::Block;
use crate::quantity::{Efficiency, Rate};
use crate::spectrum::{SLOTS_MAX, Slots, WORDS};

/// Whether the start at which a block just fits under the upper edge is tried.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LastStart {
    /// Yes: starts `0 ..= slots - width`.
    #[default]
    Tried,
    /// No: starts `0 .. slots - width`. Some simulators end their loop one too early.
    NeverTried,
}

/// When slots are free again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ReleaseAt {
    /// For a request that arrives when another ends, or later.
    #[default]
    End,
    /// Only for a request that arrives later than the end.
    AfterEnd,
}

/// Rules that simulators differ in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReplayRules {
    /// Links.
    pub links: u16,
    /// Slots per link.
    pub slots: u16,
    /// Width of a slot in MHz.
    pub slot_mhz: u32,
    /// Slots added to each block.
    pub guard_slots: u16,
    /// Candidate paths tried, from the first on.
    pub paths: u16,
    /// Where blocks are placed.
    pub policy: SpectrumPolicy,
    /// The last possible start.
    pub last_start: LastStart,
    /// The moment of release.
    pub release: ReleaseAt,
}

/// A candidate path of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplayPath {
    /// Its links by number.
    pub links: Vec<u16>,
    /// Bits per second and hertz over it.
    pub efficiency: Efficiency,
}

/// A request with its candidate paths in order.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ReplayRequest<'a> {
    /// When it arrives; not before the one before it.
    pub at: f64,
    /// How long it holds.
    pub hold: f64,
    /// What it carries.
    pub rate: Rate,
    /// Where it may go.
    pub paths: &'a [ReplayPath],
}

/// What is decided for a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// It is held.
    Accepted {
        /// Number of its path among the candidates.
        path: u16,
        /// Slots, guard slots included.
        block: Block,
    },
    /// No candidate path has room.
    Blocked,
}

/// A request or rule that makes no sense. The replayer is as it was.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum ReplayFault {
    /// Slots per link, or their width.
    #[error("{slots} slots of {slot_mhz} MHz; between 1 and {SLOTS_MAX} slots of some width")]
    Slots {
        /// Slots given.
        slots: u16,
        /// Their width.
        slot_mhz: u32,
    },
    /// A time that is not finite or goes back, or a negative holding time.
    #[error("a request at {at} for {hold} after one at {before}")]
    Time {
        /// When it arrives.
        at: f64,
        /// How long it holds.
        hold: f64,
        /// When the one before arrived.
        before: f64,
    },
    /// A path without links or over a link that is not there.
    #[error("candidate path {path} is empty or takes a link that is not there")]
    Path {
        /// Number of the path.
        path: usize,
    },
}

/// Decides requests one after the other.
#[derive(Clone, Debug)]
pub struct Replayer {
    rules: ReplayRules,
    links: Links<WORDS>,
    held: Vec<(f64, Vec<u16>, Block)>,
    now: f64,
}

impl Replayer {
    /// A network without connections.
    ///
    /// # Errors
    /// When the rules have no slots or too many.
    pub fn new(rules: ReplayRules) -> Result<Self, ReplayFault> {
        let ReplayRules { slots, slot_mhz, .. } = rules;
        if slots == 0 || slots > SLOTS_MAX || slot_mhz == 0 {
            return Err(ReplayFault::Slots { slots, slot_mhz });
        }
        let links = Links::new(usize::from(rules.links), slots);
        Ok(Self { rules, links, held: Vec::new(), now: f64::NEG_INFINITY })
    }

    /// Releases what has ended, then decides.
    ///
    /// # Errors
    /// When the request makes no sense; nothing is changed then.
    pub fn decide(&mut self, request: ReplayRequest<'_>) -> Result<Decision, ReplayFault> {
        self.check(&request)?;
        self.now = request.at;
        self.release();
        let tried = request.paths.iter().take(usize::from(self.rules.paths)).enumerate();
        for (number, path) in tried {
            let Some(block) = self.find(path, request.rate) else { continue };
            self.links.take(&path.links, block);
            self.held.push((request.at + request.hold, path.links.clone(), block));
            return Ok(Decision::Accepted { path: number as u16, block });
        }
        Ok(Decision::Blocked)
    }

    /// Free slots of each link.
    pub fn free(&self) -> &[Slots] {
        self.links.free()
    }

    fn find(&self, path: &ReplayPath, rate: Rate) -> Option<Block> {
        let rules = &self.rules;
        let slots = path.efficiency.slots(rate, rules.slot_mhz)?;
        let width = slots.checked_add(rules.guard_slots)?;
        let starts = match rules.last_start {
            LastStart::Tried => None,
            LastStart::NeverTried => Some(Slots::below(rules.slots.saturating_sub(width))),
        };
        self.links.find_from(rules.policy, &path.links, width, starts.as_ref())
    }

    fn release(&mut self) {
        let (now, rule, links) = (self.now, self.rules.release, &mut self.links);
        self.held.retain(|(end, path, block)| {
            let is_over = match rule {
                ReleaseAt::End => *end <= now,
                ReleaseAt::AfterEnd => *end < now,
            };
            if is_over {
                links.give_back(path, *block);
            }
            !is_over
        });
    }

    fn check(&self, request: &ReplayRequest<'_>) -> Result<(), ReplayFault> {
        let ReplayRequest { at, hold, paths, .. } = *request;
        if !(at.is_finite() && hold.is_finite() && at >= self.now && hold >= 0.0) {
            return Err(ReplayFault::Time { at, hold, before: self.now });
        }
        let is_known = |link: &u16| *link < self.rules.links;
        let is_path = |path: &ReplayPath| !path.links.is_empty() && path.links.iter().all(is_known);
        match paths.iter().position(|path| !is_path(path)) {
            Some(path) => Err(ReplayFault::Path { path }),
            None => Ok(()),
        }
    }
}
