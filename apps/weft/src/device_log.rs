//! What lately happened with each device, for people.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use northbound::DeviceEvent;
use orchestrator::DeviceReport;
use vocab::DeviceName;

/// Events that are kept per device; older ones are dropped.
const EVENTS_MAX: usize = 50;

/// The last events of each device.
#[derive(Debug, Default)]
pub(crate) struct DeviceLog {
    events: Mutex<BTreeMap<DeviceName, VecDeque<DeviceEvent>>>,
}

impl DeviceLog {
    /// Takes note of a report.
    pub(crate) fn note(&self, device: &DeviceName, report: &DeviceReport) {
        let what = match report {
            DeviceReport::Connected { facts, .. } => {
                format!("connected, {} modules", facts.modules.len())
            }
            DeviceReport::Disconnected { reason } => format!("disconnected: {reason}"),
            DeviceReport::Holds { generation: Some(generation), .. } => {
                format!("holds the target of generation {generation}")
            }
            DeviceReport::Holds { generation: None, .. } => "configuration read".to_owned(),
            DeviceReport::Rejected { generation, errors } => {
                format!("refused the target of generation {generation}: {}", errors.join("; "))
            }
        };
        let mut events = self.events.lock().unwrap_or_else(PoisonError::into_inner);
        let events = events.entry(device.clone()).or_default();
        events.push_back(DeviceEvent { time_unix_ms: now_unix_ms(), what });
        if events.len() > EVENTS_MAX {
            events.pop_front();
        }
    }

    /// The last events of a device, oldest first.
    pub(crate) fn of(&self, device: &DeviceName) -> Vec<DeviceEvent> {
        let events = self.events.lock().unwrap_or_else(PoisonError::into_inner);
        events.get(device).into_iter().flatten().cloned().collect()
    }
}

/// The wall clock.
pub(crate) fn now_unix_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}
