//! The listener through real HTTP, on a whole controller with a store on the disk.
#![allow(clippy::unwrap_used, reason = "a test panics")]

mod access;
mod api;
mod approvals;
mod client;
mod concurrent;
mod curl;
mod devices;
mod dry_run;
mod inspect;
mod network;
mod news;
mod patch;
mod read;
mod refusals;
mod world;
mod write;
