//! The four operations of RESTCONF on one resource (RFC 8040, section 4), as edits.

use yang::NodeKind;

use super::{Edit, EditBody, EditNode, Mark, Operation, apply, nodes_of};
use crate::{Branch, DataError, Fault, Key, Origin, Path, Place, Step, Tree};

/// POST: adds one child to the node at `parent`. `content` holds the child alone, as decoded with
/// the parent's schema node.
///
/// # Errors
/// When the parent does not exist, the child does, or the content is not one child.
pub fn create(
    tree: &Tree,
    parent: &Path,
    content: &Branch,
    place: Option<Place<Key>>,
    origin: Origin,
) -> Result<Tree, Vec<DataError>> {
    let mut node = only_node(tree, parent, content)?;
    node.mark = Mark { operation: Some(Operation::Create), place };
    apply(tree, &below(parent.steps(), vec![node]), Operation::None, origin)
}

/// PUT: puts content in place of the node at `target`, or makes that node. `content` holds the
/// node alone, as decoded with its parent's schema node. With the root as target it replaces the
/// whole tree.
///
/// # Errors
/// When the target's parent does not exist, or content and target are not the same node.
pub fn replace(
    tree: &Tree,
    target: &Path,
    content: &Branch,
    place: Option<Place<Key>>,
    origin: Origin,
) -> Result<Tree, Vec<DataError>> {
    let Some((_, parents)) = target.steps().split_last() else {
        return Ok(Tree::from_root(tree.schema().clone(), content.clone()));
    };
    let mut node = targeted_node(tree, target, content)?;
    node.mark = Mark { operation: Some(Operation::Replace), place };
    apply(tree, &below(parents, vec![node]), Operation::None, origin)
}

/// PATCH with plain content: merges content into the node at `target`, which must exist. `content`
/// is as for [`replace`].
///
/// # Errors
/// When the target does not exist, or content and target are not the same node.
pub fn merge_at(
    tree: &Tree,
    target: &Path,
    content: &Branch,
    origin: Origin,
) -> Result<Tree, Vec<DataError>> {
    let Some((last, parents)) = target.steps().split_last() else {
        let edit = Edit::from_branch(tree.schema(), content);
        return apply(tree, &edit, Operation::Merge, origin);
    };
    let definition = tree.schema().node(last.node);
    let is_always_there = definition.kind() == NodeKind::Container && !definition.is_presence();
    if tree.get(target).is_none() && !is_always_there {
        return Err(fail(tree, target, Fault::DataMissing));
    }
    let node = targeted_node(tree, target, content)?.with_operation(Operation::Merge);
    apply(tree, &below(parents, vec![node]), Operation::None, origin)
}

/// DELETE: removes the node at `target`, which must exist.
///
/// # Errors
/// When the target does not exist, or is the root, a key leaf or a whole list.
pub fn delete(tree: &Tree, target: &Path) -> Result<Tree, Vec<DataError>> {
    let Some((last, parents)) = target.steps().split_last() else {
        let message = "the root cannot be deleted".to_owned();
        return Err(fail(tree, target, Fault::TargetMismatch(message)));
    };
    one_instance(tree, target, last)?;
    if tree.schema().node(last.node).is_key() {
        let message = "a key leaf cannot be deleted: delete its entry".to_owned();
        return Err(fail(tree, target, Fault::TargetMismatch(message)));
    }
    if tree.get(target).is_none() {
        return Err(fail(tree, target, Fault::DataMissing));
    }
    let node = EditNode::new(last.node, last.key.clone()).with_operation(Operation::Delete);
    apply(tree, &below(parents, vec![node]), Operation::None, Origin::NONE)
}

/// An edit of nodes below a path, which must exist.
fn below(parents: &[Step], nodes: Vec<EditNode>) -> Edit {
    let nodes = parents.iter().rev().fold(nodes, |children, step| {
        let node = EditNode::new(step.node, step.key.clone()).with_operation(Operation::None);
        vec![EditNode { body: EditBody::Children(children), ..node }]
    });
    Edit { nodes }
}

fn only_node(tree: &Tree, parent: &Path, content: &Branch) -> Result<EditNode, Vec<DataError>> {
    let mut nodes = nodes_of(tree.schema(), content);
    match (nodes.pop(), nodes.len()) {
        (Some(node), 0) => Ok(node),
        (found, more) => {
            let count = usize::from(found.is_some()) + more;
            let message = format!("content with one resource expected, found {count}");
            Err(fail(tree, parent, Fault::TargetMismatch(message)))
        }
    }
}

fn targeted_node(tree: &Tree, target: &Path, content: &Branch) -> Result<EditNode, Vec<DataError>> {
    let last = target.steps().last().expect("the callers handle the root");
    one_instance(tree, target, last)?;
    if content.is_empty() && tree.schema().node(last.node).kind() == NodeKind::Container {
        // A container without presence and without children leaves nothing when decoded.
        let body = EditBody::Children(Vec::new());
        return Ok(EditNode { body, ..EditNode::new(last.node, None) });
    }
    let node = only_node(tree, target, content)?;
    if node.node == last.node && node.key == last.key {
        return Ok(node);
    }
    let parents = &target.steps()[..target.steps().len() - 1];
    let mut found = Path(parents.to_vec());
    found.0.push(Step { node: node.node, key: node.key });
    let found = found.text(tree.schema());
    Err(fail(tree, target, Fault::TargetMismatch(format!("the content is for {found}"))))
}

fn one_instance(tree: &Tree, target: &Path, last: &Step) -> Result<(), Vec<DataError>> {
    let kind = tree.schema().node(last.node).kind();
    if matches!(kind, NodeKind::List | NodeKind::LeafList) && last.key.is_none() {
        let message = format!("an entry of the {} expected, with its key", kind.keyword());
        return Err(fail(tree, target, Fault::TargetMismatch(message)));
    }
    Ok(())
}

fn fail(tree: &Tree, path: &Path, fault: Fault) -> Vec<DataError> {
    vec![DataError::at(path.text(tree.schema()), fault)]
}
