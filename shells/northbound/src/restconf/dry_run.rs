//! Dry runs: what a write would do to which device, and what would be recomputed for it.

use std::fmt::Write as _;

use axum::http::HeaderMap;
use axum::response::Response;
use orchestrator::Preview;
use restconf_proto::{DryRun, Format, Problem, problem};
use serde_json::{Value, json};
use transform::{Run, System};
use yang_data::edit::{Edit, Operation};
use yang_data::print::PrintOptions;

use super::commit;
use crate::app::App;
use crate::change::{Part, parts};
use crate::reply;

/// Namespace of the document in XML.
const NAMESPACE: &str = "urn:weft:yang:dry-run";

/// Tries an edit and tells what it would do.
pub(super) async fn answer(
    app: &App,
    headers: &HeaderMap,
    edit: Edit,
    form: DryRun,
) -> Result<Response, Vec<Problem>> {
    let preview = commit::preview(app, edit).await.map_err(commit::Missed::into_problems)?;
    let system = app.system();
    let form = match (form, reply::accepted(headers)) {
        (DryRun::Negotiated, Some(Format::Xml)) => DryRun::Xml,
        (DryRun::Negotiated, _) => DryRun::Json,
        (form, _) => form,
    };
    let mut response = match form {
        DryRun::Text => reply::full(200, reply::TEXT, text(system, &preview)),
        DryRun::Xml => reply::full(200, Format::Xml.media_type(), xml(system, &preview)),
        DryRun::Json | DryRun::Negotiated => reply::json(&document(system, &preview)),
    };
    reply::put(&mut response, reply::WEFT_GENERATION, &preview.base.to_string());
    Ok(response)
}

/// The parts of all devices, with the device and the schema of each.
fn all<'a>(
    system: &'a System,
    preview: &'a Preview,
) -> impl Iterator<Item = (&'a str, Part<'a>, &'a yang::Schema)> {
    preview.devices.iter().flat_map(move |change| {
        parts(system, change).into_iter().filter_map(move |part| {
            let schema = system.device_type(part.device_type)?.schema();
            Some((change.name.as_str(), part, &**schema))
        })
    })
}

fn document(system: &System, preview: &Preview) -> Value {
    let devices: Vec<Value> = all(system, preview)
        .map(|(name, part, schema)| {
            let changes = serde_json::from_str(&part.diff.json(schema)).unwrap_or(Value::Null);
            json!({
                "name": name,
                "device-type": part.device_type,
                "removed": part.is_removed,
                "changes": changes,
            })
        })
        .collect();
    let runs: Vec<Value> = preview.runs.iter().map(run_json).collect();
    json!({ "weft:dry-run": {
        "base-generation": preview.base.0, "device": devices, "run": runs,
    } })
}

fn run_json(run: &Run) -> Value {
    json!({
        "layer": run.layer,
        "transform": run.transform,
        "instance": run.instance,
        "cause": format!("{:?}", run.cause),
        "outcome": format!("{:?}", run.outcome),
    })
}

/// Per device the edit as it would be sent to one that holds its present target.
fn xml(system: &System, preview: &Preview) -> String {
    let mut out = format!("<dry-run xmlns=\"{NAMESPACE}\">");
    let _ = write!(out, "<base-generation>{}</base-generation>", preview.base);
    for (name, part, schema) in all(system, preview) {
        let name = problem::escaped(name);
        let device_type = problem::escaped(part.device_type);
        let edit = part.diff.xml(schema, Operation::Remove, &PrintOptions::COMPACT);
        let _ = write!(
            out,
            "<device><name>{name}</name><device-type>{device_type}</device-type>{edit}</device>"
        );
    }
    for run in &preview.runs {
        let _ = write!(out, "<run>{}</run>", problem::escaped(&run.to_string()));
    }
    out.push_str("</dry-run>");
    out
}

fn text(system: &System, preview: &Preview) -> String {
    let mut out = String::new();
    for (name, part, schema) in all(system, preview) {
        let was = if part.is_removed { ", no longer" } else { "" };
        let _ = writeln!(out, "# {name} ({}{was})", part.device_type);
        out.push_str(&part.diff.text(schema));
    }
    if out.is_empty() {
        out.push_str("# No device changes\n");
    }
    let _ = writeln!(out, "# on generation {}, recomputed:", preview.base);
    for run in &preview.runs {
        let _ = writeln!(out, "#   {run}");
    }
    out
}
