//! The four operations on one resource (RFC 8040, section 4), as edits of the datastore.
//!
//! The way to the resource is marked [`Operation::None`]: it must be there when the edit is
//! applied, and is not made. Decode the body of POST with the target's schema node as parent, that
//! of PUT and PATCH with the parent's; [`data_parent`] tells which.

use yang::{NodeId, NodeKind, Schema};
use yang_data::edit::{Edit, EditBody, EditNode, Operation};
use yang_data::{Branch, Key, Path, Place, Step, Tree, Types};

use crate::place::place;
use crate::problem::Problem;
use crate::query::Insert;

/// What a POST makes.
#[derive(Clone, Debug)]
pub struct Creation {
    /// The edit.
    pub edit: Edit,
    /// The resource it makes.
    pub created: Path,
}

/// The schema node that the children at a path belong to.
pub fn data_parent(path: &Path) -> NodeId {
    path.steps().last().map_or(Schema::ROOT, |step| step.node)
}

/// The path without its last step; the root for the root.
pub fn parent(path: &Path) -> Path {
    let steps = path.steps();
    Path(steps[..steps.len().saturating_sub(1)].to_vec())
}

/// POST: adds one child to the resource at `target`.
///
/// # Errors
/// When the target has no children, the content is not one child, or the place makes no sense.
pub fn create(
    types: &Types,
    target: &Path,
    content: &Branch,
    position: (Option<Insert>, Option<&str>),
) -> Result<Creation, Problem> {
    let schema = types.schema();
    if let Some(last) = target.steps().last() {
        let kind = schema.node(last.node).kind();
        let is_parent =
            matches!(kind, NodeKind::Container) || kind == NodeKind::List && last.key.is_some();
        if !is_parent {
            let message = "only a container, a list entry or the datastore takes new children";
            return Err(mismatch(schema, target, message));
        }
    }
    let mut node = only_node(schema, target, content)?;
    node.mark.operation = Some(Operation::Create);
    node.mark.place = placed(types, target, node.node, position)?;
    let mut created = target.clone();
    created.0.push(Step { node: node.node, key: node.key.clone() });
    Ok(Creation { edit: below(target.steps(), vec![node]), created })
}

/// PUT on a data resource: puts content in its place, or makes it.
///
/// # Errors
/// When content and target are not the same node, or the place makes no sense.
pub fn replace(
    types: &Types,
    target: &Path,
    content: &Branch,
    position: (Option<Insert>, Option<&str>),
) -> Result<Edit, Problem> {
    let mut node = targeted_node(types.schema(), target, content)?;
    node.mark.operation = Some(Operation::Replace);
    let above = parent(target);
    node.mark.place = placed(types, &above, node.node, position)?;
    Ok(below(above.steps(), vec![node]))
}

/// PATCH with plain data: merges content into the resource, or into the datastore when `target` is
/// the root.
///
/// # Errors
/// When content and target are not the same node.
pub fn merge(types: &Types, target: &Path, content: &Branch) -> Result<Edit, Problem> {
    let schema = types.schema();
    if target.steps().is_empty() {
        return Ok(Edit::from_branch(schema, content));
    }
    let node = targeted_node(schema, target, content)?.with_operation(Operation::Merge);
    Ok(below(parent(target).steps(), vec![node]))
}

/// DELETE.
///
/// # Errors
/// When the target is the root, a key leaf or a whole list.
pub fn delete(schema: &Schema, target: &Path) -> Result<Edit, Problem> {
    remove(schema, target, Operation::Delete)
}

/// Takes a resource away, by [`Operation::Delete`] or [`Operation::Remove`].
pub(crate) fn remove(schema: &Schema, target: &Path, removal: Operation) -> Result<Edit, Problem> {
    let Some(last) = target.steps().last() else {
        return Err(mismatch(schema, target, "the datastore cannot be deleted"));
    };
    one_instance(schema, target, last)?;
    if schema.node(last.node).is_key() {
        return Err(mismatch(schema, target, "a key leaf cannot be deleted: delete its entry"));
    }
    let node = EditNode::new(last.node, last.key.clone()).with_operation(removal);
    Ok(below(parent(target).steps(), vec![node]))
}

