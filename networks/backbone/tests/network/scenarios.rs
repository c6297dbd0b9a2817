//! What happens to a network over its life.

use crate::documents::{JUNOS, RESOURCE, SRL, XR, link, network_with, router, site, vpn};
use crate::lab::{Lab, changed};
use crate::vendors::{self, NAMES};

const SITE: &str = "/ietf-l3vpn-svc:l3vpn-svc/sites/site";

fn mixed() -> Lab {
    vendors::network([XR, SRL, JUNOS, JUNOS])
}

#[test]
fn deleting_a_site_touches_its_router_alone() {
    let mut lab = mixed();
    let before = lab.device("AMS-CORE-1");
    assert!(before.contains("GigabitEthernet0/0/0/2.100") && before.contains("655011"));
    let report = lab.delete(&format!("{SITE}[site-id='SITE-1']"));
    assert_eq!(changed(&report), ["AMS-CORE-1"]);
    let after = lab.device("AMS-CORE-1");
    for gone in ["acme", "10.200.1", "655011", "GigabitEthernet0/0/0/2"] {
        assert!(!after.contains(gone), "{gone} is still there:\n{after}");
    }
    assert!(after.contains("AMS-CORE-1") && after.contains("10.0.7.1"));
    assert!(lab.layer(0).contains("<vpn-id>acme-65501</vpn-id>"));
}

#[test]
fn deleting_a_router_takes_it_from_the_mesh() {
    let mut lab = mixed();
    lab.delete(&format!("{SITE}[site-id='SITE-3']"));
    for keys in [
        "[left-router='AMS-CORE-1'][left-interface='GigabitEthernet0/0/0/1']\
         [right-router='STO-CORE-1'][right-interface='eth1']",
        "[left-router='FRA-CORE-1'][left-interface='ethernet-1/2']\
         [right-router='STO-CORE-1'][right-interface='eth2']",
        "[left-router='STO-CORE-1'][left-interface='eth3']\
         [right-router='LJU-CORE-1'][right-interface='eth2']",
    ] {
        lab.delete(&format!("/netinfra:netinfra/backbone-link{keys}"));
    }
    let names = ["AMS-CORE-1", "FRA-CORE-1", "LJU-CORE-1"];
    let before = names.map(|name| lab.device(name));
    let report = lab.delete("/netinfra:netinfra/router[name='STO-CORE-1']");
    let mut expected: Vec<_> = NAMES.to_vec();
    expected.sort_unstable();
    assert_eq!(changed(&report), expected);
    assert_eq!(lab.device("STO-CORE-1"), "");
    assert!(!lab.layer(RESOURCE).contains("STO-CORE-1"));
    for (name, before) in names.iter().zip(before) {
        let after = lab.device(name);
        let lost: Vec<_> = diff(&before, &after);
        assert!(lost.iter().any(|line| line.contains("10.0.0.3")), "{name}: {lost:?}");
        assert!(lost.len() <= 10, "{name} lost more than a neighbour: {lost:?}");
        assert!(diff(&after, &before).is_empty(), "{name} gained something");
    }
}

/// Lines of one text that the other lacks.
fn diff(one: &str, other: &str) -> Vec<String> {
    let mut rest: Vec<&str> = other.lines().collect();
    let mut lost = Vec::new();
    for line in one.lines() {
        match rest.iter().position(|kept| *kept == line) {
            Some(at) => drop(rest.remove(at)),
            None => lost.push(line.to_owned()),
        }
    }
    lost
}

#[test]
fn a_table_stays_while_a_site_needs_it() {
    for device_type in [XR, JUNOS, SRL] {
        let port = |number: u8| match device_type {
            XR => format!("TenGigE0/0/0/{number}"),
            JUNOS => format!("eth{number}"),
            _ => format!("ethernet-1/{number}"),
        };
        let mut lab = network_with(&[
            &router("AMS", 1, device_type),
            &vpn("acme-7", "ACME"),
            &site("A", "acme-7", &format!("AMS,{}.10", port(5)), 1),
            &site("B", "acme-7", &format!("AMS,{}.10", port(6)), 2),
        ]);
        lab.delete(&format!("{SITE}[site-id='A']"));
        let with_one = lab.device("AMS");
        assert!(with_one.contains("acme-7") && !with_one.contains("10.200.1."), "{with_one}");
        lab.delete(&format!("{SITE}[site-id='B']"));
        assert!(!lab.device("AMS").contains("acme-7"), "{}", lab.device("AMS"));
        assert!(lab.layer(1).contains("ibgp-authentication-key"), "the mesh has a router yet");
        lab.delete("/netinfra:netinfra/router[name='AMS']");
        assert!(!lab.layer(1).contains("ibgp-authentication-key"));
        assert_eq!(lab.state.devices().count(), 0);
    }
}

#[test]
fn customers_can_share_a_port() {
    for device_type in [XR, JUNOS, SRL] {
        let port = if device_type == SRL { "ethernet-1/5" } else { "ge5" };
        let mut lab = network_with(&[
            &router("AMS", 1, device_type),
            &vpn("acme-7", "ACME"),
            &vpn("bolt-8", "BOLT"),
            &site("A", "acme-7", &format!("AMS,{port}.10"), 1),
        ]);
        let with_one = lab.device("AMS");
        lab.merge(&site("B", "bolt-8", &format!("AMS,{port}.20"), 2));
        let with_both = lab.device("AMS");
        assert!(with_both.contains("acme-7") && with_both.contains("bolt-8"));
        lab.delete(&format!("{SITE}[site-id='B']"));
        assert_eq!(lab.device("AMS"), with_one);
    }
}

