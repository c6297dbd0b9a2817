//! Intents of the backbone, and networks to put them in.

use backbone::{Options, system};

use crate::lab::Lab;

/// Layers by their index.
pub(crate) const INTER: usize = 1;
pub(crate) const RESOURCE: usize = 2;

/// A network without intent.
pub(crate) fn empty(options: Options) -> Lab {
    Lab::of(system(options))
}

/// A network with an intent that must be accepted.
pub(crate) fn network_with(documents: &[&str]) -> Lab {
    let mut lab = empty(Options::default());
    for document in documents {
        lab.merge(document);
    }
    lab
}

/// A router of the backbone.
pub(crate) fn router(name: &str, id: u32, device_type: &str) -> String {
    format!(
        "<netinfra xmlns='http://example.com/netinfra'><router><name>{name}</name><id>{id}</id>\
         <type>{device_type}</type><role>edge</role><asn>65001</asn><mock>true</mock></router>\
         </netinfra>"
    )
}

/// A link of the backbone.
pub(crate) fn link(ends: [&str; 4]) -> String {
    let [left, left_interface, right, right_interface] = ends;
    format!(
        "<netinfra xmlns='http://example.com/netinfra'><backbone-link>\
         <left-router>{left}</left-router><left-interface>{left_interface}</left-interface>\
         <right-router>{right}</right-router><right-interface>{right_interface}</right-interface>\
         </backbone-link></netinfra>"
    )
}

/// A VPN of a customer.
pub(crate) fn vpn(name: &str, customer: &str) -> String {
    l3vpn_svc(&format!(
        "<vpn-services><vpn-service><vpn-id>{name}</vpn-id>\
         <customer-name>{customer}</customer-name></vpn-service></vpn-services>"
    ))
}

/// A site with one access: VPN, bearer and third octet of its network.
pub(crate) fn site(name: &str, vpn: &str, bearer: &str, net: u8) -> String {
    l3vpn_svc(&format!(
        "<sites><site><site-id>{name}</site-id>\
         <management><type>customer-managed</type></management>\
         <locations><location><location-id>MAIN</location-id></location></locations>\
         <site-network-accesses><site-network-access>\
         <site-network-access-id>SNA</site-network-access-id>\
         <location-reference>MAIN</location-reference>\
         <service><svc-input-bandwidth>1000</svc-input-bandwidth>\
         <svc-output-bandwidth>1000</svc-output-bandwidth><svc-mtu>9000</svc-mtu></service>\
         <vpn-attachment><vpn-id>{vpn}</vpn-id></vpn-attachment>\
         <ip-connection><ipv4>\
         <address-allocation-type>static-address</address-allocation-type>\
         <addresses><provider-address>10.200.{net}.1</provider-address>\
         <customer-address>10.200.{net}.2</customer-address><prefix-length>30</prefix-length>\
         </addresses></ipv4></ip-connection>\
         <bearer><bearer-reference>{bearer}</bearer-reference></bearer>\
         <routing-protocols><routing-protocol><type>bgp</type>\
         <bgp><autonomous-system>65501</autonomous-system>\
         <address-family>ipv4</address-family></bgp></routing-protocol></routing-protocols>\
         </site-network-access></site-network-accesses></site></sites>"
    ))
}

fn l3vpn_svc(content: &str) -> String {
    format!("<l3vpn-svc xmlns='urn:ietf:params:xml:ns:yang:ietf-l3vpn-svc'>{content}</l3vpn-svc>")
}

/// Device types.
pub(crate) const XR: &str = "CiscoIosXr_25_3_1";
pub(crate) const JUNOS: &str = "JuniperCRPD_24_4R1_9";
pub(crate) const SRL: &str = "NokiaSRLinux_25_3_2";
