//! The southbound side against devices that are really there: simulated ones with faults, fifty of
//! them at once, and a server that others wrote.

#![allow(clippy::unwrap_used, reason = "a test panics")]

mod fleet;
mod netconfd;
mod support;
mod virtual_routers;
