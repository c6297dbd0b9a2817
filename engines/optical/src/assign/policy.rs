//! The spectrum policies.

use crate::grid::Block;
use crate::spectrum::Slots;

/// How one of several possible blocks is chosen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SpectrumPolicy {
    /// The lowest start.
    #[default]
    FirstFit,
    /// The highest start.
    LastFit,
    /// The lowest free run of exactly the width; without one, as first fit.
    ExactFit,
    /// The shortest free run that is wide enough.
    BestFit,
    /// The start that changes the number of free runs of the path's links for the better: each
    /// link whose run is cut in two counts +1, each whose run is filled counts -1 (the "cut" of
    /// Yin et al., "Spectral and spatial 2D fragmentation-aware routing and spectrum assignment
    /// algorithms in elastic optical networks", JOCN 5, A100, 2013). Then the shortest run.
    LeastFragmentation,
}

impl SpectrumPolicy {
    /// All policies.
    pub const ALL: [Self; 5] =
        [Self::FirstFit, Self::LastFit, Self::ExactFit, Self::BestFit, Self::LeastFragmentation];
}

/// What a block is placed into.
#[derive(Clone, Copy, Debug)]
pub struct Placement<'a, const W: usize> {
    /// Slots that are free on every link of the path.
    pub common: &'a Slots<W>,
    /// Starts that the grids permit; `None`: every one.
    pub starts: Option<&'a Slots<W>>,
    /// Slots needed, guard slots included.
    pub width: u16,
}

impl<const W: usize> Placement<'_, W> {
    #[inline(always)]
    fn possible(&self) -> Slots<W> {
        let mut possible = self.common.starts(self.width);
        if let Some(starts) = self.starts {
            possible.intersect(starts);
        }
        possible
    }
}

/// The block that a policy chooses. `links` are the free slots of each link of the path; only
/// [`SpectrumPolicy::LeastFragmentation`] reads them.
#[inline]
pub fn place<'a, const W: usize>(
    policy: SpectrumPolicy,
    placement: &Placement<'_, W>,
    links: &(impl Iterator<Item = &'a Slots<W>> + Clone),
) -> Option<Block> {
    let possible = placement.possible();
    let width = placement.width;
    let start = match policy {
        SpectrumPolicy::FirstFit => possible.lowest(),
        SpectrumPolicy::LastFit => possible.highest(),
        SpectrumPolicy::ExactFit => exact(placement, &possible),
        SpectrumPolicy::BestFit => {
            run_of_each(placement, &possible).min_by_key(|(_, run)| run.width).map(|(s, _)| s)
        }
        SpectrumPolicy::LeastFragmentation => run_of_each(placement, &possible)
            .min_by_key(|(s, run)| (cuts(Block::new(*s, width), links.clone()), run.width))
            .map(|(start, _)| start),
    };
    start.map(|start| Block::new(start, width))
}

fn exact<const W: usize>(placement: &Placement<'_, W>, possible: &Slots<W>) -> Option<u16> {
    let fits = |run: &Block| run.width == placement.width && possible.contains(run.start);
    let run = placement.common.runs().find(fits);
    run.map(|run| run.start).or_else(|| possible.lowest())
}

/// Each possible start with the run of common free slots it lies in, ascending.
fn run_of_each<const W: usize>(
    placement: &Placement<'_, W>,
    possible: &Slots<W>,
) -> impl Iterator<Item = (u16, Block)> {
    let mut runs = placement.common.runs();
    let mut run = Block::new(0, 0);
    possible.iter().map(move |start| {
        while run.end() <= start {
            run = runs.next().unwrap_or(Block::new(start, u16::MAX - start));
        }
        (start, run)
    })
}

/// By how much the number of free runs grows, summed over the links, when a block is taken.
fn cuts<'a, const W: usize>(block: Block, links: impl Iterator<Item = &'a Slots<W>>) -> i32 {
    let is_free = |free: &Slots<W>, slot: Option<u16>| slot.is_some_and(|s| free.contains(s));
    let change = |free: &Slots<W>| {
        let below = is_free(free, block.start.checked_sub(1));
        let above = is_free(free, Some(block.end()));
        i32::from(below) + i32::from(above) - 1
    };
    links.map(change).sum()
}
