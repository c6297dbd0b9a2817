use proptest::prelude::*;

use super::*;
use crate::{Compiler, Options};

const TEXT: &str = "module m { yang-version 1.1; namespace urn:m; prefix m;
  identity i; identity j { base i; }
  typedef t { type union { type int8 { range \"1..5\"; } type identityref { base i; } } }
  container c { must \"x > 1\" { error-message e; }
    list l { key \"b a\"; unique x; leaf a { type t; }
      leaf b { type string { pattern \"[a-z]*\"; } }
      leaf x { type leafref { path ../b; } when \"../a = 'm:j'\"; }
      leaf-list y { type bits { bit p; bit q; } default p; } }
    choice h { default k; case k { leaf m { type empty; } } } }
  rpc r; extension e { argument a; } m:e top { m:e inner; }
}";

fn sample() -> Vec<u8> {
    let mut compiler = Compiler::new(Options::default());
    compiler.add("m", TEXT);
    compiler.compile().schema.expect("the sample is valid").to_bytes()
}

/// Calls every getter that follows an index.
fn walk(schema: &Schema) {
    for module in schema.modules() {
        let _ = (module.name(), module.namespace(), module.prefix(), module.revision());
        let _ = (module.features().count(), module.submodules().count());
        let _ = (module.prefixes().count(), module.deviated_by().len(), module.source());
        for extension in module.extensions() {
            let _ = (extension.module_name(), extension.argument());
            for inner in extension.substatements() {
                let _ = (inner.keyword(), inner.substatements().count());
            }
        }
    }
    for identity in schema.identities() {
        let _ = (identity.name(), identity.bases().count(), identity.ancestors().count());
        let _ = schema.identity_named(identity.module(), identity.name());
    }
    for node in schema.nodes() {
        walk_node(schema, node);
    }
    let _ = (schema.find("/m:c/l/a"), schema.module_of_namespace("urn:m"));
}

fn walk_node(schema: &Schema, node: super::super::Node<'_>) {
    let _ = (node.path(), node.children().count(), node.data_children().count());
    let _ = (node.keys().count(), node.defaults().count(), node.default_case());
    let _ = (node.units(), node.presence(), node.reference(), node.description(), node.source());
    let _ = node.uniques().map(|set| set.len()).sum::<usize>();
    for must in node.musts() {
        let _ = (must.xpath(), must.error_message(), must.error_app_tag(), must.description());
    }
    for when in node.whens() {
        let _ = (when.xpath(), when.text(), schema.node(when.context()).name());
    }
    let _ = node.extensions().count();
    for name in ["a", "c", "r"] {
        let _ = schema.data_child(node.id(), None, name);
    }
    let Some(type_) = node.type_id().map(|id| schema.type_(id)) else { return };
    let _ = (type_.ranges().count(), type_.lengths().count(), type_.patterns().count());
    let _ = (type_.enums().count(), type_.bits().count(), type_.bases().count());
    let _ = (type_.members().count(), type_.path(), type_.target(), type_.realtype().kind());
    let mut base = type_.base();
    while let Some(id) = base {
        base = schema.type_(id).base();
    }
}

#[test]
fn the_sample_is_read_back() {
    walk(&Schema::from_bytes(&sample()).expect("fresh bytes"));
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 3_000,
        failure_persistence: None,
        ..Default::default()
    })]

    /// Words that were changed, with the checksum made right again, are refused or harmless.
    #[test]
    fn forged_bytes_never_panic(
        changes in prop::collection::vec((0usize..100_000, any::<u8>(), any::<bool>()), 1..6)
    ) {
        let mut bytes = sample();
        let length = bytes.len() - HEADER_BYTES;
        for (at, value, low) in changes {
            // Changes of the low byte of a word are the ones that stay plausible.
            let at = if low { at / 4 * 4 } else { at } % length;
            bytes[HEADER_BYTES + at] = value;
        }
        let sum = checksum(&bytes[HEADER_BYTES..]);
        bytes[16..24].copy_from_slice(&sum.to_le_bytes());
        if let Ok(schema) = Schema::from_bytes(&bytes) {
            walk(&schema);
        }
    }
}
