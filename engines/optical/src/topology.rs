//! The network as it is built: POPs with routers, interfaces and transceivers, and the fibre
//! pairs between POPs.
//!
//! Links are undirected: a lightpath uses the same slots of a fibre pair both ways. A topology
//! only ever holds what passed the checks of [`Topology::add_link`] and its sisters, so what
//! searches it need not look again. Numbers ([`NodeIndex`], [`LinkIndex`]) are given in the order
//! of insertion and never used again; names are for people and records.

mod fault;
mod names;

use std::collections::BTreeMap;
use std::sync::Arc;

pub use fault::TopologyFault;
pub use names::{
    ConnectionId, InterfaceKey, InterfaceName, LinkId, NAME_LENGTH_MAX, PopId, RiskId, RouterId,
    RouterKey,
};

use crate::grid::ModuleGrid;
use crate::paths::{Graph, GraphLink};
use crate::quantity::Length;

/// Most POPs of a network.
pub const POPS_MAX: usize = 20_000;
/// Most links of a network, removed ones included.
pub const LINKS_MAX: usize = 100_000;
/// Most routers of a network.
pub const ROUTERS_MAX: usize = 100_000;
/// Most interfaces of a network.
pub const INTERFACES_MAX: usize = 1_000_000;
/// Most shared risk groups of one link.
pub const RISKS_PER_LINK_MAX: usize = 64;

/// A POP by number, in order of insertion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeIndex(pub u32);

/// A link by number, in order of insertion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LinkIndex(pub u32);

/// A point of presence: a node of the optical network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pop {
    /// Its id.
    pub id: PopId,
    /// Name for people.
    pub name: String,
    /// Where it is, in words or as "latitude,longitude".
    pub location: String,
    /// Who runs it.
    pub operator: String,
}

/// A router at a POP.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Router {
    /// POP and id.
    pub key: RouterKey,
}

/// A port of a router, with its coherent module where one is plugged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interface {
    /// Router and name.
    pub key: InterfaceKey,
    /// What is plugged.
    pub transceiver: Option<Transceiver>,
}

/// A coherent module, as it describes itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transceiver {
    /// Vendor name.
    pub vendor: String,
    /// Part number.
    pub part: String,
    /// Frequencies it can be tuned to. `None`: any of the flexible grid.
    pub grid: Option<ModuleGrid>,
    /// Names of the modes it has. Empty: all of the network's table.
    pub modes: Vec<String>,
}

/// A fibre pair between two POPs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Its id.
    pub id: LinkId,
    /// One end. Which is which means nothing.
    pub a: PopId,
    /// The other end.
    pub b: PopId,
    /// Length of the fibre.
    pub length: Length,
    /// Kind of fibre, such as `SMF`.
    pub fibre: String,
    /// Shared risk groups (RFC 4202, section 2.3): links that one event can take down together.
    pub risks: Vec<RiskId>,
}

/// POPs, routers, interfaces and links by name and by number.
#[derive(Clone, Debug, Default)]
pub struct Topology {
    pops: Vec<Pop>,
    pop_numbers: BTreeMap<PopId, NodeIndex>,
    routers: BTreeMap<RouterKey, Router>,
    interfaces: BTreeMap<InterfaceKey, Interface>,
    /// `None` where a link was removed.
    links: Vec<Option<Link>>,
    link_numbers: BTreeMap<LinkId, LinkIndex>,
    graph: Arc<Graph>,
}

/// Everything of a network in one value, in the order in which it refers to itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inventory {
    /// POPs.
    pub pops: Vec<Pop>,
    /// Routers.
    pub routers: Vec<Router>,
    /// Interfaces.
    pub interfaces: Vec<Interface>,
    /// Links.
    pub links: Vec<Link>,
}

impl Topology {
    /// Checks and takes a whole network.
    ///
    /// # Errors
    /// With every fault found, not only the first.
    pub fn build(inventory: Inventory) -> Result<Self, Vec<TopologyFault>> {
        let mut topology = Self::default();
        let mut faults = Vec::new();
        faults.extend(inventory.pops.into_iter().filter_map(|p| topology.add_pop(p).err()));
        faults.extend(inventory.routers.into_iter().filter_map(|r| topology.add_router(r).err()));
        let interfaces = inventory.interfaces.into_iter();
        faults.extend(interfaces.filter_map(|i| topology.add_interface(i).err()));
        let links = inventory.links.into_iter();
        faults.extend(links.filter_map(|link| topology.place_link(link).err()));
        topology.draw_graph();
        if faults.is_empty() { Ok(topology) } else { Err(faults) }
    }

    /// Adds a POP.
    ///
    /// # Errors
    /// When the id is in use, or there are [`POPS_MAX`].
    pub fn add_pop(&mut self, pop: Pop) -> Result<NodeIndex, TopologyFault> {
        if self.pop_numbers.contains_key(&pop.id) {
            return Err(TopologyFault::DuplicatePop { pop: pop.id });
        }
        limit("POPs", self.pops.len(), POPS_MAX)?;
        let node = NodeIndex(self.pops.len() as u32);
        self.pop_numbers.insert(pop.id.clone(), node);
        self.pops.push(pop);
        self.draw_graph();
        Ok(node)
    }

    /// Adds a router to a POP.
    ///
    /// # Errors
    /// When its POP is unknown, the id is in use there, or there are [`ROUTERS_MAX`].
    pub fn add_router(&mut self, router: Router) -> Result<(), TopologyFault> {
        self.node(&router.key.pop)?;
        if self.routers.contains_key(&router.key) {
            return Err(TopologyFault::DuplicateRouter { router: router.key });
        }
        limit("routers", self.routers.len(), ROUTERS_MAX)?;
        self.routers.insert(router.key.clone(), router);
        Ok(())
    }

