//! Whole configurations, by the rules of each vendor: what a network of four routers, five links
//! and a VPN with four sites gives.

use std::fs;
use std::process::Command;

use crate::lab::{JUNOS, Lab, SRL, XR, link, router, shared, shared_path, site, vpn};

pub(crate) const NAMES: [&str; 4] = ["AMS-CORE-1", "FRA-CORE-1", "STO-CORE-1", "LJU-CORE-1"];

/// Links by the routers' places in [`NAMES`] and the numbers of their interfaces, with the third
/// octet of their addresses: the sum of the letters' places.
const LINKS: [(usize, usize, usize, usize, u8); 5] =
    [(0, 0, 1, 0, 7), (0, 1, 2, 0, 20), (1, 1, 2, 1, 25), (1, 2, 3, 0, 18), (2, 2, 3, 1, 31)];

/// The name of the n-th interface in the way of a vendor.
fn interface(device_type: &str, number: usize) -> String {
    match device_type {
        XR => format!("GigabitEthernet0/0/0/{number}"),
        JUNOS => format!("eth{}", number + 1),
        _ => format!("ethernet-1/{}", number + 1),
    }
}

/// The port of a router's customer: behind those of its links.
fn customer_port(device_types: [&str; 4], at: usize) -> String {
    let links = LINKS.iter().filter(|(left, _, right, ..)| [*left, *right].contains(&at)).count();
    interface(device_types[at], links)
}

