//! The configuration that belongs to a network, written by hand for each vendor.

use crate::documents::{JUNOS, XR};
use crate::vendors::{LINKS, NAMES, customer_port, interface};

pub(crate) fn expected(device_types: [&str; 4], of: usize, access: &str, base: &str) -> String {
    let part = part(device_types, of, access, base);
    match device_types[of] {
        XR => ios_xr(&part),
        JUNOS => junos(&part),
        _ => sr_linux(&part),
    }
}

/// A link as one of its routers sees it.
struct Link {
    interface: String,
    address: String,
    remote: String,
}

fn links(device_types: [&str; 4], of: usize) -> Vec<Link> {
    let mut found = Vec::new();
    for (left, left_number, right, right_number, net) in LINKS {
        let ends = [(left, left_number, 1), (right, right_number, 2)];
        for (own, other) in [(ends[0], ends[1]), (ends[1], ends[0])] {
            if own.0 == of {
                let remote = interface(device_types[other.0], other.1);
                found.push(Link {
                    interface: interface(device_types[of], own.1),
                    address: format!("10.0.{net}.{}", own.2),
                    remote: format!("{} [{remote}]", NAMES[other.0]),
                });
            }
        }
    }
    found
}

/// What is said of the access of the only customer of a router.
struct Customer {
    port: String,
    net: usize,
    access: String,
    session: String,
}

fn customer(device_types: [&str; 4], of: usize, access: &str) -> Customer {
    let net = of + 1;
    let site = format!("SITE-{net} [{access}] in VPN acme-65501");
    Customer {
        port: customer_port(device_types, of),
        net,
        access: format!("Customer VPN access {site}"),
        session: format!("Customer eBGP {site} to "),
    }
}

/// The part of one router in the network.
struct Part {
    name: &'static str,
    id: usize,
    links: Vec<Link>,
    customer: Customer,
    /// The customer's network without the last octet.
    net: String,
}

fn part(device_types: [&str; 4], of: usize, access: &str, base: &str) -> Part {
    let customer = customer(device_types, of, access);
    Part {
        name: NAMES[of],
        id: of + 1,
        links: links(device_types, of),
        net: base.replace('#', &customer.net.to_string()),
        customer,
    }
}

impl Part {
    /// Something for each link.
    fn each_link(&self, write: impl Fn(&Link) -> String) -> String {
        self.links.iter().map(write).collect()
    }

    /// Something for each of the other routers, by name and address.
    fn each_other(&self, write: impl Fn(&str, &str) -> String) -> String {
        let others = NAMES.iter().zip(1..).filter(|(_, id)| *id != self.id);
        others.map(|(name, id)| write(name, &format!("10.0.0.{id}"))).collect()
    }
}

const UM: &str = "http://cisco.com/ns/yang/Cisco-IOS-XR-um";

fn ios_xr(part: &Part) -> String {
    let name = part.name;
    let ldp = part.each_link(|Link { interface, .. }| {
        format!("<interface><interface-name>{interface}</interface-name></interface>")
    });
    let target = "<route-target><two-byte-as-route-targets><two-byte-as-route-target>\
         <two-byte-as-number>65001</two-byte-as-number><asn2-index>65501</asn2-index>\
         <stitching>disable</stitching></two-byte-as-route-target></two-byte-as-route-targets>\
         </route-target>";
    format!(
        "<config><hostname xmlns='{UM}-hostname-cfg'>\
         <system-network-name>{name}</system-network-name></hostname>{}{}{}\
         <routing-policy xmlns='{UM}-route-policy-cfg'><route-policies><route-policy>\
         <route-policy-name>ACCEPT</route-policy-name>\
         <rpl-route-policy>route-policy ACCEPT\n  done\nend-policy\n</rpl-route-policy>\
         </route-policy></route-policies></routing-policy>\
         <mpls xmlns='{UM}-mpls-ldp-cfg'><ldp><address-families><address-family>\
         <af-name>ipv4</af-name></address-family></address-families>\
         <interfaces>{ldp}</interfaces></ldp></mpls>\
         <vrfs xmlns='{UM}-vrf-cfg'><vrf><vrf-name>acme-65501</vrf-name>\
         <description>Customer VPN for CUSTOMER-1</description>\
         <address-family><ipv4><unicast>\
         <import xmlns='{UM}-router-bgp-cfg'>{target}</import>\
         <export xmlns='{UM}-router-bgp-cfg'>{target}</export>\
         </unicast></ipv4></address-family></vrf></vrfs></config>",
        ios_xr_interfaces(part),
        ios_xr_isis(part),
        ios_xr_bgp(part),
    )
}

