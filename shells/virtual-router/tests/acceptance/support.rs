//! The router of the tests: its schema, its first configuration.

use std::path::PathBuf;
use std::sync::Arc;

use virtual_router::{RouterConfig, RouterModel, Sources, VirtualRouter};
use yang::{Compiler, Options, Schema};
use yang_data::decode::DecodeOptions;
use yang_data::{Branch, Types, xml};

pub(crate) const LAB_ROUTER: &str = include_str!("lab-router.yang");

pub(crate) fn schema() -> Arc<Schema> {
    let mut compiler = Compiler::new(Options::default());
    compiler.add("lab-router.yang", LAB_ROUTER);
    let compiled = compiler.compile();
    let diagnostics: Vec<_> = compiled.diagnostics.iter().map(ToString::to_string).collect();
    Arc::new(compiled.schema.unwrap_or_else(|| panic!("{}", diagnostics.join("\n"))))
}

pub(crate) fn sources() -> Sources {
    Sources::from([(("lab-router".to_owned(), "2026-11-01".to_owned()), LAB_ROUTER.to_owned())])
}

pub(crate) fn branch(schema: &Arc<Schema>, config: &str) -> Branch {
    let types = Types::new(Arc::clone(schema));
    xml::parse_branch(&types, Schema::ROOT, config, &DecodeOptions::default()).unwrap()
}

/// Two interfaces, one of them a tunnel.
pub(crate) const STARTUP: &str = r#"
    <system xmlns="urn:weft:test:lab-router"><hostname>r1</hostname></system>
    <interfaces xmlns="urn:weft:test:lab-router" xmlns:l="urn:weft:test:lab-router">
      <interface><name>ge-0</name><type>l:tunnel</type><mtu>1500</mtu></interface>
      <interface><name>ge-1</name><mtu>9000</mtu></interface>
    </interfaces>"#;

pub(crate) async fn router(change: impl FnOnce(&mut RouterConfig)) -> VirtualRouter {
    let schema = schema();
    let startup = branch(&schema, STARTUP);
    let model = RouterModel::of_schema("lab-router", schema, sources());
    let mut config = RouterConfig { startup, ..RouterConfig::new("r1", model) };
    change(&mut config);
    VirtualRouter::start(config).await.unwrap()
}

/// The Python of a virtual environment with ncclient, where there is one.
pub(crate) fn python() -> Option<PathBuf> {
    let workspace = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    let named = std::env::var_os("WEFT_VENV").map(PathBuf::from);
    let python = named.unwrap_or_else(|| workspace.join("target/ci-venv/bin/python"));
    let has_client = std::process::Command::new(&python).args(["-c", "import ncclient"]).output();
    has_client.is_ok_and(|output| output.status.success()).then_some(python)
}
