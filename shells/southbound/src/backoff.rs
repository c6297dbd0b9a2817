//! How long to wait before the next attempt.

use std::time::Duration;

use rand::RngExt as _;
use rand::rngs::StdRng;

use crate::config::BackOff;

/// Doublings after which the bound does not grow any more, whatever the settings: 2^20 times the
/// first pause is beyond any of them.
const DOUBLINGS_MAX: u32 = 20;

impl BackOff {
    /// The pause after this many failures in a row, the first being 0.
    pub(crate) fn pause(self, failures: u32, rng: &mut StdRng) -> Duration {
        let bound = self.first.saturating_mul(1 << failures.min(DOUBLINGS_MAX)).min(self.max);
        bound.mul_f64(rng.random::<f64>())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use rand::SeedableRng as _;
    use rand::rngs::StdRng;

    use super::BackOff;

    #[test]
    fn pauses_are_spread_below_a_bound_that_doubles() {
        let back_off = BackOff { first: Duration::from_secs(1), max: Duration::from_secs(60) };
        let mut rng = StdRng::from_seed([7; 32]);
        for (failures, bound) in [(0, 1), (1, 2), (3, 8), (6, 60), (31, 60), (u32::MAX, 60)] {
            let pauses: Vec<_> = (0..200).map(|_| back_off.pause(failures, &mut rng)).collect();
            let (least, most) = (pauses.iter().min().unwrap(), pauses.iter().max().unwrap());
            let bound = Duration::from_secs(bound);
            assert!(*most <= bound && *most > bound.mul_f64(0.9), "{failures}: {most:?}");
            assert!(*least < bound.mul_f64(0.1), "{failures}: {least:?}");
        }
    }

    #[test]
    fn the_same_seed_gives_the_same_pauses() {
        let back_off = BackOff { first: Duration::from_secs(1), max: Duration::from_secs(60) };
        let pauses = || {
            let mut rng = StdRng::from_seed([3; 32]);
            (0..9).map(|failures| back_off.pause(failures, &mut rng)).collect::<Vec<_>>()
        };
        assert_eq!(pauses(), pauses());
    }
}
