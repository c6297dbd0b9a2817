//! A presence container without a leaf that it cannot be without.

#[path = "../generated/mod.rs"]
mod generated;

fn main() {
    let mut root = generated::router::Root::new();
    root.interfaces().interface("eth0").ipv4("192.0.2.1");
}
