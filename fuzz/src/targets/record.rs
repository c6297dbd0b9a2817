//! Records of the commit log.

use intent::{Hash, Meta, Record};
use vocab::Generation;

use super::Target;

/// A payload that was read can be written and reads back the same.
pub(super) const PAYLOAD: Target = Target {
    name: "record-payload",
    reads: "the payload of a record",
    run: payload,
    dictionary: &["E", "F", "\t", "\n", "\r", "\r\n", "\t\t", "ietf", "2026-01-01", "urn:m", "m"],
};

fn payload(bytes: &[u8]) {
    let generation = Generation(7);
    let Ok(cause) = Record::cause_of(generation, bytes) else { return };
    let meta = Meta { author: "ada".to_owned(), comment: None, time_unix_ms: 1 };
    let record = Record { generation, parent: Hash([0; 32]), meta, cause };
    let written = record.payload();
    assert_eq!(Record::cause_of(generation, &written), Ok(record.cause), "{written:?}");
}
