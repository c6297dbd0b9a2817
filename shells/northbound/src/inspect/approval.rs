//! Changes that wait for approval, and decisions on them.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Extension, Path as UrlPath, State};
use axum::http::HeaderMap;
use axum::response::Response;
use intent::{Approval, Meta};
use orchestrator::{ApprovalItem, DeviceRecord, Reply};
use restconf_proto::Problem;
use serde::Deserialize;
use serde_json::{Value, json};
use vocab::{DeviceName, Generation};

use super::{refused, unknown};
use crate::app::{App, Author};
use crate::{clock, reply};

/// All changes that wait for approval, by device.
pub(crate) async fn config_queue(State(app): State<Arc<App>>) -> Response {
    let view = app.view();
    let waiting = view.devices.iter().filter_map(|record| Some((record, record.awaiting()?)));
    let devices: Vec<Value> = waiting.map(|(record, item)| pending(record, item)).collect();
    reply::json(&json!({ "devices": devices }))
}

fn pending(record: &DeviceRecord, item: &ApprovalItem) -> Value {
    let number = item.target.to_string();
    json!({
        "device_id": record.name.as_str(),
        "pending_count": 1,
        "items": [{
            "queue_id": number,
            "tid": number,
            "device_txid": &*item.device_txid,
            "approved": "null",
        }],
    })
}

/// The body of a decision.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Verdict {
    device_txid: String,
    approved: bool,
}

/// Decides on the change that waits for a device.
pub(crate) async fn set_approval(
    State(app): State<Arc<App>>,
    UrlPath((name, item)): UrlPath<(String, String)>,
    Extension(author): Extension<Author>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let name = DeviceName::new(name);
    if app.view().devices.get(&name).is_none() {
        return unknown(&app, &headers, &name);
    }
    match decide(&app, name, &item, author, &headers, body).await {
        Ok(is_approved) => reply::json(&json!({ "status": "ok", "approved": is_approved })),
        Err(problem) => refused(&app, &headers, problem),
    }
}

async fn decide(
    app: &App,
    device: DeviceName,
    item: &str,
    Author(author): Author,
    headers: &HeaderMap,
    body: Body,
) -> Result<bool, Problem> {
    let text = Arc::new(app.bodies.read(body).await?);
    let verdict = app.bodies.work(&text, |text| serde_json::from_str::<Verdict>(text)).await?;
    let verdict = verdict.map_err(|error| {
        let message =
            format!("say {{\"device_txid\": \"…\", \"approved\": true or false}}: {error}");
        Problem::protocol(400, "malformed-message", message)
    })?;
    let number = item.parse().map_err(|_| wrong(format!("'{item}' is no number of a change")))?;
    let approval = Approval {
        device: device.clone(),
        target: Generation(number),
        device_txid: verdict.device_txid,
        is_approved: verdict.approved,
    };
    let comment = reply::comment(headers)?;
    let meta = Meta { author, comment, time_unix_ms: clock::now_unix_ms() };
    let time_unix_ms = meta.time_unix_ms;
    let reply = app.config.controller.approve(meta, approval).await;
    match reply.map_err(|gone| Problem::protocol(503, "resource-denied", gone.to_string()))? {
        Reply::Decided(generation) => {
            app.note_time(generation, time_unix_ms);
            Ok(verdict.approved)
        }
        other => Err(not_decided(&device, other)),
    }
}

fn not_decided(device: &DeviceName, reply: Reply) -> Problem {
    match reply {
        Reply::NotAwaited { waiting: Some(item) } => wrong(format!(
            "that is not what waits for {device}: {} does, with device_txid {}",
            item.target, item.device_txid
        )),
        Reply::NotAwaited { waiting: None } => {
            wrong(format!("nothing waits for approval on {device}, or not any more"))
        }
        Reply::Busy => {
            let message = "too many commits wait for the disk: try again";
            Problem::protocol(503, "resource-denied", message)
        }
        Reply::NotDurable { reason } => {
            let message = format!("the decision could not be written, it is void: {reason}");
            Problem::protocol(507, "resource-denied", message)
        }
        Reply::InDoubt { reason } => {
            let message = format!(
                "whether the decision is in the log shows after the restart that follows: {reason}"
            );
            Problem::protocol(500, "operation-failed", message)
        }
        _ => Problem::protocol(500, "operation-failed", "an answer to another question"),
    }
}

fn wrong(message: String) -> Problem {
    Problem::protocol(400, "invalid-value", message)
}
