//! Pinned host keys of devices, kept beside the commit log.

use std::sync::Arc;

use southbound::{HostKeyStoreError, HostKeys};
use storage::Store;
use vocab::DeviceName;

/// Pins in the facts of a [`Store`], one per device.
pub(crate) struct StoredHostKeys(pub(crate) Arc<Store>);

fn fact(device: &DeviceName) -> String {
    format!("host-key/{device}")
}

fn failed(error: impl std::fmt::Display) -> HostKeyStoreError {
    HostKeyStoreError(error.to_string())
}

impl HostKeys for StoredHostKeys {
    fn get(&self, device: &DeviceName) -> Result<Option<String>, HostKeyStoreError> {
        let key = self.0.fact(&fact(device)).map_err(failed)?;
        key.map(String::from_utf8).transpose().map_err(failed)
    }

    fn pin(&self, device: &DeviceName, key: &str) -> Result<(), HostKeyStoreError> {
        self.0.set_fact(&fact(device), key.as_bytes()).map(drop).map_err(failed)
    }
}
