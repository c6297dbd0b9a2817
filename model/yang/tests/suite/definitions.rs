//! Identities, features and groupings.

use std::collections::{BTreeMap, BTreeSet};

use yang::{Compiled, Compiler, FeatureSet, Options};

use crate::{compile, module, said, schema, schema_of, told};

#[test]
fn identities_derive_over_modules_and_from_several_bases() {
    let a = module("a", "identity root; identity other;");
    let b = module("b", "import a { prefix x; } identity mid { base x:root; base x:other; }");
    let c = module("c", "import b { prefix b; } identity leaf { base b:mid; }");
    let schema = schema(compile(&[&a, &b, &c]));
    let id = |module: &str, name: &str| {
        let module = schema.module_named(module).unwrap();
        schema.identity_named(module, name).unwrap()
    };
    let (root, other, mid, leaf) =
        (id("a", "root"), id("a", "other"), id("b", "mid"), id("c", "leaf"));
    assert!(schema.is_derived_from(leaf, root) && schema.is_derived_from(leaf, other));
    assert!(schema.is_derived_from(mid, root) && !schema.is_derived_from(root, mid));
    assert!(!schema.is_derived_from(leaf, leaf) && schema.is_derived_from_or_self(leaf, leaf));
    assert_eq!(schema.identity(mid).bases().collect::<Vec<_>>(), [root, other]);
    assert_eq!(schema.identity(leaf).name(), "leaf");
    let module = schema.module_named("a").unwrap();
    assert_eq!(schema.identity_named(module, "leaf"), None);
}

fn with_features(features: &[&str], body: &str) -> Compiled {
    let set: BTreeSet<String> = features.iter().map(|name| (*name).to_owned()).collect();
    let modules = BTreeMap::from([("m".to_owned(), set)]);
    let features = FeatureSet::Listed { modules, others: true };
    let mut compiler = Compiler::new(Options { features, ..Options::default() });
    compiler.add("m", module("m", body));
    compiler.compile()
}

#[test]
fn feature_expressions_have_precedence() {
    for (expression, expected) in [
        ("a", true),
        ("b", false),
        ("not b", true),
        ("a or b and b", true),
        ("(a or b) and b", false),
        ("not (a and b)", true),
        ("not a or not b", true),
        ("m:a and  not\n m:b", true),
    ] {
        let body =
            format!("feature a; feature b; leaf x {{ if-feature \"{expression}\"; type string; }}");
        let schema = schema(with_features(&["a"], &body));
        assert_eq!(schema.find("/m:x").is_some(), expected, "{expression}");
    }
}

#[test]
fn features_switch_off_what_depends_on_them() {
    let body = "feature on; feature off; feature sub { if-feature off; }
container c { if-feature off; leaf a { type string; } }
augment /m:c { leaf b { type string; } }
leaf e { type enumeration { enum x; enum y { if-feature off; } enum z; } }
identity i; identity j { if-feature off; base i; }
choice ch { leaf one { if-feature off; type string; } leaf two { type string; } }
rpc r { if-feature sub; } leaf s { if-feature sub; type string; }
grouping g { leaf u { type string; } } uses g { if-feature off; }";
    let schema = schema(with_features(&["on", "sub"], body));
    for gone in ["/m:c", "/m:c/b", "/m:one", "/m:r", "/m:s", "/m:u"] {
        assert_eq!(schema.find(gone), None, "{gone}");
    }
    assert!(schema.find("/m:two").is_some());
    let leaf = schema.node(schema.find("/m:e").unwrap());
    let enums: Vec<_> = schema.type_(leaf.type_id().unwrap()).enums().collect();
    assert_eq!(enums, [("x", 0), ("z", 2)]);
    let module = schema.module_named("m").unwrap();
    assert_eq!(schema.module(module).features().collect::<Vec<_>>(), ["on"]);
    let identity = schema.identity_named(module, "j").unwrap();
    assert!(!schema.identity(identity).is_enabled());
}

#[test]
fn an_enumeration_without_members_needs_leniency() {
    let body = "feature f; leaf e { type enumeration { enum x { if-feature f; } } default x; }";
    let compiled = with_features(&[], body);
    expect_test::expect![[r#"
        m:2:21 error [type enumeration]
            every member is switched off by if-feature: turn a feature on
            (disabled_members)
        m:2:67 error [default x]
            "x" is no value of the type: "x" is switched off by if-feature
            (disabled_default)
    "#]]
    .assert_eq(&told(&compiled));
}

#[test]
fn faults_of_feature_expressions() {
    for expression in ["", "a b", "not 1", "(a", "a or", "a)", "1"] {
        let body = format!("feature a; leaf x {{ if-feature \"{expression}\"; type string; }}");
        let compiled = with_features(&["a"], &body);
        assert!(said(&compiled).contains("is no feature expression"), "{expression}");
    }
}

#[test]
fn nested_typedefs_and_groupings_are_scoped() {
    let schema = schema_of(
        "container c { typedef t { type int8; } grouping g { leaf x { type t; } } uses g;
  container d { leaf y { type t; } uses m:g; } }
rpc r { grouping h { leaf z { type string; } } input { uses h; } }",
    );
    for path in ["/m:c/x", "/m:c/d/x", "/m:c/d/y", "/m:r/input/z"] {
        assert!(schema.find(path).is_some(), "{path}");
    }
}

#[test]
fn a_refine_changes_every_property() {
    let schema = schema_of(
        "grouping g { container c { leaf a { type string; default x; description old; } \
leaf-list l { type string; default p; }
  choice h { leaf i { type string; } leaf j { type string; } } } }
uses g { refine c { presence yes; must \"1\"; config false; reference here; }
 refine c/a { default y; description new; }
 refine c/l { default q; default r; max-elements 4; }
 refine c/h { default i; } }
container plain { uses g; }
",
    );
    let node = |path| schema.node(schema.find(path).unwrap());
    let container = node("/m:c");
    assert!(container.is_presence() && !container.is_config() && !node("/m:c/a").is_config());
    assert_eq!((container.musts().count(), container.reference()), (1, Some("here")));
    assert_eq!((node("/m:c/a").default(), node("/m:c/a").description()), (Some("y"), Some("new")));
    assert_eq!(node("/m:c/l").defaults().collect::<Vec<_>>(), ["q", "r"]);
    assert_eq!(node("/m:c/l").max_elements(), Some(4));
    assert!(!node("/m:plain/c").is_presence(), "the grouping itself is as it was");
    assert_eq!(node("/m:plain/c/l").defaults().collect::<Vec<_>>(), ["p"]);
}
