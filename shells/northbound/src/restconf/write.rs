//! POST, PUT, PATCH and DELETE (RFC 8040, sections 4.4 to 4.7).

use std::sync::Arc;

use axum::body::Body;
use axum::extract::Request;
use axum::http::header::{ALLOW, CONTENT_TYPE, LOCATION, RETRY_AFTER};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method};
use axum::response::Response;
use restconf_proto::{Format, Media, Problem, Query, Verb, resource};
use yang_data::decode::{DecodeOptions, StateData};
use yang_data::edit::{Edit, Operation};
use yang_data::{Branch, Path, Tree, Types, json, xml};

use super::commit::{self, Missed, Signed};
use super::precondition::Precondition;
use super::{ACCEPT_PATCH, DATA, dry_run, read, yang_patch};
use crate::app::{App, Author};
use crate::body::Text;
use crate::reply;

/// A write that was read and understood, before it has seen the datastore.
pub(super) struct Asked {
    pub(super) headers: HeaderMap,
    pub(super) query: Query,
    pub(super) signed: Signed,
    /// Whether the reply does not wait for the devices.
    pub(super) is_async: bool,
}

pub(super) async fn write(app: &Arc<App>, author: Author, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let outcome = answer(app, author, &parts, body).await;
    outcome.unwrap_or_else(|problems| {
        let mut response = reply::problems(&parts.headers, app.schema(), &problems);
        decorate(&mut response, &problems);
        response
    })
}

/// Headers that some errors come with.
fn decorate(response: &mut Response, problems: &[Problem]) {
    match problems.first().map(|problem| problem.status) {
        Some(415) => reply::put(response, ACCEPT_PATCH, Media::accept_patch()),
        Some(405) => reply::put(response, ALLOW, "GET, HEAD, OPTIONS, POST, PUT, PATCH"),
        Some(503) => reply::put(response, RETRY_AFTER, "1"),
        _ => {}
    }
}

async fn answer(
    app: &Arc<App>,
    author: Author,
    parts: &Parts,
    body: Body,
) -> Result<Response, Vec<Problem>> {
    let single = |problem| vec![problem];
    let media = media(parts).map_err(single)?;
    let takes_place = matches!(parts.method, Method::POST | Method::PUT);
    let verb = if takes_place { Verb::Write } else { Verb::Change };
    let query = Query::parse(verb, parts.uri.query().unwrap_or_default())?;
    let request = Asked {
        is_async: query.is_async || commit::is_async(&parts.headers),
        signed: Signed::of(author, &parts.headers).map_err(single)?,
        headers: parts.headers.clone(),
        query,
    };
    let text = Arc::new(app.bodies.read(body).await.map_err(single)?);
    let path = parts.uri.path().strip_prefix(DATA).unwrap_or_default();
    match media {
        Some(Media::Patch(format)) => yang_patch::run(app, &request, path, format, &text).await,
        other => {
            let target = read::target(app.types(), path).map_err(single)?;
            let write = Write { app, request: &request, target, text };
            write.run(&parts.method, other).await
        }
    }
}

/// What the body is; `None` for DELETE, which has none.
fn media(parts: &Parts) -> Result<Option<Media>, Problem> {
    if parts.method == Method::DELETE {
        return Ok(None);
    }
    let given = reply::header(&parts.headers, CONTENT_TYPE.as_str());
    let media = given.and_then(Media::of_content_type);
    let is_fitting = match media {
        Some(Media::Patch(_)) => parts.method == Method::PATCH,
        Some(Media::Data(_)) => true,
        None => false,
    };
    if is_fitting {
        return Ok(media);
    }
    let message = match given {
        None => "say what the body is: Content-Type: application/yang-data+json".to_owned(),
        Some(given) => {
            format!("'{given}' is not read here; application/yang-data+json and +xml are")
        }
    };
    Err(Problem::protocol(415, "invalid-value", message))
}

/// How often a write that is worked out on a snapshot is worked out anew, when others commit
/// meanwhile.
pub(super) const ATTEMPTS_MAX: usize = 16;

struct Write<'a> {
    app: &'a Arc<App>,
    request: &'a Asked,
    target: Path,
    text: Arc<Text>,
}

/// What a write comes to.
struct Planned {
    edit: Edit,
    /// The status of success.
    status: u16,
    /// What it makes, if it makes something.
    created: Option<Path>,
    /// Whether the edit is right for one generation only.
    is_of_snapshot: bool,
}

