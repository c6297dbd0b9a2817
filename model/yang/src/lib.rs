//! YANG 1.0 and 1.1 compiler (RFC 6020, RFC 7950): texts in, resolved schema out.

mod compile;
mod diagnostic;
mod grammar;
mod hash;
mod identity;
mod lenient;
pub mod limits;
mod link;
mod options;
mod output;
mod pattern;
mod report;
mod schema;
mod source;
mod status;
mod tree;
mod types;
pub mod xpath;

pub use compile::{Compiled, Compiler, Resolver};
pub use diagnostic::{Diagnostic, Severity};
pub use lenient::{Lenient, Quirk};
pub use options::{FeatureSet, Options};
pub use schema::{
    CacheError, Children, DataChildren, Extension, IdList, Identity, IdentityId, Module, ModuleId,
    Must, Node, NodeId, NodeKind, Pattern, Restriction, Schema, Status, Type, TypeId, TypeKind,
    When,
};
pub use source::{SourceFile, Statement, Statements, parse};
