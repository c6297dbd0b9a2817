//! The smallest network: routers and VPNs on them, in two layers, on the IETF's own models.
//!
//! Read it first: it shows all there is to a network. The models are in `yang/`: what an operator
//! orders (`service`), what one router is to do (`resource`), what a router understands
//! (`device`). The build script compiles them and generates a Rust module for each. The functions
//! below are the rest.

use transform::{DeviceType, Refusal, System};
use yang_gen::runtime::DeviceOutput;

use crate::ietf::types::InterfaceType;

yang_gen::include_network!();

/// The one device type.
const DEVICE_TYPE: &str = "ietf";
/// The login of every router.
const USERNAME: &str = "admin";
const PASSWORD: &str = "admin";
/// What the autonomous system part of route targets is.
const ROUTE_TARGET_AS: u32 = 65000;
/// The module without which a device is not configured.
const INTERFACES: &str = "ietf-interfaces";

/// What can be chosen when a system is made: nothing in this network.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options;

/// The layers and the device type of the network.
pub fn system(Options: Options) -> System {
    let service = service::layer(service::Transforms { router, l3vpn });
    let resource = resource::layer(resource::Transforms { base_config, l3vpn_endpoint });
    System::new(vec![service, resource], device_types())
        .expect("the layers are checked by this crate's tests")
}

/// The device types that routers may have. A simulated device announces the modules of its type.
pub fn device_types() -> Vec<DeviceType> {
    vec![ietf::device_type()]
}

fn router(context: &service::RouterContext<'_>, root: &mut resource::Root) -> Result<(), Refusal> {
    let input = &context.input;
    let leaf = |name: &str| format!("{}/{name}", context.path.text(&service::schema()));
    if !(1..=255).contains(&input.id) {
        let message = format!("{} gives no loopback address: choose 1 to 255", input.id);
        return Err(Refusal::Invalid { path: leaf("id"), message });
    }
    if input.r#type != DEVICE_TYPE {
        let message = format!("{:?} is no device type: choose {DEVICE_TYPE}", input.r#type);
        return Err(Refusal::Invalid { path: leaf("type"), message });
    }

    let device = root.device(&input.name);
    device.r#type(&input.r#type).approval_required(false);
    device.address("oob").address(&input.name);
    device.credentials().username(USERNAME).password(PASSWORD);
    device.mock().enabled(input.mock);
    root.rfs(&input.name)
        .base_config()
        .name(&input.name)
        .ipv4_address(format!("10.0.0.{}", input.id));
    Ok(())
}

fn l3vpn(context: &service::L3vpnContext<'_>, root: &mut resource::Root) -> Result<(), Refusal> {
    let input = &context.input;
    let route_target = format!("target:{ROUTE_TARGET_AS}:{}", input.vpn_id);
    for endpoint in &input.endpoint {
        let Some(router) = context.links.router.get(&endpoint.device) else {
            let path = context.path.text(&service::schema());
            let message = format!("there is no router {:?}: create it first", endpoint.device);
            return Err(Refusal::Invalid { path: format!("{path}/endpoint/device"), message });
        };
        let resource = root.rfs(&endpoint.device).l3vpn_endpoint(&endpoint.interface_name);
        resource
            .vpn_name(&input.name)
            .customer_name(&input.customer_name)
            .route_distinguisher(format!("{}:{}", router.id, input.vpn_id))
            .import_rt(&route_target)
            .export_rt(&route_target)
            .ipv4_address(&endpoint.ipv4_address)
            .prefix_length(endpoint.prefix_length)
            .mtu(endpoint.mtu.unwrap_or(input.service_mtu))
            .enabled(input.enabled && endpoint.enabled);
        if let Some(vlan) = endpoint.vlan_id {
            resource.vlan_id(vlan);
        }
        if let Some(site) = &endpoint.site_code {
            resource.site_code(site);
        }
        if let Some(description) = endpoint.description.as_ref().or(input.description.as_ref()) {
            resource.description(description);
        }
    }
    Ok(())
}

fn base_config(context: &resource::BaseConfigContext<'_>) -> Result<DeviceOutput, Refusal> {
    check_device(context.device)?;
    let mut root = ietf::Root::new();
    root.system().hostname(&context.input.name);
    Ok(root.into())
}

fn l3vpn_endpoint(context: &resource::L3vpnEndpointContext<'_>) -> Result<DeviceOutput, Refusal> {
    check_device(context.device)?;
    let input = &context.input;
    let mut root = ietf::Root::new();
    let interface = root.interfaces().interface(&input.interface_name);
    interface.r#type(interface_type(input)).description(description(input)).enabled(input.enabled);
    let ipv4 = interface.ipv4();
    ipv4.enabled(true).forwarding(true).mtu(input.mtu);
    ipv4.address(&input.ipv4_address).prefix_length(input.prefix_length);
    Ok(root.into())
}

fn check_device(device: &vocab::DeviceFacts) -> Result<(), Refusal> {
    if device.modules.contains_key(INTERFACES) {
        return Ok(());
    }
    let message = format!(
        "device {} of type {} does not announce {INTERFACES}: this network cannot configure it",
        device.name, device.device_type
    );
    Err(Refusal::Unsupported { message })
}

fn interface_type(input: &resource::L3vpnEndpointInput) -> InterfaceType {
    if input.interface_name.starts_with("lo") {
        InterfaceType::SoftwareLoopback
    } else if input.vlan_id.is_some() || input.interface_name.contains('.') {
        InterfaceType::L3ipvlan
    } else {
        InterfaceType::EthernetCsmacd
    }
}

/// The text that was given, else what is known of the endpoint; and always its route
/// distinguisher.
fn description(input: &resource::L3vpnEndpointInput) -> String {
    let mut text = match &input.description {
        Some(given) => given.to_string(),
        None => {
            let mut text = format!("{} vpn {}", input.customer_name, input.vpn_name);
            match &input.site_code {
                Some(site) => text.push_str(&format!(" site {site}")),
                None => text.push_str(&format!(" interface {}", input.interface_name)),
            }
            if let Some(vlan) = input.vlan_id {
                text.push_str(&format!(" vlan {vlan}"));
            }
            text
        }
    };
    text.push_str(&format!(" rd {}", input.route_distinguisher));
    text
}
