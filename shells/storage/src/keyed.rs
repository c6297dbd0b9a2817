//! The tables of named values: facts of the boot, and what is remembered of each device.

use rusqlite::{Connection, OptionalExtension as _, params};

use crate::error::{Error, Result};
use crate::write::{DEVICE_STATE_BYTES_MAX, FACT_BYTES_MAX, KEYS_LISTED_MAX};

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
    let mut found: Vec<(String, Vec<u8>)> = Vec::new();
    let mut read = || -> rusqlite::Result<()> {
        let mut statement = connection.prepare_cached(sql)?;
        let mut rows = statement.query([prefix])?;
        // Text is compared byte by byte: whoever begins with the prefix stands together.
        while let Some(row) = rows.next()? {
            let key: String = row.get(0)?;
            if !key.starts_with(prefix) || found.len() > KEYS_LISTED_MAX {
                break;
            }
            found.push((key, row.get(1)?));
        }
        Ok(())
    };
    read().map_err(|source| Error::sqlite("listing facts", source))?;
    check_listed("facts listed at once (use a longer prefix)", found.len())?;
    Ok(found)
}

/// The names of all devices with a state, in byte order.
pub(crate) fn devices(connection: &Connection) -> Result<Vec<String>> {
    let read = || -> rusqlite::Result<Vec<String>> {
        let sql = "SELECT key FROM device_state ORDER BY key LIMIT ?1";
        let mut statement = connection.prepare_cached(sql)?;
        let limit = KEYS_LISTED_MAX as i64 + 1;
        statement.query_map([limit], |row| row.get(0))?.collect()
    };
    let names = read().map_err(|source| Error::sqlite("listing devices", source))?;
    check_listed("devices listed at once", names.len())?;
    Ok(names)
}

fn check_listed(what: &'static str, count: usize) -> Result<()> {
    crate::record::check_size(what, count as u64, KEYS_LISTED_MAX as u64)
}
