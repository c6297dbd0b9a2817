//! Names, layout, and what is refused.

use super::code::{Code, summary};
use super::names::{Names, ident, pascal, plain, type_name};
use super::{GenerateError, Models, Purpose, Unit, generate};

const MARKS: &str = include_str!("../../../../schemas/weft.yang");

fn unit(name: &str, purpose: Purpose, body: &str) -> Unit {
    let text = format!(
        "module {name} {{ yang-version 1.1; namespace 'urn:{name}'; prefix p; \
         import weft {{ prefix weft; }}\n{body}\n}}"
    );
    let texts = vec![("weft.yang".to_owned(), MARKS.to_owned()), (format!("{name}.yang"), text)];
    Unit { name: name.to_owned(), purpose, models: Models { texts, ..Models::default() } }
}

fn generated(units: &[Unit]) -> Result<Vec<String>, GenerateError> {
    let generated = generate(units, &|_| "&[]".to_owned())?;
    Ok(generated.into_iter().map(|unit| unit.text).collect())
}

/// What is wrong with a top layer of these statements.
fn problems(body: &str) -> String {
    let units = [unit("top", Purpose::Layer, body), unit("last", Purpose::Layer, "")];
    generated(&units).err().map_or(String::new(), |error| error.to_string())
}

#[test]
fn names_of_values() {
    let ident = |name| ident(&plain(name));
    assert_eq!(ident("ipv4-address"), "ipv4_address");
    assert_eq!(ident("ieee-802.3"), "ieee_802_3");
    assert_eq!(ident("10g"), "_10g");
    assert_eq!(ident("type"), "r#type");
    assert_eq!(ident("self"), "self_");
    assert_eq!(ident("KEY-id"), "KEY_id");
}

#[test]
fn names_of_types() {
    assert_eq!(pascal("ipv4-address"), "Ipv4Address");
    assert_eq!(pascal("ethernetCsmacd"), "EthernetCsmacd");
    assert_eq!(pascal("IPV4-IBGP"), "Ipv4Ibgp");
    assert_eq!(pascal("802.3"), "_802_3");
    assert_eq!(pascal("-"), "Other");
    assert_eq!(pascal("self"), "Self_");
    let way = |names: &[&str]| {
        type_name(&names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>())
    };
    assert_eq!(way(&["interfaces", "interface"]), "Interface");
    assert_eq!(way(&["addresses", "address", "ip"]), "AddressIp");
    assert_eq!(way(&["policies", "policy"]), "Policy");
    assert_eq!(way(&["bgp", "neighbors"]), "BgpNeighbors");
}

#[test]
fn each_name_is_given_once() {
    let mut names = Names::of_types();
    let mut take = |name: &str| names.take(&[name.to_owned()]);
    assert_eq!(["A", "A", "A", "Option"].map(&mut take), ["A", "A2", "A3", "Option2"]);
}

#[test]
fn summaries_are_one_sentence() {
    assert_eq!(summary(Some("One\n  thing. And\nanother."), "x"), "One thing.");
    assert_eq!(summary(Some("  "), "x"), "The node `x`.");
    let long = summary(Some(&"word ".repeat(50)), "x");
    assert!(long.ends_with(" …") && long.len() < 100, "{long}");
}

#[test]
fn long_lines_are_broken_at_brackets() {
    let mut code = Code::default();
    let text = "a, (\"".repeat(9).replace('"', "\\\"");
    code.line("fn outer() {");
    code.line(&format!(
        "call(Shape {{ node: 1, keys: &[2, 3] }}, other(\"{text}\"), Third<A, B>::x())"
    ));
    code.line("}");
    let text = code.into_text();
    let expected = [
        "fn outer() {",
        "    call(",
        "        Shape { node: 1, keys: &[2, 3] },",
        "        other(\"",
        "        Third<A, B>::x(),",
        "    )",
        "}",
    ];
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines.len(), expected.len(), "{text}");
    assert!(lines.iter().zip(expected).all(|(line, start)| line.starts_with(start)), "{text}");
}

#[test]
fn marks_that_make_no_sense_are_all_named() {
    let problems = problems(
        "leaf a { type string; weft:transform a; }
         list b { key k; leaf k { type string; } weft:device-transform b; }
         container c { weft:transform one; container m { weft:memory; }
           container n { weft:memory; leaf x { type string; weft:link t; } } }
         container d { weft:transform one;
           weft:link t { weft:path /top:nothing; } weft:link t { weft:path /top:b; } }",
    );
    for expected in [
        "top.yang:2: error: /top:a: only a list or container can be a transform node",
        "/top:b: `device-transform` belongs in the last layer",
        "/top:c/n: there is a second `memory` in /top:c",
        "/top:c/n/x: no link inside memory or dynamic state",
        "/top:c/n/x: link \"t\": a link without `path` belongs on a leafref",
        "/top:d: link \"t\": no node /top:nothing",
        "/top:d: the tag \"t\" is there already",
        "/top:d: link \"t\": /top:b is in a list: which entry?",
        "/top:d: the transform at /top:c has the same name",
    ] {
        assert!(problems.contains(expected), "no {expected:?} in\n{problems}");
    }
}

#[test]
fn a_layer_writes_into_the_next_one_or_into_devices() {
    let transform = "container c { weft:transform c; }";
    let error = generated(&[unit("only", Purpose::Layer, transform)]).unwrap_err();
    assert!(error.to_string().contains("there is no next layer to write into"), "{error}");
    let device = "container c { weft:device-transform c; }";
    let error = generated(&[unit("only", Purpose::Layer, device)]).unwrap_err();
    assert!(error.to_string().contains("belongs below a top-level list of devices"), "{error}");
}

#[test]
fn errors_of_all_models_are_reported() {
    let units = [
        unit("one", Purpose::Layer, "leaf a { type nothing; }"),
        unit("two", Purpose::Device, "leaf b { type string; mandatory maybe; }"),
    ];
    let error = generated(&units).unwrap_err();
    assert!(error.models.iter().any(|diagnostic| diagnostic.file == "one.yang"), "{error}");
    assert!(error.models.iter().any(|diagnostic| diagnostic.file == "two.yang"), "{error}");
}

#[test]
fn only_some_nodes_get_builders() {
    let mut device = unit(
        "device",
        Purpose::Device,
        "container a { leaf x { type string; } container y { leaf z { type string; } } }
         container b { leaf x { type string; } }",
    );
    device.models.only = vec!["/device:a/y".to_owned()];
    let text = generated(&[device.clone()]).unwrap().remove(0);
    assert!(text.contains("pub fn y(") && text.contains("pub fn z("), "{text}");
    assert!(!text.contains("pub fn x(") && !text.contains("pub fn b("), "{text}");
    device.models.only = vec!["/device:c".to_owned()];
    let error = generated(&[device]).unwrap_err();
    assert_eq!(error.to_string(), "\"device\" has no node /device:c");
}

#[test]
fn names_of_layers_must_be_names_of_modules() {
    let units = [unit("a-b", Purpose::Layer, ""), unit("a.b", Purpose::Device, "")];
    let error = generated(&units).unwrap_err().to_string();
    assert!(error.contains("two layers or device types are called \"a_b\""), "{error}");
    let error = generated(&[unit("type", Purpose::Layer, "")]).unwrap_err().to_string();
    assert!(error.contains("\"type\" cannot be the name of a Rust module"), "{error}");
}
