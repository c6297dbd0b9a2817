//! Instance paths: where in a data tree.

use yang::NodeId;

use crate::Key;

/// One step of a [`Path`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Step {
    /// The schema node.
    pub node: NodeId,
    /// The entry, for lists and leaf-lists; `None` there means all entries.
    pub key: Option<Key>,
}

/// A path from the root of a data tree to an instance. Choices and cases do not appear.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Path(pub Vec<Step>);

impl Path {
    /// The root.
    pub const ROOT: Self = Self(Vec::new());

    /// The steps from the root down.
    pub fn steps(&self) -> &[Step] {
        &self.0
    }

    /// This path with one more step to a container or leaf.
    #[must_use]
    pub fn child(&self, node: NodeId) -> Self {
        self.join(Step { node, key: None })
    }

    /// This path with one more step to a list or leaf-list entry.
    #[must_use]
    pub fn entry(&self, node: NodeId, key: Key) -> Self {
        self.join(Step { node, key: Some(key) })
    }

    /// Whether the instance at `other` is this one or below it.
    pub fn contains(&self, other: &Self) -> bool {
        other.0.starts_with(&self.0)
    }

    fn join(&self, step: Step) -> Self {
        let mut steps = Vec::with_capacity(self.0.len() + 1);
        steps.extend_from_slice(&self.0);
        steps.push(step);
        Self(steps)
    }
}
