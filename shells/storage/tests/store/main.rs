//! The store as its users see it: through the public API, on real files, with real processes.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, its support too")]

mod crash;
mod failing_disk;
mod full_disk;
mod group_commit;
mod keyed;
mod log;
mod measure;
mod opening;
mod process;
mod snapshots;

use std::path::Path;

use storage::{Draft, Options, Store};

fn open(directory: &Path) -> Store {
    Store::open(directory, &Options::default()).unwrap()
}

fn draft(payload: impl Into<Vec<u8>>) -> Draft {
    Draft {
        author: "anna".to_owned(),
        comment: None,
        time_unix_ms: 1_700_000_000_000,
        payload: payload.into(),
    }
}

/// A directory with a closed log of this many records.
fn closed_log(records: u64) -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path());
    let tickets: Vec<_> = (1..=records)
        .map(|n| store.submit(storage::Write::new().append_draft(draft(format!("edit {n}")))))
        .collect();
    for ticket in tickets {
        ticket.unwrap().wait().unwrap();
    }
    store.close().unwrap();
    directory
}

/// Runs SQL on a closed store, as somebody with the file in hands would.
fn tamper(directory: &Path, sql: &str) {
    let connection = rusqlite::Connection::open(directory.join("weft.db")).unwrap();
    connection.execute_batch(sql).unwrap();
}
