//! What the links of an instance lead to.

use yang::NodeId;
use yang_data::{Branch, Content, Key, Path, Step, Value};

use crate::input::LinkedEntry;
use crate::system::{Layer, LinkBy, LinkSpec, Point};

/// Tag and target path of every link of an instance, ascending, each once.
pub(crate) fn targets<'a>(
    layer: &Layer,
    point: &'a Point,
    path: &Path,
    input: &Branch,
) -> Vec<(&'a str, Path)> {
    let mut targets = Vec::new();
    for link in &point.links {
        match link.by {
            LinkBy::Static => targets.push((&*link.tag, static_path(layer, link.target))),
            LinkBy::Ancestor => targets.push((&*link.tag, ancestor_path(path, link.target))),
            LinkBy::Leafref(leaf) => {
                let point = path.steps().last().map(|step| step.node);
                for value in values(layer, point, input, leaf) {
                    targets.push((&*link.tag, entry_path(layer, link, value)));
                }
            }
        }
    }
    targets.sort();
    targets.dedup();
    targets
}

/// The targets that exist.
pub(crate) fn entries<'a>(tree: &'a Branch, targets: &[(&'a str, Path)]) -> Vec<LinkedEntry<'a>> {
    targets
        .iter()
        .filter_map(|(tag, path)| {
            let branch = tree.find(path.steps())?.branch()?;
            Some(LinkedEntry { tag, path: path.clone(), branch })
        })
        .collect()
}

/// Schema nodes from below `above` down to `node`.
fn way_down(layer: &Layer, above: Option<NodeId>, node: NodeId) -> Vec<NodeId> {
    let up = |node: &NodeId| {
        let parent = layer.schema.node(*node).data_parent()?;
        (Some(parent) != above && parent != yang::Schema::ROOT).then_some(parent)
    };
    let mut way: Vec<_> = std::iter::successors(Some(node), up).collect();
    way.reverse();
    way
}

fn static_path(layer: &Layer, target: NodeId) -> Path {
    let way = way_down(layer, None, target);
    Path(way.into_iter().map(|node| Step { node, key: None }).collect())
}

fn ancestor_path(path: &Path, target: NodeId) -> Path {
    let steps = path.steps();
    let at = steps.iter().position(|step| step.node == target);
    Path(steps[..at.map_or(0, |at| at + 1)].to_vec())
}

fn entry_path(layer: &Layer, link: &LinkSpec, key: Value) -> Path {
    let mut path = static_path(layer, link.target);
    if let Some(last) = path.0.last_mut() {
        last.key = Some(Key::One(key));
    }
    path
}

/// All values of a leaf below an instance, also through lists.
fn values(layer: &Layer, point: Option<NodeId>, input: &Branch, leaf: NodeId) -> Vec<Value> {
    let mut branches = vec![input.clone()];
    let way = way_down(layer, point, leaf);
    let (last, parents) = way.split_last().expect("the way down ends at the leaf");
    for node in parents {
        branches = branches.iter().flat_map(|branch| children(branch, *node)).collect();
    }
    branches
        .iter()
        .flat_map(|branch| match branch.content(*last) {
            Some(Content::Leaf(value)) => vec![value.clone()],
            Some(Content::LeafList(list)) => list.iter().map(|entry| entry.value.clone()).collect(),
            _ => Vec::new(),
        })
        .collect()
}

fn children(branch: &Branch, node: NodeId) -> Vec<Branch> {
    match branch.content(node) {
        Some(Content::Container(branch)) => vec![branch.clone()],
        Some(Content::List(list)) => list.iter().map(|entry| entry.branch.clone()).collect(),
        _ => Vec::new(),
    }
}
