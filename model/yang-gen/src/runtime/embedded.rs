//! The compiled schema that generated code carries along.

use std::sync::{Arc, OnceLock};

use yang::{IdentityId, NodeId, Schema, TypeId};

/// A compiled schema in the program's image, opened at first use.
#[derive(Debug)]
pub struct Embedded {
    bytes: fn() -> &'static [u8],
    schema: OnceLock<Arc<Schema>>,
}

impl Embedded {
    /// The bytes that [`Schema::to_bytes`] made when the program was built.
    pub const fn new(bytes: fn() -> &'static [u8]) -> Self {
        Self { bytes, schema: OnceLock::new() }
    }

    /// The schema, the same one at every call.
    pub fn schema(&self) -> Arc<Schema> {
        let open = || {
            let schema = Schema::from_bytes((self.bytes)());
            Arc::new(schema.expect("the generator wrote these bytes"))
        };
        Arc::clone(self.schema.get_or_init(open))
    }
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
