//! The state of the optical network: topology, spectrum and connections as one value.
//!
//! A [`Network`] is persistent: a clone is a few pointer copies, and the clone and the original
//! then share all that neither changes. So a dry run is: clone, allocate on the clone, compare,
//! drop. An operation that is refused leaves the value as it was; there is no state between.
//!
//! Allocation is idempotent by connection id: the same request again gives the connection that
//! is there. A release frees exactly what the record owns, once.

mod allocate;
mod check;
mod edit;
mod error;
mod route;
mod select;

use std::sync::Arc;

pub use allocate::Allocated;
pub use check::Unsound;
pub use error::{Error, Refusal};
pub use route::{Route, Segment};
pub use select::{PATHS_TRIED_MAX, RouteOrder, Strategy};

use crate::grid::Block;
use crate::profile::Profile;
use crate::quantity::{Decibels, Rate};
use crate::spectrum::LinkSpectrum;
use crate::topology::{ConnectionId, InterfaceKey, LinkIndex, PopId, Topology};

/// Most connections of a network.
pub const CONNECTIONS_MAX: usize = 1_000_000;

/// How a connection is protected: 1+1, two legs that are both up at all times.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Protection {
    /// One leg.
    #[default]
    None,
    /// Two legs without a link in common.
    Link,
    /// Two legs without a link or a POP between the ends in common.
    Node,
    /// Two legs without a link or a shared risk group in common.
    Risk,
}

/// What is asked for. The whole value is compared when an id comes again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Id of the connection.
    pub id: ConnectionId,
    /// Where it starts.
    pub source: PopId,
    /// Where it ends.
    pub target: PopId,
    /// Interface at the source, held for this connection alone.
    pub source_interface: Option<InterfaceKey>,
    /// Interface at the target.
    pub target_interface: Option<InterfaceKey>,
    /// Client rate.
    pub rate: Rate,
    /// Name of a mode or modulation. `None`: the one that takes the fewest slots.
    pub modulation: Option<String>,
    /// One leg or two.
    pub protection: Protection,
}

/// One lightpath of a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leg {
    /// The way it takes.
    pub route: Route,
    /// Name of its mode.
    pub mode: Arc<str>,
    /// Slots of the signal; their centre is what modules are tuned to.
    pub signal: Block,
    /// Slots held on every link: the signal and its guard slots.
    pub held: Block,
    /// OSNR above what the mode needs, where a judge said.
    pub margin: Option<Decibels>,
    /// While it is being moved to other slots: those too, held and with guard slots.
    pub bridge: Option<Block>,
}

/// A connection and what it owns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Connection {
    /// What was asked for.
    pub request: Request,
    /// One leg, or two with 1+1 protection.
    pub legs: Vec<Leg>,
    /// The leg that traffic is taken from.
    pub active: usize,
}

/// Topology, spectrum and connections.
#[derive(Clone, Debug)]
pub struct Network {
    profile: Arc<Profile>,
    topology: Arc<Topology>,
    /// By link number; links that were removed keep their place.
    spectrum: imbl::Vector<Arc<LinkSpectrum>>,
    connections: imbl::OrdMap<ConnectionId, Arc<Connection>>,
    interfaces: imbl::OrdMap<InterfaceKey, ConnectionId>,
    down: imbl::OrdSet<LinkIndex>,
}

impl Network {
    /// A network without connections.
    #[must_use]
    pub fn new(profile: Profile, topology: Topology) -> Self {
        let empty = Arc::new(LinkSpectrum::new(profile.band));
        let links = topology.link_numbers_given();
        Self {
            profile: Arc::new(profile),
            topology: Arc::new(topology),
            spectrum: std::iter::repeat_n(empty, links).collect(),
            connections: imbl::OrdMap::new(),
            interfaces: imbl::OrdMap::new(),
            down: imbl::OrdSet::new(),
        }
    }

    /// Band, grid and modes.
    #[must_use]
    pub fn profile(&self) -> &Profile {
        &self.profile
    }

    /// POPs and links.
    #[must_use]
    pub fn topology(&self) -> &Topology {
        &self.topology
    }

    /// The spectrum of a link. `None` when there is no such link.
    #[must_use]
    pub fn spectrum(&self, link: LinkIndex) -> Option<&LinkSpectrum> {
        self.topology.link(link)?;
        self.spectrum.get(link.0 as usize).map(Arc::as_ref)
    }

    /// A connection by id.
    #[must_use]
    pub fn connection(&self, id: &ConnectionId) -> Option<&Connection> {
        self.connections.get(id).map(Arc::as_ref)
    }

    /// All connections by id.
    pub fn connections(&self) -> impl Iterator<Item = &Connection> {
        self.connections.values().map(Arc::as_ref)
    }

    /// Number of connections.
    #[must_use]
    pub fn connection_count(&self) -> usize {
        self.connections.len()
    }

    /// The connection that an interface is held for.
    #[must_use]
    pub fn interface_holder(&self, interface: &InterfaceKey) -> Option<&ConnectionId> {
        self.interfaces.get(interface)
    }

    /// Whether a link is down.
    #[must_use]
    pub fn is_down(&self, link: LinkIndex) -> bool {
        self.down.contains(&link)
    }

    /// Connections with a leg over a link, by id.
    pub fn connections_over(&self, link: LinkIndex) -> impl Iterator<Item = &Connection> {
        self.connections().filter(move |c| c.legs.iter().any(|leg| leg.route.uses(link)))
    }
}

#[cfg(test)]
pub(crate) mod tests;
