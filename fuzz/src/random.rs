//! A seeded generator: the same numbers on every machine.

/// SplitMix64: small, fast, good enough to choose where to cut.
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// The generator of one input of a run.
    pub fn new(seed: u64, number: u64) -> Self {
        let mut random = Self(seed);
        let start = random.draw() ^ number.wrapping_mul(0xd134_2543_de82_ef95);
        Self(start)
    }

    /// The next number.
    pub fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`; 0 when there is none.
    pub fn below(&mut self, end: usize) -> usize {
        if end == 0 { 0 } else { (self.draw() % end as u64) as usize }
    }

    /// One of these; none of nothing.
    pub fn pick<'i, T>(&mut self, items: &'i [T]) -> Option<&'i T> {
        items.get(self.below(items.len()))
    }

    /// Whether it happens, once in `times` on average.
    pub fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }
}
