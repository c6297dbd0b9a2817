//! Configuration of IOS XR.

use transform::Refusal;

use super::{IBGP_GROUP, LINK_METRIC, customer_interface, link_description, loopback};
use super::{route_distinguisher, vrf_target};
use crate::address::{netmask, network_entity_title};
use crate::ciscoiosxr_25_3_1::output::{
    AsNeighborEntry, Interface, RouterIsisProcessEntry, RouteTarget,
};
use crate::ciscoiosxr_25_3_1::{Root, types};
use crate::resource::{
    BaseConfigContext, BbInterfaceContext, CustomerPortContext, EbgpCustomerContext,
    IbgpNeighborContext, VrfContext, VrfInterfaceContext,
};
use crate::secret::cisco_type_7;
use crate::vpn;
