//! What all handlers share.

use std::sync::{Arc, Mutex, PoisonError};

use controller::View;
use restconf_proto::Library;
use tokio::sync::watch;
use transform::System;
use vocab::Generation;
use yang::Schema;
use yang_data::{Tree, Types};

use crate::body::Bodies;
use crate::clock;
use crate::config::Config;
use crate::history::History;
use crate::metrics::Metrics;

/// What all handlers share.
pub(crate) struct App {
    pub(crate) config: Config,
    pub(crate) library: Library,
    pub(crate) metrics: Metrics,
    pub(crate) history: Arc<History>,
    /// When the listener was made.
    pub(crate) started_unix_ms: u64,
    pub(crate) bodies: Bodies,
    /// Becomes true when the server stops: who waits, waits no longer.
    pub(crate) stopping: watch::Receiver<bool>,
    /// The time of the newest commit whose time was asked for.
    time: Mutex<(Generation, u64)>,
}

/// Who makes a request.
#[derive(Clone, Debug)]
pub(crate) struct Author(pub(crate) String);

impl App {
    pub(crate) fn new(config: Config, library: Library, stopping: watch::Receiver<bool>) -> Self {
        let time = Mutex::new((Generation::EMPTY, 0));
        let bodies = Bodies::new(&config.limits);
        let (metrics, history) = (Metrics::default(), Arc::new(History::new()));
        let started_unix_ms = clock::now_unix_ms();
        Self { config, library, metrics, history, started_unix_ms, bodies, stopping, time }
    }

    pub(crate) fn system(&self) -> &Arc<System> {
        self.config.controller.system()
    }

    pub(crate) fn view(&self) -> Arc<View> {
        self.config.controller.view()
    }

    /// The types of layer 0.
    pub(crate) fn types(&self) -> &Arc<Types> {
        self.system().layer_validator(0).expect("a controller's system has a layer 0").types()
    }

    /// The schema of layer 0.
    pub(crate) fn schema(&self) -> &Arc<Schema> {
        self.types().schema()
    }

    /// The tree of layer 0.
    pub(crate) fn intent(&self, view: &View) -> Tree {
        let tree = view.head.state.layer(self.system(), 0);
        tree.expect("a controller's system has a layer 0")
    }

    /// Whether the controller still runs.
    pub(crate) fn is_alive(&self) -> bool {
        self.config.controller.watch().has_changed().is_ok()
    }

    /// When a generation was made, in milliseconds since 1970; `None` for the empty one, and when
    /// the log does not tell.
    pub(crate) async fn time_of(self: &Arc<Self>, generation: Generation) -> Option<u64> {
        if generation == Generation::EMPTY {
            return None;
        }
        let known = *self.time.lock().unwrap_or_else(PoisonError::into_inner);
        if known.0 == generation {
            return Some(known.1);
        }
        let app = Arc::clone(self);
        let found = tokio::task::spawn_blocking(move || app.config.log.record(generation)).await;
        let time = found.ok()?.ok()??.time_unix_ms;
        self.note_time(generation, time);
        Some(time)
    }

    /// Takes note of when a generation was made, unless a newer one is known.
    pub(crate) fn note_time(&self, generation: Generation, time_unix_ms: u64) {
        let mut known = self.time.lock().unwrap_or_else(PoisonError::into_inner);
        if known.0 < generation {
            *known = (generation, time_unix_ms);
        }
    }
}
