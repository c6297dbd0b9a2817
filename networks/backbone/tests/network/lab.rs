//! A network under test: intent in, layers and device configuration out. Every router is
//! simulated: its facts are those of its device type, as soon as it is there.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use backbone::{Options, device_modules, system};
use transform::{Change, DeviceChange, Fault, Report, State, System, recompute};
use vocab::{DeviceFacts, DeviceName};
use yang_data::decode::DecodeOptions;
use yang_data::edit::{self, Edit, Operation};
use yang_data::print::PrintOptions;
use yang_data::{Origin, Path, Tree, Types, json, xml};

/// Layers by their index.
pub(crate) const SERVICE: usize = 0;
pub(crate) const INTER: usize = 1;
pub(crate) const RESOURCE: usize = 2;

#[derive(Clone)]
pub(crate) struct Lab {
    pub(crate) system: Arc<System>,
    pub(crate) state: State,
    intent: Tree,
}

impl Lab {
    pub(crate) fn new(options: Options) -> Self {
        let system = system(options);
        let intent = Tree::new(Arc::clone(system.layer_schema(SERVICE).unwrap()));
        let state = State::empty(&system);
        Self { system: Arc::new(system), state, intent }
    }

    /// A network with an intent that must be accepted.
    pub(crate) fn with(documents: &[&str]) -> Self {
        let mut lab = Self::new(Options::default());
        for document in documents {
            lab.merge(document);
        }
        lab
    }

    pub(crate) fn types(&self, layer: usize) -> &Arc<Types> {
        self.system.layer_validator(layer).unwrap().types()
    }

    /// Merges a document, XML or JSON, which must be accepted.
    pub(crate) fn merge(&mut self, document: &str) -> Report {
        self.try_merge(document).unwrap_or_else(|faults| panic!("refused: {faults:#?}"))
    }

    pub(crate) fn try_merge(&mut self, document: &str) -> Result<Report, Vec<String>> {
        let edit = self.parse_edit(document);
        self.try_edit(&edit)
    }

    fn parse_edit(&self, document: &str) -> Edit {
        let (types, options) = (self.types(SERVICE), DecodeOptions::default());
        let edit = match document.trim_start().starts_with('{') {
            true => json::parse_edit(types, document, &options),
            false => xml::parse_edit(types, document, &options),
        };
        edit.unwrap_or_else(|errors| panic!("no edit: {errors:#?}"))
    }

    pub(crate) fn try_edit(&mut self, edit: &Edit) -> Result<Report, Vec<String>> {
        let after = edit::apply(&self.intent, edit, Operation::Merge, Origin::NONE)
            .map_err(|errors| errors.iter().map(ToString::to_string).collect::<Vec<_>>())?;
        self.commit(after)
    }

    /// Deletes what is at a path, which must be accepted.
    pub(crate) fn delete(&mut self, path: &str) -> Report {
        self.try_delete(path).unwrap_or_else(|faults| panic!("refused: {faults:#?}"))
    }

    pub(crate) fn try_delete(&mut self, path: &str) -> Result<Report, Vec<String>> {
        let path = Path::parse(self.types(SERVICE), path).unwrap();
        let after = edit::delete(&self.intent, &path)
            .map_err(|errors| errors.iter().map(ToString::to_string).collect::<Vec<_>>())?;
        self.commit(after)
    }

    fn commit(&mut self, after: Tree) -> Result<Report, Vec<String>> {
        let validator = self.system.layer_validator(SERVICE).unwrap();
        let violations = validator.validate_change(self.intent.root(), after.root(), None);
        if !violations.is_empty() {
            return Err(violations.iter().map(ToString::to_string).collect());
        }
        let change = Change { intent: Some(after.root().clone()), ..Change::default() };
        let (state, mut report) = self.recompute(&self.state, change)?;
        let news = self.news(&state);
        let (state, then) = self.recompute(&state, news)?;
        report.runs.extend(then.runs);
        report.devices = self.device_changes(&state);
        self.state = state;
        self.intent = after;
        Ok(report)
    }

