//! This test program started again as another process, to be locked out or killed.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const DIRECTORY: &str = "STORAGE_TEST_DIRECTORY";

/// A command that runs the ignored test `name` of this program on a data directory.
pub(crate) fn child(name: &str, directory: &Path) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args([name, "--exact", "--ignored", "--nocapture", "--test-threads=1"])
        .env(DIRECTORY, directory)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// In the child: where to work. `None` when a person runs the ignored tests.
pub(crate) fn directory() -> Option<PathBuf> {
    let directory = std::env::var_os(DIRECTORY).map(PathBuf::from);
    if directory.is_none() {
        println!("skipped: runs only as a child of another test");
    }
    directory
}
