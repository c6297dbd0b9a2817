//! The engines as one machine: a whole controller in memory.
//!
//! # How to drive it
//! [`Controller`] is a machine without clock, disk or network. Its owner feeds it [`Input`]s (an
//! edit arrived, records became durable, a device reported) and after each one drains
//! [`Controller::poll_output`] to `None` and does what the [`Output`]s say: append a record to
//! the log, answer a client, drive a device to its target.
//!
//! # What it promises
//! - A client is answered after its record is durable, never before.
//! - Records are appended in order; while one is on its way to the disk the next edit is already
//!   worked on, on top of it (that is what makes group commit possible). When appending fails,
//!   everything from the failed record on is undone and refused.
//! - A device is given a target only from a durable generation, and each target carries it.
//! - A device whose changes need approval is changed by an approval in the log only, and only from
//!   the configuration that the approval names.
//! - Nothing is unbounded: see [`Limits`].

mod approval;
mod controller;
mod device;
mod head;
mod input;
mod inventory;
mod output;

pub use approval::{Decision, Gate, device_txid};
pub use controller::{Controller, Limits, ReplayError};
pub use device::{ApprovalItem, DeviceRecord, DeviceStatus};
pub use head::Head;
pub use input::{DeviceReport, Input, Ticket};
pub use inventory::{DeviceAccess, Inventory, InventoryError};
pub use output::{CommitDone, DevicePlan, Output, Permission, Preview, Reply, Target};
