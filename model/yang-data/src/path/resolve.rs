//! Instance paths from text, checked against the schema.

use yang::{ModuleId, NodeId, NodeKind, Schema};

use super::raw::{RawName, RawPredicate, Scanner};
use super::{Path, Step};
use crate::list::{ORDINAL_MAX, position_of_ordinal};
use crate::{DataError, Fault, Key, Names, Position, Types, Value};

impl Path {
    /// Reads the form `/module:list[key='value']/leaf`. Later names may leave their module out
    /// when it is their parent's; so may the first one when only one module has it. Keys may be in
    /// any order; a list without keys in the path means all its entries.
    ///
    /// # Errors
    /// When it is no such path, or names what the schema lacks, with the offset as column.
    pub fn parse(types: &Types, text: &str) -> Result<Self, DataError> {
        Self::parse_named(types, text, Names::Modules)
    }

    pub(crate) fn parse_named(
        types: &Types,
        text: &str,
        names: Names<'_>,
    ) -> Result<Self, DataError> {
        let steps = Scanner::new(text)
            .steps()
            .map_err(|(at, message)| fail(text, at, at, Fault::Syntax(message)))?;
        let mut path = Vec::with_capacity(steps.len());
        let mut parent = Schema::ROOT;
        let mut start = 0;
        for raw in &steps {
            let node = child(types, parent, raw.name, names)
                .map_err(|fault| fail(text, start, start, fault))?;
            let key = key_of(types, node, &raw.predicates, names)
                .map_err(|fault| fail(text, raw.end, start, fault))?;
            path.push(Step { node, key });
            parent = node;
            start = raw.end;
        }
        Ok(Self(path))
    }
}

/// An error at an offset; its path is the text up to `good`.
fn fail(text: &str, good: usize, at: usize, fault: Fault) -> DataError {
    let path = match text.get(..good) {
        None | Some("") => "/",
        Some(path) => path,
    };
    DataError { path: path.to_owned(), position: Some(Position::of(text, at)), fault }
}

fn child(
    types: &Types,
    parent: NodeId,
    name: RawName<'_>,
    names: Names<'_>,
) -> Result<NodeId, Fault> {
    let schema = types.schema();
    let module = module_of(schema, name, names)?;
    let home = (parent != Schema::ROOT).then(|| schema.node(parent).module());
    schema
        .data_child(parent, module.or(home), name.name)
        .or_else(|| {
            // A hand-written path may leave the module of an augment out.
            schema.data_child(parent, module, name.name)
        })
        .ok_or_else(|| Fault::UnknownNode {
            name: match name.qualifier {
                Some(qualifier) => format!("{qualifier}:{}", name.name),
                None => name.name.to_owned(),
            },
            suggestion: suggestion(schema, parent, name.name),
        })
}

fn module_of(
    schema: &Schema,
    name: RawName<'_>,
    names: Names<'_>,
) -> Result<Option<ModuleId>, Fault> {
    match (name.qualifier, names) {
        (None, Names::Modules) => Ok(None),
        (None, Names::Prefixes(resolve)) => Ok(resolve("")),
        (Some(module), Names::Modules) => match schema.module_named(module) {
            Some(module) => Ok(Some(module)),
            None => Err(Fault::UnknownModule(module.to_owned())),
        },
        (Some(prefix), Names::Prefixes(resolve)) => match resolve(prefix) {
            Some(module) => Ok(Some(module)),
            None => Err(Fault::UnboundPrefix(prefix.to_owned())),
        },
    }
}

