//! Transform instances: one per list entry or container that is a transform node.

use std::cmp::Ordering;
use std::sync::Arc;

use yang::Schema;
use yang_data::sequence::Keyed;
use yang_data::{Branch, Origin, Path, binary};

use crate::system::System;

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
    pub(crate) output: Option<(Place, Packed)>,
    pub(crate) memory: Option<Branch>,
    pub(crate) dynamic_state: Option<Branch>,
    /// Paths of the link targets, ascending, whether they exist or not.
    pub(crate) links: Vec<Arc<Path>>,
}

/// An output as bytes, much smaller than the tree it stands for, which is only needed again when
/// the instance runs again and says something else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Packed(pub(crate) Box<[u8]>);

impl Packed {
    pub(crate) fn new(output: &Branch) -> Self {
        Self(binary::encode_bare(output).into())
    }

    /// The tree on the schema of the place where it went.
    pub(crate) fn unpack(&self, schema: &Schema) -> Branch {
        // Packed here, or by this very program into a snapshot whose checksum was right.
        binary::decode_bare(schema, &self.0).expect("bytes of this schema")
    }
}

impl RunResult {
    /// The output and where it went.
    pub(crate) fn output(&self, system: &System) -> Option<(Place, Branch)> {
        let (place, output) = self.output.as_ref()?;
        Some((place.clone(), output.unpack(place.schema(system)?)))
    }
}

impl Place {
    /// The schema of what goes there.
    pub(crate) fn schema<'s>(&self, system: &'s System) -> Option<&'s Arc<Schema>> {
        match self {
            Self::Layer(layer) => system.layer_schema(*layer),
            Self::Device(key) => system.device_type(key.device_type).map(|kind| kind.schema()),
        }
    }
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
    pub(crate) target: Arc<Path>,
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

    fn is_same(&self, other: &Self) -> bool {
        self == other
    }
}
