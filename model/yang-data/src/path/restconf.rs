//! The form of resource identifiers of RESTCONF (RFC 8040, 3.5.3).

use yang::{NodeId, NodeKind, Schema};

use super::{Path, STEPS_MAX, Step, suggestion};
use crate::list::{ORDINAL_MAX, ordinal, position_of_ordinal};
use crate::{DataError, Fault, Key, Position, Types, Value, percent};

impl Path {
    /// Reads `module:list=key1,key2/leaf`, percent-encoded; a leading or trailing `/` is ignored
    /// and the empty text is the root. A list or leaf-list without keys may only be the last step
    /// and means all its entries.
    ///
    /// # Errors
    /// When it is no such identifier, or names what the schema lacks, with the offset as column.
    pub fn parse_restconf(types: &Types, text: &str) -> Result<Self, DataError> {
        let trimmed = text.trim_matches('/');
        let mut steps: Vec<Step> = Vec::new();
        if trimmed.is_empty() {
            return Ok(Self(steps));
        }
        for segment in trimmed.split('/') {
            let offset = segment.as_ptr() as usize - text.as_ptr() as usize;
            let step = step(types, steps.last(), segment).map_err(|fault| {
                let path = Self(steps.clone()).text(types.schema());
                DataError { path, position: Some(Position::of(text, offset)), fault }
            })?;
            if steps.len() == STEPS_MAX {
                let path = Self(steps).text(types.schema());
                return Err(DataError::at(path, Fault::TooDeep { limit: STEPS_MAX }));
            }
            steps.push(step);
        }
        Ok(Self(steps))
    }

    /// Writes the form that [`Path::parse_restconf`] reads, without a leading `/`.
    pub fn restconf(&self, schema: &Schema) -> String {
        let mut out = String::new();
        let mut module = None;
        for step in self.steps() {
            let node = schema.node(step.node);
            if !out.is_empty() {
                out.push('/');
            }
            if module != Some(node.module()) {
                out.push_str(node.module_name());
                out.push(':');
            }
            module = Some(node.module());
            out.push_str(node.name());
            if let Some(key) = &step.key {
                push_key(schema, step.node, key, &mut out);
            }
        }
        out
    }
}

fn push_key(schema: &Schema, node: NodeId, key: &Key, out: &mut String) {
    let definition = schema.node(node);
    let keyless = definition.kind() == NodeKind::List && definition.keys().is_empty();
    for (at, value) in key.values().iter().enumerate() {
        out.push(if at == 0 { '=' } else { ',' });
        match value {
            Value::Uint(position) if keyless => out.push_str(&ordinal(*position).to_string()),
            value => percent::encode(&value.text(schema), out),
        }
    }
}

fn step(types: &Types, parent: Option<&Step>, segment: &str) -> Result<Step, Fault> {
    let schema = types.schema();
    if let Some(parent) = parent
        && parent.key.is_none()
        && matches!(schema.node(parent.node).kind(), NodeKind::List | NodeKind::LeafList)
    {
        let name = schema.node(parent.node).name();
        return Err(shape(&format!("{name}=..."), &format!("'{name}' without keys")));
    }
    let (name, keys) = match segment.split_once('=') {
        Some((name, keys)) => (name, Some(keys)),
        None => (segment, None),
    };
    let node = child(schema, parent.map(|step| step.node), &decoded(name)?)?;
    let key = keys.map(|keys| key_of(types, node, keys)).transpose()?;
    Ok(Step { node, key })
}

fn child(schema: &Schema, parent: Option<NodeId>, name: &str) -> Result<NodeId, Fault> {
    let above = parent.unwrap_or(Schema::ROOT);
    let (module, local) = match name.split_once(':') {
        Some((module, local)) => {
            let id = schema
                .module_named(module)
                .ok_or_else(|| Fault::UnknownModule(module.to_owned()))?;
            (Some(id), local)
        }
        None => (parent.map(|id| schema.node(id).module()), name),
    };
    let suggest = || suggestion(schema, above, local);
    let Some(module) = module else {
        return Err(Fault::Unqualified {
            name: local.to_owned(),
            what: "module name",
            suggestion: suggest(),
        });
    };
    schema
        .data_child(above, Some(module), local)
        .ok_or_else(|| Fault::UnknownNode { name: name.to_owned(), suggestion: suggest() })
}

fn key_of(types: &Types, node: NodeId, keys: &str) -> Result<Key, Fault> {
    let schema = types.schema();
    let definition = schema.node(node);
    match definition.kind() {
        NodeKind::LeafList => {
            let text = decoded(keys)?;
            Ok(Key::One(types.parse_leaf(node, &text).map_err(Fault::from)?))
        }
        NodeKind::List if definition.keys().is_empty() => match keys.parse() {
            Ok(place) if (1..=ORDINAL_MAX).contains(&place) => {
                Ok(Key::One(Value::Uint(position_of_ordinal(place))))
            }
            _ => Err(shape(&format!("a place from 1 to {ORDINAL_MAX}"), &format!("'{keys}'"))),
        },
        NodeKind::List => {
            let given: Vec<&str> = keys.split(',').collect();
            let wanted = definition.keys();
            if given.len() != wanted.len() {
                let names: Vec<_> = wanted.map(|leaf| schema.node(leaf).name()).collect();
                return Err(shape(
                    &format!("{} key values ({})", names.len(), names.join(",")),
                    &given.len().to_string(),
                ));
            }
            wanted
                .zip(given)
                .map(|(leaf, text)| types.parse_leaf(leaf, &decoded(text)?).map_err(Fault::from))
                .collect()
        }
        kind => Err(shape(&format!("no key after a {}", kind.keyword()), "a key")),
    }
}

fn decoded(text: &str) -> Result<String, Fault> {
    percent::decode(text).map_err(|error| Fault::Syntax(error.to_string()))
}

fn shape(expected: &str, found: &str) -> Fault {
    Fault::Shape { expected: expected.to_owned(), found: found.to_owned() }
}
