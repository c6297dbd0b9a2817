//! The backbone from orders to device configuration.

mod addressing;
mod golden;
mod lab;
mod large;
mod order;
mod refusals;
mod scenarios;
mod subset;
mod vendors;
