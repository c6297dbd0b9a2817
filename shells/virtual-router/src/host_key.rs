//! Host keys: made, kept in a file, replaced.

use std::io::Write;
use std::path::Path;

use russh::keys::ssh_key::LineEnding;
use russh::keys::{Algorithm, PrivateKey};

use crate::config::HostKey;
use crate::error::RouterError;

/// The key that a configuration asks for.
///
/// # Errors
/// [`RouterError::HostKey`], [`RouterError::HostKeyFile`].
pub(crate) fn obtain(from: &HostKey) -> Result<PrivateKey, RouterError> {
    match from {
        HostKey::Generated => generate(),
        HostKey::Given(text) => parse(text),
        HostKey::File(path) => match std::fs::read_to_string(path) {
            Ok(text) => parse(&text),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let key = generate()?;
                store(path, &key)?;
                Ok(key)
            }
            Err(source) => Err(RouterError::HostKeyFile { path: path.clone(), source }),
        },
    }
}

/// Another key, written over the old one where that is kept in a file.
///
/// # Errors
/// As [`obtain`].
pub(crate) fn replace(from: &HostKey) -> Result<PrivateKey, RouterError> {
    let key = generate()?;
    if let HostKey::File(path) = from {
        store(path, &key)?;
    }
    Ok(key)
}

fn generate() -> Result<PrivateKey, RouterError> {
    PrivateKey::random(&mut rand::rng(), Algorithm::Ed25519)
        .map_err(|source| RouterError::HostKey { source })
}

fn parse(text: &str) -> Result<PrivateKey, RouterError> {
    PrivateKey::from_openssh(text).map_err(|source| RouterError::HostKey { source })
}

/// Writes the key for its owner's eyes only.
fn store(path: &Path, key: &PrivateKey) -> Result<(), RouterError> {
    let text = key.to_openssh(LineEnding::LF).map_err(|source| RouterError::HostKey { source })?;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(path).and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|source| RouterError::HostKeyFile { path: path.to_owned(), source })
}

#[cfg(test)]
mod tests {
    use super::{obtain, replace};
    use crate::config::HostKey;
    use crate::error::RouterError;

    #[test]
    fn a_key_in_a_file_outlives_the_router_until_it_is_replaced() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("host_key");
        let from = HostKey::File(path.clone());
        let first = obtain(&from).unwrap();
        assert_eq!(obtain(&from).unwrap().public_key(), first.public_key());
        #[cfg(unix)]
        {
            let metadata = std::fs::metadata(&path).unwrap();
            assert_eq!(std::os::unix::fs::MetadataExt::mode(&metadata) & 0o777, 0o600);
        }
        let second = replace(&from).unwrap();
        assert_ne!(second.public_key(), first.public_key());
        assert_eq!(obtain(&from).unwrap().public_key(), second.public_key());
    }

    #[test]
    fn keys_that_cannot_be_read_are_told_of() {
        let dir = tempfile::tempdir().unwrap();
        let missing = HostKey::File(dir.path().join("no/such/folder/key"));
        assert!(matches!(obtain(&missing), Err(RouterError::HostKeyFile { .. })));
        let garbage = HostKey::Given("garbage".to_owned());
        assert!(matches!(obtain(&garbage), Err(RouterError::HostKey { .. })));
    }
}
