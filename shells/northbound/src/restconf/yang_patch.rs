//! PATCH with a YANG Patch (RFC 8072).

use std::sync::Arc;

use axum::http::header::RETRY_AFTER;
use axum::response::Response;
use restconf_proto::patch::{self, Patch};
use restconf_proto::{Format, Problem, problem, resource};
use yang_data::edit::Operation;

use super::commit::{self, Missed};
use super::precondition::{self, Precondition};
use super::write::{ATTEMPTS_MAX, Asked};
use super::{dry_run, read};
use crate::app::App;
use crate::reply;

/// Applies all edits of a patch, or none. The edits build on each other, so they are worked out on
/// a snapshot and committed on top of it; when others commit meanwhile, they are worked out anew.
pub(super) async fn run(
    app: &Arc<App>,
    request: &Asked,
    path: &str,
    format: Format,
    text: &str,
) -> Result<Response, Vec<Problem>> {
    let single = |problem| vec![problem];
    let patch = Patch::parse(format, text)?;
    let target = read::target(app.types(), path).map_err(single)?;
    // The status of a patch comes in the patch's own format when the client does not care.
    let format = reply::header(&request.headers, "accept")
        .filter(|accept| *accept != "*/*")
        .and_then(|accept| Format::accepted(Some(accept)))
        .unwrap_or(format);
    for _ in 0..ATTEMPTS_MAX {
        let view = app.view();
        let generation = view.head.generation;
        let condition = Precondition::of(app, &request.headers, generation).await;
        let condition = condition.map_err(single)?;
        let intent = app.intent(&view);
        if !resource::exists(&intent, &target) {
            return Err(vec![read::missing(app.types(), &target)]);
        }
        if condition.must_be_new {
            return Err(vec![precondition::failed(generation)]);
        }
        let wanted = match patch.apply(app.types(), &intent, path) {
            Ok(wanted) => wanted,
            Err(failed) => {
                let body = patch::status_failed(format, app.schema(), &patch.id, &failed);
                let status = problem::status(&failed.problems);
                return Ok(reply::full(status, format.media_type(), body));
            }
        };
        let diff = yang_data::diff::diff(&intent, &wanted);
        let edit = diff.to_edit(app.schema(), Operation::Remove);
        if let Some(form) = request.query.dry_run {
            let answer = dry_run::answer(app, &request.headers, edit, form).await;
            return answer.or_else(|problems| Ok(refused(app, format, &patch, &problems)));
        }
        match commit::commit(app, &request.signed, edit, Some(generation)).await {
            Ok(done) => {
                let body = patch::status_ok(format, &patch.id);
                let response = reply::full(200, format.media_type(), body);
                return Ok(commit::finish(app, response, &done, request.is_async).await);
            }
            Err(Missed::Stale(current)) if condition.expected.is_none() => {
                commit::seen(app, current).await;
            }
            Err(missed) => return Ok(refused(app, format, &patch, &missed.into_problems())),
        }
    }
    Err(vec![commit::unavailable("others commit too fast for this one: try again")])
}

fn refused(app: &App, format: Format, patch: &Patch, problems: &[Problem]) -> Response {
    let body = patch::status_refused(format, app.schema(), &patch.id, problems);
    let status = problem::status(problems);
    let mut response = reply::full(status, format.media_type(), body);
    if status == 503 {
        reply::put(&mut response, RETRY_AFTER, "1");
    }
    response
}
