//! The smallest network from orders to device configuration.
#![expect(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

#[path = "../../../backbone/tests/network/lab.rs"]
#[expect(dead_code, reason = "written for the larger network")]
mod lab;
#[path = "../../../backbone/tests/network/parts.rs"]
mod parts;

use minisys::Options;

use lab::{Lab, SERVICE, changed, shared};
use parts::{differences, full};

fn empty() -> Lab {
    Lab::of(minisys::system(Options))
}

const ROUTERS: &str = "<netinfra xmlns='http://example.com/netinfra'>\
     <global-settings><asn>123</asn></global-settings>\
     <router><name>rtr1</name><id>1</id><type>ietf</type><mock>true</mock></router>\
     <router><name>rtr2</name><id>2</id><type>ietf</type><mock>true</mock></router></netinfra>";

fn vpn(endpoints: &str) -> String {
    format!(
        "<l3vpn xmlns='http://example.com/l3vpn'><name>blue</name>\
         <customer-name>acme</customer-name><vpn-id>100</vpn-id>\
         <service-mtu>1600</service-mtu>{endpoints}</l3vpn>"
    )
}

fn endpoint(device: &str, interface: &str, more: &str) -> String {
    format!(
        "<endpoint><device>{device}</device><interface-name>{interface}</interface-name>\
         <ipv4-address>192.0.2.1</ipv4-address><prefix-length>31</prefix-length>{more}</endpoint>"
    )
}

/// The configuration of a router with one interface.
fn configuration(name: &str, interface: &str) -> String {
    format!(
        "<config><system xmlns='urn:ietf:params:xml:ns:yang:ietf-system'>\
         <hostname>{name}</hostname></system>\
         <interfaces xmlns='urn:ietf:params:xml:ns:yang:ietf-interfaces'\
         xmlns:ianaift='urn:ietf:params:xml:ns:yang:iana-if-type'>\
         <interface>{interface}</interface></interfaces></config>"
    )
}

fn ipv4(mtu: u16) -> String {
    format!(
        "<ipv4 xmlns='urn:ietf:params:xml:ns:yang:ietf-ip'><enabled>true</enabled>\
         <forwarding>true</forwarding><mtu>{mtu}</mtu>\
         <address><ip>192.0.2.1</ip><prefix-length>31</prefix-length></address></ipv4>"
    )
}

#[test]
fn supplied_networks() {
    for (case, names) in [("netinfra1", &["rtr1"][..]), ("l3vpn1", &["rtr1", "rtr2"])] {
        let file = |name: &str| shared(&format!("minisys/minisys.test_mini.{case}.{name}.xml"));
        let Some(input) = file("input") else { return };
        let mut lab = empty();
        lab.merge(&input);
        for name in names {
            lab.check_device(name, &file(&format!("expected.{name}")).unwrap());
        }
    }
}

#[test]
fn what_was_discovered_gives_what_is_there() {
    let discovered = shared("minisys/minisys.test_mini_sd.sd_basic.expected-layer0.xml");
    let Some(discovered) = discovered else { return };
    let mut lab = empty();
    lab.merge(&discovered);
    for name in ["rtr1", "rtr2"] {
        let there = shared(&format!("minisys/discovery/basic/ietf/{name}.xml")).unwrap();
        lab.check_device(name, &there);
    }
}

#[test]
fn interfaces_by_their_names() {
    for (interface, more, kind, description, mtu) in [
        ("ge-0/0/0.7", "<mtu>1580</mtu>", "l3ipvlan", "interface ge-0/0/0.7", 1580),
        ("ge-0/0/0", "<vlan-id>9</vlan-id>", "l3ipvlan", "interface ge-0/0/0 vlan 9", 1600),
        ("ge-0/0/0", "<site-code>sto</site-code>", "ethernetCsmacd", "site sto", 1600),
        ("lo0.1", "<site-code>x</site-code>", "softwareLoopback", "site x", 1600),
    ] {
        let mut lab = empty();
        lab.merge(ROUTERS);
        lab.merge(&vpn(&endpoint("rtr2", interface, more)));
        let interface = format!(
            "<name>{interface}</name><description>acme vpn blue {description} rd 2:100\
             </description><type>ianaift:{kind}</type><enabled>true</enabled>{}",
            ipv4(mtu)
        );
        lab.check_device("rtr2", &configuration("rtr2", &interface));
    }
}

#[test]
fn what_is_said_of_the_vpn_holds_for_its_endpoints() {
    let mut lab = empty();
    lab.merge(ROUTERS);
    let more = "<enabled>false</enabled><description>all of them</description>";
    let own = endpoint("rtr1", "ge-1", "<description>this one</description>");
    lab.merge(&vpn(&format!("{more}{own}{}", endpoint("rtr2", "ge-2", ""))));
    let layer = lab.layer(1);
    assert_eq!(layer.matches("<enabled>false</enabled>").count(), 2, "{layer}");
    assert_eq!(layer.matches("target:65000:100").count(), 4, "{layer}");
    assert!(lab.device("rtr1").contains("this one rd 1:100"));
    assert!(lab.device("rtr2").contains("all of them rd 2:100"));
}

#[test]
fn a_new_number_of_a_router_reaches_its_endpoints() {
    let mut lab = empty();
    lab.merge(ROUTERS);
    lab.merge(&vpn(&(endpoint("rtr1", "ge-1", "") + &endpoint("rtr2", "ge-2", ""))));
    let before = lab.device("rtr2");
    let report = lab.merge(
        "<netinfra xmlns='http://example.com/netinfra'><router><name>rtr1</name><id>7</id>\
         </router></netinfra>",
    );
    assert_eq!(changed(&report), ["rtr1"]);
    assert!(lab.device("rtr1").contains("rd 7:100"));
    assert_eq!(lab.device("rtr2"), before);
    assert!(!report.runs.iter().any(|run| run.instance.contains("ge-2")), "{:#?}", report.runs);
}

#[test]
fn refusals_name_the_leaf() {
    let mut lab = empty();
    let router = |id: &str, kind: &str| {
        format!(
            "<netinfra xmlns='http://example.com/netinfra'><router><name>r</name><id>{id}</id>\
             <type>{kind}</type></router></netinfra>"
        )
    };
    for (document, parts) in [
        (router("256", "ietf"), ["/router[name='r']/id", "1 to 255"]),
        (router("1", "foo"), ["/router[name='r']/type", "choose ietf"]),
        (vpn(&endpoint("nowhere", "ge-1", "")), ["device", "nowhere"]),
    ] {
        let faults = lab.try_merge(&document).unwrap_err();
        let named = |fault: &String| parts.iter().all(|part| fault.contains(part));
        assert!(faults.iter().any(named), "{faults:#?}");
    }
    assert_eq!(lab.layer(SERVICE), "");
}

#[test]
fn models_are_parts_of_the_real_ones() {
    let lab = empty();
    let service = lab.system.layer_schema(SERVICE).unwrap();
    let platform = "platform-yang";
    let Some(whole) = full(&["minisys/yang/cfs"], &[platform]) else { return };
    assert_eq!(differences(service, &whole), Vec::<String>::new());
    let rfs = ["minisys/yang/rfs", "platform-yang/stratoweave-rfs.yang"];
    let whole = full(&rfs, &[platform]).unwrap();
    let resource = lab.system.layer_schema(1).unwrap();
    assert_eq!(differences(resource, &whole), Vec::<String>::new());
    let whole = full(&["minisys/yang/dev-ietf"], &[]).unwrap();
    let device = lab.system.device_type("ietf").unwrap().schema();
    assert_eq!(differences(device, &whole), Vec::<String>::new());
}
