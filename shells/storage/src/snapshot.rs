//! Snapshots: one file each, whole and durable before it gets its name.

use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use sha2::{Digest, Sha256};

use crate::directory;
use crate::error::{DamagedSnapshot, Error, Result, SnapshotDamage};
use crate::record::check_size;

/// The largest snapshot, in bytes.
pub const SNAPSHOT_BYTES_MAX: u64 = 4 << 30;
/// The longest kind of snapshot, in bytes.
pub const SNAPSHOT_KIND_BYTES_MAX: usize = 32;
/// How many snapshots of each kind are kept: the newest, and one to fall back to.
pub const SNAPSHOTS_KEPT: usize = 2;

/// First bytes of a file; the last one is the version of its format.
const MAGIC: [u8; 8] = *b"WEFTSNP1";
/// Magic, generation, length (64 bits each, big-endian), checksum.
const HEADER_BYTES: usize = 8 + 8 + 8 + 32;
const SUFFIX: &str = ".snapshot";
const PARTIAL_SUFFIX: &str = ".partial";

/// A snapshot whose checksum was found right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// The generation of the log that it shows.
    pub generation: u64,
    /// What was put.
    pub bytes: Vec<u8>,
    /// Newer ones that were passed over because they are damaged, newest first. Someone should
    /// know: the disk is not well.
    pub passed_over: Vec<DamagedSnapshot>,
}

/// The folder of snapshots.
#[derive(Debug)]
pub(crate) struct Snapshots {
    folder: PathBuf,
    /// One snapshot is written at a time; `true` once the store is closed.
    closed: Mutex<bool>,
    /// Held while files get or lose their names, never while bytes move.
    names: Mutex<()>,
}

impl Snapshots {
    /// Takes over the folder and removes what a crash left half written; tells how many.
    pub(crate) fn open(folder: PathBuf) -> Result<(Self, usize)> {
        let mut removed = 0;
        for name in names(&folder)? {
            if name.ends_with(PARTIAL_SUFFIX) {
                let path = folder.join(name);
                fs::remove_file(&path).map_err(|error| Error::file("removing", &path, error))?;
                removed += 1;
            }
        }
        let snapshots = Self { folder, closed: Mutex::new(false), names: Mutex::new(()) };
        Ok((snapshots, removed))
    }

    /// Waits for the snapshot that is being written and allows no further one.
    pub(crate) fn close(&self) {
        *self.closed.lock().unwrap_or_else(PoisonError::into_inner) = true;
    }

    pub(crate) fn put(
        &self,
        kind: &str,
        generation: u64,
        pieces: &[impl AsRef<[u8]>],
        head: u64,
    ) -> Result<()> {
        check_kind(kind)?;
        check_size("the snapshot", length(pieces), SNAPSHOT_BYTES_MAX)?;
        if generation > head {
            return Err(Error::SnapshotAhead { generation, head });
        }
        let closed = self.closed.lock().unwrap_or_else(PoisonError::into_inner);
        if *closed {
            return Err(Error::Closed);
        }
        let before = self.generations(kind)?;
        if let Some(newest) = before.first().copied().filter(|newest| *newest > generation) {
            return Err(Error::SnapshotStale { kind: kind.to_owned(), generation, newest });
        }
        self.write(kind, generation, pieces)?;
        let older = before.into_iter().filter(|older| *older != generation);
        self.prune(kind, older.skip(SNAPSHOTS_KEPT - 1));
        Ok(())
    }

    pub(crate) fn latest(&self, kind: &str, head: u64) -> Result<Option<Snapshot>> {
        check_kind(kind)?;
        let mut passed_over = Vec::new();
        for (generation, file) in self.files(kind)? {
            let read = file.and_then(|file| read(file, kind, generation, head));
            match read {
                Ok(bytes) => {
                    return Ok(Some(Snapshot { generation, bytes, passed_over }));
                }
                Err(damage) => {
                    let damaged = DamagedSnapshot { generation, damage };
                    tracing::warn!(kind, %damaged, "a snapshot was passed over");
                    passed_over.push(damaged);
                }
            }
        }
        match passed_over.is_empty() {
            true => Ok(None),
            false => Err(Error::SnapshotDamaged { kind: kind.to_owned(), damaged: passed_over }),
        }
    }

    /// All of a kind, newest first, open: a newer snapshot may take the names away meanwhile.
    fn files(&self, kind: &str) -> Result<Vec<(u64, std::result::Result<File, SnapshotDamage>)>> {
        let _unchanged = self.names.lock().unwrap_or_else(PoisonError::into_inner);
        let open = |generation| {
            let file = File::open(self.path(kind, generation));
            (generation, file.map_err(|error| unreadable(&error)))
        };
        Ok(self.generations(kind)?.into_iter().map(open).collect())
    }

    /// The old name, if any, shows the old bytes until the new ones are durable.
    fn write(&self, kind: &str, generation: u64, pieces: &[impl AsRef<[u8]>]) -> Result<()> {
        let path = self.path(kind, generation);
        let partial = path.with_extension(&PARTIAL_SUFFIX[1..]);
        let written = write_durably(&partial, &header(kind, generation, pieces), pieces)
            .and_then(|()| self.rename(&partial, &path));
        if let Err(error) = written {
            // Gives the space back; what cannot be removed now is removed at the next opening.
            drop(fs::remove_file(&partial));
            return Err(Error::file("writing a snapshot to", &path, error));
        }
        directory::sync(&self.folder)
    }

