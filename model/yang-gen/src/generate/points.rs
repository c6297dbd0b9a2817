//! Transform nodes of a layer: what they read besides their input, and what is wrong with them.

use std::collections::{BTreeMap, BTreeSet};

use yang::{Extension, Node, NodeId, NodeKind, Schema, TypeKind};

use super::names::{ident, pascal, plain};
use super::tree::{MARKS, transform_name};

/// A transform node.
pub(super) struct Point<'s> {
    pub(super) node: Node<'s>,
    /// Plain name in Rust: of the field of `Transforms`.
    pub(super) field: String,
    /// What names of its types start with.
    pub(super) stem: String,
    pub(super) is_device: bool,
    pub(super) memory: Option<NodeId>,
    pub(super) dynamic_state: Option<NodeId>,
    /// By tag.
    pub(super) links: Vec<Link>,
}

/// What a tag leads to.
pub(super) struct Link {
    pub(super) tag: String,
    /// Plain name in Rust.
    pub(super) field: String,
    pub(super) target: NodeId,
    /// The key leaf by which several targets are told apart.
    pub(super) key: Option<NodeId>,
}

/// A mark that makes no sense, with the place of the node it is on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarkProblem {
    /// File of the marked node.
    pub file: String,
    /// Its line.
    pub line: u32,
    /// Its schema path.
    pub path: String,
    /// What is wrong, and what would be right.
    pub message: String,
}

impl std::fmt::Display for MarkProblem {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { file, line, path, message } = self;
        write!(formatter, "{file}:{line}: error: {path}: {message}")
    }
}

/// Collects transform nodes and everything wrong with their marks.
pub(super) struct Finder<'s> {
    schema: &'s Schema,
    pub(super) problems: Vec<MarkProblem>,
}

impl<'s> Finder<'s> {
    pub(super) fn new(schema: &'s Schema) -> Self {
        Self { schema, problems: Vec::new() }
    }

    /// All transform nodes in schema order. `has_next` says whether a layer follows.
    pub(super) fn points(&mut self, has_next: bool) -> Vec<Point<'s>> {
        let schema = self.schema;
        let nodes = schema.nodes().filter(|node| transform_name(*node).is_some());
        let points: Vec<_> = nodes.map(|node| self.point(node, has_next)).collect();
        let mut by_field: BTreeMap<&str, Node<'s>> = BTreeMap::new();
        for point in &points {
            if let Some(other) = by_field.insert(&point.field, point.node) {
                let text = format!("the transform at {} has the same name", other.path());
                self.problem(point.node, text);
            }
        }
        let mut by_stem: BTreeMap<&str, &Point<'s>> = BTreeMap::new();
        for point in &points {
            if let Some(other) = by_stem.insert(&point.stem, point)
                && other.field != point.field
            {
                let text = format!("types are named as those of {}", other.node.path());
                self.problem(point.node, text);
            }
        }
        points
    }

    fn problem(&mut self, node: Node<'_>, message: impl Into<String>) {
        self.problems.push(MarkProblem {
            file: node.source().to_owned(),
            line: node.line(),
            path: node.path(),
            message: message.into(),
        });
    }

    fn point(&mut self, node: Node<'s>, has_next: bool) -> Point<'s> {
        let name = transform_name(node).unwrap_or(node.name());
        let is_device = node.extension(MARKS, "device-transform").is_some();
        if !matches!(node.kind(), NodeKind::List | NodeKind::Container) {
            self.problem(node, "only a list or container can be a transform node");
        }
        if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
            self.problem(node, format!("{name:?} cannot be a name in Rust: start with a letter"));
        }
        match (is_device, has_next) {
            (true, true) => self.problem(node, "`device-transform` belongs in the last layer"),
            (false, false) => {
                self.problem(node, "there is no next layer to write into: use `device-transform`")
            }
            (true, false) => self.check_device(node),
            (false, true) => {}
        }
        let [memory, dynamic_state] =
            ["memory", "dynamic-state"].map(|mark| self.set_apart(node, mark));
        let links = self.links(node);
        let field = plain(&name.to_ascii_lowercase());
        let field =
            if name.contains(|c: char| c.is_ascii_lowercase()) { snake(name) } else { field };
        Point { node, field, stem: pascal(name), is_device, memory, dynamic_state, links }
    }

    /// A device transform must be told its device: by the one key of the list it is below.
    fn check_device(&mut self, node: Node<'s>) {
        let top = ancestors(node).last();
        if !top.is_some_and(|top| top.kind() == NodeKind::List && top.keys().len() == 1) {
            self.problem(node, "`device-transform` belongs below a top-level list of devices");
        }
    }

    fn set_apart(&mut self, point: Node<'s>, mark: &str) -> Option<NodeId> {
        let marked: Vec<_> =
            inner_nodes(point).filter(|node| node.extension(MARKS, mark).is_some()).collect();
        for node in &marked {
            let is_direct = node.data_parent() == Some(point.id());
            if node.kind() != NodeKind::Container || !is_direct {
                self.problem(
                    *node,
                    format!("`{mark}` belongs on a container right below {}", point.path()),
                );
            }
        }
        if let Some(second) = marked.get(1) {
            self.problem(*second, format!("there is a second `{mark}` in {}", point.path()));
        }
        marked.first().map(|node| node.id())
    }

    fn links(&mut self, point: Node<'s>) -> Vec<Link> {
        let mut links: Vec<Link> = Vec::new();
        let mut tags = BTreeSet::new();
        for node in std::iter::once(point).chain(inner_nodes(point)) {
            for mark in node.extensions().filter(|mark| mark.is(MARKS, "link")) {
                let tag = mark.argument().unwrap_or_default().to_owned();
                if is_apart_from(node, point) {
                    self.problem(node, "no link inside memory or dynamic state");
                }
                if !tags.insert(plain(&tag)) {
                    self.problem(node, format!("the tag {tag:?} is there already"));
                }
                match target(point, node, mark) {
                    Ok((target, key)) => {
                        links.push(Link { field: plain(&tag), tag, target, key });
                    }
                    Err(message) => self.problem(node, format!("link {tag:?}: {message}")),
                }
            }
        }
        links.sort_by(|left, right| left.tag.cmp(&right.tag));
        links
    }
}

