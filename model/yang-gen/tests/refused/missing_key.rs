//! A list entry with a key leaf too few.

#[path = "../generated/mod.rs"]
mod generated;

fn main() {
    let mut root = generated::router::Root::new();
    root.acl("in");
}
