//! One table per kind of fault: the text, and everything the compiler says.

use expect_test::{Expect, expect};

use crate::{compile, compile_body, said};

#[track_caller]
fn check(body: &str, expected: Expect) {
    let compiled = compile_body(body);
    assert!(compiled.schema.is_none(), "a fault forbids the schema");
    expected.assert_eq(&said(&compiled));
}

#[track_caller]
fn check_text(text: &str, expected: Expect) {
    let compiled = compile(&[text]);
    assert!(compiled.schema.is_none(), "a fault forbids the schema");
    expected.assert_eq(&said(&compiled));
}

#[test]
fn syntax() {
    check_text(
        "",
        expect![[r#"
        0:1:1: error: no statement in the text
    "#]],
    );
    check_text(
        "module m {",
        expect![[r#"
        0:1:11: error: the block that opens in line 1 is not closed [module m]
    "#]],
    );
    check_text(
        "module m { prefix m; } }",
        expect![[r#"
        0:1:24: error: "}" without "{"
    "#]],
    );
    check_text(
        "module m { prefix \"m; }",
        expect![[r#"
        0:1:19: error: string without closing quote [module m]
    "#]],
    );
    check_text(
        "module m { /* open }",
        expect![[r#"
        0:1:12: error: comment without end [module m]
    "#]],
    );
    check_text(
        "module m { prefix m }",
        expect![[r#"
        0:1:21: error: expected ";" or "{" at the end of the statement [prefix m]
    "#]],
    );
    check_text(
        "module m { prefix \"a\" + b; }",
        expect![[r#"
        0:1:25: error: expected a quoted string after "+" [module m]
    "#]],
    );
    check_text(
        "module m { prefix a\"b; }",
        expect![[r#"
        0:1:20: error: quote within an unquoted string [module m] (leniency `loose_quoting` allows it)
    "#]],
    );
    check_text(
        "module m { 1x m; }",
        expect![[r#"
        0:1:12: error: expected a keyword [module m]
    "#]],
    );
    check_text(
        "container c;",
        expect![[r#"
        0:1:1: error: expected "module" or "submodule" [container c]
    "#]],
    );
    check_text(
        "module m { prefix m;\n namespace\"urn:m\"; }",
        expect![[r#"
        0:2:11: error: no space between keyword and argument [module m] (leniency `loose_quoting` allows it)
    "#]],
    );
}

#[test]
fn characters_and_escapes() {
    check(
        "description \"a\\qb\";",
        expect![[r#"
        0:2:15: error: "\q" is no escape of YANG 1.1 [module m] (leniency `loose_escapes` allows it)
    "#]],
    );
    check(
        "description \"bell \u{7}\";",
        expect![[r#"
        0:2:19: error: character U+0007 is not allowed in YANG (leniency `loose_characters` allows it)
    "#]],
    );
}

#[test]
fn grammar() {
    check(
        "container c { typ string; }",
        expect![[r#"
        0:2:15: error: "typ" is no statement of YANG [typ string] (leniency `misplaced_statement` allows it)
    "#]],
    );
    check(
        "container c { type string; }",
        expect![[r#"
        0:2:15: error: "type" does not belong below "container" [type string] (leniency `misplaced_statement` allows it)
    "#]],
    );
    check(
        "leaf l { type string; type string; }",
        expect![[r#"
        0:2:23: error: "type" stands twice below "leaf" [type string] (leniency `misplaced_statement` allows it)
    "#]],
    );
    check(
        "leaf l;",
        expect![[r#"
        0:2:1: error: "leaf" lacks "type" [leaf l] (leniency `missing_statement` allows it)
    "#]],
    );
    check(
        "leaf 1l { type string; }",
        expect![[r#"
        0:2:1: error: "1l" is no identifier [leaf 1l] (leniency `malformed_argument` allows it)
    "#]],
    );
    check(
        "leaf l { type string; config maybe; }",
        expect![[r#"
        0:2:23: error: "maybe" is no "true" or "false" [config maybe] (leniency `malformed_argument` allows it)
    "#]],
    );
    check(
        "leaf-list l { type string; max-elements 0; }",
        expect![[r#"
        0:2:28: error: "0" is no positive integer or "unbounded" [max-elements 0] (leniency `malformed_argument` allows it)
    "#]],
    );
    check(
        "rpc r { input; }",
        expect![[r#"
        0:2:9: error: "input" defines no node [input] (leniency `empty_body` allows it)
    "#]],
    );
    check(
        "container c; revision 2026-01-01;",
        expect![[r#"
        0:2:14: error: "revision" is a revision statement but follows a body statement [revision 2026-01-01] (leniency `statement_order` allows it)
    "#]],
    );
    check(
        "revision 2026-13-01;",
        expect![[r#"
        0:2:1: error: "2026-13-01" is no date like 2026-01-31 [revision 2026-13-01] (leniency `malformed_argument` allows it)
    "#]],
    );
    check(
        "input { leaf a { type string; } }",
        expect![[r#"
        0:2:1: error: "input" does not belong below "module" [input] (leniency `misplaced_statement` allows it)
    "#]],
    );
    check(
        "container c { status gone; }",
        expect![[r#"
        0:2:15: error: "gone" is no "current", "deprecated" or "obsolete" [status gone] (leniency `malformed_argument` allows it)
    "#]],
    );
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
        expect![[r#"
            0:2:3: error: "anydata" below "module" needs yang-version 1.1 [anydata a] (leniency `version_mix` allows it)
            0:3:17: error: "action" below "container" needs yang-version 1.1 [action x] (leniency `version_mix` allows it)
            0:4:48: error: "base" stands twice below "identity" [base b] (leniency `misplaced_statement` allows it)
            0:5:38: error: "modifier" below "pattern" needs yang-version 1.1 [modifier invert-match] (leniency `version_mix` allows it)
            0:6:30: error: "default" below "leaf-list" needs yang-version 1.1 [default a] (leniency `version_mix` allows it)
            0:8:12: error: "f or g" is no feature expression [if-feature f or g] (leniency `malformed_argument` allows it)
            0:9:40: error: "if-feature" below "enum" needs yang-version 1.1 [if-feature f] (leniency `version_mix` allows it)
            0:10:28: error: empty in a union needs yang-version 1.1 [type empty] (leniency `version_mix` allows it)
        "#]],
    );
}

#[test]
fn names() {
    check(
        "container c; leaf c { type string; }",
        expect![[r#"
        0:2:14: error: there is a node "c" in this place already [leaf c] (leniency `duplicate_node` allows it)
    "#]],
    );
    check(
        "choice c { case a { leaf x { type string; } } case b { leaf x { type string; } } }",
        expect![[r#"
            0:2:56: error: there is a node "x" in this place already [leaf x] (leniency `duplicate_node` allows it)
        "#]],
    );
    check(
        "typedef t { type string; } typedef t { type string; }",
        expect![[r#"
        0:2:28: error: typedef "t" is defined already [typedef t] (leniency `duplicate_definition` allows it)
    "#]],
    );
    check(
        "grouping g; container c { grouping g; }",
        expect![[r#"
        0:2:27: error: grouping "g" is defined already [grouping g] (leniency `duplicate_definition` allows it)
    "#]],
    );
    check(
        "typedef int8 { type string; }",
        expect![[r#"
        0:2:1: error: "int8" is a built-in type [typedef int8] (leniency `duplicate_definition` allows it)
    "#]],
    );
    check(
        "identity a; identity a;",
        expect![[r#"
        0:2:13: error: identity "a" is defined already [identity a] (leniency `duplicate_definition` allows it)
    "#]],
    );
    check(
        "feature a; feature a;",
        expect![[r#"
        0:2:12: error: feature "a" is defined already [feature a] (leniency `duplicate_definition` allows it)
    "#]],
    );
    check(
        "leaf l { type t; } container c { uses g; }",
        expect![[r#"
        0:2:10: error: type "t" is not defined [type t] (leniency `missing_definition` allows it)
        0:2:34: error: grouping "g" is not defined [uses g] (leniency `missing_definition` allows it)
    "#]],
    );
    check(
        "leaf l { type x:t; }",
        expect![[r#"
        0:2:10: error: type "x:t": prefix "x" is not declared [type x:t] (leniency `missing_definition` allows it)
    "#]],
    );
    check(
        "x:y z;",
        expect![[r#"
        0:2:1: error: prefix "x" is not declared [x:y z] (leniency `unknown_extension` allows it)
    "#]],
    );
    check(
        "m:y z;",
        expect![[r#"
        0:2:1: error: module "m" defines no extension "y" [m:y z] (leniency `unknown_extension` allows it)
    "#]],
    );
    check(
        "extension y { argument a; } m:y;",
        expect![[r#"
        0:2:29: error: extension "m:y" lacks its argument [m:y] (leniency `extension_argument` allows it)
    "#]],
    );
}

#[test]
fn circles() {
    check(
        "typedef a { type b; } typedef b { type a; }",
        expect![[r#"
        0:2:1: error: typedef "a" is defined by itself [typedef a]
    "#]],
    );
    check(
        "grouping a { uses b; } grouping b { uses a; }",
        expect![[r#"
        0:2:37: error: grouping "a" uses itself [uses a]
    "#]],
    );
    check(
        "identity a { base b; } identity b { base a; }",
        expect![[r#"
        0:2:24: error: identity derives from itself through base "a" [identity b]
    "#]],
    );
    check(
        "feature a { if-feature b; } feature b { if-feature a; }",
        expect![[r#"
        0:2:1: error: feature "a" depends on itself [feature a]
    "#]],
    );
    check(
        "leaf a { type leafref { path ../b; } } leaf b { type leafref { path ../a; } }",
        expect![[r#"
            0:2:64: error: leafrefs point at each other in a circle [path ../a]
        "#]],
    );
    check(
        "leaf a { type string; when \"../b\"; } leaf b { type string; when \"not(../a)\"; }",
        expect![[r#"
            0:2:60: error: the condition of "/m:b" depends on "/m:a", whose condition depends on it [when not(../a)] (leniency `circular_when` allows it)
        "#]],
    );
}

#[test]
fn types() {
    check(
        "leaf l { type int8 { range 1..200; } }",
        expect![[r#"
        0:2:22: error: allows values that the restricted type does not [range 1..200] (leniency `widened_restriction` allows it)
    "#]],
    );
    check(
        "leaf l { type int8 { range \"5..1\"; } }",
        expect![[r#"
        0:2:22: error: parts must ascend and not overlap [range 5..1] (leniency `malformed_argument` allows it)
    "#]],
    );
    check(
        "leaf l { type int8 { range \"1..5 | 3..9\"; } }",
        expect![[r#"
        0:2:22: error: parts must ascend and not overlap [range 1..5 | 3..9] (leniency `malformed_argument` allows it)
    "#]],
    );
    check(
        "leaf l { type int8 { length 1; } }",
        expect![[r#"
        0:2:22: error: "length" does not belong to type int8 [length 1] (leniency `misplaced_statement` allows it)
    "#]],
    );
    check(
        "leaf l { type string { length -1; } }",
        expect![[r#"
        0:2:24: error: allows values that the restricted type does not [length -1] (leniency `widened_restriction` allows it)
    "#]],
    );
    check(
        "leaf l { type decimal64; }",
        expect![[r#"
        0:2:10: error: type "decimal64" lacks "fraction-digits" [type decimal64] (leniency `missing_statement` allows it)
    "#]],
    );
    check(
        "leaf l { type decimal64 { fraction-digits 19; } }",
        expect![[r#"
        0:2:27: error: "19" is no number from 1 to 18 [fraction-digits 19] (leniency `malformed_argument` allows it)
    "#]],
    );
    check(
        "leaf l { type enumeration; } leaf m { type union; }",
        expect![[r#"
        0:2:10: error: type "enumeration" lacks "enum" [type enumeration] (leniency `missing_statement` allows it)
        0:2:39: error: type "union" lacks "type" [type union] (leniency `missing_statement` allows it)
    "#]],
    );
    check(
        "leaf l { type enumeration { enum a; enum a; enum b { value 0; } } }",
        expect![[r#"
        0:2:37: error: "a" is a member already [enum a] (leniency `duplicate_definition` allows it)
        0:2:45: error: number 0 is that of "a" already [enum b] (leniency `duplicate_definition` allows it)
    "#]],
    );
    check(
        "leaf l { type enumeration { enum a { value 2147483647; } enum b; } }",
        expect![[r#"
        0:2:58: error: no value is left after 2147483647: state one [enum b]
    "#]],
    );
    check(
        "leaf l { type bits { bit a { position 1; } bit b { position 1; } } }",
        expect![[r#"
        0:2:44: error: number 1 is that of "a" already [bit b] (leniency `duplicate_definition` allows it)
    "#]],
    );
    check(
        "typedef e { type enumeration { enum a; enum b; } }
leaf l { type e { enum c; } }",
        expect![[r#"
            0:3:19: error: "c" is no member of the type that is restricted [enum c] (leniency `widened_restriction` allows it)
        "#]],
    );
    check(
        "leaf l { type string { pattern \"[a\"; pattern \"(*)\"; } }",
        expect![[r#"
        0:2:24: error: no regular expression of XML Schema: "[" without "]" [pattern [a] (leniency `invalid_pattern` allows it)
        0:2:38: error: no regular expression of XML Schema: a quantifier without anything before it [pattern (*)] (leniency `invalid_pattern` allows it)
    "#]],
    );
    check(
        "leaf l { type identityref { base nowhere; } }",
        expect![[r#"
        0:2:29: error: base identity "nowhere" is not defined [base nowhere] (leniency `missing_definition` allows it)
    "#]],
    );
    check(
        "leaf l { type identityref; }",
        expect![[r#"
        0:2:10: error: type "identityref" lacks "base" [type identityref] (leniency `missing_statement` allows it)
    "#]],
    );
}

#[test]
fn defaults() {
    check(
        "leaf l { type int8; default 200; }",
        expect![[r#"
        0:2:21: error: "200" is no value of the type: it is out of range [default 200] (leniency `invalid_default` allows it)
    "#]],
    );
    check(
        "leaf l { type boolean; default yes; }",
        expect![[r#"
        0:2:24: error: "yes" is no value of the type: it is neither true nor false [default yes] (leniency `invalid_default` allows it)
    "#]],
    );
    check(
        "leaf l { type empty; default \"\"; }",
        expect![[r#"
        0:2:22: error: "" is no value of the type: type empty has no default [default ""] (leniency `invalid_default` allows it)
    "#]],
    );
    check(
        "leaf l { type string { length 1..2; } default abc; }",
        expect![[r#"
        0:2:39: error: "abc" is no value of the type: its length is out of range [default abc] (leniency `invalid_default` allows it)
    "#]],
    );
    check(
        "leaf l { type enumeration { enum a; } default b; }",
        expect![[r#"
        0:2:39: error: "b" is no value of the type: "b" is no member [default b] (leniency `invalid_default` allows it)
    "#]],
    );
    check(
        "leaf l { type bits { bit a; } default \"a a\"; }",
        expect![[r#"
        0:2:31: error: "a a" is no value of the type: "a" is set twice [default a a] (leniency `invalid_default` allows it)
    "#]],
    );
    check(
        "leaf l { type decimal64 { fraction-digits 1; } default 1.23; }",
        expect![[r#"
        0:2:48: error: "1.23" is no value of the type: it is no decimal of 1 fraction digits [default 1.23] (leniency `invalid_default` allows it)
    "#]],
    );
    check(
        "leaf l { type binary; default \"a\"; }",
        expect![[r#"
        0:2:23: error: "a" is no value of the type: it is no base64 [default a] (leniency `invalid_default` allows it)
    "#]],
    );
    check(
        "leaf l { type union { type int8; type boolean; } default x; }",
        expect![[r#"
        0:2:50: error: "x" is no value of the type: no member of the union takes it [default x] (leniency `invalid_default` allows it)
    "#]],
    );
    check(
        "identity a; identity b; leaf l { type identityref { base a; } default b; }",
        expect![[r#"
            0:2:63: error: "b" is no value of the type: the identity does not derive from the base [default b] (leniency `invalid_default` allows it)
        "#]],
    );
    check(
        "typedef t { type int8; default 300; }",
        expect![[r#"
        0:2:24: error: "300" is no value of the type: it is out of range [default 300] (leniency `invalid_default` allows it)
    "#]],
    );
    check(
        "typedef t { type int8; default 10; } leaf l { type t { range 1..5; } }",
        expect![[r#"
        0:2:47: error: default "10" of the typedef is no value of the type here: it is out of range [type t] (leniency `invalid_default` allows it)
    "#]],
    );
    check(
        "leaf l { type string; mandatory true; default a; }",
        expect![[r#"
        0:2:39: error: a mandatory leaf has no default [default a] (leniency `contradiction` allows it)
    "#]],
    );
    check(
        "leaf-list l { type string; min-elements 1; default a; }",
        expect![[r#"
        0:2:44: error: a leaf-list with min-elements has no default [default a] (leniency `contradiction` allows it)
    "#]],
    );
    check(
        "leaf-list l { type string; default a; default a; }",
        expect![[r#"
        0:2:39: error: default "a" is there already [default a] (leniency `invalid_default` allows it)
    "#]],
    );
    check(
        "choice c { default x; case a { leaf a { type string; } } }",
        expect![[r#"
        0:2:12: error: the choice has no case "x" [default x] (leniency `invalid_default` allows it)
    "#]],
    );
    check(
        "choice c { mandatory true; default a; leaf a { type string; mandatory true; } }",
        expect![[r#"
            0:2:28: error: a mandatory choice has no default [default a] (leniency `contradiction` allows it)
            0:2:28: error: the default case has the mandatory node "a" [default a] (leniency `contradiction` allows it)
        "#]],
    );
}

#[test]
fn lists() {
    check(
        "list l { leaf a { type string; } }",
        expect![[r#"
        0:2:1: error: a list of configuration needs a key [list l] (leniency `keyless_config_list` allows it)
    "#]],
    );
    check(
        "list l { key a; leaf b { type string; } }",
        expect![[r#"
        0:2:10: error: the list has no leaf "a" [key a] (leniency `missing_key` allows it)
    "#]],
    );
    check(
        "list l { key \"a a\"; leaf a { type string; } }",
        expect![[r#"
        0:2:10: error: key "a" is named twice [key a a] (leniency `missing_key` allows it)
    "#]],
    );
    check(
        "list l { key a; container a; }",
        expect![[r#"
        0:2:10: error: key "a" is a container, no leaf [key a] (leniency `missing_key` allows it)
    "#]],
    );
    check(
        "list l { key a; leaf a { type string; config false; } }",
        expect![[r#"
        0:2:17: error: key "a" is state in a list of configuration [leaf a] (leniency `unusual_key` allows it)
    "#]],
    );
    check(
        "list l { key a; leaf a { type string; when \"1\"; } }",
        expect![[r#"
        0:2:17: error: key "a" must not have "when" or "if-feature" [leaf a] (leniency `unusual_key` allows it)
    "#]],
    );
    check(
        "list l { key a; unique b; leaf a { type string; } }",
        expect![[r#"
        0:2:17: error: "b" leads to no leaf of the list [unique b] (leniency `missing_unique` allows it)
    "#]],
    );
    check(
        "list l { key a; unique \"b c\"; leaf a { type string; } leaf b { type string; }
  leaf c { type string; config false; } }",
        expect![[r#"
            0:2:17: error: names both configuration and state [unique b c] (leniency `contradiction` allows it)
        "#]],
    );
    check(
        "leaf-list l { type string; min-elements 3; max-elements 2; }",
        expect![[r#"
        0:2:28: error: min-elements 3 exceeds max-elements 2 [min-elements 3] (leniency `contradiction` allows it)
    "#]],
    );
}

#[test]
fn state_and_status() {
    check(
        "container s { config false; leaf c { type string; config true; } }",
        expect![[r#"
        0:2:51: error: configuration below "config false" [config true] (leniency `config_under_state` allows it)
    "#]],
    );
    check(
        "container o { status obsolete; leaf c { status current; type string; } }",
        expect![[r#"
            0:2:32: error: a current node below a obsolete one [leaf c] (leniency `status_mismatch` allows it)
        "#]],
    );
    check(
        "typedef t { status obsolete; type string; } leaf l { type t; }",
        expect![[r#"
        0:2:54: error: a current definition must not use the obsolete typedef "t" [type t] (leniency `status_mismatch` allows it)
    "#]],
    );
    check(
        "notification n { list l { config false; leaf a { type string; } action x; } }",
        expect![[r#"
            0:2:65: error: action below an rpc, action or notification [action x] (leniency `misplaced_statement` allows it)
        "#]],
    );
    check(
        "list l { config false; leaf a { type string; } action x; }",
        expect![[r#"
        0:2:48: error: action below a list without key [action x] (leniency `misplaced_statement` allows it)
    "#]],
    );
}

#[test]
fn leafrefs() {
    check(
        "leaf l { type leafref { path ../nowhere; } }",
        expect![[r#"
        0:2:25: error: path "../nowhere" leads nowhere: no node "nowhere" below "/" [path ../nowhere] (leniency `missing_leafref_target` allows it)
    "#]],
    );
    check(
        "container c; leaf l { type leafref { path ../c; } }",
        expect![[r#"
        0:2:38: error: path "../c" leads to a container, no leaf [path ../c] (leniency `missing_leafref_target` allows it)
    "#]],
    );
    check(
        "leaf a { type string; } leaf l { type leafref { path \"//a\"; } }",
        expect![[r#"
        0:2:49: error: no path of RFC 7950 9.9.2: only names, ".." and key predicates [path //a] (leniency `leafref_path_syntax` allows it)
        0:2:49: error: path "//a" leads nowhere: no node "step" below "/" [path //a] (leniency `missing_leafref_target` allows it)
    "#]],
    );
    check(
        "leaf s { config false; type string; } leaf l { type leafref { path ../s; } }",
        expect![[r#"
            0:2:63: error: configuration refers to the state node "/m:s" [path ../s] (leniency `leafref_config` allows it)
        "#]],
    );
}

#[test]
fn expressions() {
    check(
        "container c { must \"a = \"; when \"x:b\"; }",
        expect![[r#"
        0:2:15: error: expected a name or a value, at character 4 of the expression [must a =] (leniency `invalid_xpath` allows it)
        0:2:28: error: unknown prefix "x", at character 0 of the expression [when x:b] (leniency `unknown_xpath_prefix` allows it)
    "#]],
    );
    check(
        "grouping unused { leaf a { type string; must \"foo(1)\"; } }",
        expect![[r#"
        0:2:41: error: unknown function "foo", at character 0 of the expression [must foo(1)] (leniency `invalid_xpath` allows it)
    "#]],
    );
}

#[test]
fn augments_refines_deviations() {
    check(
        "augment /m:nowhere { leaf a { type string; } }",
        expect![[r#"
        0:2:1: error: "/m:nowhere" does not exist: no node m:nowhere there [augment /m:nowhere] (leniency `missing_augment_target` allows it)
    "#]],
    );
    check(
        "augment /x:nowhere { leaf a { type string; } }",
        expect![[r#"
        0:2:1: error: augment of "/x:nowhere": prefix "x" is not declared [augment /x:nowhere] (leniency `missing_definition` allows it)
    "#]],
    );
    check(
        "leaf l { type string; } augment /m:l { leaf a { type string; } }",
        expect![[r#"
        0:2:40: error: a leaf cannot get a "leaf" [leaf a] (leniency `misplaced_statement` allows it)
    "#]],
    );
    check(
        "augment relative { leaf a { type string; } }",
        expect![[r#"
        0:2:1: error: "relative" does not exist: no node m:relative there [augment relative] (leniency `missing_augment_target` allows it)
        0:2:1: error: the path must start with "/" here [augment relative] (leniency `path_form` allows it)
    "#]],
    );
    check(
        "grouping g { leaf a { type string; } } uses g { refine b { config false; } }",
        expect![[r#"
            0:2:49: error: node "b" does not exist [refine b] (leniency `refine_mismatch` allows it)
        "#]],
    );
    check(
        "grouping g { container a; } uses g { refine a { default b; } }",
        expect![[r#"
        0:2:49: error: container has no "default" to refine [default b] (leniency `refine_mismatch` allows it)
    "#]],
    );
    check(
        "container c; deviation /m:x { deviate not-supported; }",
        expect![[r#"
        0:2:14: error: "/m:x" does not exist: no node m:x there [deviation /m:x] (leniency `missing_deviation_target` allows it)
    "#]],
    );
    check(
        "leaf l { type string; default a; }
deviation /m:l { deviate add { default b; } }",
        expect![[r#"
            0:3:32: error: the node has a "default" already: use "deviate replace" [default b] (leniency `deviation_mismatch` allows it)
        "#]],
    );
    check(
        "leaf l { type string; default a; }
deviation /m:l { deviate delete { default b; } }",
        expect![[r#"
            0:3:35: error: the node has no "default" of this text [default b] (leniency `deviation_mismatch` allows it)
        "#]],
    );
    check(
        "leaf l { type string; }\ndeviation /m:l { deviate replace { units x; } }",
        expect![[r#"
            0:3:36: error: the node has no "units" to replace [units x] (leniency `deviation_mismatch` allows it)
        "#]],
    );
    check(
        "container l;\ndeviation /m:l { deviate add { units x; type string; } }",
        expect![[r#"
        0:3:32: error: a container has no "units" [units x] (leniency `deviation_mismatch` allows it)
        0:3:41: error: "type" below "deviate add" [type string] (leniency `misplaced_statement` allows it)
    "#]],
    );
}

#[test]
fn everything_is_reported_at_once() {
    check(
        "leaf a { type nowhere; }
leaf b { type int8 { range 1..999; } default 5; }
container c { uses nothing; must \"(\"; }
list d { key x; }",
        expect![[r#"
            0:2:10: error: type "nowhere" is not defined [type nowhere] (leniency `missing_definition` allows it)
            0:3:22: error: allows values that the restricted type does not [range 1..999] (leniency `widened_restriction` allows it)
            0:4:15: error: grouping "nothing" is not defined [uses nothing] (leniency `missing_definition` allows it)
            0:4:29: error: expected a name or a value, at character 1 of the expression [must (] (leniency `invalid_xpath` allows it)
            0:5:10: error: the list has no leaf "x" [key x] (leniency `missing_key` allows it)
        "#]],
    );
}
