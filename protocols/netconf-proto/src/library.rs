//! Which modules a server has: YANG library (RFC 8525, RFC 7895), the list of schemas of
//! ietf-netconf-monitoring (RFC 6022), or the hello.
//!
//! Ask in the order of [`Inventory::ALL`] and stop at the first that [`Inventory::read`] finds
//! modules in; what is left is [`Capabilities::modules`](crate::Capabilities::modules). Any of the
//! three may be refused or empty on a device that lacks it.

use crate::error::Error;
use crate::limits::Limits;
use crate::request::Filter;
use crate::xml::{Document, Element, MONITORING, Writer, YANG_LIBRARY};

/// A module that a server has.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Module {
    /// Its name.
    pub name: String,
    /// Its revision; `None` when it has none or none is told.
    pub revision: Option<String>,
    /// Its namespace.
    pub namespace: String,
    /// The features that the server supports.
    pub features: Vec<String>,
    /// The modules with deviations to it.
    pub deviations: Vec<String>,
    /// Its submodules, where they are told.
    pub submodules: Vec<Submodule>,
    /// Whether its data nodes are there, or only what others import from it.
    pub conformance: Conformance,
}

/// A part of a module.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Submodule {
    /// Its name.
    pub name: String,
    /// Its revision.
    pub revision: Option<String>,
}

/// What a server does with a module.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Conformance {
    /// It implements the module. What does not tell is taken so.
    Implement,
    /// It has the module for what others import from it.
    Import,
}

impl Module {
    /// A module of which only this is known.
    #[must_use]
    pub fn new(name: &str, namespace: &str) -> Self {
        Self {
            name: name.to_owned(),
            revision: None,
            namespace: namespace.to_owned(),
            features: Vec::new(),
            deviations: Vec::new(),
            submodules: Vec::new(),
            conformance: Conformance::Implement,
        }
    }
}

/// A place where a server tells its modules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Inventory {
    /// `/yang-library` of RFC 8525.
    YangLibrary,
    /// `/modules-state` of RFC 7895, deprecated by the above.
    ModulesState,
    /// `/netconf-state/schemas` of RFC 6022: no features and no deviations.
    Schemas,
}

impl Inventory {
    /// All, the most telling first.
    pub const ALL: [Self; 3] = [Self::YangLibrary, Self::ModulesState, Self::Schemas];

    /// The filter of a `get` that asks for it.
    #[must_use]
    pub fn filter(self) -> Filter {
        let mut w = Writer::new();
        match self {
            Self::YangLibrary => w.foreign("yang-library", YANG_LIBRARY, |_| {}),
            Self::ModulesState => w.foreign("modules-state", YANG_LIBRARY, |_| {}),
            Self::Schemas => w.foreign("netconf-state", MONITORING, |w| w.empty("schemas")),
        }
        Filter::Subtree(w.finish())
    }

    /// Reads the modules out of the content of `<data>`, each name and revision once, in the order
    /// of the server. `None` when the data does not hold this inventory.
    ///
    /// # Errors
    /// [`Error::BadModules`] for a module without a name, and those of XML.
    pub fn read(self, data: &str, limits: &Limits) -> Result<Option<Vec<Module>>, Error> {
        let document = Document::parse_content(data, limits)?;
        let top = document.top();
        let modules = match self {
            Self::YangLibrary => {
                top.child(YANG_LIBRARY, "yang-library").map(yang_library).transpose()?
            }
            Self::ModulesState => {
                top.child(YANG_LIBRARY, "modules-state").map(modules_state).transpose()?
            }
            Self::Schemas => {
                let state = top.child(MONITORING, "netconf-state");
                let schemas = state.and_then(|s| s.child(MONITORING, "schemas"));
                schemas.map(monitored_schemas).transpose()?
            }
        };
        Ok(modules.map(without_doubles))
    }

    /// Writes this inventory as content of `<data>`, for a server. A library of RFC 8525 gets one
    /// module set named `complete`, used by all datastores.
    #[must_use]
    pub fn write(self, modules: &[Module], content_id: &str) -> String {
        let mut w = Writer::new();
        match self {
            Self::YangLibrary => write_yang_library(&mut w, modules, content_id),
            Self::ModulesState => write_modules_state(&mut w, modules, content_id),
            Self::Schemas => write_schemas(&mut w, modules),
        }
        w.finish()
    }
}

