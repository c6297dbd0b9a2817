//! No space: nothing is applied, and all is well again once there is space.

use std::fs;
use std::path::Path;
use std::process::Command;

use storage::{Error, Options, Store, Write};

use crate::{draft, open};

/// Appends until the disk is full; how many records were told durable.
fn fill(store: &Store, bytes: usize) -> u64 {
    for told in store.head().generation.. {
        let write = Write::new().append_draft(draft(vec![1; bytes])).set_fact("last", "x");
        match store.write(write) {
            Ok(receipt) => assert_eq!(receipt.head.generation, told + 1),
            Err(Error::DiskFull { .. }) => return told,
            Err(error) => panic!("{error:?}"),
        }
    }
    unreachable!("the disk is finite");
}

/// Nothing of a failed write is seen, now or after reopening.
fn check_untouched(store: &Store, generation: u64) {
    assert_eq!(store.head().generation, generation);
    assert_eq!(store.verify_log().unwrap(), store.head());
    assert_eq!(store.fact("never").unwrap(), None);
}

#[test]
fn over_the_quota_nothing_is_applied() {
    let directory = tempfile::tempdir().unwrap();
    let options = Options { database_bytes_max: Some(1 << 20), ..Options::default() };
    let store = Store::open(directory.path(), &options).unwrap();
    store.set_device_state("ballast", &[0; 300_000]).unwrap();
    let told = fill(&store, 50_000);
    assert!(told >= 5, "{told}");

    let batch = [
        store.submit(Write::new().set_fact("never", "x")),
        store.submit(Write::new().set_fact("never", "x").append_draft(draft([2; 400_000]))),
    ];
    let outcomes = batch.map(|ticket| ticket.unwrap().wait());
    assert!(matches!(outcomes[1], Err(Error::DiskFull { .. })));
    if outcomes[0].is_ok() {
        // It was alone in its batch: small, it found room.
        store.remove_fact("never").unwrap();
    }
    check_untouched(&store, told);
    let metrics = store.metrics();
    assert!(metrics.batches_failed >= 2 && metrics.writes_failed >= 2, "{metrics:?}");

    store.remove_device_state("ballast").unwrap();
    let receipt = store.append_draft(draft([3; 100_000])).unwrap();
    assert_eq!(receipt.head.generation, told + 1);
    store.close().unwrap();
    check_untouched(&open(directory.path()), told + 1);
}

#[test]
fn all_writes_of_a_failed_batch_fail() {
    let directory = tempfile::tempdir().unwrap();
    let options = Options { database_bytes_max: Some(1 << 20), ..Options::default() };
    let store = Store::open(directory.path(), &options).unwrap();
    let (sender, told) = std::sync::mpsc::channel();
    let (go, wait) = std::sync::mpsc::channel::<()>();
    // Holds the writer up until all of the batch is in the queue.
    store.try_submit_then(Write::new(), move |_| wait.recv().unwrap()).unwrap();
    let writes = [
        Write::new().append_draft(draft("a")).set_fact("never", "x"),
        Write::new().append_draft(draft(vec![2; 2 << 20])),
        Write::new().append(storage::LogRecord::after(store.head(), draft("stale"))),
        Write::new().append_draft(draft("b")),
    ];
    while store.metrics().queue_writes > 0 {
        std::thread::yield_now();
    }
    for write in writes {
        let sender = sender.clone();
        store.try_submit_then(write, move |outcome| sender.send(outcome).unwrap()).unwrap();
    }
    go.send(()).unwrap();
    for _ in 0..4 {
        let outcome = told.recv().unwrap();
        assert!(matches!(outcome, Err(Error::DiskFull { .. })), "{outcome:?}");
    }
    check_untouched(&store, 0);
    assert_eq!(store.metrics().batches_failed, 1);
    assert_eq!(store.append_draft(draft("c")).unwrap().head.generation, 1);
}

/// A file system of its own in memory; gone with the guard.
struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    /// `None` where this process may not mount.
    fn mount(bytes: u64) -> Option<Self> {
        let point = tempfile::tempdir().unwrap();
        let size = format!("size={bytes}");
        let mount = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &size, "none"])
            .arg(point.path())
            .output();
        match mount {
            Ok(output) if output.status.success() => Some(Self(point)),
            _ => {
                println!("skipped: no right to mount a small file system");
                None
            }
        }
    }

    fn path(&self) -> &Path {
        self.0.path()
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let unmounted = Command::new("umount").arg(self.path()).status();
        println!("unmounted: {unmounted:?}");
    }
}

#[test]
fn on_a_full_disk_nothing_is_applied() {
    let Some(disk) = SmallDisk::mount(4 << 20) else {
        return;
    };
    let ballast = disk.path().join("ballast");
    fs::write(&ballast, vec![0; 1 << 20]).unwrap();
    let data = disk.path().join("data");
    let options = Options { checkpoint_bytes: 200_000, ..Options::default() };
    let store = Store::open(&data, &options).unwrap();
    for round in 0..3 {
        let told = fill(&store, 30_000);
        assert!(told > 10, "round {round}: {told}");
        let write = Write::new().set_fact("never", vec![0; 500_000]);
        assert!(matches!(store.write(write), Err(Error::DiskFull { .. })));
        let snapshot = store.put_snapshot(told, "tree", &[&vec![0; 3 << 20]]);
        assert!(matches!(snapshot, Err(Error::DiskFull { .. })), "{snapshot:?}");
        check_untouched(&store, told);
        assert_eq!(fs::read_dir(data.join("snapshots")).unwrap().count(), 0);

        let kept = fs::metadata(&ballast).unwrap().len();
        fs::File::options().write(true).open(&ballast).unwrap().set_len(kept / 2).unwrap();
        assert_eq!(store.append_draft(draft([3; 30_000])).unwrap().head.generation, told + 1);
    }
    let head = store.head();
    // As after a crash: a copy, with nothing moved or closed.
    let copy = tempfile::tempdir().unwrap();
    for name in ["weft.db", "weft.db-wal"] {
        fs::copy(data.join(name), copy.path().join(name)).unwrap();
    }
    assert_eq!(open(copy.path()).verify_log().unwrap(), head);
    store.close().unwrap();
    assert_eq!(open(&data).verify_log().unwrap(), head);
}

#[test]
fn opening_on_a_full_disk_is_an_error_and_works_later() {
    let Some(disk) = SmallDisk::mount(1 << 20) else {
        return;
    };
    let ballast = disk.path().join("ballast");
    let left = 16 << 10;
    fs::write(&ballast, vec![0; (1 << 20) - left]).unwrap();
    let data = disk.path().join("data");
    let error = Store::open(&data, &Options::default()).unwrap_err();
    assert!(matches!(error, Error::DiskFull { .. }), "{error:?}");
    fs::remove_file(&ballast).unwrap();
    let store = open(&data);
    assert_eq!(store.append_draft(draft("x")).unwrap().head.generation, 1);
}
