//! Snapshots from a disk.

use yang_data::print::PrintOptions;
use yang_data::{Tree, binary, json, xml};

use super::{Change, Changes, Target, text};
use crate::model::MODEL;

/// Changes to the bytes of a genuine snapshot, which is sealed again behind them: what is read
/// back can be written, looked at and read again.
pub(super) const SNAPSHOT: Target = Target {
    name: "snapshot",
    reads: "changes to a snapshot: `BYTE=VALUE`, `BYTE+VALUE`, `BYTE-`; or `raw:` and bytes",
    run: snapshot,
    dictionary: &["=", "+", "-", " ", "raw:", "WEFT", "255", "128", "0", "1", "127", "2"],
};

/// Magic and version; fingerprint, length and checksum follow.
const FINGERPRINT_AT: usize = 5;
const LENGTH_AT: usize = FINGERPRINT_AT + 8;
const CHECKSUM_AT: usize = LENGTH_AT + 8;
const BODY_AT: usize = CHECKSUM_AT + 8;

fn snapshot(bytes: &[u8]) {
    let schema = MODEL.schema();
    if let Some(raw) = bytes.strip_prefix(b"raw:") {
        let _ = binary::decode(schema, raw);
        return;
    }
    let Some(text) = text(bytes) else { return };
    let genuine = binary::encode(schema, MODEL.tree.root());
    let Ok(root) = binary::decode(schema, &seal(change(genuine, text))) else { return };
    let written = binary::encode(schema, &root);
    let back = binary::decode(schema, &written).expect("a fresh snapshot is read");
    assert!(back == root, "a snapshot comes back");
    assert!(binary::encode(schema, &back) == written, "a snapshot is written as it was");
    // Values are those of a forger, so that printing need not lead back; but it must end.
    let tree = Tree::from_root(schema.clone(), root);
    xml::print(&tree, &PrintOptions::PRETTY);
    json::print(&tree, &PrintOptions::PRETTY);
    MODEL.validator.validate(tree.root());
    let difference = yang_data::diff::diff(&MODEL.tree, &tree);
    difference.text(schema);
}

fn change(mut bytes: Vec<u8>, changes: &str) -> Vec<u8> {
    for change in Changes::new(changes) {
        let body = bytes.len() - BODY_AT;
        let place = |at: usize| BODY_AT + at % body.max(1);
        match change {
            Change::Put { at, value } if body > 0 => bytes[place(at)] = value as u8,
            Change::Remove { at } if body > 0 => drop(bytes.remove(place(at))),
            Change::Put { at, value } | Change::Add { at, value } => {
                bytes.insert(place(at), value as u8);
            }
            Change::Remove { .. } => {}
        }
    }
    bytes
}

/// Puts the right length and checksum in, so that what was changed is looked at.
fn seal(mut bytes: Vec<u8>) -> Vec<u8> {
    let length = (bytes.len() - BODY_AT) as u64;
    let sum = checksum(&bytes[BODY_AT..]);
    bytes[LENGTH_AT..CHECKSUM_AT].copy_from_slice(&length.to_le_bytes());
    bytes[CHECKSUM_AT..BODY_AT].copy_from_slice(&sum.to_le_bytes());
    bytes
}

/// As snapshots have it; the test `the_seal_is_the_right_one` notices when it changes.
fn checksum(bytes: &[u8]) -> u64 {
    const MULTIPLIER: u64 = 0x9e37_79b9_7f4a_7c15;
    let mix = |sum: u64, word: u64| (sum ^ word).wrapping_mul(MULTIPLIER).rotate_left(29);
    let (words, rest) = bytes.as_chunks::<8>();
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    let start = mix(MULTIPLIER, bytes.len() as u64);
    let sum = words.iter().fold(start, |sum, word| mix(sum, u64::from_le_bytes(*word)));
    mix(sum, u64::from_le_bytes(last))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_seal_is_the_right_one() {
        let genuine = binary::encode(MODEL.schema(), MODEL.tree.root());
        assert!(seal(genuine.clone()) == genuine);
        assert!(binary::decode(MODEL.schema(), &seal(change(genuine, "0+0"))).is_err());
    }
}
