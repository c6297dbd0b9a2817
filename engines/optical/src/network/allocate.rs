//! Allocation, release and the moves of connections that are up.
//!
//! Each operation first checks everything it will touch and only then changes it, so a refusal
//! leaves no trace. Where an operation has several steps it works on a clone and puts that in
//! place at the end.

use std::sync::Arc;

use super::{CONNECTIONS_MAX, Connection, Error, Leg, Network, Protection, Refusal, Request};
use super::{Route, Strategy};
use crate::grid::Block;
use crate::mode::Judge;
use crate::spectrum::{LinkSpectrum, Owner, Taken};
use crate::topology::{ConnectionId, LinkIndex};

/// A connection that is there after an allocation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allocated {
    /// The connection.
    pub connection: Arc<Connection>,
    /// Whether this call made it; `false` when the same request had made it before.
    pub is_new: bool,
}

impl Network {
    /// Finds room for a request and holds it: slots on every link of its legs, and its
    /// interfaces. The same request again changes nothing and gives the same connection.
    ///
    /// # Errors
    /// As [`Self::plan`], and [`Refusal::IdTaken`] when the id stands for another request.
    /// Nothing is changed then.
    pub fn allocate(
        &mut self,
        request: &Request,
        strategy: Strategy,
        judge: &dyn Judge,
    ) -> Result<Allocated, Error> {
        if let Some(connection) = self.existing(request)? {
            return Ok(Allocated { connection, is_new: false });
        }
        let legs = self.plan(request, strategy, judge)?;
        self.install(Connection { request: request.clone(), legs, active: 0 })
    }

    /// Holds what a record says, without a choice of its own: for replaying a log. The same
    /// record again changes nothing.
    ///
    /// # Errors
    /// When the record does not fit its request or the topology, or what it owns is held by
    /// another. Nothing is changed then.
    pub fn install(&mut self, connection: Connection) -> Result<Allocated, Error> {
        if let Some(existing) = self.existing(&connection.request)? {
            return Ok(Allocated { connection: existing, is_new: false });
        }
        if self.connections.len() >= CONNECTIONS_MAX {
            return Err(Refusal::Full { what: "connections", limit: CONNECTIONS_MAX }.into());
        }
        self.check_record(&connection)?;
        let connection = Arc::new(connection);
        self.put(&connection);
        Ok(Allocated { connection, is_new: true })
    }

    /// Frees all that a connection owns and forgets it. A second release finds nothing.
    ///
    /// # Errors
    /// [`Refusal::UnknownConnection`].
    pub fn release(&mut self, id: &ConnectionId) -> Result<Arc<Connection>, Error> {
        let connection = self.known(id)?;
        self.take_away(&connection);
        Ok(connection)
    }

    /// Makes another leg of a protected connection the active one.
    ///
    /// # Errors
    /// When there is no such connection or leg.
    pub fn activate_leg(&mut self, id: &ConnectionId, leg: usize) -> Result<(), Error> {
        self.leg(id, leg)?;
        let mut connection = self.known(id)?.as_ref().clone();
        connection.active = leg;
        self.connections.insert(id.clone(), Arc::new(connection));
        Ok(())
    }

    /// Puts other legs in place of those that a connection has. Its own slots count as free.
    ///
    /// # Errors
    /// As [`Self::install`]; the connection keeps the legs it had.
    pub fn replace_legs(&mut self, id: &ConnectionId, legs: Vec<Leg>) -> Result<(), Error> {
        let old = self.known(id)?;
        let mut next = self.clone();
        next.take_away(&old);
        next.install(Connection { request: old.request.clone(), legs, active: 0 })?;
        *self = next;
        Ok(())
    }

    /// First step of a move without interruption: holds the slots of `signal` (and guard slots)
    /// on the route of a leg beside those it has.
    ///
    /// # Errors
    /// When the leg is being moved already, the centre is not of the grid, or a slot is held,
    /// be it by the leg itself.
    pub fn bridge(&mut self, id: &ConnectionId, leg: usize, signal: Block) -> Result<(), Error> {
        let old = self.leg(id, leg)?;
        if old.bridge.is_some() || signal.width != old.signal.width {
            return Err(Refusal::OutOfStep { id: id.clone(), leg }.into());
        }
        let grids = self.grids(&self.known(id)?.request);
        let starts = self.permitted(&grids, signal.width);
        if starts.is_some_and(|starts| !starts.contains(signal.start)) {
            return Err(Refusal::OffGrid { id: id.clone(), block: signal }.into());
        }
        let guard = old.held.width - old.signal.width;
        let held = Block::new(signal.start, signal.width.saturating_add(guard));
        self.check_slots(&old.route, held)?;
        self.hold(&old.route, held, id);
        self.change_leg(id, leg, |leg| leg.bridge = Some(held))
    }

    /// Second step: the leg is now at the bridged slots, the old ones are freed.
    ///
    /// # Errors
    /// When the leg is not being moved.
    pub fn retire(&mut self, id: &ConnectionId, leg: usize) -> Result<(), Error> {
        let old = self.leg(id, leg)?;
        let out_of_step = || Refusal::OutOfStep { id: id.clone(), leg };
        let bridge = old.bridge.ok_or_else(out_of_step)?;
        self.free(&old.route, old.held, id);
        self.change_leg(id, leg, |leg| {
            leg.signal = Block::new(bridge.start, leg.signal.width);
            leg.held = bridge;
            leg.bridge = None;
        })
    }

