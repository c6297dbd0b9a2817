//! The words every crate shares: plain data without behaviour of its own.

use std::collections::BTreeMap;
use std::fmt;

/// The name of a managed device, unique in a network.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DeviceName(String);

impl DeviceName {
    /// A name as it stands in the intent.
    pub fn new(name: impl Into<String>) -> Self {
        Self(name.into())
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for DeviceName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// The number of a committed state of intent: 0 is the empty one, each commit adds 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Generation(pub u64);

impl Generation {
    /// The generation before the first commit.
    pub const EMPTY: Self = Self(0);

    /// The generation that the next commit makes.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

impl fmt::Display for Generation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.0)
    }
}

/// What is known of a device that its configuration depends on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceFacts {
    /// The device.
    pub name: DeviceName,
    /// Its type, as named in the intent.
    pub device_type: String,
    /// The YANG modules it implements, by name.
    pub modules: BTreeMap<String, ModuleFacts>,
}

/// A YANG module as a device announces it (RFC 8525).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ModuleFacts {
    /// XML namespace.
    pub namespace: String,
    /// Revision date, where announced.
    pub revision: Option<String>,
    /// Features it supports.
    pub features: Vec<String>,
}
