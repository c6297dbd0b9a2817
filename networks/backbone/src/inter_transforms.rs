//! From the network to its routers: the inter layer's transforms.

use std::net::Ipv4Addr;

use transform::Refusal;
use yang_data::Path;

use crate::address::{
    Addressing, CustomerInterface, LINKS_PER_BLOCK, LinkEnds, letter_sum, link_addresses,
    share_block,
};
use crate::inter::{
    self, BbLinkContext, IbgpFullmeshContext, L3VpnEndpointContext, LinkBlockContext,
    RouterContext, RouterVrfContext, Transforms,
};
use crate::refuse;
use crate::resource::Root;
use crate::vpn;

/// The login of every router.
const USERNAME: &str = "clab";
const PASSWORD: &str = "clab@123";

/// The transforms for one way of addressing.
pub(crate) fn transforms(addressing: Addressing) -> Transforms {
    let bb_link = match addressing {
        Addressing::Reference => addressed_bb_link,
        Addressing::Allocated => bb_link,
    };
    Transforms { router, router_vrf, bb_link, ibgp_fullmesh, l3_vpn_endpoint, link_block }
}

fn router(context: &RouterContext<'_>, root: &mut Root) -> Result<(), Refusal> {
    let input = &context.input;
    let device = root.device(&input.name);
    if let Some(device_type) = &input.r#type {
        device.r#type(device_type);
    }
    device.approval_required(input.approval_required);
    device.address("oob").address(&input.name);
    device.credentials().username(USERNAME).password(PASSWORD);
    device.mock().enabled(input.mock);
    device.feature_flags().runtime_schema_fetch(input.feature_flags.runtime_schema_fetch);

    let base = &input.base_config;
    let base_config = root.rfs(&input.name).base_config();
    base_config.ipv4_address(&base.ipv4_address).ipv6_address(&base.ipv6_address).asn(base.asn);
    if let Some(role) = &input.role {
        base_config.role(role);
    }
    Ok(())
}

/// What the resources of a VPN on a router must know of the router.
fn router_vrf(context: &RouterVrfContext<'_>, root: &mut Root) -> Result<(), Refusal> {
    let (input, device) = (&context.input, &context.keys.name);
    let Some(router) = &context.links.router else {
        let path = context.path.text(&inter::schema());
        return Err(Refusal::Incomplete { path });
    };
    let asn = router.base_config.asn;
    let resources = root.rfs(device);
    resources.vrf(&input.vpn_id).router_id(router.id).asn(asn);
    for address in &input.ebgp_customer_address {
        resources.ebgp_customer(&input.vpn_id, address).local_asn(asn);
    }
    Ok(())
}

/// A link without its addresses, which come from the pool.
fn bb_link(context: &BbLinkContext<'_>, root: &mut Root) -> Result<(), Refusal> {
    let input = &context.input;
    let left = (&input.left_router, &input.left_interface);
    let right = (&input.right_router, &input.right_interface);
    for ((device, interface), (remote, remote_interface)) in [(left, right), (right, left)] {
        let end = root.rfs(device).backbone_interface(interface);
        end.remote().device(remote).interface(remote_interface);
        end.monitor_traffic(input.monitor_traffic);
    }
    Ok(())
}

/// A link with addresses that its routers' first letters give.
fn addressed_bb_link(context: &BbLinkContext<'_>, root: &mut Root) -> Result<(), Refusal> {
    let input = &context.input;
    let Some(sum) = letter_sum(&input.left_router, &input.right_router) else {
        let is_left = letter_sum(&input.left_router, "a").is_none();
        let leaf = if is_left { "left-router" } else { "right-router" };
        let message = "the link's addresses come from the first letters of both routers' names: \
                       name routers with a letter from a to z first, or use a system with \
                       allocated addresses";
        return Err(invalid(context.path, leaf, message));
    };
    bb_link(context, root)?;
    let address = |host| Ipv4Addr::new(10, 0, sum, host).to_string();
    root.rfs(&input.left_router).backbone_interface(&input.left_interface).ipv4_address(address(1));
    root.rfs(&input.right_router)
        .backbone_interface(&input.right_interface)
        .ipv4_address(address(2));
    Ok(())
}

/// The links that share a block of networks get one each.
fn link_block(context: &LinkBlockContext<'_>, root: &mut Root) -> Result<(), Refusal> {
    let input = &context.input;
    let links: Vec<LinkEnds<'_>> = input
        .link
        .iter()
        .map(|link| {
            let left = (&*link.left_router, &*link.left_interface);
            let right = (&*link.right_router, &*link.right_interface);
            [left.0, left.1, right.0, right.1]
        })
        .collect();
    let Some(networks) = share_block(&links) else {
        let message = format!(
            "{} links choose one of the same {LINKS_PER_BLOCK} networks: rename an interface or \
             a router",
            links.len()
        );
        return Err(invalid(context.path, "link", message));
    };
    for ([left, left_interface, right, right_interface], network) in links.into_iter().zip(networks)
    {
        let [left_address, right_address] = link_addresses(input.index, network);
        root.rfs(left).backbone_interface(left_interface).ipv4_address(left_address.to_string());
        root.rfs(right).backbone_interface(right_interface).ipv4_address(right_address.to_string());
    }
    Ok(())
}

/// Every router of an autonomous system is a neighbour of every other.
fn ibgp_fullmesh(context: &IbgpFullmeshContext<'_>, root: &mut Root) -> Result<(), Refusal> {
    let input = &context.input;
    for router in &input.router {
        let resources = root.rfs(&router.name);
        resources.base_config().ibgp_authentication_key(&input.authentication_key);
        for other in input.router.iter().filter(|other| other.name != router.name) {
            resources.ibgp_neighbor(&other.ipv4_address).asn(input.asn).description(&other.name);
        }
    }
    Ok(())
}

/// An endpoint of a VPN: its part in the VPN's table on the router, its interface, the port that
/// is on, and the session with the customer.
fn l3_vpn_endpoint(context: &L3VpnEndpointContext<'_>, root: &mut Root) -> Result<(), Refusal> {
    let (input, name) = (&context.input, &context.keys.name);
    let number = vpn::number(name).map_err(|message| invalid(context.path, "../name", message))?;
    let Some(interface) = CustomerInterface::parse(&input.interface) else {
        let message = "behind the dot of an interface belongs a VLAN from 1 to 4094";
        return Err(invalid(context.path, "interface", message));
    };
    let (site, access) = (&input.site, &input.site_network_access);
    let description = format!("Customer VPN access {site} [{access}] in VPN {name}");

    let resources = root.rfs(&input.device);
    let vrf = resources.vrf(name);
    vrf.id(number);
    if let Some(description) = context.links.l3vpn.as_ref().and_then(|vpn| vpn.description.as_ref())
    {
        vrf.description(description);
    }
    resources
        .vrf_interface(&input.interface)
        .description(&description)
        .vrf(name)
        .ipv4_address(&input.provider_ipv4_address)
        .ipv4_prefix_length(input.ipv4_prefix_length);
    resources.customer_port(interface.port).interface(&input.interface).description(&description);
    if let (Some(address), Some(bgp)) = (&input.customer_ipv4_address, &input.bgp) {
        resources
            .ebgp_customer(name, address)
            .peer_asn(bgp.as_number)
            .authentication_key(name)
            .description(format!("Customer eBGP {site} [{access}] in VPN {name} to {address}"));
    }
    Ok(())
}

fn invalid(instance: &Path, leaf: &str, message: impl Into<String>) -> Refusal {
    refuse::invalid(&inter::schema(), instance, leaf, message)
}
