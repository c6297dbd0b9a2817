//! All layers at one moment.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

use vocab::{DeviceFacts, DeviceName};
use yang_data::sequence::{Keyed, Sequence};
use yang_data::{Branch, Tree};

use crate::instance::{DeviceKey, Instance, Subscription};
use crate::ownership::Ownership;
use crate::system::System;

/// Every layer, and every device's target configuration, at one moment. Cloning is a snapshot.
#[derive(Clone, Debug)]
pub struct State {
    pub(crate) layers: Vec<LayerState>,
    pub(crate) devices: Sequence<DeviceState>,
    pub(crate) facts: Arc<BTreeMap<String, Arc<DeviceFacts>>>,
    pub(crate) ownership: Ownership,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct LayerState {
    pub(crate) tree: Branch,
    pub(crate) instances: Sequence<Instance>,
    pub(crate) subscriptions: Sequence<Subscription>,
}

#[derive(Clone, Debug)]
pub(crate) struct DeviceState {
    pub(crate) key: DeviceKey,
    pub(crate) config: Branch,
}

/// What a device is to be configured with.
#[derive(Clone, Debug)]
pub struct DeviceTarget {
    /// The device type whose schema the configuration is on.
    pub device_type: &'static str,
    /// The whole configuration: the children of the root.
    pub config: Branch,
}

impl State {
    /// The state without intent.
    pub fn empty(system: &System) -> Self {
        Self {
            layers: vec![LayerState::default(); system.layer_count()],
            devices: Sequence::default(),
            facts: Arc::default(),
            ownership: Ownership::default(),
        }
    }

    /// The tree of a layer, the top one being 0.
    pub fn layer(&self, system: &System, layer: usize) -> Option<Tree> {
        let schema = system.layer_schema(layer)?;
        let root = self.layers.get(layer)?.tree.clone();
        Some(Tree::from_root(Arc::clone(schema), root))
    }

    /// The target of a device.
    pub fn device(&self, name: &DeviceName) -> Option<DeviceTarget> {
        self.device_states(name.as_str()).next().map(DeviceState::target)
    }

    /// All devices that have a target, ascending by name.
    pub fn devices(&self) -> impl Iterator<Item = (DeviceName, DeviceTarget)> {
        self.devices.iter().map(|state| (DeviceName::new(&*state.key.name), state.target()))
    }

    /// The facts of a device, once known.
    pub fn facts(&self, name: &DeviceName) -> Option<&DeviceFacts> {
        self.facts.get(name.as_str()).map(|facts| &**facts)
    }

    /// Number of transform instances in all layers.
    pub fn instance_count(&self) -> usize {
        self.layers.iter().map(|layer| layer.instances.len()).sum()
    }

    pub(crate) fn device_states(&self, name: &str) -> impl Iterator<Item = &DeviceState> {
        let first = DeviceKey { name: name.into(), device_type: "" };
        let name = Arc::clone(&first.name);
        self.devices.iter_from(&first).take_while(move |state| state.key.name == name)
    }
}

impl DeviceState {
    pub(crate) fn target(&self) -> DeviceTarget {
        DeviceTarget { device_type: self.key.device_type, config: self.config.clone() }
    }
}

impl Keyed for DeviceState {
    type Key = DeviceKey;

    fn key(&self) -> DeviceKey {
        self.key.clone()
    }

    fn cmp_key(&self, key: &DeviceKey) -> Ordering {
        self.key.cmp(key)
    }

    fn cmp_item(&self, other: &Self) -> Ordering {
        self.key.cmp(&other.key)
    }

    fn cmp_keys(left: &DeviceKey, right: &DeviceKey) -> Ordering {
        left.cmp(right)
    }

    fn is_same(&self, other: &Self) -> bool {
        self.config.ptr_eq(&other.config) && self.key == other.key
    }
}
