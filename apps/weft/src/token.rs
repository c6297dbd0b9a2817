//! The login token: made at first start, kept in a file that only its owner can read.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

/// Random bytes of a token: beyond guessing.
const TOKEN_BYTES: usize = 24;

/// Where the token of a data directory is.
pub(crate) fn file(data: &Path) -> PathBuf {
    data.join("token")
}

/// The token of a data directory; made when there is none yet.
pub(crate) fn load_or_make(data: &Path) -> Result<String> {
    let file = file(data);
    if let Ok(token) = fs::read_to_string(&file) {
        return Ok(token.trim().to_owned());
    }
    let bytes: [u8; TOKEN_BYTES] = rand::random();
    let token: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true).mode(0o600);
    let mut out =
        options.open(&file).with_context(|| format!("cannot write {}", file.display()))?;
    writeln!(out, "{token}").and_then(|()| out.sync_all())?;
    Ok(token)
}
