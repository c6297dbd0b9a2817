//! What all routers of a type share: schema, announced modules, capabilities.

use std::collections::BTreeMap;
use std::sync::Arc;

use netconf_proto::{
    Capabilities, Capability, Conformance, Inventory, Module, Submodule, WithDefaults,
    WithDefaultsCapability, uri,
};
use yang::Schema;
use yang_data::Types;
use yang_data::validate::Validator;
use yang_data::xpath::View;

use crate::element::Element;

/// A type of router. Made once, shared by all its routers: hundreds of them cost little more than
/// their configurations.
pub struct RouterModel {
    device_type: String,
    features: Features,
    validator: Validator,
    modules: Vec<Module>,
    sources: Sources,
    /// Names the set of modules: it changes when they do.
    content_id: String,
    capabilities: Capabilities,
    /// YANG library in both forms, as `get` gives it.
    library: Vec<Element>,
    /// `<schemas>` of ietf-netconf-monitoring.
    schemas: Vec<Element>,
}

/// What a router can do, beyond reading and locking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Features {
    /// Chunked framing and the messages of RFC 6241.
    pub base_1_1: bool,
    /// A candidate datastore.
    pub candidate: bool,
    /// Changes of the running datastore itself.
    pub writable_running: bool,
    /// Commits that undo themselves; needs `candidate`.
    pub confirmed_commit: bool,
    /// The validate operation and test options.
    pub validate: bool,
    /// A startup datastore of its own.
    pub startup: bool,
    /// The YANG library tells the modules; else the hello does.
    pub yang_library: bool,
}

impl Default for Features {
    /// Everything but writing to running: with a candidate few routers allow that.
    fn default() -> Self {
        Self {
            base_1_1: true,
            candidate: true,
            writable_running: false,
            confirmed_commit: true,
            validate: true,
            startup: true,
            yang_library: true,
        }
    }
}

/// The texts of modules and submodules, by name and revision (empty where there is none).
pub type Sources = BTreeMap<(String, String), String>;

impl RouterModel {
    /// A type of router. `modules` are announced, besides those that this server needs itself;
    /// `sources` are what `get-schema` hands out.
    #[must_use]
    pub fn new(
        device_type: &str,
        schema: Arc<Schema>,
        features: Features,
        modules: Vec<Module>,
        sources: Sources,
    ) -> Arc<Self> {
        let modules = with_own_modules(modules, features);
        let content_id = content_id(&modules);
        let capabilities = capabilities(features, &modules, &content_id);
        let has_text = |module: &&Module| sources.keys().any(|(name, _)| *name == module.name);
        let told: Vec<Module> = modules.iter().filter(has_text).cloned().collect();
        let library = match features.yang_library {
            true => [Inventory::YangLibrary, Inventory::ModulesState].as_slice(),
            false => &[],
        };
        let elements = |inventory: Inventory, modules: &[Module]| {
            Element::parse_all(&inventory.write(modules, &content_id))
                .expect("what the codec writes is XML")
        };
        Arc::new(Self {
            device_type: device_type.to_owned(),
            features,
            validator: Validator::new(Arc::new(Types::new(schema)), View::Configuration),
            library: library.iter().flat_map(|one| elements(*one, &modules)).collect(),
            schemas: elements(Inventory::Schemas, &told)
                .into_iter()
                .flat_map(|state| state.children)
                .collect(),
            modules,
            sources,
            content_id,
            capabilities,
        })
    }

    /// A type of router with every feature that announces the modules of its schema.
    #[must_use]
    pub fn of_schema(device_type: &str, schema: Arc<Schema>, sources: Sources) -> Arc<Self> {
        let modules = modules_of(&schema);
        Self::new(device_type, schema, Features::default(), modules, sources)
    }

    /// The type of device it stands for, as the intent names it.
    #[must_use]
    pub fn device_type(&self) -> &str {
        &self.device_type
    }

    /// What its routers can do.
    #[must_use]
    pub fn features(&self) -> Features {
        self.features
    }

    /// What configurations are instances of.
    #[must_use]
    pub fn schema(&self) -> &Arc<Schema> {
        self.validator.schema()
    }

