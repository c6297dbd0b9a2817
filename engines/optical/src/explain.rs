//! Why a request finds no room, and what would.
//!
//! A bare "blocked" is of no use to whoever has to do something about it. [`Blocked`] tells the
//! cause, each route that was tried with what was missing there, and the nearest choice that
//! would work now.

use std::fmt;

use crate::grid::Block;
use crate::mode::Verdict;
use crate::network::Route;
use crate::quantity::Rate;
use crate::topology::{LinkId, PopId};

/// What was missing, in the order in which a request needs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BlockCause {
    /// No route between the ends, or with protection no second one.
    NoPath,
    /// A route, but no mode that carries the rate over it.
    NoMode,
    /// A route and a mode, but no common run of free slots that is long enough.
    NoSpectrum,
}

impl BlockCause {
    /// A word for machines: `no_path`, `no_mode` or `no_spectrum`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NoPath => "no_path",
            Self::NoMode => "no_mode",
            Self::NoSpectrum => "no_spectrum",
        }
    }
}

/// What was missing on one route.
#[derive(Clone, Debug, PartialEq)]
pub enum Shortage {
    /// No mode works; each with its verdict. Empty: none carries the rate at all.
    Modes(Vec<(String, Verdict)>),
    /// No room for a mode that works.
    Spectrum {
        /// The mode that needs least.
        mode: String,
        /// Slots it needs in a row, guard slots included.
        needed: u16,
        /// The longest run of slots that are free on every link, whatever its alignment.
        longest_run: u16,
        /// The link with the fewest free slots.
        tightest: Option<LinkId>,
    },
}

/// A route that was tried in vain.
#[derive(Clone, Debug, PartialEq)]
pub struct TriedRoute {
    /// The route.
    pub route: Route,
    /// What it lacks.
    pub shortage: Shortage,
}

/// The nearest choice that would work now.
#[derive(Clone, Debug, PartialEq)]
pub enum Nearest {
    /// The same rate in another mode than the one asked for.
    OtherMode {
        /// The mode.
        mode: String,
        /// Where.
        route: Route,
        /// In these slots.
        signal: Block,
    },
    /// The same request without protection.
    Unprotected {
        /// Where.
        route: Route,
    },
    /// A lower rate.
    LowerRate {
        /// The highest that fits.
        rate: Rate,
        /// In this mode.
        mode: String,
        /// Where.
        route: Route,
        /// In these slots.
        signal: Block,
    },
    /// The shortest route there would be if links that are down were up again.
    Repair {
        /// Those of its links that are down.
        links: Vec<LinkId>,
    },
}

/// A sound request for which there is no room. Nothing was changed.
#[derive(Clone, Debug, PartialEq)]
pub struct Blocked {
    /// Where it would have started.
    pub source: PopId,
    /// Where it would have ended.
    pub target: PopId,
    /// What it would have carried.
    pub rate: Rate,
    /// What was missing on the route that came furthest.
    pub cause: BlockCause,
    /// Every route that was tried, in order.
    pub tried: Vec<TriedRoute>,
    /// What would work, if anything was found.
    pub nearest: Option<Nearest>,
}

impl Blocked {
    /// The cause that a list of tried routes amounts to.
    pub(crate) fn cause_of(tried: &[TriedRoute]) -> BlockCause {
        let cause = |tried: &TriedRoute| match tried.shortage {
            Shortage::Modes(_) => BlockCause::NoMode,
            Shortage::Spectrum { .. } => BlockCause::NoSpectrum,
        };
        tried.iter().map(cause).max().unwrap_or(BlockCause::NoPath)
    }
}

impl std::error::Error for Blocked {}

impl fmt::Display for Blocked {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { source, target, rate, cause, tried, nearest } = self;
        write!(formatter, "{}: {rate} from {source} to {target}", cause.code())?;
        match (cause, best(tried)) {
            (BlockCause::NoPath, None) => write!(formatter, ": no route")?,
            (BlockCause::NoPath, Some(_)) => write!(formatter, ": no second route apart")?,
            (_, Some(Shortage::Spectrum { mode, needed, longest_run, tightest })) => {
                write!(formatter, ": {mode} needs {needed} slots in a row, ")?;
                write!(formatter, "{longest_run} is the longest run")?;
                if let Some(link) = tightest {
                    write!(formatter, ", tightest link {link}")?;
                }
            }
            _ => write!(formatter, ": no mode carries it over {} route(s)", tried.len())?,
        }
        nearest.iter().try_for_each(|nearest| write!(formatter, "; {nearest}"))
    }
}

/// The shortage that was closest to success.
fn best(tried: &[TriedRoute]) -> Option<&Shortage> {
    let missing = |shortage: &Shortage| match shortage {
        Shortage::Spectrum { needed, longest_run, .. } => needed.saturating_sub(*longest_run),
        Shortage::Modes(_) => u16::MAX,
    };
    tried.iter().map(|tried| &tried.shortage).min_by_key(|shortage| missing(shortage))
}

impl fmt::Display for Nearest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OtherMode { mode, signal, .. } => {
                write!(formatter, "mode {mode} would fit at {signal}")
            }
            Self::Unprotected { .. } => formatter.write_str("it would fit without protection"),
            Self::LowerRate { rate, mode, signal, .. } => {
                write!(formatter, "{rate} in mode {mode} would fit at {signal}")
            }
            Self::Repair { links } => {
                let names: Vec<&str> = links.iter().map(LinkId::as_str).collect();
                write!(formatter, "a route would open with {} up", names.join(", "))
            }
        }
    }
}
