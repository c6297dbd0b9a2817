//! Facts of the boot and the state of devices.

use storage::{Error, Write};

use crate::{draft, open};

#[test]
fn facts_are_set_listed_and_removed_durably() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path());
    store.set_fact("host-key/ber-1", b"old").unwrap();
    store.set_fact("host-key/ber-1", b"new").unwrap();
    store.set_fact("host-key/ber-10", b"ten").unwrap();
    store.set_fact("host-key0", b"neighbour").unwrap();
    store.set_fact("host", b"shorter").unwrap();
    store.set_fact("host-key/ü", b"\0\xff").unwrap();
    store.set_fact("login", b"").unwrap();
    store.remove_fact("login").unwrap();
    store.remove_fact("never there").unwrap();
    store.close().unwrap();

    let store = open(directory.path());
    let keys = |prefix: &str| -> Vec<String> {
        store.facts(prefix).unwrap().into_iter().map(|(key, _)| key).collect()
    };
    assert_eq!(keys("host-key/"), ["host-key/ber-1", "host-key/ber-10", "host-key/ü"]);
    assert_eq!(keys(""), ["host", "host-key/ber-1", "host-key/ber-10", "host-key/ü", "host-key0"]);
    assert_eq!(keys("zzz"), [""; 0]);
    assert_eq!(store.fact("host-key/ber-1").unwrap().unwrap(), b"new");
    assert_eq!(store.fact("host-key/ü").unwrap().unwrap(), b"\0\xff");
    assert_eq!(store.fact("login").unwrap(), None);
}

#[test]
fn devices_are_remembered_apart_from_facts() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path());
    store.set_device_state("ham-1", b"h").unwrap();
    store.set_device_state("ber-1", &[7; 100_000]).unwrap();
    store.set_fact("ber-1", b"fact").unwrap();
    store.remove_device_state("ham-1").unwrap();
    store.set_device_state("ber-2", b"").unwrap();
    assert_eq!(store.devices("").unwrap(), ["ber-1", "ber-2"]);
    assert_eq!(store.devices("ber-2").unwrap(), ["ber-2"]);
    assert_eq!(store.device_state("ber-1").unwrap().unwrap(), [7; 100_000]);
    assert_eq!(store.device_state("ber-2").unwrap().unwrap(), b"");
    assert_eq!(store.device_state("ham-1").unwrap(), None);
}

#[test]
fn the_changes_of_a_write_are_applied_in_order() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path());
    let write = Write::new()
        .set_fact("a", "1")
        .remove_fact("a")
        .set_fact("b", "1")
        .append_draft(draft("x"))
        .append_draft(draft("y"))
        .set_fact("b", "2");
    assert_eq!(store.write(write).unwrap().head.generation, 2);
    assert_eq!(store.fact("a").unwrap(), None);
    assert_eq!(store.fact("b").unwrap().unwrap(), b"2");
    let batches = store.metrics().batches;
    store.write(Write::new()).unwrap();
    assert_eq!(store.metrics().batches, batches, "nothing to write, nothing flushed");
}

#[test]
fn bad_keys_and_large_values_are_refused() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path());
    let long = "k".repeat(storage::KEY_BYTES_MAX + 1);
    for key in ["", &long] {
        assert!(matches!(store.set_fact(key, b""), Err(Error::BadName { .. })));
        assert!(matches!(store.remove_fact(key), Err(Error::BadName { .. })));
        assert!(matches!(store.set_device_state(key, b""), Err(Error::BadName { .. })));
    }
    let large = vec![0; storage::FACT_BYTES_MAX + 1];
    assert!(matches!(store.set_fact("k", &large), Err(Error::TooLarge { .. })));
    store.set_device_state("k", &large).unwrap();
}

#[test]
fn a_listing_has_a_limit() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path());
    let mut next = 0..storage::KEYS_LISTED_MAX + 1;
    loop {
        let keys: Vec<_> = next.by_ref().take(storage::WRITE_CHANGES_MAX).collect();
        if keys.is_empty() {
            break;
        }
        let set = |write: Write, n: usize| write.set_fact(format!("k/{n:06}"), "v");
        store.write(keys.into_iter().fold(Write::new(), set)).unwrap();
    }
    let error = store.facts("k/").unwrap_err();
    assert!(matches!(error, Error::TooLarge { .. }), "{error}");
    assert_eq!(store.facts("k/00").unwrap().len(), 10_000);
}
