//! Restoration: other legs for connections whose links are down.
//!
//! A protected connection whose active leg is hit goes to its other leg at once. What is left
//! without a leg that works gets a new route from the spectrum that is free, its own included,
//! the highest rate first. What finds no room keeps its record and its slots, so that it is up
//! again when the link is.

use crate::explain::Blocked;
use crate::mode::Judge;
use crate::network::{Connection, Error, Leg, Network, Protection, Request, Strategy};
use crate::topology::ConnectionId;

/// What becomes of a connection that is hit.
#[derive(Clone, Debug, PartialEq)]
pub enum Fate {
    /// Its other leg is now the active one.
    Switched {
        /// That leg.
        leg: usize,
    },
    /// A leg that was not active is down; traffic flows.
    StandbyLost,
    /// It has new legs.
    Rerouted {
        /// The legs it had.
        from: Vec<Leg>,
        /// The legs it has: one where it is protected and there was no room for two.
        to: Vec<Leg>,
    },
    /// It is down.
    Lost {
        /// Why there is no other route.
        reason: Box<Blocked>,
    },
}

/// A network after restoration, and what was done.
#[derive(Clone, Debug)]
pub struct Restoration {
    /// The state to go to.
    pub network: Network,
    /// Every connection that was hit, in the order of treatment.
    pub fates: Vec<(ConnectionId, Fate)>,
}

/// Works out new legs for all connections that have a link that is down. The network given is
/// not changed. A protected connection without a leg that is up gets two new ones; where there is
/// no room for two, it gets one and is up without protection.
///
/// # Errors
/// None are expected; an error means that records contradict each other ([`Network::check`]).
pub fn restore(
    network: &Network,
    strategy: Strategy,
    judge: &dyn Judge,
) -> Result<Restoration, Error> {
    let mut next = network.clone();
    let mut fates = Vec::new();
    for connection in hit(network) {
        let id = connection.request.id.clone();
        let fate = treat(&mut next, connection, strategy, judge)?;
        fates.push((id, fate));
    }
    Ok(Restoration { network: next, fates })
}

/// Connections with a leg that is down: highest rate first, then by id.
fn hit(network: &Network) -> Vec<&Connection> {
    let is_hit = |c: &&Connection| c.legs.iter().any(|leg| !is_up(network, leg));
    let mut hit: Vec<_> = network.connections().filter(is_hit).collect();
    hit.sort_by_key(|connection| std::cmp::Reverse(connection.request.rate));
    hit
}

fn is_up(network: &Network, leg: &Leg) -> bool {
    leg.route.links.iter().all(|link| !network.is_down(*link))
}

fn treat(
    next: &mut Network,
    connection: &Connection,
    strategy: Strategy,
    judge: &dyn Judge,
) -> Result<Fate, Error> {
    let id = &connection.request.id;
    let is_active_up = is_up(next, &connection.legs[connection.active]);
    if is_active_up {
        return Ok(Fate::StandbyLost);
    }
    if let Some(leg) = connection.legs.iter().position(|leg| is_up(next, leg)) {
        next.activate_leg(id, leg)?;
        return Ok(Fate::Switched { leg });
    }
    match reroute(next, connection, strategy, judge) {
        Ok(to) => Ok(Fate::Rerouted { from: connection.legs.clone(), to }),
        Err(Error::Blocked(reason)) => Ok(Fate::Lost { reason }),
        Err(error) => Err(error),
    }
}

/// Releases and plans anew on a copy, which becomes the state when there is room.
fn reroute(
    next: &mut Network,
    connection: &Connection,
    strategy: Strategy,
    judge: &dyn Judge,
) -> Result<Vec<Leg>, Error> {
    let mut trial = next.clone();
    trial.release(&connection.request.id)?;
    let request = connection.request.clone();
    let legs = match trial.plan(&request, strategy, judge) {
        Err(Error::Blocked(_)) if request.is_protected() => {
            let single = Request { protection: Protection::None, ..request.clone() };
            trial.plan(&single, strategy, judge)?
        }
        planned => planned?,
    };
    trial.install(Connection { request, legs: legs.clone(), active: 0 })?;
    *next = trial;
    Ok(legs)
}

/// What would be lost if links failed: the fates of a restoration with these links down as well.
///
/// # Errors
/// When a link is unknown.
pub fn what_if(
    network: &Network,
    links: &[crate::topology::LinkId],
    strategy: Strategy,
    judge: &dyn Judge,
) -> Result<Restoration, Error> {
    let mut failed = network.clone();
    for link in links {
        failed.fail_link(link)?;
    }
    restore(&failed, strategy, judge)
}

impl Request {
    /// Whether it asks for two legs.
    #[must_use]
    pub fn is_protected(&self) -> bool {
        self.protection != Protection::None
    }
}

#[cfg(test)]
mod tests;
