//! What the server says of itself: `ietf-yang-library` (RFC 8525) and the capabilities of
//! `ietf-restconf-monitoring` (RFC 8040, section 9).

use std::sync::Arc;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use yang::{Compiler, Module, Options, Schema};
use yang_data::decode::DecodeOptions;
use yang_data::{Tree, Types};

/// The revision of `ietf-yang-library` that the server implements.
pub const YANG_LIBRARY_VERSION: &str = "2019-01-04";

/// Texts of the modules of the server's own state.
const MODULES: [(&str, &str); 3] = [
    ("ietf-datastores.yang", include_str!("../yang/ietf-datastores.yang")),
    ("ietf-yang-library.yang", include_str!("../yang/ietf-yang-library.yang")),
    ("ietf-restconf-monitoring.yang", include_str!("../yang/ietf-restconf-monitoring.yang")),
];

/// Optional parts of RESTCONF that the server has (RFC 8040, section 9.1.1), and one of its own.
const CAPABILITIES: [&str; 7] = [
    "urn:ietf:params:restconf:capability:defaults:1.0?basic-mode=explicit",
    "urn:ietf:params:restconf:capability:depth:1.0",
    "urn:ietf:params:restconf:capability:fields:1.0",
    "urn:ietf:params:restconf:capability:with-defaults:1.0",
    "urn:ietf:params:restconf:capability:yang-patch:1.0",
    "urn:weft:params:restconf:capability:dry-run:1.0",
    "urn:weft:params:restconf:capability:async:1.0",
];

/// The name of the one module set, and of the one schema.
const MODULE_SET: &str = "weft";

/// State data of the server itself, readable beside the datastore. It does not change.
#[derive(Debug)]
pub struct Library {
    types: Types,
    tree: Tree,
}

/// A library that cannot be made: a bug of this crate, found at start.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the server cannot describe itself: {0}")]
pub struct LibraryError(String);

impl Library {
    /// Describes a server whose datastore is on a schema.
    ///
    /// # Errors
    /// When the description does not fit its own models.
    pub fn new(datastore: &Schema) -> Result<Self, LibraryError> {
        let own = compiled()?;
        let text = document(datastore, &own).to_string();
        let types = Types::new(own);
        let tree = yang_data::json::parse(&types, &text, &DecodeOptions::default());
        let tree = tree.map_err(|errors| LibraryError(format!("{errors:?}")))?;
        Ok(Self { types, tree })
    }

    /// The models it is on.
    pub fn types(&self) -> &Types {
        &self.types
    }

    /// The data.
    pub fn tree(&self) -> &Tree {
        &self.tree
    }

    /// Whether a path of a resource, as it stands in a URI, is about this data.
    pub fn has(&self, path: &str) -> bool {
        let first = path.trim_start_matches('/').split('/').next().unwrap_or_default();
        let module = first.split(':').next().unwrap_or_default();
        self.types.schema().module_named(module).is_some()
    }
}

fn compiled() -> Result<Arc<Schema>, LibraryError> {
    let mut compiler = Compiler::new(Options::default());
    for (name, text) in MODULES {
        compiler.add(name, text);
    }
    let compiled = compiler.compile();
    match compiled.schema {
        Some(schema) => Ok(Arc::new(schema)),
        None => Err(LibraryError(format!("{:?}", compiled.diagnostics))),
    }
}

fn document(datastore: &Schema, own: &Schema) -> Value {
    // What the datastore implements itself is not told twice.
    let is_new = |one: &Module<'_>| datastore.module_named(one.name()).is_none();
    let all = || datastore.modules().chain(own.modules().filter(is_new));
    let implemented: Vec<_> = all().filter(|one| one.is_implemented()).collect();
    let imported: Vec<_> = all().filter(|one| !one.is_implemented()).collect();
    let id = content_id(all());
    let modules: Vec<_> = implemented.iter().map(|one| module(datastore, *one)).collect();
    let import_only: Vec<_> = imported.iter().map(|one| import_only(*one)).collect();
    let old = implemented.iter().map(|one| (*one, "implement"));
    let old: Vec<_> = old
        .chain(imported.iter().map(|one| (*one, "import")))
        .map(|(one, conformance)| module_state(one, conformance))
        .collect();
    json!({
        "ietf-yang-library:yang-library": {
            "module-set": [{
                "name": MODULE_SET, "module": modules, "import-only-module": import_only,
            }],
            "schema": [{ "name": MODULE_SET, "module-set": [MODULE_SET] }],
            "datastore": [{ "name": "ietf-datastores:running", "schema": MODULE_SET }],
            "content-id": id,
        },
        "ietf-yang-library:modules-state": { "module-set-id": id, "module": old },
        "ietf-restconf-monitoring:restconf-state": {
            "capabilities": { "capability": CAPABILITIES },
        },
    })
}

fn module(schema: &Schema, module: Module<'_>) -> Value {
    let mut entry = json!({ "name": module.name(), "namespace": module.namespace() });
    if let Some(revision) = module.revision() {
        entry["revision"] = revision.into();
    }
    let features: Vec<_> = module.features().collect();
    if !features.is_empty() {
        entry["feature"] = features.into();
    }
    let submodules = submodules(module);
    if !submodules.is_empty() {
        entry["submodule"] = submodules.into();
    }
    // The server's own modules are deviated by nobody.
    let deviations = module.deviated_by().map(|id| schema.module(id).name());
    let deviations: Vec<_> = deviations.collect();
    if !deviations.is_empty() {
        entry["deviation"] = deviations.into();
    }
    entry
}

fn import_only(module: Module<'_>) -> Value {
    json!({
        "name": module.name(),
        "namespace": module.namespace(),
        "revision": module.revision().unwrap_or_default(),
    })
}

/// The module as servers told it before network management datastores (RFC 7895).
fn module_state(module: Module<'_>, conformance: &str) -> Value {
    let mut entry = json!({
        "name": module.name(),
        "revision": module.revision().unwrap_or_default(),
        "namespace": module.namespace(),
        "conformance-type": conformance,
    });
    let features: Vec<_> = module.features().collect();
    if conformance == "implement" && !features.is_empty() {
        entry["feature"] = features.into();
    }
    entry
}

fn submodules(module: Module<'_>) -> Vec<Value> {
    module
        .submodules()
        .map(|(name, revision)| match revision {
            Some(revision) => json!({ "name": name, "revision": revision }),
            None => json!({ "name": name }),
        })
        .collect()
}

/// Changes exactly when the modules do.
fn content_id<'s>(modules: impl Iterator<Item = Module<'s>>) -> String {
    let mut digest = Sha256::new();
    for module in modules {
        for text in [module.name(), module.revision().unwrap_or_default(), module.namespace()] {
            digest.update((text.len() as u64).to_be_bytes());
            digest.update(text);
        }
        module.features().for_each(|feature| digest.update(feature));
        digest.update([u8::from(module.is_implemented())]);
    }
    digest.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests;
