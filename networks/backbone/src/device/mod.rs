//! The vendors' words: one module for each, with the same functions.

pub(crate) mod ios_xr;
pub(crate) mod junos;
pub(crate) mod sr_linux;

use std::net::Ipv4Addr;

use transform::Refusal;
use yang_data::Path;

use crate::address::CustomerInterface;
use crate::refuse;
use crate::resource::{
    self, BaseConfigContext, BbInterfaceContext, VrfContext, VrfInterfaceContext,
};
use crate::vpn::{RouteDistinguisher, route_target};

/// Metric of links between routers.
const LINK_METRIC: u32 = 5000;
/// Name of the group of iBGP neighbours.
const IBGP_GROUP: &str = "IPV4-IBGP";
/// Name of the group of customers' neighbours.
const CUSTOMER_GROUP: &str = "customer";

fn loopback(context: &BaseConfigContext<'_>) -> Result<Ipv4Addr, Refusal> {
    let address = &context.input.ipv4_address;
    address.parse().map_err(|_| {
        invalid(context.path, "ipv4-address", format!("{address:?} is no IPv4 address"))
    })
}

/// What is said of an interface to another router, with its load while that is watched.
fn link_description(context: &BbInterfaceContext<'_>) -> String {
    let input = &context.input;
    let link = format!("Link to {} [{}]", input.remote.device, input.remote.interface);
    let load = context.dynamic_state.as_ref().and_then(|state| state.pps);
    match load.filter(|_| input.monitor_traffic) {
        Some(load) => format!("{link} - {load} PPS"),
        None => link,
    }
}

/// An address with the prefix length of its network.
fn with_prefix_length(address: &str, length: u8) -> String {
    format!("{address}/{length}")
}

fn customer_interface<'a>(
    context: &'a VrfInterfaceContext<'_>,
) -> Result<CustomerInterface<'a>, Refusal> {
    CustomerInterface::parse(&context.input.name).ok_or_else(|| {
        let message = "behind the dot of an interface belongs a VLAN from 1 to 4094";
        invalid(context.path, "name", message)
    })
}

fn route_distinguisher(context: &VrfContext<'_>) -> Result<RouteDistinguisher, Refusal> {
    let input = &context.input;
    RouteDistinguisher::new(input.asn, input.id, input.router_id)
        .map_err(|message| invalid(context.path, "id", message))
}

fn vrf_target(context: &VrfContext<'_>) -> Result<String, Refusal> {
    let input = &context.input;
    route_target(input.asn, input.id).map_err(|message| invalid(context.path, "id", message))
}

/// A key in the form a device keeps it, unless the device has no room for it.
fn hidden_key(
    instance: &Path,
    leaf: &str,
    hidden: String,
    length_max: usize,
) -> Result<String, Refusal> {
    if hidden.len() <= length_max {
        return Ok(hidden);
    }
    let message = format!(
        "the key takes {} characters on the device, which has room for {length_max}: choose a \
         shorter one (the key of a customer's session is the name of the VPN)",
        hidden.len()
    );
    Err(invalid(instance, leaf, message))
}

fn invalid(instance: &Path, leaf: &str, message: impl Into<String>) -> Refusal {
    refuse::invalid(&resource::schema(), instance, leaf, message)
}
