//! What can be wrong with an inventory.

use super::names::{LinkId, PopId, RouterKey};

/// One thing wrong with an inventory or an edit of it. Nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TopologyFault {
    /// The id of a POP is in use.
    #[error("POP {pop} already exists")]
    DuplicatePop {
        /// The id.
        pop: PopId,
    },
    /// The id of a router is in use at its POP.
    #[error("router {router} already exists")]
    DuplicateRouter {
        /// POP and id.
        router: RouterKey,
    },
    /// The id of a link is in use.
    #[error("link {link} already exists")]
    DuplicateLink {
        /// The id.
        link: LinkId,
    },
    /// A POP is named that is not there.
    #[error("POP {pop} not found; add it first")]
    UnknownPop {
        /// The id.
        pop: PopId,
    },
    /// A router is named that is not there.
    #[error("router {router} not found; add it first")]
    UnknownRouter {
        /// POP and id.
        router: RouterKey,
    },
    /// A link is named that is not there.
    #[error("link {link} not found")]
    UnknownLink {
        /// The id.
        link: LinkId,
    },
    /// Both ends of a link are one POP.
    #[error("link {link} joins POP {pop} to itself")]
    SelfLoop {
        /// The link.
        link: LinkId,
        /// The POP.
        pop: PopId,
    },
    /// A link has length 0.
    #[error("link {link} has no length; give kilometres above 0")]
    NoLength {
        /// The link.
        link: LinkId,
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
