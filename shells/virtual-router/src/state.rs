//! State data of the server itself, as `get` gives it: YANG library and ietf-netconf-monitoring.

use netconf_proto::{Datastore, SessionId, uri};

use crate::element::Element;
use crate::operations::{OpenSession, Operations};
use crate::timestamp::date_and_time;

/// All of it.
pub(crate) fn elements(operations: &Operations) -> Vec<Element> {
    let mut all = operations.model.library().to_vec();
    all.push(monitoring(operations));
    all
}

/// `/netconf-state` (RFC 6022 section 2.1).
fn monitoring(operations: &Operations) -> Element {
    let model = &operations.model;
    let capabilities = model.capabilities().iter();
    let mut state = Element::new(uri::MONITORING, "netconf-state")
        .with_child("capabilities", |all| {
            capabilities.fold(all, |all, one| all.with_leaf("capability", one.uri()))
        })
        .with_child("datastores", |all| {
            datastores(operations).fold(all, |all, one| with_datastore(all, operations, one))
        });
    state.children.extend(model.schemas().iter().cloned());
    state.with_child("sessions", |all| {
        operations.sessions.iter().fold(all, |all, (id, open)| with_session(all, *id, open))
    })
}

fn datastores(operations: &Operations) -> impl Iterator<Item = Datastore> {
    let features = operations.model.features();
    [
        Some(Datastore::Running),
        features.candidate.then_some(Datastore::Candidate),
        features.startup.then_some(Datastore::Startup),
    ]
    .into_iter()
    .flatten()
}

fn with_datastore(all: Element, operations: &Operations, datastore: Datastore) -> Element {
    all.with_child("datastore", |entry| {
        let entry = entry.with_leaf("name", datastore.as_str());
        match operations.datastores.locks().get(&datastore) {
            None => entry,
            Some(holder) => entry.with_child("locks", |locks| {
                locks.with_child("global-lock", |lock| {
                    lock.with_leaf("locked-by-session", holder.to_string())
                        .with_leaf("locked-time", locked_time(operations, *holder))
                })
            }),
        }
    })
}

/// The time of the lock is not kept; it is after the login of its holder.
fn locked_time(operations: &Operations, holder: SessionId) -> String {
    let login = operations.sessions.get(&holder).map_or(0, |open| open.login_unix_s);
    date_and_time(login)
}

fn with_session(all: Element, id: SessionId, open: &OpenSession) -> Element {
    all.with_child("session", |entry| {
        entry
            .with_leaf("session-id", id.to_string())
            .with_leaf("transport", "netconf-ssh")
            .with_leaf("username", &open.user)
            .with_leaf("source-host", &open.peer)
            .with_leaf("login-time", date_and_time(open.login_unix_s))
            .with_leaf("in-rpcs", open.rpcs.to_string())
            .with_leaf("in-bad-rpcs", open.bad_rpcs.to_string())
            .with_leaf("out-rpc-errors", open.bad_rpcs.to_string())
            .with_leaf("out-notifications", "0")
    })
}
