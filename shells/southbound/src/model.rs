//! What all devices of a type share: the schema, and configurations on it from and to XML.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use netconf_proto::Filter;
use yang::{NodeId, NodeKind, Schema};
use yang_data::decode::{DecodeOptions, StateData, Unknown};
use yang_data::diff::{Change, DiffNode, diff_branch};
use yang_data::edit::Operation;
use yang_data::print::PrintOptions;
use yang_data::{Branch, Content, List, Path, Slot, Types, Value, defaults, xml};

use crate::error::SouthboundError;

/// Differing places that are told of.
const PLACES_MAX: usize = 5;

/// Finds the schema of a device type by its name.
pub type SchemaLookup = Arc<dyn Fn(&str) -> Option<Arc<Schema>> + Send + Sync>;

/// The device types met so far.
pub(crate) struct Models {
    lookup: SchemaLookup,
    known: Mutex<BTreeMap<String, Arc<DeviceModel>>>,
}

/// A device type.
#[derive(Debug)]
pub(crate) struct DeviceModel {
    device_type: String,
    types: Types,
    filter: String,
}

impl Models {
    pub(crate) fn new(lookup: SchemaLookup) -> Self {
        Self { lookup, known: Mutex::default() }
    }

    /// The device type of this name.
    ///
    /// # Errors
    /// [`SouthboundError::UnknownDeviceType`].
    pub(crate) fn find(&self, device_type: &str) -> Result<Arc<DeviceModel>, SouthboundError> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(model) = known.get(device_type) {
            return Ok(Arc::clone(model));
        }
        let device_type = device_type.to_owned();
        let Some(schema) = (self.lookup)(&device_type) else {
            return Err(SouthboundError::UnknownDeviceType { device_type });
        };
        let model = Arc::new(DeviceModel::new(device_type.clone(), schema));
        known.insert(device_type, Arc::clone(&model));
        Ok(model)
    }
}

impl DeviceModel {
    fn new(device_type: String, schema: Arc<Schema>) -> Self {
        let filter = filter(&schema);
        Self { device_type, types: Types::new(schema), filter }
    }

    fn schema(&self) -> &Schema {
        self.types.schema()
    }

    /// Asks for what the schema has at its top, and nothing else of the device.
    pub(crate) fn filter(&self) -> Filter {
        Filter::Subtree(self.filter.clone())
    }

    /// Reads a configuration. What the schema lacks is the device's own business and left out.
    ///
    /// # Errors
    /// [`SouthboundError::Unreadable`] when a value does not fit the schema.
    pub(crate) fn read(&self, data: &str) -> Result<Branch, SouthboundError> {
        let options = DecodeOptions {
            state: StateData::Skip,
            unknown: Unknown::Skip,
            ..DecodeOptions::default()
        };
        xml::parse_branch(&self.types, Schema::ROOT, data, &options).map_err(|errors| {
            let reasons = errors.iter().map(ToString::to_string).collect();
            SouthboundError::Unreadable { device_type: self.device_type.clone(), reasons }
        })
    }

    /// Whether two configurations mean the same: some devices tell defaults, some leave out what
    /// equals one.
    pub(crate) fn same(&self, left: &Branch, right: &Branch) -> bool {
        let filled = |branch| defaults::fill_branch(&self.types, Schema::ROOT, branch);
        left == right || filled(left) == filled(right)
    }

    /// Names a configuration, see [`orchestrator::device_txid`].
    pub(crate) fn txid(&self, config: &Branch) -> String {
        orchestrator::device_txid(&self.types, config)
    }

    /// Where two configurations differ: the first few places. Values stay out, as some are secret.
    pub(crate) fn differences(&self, left: &Branch, right: &Branch) -> Vec<String> {
        let filled = |branch| defaults::fill_branch(&self.types, Schema::ROOT, branch);
        let diff = diff_branch(self.schema(), &filled(left), &filled(right));
        let mut places = Vec::new();
        self.places(&Path::ROOT, &diff.nodes, &mut places);
        places
    }

    fn places(&self, parent: &Path, nodes: &[DiffNode], places: &mut Vec<String>) {
        for node in nodes {
            if places.len() >= PLACES_MAX {
                return;
            }
            let path = match &node.key {
                Some(key) => parent.entry(node.node, key.clone()),
                None => parent.child(node.node),
            };
            match &node.change {
                Change::Inside { children, .. } if !children.is_empty() => {
                    self.places(&path, children, places);
                }
                _ => places.push(path.text(self.schema())),
            }
        }
    }

