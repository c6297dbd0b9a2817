//! Links as words of free slots; the step that every simulated request takes.

use crate::assign::{Placement, SpectrumPolicy, place};
use crate::grid::Block;
use crate::spectrum::Slots;

/// The free slots of each link.
#[derive(Clone, Debug)]
pub(super) struct Links<const W: usize> {
    free: Vec<Slots<W>>,
}

impl<const W: usize> Links<W> {
    pub(super) fn new(links: usize, slots: u16) -> Self {
        Self { free: vec![Slots::below(slots); links] }
    }

    /// Where a policy places `width` slots on a path.
    #[inline]
    pub(super) fn find(&self, policy: SpectrumPolicy, path: &[u16], width: u16) -> Option<Block> {
        self.find_from(policy, path, width, None)
    }

    /// The same at certain starts only; `None`: every one.
    #[inline]
    pub(super) fn find_from(
        &self,
        policy: SpectrumPolicy,
        path: &[u16],
        width: u16,
        starts: Option<&Slots<W>>,
    ) -> Option<Block> {
        let (first, others) = path.split_first()?;
        let mut common = self.free[usize::from(*first)];
        for link in others {
            common.intersect(&self.free[usize::from(*link)]);
        }
        let placement = Placement { common: &common, starts, width };
        place(policy, &placement, &path.iter().map(|link| &self.free[usize::from(*link)]))
    }

    #[inline]
    pub(super) fn take(&mut self, path: &[u16], block: Block) {
        let mask = Slots::of(block);
        for link in path {
            self.free[usize::from(*link)].subtract(&mask);
        }
    }

    #[inline]
    pub(super) fn give_back(&mut self, path: &[u16], block: Block) {
        let mask = Slots::of(block);
        for link in path {
            self.free[usize::from(*link)].unite(&mask);
        }
    }

    pub(super) fn free(&self) -> &[Slots<W>] {
        &self.free
    }
}
