//! A network under test: intent in, layers and device configuration out. Every router is
//! simulated: its facts are those of its device type, as soon as it is there.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use transform::{Change, DeviceChange, Fault, Report, State, System, recompute};
use vocab::{DeviceFacts, DeviceName};
use yang_data::decode::DecodeOptions;
use yang_data::edit::{self, Edit, Operation};
use yang_data::print::PrintOptions;
use yang_data::{Origin, Path, Tree, Types, json, xml};

/// Index of the layer that the intent is in.
pub(crate) const SERVICE: usize = 0;

#[derive(Clone)]
pub(crate) struct Lab {
    pub(crate) system: Arc<System>,
    pub(crate) state: State,
    intent: Tree,
}

impl Lab {
    pub(crate) fn of(system: System) -> Self {
        let intent = Tree::new(Arc::clone(system.layer_schema(SERVICE).unwrap()));
        let state = State::empty(&system);
        Self { system: Arc::new(system), state, intent }
    }

    pub(crate) fn types(&self, layer: usize) -> &Arc<Types> {
        self.system.layer_validator(layer).unwrap().types()
    }

    /// Merges a document, XML or JSON, which must be accepted.
    pub(crate) fn merge(&mut self, document: &str) -> Report {
        self.try_merge(document).unwrap_or_else(|faults| panic!("refused: {faults:#?}"))
    }

    /// Merges several documents in one commit, which must be accepted.
    pub(crate) fn merge_all(&mut self, documents: &[String]) {
        let after = documents.iter().fold(self.intent.clone(), |intent, document| {
            let edit = self.parse_edit(document);
            edit::apply(&intent, &edit, Operation::Merge, Origin::NONE).unwrap()
        });
        self.commit(after).unwrap_or_else(|faults| panic!("refused: {faults:#?}"));
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

    /// Tells an instance what the network says: the content of its container of that name.
    pub(crate) fn tell(&mut self, layer: usize, instance: &str, content: &str, container: &str) {
        let types = self.types(layer);
        let path = Path::parse(types, instance).unwrap();
        let node = path.steps().last().unwrap().node;
        let container = types.schema().data_child(node, None, container).unwrap();
        let branch = xml::parse_branch(types, container, content, &DecodeOptions::default());
        let dynamic_state = vec![(layer, path, Some(branch.unwrap()))];
        let change = Change { dynamic_state, ..Change::default() };
        self.state = self.recompute(&self.state, change).unwrap().0;
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
            let known = self.system.device_type(&device_type);
            let modules = known.map(|known| known.modules.clone()).unwrap_or_default();
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
        let tree = state.layer(&self.system, self.system.layer_count() - 1).unwrap();
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
                let same =
                    old.as_ref().map(|old| &old.config) == new.as_ref().map(|new| &new.config);
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
        let devices = self
            .state
            .devices()
            .map(|(name, _)| format!("== {name}\n{}", self.device(name.as_str())));
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
