//! `/api/v1`: the controller in plain JSON, for the page, the command line and scripts.

use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Path as UrlPath, Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use orchestrator::{DeviceRecord, DeviceStatus};
use restconf_proto::Problem;
use serde::Deserialize;
use serde_json::{Value, json};
use transform::{Owner, explain_device};
use vocab::{DeviceName, Generation};
use yang_data::{Path, Types};

use crate::app::App;
use crate::config::{CommitKind, CommitLogError, CommitRecord};
use crate::inspect::{address, refused};
use crate::reply;

/// A sign of life, without login.
pub(crate) async fn health(State(app): State<Arc<App>>) -> Response {
    if app.is_alive() {
        return reply::json(&json!({ "status": "ok" }));
    }
    reply::full(503, reply::JSON, json!({ "status": "stopped" }).to_string())
}

pub(crate) async fn status(State(app): State<Arc<App>>) -> Response {
    let view = app.view();
    let in_sync = view.devices.iter().filter(|device| device.status == DeviceStatus::InSync);
    reply::json(&json!({
        "network": app.config.network,
        "generation": view.head.generation.0,
        "hash": view.head.hash.to_string(),
        "devices": view.devices.len(),
        "in_sync": in_sync.count(),
    }))
}

pub(crate) async fn devices(State(app): State<Arc<App>>) -> Response {
    let view = app.view();
    let devices: Vec<Value> = view.devices.iter().map(summary).collect();
    reply::json(&json!({ "devices": devices }))
}

pub(crate) async fn device(
    State(app): State<Arc<App>>,
    UrlPath(name): UrlPath<String>,
    headers: HeaderMap,
) -> Response {
    match app.view().devices.get(&DeviceName::new(name.clone())) {
        Some(record) => reply::json(&summary(record)),
        None => refused(&app, &headers, missing(format!("there is no device '{name}'"))),
    }
}

fn summary(record: &DeviceRecord) -> Value {
    json!({
        "name": record.name.as_str(),
        "type": record.access.device_type,
        "status": record.status.word(),
        "detail": record.status.detail(),
        "target_generation": record.target_generation.0,
        "held_generation": record.held_generation.map(|held| held.0),
        "simulated": record.access.is_mock,
        "approval_required": record.access.needs_approval,
        "awaiting": record.awaiting().map(|item| json!({
            "queue_id": item.target.to_string(),
            "device_txid": &*item.device_txid,
        })),
        "address": address(record),
    })
}

pub(crate) async fn topology(State(app): State<Arc<App>>) -> Response {
    let topology = (app.config.topology)(&app.intent(&app.view()));
    match serde_json::to_value(&topology) {
        Ok(value) => reply::json(&value),
        // A float that is no number: no place in JSON.
        Err(_) => reply::json(&json!({ "nodes": [], "links": [] })),
    }
}

/// Which commits.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
pub(crate) struct Page {
    limit: Option<u64>,
    before: Option<u64>,
}

/// Commits in one reply when nothing else is asked for.
const COMMITS_DEFAULT: u64 = 50;
/// Commits in one reply at most; go on with `before`.
const COMMITS_MAX: u64 = 1000;

/// Commits, newest first.
pub(crate) async fn commits(
    State(app): State<Arc<App>>,
    page: Result<Query<Page>, QueryRejection>,
    headers: HeaderMap,
) -> Response {
    let page = match page {
        Ok(Query(page)) => page,
        Err(error) => return refused(&app, &headers, wrong(error.body_text())),
    };
    let newest = app.view().head.generation.0;
    let last = page.before.map_or(newest, |before| newest.min(before.saturating_sub(1)));
    let count = page.limit.unwrap_or(COMMITS_DEFAULT).min(COMMITS_MAX);
    let first = last.saturating_sub(count) + 1;
    let log = Arc::clone(&app.config.log);
    let read = tokio::task::spawn_blocking(move || {
        let generations = (first..=last).rev().map(Generation);
        let records = generations.filter_map(|generation| log.record(generation).transpose());
        records.map(|record| Ok(commit_summary(&record?))).collect()
    });
    let read: Result<Result<Vec<Value>, CommitLogError>, _> = read.await;
    match read {
        Ok(Ok(commits)) => reply::json(&json!({ "commits": commits })),
        Ok(Err(error)) => refused(&app, &headers, unreadable(&error.to_string())),
        Err(error) => refused(&app, &headers, unreadable(&error.to_string())),
    }
}

