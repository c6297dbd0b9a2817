//! Configuration of IOS XR.

use transform::Refusal;

use super::{
    IBGP_GROUP, LINK_METRIC, customer_interface, link_description, loopback, route_distinguisher,
    vrf_target,
};
use crate::address::{netmask, network_entity_title};
use crate::ciscoiosxr_25_3_1::Root;
use crate::ciscoiosxr_25_3_1::types::{
    BgpFamily, InterfaceState, IsisCasting, IsisFamily, LdpFamily, Level, Stitching,
};
use crate::resource::{
    BaseConfigContext, BbInterfaceContext, CustomerPortContext, EbgpCustomerContext,
    IbgpNeighborContext, VrfContext, VrfInterfaceContext,
};
use crate::secret::cisco_type_7;
use crate::vpn;

/// The one IS-IS process.
const ISIS: &str = "1";
const LOOPBACK: &str = "Loopback0";
/// A route policy that lets everything through; eBGP passes nothing without one.
const ACCEPT: &str = "ACCEPT";
const ACCEPT_TEXT: &str = "route-policy ACCEPT\n  done\nend-policy\n";
/// Families of the routes of VPNs.
const VPN_FAMILIES: [BgpFamily; 2] = [BgpFamily::Vpnv4Unicast, BgpFamily::Vpnv6Unicast];

pub(crate) fn base_config(context: &BaseConfigContext<'_>) -> Result<Root, Refusal> {
    let input = &context.input;
    let loopback = loopback(context)?;
    let mut root = Root::new();
    root.hostname().system_network_name(&context.keys.name);
    root.interfaces()
        .interface(LOOPBACK)
        .ipv4()
        .addresses()
        .address(&input.ipv4_address, netmask(32));

    let process = root.isis_router().isis().processes().process(ISIS);
    process.is_type(Level::Level2Only);
    process.nets().net(network_entity_title(loopback));
    process
        .address_families()
        .address_family(IsisFamily::Ipv4, IsisCasting::Unicast)
        .metric_style()
        .wide();
    let interface = process.interfaces().interface(LOOPBACK);
    interface.state(InterfaceState::Passive);
    interface.address_families().address_family(IsisFamily::Ipv4, IsisCasting::Unicast);

    let bgp = root.bgp_router().bgp().r#as(input.asn);
    bgp.bgp().router_id(&input.ipv4_address);
    let group = bgp.neighbor_groups().neighbor_group(IBGP_GROUP);
    group.remote_as(input.asn).update_source(LOOPBACK);
    group.password().encrypted(cisco_type_7(&input.ibgp_authentication_key));
    for family in VPN_FAMILIES {
        group.address_families().address_family(family);
    }
    for family in VPN_FAMILIES {
        bgp.address_families().address_family(family);
    }
    root.routing_policy().route_policies().route_policy(ACCEPT).rpl_route_policy(ACCEPT_TEXT);
    Ok(root)
}

pub(crate) fn bb_interface(context: &BbInterfaceContext<'_>) -> Result<Root, Refusal> {
    let input = &context.input;
    let mut root = Root::new();
    let interface = root.interfaces().interface(&input.name);
    interface.description(link_description(context));
    if let Some(address) = &input.ipv4_address {
        interface.ipv4().addresses().address(address, netmask(input.ipv4_prefix_length));
    }

    let process = root.isis_router().isis().processes().process(ISIS);
    let interface = process.interfaces().interface(&input.name);
    interface.circuit_type(Level::Level2Only).point_to_point();
    interface
        .address_families()
        .address_family(IsisFamily::Ipv4, IsisCasting::Unicast)
        .metric_levels()
        .metric_level(2)
        .default_metric(LINK_METRIC);

    let ldp = root.mpls().ldp();
    ldp.address_families().address_family(LdpFamily::Ipv4);
    ldp.interfaces().interface(&input.name);
    Ok(root)
}

pub(crate) fn ibgp_neighbor(context: &IbgpNeighborContext<'_>) -> Result<Root, Refusal> {
    let input = &context.input;
    let mut root = Root::new();
    let bgp = root.bgp_router().bgp().r#as(input.asn);
    let neighbor = bgp.neighbors().neighbor(&input.address);
    neighbor.description(&input.description);
    neighbor.r#use().neighbor_group(IBGP_GROUP);
    Ok(root)
}

pub(crate) fn vrf(context: &VrfContext<'_>) -> Result<Root, Refusal> {
    let input = &context.input;
    let distinguisher = route_distinguisher(context)?;
    vrf_target(context)?;
    let (asn, id) = (input.asn, input.id);
    let mut root = Root::new();
    let vrf = root.vrfs().vrf(&input.name);
    if let Some(description) = input.description.as_ref().filter(|text| !text.is_empty()) {
        vrf.description(description);
    }
    let routes = vrf.address_family().ipv4().unicast();
    let alone = Stitching::Disable;
    if vpn::is_long(asn) {
        let import = routes.import().route_target().four_byte_as_route_targets();
        import.four_byte_as_route_target(asn, id, alone);
        let export = routes.export().route_target().four_byte_as_route_targets();
        export.four_byte_as_route_target(asn, id, alone);
    } else {
        let import = routes.import().route_target().two_byte_as_route_targets();
        import.two_byte_as_route_target(asn, id, alone);
        let export = routes.export().route_target().two_byte_as_route_targets();
        export.two_byte_as_route_target(asn, id, alone);
    }

    let rd = root.bgp_router().bgp().r#as(asn).vrfs().vrf(&input.name).rd();
    if vpn::is_long(asn) {
        rd.four_byte_as(asn, distinguisher.number);
    } else {
        rd.two_byte_as(asn, distinguisher.number);
    }
    Ok(root)
}

pub(crate) fn vrf_interface(context: &VrfInterfaceContext<'_>) -> Result<Root, Refusal> {
    let input = &context.input;
    let customer = customer_interface(context)?;
    let mut root = Root::new();
    root.interfaces().interface(customer.port);
    let interface = root.interfaces().interface(&input.name);
    if let Some(description) = &input.description {
        interface.description(description);
    }
    interface.vrf(&input.vrf);
    if let Some(address) = &input.ipv4_address {
        interface.ipv4().addresses().address(address, netmask(input.ipv4_prefix_length));
    }
    if let Some(vlan) = customer.vlan {
        interface.encapsulation().dot1q().vlan_id(vlan.into());
    }
    Ok(root)
}

/// Ports carry nothing of their own here.
pub(crate) fn customer_port(_: &CustomerPortContext<'_>) -> Result<Root, Refusal> {
    Ok(Root::new())
}

pub(crate) fn ebgp_customer(context: &EbgpCustomerContext<'_>) -> Result<Root, Refusal> {
    let input = &context.input;
    let mut root = Root::new();
    let vrf = root.bgp_router().bgp().r#as(input.local_asn).vrfs().vrf(&input.vrf);
    vrf.address_families().address_family(BgpFamily::Ipv4Unicast);
    let neighbor = vrf.neighbors().neighbor(&input.address);
    neighbor.remote_as(input.peer_asn);
    if let Some(description) = &input.description {
        neighbor.description(description);
    }
    neighbor.password().encrypted(cisco_type_7(&input.authentication_key));
    let routes = neighbor.address_families().address_family(BgpFamily::Ipv4Unicast);
    routes.route_policy().out(ACCEPT).r#in(ACCEPT);
    routes.as_override();
    Ok(root)
}
