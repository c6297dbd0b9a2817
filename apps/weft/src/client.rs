//! The way from a verb to a running controller.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, anyhow, bail};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use ureq::Agent;

/// What a controller writes into its data directory once it serves.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Ready {
    /// Address of the HTTP face, `HOST:PORT`.
    pub(crate) http: String,
    /// File with the login token.
    pub(crate) token_file: PathBuf,
    /// Process id.
    pub(crate) pid: u32,
    /// Name of the network.
    pub(crate) network: String,
}

/// Name of that file.
pub(crate) const READY: &str = "ready.json";

/// A running controller, as its verbs see it.
pub(crate) struct Client {
    agent: Agent,
    base: String,
    authorization: String,
    /// Name of the network that it controls.
    pub(crate) network: String,
}

/// An answer: status, headers that verbs look at, and body.
pub(crate) struct Answer {
    status: u16,
    /// What the header `Weft-Generation` says.
    pub(crate) generation: Option<String>,
    /// What the header `Weft-Devices` says.
    pub(crate) devices: Option<String>,
    /// The body as text.
    pub(crate) body: String,
}

impl Client {
    /// The controller that runs on a data directory.
    pub(crate) fn of(data: &Path) -> Result<Self> {
        let file = data.join(READY);
        let text = fs::read_to_string(&file).with_context(|| {
            let data = data.display();
            format!("no controller runs on {data}: start one with `weft up --data {data}`")
        })?;
        let ready: Ready = serde_json::from_str(&text)
            .with_context(|| format!("{} is not of this version", file.display()))?;
        let token = fs::read_to_string(&ready.token_file)
            .with_context(|| format!("cannot read {}", ready.token_file.display()))?;
        let agent = Agent::config_builder().http_status_as_error(false).build().into();
        Ok(Self {
            agent,
            base: format!("http://{}", ready.http),
            authorization: format!("Bearer {}", token.trim()),
            network: ready.network,
        })
    }

    /// Reads something.
    pub(crate) fn get(&self, path: &str, accept: &str) -> Result<Answer> {
        let request = self.agent.get(self.url(path)).header("Accept", accept);
        let answer = request.header("Authorization", &self.authorization).call();
        Self::answer(answer.with_context(|| self.gone())?)
    }

    /// Reads JSON.
    pub(crate) fn get_json(&self, path: &str) -> Result<Value> {
        let answer = self.get(path, "application/json")?.good()?;
        serde_json::from_str(&answer.body).context("the answer is not JSON")
    }

    /// Sends a patch.
    pub(crate) fn patch(
        &self,
        path: &str,
        content_type: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Result<Answer> {
        let mut request = self.agent.patch(self.url(path)).header("Content-Type", content_type);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = request.header("Authorization", &self.authorization).send(body);
        Self::answer(answer.with_context(|| self.gone())?)
    }

    /// Posts JSON.
    pub(crate) fn post_json(
        &self,
        path: &str,
        headers: &[(&str, &str)],
        body: &Value,
    ) -> Result<Answer> {
        let mut request =
            self.agent.post(self.url(path)).header("Content-Type", "application/json");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.header("Authorization", &self.authorization);
        Self::answer(request.send(body.to_string()).with_context(|| self.gone())?)
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    fn gone(&self) -> String {
        format!("the controller at {} does not answer", self.base)
    }

    fn answer(mut answer: ureq::http::Response<ureq::Body>) -> Result<Answer> {
        let header = |name| {
            let value = answer.headers().get(name)?;
            value.to_str().ok().map(str::to_owned)
        };
        let (generation, devices) = (header("weft-generation"), header("weft-devices"));
        let status = answer.status().as_u16();
        let body = answer.body_mut().with_config().limit(1 << 30).read_to_string()?;
        Ok(Answer { status, generation, devices, body })
    }
}

impl Answer {
    /// The answer, unless it is a refusal: that becomes an error that lists what the controller
    /// says.
    pub(crate) fn good(self) -> Result<Self> {
        match self.status {
            200..=299 => Ok(self),
            401 => bail!("the controller does not know this token"),
            status => Err(anyhow!(
                "{}",
                reasons(&self.body).unwrap_or_else(|| {
                    format!("the controller answered {status}: {}", self.body.trim())
                })
            )),
        }
    }
}

/// The messages of an `ietf-restconf:errors` body, or of the status of a YANG Patch and its edits,
/// a line each.
fn reasons(body: &str) -> Option<String> {
    let body: Value = serde_json::from_str(body).ok()?;
    let status = &body["ietf-yang-patch:yang-patch-status"];
    let of_edits = status["edit-status"]["edit"].as_array().into_iter().flatten();
    let lists = [&body["ietf-restconf:errors"], &status["errors"]];
    let lists = lists.into_iter().chain(of_edits.map(|edit| &edit["errors"]));
    let errors = lists.filter_map(|list| list["error"].as_array()).flatten();
    let lines: Vec<String> = errors.map(reason).collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}

fn reason(error: &Value) -> String {
    let message = error["error-message"].as_str().unwrap_or_default();
    match error["error-path"].as_str() {
        Some(path) if !message.contains(path) => format!("{path}: {message}"),
        _ => message.to_owned(),
    }
}