/// One commit with what it does.
pub(crate) async fn commit(
    State(app): State<Arc<App>>,
    UrlPath(generation): UrlPath<String>,
    headers: HeaderMap,
) -> Response {
    let none = || missing(format!("there is no commit '{generation}'"));
    let Ok(number) = generation.parse() else { return refused(&app, &headers, none()) };
    let log = Arc::clone(&app.config.log);
    let read = tokio::task::spawn_blocking(move || log.record(Generation(number)));
    match read.await {
        Ok(Ok(Some(record))) => {
            let mut commit = commit_summary(&record);
            match record.kind {
                CommitKind::Edit(edit) => commit["edit"] = edit.into(),
                CommitKind::Facts(facts) => commit["facts"] = facts.into(),
                CommitKind::Approval(approval) => {
                    commit["approval"] = json!({
                        "device": approval.device.as_str(),
                        "target_generation": approval.target.0,
                        "device_txid": approval.device_txid,
                        "approved": approval.is_approved,
                    });
                }
            }
            reply::json(&commit)
        }
        Ok(Ok(None)) => refused(&app, &headers, none()),
        Ok(Err(error)) => refused(&app, &headers, unreadable(&error.to_string())),
        Err(error) => refused(&app, &headers, unreadable(&error.to_string())),
    }
}

fn commit_summary(record: &CommitRecord) -> Value {
    let kind = match record.kind {
        CommitKind::Edit(_) => "edit",
        CommitKind::Facts(_) => "facts",
        CommitKind::Approval(intent::Approval { is_approved: true, .. }) => "approval",
        CommitKind::Approval(_) => "rejection",
    };
    let device = match &record.kind {
        CommitKind::Approval(approval) => Some(approval.device.as_str()),
        CommitKind::Edit(_) | CommitKind::Facts(_) => None,
    };
    json!({
        "generation": record.generation.0,
        "author": record.author,
        "comment": record.comment,
        "time_unix_ms": record.time_unix_ms,
        "hash": intent::Hash(record.hash).to_string(),
        "kind": kind,
        "device": device,
    })
}

/// Of which node the provenance is wanted.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Node {
    device: Option<String>,
    layer: Option<usize>,
    path: Option<String>,
}

/// Which transforms, from which intent, made a node of a layer or of a device's target.
pub(crate) async fn explain(
    State(app): State<Arc<App>>,
    node: Result<Query<Node>, QueryRejection>,
    headers: HeaderMap,
) -> Response {
    let found = match node {
        Ok(Query(node)) => explained(&app, &node),
        Err(error) => Err(wrong(error.body_text())),
    };
    match found {
        Ok(value) => reply::json(&value),
        Err(problem) => refused(&app, &headers, problem),
    }
}

fn explained(app: &App, node: &Node) -> Result<Value, Problem> {
    let text = node.path.as_deref().ok_or_else(|| wrong("'path' is missing".to_owned()))?;
    let view = app.view();
    let state = &view.head.state;
    let system = app.system();
    let (path, is_there, owners) = match (&node.device, node.layer) {
        (Some(device), None) => {
            let name = DeviceName::new(device.clone());
            let target = state.device(&name);
            let target = target.ok_or_else(|| missing(format!("'{device}' has no target")))?;
            let kind = system.device_type(target.device_type);
            let kind = kind.ok_or_else(|| missing(format!("'{device}' has no known type")))?;
            let path = path(kind.types(), text)?;
            let is_there = target.config.find(path.steps()).is_some();
            let owners = explain_device(system, state, &name, &path);
            (path.text(kind.schema()), is_there, owners)
        }
        (None, Some(layer)) => {
            let validator = system.layer_validator(layer);
            let validator = validator.ok_or_else(|| missing(format!("no layer {layer}")))?;
            let path = path(validator.types(), text)?;
            let tree = state.layer(system, layer);
            let is_there = tree.is_some_and(|tree| tree.get(&path).is_some());
            let owners = transform::explain(system, state, layer, &path);
            (path.text(validator.schema()), is_there, owners)
        }
        _ => return Err(wrong("either 'device' or 'layer' says where".to_owned())),
    };
    if !is_there {
        return Err(missing("there is no such node".to_owned()).at(path));
    }
    let owners: Vec<Value> = owners.iter().map(|one| owner(app, one)).collect();
    Ok(json!({ "path": path, "owners": owners }))
}

fn owner(app: &App, owner: &Owner) -> Value {
    json!({
        "layer": owner.layer,
        "layer_name": app.system().layer_name(owner.layer),
        "transform": owner.transform,
        "instance": owner.instance,
    })
}

/// A path in either of its forms: `/module:list[key='value']` or `module:list=value`.
fn path(types: &Types, text: &str) -> Result<Path, Problem> {
    let parsed = Path::parse(types, text);
    parsed.or_else(|error| {
        Path::parse_restconf(types, text)
            .map_err(|_| Problem { status: 400, ..Problem::from(&error) })
    })
}

fn missing(message: String) -> Problem {
    Problem::protocol(404, "invalid-value", message)
}

fn wrong(message: String) -> Problem {
    Problem::protocol(400, "invalid-value", message)
}

fn unreadable(message: &str) -> Problem {
    Problem::protocol(500, "operation-failed", message)
}
