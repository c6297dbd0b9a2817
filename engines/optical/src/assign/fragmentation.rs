//! How scattered free spectrum is.

use crate::spectrum::Slots;

/// Measures of one set of free slots. All are 0 when the free slots are one run, or none.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Fragmentation {
    /// `1 - longest free run / free slots` (external fragmentation). 0 to below 1.
    pub external: f64,
    /// `sum(share x ln(1 / share))` over free runs, with `share = run / free slots`: the entropy
    /// of Wright, Parker and Lord, "Minimum- and maximum-entropy routing and spectrum assignment
    /// for flexgrid elastic optical networking", JOCN 7, A66, 2015, here over free slots only.
    pub entropy: f64,
    /// Number of free runs less one; 0 when nothing is free.
    pub cuts: f64,
}

impl Fragmentation {
    /// The measures of a set of free slots.
    #[must_use]
    pub fn of<const W: usize>(free: &Slots<W>) -> Self {
        let total = f64::from(free.count());
        let (mut longest, mut entropy, mut runs) = (0, 0.0, 0.0);
        for run in free.runs() {
            longest = longest.max(run.width);
            let share = f64::from(run.width) / total;
            entropy -= share * share.ln();
            runs += 1.0;
        }
        if runs == 0.0 {
            return Self::default();
        }
        let external = 1.0 - f64::from(longest) / total;
        Self { external, entropy: entropy.max(0.0), cuts: runs - 1.0 }
    }
}
