//! Which host key belongs to which device.
//!
//! The key that a device offers at the first connection is pinned; from then on no other is
//! accepted, whatever its address. Whoever replaces a device takes its pin away.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use vocab::DeviceName;

/// A store of pinned host keys. Its methods may block; they are called off the worker threads.
pub trait HostKeys: Send + Sync + 'static {
    /// The key pinned for a device, as OpenSSH writes public keys (`ssh-ed25519 AAAA...`).
    ///
    /// # Errors
    /// When the store cannot be read; the device is not connected to then.
    fn get(&self, device: &DeviceName) -> Result<Option<String>, HostKeyStoreError>;

    /// Pins a key for a device that has none.
    ///
    /// # Errors
    /// When the key cannot be kept; the device is not connected to then.
    fn pin(&self, device: &DeviceName, key: &str) -> Result<(), HostKeyStoreError>;
}

/// A store that failed.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct HostKeyStoreError(pub String);

/// Pinned keys in memory: gone with the process.
#[derive(Debug, Default)]
pub struct MemoryHostKeys {
    keys: Mutex<BTreeMap<DeviceName, String>>,
}

impl MemoryHostKeys {
    /// Takes the pin of a device away, because it was replaced.
    pub fn forget(&self, device: &DeviceName) {
        self.keys.lock().unwrap_or_else(PoisonError::into_inner).remove(device);
    }
}

impl HostKeys for MemoryHostKeys {
    fn get(&self, device: &DeviceName) -> Result<Option<String>, HostKeyStoreError> {
        Ok(self.keys.lock().unwrap_or_else(PoisonError::into_inner).get(device).cloned())
    }

    fn pin(&self, device: &DeviceName, key: &str) -> Result<(), HostKeyStoreError> {
        let mut keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        keys.insert(device.clone(), key.to_owned());
        Ok(())
    }
}
