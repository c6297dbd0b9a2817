//! Where a new entry goes in a list in the user's order: `insert` and `point`, `where` and
//! `point`.

use yang::NodeId;
use yang_data::{Key, Path, Place, Types};

use crate::problem::Problem;
use crate::query::Insert;

/// Makes a place from its two parts. `target` is the list or leaf-list entry that is put there;
/// `point` names an entry of the same list.
///
/// # Errors
/// When the list is not in the user's order, or the parts do not fit each other or the target.
pub(crate) fn place(
    types: &Types,
    target: (&Path, NodeId),
    insert: Insert,
    point: Option<&str>,
) -> Result<Place<Key>, Problem> {
    let (parent, node) = target;
    let schema = types.schema();
    let definition = schema.node(node);
    if !definition.is_user_ordered() {
        let message = format!("'{}' is in no order of the user's: no 'insert'", definition.name());
        return Err(refused(message));
    }
    match (insert, point) {
        (Insert::First, None) => Ok(Place::First),
        (Insert::Last, None) => Ok(Place::Last),
        (Insert::Before, Some(point)) => anchor(types, parent, node, point).map(Place::Before),
        (Insert::After, Some(point)) => anchor(types, parent, node, point).map(Place::After),
        (Insert::First | Insert::Last, Some(_)) => {
            Err(refused("a 'point' belongs to 'before' and 'after' only"))
        }
        (Insert::Before | Insert::After, None) => {
            Err(refused("'before' and 'after' need a 'point'"))
        }
    }
}

fn anchor(types: &Types, parent: &Path, node: NodeId, point: &str) -> Result<Key, Problem> {
    let point = Path::parse_restconf(types, point).map_err(|error| Problem::from(&error))?;
    let Some((last, above)) = point.steps().split_last() else {
        return Err(refused("the 'point' is the root"));
    };
    match &last.key {
        Some(key) if above == parent.steps() && last.node == node => Ok(key.clone()),
        _ => {
            let path = point.text(types.schema());
            Err(refused(format!("the 'point' {path} is no entry of the same list")))
        }
    }
}

fn refused(message: impl Into<String>) -> Problem {
    Problem::protocol(400, "invalid-value", message)
}
