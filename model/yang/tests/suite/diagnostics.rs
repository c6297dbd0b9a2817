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
    check_text(
        "",
        expect![[r#"
        0:1:1 error []
            no statement in the text
    "#]],
    );
    check_text(
        "module m {",
        expect![[r#"
        0:1:11 error [module m]
            the block that opens in line 1 is not closed
    "#]],
    );
    check_text(
        "module m { prefix m; } }",
        expect![[r#"
        0:1:24 error []
            "}" without "{"
    "#]],
    );
    check_text(
        "module m { prefix \"m; }",
        expect![[r#"
        0:1:19 error [module m]
            string without closing quote
    "#]],
    );
    check_text(
        "module m { /* open }",
        expect![[r#"
        0:1:12 error [module m]
            comment without end
    "#]],
    );
    check_text(
        "module m { prefix m }",
        expect![[r#"
        0:1:21 error [prefix m]
            expected ";" or "{" at the end of the statement
    "#]],
    );
    check_text(
        "module m { prefix \"a\" + b; }",
        expect![[r#"
        0:1:25 error [module m]
            expected a quoted string after "+"
    "#]],
    );
    check_text(
        "module m { prefix a\"b; }",
        expect![[r#"
        0:1:20 error [module m]
            quote within an unquoted string (loose_quoting)
    "#]],
    );
    check_text(
        "module m { 1x m; }",
        expect![[r#"
        0:1:12 error [module m]
            expected a keyword
    "#]],
    );
    check_text(
        "container c;",
        expect![[r#"
        0:1:1 error [container c]
            expected "module" or "submodule"
    "#]],
    );
    check_text(
        "module m { prefix m;\n namespace\"urn:m\"; }",
        expect![[r#"
        0:2:11 error [module m]
            no space between keyword and argument (loose_quoting)
    "#]],
    );
}

#[test]
fn characters_and_escapes() {
    check(
        "description \"a\\qb\";",
        expect![[r#"
        0:2:15 error [module m]
            "\q" is no escape of YANG 1.1 (loose_escapes)
    "#]],
    );
    check(
        "description \"bell \u{7}\";",
        expect![[r#"
        0:2:19 error []
            character U+0007 is not allowed in YANG (loose_characters)
    "#]],
    );
}

#[test]
fn grammar() {
    check(
        "container c { typ string; }",
        expect![[r#"
        0:2:15 error [typ string]
            "typ" is no statement of YANG (misplaced_statement)
    "#]],
    );
    check(
        "container c { type string; }",
        expect![[r#"
        0:2:15 error [type string]
            "type" does not belong below "container" (misplaced_statement)
    "#]],
    );
    check(
        "leaf l { type string; type string; }",
        expect![[r#"
        0:2:23 error [type string]
            "type" stands twice below "leaf" (misplaced_statement)
    "#]],
    );
    check(
        "leaf l;",
        expect![[r#"
        0:2:1 error [leaf l]
            "leaf" lacks "type" (missing_statement)
    "#]],
    );
    check(
        "leaf 1l { type string; }",
        expect![[r#"
        0:2:1 error [leaf 1l]
            "1l" is no identifier (malformed_argument)
    "#]],
    );
    check(
        "leaf l { type string; config maybe; }",
        expect![[r#"
        0:2:23 error [config maybe]
            "maybe" is no "true" or "false" (malformed_argument)
    "#]],
    );
    check(
        "leaf-list l { type string; max-elements 0; }",
        expect![[r#"
        0:2:28 error [max-elements 0]
            "0" is no positive integer or "unbounded" (malformed_argument)
    "#]],
    );
    check(
        "rpc r { input; }",
        expect![[r#"
        0:2:9 error [input]
            "input" defines no node (empty_body)
    "#]],
    );
    check(
        "container c; revision 2026-01-01;",
        expect![[r#"
        0:2:14 error [revision 2026-01-01]
            "revision" is a revision statement but follows a body statement
            (statement_order)
    "#]],
    );
    check(
        "revision 2026-13-01;",
        expect![[r#"
        0:2:1 error [revision 2026-13-01]
            "2026-13-01" is no date like 2026-01-31 (malformed_argument)
    "#]],
    );
    check(
        "input { leaf a { type string; } }",
        expect![[r#"
        0:2:1 error [input]
            "input" does not belong below "module" (misplaced_statement)
    "#]],
    );
    check(
        "container c { status gone; }",
        expect![[r#"
        0:2:15 error [status gone]
            "gone" is no "current", "deprecated" or "obsolete" (malformed_argument)
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
            0:2:3 error [anydata a]
                "anydata" below "module" needs yang-version 1.1 (version_mix)
            0:3:17 error [action x]
                "action" below "container" needs yang-version 1.1 (version_mix)
            0:4:48 error [base b]
                "base" stands twice below "identity" (misplaced_statement)
            0:5:38 error [modifier invert-match]
                "modifier" below "pattern" needs yang-version 1.1 (version_mix)
            0:6:30 error [default a]
                "default" below "leaf-list" needs yang-version 1.1 (version_mix)
            0:8:12 error [if-feature f or g]
                "f or g" is no feature expression (malformed_argument)
            0:9:40 error [if-feature f]
                "if-feature" below "enum" needs yang-version 1.1 (version_mix)
            0:10:28 error [type empty]
                empty in a union needs yang-version 1.1 (version_mix)
        "#]],
    );
}

#[test]
fn names() {
    check(
        "container c; leaf c { type string; }",
        expect![[r#"
        0:2:14 error [leaf c]
            there is a node "c" in this place already (duplicate_node)
    "#]],
    );
    check(
        "choice c { case a { leaf x { type string; } } case b { leaf x { type string; } } }",
        expect![[r#"
            0:2:56 error [leaf x]
                there is a node "x" in this place already (duplicate_node)
        "#]],
    );
    check(
        "typedef t { type string; } typedef t { type string; }",
        expect![[r#"
        0:2:28 error [typedef t]
            typedef "t" is defined already (duplicate_definition)
    "#]],
    );
    check(
        "grouping g; container c { grouping g; }",
        expect![[r#"
        0:2:27 error [grouping g]
            grouping "g" is defined already (duplicate_definition)
    "#]],
    );
    check(
        "typedef int8 { type string; }",
        expect![[r#"
        0:2:1 error [typedef int8]
            "int8" is a built-in type (duplicate_definition)
    "#]],
    );
    check(
        "identity a; identity a;",
        expect![[r#"
        0:2:13 error [identity a]
            identity "a" is defined already (duplicate_definition)
    "#]],
    );
    check(
        "feature a; feature a;",
        expect![[r#"
        0:2:12 error [feature a]
            feature "a" is defined already (duplicate_definition)
    "#]],
    );
    check(
        "leaf l { type t; } container c { uses g; }",
        expect![[r#"
        0:2:10 error [type t]
            type "t" is not defined (missing_definition)
        0:2:34 error [uses g]
            grouping "g" is not defined (missing_definition)
    "#]],
    );
    check(
        "leaf l { type x:t; }",
        expect![[r#"
        0:2:10 error [type x:t]
            type "x:t": prefix "x" is not declared (missing_definition)
    "#]],
    );
    check(
        "x:y z;",
        expect![[r#"
        0:2:1 error [x:y z]
            prefix "x" is not declared (unknown_extension)
    "#]],
    );
    check(
        "m:y z;",
        expect![[r#"
        0:2:1 error [m:y z]
            module "m" defines no extension "y" (unknown_extension)
    "#]],
    );
    check(
        "extension y { argument a; } m:y;",
        expect![[r#"
        0:2:29 error [m:y]
            extension "m:y" lacks its argument (extension_argument)
    "#]],
    );
}

#[test]
fn circles() {
    check(
        "typedef a { type b; } typedef b { type a; }",
        expect![[r#"
        0:2:1 error [typedef a]
            typedef "a" is defined by itself
    "#]],
    );
    check(
        "grouping a { uses b; } grouping b { uses a; }",
        expect![[r#"
        0:2:37 error [uses a]
            grouping "a" uses itself
    "#]],
    );
    check(
        "identity a { base b; } identity b { base a; }",
        expect![[r#"
        0:2:24 error [identity b]
            identity derives from itself through base "a"
    "#]],
    );
    check(
        "feature a { if-feature b; } feature b { if-feature a; }",
        expect![[r#"
        0:2:1 error [feature a]
            feature "a" depends on itself
    "#]],
    );
    check(
        "leaf a { type leafref { path ../b; } } leaf b { type leafref { path ../a; } }",
        expect![[r#"
            0:2:64 error [path ../a]
                leafrefs point at each other in a circle (missing_leafref_target)
        "#]],
    );
    check(
        "leaf a { type string; when \"../b\"; } leaf b { type string; when \"not(../a)\"; }",
        expect![[r#"
            0:2:60 error [when not(../a)]
                the condition of "/m:b" depends on "/m:a", whose condition depends on it
                (circular_when)
        "#]],
    );
}

#[test]
fn types() {
    check(
        "leaf l { type int8 { range 1..200; } }",
        expect![[r#"
        0:2:22 error [range 1..200]
            allows values that the restricted type does not (widened_restriction)
    "#]],
    );
    check(
        "leaf l { type int8 { range \"5..1\"; } }",
        expect![[r#"
        0:2:22 error [range 5..1]
            parts must ascend and not overlap (malformed_argument)
    "#]],
    );
    check(
        "leaf l { type int8 { range \"1..5 | 3..9\"; } }",
        expect![[r#"
        0:2:22 error [range 1..5 | 3..9]
            parts must ascend and not overlap (malformed_argument)
    "#]],
    );
    check(
        "leaf l { type int8 { length 1; } }",
        expect![[r#"
        0:2:22 error [length 1]
            "length" does not belong to type int8 (misplaced_statement)
    "#]],
    );
    check(
        "leaf l { type string { length -1; } }",
        expect![[r#"
        0:2:24 error [length -1]
            allows values that the restricted type does not (widened_restriction)
    "#]],
    );
    check(
        "leaf l { type decimal64; }",
        expect![[r#"
        0:2:10 error [type decimal64]
            type "decimal64" lacks "fraction-digits" (missing_statement)
    "#]],
    );
    check(
        "leaf l { type decimal64 { fraction-digits 19; } }",
        expect![[r#"
        0:2:27 error [fraction-digits 19]
            "19" is no number from 1 to 18 (malformed_argument)
    "#]],
    );
    check(
        "leaf l { type enumeration; } leaf m { type union; }",
        expect![[r#"
        0:2:10 error [type enumeration]
            type "enumeration" lacks "enum" (missing_statement)
        0:2:39 error [type union]
            type "union" lacks "type" (missing_statement)
    "#]],
    );
    check(
        "leaf l { type enumeration { enum a; enum a; enum b { value 0; } } }",
        expect![[r#"
        0:2:37 error [enum a]
            "a" is a member already (duplicate_definition)
        0:2:45 error [enum b]
            number 0 is that of "a" already (duplicate_definition)
    "#]],
    );
    check(
        "leaf l { type enumeration { enum a { value 2147483647; } enum b; } }",
        expect![[r#"
        0:2:58 error [enum b]
            no value is left after 2147483647: state one
    "#]],
    );
    check(
        "leaf l { type bits { bit a { position 1; } bit b { position 1; } } }",
        expect![[r#"
        0:2:44 error [bit b]
            number 1 is that of "a" already (duplicate_definition)
    "#]],
    );
    check(
        "typedef e { type enumeration { enum a; enum b; } }
leaf l { type e { enum c; } }",
        expect![[r#"
            0:3:19 error [enum c]
                "c" is no member of the type that is restricted (widened_restriction)
        "#]],
    );
    check(
        "leaf l { type string { pattern \"[a\"; pattern \"(*)\"; } }",
        expect![[r#"
        0:2:24 error [pattern [a]
            no regular expression of XML Schema: "[" without "]" (invalid_pattern)
        0:2:38 error [pattern (*)]
            no regular expression of XML Schema: a quantifier without anything before it
            (invalid_pattern)
    "#]],
    );
    check(
        "leaf l { type identityref { base nowhere; } }",
        expect![[r#"
        0:2:29 error [base nowhere]
            base identity "nowhere" is not defined (missing_definition)
    "#]],
    );
    check(
        "leaf l { type identityref; }",
        expect![[r#"
        0:2:10 error [type identityref]
            type "identityref" lacks "base" (missing_statement)
    "#]],
    );
}

#[test]
fn defaults() {
    check(
        "leaf l { type int8; default 200; }",
        expect![[r#"
        0:2:21 error [default 200]
            "200" is no value of the type: it is out of range (invalid_default)
    "#]],
    );
    check(
        "leaf l { type boolean; default yes; }",
        expect![[r#"
        0:2:24 error [default yes]
            "yes" is no value of the type: it is neither true nor false
            (invalid_default)
    "#]],
    );
    check(
        "leaf l { type empty; default \"\"; }",
        expect![[r#"
        0:2:22 error [default ""]
            "" is no value of the type: type empty has no default (invalid_default)
    "#]],
    );
    check(
        "leaf l { type string { length 1..2; } default abc; }",
        expect![[r#"
        0:2:39 error [default abc]
            "abc" is no value of the type: its length is out of range (invalid_default)
    "#]],
    );
    check(
        "leaf l { type enumeration { enum a; } default b; }",
        expect![[r#"
        0:2:39 error [default b]
            "b" is no value of the type: "b" is no member (invalid_default)
    "#]],
    );
    check(
        "leaf l { type bits { bit a; } default \"a a\"; }",
        expect![[r#"
        0:2:31 error [default a a]
            "a a" is no value of the type: "a" is set twice (invalid_default)
    "#]],
    );
    check(
        "leaf l { type decimal64 { fraction-digits 1; } default 1.23; }",
        expect![[r#"
        0:2:48 error [default 1.23]
            "1.23" is no value of the type: it is no decimal of 1 fraction digits
            (invalid_default)
    "#]],
    );
    check(
        "leaf l { type binary; default \"a\"; }",
        expect![[r#"
        0:2:23 error [default a]
            "a" is no value of the type: it is no base64 (invalid_default)
    "#]],
    );
    check(
        "leaf l { type union { type int8; type boolean; } default x; }",
        expect![[r#"
        0:2:50 error [default x]
            "x" is no value of the type: no member of the union takes it
            (invalid_default)
    "#]],
    );
    check(
        "identity a; identity b; leaf l { type identityref { base a; } default b; }",
        expect![[r#"
            0:2:63 error [default b]
                "b" is no value of the type: the identity does not derive from the base
                (invalid_default)
        "#]],
    );
    check(
        "typedef t { type int8; default 300; }",
        expect![[r#"
        0:2:24 error [default 300]
            "300" is no value of the type: it is out of range (invalid_default)
    "#]],
    );
    check(
        "typedef t { type int8; default 10; } leaf l { type t { range 1..5; } }",
        expect![[r#"
        0:2:47 error [type t]
            default "10" of the typedef is no value of the type here: it is out of range
            (invalid_default)
    "#]],
    );
    check(
        "leaf l { type string; mandatory true; default a; }",
        expect![[r#"
        0:2:39 error [default a]
            a mandatory leaf has no default (contradiction)
    "#]],
    );
    check(
        "leaf-list l { type string; min-elements 1; default a; }",
        expect![[r#"
        0:2:44 error [default a]
            a leaf-list with min-elements has no default (contradiction)
    "#]],
    );
    check(
        "leaf-list l { type string; default a; default a; }",
        expect![[r#"
        0:2:39 error [default a]
            default "a" is there already (invalid_default)
    "#]],
    );
    check(
        "choice c { default x; case a { leaf a { type string; } } }",
        expect![[r#"
        0:2:12 error [default x]
            the choice has no case "x" (invalid_default)
    "#]],
    );
    check(
        "choice c { mandatory true; default a; leaf a { type string; mandatory true; } }",
        expect![[r#"
            0:2:28 error [default a]
                a mandatory choice has no default (contradiction)
            0:2:28 error [default a]
                the default case has the mandatory node "a" (contradiction)
        "#]],
    );
}

#[test]
fn lists() {
    check(
        "list l { leaf a { type string; } }",
        expect![[r#"
        0:2:1 error [list l]
            a list of configuration needs a key (keyless_config_list)
    "#]],
    );
    check(
        "list l { key a; leaf b { type string; } }",
        expect![[r#"
        0:2:10 error [key a]
            the list has no leaf "a" (missing_key)
    "#]],
    );
    check(
        "list l { key \"a a\"; leaf a { type string; } }",
        expect![[r#"
        0:2:10 error [key a a]
            key "a" is named twice (missing_key)
    "#]],
    );
    check(
        "list l { key a; container a; }",
        expect![[r#"
        0:2:10 error [key a]
            key "a" is a container, no leaf (missing_key)
    "#]],
    );
    check(
        "list l { key a; leaf a { type string; config false; } }",
        expect![[r#"
        0:2:17 error [leaf a]
            key "a" is state in a list of configuration (unusual_key)
    "#]],
    );
    check(
        "list l { key a; leaf a { type string; when \"1\"; } }",
        expect![[r#"
        0:2:17 error [leaf a]
            key "a" must not have "when" or "if-feature" (unusual_key)
    "#]],
    );
    check(
        "list l { key a; unique b; leaf a { type string; } }",
        expect![[r#"
        0:2:17 error [unique b]
            "b" leads to no leaf of the list (missing_unique)
    "#]],
    );
    check(
        "list l { key a; unique \"b c\"; leaf a { type string; } leaf b { type string; }
  leaf c { type string; config false; } }",
        expect![[r#"
            0:2:17 error [unique b c]
                names both configuration and state (contradiction)
        "#]],
    );
    check(
        "leaf-list l { type string; min-elements 3; max-elements 2; }",
        expect![[r#"
        0:2:28 error [min-elements 3]
            min-elements 3 exceeds max-elements 2 (contradiction)
    "#]],
    );
}

#[test]
fn state_and_status() {
    check(
        "container s { config false; leaf c { type string; config true; } }",
        expect![[r#"
        0:2:51 error [config true]
            configuration below "config false" (config_under_state)
    "#]],
    );
    check(
        "container o { status obsolete; leaf c { status current; type string; } }",
        expect![[r#"
            0:2:32 error [leaf c]
                a current node below a obsolete one (status_mismatch)
        "#]],
    );
    check(
        "typedef t { status obsolete; type string; } leaf l { type t; }",
        expect![[r#"
        0:2:54 error [type t]
            a current definition must not use the obsolete typedef "t" (status_mismatch)
    "#]],
    );
    check(
        "notification n { list l { config false; leaf a { type string; } action x; } }",
        expect![[r#"
            0:2:65 error [action x]
                action below an rpc, action or notification (misplaced_statement)
        "#]],
    );
    check(
        "list l { config false; leaf a { type string; } action x; }",
        expect![[r#"
        0:2:48 error [action x]
            action below a list without key (misplaced_statement)
    "#]],
    );
}

#[test]
fn leafrefs() {
    check(
        "leaf l { type leafref { path ../nowhere; } }",
        expect![[r#"
        0:2:25 error [path ../nowhere]
            path "../nowhere" leads nowhere: no node "nowhere" below "/"
            (missing_leafref_target)
    "#]],
    );
    check(
        "container c; leaf l { type leafref { path ../c; } }",
        expect![[r#"
        0:2:38 error [path ../c]
            path "../c" leads to a container, no leaf (missing_leafref_target)
    "#]],
    );
    check(
        "leaf a { type string; } leaf l { type leafref { path \"//a\"; } }",
        expect![[r#"
        0:2:49 error [path //a]
            no path of RFC 7950 9.9.2: only names, ".." and key predicates
            (leafref_path_syntax)
        0:2:49 error [path //a]
            path "//a" leads nowhere: no node "step" below "/" (missing_leafref_target)
    "#]],
    );
    check(
        "leaf s { config false; type string; } leaf l { type leafref { path ../s; } }",
        expect![[r#"
            0:2:63 error [path ../s]
                configuration refers to the state node "/m:s" (leafref_config)
        "#]],
    );
}

#[test]
fn expressions() {
    check(
        "container c { must \"a = \"; when \"x:b\"; }",
        expect![[r#"
        0:2:15 error [must a =]
            expected a name or a value, at character 4 of the expression (invalid_xpath)
        0:2:28 error [when x:b]
            unknown prefix "x", at character 0 of the expression (unknown_xpath_prefix)
    "#]],
    );
    check(
        "grouping unused { leaf a { type string; must \"foo(1)\"; } }",
        expect![[r#"
        0:2:41 error [must foo(1)]
            unknown function "foo", at character 0 of the expression (invalid_xpath)
    "#]],
    );
}

#[test]
fn augments_refines_deviations() {
    check(
        "augment /m:nowhere { leaf a { type string; } }",
        expect![[r#"
        0:2:1 error [augment /m:nowhere]
            "/m:nowhere" does not exist: no node m:nowhere there
            (missing_augment_target)
    "#]],
    );
    check(
        "augment /x:nowhere { leaf a { type string; } }",
        expect![[r#"
        0:2:1 error [augment /x:nowhere]
            augment of "/x:nowhere": prefix "x" is not declared (missing_definition)
    "#]],
    );
    check(
        "leaf l { type string; } augment /m:l { leaf a { type string; } }",
        expect![[r#"
        0:2:40 error [leaf a]
            a leaf cannot get a "leaf" (misplaced_statement)
    "#]],
    );
    check(
        "augment relative { leaf a { type string; } }",
        expect![[r#"
        0:2:1 error [augment relative]
            "relative" does not exist: no node m:relative there (missing_augment_target)
        0:2:1 error [augment relative]
            the path must start with "/" here (path_form)
    "#]],
    );
    check(
        "grouping g { leaf a { type string; } } uses g { refine b { config false; } }",
        expect![[r#"
            0:2:49 error [refine b]
                node "b" does not exist (refine_mismatch)
        "#]],
    );
    check(
        "grouping g { container a; } uses g { refine a { default b; } }",
        expect![[r#"
        0:2:49 error [default b]
            container has no "default" to refine (refine_mismatch)
    "#]],
    );
    check(
        "container c; deviation /m:x { deviate not-supported; }",
        expect![[r#"
        0:2:14 error [deviation /m:x]
            "/m:x" does not exist: no node m:x there (missing_deviation_target)
    "#]],
    );
    check(
        "leaf l { type string; default a; }
deviation /m:l { deviate add { default b; } }",
        expect![[r#"
            0:3:32 error [default b]
                the node has a "default" already: use "deviate replace" (deviation_mismatch)
        "#]],
    );
    check(
        "leaf l { type string; default a; }
deviation /m:l { deviate delete { default b; } }",
        expect![[r#"
            0:3:35 error [default b]
                the node has no "default" of this text (deviation_mismatch)
        "#]],
    );
    check(
        "leaf l { type string; }\ndeviation /m:l { deviate replace { units x; } }",
        expect![[r#"
            0:3:36 error [units x]
                the node has no "units" to replace (deviation_mismatch)
        "#]],
    );
    check(
        "container l;\ndeviation /m:l { deviate add { units x; type string; } }",
        expect![[r#"
        0:3:32 error [units x]
            a container has no "units" (deviation_mismatch)
        0:3:41 error [type string]
            "type" below "deviate add" (misplaced_statement)
    "#]],
    );
}

#[test]
fn a_diagnostic_prints_on_one_line() {
    let compiled = compile_body("leaf l { type t; }");
    expect![[r#"
        0:2:10: error: type "t" is not defined [type t] (leniency `missing_definition` allows it)
    "#]]
    .assert_eq(&said(&compiled));
}

#[test]
fn everything_is_reported_at_once() {
    check(
        "leaf a { type nowhere; }
leaf b { type int8 { range 1..999; } default 5; }
container c { uses nothing; must \"(\"; }
list d { key x; }",
        expect![[r#"
            0:2:10 error [type nowhere]
                type "nowhere" is not defined (missing_definition)
            0:3:22 error [range 1..999]
                allows values that the restricted type does not (widened_restriction)
            0:4:15 error [uses nothing]
                grouping "nothing" is not defined (missing_definition)
            0:4:29 error [must (]
                expected a name or a value, at character 1 of the expression (invalid_xpath)
            0:5:10 error [key x]
                the list has no leaf "x" (missing_key)
        "#]],
    );
}