/// `/yang-library`: the modules of all module sets.
fn yang_library(library: Element<'_>) -> Result<Vec<Module>, Error> {
    let mut modules = Vec::new();
    for set in children(library, "module-set") {
        for element in children(set, "module") {
            modules.push(module(element, Conformance::Implement)?);
        }
        for element in children(set, "import-only-module") {
            modules.push(module(element, Conformance::Import)?);
        }
    }
    Ok(modules)
}

fn modules_state(state: Element<'_>) -> Result<Vec<Module>, Error> {
    children(state, "module")
        .map(|element| {
            let import = leaf(element, "conformance-type")?.is_some_and(|c| c == "import");
            module(element, if import { Conformance::Import } else { Conformance::Implement })
        })
        .collect()
}

/// A module of either library; the names of their leaves agree.
fn module(element: Element<'_>, conformance: Conformance) -> Result<Module, Error> {
    let name = required(element, "name")?;
    let submodules = children(element, "submodule")
        .map(|s| Ok(Submodule { name: required(s, "name")?, revision: leaf(s, "revision")? }));
    Ok(Module {
        revision: leaf(element, "revision")?,
        features: children(element, "feature").map(Element::trimmed).collect::<Result<_, _>>()?,
        deviations: children(element, "deviation").map(deviation).collect::<Result<_, _>>()?,
        submodules: submodules.collect::<Result<_, Error>>()?,
        conformance,
        ..Module::new(&name, &leaf(element, "namespace")?.unwrap_or_default())
    })
}

/// A leaf-list entry in RFC 8525, a list entry with name and revision in RFC 7895.
fn deviation(element: Element<'_>) -> Result<String, Error> {
    match element.child(YANG_LIBRARY, "name") {
        Some(name) => name.trimmed(),
        None => element.trimmed(),
    }
}

/// `/netconf-state/schemas`: one entry per name, version and format; only YANG text counts.
fn monitored_schemas(schemas: Element<'_>) -> Result<Vec<Module>, Error> {
    let mut modules = Vec::new();
    for schema in schemas.children().filter(|c| c.is(MONITORING, "schema")) {
        let leaf = |name| schema.child(MONITORING, name).map(Element::trimmed).transpose();
        let format = leaf("format")?.unwrap_or_else(|| "yang".to_owned());
        if format.rsplit(':').next() != Some("yang") {
            continue;
        }
        let name = leaf("identifier")?.filter(|name| !name.is_empty());
        let name = name.ok_or_else(|| nameless("schema"))?;
        modules.push(Module {
            revision: leaf("version")?.filter(|version| !version.is_empty()),
            ..Module::new(&name, &leaf("namespace")?.unwrap_or_default())
        });
    }
    Ok(modules)
}

/// Drops what stands in several module sets; where one of them implements it, it is implemented.
fn without_doubles(modules: Vec<Module>) -> Vec<Module> {
    let mut places = std::collections::BTreeMap::new();
    let mut kept: Vec<Module> = Vec::with_capacity(modules.len());
    for module in modules {
        let key = (module.name.clone(), module.revision.clone());
        match places.get(&key) {
            None => {
                places.insert(key, kept.len());
                kept.push(module);
            }
            Some(at) if kept[*at].conformance > module.conformance => kept[*at] = module,
            Some(_) => {}
        }
    }
    kept
}

fn children<'d>(element: Element<'d>, name: &str) -> impl Iterator<Item = Element<'d>> {
    element.children().filter(move |c| c.is(YANG_LIBRARY, name))
}

/// A leaf that may be absent or, as RFC 7895 writes a missing revision, empty.
fn leaf(element: Element<'_>, name: &str) -> Result<Option<String>, Error> {
    let text = element.child(YANG_LIBRARY, name).map(Element::trimmed).transpose()?;
    Ok(text.filter(|text| !text.is_empty()))
}