#[test]
fn a_conflict_names_both_owners_and_changes_nothing() {
    let mut lab = network_with(&[
        &router("AMS", 1, XR),
        &router("FRA", 2, XR),
        &router("FRA2", 3, XR),
        &link(["AMS", "Gi0/0/0/0", "FRA", "Gi0/0/0/0"]),
    ]);
    let before = lab.everything();
    let second = link(["AMS", "Gi0/0/0/0", "FRA2", "Gi0/0/0/0"]);
    let faults = lab.try_merge(&second).unwrap_err();
    let fault = faults.iter().find(|fault| fault.contains("remote/device")).unwrap();
    for part in ["conflict", "FRA2", "\"FRA\"", "Gi0/0/0/0", "backbone-link", "BbLink"] {
        assert!(fault.contains(&part.replace('"', "")), "{part} is not in: {fault}");
    }
    assert_eq!(fault.matches("backbone-link").count(), 2, "both owners: {fault}");
    assert_eq!(lab.everything(), before);
    lab.merge(&link(["AMS", "Gi0/0/0/1", "FRA2", "Gi0/0/0/0"]));

    lab.merge(&vpn("acme-7", "ACME"));
    lab.merge(&site("A", "acme-7", "AMS,Gi0/0/0/5.10", 1));
    let faults = lab.try_merge(&site("B", "acme-7", "AMS,Gi0/0/0/5.10", 2)).unwrap_err();
    let named = |fault: &String| fault.contains("'A'") && fault.contains("'B'");
    assert!(faults.iter().any(named), "{faults:#?}");
}

#[test]
fn a_new_router_gives_every_other_one_neighbour() {
    let mut lab = network_with(&[&router("AMS", 1, XR), &router("FRA", 2, SRL)]);
    let report = lab.merge(&router("STO", 3, JUNOS));
    assert_eq!(changed(&report), ["AMS", "FRA", "STO"]);
    let meshes = report.runs.iter().filter(|run| run.transform == "IbgpFullmesh").count();
    assert_eq!(meshes, 1);
    let on_ams = report.runs.iter().filter(|run| run.layer == 2 && run.instance.contains("'AMS'"));
    assert_eq!(on_ams.count(), 1, "one neighbour: {:#?}", report.runs);
}

#[test]
fn a_customer_name_reaches_its_routers_alone() {
    let mut lab = mixed();
    let report = lab.merge(&vpn("acme-65501", "ACME"));
    // Of the vendors here IOS XR alone shows the name.
    assert_eq!(changed(&report), ["AMS-CORE-1"]);
    assert!(lab.device("AMS-CORE-1").contains("Customer VPN for ACME"));
    let tables = report.runs.iter().filter(|run| run.transform == "Vrf").count();
    assert_eq!(tables, 4);
    assert!(!report.runs.iter().any(|run| run.transform == "VrfInterface"));
}

#[test]
fn a_router_can_change_vendor() {
    let mut lab = network_with(&[&router("AMS", 1, XR), &router("FRA", 2, XR)]);
    let report = lab.merge(&router("AMS", 1, JUNOS));
    assert_eq!(changed(&report), ["AMS"]);
    let after = lab.device("AMS");
    assert!(after.contains("<host-name>AMS</host-name>") && !after.contains("cisco"), "{after}");
}

#[test]
fn the_load_of_a_watched_link_is_in_its_description() {
    let ends = ["AMS", "Gi0/0/0/0", "FRA", "Gi0/0/0/0"];
    let watched = |is_watched: bool| {
        let tag = format!("<monitor-traffic>{is_watched}</monitor-traffic></backbone-link>");
        link(ends).replace("</backbone-link>", &tag)
    };
    let mut lab = network_with(&[&router("AMS", 1, XR), &router("FRA", 2, XR), &watched(true)]);
    let quiet = lab.device("AMS");
    lab.tell(
        RESOURCE,
        "/stratoweave-rfs:rfs[name='AMS']/sorespo-rfs:backbone-interface[name='Gi0/0/0/0']",
        "<pps xmlns='http://example.com/sorespo-rfs'>1000</pps>",
        "dynstate",
    );
    let described = "<description>Link to FRA [Gi0/0/0/0] - 1000 PPS</description>";
    assert!(lab.device("AMS").contains(described), "{}", lab.device("AMS"));
    assert!(!lab.device("FRA").contains("PPS"));
    lab.merge(&watched(false));
    assert_eq!(lab.device("AMS"), quiet);
}

#[test]
fn sites_may_be_managed_by_the_provider() {
    let site = site("A", "acme-7", "AMS,Gi0/0/0/5.10", 1);
    let devices = "</locations><devices><device><device-id>CE</device-id>\
         <location>MAIN</location></device></devices>";
    let managed = site
        .replace("customer-managed", "provider-managed")
        .replace("</locations>", devices)
        .replace("<location-reference>MAIN<", "<device-reference>CE<")
        .replace("</location-reference>", "</device-reference>");
    let routers = [router("AMS", 1, XR), vpn("acme-7", "ACME")];
    let theirs = network_with(&[&routers[0], &routers[1], &site]);
    let ours = network_with(&[&routers[0], &routers[1], &managed]);
    assert_eq!(ours.device("AMS"), theirs.device("AMS"));
    let mut lab = network_with(&[&routers[0], &routers[1]]);
    let mixed = managed.replace("provider-managed", "customer-managed");
    assert!(lab.try_merge(&mixed).is_err(), "devices are for sites that are managed");
}
