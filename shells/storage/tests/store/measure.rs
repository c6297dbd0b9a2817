//! Numbers, not checks: `cargo test --release -p storage -- --ignored --nocapture measure`.

use std::time::{Duration, Instant};

use storage::{Options, Store};

use crate::{draft, open};

#[test]
#[ignore = "a measurement"]
fn commits_by_number_of_threads() {
    for threads in [1, 2, 8, 32, 128] {
        let directory = tempfile::tempdir().unwrap();
        let store = open(directory.path());
        let end = Instant::now() + Duration::from_secs(2);
        std::thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(|| {
                    while Instant::now() < end {
                        store.append_draft(draft([7; 1_000])).unwrap();
                    }
                });
            }
        });
        let metrics = store.metrics();
        println!(
            "{threads:4} threads: {:6.0} commits/s, {:5.0} flushes/s, {} a batch at most, commit \
             p50 {:?} p99 {:?} longest {:?}, {} checkpoints",
            metrics.records as f64 / 2.0,
            metrics.batches as f64 / 2.0,
            metrics.batch_writes_max,
            metrics.commit.percentile(50),
            metrics.commit.percentile(99),
            metrics.commit.longest,
            metrics.checkpoints,
        );
    }
}

#[test]
#[ignore = "a measurement"]
fn replaying_the_log() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path());
    let writes = (0..20).map(|_| {
        let records = (0..5_000).map(|_| draft([7; 1_000]));
        records.fold(storage::Write::new(), storage::Write::append_draft)
    });
    for write in writes {
        store.write(write).unwrap();
    }
    let started = Instant::now();
    let head = store.verify_log().unwrap();
    let rate = head.generation as f64 / started.elapsed().as_secs_f64();
    println!("replay: {rate:.0} records/s of 1,000 bytes, each checked");
    store.close().unwrap();
    let started = Instant::now();
    open(directory.path());
    println!("opening with {} records: {:?}", head.generation, started.elapsed());
}

const LARGE_BYTES: usize = 500 << 20;

#[test]
#[ignore = "a measurement"]
fn a_large_snapshot_as_a_file() {
    let directory = tempfile::tempdir().unwrap();
    let store = Store::open(directory.path(), &Options::default()).unwrap();
    let bytes: Vec<u8> = (0..LARGE_BYTES).map(|at| ((at * 31) >> 3) as u8).collect();
    let mut longest = Duration::ZERO;
    std::thread::scope(|scope| {
        let started = Instant::now();
        let snapshot = scope.spawn(|| store.put_snapshot(0, "tree", &[&bytes]).unwrap());
        while !snapshot.is_finished() {
            let commit = Instant::now();
            store.append_draft(draft("x")).unwrap();
            longest = longest.max(commit.elapsed());
        }
        println!(
            "put 500 MiB as a file: {:?}; longest commit meanwhile {longest:?}",
            started.elapsed()
        );
    });
    let started = Instant::now();
    assert_eq!(store.latest_snapshot("tree").unwrap().unwrap().bytes.len(), LARGE_BYTES);
    println!("read and checked: {:?}", started.elapsed());
}

/// What the file is measured against: the same bytes as one value in the database.
#[test]
#[ignore = "a measurement"]
fn a_large_snapshot_as_a_blob() {
    let directory = tempfile::tempdir().unwrap();
    let connection = rusqlite::Connection::open(directory.path().join("blob.db")).unwrap();
    let pragmas = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE t (b BLOB)";
    connection.execute_batch(pragmas).unwrap();
    let bytes: Vec<u8> = (0..LARGE_BYTES).map(|at| ((at * 31) >> 3) as u8).collect();
    let started = Instant::now();
    connection.execute("INSERT INTO t VALUES (?1)", [&bytes]).unwrap();
    println!("put 500 MiB as a blob, no commit can pass meanwhile: {:?}", started.elapsed());
    let started = Instant::now();
    let read: Vec<u8> = connection.query_row("SELECT b FROM t", [], |row| row.get(0)).unwrap();
    println!("read: {:?}", started.elapsed());
    assert!(read == bytes);
}
