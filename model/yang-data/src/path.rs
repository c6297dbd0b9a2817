//! Instance paths: where in a data tree.
//!
//! They have two text forms: the one of instance-identifiers in JSON and of XPath,
//! `/module:list[key='value']/leaf` (RFC 7951, 6.11), and that of RESTCONF resources,
//! `module:list=value/leaf` (RFC 8040, 3.5.3).

mod prefixed;
mod print;
mod raw;
mod resolve;
mod restconf;

use yang::NodeId;

use crate::Key;

pub(crate) use prefixed::{prefixed, prefixed_predicates};
pub(crate) use print::{push_step, push_step_key};
pub(crate) use raw::requalify;
pub(crate) use resolve::{key_of_predicates, suggestion};

/// Steps of a path that is read from text at most.
pub(crate) const STEPS_MAX: usize = 256;

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

#[cfg(test)]
mod tests;
