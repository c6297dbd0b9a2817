//! One device in print.

use std::fmt::Write as _;

use axum::response::Response;
use orchestrator::{DeviceRecord, Gate, device_txid};
use restconf_proto::{Format, problem};
use serde_json::{Value, json};
use transform::State;
use yang::Schema;
use yang_data::diff::diff_branch;
use yang_data::edit::Operation;
use yang_data::print::PrintOptions;
use yang_data::{Branch, xml};

use super::Form;
use super::layer::modset_id;
use crate::app::App;
use crate::{clock, reply};

const NO_RUNNING: &str = "# No running configuration available\n";
const NO_TARGET: &str = "# No target configuration available\n";
const NO_DIFFERENCES: &str = "# No differences\n";

/// A device at one moment.
pub(super) struct Device<'a> {
    pub(super) app: &'a App,
    pub(super) state: &'a State,
    pub(super) gate: Option<&'a Gate>,
    pub(super) record: &'a DeviceRecord,
}

impl Device<'_> {
    pub(super) fn info(&self) -> Value {
        let Self { record, state, .. } = self;
        let addresses: Vec<Value> = record
            .access
            .addresses
            .iter()
            .map(|(host, port)| json!({ "address": host, "port": port }))
            .collect();
        json!({
            "name": record.name.as_str(),
            "type": record.access.device_type,
            "status": record.status.word(),
            "detail": record.status.detail(),
            "addresses": addresses,
            "username": record.access.username,
            "simulated": record.access.is_mock,
            "has_running_config": record.running.is_some(),
            "has_target_config": state.device(&record.name).is_some(),
            "target_generation": record.target_generation.0,
            "held_generation": record.held_generation.map(|held| held.0),
            "queue_length": usize::from(self.waits()),
            "approval_required": record.access.needs_approval,
            "pending_approvals": usize::from(record.awaiting().is_some()),
            "modset_id": modset_id(state.facts(&record.name)),
            "modules": self.modules()["modules"],
        })
    }

    pub(super) fn modules(&self) -> Value {
        let facts = self.state.facts(&self.record.name);
        let modules: Vec<Value> = facts
            .into_iter()
            .flat_map(|facts| &facts.modules)
            .map(|(name, module)| {
                json!({
                    "name": name,
                    "namespace": module.namespace,
                    "revision": module.revision,
                    "features": module.features,
                })
            })
            .collect();
        json!({ "modules": modules })
    }

    /// The modules in the form of capabilities (RFC 7950, section 5.6.4).
    pub(super) fn capabilities(&self) -> Value {
        let facts = self.state.facts(&self.record.name);
        let capabilities: Vec<String> = facts
            .into_iter()
            .flat_map(|facts| &facts.modules)
            .map(|(name, module)| {
                let mut text = format!("{}?module={name}", module.namespace);
                if let Some(revision) = &module.revision {
                    let _ = write!(text, "&revision={revision}");
                }
                if !module.features.is_empty() {
                    let _ = write!(text, "&features={}", module.features.join(","));
                }
                text
            })
            .collect();
        json!({ "capabilities": capabilities })
    }

    pub(super) fn running(&self, form: Form) -> Response {
        match (self.schema(), &self.record.running) {
            (Some(schema), Some(running)) => config(schema, running, form),
            _ => line(NO_RUNNING),
        }
    }

    pub(super) fn target(&self, form: Form) -> Response {
        match (self.schema(), self.state.device(&self.record.name)) {
            (Some(schema), Some(target)) => config(schema, &target.config, form),
            _ => line(NO_TARGET),
        }
    }

    /// What makes the target of what the device holds.
    pub(super) fn diff(&self, form: Form) -> Response {
        let (media_type, text) = self.diff_text(form);
        reply::full(200, media_type, text)
    }

    /// The same with its media type.
    fn diff_text(&self, form: Form) -> (&'static str, String) {
        let line = |text: &str| (reply::TEXT, text.to_owned());
        let Some(schema) = self.schema() else { return line(NO_TARGET) };
        let Some(running) = &self.record.running else { return line(NO_RUNNING) };
        let target = self.state.device(&self.record.name);
        let target = target.map(|target| target.config).unwrap_or_default();
        let diff = diff_branch(schema, running, &target);
        match form {
            _ if diff.is_empty() => line(NO_DIFFERENCES),
            Form::Json => (reply::JSON, diff.json(schema)),
            Form::Xml => {
                let text = diff.xml(schema, Operation::Remove, &PrintOptions::PRETTY);
                (Format::Xml.media_type(), text)
            }
            Form::Text => (reply::TEXT, diff.text(schema)),
        }
    }

    pub(super) fn log(&self, form: Form) -> Response {
        let events = self.app.config.devices.events(&self.record.name);
        match form {
            Form::Json => {
                let events: Vec<Value> = events
                    .iter()
                    .map(|event| json!({ "time_unix_ms": event.time_unix_ms, "event": event.what }))
                    .collect();
                reply::json(&json!({ "log": events }))
            }
            Form::Xml => {
                let mut out = String::from("<log>\n");
                for event in &events {
                    let time = clock::http_date(event.time_unix_ms);
                    let what = problem::escaped(&event.what);
                    let _ = writeln!(
                        out,
                        "  <entry><timestamp>{time}</timestamp><event>{what}</event></entry>"
                    );
                }
                out.push_str("</log>\n");
                reply::full(200, Format::Xml.media_type(), out)
            }
            Form::Text => {
                let mut out = String::new();
                for event in &events {
                    let _ =
                        writeln!(out, "{}  {}", clock::http_date(event.time_unix_ms), event.what);
                }
                reply::full(200, reply::TEXT, out)
            }
        }
    }

    /// What waits for the device: its newest target, unless it holds that, or somebody rejected it.
    /// An older one is superseded and waits no longer.
    pub(super) fn queue(&self) -> Value {
        let mut items = serde_json::Map::new();
        if self.waits() {
            let generation = self.record.target_generation;
            let item = json!({
                "tid": generation.to_string(),
                "device_txid": self.txid(),
                "approved": self.approved(),
            });
            items.insert(generation.to_string(), item);
        }
        items.into()
    }

    pub(super) fn queue_item(&self, item: &str, form: Form) -> Option<Response> {
        let generation = self.record.target_generation.to_string();
        (self.waits() && item == generation).then(|| {
            let format = match form {
                Form::Json => "json",
                Form::Xml => "xml",
                Form::Text => "text",
            };
            reply::json(&json!({
                "tid": generation,
                "config_diff": self.diff_text(form).1,
                "device_txid": self.txid(),
                "approved": self.approved(),
                "format": format,
            }))
        })
    }

    /// Whether its change is approved: `"True"`, `"False"`, or `"null"` as long as nobody decided.
    fn approved(&self) -> &'static str {
        let gate = self.gate.filter(|_| self.record.awaiting().is_none());
        let decision = gate.and_then(|gate| gate.decision.as_ref());
        match decision.map(|decision| decision.is_approved) {
            Some(true) => "True",
            Some(false) => "False",
            None => "null",
        }
    }

    /// Names the configuration that the difference is computed on.
    fn txid(&self) -> Option<String> {
        if let Some(item) = self.record.awaiting() {
            return Some(item.device_txid.to_string());
        }
        let kind = self.app.system().device_type(&self.record.access.device_type)?;
        Some(device_txid(kind.types(), self.record.running.as_ref()?))
    }

    fn waits(&self) -> bool {
        let record = self.record;
        let is_held = record.held_generation == Some(record.target_generation);
        (!is_held && self.approved() != "False") || record.awaiting().is_some()
    }

    fn schema(&self) -> Option<&Schema> {
        let target = self.state.device(&self.record.name);
        let named = &*self.record.access.device_type;
        let device_type = target.map_or(named, |target| target.device_type);
        Some(self.app.system().device_type(device_type)?.schema())
    }
}

fn config(schema: &Schema, branch: &Branch, form: Form) -> Response {
    match form {
        Form::Json => {
            let text = yang_data::json::print_branch(schema, branch, &PrintOptions::PRETTY);
            reply::full(200, Format::Json.media_type(), text)
        }
        Form::Xml => {
            let inner = xml::print_branch(schema, branch, &PrintOptions::PRETTY);
            let text = format!("<config>\n{inner}\n</config>\n");
            reply::full(200, Format::Xml.media_type(), text)
        }
        Form::Text => {
            // Everything there is, as if it were new: a line per node.
            let all = diff_branch(schema, &Branch::default(), branch).text(schema);
            let lines = all.lines().map(|line| line.trim_start_matches("+ "));
            let text: String = lines.map(|line| format!("{line}\n")).collect();
            reply::full(200, reply::TEXT, text)
        }
    }
}

fn line(text: &'static str) -> Response {
    reply::full(200, reply::TEXT, text)
}
