//! Supplied inputs and the device configuration that belongs to them.

use std::sync::Arc;

use transform::{TransformFn, TransformInput, TransformOutput};
use vocab::{DeviceFacts, DeviceName};
use yang::Schema;
use yang_data::decode::DecodeOptions;
use yang_data::print::PrintOptions;
use yang_data::{Branch, Origin, Path, Tree, Types, xml};

use crate::documents::{INTER, JUNOS, RESOURCE, XR, network_with};
use crate::lab::{SERVICE, shared};

#[test]
fn three_routers_and_a_link() {
    let Some(input) = shared("sorespo/inputs/test_sorespo.netinfra1.input.xml") else { return };
    let lab = network_with(&[&input]);
    for name in ["AMS-CORE-1", "FRA-CORE-1", "STO-CORE-1"] {
        let expected = shared(&format!("sorespo/expected/netinfra1/{name}.xml")).unwrap();
        lab.check_device(name, &expected);
    }
    assert_eq!(lab.state.devices().count(), 3);
}

#[test]
fn xml_and_json_say_the_same() {
    for lab in ["quicklab", "quicklab-crpd", "quicklab-srl"] {
        let file = |name: &str| shared(&format!("sorespo/lab/{lab}/{name}"));
        let Some(netinfra) = file("netinfra.xml") else { return };
        // Some of the XML asks for the devices' own models besides; it says nothing else.
        let flag = "<runtime-schema-fetch>true</runtime-schema-fetch>";
        let netinfra = netinfra.replace(flag, "");
        let from_xml = network_with(&[&netinfra, &file("l3vpn-svc.xml").unwrap()]);
        let (netinfra, l3vpn_svc) = file("netinfra.json").zip(file("l3vpn-svc.json")).unwrap();
        let from_json = network_with(&[&netinfra, &l3vpn_svc]);
        assert_eq!(from_xml.everything(), from_json.everything(), "{lab}");
        for name in ["AMS-CORE-1", "FRA-CORE-1", "STO-CORE-1", "LJU-CORE-1"] {
            assert!(!from_xml.device(name).is_empty(), "{lab} {name}");
        }
    }
}

/// Runs one transform alone, on the input of a document, as a unit test of that layer would.
fn run_alone(
    schema: &Arc<Schema>,
    transforms: &[(String, TransformFn)],
    parents: &Path,
    document: &str,
    device: Option<&DeviceFacts>,
) -> TransformOutput {
    let types = Types::new(Arc::clone(schema));
    let parent = parents.steps().last().map_or(Schema::ROOT, |step| step.node);
    let branch =
        yang_data::xml::parse_branch(&types, parent, document, &DecodeOptions::default()).unwrap();
    let slot = &branch.slots()[0];
    let entry = branch.list(slot.node).unwrap().iter().next().unwrap().clone();
    let path = parents.entry(slot.node, entry.key_value());
    let run = &transforms.iter().find(|(at, _)| schema.find(at) == Some(slot.node)).unwrap().1;
    run(&TransformInput {
        schema,
        path: &path,
        branch: &entry.branch,
        links: &[],
        memory: None,
        dynamic_state: None,
        device,
        origin: Origin(1),
    })
    .unwrap()
}

fn check_branch(schema: &Arc<Schema>, is: &Branch, expected: &str) {
    let types = Types::new(Arc::clone(schema));
    let expected = xml::parse(&types, expected, &DecodeOptions::default())
        .unwrap_or_else(|errors| panic!("{errors:#?}"));
    let is = Tree::from_root(Arc::clone(schema), is.clone());
    let [expected, is] = [expected, is].map(|tree| xml::print(&tree, &PrintOptions::PRETTY));
    assert_eq!(is, expected);
}

