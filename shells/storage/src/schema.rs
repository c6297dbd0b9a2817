//! Opening the database: what it must be, how it is set, how it grows from version to version.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags, Transaction, TransactionBehavior};

use crate::error::{Error, Result};
use crate::options::Options;

/// `WEFT` in ASCII, in the header of the database file.
const APPLICATION_ID: i64 = 0x5745_4654;

/// One script per schema version, the first makes version 1. Scripts are never changed, only added.
const MIGRATIONS: &[&str] = &["
    CREATE TABLE log (
        generation   INTEGER PRIMARY KEY,
        parent       BLOB NOT NULL,
        hash         BLOB NOT NULL,
        author       TEXT NOT NULL,
        comment      TEXT,
        time_unix_ms INTEGER NOT NULL,
        payload      BLOB NOT NULL
    ) STRICT;
    CREATE TABLE head (
        id           INTEGER PRIMARY KEY CHECK (id = 1),
        generation   INTEGER NOT NULL,
        hash         BLOB NOT NULL,
        fence        INTEGER NOT NULL
    ) STRICT;
    INSERT INTO head (id, generation, hash, fence) VALUES (1, 0, zeroblob(32), 0);
    CREATE TABLE fact (
        key          TEXT PRIMARY KEY,
        value        BLOB NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE device_state (
        key          TEXT PRIMARY KEY,
        value        BLOB NOT NULL
    ) STRICT;
"];

/// After a checkpoint, what a large transaction left of SQLite's log is cut to this.
const LOG_FILE_BYTES_KEPT: i64 = 64 << 20;
/// How long to wait for the other connection of this process; neither holds a lock for long.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);
/// Statements kept ready; there are fewer than this.
const STATEMENTS_KEPT: usize = 32;

/// The connection that writes. Recovers what a crash left and brings the schema up to date.
pub(crate) fn open_writer(path: &Path, options: &Options) -> Result<Connection> {
    let mut connection = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    let version = recognise(&connection, path)?;
    set_durable(&connection, path, options)?;
    migrate(&mut connection, version).map_err(|source| opening(path, source))?;
    Ok(connection)
}

/// The connection that reads; it never sees what is not durable yet.
pub(crate) fn open_reader(path: &Path) -> Result<Connection> {
    connect(path, OpenFlags::SQLITE_OPEN_READ_ONLY)
}

fn connect(path: &Path, flags: OpenFlags) -> Result<Connection> {
    let open = || -> rusqlite::Result<Connection> {
        let flags = flags | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags)?;
        connection.busy_timeout(BUSY_TIMEOUT)?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS_KEPT);
        connection.execute_batch("PRAGMA trusted_schema = OFF; PRAGMA temp_store = MEMORY")?;
        Ok(connection)
    };
    open().map_err(|source| opening(path, source))
}

/// The schema version, 0 for an empty file. Writes nothing, so that what is not ours stays as it
/// was.
fn recognise(connection: &Connection, path: &Path) -> Result<usize> {
    let number = |sql: &str| -> Result<i64> {
        let read = connection.query_row(sql, [], |row| row.get(0));
        read.map_err(|source| opening(path, source))
    };
    let application = number("PRAGMA application_id")?;
    let version = number("PRAGMA user_version")?;
    let tables = number("SELECT count(*) FROM sqlite_schema")?;
    let supported = MIGRATIONS.len() as i64;
    match (application, version) {
        (0, 0) if tables == 0 => Ok(0),
        (APPLICATION_ID, 1..) if version > supported => {
            Err(Error::SchemaTooNew { path: path.to_owned(), found: version, supported })
        }
        (APPLICATION_ID, 1..) => Ok(version as usize),
        _ => Err(Error::NotAStore {
            path: path.to_owned(),
            reason: "it is a database of another program".to_owned(),
        }),
    }
}

/// Checkpoints are made by the writer after it has told its callers, not inside a commit.
fn set_durable(connection: &Connection, path: &Path, options: &Options) -> Result<()> {
    let failed = |source| opening(path, source);
    let mode: String =
        connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0)).map_err(failed)?;
    if mode != "wal" {
        return Err(Error::NotAStore {
            path: path.to_owned(),
            reason: format!("its disk allows journal mode {mode} only, not WAL"),
        });
    }
    let pragmas = format!(
        "PRAGMA synchronous = FULL; PRAGMA fullfsync = ON; PRAGMA checkpoint_fullfsync = ON; \
         PRAGMA wal_autocheckpoint = 0; PRAGMA journal_size_limit = {LOG_FILE_BYTES_KEPT}"
    );
    connection.execute_batch(&pragmas).map_err(failed)?;
    match options.database_bytes_max {
        Some(bytes) => set_quota(connection, bytes).map_err(failed),
        None => Ok(()),
    }
}

fn set_quota(connection: &Connection, bytes: u64) -> rusqlite::Result<()> {
    let page: i64 = connection.query_row("PRAGMA page_size", [], |row| row.get(0))?;
    let page = u64::try_from(page).unwrap_or(4_096).max(512);
    // SQLite's own limit of pages is just below 2^32.
    let pages = (bytes / page).clamp(1, u64::from(u32::MAX) - 1);
    connection.query_row(&format!("PRAGMA max_page_count = {pages}"), [], |_| Ok(()))
}

fn migrate(connection: &mut Connection, version: usize) -> rusqlite::Result<()> {
    for (at, script) in MIGRATIONS.iter().enumerate().skip(version) {
        let behavior = TransactionBehavior::Immediate;
        let transaction = Transaction::new(connection, behavior)?;
        transaction.execute_batch(script)?;
        transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
        transaction.pragma_update(None, "user_version", at as i64 + 1)?;
        transaction.commit()?;
    }
    Ok(())
}

/// A file that SQLite cannot make sense of is not a failure of the disk.
fn opening(path: &Path, source: rusqlite::Error) -> Error {
    match source.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => {
            Error::NotAStore { path: path.to_owned(), reason: "it is not a database".to_owned() }
        }
        Some(ErrorCode::DatabaseCorrupt) => Error::NotAStore {
            path: path.to_owned(),
            reason: "the database is corrupt; restore it from a backup".to_owned(),
        },
        Some(ErrorCode::CannotOpen | ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => {
            Error::File {
                doing: "opening",
                path: path.to_owned(),
                source: Arc::new(std::io::Error::other(source)),
            }
        }
        _ => Error::sqlite("opening the database", source),
    }
}
