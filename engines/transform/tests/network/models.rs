//! The models of the made-up network.

use std::sync::Arc;

use yang::{Compiler, Options, Schema};

const EXTENSIONS: &str = include_str!("../../../../schemas/weft.yang");

pub(crate) const TOP: &str = r#"
module top {
  yang-version 1.1; namespace "urn:top"; prefix top;
  import weft { prefix weft; }
  leaf secret { type string; default "s3cret"; }
  list router {
    key name; weft:transform Router;
    leaf name { type string; }
    leaf id { type uint32; mandatory true; }
  }
  list vpn {
    key name; weft:transform Vpn;
    leaf name { type string; }
    list site {
      key router;
      leaf router { weft:link router; type leafref { path "/top:router/top:name"; } }
      leaf port { type string; }
    }
  }
  list counter {
    key name; weft:transform Counter;
    leaf name { type string; }
    leaf note { type string; }
  }
  list rule-set {
    key name; weft:transform RuleSet;
    leaf name { type string; }
    leaf-list rule { type string; ordered-by user; }
  }
}"#;

pub(crate) const LOW: &str = r#"
module low {
  yang-version 1.1; namespace "urn:low"; prefix low;
  import weft { prefix weft; }
  list device {
    key name; weft:device-transform Base;
    leaf name { type string; }
    leaf loopback { type string { pattern "10\\.0\\.0\\.[0-9]{1,2}"; } mandatory true; }
    list port {
      key name; weft:device-transform Port;
      leaf name { type string; }
      leaf vpn { type string; mandatory true; }
      leaf router-id { type uint32; }
    }
  }
  list group {
    key id;
    leaf id { type string; }
    leaf secret { type string; }
    leaf-list member { type string; }
  }
  list counter {
    key name;
    leaf name { type string; }
    leaf seen { type uint32; }
  }
  leaf-list rule { type string; ordered-by user; }
}"#;

pub(crate) const BOX: &str = r#"
module box {
  yang-version 1.1; namespace "urn:box"; prefix box;
  leaf host { type string; }
  leaf address { type string; }
  list port {
    key name;
    leaf name { type string; }
    leaf label { type string; }
  }
}"#;

pub(crate) fn compile(text: &str) -> Arc<Schema> {
    let mut compiler = Compiler::new(Options::default());
    compiler.add("test.yang", text);
    compiler.add("weft.yang", EXTENSIONS);
    let compiled = compiler.compile();
    let schema = compiled.schema.unwrap_or_else(|| panic!("{:#?}", compiled.diagnostics));
    Arc::new(schema)
}
