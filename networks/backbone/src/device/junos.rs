//! Configuration of Junos.

use transform::Refusal;

use super::{
    CUSTOMER_GROUP, IBGP_GROUP, LINK_METRIC, customer_interface, hidden_key, link_description,
    loopback, route_distinguisher, vrf_target, with_prefix_length,
};
use crate::address::network_entity_title;
use crate::junipercrpd_24_4r1_9::Root;
use crate::junipercrpd_24_4r1_9::types::{GroupType, InstanceInstanceType};
use crate::resource::{
    BaseConfigContext, BbInterfaceContext, CustomerPortContext, EbgpCustomerContext,
    IbgpNeighborContext, VrfContext, VrfInterfaceContext,
};
use crate::secret::junos_9;

/// Room for a key, in characters.
const KEY_LENGTH_MAX: usize = 126;
/// What is said of a port that several customers share.
const SHARED_PORT: &str = "Customer VPN accesses";

pub(crate) fn base_config(context: &BaseConfigContext<'_>) -> Result<Root, Refusal> {
    let input = &context.input;
    let loopback = loopback(context)?;
    let key = junos_9(&input.ibgp_authentication_key);
    let key = hidden_key(context.path, "ibgp-authentication-key", key, KEY_LENGTH_MAX)?;
    let mut root = Root::new();
    let configuration = root.configuration();
    let system = configuration.system();
    system.host_name(&context.keys.name);
    system.services().netconf().rfc_compliant().yang_compliant();

    let lo0 = configuration.interfaces().interface("lo0");
    if let Some(role) = &input.role {
        lo0.description(format!("ROLE: {role}"));
    }
    let family = lo0.unit("0").family();
    family.inet().address(with_prefix_length(&input.ipv4_address, 32));
    family.iso().address(network_entity_title(loopback));

    let isis = configuration.protocols().isis();
    isis.lsp_lifetime(65535);
    isis.level(1).disable();
    isis.level(2).wide_metrics_only();
    isis.interface("lo0.0").passive();

    configuration.routing_options().autonomous_system().as_number(input.asn.to_string());
    let bgp = configuration.protocols().bgp();
    bgp.log_updown();
    let group = bgp.group(IBGP_GROUP);
    group
        .r#type(GroupType::Internal)
        .local_address(&input.ipv4_address)
        .hold_time(90)
        .authentication_key(key);
    let families = group.family();
    families.inet_vpn().unicast();
    families.inet6_vpn().unicast();
    families.route_target();
    Ok(root)
}

pub(crate) fn bb_interface(context: &BbInterfaceContext<'_>) -> Result<Root, Refusal> {
    let input = &context.input;
    let mut root = Root::new();
    let configuration = root.configuration();
    let unit = configuration.interfaces().interface(&input.name).unit("0");
    unit.description(link_description(context));
    if let Some(address) = &input.ipv4_address {
        unit.family().inet().address(with_prefix_length(address, input.ipv4_prefix_length));
    }

    let protocols = configuration.protocols();
    let interface = protocols.isis().interface(&input.name);
    interface.point_to_point();
    interface.level(1).disable();
    interface.level(2).metric(LINK_METRIC);
    protocols.mpls().interface(&input.name);
    protocols.ldp().interface(&input.name);
    Ok(root)
}

pub(crate) fn ibgp_neighbor(context: &IbgpNeighborContext<'_>) -> Result<Root, Refusal> {
    let input = &context.input;
    let mut root = Root::new();
    let group = root.configuration().protocols().bgp().group(IBGP_GROUP);
    group.neighbor(&input.address).description(&input.description);
    Ok(root)
}

pub(crate) fn vrf(context: &VrfContext<'_>) -> Result<Root, Refusal> {
    let distinguisher = route_distinguisher(context)?;
    let target = vrf_target(context)?;
    let mut root = Root::new();
    let instance = root.configuration().routing_instances().instance(&context.input.name);
    instance.instance_type(InstanceInstanceType::Vrf);
    instance.route_distinguisher().rd_type(distinguisher.to_string());
    instance.vrf_target().community(target);
    instance.vrf_table_label();
    instance.protocols().bgp().group(CUSTOMER_GROUP).passive();
    Ok(root)
}

pub(crate) fn vrf_interface(context: &VrfInterfaceContext<'_>) -> Result<Root, Refusal> {
    let input = &context.input;
    let customer = customer_interface(context)?;
    let mut root = Root::new();
    let configuration = root.configuration();
    let unit_number = customer.unit();
    let unit = configuration.interfaces().interface(customer.port).unit(unit_number.to_string());
    if let Some(description) = &input.description {
        unit.description(description);
    }
    if let Some(vlan) = customer.vlan {
        unit.vlan_id(vlan.to_string());
    }
    if let Some(address) = &input.ipv4_address {
        unit.family().inet().address(with_prefix_length(address, input.ipv4_prefix_length));
    }
    let instance = configuration.routing_instances().instance(&input.vrf);
    instance.interface(format!("{}.{unit_number}", customer.port));
    Ok(root)
}

/// A port is described by its only customer, if it has no more than one.
pub(crate) fn customer_port(context: &CustomerPortContext<'_>) -> Result<Root, Refusal> {
    let mut root = Root::new();
    let description = match context.input.interface.as_slice() {
        [only] => only.description.as_deref(),
        _ => Some(SHARED_PORT),
    };
    if let Some(description) = description {
        let interfaces = root.configuration().interfaces();
        interfaces.interface(&context.input.name).description(description);
    }
    Ok(root)
}

pub(crate) fn ebgp_customer(context: &EbgpCustomerContext<'_>) -> Result<Root, Refusal> {
    let input = &context.input;
    let key = junos_9(&input.authentication_key);
    let key = hidden_key(context.path, "authentication-key", key, KEY_LENGTH_MAX)?;
    let mut root = Root::new();
    let instance = root.configuration().routing_instances().instance(&input.vrf);
    let neighbor = instance.protocols().bgp().group(CUSTOMER_GROUP).neighbor(&input.address);
    if let Some(description) = &input.description {
        neighbor.description(description);
    }
    neighbor.authentication_key(key).peer_as(input.peer_asn.to_string()).as_override();
    Ok(root)
}
