//! All devices: their tasks, and what is wanted of them.

use std::collections::BTreeMap;
use std::sync::Arc;

use orchestrator::{DeviceReport, Target};
use rand::SeedableRng as _;
use rand::rngs::StdRng;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use vocab::DeviceName;

use crate::config::Config;
use crate::device::{Context, Device};
use crate::host_keys::HostKeys;
use crate::model::{Models, SchemaLookup};

/// A device's report with its name.
#[derive(Clone, Debug)]
pub struct Reported {
    /// The device.
    pub name: DeviceName,
    /// What it reports.
    pub report: DeviceReport,
}

/// The sessions with all devices.
///
/// Nothing here waits: targets are handed over, and what becomes of them comes through the channel
/// of reports. It must be used within a tokio runtime.
pub struct Southbound {
    context: Arc<Context>,
    devices: BTreeMap<DeviceName, Task>,
    /// Tasks of released devices that may still say goodbye.
    leaving: Vec<JoinHandle<()>>,
    random: StdRng,
}

struct Task {
    targets: watch::Sender<Arc<Target>>,
    task: JoinHandle<()>,
}

impl Southbound {
    /// No device yet.
    ///
    /// `reports` is bounded by its maker: when it is full, the devices that have something to
    /// report wait, each for itself, and go on when there is room; nothing is lost. `random` makes
    /// the pauses between attempts.
    #[must_use]
    pub fn new(
        config: Config,
        schemas: SchemaLookup,
        host_keys: Arc<dyn HostKeys>,
        reports: mpsc::Sender<Reported>,
        random: StdRng,
    ) -> Self {
        let models = Models::new(schemas);
        let context = Arc::new(Context { config, models, host_keys, reports });
        Self { context, devices: BTreeMap::new(), leaving: Vec::new(), random }
    }

    /// Drives a device to a target. An earlier one that was not sent yet never will be; one that is
    /// being sent is finished first. The same target again makes the device be looked at anew.
    pub fn drive(&mut self, target: Target) {
        let name = target.name.clone();
        let target = Arc::new(target);
        // A task that panicked took no other with it, and starts afresh.
        if let Some(known) = self.devices.get(&name).filter(|known| !known.task.is_finished()) {
            known.targets.send_replace(target);
            return;
        }
        let (targets, received) = watch::channel(target);
        let device = Device {
            name: name.clone(),
            context: Arc::clone(&self.context),
            targets: received,
            random: StdRng::from_rng(&mut self.random),
            facts: None,
            failures: 0,
            reason: None,
        };
        let task = tokio::spawn(device.run());
        self.devices.insert(name, Task { targets, task });
    }

    /// Ends the session with a device, after a change under way, and forgets the device. Nothing
    /// is changed on it.
    pub fn release(&mut self, name: &DeviceName) {
        self.leaving.retain(|task| !task.is_finished());
        if let Some(Task { targets, task }) = self.devices.remove(name) {
            drop(targets);
            self.leaving.push(task);
        }
    }

    /// Number of devices that are driven.
    #[must_use]
    pub fn device_count(&self) -> usize {
        self.devices.len()
    }

    /// Ends all sessions in order, and those that take longer than the grace of the settings at
    /// once.
    pub async fn shutdown(mut self) {
        let names: Vec<DeviceName> = self.devices.keys().cloned().collect();
        names.iter().for_each(|name| self.release(name));
        let deadline = tokio::time::Instant::now() + self.context.config.shutdown_grace;
        for mut task in std::mem::take(&mut self.leaving) {
            if tokio::time::timeout_at(deadline, &mut task).await.is_err() {
                task.abort();
            }
        }
    }
}

/// Dropped without [`Southbound::shutdown`], sessions are cut.
impl Drop for Southbound {
    fn drop(&mut self) {
        self.devices.values().for_each(|device| device.task.abort());
        self.leaving.iter().for_each(JoinHandle::abort);
    }
}

impl std::fmt::Debug for Southbound {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Southbound").field("devices", &self.devices.keys()).finish_non_exhaustive()
    }
}
