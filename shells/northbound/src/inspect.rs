//! What the layers and the devices hold, for people and scripts.
//!
//! Paths and shapes are those that users of the reference platform know; a question that cannot be
//! answered yet (no configuration was read so far) is answered with a line that begins with `#`.

mod approval;
mod device;
mod layer;

use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Path as UrlPath, Query, State};
use axum::http::header::ALLOW;
use axum::http::{HeaderMap, Method};
use axum::response::Response;
use orchestrator::DeviceRecord;
use restconf_proto::{Format, Problem};
use serde::Deserialize;
use serde_json::json;
use vocab::DeviceName;

pub(crate) use approval::{config_queue, set_approval};

use crate::app::App;
use crate::reply;

/// `?format=`
#[derive(Clone, Copy, Debug, Default, Deserialize)]
pub(crate) struct Wanted {
    format: Option<Form>,
}

/// How to print.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Form {
    Json,
    Xml,
    Text,
}

/// A layer, or the devices as the layer below all others.
pub(crate) async fn layer(
    State(app): State<Arc<App>>,
    UrlPath(index): UrlPath<String>,
    wanted: Result<Query<Wanted>, QueryRejection>,
    headers: HeaderMap,
) -> Response {
    let wanted = match form(&wanted) {
        Ok(wanted) => wanted,
        Err(problem) => return refused(&app, &headers, problem),
    };
    let format = match (wanted, reply::accepted(&headers)) {
        (Some(Form::Json), _) => Some(Format::Json),
        (Some(Form::Xml), _) => Some(Format::Xml),
        (Some(Form::Text), _) => None,
        (None, accepted) => accepted,
    };
    let Some(format) = format else {
        let message = "a layer comes as application/yang-data+json or application/yang-data+xml";
        return refused(&app, &headers, Problem::protocol(406, "invalid-value", message));
    };
    match layer::print(&app, &index, format) {
        Some(body) => reply::full(200, format.media_type(), body),
        None => {
            let last = app.system().layer_count();
            let message = format!("Unknown layer: there are 0 to {last}");
            refused(&app, &headers, Problem::protocol(404, "invalid-value", message))
        }
    }
}

/// The names of all devices.
pub(crate) async fn devices(State(app): State<Arc<App>>) -> Response {
    let view = app.view();
    let names: Vec<&str> = view.devices.iter().map(|device| device.name.as_str()).collect();
    reply::json(&json!({ "devices": names }))
}

/// One view of a device.
pub(crate) async fn device(
    State(app): State<Arc<App>>,
    UrlPath((name, part)): UrlPath<(String, String)>,
    wanted: Result<Query<Wanted>, QueryRejection>,
    headers: HeaderMap,
) -> Response {
    of_device(&app, &headers, &DeviceName::new(name), &wanted, |of, wanted| {
        let json = wanted.unwrap_or(Form::Json);
        match part.as_str() {
            "info" => reply::json(&of.info()),
            "capabilities" => reply::json(&of.capabilities()),
            "modules" => reply::json(&of.modules()),
            "running" => of.running(json),
            "target" => of.target(json),
            "diff" => of.diff(json),
            "log" => of.log(wanted.unwrap_or(Form::Xml)),
            "q" => reply::json(&of.queue()),
            _ => {
                let message = format!(
                    "a device has info, capabilities, modules, running, target, diff, log and q, \
                     not '{part}'"
                );
                refused(&app, &headers, Problem::protocol(404, "invalid-value", message))
            }
        }
    })
}

/// The change that waits for a device.
pub(crate) async fn queue_item(
    State(app): State<Arc<App>>,
    UrlPath((name, item)): UrlPath<(String, String)>,
    wanted: Result<Query<Wanted>, QueryRejection>,
    headers: HeaderMap,
) -> Response {
    let name = DeviceName::new(name);
    of_device(&app, &headers, &name, &wanted, |of, wanted| {
        of.queue_item(&item, wanted.unwrap_or(Form::Xml)).unwrap_or_else(|| {
            let message = format!("nothing waits for {name} under '{item}'");
            refused(&app, &headers, Problem::protocol(404, "invalid-value", message))
        })
    })
}

/// Answers of a device that is there, in the form that is asked for.
fn of_device(
    app: &App,
    headers: &HeaderMap,
    name: &DeviceName,
    wanted: &Result<Query<Wanted>, QueryRejection>,
    answer: impl FnOnce(&device::Device<'_>, Option<Form>) -> Response,
) -> Response {
    let wanted = match form(wanted) {
        Ok(wanted) => wanted,
        Err(problem) => return refused(app, headers, problem),
    };
    let view = app.view();
    let Some(record) = view.devices.get(name) else { return unknown(app, headers, name) };
    let gate = view.head.gate(name);
    answer(&device::Device { app, state: &view.head.state, gate, record }, wanted)
}

/// Makes a device be looked at anew. By POST only: what acts is no GET.
pub(crate) async fn resync(
    State(app): State<Arc<App>>,
    UrlPath(name): UrlPath<String>,
    method: Method,
    headers: HeaderMap,
) -> Response {
    if method != Method::POST {
        let message = "a resynchronisation acts on the device: ask for it with POST";
        let problem = Problem::protocol(405, "operation-not-supported", message);
        let mut response = refused(&app, &headers, problem);
        reply::put(&mut response, ALLOW, "POST");
        return response;
    }
    let name = DeviceName::new(name);
    if app.view().devices.get(&name).is_none() {
        return unknown(&app, &headers, &name);
    }
    if app.config.devices.resync(&name) {
        return reply::json(&json!({ "status": "ok", "message": "Resync initiated" }));
    }
    let message = format!("{name} has no session that could be asked");
    refused(&app, &headers, Problem::protocol(409, "resource-denied", message))
}

fn form(wanted: &Result<Query<Wanted>, QueryRejection>) -> Result<Option<Form>, Problem> {
    match wanted {
        Ok(Query(wanted)) => Ok(wanted.format),
        Err(_) => {
            let message = "'format' is json, xml or text";
            Err(Problem::protocol(400, "invalid-value", message))
        }
    }
}

fn unknown(app: &App, headers: &HeaderMap, name: &DeviceName) -> Response {
    let message = format!("there is no device '{name}'");
    refused(app, headers, Problem::protocol(404, "invalid-value", message))
}

pub(crate) fn refused(app: &App, headers: &HeaderMap, problem: Problem) -> Response {
    reply::problems(headers, app.schema(), &[problem])
}

/// The address of a device, for people: the first one it has.
pub(crate) fn address(record: &DeviceRecord) -> Option<String> {
    record.access.addresses.first().map(|(host, port)| match port {
        Some(port) if host.contains(':') => format!("[{host}]:{port}"),
        Some(port) => format!("{host}:{port}"),
        None => host.clone(),
    })
}
