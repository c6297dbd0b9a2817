//! A transform node without a function, and one whose function writes elsewhere.

#[path = "../generated/mod.rs"]
mod generated;

use generated::service::Transforms;

fn main() {
    let _ = Transforms { network: |_, _| Ok(()), site: |_, _| Ok(None) };
    let _ = Transforms {
        network: |_, root: &mut generated::router::Root| Ok(()),
        site: |_, _| Ok(None),
        circuit: |_, _| Ok(()),
    };
}
