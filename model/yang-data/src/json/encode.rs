//! Writing JSON.

use yang::{ModuleId, NodeId, Schema, Type, TypeId, TypeKind};

use crate::print::{Envelope, Layout, PrintOptions};
use crate::text::is_quoted;
use crate::{AnyData, Branch, Content, Origin, Slot, Value};

const INDENT: &str = "  ";

pub(super) struct Encoder<'a> {
    schema: &'a Schema,
    options: &'a PrintOptions,
    out: &'a mut String,
    depth: usize,
    /// The module of names without one.
    module: Option<ModuleId>,
}

impl<'a> Encoder<'a> {
    pub(super) fn new(schema: &'a Schema, options: &'a PrintOptions, out: &'a mut String) -> Self {
        Self { schema, options, out, depth: 0, module: None }
    }

    pub(super) fn document(&mut self, branch: &Branch) {
        if self.options.envelope == Envelope::Restconf {
            self.open('{');
            self.line();
            self.name("ietf-restconf:data");
            self.object(branch);
            self.close('}');
        } else {
            self.object(branch);
        }
    }

    /// An object with one member.
    pub(super) fn content(&mut self, node: NodeId, content: &Content) {
        self.open('{');
        self.slot(&Slot { node, origin: Origin::NONE, content: content.clone() });
        self.close('}');
    }

    /// An object with an array of one entry.
    pub(super) fn entry(&mut self, node: NodeId, branch: &Branch) {
        self.open('{');
        self.member(node);
        self.open('[');
        self.line();
        self.interior(node, branch);
        self.close(']');
        self.close('}');
    }

    /// An object with an array of one value.
    pub(super) fn leaf_list_entry(&mut self, node: NodeId, value: &Value) {
        self.open('{');
        self.member(node);
        self.open('[');
        self.line();
        self.value(node, value);
        self.close(']');
        self.close('}');
    }

    /// Returns how many members were written that are not there for others' sake.
    fn object(&mut self, branch: &Branch) -> usize {
        self.open('{');
        let mut shown = 0;
        let mut any = false;
        for slot in branch.slots() {
            if !self.options.shows(self.schema, slot) {
                continue;
            }
            let before = self.out.len();
            if any {
                self.out.push(',');
            }
            match self.slot(slot) {
                Shown::Nothing => self.out.truncate(before),
                Shown::ForOthers => any = true,
                Shown::Something => {
                    any = true;
                    shown += 1;
                }
            }
        }
        self.close('}');
        shown
    }

    fn slot(&mut self, slot: &Slot) -> Shown {
        self.member(slot.node);
        match &slot.content {
            Content::Leaf(value) => {
                self.value(slot.node, value);
                let counts = self.options.counts(self.schema, slot);
                return if counts { Shown::Something } else { Shown::ForOthers };
            }
            Content::LeafList(list) => {
                self.open('[');
                for (at, entry) in list.iter().enumerate() {
                    if at > 0 {
                        self.out.push(',');
                    }
                    self.line();
                    self.value(slot.node, &entry.value);
                }
                self.close(']');
            }
            Content::List(list) => {
                self.open('[');
                let mut any = false;
                for entry in list.iter() {
                    let before = self.out.len();
                    if any {
                        self.out.push(',');
                    }
                    self.line();
                    let shown = self.interior(slot.node, &entry.branch);
                    if shown == 0 && self.options.drops_empty(self.schema, slot) {
                        self.out.truncate(before);
                    } else {
                        any = true;
                    }
                }
                self.close(']');
                if !any {
                    return Shown::Nothing;
                }
            }
            Content::Container(branch) => {
                let shown = self.interior(slot.node, branch);
                if shown == 0 && self.options.drops_empty(self.schema, slot) {
                    return Shown::Nothing;
                }
            }
            Content::Any(any) => match &**any {
                AnyData::Json(text) => self.out.push_str(text),
                AnyData::Xml(text) => crate::any::json_of_xml(self.schema, text, self.out),
            },
        }
        Shown::Something
    }

    fn interior(&mut self, node: NodeId, branch: &Branch) -> usize {
        let before = self.module.replace(self.schema.node(node).module());
        let shown = self.object(branch);
        self.module = before;
        shown
    }

