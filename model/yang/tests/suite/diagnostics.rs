//! One table per kind of fault: the text, and everything the compiler says.

use expect_test::{Expect, expect};

use crate::{compile, compile_body, said, told};

#[track_caller]
fn check(body: &str, expected: Expect) {
    let compiled = compile_body(body);
    assert!(compiled.schema.is_none(), "a fault forbids the schema");
    expected.assert_eq(&told(&compiled));
}

#[track_caller]
fn check_text(text: &str, expected: Expect) {
    let compiled = compile(&[text]);
    assert!(compiled.schema.is_none(), "a fault forbids the schema");
    expected.assert_eq(&told(&compiled));
}

#[test]
fn syntax() {
    check_text("", expect![[""]]);
    check_text("module m {", expect![[""]]);
    check_text("module m { prefix m; } }", expect![[""]]);
    check_text("module m { prefix \"m; }", expect![[""]]);
    check_text("module m { /* open }", expect![[""]]);
    check_text("module m { prefix m }", expect![[""]]);
    check_text("module m { prefix \"a\" + b; }", expect![[""]]);
    check_text("module m { prefix a\"b; }", expect![[""]]);
    check_text("module m { 1x m; }", expect![[""]]);
    check_text("container c;", expect![[""]]);
    check_text("module m { prefix m;\n namespace\"urn:m\"; }", expect![[""]]);
}

#[test]
fn characters_and_escapes() {
    check("description \"a\\qb\";", expect![[""]]);
    check("description \"bell \u{7}\";", expect![[""]]);
}

#[test]
fn grammar() {
    check("container c { typ string; }", expect![[""]]);
    check("container c { type string; }", expect![[""]]);
    check("leaf l { type string; type string; }", expect![[""]]);
    check("leaf l;", expect![[""]]);
    check("leaf 1l { type string; }", expect![[""]]);
    check("leaf l { type string; config maybe; }", expect![[""]]);
    check("leaf-list l { type string; max-elements 0; }", expect![[""]]);
    check("rpc r { input; }", expect![[""]]);
    check("container c; revision 2026-01-01;", expect![[""]]);
    check("revision 2026-13-01;", expect![[""]]);
    check("input { leaf a { type string; } }", expect![[""]]);
    check("container c { status gone; }", expect![[""]]);
}

#[test]
fn version_1_lacks_what_1_1_has() {
    check_text(
        "module m { namespace urn:m; prefix m;
  anydata a;
  container c { action x; }
  identity a; identity b; identity c { base a; base b; }
  leaf l { type string { pattern a { modifier invert-match; } } }
  leaf-list d { type string; default a; }
  feature f; feature g;
  leaf i { if-feature \"f or g\"; type string; }
  leaf e { type enumeration { enum a { if-feature f; } enum b; } }
  typedef u { type union { type empty; type string; } }
}",
        expect![[""]],
    );
}

#[test]
fn names() {
    check("container c; leaf c { type string; }", expect![[""]]);
    check(
        "choice c { case a { leaf x { type string; } } case b { leaf x { type string; } } }",
        expect![[""]],
    );
    check("typedef t { type string; } typedef t { type string; }", expect![[""]]);
    check("grouping g; container c { grouping g; }", expect![[""]]);
    check("typedef int8 { type string; }", expect![[""]]);
    check("identity a; identity a;", expect![[""]]);
    check("feature a; feature a;", expect![[""]]);
    check("leaf l { type t; } container c { uses g; }", expect![[""]]);
    check("leaf l { type x:t; }", expect![[""]]);
    check("x:y z;", expect![[""]]);
    check("m:y z;", expect![[""]]);
    check("extension y { argument a; } m:y;", expect![[""]]);
}

#[test]
fn circles() {
    check("typedef a { type b; } typedef b { type a; }", expect![[""]]);
    check("grouping a { uses b; } grouping b { uses a; }", expect![[""]]);
    check("identity a { base b; } identity b { base a; }", expect![[""]]);
    check("feature a { if-feature b; } feature b { if-feature a; }", expect![[""]]);
    check(
        "leaf a { type leafref { path ../b; } } leaf b { type leafref { path ../a; } }",
        expect![[""]],
    );
    check(
        "leaf a { type string; when \"../b\"; } leaf b { type string; when \"not(../a)\"; }",
        expect![[""]],
    );
}

#[test]
fn types() {
    check("leaf l { type int8 { range 1..200; } }", expect![[""]]);
    check("leaf l { type int8 { range \"5..1\"; } }", expect![[""]]);
    check("leaf l { type int8 { range \"1..5 | 3..9\"; } }", expect![[""]]);
    check("leaf l { type int8 { length 1; } }", expect![[""]]);
    check("leaf l { type string { length -1; } }", expect![[""]]);
    check("leaf l { type decimal64; }", expect![[""]]);
    check("leaf l { type decimal64 { fraction-digits 19; } }", expect![[""]]);
    check("leaf l { type enumeration; } leaf m { type union; }", expect![[""]]);
    check("leaf l { type enumeration { enum a; enum a; enum b { value 0; } } }", expect![[""]]);
    check("leaf l { type enumeration { enum a { value 2147483647; } enum b; } }", expect![[""]]);
    check("leaf l { type bits { bit a { position 1; } bit b { position 1; } } }", expect![[""]]);
    check(
        "typedef e { type enumeration { enum a; enum b; } }
leaf l { type e { enum c; } }",
        expect![[""]],
    );
    check("leaf l { type string { pattern \"[a\"; pattern \"(*)\"; } }", expect![[""]]);
    check("leaf l { type identityref { base nowhere; } }", expect![[""]]);
    check("leaf l { type identityref; }", expect![[""]]);
}

