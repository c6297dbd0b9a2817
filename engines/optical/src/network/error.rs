//! Why an operation is refused, by blame.

use crate::explain::Blocked;
use crate::grid::Block;
use crate::spectrum::Holding;
use crate::topology::{ConnectionId, InterfaceKey, LinkId, PopId, TopologyFault};

/// An operation that changed nothing.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Error {
    /// The request is wrong in itself or names what is not there.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The inventory does not allow it.
    #[error(transparent)]
    Topology(#[from] TopologyFault),
    /// The request is sound, the network has no room for it.
    #[error(transparent)]
    Blocked(#[from] Box<Blocked>),
}

/// What is wrong with a request.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Refusal {
    /// Source and target are one POP.
    #[error("source and target are both POP {pop}")]
    SameEnds {
        /// The POP.
        pop: PopId,
    },
    /// An interface that is not there.
    #[error("interface {interface} not found")]
    UnknownInterface {
        /// The interface.
        interface: InterfaceKey,
    },
    /// An interface of another POP.
    #[error("interface {interface} is not at POP {pop}")]
    InterfaceElsewhere {
        /// The interface.
        interface: InterfaceKey,
        /// Where it should be.
        pop: PopId,
    },
    /// An interface that is in use.
    #[error("interface {interface} is held for connection {holder}")]
    InterfaceTaken {
        /// The interface.
        interface: InterfaceKey,
        /// For what it is held.
        holder: ConnectionId,
    },
    /// A connection of this id is there and was asked for with other words.
    #[error("connection {id} exists with another request; release it or choose another id")]
    IdTaken {
        /// The id.
        id: ConnectionId,
    },
    /// No connection of this id.
    #[error("connection {id} not found")]
    UnknownConnection {
        /// The id.
        id: ConnectionId,
    },
    /// No leg of this number.
    #[error("connection {id} has no leg {leg}")]
    UnknownLeg {
        /// The connection.
        id: ConnectionId,
        /// The number.
        leg: usize,
    },
    /// A leg is being moved already, or is not being moved.
    #[error("leg {leg} of connection {id} is not in the state that this step starts from")]
    OutOfStep {
        /// The connection.
        id: ConnectionId,
        /// The leg.
        leg: usize,
    },
    /// Slots whose centre the modules of a connection cannot be tuned to.
    #[error("the centre of slots {block} is on no channel of connection {id}'s modules")]
    OffGrid {
        /// The connection.
        id: ConnectionId,
        /// The slots.
        block: Block,
    },
    /// Slots that are held, or outside the band.
    #[error("slots {block} of link {link} are {}", match held {
        Some(holding) => format!("held: {:?} at {}", holding.owner, holding.block),
        None => "not of its band".to_owned(),
    })]
    SlotsTaken {
        /// The link.
        link: LinkId,
        /// What was asked for.
        block: Block,
        /// What is in the way.
        held: Option<Holding>,
    },
    /// A way given by the caller that does not join up, repeats itself or misses the ends.
    #[error("the legs given for connection {id} do not fit its request")]
    LegsMisfit {
        /// The connection.
        id: ConnectionId,
    },
    /// A link with connections or reserved slots cannot be removed.
    #[error("link {link} is in use; release what it carries first")]
    LinkInUse {
        /// The link.
        link: LinkId,
    },
    /// No such reservation.
    #[error("slots {block} of link {link} are not reserved as one range")]
    NotReserved {
        /// The link.
        link: LinkId,
        /// The slots.
        block: Block,
    },
    /// A limit of this crate is reached.
    #[error("no room for more {what}: the limit is {limit}")]
    Full {
        /// What there is too much of.
        what: &'static str,
        /// How much there may be.
        limit: usize,
    },
}
