//! The fixture network as a network crate would have it. The modules are kept in the repository so
//! that a change of the generator shows; their schemas are compiled when a test asks for them.
#![allow(dead_code, unreachable_pub, unused_imports, reason = "each test uses a part")]
#![allow(
    non_snake_case,
    clippy::should_implement_trait,
    clippy::useless_conversion,
    reason = "names and shapes come from YANG"
)]

mod units;

use units::bytes;

#[rustfmt::skip]
pub mod resource;
#[rustfmt::skip]
pub mod router;
#[rustfmt::skip]
pub mod service;
