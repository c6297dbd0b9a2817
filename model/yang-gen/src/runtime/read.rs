//! Strict reading of inputs: what is mandatory must be there, defaults are filled in.

use std::collections::BTreeMap;
use std::sync::Arc;

use yang::{NodeId, Schema};
use yang_data::{AnyData, Branch, Content, Entry, Path, Step};

use super::Scalar;
use super::embedded::node;

/// What is wrong with an input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault(Box<FaultParts>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct FaultParts {
    kind: FaultKind,
    /// Schema node of the part at fault.
    node: NodeId,
    /// Where reading started.
    below: Path,
    /// List entries on the way, innermost first.
    entries: Vec<Step>,
}

/// How an input can be wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// It is mandatory and not there.
    Missing,
    /// It has a value of another type than its schema node.
    Mistyped,
    /// Nothing is known of the device that it is to configure.
    NoDevice,
}

impl Fault {
    #[cold]
    fn new(kind: FaultKind, at: u32) -> Self {
        let (node, below) = (node(at), Path::ROOT);
        Self(Box::new(FaultParts { kind, node, below, entries: Vec::new() }))
    }

    fn missing(node: u32) -> Self {
        Self::new(FaultKind::Missing, node)
    }

    fn mistyped(node: u32) -> Self {
        Self::new(FaultKind::Mistyped, node)
    }

    /// The transform at this node needs to know its device.
    pub fn no_device(node: u32) -> Self {
        Self::new(FaultKind::NoDevice, node)
    }

    /// The same, with the instance in whose children it was found.
    #[must_use]
    #[cold]
    pub fn below(mut self, path: &Path) -> Self {
        self.0.below = path.clone();
        self
    }

    #[cold]
    fn in_entry(mut self, list: u32, entry: &Entry) -> Self {
        self.0.entries.push(Step { node: node(list), key: Some(entry.key_value()) });
        self
    }

    /// How it is wrong, and the path of the part at fault, with the keys of the list entries on the
    /// way as far as they are known. A choice is named behind its parent.
    pub fn explained(self, schema: &Schema) -> (FaultKind, String) {
        (self.0.kind, self.path(schema))
    }

    fn path(&self, schema: &Schema) -> String {
        let FaultParts { node, below, entries, .. } = &*self.0;
        let is_choice = schema.node(*node).kind().is_choice_or_case();
        let lowest = if is_choice { schema.node(*node).data_parent() } else { Some(*node) };
        let above = below.steps().last().map(|step| step.node);
        let way = std::iter::successors(lowest, |at| schema.node(*at).data_parent())
            .take_while(|at| Some(*at) != above && *at != Schema::ROOT);
        let mut steps: Vec<_> = way
            .map(|node| {
                let entry = entries.iter().find(|entry| entry.node == node);
                entry.cloned().unwrap_or(Step { node, key: None })
            })
            .collect();
        steps.extend(below.steps().iter().rev().cloned());
        steps.reverse();
        let path = Path(steps).text(schema);
        match is_choice {
            true => format!("{}/{}", path.trim_end_matches('/'), schema.node(*node).name()),
            false => path,
        }
    }
}

/// The children of a container or list entry; those of an absent container are none.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a>(Option<&'a Branch>);

impl<'a> From<&'a Branch> for Source<'a> {
    fn from(branch: &'a Branch) -> Self {
        Self(Some(branch))
    }
}

impl<'a> Source<'a> {
    /// A leaf, if it is there.
    pub fn leaf<T: Scalar>(self, leaf: u32) -> Result<Option<T>, Fault> {
        let value = self.0.and_then(|branch| branch.leaf(node(leaf)));
        value.map(|value| T::from_value(value).ok_or_else(|| Fault::mistyped(leaf))).transpose()
    }

    /// A leaf that must be there.
    pub fn required<T: Scalar>(self, leaf: u32) -> Result<T, Fault> {
        self.leaf(leaf)?.ok_or_else(|| Fault::missing(leaf))
    }

    /// A leaf that has a default while its case is selected.
    pub fn leaf_or<T: Scalar>(
        self,
        leaf: u32,
        is_selected: bool,
        default: impl FnOnce() -> T,
    ) -> Result<Option<T>, Fault> {
        Ok(self.leaf(leaf)?.or_else(|| is_selected.then(default)))
    }

    /// A leaf that must be there under a condition.
    pub fn required_if<T: Scalar>(self, leaf: u32, is_due: bool) -> Result<Option<T>, Fault> {
        let value = self.leaf(leaf)?;
        if is_due && value.is_none() { Err(Fault::missing(leaf)) } else { Ok(value) }
    }

    /// The entries of a leaf-list, in their order.
    pub fn leaf_list<T: Scalar>(self, leaves: u32) -> Result<Vec<T>, Fault> {
        let list = self.0.and_then(|branch| branch.leaf_list(node(leaves)));
        let Some(list) = list else { return Ok(Vec::new()) };
        list.iter()
            .map(|entry| T::from_value(&entry.value).ok_or_else(|| Fault::mistyped(leaves)))
            .collect()
    }

