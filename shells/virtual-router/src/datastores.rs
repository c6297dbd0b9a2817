//! The datastores of one router: running, candidate, startup; their locks; the confirmed commit.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use netconf_proto::{
    Datastore, DefaultOperation, ErrorInfo, ErrorOption, ErrorTag, ErrorType, RpcError, SessionId,
    TestOption,
};
use yang_data::Branch;

use crate::codec;
use crate::event::{Event, RevertReason};
use crate::model::RouterModel;

/// Why an operation is refused: all reasons.
pub(crate) type Refused = Vec<RpcError>;

/// How long an unconfirmed commit stays when nothing is said (RFC 6241 section 8.4.1).
const CONFIRM_SECONDS_DEFAULT: u32 = 600;

/// The datastores of a router.
#[derive(Debug)]
pub(crate) struct Datastores {
    model: Arc<RouterModel>,
    running: Branch,
    /// `None` while it is a copy of running.
    candidate: Option<Branch>,
    /// `None` after it was deleted.
    startup: Option<Branch>,
    locks: BTreeMap<Datastore, SessionId>,
    unconfirmed: Option<Unconfirmed>,
    /// Changes of running are acknowledged and not carried out.
    pub(crate) lies: bool,
    /// What happened and was not told yet.
    pub(crate) events: Vec<Event>,
}

/// A commit that undoes itself.
#[derive(Debug)]
struct Unconfirmed {
    /// Running before it.
    before: Branch,
    session: SessionId,
    persist: Option<String>,
    deadline: Instant,
}

/// A change of running or candidate by edit-config.
#[derive(Debug)]
pub(crate) struct EditRequest<'a> {
    pub(crate) target: Datastore,
    pub(crate) default_operation: Option<DefaultOperation>,
    pub(crate) test_option: Option<TestOption>,
    pub(crate) error_option: Option<ErrorOption>,
    pub(crate) config: &'a str,
}

/// A commit.
#[derive(Debug)]
pub(crate) struct CommitRequest {
    /// `None` for one that is there to stay.
    pub(crate) confirm: Option<Confirm>,
    /// The name of the persistent commit that this one confirms or prolongs.
    pub(crate) persist_id: Option<String>,
}

/// The parameters of a commit that undoes itself.
#[derive(Debug)]
pub(crate) struct Confirm {
    pub(crate) timeout_s: Option<u32>,
    pub(crate) persist: Option<String>,
}

impl Datastores {
    pub(crate) fn new(model: Arc<RouterModel>, startup: Branch) -> Self {
        Self {
            model,
            running: startup.clone(),
            candidate: None,
            startup: Some(startup),
            locks: BTreeMap::new(),
            unconfirmed: None,
            lies: false,
            events: Vec::new(),
        }
    }

    /// What a datastore holds.
    pub(crate) fn read(&self, datastore: Datastore) -> Branch {
        match datastore {
            Datastore::Running => self.running.clone(),
            Datastore::Candidate => self.candidate.as_ref().unwrap_or(&self.running).clone(),
            Datastore::Startup => self.startup.clone().unwrap_or_default(),
        }
    }

    /// Who holds which lock.
    pub(crate) fn locks(&self) -> &BTreeMap<Datastore, SessionId> {
        &self.locks
    }

    /// RFC 6241 section 7.5.
    pub(crate) fn lock(&mut self, session: SessionId, target: Datastore) -> Result<(), Refused> {
        if let Some(holder) = self.locks.get(&target) {
            return Err(vec![RpcError::lock_denied(Some(*holder))]);
        }
        // A candidate with changes that nobody committed cannot be locked by anybody.
        if target == Datastore::Candidate && self.candidate.is_some() {
            let error = RpcError::lock_denied(None);
            return Err(vec![
                error.with_message("the candidate holds changes: discard them first"),
            ]);
        }
        // A confirmed commit that belongs to somebody else may still write to running.
        let pending = self.unconfirmed.as_ref().filter(|pending| pending.session != session);
        match (target, pending) {
            (Datastore::Running, Some(pending)) => {
                Err(vec![RpcError::lock_denied(Some(pending.session))])
            }
            _ => {
                self.locks.insert(target, session);
                Ok(())
            }
        }
    }

