//! The repository as data: every text file under the root, and the crates among them.
//! The rules of `tidy` see only this, so a test can hand them a tree of three lines.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};

/// Folders that hold no source: build output, history, fetched packages, run-time data.
const SKIPPED: [&str; 5] = [".git", ".weft", "dist", "node_modules", "target"];

/// Every text file by its path from the root, with `/` between the parts.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    pub(crate) files: BTreeMap<String, String>,
}

/// One package of the workspace.
#[derive(Debug)]
pub(crate) struct Crate {
    pub(crate) name: String,
    /// Its folder from the root, such as `model/yang`.
    pub(crate) dir: String,
    pub(crate) manifest: toml::Table,
}

impl Tree {
    /// Reads the files under `root`; what is not UTF-8 is left out.
    ///
    /// # Errors
    /// A folder or file that cannot be read, named.
    pub(crate) fn read(root: &Path) -> Result<Self> {
        let mut tree = Self::default();
        tree.read_folder(root, "")?;
        Ok(tree)
    }

    fn read_folder(&mut self, folder: &Path, prefix: &str) -> Result<()> {
        let entries =
            fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))?;
        for entry in entries {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = format!("{prefix}{name}");
            let file_type = entry.file_type()?;
            if file_type.is_dir() && !is_skipped(&entry.path(), &name) {
                self.read_folder(&entry.path(), &format!("{path}/"))?;
            } else if file_type.is_file() {
                let bytes = fs::read(entry.path()).with_context(|| format!("reading {path}"))?;
                if let Ok(text) = String::from_utf8(bytes) {
                    self.files.insert(path, text);
                }
            }
        }
        Ok(())
    }

    pub(crate) fn text(&self, path: &str) -> Option<&str> {
        self.files.get(path).map(String::as_str)
    }

    /// The packages, by folder. A manifest that is not TOML is cargo's to report.
    pub(crate) fn crates(&self) -> Vec<Crate> {
        self.files
            .iter()
            .filter_map(|(path, text)| {
                let dir = path.strip_suffix("/Cargo.toml")?;
                let manifest: toml::Table = text.parse().ok()?;
                let name = manifest.get("package")?.get("name")?.as_str()?.to_owned();
                Some(Crate { name, dir: dir.to_owned(), manifest })
            })
            .collect()
    }

    /// The files with one of these endings, as `(path, text)`.
    pub(crate) fn with_ending<'t>(
        &'t self,
        endings: &'t [&'t str],
    ) -> impl Iterator<Item = (&'t str, &'t str)> {
        self.files
            .iter()
            .filter(move |(path, _)| endings.iter().any(|ending| path.ends_with(ending)))
            .map(|(path, text)| (path.as_str(), text.as_str()))
    }
}

/// A cargo target folder may have any name; it is known by its tag.
fn is_skipped(path: &Path, name: &str) -> bool {
    SKIPPED.contains(&name) || path.join("CACHEDIR.TAG").exists()
}

impl Crate {
    /// The first part of its folder: the layer it belongs to.
    pub(crate) fn layer(&self) -> &str {
        self.dir.split('/').next().unwrap_or(&self.dir)
    }

    pub(crate) fn manifest_path(&self) -> String {
        format!("{}/Cargo.toml", self.dir)
    }
}
