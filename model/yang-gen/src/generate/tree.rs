//! Which nodes of a schema have a place in generated types, and when they must be there.

use yang::{Node, NodeId, NodeKind, Schema};

/// The module that defines the marks.
pub(super) const MARKS: &str = "weft";

/// The name of the transform node that this is.
pub(super) fn transform_name(node: Node<'_>) -> Option<&str> {
    node.extension(MARKS, "transform")
        .or_else(|| node.extension(MARKS, "device-transform"))
        .map(|mark| mark.argument().unwrap_or(node.name()))
}

/// A container that belongs to the transform, not to its input.
pub(super) fn is_set_apart(node: Node<'_>) -> bool {
    node.extension(MARKS, "memory").is_some() || node.extension(MARKS, "dynamic-state").is_some()
}

/// Which kinds of nodes are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// Configuration that a transform reads: without the transform nodes inside.
    Input,
    /// Configuration that a transform writes: with the transform nodes that are to read it.
    Output,
    /// What a transform reads of memory and dynamic state: state as well.
    All,
}

/// Children of a node that belong to the type generated for it: no memory or dynamic state of a
/// transform, no containers without content.
pub(super) fn members(schema: &Schema, parent: NodeId, wanted: Wanted) -> Vec<Node<'_>> {
    let children = schema.node(parent).data_children().map(|child| schema.node(child));
    children.filter(|child| is_member(*child, wanted)).collect()
}

fn is_member(node: Node<'_>, wanted: Wanted) -> bool {
    let is_wanted = match wanted {
        Wanted::Input => node.is_config() && transform_name(node).is_none(),
        Wanted::Output => node.is_config(),
        Wanted::All => transform_name(node).is_none(),
    };
    is_wanted && !is_set_apart(node) && has_content(node, wanted)
}

fn has_content(node: Node<'_>, wanted: Wanted) -> bool {
    let has_members = || {
        let mut children = node.data_children().map(|child| node.schema().node(child));
        children.any(|child| is_member(child, wanted))
    };
    node.kind() != NodeKind::Container || node.is_presence() || has_members()
}

/// Under which condition a node has its place in data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Due {
    /// Always, once its parent is there.
    Always,
    /// While a `when` expression is true.
    When,
    /// While a case is selected: a Rust expression over `from`.
    Case(String),
}

/// When a node is due among the children of its data parent.
pub(super) fn due(node: Node<'_>) -> Due {
    match case_of(node).map(selected) {
        Some(expression) => Due::Case(expression),
        None if node.whens().next().is_some() => Due::When,
        None => Due::Always,
    }
}

fn case_of(node: Node<'_>) -> Option<Node<'_>> {
    let parent = node.schema().node(node.parent()?);
    (parent.kind() == NodeKind::Case).then_some(parent)
}

/// Whether a case is the one selected: some node of it is there; or it is the default and no
/// node of the choice is there, and the choice is due itself (RFC 7950, section 7.9.3).
fn selected(case: Node<'_>) -> String {
    let (first, end) = (case.id().index() + 1, case.end().index());
    let has_any = format!("from.has_any({first}, {end})");
    let Some(choice) = case.parent().map(|choice| case.schema().node(choice)) else {
        return has_any;
    };
    if choice.default_case() != Some(case.id()) {
        return has_any;
    }
    let (first, end) = (choice.id().index() + 1, choice.end().index());
    match case_of(choice).map(selected) {
        None => format!("{has_any} || !from.has_any({first}, {end})"),
        Some(outer) => format!("{has_any} || !from.has_any({first}, {end}) && ({outer})"),
    }
}

/// Whether the node itself, or something it cannot be without, must be there whenever its
/// parent is.
pub(super) fn is_required(node: Node<'_>) -> bool {
    if due(node) != Due::Always {
        return false;
    }
    match node.kind() {
        NodeKind::Container => !node.is_presence() && requires_content(node),
        NodeKind::List | NodeKind::LeafList => node.min_elements() > 0,
        _ => node.is_mandatory(),
    }
}

/// Whether a container cannot be empty.
pub(super) fn requires_content(container: Node<'_>) -> bool {
    members(container.schema(), container.id(), Wanted::All).into_iter().any(is_required)
        || mandatory_choices(container).next().is_some()
}

/// Mandatory choices right below a node that are always due.
pub(super) fn mandatory_choices(node: Node<'_>) -> impl Iterator<Item = Node<'_>> {
    let schema = node.schema();
    node.children().map(move |child| schema.node(child)).filter(move |child| {
        child.kind() == NodeKind::Choice
            && child.is_mandatory()
            && child.whens().next().is_none()
            && child.is_config()
    })
}

/// Leaves that an instance of a presence container cannot be without: its own and those in
/// containers without presence.
pub(super) fn mandatory_leaves(container: Node<'_>) -> Vec<Node<'_>> {
    let schema = container.schema();
    let mut leaves = Vec::new();
    for member in members(schema, container.id(), Wanted::Output) {
        match member.kind() {
            NodeKind::Leaf if is_required(member) => leaves.push(member),
            NodeKind::Container if is_required(member) => leaves.extend(mandatory_leaves(member)),
            _ => {}
        }
    }
    leaves
}
