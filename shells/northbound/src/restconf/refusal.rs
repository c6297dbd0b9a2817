//! What the controller says no to, as errors of RESTCONF.

use intent::Refused;
use restconf_proto::Problem;
use transform::{Fault, Owner, Refusal};

/// All reasons of a refusal.
pub(super) fn problems(refused: &Refused) -> Vec<Problem> {
    match refused {
        Refused::Edit(errors) => errors.iter().map(of_edit).collect(),
        Refused::Invalid(violations) => violations.iter().map(Problem::from).collect(),
        Refused::Faults(faults) => faults.iter().map(of_fault).collect(),
    }
}

/// An edit that misses what it is about: to the client the resource is not there.
fn of_edit(error: &yang_data::DataError) -> Problem {
    let problem = Problem::from(error);
    match error.fault {
        yang_data::Fault::DataMissing => {
            let message = "there is no such resource".to_owned();
            Problem { status: 404, tag: "invalid-value", message, ..problem }
        }
        _ => problem,
    }
}

fn of_fault(fault: &Fault) -> Problem {
    let message = fault.to_string();
    match fault {
        Fault::Conflict { path, first, first_owner, second, second_owner } => {
            let problem = Problem::application("operation-failed", message).tagged("conflict");
            let problem = Problem { status: 409, ..problem }
                .with("conflict-path", path.clone())
                .with("value", first.clone())
                .with("value", second.clone())
                .with("owner", first_owner.to_string())
                .with("owner", second_owner.to_string());
            at_intent(problem, [second_owner, first_owner])
        }
        Fault::Refused { owner, refusal } => {
            let tag = match refusal {
                Refusal::Incomplete { .. } => "incomplete",
                Refusal::Invalid { .. } => "invalid",
                Refusal::Unsupported { .. } => "unsupported",
            };
            let problem = Problem::application("operation-failed", message).tagged(tag);
            at_intent(problem.with("owner", owner.to_string()), [owner])
        }
        Fault::Panicked { owner, .. } => bug(message, "panicked", owner),
        Fault::Misplaced { owner, .. } => bug(message, "misplaced", owner),
        Fault::Invalid { place, violation, owners } => {
            let problem = Problem::application("operation-failed", message)
                .tagged(violation.app_tag().unwrap_or("invalid-below"))
                .with("place", place.clone());
            let problem = owners
                .iter()
                .fold(problem, |problem, owner| problem.with("owner", owner.to_string()));
            at_intent(problem, owners)
        }
        Fault::UnknownDeviceType { device, .. } => {
            let problem = Problem::application("operation-failed", message);
            problem.tagged("unknown-device-type").with("device", device.clone())
        }
    }
}

/// A transform that does what none may: the server's fault.
fn bug(message: String, app_tag: &str, owner: &Owner) -> Problem {
    let problem = Problem::application("operation-failed", message).tagged(app_tag);
    let problem = Problem { status: 500, ..problem }.with("owner", owner.to_string());
    at_intent(problem, [owner])
}

/// The path of an error is about the datastore: of the owners, the first that is in it.
fn at_intent<'a>(problem: Problem, owners: impl IntoIterator<Item = &'a Owner>) -> Problem {
    match owners.into_iter().find(|owner| owner.layer == 0) {
        Some(owner) => problem.at(owner.instance.clone()),
        None => problem,
    }
}
