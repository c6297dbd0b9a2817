//! The life of an edit of intent: candidate, validated, planned, committed.
//!
//! Each stage is a type that only the stage before can build, so that nothing reaches a device
//! that was not validated and worked down, and nothing is acknowledged that has no record:
//!
//! ```text
//! Candidate ── validate ──► Validated ── work_down ──► Planned ── commit ──► Committed
//!  (edit applied)           (no violation)            (all layers)          (record of the log)
//! ```
//!
//! A [`Record`] is what the commit log keeps of a commit: the edit itself, so that replaying the
//! log gives the same trees, and the hash of the record before, so that the log is one chain.

mod candidate;
mod record;

pub use candidate::{Candidate, Committed, Planned, Refused, Validated};
pub use record::{Approval, Cause, Hash, Meta, Record, RecordError};
