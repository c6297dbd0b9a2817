//! Reference data of other projects, where it is at hand.
#![expect(clippy::disallowed_methods, reason = "tests read their data")]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use yang::{Compiler, Lenient, Options};
use yang_data::decode::DecodeOptions;
use yang_data::edit::{Operation, apply};
use yang_data::print::PrintOptions;
use yang_data::{Origin, Tree, Types, binary, diff, json, merge, text, xml};

/// The folder with the reference data, unless this is a checkout alone.
fn vectors() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/vectors");
    let found = folder.is_dir();
    if !found {
        println!("skipped: no ../shared");
    }
    found.then_some(folder)
}

fn yang_files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "yang"))
        .collect();
    files.sort();
    files
}

/// Everything in some folders, compiled as vendors' models are; of files with one name the first.
fn compile(folders: &[PathBuf]) -> Types {
    let mut compiler = Compiler::new(Options::lenient(Lenient::vendor()));
    let mut names = Vec::new();
    for file in folders.iter().flat_map(|folder| yang_files(folder)) {
        let name = file.file_name().expect("a file").to_string_lossy().into_owned();
        let module = name.split(['@', '.']).next().unwrap_or_default().to_owned();
        if names.contains(&module) {
            continue;
        }
        names.push(module);
        compiler.add(&name, fs::read_to_string(&file).expect("text"));
    }
    let compiled = compiler.compile();
    let errors: Vec<_> = compiled.errors().map(ToString::to_string).collect();
    let schema = compiled.schema.unwrap_or_else(|| panic!("{}", errors.join("\n")));
    Types::new(Arc::new(schema))
}

fn read_xml(types: &Types, file: &Path) -> Tree {
    let text = fs::read_to_string(file).expect("text");
    xml::parse(types, &text, &DecodeOptions::default()).unwrap_or_else(|errors| {
        let lines: Vec<_> = errors.iter().map(ToString::to_string).collect();
        panic!("{}:\n{}", file.display(), lines.join("\n"))
    })
}

fn read_json(types: &Types, file: &Path) -> Tree {
    let text = fs::read_to_string(file).expect("text");
    json::parse(types, &text, &DecodeOptions::default()).unwrap_or_else(|errors| {
        let lines: Vec<_> = errors.iter().map(ToString::to_string).collect();
        panic!("{}:\n{}", file.display(), lines.join("\n"))
    })
}

/// The tree survives every codec.
fn check_round_trips(types: &Types, tree: &Tree) {
    let options = DecodeOptions::default();
    let through = xml::parse(types, &xml::print(tree, &PrintOptions::PRETTY), &options);
    assert_eq!(through.expect("just printed").root(), tree.root());
    let through = json::parse(types, &json::print(tree, &PrintOptions::PRETTY), &options);
    assert_eq!(through.expect("just printed").root(), tree.root());
    let through = binary::decode(types.schema(), &binary::encode(types.schema(), tree.root()));
    assert_eq!(&through.expect("just written"), tree.root());
}

#[test]
fn lab_inputs_in_both_encodings_are_one_tree() {
    let Some(vectors) = vectors() else { return };
    let folders = ["models/cfs", "platform-yang", "tmf/yang"].map(|folder| vectors.join(folder));
    let types = compile(&folders);
    let mut pairs = 0;
    for lab in ["quicklab", "quicklab-crpd", "quicklab-srl"] {
        let folder = vectors.join("sorespo/lab").join(lab);
        let mut files: Vec<_> = fs::read_dir(&folder)
            .expect("the folder")
            .map(|entry| entry.expect("an entry").path())
            .filter(|path| path.extension().is_some_and(|extension| extension == "xml"))
            .collect();
        files.sort();
        for file in files {
            let tree = read_xml(&types, &file);
            assert!(!tree.root().is_empty(), "{}", file.display());
            check_round_trips(&types, &tree);
            let json_file = file.with_extension("json");
            if json_file.exists() {
                let other = read_json(&types, &json_file);
                let difference = diff::diff(&tree, &other).text(types.schema());
                // Only the XML files have this flag.
                let is_flag = |line: &&str| line.ends_with("/runtime-schema-fetch = true");
                let rest: Vec<_> = difference.lines().filter(|line| !is_flag(line)).collect();
                assert_eq!(rest, [""; 0], "{}", file.display());
                pairs += 1;
            }
        }
    }
    assert_eq!(pairs, 6);
    assert_eq!(types.ignored_patterns().next(), None);
}

#[test]
fn inputs_of_the_backbone_are_read() {
    let Some(vectors) = vectors() else { return };
    let types =
        compile(&["models/cfs", "platform-yang", "tmf/yang"].map(|folder| vectors.join(folder)));
    for name in ["test_sorespo.netinfra1.input.xml", "test_sorespo.l3vpn_svc.input.xml"] {
        let tree = read_xml(&types, &vectors.join("sorespo/inputs").join(name));
        check_round_trips(&types, &tree);
    }
}

