//! From text to statements: the syntax of RFC 7950 section 6.

mod characters;
pub(crate) mod keyword;
pub(crate) mod parse;
mod quoted;
mod statement;

pub(crate) use keyword::Keyword;
pub use parse::parse;
pub(crate) use parse::{Parsed, parse_file};
pub(crate) use statement::StatementId;
pub use statement::{SourceFile, Statement, Statements};
