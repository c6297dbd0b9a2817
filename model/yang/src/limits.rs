//! Every bound of the compiler, by name. Input beyond a bound yields a diagnostic, never a hang.

/// Longest text of one module, in bytes (the largest vendor file known is 10 MB).
pub const SOURCE_BYTES_MAX: usize = 128 << 20;
/// Deepest nesting of statements in one file.
pub const STATEMENT_DEPTH_MAX: usize = 256;
/// Modules and submodules in one compilation.
pub const SOURCES_MAX: usize = 16_384;
/// Deepest nesting of one XPath expression.
pub const XPATH_DEPTH_MAX: usize = 64;
/// Operators in one XPath expression.
pub const XPATH_OPERATORS_MAX: usize = 4_000;
/// Longest XPath expression, in bytes.
pub const XPATH_BYTES_MAX: usize = 64 << 10;
/// Deepest nesting of schema nodes after all groupings are expanded.
pub const SCHEMA_DEPTH_MAX: usize = 512;
/// Schema nodes in one compilation, after all groupings are expanded.
pub const SCHEMA_NODES_MAX: usize = 4_000_000;
/// Longest chain of typedefs.
pub const TYPEDEF_CHAIN_MAX: usize = 128;
/// Deepest nesting of unions.
pub const UNION_DEPTH_MAX: usize = 32;
/// Longest chain of leafrefs that point at leafrefs.
pub const LEAFREF_CHAIN_MAX: usize = 64;
/// Deepest nesting of an `if-feature` expression.
pub const FEATURE_DEPTH_MAX: usize = 64;
/// Diagnostics kept for one file; the last one kept says that more were left off.
pub const DIAGNOSTICS_PER_FILE_MAX: usize = 1_000;
/// Rounds over the augments that found no target yet; each round must place at least one.
pub const AUGMENT_ROUNDS_MAX: usize = 1_024;
