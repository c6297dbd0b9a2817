//! From an edit to a durable commit, and on to the devices.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::http::HeaderMap;
use axum::response::Response;
use intent::Meta;
use orchestrator::{CommitDone, DeviceStatus, Preview, Reply};
use restconf_proto::Problem;
use transform::RunOutcome;
use vocab::{DeviceName, Generation};
use yang_data::edit::Edit;

use super::{precondition, refusal};
use crate::app::{App, Author};
use crate::metrics::Miss;
use crate::{clock, reply};

/// Devices that the header `Weft-Devices` names at most; the rest is counted.
const DEVICES_NAMED_MAX: usize = 50;

/// Who commits and why.
#[derive(Clone, Debug)]
pub(super) struct Signed {
    author: String,
    comment: Option<String>,
}

impl Signed {
    pub(super) fn of(author: Author, headers: &HeaderMap) -> Result<Self, Problem> {
        Ok(Self { author: author.0, comment: reply::comment(headers)? })
    }

    fn meta(&self) -> Meta {
        Meta {
            author: self.author.clone(),
            comment: self.comment.clone(),
            time_unix_ms: clock::now_unix_ms(),
        }
    }
}

/// Why an edit was not committed.
#[derive(Debug)]
pub(super) enum Missed {
    /// For these reasons.
    Refused(Vec<Problem>),
    /// The datastore is at another generation than the one that was insisted on.
    Stale(Generation),
}

impl Missed {
    /// As errors, for who has no way to try again.
    pub(super) fn into_problems(self) -> Vec<Problem> {
        match self {
            Self::Refused(problems) => problems,
            Self::Stale(current) => vec![precondition::failed(current)],
        }
    }
}

impl From<Problem> for Missed {
    fn from(problem: Problem) -> Self {
        Self::Refused(vec![problem])
    }
}

/// Commits an edit; returns once it is durable and to be seen by every read.
pub(super) async fn commit(
    app: &App,
    signed: &Signed,
    edit: Edit,
    expected: Option<Generation>,
) -> Result<CommitDone, Missed> {
    let started = Instant::now();
    let meta = signed.meta();
    let time_unix_ms = meta.time_unix_ms;
    let reply = app.config.controller.commit(meta, edit, expected).await;
    let done = match reply.map_err(|gone| unavailable(&gone.to_string()))? {
        Reply::Committed(done) => done,
        other => return Err(missed(app, other)),
    };
    app.metrics.count_commit(started.elapsed());
    app.note_time(done.generation, time_unix_ms);
    seen(app, done.generation).await;
    Ok(done)
}

/// Tries an edit.
pub(super) async fn preview(app: &App, edit: Edit) -> Result<Preview, Missed> {
    let reply = app.config.controller.preview(edit).await;
    match reply.map_err(|gone| unavailable(&gone.to_string()))? {
        Reply::Preview(preview) => {
            app.metrics.count_dry_run();
            Ok(preview)
        }
        other => Err(missed(app, other)),
    }
}

/// Waits until reads see a generation: the answer to a commit may overtake the view of it.
pub(super) async fn seen(app: &App, generation: Generation) {
    let mut view = app.config.controller.watch();
    // An error means that the controller has stopped; then there is nothing to wait for.
    let _ = view.wait_for(|view| view.head.generation >= generation).await;
}

fn missed(app: &App, reply: Reply) -> Missed {
    match reply {
        Reply::Refused(refused) => {
            app.metrics.count_miss(Miss::Refused);
            Missed::Refused(refusal::problems(&refused))
        }
        Reply::Stale { current } => {
            app.metrics.count_miss(Miss::Stale);
            Missed::Stale(current)
        }
        Reply::Busy => {
            app.metrics.count_miss(Miss::Busy);
            unavailable("too many commits wait for the disk: try again").into()
        }
        Reply::NotDurable { reason } => {
            app.metrics.count_miss(Miss::NotDurable);
            let message = format!("the commit could not be written, nothing has changed: {reason}");
            Problem::protocol(507, "resource-denied", message).into()
        }
        Reply::InDoubt { reason } => {
            app.metrics.count_miss(Miss::NotDurable);
            let message = format!(
                "whether the commit is in the log shows after the restart that follows: {reason}"
            );
            Problem::protocol(500, "operation-failed", message).into()
        }
        // The controller answers edits with commits and previews with previews.
        Reply::Committed(_) | Reply::Preview(_) | Reply::Decided(_) | Reply::NotAwaited { .. } => {
            Problem::protocol(500, "operation-failed", "an answer to another question").into()
        }
    }
}

