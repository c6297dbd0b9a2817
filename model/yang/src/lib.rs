//! YANG 1.0 and 1.1 compiler (RFC 6020, RFC 7950): texts in, resolved schema out.
//!
//! ```
//! use yang::{Compiler, Options};
//!
//! let mut compiler = Compiler::new(Options::default());
//! compiler.add(
//!     "door.yang",
//!     "module door { namespace urn:door; prefix d; leaf open { type boolean; } }",
//! );
//! let compiled = compiler.compile();
//! let schema = compiled.schema.ok_or(compiled.diagnostics).expect("the module is fine");
//! let leaf = schema.find("/door:open").expect("it has this leaf");
//! assert_eq!(schema.node(leaf).name(), "open");
//! ```
//!
//! # Stages
//! 1. `source` parses each text into a flat array of statements that borrow from it; `grammar`
//!    compares them with the tables of the RFC.
//! 2. `link` joins files to modules, resolves imports and includes, collects definitions,
//!    evaluates features. From here on nothing about the texts changes.
//! 3. `identity` and `types` resolve definitions; a `type` statement is resolved once, however
//!    often its grouping is used.
//! 4. `tree` expands data definitions into an arena: `uses` with refines, then augments in rounds,
//!    then deviations. Groupings are read from their statements each time, never copied.
//! 5. `output` numbers the nodes in schema order, checks what needs the whole tree, follows
//!    leafrefs, puts defaults into canonical form and writes the tables of `schema`.
//!
//! # Diagnostics
//! Every stage reports all it finds and goes on. A text that cannot be parsed to its end stops the
//! compilation after the first stage, for the other texts would only raise false alarms. What
//! vendors are known to violate is a [`Quirk`]: an error by default, a warning where [`Lenient`]
//! allows it.
//!
//! # Schema
//! A [`Schema`] is tables of numbers and one text, without addresses: [`Schema::to_bytes`] writes
//! them, [`Schema::from_bytes`] opens and verifies them. Expressions of `must`, `when` and `path`
//! are kept as text and parsed at first use.
//!
//! # Not here
//! Values are not matched against patterns, not even defaults, and expressions are not evaluated:
//! that is for whoever holds data. XPath names that lead to no node are not reported.

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
