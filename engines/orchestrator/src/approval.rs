//! Devices whose changes wait for somebody's approval.
//!
//! A [`Gate`] stands before each of them. What it knows follows from the log alone, record by
//! record, so that a restart finds every decision as it was.

use std::cmp::Ordering;
use std::sync::Arc;

use intent::Approval;
use sha2::{Digest, Sha256};
use transform::{State, System};
use vocab::{DeviceName, Generation};
use yang::Schema;
use yang_data::binary::{Reader, SnapshotError, Writer};
use yang_data::print::PrintOptions;
use yang_data::sequence::{Keyed, Sequence};
use yang_data::{Branch, Types, defaults, xml};

use crate::inventory::DeviceAccess;
use crate::output::Permission;

/// Bytes of a hash that are enough to tell configurations of one device apart.
const TXID_BYTES: usize = 16;

/// Names a configuration of a device: equal for equal ones, whether defaults are told or not.
/// Hexadecimal digits of a SHA-256, cut to 128 bits.
pub fn device_txid(types: &Types, config: &Branch) -> String {
    let filled = defaults::fill_branch(types, Schema::ROOT, config);
    let text = xml::print_branch(types.schema(), &filled, &PrintOptions::COMPACT);
    let hash = Sha256::digest(text);
    hash.iter().take(TXID_BYTES).map(|byte| format!("{byte:02x}")).collect()
}

/// What stands before a device whose changes wait for approval.
#[derive(Clone, Debug, PartialEq)]
pub struct Gate {
    /// The device.
    pub device: DeviceName,
    /// The newest generation that changed its target, or how it is reached.
    pub target: Generation,
    /// What was decided on that target last.
    pub decision: Option<Decision>,
    /// What a device that is simulated in process holds: the target that was approved last.
    pub(crate) held: Option<Held>,
}

/// A decision on a target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Names what the device held when it was decided.
    pub device_txid: Arc<str>,
    /// Whether the device may be given the target.
    pub is_approved: bool,
    /// Who decided.
    pub by: String,
}

/// What a device that is simulated in process holds.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Held {
    pub(crate) device_type: String,
    pub(crate) config: Branch,
}

/// All gates, ascending by device. Cloning is a snapshot.
pub(crate) type Gates = Sequence<Gate>;

/// Whether the device behind a gate, or behind none, may be changed.
pub(crate) fn permission(gate: Option<&Gate>, is_spent: bool) -> Permission {
    match gate.map(|gate| &gate.decision) {
        None => Permission::Free,
        Some(Some(decision)) if decision.is_approved && !is_spent => {
            Permission::If(Arc::clone(&decision.device_txid))
        }
        Some(_) => Permission::Hold,
    }
}

/// The entry of a device in the inventory is new, another one, or gone (`after` is `None`).
pub(crate) fn inventory_changed(
    gates: &mut Gates,
    name: &DeviceName,
    generation: Generation,
    (old, before): (&State, Option<&DeviceAccess>),
    after: Option<&DeviceAccess>,
) {
    let gate = gates.remove(name);
    let Some(after) = after.filter(|after| after.needs_approval) else { return };
    let is_same = before.is_some_and(|before| {
        before.is_mock == after.is_mock && before.device_type == after.device_type
    });
    let config = match gate.and_then(|gate| gate.held) {
        Some(held) if is_same => held.config,
        None if is_same => target_of(old, name),
        _ => Branch::default(),
    };
    let device_type = after.device_type.clone();
    let held = after.is_mock.then_some(Held { device_type, config });
    gates.insert(Gate { device: name.clone(), target: generation, decision: None, held });
}

/// The target of a device is another one: what was decided before is of no use.
pub(crate) fn target_changed(gates: &mut Gates, name: &DeviceName, generation: Generation) {
    if let Some(gate) = gates.get_mut(name) {
        (gate.target, gate.decision) = (generation, None);
    }
}

/// Somebody decided.
pub(crate) fn decide(gates: &mut Gates, state: &State, approval: &Approval, by: &str) {
    let gate = gates.get_mut(&approval.device).filter(|gate| gate.target == approval.target);
    let Some(gate) = gate else { return };
    gate.decision = Some(Decision {
        device_txid: approval.device_txid.as_str().into(),
        is_approved: approval.is_approved,
        by: by.to_owned(),
    });
    if let Some(held) = gate.held.as_mut().filter(|_| approval.is_approved) {
        held.config = target_of(state, &approval.device);
    }
}

/// The target of a device, empty where it has none.
pub(crate) fn target_of(state: &State, name: &DeviceName) -> Branch {
    state.device(name).map(|target| target.config).unwrap_or_default()
}

/// Tag of a part that is absent.
const NONE: u64 = 0;
/// Tag of a rejection, or of a part that is there.
const SOME: u64 = 1;
/// Tag of an approval.
const APPROVED: u64 = 2;

pub(crate) fn write(gates: &Gates) -> Vec<u8> {
    let mut writer = Writer::default();
    writer.number(gates.len() as u64);
    for gate in gates.iter() {
        writer.bytes(gate.device.as_str().as_bytes());
        writer.number(gate.target.0);
        match &gate.decision {
            None => writer.number(NONE),
            Some(decision) => {
                writer.number(if decision.is_approved { APPROVED } else { SOME });
                writer.bytes(decision.device_txid.as_bytes());
                writer.bytes(decision.by.as_bytes());
            }
        }
        match &gate.held {
            None => writer.number(NONE),
            Some(held) => {
                writer.number(SOME);
                writer.bytes(held.device_type.as_bytes());
                writer.branch(&held.config);
            }
        }
    }
    writer.into_bytes()
}

/// The gates behind bytes; `None` for a device type that is not known.
pub(crate) fn read(system: &System, bytes: &[u8]) -> Result<Option<Gates>, SnapshotError> {
    let mut reader = Reader::new(bytes);
    let mut gates = Vec::new();
    for _ in 0..reader.number()? {
        let device = DeviceName::new(reader.text()?);
        let target = Generation(reader.number()?);
        let decision = match reader.number()? {
            NONE => None,
            tag => {
                let device_txid = reader.text()?.into();
                let by = reader.text()?.to_owned();
                Some(Decision { device_txid, is_approved: tag == APPROVED, by })
            }
        };
        let held = match reader.number()? {
            NONE => None,
            _ => {
                let device_type = reader.text()?.to_owned();
                let Some(kind) = system.device_type(&device_type) else { return Ok(None) };
                Some(Held { config: reader.branch(kind.schema())?, device_type })
            }
        };
        gates.push(Gate { device, target, decision, held });
    }
    Ok(Some(gates.into_iter().collect()))
}

impl Keyed for Gate {
    type Key = DeviceName;

    fn key(&self) -> DeviceName {
        self.device.clone()
    }

    fn cmp_key(&self, key: &DeviceName) -> Ordering {
        self.device.cmp(key)
    }

    fn cmp_item(&self, other: &Self) -> Ordering {
        self.device.cmp(&other.device)
    }

    fn cmp_keys(left: &DeviceName, right: &DeviceName) -> Ordering {
        left.cmp(right)
    }

    fn is_same(&self, other: &Self) -> bool {
        self == other
    }
}
