//! From orders to numbers: the service layer's transforms.

use transform::Refusal;
use yang_data::Path;

use crate::address::{
    Addressing, CustomerInterface, ipv6_loopback, is_shared_loopback, link_block, loopback,
};
use crate::inter::Root;
use crate::refuse;
use crate::service::{
    self, BbLinkContext, L3VpnSiteNetworkAccessContext, L3VpnSiteNetworkAccessInput,
    L3VpnVpnServiceContext, RouterContext, Transforms, types,
};
use crate::vpn;

/// Key of the iBGP sessions of every mesh.
const IBGP_KEY: &str = "ibgp-authentication-key";

/// The transforms for one way of addressing.
pub(crate) fn transforms(addressing: Addressing) -> Transforms {
    match addressing {
        Addressing::Reference => Transforms {
            router: |context, root| router(Addressing::Reference, context, root),
            bb_link: |context, root| bb_link(Addressing::Reference, context, root),
            l3_vpn_vpn_service: vpn_service,
            l3_vpn_site_network_access: site_network_access,
        },
        Addressing::Allocated => Transforms {
            router: |context, root| router(Addressing::Allocated, context, root),
            bb_link: |context, root| bb_link(Addressing::Allocated, context, root),
            l3_vpn_vpn_service: vpn_service,
            l3_vpn_site_network_access: site_network_access,
        },
    }
}

/// A router gets its addresses and joins the mesh of its autonomous system.
fn router(
    addressing: Addressing,
    context: &RouterContext<'_>,
    root: &mut Root,
) -> Result<(), Refusal> {
    let input = &context.input;
    let address = loopback(addressing, input.id)
        .map_err(|message| invalid(context.path, "id", message))?
        .to_string();
    check_router(context)?;

    let netinfra = root.netinfra();
    let router = netinfra.router(&input.name);
    router
        .id(input.id)
        .r#type(&input.r#type)
        .mock(input.mock)
        .approval_required(input.approval_required);
    if let Some(role) = &input.role {
        router.role(role);
    }
    router.feature_flags().runtime_schema_fetch(input.feature_flags.runtime_schema_fetch);
    router
        .base_config()
        .asn(input.asn)
        .ipv4_address(&address)
        .ipv6_address(ipv6_loopback(input.id));

    let mesh = netinfra.ibgp_fullmesh(input.asn);
    mesh.authentication_key(IBGP_KEY);
    mesh.router(&input.name).ipv4_address(&address);
    if addressing == Addressing::Allocated && is_shared_loopback(input.id) {
        root.address_pool().loopback(&address).router(&input.name);
    }
    Ok(())
}

fn check_router(context: &RouterContext<'_>) -> Result<(), Refusal> {
    let input = &context.input;
    let known = crate::DEVICE_TYPES;
    if !known.contains(&input.r#type.as_str()) {
        let message =
            format!("{:?} is no device type: choose one of {}", input.r#type, known.join(", "));
        return Err(invalid(context.path, "type", message));
    }
    if input.asn == 0 {
        let message = "0 is no autonomous system: choose 1 to 4294967295";
        return Err(invalid(context.path, "asn", message));
    }
    Ok(())
}

fn bb_link(
    addressing: Addressing,
    context: &BbLinkContext<'_>,
    root: &mut Root,
) -> Result<(), Refusal> {
    let input = &context.input;
    let ends = [
        &*input.left_router,
        &*input.left_interface,
        &*input.right_router,
        &*input.right_interface,
    ];
    let [left, left_interface, right, right_interface] = ends;
    root.netinfra()
        .backbone_link(left, left_interface, right, right_interface)
        .monitor_traffic(input.monitor_traffic);
    if addressing == Addressing::Allocated {
        let block = root.address_pool().link_block(link_block(ends));
        block.link(left, left_interface, right, right_interface);
    }
    Ok(())
}

fn vpn_service(context: &L3VpnVpnServiceContext<'_>, root: &mut Root) -> Result<(), Refusal> {
    let input = &context.input;
    vpn::number(&input.vpn_id).map_err(|message| invalid(context.path, "vpn-id", message))?;
    let description = match &input.customer_name {
        Some(customer) => format!("Customer VPN for {customer}"),
        None => String::new(),
    };
    root.l3vpns().l3vpn(&input.vpn_id).description(description);
    Ok(())
}

/// What an access must say for the backbone to have a part in it.
struct Access<'a> {
    vpn: &'a str,
    device: &'a str,
    interface: &'a str,
    provider_address: &'a str,
    prefix_length: u8,
}

/// An access becomes an endpoint of its VPN, and registers the VPN on its router. One that does
/// not say where and how it is attached is kept, and nothing more.
fn site_network_access(
    context: &L3VpnSiteNetworkAccessContext<'_>,
    root: &mut Root,
) -> Result<(), Refusal> {
    let input = &context.input;
    let Some(access) = access(input) else { return Ok(()) };
    check_access(context.path, &access)?;

    let vpn = root.l3vpns().l3vpn(access.vpn);
    let endpoint = vpn.endpoint(access.device, access.interface);
    endpoint
        .site(&context.keys.site_id)
        .site_network_access(&input.site_network_access_id)
        .provider_ipv4_address(access.provider_address)
        .ipv4_prefix_length(access.prefix_length);
    let customer_address = &input.ip_connection.ipv4.addresses.customer_address;
    if let Some(address) = customer_address {
        endpoint.customer_ipv4_address(address);
    }
    if let Some(autonomous_system) = customer_autonomous_system(input) {
        endpoint.bgp(autonomous_system);
    }

    let vrf = root.netinfra().router(access.device).l3vpn_vrf(access.vpn);
    if let Some(address) = customer_address {
        vrf.add_ebgp_customer_address(address);
    }
    Ok(())
}

fn access(input: &L3VpnSiteNetworkAccessInput) -> Option<Access<'_>> {
    let (device, interface) = input.bearer.bearer_reference.as_deref()?.split_once(',')?;
    let addresses = &input.ip_connection.ipv4.addresses;
    let (device, interface) = (device.trim(), interface.trim());
    (!device.is_empty() && !interface.is_empty()).then_some(())?;
    Some(Access {
        vpn: input.vpn_attachment.vpn_id.as_deref()?,
        device,
        interface,
        provider_address: addresses.provider_address.as_deref()?,
        prefix_length: addresses.prefix_length?,
    })
}

fn check_access(instance: &Path, access: &Access<'_>) -> Result<(), Refusal> {
    if CustomerInterface::parse(access.interface).is_none() {
        let message = format!(
            "{:?} is no interface: behind the dot belongs a VLAN from 1 to 4094",
            access.interface
        );
        return Err(invalid(instance, "bearer/bearer-reference", message));
    }
    if !(1..=31).contains(&access.prefix_length) {
        let message = "the network of an access has a prefix length from 1 to 31";
        return Err(invalid(instance, "ip-connection/ipv4/addresses/prefix-length", message));
    }
    Ok(())
}

fn customer_autonomous_system(input: &L3VpnSiteNetworkAccessInput) -> Option<u32> {
    let protocols = &input.routing_protocols.routing_protocol;
    let bgp =
        protocols.iter().find(|protocol| protocol.r#type == types::RoutingProtocolType::Bgp)?;
    bgp.bgp.as_ref().map(|bgp| bgp.autonomous_system)
}

fn invalid(instance: &Path, leaf: &str, message: impl Into<String>) -> Refusal {
    refuse::invalid(&service::schema(), instance, leaf, message)
}
