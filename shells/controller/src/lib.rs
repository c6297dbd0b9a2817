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
//! Now and then, and when it ends, the state is kept as a snapshot, so that the next start
//! replays only what came after.
//!
//! Each way in is a bounded queue. A client that finds its queue full waits; a device report
//! waits in its session's task; of outcomes of the log there are no more than the store's own
//! bounded queue has records.

mod handle;
mod pump;
mod snapshots;
mod start;
mod threads;

pub use handle::{Gone, Handle, View};
pub use pump::DeviceDriver;
pub use start::{StartError, Started, start};
pub use threads::Threads;