    /// RFC 6241 section 7.6.
    pub(crate) fn unlock(&mut self, session: SessionId, target: Datastore) -> Result<(), Refused> {
        match self.locks.get(&target) {
            Some(holder) if *holder == session => {
                self.locks.remove(&target);
                Ok(())
            }
            holder => {
                let text = match holder {
                    Some(holder) => format!("the lock is held by session {holder}"),
                    None => format!("{} is not locked", target.as_str()),
                };
                let error = protocol(ErrorTag::OperationFailed, &text);
                Err(vec![error.with_info(ErrorInfo::Session(holder.copied()))])
            }
        }
    }

    /// RFC 6241 section 7.2.
    ///
    /// An edit is carried out whole or not at all, which is what all but `continue-on-error` ask
    /// for or allow; with that each top-level node of the edit is on its own.
    pub(crate) fn edit(
        &mut self,
        session: SessionId,
        request: &EditRequest<'_>,
    ) -> Result<(), Refused> {
        self.writable(session, request.target)?;
        let before = self.read(request.target);
        let default_operation = request.default_operation;
        let mut errors = Vec::new();
        let after = match request.error_option {
            Some(ErrorOption::ContinueOnError) => {
                let edits = codec::split_edit(&self.model, request.config, default_operation)?;
                edits.iter().fold(before.clone(), |tree, edit| {
                    codec::apply(&self.model, &tree, edit).unwrap_or_else(|reasons| {
                        errors.extend(reasons);
                        tree
                    })
                })
            }
            Some(ErrorOption::StopOnError | ErrorOption::RollbackOnError) | None => {
                let edit = codec::read_edit(&self.model, request.config, default_operation)?;
                codec::apply(&self.model, &before, &edit)?
            }
        };
        // The candidate may break rules until it is committed (RFC 7950 section 8.3.3).
        let is_tested = match request.test_option {
            Some(TestOption::Set) => request.target == Datastore::Running,
            Some(TestOption::TestThenSet | TestOption::TestOnly) => true,
            None => request.target == Datastore::Running,
        };
        if is_tested {
            codec::validate(&self.model, &before, &after)?;
        }
        if request.test_option != Some(TestOption::TestOnly) {
            self.store(session, request.target, after);
        }
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }

    /// RFC 6241 section 7.3, with the source read already.
    pub(crate) fn copy(
        &mut self,
        session: SessionId,
        target: Datastore,
        source: Branch,
    ) -> Result<(), Refused> {
        self.writable(session, target)?;
        if target == Datastore::Running {
            codec::validate(&self.model, &self.running, &source)?;
        }
        self.store(session, target, source);
        Ok(())
    }

    /// RFC 6241 section 7.4: only startup can be deleted.
    pub(crate) fn delete_startup(&mut self, session: SessionId) -> Result<(), Refused> {
        self.writable(session, Datastore::Startup)?;
        self.startup = None;
        Ok(())
    }

    /// RFC 6241 section 8.3.4.2.
    pub(crate) fn discard(&mut self, session: SessionId) -> Result<(), Refused> {
        self.writable(session, Datastore::Candidate)?;
        self.candidate = None;
        Ok(())
    }

    /// RFC 6241 sections 8.3.4.1 and 8.4.
    pub(crate) fn commit(
        &mut self,
        now: Instant,
        session: SessionId,
        request: CommitRequest,
    ) -> Result<(), Refused> {
        self.writable(session, Datastore::Running)?;
        self.writable(session, Datastore::Candidate)?;
        self.may_follow(session, request.persist_id.as_deref())?;
        let after = self.read(Datastore::Candidate);
        codec::validate(&self.model, &self.running, &after)?;
        let before = self.running.clone();
        if self.candidate.take().is_some() {
            self.put(after);
        }
        match request.confirm {
            Some(confirm) => self.await_confirmation(now, session, before, confirm),
            None => {
                if self.unconfirmed.take().is_some() {
                    self.events.push(Event::Confirmed { session });
                }
                self.events.push(Event::Committed { session, confirm_within: None });
            }
        }
        Ok(())
    }

    fn await_confirmation(
        &mut self,
        now: Instant,
        session: SessionId,
        before: Branch,
        confirm: Confirm,
    ) {
        let seconds = confirm.timeout_s.unwrap_or(CONFIRM_SECONDS_DEFAULT);
        let within = Duration::from_secs(u64::from(seconds));
        // A commit that prolongs another is undone to where the first one started.
        let before = self.unconfirmed.take().map_or(before, |pending| pending.before);
        let deadline = now + within;
        let persist = confirm.persist;
        self.unconfirmed = Some(Unconfirmed { before, session, persist, deadline });
        self.events.push(Event::Committed { session, confirm_within: Some(within) });
    }

