//! Attributes of data elements: namespace declarations, operations and places.

use std::borrow::Cow;

use quick_xml::events::BytesStart;
use quick_xml::events::attributes::AttrError;
use yang::{ModuleId, NodeId, NodeKind};

use super::namespaces::Scopes;
use super::{NAMESPACE_NETCONF, NAMESPACE_YANG};
use crate::edit::{Mark, Operation};
use crate::path::key_of_predicates;
use crate::{Fault, Key, Names, Place, Types};

/// Attributes with a meaning for edits, as written.
#[derive(Debug, Default)]
pub(super) struct RawMark {
    operation: Option<String>,
    insert: Option<String>,
    key: Option<String>,
    value: Option<String>,
}

/// Puts an element's declarations in force and keeps what says something about an edit.
pub(super) fn read(
    element: &BytesStart<'_>,
    scopes: &mut Scopes<'_>,
) -> Result<Option<RawMark>, Fault> {
    let mut others = Vec::new();
    for attribute in element.attributes() {
        let attribute = attribute.map_err(|error| syntax(&error))?;
        let name = attribute.key.into_inner();
        let value = unescaped(&attribute.value)?.into_owned();
        if name == "xmlns" {
            scopes.declare("", &value)?;
        } else if let Some(prefix) = name.strip_prefix("xmlns:") {
            scopes.declare(prefix, &value)?;
        } else {
            others.push((name, value));
        }
    }
    let mut mark: Option<RawMark> = None;
    for (name, value) in others {
        let mut keep = |field: fn(&mut RawMark) -> &mut Option<String>| {
            *field(mark.get_or_insert_default()) = Some(value.clone());
        };
        let (namespace, local) = match name.split_once(':') {
            Some((prefix, local)) => match scopes.of_prefix(prefix) {
                Some(namespace) => (namespace.uri.as_str(), local),
                None if prefix == "xml" => continue,
                None => return Err(Fault::UnboundPrefix(prefix.to_owned())),
            },
            None => ("", name),
        };
        // Some clients forget the prefix; to pass over a `delete` would set what is to go.
        match (namespace, local) {
            (NAMESPACE_NETCONF | "", "operation") => keep(|mark| &mut mark.operation),
            (NAMESPACE_YANG, "insert") => keep(|mark| &mut mark.insert),
            (NAMESPACE_YANG, "key") => keep(|mark| &mut mark.key),
            (NAMESPACE_YANG, "value") => keep(|mark| &mut mark.value),
            // Metadata of others (RFC 7952), which may be ignored.
            _ => {}
        }
    }
    Ok(mark)
}

fn syntax(error: &AttrError) -> Fault {
    Fault::Syntax(error.to_string())
}

fn unescaped(value: &str) -> Result<Cow<'_, str>, Fault> {
    quick_xml::escape::unescape(value).map_err(|error| Fault::Syntax(error.to_string()))
}

impl RawMark {
    /// The attribute that has no meaning outside of edits.
    pub(super) fn out_of_place(&self) -> Fault {
        let name = if self.operation.is_some() { "operation" } else { "insert" };
        let reason = "only has a meaning in an edit".to_owned();
        Fault::BadAttribute { name, reason }
    }

    /// The operation and place for a node.
    pub(super) fn resolve(
        &self,
        types: &Types,
        node: NodeId,
        prefixes: &dyn Fn(&str) -> Option<ModuleId>,
    ) -> Result<Mark, Fault> {
        let operation = match &self.operation {
            None => None,
            Some(name) => Some(Operation::named(name).ok_or_else(|| bad("operation", name))?),
        };
        Ok(Mark { operation, place: self.place(types, node, prefixes)? })
    }

    fn place(
        &self,
        types: &Types,
        node: NodeId,
        prefixes: &dyn Fn(&str) -> Option<ModuleId>,
    ) -> Result<Option<Place<Key>>, Fault> {
        let Some(insert) = &self.insert else {
            return match (&self.key, &self.value) {
                (None, None) => Ok(None),
                _ => Err(Fault::BadAttribute {
                    name: "insert",
                    reason: "is missing beside 'key' or 'value'".to_owned(),
                }),
            };
        };
        if !types.schema().node(node).is_user_ordered() {
            let reason = "only for lists and leaf-lists ordered by user".to_owned();
            return Err(Fault::BadAttribute { name: "insert", reason });
        }
        let anchor = || self.anchor(types, node, prefixes);
        Ok(Some(match insert.as_str() {
            "first" => Place::First,
            "last" => Place::Last,
            "before" => Place::Before(anchor()?),
            "after" => Place::After(anchor()?),
            other => return Err(bad("insert", other)),
        }))
    }

    fn anchor(
        &self,
        types: &Types,
        node: NodeId,
        prefixes: &dyn Fn(&str) -> Option<ModuleId>,
    ) -> Result<Key, Fault> {
        let names = Names::Prefixes(prefixes);
        let definition = types.schema().node(node);
        let is_list = definition.kind() == NodeKind::List;
        let name = if is_list { "key" } else { "value" };
        let text = if is_list { &self.key } else { &self.value };
        let text = text.as_deref().ok_or_else(|| Fault::BadAttribute {
            name,
            reason: "is missing beside 'insert'".to_owned(),
        })?;
        let refused = |fault: Fault| Fault::BadAttribute { name, reason: fault.to_string() };
        if is_list {
            return key_of_predicates(types, node, text, names).map_err(refused);
        }
        let ty = definition.type_id().expect("a leaf-list has a type");
        let value = types
            .parse(ty, text, names, definition.module())
            .map_err(|error| refused(error.into()))?;
        Ok(Key::One(value))
    }
}

fn bad(name: &'static str, value: &str) -> Fault {
    Fault::BadAttribute { name, reason: format!("'{value}' is no value for it") }
}
