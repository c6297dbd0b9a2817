//! Sets of slots in machine words.

use super::WORDS;
use crate::grid::Block;

/// A set of slots with numbers below `64 x W`. Which slots count as members is the user's
/// choice; here they are the free ones.
///
/// Numbers beyond the capacity are no members and inserting them changes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Slots<const W: usize = WORDS> {
    words: [u64; W],
}

impl<const W: usize> Slots<W> {
    /// No slot.
    pub const EMPTY: Self = Self { words: [0; W] };
    /// How many slots there is room for.
    pub const CAPACITY: u16 = (W * 64) as u16;

    /// The slots `0 .. count`.
    #[must_use]
    pub fn below(count: u16) -> Self {
        Self::of(Block::new(0, count))
    }

    /// The slots of a block.
    #[inline]
    #[must_use]
    pub fn of(block: Block) -> Self {
        let mut words = [0; W];
        for (at, word) in words.iter_mut().enumerate() {
            *word = word_mask(block, at as u32 * 64);
        }
        Self { words }
    }

    /// Adds the slots of a block.
    #[inline]
    pub fn insert(&mut self, block: Block) {
        self.unite(&Self::of(block));
    }

    /// Takes out the slots of a block.
    #[inline]
    pub fn remove(&mut self, block: Block) {
        self.subtract(&Self::of(block));
    }

    /// Adds the members of another set.
    #[inline]
    pub fn unite(&mut self, other: &Self) {
        for (word, other) in self.words.iter_mut().zip(&other.words) {
            *word |= other;
        }
    }

    /// Takes out the members of another set.
    #[inline]
    pub fn subtract(&mut self, other: &Self) {
        for (word, other) in self.words.iter_mut().zip(&other.words) {
            *word &= !other;
        }
    }

    /// Keeps what is also in the other set.
    #[inline]
    pub fn intersect(&mut self, other: &Self) {
        for (word, other) in self.words.iter_mut().zip(&other.words) {
            *word &= other;
        }
    }

    /// Whether it has no member.
    #[inline]
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.words.iter().all(|word| *word == 0)
    }

    /// Number of members.
    #[must_use]
    pub fn count(&self) -> u16 {
        self.words.iter().map(|word| word.count_ones() as u16).sum()
    }

    /// Whether a slot is a member.
    #[inline]
    #[must_use]
    pub fn contains(&self, slot: u16) -> bool {
        let word = self.words.get(usize::from(slot / 64));
        word.is_some_and(|word| word >> (slot % 64) & 1 == 1)
    }

    /// Whether all slots of a block are members.
    #[inline]
    #[must_use]
    pub fn contains_all(&self, block: Block) -> bool {
        let fits = u32::from(block.start) + u32::from(block.width) <= u32::from(Self::CAPACITY);
        let mask = Self::of(block);
        fits && self.words.iter().zip(&mask.words).all(|(word, mask)| word & mask == *mask)
    }

    /// The slots at which a run of at least `width` members starts: `s` with
    /// `s .. s + width` all members. A width of 0 starts nowhere.
    ///
    /// If `x` marks where runs of `h` start, then `x & (x >> d)` with `d <= h` marks where runs
    /// of `h + d` start; so `h` doubles until it is `width`.
    #[inline]
    #[must_use]
    pub fn starts(&self, width: u16) -> Self {
        if width == 0 || width > Self::CAPACITY {
            return Self::EMPTY;
        }
        let mut starts = *self;
        let mut have = 1;
        // Four rounds whether needed or not: widths differ from request to request, and a loop
        // of varying length costs more by wrong guesses than a shift by 0.
        for _ in 0..4 {
            let step = have.min(width - have) & 63;
            starts.intersect(&starts.down_bits(u32::from(step)));
            have += step;
        }
        while have < width {
            let step = have.min(width - have);
            starts.intersect(&starts.down(step));
            have += step;
        }
        starts
    }

    /// Every number lowered by `by`; what falls below 0 is gone.
    #[inline(always)]
    fn down(&self, by: u16) -> Self {
        if by < 64 { self.down_bits(u32::from(by)) } else { self.down_words(by) }
    }

    #[inline(always)]
    fn down_bits(&self, shift: u32) -> Self {
        let mut words = self.words;
        for (at, word) in words.iter_mut().enumerate() {
            let high = if at + 1 < W { self.words[at + 1] } else { 0 };
            // Twice: a single shift by 64 would be an overflow when `shift` is 0.
            *word = *word >> shift | high << 1 << (63 - shift);
        }
        Self { words }
    }

    fn down_words(&self, by: u16) -> Self {
        let skip = usize::from(by / 64);
        let mut words = [0; W];
        for (place, word) in words.iter_mut().zip(self.words.iter().skip(skip)) {
            *place = *word;
        }
        Self { words }.down_bits(u32::from(by % 64))
    }

    /// The lowest member.
    #[inline]
    #[must_use]
    pub fn lowest(&self) -> Option<u16> {
        let (at, word) = self.words.iter().enumerate().find(|(_, word)| **word != 0)?;
        Some(at as u16 * 64 + word.trailing_zeros() as u16)
    }

    /// The highest member.
    #[must_use]
    pub fn highest(&self) -> Option<u16> {
        let (at, word) = self.words.iter().enumerate().rev().find(|(_, word)| **word != 0)?;
        Some(at as u16 * 64 + 63 - word.leading_zeros() as u16)
    }

    /// The members in ascending order.
    #[must_use]
    pub fn iter(&self) -> SlotNumbers<W> {
        SlotNumbers { left: *self }
    }

    /// The longest runs of members, in ascending order.
    #[must_use]
    pub fn runs(&self) -> Runs<W> {
        Runs { left: *self }
    }

    /// Length of the longest run of members.
    #[must_use]
    pub fn longest_run(&self) -> u16 {
        self.runs().map(|run| run.width).max().unwrap_or(0)
    }
}

/// The bits of a block within the word that starts at slot `base`.
#[inline(always)]
fn word_mask(block: Block, base: u32) -> u64 {
    let end = u32::from(block.start) + u32::from(block.width);
    ones_below(end.saturating_sub(base)) & !ones_below(u32::from(block.start).saturating_sub(base))
}

/// The `count` lowest bits; all of them from 64 on.
#[inline(always)]
fn ones_below(count: u32) -> u64 {
    if count < 64 { (1 << count) - 1 } else { u64::MAX }
}

/// The members of a set in ascending order.
#[derive(Clone, Debug)]
pub struct SlotNumbers<const W: usize> {
    left: Slots<W>,
}

impl<const W: usize> Iterator for SlotNumbers<W> {
    type Item = u16;

    fn next(&mut self) -> Option<u16> {
        let (at, word) = self.left.words.iter_mut().enumerate().find(|(_, word)| **word != 0)?;
        let bit = word.trailing_zeros();
        *word &= *word - 1;
        Some(at as u16 * 64 + bit as u16)
    }
}

/// The maximal runs of a set in ascending order.
#[derive(Clone, Debug)]
pub struct Runs<const W: usize> {
    left: Slots<W>,
}

impl<const W: usize> Iterator for Runs<W> {
    type Item = Block;

    fn next(&mut self) -> Option<Block> {
        let start = self.left.lowest()?;
        let mut end = start;
        while end < Slots::<W>::CAPACITY {
            let word = self.left.words[usize::from(end / 64)] >> (end % 64);
            let ones = word.trailing_ones() as u16;
            end += ones;
            if ones < 64 - (end - ones) % 64 {
                break;
            }
        }
        let run = Block::new(start, end - start);
        self.left.remove(run);
        Some(run)
    }
}
