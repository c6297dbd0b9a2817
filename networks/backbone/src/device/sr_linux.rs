//! Configuration of SR Linux.

use transform::Refusal;

use super::{
    CUSTOMER_GROUP, IBGP_GROUP, LINK_METRIC, customer_interface, invalid, link_description,
    loopback, vrf_target, with_prefix_length,
};
use crate::address::{network_entity_title, numbered_loopback};
use crate::nokiasrlinux_25_3_2::Root;
use crate::nokiasrlinux_25_3_2::types::{
    AdminState, BgpAddressFamily, IsisCircuitType, IsisLevel, NiType, SiType,
};
use crate::resource::{
    BaseConfigContext, BbInterfaceContext, CustomerPortContext, EbgpCustomerContext,
    IbgpNeighborContext, VrfContext, VrfInterfaceContext,
};

const LOOPBACK: &str = "system0";
const LOOPBACK_SUBINTERFACE: &str = "system0.0";
const MANAGEMENT: &str = "mgmt";
/// The one IS-IS instance.
const ISIS: &str = "quicklab";
/// The one tunnel interface; VPNs get a VXLAN interface each on it.
const TUNNEL: &str = "vxlan1";
/// The one instance of BGP for a VPN.
const BGP_INSTANCE: u8 = 1;
/// EVPN instances are numbered up to this.
const EVI_MAX: u32 = 65535;

pub(crate) fn base_config(context: &BaseConfigContext<'_>) -> Result<Root, Refusal> {
    let mut root = Root::new();
    root.system().name().host_name(&context.keys.name);
    let loopback_interface = root.interface(LOOPBACK).subinterface(0);
    let ipv4 = loopback_interface.ipv4();
    ipv4.admin_state(AdminState::Enable);
    ipv4.address(with_prefix_length(&context.input.ipv4_address, 32));
    management(&mut root);
    default_instance(context, &mut root)?;
    Ok(root)
}

/// The way in that management comes by; without it the device would cut itself off.
fn management(root: &mut Root) {
    let interface = root.interface("mgmt0");
    interface.admin_state(AdminState::Enable);
    let subinterface = interface.subinterface(0);
    subinterface.admin_state(AdminState::Enable);
    subinterface.ipv4().admin_state(AdminState::Enable);
    subinterface.ipv6().admin_state(AdminState::Enable);
    let instance = root.network_instance(MANAGEMENT);
    instance
        .r#type(NiType::IpVrf)
        .admin_state(AdminState::Enable)
        .description("Management network instance");
    instance.interface("mgmt0.0");
}

fn default_instance(context: &BaseConfigContext<'_>, root: &mut Root) -> Result<(), Refusal> {
    let input = &context.input;
    let instance = root.network_instance("default");
    instance.interface(LOOPBACK_SUBINTERFACE);

    let isis = instance.protocols().isis().instance(ISIS);
    isis.level_capability(IsisLevel::L2)
        .admin_state(AdminState::Enable)
        .add_net(network_entity_title(loopback(context)?));
    isis.ipv4_unicast().admin_state(AdminState::Enable);
    isis.interface(LOOPBACK_SUBINTERFACE).admin_state(AdminState::Enable).passive(true);

    let bgp = instance.protocols().bgp();
    bgp.autonomous_system(input.asn).router_id(&input.ipv4_address);
    bgp.afi_safi(BgpAddressFamily::Ipv4Unicast).admin_state(AdminState::Enable);
    bgp.afi_safi(BgpAddressFamily::Evpn).admin_state(AdminState::Enable);
    bgp.group(IBGP_GROUP).peer_as(input.asn);
    Ok(())
}

pub(crate) fn bb_interface(context: &BbInterfaceContext<'_>) -> Result<Root, Refusal> {
    let input = &context.input;
    let description = link_description(context);
    let mut root = Root::new();
    let interface = root.interface(&input.name);
    interface.description(&description).admin_state(AdminState::Enable);
    let subinterface = interface.subinterface(0);
    subinterface.admin_state(AdminState::Enable).description(&description);
    let ipv4 = subinterface.ipv4();
    ipv4.admin_state(AdminState::Enable);
    if let Some(address) = &input.ipv4_address {
        ipv4.address(with_prefix_length(address, input.ipv4_prefix_length));
    }

    let name = format!("{}.0", input.name);
    let instance = root.network_instance("default");
    instance.interface(&name);
    let interface = instance.protocols().isis().instance(ISIS).interface(&name);
    interface.admin_state(AdminState::Enable).circuit_type(IsisCircuitType::PointToPoint);
    interface.level(2).metric(LINK_METRIC);
    Ok(root)
}

