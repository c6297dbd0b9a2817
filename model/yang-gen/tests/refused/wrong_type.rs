//! A number that is too large for the leaf's type, and text for a number.

#[path = "../generated/mod.rs"]
mod generated;

fn main() {
    let mut root = generated::router::Root::new();
    root.interfaces().interface("eth0").rtr_mtu(1500_u32);
    root.interfaces().interface("eth0").rtr_mtu("1500");
}