    /// The modules announced.
    #[must_use]
    pub fn modules(&self) -> &[Module] {
        &self.modules
    }

    /// The capabilities announced.
    #[must_use]
    pub fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    /// Changes when the announced modules do.
    #[must_use]
    pub fn content_id(&self) -> &str {
        &self.content_id
    }

    pub(crate) fn types(&self) -> &Arc<Types> {
        self.validator.types()
    }

    pub(crate) fn validator(&self) -> &Validator {
        &self.validator
    }

    pub(crate) fn sources(&self) -> &Sources {
        &self.sources
    }

    pub(crate) fn library(&self) -> &[Element] {
        &self.library
    }

    pub(crate) fn schemas(&self) -> &[Element] {
        &self.schemas
    }
}

impl std::fmt::Debug for RouterModel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RouterModel")
            .field("device_type", &self.device_type)
            .field("features", &self.features)
            .finish_non_exhaustive()
    }
}

/// The modules of a schema as a router announces them.
#[must_use]
pub fn modules_of(schema: &Schema) -> Vec<Module> {
    schema
        .modules()
        .map(|module| Module {
            revision: module.revision().map(str::to_owned),
            features: module.features().map(str::to_owned).collect(),
            submodules: module
                .submodules()
                .map(|(name, revision)| Submodule {
                    name: name.to_owned(),
                    revision: revision.map(str::to_owned),
                })
                .collect(),
            conformance: match module.is_implemented() {
                true => Conformance::Implement,
                false => Conformance::Import,
            },
            ..Module::new(module.name(), module.namespace())
        })
        .collect()
}

/// Modules whose data or operations the server itself has: name, revision, namespace.
const MONITORING: (&str, &str, &str) = ("ietf-netconf-monitoring", "2010-10-04", uri::MONITORING);
const LIBRARY: (&str, &str, &str) =
    ("ietf-yang-library", "2019-01-04", "urn:ietf:params:xml:ns:yang:ietf-yang-library");

fn with_own_modules(mut modules: Vec<Module>, features: Features) -> Vec<Module> {
    let own = [Some(MONITORING), features.yang_library.then_some(LIBRARY)];
    for (name, revision, namespace) in own.into_iter().flatten() {
        if !modules.iter().any(|module| module.name == name) {
            let revision = Some(revision.to_owned());
            modules.push(Module { revision, ..Module::new(name, namespace) });
        }
    }
    modules
}

/// A name for a set of modules: FNV-1a of what is announced of them.
fn content_id(modules: &[Module]) -> String {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in modules.iter().flat_map(|module| format!("{module:?}").into_bytes()) {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    format!("{hash:016x}")
}

fn capabilities(features: Features, modules: &[Module], content_id: &str) -> Capabilities {
    let standard = [
        (true, uri::BASE_1_0),
        (features.base_1_1, uri::BASE_1_1),
        (features.candidate, uri::CANDIDATE),
        (features.writable_running, uri::WRITABLE_RUNNING),
        (features.candidate && features.confirmed_commit, uri::CONFIRMED_COMMIT_1_1),
        (true, uri::ROLLBACK_ON_ERROR),
        (features.validate, uri::VALIDATE_1_1),
        (features.startup, uri::STARTUP),
    ];
    let mut all: Capabilities =
        standard.into_iter().filter(|(has, _)| *has).map(|(_, uri)| uri).collect();
    let defaults = WithDefaultsCapability {
        basic_mode: WithDefaults::Explicit,
        also_supported: vec![WithDefaults::ReportAll, WithDefaults::Trim],
    };
    all.insert(defaults.capability());
    if features.yang_library {
        let library = "urn:ietf:params:netconf:capability:yang-library:1.1?revision=2019-01-04";
        all.insert(Capability::new(&format!("{library}&content-id={content_id}")));
        let old = "urn:ietf:params:netconf:capability:yang-library:1.0?revision=2019-01-04";
        all.insert(Capability::new(&format!("{old}&module-set-id={content_id}")));
    }
    let in_hello = modules
        .iter()
        .filter(|module| !features.yang_library || module.namespace == uri::MONITORING);
    all.extend(
        in_hello
            .filter(|module| module.conformance == Conformance::Implement)
            .map(Capability::of_module),
    );
    all
}
