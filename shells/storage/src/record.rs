//! A record of the commit log and the hash that chains it to its parent.

use sha2::{Digest, Sha256};

use crate::error::{Error, Result};

/// The longest author, in bytes.
pub const AUTHOR_BYTES_MAX: usize = 1 << 10;
/// The longest comment, in bytes.
pub const COMMENT_BYTES_MAX: usize = 64 << 10;
/// The largest payload, in bytes: a whole network's first load, not a backup of it.
pub const PAYLOAD_BYTES_MAX: usize = 256 << 20;
/// SQLite's integers are signed; neither a generation nor a time in this century gets there.
const INTEGER_MAX: u64 = i64::MAX as u64;

/// Begins every hash, so that the hash of a record is never the hash of anything else.
const HASH_DOMAIN: &[u8] = b"weft commit record 1\0";

/// The end of a chain: where the next record goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// The generation of the last record, 0 for an empty log.
    pub generation: u64,
    /// Its hash, zero for an empty log.
    pub hash: [u8; 32],
}

impl Head {
    /// The head of an empty log.
    pub const GENESIS: Self = Self { generation: 0, hash: [0; 32] };
}

/// What a commit says, before it has a place in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Who committed, at most [`AUTHOR_BYTES_MAX`] bytes.
    pub author: String,
    /// Why, in the author's words, at most [`COMMENT_BYTES_MAX`] bytes.
    pub comment: Option<String>,
    /// When, in milliseconds since 1970-01-01 UTC.
    pub time_unix_ms: u64,
    /// The commit itself, at most [`PAYLOAD_BYTES_MAX`] bytes; opaque here.
    pub payload: Vec<u8>,
}

/// One record of the commit log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogRecord {
    /// 1 for the first record, then one more each.
    pub generation: u64,
    /// The hash of the record before, zero for the first.
    pub parent: [u8; 32],
    /// SHA-256 over everything else; see [`LogRecord::computed_hash`].
    pub hash: [u8; 32],
    /// Who committed.
    pub author: String,
    /// Why, in the author's words.
    pub comment: Option<String>,
    /// When, in milliseconds since 1970-01-01 UTC.
    pub time_unix_ms: u64,
    /// The commit itself; opaque here.
    pub payload: Vec<u8>,
}

impl LogRecord {
    /// The record that puts `draft` behind `head`.
    pub fn after(head: Head, draft: Draft) -> Self {
        let Draft { author, comment, time_unix_ms, payload } = draft;
        let mut record = Self {
            generation: head.generation.saturating_add(1),
            parent: head.hash,
            hash: [0; 32],
            author,
            comment,
            time_unix_ms,
            payload,
        };
        record.hash = record.computed_hash();
        record
    }

    /// The head of a log that ends with this record.
    pub fn head(&self) -> Head {
        Head { generation: self.generation, hash: self.hash }
    }

    /// SHA-256 over a fixed prefix, the parent, the generation, the time, and then author, comment
    /// and payload, each behind its length (64 bits, big-endian); no comment is one zero byte, a
    /// comment is a one byte and the text. No two different records feed it the same bytes.
    pub fn computed_hash(&self) -> [u8; 32] {
        let mut hash = Sha256::new();
        hash.update(HASH_DOMAIN);
        hash.update(self.parent);
        hash.update(self.generation.to_be_bytes());
        hash.update(self.time_unix_ms.to_be_bytes());
        update_with_length(&mut hash, self.author.as_bytes());
        match &self.comment {
            None => hash.update([0]),
            Some(comment) => {
                hash.update([1]);
                update_with_length(&mut hash, comment.as_bytes());
            }
        }
        update_with_length(&mut hash, &self.payload);
        hash.finalize().into()
    }

    /// Refuses what cannot be a record of any log, before it is queued.
    pub(crate) fn check(&self) -> Result<()> {
        check_size("the generation", self.generation, INTEGER_MAX)?;
        let parts = (&self.author, &self.comment, &self.payload);
        check_parts(parts, self.time_unix_ms)?;
        if self.hash != self.computed_hash() {
            return Err(Error::WrongHash { generation: self.generation });
        }
        Ok(())
    }

    /// Refuses what does not follow `head`.
    pub(crate) fn check_follows(&self, head: Head) -> Result<()> {
        let expected = head.generation.saturating_add(1);
        if self.generation != expected {
            return Err(Error::StaleGeneration { offered: self.generation, expected });
        }
        if self.parent != head.hash {
            return Err(Error::WrongParent {
                generation: self.generation,
                offered: self.parent,
                expected: head.hash,
            });
        }
        Ok(())
    }
}

impl Draft {
    pub(crate) fn check(&self) -> Result<()> {
        check_parts((&self.author, &self.comment, &self.payload), self.time_unix_ms)
    }
}

fn check_parts(
    (author, comment, payload): (&String, &Option<String>, &Vec<u8>),
    time_unix_ms: u64,
) -> Result<()> {
    let comment_bytes = comment.as_ref().map_or(0, String::len);
    check_size("the author", author.len() as u64, AUTHOR_BYTES_MAX as u64)?;
    check_size("the comment", comment_bytes as u64, COMMENT_BYTES_MAX as u64)?;
    check_size("the payload", payload.len() as u64, PAYLOAD_BYTES_MAX as u64)?;
    check_size("the time", time_unix_ms, INTEGER_MAX)
}

/// `what` may be at most `limit`.
pub(crate) fn check_size(what: &'static str, size: u64, limit: u64) -> Result<()> {
    match size <= limit {
        true => Ok(()),
        false => Err(Error::TooLarge { what, size, limit }),
    }
}

fn update_with_length(hash: &mut Sha256, bytes: &[u8]) {
    hash.update((bytes.len() as u64).to_be_bytes());
    hash.update(bytes);
}
