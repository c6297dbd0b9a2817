//! Compiles the models of the layers and device types and generates their Rust types.

use yang_gen::Generator;

/// Types and marks that every layer imports.
const SHARED: [&str; 3] = [
    "../../schemas/ietf-inet-types.yang",
    "../../schemas/ietf-yang-types.yang",
    "../../schemas/weft.yang",
];

fn main() {
    Generator::new()
        .layer("service", ["yang/service"])
        .importing(SHARED)
        .layer("inter", ["yang/inter"])
        .importing(SHARED)
        .layer("resource", ["../../schemas/stratoweave-rfs.yang", "yang/resource"])
        .importing(SHARED)
        .device("CiscoIosXr_25_3_1", ["yang/device/ios-xr"])
        .importing(["../../schemas/ietf-inet-types.yang"])
        .device("JuniperCRPD_24_4R1_9", ["yang/device/junos"])
        .device("NokiaSRLinux_25_3_2", ["yang/device/sr-linux"])
        .run();
}
