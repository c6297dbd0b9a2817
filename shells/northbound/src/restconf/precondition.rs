//! Conditions of requests (RFC 9110, section 13). The generation is the entity tag: any commit
//! makes another one, whatever it changes.

use std::sync::Arc;

use axum::http::HeaderMap;
use axum::http::header::{IF_MATCH, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_UNMODIFIED_SINCE};
use restconf_proto::Problem;
use vocab::Generation;

use crate::app::App;
use crate::clock;

/// Whether a read needs no body: the client has this state already.
pub(super) fn is_unchanged(
    headers: &HeaderMap,
    generation: Generation,
    modified_unix_ms: Option<u64>,
) -> bool {
    if let Some(tags) = text(headers, IF_NONE_MATCH.as_str()) {
        return matches(tags, generation);
    }
    let since = text(headers, IF_MODIFIED_SINCE.as_str()).and_then(clock::seconds_of);
    match (since, modified_unix_ms) {
        (Some(since), Some(modified)) => modified / 1000 <= since,
        _ => false,
    }
}

/// What a write insists on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Precondition {
    /// The generation that the commit must follow.
    pub(super) expected: Option<Generation>,
    /// Whether the target must exist (`If-Match: *`).
    pub(super) must_exist: bool,
    /// Whether it must not (`If-None-Match: *`).
    pub(super) must_be_new: bool,
}

impl Precondition {
    /// Reads the conditions of a write; those that fail already at this generation are refused.
    pub(super) async fn of(
        app: &Arc<App>,
        headers: &HeaderMap,
        generation: Generation,
    ) -> Result<Self, Problem> {
        let modified_unix_ms = match headers.contains_key(IF_UNMODIFIED_SINCE) {
            true => app.time_of(generation).await,
            false => None,
        };
        let mut condition = Self::default();
        match text(headers, IF_MATCH.as_str()) {
            Some("*") => condition.must_exist = true,
            Some(tags) if matches(tags, generation) => condition.expected = Some(generation),
            Some(_) => return Err(failed(generation)),
            None => condition.unmodified(headers, generation, modified_unix_ms)?,
        }
        match text(headers, IF_NONE_MATCH.as_str()) {
            Some("*") => condition.must_be_new = true,
            Some(tags) if matches(tags, generation) => return Err(failed(generation)),
            Some(_) | None => {}
        }
        Ok(condition)
    }

    /// The generation that a write must follow which was worked out on a snapshot of
    /// `generation`; none when it may follow any.
    pub(super) fn base(&self, generation: Generation) -> Option<Generation> {
        let is_of_snapshot = self.must_exist || self.must_be_new;
        if is_of_snapshot { Some(generation) } else { self.expected }
    }

    fn unmodified(
        &mut self,
        headers: &HeaderMap,
        generation: Generation,
        modified_unix_ms: Option<u64>,
    ) -> Result<(), Problem> {
        let since = text(headers, IF_UNMODIFIED_SINCE.as_str()).and_then(clock::seconds_of);
        let Some(since) = since else { return Ok(()) };
        if modified_unix_ms.is_some_and(|modified| modified / 1000 > since) {
            return Err(failed(generation));
        }
        self.expected = Some(generation);
        Ok(())
    }
}

/// The condition does not hold, the datastore being at this generation.
pub(super) fn failed(current: Generation) -> Problem {
    let message = format!(
        "the datastore is at generation {current}, not at the one you looked at: read it again"
    );
    Problem::protocol(412, "operation-failed", message).with("generation", current.to_string())
}

/// Whether one of the tags is this generation's. A weak tag never is.
fn matches(tags: &str, generation: Generation) -> bool {
    let own = format!("\"{generation}\"");
    tags.split(',').map(str::trim).any(|tag| tag == "*" || tag == own)
}

fn text<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    crate::reply::header(headers, name)
}