    fn rename(&self, from: &Path, to: &Path) -> std::io::Result<()> {
        let _changed = self.names.lock().unwrap_or_else(PoisonError::into_inner);
        fs::rename(from, to)
    }

    fn prune(&self, kind: &str, generations: impl Iterator<Item = u64>) {
        let _changed = self.names.lock().unwrap_or_else(PoisonError::into_inner);
        for generation in generations {
            let path = self.path(kind, generation);
            if let Err(error) = fs::remove_file(&path) {
                // The new snapshot is durable all the same; the next one tries again.
                tracing::warn!(kind, generation, %error, "an old snapshot was not removed");
            }
        }
    }

    /// Of all snapshots of a kind, newest first.
    fn generations(&self, kind: &str) -> Result<Vec<u64>> {
        let of_kind = |name: String| -> Option<u64> {
            let (found, generation) = name.strip_suffix(SUFFIX)?.rsplit_once('-')?;
            (found == kind).then(|| generation.parse().ok()).flatten()
        };
        let names = names(&self.folder)?;
        let mut generations: Vec<u64> = names.into_iter().filter_map(of_kind).collect();
        generations.sort_unstable_by(|a, b| b.cmp(a));
        Ok(generations)
    }

    fn path(&self, kind: &str, generation: u64) -> PathBuf {
        self.folder.join(format!("{kind}-{generation:020}{SUFFIX}"))
    }
}

/// Names that are no text are not ours.
fn names(folder: &Path) -> Result<Vec<String>> {
    let failed = |error| Error::file("listing", folder, error);
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        names.extend(entry.map_err(failed)?.file_name().into_string());
    }
    Ok(names)
}

fn length(pieces: &[impl AsRef<[u8]>]) -> u64 {
    pieces.iter().map(|piece| piece.as_ref().len() as u64).sum()
}

fn write_durably(path: &Path, header: &[u8], pieces: &[impl AsRef<[u8]>]) -> std::io::Result<()> {
    let mut file = directory::create_file(path)?;
    file.write_all(header)?;
    for piece in pieces {
        file.write_all(piece.as_ref())?;
    }
    file.sync_all()
}

fn header(kind: &str, generation: u64, pieces: &[impl AsRef<[u8]>]) -> [u8; HEADER_BYTES] {
    let mut header = [0; HEADER_BYTES];
    header[..8].copy_from_slice(&MAGIC);
    header[8..16].copy_from_slice(&generation.to_be_bytes());
    header[16..24].copy_from_slice(&length(pieces).to_be_bytes());
    header[24..].copy_from_slice(&checksum(kind, generation, pieces));
    header
}

/// Over kind and generation too: a file under another's name is found out.
fn checksum(kind: &str, generation: u64, pieces: &[impl AsRef<[u8]>]) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(MAGIC);
    hash.update((kind.len() as u64).to_be_bytes());
    hash.update(kind);
    hash.update(generation.to_be_bytes());
    pieces.iter().for_each(|piece| hash.update(piece));
    hash.finalize().into()
}

fn read(
    file: File,
    kind: &str,
    generation: u64,
    head: u64,
) -> std::result::Result<Vec<u8>, SnapshotDamage> {
    if generation > head {
        return Err(SnapshotDamage::AheadOfLog);
    }
    let (header, bytes) = read_file(file)?;
    if header[..8] != MAGIC || header[8..16] != generation.to_be_bytes() {
        return Err(SnapshotDamage::BadHeader);
    }
    if header[16..24] != (bytes.len() as u64).to_be_bytes() {
        return Err(SnapshotDamage::WrongLength);
    }
    match header[24..] == checksum(kind, generation, &[&bytes]) {
        true => Ok(bytes),
        false => Err(SnapshotDamage::WrongChecksum),
    }
}

/// Header and contents.
fn read_file(mut file: File) -> std::result::Result<([u8; HEADER_BYTES], Vec<u8>), SnapshotDamage> {
    let length = file.metadata().map_err(|error| unreadable(&error))?.len();
    let length = length.checked_sub(HEADER_BYTES as u64).ok_or(SnapshotDamage::WrongLength)?;
    if length > SNAPSHOT_BYTES_MAX {
        return Err(SnapshotDamage::WrongLength);
    }
    let mut header = [0; HEADER_BYTES];
    file.read_exact(&mut header).map_err(|error| unreadable(&error))?;
    let mut bytes = Vec::with_capacity(length as usize);
    file.read_to_end(&mut bytes).map_err(|error| unreadable(&error))?;
    Ok((header, bytes))
}

fn unreadable(error: &std::io::Error) -> SnapshotDamage {
    SnapshotDamage::Unreadable { reason: error.to_string() }
}

fn check_kind(kind: &str) -> Result<()> {
    let is_allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    match kind.len() {
        1..=SNAPSHOT_KIND_BYTES_MAX if kind.bytes().all(is_allowed) => Ok(()),
        _ => Err(Error::BadName {
            what: "the kind of a snapshot",
            name: kind.chars().take(40).collect(),
            rule: "it has 1 to 32 characters of a-z, 0-9 and -",
        }),
    }
}
