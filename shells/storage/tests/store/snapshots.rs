//! Snapshots: replaced whole, kept twice, checked when read.

use std::fs;
use std::path::{Path, PathBuf};

use storage::{Error, SnapshotDamage, Store};

use crate::{closed_log, open};

fn files(directory: &Path) -> Vec<String> {
    let entries = fs::read_dir(directory.join("snapshots")).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn file(directory: &Path, generation: u64) -> PathBuf {
    directory.join(format!("snapshots/tree-{generation:020}.snapshot"))
}

fn newest(store: &Store) -> (u64, Vec<u8>) {
    let snapshot = store.latest_snapshot("tree").unwrap().unwrap();
    assert_eq!(snapshot.passed_over, []);
    (snapshot.generation, snapshot.bytes)
}

#[test]
fn the_last_two_of_each_kind_are_kept() {
    let directory = closed_log(9);
    let store = open(directory.path());
    assert_eq!(store.latest_snapshot("tree").unwrap(), None);
    store.put_snapshot(0, "tree", &[b""]).unwrap();
    assert_eq!(newest(&store), (0, Vec::new()));
    store.put_snapshot(1, "tree-2", &[b"other kind"]).unwrap();
    for generation in [3, 5, 9] {
        store.put_snapshot(generation, "tree", &[&[generation as u8; 10_000]]).unwrap();
        assert_eq!(newest(&store), (generation, vec![generation as u8; 10_000]));
    }
    store.put_snapshot(9, "tree", &[b"again"]).unwrap();
    store.close().unwrap();

    let store = open(directory.path());
    assert_eq!(newest(&store), (9, b"again".to_vec()));
    let other = store.latest_snapshot("tree-2").unwrap().unwrap();
    assert_eq!((other.generation, other.bytes), (1, b"other kind".to_vec()));
    let expected = ["tree-00000000000000000005", "tree-00000000000000000009"];
    let expected = expected.map(|name| format!("{name}.snapshot"));
    assert_eq!(files(directory.path())[..2], expected);
    assert_eq!(files(directory.path()).len(), 3);
}

#[test]
fn what_makes_no_sense_is_refused() {
    let directory = closed_log(5);
    let store = open(directory.path());
    store.put_snapshot(4, "tree", &[b"four"]).unwrap();
    let ahead = store.put_snapshot(6, "tree", &[b""]).unwrap_err();
    assert!(matches!(ahead, Error::SnapshotAhead { generation: 6, head: 5 }), "{ahead}");
    let stale = store.put_snapshot(3, "tree", &[b""]).unwrap_err();
    assert!(matches!(stale, Error::SnapshotStale { generation: 3, newest: 4, .. }), "{stale}");
    let long = "a".repeat(storage::SNAPSHOT_KIND_BYTES_MAX + 1);
    for kind in ["", "Tree", "../tree", "a/b", "a.b", &long] {
        assert!(matches!(store.put_snapshot(5, kind, &[b""]), Err(Error::BadName { .. })));
        assert!(matches!(store.latest_snapshot(kind), Err(Error::BadName { .. })));
    }
    assert_eq!(newest(&store), (4, b"four".to_vec()));
    assert_eq!(files(directory.path()).len(), 1);
}

#[test]
fn a_damaged_snapshot_is_named_and_the_one_before_is_used() {
    let spoil: [fn(&mut Vec<u8>); 6] = [
        |bytes| bytes[0] ^= 1,
        |bytes| bytes[15] ^= 1,
        |bytes| bytes[30] ^= 1,
        |bytes| bytes[60] ^= 1,
        |bytes| bytes.truncate(70),
        Vec::clear,
    ];
    let expected = [
        SnapshotDamage::BadHeader,
        SnapshotDamage::BadHeader,
        SnapshotDamage::WrongChecksum,
        SnapshotDamage::WrongChecksum,
        SnapshotDamage::WrongLength,
        SnapshotDamage::WrongLength,
    ];
    for (damage, expected) in spoil.into_iter().zip(expected) {
        let directory = closed_log(5);
        let store = open(directory.path());
        store.put_snapshot(3, "tree", &[&[3; 100]]).unwrap();
        store.put_snapshot(5, "tree", &[&[5; 100]]).unwrap();
        let path = file(directory.path(), 5);
        let mut bytes = fs::read(&path).unwrap();
        damage(&mut bytes);
        fs::write(&path, &bytes).unwrap();

        let snapshot = store.latest_snapshot("tree").unwrap().unwrap();
        assert_eq!((snapshot.generation, snapshot.bytes), (3, vec![3; 100]));
        assert_eq!(snapshot.passed_over.len(), 1);
        assert_eq!(snapshot.passed_over[0].generation, 5);
        assert_eq!(snapshot.passed_over[0].damage, expected);

        fs::copy(&path, file(directory.path(), 3)).unwrap();
        let error = store.latest_snapshot("tree").unwrap_err();
        assert!(matches!(&error, Error::SnapshotDamaged { damaged, .. } if damaged.len() == 2));
    }
}

#[test]
fn a_snapshot_under_another_name_is_found_out() {
    let directory = closed_log(5);
    let store = open(directory.path());
    store.put_snapshot(3, "tree", &[b"three"]).unwrap();
    fs::copy(file(directory.path(), 3), file(directory.path(), 5)).unwrap();
    fs::copy(file(directory.path(), 3), file(directory.path(), 8)).unwrap();
    let snapshot = store.latest_snapshot("tree").unwrap().unwrap();
    let damage: Vec<_> = snapshot.passed_over.into_iter().map(|found| found.damage).collect();
    assert_eq!(damage, [SnapshotDamage::AheadOfLog, SnapshotDamage::BadHeader]);
    assert_eq!(snapshot.generation, 3);
}

#[test]
fn what_a_crash_left_half_written_is_removed() {
    let directory = closed_log(5);
    let partial = file(directory.path(), 5).with_extension("partial");
    fs::write(&partial, b"half").unwrap();
    let store = open(directory.path());
    assert_eq!(store.recovery().partial_snapshots, 1);
    assert!(!partial.exists());
    assert_eq!(store.latest_snapshot("tree").unwrap(), None);
}

#[test]
fn snapshots_are_read_while_newer_ones_push_them_out() {
    let directory = closed_log(200);
    let store = open(directory.path());
    store.put_snapshot(1, "tree", &[&[1; 50_000]]).unwrap();
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            for generation in 2..=200 {
                store.put_snapshot(generation, "tree", &[&[generation as u8; 50_000]]).unwrap();
            }
        });
        let mut last = 0;
        while !writer.is_finished() {
            let (generation, bytes) = newest(&store);
            assert!(generation >= last && bytes == [generation as u8; 50_000]);
            last = generation;
        }
    });
    assert_eq!(newest(&store).0, 200);
}
