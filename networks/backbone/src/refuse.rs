//! Refusals that say which leaf is at fault.

use transform::Refusal;
use yang::Schema;
use yang_data::Path;

/// A value that has no meaning for the network: `leaf` is its place below the instance.
pub(crate) fn invalid(
    schema: &Schema,
    instance: &Path,
    leaf: &str,
    message: impl Into<String>,
) -> Refusal {
    let path = format!("{}/{leaf}", instance.text(schema));
    Refusal::Invalid { path, message: message.into() }
}
