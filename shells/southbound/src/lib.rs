//! One task per device: connect, back off, pump a session.
//!
//! [`Southbound`] takes targets and gives reports. For each device it keeps one task, which does
//! one thing at a time: reach the device over SSH (address after address, with growing pauses
//! between rounds), learn its modules, read its configuration, and make it hold the newest target.
//! Everything that happens is reported as [`orchestrator::DeviceReport`]; what to do about it is
//! decided elsewhere.
//!
//! # A change of a device
//! The datastore is locked, stale changes are discarded, running is read, and what differs from
//! the target, nothing else, is sent as one edit. A device with a candidate is asked to validate
//! it and to commit, by a commit that undoes itself where the device has that; the change is read
//! back before it is confirmed, so that a device that acknowledges what it does not do is found
//! out and a change that cuts the device off is undone by itself. A device without a candidate
//! takes the edit on running. Whatever a device refuses leaves it as it was.
//!
//! # What is the device's own
//! The configuration is the part that the schema of the device's type has. Everything else of the
//! device is neither read nor changed, but for what stands below a list entry or container that is
//! removed as a whole. Values that equal their default count as not there.
//!
//! # Host keys
//! See [`HostKeys`]: trusted on first use, pinned from then on.
//!
//! # Drift
//! Running is read at the start of each session and periodically. A difference is reported, not
//! corrected: the device is driven again when its owner wants that.

mod backoff;
mod config;
mod device;
mod discover;
mod error;
mod host_keys;
mod model;
mod push;
mod session;
mod southbound;
mod ssh;

pub use config::{BackOff, Config, Timeouts};
pub use error::SouthboundError;
pub use host_keys::{HostKeyStoreError, HostKeys, MemoryHostKeys};
pub use model::SchemaLookup;
pub use southbound::{Reported, Southbound};
