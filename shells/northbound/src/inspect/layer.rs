//! Layers in print.

use restconf_proto::{Format, problem};
use sha2::{Digest, Sha256};
use transform::{DeviceTarget, State};
use vocab::DeviceFacts;
use yang_data::print::{Envelope, PrintOptions};
use yang_data::{json, xml};

use crate::app::App;

/// Namespace of the layer of devices, as users of such a layer know it.
const NAMESPACE: &str = "http://stratoweave.org/yang/stratoweave-device.yang";
/// The module's name in JSON.
const MODULE: &str = "stratoweave-device";

/// A layer by its index; `None` when there is no such layer.
pub(super) fn print(app: &App, index: &str, format: Format) -> Option<String> {
    let index: usize = index.parse().ok()?;
    let view = app.view();
    let state = &view.head.state;
    if index == app.system().layer_count() {
        return Some(devices(app, state, format));
    }
    let tree = state.layer(app.system(), index)?;
    Some(match format {
        Format::Json => json::print(&tree, &PrintOptions::PRETTY),
        Format::Xml => {
            let options = PrintOptions { envelope: Envelope::Restconf, ..PrintOptions::PRETTY };
            xml::print(&tree, &options)
        }
    })
}

/// The targets of all devices as one document.
fn devices(app: &App, state: &State, format: Format) -> String {
    let entries = state.devices().filter_map(|(name, target)| {
        let set = modset_id(state.facts(&name));
        entry(app, name.as_str(), &set, &target, format)
    });
    match format {
        Format::Json => {
            let entries: Vec<String> = entries.collect();
            let entries = entries.join(",");
            format!("{{\"{MODULE}:devices\":{{\"device\":[{entries}]}}}}")
        }
        Format::Xml => {
            let entries: String = entries.collect();
            let envelope = xml::NAMESPACE_RESTCONF;
            format!(
                "<data xmlns=\"{envelope}\">\n<devices xmlns=\"{NAMESPACE}\">{entries}\n\
                 </devices>\n</data>"
            )
        }
    }
}

fn entry(
    app: &App,
    name: &str,
    set: &str,
    target: &DeviceTarget,
    format: Format,
) -> Option<String> {
    let schema = app.system().device_type(target.device_type)?.schema();
    Some(match format {
        Format::Json => {
            let config = json::print_branch(schema, &target.config, &PrintOptions::PRETTY);
            let name = serde_json::Value::from(name);
            format!("\n{{\"name\":{name},\"modset_id\":\"{set}\",\"config\":{config}}}")
        }
        Format::Xml => {
            let config = xml::print_branch(schema, &target.config, &PrintOptions::PRETTY);
            let name = problem::escaped(name);
            format!(
                "\n<device>\n<name>{name}</name>\n<modset_id>{set}</modset_id>\n\
                 <config>\n{config}\n</config>\n</device>"
            )
        }
    })
}

/// Differs when the modules of a device differ.
pub(super) fn modset_id(facts: Option<&DeviceFacts>) -> String {
    let mut digest = Sha256::new();
    for (name, module) in facts.into_iter().flat_map(|facts| &facts.modules) {
        let revision = module.revision.as_deref().unwrap_or_default();
        for text in [name, &module.namespace, revision] {
            digest.update((text.len() as u64).to_be_bytes());
            digest.update(text);
        }
        for feature in &module.features {
            digest.update(feature);
            digest.update([0]);
        }
    }
    digest.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}
