//! Strict types: what transforms read.

use std::collections::{BTreeMap, VecDeque};

use yang::{Node, NodeId, NodeKind, Schema};

use super::code::{Code, summary};
use super::names::{self, Names, ident};
use super::tree::{self, Due, MARKS, Wanted, due, is_required, mandatory_choices, members};
use super::types::Types;

/// Strict types of one schema, written in the order they are asked for.
pub(super) struct Strict<'s> {
    schema: &'s Schema,
    /// Names of types by node: a node has one strict type.
    named: BTreeMap<NodeId, String>,
    open: VecDeque<Struct>,
    pub(super) names: Names,
}

struct Struct {
    node: NodeId,
    /// The node that names of types below start at, and the name they start with.
    base: (NodeId, String),
    wanted: Wanted,
    /// Whether it is read from a tree by itself, and not as a part of another.
    is_whole: bool,
    /// Whether it is also written.
    is_written: bool,
}

impl<'s> Strict<'s> {
    pub(super) fn new(schema: &'s Schema) -> Self {
        let names = Names::of_types();
        Self { schema, named: BTreeMap::new(), open: VecDeque::new(), names }
    }

    /// Asks for the type of a whole input under a name; names below start with `stem`.
    pub(super) fn ask(&mut self, node: NodeId, name: &str, stem: &str, wanted: Wanted) {
        let base = (node, stem.to_owned());
        self.names.reserve(name);
        self.named.insert(node, name.to_owned());
        self.open.push_back(Struct { node, base, wanted, is_whole: true, is_written: false });
    }

    /// As [`Strict::ask`], for what is also written.
    pub(super) fn ask_written(&mut self, node: NodeId, name: &str, stem: &str) {
        self.ask(node, name, stem, Wanted::All);
        if let Some(last) = self.open.back_mut() {
            last.is_written = true;
        }
    }

    /// The name of the type of a link's target, asked for when it is not there.
    pub(super) fn linked(&mut self, node: NodeId) -> String {
        if let Some(name) = self.named.get(&node) {
            return name.clone();
        }
        let way = names::type_name(&names::way(self.schema, Schema::ROOT, node));
        let name = self.names.take(&[way.clone(), format!("{way}Input")]);
        self.ask(node, &name, &way, Wanted::Input);
        name
    }

    /// Writes all types that were asked for, and those they consist of.
    pub(super) fn write(&mut self, code: &mut Code, types: &mut Types<'s>) {
        while let Some(next) = self.open.pop_front() {
            let fields = self.fields(&next, types);
            let name = self.named[&next.node].clone();
            let node = self.schema.node(next.node);
            write_struct(code, &name, node, &fields);
            write_read(code, &name, node, &next, &fields);
            if next.is_written {
                write_encode(code, &name, &fields);
            }
        }
    }

    fn fields(&mut self, of: &Struct, types: &mut Types<'s>) -> Vec<Field<'s>> {
        let names = names::children(self.schema, of.node);
        members(self.schema, of.node, of.wanted)
            .into_iter()
            .map(|node| {
                let name = ident(&names[&node.id()]);
                match node.kind() {
                    NodeKind::Leaf => leaf(node, name, types),
                    NodeKind::LeafList => leaf_list(node, name, types),
                    NodeKind::Container | NodeKind::List => {
                        let inner = self.nested(node.id(), of);
                        if node.kind() == NodeKind::List {
                            list(node, name, &inner)
                        } else {
                            container(node, name, &inner)
                        }
                    }
                    _ => any(node, name),
                }
            })
            .collect()
    }

    fn nested(&mut self, node: NodeId, parent: &Struct) -> String {
        if let Some(name) = self.named.get(&node) {
            return name.clone();
        }
        let (base, stem) = &parent.base;
        let way = names::type_name(&names::way(self.schema, *base, node));
        let name = self.names.take(&[format!("{stem}{way}"), format!("{stem}{way}Node")]);
        self.named.insert(node, name.clone());
        self.open.push_back(Struct {
            node,
            base: parent.base.clone(),
            wanted: parent.wanted,
            is_whole: false,
            is_written: parent.is_written,
        });
        name
    }
}

/// A field and how it is read and written.
struct Field<'s> {
    node: Node<'s>,
    name: String,
    ty: String,
    note: String,
    /// An expression over `from`, of the type of the field.
    read: String,
    /// What must hold besides, checked before.
    check: Option<String>,
    /// A statement over `self` and `draft`.
    encode: String,
}

