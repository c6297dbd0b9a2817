//! One change of one device: lock, edit, validate, commit, see whether it took, unlock.

use std::time::Duration;

use netconf_proto::{
    Body, ConfirmedCommit, Datastore, DefaultOperation, Edit, ErrorOption, ErrorTag, Request,
    RpcError, Source,
};
use tokio::io::{AsyncRead, AsyncWrite};
use yang_data::Branch;
use yang_data::edit::Operation;

use crate::config::Config;
use crate::error::SouthboundError;
use crate::model::DeviceModel;
use crate::session::Session;

/// How a change ended, the session being fine.
#[derive(Debug)]
pub(crate) enum Pushed {
    /// The device holds the target: it was read back, or told so and nobody asked.
    Held,
    /// The device is as it was.
    Rejected(Vec<String>),
    /// Somebody else works on the device; it is as it was.
    Busy(Vec<String>),
    /// The device holds something else than what it may be changed from: this. It is as it was.
    Changed(Branch),
}

/// A change of one device.
pub(crate) struct Push<'a, S> {
    pub(crate) session: &'a mut Session<S>,
    pub(crate) model: &'a DeviceModel,
    pub(crate) config: &'a Config,
    /// The name of the one configuration that it may be changed from, where there is one.
    pub(crate) only_from: Option<&'a str>,
}

/// What stops a change: the device's refusal, or the end of the session.
enum Stop {
    Refused(Vec<RpcError>),
    /// It acknowledged what it does not do; these places differ.
    Lied(Vec<String>),
    /// It holds something else than what it may be changed from.
    Changed(Branch),
    Lost(SouthboundError),
}

