//! Transform instances: one per list entry or container that is a transform node.

use std::cmp::Ordering;
use std::sync::Arc;

use yang_data::sequence::Keyed;
use yang_data::{Branch, Origin, Path};

/// Where an output goes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Place {
    /// Into the layer with this index.
    Layer(usize),
    /// Into the configuration of a device.
    Device(DeviceKey),
}

/// A device's configuration: by the device's name, and the type whose schema it is on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct DeviceKey {
    pub(crate) name: Arc<str>,
    pub(crate) device_type: &'static str,
}

/// An instance with what its last run left.
#[derive(Clone, Debug)]
pub(crate) struct Instance {
    pub(crate) path: Arc<Path>,
    pub(crate) origin: Origin,
    pub(crate) result: Arc<RunResult>,
}

/// What a run left.
#[derive(Debug, Default)]
pub(crate) struct RunResult {
    /// Output and where it went; `None` while the device's facts are not known.
    pub(crate) output: Option<(Place, Branch)>,
    pub(crate) memory: Option<Branch>,
    pub(crate) dynamic_state: Option<Branch>,
    /// Paths of the link targets, ascending, whether they exist or not.
    pub(crate) links: Vec<Path>,
}

impl Keyed for Instance {
    type Key = Arc<Path>;

    fn key(&self) -> Arc<Path> {
        Arc::clone(&self.path)
    }

    fn cmp_key(&self, key: &Arc<Path>) -> Ordering {
        self.path.cmp(key)
    }

    fn cmp_item(&self, other: &Self) -> Ordering {
        self.path.cmp(&other.path)
    }

    fn cmp_keys(left: &Arc<Path>, right: &Arc<Path>) -> Ordering {
        left.cmp(right)
    }

    fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.result, &other.result)
    }
}

/// That an instance reads a link target.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Subscription {
    pub(crate) target: Path,
    pub(crate) subscriber: Arc<Path>,
}

impl Keyed for Subscription {
    type Key = Self;

    fn key(&self) -> Self {
        self.clone()
    }

    fn cmp_key(&self, key: &Self) -> Ordering {
        self.cmp(key)
    }

    fn cmp_item(&self, other: &Self) -> Ordering {
        self.cmp(other)
    }

    fn cmp_keys(left: &Self, right: &Self) -> Ordering {
        left.cmp(right)
    }

    fn is_same(&self, _: &Self) -> bool {
        true
    }
}