fn required(element: Element<'_>, name: &str) -> Result<String, Error> {
    leaf(element, name)?.ok_or_else(|| nameless(element.local()))
}

fn nameless(what: &str) -> Error {
    Error::BadModules { reason: format!("a {what} has no name") }
}

/// The datastores that the written library announces, with the prefix `ds`.
const DATASTORES: [&str; 2] = ["running", "operational"];
const DATASTORES_NAMESPACE: &str = "urn:ietf:params:xml:ns:yang:ietf-datastores";

fn write_yang_library(w: &mut Writer, modules: &[Module], content_id: &str) {
    w.foreign("yang-library", YANG_LIBRARY, |w| {
        w.element("module-set", |w| {
            w.leaf("name", "complete");
            let of = |c| modules.iter().filter(move |m| m.conformance == c);
            for module in of(Conformance::Implement) {
                w.element("module", |w| {
                    write_identity(w, module, false);
                    write_submodules(w, module, false);
                    module.features.iter().for_each(|f| w.leaf("feature", f));
                    module.deviations.iter().for_each(|d| w.leaf("deviation", d));
                });
            }
            for module in of(Conformance::Import) {
                w.element("import-only-module", |w| {
                    // The revision is a key of this list: it is there, if empty.
                    write_identity(w, module, true);
                    write_submodules(w, module, false);
                });
            }
        });
        w.element("schema", |w| {
            w.leaf("name", "complete");
            w.leaf("module-set", "complete");
        });
        for name in DATASTORES {
            w.element("datastore", |w| {
                let attribute = format!(" xmlns:ds=\"{DATASTORES_NAMESPACE}\"");
                w.element_with("name", &attribute, |w| w.text(&format!("ds:{name}")));
                w.leaf("schema", "complete");
            });
        }
        w.leaf("content-id", content_id);
    });
}

fn write_modules_state(w: &mut Writer, modules: &[Module], content_id: &str) {
    w.foreign("modules-state", YANG_LIBRARY, |w| {
        w.leaf("module-set-id", content_id);
        for module in modules {
            w.element("module", |w| {
                write_identity(w, module, true);
                module.features.iter().for_each(|f| w.leaf("feature", f));
                for name in &module.deviations {
                    let found = modules.iter().find(|m| m.name == *name);
                    let revision = found.and_then(|m| m.revision.as_deref()).unwrap_or_default();
                    w.element("deviation", |w| {
                        w.leaf("name", name);
                        w.leaf("revision", revision);
                    });
                }
                w.leaf(
                    "conformance-type",
                    match module.conformance {
                        Conformance::Implement => "implement",
                        Conformance::Import => "import",
                    },
                );
                write_submodules(w, module, true);
            });
        }
    });
}

fn write_identity(w: &mut Writer, module: &Module, keyed: bool) {
    w.leaf("name", &module.name);
    w.optional("revision", module.revision.as_deref().or(keyed.then_some("")));
    w.leaf("namespace", &module.namespace);
}

fn write_submodules(w: &mut Writer, module: &Module, keyed: bool) {
    for submodule in &module.submodules {
        w.element("submodule", |w| {
            w.leaf("name", &submodule.name);
            w.optional("revision", submodule.revision.as_deref().or(keyed.then_some("")));
        });
    }
}

fn write_schemas(w: &mut Writer, modules: &[Module]) {
    w.foreign("netconf-state", MONITORING, |w| {
        w.element("schemas", |w| {
            for module in modules {
                write_schema(w, &module.name, module.revision.as_deref(), &module.namespace);
                for part in &module.submodules {
                    write_schema(w, &part.name, part.revision.as_deref(), &module.namespace);
                }
            }
        });
    });
}

fn write_schema(w: &mut Writer, name: &str, revision: Option<&str>, namespace: &str) {
    w.element("schema", |w| {
        w.leaf("identifier", name);
        w.leaf("version", revision.unwrap_or_default());
        w.leaf("format", "yang");
        w.leaf("namespace", namespace);
        w.leaf("location", "NETCONF");
    });
}

#[cfg(test)]
mod tests;
