//! The chain: what may be appended, what is read, what of tampering is found.

use std::error::Error as _;

use storage::{Error, Head, LogDamage, LogRecord, Options, Store, Write};

use crate::{closed_log, draft, open, tamper};

#[test]
fn what_was_appended_is_read_after_reopening() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path());
    assert_eq!(store.head(), Head::GENESIS);
    let mut commented = draft([0, 159, 146, 150]);
    commented.comment = Some("grüße".to_owned());
    let first = LogRecord::after(Head::GENESIS, commented);
    let second = LogRecord::after(first.head(), draft(""));
    assert_eq!(store.append(first.clone()).unwrap().head, first.head());
    assert_eq!(store.append(second.clone()).unwrap().head, second.head());
    store.close().unwrap();

    let store = open(directory.path());
    assert_eq!(store.recovery().head, second.head());
    assert_eq!(store.recovery().log_bytes, 0, "an orderly close leaves nothing to recover");
    let read: Vec<_> = store.records(1).collect::<Result<_, _>>().unwrap();
    assert_eq!(read, [first.clone(), second.clone()]);
    assert_eq!(store.record(1).unwrap(), Some(first));
    assert_eq!(store.record(2).unwrap(), Some(second));
    assert_eq!(store.record(3).unwrap(), None);
    assert_eq!(store.record(0).unwrap(), None);
    assert_eq!(store.records(3).count(), 0);
}

#[test]
fn only_what_follows_the_head_is_appended() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path());
    let first = LogRecord::after(Head::GENESIS, draft("a"));
    store.append(first.clone()).unwrap();

    let again = store.append(first.clone()).unwrap_err();
    assert!(matches!(again, Error::StaleGeneration { offered: 1, expected: 2 }), "{again}");
    let gap = Head { generation: 7, hash: first.hash };
    let gap = store.append(LogRecord::after(gap, draft("b"))).unwrap_err();
    assert!(matches!(gap, Error::StaleGeneration { offered: 8, expected: 2 }), "{gap}");
    let other = Head { generation: 1, hash: [9; 32] };
    let other = store.append(LogRecord::after(other, draft("b"))).unwrap_err();
    assert!(matches!(other, Error::WrongParent { generation: 2, .. }), "{other}");
    let mut altered = LogRecord::after(first.head(), draft("b"));
    altered.author.push('!');
    let altered = store.append(altered).unwrap_err();
    assert!(matches!(altered, Error::WrongHash { generation: 2 }), "{altered}");

    assert_eq!(store.head(), first.head());
    assert_eq!(store.metrics().writes_refused, 3, "the altered one was never queued");
    store.append(LogRecord::after(first.head(), draft("b"))).unwrap();
}

#[test]
fn a_refused_write_changes_nothing_and_spares_its_neighbours() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path());
    let first = LogRecord::after(Head::GENESIS, draft("a"));
    let stale = LogRecord::after(Head::GENESIS, draft("b"));
    let tickets = [
        store.submit(Write::new().append(first).set_fact("first", "x")).unwrap(),
        store.submit(Write::new().set_fact("stale", "x").append(stale)).unwrap(),
        store.submit(Write::new().append_draft(draft("c"))).unwrap(),
    ];
    let outcomes = tickets.map(storage::Ticket::wait);
    assert!(outcomes[0].is_ok());
    assert!(matches!(outcomes[1], Err(Error::StaleGeneration { offered: 1, expected: 2 })));
    assert_eq!(outcomes[2].as_ref().unwrap().head.generation, 2);
    assert_eq!(store.fact("first").unwrap().as_deref(), Some(&b"x"[..]));
    assert_eq!(store.fact("stale").unwrap(), None);
}

#[test]
fn every_part_of_a_record_is_in_its_hash() {
    let record = LogRecord::after(Head::GENESIS, draft("payload"));
    let change = |change: fn(&mut LogRecord)| {
        let mut changed = record.clone();
        change(&mut changed);
        changed.computed_hash()
    };
    let hashes = [
        record.computed_hash(),
        change(|r| r.generation += 1),
        change(|r| r.parent[31] ^= 1),
        change(|r| r.author.clear()),
        change(|r| r.comment = Some(String::new())),
        change(|r| r.time_unix_ms += 1),
        change(|r| r.payload.push(0)),
        // The border between two parts counts too.
        change(|r| {
            r.author.push('p');
            r.payload.remove(0);
        }),
    ];
    for (at, hash) in hashes.iter().enumerate() {
        assert!(!hashes[..at].contains(hash), "change {at} goes unnoticed");
    }
}

#[test]
fn too_much_is_refused_before_it_is_queued() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path());
    let mut long_author = draft("");
    long_author.author = "a".repeat(storage::AUTHOR_BYTES_MAX + 1);
    let mut late = draft("");
    late.time_unix_ms = u64::MAX;
    let mut long_comment = draft("");
    long_comment.comment = Some("a".repeat(storage::COMMENT_BYTES_MAX + 1));
    for bad in [long_author, late, long_comment] {
        let error = store.append_draft(bad).unwrap_err();
        assert!(matches!(error, Error::TooLarge { .. }), "{error}");
    }
    let last = Head { generation: u64::MAX, hash: [0; 32] };
    let error = store.append(LogRecord::after(last, draft(""))).unwrap_err();
    assert!(matches!(error, Error::TooLarge { .. }), "{error}");
    let many = storage::WRITE_CHANGES_MAX + 1;
    let many = (0..many).fold(Write::new(), |write, _| write.remove_fact("x"));
    assert!(matches!(store.write(many).unwrap_err(), Error::TooLarge { .. }));
    assert_eq!(store.metrics().queue_writes_max, 0);
}

