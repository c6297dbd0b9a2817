//! Who wrote a node, and from which intent it comes.

use std::fmt;
use std::sync::Arc;

use vocab::DeviceName;
use yang::Schema;
use yang_data::{Branch, Content, Key, Origin, Path, Slot};

use crate::state::State;
use crate::system::System;

/// A transform instance as people know it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Owner {
    /// Index of the layer the instance is in.
    pub layer: usize,
    /// The transform's name.
    pub transform: String,
    /// Where the instance is, printed.
    pub instance: String,
}

impl fmt::Display for Owner {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "transform {} of {}", self.transform, self.instance)
    }
}

/// The chain of instances that a node of a layer comes from, nearest writer first, up to the
/// intent. Nodes of layer 0 are written by nobody but the operator: the chain is empty.
pub fn explain(system: &System, state: &State, layer: usize, path: &Path) -> Vec<Owner> {
    chain(system, state, origin_in_layer(system, state, layer, path))
}

/// The chain of instances that a node of a device's target comes from.
pub fn explain_device(
    system: &System,
    state: &State,
    device: &DeviceName,
    path: &Path,
) -> Vec<Owner> {
    let origin = state.device(device).and_then(|target| {
        let schema = system.device_type(target.device_type)?.schema();
        origin_at(schema, &target.config, path)
    });
    chain(system, state, origin)
}

fn chain(system: &System, state: &State, origin: Option<Origin>) -> Vec<Owner> {
    let mut chain = Vec::new();
    let mut pending: Vec<u32> = origin.map_or(Vec::new(), |o| state.ownership.sources_of(&o));
    let mut at = 0;
    while let Some(id) = pending.get(at).copied() {
        at += 1;
        let Some(source) = state.ownership.source(id) else { continue };
        chain.push(owner(system, source.layer, &source.path));
        let above = origin_in_layer(system, state, source.layer, &source.path);
        for id in above.map_or(Vec::new(), |origin| state.ownership.sources_of(&origin)) {
            if !pending.contains(&id) {
                pending.push(id);
            }
        }
    }
    chain
}

fn origin_in_layer(system: &System, state: &State, layer: usize, path: &Path) -> Option<Origin> {
    origin_at(system.layer_schema(layer)?, &state.layers.get(layer)?.tree, path)
}

/// The mark of the node at a path. Containers without presence carry none that means anything:
/// the first node below them speaks for them.
fn origin_at(schema: &Schema, tree: &Branch, path: &Path) -> Option<Origin> {
    let (last, parents) = path.steps().split_last()?;
    let parent = tree.find(parents)?.branch()?;
    let slot = parent.slot(last.node)?;
    match (&slot.content, &last.key) {
        (Content::List(list), Some(key)) => list.get(key).map(|entry| entry.origin),
        (Content::LeafList(list), Some(Key::One(value))) => {
            list.get(value).map(|entry| entry.origin)
        }
        _ => origin_of(schema, slot),
    }
}

fn origin_of(schema: &Schema, slot: &Slot) -> Option<Origin> {
    match &slot.content {
        Content::Container(branch) if !schema.node(slot.node).is_presence() => {
            branch.slots().iter().find_map(|slot| origin_of(schema, slot))
        }
        Content::List(list) => list.iter_by_key().next().map(|entry| entry.origin),
        Content::LeafList(list) => list.iter_by_key().next().map(|entry| entry.origin),
        Content::Container(_) | Content::Leaf(_) | Content::Any(_) => Some(slot.origin),
    }
}

/// An instance as people know it.
pub(crate) fn owner(system: &System, layer: usize, path: &Path) -> Owner {
    let spec = &system.layers[layer];
    let node = path.steps().last().map(|step| step.node);
    let point = node.and_then(|node| spec.point(node));
    Owner {
        layer,
        transform: point.map_or_else(String::new, |point| point.name.clone()),
        instance: print(&spec.schema, path),
    }
}

/// The owner behind an origin; the first of several.
pub(crate) fn owner_of(system: &System, state: &State, origin: Origin) -> Owner {
    let first = state.ownership.sources_of(&origin).first().copied();
    match first.and_then(|id| state.ownership.source(id)) {
        Some(source) => owner(system, source.layer, &source.path),
        None => Owner { layer: 0, transform: String::new(), instance: "the intent".into() },
    }
}

/// A path as people read it.
pub(crate) fn print(schema: &Arc<Schema>, path: &Path) -> String {
    path.text(schema)
}