    /// The content of `<config>` that makes `target` of `running`.
    ///
    /// Defaults that the device tells of its own accord are not there for the comparison: else
    /// each edit would take them away, and the device would tell them again. A container that
    /// becomes empty is emptied, not removed: the device may hold more in it than the schema has.
    /// `removal` is the operation for what goes away; `remove` where the device knows it.
    pub(crate) fn edit(&self, running: &Branch, target: &Branch, removal: Operation) -> String {
        let running = self.without_defaults(running);
        let target = self.with_containers(target, &running);
        let edit = diff_branch(self.schema(), &running, &target).to_edit(self.schema(), removal);
        xml::print_edit(self.schema(), &edit, &PrintOptions::COMPACT)
    }

    /// `target` with an empty container where `running` has one and `target` none.
    fn with_containers(&self, target: &Branch, running: &Branch) -> Branch {
        let mut out = target.clone();
        for slot in running.slots() {
            let kept = match (&slot.content, target.content(slot.node)) {
                (Content::Container(left), right) => {
                    let is_presence = self.schema().node(slot.node).is_presence();
                    match right {
                        Some(Content::Container(right)) => self.with_containers(right, left),
                        _ if is_presence => continue,
                        _ => self.with_containers(&Branch::default(), left),
                    }
                }
                (Content::List(left), Some(Content::List(right))) => {
                    self.with_containers_of_entries(slot.node, right, left, &mut out);
                    continue;
                }
                _ => continue,
            };
            out.set(Slot { content: Content::Container(kept), ..slot.clone() });
        }
        out
    }

    fn with_containers_of_entries(
        &self,
        node: NodeId,
        target: &List,
        running: &List,
        out: &mut Branch,
    ) {
        if self.schema().node(node).keys().is_empty() || target.ptr_eq(running) {
            return;
        }
        let changed = running.iter().filter_map(|before| {
            let mut entry = target.get(&before.key_value())?.clone();
            let branch = self.with_containers(&entry.branch, &before.branch);
            let is_same = branch == entry.branch;
            entry.branch = branch;
            (!is_same).then_some(entry)
        });
        let changed: Vec<_> = changed.collect();
        if let Some(Content::List(list)) = out.content_mut(node) {
            changed.into_iter().for_each(|entry| {
                list.insert(entry);
            });
        }
    }

    /// A configuration without leaves and leaf-lists that equal their default, and without the
    /// containers that become empty by it.
    fn without_defaults(&self, branch: &Branch) -> Branch {
        let slots = branch.slots().iter().filter_map(|slot| {
            let content = self.content_without_defaults(slot)?;
            Some(Slot { content, ..slot.clone() })
        });
        Branch::from_slots(slots.collect())
    }

    fn content_without_defaults(&self, slot: &Slot) -> Option<Content> {
        let node = self.schema().node(slot.node);
        match &slot.content {
            Content::Leaf(value) => {
                let is_default = || self.types.defaults(slot.node).any(|one| one == *value);
                (node.is_key() || !is_default()).then(|| slot.content.clone())
            }
            Content::LeafList(list) => {
                let defaults: Vec<Value> = self.types.defaults(slot.node).collect();
                let is_default = !defaults.is_empty()
                    && list.len() == defaults.len()
                    && list.iter().all(|entry| defaults.contains(&entry.value));
                (!is_default).then(|| slot.content.clone())
            }
            Content::Container(inner) => {
                let inner = self.without_defaults(inner);
                let stays = node.is_presence() || !inner.is_empty();
                stays.then_some(Content::Container(inner))
            }
            Content::List(list) => {
                let mut list = list.clone();
                let changed: Vec<_> = list
                    .iter()
                    .filter_map(|entry| {
                        let branch = self.without_defaults(&entry.branch);
                        (branch != entry.branch).then(|| (entry.clone(), branch))
                    })
                    .collect();
                for (mut entry, branch) in changed {
                    entry.branch = branch;
                    list.insert(entry);
                }
                Some(Content::List(list))
            }
            Content::Any(_) => Some(slot.content.clone()),
        }
    }
}

/// An empty element for each configuration node at the top of a schema.
fn filter(schema: &Schema) -> String {
    let mut filter = String::new();
    for id in schema.root().data_children() {
        let node = schema.node(id);
        let is_data = !matches!(node.kind(), NodeKind::Rpc | NodeKind::Notification);
        if node.is_config() && is_data {
            let namespace = schema.module(node.module()).namespace();
            // A namespace is a URI; what XML reads in another way is escaped in it.
            let namespace = namespace.replace('&', "&amp;").replace('<', "&lt;");
            filter.push_str(&format!("<{} xmlns=\"{namespace}\"/>", node.name()));
        }
    }
    filter
}