fn ios_xr_interfaces(part: &Part) -> String {
    let Part { id, net, customer: Customer { port, access, .. }, .. } = part;
    let address = |address: &str, mask: &str| {
        format!(
            "<ipv4><addresses xmlns='{UM}-if-ip-address-cfg'><address>\
             <address>{address}</address><netmask>{mask}</netmask></address></addresses></ipv4>"
        )
    };
    let links = part.each_link(|Link { interface, address: own, remote }| {
        format!(
            "<interface><interface-name>{interface}</interface-name>\
             <description>Link to {remote}</description>{}</interface>",
            address(own, "255.255.255.252")
        )
    });
    format!(
        "<interfaces xmlns='{UM}-interface-cfg'>\
         <interface><interface-name>Loopback0</interface-name>{}</interface>{links}\
         <interface><interface-name>{port}</interface-name></interface>\
         <interface><interface-name>{port}.100</interface-name>\
         <description>{access}</description><vrf xmlns='{UM}-if-vrf-cfg'>acme-65501</vrf>\
         {}<encapsulation xmlns='{UM}-l2-ethernet-cfg'><dot1q><vlan-id>100</vlan-id>\
         </dot1q></encapsulation></interface></interfaces>",
        address(&format!("10.0.0.{id}"), "255.255.255.255"),
        address(&format!("{net}.1"), "255.255.255.252"),
    )
}

fn ios_xr_isis(part: &Part) -> String {
    let id = part.id;
    let family = "<af-name>ipv4</af-name><saf-name>unicast</saf-name>";
    let links = part.each_link(|Link { interface, .. }| {
        format!(
            "<interface><interface-name>{interface}</interface-name>\
             <circuit-type>level-2-only</circuit-type><point-to-point/>\
             <address-families><address-family>{family}\
             <metric-levels><metric-level><level-number>2</level-number>\
             <default-metric>5000</default-metric></metric-level></metric-levels>\
             </address-family></address-families></interface>"
        )
    });
    format!(
        "<router xmlns='{UM}-router-isis-cfg'><isis><processes><process>\
         <process-id>1</process-id><is-type>level-2-only</is-type>\
         <nets><net><net-id>49.0001.0100.0000.000{id}.00</net-id></net></nets>\
         <address-families><address-family>{family}\
         <metric-style><wide/></metric-style></address-family></address-families>\
         <interfaces><interface><interface-name>Loopback0</interface-name><state>passive</state>\
         <address-families><address-family>{family}</address-family></address-families>\
         </interface>{links}</interfaces></process></processes></isis></router>"
    )
}

