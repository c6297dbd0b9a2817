//! What a controller wants done.

use std::sync::Arc;

use intent::{Record, Refused};
use transform::{DeviceChange, DeviceTarget, Run};
use vocab::{DeviceName, Generation};

use crate::device::ApprovalItem;
use crate::input::Ticket;
use crate::inventory::DeviceAccess;

/// Something to do.
#[derive(Debug)]
pub enum Output {
    /// Append this record to the log, behind all before it.
    Append(Record),
    /// Answer a request.
    Reply {
        /// The request.
        ticket: Ticket,
        /// The answer.
        reply: Reply,
    },
    /// Drive a device to a target, superseding any earlier one.
    Drive(Target),
    /// The device is in the intent no more: end its session and forget it.
    Release(DeviceName),
}

/// A device's target.
#[derive(Clone, Debug)]
pub struct Target {
    /// The device.
    pub name: DeviceName,
    /// How to reach it.
    pub access: DeviceAccess,
    /// The generation that the target belongs to.
    pub generation: Generation,
    /// The target; `None` while the device's facts are not known: connect and report them.
    pub target: Option<DeviceTarget>,
    /// Whether the device may be changed.
    pub permission: Permission,
}

/// Whether a device may be changed to hold its target.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Permission {
    /// It may, whatever it holds.
    #[default]
    Free,
    /// It must not: connect, and report what it is and holds.
    Hold,
    /// It may, as long as what it holds is what [`crate::device_txid`] names like this. Look at
    /// that once nobody else can change it any more; report what it holds when it is not so.
    If(Arc<str>),
}

/// The answer to a request.
#[derive(Debug)]
pub enum Reply {
    /// The edit is committed and durable.
    Committed(CommitDone),
    /// What the edit would do.
    Preview(Preview),
    /// The decision on a change is durable, and made this generation.
    Decided(Generation),
    /// The decision is not on what waits for approval; nothing has changed.
    NotAwaited {
        /// What waits, when something does.
        waiting: Option<ApprovalItem>,
    },
    /// The edit is refused; nothing has changed.
    Refused(Refused),
    /// The intent is not at the generation that the client expected.
    Stale {
        /// The generation it is at.
        current: Generation,
    },
    /// Too many edits wait for the disk: try again.
    Busy,
    /// The commit could not be made durable; nothing has changed.
    NotDurable {
        /// Why.
        reason: String,
    },
    /// Nobody knows whether the commit is durable until the log has been read again: look at it
    /// after the restart that follows.
    InDoubt {
        /// Why.
        reason: String,
    },
}

/// A durable commit.
#[derive(Clone, Debug)]
pub struct CommitDone {
    /// The generation it made.
    pub generation: Generation,
    /// What was recomputed.
    pub runs: Vec<Run>,
    /// The devices that it concerns, ascending by name: their targets changed, or their entries in
    /// the inventory.
    pub devices: Vec<DeviceName>,
}

/// What an edit would do.
#[derive(Clone, Debug)]
pub struct Preview {
    /// The generation that it was tried on.
    pub base: Generation,
    /// What would be recomputed.
    pub runs: Vec<Run>,
    /// What would change on which device.
    pub devices: Vec<DevicePlan>,
}

/// What would change on a device.
pub type DevicePlan = DeviceChange;
