//! The data directory: who may have it open, and what is made durable in it.

use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::{Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};

const LOCK_NAME: &str = "weft.lock";
const DATABASE_NAME: &str = "weft.db";
const SNAPSHOTS_NAME: &str = "snapshots";
/// A process id has ten digits at most.
const PID_BYTES_MAX: u64 = 16;
/// Facts may be secrets: the owner alone reads what is in here.
const DIRECTORY_MODE: u32 = 0o700;
const FILE_MODE: u32 = 0o600;

/// A data directory that this process, and no other, has open.
///
/// The system takes the lock away when the process ends, however it ends.
#[derive(Debug)]
pub(crate) struct Directory {
    path: PathBuf,
    lock: File,
}

impl Directory {
    /// Makes the directory if need be and locks it.
    pub(crate) fn open(path: &Path) -> Result<Self> {
        create(path)?;
        let lock = lock(path)?;
        let directory = Self { path: path.to_owned(), lock };
        create(&directory.snapshots())?;
        Ok(directory)
    }

    /// The database; made here, empty, so that SQLite takes over its mode for the files beside it.
    pub(crate) fn database(&self) -> Result<PathBuf> {
        let path = self.path.join(DATABASE_NAME);
        let mut options = OpenOptions::new();
        let made = options.write(true).create_new(true).mode(FILE_MODE).open(&path);
        match made {
            Ok(_) => sync(&self.path)?,
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(Error::file("creating", &path, error)),
        }
        Ok(path)
    }

    /// The bytes in the log that SQLite left: none after an orderly close.
    pub(crate) fn unfinished_bytes(&self) -> u64 {
        let path = self.path.join(format!("{DATABASE_NAME}-wal"));
        fs::metadata(path).map_or(0, |metadata| metadata.len())
    }

    pub(crate) fn snapshots(&self) -> PathBuf {
        self.path.join(SNAPSHOTS_NAME)
    }
}

impl Drop for Directory {
    /// Closing the file is not enough: a child process that is being started by another thread
    /// holds a copy of it, and with it the lock, for an instant.
    fn drop(&mut self) {
        if let Err(error) = self.lock.unlock() {
            tracing::warn!(%error, "the lock of the data directory was not taken off");
        }
    }
}

/// Makes a file for the owner alone; what was there under this name is gone.
pub(crate) fn create_file(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true).mode(FILE_MODE).open(path)
}

/// Makes the names in a directory durable.
pub(crate) fn sync(directory: &Path) -> Result<()> {
    let synced = File::open(directory).and_then(|opened| opened.sync_all());
    synced.map_err(|error| Error::file("flushing", directory, error))
}

fn create(path: &Path) -> Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    let mut builder = DirBuilder::new();
    let made = builder.recursive(true).mode(DIRECTORY_MODE).create(path);
    made.map_err(|error| Error::file("creating", path, error))?;
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => sync(parent),
        _ => sync(Path::new(".")),
    }
}

fn lock(directory: &Path) -> Result<File> {
    let path = directory.join(LOCK_NAME);
    let failed = |error| Error::file("locking", &path, error);
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false).mode(FILE_MODE);
    let mut file = options.open(&path).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            return Err(Error::Locked { directory: directory.to_owned(), pid: holder(&mut file) });
        }
        Err(TryLockError::Error(error)) => return Err(failed(error)),
    }
    let pid = format!("{}\n", std::process::id());
    file.set_len(0).and_then(|()| file.write_all(pid.as_bytes())).map_err(failed)?;
    Ok(file)
}

/// Whoever holds the lock writes its id right after; in that instant it is not known yet.
fn holder(file: &mut File) -> Option<u32> {
    let mut text = String::new();
    file.take(PID_BYTES_MAX).read_to_string(&mut text).ok()?;
    text.strip_suffix('\n')?.parse().ok()
}
