//! What happens to a controller.

use intent::{Approval, Hash, Meta};
use vocab::{DeviceFacts, DeviceName, Generation};
use yang_data::Branch;
use yang_data::edit::Edit;

/// The mark of a request, given by the shell, that its answer carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ticket(pub u64);

/// Something that happened.
#[derive(Debug)]
pub enum Input {
    /// An edit of intent is to be committed.
    Edit {
        /// For the answer.
        ticket: Ticket,
        /// Who, when and why.
        meta: Meta,
        /// What.
        edit: Edit,
        /// The generation that the client looked at, when it insists on it.
        expected: Option<Generation>,
    },
    /// An edit of intent is to be tried without effect.
    Preview {
        /// For the answer.
        ticket: Ticket,
        /// What.
        edit: Edit,
    },
    /// Somebody decides on a change that waits for approval.
    Approve {
        /// For the answer.
        ticket: Ticket,
        /// Who, when and why.
        meta: Meta,
        /// On what, and how. It is refused when that is not what waits.
        approval: Approval,
    },
    /// All records up to this one are durable.
    Appended(Generation),
    /// A record, and so all after it, could not be made durable.
    AppendFailed {
        /// Its hash. Not its generation: that goes to another record at once, while those behind
        /// the failed one are still on their way to fail as well.
        hash: Hash,
        /// Why.
        reason: String,
        /// Whether it may be in the log all the same: only a restart tells.
        is_in_doubt: bool,
    },
    /// A device reported.
    Device {
        /// The device.
        name: DeviceName,
        /// What it reported.
        report: DeviceReport,
    },
}

/// What a device's session reports.
#[derive(Clone, Debug)]
pub enum DeviceReport {
    /// A session is up; these are the device's modules.
    Connected {
        /// What it announced.
        facts: DeviceFacts,
        /// Wall clock of the shell, for the record that new facts make.
        time_unix_ms: u64,
    },
    /// The session is down or could not be made.
    Disconnected {
        /// Why, for people.
        reason: String,
    },
    /// It holds this configuration (read from it, or confirmed by it).
    Holds {
        /// The configuration within the device type's schema.
        running: Branch,
        /// The generation whose target it was driven to, if any.
        generation: Option<Generation>,
    },
    /// It refused the target of a generation.
    Rejected {
        /// The generation.
        generation: Generation,
        /// Its errors, for people.
        errors: Vec<String>,
    },
}