fn ios_xr_bgp(part: &Part) -> String {
    let Part { id, net, customer: Customer { session, .. }, .. } = part;
    let neighbors = part.each_other(|name, address| {
        format!(
            "<neighbor><address>{address}</address><description>{name}</description>\
             <use><neighbor-group>IPV4-IBGP</neighbor-group></use></neighbor>"
        )
    });
    let vpn_families = "<address-families>\
         <address-family><af-name>vpnv4-unicast</af-name></address-family>\
         <address-family><af-name>vpnv6-unicast</af-name></address-family></address-families>";
    format!(
        "<router xmlns='{UM}-router-bgp-cfg'><bgp><as><as-number>65001</as-number>\
         <bgp><router-id>10.0.0.{id}</router-id></bgp>{vpn_families}\
         <neighbor-groups><neighbor-group><neighbor-group-name>IPV4-IBGP</neighbor-group-name>\
         <remote-as>65001</remote-as><update-source>Loopback0</update-source>\
         <password><encrypted>045209011F6C4D5B1D11001906020F053E222B267E3E270A</encrypted>\
         </password>{vpn_families}</neighbor-group></neighbor-groups>\
         <neighbors>{neighbors}</neighbors>\
         <vrfs><vrf><vrf-name>acme-65501</vrf-name>\
         <rd><two-byte-as><two-byte-as-number>65001</two-byte-as-number>\
         <asn2-index>65501{id}</asn2-index></two-byte-as></rd>\
         <address-families><address-family><af-name>ipv4-unicast</af-name></address-family>\
         </address-families><neighbors><neighbor><address>{net}.2</address>\
         <remote-as>65501</remote-as><description>{session}{net}.2</description>\
         <password><encrypted>045A080B0A6C1A1B5C4954</encrypted></password>\
         <address-families><address-family><af-name>ipv4-unicast</af-name>\
         <route-policy><in>ACCEPT</in><out>ACCEPT</out></route-policy><as-override/>\
         </address-family></address-families></neighbor></neighbors></vrf></vrfs>\
         </as></bgp></router>"
    )
}

fn junos(part: &Part) -> String {
    let Part { name, id, net, customer: Customer { port, access, session, .. }, .. } = part;
    let (mut interfaces, mut isis, mut mpls) = (String::new(), String::new(), String::new());
    for Link { interface, address, remote } in &part.links {
        interfaces += &format!(
            "<interface><name>{interface}</name><unit><name>0</name>\
             <description>Link to {remote}</description><family><inet>\
             <address><name>{address}/30</name></address></inet></family></unit></interface>"
        );
        isis += &format!(
            "<interface><name>{interface}</name><point-to-point/>\
             <level><name>1</name><disable/></level>\
             <level><name>2</name><metric>5000</metric></level></interface>"
        );
        mpls += &format!("<interface><name>{interface}</name></interface>");
    }
    let neighbors = part.each_other(|name, address| {
        format!("<neighbor><name>{address}</name><description>{name}</description></neighbor>")
    });
    let ibgp_key =
        concat!("$9$4TaGiq.5/9pmfp0B1yr4aZGkP6/t1Ic36eWL7sYoJGDjq5Qn", "/Cumfu1RSledbs24Zmfz");
    format!(
        "<config><configuration xmlns='http://yang.juniper.net/junos/conf/root'>\
         <system><host-name>{name}</host-name>\
         <services><netconf><rfc-compliant/><yang-compliant/></netconf></services></system>\
         <interfaces><interface><name>lo0</name><description>ROLE: edge</description>\
         <unit><name>0</name><family><inet><address><name>10.0.0.{id}/32</name></address></inet>\
         <iso><address><name>49.0001.0100.0000.000{id}.00</name></address></iso></family></unit>\
         </interface>{interfaces}\
         <interface><name>{port}</name><description>{access}</description>\
         <unit><name>100</name><description>{access}</description><vlan-id>100</vlan-id>\
         <family><inet><address><name>{net}.1/30</name></address></inet></family></unit>\
         </interface></interfaces>\
         <protocols><isis><lsp-lifetime>65535</lsp-lifetime>\
         <level><name>1</name><disable/></level>\
         <level><name>2</name><wide-metrics-only/></level>\
         <interface><name>lo0.0</name><passive/></interface>{isis}</isis>\
         <mpls>{mpls}</mpls><ldp>{mpls}</ldp>\
         <bgp><log-updown/><group><name>IPV4-IBGP</name><type>internal</type>\
         <local-address>10.0.0.{id}</local-address><hold-time>90</hold-time>\
         <authentication-key>{ibgp_key}</authentication-key>\
         <family><inet-vpn><unicast/></inet-vpn><inet6-vpn><unicast/></inet6-vpn>\
         <route-target/></family>{neighbors}</group></bgp></protocols>\
         <routing-options><autonomous-system><as-number>65001</as-number></autonomous-system>\
         </routing-options>\
         <routing-instances><instance><name>acme-65501</name><instance-type>vrf</instance-type>\
         <route-distinguisher><rd-type>65001:65501{id}</rd-type></route-distinguisher>\
         <vrf-target><community>target:65001:65501</community></vrf-target><vrf-table-label/>\
         <interface><name>{port}.100</name></interface>\
         <protocols><bgp><group><name>customer</name><passive/>\
         <neighbor><name>{net}.2</name><description>{session}{net}.2</description>\
         <authentication-key>$9$4TaJDkqf36AoJ5Q36AtLx7-Yg4aZUik</authentication-key>\
         <peer-as>65501</peer-as><as-override/></neighbor></group></bgp></protocols>\
         </instance></routing-instances></configuration></config>",
    )
}

