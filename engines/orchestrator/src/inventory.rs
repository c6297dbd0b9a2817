//! Where the devices are: read from the resource layer.

use transform::{State, System};
use vocab::DeviceName;
use yang::{NodeId, NodeKind, Schema};
use yang_data::{Branch, Entry, Key, List, Value};

/// How to reach and treat a device, as its entry in the resource layer says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeviceAccess {
    /// Its type, naming a device type of the system.
    pub device_type: String,
    /// Addresses in order of their names: host and port, where one is given.
    pub addresses: Vec<(String, Option<u16>)>,
    /// Login name.
    pub username: String,
    /// Password, where one is given.
    pub password: Option<String>,
    /// Private key in OpenSSH form, where one is given.
    pub private_key: Option<String>,
    /// Whether it is simulated in process: no session, every target accepted at once.
    pub is_mock: bool,
    /// Whether each of its changes waits for somebody's approval.
    pub needs_approval: bool,
}

/// A resource layer without a list of devices.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the resource layer has no list marked weft:device with a leaf {missing:?}")]
pub struct InventoryError {
    /// What lacks.
    pub missing: &'static str,
}

/// Places of the inventory in the schema of the resource layer.
#[derive(Clone, Debug)]
pub struct Inventory {
    layer: usize,
    device: NodeId,
    device_type: NodeId,
    address: NodeId,
    host: NodeId,
    port: NodeId,
    credentials: NodeId,
    username: NodeId,
    password: NodeId,
    key: NodeId,
    private_key: NodeId,
    mock: NodeId,
    mock_enabled: NodeId,
    approval_required: NodeId,
}

impl Inventory {
    /// Finds the inventory in the last layer of a system.
    ///
    /// # Errors
    /// When the list or one of its nodes is not there.
    pub fn new(system: &System) -> Result<Self, InventoryError> {
        let layer = system.layer_count().saturating_sub(1);
        let schema = system.layer_schema(layer).ok_or(InventoryError { missing: "device" })?;
        let device = schema
            .nodes()
            .find(|node| {
                node.kind() == NodeKind::List && node.extension("weft", "device").is_some()
            })
            .ok_or(InventoryError { missing: "device" })?
            .id();
        let child = |parent, missing| child(schema, parent, missing);
        let address = child(device, "address")?;
        let credentials = child(device, "credentials")?;
        let key = child(credentials, "key")?;
        let mock = child(device, "mock")?;
        Ok(Self {
            layer,
            device,
            device_type: child(device, "type")?,
            address,
            host: child(address, "address")?,
            port: child(address, "port")?,
            credentials,
            username: child(credentials, "username")?,
            password: child(credentials, "password")?,
            key,
            private_key: child(key, "private-key")?,
            mock,
            mock_enabled: child(mock, "enabled")?,
            approval_required: child(device, "approval-required")?,
        })
    }

    /// How to reach a device.
    pub fn access(
        &self,
        state: &State,
        system: &System,
        name: &DeviceName,
    ) -> Option<DeviceAccess> {
        let tree = state.layer(system, self.layer)?;
        let entry = tree.root().list(self.device)?.get(&Key::from(name.as_str()))?;
        Some(self.read(entry))
    }

    /// Devices whose entries differ between two states: the name and the newer entry.
    pub fn changes(
        &self,
        system: &System,
        old: &State,
        new: &State,
    ) -> Vec<(DeviceName, Option<DeviceAccess>)> {
        let empty = List::new(false);
        let trees = [old, new].map(|state| state.layer(system, self.layer));
        let [old, new] = trees.each_ref().map(|tree| {
            let list = tree.as_ref().and_then(|tree| tree.root().list(self.device));
            list.unwrap_or(&empty)
        });
        old.diff(new)
            .filter_map(|(old, new)| {
                let name = name_of(old.or(new)?)?;
                Some((name, new.map(|entry| self.read(entry))))
            })
            .collect()
    }

    fn read(&self, entry: &Entry) -> DeviceAccess {
        let branch = &entry.branch;
        let credentials = branch.container(self.credentials);
        let text = |node| credentials.and_then(|branch| text(branch, node));
        let mock = branch.container(self.mock).and_then(|mock| mock.leaf(self.mock_enabled));
        let addresses = branch.list(self.address).map_or_else(Vec::new, |list| {
            list.iter().filter_map(|entry| self.address(&entry.branch)).collect()
        });
        let keys = credentials.and_then(|branch| branch.list(self.key));
        DeviceAccess {
            device_type: branch
                .leaf(self.device_type)
                .and_then(Value::as_str)
                .map(str::to_owned)
                .unwrap_or_default(),
            addresses,
            username: text(self.username).unwrap_or_default(),
            password: text(self.password),
            private_key: keys
                .and_then(|list| list.iter().next())
                .and_then(|entry| self::text(&entry.branch, self.private_key)),
            is_mock: mock.and_then(Value::as_bool).unwrap_or(false),
            needs_approval: branch
                .leaf(self.approval_required)
                .and_then(Value::as_bool)
                .unwrap_or(false),
        }
    }

    fn address(&self, branch: &Branch) -> Option<(String, Option<u16>)> {
        let port = branch.leaf(self.port).and_then(Value::as_uint);
        Some((text(branch, self.host)?, port.and_then(|port| u16::try_from(port).ok())))
    }
}

fn child(schema: &Schema, parent: NodeId, name: &'static str) -> Result<NodeId, InventoryError> {
    schema.data_child(parent, None, name).ok_or(InventoryError { missing: name })
}

fn text(branch: &Branch, node: NodeId) -> Option<String> {
    branch.leaf(node).and_then(Value::as_str).map(str::to_owned)
}

fn name_of(entry: &Entry) -> Option<DeviceName> {
    entry.key_value().values().first().and_then(Value::as_str).map(DeviceName::new)
}
