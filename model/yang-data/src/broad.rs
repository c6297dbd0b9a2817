//! A test schema with a node of every kind and a leaf of every type, in two modules.

use std::sync::Arc;

use crate::{Types, sample};

/// The main module.
pub(crate) const BROAD: &str = r#"
module broad {
  yang-version 1.1;
  namespace "urn:broad";
  prefix b;
  identity shape;
  identity round { base shape; }
  identity square { base shape; }
  typedef percent { type uint8 { range "0..100"; } }
  typedef name {
    type string { length "1..20"; pattern "[a-z][a-z0-9\\-_]*"; }
  }
  typedef level {
    type union {
      type uint8 { range "1..10"; }
      type int64;
      type enumeration { enum low; enum high { value 7; } }
      type string { pattern "x.*"; }
    }
  }
  container top {
    leaf i8 { type int8; }
    leaf i16 { type int16 { range "-5..5 | 100"; } }
    leaf i32 { type int32; }
    leaf i64 { type int64; }
    leaf u8 { type percent; default 50; }
    leaf u16 { type uint16; }
    leaf u32 { type uint32; }
    leaf u64 { type uint64; }
    leaf dec { type decimal64 { fraction-digits 3; range "-10..10.5"; } }
    leaf str { type string; }
    leaf short { type name { pattern ".*bad.*" { modifier invert-match; error-message "no bad names"; } } }
    leaf truth { type boolean; default true; }
    leaf colour { type enumeration { enum red; enum green { value 10; } enum "deep blue"; } default green; }
    leaf flags { type bits { bit read { position 2; } bit write { position 0; } bit run; } }
    leaf blob { type binary { length "1..8"; } }
    leaf mark { type empty; }
    leaf form { type identityref { base shape; } }
    leaf where { type instance-identifier { require-instance false; } }
    leaf level { type level; }
    leaf ref { type leafref { path "../u16"; } }
    leaf-list sizes { type uint16; default 1; default 2; }
    leaf-list steps { type string; ordered-by user; }
    leaf-list forms { type identityref { base shape; } }
    container always { leaf a { type string; } leaf b { type string; default bee; } }
    container maybe { presence "there"; leaf a { type string; } leaf c { type uint8; default 3; } }
    choice way {
      default fast;
      case fast { leaf speed { type uint32; default 10; } leaf gear { type uint8; } }
      case slow { leaf delay { type uint32; } container queue { leaf depth { type uint8; } } }
      leaf still { type empty; }
    }
    list item {
      key "name";
      leaf name { type string; }
      leaf size { type uint32; }
      leaf note { type string; }
      leaf kind { type string; default plain; }
      list part { key "x y"; leaf y { type string; } leaf x { type int16; } leaf z { type string; } }
    }
    list rank {
      key "id";
      ordered-by user;
      leaf id { type uint8; }
      leaf note { type string; }
    }
    list by-form { key form; leaf form { type identityref { base shape; } } leaf v { type string; } }
    anydata any;
    container state {
      config false;
      leaf up { type boolean; }
      leaf-list seen { type string; }
      list event { leaf what { type string; } }
      list port { key n; leaf n { type uint8; } leaf rate { type uint64; } }
    }
  }
  leaf lone { type string; }
  list ring { key id; leaf id { type uint8; } leaf counter { config false; type uint64; } }
  rpc ping { input { leaf host { type string; } } output { leaf ok { type boolean; } } }
}
"#;

/// Augments the main module, also with names that are there already.
pub(crate) const EXTRA: &str = r#"
module extra {
  yang-version 1.1;
  namespace "urn:extra?a=1&b=2";
  prefix x;
  import broad { prefix b; }
  identity oval { base b:round; }
  augment "/b:top" { leaf str { type string; } leaf shape { type identityref { base b:shape; } } }
  augment "/b:top/b:item" { leaf weight { type decimal64 { fraction-digits 1; } } }
  container outer { container broad { leaf str { type string; } } }
}
"#;

/// The types of both.
pub(crate) fn types() -> Arc<Types> {
    sample::types(&[BROAD, EXTRA])
}