impl Write<'_> {
    async fn run(&self, method: &Method, media: Option<Media>) -> Result<Response, Vec<Problem>> {
        let content = match media {
            None => Branch::default(),
            Some(media) => self.content(method, media).await?,
        };
        let content = Arc::new(content);
        for _ in 0..ATTEMPTS_MAX {
            let view = self.app.view();
            let generation = view.head.generation;
            let headers = &self.request.headers;
            let condition = Precondition::of(self.app, headers, generation).await;
            let condition = condition.map_err(|problem| vec![problem])?;
            let planned = self.plan(method, &content, self.app.intent(&view), condition).await;
            let planned = planned.map_err(|problem| vec![problem])?;
            if let Some(form) = self.request.query.dry_run {
                return dry_run::answer(self.app, headers, planned.edit, form).await;
            }
            let expected = match planned.is_of_snapshot {
                true => Some(generation),
                false => condition.base(generation),
            };
            let signed = &self.request.signed;
            match commit::commit(self.app, signed, planned.edit.clone(), expected).await {
                Ok(done) => {
                    let response = self.success(&planned);
                    let is_async = self.request.is_async;
                    return Ok(commit::finish(self.app, response, &done, is_async).await);
                }
                Err(Missed::Stale(current)) if condition.expected.is_none() => {
                    commit::seen(self.app, current).await;
                }
                Err(missed) => return Err(missed.into_problems()),
            }
        }
        Err(vec![commit::unavailable("others commit too fast for this one: try again")])
    }

    async fn content(&self, method: &Method, media: Media) -> Result<Branch, Vec<Problem>> {
        let parent = match *method {
            Method::POST => resource::data_parent(&self.target),
            _ => resource::data_parent(&resource::parent(&self.target)),
        };
        let types = Arc::clone(self.app.types());
        let decode = move |text: &str| {
            let options = DecodeOptions { state: StateData::Refuse, ..DecodeOptions::default() };
            match media.format() {
                Format::Json => json::parse_branch(&types, parent, text, &options),
                Format::Xml => xml::parse_branch(&types, parent, text, &options),
            }
        };
        let read = self.app.bodies.work(&self.text, decode).await;
        let read = read.map_err(|problem| vec![problem])?;
        read.map_err(|errors| errors.iter().map(Problem::from).collect())
    }

    /// Works the write out on a snapshot.
    async fn plan(
        &self,
        method: &Method,
        content: &Arc<Branch>,
        intent: Tree,
        condition: Precondition,
    ) -> Result<Planned, Problem> {
        let plan = Plan {
            types: Arc::clone(self.app.types()),
            method: method.clone(),
            query: self.request.query.clone(),
            target: self.target.clone(),
            content: Arc::clone(content),
            intent,
            condition,
        };
        self.app.bodies.work(&self.text, move |_| plan.work_out()).await?
    }

    fn success(&self, planned: &Planned) -> Response {
        let mut response = reply::empty(planned.status);
        if let Some(created) = &planned.created {
            let path = created.restconf(self.app.schema());
            reply::put(&mut response, LOCATION, &format!("{DATA}/{path}"));
        }
        response
    }
}

/// A write that is being worked out on a snapshot.
struct Plan {
    types: Arc<Types>,
    method: Method,
    query: Query,
    target: Path,
    content: Arc<Branch>,
    intent: Tree,
    condition: Precondition,
}

impl Plan {
    fn work_out(&self) -> Result<Planned, Problem> {
        let Self { types, query, content, intent, condition, .. } = self;
        let position = (query.insert, query.point.as_deref());
        let is_there = resource::exists(intent, &self.target);
        if condition.must_exist && !is_there || condition.must_be_new && is_there {
            let message = "the resource exists, or does not, against the request's condition";
            return Err(Problem::protocol(412, "operation-failed", message)
                .at(self.target.text(types.schema())));
        }
        let is_root = self.target.steps().is_empty();
        let planned =
            |edit, status, created| Ok(Planned { edit, status, created, is_of_snapshot: false });
        match self.method {
            Method::POST => {
                self.must_be_there(is_there)?;
                let creation = resource::create(types, &self.target, content, position)?;
                planned(creation.edit, 201, Some(creation.created))
            }
            Method::PUT if is_root => {
                let wanted = Tree::from_root(types.schema().clone(), Branch::clone(content));
                let diff = yang_data::diff::diff(intent, &wanted);
                let edit = diff.to_edit(types.schema(), Operation::Remove);
                Ok(Planned { edit, status: 204, created: None, is_of_snapshot: true })
            }
            Method::PUT => {
                let edit = resource::replace(types, &self.target, content, position)?;
                let is_stored = intent.get(&self.target).is_some();
                let created = (!is_stored).then(|| self.target.clone());
                planned(edit, if is_stored { 204 } else { 201 }, created)
            }
            Method::PATCH => {
                self.must_be_there(is_there)?;
                planned(resource::merge(types, &self.target, content)?, 204, None)
            }
            _ => {
                let edit = resource::delete(types.schema(), &self.target)?;
                let is_stored = intent.get(&self.target).is_some();
                self.must_be_there(is_stored)?;
                planned(edit, 204, None)
            }
        }
    }

    fn must_be_there(&self, is_there: bool) -> Result<(), Problem> {
        let missing = || read::missing(&self.types, &self.target);
        if is_there { Ok(()) } else { Err(missing()) }
    }
}
