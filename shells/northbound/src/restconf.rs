//! RESTCONF over layer 0.

mod commit;
mod dry_run;
mod precondition;
mod read;
mod refusal;
mod write;
mod yang_patch;

use std::sync::Arc;

use axum::extract::{Path as UrlPath, Request, State};
use axum::http::header::{ALLOW, HeaderName};
use axum::http::{HeaderMap, Method};
use axum::response::Response;
use restconf_proto::{Format, HOST_META_JSON, HOST_META_XML, Media, Problem, YANG_LIBRARY_VERSION};
use yang_data::xml::NAMESPACE_RESTCONF;

use crate::app::{App, Author};
use crate::reply;

/// Where the datastore is.
const DATA: &str = "/restconf/data";

/// What PATCH takes (RFC 5789, section 3.1).
const ACCEPT_PATCH: HeaderName = HeaderName::from_static("accept-patch");

/// Everything below `/restconf/data`.
pub(crate) async fn data(State(app): State<Arc<App>>, request: Request) -> Response {
    let path = request.uri().path().strip_prefix(DATA).unwrap_or_default();
    let allowed = allowed(&app, path);
    let method = request.method().clone();
    if !allowed.split(", ").any(|known| known == method.as_str()) {
        return not_allowed(&app, request.headers(), allowed);
    }
    match method {
        Method::OPTIONS => options(allowed),
        Method::GET | Method::HEAD => {
            let (parts, _) = request.into_parts();
            read::read(&app, &parts).await
        }
        _ => {
            let author = request.extensions().get::<Author>().cloned();
            // The guard has put it there; without it nobody writes.
            let Some(author) = author else { return reply::empty(401) };
            write::write(&app, author, request).await
        }
    }
}

/// The methods of a resource: the server's own state is read-only, the datastore itself cannot be
/// deleted.
fn allowed(app: &App, path: &str) -> &'static str {
    if app.library.has(path) {
        "GET, HEAD, OPTIONS"
    } else if path.trim_matches('/').is_empty() {
        "GET, HEAD, OPTIONS, POST, PUT, PATCH"
    } else {
        "GET, HEAD, OPTIONS, POST, PUT, PATCH, DELETE"
    }
}

fn options(allowed: &str) -> Response {
    let mut response = reply::empty(200);
    reply::put(&mut response, ALLOW, allowed);
    if allowed.contains("PATCH") {
        reply::put(&mut response, ACCEPT_PATCH, Media::accept_patch());
    }
    response
}

fn not_allowed(app: &App, headers: &HeaderMap, allowed: &str) -> Response {
    let message = format!("this resource takes {allowed}");
    let problem = Problem::protocol(405, "operation-not-supported", message);
    let mut response = reply::problems(headers, app.schema(), &[problem]);
    reply::put(&mut response, ALLOW, allowed);
    response
}

fn not_acceptable() -> Problem {
    let message = "nothing here comes in a format that 'Accept' names: \
                   application/yang-data+json and application/yang-data+xml do";
    Problem::protocol(406, "invalid-value", message)
}

/// A small document of RESTCONF's own.
fn document(app: &App, headers: &HeaderMap, json: &str, xml: &str) -> Response {
    match reply::accepted(headers) {
        Some(Format::Json) => reply::full(200, Format::Json.media_type(), json.to_owned()),
        Some(Format::Xml) => reply::full(200, Format::Xml.media_type(), xml.to_owned()),
        None => reply::problems(headers, app.schema(), &[not_acceptable()]),
    }
}

/// Where RESTCONF is (RFC 8040, section 3.1): XML unless JSON is asked for.
pub(crate) async fn host_meta(headers: HeaderMap) -> Response {
    let wants_json = reply::header(&headers, "accept").is_some_and(|text| text.contains("json"));
    if wants_json {
        return reply::full(200, reply::JSON, HOST_META_JSON);
    }
    reply::full(200, "application/xrd+xml", HOST_META_XML)
}

/// The API resource (RFC 8040, section 3.3).
pub(crate) async fn root(State(app): State<Arc<App>>, headers: HeaderMap) -> Response {
    let version = YANG_LIBRARY_VERSION;
    let json = format!(
        "{{\"ietf-restconf:restconf\":{{\"data\":{{}},\"operations\":{{}},\
         \"yang-library-version\":\"{version}\"}}}}"
    );
    let xml = format!(
        "<restconf xmlns=\"{NAMESPACE_RESTCONF}\"><data/><operations/>\
         <yang-library-version>{version}</yang-library-version></restconf>"
    );
    document(&app, &headers, &json, &xml)
}

/// RFC 8040, section 3.3.3.
pub(crate) async fn library_version(State(app): State<Arc<App>>, headers: HeaderMap) -> Response {
    let version = YANG_LIBRARY_VERSION;
    let json = format!("{{\"ietf-restconf:yang-library-version\":\"{version}\"}}");
    let xml = format!(
        "<yang-library-version xmlns=\"{NAMESPACE_RESTCONF}\">{version}</yang-library-version>"
    );
    document(&app, &headers, &json, &xml)
}

/// The operations that can be called (RFC 8040, section 3.3.2). Intent has none: what is to happen
/// is written, not called.
pub(crate) async fn operations(State(app): State<Arc<App>>, headers: HeaderMap) -> Response {
    let json = "{\"ietf-restconf:operations\":{}}";
    let xml = format!("<operations xmlns=\"{NAMESPACE_RESTCONF}\"/>");
    document(&app, &headers, json, &xml)
}

/// One operation.
pub(crate) async fn operation(
    State(app): State<Arc<App>>,
    UrlPath(name): UrlPath<String>,
    headers: HeaderMap,
) -> Response {
    let message = format!("there is no operation '{name}': write what you want into the datastore");
    let problem = Problem::protocol(404, "invalid-value", message);
    reply::problems(&headers, app.schema(), &[problem])
}
