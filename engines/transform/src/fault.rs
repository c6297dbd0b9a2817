//! Why a change cannot be worked down. Nothing has changed then.

use yang_data::validate::Violation;

use crate::input::Refusal;
use crate::provenance::Owner;

/// One reason why a change is refused. A refused change yields all that were found.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// Two owners of one node disagree on its value.
    #[error("conflict at {path}: {first} from {first_owner}, {second} from {second_owner}")]
    Conflict {
        /// Layer or device, and the node's path.
        path: String,
        /// One value.
        first: String,
        /// Who wants it.
        first_owner: Owner,
        /// The other value.
        second: String,
        /// Who wants that.
        second_owner: Owner,
    },
    /// A transform refused its input.
    #[error("{owner} cannot be worked down: {refusal}")]
    Refused {
        /// The instance.
        owner: Owner,
        /// Its reason.
        #[source]
        refusal: Refusal,
    },
    /// A transform panicked: a bug in its code, contained to this change.
    #[error("{owner} panicked: {message}; this is a bug of the transform")]
    Panicked {
        /// The instance.
        owner: Owner,
        /// The panic's message.
        message: String,
    },
    /// A transform's output is not what its place in the system demands.
    #[error("{owner}: {message}")]
    Misplaced {
        /// The instance.
        owner: Owner,
        /// What is wrong.
        message: String,
    },
    /// What transforms made breaks a rule of the models it is on.
    #[error("{place}: {violation}")]
    Invalid {
        /// Layer or device.
        place: String,
        /// The rule, and where it is broken.
        violation: Violation,
        /// Who made the node at fault, as far as it is there.
        owners: Vec<Owner>,
    },
    /// A device's type is not one the system knows.
    #[error("device {device}: type {device_type:?} is not known; known are {known}")]
    UnknownDeviceType {
        /// The device.
        device: String,
        /// The type it is said to have.
        device_type: String,
        /// The known types.
        known: String,
    },
}
