//! Simulated routers: SSH and NETCONF servers with faults to switch.
//!
//! A [`VirtualRouter`] is a NETCONF device in this process: it listens on a TCP port, speaks SSH
//! with passwords and keys, and serves the datastores running, candidate and startup on any YANG
//! schema, with locks, validation and confirmed commit as RFC 6241 has them. It forwards no
//! packet; its configuration is what it holds. Controllers, other people's clients and tests talk
//! to it as to a real device, and [`Faults`] make it a bad one: slow, refusing, dying in the middle
//! of a commit, or lying about it.
//!
//! All routers of a type share a [`RouterModel`]; each of its own costs a listener, its
//! configuration, and a task per session. Hundreds fit into one process.
//!
//! ```no_run
//! use std::sync::Arc;
//! use virtual_router::{RouterConfig, RouterModel, Sources, VirtualRouter};
//!
//! # async fn example(schema: Arc<yang::Schema>) -> Result<(), virtual_router::RouterError> {
//! let model = RouterModel::of_schema("example", schema, Sources::new());
//! let router = VirtualRouter::start(RouterConfig::new("r1", model)).await?;
//! println!("ssh -s -p {} admin@127.0.0.1 netconf", router.address().port());
//! # Ok(())
//! # }
//! ```
//!
//! # What it does in its own way
//! - An edit is carried out whole or not at all, but with error-option `continue-on-error`, where
//!   each top-level node is on its own.
//! - The candidate is one for all sessions. It is validated at commit, by `validate`, and by an
//!   edit that asks for it with a test-option.
//! - Defaults are reported when they were set (`explicit`).

mod codec;
mod config;
mod cut;
mod datastores;
mod element;
mod error;
mod event;
mod faults;
mod filter;
mod host_key;
mod model;
mod operations;
mod router;
mod session;
mod ssh;
mod state;
mod timestamp;

pub use config::{HostKey, RouterConfig, User};
pub use error::RouterError;
pub use event::{Event, RevertReason};
pub use faults::{Cut, Faults, Refusal};
pub use model::{Features, RouterModel, Sources, modules_of};
pub use router::VirtualRouter;
