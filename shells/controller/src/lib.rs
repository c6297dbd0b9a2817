//! The controller at work: one thread that owns the machine of crate `orchestrator` and pumps
//! its three neighbours, the clients, the commit log and the devices.
//!
//! ```text
//!  clients ──► requests ──┐                   ┌──► commit log (storage)
//!                         ├──► one thread ────┤         │
//!  devices ──► reports ───┘    Controller     └──► devices (trait DeviceDriver)
//!                                 ▲ │ outcomes of the log
//!                                 └─┘
//! ```
//!
//! The thread never waits for the disk: a record is handed to the log's writer, and while it is
//! on its way the next request is worked on. Readers never wait for the thread: after each batch
//! it publishes a [`View`], a snapshot of a few pointers.
//!
//! Each way in is a bounded queue. A client that finds its queue full waits; a device report
//! waits in its session's task; outcomes of the log never find theirs full, since there are no
//! more of them than commits pending.

mod handle;
mod pump;
mod start;

pub use handle::{Gone, Handle, View};
pub use pump::DeviceDriver;
pub use start::{StartError, Started, start};
