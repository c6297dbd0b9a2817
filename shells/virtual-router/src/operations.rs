//! What a router does with each request.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use netconf_proto::{
    Body, Datastore, Edit, ErrorInfo, ErrorTag, Filter, Request, RpcError, SessionId, Source,
    Target, WithDefaults,
};
use tokio::sync::mpsc;
use yang_data::Branch;

use crate::codec;
use crate::datastores::{CommitRequest, Confirm, Datastores, EditRequest, Refused, protocol};
use crate::element::{Element, write_all};
use crate::event::Event;
use crate::faults::{Faults, Verdict};
use crate::filter;
use crate::model::RouterModel;
use crate::state;

/// The inside of a router, without its sockets.
#[derive(Debug)]
pub(crate) struct Operations {
    pub(crate) model: Arc<RouterModel>,
    pub(crate) datastores: Datastores,
    pub(crate) faults: Faults,
    pub(crate) sessions: BTreeMap<SessionId, OpenSession>,
    next_session: u32,
    /// What happened and was not told yet.
    events: Vec<Event>,
}

/// A session that exchanged hellos or is about to.
#[derive(Debug)]
pub(crate) struct OpenSession {
    pub(crate) user: String,
    pub(crate) peer: String,
    /// Seconds since 1970.
    pub(crate) login_unix_s: u64,
    /// Names the session that kills this one.
    pub(crate) killer: mpsc::Sender<SessionId>,
    pub(crate) rpcs: u64,
    pub(crate) bad_rpcs: u64,
}

/// What becomes of a request.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// It is answered.
    Answer(Body),
    /// The connection is cut without an answer.
    Cut,
}

impl Operations {
    pub(crate) fn new(model: Arc<RouterModel>, startup: Branch) -> Self {
        Self {
            datastores: Datastores::new(Arc::clone(&model), startup),
            model,
            faults: Faults::default(),
            sessions: BTreeMap::new(),
            next_session: 1,
            events: Vec::new(),
        }
    }

    /// A number for a new session, and its entry in the table of sessions.
    pub(crate) fn open_session(&mut self, session: OpenSession) -> SessionId {
        loop {
            let id = SessionId::new(self.next_session);
            self.next_session = self.next_session.checked_add(1).unwrap_or(1);
            if let Some(id) = id.filter(|id| !self.sessions.contains_key(id)) {
                self.sessions.insert(id, session);
                return id;
            }
        }
    }

    /// A session is over.
    pub(crate) fn close_session(&mut self, session: SessionId, reason: Option<String>) {
        if self.sessions.remove(&session).is_some() {
            self.datastores.session_ended(session);
            self.events.push(Event::SessionClosed { session, reason });
        }
    }

    /// How long a request is held back.
    pub(crate) fn delay(&self) -> Duration {
        self.faults.delay
    }

    /// Carries out a request.
    pub(crate) fn serve(&mut self, now: Instant, session: SessionId, request: Request) -> Outcome {
        self.datastores.handle_timeout(now);
        let operation = request.operation();
        let (result, is_cut) = match self.faults.judge(&request) {
            Verdict::Cut => return Outcome::Cut,
            Verdict::Refuse(error) => (Err(vec![*error]), false),
            Verdict::Serve => (self.carry_out(now, session, request), false),
            Verdict::ServeAndCut => (self.carry_out(now, session, request), true),
        };
        self.note(session, operation, &result);
        match (is_cut, result) {
            (true, _) => Outcome::Cut,
            (false, Ok(body)) => Outcome::Answer(body),
            (false, Err(errors)) => Outcome::Answer(Body::Errors(errors)),
        }
    }

    /// Takes what happened since the last call, in order.
    pub(crate) fn take_events(&mut self) -> Vec<Event> {
        let mut events = std::mem::take(&mut self.datastores.events);
        events.append(&mut self.events);
        events
    }

    fn note(
        &mut self,
        session: SessionId,
        operation: &'static str,
        result: &Result<Body, Refused>,
    ) {
        let event = match result {
            Ok(_) => Event::Served { session, operation },
            Err(errors) => {
                let error = errors.first().map(ToString::to_string).unwrap_or_default();
                Event::Refused { session, operation, error }
            }
        };
        self.events.push(event);
        if let Some(open) = self.sessions.get_mut(&session) {
            open.rpcs += 1;
            open.bad_rpcs += u64::from(result.is_err());
        }
    }

    fn carry_out(
        &mut self,
        now: Instant,
        session: SessionId,
        request: Request,
    ) -> Result<Body, Refused> {
        self.datastores.lies = self.faults.lies;
        match request {
            Request::Get { filter, with_defaults } => {
                let state = state::elements(self);
                self.data(Datastore::Running, filter, with_defaults, state)
            }
            Request::GetConfig { source, filter, with_defaults } => {
                self.data(source, filter, with_defaults, Vec::new())
            }
            Request::GetSchema { identifier, version, format } => {
                self.schema_text(&identifier, version.as_deref(), format.as_deref())
            }
            Request::KillSession { session_id } => self.kill(session, session_id),
            Request::CreateSubscription { .. } => {
                Err(vec![RpcError::not_supported("create-subscription")])
            }
            Request::Raw(xml) => Err(vec![RpcError::not_supported(&operation_name(&xml))]),
            // The session's machine answers this one itself.
            Request::CloseSession => Ok(Body::Ok),
            other => self.write(now, session, other).map(|()| Body::Ok),
        }
    }

