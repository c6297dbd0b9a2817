//! Compiles the models of the layers and the device type and generates their Rust types.

use yang_gen::Generator;

/// Types and marks that every layer imports.
const SHARED: [&str; 2] = ["../../schemas/ietf-inet-types.yang", "../../schemas/weft.yang"];

fn main() {
    Generator::new()
        .layer("service", ["yang/service"])
        .importing(SHARED)
        .layer("resource", ["../../schemas/stratoweave-rfs.yang", "yang/resource"])
        .importing(SHARED)
        .device("ietf", ["yang/device"])
        .importing(["../../schemas/ietf-inet-types.yang"])
        .run();
}
