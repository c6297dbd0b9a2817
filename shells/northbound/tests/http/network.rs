//! A network made up for these tests: two layers and one device type, with a node of every kind
//! that RESTCONF treats in its own way.

use std::collections::BTreeMap;
use std::sync::Arc;

use transform::{
    DeviceType, LayerSpec, Refusal, SchemaKey, System, TransformFn, TransformInput, TransformOutput,
};
use vocab::ModuleFacts;
use yang::{Compiler, NodeId, Options, Schema};
use yang_data::{Branch, Key, Path, Tree, Value};

/// The device type's name.
pub(crate) const BOX: &str = "box";

const SHOP: &str = r#"
module shop {
  yang-version 1.1; namespace "urn:shop"; prefix shop;
  import weft { prefix weft; }
  revision 2026-01-15;
  feature colours;
  container shop {
    list router {
      key name; weft:transform Router;
      leaf name { type string { length "1..40"; } }
      leaf id { type uint8; mandatory true; }
      leaf role { type enumeration { enum edge; enum core; } default edge; }
      leaf simulated { type boolean; default true; }
      leaf guarded { type boolean; default false; }
      container options { leaf mtu { type uint16; default 1500; } }
      container logging { presence "it logs"; leaf level { type uint8; } }
    }
    list cable {
      key "left right"; weft:transform Cable;
      leaf left { type leafref { path "/shop/router/name"; } }
      leaf right { type string; }
      leaf port { type string; mandatory true; }
      leaf label { type string; }
    }
    list rule {
      key name; ordered-by user;
      leaf name { type string; }
      leaf action { type string; }
    }
    leaf-list tag { type string; ordered-by user; }
    leaf limit { type uint16 { range "1..100"; } must "../motto" { error-message "say why"; } }
    leaf motto { type string; }
    leaf price { type decimal64 { fraction-digits 2; } }
    choice way { leaf by-road { type empty; } leaf by-sea { type empty; } }
  }
  leaf note { type string; }
}"#;

const LOW: &str = r#"
module low {
  yang-version 1.1; namespace "urn:low"; prefix low;
  import weft { prefix weft; }
  import stratoweave-rfs { prefix sw-rfs; }
  augment "/sw-rfs:rfs" {
    container base {
      weft:device-transform Base;
      leaf address { type string; }
    }
    list port {
      key name; weft:device-transform Port;
      leaf name { type string; }
      leaf label { type string; }
    }
  }
}"#;

const DEVICE: &str = r#"
module box {
  yang-version 1.1; namespace "urn:box"; prefix box;
  revision 2025-05-05;
  container system { leaf host { type string; } leaf address { type string; } }
  list port { key name; leaf name { type string; } leaf label { type string; } }
}"#;

const SUPPORT: [(&str, &str); 3] = [
    ("weft.yang", include_str!("../../../../schemas/weft.yang")),
    ("ietf-inet-types.yang", include_str!("../../../../schemas/ietf-inet-types.yang")),
    ("stratoweave-rfs.yang", include_str!("../../../../schemas/stratoweave-rfs.yang")),
];

fn compile(texts: &[(&str, &str)], imported: &[(&str, &str)]) -> Arc<Schema> {
    let mut compiler = Compiler::new(Options::default());
    texts.iter().for_each(|(name, text)| compiler.add(name, *text));
    imported.iter().for_each(|(name, text)| compiler.add_import_only(name, *text));
    let compiled = compiler.compile();
    Arc::new(compiled.schema.unwrap_or_else(|| panic!("{:#?}", compiled.diagnostics)))
}

pub(crate) fn system() -> System {
    let top = compile(&[("shop.yang", SHOP)], &SUPPORT[..1]);
    let low = compile(&[("low.yang", LOW), SUPPORT[2]], &SUPPORT[..2]);
    let device = compile(&[("box.yang", DEVICE)], &[]);
    let at = |path: &str, run: TransformFn| (path.to_owned(), run);
    let (below, onto) = (Arc::clone(&low), Arc::clone(&device));
    let (below_cable, onto_port) = (Arc::clone(&low), Arc::clone(&device));
    let layers = vec![
        LayerSpec {
            name: "shop",
            schema: top,
            transforms: vec![
                at("/shop:shop/router", Arc::new(move |input| router(input, &below))),
                at("/shop:shop/cable", Arc::new(move |input| cable(input, &below_cable))),
            ],
        },
        LayerSpec {
            name: "low",
            schema: low,
            transforms: vec![
                at("/stratoweave-rfs:rfs/low:base", Arc::new(move |input| base(input, &onto))),
                at("/stratoweave-rfs:rfs/low:port", Arc::new(move |input| port(input, &onto_port))),
            ],
        },
    ];
    let kind = DeviceType::new(BOX, device, modules());
    System::new(layers, vec![kind]).unwrap_or_else(|errors| panic!("{errors:#?}"))
}

