//! What a recomputation did, as part of its result.

use std::fmt;

use vocab::DeviceName;

use crate::state::DeviceTarget;

/// What [`crate::recompute`] did.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Every run of a transform, in order. What is not here was not run.
    pub runs: Vec<Run>,
    /// Every device whose target changed, ascending by name.
    pub devices: Vec<DeviceChange>,
}

/// One run, or omission, of a transform instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// Index of the layer the instance is in.
    pub layer: usize,
    /// The transform's name.
    pub transform: String,
    /// Where the instance is, printed.
    pub instance: String,
    /// Why it was looked at.
    pub cause: RunCause,
    /// What came of it.
    pub outcome: RunOutcome,
}

/// Why an instance was looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RunCause {
    /// Its own input changed.
    Input,
    /// A node it is linked to changed.
    Link,
    /// The facts of its device changed.
    DeviceFacts,
    /// What the world tells it changed.
    DynamicState,
}

/// What came of looking at an instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunOutcome {
    /// It ran and its output differs from before.
    Changed,
    /// It ran and its output is the same as before.
    Unchanged,
    /// It is gone, and its output with it.
    Removed,
    /// It has no output until its device's facts are known.
    Waiting,
}

/// A device whose target configuration changed.
#[derive(Clone, Debug)]
pub struct DeviceChange {
    /// The device.
    pub name: DeviceName,
    /// Its target before; `None` when it had none.
    pub old: Option<DeviceTarget>,
    /// Its target now; `None` when nothing configures it any more.
    pub new: Option<DeviceTarget>,
}

impl fmt::Display for Run {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "layer {} {} {}: {:?} ({:?})",
            self.layer, self.transform, self.instance, self.outcome, self.cause
        )
    }
}
