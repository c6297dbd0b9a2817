//! The HTTP face of a controller: RESTCONF, inspection, `/api/v1` and the operator's page.
//!
//! Everything here authenticates, decodes, asks the controller and encodes what it says; nothing
//! decides. One listener serves:
//!
//! | path | what |
//! |---|---|
//! | `/restconf` | RESTCONF (RFC 8040) over layer 0, YANG Patch (RFC 8072), dry runs |
//! | `/layer`, `/device` | what the layers and devices hold, for people and scripts |
//! | `/api/v1` | status, devices, topology, commits, provenance in plain JSON |
//! | `/metrics`, `/openapi.json` | for machines |
//! | `/` | the operator's page |
//!
//! # A write
//! A write becomes one edit of intent. It is answered once it is durable and the devices that it
//! concerns hold their targets; a client that does not want to wait for the devices says
//! `Async: true`, and one that only wants to know what would happen says `?dry-run`. What did not
//! settle within the patience of the settings is named in the header `Weft-Devices`; the commit
//! stands all the same, and the devices are driven on.
//!
//! # Who may
//! Without a valid bearer token nothing is served but the page, the discovery document of RESTCONF
//! and a sign of life. A listener without tokens is refused beyond loopback, and answers there
//! only requests that name a loopback host, so that no web page can reach it under a name of its
//! own.
//!
//! # Limits
//! Bodies, connections, waiting and idling are bounded; see [`Limits`]. A large body is decoded
//! beside the tasks that serve others, a few at once.

mod api;
mod app;
mod body;
mod change;
mod clock;
mod config;
mod guard;
mod history;
mod inspect;
mod listener;
mod metrics;
mod news;
mod page;
mod reply;
mod restconf;
mod server;

pub use config::{
    Access, CommitKind, CommitLog, CommitLogError, CommitRecord, Config, DeviceEvent, Devices,
    LISTEN_DEFAULT, Limits, Link, Node, Token, Topology, TopologyOf,
};
pub use server::{ServeError, Server, serve};
