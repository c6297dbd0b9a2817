//! Snapshots: a branch as bytes, for a fast restart.
//!
//! ```text
//! "WEFT" version:u8 fingerprint:u64 length:u64 checksum:u64 branch     (integers little-endian)
//! branch  = count { node - parent, origin, content }                   (varints)
//! content = value | branch | count { origin, branch } | count { origin, value } | any
//! ```
//! Nodes are written by id, so a snapshot only fits the very schema it was made with, which its
//! fingerprint says. Bytes from a disk may be anything: they are checked as they are read, and
//! what is allocated never exceeds a small multiple of what is there.

mod reader;
mod writer;

use yang::Schema;

use crate::Branch;

pub use reader::Reader;
pub use writer::Writer;

const MAGIC: &[u8; 4] = b"WEFT";
const VERSION: u8 = 1;
const HEADER_LEN: usize = MAGIC.len() + 1 + 3 * size_of::<u64>();

/// Why bytes are no snapshot of this schema.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SnapshotError {
    /// Something else, or the head of a snapshot.
    #[error("not a snapshot")]
    NotASnapshot,
    /// Written by another version of the program.
    #[error("snapshot version {found}, expected {VERSION}")]
    Version {
        /// The version found.
        found: u8,
    },
    /// Made with another schema; read it with that one and convert it through XML or JSON.
    #[error("made with schema {found:016x}, not {expected:016x}")]
    OtherSchema {
        /// Fingerprint in the snapshot.
        found: u64,
        /// Fingerprint of the schema.
        expected: u64,
    },
    /// Shorter or longer than it says.
    #[error("snapshot of {expected} bytes has {found}")]
    Length {
        /// Bytes that are there.
        found: u64,
        /// Bytes that it says it has.
        expected: u64,
    },
    /// Bytes changed since it was written.
    #[error("snapshot is damaged: its checksum is wrong")]
    Checksum,
    /// The checksum is right but the content makes no sense.
    #[error("snapshot is malformed at byte {offset}: {reason}")]
    Malformed {
        /// Offset behind the header.
        offset: usize,
        /// What is wrong.
        reason: &'static str,
    },
}

/// Writes a branch of root level with its origins.
pub fn encode(schema: &Schema, root: &Branch) -> Vec<u8> {
    let body = writer::body(root);
    let mut bytes = Vec::with_capacity(HEADER_LEN + body.len());
    bytes.extend_from_slice(MAGIC);
    bytes.push(VERSION);
    for number in [schema.fingerprint(), body.len() as u64, checksum(&body)] {
        bytes.extend_from_slice(&number.to_le_bytes());
    }
    bytes.extend_from_slice(&body);
    bytes
}

/// Reads what [`encode`] wrote.
///
/// # Errors
/// When the bytes are no snapshot made with this schema, or damaged.
pub fn decode(schema: &Schema, bytes: &[u8]) -> Result<Branch, SnapshotError> {
    let (head, body) = bytes.split_at_checked(HEADER_LEN).ok_or(SnapshotError::NotASnapshot)?;
    let (magic, head) = head.split_at(MAGIC.len());
    if magic != MAGIC {
        return Err(SnapshotError::NotASnapshot);
    }
    if head[0] != VERSION {
        return Err(SnapshotError::Version { found: head[0] });
    }
    let mut numbers = head[1..]
        .chunks_exact(size_of::<u64>())
        .map(|bytes| u64::from_le_bytes(bytes.try_into().expect("chunks of eight bytes")));
    let mut number = || numbers.next().expect("the header has three numbers");
    let (found, length, sum) = (number(), number(), number());
    if found != schema.fingerprint() {
        return Err(SnapshotError::OtherSchema { found, expected: schema.fingerprint() });
    }
    if length != body.len() as u64 {
        return Err(SnapshotError::Length { found: body.len() as u64, expected: length });
    }
    if sum != checksum(body) {
        return Err(SnapshotError::Checksum);
    }
    reader::branch(schema, body)
}

/// A branch of root level with its origins, without anything that says on which schema.
pub fn encode_bare(root: &Branch) -> Vec<u8> {
    writer::body(root)
}

/// Reads what [`encode_bare`] wrote, and the bytes that [`Reader::bytes`] gives of a branch.
///
/// # Errors
/// When they are no branch of this schema.
pub fn decode_bare(schema: &Schema, bytes: &[u8]) -> Result<Branch, SnapshotError> {
    reader::branch(schema, bytes)
}

/// A quick hash that notices damage; no protection against intent.
fn checksum(bytes: &[u8]) -> u64 {
    const MULTIPLIER: u64 = 0x9e37_79b9_7f4a_7c15;
    const WORD: usize = size_of::<u64>();
    let mix = |hash: u64, word: u64| (hash ^ word).wrapping_mul(MULTIPLIER).rotate_left(29);
    let words = bytes.chunks_exact(WORD);
    let mut last = [0; WORD];
    last[..words.remainder().len()].copy_from_slice(words.remainder());
    let start = mix(MULTIPLIER, bytes.len() as u64);
    let hash = words.fold(start, |hash, word| {
        mix(hash, u64::from_le_bytes(word.try_into().expect("chunks of eight bytes")))
    });
    mix(hash, u64::from_le_bytes(last))
}

#[cfg(test)]
mod tests;
