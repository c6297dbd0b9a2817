//! A member that the enumeration does not have.

#[path = "../generated/mod.rs"]
mod generated;

use generated::router::types::State;

fn main() {
    let mut root = generated::router::Root::new();
    root.interfaces().interface("eth0").admin_state(State::Left);
}
