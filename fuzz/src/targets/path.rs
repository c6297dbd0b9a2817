//! Paths to instances, as in filters and findings, and as in URIs.

use yang::NodeKind;
use yang_data::print::PrintOptions;
use yang_data::{Path, json, percent, xml};

use super::{Target, text};
use crate::model::MODEL;

/// `/module:list[key='value']/leaf`: what was read is written and read back, in both forms.
pub(super) const INSTANCE: Target = Target {
    name: "instance-path",
    reads: "an instance path",
    run: instance,
    dictionary: &[
        "/",
        "zoo:",
        "keeper:",
        "zoo",
        "/animal",
        "[name='auk']",
        "[name=\"auk\"]",
        "[.='old']",
        "[1]",
        "[0]",
        "/tour",
        "[guide='Ann, B.'][hour='9']",
        "[hour='8']",
        "/keeper:keeper",
        "[id='-7']",
        "/route[.='gate']",
        "/counters/event[2]",
        "/counters/sale[1]",
        "/keeper:name",
        "/home",
        "/row",
        "/seeds",
        "/shop/stock",
        "[",
        "]",
        "=",
        "'",
        "\"",
        "''",
        "\"\"",
        " ",
        ".",
        "*",
        "..",
        "//",
    ],
};

/// The path of a RESTCONF resource.
pub(super) const RESTCONF: Target = Target {
    name: "restconf-path",
    reads: "the path of a RESTCONF resource",
    run: restconf,
    dictionary: &[
        "/",
        "zoo:",
        "keeper:",
        "zoo:zoo",
        "/animal",
        "=auk",
        "/tour",
        "=Ann%2C%20B.,9",
        ",",
        "=",
        "%",
        "%2F",
        "%27",
        "%zz",
        "%ff",
        "%00",
        "/keeper:keeper",
        "=-7",
        "/route=gate",
        "/counters/event=2",
        "/keeper:name",
        "/home",
        "/row",
        "/seeds",
        "/shop/stock",
        "%C3%A9",
        "+",
        " ",
    ],
};

fn instance(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    if let Ok(path) = Path::parse(&MODEL.types, text) {
        check(&path);
    }
}

fn restconf(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    if let Ok(clear) = percent::decode(text) {
        let mut encoded = String::new();
        percent::encode(&clear, &mut encoded);
        assert_eq!(percent::decode(&encoded), Ok(clear));
    }
    if let Ok(path) = Path::parse_restconf(&MODEL.types, text) {
        assert!(is_resource(&path));
        check(&path);
    }
}

fn check(path: &Path) {
    let schema = MODEL.schema();
    let printed = path.text(schema);
    assert_eq!(Path::parse(&MODEL.types, &printed).as_ref(), Ok(path), "{printed}");
    if is_resource(path) {
        let printed = path.restconf(schema);
        assert_eq!(Path::parse_restconf(&MODEL.types, &printed).as_ref(), Ok(path), "{printed}");
    }
    let found = MODEL.tree.get(path).is_some();
    assert_eq!(xml::print_at(&MODEL.tree, path, &PrintOptions::COMPACT).is_some(), found);
    assert_eq!(json::print_at(&MODEL.tree, path, &PrintOptions::COMPACT).is_some(), found);
    let mut without = MODEL.tree.clone();
    assert_eq!(without.remove(path), found);
    assert!(path.steps().is_empty() || without.get(path).is_none());
}

/// Whether a URI can name it: no list on the way is meant as a whole.
fn is_resource(path: &Path) -> bool {
    let above = path.steps().split_last().map_or(&[][..], |(_, above)| above);
    above.iter().all(|step| {
        let kind = MODEL.schema().node(step.node).kind();
        step.key.is_some() || !matches!(kind, NodeKind::List | NodeKind::LeafList)
    })
}
