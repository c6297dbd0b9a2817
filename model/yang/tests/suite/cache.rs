//! The cache form: round trip, damage, forgery.

use yang::{CacheError, Compiler, Options, Schema};

use crate::{compile, module, schema, schema_of};

const BODY: &str = "identity i; identity j { base i; }
typedef t { type union { type int8 { range 1..5; } type identityref { base i; } } default j; }
container c { presence p; description d; must \"x > 1\" { error-message e; }
  list l { key \"b a\"; unique x; leaf a { type t; } leaf b { type string { pattern \"[a-z]*\"; } }
    leaf x { type leafref { path ../b; } when \"../a = 'm:j'\"; }
    leaf-list y { type bits { bit p; bit q; } default p; ordered-by user; } }
  choice h { default k; case k { leaf m { type empty; } } } }
rpc r; notification n; extension e { argument a; } m:e top { m:e inner; }";

/// Everything that getters say, for comparison.
fn dump(schema: &Schema) -> String {
    let mut text = String::new();
    for module in schema.modules() {
        text += &format!("{} {:?}\n", module.name(), module.features().collect::<Vec<_>>());
        for extension in module.extensions() {
            text += &format!("{:?} {}\n", extension.argument(), extension.substatements().count());
        }
    }
    for identity in schema.identities() {
        text += &format!("{} {:?}\n", identity.name(), identity.ancestors().collect::<Vec<_>>());
    }
    for node in schema.nodes() {
        text += &format!(
            "{node:?} {:?} {} {:?} {:?} {:?} {:?}\n",
            node.type_id(),
            node.line(),
            node.defaults().collect::<Vec<_>>(),
            node.keys().collect::<Vec<_>>(),
            node.musts().map(|must| format!("{:?}", must.xpath())).collect::<Vec<_>>(),
            node.whens().map(|when| format!("{:?}", when.xpath())).collect::<Vec<_>>(),
        );
        if let Some(id) = node.type_id() {
            let type_ = schema.type_(id);
            text += &format!(
                "  {:?} {:?} {:?} {:?} {:?}\n",
                type_.kind(),
                type_.members().collect::<Vec<_>>(),
                type_.target(),
                type_.patterns().collect::<Vec<_>>(),
                type_.path(),
            );
        }
    }
    text
}

#[test]
fn what_is_written_is_read() {
    let schema = schema_of(BODY);
    let bytes = schema.to_bytes();
    let opened = Schema::from_bytes(&bytes).expect("fresh bytes");
    assert_eq!(dump(&opened), dump(&schema));
    assert_eq!(opened.fingerprint(), schema.fingerprint());
    assert_eq!(opened.to_bytes(), bytes);
}

#[test]
fn the_fingerprint_depends_on_content_alone() {
    let (a, b) = (module("a", "leaf x { type string; }"), module("b", "leaf y { type string; }"));
    let mut orders = Vec::new();
    for texts in [[("a", &a), ("b", &b)], [("b", &b), ("a", &a)]] {
        let mut compiler = Compiler::new(Options::default());
        for (name, text) in texts {
            compiler.add(name, text.as_str());
        }
        orders.push(schema(compiler.compile()).fingerprint());
    }
    assert_eq!(orders[0], orders[1]);
    let other = schema(compile(&[&a])).fingerprint();
    assert_ne!(orders[0], other);
}

#[test]
fn damage_is_noticed() {
    let bytes = schema_of(BODY).to_bytes();
    assert_eq!(Schema::from_bytes(b"").err(), Some(CacheError::NotASchema));
    assert_eq!(Schema::from_bytes(&[0; 500]).err(), Some(CacheError::NotASchema));
    let mut other = bytes.clone();
    other[8] = 99;
    assert_eq!(Schema::from_bytes(&other).err(), Some(CacheError::OtherVersion { found: 99 }));
    let cut = Schema::from_bytes(&bytes[..bytes.len() - 1]).err();
    assert!(matches!(cut, Some(CacheError::Length { .. })));
    for at in (80..bytes.len()).step_by(7) {
        let mut damaged = bytes.clone();
        damaged[at] ^= 0x10;
        assert_eq!(Schema::from_bytes(&damaged).err(), Some(CacheError::Checksum), "byte {at}");
    }
}