    /// Instead of the second step: the leg stays where it was, the bridged slots are freed.
    ///
    /// # Errors
    /// When the leg is not being moved.
    pub fn abandon(&mut self, id: &ConnectionId, leg: usize) -> Result<(), Error> {
        let old = self.leg(id, leg)?;
        let out_of_step = || Refusal::OutOfStep { id: id.clone(), leg };
        let bridge = old.bridge.ok_or_else(out_of_step)?;
        self.free(&old.route, bridge, id);
        self.change_leg(id, leg, |leg| leg.bridge = None)
    }

    fn existing(&self, request: &Request) -> Result<Option<Arc<Connection>>, Refusal> {
        match self.connections.get(&request.id) {
            Some(connection) if connection.request == *request => Ok(Some(connection.clone())),
            Some(_) => Err(Refusal::IdTaken { id: request.id.clone() }),
            None => Ok(None),
        }
    }

    fn known(&self, id: &ConnectionId) -> Result<Arc<Connection>, Refusal> {
        let connection = self.connections.get(id).cloned();
        connection.ok_or_else(|| Refusal::UnknownConnection { id: id.clone() })
    }

    fn leg(&self, id: &ConnectionId, leg: usize) -> Result<Leg, Refusal> {
        let found = self.known(id)?.legs.get(leg).cloned();
        found.ok_or_else(|| Refusal::UnknownLeg { id: id.clone(), leg })
    }

    fn change_leg(
        &mut self,
        id: &ConnectionId,
        leg: usize,
        change: impl FnOnce(&mut Leg),
    ) -> Result<(), Error> {
        let mut connection = self.known(id)?.as_ref().clone();
        connection.legs.get_mut(leg).map(change);
        self.connections.insert(id.clone(), Arc::new(connection));
        Ok(())
    }

    /// Whether a record makes sense and all it would own is free.
    fn check_record(&self, connection: &Connection) -> Result<(), Error> {
        let Connection { request, legs, active } = connection;
        let (source, target) = self.ends(request)?;
        let misfit = || Refusal::LegsMisfit { id: request.id.clone() };
        // A protected connection may have lost its second leg in a restoration.
        let legs_max = if request.protection == Protection::None { 1 } else { 2 };
        if legs.is_empty() || legs.len() > legs_max || *active >= legs.len() {
            return Err(misfit().into());
        }
        for (at, leg) in legs.iter().enumerate() {
            let links: Vec<u32> = leg.route.links.iter().map(|link| link.0).collect();
            let path = self.topology.graph().path(source.0, &links).ok_or_else(misfit)?;
            let is_way = Route::from(path) == leg.route && leg.route.nodes.last() == Some(&target);
            let is_within = leg.held.start == leg.signal.start
                && leg.held.width >= leg.signal.width
                && leg.signal.width > 0;
            let is_apart =
                legs[..at].iter().all(|o| o.route.links.iter().all(|l| !leg.route.uses(*l)));
            if !(is_way && is_within && is_apart) {
                return Err(misfit().into());
            }
            self.check_slots(&leg.route, leg.held)?;
            if let Some(bridge) = leg.bridge {
                self.check_slots(&leg.route, bridge)?;
                if bridge.overlaps(leg.held) || bridge.width != leg.held.width {
                    return Err(misfit().into());
                }
            }
        }
        Ok(())
    }

    fn check_slots(&self, route: &Route, block: Block) -> Result<(), Refusal> {
        route.links.iter().try_for_each(|link| self.check_link(*link, block))
    }

    fn check_link(&self, link: LinkIndex, block: Block) -> Result<(), Refusal> {
        let (Some(spectrum), Some(known)) = (self.spectrum(link), self.topology.link(link)) else {
            return Ok(());
        };
        spectrum.check(block).map_err(|taken| Refusal::SlotsTaken {
            link: known.id.clone(),
            block,
            held: match taken {
                Taken::Held(holding) => Some(holding),
                Taken::Outside => None,
            },
        })
    }

    /// Takes what a checked record owns.
    fn put(&mut self, connection: &Arc<Connection>) {
        let id = &connection.request.id;
        for leg in &connection.legs {
            self.hold(&leg.route, leg.held, id);
            if let Some(bridge) = leg.bridge {
                self.hold(&leg.route, bridge, id);
            }
        }
        for interface in interfaces(&connection.request) {
            self.interfaces.insert(interface.clone(), id.clone());
        }
        self.connections.insert(id.clone(), connection.clone());
    }

    fn take_away(&mut self, connection: &Connection) {
        let id = &connection.request.id;
        for leg in &connection.legs {
            self.free(&leg.route, leg.held, id);
            if let Some(bridge) = leg.bridge {
                self.free(&leg.route, bridge, id);
            }
        }
        for interface in interfaces(&connection.request) {
            self.interfaces.remove(interface);
        }
        self.connections.remove(id);
    }

    fn hold(&mut self, route: &Route, block: Block, id: &ConnectionId) {
        for link in &route.links {
            let taken =
                self.spectrum_mut(*link).map(|s| s.take(block, Owner::Connection(id.clone())));
            debug_assert!(taken.is_some_and(|t| t.is_ok()), "checked before");
        }
    }

    fn free(&mut self, route: &Route, block: Block, id: &ConnectionId) {
        let owner = Owner::Connection(id.clone());
        for link in &route.links {
            let freed = self.spectrum_mut(*link).is_some_and(|s| s.give_back(block, &owner));
            debug_assert!(freed, "a record owns what it says");
        }
    }

    pub(super) fn spectrum_mut(&mut self, link: LinkIndex) -> Option<&mut LinkSpectrum> {
        self.spectrum.get_mut(link.0 as usize).map(Arc::make_mut)
    }
}

fn interfaces(request: &Request) -> impl Iterator<Item = &crate::topology::InterfaceKey> {
    request.source_interface.iter().chain(&request.target_interface)
}