#[test]
fn the_small_network_is_read() {
    let Some(vectors) = vectors() else { return };
    let folder = vectors.join("minisys");
    let platform = vectors.join("platform-yang");
    let services = compile(&[folder.join("yang/cfs"), platform]);
    for name in ["minisys.test_mini.l3vpn1.input.xml", "minisys.test_mini.netinfra1.input.xml"] {
        check_round_trips(&services, &read_xml(&services, &folder.join(name)));
    }
    let device = compile(&[folder.join("yang/dev-ietf")]);
    for name in [
        "minisys.test_mini.l3vpn1.expected.rtr1.xml",
        "minisys.test_mini.l3vpn1.expected.rtr2.xml",
        "minisys.test_mini.netinfra1.expected.rtr1.xml",
        "discovery/basic/ietf/rtr1.xml",
        "discovery/basic/ietf/rtr2.xml",
    ] {
        check_round_trips(&device, &read_xml(&device, &folder.join(name)));
    }
}

/// Every pattern of the supplied models can be made into a checker.
#[test]
fn patterns_of_vendors_are_understood() {
    let Some(vectors) = vectors() else { return };
    for folder in ["ietf-yang", "platform-yang", "models", "yang-sets"] {
        let mut folders = vec![vectors.join(folder)];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(&folder).expect("the folder") {
                let path = entry.expect("an entry").path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|extension| extension == "yang") {
                    check_patterns(&path);
                }
            }
        }
    }
}

/// Takes the quoted arguments of `pattern` statements on one line, which most are.
fn check_patterns(file: &Path) {
    let source = String::from_utf8_lossy(&fs::read(file).expect("bytes")).into_owned();
    for line in source.lines() {
        let Some(rest) = line.trim_start().strip_prefix("pattern '") else { continue };
        let Some((pattern, end)) = rest.rsplit_once('\'') else { continue };
        if !matches!(end.trim(), ";" | "{") || pattern.contains('\'') {
            continue;
        }
        if let Err(error) = text::check_pattern(pattern) {
            panic!("{}: {pattern}: {error}", file.display());
        }
    }
}

/// What a service adds to a router of the backbone: two interfaces, a VRF and its BGP part.
const SITE: &str = r#"<config>
  <interfaces xmlns="http://cisco.com/ns/yang/Cisco-IOS-XR-um-interface-cfg">
    <interface><interface-name>GigabitEthernet0/0/0/2</interface-name></interface>
    <interface>
      <interface-name>GigabitEthernet0/0/0/2.100</interface-name>
      <description>a site</description>
    </interface>
  </interfaces>
  <vrfs xmlns="http://cisco.com/ns/yang/Cisco-IOS-XR-um-vrf-cfg">
    <vrf><vrf-name>acme</vrf-name><description>a VPN</description></vrf>
  </vrfs>
  <router xmlns="http://cisco.com/ns/yang/Cisco-IOS-XR-um-router-bgp-cfg">
    <bgp>
      <as>
        <as-number>65001</as-number>
        <vrfs><vrf><vrf-name>acme</vrf-name></vrf></vrfs>
      </as>
    </bgp>
  </router>
</config>"#;

#[test]
fn device_configurations_of_the_backbone() {
    let Some(vectors) = vectors() else { return };
    let expected = vectors.join("sorespo/expected/netinfra1");
    let junos = compile(&[vectors.join("models/JuniperCRPD_24_4R1_9")]);
    check_round_trips(&junos, &read_xml(&junos, &expected.join("STO-CORE-1.xml")));

    let types = compile(&[vectors.join("models/CiscoIosXr_25_3_1")]);
    check_round_trips(&types, &read_xml(&types, &expected.join("FRA-CORE-1.xml")));
    let without = read_xml(&types, &expected.join("AMS-CORE-1.xml"));
    check_round_trips(&types, &without);
    assert_eq!(types.ignored_patterns().next(), None);

    let schema = types.schema();
    let site = xml::parse(&types, SITE, &DecodeOptions::default()).expect("valid");
    let with = merge(schema, without.root(), site.root()).expect("no conflict");
    let with = Tree::from_root(schema.clone(), with);
    // Keys and operations only; what the service had alone goes as a whole.
    let removed = diff::diff(&with, &without).xml(schema, Operation::Remove, &PrintOptions::PRETTY);
    let (envelope, inside) = removed.split_once('\n').expect("several lines");
    assert!(envelope.contains(r#"xmlns:xc="urn:ietf:params:xml:ns:netconf:base:1.0""#));
    assert_eq!(
        inside,
        r#"  <interfaces xmlns="http://cisco.com/ns/yang/Cisco-IOS-XR-um-interface-cfg">
    <interface xc:operation="remove">
      <interface-name>GigabitEthernet0/0/0/2</interface-name>
    </interface>
    <interface xc:operation="remove">
      <interface-name>GigabitEthernet0/0/0/2.100</interface-name>
    </interface>
  </interfaces>
  <vrfs xmlns="http://cisco.com/ns/yang/Cisco-IOS-XR-um-vrf-cfg" xc:operation="remove"/>
  <router xmlns="http://cisco.com/ns/yang/Cisco-IOS-XR-um-router-bgp-cfg">
    <bgp>
      <as>
        <as-number>65001</as-number>
        <vrfs xc:operation="remove"/>
      </as>
    </bgp>
  </router>
</config>"#
    );
    let edit = xml::parse_edit(&types, &removed, &DecodeOptions::default()).expect("valid");
    let after = apply(&with, &edit, Operation::Merge, Origin::NONE).expect("it fits");
    assert_eq!(after.root(), without.root());
}