    /// Adds an interface to a router, or replaces what is known of it.
    ///
    /// # Errors
    /// When its router is unknown, or there are [`INTERFACES_MAX`].
    pub fn add_interface(&mut self, interface: Interface) -> Result<(), TopologyFault> {
        if !self.routers.contains_key(&interface.key.router) {
            return Err(TopologyFault::UnknownRouter { router: interface.key.router });
        }
        limit("interfaces", self.interfaces.len(), INTERFACES_MAX)?;
        self.interfaces.insert(interface.key.clone(), interface);
        Ok(())
    }

    /// Adds a link.
    ///
    /// # Errors
    /// When the id is in use, an end is unknown, both ends are one, it has no length, it belongs
    /// to too many risk groups, or there are [`LINKS_MAX`].
    pub fn add_link(&mut self, link: Link) -> Result<LinkIndex, TopologyFault> {
        let number = self.place_link(link)?;
        self.draw_graph();
        Ok(number)
    }

    /// Takes a link out; its number is not used again.
    ///
    /// # Errors
    /// When there is none of this id.
    pub fn remove_link(&mut self, id: &LinkId) -> Result<Link, TopologyFault> {
        let unknown = || TopologyFault::UnknownLink { link: id.clone() };
        let number = self.link_numbers.remove(id).ok_or_else(unknown)?;
        let link = self.links[number.0 as usize].take().ok_or_else(unknown)?;
        self.draw_graph();
        Ok(link)
    }

    fn place_link(&mut self, link: Link) -> Result<LinkIndex, TopologyFault> {
        if self.link_numbers.contains_key(&link.id) {
            return Err(TopologyFault::DuplicateLink { link: link.id });
        }
        self.node(&link.a)?;
        self.node(&link.b)?;
        if link.a == link.b {
            return Err(TopologyFault::SelfLoop { link: link.id, pop: link.a });
        }
        if link.length == Length::ZERO {
            return Err(TopologyFault::NoLength { link: link.id });
        }
        limit("risk groups of a link", link.risks.len(), RISKS_PER_LINK_MAX + 1)?;
        limit("links", self.links.len(), LINKS_MAX)?;
        let number = LinkIndex(self.links.len() as u32);
        self.link_numbers.insert(link.id.clone(), number);
        self.links.push(Some(link));
        Ok(number)
    }

    fn draw_graph(&mut self) {
        let ends = |link: &Link| Some((self.node(&link.a).ok()?, self.node(&link.b).ok()?));
        let drawn = self.links.iter().map(|link| {
            let link = link.as_ref()?;
            let (from, to) = ends(link)?;
            Some(GraphLink { from: from.0, to: to.0, length: link.length })
        });
        self.graph = Arc::new(Graph::undirected(self.pops.len() as u32, drawn.collect()));
    }

    /// The number of a POP.
    ///
    /// # Errors
    /// When there is none of this id.
    pub fn node(&self, pop: &PopId) -> Result<NodeIndex, TopologyFault> {
        let number = self.pop_numbers.get(pop).copied();
        number.ok_or_else(|| TopologyFault::UnknownPop { pop: pop.clone() })
    }

    /// The number of a link.
    ///
    /// # Errors
    /// When there is none of this id.
    pub fn link_number(&self, link: &LinkId) -> Result<LinkIndex, TopologyFault> {
        let number = self.link_numbers.get(link).copied();
        number.ok_or_else(|| TopologyFault::UnknownLink { link: link.clone() })
    }

    /// The POP of a number.
    #[must_use]
    pub fn pop(&self, node: NodeIndex) -> Option<&Pop> {
        self.pops.get(node.0 as usize)
    }

    /// The link of a number; `None` for one that was removed.
    #[must_use]
    pub fn link(&self, link: LinkIndex) -> Option<&Link> {
        self.links.get(link.0 as usize)?.as_ref()
    }

    /// All POPs in order of insertion.
    pub fn pops(&self) -> impl Iterator<Item = &Pop> {
        self.pops.iter()
    }

    /// All links with their numbers, in order of insertion.
    pub fn links(&self) -> impl Iterator<Item = (LinkIndex, &Link)> {
        let numbered = (0..).map(LinkIndex).zip(&self.links);
        numbered.filter_map(|(number, link)| Some((number, link.as_ref()?)))
    }

    /// Routers by POP and id.
    pub fn routers(&self) -> impl Iterator<Item = &Router> {
        self.routers.values()
    }

    /// Interfaces by POP, router and name.
    pub fn interfaces(&self) -> impl Iterator<Item = &Interface> {
        self.interfaces.values()
    }

    /// One interface.
    #[must_use]
    pub fn interface(&self, key: &InterfaceKey) -> Option<&Interface> {
        self.interfaces.get(key)
    }

    /// Numbers given to links so far, removed ones included.
    pub(crate) fn link_numbers_given(&self) -> usize {
        self.links.len()
    }

    /// The graph that paths are searched in.
    pub(crate) fn graph(&self) -> &Arc<Graph> {
        &self.graph
    }
}

fn limit(what: &'static str, have: usize, limit: usize) -> Result<(), TopologyFault> {
    if have < limit { Ok(()) } else { Err(TopologyFault::Full { what, limit }) }
}

#[cfg(test)]
mod tests;
