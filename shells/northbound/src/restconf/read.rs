//! GET and HEAD (RFC 8040, sections 4.2 and 4.3).

use std::sync::Arc;

use axum::http::header::{ETAG, LAST_MODIFIED};
use axum::http::request::Parts;
use axum::response::Response;
use restconf_proto::{DefaultsMode, Format, Problem, Query, Verb, view};
use vocab::Generation;
use yang_data::print::{Layout, PrintOptions, WithDefaults};
use yang_data::xml::NAMESPACE_RESTCONF;
use yang_data::{Content, Found, Path, Tree, Types, json, xml};

use super::{DATA, not_acceptable, precondition};
use crate::app::App;
use crate::{clock, reply};

pub(super) async fn read(app: &Arc<App>, parts: &Parts) -> Response {
    let view = app.view();
    let generation = view.head.generation;
    let body = body(app, parts, &app.intent(&view));
    let (format, body) = match body {
        Ok(found) => found,
        Err(problems) => return reply::problems(&parts.headers, app.schema(), &problems),
    };
    let modified = app.time_of(generation).await;
    let mut response = if precondition::is_unchanged(&parts.headers, generation, modified) {
        reply::empty(304)
    } else {
        reply::full(200, format.media_type(), body)
    };
    validators(&mut response, generation, modified);
    response
}

/// The headers that tell one state of the datastore from another.
pub(super) fn validators(
    response: &mut Response,
    generation: Generation,
    modified_unix_ms: Option<u64>,
) {
    reply::put(response, ETAG, &format!("\"{generation}\""));
    reply::put(response, reply::WEFT_GENERATION, &generation.to_string());
    if let Some(time) = modified_unix_ms {
        reply::put(response, LAST_MODIFIED, &clock::http_date(time));
    }
}

fn body(app: &App, parts: &Parts, intent: &Tree) -> Result<(Format, String), Vec<Problem>> {
    let format = reply::accepted(&parts.headers).ok_or_else(|| vec![not_acceptable()])?;
    let query = Query::parse(Verb::Read, parts.uri.query().unwrap_or_default())?;
    let path = parts.uri.path().strip_prefix(DATA).unwrap_or_default();
    let single = |problem| vec![problem];
    if path.trim_matches('/').is_empty() {
        return whole(app, intent, &query, format).map_err(single).map(|text| (format, text));
    }
    let (types, tree) = if app.library.has(path) {
        (app.library.types(), app.library.tree())
    } else {
        (&**app.types(), intent)
    };
    let path = target(types, path).map_err(single)?;
    let text = resource(types, tree, &path, &query, format).map_err(single)?;
    Ok((format, text))
}

/// The resource that a URI names. What the schema lacks does not exist: 404.
pub(super) fn target(types: &Types, path: &str) -> Result<Path, Problem> {
    Path::parse_restconf(types, path).map_err(|error| {
        let problem = Problem::from(&error);
        let is_unknown = matches!(problem.tag, "unknown-element" | "unknown-namespace");
        let status = if is_unknown { 404 } else { problem.status };
        // The place within the URI is of no use to who reads the path of the error.
        Problem { status, info: Vec::new(), ..problem }
    })
}

pub(super) fn missing(types: &Types, path: &Path) -> Problem {
    let message = "there is no such resource";
    Problem::protocol(404, "invalid-value", message).at(path.text(types.schema()))
}

fn options(query: &Query) -> PrintOptions {
    let trims = query.defaults == DefaultsMode::Trim;
    PrintOptions {
        layout: Layout::Compact,
        content: query.content,
        defaults: if trims { WithDefaults::Trim } else { WithDefaults::Explicit },
        ..PrintOptions::COMPACT
    }
}

fn resource(
    types: &Types,
    tree: &Tree,
    path: &Path,
    query: &Query,
    format: Format,
) -> Result<String, Problem> {
    let cut = view::resource(types, tree, path, query)?;
    let cut = cut.ok_or_else(|| missing(types, path))?;
    let options = options(query);
    let text = match format {
        Format::Json => json::print_at(&cut, path, &options),
        Format::Xml if roots(&cut, path) > 1 => {
            let message = "XML has one root: name one entry, or ask for JSON";
            return Err(
                Problem::protocol(400, "invalid-value", message).at(path.text(types.schema()))
            );
        }
        Format::Xml => xml::print_at(&cut, path, &options),
    };
    text.ok_or_else(|| missing(types, path))
}

/// Number of elements that a resource is in XML.
fn roots(tree: &Tree, path: &Path) -> usize {
    match tree.get(path) {
        Some(Found::Content(Content::List(list))) => list.len(),
        Some(Found::Content(Content::LeafList(list))) => list.len(),
        _ => 1,
    }
}

/// The datastore, and beside it what the server says of itself.
fn whole(app: &App, intent: &Tree, query: &Query, format: Format) -> Result<String, Problem> {
    let intent = view::resource(app.types(), intent, &Path::ROOT, query)?;
    let intent = intent.ok_or_else(|| missing(app.types(), &Path::ROOT))?;
    // `fields` names nodes of the datastore; of the library it names none.
    let own = match &query.fields {
        Some(_) => None,
        None => view::resource(app.library.types(), app.library.tree(), &Path::ROOT, query)?,
    };
    let options = options(query);
    let trees = [Some(intent), own];
    let trees = trees.iter().flatten();
    Ok(match format {
        Format::Json => {
            let members: Vec<String> = trees
                .map(|tree| members(&json::print(tree, &options)).to_owned())
                .filter(|members| !members.is_empty())
                .collect();
            format!("{{\"ietf-restconf:data\":{{{}}}}}", members.join(","))
        }
        Format::Xml => {
            let inner: String = trees.map(|tree| xml::print(tree, &options)).collect();
            format!("<data xmlns=\"{NAMESPACE_RESTCONF}\">{inner}</data>")
        }
    })
}

/// What is between the braces of an object.
fn members(object: &str) -> &str {
    let text = object.trim();
    text.strip_prefix('{').and_then(|text| text.strip_suffix('}')).unwrap_or(text)
}
