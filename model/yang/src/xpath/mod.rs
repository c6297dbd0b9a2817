//! XPath 1.0 as YANG uses it (RFC 7950 6.4, 10): syntax tree and parser, no evaluation.

mod ast;
mod lexer;
mod parse;
#[cfg(test)]
mod tests;

pub use ast::{ArithmeticOp, Axis, Call, CompareOp, Expr, Function, NodeTest, Path, Start, Step};
pub use parse::{Scope, XPathError, XPathErrorKind, parse};