    /// Requests that are answered with `<ok/>`.
    fn write(&mut self, now: Instant, session: SessionId, request: Request) -> Result<(), Refused> {
        let stores = &mut self.datastores;
        match request {
            Request::EditConfig {
                target,
                default_operation,
                test_option,
                error_option,
                config,
            } => {
                let Edit::Config(config) = config else { return Err(no_url()) };
                let config = &config;
                let request =
                    EditRequest { target, default_operation, test_option, error_option, config };
                stores.edit(session, &request)
            }
            Request::CopyConfig { target, source, .. } => {
                let Target::Datastore(target) = target else { return Err(no_url()) };
                let source = self.source(source)?;
                self.datastores.copy(session, target, source)
            }
            Request::DeleteConfig { target: Target::Datastore(Datastore::Startup) } => {
                stores.delete_startup(session)
            }
            Request::Lock { target } => stores.lock(session, target),
            Request::Unlock { target } => stores.unlock(session, target),
            Request::Validate { source } => {
                let source = self.source(source)?;
                let running = self.datastores.read(Datastore::Running);
                codec::validate(&self.model, &running, &source)
            }
            Request::Commit => {
                stores.commit(now, session, CommitRequest { confirm: None, persist_id: None })
            }
            Request::CommitConfirmed { timeout_s, persist, persist_id } => {
                let confirm = Some(Confirm { timeout_s, persist });
                stores.commit(now, session, CommitRequest { confirm, persist_id })
            }
            Request::ConfirmCommit { persist_id } => {
                let persist_id = Some(persist_id);
                stores.commit(now, session, CommitRequest { confirm: None, persist_id })
            }
            Request::CancelCommit { persist_id } => stores.cancel(session, persist_id.as_deref()),
            Request::DiscardChanges => stores.discard(session),
            other => Err(vec![RpcError::not_supported(other.operation())]),
        }
    }

    fn source(&self, source: Source) -> Result<Branch, Refused> {
        match source {
            Source::Datastore(datastore) => Ok(self.datastores.read(datastore)),
            Source::Config(config) => codec::read_config(&self.model, &config),
            Source::Url(_) => Err(no_url()),
        }
    }

    /// Configuration with state data behind it, filtered.
    fn data(
        &self,
        datastore: Datastore,
        filter: Option<Filter>,
        with_defaults: Option<WithDefaults>,
        state: Vec<Element>,
    ) -> Result<Body, Refused> {
        let config = self.datastores.read(datastore);
        let config = codec::write_config(&self.model, &config, with_defaults);
        let filter = match filter {
            None if state.is_empty() => return Ok(Body::Data(config)),
            None => return Ok(Body::Data(config + &write_all(&state))),
            Some(Filter::Subtree(filter)) => elements(&filter)?,
            Some(Filter::XPath { .. }) => return Err(no_xpath()),
        };
        let mut all = elements(&config)?;
        all.extend(state);
        Ok(Body::Data(write_all(&filter::select(&all, &filter))))
    }

    /// RFC 6022 section 3.1.
    fn schema_text(
        &self,
        identifier: &str,
        version: Option<&str>,
        format: Option<&str>,
    ) -> Result<Body, Refused> {
        let is_yang = format.is_none_or(|format| format.rsplit(':').next() == Some("yang"));
        let fits = |(name, revision): &(String, String)| {
            name == identifier && version.is_none_or(|version| version == revision)
        };
        let mut texts = self.model.sources().iter().filter(|(key, _)| is_yang && fits(key));
        match (texts.next(), texts.next()) {
            (Some((_, text)), None) => Ok(Body::Schema(text.clone())),
            (None, _) => {
                let text = format!("there is no schema {identifier} like that");
                Err(vec![protocol(ErrorTag::InvalidValue, &text)])
            }
            (Some(_), Some(_)) => {
                let text = format!("{identifier} is there in several versions: name one");
                let error = protocol(ErrorTag::OperationFailed, &text);
                Err(vec![error.with_app_tag("data-not-unique")])
            }
        }
    }

    /// RFC 6241 section 7.9.
    fn kill(&mut self, by: SessionId, victim: SessionId) -> Result<Body, Refused> {
        let Some(open) = self.sessions.get(&victim) else {
            let error = protocol(ErrorTag::InvalidValue, &format!("there is no session {victim}"));
            return Err(vec![error.with_info(ErrorInfo::BadElement("session-id".to_owned()))]);
        };
        // A full channel means that somebody kills it already.
        let _killed_already = open.killer.try_send(by).is_err();
        self.close_session(victim, Some(format!("killed by session {by}")));
        Ok(Body::Ok)
    }
}

fn elements(xml: &str) -> Result<Vec<Element>, Refused> {
    Element::parse_all(xml)
        .map_err(|error| vec![protocol(ErrorTag::OperationFailed, &error.to_string())])
}

fn operation_name(xml: &str) -> String {
    let first = Element::parse_all(xml).ok().and_then(|all| all.into_iter().next());
    first.map_or_else(|| "rpc".to_owned(), |element| element.local().to_owned())
}

fn no_url() -> Refused {
    vec![protocol(ErrorTag::OperationNotSupported, "files are not supported: no :url")]
}

fn no_xpath() -> Refused {
    vec![protocol(ErrorTag::OperationNotSupported, "xpath filters are not supported")]
}
