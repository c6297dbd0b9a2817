//! Who may, and what every reply carries.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::http::header::{AUTHORIZATION, HOST, HeaderName, WWW_AUTHENTICATE};
use axum::middleware::Next;
use axum::response::Response;
use restconf_proto::Problem;

use crate::app::{App, Author};
use crate::config::Access;
use crate::{page, reply};

/// Paths that need no login besides the files of the page: what tells that the server is there.
const OPEN_PATHS: [&str; 2] = ["/.well-known/host-meta", "/api/v1/health"];

/// Lets a request through that may, with its [`Author`] among its extensions.
pub(crate) async fn guard(
    State(app): State<Arc<App>>,
    mut request: Request,
    next: Next,
) -> Response {
    let mut response = match author(&app, &request) {
        Ok(author) => {
            request.extensions_mut().insert(author);
            next.run(request).await
        }
        Err(refused) => refusal(&app, request.headers(), &refused),
    };
    for (name, value) in SECURITY_HEADERS {
        reply::put(&mut response, HeaderName::from_static(name), value);
    }
    app.metrics.count_reply(response.status().as_u16());
    response
}

/// Nothing is guessed, framed, or told to other sites; the page runs its own script and asks its
/// own server only.
const SECURITY_HEADERS: [(&str, &str); 7] = [
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=()"),
    (
        "content-security-policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
         connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'; \
         require-trusted-types-for 'script'",
    ),
];

fn author(app: &App, request: &Request) -> Result<Author, Problem> {
    let path = request.uri().path();
    let is_open = OPEN_PATHS.contains(&path) || page::is_file(path);
    match &app.config.access {
        Access::Open if names_loopback(request) => Ok(Author("local".to_owned())),
        Access::Open => {
            let message = "without tokens only requests to a loopback host are served";
            Err(Problem::protocol(403, "access-denied", message))
        }
        Access::Tokens(tokens) => {
            let secret = bearer(request.headers());
            // Every token is looked at, whichever fits.
            let fitting = secret.and_then(|secret| {
                tokens.iter().filter(|token| token.is(secret)).fold(None, |_, token| Some(token))
            });
            match (fitting, secret) {
                (Some(token), _) => Ok(Author(token.name.clone())),
                (None, _) if is_open => Ok(Author("nobody".to_owned())),
                (None, Some(_)) => Err(denied("this token is not known here")),
                (None, None) => Err(denied("log in: send 'Authorization: Bearer TOKEN'")),
            }
        }
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, secret) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| secret.trim())
}

fn denied(message: &str) -> Problem {
    Problem::protocol(401, "access-denied", message)
}

fn refusal(app: &App, headers: &HeaderMap, problem: &Problem) -> Response {
    let mut response = reply::problems(headers, app.schema(), std::slice::from_ref(problem));
    if problem.status == 401 {
        let with_error = headers.contains_key(AUTHORIZATION);
        let error = if with_error { ", error=\"invalid_token\"" } else { "" };
        reply::put(&mut response, WWW_AUTHENTICATE, &format!("Bearer realm=\"weft\"{error}"));
    }
    response
}

/// Whether the request names this machine. A page of another site that makes its own name resolve
/// to loopback still names itself.
fn names_loopback(request: &Request) -> bool {
    let header = request.headers().get(HOST).and_then(|host| host.to_str().ok());
    let Some(host) = request.uri().authority().map(|one| one.as_str()).or(header) else {
        return false;
    };
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    name.eq_ignore_ascii_case("localhost")
        || name.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}