const SRL_MODELS: &str = "urn:nokia.com:srlinux";
const UP: &str = "<admin-state>enable</admin-state>";

fn sr_linux(part: &Part) -> String {
    let name = part.name;
    format!(
        "<config><system xmlns='{SRL_MODELS}:general:system'>\
         <name xmlns='{SRL_MODELS}:chassis:system-name'><host-name>{name}</host-name></name>\
         </system>{}\
         <network-instance xmlns='{SRL_MODELS}:net-inst:network-instance'><name>mgmt</name>\
         <type>ip-vrf</type>{UP}<description>Management network instance</description>\
         <interface><name>mgmt0.0</name></interface></network-instance>{}{}\
         <tunnel-interface xmlns='{SRL_MODELS}:vxlan:tunnel-interfaces'><name>vxlan1</name>\
         <vxlan-interface><index>65501</index><type>routed</type>\
         <ingress><vni>65501</vni></ingress></vxlan-interface></tunnel-interface></config>",
        sr_linux_interfaces(part),
        sr_linux_default(part),
        sr_linux_vpn(part),
    )
}

fn sr_linux_interfaces(part: &Part) -> String {
    let Part { id, net, customer: Customer { port, access, .. }, .. } = part;
    let interface = |name: &str, content: &str| {
        format!(
            "<interface xmlns='{SRL_MODELS}:chassis:interfaces'><name>{name}</name>{content}\
             </interface>"
        )
    };
    let vlans = format!("xmlns='{SRL_MODELS}:chassis:interfaces-vlans'");
    let loopback = format!(
        "<subinterface><index>0</index><ipv4>{UP}\
         <address><ip-prefix>10.0.0.{id}/32</ip-prefix></address></ipv4></subinterface>"
    );
    let management = format!(
        "{UP}<subinterface><index>0</index>{UP}<ipv4>{UP}</ipv4><ipv6>{UP}</ipv6></subinterface>"
    );
    let customer = format!(
        "{UP}<vlan-tagging {vlans}>true</vlan-tagging>\
         <subinterface><index>100</index><description>{access}</description>{UP}\
         <ipv4>{UP}<address><ip-prefix>{net}.1/30</ip-prefix></address></ipv4>\
         <vlan {vlans}><encap><single-tagged><vlan-id>100</vlan-id></single-tagged></encap></vlan>\
         </subinterface>"
    );
    let links = part.each_link(|Link { interface: name, address, remote }| {
        let description = format!("<description>Link to {remote}</description>");
        let content = format!(
            "{description}{UP}<subinterface><index>0</index>{description}{UP}<ipv4>{UP}\
             <address><ip-prefix>{address}/30</ip-prefix></address></ipv4></subinterface>"
        );
        interface(name, &content)
    });
    let own = [("system0", loopback), ("mgmt0", management), (port.as_str(), customer)];
    let own = own.iter().map(|(name, content)| interface(name, content));
    own.chain([links]).collect()
}

