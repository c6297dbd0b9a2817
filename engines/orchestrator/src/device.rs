//! What a controller knows of each device.

use std::cmp::Ordering;
use std::sync::Arc;

use vocab::{DeviceName, Generation};
use yang_data::Branch;
use yang_data::sequence::Keyed;

use crate::inventory::DeviceAccess;

/// A device as the controller sees it. Cheap to clone.
#[derive(Clone, Debug)]
pub struct DeviceRecord {
    /// Its name.
    pub name: DeviceName,
    /// How to reach it.
    pub access: Arc<DeviceAccess>,
    /// The newest generation that changed its target.
    pub target_generation: Generation,
    /// The newest generation whose target it is known to hold.
    pub held_generation: Option<Generation>,
    /// The configuration it is known to hold.
    pub running: Option<Branch>,
    /// How it is doing.
    pub status: DeviceStatus,
    /// The approval that was last given has been made use of, or the device was changed since by
    /// somebody else: it allows nothing any more.
    pub(crate) is_approval_spent: bool,
}

/// A change that waits for approval.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApprovalItem {
    /// The generation whose target the device is to be given: the number of the item.
    pub target: Generation,
    /// Names the running configuration that the difference is computed on.
    pub device_txid: Arc<str>,
}

/// How a device is doing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeviceStatus {
    /// No session yet, or none any more.
    Disconnected {
        /// Why, for people.
        reason: Arc<str>,
    },
    /// In session, on its way to the target.
    Pending,
    /// In session, and not to be changed before somebody approves of it.
    AwaitingApproval(ApprovalItem),
    /// It holds its target.
    InSync,
    /// It refused its target.
    Rejected {
        /// Its errors, for people.
        errors: Arc<[String]>,
    },
    /// It holds something else than the target it once took: changed by somebody else.
    Drifted,
}

impl DeviceStatus {
    /// A word for it.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Disconnected { .. } => "disconnected",
            Self::Pending => "pending",
            Self::AwaitingApproval(_) => "awaiting-approval",
            Self::InSync => "in-sync",
            Self::Rejected { .. } => "rejected",
            Self::Drifted => "drifted",
        }
    }

    /// What the device, or the way to it, says; empty when all is well.
    pub fn detail(&self) -> String {
        match self {
            Self::Disconnected { reason } => reason.to_string(),
            Self::Rejected { errors } => errors.join("; "),
            Self::AwaitingApproval(item) => {
                format!("the change to the target of generation {} waits for approval", item.target)
            }
            Self::Pending | Self::InSync | Self::Drifted => String::new(),
        }
    }
}

impl DeviceRecord {
    /// The change that waits for approval, if one does.
    pub fn awaiting(&self) -> Option<&ApprovalItem> {
        match &self.status {
            DeviceStatus::AwaitingApproval(item) => Some(item),
            _ => None,
        }
    }

    /// A device that just entered the inventory.
    pub(crate) fn new(name: DeviceName, access: DeviceAccess, generation: Generation) -> Self {
        Self {
            name,
            access: Arc::new(access),
            target_generation: generation,
            held_generation: None,
            running: None,
            status: DeviceStatus::Disconnected { reason: "not connected yet".into() },
            is_approval_spent: false,
        }
    }
}

impl Keyed for DeviceRecord {
    type Key = DeviceName;

    fn key(&self) -> DeviceName {
        self.name.clone()
    }

    fn cmp_key(&self, key: &DeviceName) -> Ordering {
        self.name.cmp(key)
    }

    fn cmp_item(&self, other: &Self) -> Ordering {
        self.name.cmp(&other.name)
    }

    fn cmp_keys(left: &DeviceName, right: &DeviceName) -> Ordering {
        left.cmp(right)
    }

    fn is_same(&self, _: &Self) -> bool {
        false
    }
}
