//! Made-up networks and services of any size, as intent documents.

use std::fmt::Write as _;

/// The device types that routers take in turn.
const TYPES: [&str; 3] = ["CiscoIosXr_25_3_1", "JuniperCRPD_24_4R1_9", "NokiaSRLinux_25_3_2"];
/// Routers of one autonomous system, and so of one full mesh, at most. Larger systems use route
/// reflectors; a mesh of a thousand routers has a million sessions, whoever configures them.
const SYSTEM_ROUTERS_MAX: usize = 50;
/// Endpoints of a VPN.
pub(crate) const ENDPOINTS: usize = 4;

/// Routers `from..to`, simulated in process.
pub(crate) fn routers(from: usize, to: usize) -> String {
    let mut out = String::from("<netinfra xmlns=\"http://example.com/netinfra\">");
    for number in from..to {
        let (kind, system) = (TYPES[number % TYPES.len()], 65_000 + number / SYSTEM_ROUTERS_MAX);
        let _ = write!(
            out,
            "<router><name>R{number}-CORE-1</name><id>{}</id><type>{kind}</type>\
             <role>edge</role><asn>{system}</asn><mock>true</mock></router>",
            number + 1
        );
    }
    out + "</netinfra>"
}

/// VPNs `from + 1..=to`, each with [`ENDPOINTS`] sites on different routers.
pub(crate) fn services(from: usize, to: usize, routers: usize) -> String {
    let mut vpns = String::new();
    let mut sites = String::new();
    // SR Linux knows no VPN 0.
    for vpn in from + 1..=to {
        let _ = write!(
            vpns,
            "<vpn-service><vpn-id>vpn-{vpn}</vpn-id>\
             <customer-name>Customer {vpn}</customer-name></vpn-service>"
        );
        for site in 0..ENDPOINTS {
            push_site(&mut sites, vpn, site, routers);
        }
    }
    format!(
        "<l3vpn-svc xmlns=\"urn:ietf:params:xml:ns:yang:ietf-l3vpn-svc\">\
         <vpn-services>{vpns}</vpn-services><sites>{sites}</sites></l3vpn-svc>"
    )
}

fn push_site(out: &mut String, vpn: usize, site: usize, routers: usize) {
    let router = (vpn * ENDPOINTS + site) % routers;
    let port = match router % TYPES.len() {
        0 => format!("GigabitEthernet0/0/0/{}", vpn / 4000),
        1 => format!("eth{}", vpn / 4000 + 1),
        _ => format!("ethernet-1/{}", vpn / 4000 + 1),
    };
    let (net, vlan) = (vpn % 65_536, vpn % 4000 + 1);
    let (high, low) = (net >> 8, net & 255);
    let _ = write!(
        out,
        "<site><site-id>site-{vpn}-{site}</site-id>\
         <management><type>customer-managed</type></management>\
         <locations><location><location-id>main</location-id></location></locations>\
         <site-network-accesses><site-network-access>\
         <site-network-access-id>access</site-network-access-id>\
         <location-reference>main</location-reference>\
         <service><svc-input-bandwidth>1000000000</svc-input-bandwidth>\
         <svc-output-bandwidth>1000000000</svc-output-bandwidth><svc-mtu>9000</svc-mtu></service>\
         <vpn-attachment><vpn-id>vpn-{vpn}</vpn-id></vpn-attachment>\
         <ip-connection><ipv4>\
         <address-allocation-type>static-address</address-allocation-type><addresses>\
         <provider-address>10.{high}.{low}.{}</provider-address>\
         <customer-address>10.{high}.{low}.{}</customer-address>\
         <prefix-length>30</prefix-length></addresses></ipv4></ip-connection>\
         <bearer><bearer-reference>R{router}-CORE-1,{port}.{vlan}</bearer-reference></bearer>\
         <routing-protocols><routing-protocol><type>bgp</type><bgp>\
         <autonomous-system>{}</autonomous-system><address-family>ipv4</address-family></bgp>\
         </routing-protocol></routing-protocols>\
         </site-network-access></site-network-accesses></site>",
        4 * site + 1,
        4 * site + 2,
        64_512 + vpn % 1000,
    );
}