    /// The entries of a list, in their order.
    pub fn list<T>(
        self,
        list: u32,
        read: fn(Source<'_>) -> Result<T, Fault>,
    ) -> Result<Vec<T>, Fault> {
        self.first_entries(list, usize::MAX, read)
    }

    /// The first `count` entries of a list, in their order.
    pub fn first_entries<T>(
        self,
        list: u32,
        count: usize,
        read: fn(Source<'_>) -> Result<T, Fault>,
    ) -> Result<Vec<T>, Fault> {
        let entries = self.0.and_then(|branch| branch.list(node(list)));
        let Some(entries) = entries else { return Ok(Vec::new()) };
        entries
            .iter()
            .take(count)
            .map(|entry| read((&entry.branch).into()).map_err(|fault| fault.in_entry(list, entry)))
            .collect()
    }

    /// The children of a container.
    pub fn container(self, container: u32) -> Self {
        Self(self.0.and_then(|branch| branch.container(node(container))))
    }

    /// A container that is there or not.
    pub fn present<T>(
        self,
        container: u32,
        read: fn(Source<'_>) -> Result<T, Fault>,
    ) -> Result<Option<T>, Fault> {
        match self.container(container) {
            Self(None) => Ok(None),
            children => read(children).map(Some),
        }
    }

    /// A container without presence that counts while its case is selected.
    pub fn selected<T>(
        self,
        container: u32,
        is_selected: bool,
        read: fn(Source<'_>) -> Result<T, Fault>,
    ) -> Result<Option<T>, Fault> {
        is_selected.then(|| read(self.container(container))).transpose()
    }

    /// Uninterpreted content.
    pub fn any(self, any: u32) -> Option<Arc<AnyData>> {
        match self.0?.content(node(any))? {
            Content::Any(data) => Some(Arc::clone(data)),
            _ => None,
        }
    }

    /// Refuses the absence of uninterpreted content.
    pub fn require_any(self, any: u32) -> Result<(), Fault> {
        if self.any(any).is_some() { Ok(()) } else { Err(Fault::missing(any)) }
    }

    /// Whether there is a child from the node `first` up to the node before `end`: what a case
    /// or choice consists of.
    pub fn has_any(self, first: u32, end: u32) -> bool {
        let Some(branch) = self.0 else { return false };
        let at = branch.slots().partition_point(|slot| slot.node < node(first));
        branch.slots().get(at).is_some_and(|slot| slot.node < node(end))
    }

    /// Refuses a choice, from the node `first` up to the node before `end`, without any content.
    pub fn require_choice(self, choice: u32, end: u32) -> Result<(), Fault> {
        if self.has_any(choice, end) { Ok(()) } else { Err(Fault::missing(choice)) }
    }

    /// Refuses a list or leaf-list with fewer entries than it must have.
    pub fn require_entries(self, list: u32, least: usize) -> Result<(), Fault> {
        let entries = match self.0.and_then(|branch| branch.content(node(list))) {
            Some(Content::List(list)) => list.len(),
            Some(Content::LeafList(list)) => list.len(),
            _ => 0,
        };
        if entries < least { Err(Fault::missing(list)) } else { Ok(()) }
    }
}

/// A key leaf of the list entry at step `depth` of an instance path: the one at place `at`.
pub fn key_leaf<T: Scalar>(path: &Path, depth: usize, at: usize, leaf: u32) -> Result<T, Fault> {
    let key = path.steps().get(depth).and_then(|step| step.key.as_ref());
    let value = key.and_then(|key| key.values().get(at)).ok_or_else(|| Fault::missing(leaf))?;
    T::from_value(value).ok_or_else(|| Fault::mistyped(leaf))
}

/// The one target of a link, if it exists.
pub fn link<'a, T>(
    mut targets: impl Iterator<Item = (&'a Path, &'a Branch)>,
    read: fn(Source<'_>) -> Result<T, Fault>,
) -> Result<Option<T>, Fault> {
    let target = targets.next();
    target.map(|(path, branch)| read(branch.into()).map_err(|fault| fault.below(path))).transpose()
}

/// The targets of a link to list entries, by the entries' one key leaf.
pub fn links<'a, K: Scalar + Ord, T>(
    targets: impl Iterator<Item = (&'a Path, &'a Branch)>,
    leaf: u32,
    read: fn(Source<'_>) -> Result<T, Fault>,
) -> Result<BTreeMap<K, T>, Fault> {
    targets
        .map(|(path, branch)| {
            let last = path.steps().len().saturating_sub(1);
            let target = read(branch.into()).map_err(|fault| fault.below(path))?;
            Ok((key_leaf(path, last, 0, leaf)?, target))
        })
        .collect()
}
