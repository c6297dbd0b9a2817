//! What the schema says about types.

use yang::{Restriction, Schema, Type, TypeKind};

use crate::{compile, compile_body, module, said, schema, schema_of};

#[track_caller]
fn leaf_type<'s>(schema: &'s Schema, path: &str) -> Type<'s> {
    let leaf = schema.find(path).unwrap_or_else(|| panic!("no node {path}"));
    schema.type_(schema.node(leaf).type_id().expect("leaves have types"))
}

#[test]
fn ranges_narrow_down_the_chain() {
    let schema = schema_of(
        "typedef a { type uint64 { range \"1..10 | 20..max\" {
  error-message no; error-app-tag t; } } }
leaf l { type a { range \"min..5 | 30 | 18446744073709551615\"; } }
leaf d { type decimal64 { fraction-digits 2; range \"-1.5..max\"; } }
leaf s { type string { length \"1..5 | 10\"; pattern 'a.*';
  pattern 'b' { modifier invert-match; } } }
leaf n { type int64 { range min..-1; } }",
    );
    let type_ = leaf_type(&schema, "/m:l");
    let most = i128::from(u64::MAX);
    assert_eq!(type_.ranges().collect::<Vec<_>>(), [(1, 5), (30, 30), (most, most)]);
    assert_eq!(type_.typedef_name(), Some("a"));
    let base = schema.type_(type_.base().expect("a restricted typedef has a base"));
    assert_eq!(base.ranges().collect::<Vec<_>>(), [(1, 10), (20, most)]);
    assert_eq!(base.error_texts(Restriction::Range), (Some("no"), Some("t")));
    let decimal = leaf_type(&schema, "/m:d");
    assert_eq!(decimal.fraction_digits(), 2);
    assert_eq!(decimal.ranges().collect::<Vec<_>>(), [(-150, i64::MAX.into())]);
    let string = leaf_type(&schema, "/m:s");
    assert_eq!(string.lengths().collect::<Vec<_>>(), [(1, 5), (10, 10)]);
    let patterns: Vec<_> = string.patterns().map(|it| (it.regex, it.invert_match)).collect();
    assert_eq!(patterns, [("a.*", false), ("b", true)]);
    let negative = leaf_type(&schema, "/m:n");
    assert_eq!(negative.ranges().collect::<Vec<_>>(), [(i64::MIN.into(), -1)]);
}

#[test]
fn enums_and_bits_are_numbered() {
    let schema = schema_of(
        "typedef e { type enumeration { enum a; enum b { value -5; } enum c;
  enum d { value 9; } enum e; } }
leaf e { type e; } leaf r { type e { enum c; enum a; } }
leaf b { type bits { bit z { position 7; } bit y; bit x { position 0; } } default \"y x\"; }",
    );
    let names = |path| leaf_type(&schema, path).enums().collect::<Vec<_>>();
    assert_eq!(names("/m:e"), [("a", 0), ("b", -5), ("c", 1), ("d", 9), ("e", 10)]);
    assert_eq!(names("/m:r"), [("c", 1), ("a", 0)]);
    let bits: Vec<_> = leaf_type(&schema, "/m:b").bits().collect();
    assert_eq!(bits, [("x", 0), ("z", 7), ("y", 8)]);
    let default = schema.node(schema.find("/m:b").unwrap()).default();
    assert_eq!(default, Some("x y"), "the canonical order is that of the positions");
}

#[test]
fn defaults_are_canonical() {
    let schema = schema_of(
        "identity base; identity one { base base; }
typedef t { type int32; default 0x10; units s; }
leaf a { type t; } leaf b { type t; default +7; } leaf c { type t; mandatory true; }
leaf d { type decimal64 { fraction-digits 3; } default 1.500; }
leaf e { type identityref { base base; } default one; }
leaf f { type union { type int8; type identityref { base base; } type string; } default m:one; }
leaf-list g { type t; } leaf-list h { type t; default 1; default 2; }
leaf i { type leafref { path ../a; } default 010; }",
    );
    let defaults = |name: &str| {
        let node = schema.node(schema.find(&format!("/m:{name}")).unwrap());
        node.defaults().collect::<Vec<_>>().join(",")
    };
    for (name, expected) in [
        ("a", "16"),
        ("b", "7"),
        ("c", ""),
        ("d", "1.5"),
        ("e", "m:one"),
        ("f", "m:one"),
        ("g", "16"),
        ("h", "1,2"),
        ("i", "8"),
    ] {
        assert_eq!(defaults(name), expected, "{name}");
    }
    assert_eq!(schema.node(schema.find("/m:a").unwrap()).units(), Some("s"));
}

#[test]
fn leafrefs_are_followed_to_the_end() {
    let schema = schema_of(
        "container c { list l { key k; leaf k { type uint8 { range 1..9; } }
  leaf v { type string; } } }
leaf a { type leafref { path \"/m:c/m:l/m:k\"; } }
leaf b { type leafref { path ../a; require-instance false; } }
leaf u { type union { type leafref { path ../a; } type enumeration { enum none; } } }
leaf v { type leafref { path \"/c/l[k = current()/../a]/v\"; } }
typedef ref { type leafref { path /m:c/m:l/m:k; } }
list n { key r; leaf r { type ref; } }",
    );
    let path = |type_: Type<'_>| type_.target().map(|id| schema.path(id));
    let b = leaf_type(&schema, "/m:b");
    assert_eq!(path(b).as_deref(), Some("/m:a"));
    assert_eq!(b.realtype().kind(), TypeKind::Uint8);
    assert!(!b.require_instance());
    let members: Vec<_> =
        leaf_type(&schema, "/m:u").members().map(|id| schema.type_(id).realtype().kind()).collect();
    assert_eq!(members, [TypeKind::Uint8, TypeKind::Enumeration]);
    assert_eq!(path(leaf_type(&schema, "/m:v")).as_deref(), Some("/m:c/l/v"));
    let typed = leaf_type(&schema, "/m:n/r");
    assert_eq!(typed.typedef_name(), Some("ref"));
    assert_eq!(path(typed).as_deref(), Some("/m:c/l/k"));
    assert_eq!(typed.path_text(), Some("/m:c/m:l/m:k"));
}

#[test]
fn one_grouping_leafref_has_a_target_per_use() {
    let schema = schema_of(
        "grouping g { leaf name { type string; } leaf ref { type leafref { path ../name; } } }
container one { uses g; } container two { uses g; }",
    );
    for path in ["/m:one", "/m:two"] {
        let target = leaf_type(&schema, &format!("{path}/ref")).target();
        assert_eq!(target.map(|id| schema.path(id)), Some(format!("{path}/name")));
    }
}

#[test]
fn a_typedef_path_may_mean_its_own_module() {
    let a = module(
        "a",
        "typedef r { type leafref { path /c/x; } } container c { leaf x { type int8; } }",
    );
    let b = module("b", "import a { prefix a; } leaf l { type a:r; }");
    let schema = schema(compile(&[&a, &b]));
    assert_eq!(leaf_type(&schema, "/b:l").realtype().kind(), TypeKind::Int8);
}

#[test]
fn restricting_a_type_keeps_its_default_when_it_fits() {
    let schema = schema_of("typedef t { type int8; default 3; } leaf l { type t { range 1..5; } }");
    assert_eq!(schema.node(schema.find("/m:l").unwrap()).default(), Some("3"));
}

#[test]
fn unions_nest_and_patterns_are_kept_as_written() {
    let schema = schema_of(
        "typedef a { type union { type string { pattern '\\d{1,3}'; } type union { type empty; } } }
leaf l { type a; }",
    );
    let type_ = leaf_type(&schema, "/m:l");
    let first = schema.type_(type_.members().next().unwrap());
    assert_eq!(first.patterns().next().map(|it| it.regex), Some("\\d{1,3}"));
    assert_eq!(type_.members().len(), 2);
}

#[test]
fn deep_type_nesting_is_refused() {
    let chain: String = (0..400)
        .map(|n| format!("typedef t{n} {{ type t{}; }}\n", n + 1))
        .chain(["typedef t400 { type string; }".to_owned()])
        .collect();
    let compiled = compile_body(&chain);
    assert!(compiled.schema.is_none());
    assert!(said(&compiled).contains("chain of more than 128 typedefs"));
}
