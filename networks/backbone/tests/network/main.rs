//! The backbone from orders to device configuration.
#![expect(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

mod addressing;
mod documents;
mod expected;
mod golden;
mod lab;
mod large;
mod order;
mod parts;
mod refusals;
mod scenarios;
mod subset;
mod vendors;