    /// RFC 6241 section 8.4.4.1.
    pub(crate) fn cancel(
        &mut self,
        session: SessionId,
        persist_id: Option<&str>,
    ) -> Result<(), Refused> {
        if self.unconfirmed.is_none() {
            return Err(vec![protocol(
                ErrorTag::OperationFailed,
                "no confirmed commit is pending",
            )]);
        }
        self.may_follow(session, persist_id)?;
        self.revert(RevertReason::Cancelled);
        Ok(())
    }

    /// Whether a commit, or its cancellation, may follow the pending one: from its session, or
    /// with its name where it has one.
    fn may_follow(&self, session: SessionId, persist_id: Option<&str>) -> Result<(), Refused> {
        let persist = self.unconfirmed.as_ref().and_then(|pending| pending.persist.as_deref());
        match (&self.unconfirmed, persist, persist_id) {
            (None, _, None) => Ok(()),
            (Some(pending), None, None) if pending.session == session => Ok(()),
            (Some(_), Some(name), Some(given)) if name == given => Ok(()),
            (Some(pending), None, None) => {
                let text = format!("session {} has to confirm its commit first", pending.session);
                Err(vec![protocol(ErrorTag::InUse, &text)])
            }
            (_, _, given) => {
                let text = match given {
                    Some(_) => "persist-id does not name the pending confirmed commit",
                    None => "the pending confirmed commit is persistent: give its persist-id",
                };
                let error = protocol(ErrorTag::InvalidValue, text);
                Err(vec![error.with_info(ErrorInfo::BadElement("persist-id".to_owned()))])
            }
        }
    }

    /// A session is over: its locks go, its candidate changes under lock, and its confirmed commit
    /// unless that is persistent (RFC 6241 sections 7.5 and 8.4.1).
    pub(crate) fn session_ended(&mut self, session: SessionId) {
        if self.locks.get(&Datastore::Candidate) == Some(&session) {
            self.candidate = None;
        }
        self.locks.retain(|_, holder| *holder != session);
        let own = |pending: &Unconfirmed| pending.session == session && pending.persist.is_none();
        if self.unconfirmed.as_ref().is_some_and(own) {
            self.revert(RevertReason::SessionEnded);
        }
    }

    /// When [`Self::handle_timeout`] is due.
    pub(crate) fn poll_timeout(&self) -> Option<Instant> {
        self.unconfirmed.as_ref().map(|pending| pending.deadline)
    }

    /// Undoes the confirmed commit whose time has run out.
    pub(crate) fn handle_timeout(&mut self, now: Instant) {
        if self.poll_timeout().is_some_and(|deadline| deadline <= now) {
            self.revert(RevertReason::TimedOut);
        }
    }

    /// Replaces running behind everybody's back.
    pub(crate) fn change_out_of_band(&mut self, running: Branch) {
        self.running = running;
        self.events.push(Event::ChangedOutOfBand);
    }

    fn revert(&mut self, reason: RevertReason) {
        if let Some(pending) = self.unconfirmed.take() {
            self.running = pending.before;
            self.events.push(Event::Reverted { reason });
        }
    }

    /// Puts a configuration in force, or only says so.
    fn put(&mut self, running: Branch) {
        if !self.lies {
            self.running = running;
        }
    }

    fn store(&mut self, session: SessionId, target: Datastore, content: Branch) {
        match target {
            Datastore::Running => {
                self.put(content);
                self.events.push(Event::Committed { session, confirm_within: None });
            }
            // A candidate without changes is one that anybody may lock.
            Datastore::Candidate => {
                self.candidate = (content != self.running).then_some(content);
            }
            Datastore::Startup => self.startup = Some(content),
        }
    }

    /// Whether a session may write to a datastore, as to locks.
    fn writable(&self, session: SessionId, target: Datastore) -> Result<(), Refused> {
        match self.locks.get(&target) {
            Some(holder) if *holder != session => {
                let text = format!("{} is locked by session {holder}", target.as_str());
                Err(vec![protocol(ErrorTag::InUse, &text)])
            }
            _ => Ok(()),
        }
    }
}

/// An error of the protocol's operations.
pub(crate) fn protocol(tag: ErrorTag, text: &str) -> RpcError {
    RpcError::new(ErrorType::Protocol, tag).with_message(text)
}
