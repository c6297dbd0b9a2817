//! The log in the database: written at its end, read with every link checked.

use std::ops::RangeInclusive;
use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension as _, Row, params};

use crate::error::{Error, LogDamage, Result};
use crate::record::{Head, LogRecord};
use crate::store::Store;

/// What one read takes at most; the reader is free for others, and SQLite for a checkpoint,
/// between two pages. At least one record is read, whatever its size.
const PAGE_RECORDS_MAX: usize = 256;
const PAGE_BYTES_MAX: usize = 8 << 20;

const COLUMNS: &str = "generation, parent, hash, author, comment, time_unix_ms, payload";

/// Adds a record whose place was checked.
pub(crate) fn insert(connection: &Connection, record: &LogRecord) -> rusqlite::Result<()> {
    let sql = "INSERT INTO log (generation, parent, hash, author, comment, time_unix_ms, payload) \
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    let mut statement = connection.prepare_cached(sql)?;
    let inserted = statement.execute(params![
        record.generation as i64,
        record.parent,
        record.hash,
        record.author,
        record.comment,
        record.time_unix_ms as i64,
        record.payload,
    ]);
    inserted.map(drop)
}

/// Notes where the log ends; with it, records cut from the end are missed.
pub(crate) fn set_head(connection: &Connection, head: Head) -> rusqlite::Result<()> {
    let sql = "UPDATE head SET generation = ?1, hash = ?2 WHERE id = 1";
    let mut statement = connection.prepare_cached(sql)?;
    statement.execute(params![head.generation as i64, head.hash]).map(drop)
}

/// Makes a change that means nothing, in a transaction of its own. It has to differ from what is
/// there: SQLite writes no page for a value that stays the same.
pub(crate) fn fence(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute("UPDATE head SET fence = fence + 1 WHERE id = 1", []).map(drop)
}

/// Where the log ends, once the end itself is found in order.
pub(crate) fn checked_head(connection: &Connection) -> Result<Head> {
    let failed = |source| Error::sqlite("reading the head of the log", source);
    let head = noted_head(connection).map_err(failed)?;
    let sql = "SELECT max(generation) FROM log";
    let last: Option<i64> = connection.query_row(sql, [], |row| row.get(0)).map_err(failed)?;
    let last = last.and_then(|last| u64::try_from(last).ok()).unwrap_or(0);
    let Some(head) = head else {
        let damage = LogDamage::Malformed { column: "head" };
        return Err(damaged(last, damage));
    };
    match last.cmp(&head.generation) {
        std::cmp::Ordering::Less => return Err(damaged(last + 1, LogDamage::Missing)),
        std::cmp::Ordering::Greater => {
            return Err(damaged(head.generation + 1, LogDamage::BeyondHead));
        }
        std::cmp::Ordering::Equal => {}
    }
    check_last(connection, head)?;
    Ok(head)
}

/// `None` when the row is not what was written.
fn noted_head(connection: &Connection) -> rusqlite::Result<Option<Head>> {
    let sql = "SELECT generation, hash FROM head WHERE id = 1";
    let row = connection.query_row(sql, [], |row| Ok((unsigned(row, 0), hash(row, 1))));
    Ok(match row.optional()? {
        Some((Some(generation), Some(hash))) => Some(Head { generation, hash }),
        _ => None,
    })
}

fn check_last(connection: &Connection, head: Head) -> Result<()> {
    if head == Head::GENESIS {
        return Ok(());
    }
    let last = head.generation..=head.generation;
    let (records, outcome) = page(connection, last, 1);
    outcome?;
    match records.first() {
        Some(record) if record.hash == head.hash => Ok(()),
        _ => Err(damaged(head.generation, LogDamage::NotTheHead)),
    }
}

/// The first records of `range`, one page at most, each checked against the one before it. All of
/// `range` is known to be in the log: what is not there is missing. What is good before the first
/// error is returned with it.
pub(crate) fn page(
    connection: &Connection,
    range: RangeInclusive<u64>,
    count_max: usize,
) -> (Vec<LogRecord>, Result<()>) {
    let mut records = Vec::new();
    let outcome = fill_page(connection, range, count_max.min(PAGE_RECORDS_MAX), &mut records);
    (records, outcome)
}

fn fill_page(
    connection: &Connection,
    range: RangeInclusive<u64>,
    count_max: usize,
    records: &mut Vec<LogRecord>,
) -> Result<()> {
    let (first, last) = range.into_inner();
    let mut parent = hash_before(connection, first)?;
    let unreadable = |generation| move |source| unreadable(generation, source);
    let sql = format!("SELECT {COLUMNS} FROM log WHERE generation >= ?1 ORDER BY generation");
    let mut statement = connection.prepare_cached(&sql).map_err(unreadable(first))?;
    let mut rows = statement.query([first as i64]).map_err(unreadable(first))?;
    let mut bytes = 0;
    for generation in first..=last {
        if records.len() >= count_max || bytes >= PAGE_BYTES_MAX {
            break;
        }
        let row = rows.next().map_err(unreadable(generation))?;
        let record = row.ok_or(LogDamage::Missing).and_then(|row| decode(row, generation, parent));
        let record = record.map_err(|damage| damaged(generation, damage))?;
        parent = record.hash;
        bytes += record.payload.len();
        records.push(record);
    }
    Ok(())
}