fn leaf<'s>(node: Node<'s>, name: String, types: &mut Types<'s>) -> Field<'s> {
    let leaf_type = types.of_leaf(node);
    let inner = types.field(&leaf_type, "types::");
    let id = node.id().index();
    let default = node.default().zip(types.defaults(node, &leaf_type).pop());
    let is_plain_bool = inner == "bool" && leaf_type.kind == super::types::LeafKind::Empty;
    let condition = due(node);
    let note = default.as_ref().map_or(String::new(), |(text, _)| format!(" Default `{text}`."));
    let (is_optional, read) = match (default, condition) {
        _ if is_plain_bool && !node.is_mandatory() => {
            (false, format!("from.leaf({id})?.unwrap_or(false)"))
        }
        (Some((_, literal)), Due::Case(is_due)) => {
            (true, format!("from.leaf_or({id}, {is_due}, || {literal})?"))
        }
        (Some((_, literal)), _) => {
            let read = match types.is_copy(&leaf_type) {
                true => format!("from.leaf({id})?.unwrap_or({literal})"),
                false => format!("from.leaf({id})?.unwrap_or_else(|| {literal})"),
            };
            (false, read)
        }
        (None, Due::Always) if node.is_mandatory() || node.is_key() => {
            (false, format!("from.required({id})?"))
        }
        (None, Due::Case(is_due)) if node.is_mandatory() => {
            (true, format!("from.required_if({id}, {is_due})?"))
        }
        (None, _) => (true, format!("from.leaf({id})?")),
    };
    let encode = if is_plain_bool {
        format!("if self.{name} {{\ndraft.set({id}, rt::Value::Empty);\n}}")
    } else if is_optional {
        let value = types.value(&leaf_type, "value", "types::");
        format!("if let Some(value) = self.{name} {{\ndraft.set({id}, {value});\n}}")
    } else {
        format!("draft.set({id}, {});", types.value(&leaf_type, &format!("self.{name}"), "types::"))
    };
    let ty = if is_optional { format!("Option<{inner}>") } else { inner };
    Field { node, name, ty, note, read, check: None, encode }
}

fn leaf_list<'s>(node: Node<'s>, name: String, types: &mut Types<'s>) -> Field<'s> {
    let leaf_type = types.of_leaf(node);
    let id = node.id().index();
    let defaults = types.defaults(node, &leaf_type);
    let list = format!("from.leaf_list({id})?");
    let read = match (defaults.as_slice(), due(node)) {
        ([], _) => list,
        (some, Due::Case(is_due)) => format!(
            "match from.leaf_list({id})? {{\nlist if !list.is_empty() => list,\n\
             _ if {is_due} => vec![{}],\n_ => Vec::new(),\n}}",
            some.join(", ")
        ),
        (some, _) => format!(
            "match from.leaf_list({id})? {{\nlist if !list.is_empty() => list,\n\
             _ => vec![{}],\n}}",
            some.join(", ")
        ),
    };
    let user_ordered = node.is_user_ordered();
    let value = types.value(&leaf_type, "value", "types::");
    let encode =
        format!("for value in self.{name} {{\ndraft.add({id}, {user_ordered}, {value});\n}}");
    let ty = format!("Vec<{}>", types.field(&leaf_type, "types::"));
    Field { node, name, ty, note: String::new(), read, check: least(node), encode }
}

fn list<'s>(node: Node<'s>, name: String, inner: &str) -> Field<'s> {
    let id = node.id().index();
    let first = node.extension(MARKS, "read-first").and_then(|mark| mark.argument()?.parse().ok());
    let read = match first {
        None::<usize> => format!("from.list({id}, {inner}::read)?"),
        Some(first) => format!("from.first_entries({id}, {first}, {inner}::read)?"),
    };
    let note = first.map_or(String::new(), |first| format!(" The first {first} entries."));
    let encode =
        format!("for entry in self.{name} {{\ndraft.push(&{}, entry.encode());\n}}", shape(node));
    let ty = format!("Vec<{inner}>");
    Field { node, name, ty, note, read, check: least(node), encode }
}

fn least(node: Node<'_>) -> Option<String> {
    let (id, least) = (node.id().index(), node.min_elements());
    is_required(node).then(|| format!("from.require_entries({id}, {least})?;"))
}

