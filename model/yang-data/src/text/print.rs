//! Values to text.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ecow::EcoString;
use yang::{ModuleId, Schema};

use super::{integer, number};
use crate::Value;

impl Value {
    /// The canonical form, with module names in identities and instance-identifiers.
    pub fn text(&self, schema: &Schema) -> EcoString {
        match self {
            Self::Str(text) | Self::InstanceId(text) => text.clone(),
            other => {
                let mut out = String::new();
                other.write_text(schema, &mut out);
                out.into()
            }
        }
    }

    /// Appends the canonical form.
    pub fn write_text(&self, schema: &Schema, out: &mut String) {
        self.write_named(schema, out, &mut |module, out| {
            out.push_str(schema.module(module).name());
        });
    }

    /// Appends the canonical form; `qualifier` writes what stands before the colon of an identity.
    pub(crate) fn write_named(
        &self,
        schema: &Schema,
        out: &mut String,
        qualifier: &mut dyn FnMut(ModuleId, &mut String),
    ) {
        match self {
            Self::Empty => {}
            Self::Bool(truth) => out.push_str(if *truth { "true" } else { "false" }),
            Self::Int(number) => integer::write_signed(*number, out),
            Self::Uint(number) => integer::write_unsigned(*number, out),
            Self::Decimal { mantissa, digits } => number::write_decimal(*mantissa, *digits, out),
            Self::Str(text) | Self::InstanceId(text) => out.push_str(text),
            Self::Binary(bytes) => STANDARD.encode_string(bytes, out),
            Self::Enum { ty, index } => {
                let member = schema.type_(*ty).enums().nth(*index as usize);
                out.push_str(member.map_or("", |(name, _)| name));
            }
            Self::Bits { ty, set } => {
                let names = schema.type_(*ty).bits().zip(0u32..);
                let names = names.filter(|(_, at)| set.contains(at));
                for (at, ((name, _), _)) in names.enumerate() {
                    if at > 0 {
                        out.push(' ');
                    }
                    out.push_str(name);
                }
            }
            Self::Identity(id) => {
                let identity = schema.identity(*id);
                qualifier(identity.module(), out);
                out.push(':');
                out.push_str(identity.name());
            }
        }
    }

    /// The value of an enumeration member's `value` statement, given or implied.
    pub fn enum_value(&self, schema: &Schema) -> Option<i32> {
        match self {
            Self::Enum { ty, index } => {
                schema.type_(*ty).enums().nth(*index as usize).map(|(_, value)| value)
            }
            _ => None,
        }
    }
}