pub(super) fn unavailable(message: &str) -> Problem {
    Problem::protocol(503, "resource-denied", message)
}

/// Waits for the devices that a commit concerns, as long as the settings say, and tells which do
/// not hold their target then.
pub(super) async fn settle(app: &App, done: &CommitDone) -> Vec<(DeviceName, DeviceStatus)> {
    let devices = concerned(app, done);
    let mut stopping = app.stopping.clone();
    let stopped = async move {
        // An error means that the server is gone: it stops all the more.
        let _ = stopping.wait_for(|stops| *stops).await;
    };
    let controller = &app.config.controller;
    let settled = controller.settled(done.generation, &devices, app.config.limits.devices_patience);
    tokio::select! {
        left = settled => left,
        () = stopped => {
            controller.settled(done.generation, &devices, Duration::ZERO).await
        }
    }
}

/// The devices whose targets changed, and those whose targets wait for their facts.
fn concerned(app: &App, done: &CommitDone) -> Vec<DeviceName> {
    let mut names: BTreeSet<DeviceName> = done.devices.iter().cloned().collect();
    if done.runs.iter().any(|run| run.outcome == RunOutcome::Waiting) {
        let view = app.view();
        let targeted = view.devices.iter().filter(|one| one.target_generation >= done.generation);
        names.extend(targeted.map(|one| one.name.clone()));
    }
    names.into_iter().collect()
}

/// Names the devices that do not hold their target in a header.
pub(super) fn name_unsettled(response: &mut Response, left: &[(DeviceName, DeviceStatus)]) {
    let word = |status: &DeviceStatus| match status {
        DeviceStatus::Rejected { .. } | DeviceStatus::AwaitingApproval(_) => status.word(),
        _ => "pending",
    };
    let mut names: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (name, status) in left {
        names.entry(word(status)).or_default().push(name.as_str());
    }
    let parts: Vec<String> =
        names.iter().map(|(word, names)| format!("{word}={}", listed(names))).collect();
    if !parts.is_empty() {
        reply::put(response, reply::WEFT_DEVICES, &parts.join("; "));
    }
}

fn listed(names: &[&str]) -> String {
    let named = &names[..names.len().min(DEVICES_NAMED_MAX)];
    let more = match names.len() - named.len() {
        0 => String::new(),
        more => format!(",and-{more}-more"),
    };
    named.join(",") + &more
}

/// Whether the client wants its reply as soon as the commit is durable: by `Async: true`, or by
/// `Prefer: respond-async` (RFC 7240, section 4.1).
pub(super) fn is_async(headers: &HeaderMap) -> bool {
    let says =
        reply::header(headers, "async").is_some_and(|text| text.eq_ignore_ascii_case("true"));
    let prefers = reply::header(headers, "prefer").is_some_and(|text| {
        text.split(',').any(|one| one.trim().eq_ignore_ascii_case("respond-async"))
    });
    says || prefers
}

/// Ends a reply to a write: generation, validators, and what the devices make of it.
pub(super) async fn finish(
    app: &Arc<App>,
    mut response: Response,
    done: &CommitDone,
    is_async: bool,
) -> Response {
    if !is_async {
        let left = settle(app, done).await;
        name_unsettled(&mut response, &left);
    }
    let modified = app.time_of(done.generation).await;
    super::read::validators(&mut response, done.generation, modified);
    response
}
