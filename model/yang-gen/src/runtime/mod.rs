//! What generated code calls at run time. Written by hand only in tests: names and signatures
//! here change with the generator.

mod decimal;
mod draft;
mod embedded;
mod read;
mod scalar;

pub use std::collections::{BTreeMap, BTreeSet};
pub use std::sync::Arc;

pub use ecow::{EcoString, EcoVec};
pub use vocab::DeviceFacts;
pub use yang::{IdentityId, Schema};
pub use yang_data::{AnyData, Branch, Key, Origin, Path, Value};

pub use decimal::{Decimal, ParseDecimalError};
pub use draft::{Builder, DeviceOutput, Draft, ListShape, Plain};
pub use embedded::{Embedded, identity, modules};
pub use read::{Fault, FaultKind, Source, key_leaf, link, links};
pub use scalar::{Member, Scalar, bits, enumeration};
