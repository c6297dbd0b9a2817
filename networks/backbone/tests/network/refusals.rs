//! What is refused, and that it says where and what to do.

use backbone::{Addressing, Options};

use crate::documents::{JUNOS, SRL, XR, empty, network_with, router, site, vpn};
use crate::lab::Lab;

/// Merges what must be refused; some fault must have all these parts, and nothing must change.
fn check(lab: &mut Lab, document: &str, parts: &[&str]) {
    let before = lab.everything();
    let faults = lab.try_merge(document).expect_err("it must be refused");
    let has_all = |fault: &String| parts.iter().all(|part| fault.contains(part));
    assert!(faults.iter().any(has_all), "no fault with {parts:?}: {faults:#?}");
    assert_eq!(lab.everything(), before, "nothing must change");
}

#[test]
fn routers() {
    let mut lab = network_with(&[]);
    check(&mut lab, &router("AMS", 256, XR), &["/id", "256", "1 to 255", "allocated"]);
    check(&mut lab, &router("AMS", 0, XR), &["/id"]);
    check(&mut lab, &router("AMS", 1, "Foo"), &["/type", "\"Foo\"", XR, JUNOS, SRL]);
    let zero = router("AMS", 1, XR).replace("65001", "0");
    check(&mut lab, &zero, &["/asn", "1 to 4294967295"]);
    lab.merge(&router("AMS", 1, XR));
    check(&mut lab, &router("FRA", 1, XR), &["/netinfra:netinfra/router", "id = '1'"]);
    let mut lab = empty(Options { addressing: Addressing::Allocated });
    check(&mut lab, &router("AMS", 0, XR), &["/id"]);
}

#[test]
fn vpns_need_a_number() {
    let mut lab = network_with(&[]);
    for name in ["acme", "acme-x", "acme-99999999999"] {
        check(&mut lab, &vpn(name, "ACME"), &["/vpn-id", name, "such as acme-65501"]);
    }
}

#[test]
fn vpns_must_fit_the_device() {
    let mut lab = network_with(&[&router("AMS", 1, SRL), &router("FRA", 2, XR)]);
    lab.merge(&vpn("acme-70000", "ACME"));
    lab.merge(&site("F", "acme-70000", "FRA,Gi0/0/0/5.10", 1));
    let on_srl = site("A", "acme-70000", "AMS,ethernet-1/5.10", 2);
    check(&mut lab, &on_srl, &["SR Linux", "1 to 65535", "70000"]);

    let wide = router("STO", 3, XR).replace("65001", "4200000000");
    let mut lab = network_with(&[&wide, &vpn("acme-65501", "ACME"), &vpn("bolt-7", "BOLT")]);
    let long = site("A", "acme-65501", "STO,Gi0/0/0/5.10", 1);
    check(&mut lab, &long, &["route distinguisher", "4200000000", "up to 65535"]);
    lab.merge(&site("B", "bolt-7", "STO,Gi0/0/0/5.20", 2));
    let config = lab.device("STO");
    assert!(config.contains("four-byte-as-number>4200000000<"), "{config}");
    assert!(config.contains("asn4-index>73<"), "{config}");
}

#[test]
fn long_keys_do_not_fit_junos() {
    let name = format!("{}-7", "a".repeat(60));
    let mut lab = network_with(&[&router("STO", 3, JUNOS), &vpn(&name, "ACME")]);
    let parts = ["authentication-key", "126", "shorter"];
    check(&mut lab, &site("A", &name, "STO,eth5.10", 1), &parts);
}

#[test]
fn accesses() {
    let mut lab = network_with(&[&router("AMS", 1, XR), &vpn("acme-7", "ACME")]);
    for bearer in ["AMS,Gi0/0/0/5.4095", "AMS,Gi0/0/0/5.x"] {
        let parts = ["/bearer/bearer-reference", "1 to 4094"];
        check(&mut lab, &site("A", "acme-7", bearer, 1), &parts);
    }
    let host = site("A", "acme-7", "AMS,Gi0/0/0/5.10", 1)
        .replace("<prefix-length>30<", "<prefix-length>32<");
    check(&mut lab, &host, &["addresses/prefix-length", "1 to 31"]);
    let without_router = site("A", "acme-7", "FRA,Gi0/0/0/5.10", 1);
    check(&mut lab, &without_router, &["FRA", "/id"]);
    check(&mut lab, &site("A", "bolt-8", "AMS,Gi0/0/0/5.10", 1), &["vpn-id", "bolt-8"]);
    let without_bgp = site("A", "acme-7", "AMS,Gi0/0/0/5.10", 1);
    let (start, end) = (
        without_bgp.find("<routing-protocols>").unwrap(),
        without_bgp.find("</site-network-access>").unwrap(),
    );
    let without_bgp = format!("{}{}", &without_bgp[..start], &without_bgp[end..]);
    check(&mut lab, &without_bgp, &["ebgp-customer", "peer-asn"]);
}

#[test]
fn accesses_that_say_nothing_are_kept() {
    let mut lab = network_with(&[&router("AMS", 1, XR), &vpn("acme-7", "ACME")]);
    let before = lab.layer(1);
    lab.merge(&site("A", "acme-7", "no comma", 1));
    lab.merge(&site("B", "acme-7", "AMS,", 2));
    assert_eq!(lab.layer(1), before);
    assert!(lab.layer(0).contains("no comma"));
}

#[test]
fn links_need_letters() {
    let mut lab = network_with(&[&router("1AMS", 1, XR), &router("FRA", 2, XR)]);
    let link = crate::documents::link(["1AMS", "Gi0", "FRA", "Gi0"]);
    check(&mut lab, &link, &["/left-router", "letter", "allocated"]);
}