/// The hash that the record of `generation` must name as its parent.
fn hash_before(connection: &Connection, generation: u64) -> Result<[u8; 32]> {
    let Some(before) = generation.checked_sub(1).filter(|before| *before > 0) else {
        return Ok(Head::GENESIS.hash);
    };
    let sql = "SELECT hash FROM log WHERE generation = ?1";
    let read = || {
        let mut statement = connection.prepare_cached(sql)?;
        statement.query_row([before as i64], |row| Ok(hash(row, 0))).optional()
    };
    let found = read().map_err(|source| unreadable(before, source))?;
    found
        .ok_or(LogDamage::Missing)
        .and_then(|hash| hash.ok_or(LogDamage::Malformed { column: "hash" }))
        .map_err(|damage| damaged(before, damage))
}

fn decode(
    row: &Row<'_>,
    generation: u64,
    parent: [u8; 32],
) -> std::result::Result<LogRecord, LogDamage> {
    let malformed = |column| move || LogDamage::Malformed { column };
    match unsigned(row, 0) {
        Some(found) if found == generation => {}
        _ => return Err(LogDamage::Missing),
    }
    let record = LogRecord {
        generation,
        parent: hash(row, 1).ok_or_else(malformed("parent"))?,
        hash: hash(row, 2).ok_or_else(malformed("hash"))?,
        author: row.get(3).map_err(|_| malformed("author")())?,
        comment: row.get(4).map_err(|_| malformed("comment")())?,
        time_unix_ms: unsigned(row, 5).ok_or_else(malformed("time_unix_ms"))?,
        payload: row.get(6).map_err(|_| malformed("payload")())?,
    };
    // The contents first: when they were changed, that is what to tell.
    if record.hash != record.computed_hash() {
        return Err(LogDamage::WrongHash);
    }
    if record.parent != parent {
        return Err(LogDamage::WrongParent);
    }
    Ok(record)
}

fn unsigned(row: &Row<'_>, column: usize) -> Option<u64> {
    let value: i64 = row.get(column).ok()?;
    u64::try_from(value).ok()
}

fn hash(row: &Row<'_>, column: usize) -> Option<[u8; 32]> {
    let bytes = row.get_ref(column).ok()?.as_blob().ok()?;
    bytes.try_into().ok()
}

fn damaged(generation: u64, damage: LogDamage) -> Error {
    Error::LogDamaged { generation, damage }
}

fn unreadable(generation: u64, source: rusqlite::Error) -> Error {
    let source = Arc::new(source);
    Error::LogUnreadable { generation, source }
}

/// The records of the log in order, read page by page; see [`Store::records`].
///
/// Ends after the first error: what lies behind a broken link proves nothing.
#[derive(Debug)]
pub struct Records {
    store: Store,
    page: std::vec::IntoIter<LogRecord>,
    /// What comes after the page: its error, if it has one.
    error: Option<Error>,
    /// The first generation that was not read yet.
    next: u64,
    /// The head when the reading began; later records are not part of it.
    last: Head,
}

impl Records {
    pub(crate) fn new(store: Store, from: u64) -> Self {
        let last = store.head();
        let page = Vec::new().into_iter();
        Self { store, page, error: None, next: from.max(1), last }
    }

    fn read_page(&mut self) {
        let range = self.next..=self.last.generation;
        let read = |reader: &Connection| Ok(page(reader, range, PAGE_RECORDS_MAX));
        let (mut records, outcome) =
            self.store.with_reader(read).unwrap_or_else(|error| (Vec::new(), Err(error)));
        self.next += records.len() as u64;
        let outcome = outcome.and_then(|()| self.check_end(records.last()));
        if let Err(error) = outcome {
            if matches!(error, Error::LogDamaged { damage: LogDamage::NotTheHead, .. }) {
                records.pop();
            }
            self.error = Some(error);
            self.next = u64::MAX;
        }
        self.page = records.into_iter();
    }

    /// A chain that is whole in itself and does not end in the head is another chain.
    fn check_end(&self, last: Option<&LogRecord>) -> Result<()> {
        match last.filter(|last| last.generation == self.last.generation) {
            Some(last) if last.hash != self.last.hash => {
                Err(damaged(last.generation, LogDamage::NotTheHead))
            }
            _ => Ok(()),
        }
    }
}

impl Iterator for Records {
    type Item = Result<LogRecord>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.page.len() == 0 && self.next <= self.last.generation {
            self.read_page();
        }
        self.page.next().map(Ok).or_else(|| self.error.take().map(Err))
    }
}