/// `BackboneLink` and `backbone-link` both give `backbone_link`.
fn snake(name: &str) -> String {
    let mut snake = String::new();
    let mut before = '_';
    for c in plain(name).chars() {
        if c.is_ascii_uppercase() && (before.is_ascii_lowercase() || before.is_ascii_digit()) {
            snake.push('_');
        }
        snake.push(c.to_ascii_lowercase());
        before = c;
    }
    snake
}

/// Nodes below a transform node, but not those of transform nodes inside it.
fn inner_nodes(point: Node<'_>) -> impl Iterator<Item = Node<'_>> {
    let schema = point.schema();
    let mut open: Vec<_> = children(point);
    std::iter::from_fn(move || {
        let node = open.pop()?;
        open.extend(children(schema.node(node.id())));
        Some(node)
    })
}

/// Children that are no transform nodes, last first.
fn children(node: Node<'_>) -> Vec<Node<'_>> {
    let schema = node.schema();
    let mut children: Vec<_> = node
        .data_children()
        .map(|child| schema.node(child))
        .filter(|child| transform_name(*child).is_none())
        .collect();
    children.reverse();
    children
}

fn is_apart_from(node: Node<'_>, point: Node<'_>) -> bool {
    std::iter::once(node)
        .chain(ancestors(node))
        .take_while(|up| up.id() != point.id())
        .any(super::tree::is_set_apart)
}

/// Target of a link, and the key leaf of the list that it is an entry of.
fn target<'s>(
    point: Node<'s>,
    node: Node<'s>,
    mark: Extension<'s>,
) -> Result<(NodeId, Option<NodeId>), String> {
    let schema = point.schema();
    let path = mark.substatements().find(|inner| inner.is(MARKS, "path"));
    let Some(path) = path.and_then(Extension::argument) else {
        return by_leafref(schema, node);
    };
    if path.contains('[') {
        return Err(format!("{path} has a predicate: only names make the path"));
    }
    let target = schema.find(path).ok_or_else(|| format!("no node {path}"))?;
    let target_node = schema.node(target);
    let is_ancestor = ancestors(point).any(|ancestor| ancestor.id() == target);
    let is_in_list = target_node.kind() == NodeKind::List
        || ancestors(target_node).any(|ancestor| ancestor.kind() == NodeKind::List);
    match target_node.kind() {
        NodeKind::List | NodeKind::Container if is_ancestor || !is_in_list => Ok((target, None)),
        NodeKind::List | NodeKind::Container => Err(format!("{path} is in a list: which entry?")),
        kind => Err(format!("{path} is a {}: name a container or list", kind.keyword())),
    }
}

fn by_leafref(schema: &Schema, leaf: Node<'_>) -> Result<(NodeId, Option<NodeId>), String> {
    let ty = leaf.type_id().map(|id| schema.type_(id));
    let key = ty
        .filter(|ty| ty.kind() == TypeKind::LeafRef)
        .and_then(yang::Type::target)
        .ok_or("a link without `path` belongs on a leafref")?;
    let list = schema.node(key).data_parent().map(|list| schema.node(list));
    let list = list
        .filter(|list| list.keys().eq([key]))
        .filter(|list| ancestors(*list).all(|up| up.kind() != NodeKind::List))
        .ok_or("the leafref must point at the only key of a list that is in no other list")?;
    Ok((list.id(), Some(key)))
}

/// The data nodes above a node, nearest first, without the root.
pub(super) fn ancestors(node: Node<'_>) -> impl Iterator<Item = Node<'_>> {
    let schema = node.schema();
    std::iter::successors(node.data_parent(), move |up| schema.node(*up).data_parent())
        .filter(|up| *up != Schema::ROOT)
        .map(move |up| schema.node(up))
}

/// The key leaves of the lists above a transform node, outermost first, as fields: plain name,
/// step of the instance path, place in the key.
pub(super) fn ancestor_keys(point: Node<'_>) -> Vec<(String, Node<'_>, usize, usize)> {
    let schema = point.schema();
    let mut above: Vec<_> = ancestors(point).collect();
    above.reverse();
    let leaves: Vec<_> = above
        .iter()
        .enumerate()
        .flat_map(|(depth, list)| {
            let keys = list.keys().map(|key| schema.node(key)).enumerate();
            keys.map(move |(at, leaf)| (*list, leaf, depth, at))
        })
        .collect();
    let mut names = super::names::Names::default();
    leaves
        .iter()
        .map(|(list, leaf, depth, at)| {
            let name = plain(leaf.name());
            let is_shared =
                leaves.iter().filter(|(_, other, ..)| plain(other.name()) == name).count() > 1;
            let name = if is_shared { format!("{}_{name}", plain(list.name())) } else { name };
            (ident(&names.take(&[name])), *leaf, *depth, *at)
        })
        .collect()
}
