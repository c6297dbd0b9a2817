//! YANG Patch (RFC 8072): an ordered list of edits, all or nothing.

mod json;
mod xml;

use yang::{NodeKind, Schema};
use yang_data::decode::{DecodeOptions, StateData};
use yang_data::edit::{Edit, EditBody, EditNode, Operation as NodeOperation, apply};
use yang_data::{Branch, Origin, Path, Tree, Types};

use crate::Format;
use crate::place::place;
use crate::problem::{self, Problem};
use crate::query::Insert;
use crate::resource::{below, data_parent, exists, parent, remove, targeted_node};

/// Edits of one patch at most.
pub const EDITS_MAX: usize = 10_000;

/// A patch as it was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Patch {
    /// The client's name for it.
    pub id: String,
    /// What the client says about it.
    pub comment: Option<String>,
    /// What to do, in order.
    pub edits: Vec<PatchEdit>,
}

/// One edit of a patch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatchEdit {
    /// The client's name for it, unique in the patch.
    pub id: String,
    /// What to do.
    pub operation: Operation,
    /// With what, below the resource of the request: `/list=key`; `/` for that resource itself.
    pub target: String,
    /// Where a new or moved entry goes.
    pub insert: Option<Insert>,
    /// The entry it goes next to.
    pub point: Option<String>,
    /// The data.
    pub value: Option<Value>,
}

/// What an edit does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Make it; it must not exist.
    Create,
    /// Take it away; it must exist.
    Delete,
    /// Make it, at a place.
    Insert,
    /// Add to it, or make it.
    Merge,
    /// Put it at another place; it must exist.
    Move,
    /// Put the data in its place, or make it.
    Replace,
    /// Take it away if it exists.
    Remove,
}

/// Data within a patch, to be decoded once the schema node is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// JSON text: an object.
    Json(String),
    /// XML text: elements, with the prefixes in force round them.
    Xml {
        /// The elements.
        text: String,
        /// Prefix to namespace.
        namespaces: std::collections::BTreeMap<String, String>,
    },
}

/// What failed, and in which edit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failed {
    /// The edit's id.
    pub edit: String,
    /// What is wrong.
    pub problems: Vec<Problem>,
}

impl Operation {
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "create" => Self::Create,
            "delete" => Self::Delete,
            "insert" => Self::Insert,
            "merge" => Self::Merge,
            "move" => Self::Move,
            "replace" => Self::Replace,
            "remove" => Self::Remove,
            _ => return None,
        })
    }

    fn needs_value(self) -> bool {
        matches!(self, Self::Create | Self::Insert | Self::Merge | Self::Replace)
    }
}

impl Patch {
    /// Reads a patch document.
    ///
    /// # Errors
    /// Everything that is wrong with its shape; the data within is looked at by [`Patch::apply`].
    pub fn parse(format: Format, text: &str) -> Result<Self, Vec<Problem>> {
        let patch = match format {
            Format::Json => json::parse(text)?,
            Format::Xml => xml::parse(text)?,
        };
        let problems = patch.shape_problems();
        if problems.is_empty() { Ok(patch) } else { Err(problems) }
    }

    fn shape_problems(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        let mut ids: Vec<&str> = self.edits.iter().map(|edit| edit.id.as_str()).collect();
        ids.sort_unstable();
        for pair in ids.windows(2).filter(|pair| pair[0] == pair[1]) {
            problems.push(bad(format!("edit-id '{}' is given twice", pair[0])));
        }
        if self.edits.len() > EDITS_MAX {
            let message = format!("more than {EDITS_MAX} edits in one patch");
            problems.push(Problem::protocol(413, "too-big", message));
        }
        for edit in &self.edits {
            if edit.operation.needs_value() != edit.value.is_some() {
                let not = if edit.value.is_some() { "takes no" } else { "needs a" };
                problems.push(bad(format!("edit '{}': its operation {not} value", edit.id)));
            }
        }
        problems
    }

    /// Applies the edits in order to a tree, relative to the resource at `base`.
    ///
    /// # Errors
    /// What is wrong with the first edit that fails; the tree stays as it was.
    pub fn apply(&self, types: &Types, tree: &Tree, base: &str) -> Result<Tree, Failed> {
        let mut tree = tree.clone();
        for edit in &self.edits {
            let failed = |problems| Failed { edit: edit.id.clone(), problems };
            let step = edit.step(types, &tree, base).map_err(failed)?;
            tree = match apply(&tree, &step, NodeOperation::Merge, Origin::NONE) {
                Ok(tree) => tree,
                Err(errors) => return Err(failed(errors.iter().map(Problem::from).collect())),
            };
        }
        Ok(tree)
    }
}

impl PatchEdit {
    /// The edit of the datastore that this one is, on a tree as the edits before have left it.
    fn step(&self, types: &Types, tree: &Tree, base: &str) -> Result<Edit, Vec<Problem>> {
        let schema = types.schema();
        let joined = format!("{}/{}", base.trim_matches('/'), self.target.trim_start_matches('/'));
        let target =
            Path::parse_restconf(types, &joined).map_err(|error| vec![Problem::from(&error)])?;
        let single = |problem| vec![problem];
        let removal = match self.operation {
            Operation::Delete => Some(NodeOperation::Delete),
            Operation::Remove => Some(NodeOperation::Remove),
            _ => None,
        };
        if let Some(removal) = removal {
            return self.removal(tree, &target, removal).map_err(single);
        }
        if self.operation == Operation::Move {
            return self.moved(types, tree, &target).map_err(single);
        }
        let content = self.content(types, &target)?;
        if target.steps().is_empty() {
            return self.root(schema, tree, &content).map_err(single);
        }
        let mut node = targeted_node(schema, &target, &content).map_err(single)?;
        node.mark.operation = Some(match self.operation {
            Operation::Create | Operation::Insert => NodeOperation::Create,
            Operation::Replace => NodeOperation::Replace,
            _ => NodeOperation::Merge,
        });
        if self.operation == Operation::Insert {
            node.mark.place = Some(self.place(types, &target, &node).map_err(single)?);
        }
        Ok(below(parent(&target).steps(), vec![node]))
    }

