//! What clients and device sessions hold of a running controller.

use std::sync::Arc;
use std::time::Duration;

use intent::{Approval, Meta};
use orchestrator::{DeviceRecord, DeviceReport, DeviceStatus, Head, Reply};
use tokio::sync::{mpsc, oneshot, watch};
use transform::System;
use vocab::{DeviceName, Generation};
use yang_data::edit::Edit;
use yang_data::sequence::Sequence;

/// A snapshot of the controller: what is durable, and how the devices are doing.
#[derive(Clone, Debug)]
pub struct View {
    /// The newest durable state.
    pub head: Head,
    /// All devices of the inventory.
    pub devices: Sequence<DeviceRecord>,
}

/// The controller is not running any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the controller has stopped")]
pub struct Gone;

/// A way to a running controller. Cheap to clone.
#[derive(Clone)]
pub struct Handle {
    pub(crate) system: Arc<System>,
    pub(crate) requests: mpsc::Sender<Request>,
    pub(crate) reports: mpsc::Sender<(DeviceName, DeviceReport)>,
    pub(crate) view: watch::Receiver<Arc<View>>,
}

/// A client's request on its way to the thread.
pub(crate) struct Request {
    pub(crate) kind: RequestKind,
    pub(crate) answer: oneshot::Sender<Reply>,
}

pub(crate) enum RequestKind {
    Commit { meta: Meta, edit: Edit, expected: Option<Generation> },
    Preview { edit: Edit },
    Approve { meta: Meta, approval: Approval },
}

impl Handle {
    /// The system that is controlled.
    pub fn system(&self) -> &Arc<System> {
        &self.system
    }

    /// What is durable now, and how the devices are doing.
    pub fn view(&self) -> Arc<View> {
        Arc::clone(&self.view.borrow())
    }

    /// Tells of every new [`View`].
    pub fn watch(&self) -> watch::Receiver<Arc<View>> {
        self.view.clone()
    }

    /// Commits an edit of intent; answers when it is durable or refused.
    ///
    /// # Errors
    /// When the controller has stopped; whether the edit was committed is then seen in the log.
    pub async fn commit(
        &self,
        meta: Meta,
        edit: Edit,
        expected: Option<Generation>,
    ) -> Result<Reply, Gone> {
        self.ask(RequestKind::Commit { meta, edit, expected }).await
    }

    /// Tries an edit of intent without effect.
    ///
    /// # Errors
    /// When the controller has stopped.
    pub async fn preview(&self, edit: Edit) -> Result<Reply, Gone> {
        self.ask(RequestKind::Preview { edit }).await
    }

    /// Decides on a change that waits for approval; answers when that is durable or refused.
    ///
    /// # Errors
    /// When the controller has stopped; whether it was decided is then seen in the log.
    pub async fn approve(&self, meta: Meta, approval: Approval) -> Result<Reply, Gone> {
        self.ask(RequestKind::Approve { meta, approval }).await
    }

    /// Hands a device's report over.
    ///
    /// # Errors
    /// When the controller has stopped.
    pub async fn report(&self, device: DeviceName, report: DeviceReport) -> Result<(), Gone> {
        self.reports.send((device, report)).await.map_err(|_| Gone)
    }

    /// Waits until the devices hold the target of a generation, or were refused or lost on the
    /// way, `patience` at most. Returns those that do not hold it, with their status.
    pub async fn settled(
        &self,
        generation: Generation,
        devices: &[DeviceName],
        patience: Duration,
    ) -> Vec<(DeviceName, DeviceStatus)> {
        let mut view = self.view.clone();
        let mut left = devices.to_vec();
        let wait = async {
            loop {
                let now = Arc::clone(&view.borrow_and_update());
                left.retain(|name| !holds(&now, name, generation));
                let waiting = left.iter().any(|name| is_pending(&now, name));
                if !waiting || view.changed().await.is_err() {
                    return;
                }
            }
        };
        // Patience over: what is left is told all the same.
        let _ = tokio::time::timeout(patience, wait).await;
        let now = self.view();
        left.into_iter()
            .filter_map(|name| Some((name.clone(), now.devices.get(&name)?.status.clone())))
            .collect()
    }

    async fn ask(&self, kind: RequestKind) -> Result<Reply, Gone> {
        let (answer, answered) = oneshot::channel();
        self.requests.send(Request { kind, answer }).await.map_err(|_| Gone)?;
        answered.await.map_err(|_| Gone)
    }
}

/// Whether a device holds the target of a generation. One that is gone needs to hold nothing.
fn holds(view: &View, name: &DeviceName, generation: Generation) -> bool {
    view.devices.get(name).is_none_or(|device| {
        device.held_generation >= Some(generation) || device.status == DeviceStatus::InSync
    })
}

/// Whether it may still come to hold it without another commit: also one that waits for approval,
/// until that is refused.
fn is_pending(view: &View, name: &DeviceName) -> bool {
    view.devices.get(name).is_some_and(|device| {
        !matches!(device.status, DeviceStatus::InSync | DeviceStatus::Rejected { .. })
    })
}