    fn recompute(&self, state: &State, change: Change) -> Result<(State, Report), Vec<String>> {
        recompute(&self.system, state, change)
            .map_err(|faults| faults.iter().map(Fault::to_string).collect())
    }

    /// What became known of devices: those of the inventory announce themselves.
    fn news(&self, state: &State) -> Change {
        let mut change = Change::default();
        let mut names = BTreeSet::new();
        for (name, device_type) in self.inventory(state) {
            let name = DeviceName::new(name);
            names.insert(name.clone());
            let modules = device_modules(&device_type).unwrap_or_default();
            let facts = DeviceFacts { name: name.clone(), device_type, modules };
            if state.facts(&name) != Some(&facts) {
                change.facts.push(facts);
            }
        }
        let gone = self.inventory(&self.state).into_iter().map(|(name, _)| DeviceName::new(name));
        change.forgotten = gone.filter(|name| !names.contains(name)).collect();
        change
    }

    fn inventory(&self, state: &State) -> Vec<(String, String)> {
        let tree = state.layer(&self.system, RESOURCE).unwrap();
        let schema = tree.schema();
        let node = |path: &str| schema.find(path).unwrap();
        let Some(devices) = tree.root().list(node("/stratoweave-rfs:device")) else {
            return Vec::new();
        };
        let text = |branch: &yang_data::Branch, leaf: &str| {
            let value = branch.leaf(node(&format!("/stratoweave-rfs:device/{leaf}")));
            value.and_then(yang_data::Value::as_str).map(str::to_owned)
        };
        devices
            .iter()
            .filter_map(|entry| Some((text(&entry.branch, "name")?, text(&entry.branch, "type")?)))
            .collect()
    }

    fn device_changes(&self, new: &State) -> Vec<DeviceChange> {
        let names: BTreeSet<DeviceName> =
            self.state.devices().chain(new.devices()).map(|(name, _)| name).collect();
        names
            .into_iter()
            .filter_map(|name| {
                let (old, new) = (self.state.device(&name), new.device(&name));
                let same = old.as_ref().map(|old| &old.config) == new.as_ref().map(|new| &new.config);
                (!same).then_some(DeviceChange { name, old, new })
            })
            .collect()
    }

    /// A layer as text.
    pub(crate) fn layer(&self, layer: usize) -> String {
        xml::print(&self.state.layer(&self.system, layer).unwrap(), &PrintOptions::PRETTY)
    }

    /// All layers and devices as text.
    pub(crate) fn everything(&self) -> String {
        let layers = (0..self.system.layer_count()).map(|layer| self.layer(layer));
        let devices = self.state.devices().map(|(name, _)| {
            format!("== {name}\n{}", self.device(name.as_str()))
        });
        layers.chain(devices).collect::<Vec<_>>().join("\n")
    }

    /// The configuration of a device as text; empty when there is none.
    pub(crate) fn device(&self, name: &str) -> String {
        let Some(target) = self.state.device(&DeviceName::new(name)) else { return String::new() };
        let schema = self.system.device_type(target.device_type).unwrap().schema();
        xml::print_branch(schema, &target.config, &PrintOptions::PRETTY)
    }

    /// Checks a device's configuration: equal to the document but for order that has no meaning.
    pub(crate) fn check_device(&self, name: &str, expected: &str) {
        let target = self.state.device(&DeviceName::new(name)).unwrap();
        let types = self.system.device_type(target.device_type).unwrap().types();
        let expected = xml::parse(types, expected, &DecodeOptions::default())
            .unwrap_or_else(|errors| panic!("{name}: {errors:#?}"));
        if *expected.root() != target.config {
            let expected = xml::print(&expected, &PrintOptions::PRETTY);
            panic!("{name}: expected\n{expected}\nis\n{}", self.device(name));
        }
    }
}