/// Whether the resource is there: what is in the tree, and every container without presence whose
/// surroundings are (RFC 7950, section 7.5.1).
pub fn exists(tree: &Tree, path: &Path) -> bool {
    let schema = tree.schema();
    let steps = path.steps();
    let implied = steps.iter().rev().take_while(|step| {
        let node = schema.node(step.node);
        node.kind() == NodeKind::Container && !node.is_presence()
    });
    let stored = &steps[..steps.len() - implied.count()];
    tree.root().find(stored).is_some()
}

/// An edit of nodes below a path, which must exist.
pub(crate) fn below(parents: &[Step], nodes: Vec<EditNode>) -> Edit {
    let nodes = parents.iter().rev().fold(nodes, |children, step| {
        let node = EditNode::new(step.node, step.key.clone()).with_operation(Operation::None);
        vec![EditNode { body: EditBody::Children(children), ..node }]
    });
    Edit { nodes }
}

fn placed(
    types: &Types,
    parent: &Path,
    node: NodeId,
    (insert, point): (Option<Insert>, Option<&str>),
) -> Result<Option<Place<Key>>, Problem> {
    match (insert, point) {
        (Some(insert), point) => place(types, (parent, node), insert, point).map(Some),
        (None, None) => Ok(None),
        (None, Some(_)) => {
            let message = "a 'point' needs 'insert' with 'before' or 'after'";
            Err(Problem::protocol(400, "invalid-value", message))
        }
    }
}

fn only_node(schema: &Schema, parent: &Path, content: &Branch) -> Result<EditNode, Problem> {
    let mut nodes = Edit::from_branch(schema, content).nodes;
    match (nodes.pop(), nodes.len()) {
        (Some(node), 0) => Ok(node),
        (found, more) => {
            let count = usize::from(found.is_some()) + more;
            let message = format!("content with one resource expected, found {count}");
            Err(mismatch(schema, parent, &message))
        }
    }
}

pub(crate) fn targeted_node(
    schema: &Schema,
    target: &Path,
    content: &Branch,
) -> Result<EditNode, Problem> {
    let Some(last) = target.steps().last() else {
        return Err(mismatch(schema, target, "a data resource expected"));
    };
    one_instance(schema, target, last)?;
    if content.is_empty() && schema.node(last.node).kind() == NodeKind::Container {
        // A container without presence and without children leaves nothing when decoded.
        let body = EditBody::Children(Vec::new());
        return Ok(EditNode { body, ..EditNode::new(last.node, None) });
    }
    let node = only_node(schema, target, content)?;
    // An entry of a list without keys is named by its place, which its content does not tell.
    let is_keyless = node.key.is_none();
    if node.node == last.node && (is_keyless || node.key == last.key) {
        return Ok(EditNode { key: last.key.clone(), ..node });
    }
    let mut found = parent(target);
    found.0.push(Step { node: node.node, key: node.key });
    let found = found.text(schema);
    Err(mismatch(schema, target, &format!("the content is for {found}")))
}

fn one_instance(schema: &Schema, target: &Path, last: &Step) -> Result<(), Problem> {
    let node = schema.node(last.node);
    if matches!(node.kind(), NodeKind::List | NodeKind::LeafList) && last.key.is_none() {
        let keys: Vec<_> = node.keys().map(|leaf| schema.node(leaf).name()).collect();
        let keys = if keys.is_empty() { "VALUE".to_owned() } else { keys.join(",") };
        let message = format!("an entry of the list expected: {}={keys}", node.name());
        return Err(mismatch(schema, target, &message));
    }
    Ok(())
}

fn mismatch(schema: &Schema, path: &Path, message: &str) -> Problem {
    Problem::application("invalid-value", message).at(path.text(schema))
}
