//! Subtree filters (RFC 6241 section 6).

use crate::element::Element;

/// The part of `data` that a subtree filter selects. An empty filter selects nothing
/// (section 6.4.2).
pub(crate) fn select(data: &[Element], filter: &[Element]) -> Vec<Element> {
    let filter: Vec<&Element> = filter.iter().collect();
    data.iter().filter_map(|element| selection(element, &filter).cut(element)).collect()
}

/// Which part of an element is selected.
enum Selection {
    Nothing,
    Whole,
    /// One selection per child.
    Children(Vec<Self>),
}

/// What the sibling set of a filter selects of one element: all of its nodes that fit select, and
/// their selections are united (section 6.2.5).
fn selection(element: &Element, filter: &[&Element]) -> Selection {
    let fitting = filter.iter().filter(|node| fits(element, node));
    fitting.map(|node| node_selection(element, node)).fold(Selection::Nothing, Selection::or)
}

fn node_selection(element: &Element, node: &Element) -> Selection {
    if is_content_match(node) {
        return match holds_here(element, node) {
            true => Selection::Whole,
            false => Selection::Nothing,
        };
    }
    let (matches, selections): (Vec<&Element>, Vec<&Element>) =
        node.children.iter().partition(|child| is_content_match(child));
    // All content matches of a sibling set must hold (section 6.2.5); of a leaf-list one value.
    if !matches.iter().all(|one| holds(element, one)) {
        return Selection::Nothing;
    }
    if selections.is_empty() {
        return Selection::Whole;
    }
    // The leaves that matched are selected too.
    let children = element.children.iter().map(|child| {
        let matched = matches.iter().any(|one| fits(child, one) && holds_here(child, one));
        if matched { Selection::Whole } else { selection(child, &selections) }
    });
    let children: Vec<Selection> = children.collect();
    // A node that only leads to a selection is not there when nothing was selected below it.
    match children.iter().all(|one| matches!(one, Selection::Nothing)) {
        true => Selection::Nothing,
        false => Selection::Children(children),
    }
}

impl Selection {
    /// What either selects.
    fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Whole, _) | (_, Self::Whole) => Self::Whole,
            (Self::Nothing, one) | (one, Self::Nothing) => one,
            (Self::Children(left), Self::Children(right)) => {
                Self::Children(left.into_iter().zip(right).map(|(l, r)| l.or(r)).collect())
            }
        }
    }

    /// The selected part of `element`.
    fn cut(&self, element: &Element) -> Option<Element> {
        match self {
            Self::Nothing => None,
            Self::Whole => Some(element.clone()),
            Self::Children(children) => {
                let mut part = element.shell();
                let parts = element.children.iter().zip(children);
                part.children = parts.filter_map(|(child, one)| one.cut(child)).collect();
                Some(part)
            }
        }
    }
}

/// Whether a filter's node has the name of an element, and attributes that match: configuration
/// has none, so that a node with an attribute matches nothing (section 6.2.2). A node without
/// namespace fits any (section 6.2.1).
fn fits(element: &Element, node: &Element) -> bool {
    let same_namespace =
        node.namespace.is_empty() || node.namespace == BASE || node.namespace == element.namespace;
    let attributes = |one: &(String, String)| element.attributes.contains(one);
    same_namespace && node.local() == element.local() && node.attributes.iter().all(attributes)
}

/// Namespace of the protocol. Clients that leave a filter without namespace get the one of the
/// message around it.
const BASE: &str = "urn:ietf:params:xml:ns:netconf:base:1.0";

/// A leaf of the filter with text (section 6.2.5).
fn is_content_match(node: &Element) -> bool {
    node.children.is_empty() && !node.text.trim().is_empty()
}

fn holds(element: &Element, content_match: &Element) -> bool {
    element
        .children
        .iter()
        .any(|child| fits(child, content_match) && holds_here(child, content_match))
}

fn holds_here(leaf: &Element, content_match: &Element) -> bool {
    leaf.children.is_empty() && leaf.text.trim() == content_match.text.trim()
}

#[cfg(test)]
mod tests;
