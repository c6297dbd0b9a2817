//! What can be made to go wrong.

use std::time::Duration;

use netconf_proto::{ErrorTag, ErrorType, Request, RpcError};

/// The faults of a router, switched at run time by
/// [`VirtualRouter::set_faults`](crate::VirtualRouter::set_faults). None by default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Faults {
    /// Operations that are refused.
    pub refusals: Vec<Refusal>,
    /// Time that each request takes in addition to the latency.
    pub delay: Duration,
    /// When the connection of a session is cut.
    pub cut: Option<Cut>,
    /// Changes of running are acknowledged and not carried out.
    pub lies: bool,
}

/// Operations that are refused with an error of choice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Which operation, by its name on the wire (`commit`, `edit-config`, `lock`, ...).
    pub operation: String,
    /// The kind of error.
    pub tag: ErrorTag,
    /// The words for people.
    pub message: String,
    /// The node named as the reason: an absolute XPath without prefixes.
    pub path: Option<String>,
    /// How many times; `None` until it is switched off.
    pub times: Option<u32>,
}

/// When a session's connection is cut, without a word of the protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// When a commit, or a change of running, comes: it is not carried out.
    BeforeCommit,
    /// When a commit, or a change of running, was carried out: it is not answered.
    AfterCommit,
    /// After this many further requests of all sessions were answered.
    After(u32),
}

impl Refusal {
    /// Refuses an operation until it is switched off.
    #[must_use]
    pub fn always(operation: &str, tag: ErrorTag, message: &str) -> Self {
        let (operation, message) = (operation.to_owned(), message.to_owned());
        Self { operation, tag, message, path: None, times: None }
    }

    fn error(&self) -> RpcError {
        let error = RpcError::new(ErrorType::Application, self.tag.clone());
        let error = error.with_message(self.message.clone());
        match &self.path {
            Some(path) => error.with_path(path.clone(), Vec::new()),
            None => error,
        }
    }
}

/// What the faults make of one request.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Nothing.
    Serve,
    /// It is served, then the connection is cut instead of an answer.
    ServeAndCut,
    /// The connection is cut at once.
    Cut,
    /// It is refused.
    Refuse(Box<RpcError>),
}

impl Faults {
    /// Judges a request; faults that count are counted down.
    pub(crate) fn judge(&mut self, request: &Request) -> Verdict {
        match self.cut {
            Some(Cut::After(0)) => {
                self.cut = None;
                return Verdict::Cut;
            }
            Some(Cut::After(left)) => self.cut = Some(Cut::After(left - 1)),
            Some(Cut::BeforeCommit) if changes_running(request) => {
                self.cut = None;
                return Verdict::Cut;
            }
            Some(Cut::AfterCommit) if changes_running(request) => {
                self.cut = None;
                return Verdict::ServeAndCut;
            }
            Some(Cut::BeforeCommit | Cut::AfterCommit) | None => {}
        }
        match self.refusal(request.operation()) {
            Some(error) => Verdict::Refuse(Box::new(error)),
            None => Verdict::Serve,
        }
    }

    fn refusal(&mut self, operation: &str) -> Option<RpcError> {
        let refuses = |one: &&mut Refusal| one.operation == operation && one.times != Some(0);
        let refusal = self.refusals.iter_mut().find(refuses)?;
        if let Some(times) = &mut refusal.times {
            *times -= 1;
        }
        Some(refusal.error())
    }
}

/// Whether a request puts a configuration in force.
pub(crate) fn changes_running(request: &Request) -> bool {
    use netconf_proto::{Datastore, Target};
    match request {
        Request::Commit | Request::CommitConfirmed { .. } | Request::ConfirmCommit { .. } => true,
        Request::EditConfig { target, .. } => *target == Datastore::Running,
        Request::CopyConfig { target, .. } => *target == Target::Datastore(Datastore::Running),
        Request::Get { .. }
        | Request::GetConfig { .. }
        | Request::DeleteConfig { .. }
        | Request::Lock { .. }
        | Request::Unlock { .. }
        | Request::Validate { .. }
        | Request::CancelCommit { .. }
        | Request::DiscardChanges
        | Request::GetSchema { .. }
        | Request::CreateSubscription { .. }
        | Request::CloseSession
        | Request::KillSession { .. }
        | Request::Raw(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use netconf_proto::{ErrorTag, Request};

    use super::{Cut, Faults, Refusal, Verdict};

    #[test]
    fn refusals_count_down_and_hit_their_operation_only() {
        let refusal =
            Refusal { times: Some(2), ..Refusal::always("commit", ErrorTag::InUse, "not now") };
        let mut faults = Faults { refusals: vec![refusal], ..Faults::default() };
        assert_eq!(faults.judge(&Request::DiscardChanges), Verdict::Serve);
        for _ in 0..2 {
            let Verdict::Refuse(error) = faults.judge(&Request::Commit) else { panic!() };
            assert_eq!(error.to_string(), "in-use: not now");
        }
        assert_eq!(faults.judge(&Request::Commit), Verdict::Serve);
    }

    #[test]
    fn a_cut_comes_once_and_when_it_was_asked_for() {
        let judged = |cut, requests: &[Request]| {
            let mut faults = Faults { cut: Some(cut), delay: Duration::ZERO, ..Faults::default() };
            requests.iter().map(|request| faults.judge(request)).collect::<Vec<_>>()
        };
        let requests = [Request::DiscardChanges, Request::Commit, Request::Commit];
        let serve = || Verdict::Serve;
        assert_eq!(judged(Cut::BeforeCommit, &requests), [serve(), Verdict::Cut, serve()]);
        assert_eq!(judged(Cut::AfterCommit, &requests), [serve(), Verdict::ServeAndCut, serve()]);
        assert_eq!(judged(Cut::After(0), &requests), [Verdict::Cut, serve(), serve()]);
        assert_eq!(judged(Cut::After(2), &requests), [serve(), serve(), Verdict::Cut]);
    }
}
