//! Allocated addresses: no two links and no two routers at one.

use std::collections::BTreeSet;

use backbone::{Addressing, Options};

use crate::documents::{RESOURCE, XR, empty, link, router};
use crate::lab::{Lab, changed};

fn allocated() -> Lab {
    empty(Options { addressing: Addressing::Allocated })
}

/// All addresses of interfaces in the resource layer.
fn addresses(lab: &Lab) -> Vec<String> {
    let layer = lab.layer(RESOURCE);
    let parts = layer.split("<ipv4-address>").skip(1);
    parts.map(|part| part.split('<').next().unwrap_or_default().to_owned()).collect()
}

#[test]
fn links_between_like_names_get_networks_of_their_own() {
    let names = ["AMS-1", "AMS-2", "AMS-3", "ALK-1"];
    let mut lab = allocated();
    for (name, id) in names.iter().zip(1..) {
        lab.merge(&router(name, id, XR));
    }
    for (at, left) in names.iter().enumerate() {
        for right in &names[at + 1..] {
            lab.merge(&link([left, &format!("Gi-{right}"), right, &format!("Gi-{left}")]));
        }
    }
    let all = addresses(&lab);
    let different: BTreeSet<_> = all.iter().collect();
    assert_eq!(all.len(), different.len(), "{all:?}");
    assert_eq!(all.iter().filter(|address| !address.starts_with("10.0.0.")).count(), 12);
}

#[test]
fn a_new_link_leaves_the_others_alone() {
    let mut lab = allocated();
    for (name, id) in [("AMS", 1), ("FRA", 300), ("STO", 70_000)] {
        lab.merge(&router(name, id, XR));
    }
    lab.merge(&link(["AMS", "Gi0", "FRA", "Gi0"]));
    let before = addresses(&lab);
    let report = lab.merge(&link(["FRA", "Gi1", "STO", "Gi1"]));
    assert_eq!(changed(&report), ["FRA", "STO"]);
    let after = addresses(&lab);
    assert!(before.iter().all(|address| after.contains(address)));
    assert!(lab.device("FRA").contains("10.0.1.44") && lab.device("STO").contains("10.1.17.112"));
}

#[test]
fn routers_that_would_share_an_address_are_told_so() {
    let (late, later) = (1 << 23, (1 << 23) + (1 << 20));
    let mut lab = allocated();
    lab.merge(&router("AMS", late, XR));
    let faults = lab.try_merge(&router("FRA", later, XR)).unwrap_err();
    let named = |fault: &String| fault.contains("'AMS'") && fault.contains("'FRA'");
    assert!(faults.iter().any(named), "{faults:#?}");
    lab.merge(&router("FRA", later + 1, XR));
}