pub(crate) fn ibgp_neighbor(context: &IbgpNeighborContext<'_>) -> Result<Root, Refusal> {
    let mut root = Root::new();
    let bgp = root.network_instance("default").protocols().bgp();
    bgp.group(IBGP_GROUP);
    bgp.neighbor(&context.input.address).peer_group(IBGP_GROUP).admin_state(AdminState::Enable);
    Ok(root)
}

pub(crate) fn vrf(context: &VrfContext<'_>) -> Result<Root, Refusal> {
    let input = &context.input;
    let target = vrf_target(context)?;
    if !(1..=EVI_MAX).contains(&input.id) {
        let message = format!(
            "SR Linux numbers VPNs from 1 to {EVI_MAX}: {} is not among them, choose another \
             number for the VPN",
            input.id
        );
        return Err(invalid(context.path, "id", message));
    }
    let vxlan_interface = format!("{TUNNEL}.{}", input.id);
    let mut root = Root::new();
    let instance = root.network_instance(&input.name);
    instance.r#type(NiType::IpVrf).admin_state(AdminState::Enable);
    instance.vxlan_interface(&vxlan_interface);

    let protocols = instance.protocols();
    let targets = protocols.bgp_vpn().bgp_instance(BGP_INSTANCE).route_target();
    targets.export_rt(&target).import_rt(&target);
    protocols
        .bgp_evpn()
        .bgp_instance(BGP_INSTANCE)
        .admin_state(AdminState::Enable)
        .vxlan_interface(&vxlan_interface)
        .evi(input.id);

    let bgp = protocols.bgp();
    bgp.router_id(numbered_loopback(input.router_id).to_string()).autonomous_system(input.asn);
    bgp.ebgp_default_policy().import_reject_all(false).export_reject_all(false);
    bgp.afi_safi(BgpAddressFamily::Ipv4Unicast).admin_state(AdminState::Enable);
    bgp.group(CUSTOMER_GROUP).send_default_route().ipv4_unicast(true);

    let tunnel = root.tunnel_interface(TUNNEL).vxlan_interface(input.id);
    tunnel.r#type(SiType::Routed);
    tunnel.ingress().vni(input.id);
    Ok(root)
}

pub(crate) fn vrf_interface(context: &VrfInterfaceContext<'_>) -> Result<Root, Refusal> {
    let input = &context.input;
    let customer = customer_interface(context)?;
    let mut root = Root::new();
    let interface = root.interface(customer.port);
    interface.admin_state(AdminState::Enable);
    if customer.vlan.is_some() {
        interface.vlan_tagging(true);
    }
    let subinterface = interface.subinterface(customer.unit().into());
    if let Some(description) = &input.description {
        subinterface.description(description);
    }
    subinterface.admin_state(AdminState::Enable);
    if let Some(vlan) = customer.vlan {
        subinterface.vlan().encap().single_tagged().vlan_id(vlan);
    }
    let ipv4 = subinterface.ipv4();
    ipv4.admin_state(AdminState::Enable);
    if let Some(address) = &input.ipv4_address {
        ipv4.address(with_prefix_length(address, input.ipv4_prefix_length));
    }
    let instance = root.network_instance(&input.vrf);
    instance.interface(format!("{}.{}", customer.port, customer.unit()));
    Ok(root)
}

/// Ports carry nothing of their own here.
pub(crate) fn customer_port(_: &CustomerPortContext<'_>) -> Result<Root, Refusal> {
    Ok(Root::new())
}

pub(crate) fn ebgp_customer(context: &EbgpCustomerContext<'_>) -> Result<Root, Refusal> {
    let input = &context.input;
    let mut root = Root::new();
    let bgp = root.network_instance(&input.vrf).protocols().bgp();
    let neighbor = bgp.neighbor(&input.address);
    neighbor.peer_as(input.peer_asn).peer_group(CUSTOMER_GROUP);
    neighbor.authentication().password(&input.authentication_key);
    Ok(root)
}
