//! A disk that is slow, fails, and forgets in a crash what was not flushed.
//!
//! The log is bytes: records behind one another, each with its length and its hash. What a crash
//! leaves of a batch under way is any number of its first bytes; opening the log drops the torn
//! record at its end.

use std::collections::VecDeque;

use intent::{Hash, Meta, Record};
use vocab::Generation;

use crate::random::Random;

/// The disk of one controller.
#[derive(Debug, Default)]
pub(crate) struct Disk {
    bytes: Vec<u8>,
    /// What `bytes` holds, read back.
    records: Vec<Record>,
    waiting: VecDeque<Record>,
    /// The batch that is being flushed.
    batch: Vec<Record>,
}

/// What became of a record.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Outcome {
    Written { generation: Generation },
    Failed { generation: Generation, hash: Hash, reason: &'static str },
}

impl Disk {
    /// All that is durable, in order.
    pub(crate) fn records(&self) -> &[Record] {
        &self.records
    }

    /// The newest durable generation.
    pub(crate) fn head(&self) -> Generation {
        self.records.last().map_or(Generation::EMPTY, |record| record.generation)
    }

    fn head_hash(&self) -> Hash {
        self.records.last().map_or_else(Hash::default, Record::hash)
    }

    /// Takes a record into its queue. `true` when a flush has to be started.
    pub(crate) fn submit(&mut self, record: Record) -> bool {
        self.waiting.push_back(record);
        self.batch.is_empty()
    }

    /// Starts a flush of everything that waits. `false` when nothing does.
    pub(crate) fn start(&mut self) -> bool {
        if self.batch.is_empty() {
            self.batch.extend(self.waiting.drain(..));
            return !self.batch.is_empty();
        }
        false
    }

    /// Ends the flush: each record of the batch has its outcome, in order. A record that does not
    /// follow the log's head is refused.
    pub(crate) fn finish(&mut self, fails: bool) -> Vec<Outcome> {
        let batch = std::mem::take(&mut self.batch);
        let mut outcomes = Vec::with_capacity(batch.len());
        for record in batch {
            let generation = record.generation;
            let follows = generation == self.head().next() && record.parent == self.head_hash();
            let refused = match (fails, follows) {
                (true, _) => Some("the disk is full"),
                (false, false) => Some("it does not follow the head of the log"),
                (false, true) => None,
            };
            if let Some(reason) = refused {
                outcomes.push(Outcome::Failed { generation, hash: record.hash(), reason });
                continue;
            }
            self.bytes.extend(encode(&record));
            self.records.push(record);
            outcomes.push(Outcome::Written { generation });
        }
        outcomes
    }

    /// The machine loses power: of the batch under way any first part may be there, what waits is
    /// gone. Returns the number of records that turned out to be there.
    pub(crate) fn crash(&mut self, random: &mut Random) -> usize {
        self.waiting.clear();
        let mut written = Vec::new();
        let (mut head, mut hash) = (self.head(), self.head_hash());
        for record in std::mem::take(&mut self.batch) {
            if record.generation != head.next() || record.parent != hash {
                continue;
            }
            (head, hash) = (record.generation, record.hash());
            written.extend(encode(&record));
        }
        let kept = random.index(written.len() + 1);
        self.bytes.extend(&written[..kept]);
        let before = self.records.len();
        self.open();
        self.records.len() - before
    }

    /// Reads the log from its bytes and cuts off what is torn.
    fn open(&mut self) {
        let mut records = Vec::new();
        let mut at = 0;
        while let Some((record, length)) = decode(&self.bytes[at..]) {
            records.push(record);
            at += length;
        }
        self.bytes.truncate(at);
        self.records = records;
    }
}

const HASH_BYTES: usize = 32;

fn encode(record: &Record) -> Vec<u8> {
    let mut body = Vec::new();
    body.extend(record.generation.0.to_be_bytes());
    body.extend(record.parent.0);
    body.extend(record.meta.time_unix_ms.to_be_bytes());
    field(&mut body, record.meta.author.as_bytes());
    field(&mut body, record.meta.comment.as_deref().unwrap_or_default().as_bytes());
    field(&mut body, &record.payload());
    let mut bytes = (body.len() as u64).to_be_bytes().to_vec();
    bytes.extend(record.hash().0);
    bytes.extend(body);
    bytes
}

fn field(bytes: &mut Vec<u8>, content: &[u8]) {
    bytes.extend((content.len() as u64).to_be_bytes());
    bytes.extend(content);
}

/// The first record and its length in bytes; `None` when it is torn, or nothing is there.
fn decode(bytes: &[u8]) -> Option<(Record, usize)> {
    let mut rest = bytes;
    let length = usize::try_from(number(&mut rest)?).ok()?;
    let hash = Hash(take(&mut rest, HASH_BYTES)?.try_into().ok()?);
    let mut body = take(&mut rest, length)?;
    let generation = Generation(number(&mut body)?);
    let parent = Hash(take(&mut body, HASH_BYTES)?.try_into().ok()?);
    let time_unix_ms = number(&mut body)?;
    let author = text(&mut body)?;
    let comment = Some(text(&mut body)?).filter(|comment| !comment.is_empty());
    let length = usize::try_from(number(&mut body)?).ok()?;
    let cause = Record::cause_of(generation, take(&mut body, length)?).ok()?;
    let meta = Meta { author, comment, time_unix_ms };
    let record = Record { generation, parent, meta, cause };
    (record.hash() == hash).then_some((record, bytes.len() - rest.len()))
}

fn take<'b>(bytes: &mut &'b [u8], length: usize) -> Option<&'b [u8]> {
    let (taken, rest) = bytes.split_at_checked(length)?;
    *bytes = rest;
    Some(taken)
}

fn number(bytes: &mut &[u8]) -> Option<u64> {
    Some(u64::from_be_bytes(take(bytes, size_of::<u64>())?.try_into().ok()?))
}

fn text(bytes: &mut &[u8]) -> Option<String> {
    let length = usize::try_from(number(bytes)?).ok()?;
    String::from_utf8(take(bytes, length)?.to_vec()).ok()
}
