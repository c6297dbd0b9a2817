//! A seeded generator: the only randomness of this crate, and it is an input.

/// xoshiro256++ 1.0 (Blackman and Vigna, "Scrambled linear pseudorandom number generators", ACM
/// TOMS 47, 2021). One seed always gives the same numbers, on every machine: the logarithm below
/// is made of basic arithmetic alone. Not for secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Random {
    state: [u64; 4],
}

impl Random {
    /// The generator of a seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        // SplitMix64 spreads the seed; its outputs are never all 0 over four steps.
        let mut x = seed;
        let state = std::array::from_fn(|_| {
            x = x.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let z = (x ^ x >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            let z = (z ^ z >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
            z ^ z >> 31
        });
        Self { state }
    }

    /// The next 64 bits.
    #[inline]
    pub fn bits(&mut self) -> u64 {
        let [a, b, c, d] = self.state;
        let result = a.wrapping_add(d).rotate_left(23).wrapping_add(a);
        let (c, d) = (c ^ a, d ^ b);
        self.state = [a ^ d, b ^ c, c ^ b << 17, d.rotate_left(45)];
        result
    }

    /// A number of `0 .. count`, by multiplication: no value is favoured by more than
    /// `count / 2^64`.
    #[inline]
    pub fn below(&mut self, count: u32) -> u32 {
        let wide = u128::from(self.bits()) * u128::from(count);
        (wide >> 64) as u32
    }

    /// Uniform above 0 and up to 1, in steps of `2^-53`.
    #[inline]
    pub fn unit(&mut self) -> f64 {
        ((self.bits() >> 11) + 1) as f64 / (1_u64 << 53) as f64
    }

    /// Exponentially distributed with mean 1; never negative.
    #[inline]
    pub fn exponential(&mut self) -> f64 {
        (-logarithm(self.unit())).max(0.0)
    }
}

/// Intervals of the mantissa in the table.
const STEPS: usize = 128;

/// For each interval of the mantissa, the reciprocal and the logarithm of its middle.
static TABLE: [(f64, f64); STEPS] = {
    let mut table = [(0.0, 0.0); STEPS];
    let mut at = 0;
    while at < STEPS {
        let middle = 1.0 + (at as f64 + 0.5) / STEPS as f64;
        table[at] = (1.0 / middle, slow_logarithm(middle));
        at += 1;
    }
    table
};

/// Natural logarithm of a positive normal number, to about 1e-15 absolutely. That of the
/// standard library may differ in the last bit from platform to platform.
///
/// `ln(2^e m) = e ln 2 + ln c + ln(1 + r)` with `c` the middle of the interval of `m` and
/// `r = m / c - 1`, at most 1/256; five terms of the series are enough for that.
#[inline]
fn logarithm(x: f64) -> f64 {
    let bits = x.to_bits();
    let exponent = (bits >> 52) as i32 - 1023;
    let mantissa = f64::from_bits(bits & 0x000F_FFFF_FFFF_FFFF | 0x3FF0_0000_0000_0000);
    let (reciprocal, logarithm) = TABLE[(bits >> 45) as usize % STEPS];
    let r = mantissa * reciprocal - 1.0;
    let series = r * (1.0 - r * (0.5 - r * (1.0 / 3.0 - r * (0.25 - r * 0.2))));
    f64::from(exponent) * std::f64::consts::LN_2 + (logarithm + series)
}

/// Natural logarithm of a number between 1 and 2: `2 atanh(s)` with `s = (m - 1) / (m + 1)`.
const fn slow_logarithm(mantissa: f64) -> f64 {
    let s = (mantissa - 1.0) / (mantissa + 1.0);
    let (mut power, mut sum, mut odd) = (s, 0.0, 1.0);
    while odd < 40.0 {
        sum += power / odd;
        power *= s * s;
        odd += 2.0;
    }
    2.0 * sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_logarithm_is_one() {
        let mut random = Random::new(7);
        for _ in 0..100_000 {
            let x = random.unit();
            assert!((logarithm(x) - x.ln()).abs() < 1e-11 * (1.0 + x.ln().abs()), "{x}");
        }
        assert!(logarithm(1.0).abs() < 1e-15);
        assert!((logarithm(f64::EPSILON) - f64::EPSILON.ln()).abs() < 1e-11);
    }

    #[test]
    fn seeds_repeat_and_differ() {
        let numbers = |seed| {
            std::array::from_fn::<u64, 4, _>({
                let mut random = Random::new(seed);
                move |_| random.bits()
            })
        };
        assert_eq!(numbers(1), numbers(1));
        assert_ne!(numbers(1), numbers(2));
    }

    #[test]
    fn exponentials_have_mean_and_deviation_one() {
        let mut random = Random::new(3);
        let draws: Vec<f64> = (0..200_000).map(|_| random.exponential()).collect();
        let mean = draws.iter().sum::<f64>() / draws.len() as f64;
        let square = draws.iter().map(|x| x * x).sum::<f64>() / draws.len() as f64;
        assert!((mean - 1.0).abs() < 0.01 && (square - 2.0).abs() < 0.05);
    }
}