#[test]
fn a_link_and_a_mesh_become_resources() {
    let lab = network_with(&[]);
    let schema = lab.system.layer_schema(INTER).unwrap();
    let netinfra = schema.find("/netinfra-inter:netinfra").unwrap();
    for case in ["inter_bblink", "inter_ibgp_fullmesh"] {
        let input = shared(&format!("sorespo/inputs/sorespo.test_inter.{case}.input.xml"));
        let Some(input) = input else { return };
        let expected = shared(&format!("sorespo/expected/layers/{case}")).unwrap();
        let name = input.trim_start().split(['<', '>']).nth(1).unwrap();
        let namespaced = format!("<{name} xmlns='http://example.com/netinfra-inter'>");
        let input = input.replacen(&format!("<{name}>"), &namespaced, 1);
        let transforms = backbone_transforms::inter();
        let output = run_alone(schema, &transforms, &Path::ROOT.child(netinfra), &input, None);
        check_branch(lab.system.layer_schema(RESOURCE).unwrap(), &output.branch, &expected);
    }
}

#[test]
fn an_interface_becomes_configuration() {
    let lab = network_with(&[]);
    let schema = lab.system.layer_schema(RESOURCE).unwrap();
    let rfs = schema.find("/stratoweave-rfs:rfs").unwrap();
    for (case, device_type) in [("rfs_bbinterface1", XR), ("rfs_bbinterface2", JUNOS)] {
        let input = shared(&format!("sorespo/inputs/sorespo.test_rfs.{case}.input.xml"));
        let Some(input) = input else { return };
        let expected = shared(&format!("sorespo/expected/layers/{case}")).unwrap();
        // In the document both levels of IS-IS have become one: the first is switched off, the
        // metric belongs to the second.
        let one = "<disable/>\n          <metric>5000</metric>";
        let two = "<disable/></level><level><name>2</name><metric>5000</metric>";
        let expected = expected.replace(one, two);
        let facts = DeviceFacts {
            name: DeviceName::new("STO-CORE-1"),
            device_type: device_type.to_owned(),
            modules: lab.system.device_type(device_type).unwrap().modules.clone(),
        };
        let transforms = backbone_transforms::resource();
        let parents = Path::ROOT.entry(rfs, "STO-CORE-1".into());
        let output = run_alone(schema, &transforms, &parents, &input, Some(&facts));
        let schema = lab.system.device_type(device_type).unwrap().schema();
        check_branch(schema, &output.branch, &expected);
    }
}

/// The functions of single layers.
mod backbone_transforms {
    use transform::TransformFn;

    pub(crate) fn inter() -> Vec<(String, TransformFn)> {
        backbone::layers(backbone::Options::default()).swap_remove(1).transforms
    }

    pub(crate) fn resource() -> Vec<(String, TransformFn)> {
        backbone::layers(backbone::Options::default()).swap_remove(2).transforms
    }
}

#[test]
fn lab_inputs_are_accepted_in_their_steps() {
    let file = |name: &str| shared(&format!("sorespo/lab/quicklab-srl/{name}"));
    let Some(netinfra) = file("tutorial-netinfra.xml") else { return };
    let mut lab = network_with(&[&netinfra, &file("tutorial-l3vpn-svc.xml").unwrap()]);
    lab.merge(&file("tutorial-add-lju.xml").unwrap());
    lab.merge(&file("tutorial-add-cust-4.xml").unwrap());
    lab.merge(&file("monitor-traffic-enable.xml").unwrap());
    let enabled = lab.layer(RESOURCE);
    assert!(enabled.contains("<monitor-traffic>true</monitor-traffic>"));
    lab.merge(&file("monitor-traffic-disable.xml").unwrap());
    assert!(!lab.layer(RESOURCE).contains("<monitor-traffic>true</monitor-traffic>"));
    for name in ["AMS-CORE-1", "FRA-CORE-1", "STO-CORE-1", "LJU-CORE-1"] {
        assert!(lab.device(name).contains("acme-65501"), "{name}");
    }

    let file = |name: &str| shared(&format!("sorespo/lab/quicklab-crpd/{name}"));
    let mut lab = network_with(&[&file("netinfra.xml").unwrap()]);
    lab.merge(&file("netinfra-approval-enable.xml").unwrap());
    assert!(lab.layer(RESOURCE).contains("<approval-required>true</approval-required>"));
    lab.merge(&file("netinfra-approval-disable.xml").unwrap());
    let report = lab.merge(&file("flip-role.xml").unwrap());
    assert_eq!(crate::lab::changed(&report), ["AMS-CORE-1"]);
    assert!(lab.device("AMS-CORE-1").contains("ROLE: core"));
    assert!(lab.layer(SERVICE).contains("<asn>65001</asn>"));
}
