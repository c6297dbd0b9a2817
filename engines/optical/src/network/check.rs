//! Compares the records of a network with each other.

use std::collections::BTreeMap;

use super::{Leg, Network};
use crate::grid::Block;
use crate::spectrum::Owner;
use crate::topology::{ConnectionId, InterfaceKey, LinkIndex};

/// One contradiction between records. There is none unless this crate has a mistake; a
/// controller may check after it has read a state from outside.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unsound {
    /// Free and held slots of a link overlap or leave a gap.
    #[error("free and held slots of link {} do not make up its band", link.0)]
    Spectrum {
        /// The link.
        link: LinkIndex,
    },
    /// Slots of a connection that its link does not know, or the other way round.
    #[error("slots {block} of link {} and connection {id} do not agree", link.0)]
    Ownership {
        /// The connection.
        id: ConnectionId,
        /// The link.
        link: LinkIndex,
        /// The slots.
        block: Block,
    },
    /// An interface and its connection that do not agree.
    #[error("interface {interface} and connection {id} do not agree")]
    Interface {
        /// The interface.
        interface: InterfaceKey,
        /// The connection.
        id: ConnectionId,
    },
}

impl Network {
    /// Looks for contradictions: slots with two owners or none, slots that differ from link to
    /// link of a leg, interfaces held for nobody. Costs with the size of the network.
    ///
    /// # Errors
    /// With all that were found.
    pub fn check(&self) -> Result<(), Vec<Unsound>> {
        let mut wrong = Vec::new();
        let by_links = self.owned_by_links(&mut wrong);
        let mut by_records = BTreeMap::new();
        for connection in self.connections() {
            let id = &connection.request.id;
            let blocks = |leg: &Leg| [Some(leg.held), leg.bridge];
            for leg in &connection.legs {
                for block in blocks(leg).into_iter().flatten() {
                    let links = leg.route.links.iter();
                    by_records
                        .extend(links.map(|link| ((*link, block.start), (block, id.clone()))));
                }
            }
        }
        let differs = |one: &Owned, other: &Owned| -> Vec<Unsound> {
            let differing = one.iter().filter(|(key, value)| other.get(key) != Some(value));
            differing.map(|(key, (block, id))| ownership(key.0, *block, id)).collect()
        };
        wrong.extend(differs(&by_links, &by_records));
        wrong.extend(differs(&by_records, &by_links));
        wrong.extend(self.wrong_interfaces());
        if wrong.is_empty() { Ok(()) } else { Err(wrong) }
    }

    fn owned_by_links(&self, wrong: &mut Vec<Unsound>) -> Owned {
        let mut owned = BTreeMap::new();
        for (link, spectrum) in (0..).map(LinkIndex).zip(&self.spectrum) {
            if !spectrum.is_sound() {
                wrong.push(Unsound::Spectrum { link });
            }
            for holding in spectrum.holdings() {
                if let Owner::Connection(id) = &holding.owner {
                    owned.insert((link, holding.block.start), (holding.block, id.clone()));
                }
            }
        }
        owned
    }

    fn wrong_interfaces(&self) -> Vec<Unsound> {
        let mut by_records = BTreeMap::new();
        for connection in self.connections() {
            let request = &connection.request;
            let interfaces = request.source_interface.iter().chain(&request.target_interface);
            by_records.extend(interfaces.map(|interface| (interface, &request.id)));
        }
        let held: BTreeMap<_, _> = self.interfaces.iter().collect();
        let only_held = held.iter().filter(|(key, id)| by_records.get(*key) != Some(id));
        let only_records = by_records.iter().filter(|(key, id)| held.get(*key) != Some(id));
        let both = only_held.chain(only_records);
        let unsound = |(interface, id): (&&InterfaceKey, &&ConnectionId)| Unsound::Interface {
            interface: (*interface).clone(),
            id: (*id).clone(),
        };
        both.map(unsound).collect()
    }
}

/// What is held where, by link and first slot.
type Owned = BTreeMap<(LinkIndex, u16), (Block, ConnectionId)>;

fn ownership(link: LinkIndex, block: Block, id: &ConnectionId) -> Unsound {
    Unsound::Ownership { id: id.clone(), link, block }
}