/// The network with a device type for each router.
pub(crate) fn network(device_types: [&str; 4]) -> Lab {
    let mut documents = Vec::new();
    for ((name, device_type), id) in NAMES.iter().zip(device_types).zip(1..) {
        documents.push(router(name, id, device_type));
    }
    for (left, left_number, right, right_number, _) in LINKS {
        documents.push(link([
            NAMES[left],
            &interface(device_types[left], left_number),
            NAMES[right],
            &interface(device_types[right], right_number),
        ]));
    }
    documents.push(vpn("acme-65501", "CUSTOMER-1"));
    for (at, name) in NAMES.iter().enumerate() {
        let bearer = format!("{name},{}.100", customer_port(device_types, at));
        let net = u8::try_from(at + 1).unwrap();
        documents.push(site(&format!("SITE-{net}"), "acme-65501", &bearer, net));
    }
    let documents: Vec<&str> = documents.iter().map(String::as_str).collect();
    Lab::with(&documents)
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

/// Networks of the customers' accesses, without the last octet.
fn network_of(base: &str, customer: &Customer) -> String {
    base.replace('#', &customer.net.to_string())
}

fn ios_xr(device_types: [&str; 4], of: usize, access: &str, base: &str) -> String {
    let um = "http://cisco.com/ns/yang/Cisco-IOS-XR-um";
    let (id, customer) = (of + 1, customer(device_types, of, access));
    let net = network_of(base, &customer);
    let Customer { port, access, session, .. } = &customer;
    let address = |address: &str, mask: &str| {
        format!(
            "<ipv4><addresses xmlns='{um}-if-ip-address-cfg'><address><address>{address}</address>\
             <netmask>{mask}</netmask></address></addresses></ipv4>"
        )
    };
    let mut interfaces = String::new();
    let mut isis = String::new();
    let mut ldp = String::new();
    for Link { interface, address: own, remote } in links(device_types, of) {
        interfaces += &format!(
            "<interface><interface-name>{interface}</interface-name>\
             <description>Link to {remote}</description>{}</interface>",
            address(&own, "255.255.255.252")
        );
        isis += &format!(
            "<interface><interface-name>{interface}</interface-name>\
             <circuit-type>level-2-only</circuit-type><point-to-point/>\
             <address-families><address-family><af-name>ipv4</af-name><saf-name>unicast</saf-name>\
             <metric-levels><metric-level><level-number>2</level-number>\
             <default-metric>5000</default-metric></metric-level></metric-levels>\
             </address-family></address-families></interface>"
        );
        ldp += &format!("<interface><interface-name>{interface}</interface-name></interface>");
    }
    let neighbors: String = others(of)
        .map(|(name, address)| {
            format!(
                "<neighbor><address>{address}</address><description>{name}</description>\
                 <use><neighbor-group>IPV4-IBGP</neighbor-group></use></neighbor>"
            )
        })
        .collect();
    let vpn_families = "<address-families>\
         <address-family><af-name>vpnv4-unicast</af-name></address-family>\
         <address-family><af-name>vpnv6-unicast</af-name></address-family></address-families>";
    let target = "<route-target><two-byte-as-route-targets><two-byte-as-route-target>\
         <two-byte-as-number>65001</two-byte-as-number><asn2-index>65501</asn2-index>\
         <stitching>disable</stitching></two-byte-as-route-target></two-byte-as-route-targets>\
         </route-target>";
    format!(
        "<config><hostname xmlns='{um}-hostname-cfg'>\
         <system-network-name>{name}</system-network-name></hostname>\
         <interfaces xmlns='{um}-interface-cfg'>\
         <interface><interface-name>Loopback0</interface-name>{loopback}</interface>{interfaces}\
         <interface><interface-name>{port}</interface-name></interface>\
         <interface><interface-name>{port}.100</interface-name>\
         <description>{access}</description><vrf xmlns='{um}-if-vrf-cfg'>acme-65501</vrf>\
         {provider}<encapsulation xmlns='{um}-l2-ethernet-cfg'><dot1q><vlan-id>100</vlan-id>\
         </dot1q></encapsulation></interface></interfaces>\
         <router xmlns='{um}-router-isis-cfg'><isis><processes><process>\
         <process-id>1</process-id><is-type>level-2-only</is-type>\
         <nets><net><net-id>49.0001.0100.0000.000{id}.00</net-id></net></nets>\
         <address-families><address-family><af-name>ipv4</af-name><saf-name>unicast</saf-name>\
         <metric-style><wide/></metric-style></address-family></address-families>\
         <interfaces><interface><interface-name>Loopback0</interface-name><state>passive</state>\
         <address-families><address-family><af-name>ipv4</af-name><saf-name>unicast</saf-name>\
         </address-family></address-families></interface>{isis}</interfaces>\
         </process></processes></isis></router>\
         <router xmlns='{um}-router-bgp-cfg'><bgp><as><as-number>65001</as-number>\
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
         </as></bgp></router>\
         <routing-policy xmlns='{um}-route-policy-cfg'><route-policies><route-policy>\
         <route-policy-name>ACCEPT</route-policy-name>\
         <rpl-route-policy>route-policy ACCEPT\n  done\nend-policy\n</rpl-route-policy>\
         </route-policy></route-policies></routing-policy>\
         <mpls xmlns='{um}-mpls-ldp-cfg'><ldp><address-families><address-family>\
         <af-name>ipv4</af-name></address-family></address-families>\
         <interfaces>{ldp}</interfaces></ldp></mpls>\
         <vrfs xmlns='{um}-vrf-cfg'><vrf><vrf-name>acme-65501</vrf-name>\
         <description>Customer VPN for CUSTOMER-1</description>\
         <address-family><ipv4><unicast>\
         <import xmlns='{um}-router-bgp-cfg'>{target}</import>\
         <export xmlns='{um}-router-bgp-cfg'>{target}</export>\
         </unicast></ipv4></address-family></vrf></vrfs></config>",
        name = NAMES[of],
        loopback = address(&format!("10.0.0.{id}"), "255.255.255.255"),
        provider = address(&format!("{net}.1"), "255.255.255.252"),
    )
}

/// Names and addresses of the other routers.
fn others(of: usize) -> impl Iterator<Item = (&'static str, String)> {
    let all = NAMES.iter().enumerate().filter(move |(at, _)| *at != of);
    all.map(|(at, name)| (*name, format!("10.0.0.{}", at + 1)))
}

fn junos(device_types: [&str; 4], of: usize, access: &str, base: &str) -> String {
    let (id, customer) = (of + 1, customer(device_types, of, access));
    let net = network_of(base, &customer);
    let Customer { port, access, session, .. } = &customer;
    let (mut interfaces, mut isis, mut mpls) = (String::new(), String::new(), String::new());
    for Link { interface, address, remote } in links(device_types, of) {
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
    let neighbors: String = others(of)
        .map(|(name, address)| {
            format!(
                "<neighbor><name>{address}</name><description>{name}</description></neighbor>"
            )
        })
        .collect();
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
         <authentication-key>$9$4TaGiq.5/9pmfp0B1yr4aZGkP6/t1Ic36eWL7sYoJGDjq5Qn/Cumfu1RSledbs24Zmfz</authentication-key>\
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
        name = NAMES[of],
    )
}

fn sr_linux(device_types: [&str; 4], of: usize, access: &str, base: &str) -> String {
    let (id, customer) = (of + 1, customer(device_types, of, access));
    let net = network_of(base, &customer);
    let Customer { port, access, .. } = &customer;
    let srl = "urn:nokia.com:srlinux";
    let (mut interfaces, mut isis, mut members) = (String::new(), String::new(), String::new());
    for Link { interface, address, remote } in links(device_types, of) {
        interfaces += &format!(
            "<interface xmlns='{srl}:chassis:interfaces'><name>{interface}</name>\
             <description>Link to {remote}</description><admin-state>enable</admin-state>\
             <subinterface><index>0</index><description>Link to {remote}</description>\
             <admin-state>enable</admin-state><ipv4><admin-state>enable</admin-state>\
             <address><ip-prefix>{address}/30</ip-prefix></address></ipv4></subinterface>\
             </interface>"
        );
        isis += &format!(
            "<interface><interface-name>{interface}.0</interface-name>\
             <admin-state>enable</admin-state><circuit-type>point-to-point</circuit-type>\
             <level><level-number>2</level-number><metric>5000</metric></level></interface>"
        );
        members += &format!("<interface><name>{interface}.0</name></interface>");
    }
    let neighbors: String = others(of)
        .map(|(_, address)| {
            format!(
                "<neighbor><peer-address>{address}</peer-address>\
                 <admin-state>enable</admin-state><peer-group>IPV4-IBGP</peer-group></neighbor>"
            )
        })
        .collect();
    let up = "<admin-state>enable</admin-state>";
    format!(
        "<config><system xmlns='{srl}:general:system'>\
         <name xmlns='{srl}:chassis:system-name'><host-name>{name}</host-name></name></system>\
         <interface xmlns='{srl}:chassis:interfaces'><name>system0</name>\
         <subinterface><index>0</index><ipv4>{up}\
         <address><ip-prefix>10.0.0.{id}/32</ip-prefix></address></ipv4></subinterface>\
         </interface>\
         <interface xmlns='{srl}:chassis:interfaces'><name>mgmt0</name>{up}\
         <subinterface><index>0</index>{up}<ipv4>{up}</ipv4><ipv6>{up}</ipv6></subinterface>\
         </interface>{interfaces}\
         <interface xmlns='{srl}:chassis:interfaces'><name>{port}</name>{up}\
         <vlan-tagging xmlns='{srl}:chassis:interfaces-vlans'>true</vlan-tagging>\
         <subinterface><index>100</index><description>{access}</description>{up}\
         <ipv4>{up}<address><ip-prefix>{net}.1/30</ip-prefix></address></ipv4>\
         <vlan xmlns='{srl}:chassis:interfaces-vlans'><encap><single-tagged>\
         <vlan-id>100</vlan-id></single-tagged></encap></vlan></subinterface></interface>\
         <network-instance xmlns='{srl}:net-inst:network-instance'><name>mgmt</name>\
         <type>ip-vrf</type>{up}<description>Management network instance</description>\
         <interface><name>mgmt0.0</name></interface></network-instance>\
         <network-instance xmlns='{srl}:net-inst:network-instance'><name>default</name>\
         <interface><name>system0.0</name></interface>{members}\
         <protocols><isis xmlns='{srl}:isis:isis'><instance><name>quicklab</name>{up}\
         <net>49.0001.0100.0000.000{id}.00</net><level-capability>L2</level-capability>\
         <ipv4-unicast>{up}</ipv4-unicast>\
         <interface><interface-name>system0.0</interface-name>{up}<passive>true</passive>\
         </interface>{isis}</instance></isis>\
         <bgp xmlns='{srl}:bgp:bgp'><autonomous-system>65001</autonomous-system>\
         <router-id>10.0.0.{id}</router-id>\
         <afi-safi><afi-safi-name>ipv4-unicast</afi-safi-name>{up}</afi-safi>\
         <afi-safi><afi-safi-name>evpn</afi-safi-name>{up}</afi-safi>\
         <group><group-name>IPV4-IBGP</group-name><peer-as>65001</peer-as></group>\
         {neighbors}</bgp></protocols></network-instance>\
         <network-instance xmlns='{srl}:net-inst:network-instance'><name>acme-65501</name>\
         <type>ip-vrf</type>{up}<interface><name>{port}.100</name></interface>\
         <vxlan-interface><name>vxlan1.65501</name></vxlan-interface>\
         <protocols><bgp-evpn><bgp-instance xmlns='{srl}:net-inst:bgp-evpn'><id>1</id>{up}\
         <vxlan-interface>vxlan1.65501</vxlan-interface><evi>65501</evi></bgp-instance></bgp-evpn>\
         <bgp xmlns='{srl}:bgp:bgp'><autonomous-system>65001</autonomous-system>\
         <router-id>10.0.0.{id}</router-id><ebgp-default-policy>\
         <import-reject-all>false</import-reject-all><export-reject-all>false</export-reject-all>\
         </ebgp-default-policy>\
         <afi-safi><afi-safi-name>ipv4-unicast</afi-safi-name>{up}</afi-safi>\
         <group><group-name>customer</group-name><send-default-route>\
         <ipv4-unicast>true</ipv4-unicast></send-default-route></group>\
         <neighbor><peer-address>{net}.2</peer-address><peer-as>65501</peer-as>\
         <peer-group>customer</peer-group>\
         <authentication><password>acme-65501</password></authentication></neighbor></bgp>\
         <bgp-vpn xmlns='{srl}:bgp:bgp-vpn'><bgp-instance><id>1</id><route-target>\
         <export-rt>target:65001:65501</export-rt><import-rt>target:65001:65501</import-rt>\
         </route-target></bgp-instance></bgp-vpn></protocols></network-instance>\
         <tunnel-interface xmlns='{srl}:vxlan:tunnel-interfaces'><name>vxlan1</name>\
         <vxlan-interface><index>65501</index><type>routed</type>\
         <ingress><vni>65501</vni></ingress></vxlan-interface></tunnel-interface></config>",
        name = NAMES[of],
    )
}

fn expected(device_types: [&str; 4], of: usize, access: &str, base: &str) -> String {
    match device_types[of] {
        XR => ios_xr(device_types, of, access, base),
        JUNOS => junos(device_types, of, access, base),
        _ => sr_linux(device_types, of, access, base),
    }
}

#[test]
fn every_vendor_in_every_place() {
    for device_types in [[XR, XR, JUNOS, JUNOS], [SRL; 4], [JUNOS; 4], [SRL, XR, JUNOS, XR]] {
        let lab = network(device_types);
        for (of, name) in NAMES.iter().enumerate() {
            lab.check_device(name, &expected(device_types, of, "SNA", "10.200.#"));
        }
    }
}

/// The supplied inputs name accesses by site and have networks of their own.
#[test]
fn supplied_inputs() {
    let Some(input) = shared("sorespo/inputs/test_sorespo.l3vpn_svc.input.xml") else { return };
    let lab_input = |lab: &str| {
        let file = |name: &str| shared(&format!("sorespo/lab/{lab}/{name}.xml")).unwrap();
        vec![file("netinfra"), file("l3vpn-svc")]
    };
    let cases = [
        (vec![input], [XR, XR, JUNOS, JUNOS]),
        (lab_input("quicklab"), [XR, XR, JUNOS, JUNOS]),
        (lab_input("quicklab-crpd"), [JUNOS; 4]),
        (lab_input("quicklab-srl"), [SRL; 4]),
    ];
    for (documents, device_types) in cases {
        let documents: Vec<_> = documents.iter().map(String::as_str).collect();
        let lab = Lab::with(&documents);
        for (of, name) in NAMES.iter().enumerate() {
            let access = format!("SNA-{}-1", of + 1);
            lab.check_device(name, &expected(device_types, of, &access, "10.20#.1"));
        }
    }
}

/// Another reader of the vendors' models agrees.
#[test]
fn yanglint_accepts_the_configuration() {
    if Command::new("yanglint").arg("--version").output().is_err() {
        println!("skipped: no yanglint");
        return;
    }
    let folder = std::env::temp_dir().join(format!("weft-backbone-{}", std::process::id()));
    for device_type in [XR, JUNOS, SRL] {
        let Some(models) = shared_path(&format!("models/{device_type}")) else { return };
        fs::create_dir_all(&folder).unwrap();
        let lab = network([device_type; 4]);
        let device = lab.system.device_type(device_type).unwrap();
        let mut command = Command::new("yanglint");
        command.args(["-t", "config", "-p"]).arg(&models);
        if device_type == SRL {
            let features = features(&models.join("srl_nokia-features.yang"));
            command.arg("-F").arg(format!("srl_nokia-features:{features}"));
        }
        for file in model_files(&models, &device.modules.keys().cloned().collect::<Vec<_>>()) {
            command.arg(file);
        }
        for name in NAMES {
            let file = folder.join(format!("{name}.xml"));
            fs::write(&file, lab.device(name)).unwrap();
            command.arg(file);
        }
        let output = command.output().unwrap();
        let text = String::from_utf8_lossy(&output.stderr);
        let errors: Vec<_> = text.lines().filter(|line| !line.contains("warn")).collect();
        assert!(output.status.success() && errors.is_empty(), "{device_type}: {errors:#?}");
        fs::remove_dir_all(&folder).unwrap();
    }
}

fn features(file: &std::path::Path) -> String {
    let text = fs::read_to_string(file).unwrap();
    let names = text.lines().filter_map(|line| line.trim().strip_prefix("feature "));
    names.map(|name| name.trim_end_matches(['{', ';', ' '])).collect::<Vec<_>>().join(",")
}

/// Files of the modules, whatever revision their names have; features first.
fn model_files(folder: &std::path::Path, modules: &[String]) -> Vec<std::path::PathBuf> {
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<_> = files
        .filter(|file| {
            let name = file.file_stem().unwrap().to_string_lossy();
            let name = name.split('@').next().unwrap_or_default();
            modules.iter().any(|module| module == name) || name == "srl_nokia-features"
        })
        .collect();
    files.sort_by_key(|file| (!file.ends_with("srl_nokia-features.yang"), file.clone()));
    files
}
