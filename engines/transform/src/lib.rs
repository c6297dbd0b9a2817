//! Layered transforms: from a tree of intent, layer by layer, to the configuration of every
//! device.
//!
//! # How it works
//! A [`System`] is a list of layers, each one YANG schema. List entries and containers that carry
//! the extension `weft:transform` are *transform nodes*: each instance is handed to a pure function
//! whose output is a loose tree of the next layer. The last layer is the resource layer; its
//! transforms (`weft:device-transform`, below `/rfs[name]`) make configuration of that device.
//!
//! A [`State`] holds every layer as one tree, merged from the outputs of all instances above, and
//! marks each node with its [`yang_data::Origin`]: the instance, or the set of instances, that
//! wrote it. Two instances that disagree on a leaf are a conflict, never last-writer-wins. What no
//! instance writes any more is gone: deletion is absence.
//!
//! [`recompute`] takes a state and a change and gives the next state. It compares old and new
//! trees, skipping all they share, finds the instances whose own input changed (or whose linked
//! input changed), runs just those, and merges only the difference of their outputs. So the cost
//! grows with the change, and the result is the same as a run from scratch: nothing in a tree
//! depends on the order of edits.
//!
//! States are persistent: a clone is a few pointer copies. A dry run is a [`recompute`] whose
//! result is dropped; a roll-back is an older state.

mod change;
mod executor;
mod fault;
mod input;
mod instance;
mod links;
mod merge;
mod ownership;
mod provenance;
mod report;
mod run;
mod snapshot;
mod state;
mod system;

pub use executor::{Executor, Sequential};
pub use fault::Fault;
pub use input::{LinkedEntry, Refusal, SchemaKey, TransformFn, TransformInput, TransformOutput};
pub use provenance::{Owner, explain, explain_device};
pub use report::{DeviceChange, Report, Run, RunCause, RunOutcome};
pub use run::{Change, recompute};
pub use snapshot::RestoreError;
pub use state::{DeviceTarget, State};
pub use system::{DeviceType, LayerSpec, System, SystemError};
