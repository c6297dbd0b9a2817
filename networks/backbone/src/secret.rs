//! Secrets in the form in which routers keep them.
//!
//! Both forms only keep a secret from being read over a shoulder: whoever has the text has the
//! secret. They are here because a router shows keys in this form, and a comparison of what it has
//! with what it should have must not see a difference where there is none. For the same reason
//! their random part is fixed.

/// What IOS XR hides keys with.
const CISCO_KEY: &[u8] = b"dsfd;kfoA,.iyewrkldJKDHSUBsgvca69834ncxv9873254k;fg87";
/// Where in [`CISCO_KEY`] hiding starts.
const CISCO_SEED: usize = 4;

/// A key in the form that IOS XR calls type 7: the seed in two decimal digits, then for each byte
/// two hexadecimal digits.
pub(crate) fn cisco_type_7(secret: &str) -> String {
    let hidden = secret.bytes().enumerate().map(|(at, byte)| {
        let key = CISCO_KEY[(CISCO_SEED + at) % CISCO_KEY.len()];
        format!("{:02X}", byte ^ key)
    });
    std::iter::once(format!("{CISCO_SEED:02}")).chain(hidden).collect()
}

/// The characters of Junos' form, in four families: what follows a salt of family `n` is
/// `3 - n` characters without meaning.
const JUNOS_FAMILIES: [&str; 4] =
    ["QzF3n6/9CAtpu0O", "B1IREhcSyrleKvMW8LXx", "7N-dVbwsY2g4oaJZGUDj", "iHkq.mPf5T"];
/// The salt: a character of the third family, which one without meaning follows.
const JUNOS_SALT: char = '4';
const JUNOS_FILLER: char = 'T';
/// What the digits of a character weigh, by its place, repeating.
const JUNOS_WEIGHTS: [&[u32]; 7] =
    [&[1, 4, 32], &[1, 16, 32], &[1, 8, 32], &[1, 64], &[1, 32], &[1, 4, 16, 128], &[1, 32, 64]];

/// A key in the form that Junos marks with `$9$`: each byte as digits of a number system that
/// changes from byte to byte, each digit as a distance from the character before it.
pub(crate) fn junos_9(secret: &str) -> String {
    let alphabet: Vec<char> = JUNOS_FAMILIES.iter().flat_map(|family| family.chars()).collect();
    let place_of = |wanted: char| alphabet.iter().position(|c| *c == wanted).unwrap_or_default();
    let mut text = format!("$9${JUNOS_SALT}{JUNOS_FILLER}");
    let mut at = place_of(JUNOS_SALT);
    for (byte, weights) in secret.bytes().zip(JUNOS_WEIGHTS.iter().cycle()) {
        for gap in digits(byte.into(), weights) {
            at = (at + gap + 1) % alphabet.len();
            text.push(alphabet[at]);
        }
    }
    text
}

/// The digits of a number where they have these weights, in the order of the weights.
fn digits(mut number: u32, weights: &[u32]) -> Vec<usize> {
    let mut digits: Vec<usize> = weights
        .iter()
        .rev()
        .map(|weight| {
            let digit = number / weight;
            number %= weight;
            usize::try_from(digit).unwrap_or_default()
        })
        .collect();
    digits.reverse();
    digits
}

#[cfg(test)]
mod tests {
    use super::{cisco_type_7, junos_9};

    #[test]
    fn cisco_keys_are_hidden_as_the_router_does() {
        let hidden = cisco_type_7("ibgp-authentication-key");
        assert_eq!(hidden, "045209011F6C4D5B1D11001906020F053E222B267E3E270A");
        assert_eq!(cisco_type_7("acme-65501"), "045A080B0A6C1A1B5C4954");
        assert_eq!(cisco_type_7("letmein"), "04570E1202244540");
        assert_eq!(cisco_type_7(""), "04");
    }

    #[test]
    fn cisco_key_repeats_for_long_secrets() {
        let long = cisco_type_7(&"x".repeat(120));
        let (first, second) = (&long[2..2 + 2 * 53], &long[2 + 2 * 53..2 + 2 * 106]);
        assert_eq!(first, second, "the key has 53 bytes");
    }

    #[test]
    fn junos_keys_are_hidden_as_the_router_does() {
        assert_eq!(
            junos_9("ibgp-authentication-key"),
            "$9$4TaGiq.5/9pmfp0B1yr4aZGkP6/t1Ic36eWL7sYoJGDjq5Qn/Cumfu1RSledbs24Zmfz",
        );
        assert_eq!(junos_9("acme-65501"), "$9$4TaJDkqf36AoJ5Q36AtLx7-Yg4aZUik");
        assert_eq!(junos_9(""), "$9$4T");
    }

    #[test]
    fn junos_keys_can_be_read_back() {
        for secret in ["a", "secret", "~}|{zyx", "ACME-1234567890", "grün"] {
            assert_eq!(reveal(&junos_9(secret)), secret.as_bytes());
        }
    }

    /// The router's own way back, written from the other side.
    fn reveal(text: &str) -> Vec<u8> {
        let alphabet = super::JUNOS_FAMILIES.concat();
        let text: Vec<usize> =
            text.strip_prefix("$9$").unwrap().chars().map(|c| alphabet.find(c).unwrap()).collect();
        let (mut before, mut rest, mut bytes) = (text[0], &text[2..], Vec::new());
        while !rest.is_empty() {
            let weights = super::JUNOS_WEIGHTS[bytes.len() % super::JUNOS_WEIGHTS.len()];
            let mut byte = 0;
            for weight in weights {
                let gap = (rest[0] + 65 - before - 1) % 65;
                byte += u32::try_from(gap).unwrap() * weight;
                (before, rest) = (rest[0], &rest[1..]);
            }
            bytes.push(u8::try_from(byte).unwrap());
        }
        bytes
    }
}
