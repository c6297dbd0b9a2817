//! The spectrum of one fibre pair: what is free, and who holds the rest.

use std::sync::Arc;

use super::Slots;
use crate::grid::{Band, Block};
use crate::topology::ConnectionId;

/// Who holds a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Owner {
    /// A connection.
    Connection(ConnectionId),
    /// A range kept free of connections, with the reason given.
    Reserved(Arc<str>),
}

/// A block with its owner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holding {
    /// The slots, guard slots included.
    pub block: Block,
    /// Who holds them.
    pub owner: Owner,
}

/// A block was asked for of which a part is held already, or which lies outside the band.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Taken {
    /// It leaves the band or is empty.
    Outside,
    /// The first holding in the way.
    Held(Holding),
}

/// The spectrum of a fibre pair. Both directions use the same slots.
///
/// Free and held slots are two records of one truth: [`Self::is_sound`] compares them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkSpectrum {
    band: Band,
    free: Slots,
    /// By first slot; no two overlap.
    holdings: Vec<Holding>,
}

impl LinkSpectrum {
    /// A link on which all slots are free.
    #[must_use]
    pub fn new(band: Band) -> Self {
        Self { band, free: band.all(), holdings: Vec::new() }
    }

    /// The free slots.
    #[must_use]
    pub fn free(&self) -> &Slots {
        &self.free
    }

    /// All that is held, by first slot.
    #[must_use]
    pub fn holdings(&self) -> &[Holding] {
        &self.holdings
    }

    /// The holding that a slot belongs to.
    #[must_use]
    pub fn owner_of(&self, slot: u16) -> Option<&Holding> {
        self.first_overlap(Block::new(slot, 1))
    }

    /// Whether a block could be taken now.
    ///
    /// # Errors
    /// With what is in the way.
    pub fn check(&self, block: Block) -> Result<(), Taken> {
        if !self.band.holds(block) {
            return Err(Taken::Outside);
        }
        if self.free.contains_all(block) {
            return Ok(());
        }
        Err(self.first_overlap(block).cloned().map_or(Taken::Outside, Taken::Held))
    }

    /// Gives a block to an owner; a refusal changes nothing.
    ///
    /// # Errors
    /// As [`Self::check`].
    pub fn take(&mut self, block: Block, owner: Owner) -> Result<(), Taken> {
        self.check(block)?;
        let at = self.holdings.partition_point(|holding| holding.block.start < block.start);
        self.holdings.insert(at, Holding { block, owner });
        self.free.remove(block);
        Ok(())
    }

    /// Frees a block if exactly this block is held by exactly this owner; says whether it was.
    pub fn give_back(&mut self, block: Block, owner: &Owner) -> bool {
        let at = self.holdings.partition_point(|holding| holding.block.start < block.start);
        let is_held = self
            .holdings
            .get(at)
            .is_some_and(|holding| holding.block == block && holding.owner == *owner);
        if is_held {
            self.holdings.remove(at);
            self.free.insert(block);
        }
        is_held
    }

    /// Whether holdings are apart and, with the free slots, make up the band.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        let is_apart = self.holdings.windows(2).all(|two| two[0].block.end() <= two[1].block.start);
        let mut held = Slots::EMPTY;
        for holding in &self.holdings {
            held.insert(holding.block);
        }
        let mut both = held;
        both.intersect(&self.free);
        held.unite(&self.free);
        is_apart && both.is_empty() && held == self.band.all()
    }

    fn first_overlap(&self, block: Block) -> Option<&Holding> {
        let from = self.holdings.partition_point(|holding| holding.block.end() <= block.start);
        self.holdings.get(from).filter(|holding| holding.block.overlaps(block))
    }
}
