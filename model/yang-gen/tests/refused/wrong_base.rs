//! An identity that derives from another base.

#[path = "../generated/mod.rs"]
mod generated;

fn main() {
    let mut root = generated::router::Root::new();
    root.interfaces().interface("eth0").kind(generated::service::types::Role::Hub);
}
