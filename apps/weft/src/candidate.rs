//! The candidate: edits that are collected on the operator's side until they are committed.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, anyhow};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use transform::System;
use yang_data::decode::DecodeOptions;
use yang_data::print::PrintOptions;
use yang_data::{DataError, Origin, Tree, Types, json, xml};

/// A YANG Patch (RFC 8072) in the making, kept in a file of the data directory.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Candidate {
    edits: Vec<Edit>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Edit {
    operation: String,
    target: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<Value>,
}

fn file(data: &Path) -> PathBuf {
    data.join("candidate.json")
}

impl Candidate {
    /// The candidate of a data directory, empty when there is none.
    pub(crate) fn load(data: &Path) -> Result<Self> {
        let file = file(data);
        match fs::read_to_string(&file) {
            Ok(text) => serde_json::from_str(&text)
                .with_context(|| format!("{} is broken: `weft discard` it", file.display())),
            Err(_) => Ok(Self::default()),
        }
    }

    /// Keeps the candidate; an empty one is removed.
    pub(crate) fn save(&self, data: &Path) -> Result<()> {
        let file = file(data);
        if self.is_empty() {
            // There may be none.
            let _ = fs::remove_file(&file);
            return Ok(());
        }
        fs::write(&file, serde_json::to_string_pretty(self)?)
            .with_context(|| format!("cannot write {}", file.display()))
    }

    /// Whether nothing is in it.
    pub(crate) fn is_empty(&self) -> bool {
        self.edits.is_empty()
    }

    /// Number of edits.
    pub(crate) fn len(&self) -> usize {
        self.edits.len()
    }

    /// Adds a document, XML or JSON, to be merged.
    pub(crate) fn merge_document(&mut self, system: &System, text: &str) -> Result<()> {
        let types = types(system)?;
        let options = DecodeOptions::default();
        let tree = if text.trim_start().starts_with('<') {
            xml::parse(types, text, &options)
        } else {
            json::parse(types, text, &options)
        };
        self.merge_tree(&tree.map_err(told)?)
    }

    /// Adds a leaf (or leaf-list entry) to be set.
    pub(crate) fn set_leaf(&mut self, system: &System, target: &str, text: &str) -> Result<()> {
        let types = types(system)?;
        let path = yang_data::Path::parse_restconf(types, target)?;
        let leaf = path.steps().last().ok_or_else(|| anyhow!("which leaf?"))?.node;
        let value = types.parse_leaf(leaf, text).map_err(|error| anyhow!("{target}: {error}"))?;
        let mut tree = Tree::new(types.schema().clone());
        tree.set(&path, value, Origin::NONE);
        self.merge_tree(&tree)
    }

    /// Adds a deletion.
    pub(crate) fn delete(&mut self, system: &System, target: &str) -> Result<()> {
        yang_data::Path::parse_restconf(types(system)?, target)?;
        let target = format!("/{}", target.trim_start_matches('/'));
        self.edits.push(Edit { operation: "delete".into(), target, value: None });
        Ok(())
    }

    fn merge_tree(&mut self, tree: &Tree) -> Result<()> {
        let document = json::print(tree, &PrintOptions::COMPACT);
        let nodes: Map<String, Value> = serde_json::from_str(&document)?;
        for (name, value) in nodes {
            self.edits.push(Edit {
                operation: "merge".into(),
                target: "/".into(),
                value: Some(json!({ name: value })),
            });
        }
        Ok(())
    }

    /// The patch document.
    pub(crate) fn patch(&self) -> String {
        let edits = self.edits.iter().enumerate().map(|(at, edit)| {
            let mut json = json!({
                "edit-id": format!("{}", at + 1),
                "operation": edit.operation,
                "target": edit.target,
            });
            if let Some(value) = &edit.value {
                json["value"] = value.clone();
            }
            json
        });
        let edits: Vec<Value> = edits.collect();
        let patch = json!({ "patch-id": "candidate", "edit": edits });
        json!({ "ietf-yang-patch:yang-patch": patch }).to_string()
    }
}

fn types(system: &System) -> Result<&Types> {
    let validator = system.layer_validator(0).ok_or_else(|| anyhow!("no top layer"))?;
    Ok(validator.types())
}

#[expect(clippy::needless_pass_by_value, reason = "it is the error of a Result")]
fn told(errors: Vec<DataError>) -> anyhow::Error {
    let lines: Vec<_> = errors.iter().map(ToString::to_string).collect();
    anyhow!("{}", lines.join("\n"))
}