fn container<'s>(node: Node<'s>, name: String, inner: &str) -> Field<'s> {
    let id = node.id().index();
    let present = format!("from.present({id}, {inner}::read)?");
    let (is_optional, read) = match due(node) {
        _ if node.is_presence() => (true, present),
        Due::Case(is_due) => (true, format!("from.selected({id}, {is_due}, {inner}::read)?")),
        Due::When if tree::requires_content(node) => (true, present),
        _ => (false, format!("{inner}::read(from.container({id}))?")),
    };
    let is_presence = node.is_presence();
    let write = |what: &str| {
        format!("draft.container::<rt::Plain>({id}, {is_presence}).0 = {what}.encode();")
    };
    let encode = match is_optional {
        true => {
            format!("if let Some(inner) = self.{name} {{\n{}\n}}", write("inner"))
        }
        false => write(&format!("self.{name}")),
    };
    let ty = if is_optional { format!("Option<{inner}>") } else { inner.to_owned() };
    Field { node, name, ty, note: String::new(), read, check: None, encode }
}

fn any(node: Node<'_>, name: String) -> Field<'_> {
    let id = node.id().index();
    let encode =
        format!("if let Some(data) = self.{name} {{\ndraft.set_any({id}, (*data).clone());\n}}");
    let ty = "Option<rt::Arc<rt::AnyData>>".to_owned();
    let check = (node.is_mandatory() && due(node) == Due::Always)
        .then(|| format!("from.require_any({id})?;"));
    Field { node, name, ty, note: String::new(), read: format!("from.any({id})"), check, encode }
}

fn write_struct(code: &mut Code, name: &str, node: Node<'_>, fields: &[Field<'_>]) {
    code.gap();
    code.doc(&summary(node.description(), node.name()), &node.path());
    code.line("#[derive(Clone, Debug, PartialEq)]");
    if fields.is_empty() {
        code.line(&format!("pub struct {name} {{}}"));
        return;
    }
    code.line(&format!("pub struct {name} {{"));
    for field in fields {
        let text = summary(field.node.description(), field.node.name());
        code.doc(&text, "");
        if !field.note.is_empty() {
            code.line("///");
            code.line(&format!("///{}", field.note));
        }
        code.line(&format!("pub {}: {},", field.name, field.ty));
    }
    code.line("}");
}

fn write_read(code: &mut Code, name: &str, node: Node<'_>, of: &Struct, fields: &[Field<'_>]) {
    code.gap();
    code.line(&format!("impl {name} {{"));
    if of.is_whole {
        code.lines(
            "/// Reads the children of the node, filling in defaults.
            ///
            /// # Errors
            /// The path of what is mandatory and missing.
            pub fn from_branch(branch: &rt::Branch) -> Result<Self, Refusal> {
            Self::read(branch.into()).map_err(refusal)
            }",
        );
        code.gap();
    }
    let checks: Vec<_> = mandatory_choices(node)
        .map(|choice| {
            let (first, end) = (choice.id().index(), choice.end().index());
            format!("from.require_choice({first}, {end})?;")
        })
        .chain(fields.iter().filter_map(|field| field.check.clone()))
        .collect();
    let from = if checks.is_empty() && fields.is_empty() { "_" } else { "from" };
    code.line(&format!("fn read({from}: rt::Source<'_>) -> Result<Self, rt::Fault> {{"));
    checks.iter().for_each(|check| code.line(check));
    if fields.is_empty() {
        code.line("Ok(Self {})");
    } else {
        code.line("Ok(Self {");
        for field in fields {
            let text = format!("{}: {},", field.name, field.read);
            code.lines(&text);
        }
        code.line("})");
    }
    code.lines("}\n}");
}

fn write_encode(code: &mut Code, name: &str, fields: &[Field<'_>]) {
    code.gap();
    code.line(&format!("impl {name} {{"));
    code.line("fn encode(self) -> rt::Draft {");
    if fields.is_empty() {
        code.line("rt::Draft::default()");
    } else {
        code.line("let mut draft = rt::Draft::default();");
        fields.iter().for_each(|field| code.lines(&field.encode));
        code.line("draft");
    }
    code.lines("}\n}");
}

/// The shape of a list as a Rust expression.
pub(super) fn shape(list: Node<'_>) -> String {
    let keys: Vec<_> = list.keys().map(|key| key.index().to_string()).collect();
    format!(
        "rt::ListShape {{ node: {}, keys: &[{}], user_ordered: {} }}",
        list.id().index(),
        keys.join(", "),
        list.is_user_ordered()
    )
}
