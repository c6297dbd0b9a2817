//! One more service on a router with many costs the work of one.

use transform::{Report, RunOutcome};

use crate::documents::{XR, network_with, router, site, vpn};
use crate::lab::{Lab, changed};

const VPNS: u8 = 100;

fn with_many_vpns() -> Lab {
    let mut lab = network_with(&[&router("AMS", 1, XR), &router("FRA", 2, XR)]);
    for number in 1..=VPNS {
        let name = format!("acme-{number}");
        lab.merge(&vpn(&name, "ACME"));
        let bearer = format!("AMS,Gi0/0/0/5.{number}");
        lab.merge(&site(&format!("S{number}"), &name, &bearer, number));
    }
    lab
}

/// What ran, without what was looked at to no effect.
fn ran(report: &Report) -> Vec<String> {
    let ran = report.runs.iter().filter(|run| run.outcome != RunOutcome::Unchanged);
    ran.map(ToString::to_string).collect()
}

#[test]
fn a_vpn_more_does_not_look_at_the_others() {
    let mut lab = with_many_vpns();
    lab.merge(&vpn("bolt-200", "BOLT"));
    let report = lab.merge(&site("T", "bolt-200", "AMS,Gi0/0/0/5.200", 200));
    assert_eq!(changed(&report), ["AMS"]);
    // The access, the VPN on the router, the endpoint; its table, interface, session and port.
    assert!(ran(&report).len() <= 7, "{:#?}", ran(&report));
    assert!(report.runs.len() <= 10, "{:#?}", report.runs);
    let old = |run: &&transform::Run| run.instance.contains("acme-") && run.layer < 3;
    assert_eq!(report.runs.iter().find(old), None);
}

#[test]
fn a_site_more_does_not_look_at_the_others_of_its_vpn() {
    let mut lab = network_with(&[&router("AMS", 1, XR), &vpn("acme-7", "ACME")]);
    for number in 1..=VPNS {
        let bearer = format!("AMS,Gi0/0/0/5.{number}");
        lab.merge(&site(&format!("S{number}"), "acme-7", &bearer, number));
    }
    let report = lab.merge(&site("T", "acme-7", "AMS,Gi0/0/0/5.200", 200));
    let endpoints = report.runs.iter().filter(|run| run.transform == "L3VpnEndpoint").count();
    let interfaces = report.runs.iter().filter(|run| run.transform == "VrfInterface").count();
    assert_eq!((endpoints, interfaces), (1, 1));
}

#[test]
fn deleting_one_of_many_is_as_cheap() {
    let mut lab = with_many_vpns();
    let before = lab.device("FRA");
    let report = lab.delete("/ietf-l3vpn-svc:l3vpn-svc/sites/site[site-id='S7']");
    assert_eq!(changed(&report), ["AMS"]);
    assert!(report.runs.len() <= 10, "{:#?}", report.runs);
    assert_eq!(lab.device("FRA"), before);
}
