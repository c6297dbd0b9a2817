//! `weft yang` on good and bad models.

#![expect(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

use std::fs;
use std::process::{Command, Output};

fn check(text: &str, arguments: &[&str]) -> Output {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("shop.yang");
    fs::write(&file, text).unwrap();
    let mut weft = Command::new(env!("CARGO_BIN_EXE_weft"));
    weft.arg("yang").args(arguments).arg(&file).output().unwrap()
}

const SHOP: &str = "module shop { namespace 'urn:shop'; prefix s;
  list item { key name; leaf name { type string; } leaf size { type uint8; }
    choice wrap { case box { leaf depth { type uint8; } } container bag { presence p; } } }
  leaf-list tag { type string; } container stock { config false; leaf count { type uint64; } }
  rpc order { input { leaf item { type string; mandatory true; } } }
  notification empty; }";

#[test]
fn a_tree_is_drawn() {
    let output = check(SHOP, &["--tree"]);
    assert!(output.status.success());
    expect_test::expect![[r#"
        module: shop
          +--rw item* [name]
          |  +--rw name  string
          |  +--rw size?  uint8
          |  +--rw (wrap)?
          |     +--:(box)
          |     |  +--rw depth?  uint8
          |     +--:(bag)
          |        +--rw bag!
          +--rw tag*  string
          +--ro stock
          |  +--ro count?  uint64
          +---x order
          |  +---w input
          |  |  +---w item  string
          |  +--ro output
          +---n empty
    "#]]
    .assert_eq(&String::from_utf8(output.stdout).unwrap());
}

#[test]
fn every_mistake_is_named_with_its_line() {
    let output = check("module shop {\n prefix s;\n leaf a { type strin; }\n leaf b;\n}", &[]);
    assert!(!output.status.success());
    let said = String::from_utf8(output.stderr).unwrap();
    for place in ["shop.yang:1:", "shop.yang:3:", "shop.yang:4:"] {
        assert!(said.contains(place), "{place} in {said}");
    }
}

#[test]
fn a_quirk_is_allowed_by_name() {
    let late = "module shop { namespace 'urn:shop'; prefix s; revision 2026-01-01; contact me; }";
    assert!(!check(late, &[]).status.success());
    assert!(check(late, &["--allow", "statement_order"]).status.success());
    assert!(check(late, &["--vendor"]).status.success());
    let refused = String::from_utf8(check(late, &["--allow", "order"]).stderr).unwrap();
    assert!(refused.contains("statement_order"), "{refused}");
}
