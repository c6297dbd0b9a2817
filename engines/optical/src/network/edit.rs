//! Changes of what the network is built of, links that go down and come up, reserved slots.
//!
//! A change of the topology costs with its size; they are rare. A clone of the network made
//! before keeps the topology it had.

use std::sync::Arc;

use super::{Error, Network, Refusal};
use crate::grid::Block;
use crate::spectrum::{LinkSpectrum, Owner, Taken};
use crate::topology::{Interface, Link, LinkId, LinkIndex, NodeIndex, Pop, Router};

impl Network {
    /// Adds a POP.
    ///
    /// # Errors
    /// As [`crate::topology::Topology::add_pop`].
    pub fn add_pop(&mut self, pop: Pop) -> Result<NodeIndex, Error> {
        Ok(Arc::make_mut(&mut self.topology).add_pop(pop)?)
    }

    /// Adds a router.
    ///
    /// # Errors
    /// As [`crate::topology::Topology::add_router`].
    pub fn add_router(&mut self, router: Router) -> Result<(), Error> {
        Ok(Arc::make_mut(&mut self.topology).add_router(router)?)
    }

    /// Adds an interface or replaces what is known of it.
    ///
    /// # Errors
    /// As [`crate::topology::Topology::add_interface`].
    pub fn add_interface(&mut self, interface: Interface) -> Result<(), Error> {
        Ok(Arc::make_mut(&mut self.topology).add_interface(interface)?)
    }

    /// Adds a link with all slots free.
    ///
    /// # Errors
    /// As [`crate::topology::Topology::add_link`].
    pub fn add_link(&mut self, link: Link) -> Result<LinkIndex, Error> {
        let number = Arc::make_mut(&mut self.topology).add_link(link)?;
        self.spectrum.push_back(Arc::new(LinkSpectrum::new(self.profile.band)));
        Ok(number)
    }

    /// Removes a link on which nothing is held.
    ///
    /// # Errors
    /// When there is none of this id, or it is in use.
    pub fn remove_link(&mut self, id: &LinkId) -> Result<Link, Error> {
        let number = self.topology.link_number(id)?;
        if self.spectrum(number).is_some_and(|spectrum| !spectrum.holdings().is_empty()) {
            return Err(Refusal::LinkInUse { link: id.clone() }.into());
        }
        self.down.remove(&number);
        Ok(Arc::make_mut(&mut self.topology).remove_link(id)?)
    }

    /// Marks a link as down: no new route takes it. Connections keep what they hold there until
    /// they are restored or released.
    ///
    /// # Errors
    /// When there is none of this id.
    pub fn fail_link(&mut self, id: &LinkId) -> Result<LinkIndex, Error> {
        let number = self.topology.link_number(id)?;
        self.down.insert(number);
        Ok(number)
    }

    /// Marks a link as up.
    ///
    /// # Errors
    /// When there is none of this id.
    pub fn repair_link(&mut self, id: &LinkId) -> Result<LinkIndex, Error> {
        let number = self.topology.link_number(id)?;
        self.down.remove(&number);
        Ok(number)
    }

    /// Keeps slots of a link free of connections.
    ///
    /// # Errors
    /// When there is none of this id, the slots are not of its band, or one of them is held.
    pub fn reserve(&mut self, id: &LinkId, block: Block, reason: &str) -> Result<(), Error> {
        let number = self.topology.link_number(id)?;
        let owner = Owner::Reserved(Arc::from(reason));
        let taken = self.spectrum_mut(number).map(|spectrum| spectrum.take(block, owner));
        let held = match taken {
            None | Some(Ok(())) => return Ok(()),
            Some(Err(Taken::Held(holding))) => Some(holding),
            Some(Err(Taken::Outside)) => None,
        };
        Err(Refusal::SlotsTaken { link: id.clone(), block, held }.into())
    }

    /// Gives reserved slots back to connections.
    ///
    /// # Errors
    /// When there is none of this id, or exactly these slots are not one reservation.
    pub fn unreserve(&mut self, id: &LinkId, block: Block) -> Result<(), Error> {
        let number = self.topology.link_number(id)?;
        let is_it = |owner: &Owner| matches!(owner, Owner::Reserved(_));
        let spectrum = self.spectrum(number);
        let holding = spectrum.and_then(|s| s.owner_of(block.start)).cloned();
        let holding = holding.filter(|holding| holding.block == block && is_it(&holding.owner));
        let not_reserved = || Refusal::NotReserved { link: id.clone(), block };
        let holding = holding.ok_or_else(not_reserved)?;
        self.spectrum_mut(number).map(|spectrum| spectrum.give_back(block, &holding.owner));
        Ok(())
    }
}