impl From<SouthboundError> for Stop {
    fn from(error: SouthboundError) -> Self {
        Self::Lost(error)
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Push<'_, S> {
    /// Makes the device hold `target`.
    ///
    /// # Errors
    /// What ended the session; whether the device took the change is open then.
    pub(crate) async fn run(mut self, target: &Branch) -> Result<Pushed, SouthboundError> {
        let capabilities = &self.session.capabilities;
        let has_candidate = capabilities.has_candidate();
        let writes_running = capabilities.has_writable_running();
        let store = match (has_candidate, writes_running) {
            (true, _) => Datastore::Candidate,
            (false, true) => Datastore::Running,
            (false, false) => return Err(SouthboundError::NotWritable),
        };
        // Whoever may write to running past the candidate is kept out as well.
        let also_running = has_candidate && writes_running;
        let locked = [also_running.then_some(Datastore::Running), Some(store)];
        let mut held = Vec::new();
        for datastore in locked.into_iter().flatten().filter(|_| self.config.locks) {
            match self.lock(datastore).await {
                Ok(()) => held.push(datastore),
                Err(stop) => return self.end(held, stop).await,
            }
        }
        let changed = match store {
            Datastore::Candidate => self.by_candidate_twice(target).await,
            Datastore::Running | Datastore::Startup => self.by_running(target).await,
        };
        match changed {
            Ok(()) => {
                self.unlock(held).await?;
                Ok(Pushed::Held)
            }
            Err(stop) => self.end(held, stop).await,
        }
    }

    async fn lock(&mut self, target: Datastore) -> Result<(), Stop> {
        let denied = match self.ok(Request::Lock { target }).await {
            Err(Stop::Refused(errors)) => errors,
            other => return other,
        };
        // A candidate that holds changes of a session that is gone cannot be locked, by anybody.
        let is_stale = target == Datastore::Candidate
            && denied.iter().all(|error| error.session_id().is_none());
        if !is_stale {
            return Err(Stop::Refused(denied));
        }
        self.ok(Request::DiscardChanges).await?;
        self.ok(Request::Lock { target }).await
    }

    /// Some servers (netconfd 2.13 is one) acknowledge a commit that follows a validate and carry
    /// nothing out. A commit validates anyhow: where one did not take, it is tried without.
    async fn by_candidate_twice(&mut self, target: &Branch) -> Result<(), Stop> {
        let first = self.by_candidate(target).await;
        let validates = self.validates();
        let (Err(Stop::Lied(_)), true) = (&first, validates) else { return first };
        self.session.skips_validate = true;
        let second = self.by_candidate(target).await;
        // Where that was not the reason, validate is as good as before.
        self.session.skips_validate = second.is_ok();
        second
    }

    fn validates(&self) -> bool {
        self.session.capabilities.has_validate() && !self.session.skips_validate
    }

    async fn by_candidate(&mut self, target: &Branch) -> Result<(), Stop> {
        // What an earlier session left there must not be committed with this change.
        self.ok(Request::DiscardChanges).await?;
        let Some(edit) = self.edit(target).await? else { return Ok(()) };
        self.ok(self.edit_config(Datastore::Candidate, edit)).await?;
        if self.validates() {
            self.ok(Request::Validate { source: Source::Datastore(Datastore::Candidate) }).await?;
        }
        let confirmed = self.session.capabilities.confirmed_commit();
        match (confirmed, self.config.confirm_within) {
            (Some(version), Some(within)) => self.commit_confirmed(target, version, within).await,
            _ => {
                self.ok(Request::Commit).await?;
                self.verify(target).await
            }
        }
    }

    /// A commit that the device undoes itself should it lose us: we can be reached only if the
    /// change did not cut us off.
    async fn commit_confirmed(
        &mut self,
        target: &Branch,
        version: ConfirmedCommit,
        within: Duration,
    ) -> Result<(), Stop> {
        let timeout_s = u32::try_from(within.as_secs().max(1)).ok();
        let (persist, persist_id) = (None, None);
        self.ok(Request::CommitConfirmed { timeout_s, persist, persist_id }).await?;
        if let Err(stop) = self.verify(target).await {
            if version == ConfirmedCommit::V1_1 && !matches!(stop, Stop::Lost(_)) {
                // What it holds now is nobody's target: better what it held before.
                drop(self.ok(Request::CancelCommit { persist_id: None }).await);
            }
            return Err(stop);
        }
        self.ok(Request::Commit).await
    }

    async fn by_running(&mut self, target: &Branch) -> Result<(), Stop> {
        let Some(edit) = self.edit(target).await? else { return Ok(()) };
        self.ok(self.edit_config(Datastore::Running, edit)).await?;
        self.verify(target).await
    }

    /// The change that the device needs now; `None` when it needs none.
    async fn edit(&mut self, target: &Branch) -> Result<Option<String>, Stop> {
        let running = self.running().await?;
        if self.model.same(&running, target) {
            return Ok(None);
        }
        if self.only_from.is_some_and(|from| self.model.txid(&running) != from) {
            return Err(Stop::Changed(running));
        }
        // RFC 4741 did not have `remove`. What is taken away was just read under lock.
        let removal = match self.session.capabilities.has_base_1_1() {
            true => Operation::Remove,
            false => Operation::Delete,
        };
        Ok(Some(self.model.edit(&running, target, removal)))
    }

    fn edit_config(&self, target: Datastore, edit: String) -> Request {
        let rolls_back = self.session.capabilities.has_rollback_on_error();
        Request::EditConfig {
            target,
            default_operation: Some(DefaultOperation::Merge),
            test_option: None,
            error_option: rolls_back.then_some(ErrorOption::RollbackOnError),
            config: Edit::Config(edit),
        }
    }

    async fn verify(&mut self, target: &Branch) -> Result<(), Stop> {
        if !self.config.verify_after_commit {
            return Ok(());
        }
        let running = self.running().await?;
        match self.model.same(&running, target) {
            true => Ok(()),
            false => Err(Stop::Lied(self.model.differences(&running, target))),
        }
    }

    async fn running(&mut self) -> Result<Branch, SouthboundError> {
        read_running(self.session, self.model, self.config).await
    }

    /// Undoes what was begun and tells how it ended.
    async fn end(&mut self, held: Vec<Datastore>, stop: Stop) -> Result<Pushed, SouthboundError> {
        let outcome = match stop {
            Stop::Lost(error) => return Err(error),
            Stop::Changed(running) => Pushed::Changed(running),
            Stop::Lied(places) => Pushed::Rejected(vec![format!(
                "the device acknowledged the change but does not hold it: {}",
                places.join(", ")
            )]),
            Stop::Refused(errors) => {
                let is_busy = errors.iter().all(is_busy);
                let limit = self.config.errors_reported_max;
                let mut texts: Vec<String> =
                    errors.iter().take(limit).map(ToString::to_string).collect();
                if let Some(rest) = errors.len().checked_sub(limit).filter(|rest| *rest > 0) {
                    texts.push(format!("and {rest} more errors"));
                }
                if is_busy { Pushed::Busy(texts) } else { Pushed::Rejected(texts) }
            }
        };
        if held.contains(&Datastore::Candidate) || !self.config.locks {
            match self.ok(Request::DiscardChanges).await {
                Err(Stop::Lost(error)) => return Err(error),
                Ok(()) | Err(Stop::Refused(_) | Stop::Lied(_) | Stop::Changed(_)) => {}
            }
        }
        self.unlock(held).await?;
        Ok(outcome)
    }

    async fn unlock(&mut self, held: Vec<Datastore>) -> Result<(), SouthboundError> {
        for target in held.into_iter().rev() {
            match self.ok(Request::Unlock { target }).await {
                Err(Stop::Lost(error)) => return Err(error),
                Err(Stop::Refused(errors)) => {
                    // The lock ends with the session at the latest.
                    tracing::warn!(error = %joined(&errors), "unlock was refused");
                }
                Ok(()) | Err(Stop::Lied(_) | Stop::Changed(_)) => {}
            }
        }
        Ok(())
    }

    async fn ok(&mut self, request: Request) -> Result<(), Stop> {
        let timeouts = &self.config.timeouts;
        let within = match &request {
            Request::EditConfig { .. } | Request::Validate { .. } => timeouts.edit,
            Request::Commit | Request::CommitConfirmed { .. } | Request::CancelCommit { .. } => {
                timeouts.commit
            }
            _ => timeouts.other,
        };
        match self.session.ask(request, within).await? {
            Ok(_) => Ok(()),
            Err(errors) => Err(Stop::Refused(errors)),
        }
    }
}

/// Reads the running configuration within the schema.
///
/// # Errors
/// [`SouthboundError`] of the device.
pub(crate) async fn read_running<S: AsyncRead + AsyncWrite + Unpin>(
    session: &mut Session<S>,
    model: &DeviceModel,
    config: &Config,
) -> Result<Branch, SouthboundError> {
    let filter = Some(model.filter());
    let request = Request::GetConfig { source: Datastore::Running, filter, with_defaults: None };
    let operation = request.operation();
    match session.ask(request, config.timeouts.read).await? {
        Ok(Body::Data(data)) => model.read(&data),
        // The machine gives nothing but data for this request.
        Ok(_) => model.read(""),
        Err(errors) => Err(SouthboundError::Refused { operation, errors }),
    }
}

/// Whether an error passes when somebody else is done.
fn is_busy(error: &RpcError) -> bool {
    matches!(error.tag, ErrorTag::InUse | ErrorTag::LockDenied | ErrorTag::ResourceDenied)
}

fn joined(errors: &[RpcError]) -> String {
    errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}