    /// A member's name on a line of its own.
    fn member(&mut self, node: NodeId) {
        self.line();
        let definition = self.schema.node(node);
        self.out.push('"');
        if self.module != Some(definition.module()) {
            self.out.push_str(definition.module_name());
            self.out.push(':');
        }
        self.out.push_str(definition.name());
        self.out.push('"');
        self.colon();
    }

    fn name(&mut self, name: &str) {
        push_string(name, self.out);
        self.colon();
    }

    fn colon(&mut self) {
        self.out.push_str(match self.options.layout {
            Layout::Compact => ":",
            Layout::Pretty => ": ",
        });
    }

    fn value(&mut self, node: NodeId, value: &Value) {
        push_value(self.schema, node, value, self.out);
    }

    fn open(&mut self, bracket: char) {
        self.out.push(bracket);
        self.depth += 1;
    }

    fn close(&mut self, bracket: char) {
        self.depth -= 1;
        if !self.out.ends_with(['{', '[']) {
            self.line();
        }
        self.out.push(bracket);
    }

    fn line(&mut self) {
        if self.options.layout == Layout::Pretty {
            self.out.push('\n');
            for _ in 0..self.depth {
                self.out.push_str(INDENT);
            }
        }
    }
}

/// What was written of a child.
enum Shown {
    Nothing,
    /// A key of an entry whose other children are the point.
    ForOthers,
    Something,
}

/// Appends a leaf's value in the JSON type that its YANG type has (RFC 7951, section 6).
pub(crate) fn push_value(schema: &Schema, node: NodeId, value: &Value, out: &mut String) {
    match value {
        Value::Empty => out.push_str("[null]"),
        Value::Bool(_) => value.write_text(schema, out),
        Value::Int(_) | Value::Uint(_) => {
            let quoted =
                schema.node(node).type_id().is_none_or(|ty| is_quoted_in(schema, ty, value));
            if quoted {
                out.push('"');
            }
            value.write_text(schema, out);
            if quoted {
                out.push('"');
            }
        }
        Value::Str(text) | Value::InstanceId(text) => push_string(text, out),
        Value::Enum { .. } => push_string(&value.text(schema), out),
        Value::Decimal { .. } | Value::Binary(_) | Value::Bits { .. } | Value::Identity(_) => {
            out.push('"');
            value.write_text(schema, out);
            out.push('"');
        }
    }
}

/// Whether an integer is written as a string: of a union, the first member that it fits decides.
fn is_quoted_in(schema: &Schema, ty: TypeId, value: &Value) -> bool {
    let ty = schema.type_(ty).realtype();
    match ty.kind() {
        TypeKind::Union => {
            let fits = |member: &TypeId| fits(schema, schema.type_(*member).realtype(), value);
            ty.members().find(fits).is_none_or(|member| is_quoted_in(schema, member, value))
        }
        kind => is_quoted(kind),
    }
}

fn fits(schema: &Schema, ty: Type<'_>, value: &Value) -> bool {
    if ty.kind() == TypeKind::Union {
        return ty.members().any(|member| fits(schema, schema.type_(member).realtype(), value));
    }
    let is_unsigned = ty.kind() >= TypeKind::Uint8;
    let number = match value {
        Value::Int(number) if !is_unsigned => i128::from(*number),
        Value::Uint(number) if is_unsigned => i128::from(*number),
        _ => return false,
    };
    let within = |(low, high): (i128, i128)| low <= number && number <= high;
    ty.kind().is_integer()
        && ty.kind().bounds().is_some_and(within)
        && (ty.ranges().len() == 0 || ty.ranges().any(within))
}

/// Appends a quoted string.
pub(crate) fn push_string(text: &str, out: &mut String) {
    out.push('"');
    let mut from = 0;
    for (at, byte) in text.bytes().enumerate() {
        let escaped = match byte {
            b'"' => "\\\"",
            b'\\' => "\\\\",
            b'\n' => "\\n",
            b'\r' => "\\r",
            b'\t' => "\\t",
            0..=0x1f => "",
            _ => continue,
        };
        out.push_str(&text[from..at]);
        if escaped.is_empty() {
            out.push_str(&format!("\\u{byte:04x}"));
        } else {
            out.push_str(escaped);
        }
        from = at + 1;
    }
    out.push_str(&text[from..]);
    out.push('"');
}
