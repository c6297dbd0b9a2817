//! The mutator: entries of a corpus, cut, spliced and spiced with words of a dictionary.

use std::ops::Range;

use crate::random::Random;

/// Longest input that is made, in bytes.
pub const INPUT_BYTES_MAX: usize = 32 << 10;
/// Changes to one input at most.
const CHANGES_MAX: usize = 8;
/// Longest piece that a change moves about, in bytes.
const PIECE_BYTES_MAX: usize = 64;
/// Repetitions of one piece at most: deep enough for any limit of nesting.
const REPEATS_MAX: usize = 2_000;
/// Characters between which a piece is likely to mean something.
const BORDERS: &[u8] = b" \n\t<>/\"'{}[]():;,=&|.+-*#%";
/// Numbers at which readers of numbers err.
const NUMBERS: [&str; 16] = [
    "0",
    "1",
    "-1",
    "00",
    "127",
    "128",
    "255",
    "256",
    "65535",
    "65536",
    "4294967295",
    "4294967296",
    "9223372036854775807",
    "-9223372036854775808",
    "18446744073709551616",
    "1e9",
];
/// Characters that are more than they look like: of two, three and four bytes, not allowed in
/// XML, invisible, combining.
const CHARACTERS: [&str; 8] =
    ["é", "€", "🦀", "\u{0}", "\u{b}", "\u{fffe}", "\u{feff}", "a\u{301}"];

/// Makes the inputs of a run.
#[derive(Clone, Copy, Debug)]
pub struct Mutator<'a> {
    /// What inputs start as.
    pub corpus: &'a [Vec<u8>],
    /// Words of the language.
    pub dictionary: &'a [&'a str],
    /// What tells one run from another.
    pub seed: u64,
}

impl Mutator<'_> {
    /// The input of this number: the same whenever corpus, dictionary and seed are.
    pub fn input(&self, number: u64) -> Vec<u8> {
        let mut random = Random::new(self.seed, number);
        let mut input = random.pick(self.corpus).cloned().unwrap_or_default();
        let changes = 1 + random.below(CHANGES_MAX);
        // Half of the inputs are changed little, and so remain mostly right.
        let changes = if random.once_in(2) { 1 + changes / 4 } else { changes };
        for _ in 0..changes {
            self.change(&mut input, &mut random);
            input.truncate(INPUT_BYTES_MAX);
        }
        input
    }

    fn change(&self, input: &mut Vec<u8>, random: &mut Random) {
        let piece = piece(input, random);
        match random.below(14) {
            0 => flip(input, random),
            1 => drop(input.drain(piece)),
            2 => {
                let copy = input[piece].to_vec();
                insert(input, &copy, random);
            }
            3..=5 => {
                let word = self.word(random);
                insert(input, &word, random);
            }
            6..=7 => {
                let word = self.word(random);
                input.splice(piece, word);
            }
            8 => {
                let other = random.pick(self.corpus).cloned().unwrap_or_default();
                let range = self::piece(&other, random);
                input.splice(piece, other[range].iter().copied());
            }
            9 => {
                // The head of one, the tail of another.
                let other = random.pick(self.corpus).cloned().unwrap_or_default();
                input.truncate(piece.start);
                input.extend_from_slice(&other[border(&other, random)..]);
            }
            10 => replace_number(input, random),
            11 => {
                let copy = input[piece.clone()].to_vec();
                input.drain(piece);
                insert(input, &copy, random);
            }
            12 => repeat(input, piece, random),
            _ => {
                let byte = random.below(256) as u8;
                insert(input, &[byte], random);
            }
        }
    }

    /// A word of the dictionary, a strange number or a strange character.
    fn word(&self, random: &mut Random) -> Vec<u8> {
        let words = match random.below(8) {
            0 => &NUMBERS[..],
            1 => &CHARACTERS[..],
            _ => self.dictionary,
        };
        random.pick(words).map_or_else(Vec::new, |word| word.as_bytes().to_vec())
    }
}

/// A place to cut: every other one beside a border.
fn border(input: &[u8], random: &mut Random) -> usize {
    let at = random.below(input.len() + 1);
    if random.once_in(2) {
        return at;
    }
    let found = input[at..].iter().position(|byte| BORDERS.contains(byte));
    at + found.map_or(0, |step| step + random.below(2))
}

/// A short range between two places to cut.
fn piece(input: &[u8], random: &mut Random) -> Range<usize> {
    let from = border(input, random);
    let end = input.len().min(from + 1 + random.below(PIECE_BYTES_MAX));
    from..(from + border(&input[from..end], random))
}

fn insert(input: &mut Vec<u8>, word: &[u8], random: &mut Random) {
    let at = border(input, random);
    input.splice(at..at, word.iter().copied());
}

fn flip(input: &mut [u8], random: &mut Random) {
    let at = random.below(input.len());
    let bit = random.below(8);
    if let Some(byte) = input.get_mut(at) {
        *byte ^= 1 << bit;
    }
}

fn replace_number(input: &mut Vec<u8>, random: &mut Random) {
    let from = random.below(input.len() + 1);
    let Some(step) = input[from..].iter().position(u8::is_ascii_digit) else { return };
    let from = from + step;
    let digits = input[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let number = random.pick(&NUMBERS).map_or("", |number| *number);
    input.splice(from..from + digits, number.bytes());
}

fn repeat(input: &mut Vec<u8>, piece: Range<usize>, random: &mut Random) {
    let times = if random.once_in(4) { random.below(REPEATS_MAX) } else { random.below(8) };
    let room = INPUT_BYTES_MAX.saturating_sub(input.len());
    let copy = input[piece.clone()].repeat(times.min(room / piece.len().max(1)));
    input.splice(piece.start..piece.start, copy);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inputs_are_a_function_of_seed_and_number() {
        let corpus = [b"module a { leaf b; }".to_vec(), b"1 + 2".to_vec(), Vec::new()];
        let mutator = |seed| Mutator { corpus: &corpus, dictionary: &["leaf", "type"], seed };
        let inputs = |seed| (0..500).map(|at| mutator(seed).input(at)).collect::<Vec<_>>();
        assert_eq!(inputs(1), inputs(1));
        let different = inputs(1).iter().zip(&inputs(2)).filter(|(one, two)| one != two).count();
        assert!(different > 400, "{different}");
        assert!(inputs(3).iter().all(|input| input.len() <= INPUT_BYTES_MAX));
        let mut kinds = inputs(4);
        kinds.sort();
        kinds.dedup();
        assert!(kinds.len() > 300, "{}", kinds.len());
    }

    #[test]
    fn nothing_to_start_with_is_no_fault() {
        let mutator = Mutator { corpus: &[], dictionary: &[], seed: 0 };
        assert!((0..500).all(|number| mutator.input(number).len() <= INPUT_BYTES_MAX));
    }
}
