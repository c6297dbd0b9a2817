//! Which modules a device has.

use std::collections::BTreeMap;

use netconf_proto::{Body, Capabilities, Conformance, Inventory, Module, Request};
use tokio::io::{AsyncRead, AsyncWrite};
use vocab::ModuleFacts;

use crate::config::Config;
use crate::error::SouthboundError;
use crate::session::Session;

/// The modules that a device implements, by name: from its YANG library, else from its list of
/// schemas, else from its hello.
///
/// # Errors
/// Those of the session. A device that refuses one source is asked for the next.
pub(crate) async fn modules<S: AsyncRead + AsyncWrite + Unpin>(
    session: &mut Session<S>,
    config: &Config,
) -> Result<BTreeMap<String, ModuleFacts>, SouthboundError> {
    for inventory in Inventory::ALL {
        if !may_have(inventory, &session.capabilities) {
            continue;
        }
        let filter = Some(inventory.filter());
        let request = Request::Get { filter, with_defaults: None };
        let Ok(Body::Data(data)) = session.ask(request, config.timeouts.read).await? else {
            continue;
        };
        match inventory.read(&data, &config.limits) {
            Ok(Some(modules)) if !modules.is_empty() => {
                return Ok(facts(modules, &session.capabilities));
            }
            Ok(_) => {}
            Err(error) => tracing::warn!(?inventory, %error, "unreadable list of modules"),
        }
    }
    Ok(facts(session.capabilities.modules(), &session.capabilities))
}

/// Whether it is worth asking: some devices answer a question for what they lack with everything
/// they have.
fn may_have(inventory: Inventory, capabilities: &Capabilities) -> bool {
    let library = capabilities.yang_library();
    let is_module = || {
        capabilities
            .iter()
            .any(|one| one.module().is_some_and(|module| module.name == "ietf-yang-library"))
    };
    match inventory {
        Inventory::YangLibrary => {
            library.as_ref().is_some_and(|one| one.has_datastores) || is_module()
        }
        Inventory::ModulesState => library.is_some() || is_module(),
        Inventory::Schemas => capabilities.has_monitoring(),
    }
}

/// What a list of schemas does not tell, features, the hello may.
fn facts(modules: Vec<Module>, capabilities: &Capabilities) -> BTreeMap<String, ModuleFacts> {
    let in_hello: BTreeMap<String, Module> =
        capabilities.modules().into_iter().map(|module| (module.name.clone(), module)).collect();
    modules
        .into_iter()
        .filter(|module| module.conformance == Conformance::Implement)
        .map(|module| {
            let told = in_hello.get(&module.name);
            let mut features = match module.features.is_empty() {
                true => told.map(|told| told.features.clone()).unwrap_or_default(),
                false => module.features,
            };
            // The order that a device lists them in means nothing and may change.
            features.sort();
            features.dedup();
            let (namespace, revision) = (module.namespace, module.revision);
            (module.name, ModuleFacts { namespace, revision, features })
        })
        .collect()
}