/// Names of the devices that a report says have changed.
pub(crate) fn changed(report: &Report) -> Vec<&str> {
    report.devices.iter().map(|change| change.name.as_str()).collect()
}

/// A file of the supplied test data; says so when there is none.
pub(crate) fn shared(path: &str) -> Option<String> {
    std::fs::read_to_string(shared_path(path)?).ok()
}

/// The place of supplied test data, if it is there.
pub(crate) fn shared_path(path: &str) -> Option<PathBuf> {
    let shared = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/vectors");
    let file = shared.join(path);
    if !file.exists() {
        println!("skipped: no ../shared");
        return None;
    }
    Some(file)
}

/// A router of the backbone.
pub(crate) fn router(name: &str, id: u32, device_type: &str) -> String {
    format!(
        "<netinfra xmlns='http://example.com/netinfra'><router><name>{name}</name><id>{id}</id>\
         <type>{device_type}</type><role>edge</role><asn>65001</asn><mock>true</mock></router>\
         </netinfra>"
    )
}

/// A link of the backbone.
pub(crate) fn link(ends: [&str; 4]) -> String {
    let [left, left_interface, right, right_interface] = ends;
    format!(
        "<netinfra xmlns='http://example.com/netinfra'><backbone-link>\
         <left-router>{left}</left-router><left-interface>{left_interface}</left-interface>\
         <right-router>{right}</right-router><right-interface>{right_interface}</right-interface>\
         </backbone-link></netinfra>"
    )
}

/// A VPN of a customer.
pub(crate) fn vpn(name: &str, customer: &str) -> String {
    l3vpn_svc(&format!(
        "<vpn-services><vpn-service><vpn-id>{name}</vpn-id>\
         <customer-name>{customer}</customer-name></vpn-service></vpn-services>"
    ))
}

/// A site with one access: VPN, bearer and third octet of its network.
pub(crate) fn site(name: &str, vpn: &str, bearer: &str, net: u8) -> String {
    l3vpn_svc(&format!(
        "<sites><site><site-id>{name}</site-id>\
         <management><type>customer-managed</type></management>\
         <locations><location><location-id>MAIN</location-id></location></locations>\
         <site-network-accesses><site-network-access>\
         <site-network-access-id>SNA</site-network-access-id>\
         <location-reference>MAIN</location-reference>\
         <service><svc-input-bandwidth>1000</svc-input-bandwidth>\
         <svc-output-bandwidth>1000</svc-output-bandwidth><svc-mtu>9000</svc-mtu></service>\
         <vpn-attachment><vpn-id>{vpn}</vpn-id></vpn-attachment>\
         <ip-connection><ipv4>\
         <address-allocation-type>static-address</address-allocation-type>\
         <addresses><provider-address>10.200.{net}.1</provider-address>\
         <customer-address>10.200.{net}.2</customer-address><prefix-length>30</prefix-length>\
         </addresses></ipv4></ip-connection>\
         <bearer><bearer-reference>{bearer}</bearer-reference></bearer>\
         <routing-protocols><routing-protocol><type>bgp</type>\
         <bgp><autonomous-system>65501</autonomous-system>\
         <address-family>ipv4</address-family></bgp></routing-protocol></routing-protocols>\
         </site-network-access></site-network-accesses></site></sites>"
    ))
}

fn l3vpn_svc(content: &str) -> String {
    format!("<l3vpn-svc xmlns='urn:ietf:params:xml:ns:yang:ietf-l3vpn-svc'>{content}</l3vpn-svc>")
}

/// Device types.
pub(crate) const XR: &str = "CiscoIosXr_25_3_1";
pub(crate) const JUNOS: &str = "JuniperCRPD_24_4R1_9";
pub(crate) const SRL: &str = "NokiaSRLinux_25_3_2";
