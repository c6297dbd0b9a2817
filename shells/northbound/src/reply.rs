//! Replies.

use axum::body::Body;
use axum::http::header::{
    ACCEPT, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, HeaderName, HeaderValue,
};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use restconf_proto::{Format, Problem, problem};
use yang::Schema;

/// The generation that a reply is about.
pub(crate) const WEFT_GENERATION: HeaderName = HeaderName::from_static("weft-generation");
/// The devices that do not hold their target yet.
pub(crate) const WEFT_DEVICES: HeaderName = HeaderName::from_static("weft-devices");

pub(crate) const JSON: &str = "application/json";
pub(crate) const TEXT: &str = "text/plain; charset=utf-8";

/// A reply with a body.
pub(crate) fn full(status: u16, media_type: &'static str, body: impl Into<Body>) -> Response {
    let mut response = Response::new(body.into());
    *response.status_mut() = code(status);
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}

/// A reply without one.
pub(crate) fn empty(status: u16) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = code(status);
    // With 204 and 304 there is no body whose length could be told (RFC 9110, section 8.6).
    if status != 204 && status != 304 {
        response.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
    }
    response
}

/// JSON.
pub(crate) fn json(value: &serde_json::Value) -> Response {
    full(200, JSON, value.to_string())
}

/// Errors, in the format the client accepts; in JSON when it accepts neither.
pub(crate) fn problems(headers: &HeaderMap, schema: &Schema, problems: &[Problem]) -> Response {
    let format = accepted(headers).unwrap_or(Format::Json);
    let body = problem::document(format, schema, problems);
    full(problem::status(problems), format.media_type(), body)
}

/// The format that the client accepts.
pub(crate) fn accepted(headers: &HeaderMap) -> Option<Format> {
    // Several headers of one name are one list (RFC 9110, section 5.3).
    let values: Vec<&str> =
        headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok()).collect();
    Format::accepted((!values.is_empty()).then(|| values.join(",")).as_deref())
}

/// Adds a header whose value is known to be plain text; anything else in it is escaped.
pub(crate) fn put(response: &mut Response, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(&plain(value)) {
        response.headers_mut().insert(name, value);
    }
}

/// Text with everything percent-encoded that a header cannot hold.
fn plain(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b' '..=b'~' => char::from(byte).to_string(),
            other => format!("%{other:02X}"),
        })
        .collect()
}

/// Characters of a commit's comment at most: a paragraph, not a document.
const COMMENT_CHARS_MAX: usize = 4096;

/// What the client says about what it does, for the log.
pub(crate) fn comment(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let wrong = |message: String| Problem::protocol(400, "invalid-value", message);
    let Some(value) = headers.get("weft-comment") else { return Ok(None) };
    let text = std::str::from_utf8(value.as_bytes());
    let text = text.map_err(|_| wrong("'Weft-Comment' is no UTF-8".to_owned()))?;
    if text.chars().count() > COMMENT_CHARS_MAX {
        return Err(wrong(format!("'Weft-Comment' is over {COMMENT_CHARS_MAX} characters")));
    }
    Ok(Some(text.trim().to_owned()).filter(|text| !text.is_empty()))
}

/// The text of a header, if it is there and UTF-8.
pub(crate) fn header<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    std::str::from_utf8(headers.get(name)?.as_bytes()).ok().map(str::trim)
}

fn code(status: u16) -> StatusCode {
    StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}
