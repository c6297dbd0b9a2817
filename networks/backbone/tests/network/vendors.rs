//! Whole configurations, by the rules of each vendor: what a network of four routers, five links
//! and a VPN with four sites gives.

use std::fs;
use std::process::Command;

use crate::documents::{JUNOS, SRL, XR, link, network_with, router, site, vpn};
use crate::expected::expected;
use crate::lab::{Lab, shared, shared_path};

pub(crate) const NAMES: [&str; 4] = ["AMS-CORE-1", "FRA-CORE-1", "STO-CORE-1", "LJU-CORE-1"];

/// Links by the routers' places in [`NAMES`] and the numbers of their interfaces, with the third
/// octet of their addresses: the sum of the letters' places.
pub(crate) const LINKS: [(usize, usize, usize, usize, u8); 5] =
    [(0, 0, 1, 0, 7), (0, 1, 2, 0, 20), (1, 1, 2, 1, 25), (1, 2, 3, 0, 18), (2, 2, 3, 1, 31)];

/// The name of the n-th interface in the way of a vendor.
pub(crate) fn interface(device_type: &str, number: usize) -> String {
    match device_type {
        XR => format!("GigabitEthernet0/0/0/{number}"),
        JUNOS => format!("eth{}", number + 1),
        _ => format!("ethernet-1/{}", number + 1),
    }
}

/// The port of a router's customer: behind those of its links.
pub(crate) fn customer_port(device_types: [&str; 4], at: usize) -> String {
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
    network_with(&documents)
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
        let lab = network_with(&documents);
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
        // As an edit, without conditions, for SR Linux: see `subset`.
        let content = if device_type == SRL { "edit" } else { "config" };
        command.args(["-t", content, "-p"]).arg(&models);
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
