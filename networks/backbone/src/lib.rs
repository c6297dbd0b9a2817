//! An IP core with L3VPNs over IOS XR, Junos and SR Linux.
//!
//! Three layers of models: the *service* layer is what an operator orders (routers and links of
//! module `netinfra`, VPNs and sites of RFC 8299), the *inter* layer has its numbers given out and
//! says what routers, links and VPNs need of each other, the *resource* layer is what one router
//! is to do in words that fit every vendor. Below it is the configuration of each router.
//!
//! The transforms in [`mod@service`], [`mod@inter`] and [`mod@resource`] are functions from the
//! generated input types to the generated builders of the next layer. A node is a transform node
//! of its own wherever its number grows with the services on a router or in a VPN, so that one
//! more service costs the work of one: an access of a site, a VPN's registration on a router, an
//! endpoint of a VPN, an interface, a session.
//!
//! [`system`] puts it all together.

mod address;
mod device;
mod inter_transforms;
mod refuse;
mod resource_transforms;
mod secret;
mod service_transforms;
mod vpn;

use transform::{DeviceType, LayerSpec, System};

pub use address::Addressing;

yang_gen::include_network!();

/// What can be chosen when a system is made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// How routers and links get their addresses.
    pub addressing: Addressing,
}

/// The layers and device types of the network.
pub fn system(options: Options) -> System {
    System::new(layers(options), device_types())
        .expect("the layers are checked by this crate's tests")
}

/// The layers with their transforms, the top one first.
pub fn layers(options: Options) -> Vec<LayerSpec> {
    vec![
        service::layer(service_transforms::transforms(options.addressing)),
        inter::layer(inter_transforms::transforms(options.addressing)),
        resource::layer(resource_transforms::transforms()),
    ]
}

/// Names of the device types that routers may have.
const DEVICE_TYPES: [&str; 3] =
    ["CiscoIosXr_25_3_1", "JuniperCRPD_24_4R1_9", "NokiaSRLinux_25_3_2"];

/// The device types that routers may have, by ascending name. A simulated device announces the
/// modules of its type.
pub fn device_types() -> Vec<DeviceType> {
    vec![
        ciscoiosxr_25_3_1::device_type(),
        junipercrpd_24_4r1_9::device_type(),
        nokiasrlinux_25_3_2::device_type(),
    ]
}

#[cfg(test)]
mod tests {
    use super::{DEVICE_TYPES, device_types};

    #[test]
    fn names_of_device_types() {
        let names: Vec<_> = device_types().into_iter().map(|known| known.name).collect();
        assert_eq!(names, DEVICE_TYPES);
    }
}
