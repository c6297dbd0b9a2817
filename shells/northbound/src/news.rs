//! What is new, for a page that stays up to date: waiting for the next view instead of asking all
//! the time, and what a commit changed on which device.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Path as UrlPath, Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use restconf_proto::Problem;
use serde::Deserialize;
use serde_json::{Value, json};
use vocab::Generation;

use crate::app::App;
use crate::change;
use crate::history::Span;
use crate::inspect::refused;
use crate::reply;

/// How long a question for news waits at most; less than proxies wait for an answer.
const WAIT_MAX: Duration = Duration::from_secs(25);
/// Bytes of differences in one reply. Devices beyond are named without theirs.
const TEXT_BYTES_MAX: usize = 2 << 20;

/// Since which moment, as an earlier reply named it.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Since {
    since: Option<String>,
}

/// How it goes now; with `since`, once that is not how it went then any more.
pub(crate) async fn news(
    State(app): State<Arc<App>>,
    since: Result<Query<Since>, QueryRejection>,
    headers: HeaderMap,
) -> Response {
    let since = match since {
        Ok(Query(since)) => since.since,
        Err(error) => {
            let problem = Problem::protocol(400, "invalid-value", error.body_text());
            return refused(&app, &headers, problem);
        }
    };
    let mut revisions = app.history.revisions();
    let wait = revisions.wait_for(|revision| since != Some(moment(&app, *revision)));
    let mut stopping = app.stopping.clone();
    // Whatever ends the waiting, the answer is how it goes then.
    tokio::select! {
        _ = tokio::time::timeout(WAIT_MAX, wait) => {}
        _ = stopping.wait_for(|stops| *stops) => {}
    }
    let revision = *app.history.revisions().borrow();
    let view = app.view();
    let mut by_status: BTreeMap<&str, u64> = BTreeMap::new();
    for device in view.devices.iter() {
        *by_status.entry(device.status.word()).or_default() += 1;
    }
    reply::json(&json!({
        "moment": moment(&app, revision),
        "alive": app.is_alive(),
        "network": app.config.network,
        "generation": view.head.generation.0,
        "devices": view.devices.len(),
        "by_status": by_status,
    }))
}

/// A name for a moment that no other run of the program gives to one of its own.
fn moment(app: &App, revision: u64) -> String {
    format!("{:x}-{revision}", app.started_unix_ms)
}

/// What a commit changed on which device.
pub(crate) async fn commit_devices(
    State(app): State<Arc<App>>,
    UrlPath(generation): UrlPath<String>,
    headers: HeaderMap,
) -> Response {
    let newest = app.view().head.generation;
    let number = generation.parse().ok().map(Generation);
    let Some(number) = number.filter(|one| *one > Generation::EMPTY && *one <= newest) else {
        let message = format!("there is no commit '{generation}'");
        return refused(&app, &headers, Problem::protocol(404, "invalid-value", message));
    };
    let work = {
        let app = Arc::clone(&app);
        move || app.history.span(number).map(|span| printed(&app, &span))
    };
    match tokio::task::spawn_blocking(work).await {
        Ok(Some(value)) => reply::json(&value),
        Ok(None) => reply::json(&json!({ "kept": false, "devices": [] })),
        Err(error) => {
            let problem = Problem::protocol(500, "operation-failed", error.to_string());
            refused(&app, &headers, problem)
        }
    }
}

fn printed(app: &App, span: &Span) -> Value {
    let system = app.system();
    let mut room = TEXT_BYTES_MAX;
    let mut devices = Vec::new();
    for change in &span.devices {
        for part in change::parts(system, change) {
            let Some(kind) = system.device_type(part.device_type) else { continue };
            let text = (room > 0).then(|| part.diff.text(kind.schema()));
            room = room.saturating_sub(text.as_ref().map_or(0, String::len));
            devices.push(json!({
                "name": change.name.as_str(),
                "type": part.device_type,
                "removed": part.is_removed,
                "diff": text,
            }));
        }
    }
    json!({ "kept": true, "first": span.first.0, "last": span.last.0, "devices": devices })
}