    fn removal(&self, tree: &Tree, target: &Path, removal: NodeOperation) -> Result<Edit, Problem> {
        // Removing from what is not there removes nothing; the way to it is not an error either.
        if removal == NodeOperation::Remove && !exists(tree, target) {
            return Ok(Edit::default());
        }
        remove(tree.schema(), target, removal)
    }

    fn moved(&self, types: &Types, tree: &Tree, target: &Path) -> Result<Edit, Problem> {
        let schema = types.schema();
        let last = target.steps().last().filter(|step| step.key.is_some());
        let Some(last) = last.filter(|_| exists(tree, target)) else {
            let message = "there is no such entry to move";
            return Err(Problem::application("data-missing", message).at(target.text(schema)));
        };
        let mut node = EditNode::new(last.node, last.key.clone());
        if schema.node(last.node).kind() == NodeKind::List {
            node.body = EditBody::Children(Vec::new());
        }
        node.mark.operation = Some(NodeOperation::Merge);
        node.mark.place = Some(self.place(types, target, &node)?);
        Ok(below(parent(target).steps(), vec![node]))
    }

    /// The whole datastore as target.
    fn root(&self, schema: &Schema, tree: &Tree, content: &Branch) -> Result<Edit, Problem> {
        match self.operation {
            Operation::Merge => Ok(Edit::from_branch(schema, content)),
            Operation::Replace => {
                let wanted = Tree::from_root(tree.schema().clone(), content.clone());
                let diff = yang_data::diff::diff(tree, &wanted);
                Ok(diff.to_edit(schema, NodeOperation::Remove))
            }
            _ => Err(bad("the datastore as a whole can only be merged into or replaced")),
        }
    }

    fn place(
        &self,
        types: &Types,
        target: &Path,
        node: &EditNode,
    ) -> Result<yang_data::Place<yang_data::Key>, Problem> {
        let insert = self.insert.unwrap_or(Insert::Last);
        // As the target, the point is relative to the resource of the request.
        let above = parent(target);
        place(types, (&above, node.node), insert, self.point.as_deref())
    }

    fn content(&self, types: &Types, target: &Path) -> Result<Branch, Vec<Problem>> {
        let node = data_parent(&parent(target));
        let mut options = DecodeOptions { state: StateData::Refuse, ..DecodeOptions::default() };
        let read = match &self.value {
            None => Ok(Branch::default()),
            Some(Value::Json(text)) => yang_data::json::parse_branch(types, node, text, &options),
            Some(Value::Xml { text, namespaces }) => {
                options.namespaces.clone_from(namespaces);
                yang_data::xml::parse_branch(types, node, text, &options)
            }
        };
        read.map_err(|errors| errors.iter().map(Problem::from).collect())
    }
}

/// The document `ietf-yang-patch:yang-patch-status` for a patch that was applied.
pub fn status_ok(format: Format, id: &str) -> String {
    match format {
        Format::Json => serde_json::json!({
            "ietf-yang-patch:yang-patch-status": { "patch-id": id, "ok": [null] }
        })
        .to_string(),
        Format::Xml => status_xml(id, "<ok/>"),
    }
}

/// The same for one that was not because an edit failed.
pub fn status_failed(format: Format, schema: &Schema, id: &str, failed: &Failed) -> String {
    match format {
        Format::Json => serde_json::json!({
            "ietf-yang-patch:yang-patch-status": {
                "patch-id": id,
                "edit-status": { "edit": [{
                    "edit-id": failed.edit, "errors": problem::errors_json(&failed.problems),
                }] },
            }
        })
        .to_string(),
        Format::Xml => {
            let errors = problem::errors_xml(schema, &failed.problems);
            let edit = problem::escaped(&failed.edit);
            status_xml(
                id,
                &format!(
                    "<edit-status><edit><edit-id>{edit}</edit-id><errors>{errors}</errors>\
                     </edit></edit-status>"
                ),
            )
        }
    }
}

/// The same for one that was not because of what all edits together make.
pub fn status_refused(format: Format, schema: &Schema, id: &str, problems: &[Problem]) -> String {
    match format {
        Format::Json => serde_json::json!({
            "ietf-yang-patch:yang-patch-status": {
                "patch-id": id, "errors": problem::errors_json(problems),
            }
        })
        .to_string(),
        Format::Xml => {
            let errors = problem::errors_xml(schema, problems);
            status_xml(id, &format!("<errors>{errors}</errors>"))
        }
    }
}

fn status_xml(id: &str, content: &str) -> String {
    let id = problem::escaped(id);
    format!(
        "<yang-patch-status xmlns=\"{NAMESPACE}\"><patch-id>{id}</patch-id>{content}\
         </yang-patch-status>"
    )
}

/// Namespace of patches.
const NAMESPACE: &str = "urn:ietf:params:xml:ns:yang:ietf-yang-patch";

fn bad(message: impl Into<String>) -> Problem {
    Problem::protocol(400, "invalid-value", message)
}

#[cfg(test)]
mod tests;