fn sr_linux_default(part: &Part) -> String {
    let id = part.id;
    let members =
        part.each_link(|link| format!("<interface><name>{}.0</name></interface>", link.interface));
    let isis = part.each_link(|Link { interface, .. }| {
        format!(
            "<interface><interface-name>{interface}.0</interface-name>{UP}\
             <circuit-type>point-to-point</circuit-type>\
             <level><level-number>2</level-number><metric>5000</metric></level></interface>"
        )
    });
    let neighbors = part.each_other(|_, address| {
        format!(
            "<neighbor><peer-address>{address}</peer-address>{UP}\
             <peer-group>IPV4-IBGP</peer-group></neighbor>"
        )
    });
    format!(
        "<network-instance xmlns='{SRL_MODELS}:net-inst:network-instance'><name>default</name>\
         <interface><name>system0.0</name></interface>{members}\
         <protocols><isis xmlns='{SRL_MODELS}:isis:isis'><instance><name>quicklab</name>{UP}\
         <net>49.0001.0100.0000.000{id}.00</net><level-capability>L2</level-capability>\
         <ipv4-unicast>{UP}</ipv4-unicast>\
         <interface><interface-name>system0.0</interface-name>{UP}<passive>true</passive>\
         </interface>{isis}</instance></isis>\
         <bgp xmlns='{SRL_MODELS}:bgp:bgp'><autonomous-system>65001</autonomous-system>\
         <router-id>10.0.0.{id}</router-id>\
         <afi-safi><afi-safi-name>ipv4-unicast</afi-safi-name>{UP}</afi-safi>\
         <afi-safi><afi-safi-name>evpn</afi-safi-name>{UP}</afi-safi>\
         <group><group-name>IPV4-IBGP</group-name><peer-as>65001</peer-as></group>\
         {neighbors}</bgp></protocols></network-instance>"
    )
}

fn sr_linux_vpn(part: &Part) -> String {
    let Part { id, net, customer: Customer { port, .. }, .. } = part;
    format!(
        "<network-instance xmlns='{SRL_MODELS}:net-inst:network-instance'>\
         <name>acme-65501</name><type>ip-vrf</type>{UP}\
         <interface><name>{port}.100</name></interface>\
         <vxlan-interface><name>vxlan1.65501</name></vxlan-interface>\
         <protocols><bgp-evpn><bgp-instance xmlns='{SRL_MODELS}:net-inst:bgp-evpn'><id>1</id>{UP}\
         <vxlan-interface>vxlan1.65501</vxlan-interface><evi>65501</evi></bgp-instance></bgp-evpn>\
         <bgp xmlns='{SRL_MODELS}:bgp:bgp'><autonomous-system>65001</autonomous-system>\
         <router-id>10.0.0.{id}</router-id><ebgp-default-policy>\
         <import-reject-all>false</import-reject-all><export-reject-all>false</export-reject-all>\
         </ebgp-default-policy>\
         <afi-safi><afi-safi-name>ipv4-unicast</afi-safi-name>{UP}</afi-safi>\
         <group><group-name>customer</group-name><send-default-route>\
         <ipv4-unicast>true</ipv4-unicast></send-default-route></group>\
         <neighbor><peer-address>{net}.2</peer-address><peer-as>65501</peer-as>\
         <peer-group>customer</peer-group>\
         <authentication><password>acme-65501</password></authentication></neighbor></bgp>\
         <bgp-vpn xmlns='{SRL_MODELS}:bgp:bgp-vpn'><bgp-instance><id>1</id><route-target>\
         <export-rt>target:65001:65501</export-rt><import-rt>target:65001:65501</import-rt>\
         </route-target></bgp-instance></bgp-vpn></protocols></network-instance>"
    )
}