/// What a box announces.
pub(crate) fn modules() -> BTreeMap<String, ModuleFacts> {
    let module = ModuleFacts {
        namespace: "urn:box".to_owned(),
        revision: Some("2025-05-05".to_owned()),
        features: Vec::new(),
    };
    BTreeMap::from([("box".to_owned(), module)])
}

/// A tree under construction, by names.
struct Draft<'a> {
    input: &'a TransformInput<'a>,
    tree: Tree,
}

impl<'a> Draft<'a> {
    fn new(input: &'a TransformInput<'a>, schema: &Arc<Schema>) -> Self {
        Self { input, tree: Tree::new(Arc::clone(schema)) }
    }

    fn entry(&mut self, list: &str, key: &str) -> Path {
        let path = Path::ROOT.entry(self.tree.schema().find(list).unwrap(), Key::from(key));
        self.tree.branch_mut(&path, self.input.origin);
        path
    }

    fn below(&mut self, parent: &Path, name: &str) -> Path {
        parent.child(self.node(parent, name))
    }

    fn set(&mut self, parent: &Path, name: &str, value: impl Into<Value>) {
        let path = parent.child(self.node(parent, name));
        self.tree.set(&path, value.into(), self.input.origin);
    }

    fn node(&self, parent: &Path, name: &str) -> NodeId {
        let above = parent.steps().last().map_or(Schema::ROOT, |step| step.node);
        self.tree.schema().data_child(above, None, name).unwrap()
    }

    fn output(self, schema: SchemaKey) -> TransformOutput {
        TransformOutput { schema, branch: self.tree.root().clone(), memory: None }
    }
}

fn text(input: &TransformInput<'_>, name: &str) -> Option<String> {
    let own = input.path.steps().last().unwrap().node;
    let value = leaf(input.schema, input.branch, own, name)?;
    Some(value.text(input.schema).to_string())
}

fn leaf(schema: &Schema, branch: &Branch, parent: NodeId, name: &str) -> Option<Value> {
    branch.leaf(schema.data_child(parent, None, name)?).cloned()
}

type Outcome = Result<TransformOutput, Refusal>;

fn router(input: &TransformInput<'_>, low: &Arc<Schema>) -> Outcome {
    let name = text(input, "name").unwrap();
    let id = text(input, "id").ok_or(Refusal::Incomplete { path: "id".to_owned() })?;
    assert!(id != "66", "on purpose");
    if id == "13" {
        let path = format!("{}/id", input.path.text(input.schema));
        let message = "13 brings bad luck: choose another".to_owned();
        return Err(Refusal::Invalid { path, message });
    }
    let is_mock = text(input, "simulated").is_none_or(|text| text == "true");
    let mut draft = Draft::new(input, low);
    let device = draft.entry("/stratoweave-rfs:device", &name);
    draft.set(&device, "type", if id == "99" { "toaster" } else { BOX });
    let address = draft.tree.schema().find("/stratoweave-rfs:device/address").unwrap();
    let address = device.entry(address, Key::from("oob"));
    draft.set(&address, "address", "192.0.2.1");
    let credentials = draft.below(&device, "credentials");
    draft.set(&credentials, "username", "admin");
    let mock = draft.below(&device, "mock");
    draft.set(&mock, "enabled", is_mock);
    let is_guarded = text(input, "guarded").is_some_and(|text| text == "true");
    draft.set(&device, "approval-required", is_guarded);
    let rfs = draft.entry("/stratoweave-rfs:rfs", &name);
    let base = draft.below(&rfs, "base");
    draft.set(&base, "address", format!("10.0.0.{id}"));
    Ok(draft.output(SchemaKey::NextLayer))
}

fn cable(input: &TransformInput<'_>, low: &Arc<Schema>) -> Outcome {
    let (left, port) = (text(input, "left").unwrap(), text(input, "port").unwrap());
    let mut draft = Draft::new(input, low);
    let rfs = draft.entry("/stratoweave-rfs:rfs", &left);
    let list = draft.tree.schema().find("/stratoweave-rfs:rfs/low:port").unwrap();
    let port = rfs.entry(list, Key::from(port.as_str()));
    let label = text(input, "label").unwrap_or_else(|| text(input, "right").unwrap());
    draft.set(&port, "label", label);
    Ok(draft.output(SchemaKey::NextLayer))
}

fn base(input: &TransformInput<'_>, device: &Arc<Schema>) -> Outcome {
    let mut draft = Draft::new(input, device);
    let system = draft.below(&Path::ROOT, "system");
    let name = input.path.steps()[0].key.as_ref().unwrap().values()[0].clone();
    draft.set(&system, "host", name);
    draft.set(&system, "address", text(input, "address").unwrap_or_default());
    Ok(draft.output(SchemaKey::Device(BOX)))
}

fn port(input: &TransformInput<'_>, device: &Arc<Schema>) -> Outcome {
    let mut draft = Draft::new(input, device);
    let port = draft.entry("/box:port", &text(input, "name").unwrap());
    draft.set(&port, "label", text(input, "label").unwrap_or_default());
    Ok(draft.output(SchemaKey::Device(BOX)))
}
