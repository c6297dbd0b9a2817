//! A leaf that the model does not have.

#[path = "../generated/mod.rs"]
mod generated;

fn main() {
    let mut root = generated::router::Root::new();
    root.system().hostname("r1");
}
