//! What a controller wants done.

use intent::{Record, Refused};
use transform::{DeviceChange, DeviceTarget, Run};
use vocab::{DeviceName, Generation};

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
}

/// The answer to a request.
#[derive(Debug)]
pub enum Reply {
    /// The edit is committed and durable.
    Committed(CommitDone),
    /// What the edit would do.
    Preview(Preview),
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
