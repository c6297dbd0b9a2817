//! Rust types for the schema subtrees that transforms read and write.
