//! The latest states of the network, kept to tell what a commit changed, and the count of views
//! that lets a page wait for the next one instead of asking all the time.
//!
//! A state is a few pointers: neighbours share all that did not change between them.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use orchestrator::Head;
use tokio::sync::watch;
use transform::{DeviceChange, DeviceTarget, State};
use vocab::{DeviceName, Generation};

/// States that are kept; what older commits changed on devices is not told any more.
const STATES_MAX: usize = 256;

/// The latest states, oldest first.
#[derive(Debug)]
pub(crate) struct History {
    kept: Mutex<VecDeque<Head>>,
    revision: watch::Sender<u64>,
}

/// What some commits changed on devices.
#[derive(Debug)]
pub(crate) struct Span {
    /// The first of the commits.
    pub(crate) first: Generation,
    /// The last of them; the same unless several were made within one moment.
    pub(crate) last: Generation,
    /// Ascending by name.
    pub(crate) devices: Vec<DeviceChange>,
}

impl History {
    pub(crate) fn new() -> Self {
        Self { kept: Mutex::default(), revision: watch::Sender::new(0) }
    }

    /// Takes note of every view of a controller until that stops.
    pub(crate) async fn follow(self: Arc<Self>, controller: controller::Handle) {
        let mut views = controller.watch();
        loop {
            let view = Arc::clone(&views.borrow_and_update());
            self.note(view.head.clone());
            drop(view);
            if views.changed().await.is_err() {
                // Who waits for news hears of the end.
                self.revision.send_modify(|revision| *revision += 1);
                return;
            }
        }
    }

    /// Tells of every view by its number.
    pub(crate) fn revisions(&self) -> watch::Receiver<u64> {
        self.revision.subscribe()
    }

    fn note(&self, head: Head) {
        let mut kept = self.kept();
        if kept.back().is_none_or(|newest| newest.generation < head.generation) {
            if kept.len() == STATES_MAX {
                kept.pop_front();
            }
            kept.push_back(head);
        }
        drop(kept);
        self.revision.send_modify(|revision| *revision += 1);
    }

    /// What a commit changed; `None` when the state before it, or after it, is not kept.
    pub(crate) fn span(&self, generation: Generation) -> Option<Span> {
        let kept = self.kept();
        let after = kept.partition_point(|head| head.generation < generation);
        let (before, after) = (kept.get(after.checked_sub(1)?)?.clone(), kept.get(after)?.clone());
        drop(kept);
        let first = Generation(before.generation.0 + 1);
        let devices = changes(&before.state, &after.state);
        Some(Span { first, last: after.generation, devices })
    }

    fn kept(&self) -> MutexGuard<'_, VecDeque<Head>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The devices whose targets differ between two states.
fn changes(before: &State, after: &State) -> Vec<DeviceChange> {
    let (mut old, mut new) = (before.devices().peekable(), after.devices().peekable());
    let mut changes = Vec::new();
    loop {
        let name = match (old.peek(), new.peek()) {
            (Some((left, _)), Some((right, _))) => left.min(right).clone(),
            (Some((name, _)), None) | (None, Some((name, _))) => name.clone(),
            (None, None) => return changes,
        };
        let old = of(&mut old, &name);
        let new = of(&mut new, &name);
        if !is_same(old.as_ref(), new.as_ref()) {
            changes.push(DeviceChange { name, old, new });
        }
    }
}

/// The next target, if it is that of this device. One that is about to change its type may have
/// two; the last one counts.
fn of(
    targets: &mut std::iter::Peekable<impl Iterator<Item = (DeviceName, DeviceTarget)>>,
    name: &DeviceName,
) -> Option<DeviceTarget> {
    let mut found = None;
    while let Some((_, target)) = targets.next_if(|(next, _)| next == name) {
        found = Some(target);
    }
    found
}

fn is_same(old: Option<&DeviceTarget>, new: Option<&DeviceTarget>) -> bool {
    match (old, new) {
        (Some(old), Some(new)) => {
            old.device_type == new.device_type && old.config.ptr_eq(&new.config)
        }
        (None, None) => true,
        _ => false,
    }
}
