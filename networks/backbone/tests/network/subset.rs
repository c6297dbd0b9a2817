//! The models here are parts of the real ones: same names, same namespaces, no value that the
//! real one would not take.

use std::sync::Arc;

use backbone::Options;
use yang::Schema;
use yang_data::Types;
use yang_data::decode::DecodeOptions;
use yang_data::validate::{Rule, Validator};
use yang_data::xml;
use yang_data::xpath::View;

use crate::documents::{INTER, JUNOS, RESOURCE, SRL, XR, empty};
use crate::lab::SERVICE;
use crate::parts::{differences, full};
use crate::vendors;

#[test]
fn layers_are_those_of_the_reference() {
    let lab = empty(Options::default());
    let platform = "platform-yang";
    let cases: [(usize, &[&str]); 3] = [
        (SERVICE, &["models/cfs"]),
        (INTER, &["models/inter"]),
        (RESOURCE, &["models/rfs", "platform-yang/stratoweave-rfs.yang"]),
    ];
    for (layer, folders) in cases {
        let importing: &[&str] = match layer {
            SERVICE => &[platform, "tmf"],
            _ => &[platform],
        };
        let Some(whole) = full(folders, importing) else { return };
        let part = lab.system.layer_schema(layer).unwrap();
        assert_eq!(differences(part, &whole), Vec::<String>::new(), "layer {layer}");
        let back = differences(&whole, part);
        let back: Vec<_> = back.into_iter().filter(|line| line.ends_with("not there")).collect();
        assert_eq!(back, Vec::<String>::new(), "layer {layer} lacks nodes");
    }
}

#[test]
fn device_models_are_parts_of_the_vendors() {
    let lab = empty(Options::default());
    for device_type in [XR, JUNOS, SRL] {
        let Some(whole) = full(&[&format!("models/{device_type}")], &[]) else { return };
        let part = lab.system.device_type(device_type).unwrap().schema();
        assert_eq!(differences(part, &whole), Vec::<String>::new(), "{device_type}");
        check_configuration(&whole, device_type);
    }
}

/// What the network makes is valid for the whole of the vendor's models. SR Linux's conditions are
/// not looked at: they are written for another XPath, in which what is absent differs from
/// everything and a leaf can be compared with `false()` (`. = false() or ..`).
fn check_configuration(whole: &Arc<Schema>, device_type: &str) {
    let types = Arc::new(Types::new(Arc::clone(whole)));
    let validator = Validator::new(Arc::clone(&types), View::Configuration);
    let lab = vendors::network([device_type; 4]);
    for name in vendors::NAMES {
        let tree = xml::parse(&types, &lab.device(name), &DecodeOptions::default())
            .unwrap_or_else(|errors| panic!("{name}: {errors:#?}"));
        let mut violations = validator.validate(tree.root());
        if device_type == SRL {
            violations.retain(|violation| !matches!(violation.rule, Rule::Must { .. }));
        }
        assert!(violations.is_empty(), "{name} as {device_type}: {violations:#?}");
    }
}