fn key_of(
    types: &Types,
    node: NodeId,
    predicates: &[RawPredicate<'_>],
    names: Names<'_>,
) -> Result<Option<Key>, Fault> {
    if predicates.is_empty() {
        return Ok(None);
    }
    let schema = types.schema();
    let definition = schema.node(node);
    let keys = definition.keys();
    match (definition.kind(), predicates) {
        (NodeKind::LeafList, [RawPredicate::Itself(text)]) => {
            Ok(Some(Key::One(value(types, node, text, names)?)))
        }
        (NodeKind::List, [RawPredicate::Place(place)]) if keys.is_empty() => {
            if *place > ORDINAL_MAX {
                return Err(shape(&format!("a place from 1 to {ORDINAL_MAX}"), &place.to_string()));
            }
            Ok(Some(Key::One(Value::Uint(position_of_ordinal(*place)))))
        }
        (NodeKind::List, predicates) if !keys.is_empty() => {
            for predicate in predicates {
                let RawPredicate::Key(name, _) = predicate else {
                    return Err(shape("[key='value']", "another predicate"));
                };
                if !keys.clone().any(|key| schema.node(key).name() == name.name) {
                    return Err(shape("a key of the list", &format!("'{}'", name.name)));
                }
            }
            keys.map(|leaf| key_value(types, leaf, predicates, names))
                .collect::<Result<_, _>>()
                .map(|values: Vec<Value>| Some(values.into_iter().collect()))
        }
        (NodeKind::LeafList, _) => Err(shape("[.='value']", "another predicate")),
        (kind, _) => Err(shape(&format!("no predicate after a {}", kind.keyword()), "a predicate")),
    }
}

/// The value that the predicates, which must agree, give for one key leaf.
fn key_value(
    types: &Types,
    leaf: NodeId,
    predicates: &[RawPredicate<'_>],
    names: Names<'_>,
) -> Result<Value, Fault> {
    let name = types.schema().node(leaf).name();
    let mut given = predicates.iter().filter_map(|predicate| match predicate {
        RawPredicate::Key(key, text) if key.name == name => Some(text),
        _ => None,
    });
    let text = given.next().ok_or_else(|| Fault::MissingKey(name.to_owned()))?;
    if given.next().is_some() {
        return Err(shape("each key once", &format!("'{name}' twice")));
    }
    value(types, leaf, text, names)
}

fn value(types: &Types, node: NodeId, text: &str, names: Names<'_>) -> Result<Value, Fault> {
    let definition = types.schema().node(node);
    let ty = definition.type_id().ok_or_else(|| shape("a leaf", definition.kind().keyword()))?;
    types.parse(ty, text, names, definition.module()).map_err(Fault::from)
}

fn shape(expected: &str, found: &str) -> Fault {
    Fault::Shape { expected: expected.to_owned(), found: found.to_owned() }
}

/// The key that predicates like `[a='1'][b='2']` give for a list (the `key` attribute of
/// RFC 7950, 7.8.6).
pub(crate) fn key_of_predicates(
    types: &Types,
    list: NodeId,
    text: &str,
    names: Names<'_>,
) -> Result<Key, Fault> {
    let predicates = Scanner::new(text)
        .only_predicates()
        .map_err(|(_, message)| Fault::Syntax(format!("'{text}': {message}")))?;
    let key = key_of(types, list, &predicates, names)?;
    key.ok_or_else(|| shape("a key", "nothing"))
}

/// A child whose name is close to a name that no child has.
pub(crate) fn suggestion(schema: &Schema, parent: NodeId, name: &str) -> Option<String> {
    let qualified = |id: NodeId| {
        let node = schema.node(id);
        format!("{}:{}", node.module_name(), node.name())
    };
    if let Some(elsewhere) = schema.data_child(parent, None, name) {
        return Some(qualified(elsewhere));
    }
    schema
        .node(parent)
        .data_children()
        .map(|id| (edits(schema.node(id).name(), name), id))
        .min()
        .filter(|(distance, _)| *distance <= 2 && *distance * 3 <= name.chars().count())
        .map(|(_, id)| schema.node(id).name().to_owned())
}

/// Characters beyond which names are not compared.
const COMPARED_CHARS_MAX: usize = 64;

/// Levenshtein distance; large for long names.
fn edits(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    if right.len() > COMPARED_CHARS_MAX || left.len() > COMPARED_CHARS_MAX {
        return usize::MAX;
    }
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (i, a) in left.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, b) in right.iter().enumerate() {
            let replaced = diagonal + usize::from(a != *b);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[right.len()]
}
