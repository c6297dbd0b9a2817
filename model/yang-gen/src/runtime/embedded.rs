//! The compiled schema that generated code carries along.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use vocab::ModuleFacts;
use yang::{IdentityId, NodeId, Schema, TypeId};
use yang_data::{Types, Value};

/// A compiled schema in the program's image, opened at first use.
pub struct Embedded {
    bytes: fn() -> &'static [u8],
    types: OnceLock<Types>,
}

impl Embedded {
    /// The bytes that [`Schema::to_bytes`] made when the program was built.
    pub const fn new(bytes: fn() -> &'static [u8]) -> Self {
        Self { bytes, types: OnceLock::new() }
    }

    /// The schema, the same one at every call.
    pub fn schema(&self) -> Arc<Schema> {
        Arc::clone(self.types().schema())
    }

    /// The value that the text of a union's value is read as: that of the first member type which
    /// takes it (RFC 7950, section 9.12). So trees that were written and trees that were read are
    /// equal. A value that no member takes stays as it is, for validation to refuse.
    pub fn first_match(&self, leaf: u32, value: Value) -> Value {
        let types = self.types();
        let text = value.text(types.schema());
        types.parse_leaf(node(leaf), &text).unwrap_or(value)
    }

    fn types(&self) -> &Types {
        self.types.get_or_init(|| {
            let schema = Schema::from_bytes((self.bytes)());
            Types::new(Arc::new(schema.expect("the generator wrote these bytes")))
        })
    }
}

/// The modules of a schema, as a device announces them.
pub fn modules(schema: &Schema) -> BTreeMap<String, ModuleFacts> {
    let implemented = schema.modules().filter(|module| module.is_implemented());
    implemented
        .map(|module| {
            let facts = ModuleFacts {
                namespace: module.namespace().to_owned(),
                revision: module.revision().map(str::to_owned),
                features: module.features().map(str::to_owned).collect(),
            };
            (module.name().to_owned(), facts)
        })
        .collect()
}

/// The node at a position that the generator read from the same schema.
#[inline]
pub(super) fn node(index: u32) -> NodeId {
    NodeId::from_index(index as usize).expect("the generator took it from an id")
}

/// The type at a position.
#[inline]
pub(super) fn ty(index: u32) -> TypeId {
    TypeId::from_index(index as usize).expect("the generator took it from an id")
}

/// The identity at a position.
#[inline]
pub fn identity(index: u32) -> IdentityId {
    IdentityId::from_index(index as usize).expect("the generator took it from an id")
}
