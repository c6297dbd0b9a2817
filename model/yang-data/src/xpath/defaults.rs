//! What the schema alone puts into a tree: default values, typed once.

use std::collections::BTreeMap;
use std::sync::Arc;

use yang::{NodeId, NodeKind, Schema};

use crate::text::Types;
use crate::{Branch, Value};

/// Default values of a schema's leaves and leaf-lists, ready for use: make it once per schema.
#[derive(Debug)]
pub struct Defaults {
    types: Arc<Types>,
    values: BTreeMap<NodeId, Box<[Value]>>,
    /// Stands for containers that are not stored.
    empty: Branch,
}

impl Defaults {
    /// The defaults of a schema. A default that is no value of its type is left out: the compiler
    /// has said so.
    pub fn new(types: Arc<Types>) -> Self {
        let mut values = BTreeMap::new();
        for node in types.schema().nodes() {
            if matches!(node.kind(), NodeKind::Leaf | NodeKind::LeafList) {
                let defaults: Box<[Value]> = types.defaults(node.id()).collect();
                if !defaults.is_empty() {
                    values.insert(node.id(), defaults);
                }
            }
        }
        Self { types, values, empty: Branch::default() }
    }

    /// The schema.
    pub fn schema(&self) -> &Arc<Schema> {
        self.types.schema()
    }

    /// The types of the schema.
    pub fn types(&self) -> &Arc<Types> {
        &self.types
    }

    /// The default of a leaf, the defaults of a leaf-list; empty where there is none.
    pub fn of(&self, node: NodeId) -> &[Value] {
        self.values.get(&node).map_or(&[], |values| values)
    }

    pub(crate) fn empty(&self) -> &Branch {
        &self.empty
    }
}
