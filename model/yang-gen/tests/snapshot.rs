//! The generated text of the fixture network. `UPDATE_EXPECT=1` writes it anew.
#![allow(clippy::unwrap_used, reason = "tests panic when they fail")]

use expect_test::{ExpectFile, expect_file};

#[path = "generated/units.rs"]
mod units;

fn check(module: &str, expected: &ExpectFile) {
    let generated = units::generated();
    let unit = generated.iter().find(|unit| unit.module == module).unwrap();
    assert_eq!(unit.warnings, []);
    expected.assert_eq(&unit.text);
}

#[test]
fn top_layer() {
    check("service", &expect_file!["generated/service.rs"]);
}

#[test]
fn last_layer() {
    check("resource", &expect_file!["generated/resource.rs"]);
}

#[test]
fn device_type() {
    check("router", &expect_file!["generated/router.rs"]);
}