/// The first error of reading everything, and how many records came before it.
fn first_error(store: &Store) -> (usize, Error) {
    let read: Vec<_> = store.records(1).collect();
    let at = read.iter().position(Result::is_err).expect("the damage is found");
    assert_eq!(at + 1, read.len(), "nothing is read behind the damage");
    (at, read.into_iter().next_back().unwrap().unwrap_err())
}

#[test]
fn tampering_is_found_at_its_generation() {
    let cases = [
        ("UPDATE log SET payload = x'00' WHERE generation = 400", 400, LogDamage::WrongHash),
        ("UPDATE log SET author = 'eve' WHERE generation = 400", 400, LogDamage::WrongHash),
        ("UPDATE log SET comment = 'x' WHERE generation = 400", 400, LogDamage::WrongHash),
        ("UPDATE log SET time_unix_ms = 1 WHERE generation = 400", 400, LogDamage::WrongHash),
        ("DELETE FROM log WHERE generation = 400", 400, LogDamage::Missing),
        ("DELETE FROM log WHERE generation <= 400", 1, LogDamage::Missing),
        (
            "UPDATE log SET hash = x'00' WHERE generation = 400",
            400,
            LogDamage::Malformed { column: "hash" },
        ),
        (
            "UPDATE log SET time_unix_ms = -1 WHERE generation = 400",
            400,
            LogDamage::Malformed { column: "time_unix_ms" },
        ),
    ];
    for (sql, generation, damage) in cases {
        let directory = closed_log(600);
        tamper(directory.path(), sql);
        let store = open(directory.path());
        let (before, error) = first_error(&store);
        assert_eq!(before as u64 + 1, generation, "{sql}");
        let Error::LogDamaged { generation: found, damage: kind } = &error else {
            panic!("{sql}: {error}");
        };
        assert_eq!((found, kind), (&generation, &damage), "{sql}");
        assert_eq!(store.verify_log().unwrap_err().to_string(), error.to_string());
        assert!(store.record(generation).is_err());
        assert!(error.to_string().contains(&format!("generation {generation}:")), "{error}");
        // What is before the damage can still be read, and what is behind it by itself.
        assert_eq!(store.record(600).unwrap().unwrap().generation, 600);
    }
}

#[test]
fn a_record_exchanged_for_a_consistent_one_breaks_the_chain_after_it() {
    let directory = closed_log(5);
    let store = open(directory.path());
    let parent = store.record(2).unwrap().unwrap().head();
    store.close().unwrap();
    let forged = LogRecord::after(parent, draft("forged"));
    let hex: String = forged.hash.iter().map(|byte| format!("{byte:02x}")).collect();
    let set = format!("payload = CAST('forged' AS BLOB), hash = x'{hex}'");
    tamper(directory.path(), &format!("UPDATE log SET {set} WHERE generation = 3"));
    let (_, error) = first_error(&open(directory.path()));
    let is_expected =
        matches!(error, Error::LogDamaged { generation: 4, damage: LogDamage::WrongParent });
    assert!(is_expected, "{error}");
}

#[test]
fn a_damaged_end_is_refused_at_opening() {
    let cases = [
        ("DELETE FROM log WHERE generation >= 4", 4, LogDamage::Missing),
        ("DELETE FROM log", 1, LogDamage::Missing),
        ("UPDATE head SET generation = 4", 5, LogDamage::BeyondHead),
        ("UPDATE head SET hash = zeroblob(32)", 5, LogDamage::NotTheHead),
        ("UPDATE log SET payload = x'00' WHERE generation = 5", 5, LogDamage::WrongHash),
        ("DELETE FROM log WHERE generation = 4", 4, LogDamage::Missing),
        ("DELETE FROM head", 5, LogDamage::Malformed { column: "head" }),
    ];
    for (sql, generation, damage) in cases {
        let directory = closed_log(5);
        tamper(directory.path(), sql);
        let error = Store::open(directory.path(), &Options::default()).unwrap_err();
        let Error::LogDamaged { generation: found, damage: kind } = &error else {
            panic!("{sql}: {error}");
        };
        assert_eq!((found, kind), (&generation, &damage), "{sql}");
    }
}

#[test]
fn a_page_that_sqlite_cannot_read_names_the_generation() {
    let directory = closed_log(600);
    let path = directory.path().join("weft.db");
    let mut bytes = std::fs::read(&path).unwrap();
    let place = bytes
        .windows(9)
        .position(|window| window == b"edit 400e")
        .or_else(|| bytes.windows(8).position(|window| window == b"edit 400"));
    let page = place.unwrap() / 4_096 * 4_096;
    bytes[page..page + 4_096].fill(0xff);
    std::fs::write(&path, bytes).unwrap();
    let (before, error) = first_error(&open(directory.path()));
    let Error::LogUnreadable { generation, .. } = error else {
        panic!("{error}");
    };
    assert!(generation <= 400 && generation as usize == before + 1, "{generation} {before}");
    assert!(error.source().is_some());
}
