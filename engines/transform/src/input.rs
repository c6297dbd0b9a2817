//! What a transform is given and what it gives back, without types of its own.

use std::sync::Arc;

use vocab::DeviceFacts;
use yang::Schema;
use yang_data::{Branch, Origin, Path};

/// The input of one run of one transform instance.
#[derive(Debug)]
pub struct TransformInput<'a> {
    /// Schema of the instance's layer.
    pub schema: &'a Arc<Schema>,
    /// Where the instance is, with the keys of its ancestors.
    pub path: &'a Path,
    /// Its merged input: the children of the list entry or container. Subtrees that belong to
    /// transform nodes below it are present but must not be read.
    pub branch: &'a Branch,
    /// What its links lead to, ascending by tag and path.
    pub links: &'a [LinkedEntry<'a>],
    /// What it remembered at its last run.
    pub memory: Option<&'a Branch>,
    /// What the world told it since.
    pub dynamic_state: Option<&'a Branch>,
    /// The device that is configured, for device transforms.
    pub device: Option<&'a DeviceFacts>,
    /// The mark that every node of the output must carry.
    pub origin: Origin,
}

/// One node that a link of the instance leads to.
#[derive(Debug)]
pub struct LinkedEntry<'a> {
    /// The link's tag.
    pub tag: &'a str,
    /// Where the target is.
    pub path: Path,
    /// The target's children.
    pub branch: &'a Branch,
}

/// Which schema an output is an instance of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SchemaKey {
    /// The next layer.
    NextLayer,
    /// The configuration of devices of this type.
    Device(&'static str),
}

/// The output of one run.
#[derive(Clone, Debug)]
pub struct TransformOutput {
    /// What `branch` is an instance of.
    pub schema: SchemaKey,
    /// The root's children, all marked with the input's origin.
    pub branch: Branch,
    /// What to remember until the next run.
    pub memory: Option<Branch>,
}

/// A transform: a pure function. It may be called at any time, also to no effect.
pub type TransformFn =
    Arc<dyn Fn(&TransformInput<'_>) -> Result<TransformOutput, Refusal> + Send + Sync>;

/// Why a transform cannot work its input down.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// A mandatory part of the input is not there (yet).
    #[error("{path} is missing")]
    Incomplete {
        /// The missing node's schema path.
        path: String,
    },
    /// A part of the input has a value the transform has no meaning for.
    #[error("{path}: {message}")]
    Invalid {
        /// The node at fault.
        path: String,
        /// What is wrong, and what would be right.
        message: String,
    },
    /// The device is of a kind the transform has no configuration for.
    #[error("{message}")]
    Unsupported {
        /// Which kind, and which ones are known.
        message: String,
    },
}
