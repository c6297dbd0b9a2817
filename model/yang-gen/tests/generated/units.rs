//! The models of the fixture network, and what is generated from them.
#![allow(dead_code, reason = "each test uses a part")]

use std::collections::BTreeMap;
use std::sync::OnceLock;

use yang_gen::{Models, Purpose, Unit};

fn models(texts: &[(&str, &str)]) -> Models {
    let texts = texts.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
    Models { texts: texts.collect(), ..Models::default() }
}

/// The fixture network.
pub(crate) fn units() -> Vec<Unit> {
    let marks = ("weft.yang", include_str!("../../../../schemas/weft.yang"));
    let unit = |name: &str, purpose, texts: &[(&str, &str)]| Unit {
        name: name.to_owned(),
        purpose,
        models: models(texts),
    };
    vec![
        unit(
            "service",
            Purpose::Layer,
            &[marks, ("service.yang", include_str!("../fixture/service.yang"))],
        ),
        unit(
            "resource",
            Purpose::Layer,
            &[marks, ("resource.yang", include_str!("../fixture/resource.yang"))],
        ),
        unit(
            "router",
            Purpose::Device,
            &[
                ("router.yang", include_str!("../fixture/router.yang")),
                ("router-vendor.yang", include_str!("../fixture/router-vendor.yang")),
            ],
        ),
    ]
}

/// Generates the fixture network.
pub(crate) fn generated() -> Vec<yang_gen::Generated> {
    let generated = yang_gen::generate(&units(), &|module| format!("super::bytes({module:?})"));
    generated.unwrap_or_else(|error| panic!("{error}"))
}

/// The compiled schema of a module.
pub(crate) fn bytes(module: &str) -> &'static [u8] {
    static SCHEMAS: OnceLock<BTreeMap<String, Vec<u8>>> = OnceLock::new();
    let schemas = SCHEMAS
        .get_or_init(|| generated().into_iter().map(|unit| (unit.module, unit.schema)).collect());
    &schemas[module]
}
