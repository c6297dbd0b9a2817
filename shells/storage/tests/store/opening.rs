//! Opening and closing: one process at a time, nothing that is not ours, nothing left open.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::sync::mpsc;

use storage::{Error, Options, Store, Write};

use crate::{closed_log, draft, open, process, tamper};

#[test]
#[ignore = "child of a_second_process_is_told_who_holds_the_directory"]
fn holding_child() {
    let Some(directory) = process::directory() else {
        return;
    };
    let _store = open(&directory);
    println!("\nholding");
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).unwrap();
}

#[test]
fn a_second_process_is_told_who_holds_the_directory() {
    let directory = tempfile::tempdir().unwrap();
    let mut child = process::child("opening::holding_child", directory.path()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    lines.find(|line| line.as_ref().unwrap() == "holding").unwrap().unwrap();

    let error = Store::open(directory.path(), &Options::default()).unwrap_err();
    assert!(matches!(error, Error::Locked { pid: Some(pid), .. } if pid == child.id()), "{error}");
    assert!(error.to_string().contains(&format!("in use by process {};", child.id())));

    child.stdin.take().unwrap().write_all(b"end\n").unwrap();
    assert!(child.wait().unwrap().success());
    open(directory.path());
}

#[test]
fn the_same_process_cannot_open_twice_until_it_closes() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path());
    let own = std::process::id();
    let error = Store::open(directory.path(), &Options::default()).unwrap_err();
    assert!(matches!(error, Error::Locked { pid: Some(pid), .. } if pid == own), "{error}");
    let other = store.clone();
    store.close().unwrap();
    store.close().unwrap();
    let again = open(directory.path());
    again.append_draft(draft("x")).unwrap();

    assert!(matches!(other.append_draft(draft("y")), Err(Error::Closed)));
    assert!(matches!(other.fact("x"), Err(Error::Closed)));
    assert!(matches!(other.records(1).next(), None | Some(Err(Error::Closed))));
    assert!(matches!(other.put_snapshot(0, "tree", &[b""]), Err(Error::Closed)));
}

#[test]
fn closing_writes_what_is_queued() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path());
    let tickets: Vec<_> = (0..500)
        .map(|_| store.submit(Write::new().append_draft(draft([1; 1_000]))).unwrap())
        .collect();
    drop(store);
    for (at, ticket) in (1..).zip(tickets) {
        assert_eq!(ticket.wait().unwrap().head.generation, at);
    }
    assert_eq!(open(directory.path()).verify_log().unwrap().generation, 500);
}

#[test]
fn the_last_handle_may_go_in_a_callback() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path());
    let (sender, told) = mpsc::channel();
    let last = store.clone();
    let callback = move |_| {
        let write = Write::new().append_draft(draft("y"));
        let blocking = last.write(write.clone()).unwrap_err();
        let closing = last.close().unwrap_err();
        let queued = last.try_submit(write).unwrap();
        sender.send((blocking, closing, queued)).unwrap();
    };
    store.try_submit_then(Write::new().append_draft(draft("x")), callback).unwrap();
    drop(store);
    let (blocking, closing, queued) = told.recv().unwrap();
    assert!(matches!(blocking, Error::OnWriterThread));
    assert!(matches!(closing, Error::OnWriterThread));
    assert_eq!(queued.wait().unwrap().head.generation, 2);
}

#[test]
fn a_panicking_callback_harms_nobody_else() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path());
    let write = Write::new().append_draft(draft("x"));
    store.try_submit_then(write.clone(), |_| panic!("on purpose")).unwrap();
    assert_eq!(store.write(write).unwrap().head.generation, 2);
}

#[test]
fn a_newer_schema_is_left_alone() {
    let directory = closed_log(1);
    tamper(directory.path(), "PRAGMA user_version = 99");
    let before = fs::read(directory.path().join("weft.db")).unwrap();
    let error = Store::open(directory.path(), &Options::default()).unwrap_err();
    assert!(matches!(error, Error::SchemaTooNew { found: 99, supported: 1, .. }), "{error}");
    assert_eq!(fs::read(directory.path().join("weft.db")).unwrap(), before);
    tamper(directory.path(), "PRAGMA user_version = 1");
    open(directory.path());
}

#[test]
fn a_file_of_another_kind_is_left_alone() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("weft.db");
    let refused = || {
        let before = fs::read(&path).unwrap();
        let error = Store::open(directory.path(), &Options::default()).unwrap_err();
        assert!(matches!(error, Error::NotAStore { .. }), "{error}");
        assert_eq!(fs::read(&path).unwrap(), before);
        fs::remove_file(&path).unwrap();
    };
    fs::write(&path, "no database at all, but long enough to look at".repeat(100)).unwrap();
    refused();
    tamper(directory.path(), "CREATE TABLE theirs (x)");
    refused();
    tamper(directory.path(), "PRAGMA application_id = 7; CREATE TABLE theirs (x)");
    refused();
    open(directory.path());
}

#[test]
fn only_the_owner_may_read() {
    let parent = tempfile::tempdir().unwrap();
    let directory = parent.path().join("a/b");
    let store = open(&directory);
    store.append_draft(draft("x")).unwrap();
    store.put_snapshot(1, "tree", &[b"x"]).unwrap();
    let mode =
        |path: &str| fs::metadata(directory.join(path)).unwrap().permissions().mode() & 0o777;
    let snapshot = "snapshots/tree-00000000000000000001.snapshot";
    for file in ["weft.db", "weft.db-wal", "weft.db-shm", "weft.lock", snapshot] {
        assert_eq!(mode(file), 0o600, "{file}");
    }
    assert_eq!(mode(""), 0o700);
    assert_eq!(mode("snapshots"), 0o700);
}

#[test]
fn a_directory_that_cannot_be_made_is_an_error() {
    let parent = tempfile::tempdir().unwrap();
    let file = parent.path().join("file");
    fs::write(&file, "x").unwrap();
    let error = Store::open(&file.join("data"), &Options::default()).unwrap_err();
    assert!(matches!(error, Error::File { .. }), "{error}");
}
