//! The files of a corpus.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

/// The entries of `corpus/NAME`, in the order of their file names.
#[derive(Clone, Debug)]
pub struct Corpus {
    /// Where each entry stands.
    pub files: Vec<PathBuf>,
    /// Their bytes.
    pub entries: Vec<Vec<u8>>,
}

impl Corpus {
    /// Reads the corpus of a target; folders in it, such as that of the crashes, are passed over.
    ///
    /// # Errors
    /// A folder or file that cannot be read.
    pub fn read(target: &str) -> Result<Self> {
        let folder = folder(target);
        let reading = || format!("reading {}", folder.display());
        let mut files = Vec::new();
        for entry in fs::read_dir(&folder).with_context(reading)? {
            let entry = entry.with_context(reading)?;
            if entry.file_type().with_context(reading)?.is_file() {
                files.push(entry.path());
            }
        }
        files.sort();
        let read =
            |file: &PathBuf| fs::read(file).with_context(|| format!("reading {}", file.display()));
        let entries = files.iter().map(read).collect::<Result<_>>()?;
        Ok(Self { files, entries })
    }
}

fn folder(target: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target)
}

/// Where the input of this number of a run is kept when it made its target fail.
pub fn crash_file(target: &str, seed: u64, number: u64) -> PathBuf {
    folder(target).join("crashes").join(format!("seed-{seed}-input-{number}"))
}
