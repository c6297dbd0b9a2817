//! The schema tree while it changes: expansion, augments, refines, deviations.

mod augment;
mod deviate;
mod deviate_properties;
mod expand;
mod node;
mod refine;
mod uses;

pub(crate) use augment::apply_augments;
pub(crate) use deviate::apply_deviations;
pub(crate) use expand::{Expansion, expand_modules};
pub(crate) use node::{Extra, ROOT, TreeNode, WhenContext};