#[test]
fn defaults() {
    check("leaf l { type int8; default 200; }", expect![[""]]);
    check("leaf l { type boolean; default yes; }", expect![[""]]);
    check("leaf l { type empty; default \"\"; }", expect![[""]]);
    check("leaf l { type string { length 1..2; } default abc; }", expect![[""]]);
    check("leaf l { type enumeration { enum a; } default b; }", expect![[""]]);
    check("leaf l { type bits { bit a; } default \"a a\"; }", expect![[""]]);
    check("leaf l { type decimal64 { fraction-digits 1; } default 1.23; }", expect![[""]]);
    check("leaf l { type binary; default \"a\"; }", expect![[""]]);
    check("leaf l { type union { type int8; type boolean; } default x; }", expect![[""]]);
    check(
        "identity a; identity b; leaf l { type identityref { base a; } default b; }",
        expect![[""]],
    );
    check("typedef t { type int8; default 300; }", expect![[""]]);
    check("typedef t { type int8; default 10; } leaf l { type t { range 1..5; } }", expect![[""]]);
    check("leaf l { type string; mandatory true; default a; }", expect![[""]]);
    check("leaf-list l { type string; min-elements 1; default a; }", expect![[""]]);
    check("leaf-list l { type string; default a; default a; }", expect![[""]]);
    check("choice c { default x; case a { leaf a { type string; } } }", expect![[""]]);
    check(
        "choice c { mandatory true; default a; leaf a { type string; mandatory true; } }",
        expect![[""]],
    );
}

#[test]
fn lists() {
    check("list l { leaf a { type string; } }", expect![[""]]);
    check("list l { key a; leaf b { type string; } }", expect![[""]]);
    check("list l { key \"a a\"; leaf a { type string; } }", expect![[""]]);
    check("list l { key a; container a; }", expect![[""]]);
    check("list l { key a; leaf a { type string; config false; } }", expect![[""]]);
    check("list l { key a; leaf a { type string; when \"1\"; } }", expect![[""]]);
    check("list l { key a; unique b; leaf a { type string; } }", expect![[""]]);
    check(
        "list l { key a; unique \"b c\"; leaf a { type string; } leaf b { type string; }
  leaf c { type string; config false; } }",
        expect![[""]],
    );
    check("leaf-list l { type string; min-elements 3; max-elements 2; }", expect![[""]]);
}

#[test]
fn state_and_status() {
    check("container s { config false; leaf c { type string; config true; } }", expect![[""]]);
    check(
        "container o { status obsolete; leaf c { status current; type string; } }",
        expect![[""]],
    );
    check("typedef t { status obsolete; type string; } leaf l { type t; }", expect![[""]]);
    check(
        "notification n { list l { config false; leaf a { type string; } action x; } }",
        expect![[""]],
    );
    check("list l { config false; leaf a { type string; } action x; }", expect![[""]]);
}

#[test]
fn leafrefs() {
    check("leaf l { type leafref { path ../nowhere; } }", expect![[""]]);
    check("container c; leaf l { type leafref { path ../c; } }", expect![[""]]);
    check("leaf a { type string; } leaf l { type leafref { path \"//a\"; } }", expect![[""]]);
    check(
        "leaf s { config false; type string; } leaf l { type leafref { path ../s; } }",
        expect![[""]],
    );
}

#[test]
fn expressions() {
    check("container c { must \"a = \"; when \"x:b\"; }", expect![[""]]);
    check("grouping unused { leaf a { type string; must \"foo(1)\"; } }", expect![[""]]);
}

#[test]
fn augments_refines_deviations() {
    check("augment /m:nowhere { leaf a { type string; } }", expect![[""]]);
    check("augment /x:nowhere { leaf a { type string; } }", expect![[""]]);
    check("leaf l { type string; } augment /m:l { leaf a { type string; } }", expect![[""]]);
    check("augment relative { leaf a { type string; } }", expect![[""]]);
    check(
        "grouping g { leaf a { type string; } } uses g { refine b { config false; } }",
        expect![[""]],
    );
    check("grouping g { container a; } uses g { refine a { default b; } }", expect![[""]]);
    check("container c; deviation /m:x { deviate not-supported; }", expect![[""]]);
    check(
        "leaf l { type string; default a; }
deviation /m:l { deviate add { default b; } }",
        expect![[""]],
    );
    check(
        "leaf l { type string; default a; }
deviation /m:l { deviate delete { default b; } }",
        expect![[""]],
    );
    check(
        "leaf l { type string; }\ndeviation /m:l { deviate replace { units x; } }",
        expect![[""]],
    );
    check("container l;\ndeviation /m:l { deviate add { units x; type string; } }", expect![[""]]);
}

#[test]
fn a_diagnostic_prints_on_one_line() {
    let compiled = compile_body("leaf l { type t; }");
    expect![[""]].assert_eq(&said(&compiled));
}

#[test]
fn everything_is_reported_at_once() {
    check(
        "leaf a { type nowhere; }
leaf b { type int8 { range 1..999; } default 5; }
container c { uses nothing; must \"(\"; }
list d { key x; }",
        expect![[""]],
    );
}
