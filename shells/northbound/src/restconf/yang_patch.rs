//! PATCH with a YANG Patch (RFC 8072).

use std::sync::Arc;

use axum::http::header::RETRY_AFTER;
use axum::response::Response;
use restconf_proto::patch::{self, Failed, Patch};
use restconf_proto::{Format, Problem, problem, resource};
use yang_data::edit::{Edit, Operation};
use yang_data::{Tree, Types};

use super::commit::{self, Missed};
use super::precondition::{self, Precondition};
use super::write::{ATTEMPTS_MAX, Asked};
use super::{dry_run, read};
use crate::app::App;
use crate::body::Text;
use crate::reply;

/// Applies all edits of a patch, or none. The edits build on each other, so they are worked out on
/// a snapshot and committed on top of it; when others commit meanwhile, they are worked out anew.
pub(super) async fn run(
    app: &Arc<App>,
    request: &Asked,
    path: &str,
    format: Format,
    text: &Arc<Text>,
) -> Result<Response, Vec<Problem>> {
    let single = |problem| vec![problem];
    let parsed = app.bodies.work(text, move |text| Patch::parse(format, text)).await;
    let patch = Arc::new(parsed.map_err(single)??);
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
        let applied = {
            let (types, patch) = (Arc::clone(app.types()), Arc::clone(&patch));
            let (path, intent) = (path.to_owned(), intent.clone());
            let work = move |_: &str| applied(&types, &patch, &intent, &path);
            app.bodies.work(text, work).await.map_err(single)?
        };
        let edit = match applied {
            Ok(edit) => edit,
            Err(failed) => {
                let body = patch::status_failed(format, app.schema(), &patch.id, &failed);
                let status = problem::status(&failed.problems);
                return Ok(reply::full(status, format.media_type(), body));
            }
        };
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

/// The edit that makes of the intent what the patch wants.
fn applied(types: &Types, patch: &Patch, intent: &Tree, path: &str) -> Result<Edit, Failed> {
    let wanted = patch.apply(types, intent, path)?;
    let diff = yang_data::diff::diff(intent, &wanted);
    Ok(diff.to_edit(types.schema(), Operation::Remove))
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
