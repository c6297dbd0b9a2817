//! The tables of named values: facts of the boot, and what is remembered of each device.

use rusqlite::{Connection, OptionalExtension as _, Row, params};

use crate::error::{Error, Result};
use crate::record::check_size;
use crate::write::{DEVICE_STATE_BYTES_MAX, FACT_BYTES_MAX, KEYS_LISTED_MAX, LISTED_BYTES_MAX};

/// A table of a text key and a blob.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Table {
    Facts,
    DeviceState,
}

impl Table {
    pub(crate) fn key_name(self) -> &'static str {
        match self {
            Self::Facts => "the key of a fact",
            Self::DeviceState => "the name of a device",
        }
    }

    pub(crate) fn value_name(self) -> &'static str {
        match self {
            Self::Facts => "the fact",
            Self::DeviceState => "the state of a device",
        }
    }

    pub(crate) fn value_bytes_max(self) -> usize {
        match self {
            Self::Facts => FACT_BYTES_MAX,
            Self::DeviceState => DEVICE_STATE_BYTES_MAX,
        }
    }

    fn set_sql(self) -> &'static str {
        match self {
            Self::Facts => {
                "INSERT INTO fact (key, value) VALUES (?1, ?2) \
                 ON CONFLICT (key) DO UPDATE SET value = excluded.value"
            }
            Self::DeviceState => {
                "INSERT INTO device_state (key, value) VALUES (?1, ?2) \
                 ON CONFLICT (key) DO UPDATE SET value = excluded.value"
            }
        }
    }

    fn remove_sql(self) -> &'static str {
        match self {
            Self::Facts => "DELETE FROM fact WHERE key = ?1",
            Self::DeviceState => "DELETE FROM device_state WHERE key = ?1",
        }
    }

    fn value_sql(self) -> &'static str {
        match self {
            Self::Facts => "SELECT value FROM fact WHERE key = ?1",
            Self::DeviceState => "SELECT value FROM device_state WHERE key = ?1",
        }
    }
}

pub(crate) fn set(
    connection: &Connection,
    table: Table,
    key: &str,
    value: &[u8],
) -> rusqlite::Result<()> {
    let mut statement = connection.prepare_cached(table.set_sql())?;
    statement.execute(params![key, value]).map(drop)
}

pub(crate) fn remove(connection: &Connection, table: Table, key: &str) -> rusqlite::Result<()> {
    let mut statement = connection.prepare_cached(table.remove_sql())?;
    statement.execute([key]).map(drop)
}

pub(crate) fn value(connection: &Connection, table: Table, key: &str) -> Result<Option<Vec<u8>>> {
    let read = || {
        let mut statement = connection.prepare_cached(table.value_sql())?;
        statement.query_row([key], |row| row.get(0)).optional()
    };
    read().map_err(|source| Error::sqlite("reading a value", source))
}

/// Facts whose key begins with `prefix`, by key in byte order.
pub(crate) fn facts(connection: &Connection, prefix: &str) -> Result<Vec<(String, Vec<u8>)>> {
    let sql = "SELECT key, value FROM fact WHERE key >= ?1 ORDER BY key";
    let read = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?));
    listed(connection, sql, prefix, read)
}

/// The names of devices with a state that begin with `prefix`, in byte order.
pub(crate) fn devices(connection: &Connection, prefix: &str) -> Result<Vec<String>> {
    let sql = "SELECT key FROM device_state WHERE key >= ?1 ORDER BY key";
    let found = listed(connection, sql, prefix, |row| Ok((row.get(0)?, Vec::new())))?;
    Ok(found.into_iter().map(|(name, _)| name).collect())
}

/// Text is compared byte by byte, so that all keys with one prefix stand together.
fn listed(
    connection: &Connection,
    sql: &str,
    prefix: &str,
    read: impl Fn(&Row<'_>) -> rusqlite::Result<(String, Vec<u8>)>,
) -> Result<Vec<(String, Vec<u8>)>> {
    let failed = |source| Error::sqlite("listing keys", source);
    let mut statement = connection.prepare_cached(sql).map_err(failed)?;
    let mut rows = statement.query([prefix]).map_err(failed)?;
    let mut found = Vec::new();
    let mut bytes = 0;
    while let Some(row) = rows.next().map_err(failed)? {
        let (key, value) = read(row).map_err(failed)?;
        if !key.starts_with(prefix) {
            break;
        }
        bytes += key.len() + value.len();
        found.push((key, value));
        let (what, limit) = (LISTED_TOO_MANY, KEYS_LISTED_MAX as u64);
        check_size(what, found.len() as u64, limit)?;
        check_size(LISTED_TOO_LARGE, bytes as u64, LISTED_BYTES_MAX as u64)?;
    }
    Ok(found)
}

const LISTED_TOO_MANY: &str = "the number of keys with this prefix (ask for a longer one)";
const LISTED_TOO_LARGE: &str = "the values with this prefix together (ask for a longer one)";
