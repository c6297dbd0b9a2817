//! Each rule, with its words.

use expect_test::expect;

use super::{check, module, print, validator};
use crate::{Content, Value, sample};

#[test]
fn mandatory() {
    let body = r#"
        container c {
          leaf need { type string; mandatory true; }
          container here { presence "x"; leaf too { type string; mandatory true; } }
          container deep { container er { leaf need { type string; mandatory true; } } }
          leaf cond { when "../kind = 'b'"; type string; mandatory true; }
          leaf kind { type string; }
          anydata any { mandatory true; }
          list l { key k; leaf k { type string; } leaf v { type string; mandatory true; } }
        }"#;
    check(
        body,
        "",
        expect![[r#"
            /m:c/need [data-missing]
                mandatory leaf "need" is missing
            /m:c/deep/er/need [data-missing]
                mandatory leaf "need" is missing
            /m:c/any [data-missing]
                mandatory anydata "any" is missing
        "#]],
    );
    check(
        body,
        "/m:c/kind = a",
        expect![[r#"
            /m:c/need [data-missing]
                mandatory leaf "need" is missing
            /m:c/deep/er/need [data-missing]
                mandatory leaf "need" is missing
            /m:c/any [data-missing]
                mandatory anydata "any" is missing
        "#]],
    );
    check(
        body,
        "/m:c/kind = b\n/m:c/here\n/m:c/l[k='1']",
        expect![[r#"
            /m:c/need [data-missing]
                mandatory leaf "need" is missing
            /m:c/here/too [data-missing]
                mandatory leaf "too" is missing
            /m:c/deep/er/need [data-missing]
                mandatory leaf "need" is missing
            /m:c/cond [data-missing]
                mandatory leaf "cond" is missing
            /m:c/any [data-missing]
                mandatory anydata "any" is missing
            /m:c/l[k='1']/v [data-missing]
                mandatory leaf "v" is missing
        "#]],
    );
}

#[test]
fn choices() {
    let body = r#"
        container c {
          presence "x";
          choice kind {
            mandatory true;
            case one { leaf a { type string; mandatory true; } leaf b { type string; } }
            case two {
              leaf d { type string; }
              choice inner { mandatory true; leaf e { type string; } leaf f { type string; } }
            }
            leaf g { type string; }
          }
        }"#;
    check(
        body,
        "/m:c",
        expect![[r#"
            /m:c [data-missing, missing-choice]
                mandatory choice "kind" is missing: one of one, two, g
        "#]],
    );
    check(
        body,
        "/m:c/b = 1",
        expect![[r#"
            /m:c/a [data-missing]
                mandatory leaf "a" is missing
        "#]],
    );
    check(
        body,
        "/m:c/d = 1",
        expect![[r#"
            /m:c [data-missing, missing-choice]
                mandatory choice "inner" is missing: one of e, f
        "#]],
    );
    check(
        body,
        "/m:c/a = 1\n/m:c/e = 1\n/m:c/g = 2",
        expect![[r#"
            /m:c [bad-element]
                choice "kind" has nodes of several cases: "one", "two", "g"
        "#]],
    );
    check(
        body,
        "/m:c/d = 1\n/m:c/e = 1\n/m:c/f = 1",
        expect![[r#"
            /m:c [bad-element]
                choice "inner" has nodes of several cases: "e", "f"
        "#]],
    );
}

#[test]
fn amounts() {
    let body = r#"
        container c {
          presence "x";
          list l { key k; min-elements 1; max-elements 2; leaf k { type string; } }
          leaf-list ll { type string; min-elements 2; max-elements 2; }
        }
        list top { key k; min-elements 1; leaf k { type string; } }"#;
    check(
        body,
        "/m:c",
        expect![[r#"
            /m:c/l [operation-failed, too-few-elements]
                list "l" has 0 entries, must have at least 1
            /m:c/ll [operation-failed, too-few-elements]
                leaf-list "ll" has 0 entries, must have at least 2
            /m:top [operation-failed, too-few-elements]
                list "top" has 0 entries, must have at least 1
        "#]],
    );
    check(
        body,
        "/m:c/l[k='1']\n/m:c/l[k='2']\n/m:c/l[k='3']
         /m:c/ll[.='1']\n/m:c/ll[.='2']\n/m:c/ll[.='3']\n/m:top[k='1']",
        expect![[r#"
            /m:c/l [operation-failed, too-many-elements]
                list "l" has 3 entries, must have at most 2
            /m:c/ll [operation-failed, too-many-elements]
                leaf-list "ll" has 3 entries, must have at most 2
        "#]],
    );
}

#[test]
fn unique() {
    let body = r#"
        list l {
          key k; unique "ip port"; unique "in/name";
          leaf k { type string; }
          leaf ip { type string; }
          leaf port { type uint16; default 80; }
          container in { leaf name { type string; } }
        }"#;
    check(
        body,
        "/m:l[k='a']/ip = 1\n/m:l[k='b']/ip = 1\n/m:l[k='b']/port = 80
         /m:l[k='c']/ip = 1\n/m:l[k='c']/port = 81\n/m:l[k='d']/port = 80
         /m:l[k='a']/in/name = x\n/m:l[k='c']/in/name = x",
        expect![[r#"
            /m:l [operation-failed, data-not-unique]
                2 entries of list "l" agree in ip = '1', port = '80': [k='a'], [k='b']
            /m:l [operation-failed, data-not-unique]
                2 entries of list "l" agree in name = 'x': [k='a'], [k='c']
        "#]],
    );
}

#[test]
fn unique_names_some_of_many() {
    let body = "list l { key k; unique v; leaf k { type uint8; } leaf v { type string; } }";
    let data: Vec<_> = (1..=7).map(|k| format!("/m:l[k='{k}']/v = x")).collect();
    check(
        body,
        &data.join("\n"),
        expect![[r#"
            /m:l [operation-failed, data-not-unique]
                7 entries of list "l" agree in v = 'x': [k='1'], [k='2'], [k='3'] and 4 more
        "#]],
    );
}

#[test]
fn when() {
    let body = r#"
        container c {
          leaf kind { type string; default a; }
          leaf own { when "../kind = 'b'"; type string; }
          container sub { when "kind = 'never'"; leaf kind { type string; } }
          choice ch {
            when "kind = 'c'";
            case x { when "kind != 'd'"; leaf in-case { type string; } }
          }
          leaf-list many { when "../kind = 'b'"; type string; }
          list l { when "../kind = 'b' or name = 'good'"; key name; leaf name { type string; } }
          uses g { when "kind = 'b'"; }
        }
        grouping g { leaf used { type string; } }
        augment /c { when "kind = 'b'"; leaf added { type string; } }"#;
    let lines = "/m:c/own = 1\n/m:c/sub/kind = x\n/m:c/in-case = 1\n/m:c/many[.='1']
        /m:c/many[.='2']\n/m:c/l[name='good']\n/m:c/l[name='bad']\n/m:c/used = 1\n/m:c/added = 1";
    check(
        body,
        lines,
        expect![[r#"
            /m:c/own [unknown-element]
                leaf "own" must not exist here: when "../kind = 'b'" is false
            /m:c/sub [unknown-element]
                container "sub" must not exist here: when "kind = 'never'" is false
            /m:c/in-case [unknown-element]
                leaf "in-case" must not exist here: when "kind = 'c'" is false
            /m:c/many [unknown-element]
                leaf-list "many" must not exist here: when "../kind = 'b'" is false
            /m:c/l[name='bad'] [unknown-element]
                list "l" must not exist here: when "../kind = 'b' or name = 'good'" is false
            /m:c/used [unknown-element]
                leaf "used" must not exist here: when "kind = 'b'" is false
            /m:c/added [unknown-element]
                leaf "added" must not exist here: when "kind = 'b'" is false
        "#]],
    );
    check(
        body,
        &format!("{lines}\n/m:c/kind = b"),
        expect![[r#"
            /m:c/sub [unknown-element]
                container "sub" must not exist here: when "kind = 'never'" is false
            /m:c/in-case [unknown-element]
                leaf "in-case" must not exist here: when "kind = 'c'" is false
        "#]],
    );
}

#[test]
fn must() {
    let body = r#"
        container c {
          must "not(low) or not(high) or low < high" {
            error-message "low is not below high"; error-app-tag range-order;
          }
          leaf low { type uint8; }
          leaf high { type uint8; must ". !=
              13"; }
          leaf size { type uint8; default 9; must ". > count(../l)" ; }
          leaf-list ll { type string; must ". != ../../c/low"; }
          list l { key k; leaf k { type string; } must "k != 'x'"; must "count(nothing/*) = 0" ; }
          container np { must "../low"; }
        }"#;
    check(
        body,
        "",
        expect![[r#"
            /m:c/np [operation-failed, must-violation]
                must "../low" is false
        "#]],
    );
    check(
        body,
        "/m:c/low = 14\n/m:c/high = 13\n/m:c/size = 1\n/m:c/ll[.='14']\n/m:c/ll[.='15']
         /m:c/l[k='x']\n/m:c/l[k='y']",
        expect![[r#"
            /m:c [operation-failed, range-order]
                low is not below high
            /m:c/high [operation-failed, must-violation]
                must ". != 13" is false
            /m:c/size [operation-failed, must-violation]
                must ". > count(../l)" is false
            /m:c/ll[.='14'] [operation-failed, must-violation]
                must ". != ../../c/low" is false
            /m:c/l[k='x'] [operation-failed, must-violation]
                must "k != 'x'" is false
        "#]],
    );
    let failing = r#"container c {
        presence x; must "count(1) = 1"; must "//*[//*[//*[//*[. = 'x']]]]";
        list l { key k; leaf k { type uint32; } } }"#;
    let mut lines = "/m:c\n".to_owned();
    for number in 0..100 {
        lines.push_str(&format!("/m:c/l[k='{number}']\n"));
    }
    check(
        failing,
        &lines,
        expect![[r#"
            /m:c [operation-failed]
                cannot evaluate "//*[//*[//*[//*[. = 'x']]]]": visits more than 20000000 nodes
            /m:c [operation-failed]
                cannot evaluate "count(1) = 1": count needs a node set
        "#]],
    );
}

#[test]
fn leafrefs() {
    let body = r#"
        list site {
          key id; leaf id { type string; } leaf nick { type string; }
          list port { key n; leaf n { type uint8; } leaf alias { type string; } }
          leaf main { type leafref { path "../port/n"; } }
        }
        list two { key "a b"; leaf a { type string; } leaf b { type string; } }
        container c {
          leaf site { type leafref { path "/site/id"; } }
          leaf port { type leafref { path "/site[id=current()/../site]/port/n"; } }
          leaf nick { type leafref { path "/site/nick"; } }
          leaf any-port { type leafref { path "/site/port/n"; } }
          leaf half { type leafref { path "/two/b"; } }
          leaf loose { type leafref { path "/site/id"; require-instance false; } }
          leaf-list sites { type leafref { path "/site/id"; } }
          leaf either {
            type union {
              type leafref { path "/site/id"; } type enumeration { enum none; }
              type leafref { path "/site/port/n"; }
            }
          }
          leaf standard { type leafref { path "/site/id"; } default s1; }
          leaf-list names { type string; }
          leaf name { type leafref { path "../names"; } }
        }"#;
    let sites = "/m:site[id='s1']/nick = n1\n/m:site[id='s1']/port[n='1']
        /m:site[id='s2']/port[n='2']\n/m:two[a='1'][b='x']\n/m:site[id='s2']/main = 2
        /m:c/names[.='z']";
    let right = "/m:c/site = s1\n/m:c/port = 1\n/m:c/nick = n1\n/m:c/any-port = 2\n/m:c/half = x
        /m:c/loose = nowhere\n/m:c/sites[.='s1']\n/m:c/either = 2\n/m:c/name = z";
    check(body, &format!("{sites}\n{right}"), expect![""]);
    let wrong = "/m:c/site = s2\n/m:c/port = 1\n/m:c/nick = n2\n/m:c/any-port = 3\n/m:c/half = y
        /m:c/sites[.='s1']\n/m:c/sites[.='s3']\n/m:c/either = 3\n/m:c/name = y
        /m:site[id='s1']/main = 2";
    check(
        body,
        &format!("{sites}\n{wrong}"),
        expect![[r#"
            /m:site[id='s1']/main [data-missing, instance-required]
                no "../port/n" with the value '2'
            /m:c/port [data-missing, instance-required]
                no "/site[id=current()/../site]/port/n" with the value '1'
            /m:c/nick [data-missing, instance-required]
                no "/site/nick" with the value 'n2'
            /m:c/any-port [data-missing, instance-required]
                no "/site/port/n" with the value '3'
            /m:c/half [data-missing, instance-required]
                no "/two/b" with the value 'y'
            /m:c/sites[.='s3'] [data-missing, instance-required]
                no "/site/id" with the value 's3'
            /m:c/either [data-missing, instance-required]
                nothing that '3' may refer to exists
            /m:c/name [data-missing, instance-required]
                no "../names" with the value 'y'
        "#]],
    );
    check(
        body,
        "/m:c/either = none",
        expect![[r#"
            /m:c/standard [data-missing, instance-required]
                no "/site/id" with the value 's1'
        "#]],
    );
}

#[test]
fn instance_identifiers() {
    let body = r#"
        list l { key k; leaf k { type string; } leaf v { type string; default x; } }
        leaf-list ll { type string; }
        leaf here { type instance-identifier; }
        leaf there { type instance-identifier; }
        leaf loose { type instance-identifier { require-instance false; } }"#;
    check(
        body,
        "/m:l[k='1']\n/m:ll[.='z']\n/m:here = /m:l[k='1']/v\n/m:there = /m:l[k='2']
         /m:loose = /m:l[k='2']",
        expect![[r#"
            /m:there [data-missing, instance-required]
                the node it points at does not exist
        "#]],
    );
    check(
        body,
        "/m:ll[.='z']\n/m:here = /m:ll[.='z']\n/m:there = /m:ll[.='y']",
        expect![[r#"
            /m:there [data-missing, instance-required]
                the node it points at does not exist
        "#]],
    );
}

#[test]
fn values_and_structure() {
    let validator = validator(&module(
        r#"container c {
             leaf small {
               type uint8 { range "1..4" { error-message "too big"; error-app-tag big; } }
             }
             leaf word { type string { pattern "[a-z]+"; length "2..3"; } }
             leaf other { type string; }
             list l { key k; leaf k { type string; } }
           }
           container s { config false; leaf t { type string; } }"#,
    ));
    let types = validator.types();
    let mut tree = sample::tree(types, "/m:c/other = x\n/m:s/t = 1");
    let force = |tree: &mut _, path, value| {
        sample::force(tree, types, path, Content::Leaf(value));
    };
    force(&mut tree, "/m:c/small", Value::Uint(5));
    force(&mut tree, "/m:c/word", Value::str("ABCD"));
    force(&mut tree, "/m:c/other", Value::Uint(5));
    sample::force(&mut tree, types, "/m:c", Content::Leaf(Value::Empty));
    expect![[r#"
        /m:c [unknown-element]
            container "c" does not belong here, or is of another kind
        /m:s [unknown-element]
            container "s" is state data, not configuration
    "#]]
    .assert_eq(&print(&validator.validate(tree.root())));

    let mut tree = sample::tree(types, "/m:c/other = x");
    force(&mut tree, "/m:c/small", Value::Uint(5));
    force(&mut tree, "/m:c/word", Value::str("ABCD"));
    force(&mut tree, "/m:c/other", Value::Uint(5));
    let found = validator.validate(tree.root());
    let empty = crate::Branch::default();
    assert_eq!(found, validator.validate_change(&empty, tree.root(), None));
    expect![[r#"
        /m:c/small [invalid-value, big]
            '5' - too big
        /m:c/word [invalid-value]
            'ABCD' - expected string with length 2..3
        /m:c/other [invalid-value]
            '5' is no value of this leaf's type
    "#]]
    .assert_eq(&print(&found));
}

#[test]
fn irrelevant_nodes() {
    let validator = validator(&module(
        r#"container c {
             leaf kind { type string; }
             container a {
               when "../kind = 'a'"; leaf x { type string; }
               leaf y { when "../x"; type string; }
             }
             list l { when "../kind = 'l'"; key k; leaf k { type string; } }
           }"#,
    ));
    let tree = sample::tree(validator.types(), "/m:c/a/y = 1\n/m:c/l[k='1']");
    let schema = validator.schema();
    let paths = validator.irrelevant(tree.root()).into_iter().map(|path| path.text(schema));
    assert_eq!(paths.collect::<Vec<_>>(), ["/m:c/a", "/m:c/l"]);
}
