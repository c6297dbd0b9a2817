//! Loose types: what transforms write.

use std::collections::{BTreeMap, VecDeque};

use yang::{Node, NodeId, NodeKind, Schema};

use super::code::{Code, summary};
use super::names::{self, Names, ident};
use super::strict::shape;
use super::tree::{Wanted, mandatory_leaves, members};
use super::types::Types;

/// Writes the module `output` of a schema: a builder for the root and each container and list.
///
/// `device` is the name of the device type when this is a device's schema. `is_wanted` says which
/// nodes to offer.
pub(super) fn write<'s>(
    code: &mut Code,
    schema: &'s Schema,
    types: &mut Types<'s>,
    device: Option<&str>,
    is_wanted: &dyn Fn(Node<'_>) -> bool,
) {
    code.gap();
    code.line("/// Builders of outputs: setters for leaves, one method per container and list.");
    code.line("pub mod output {");
    code.line("use yang_gen::runtime as rt;");
    let head = code.len();
    let named = BTreeMap::from([(Schema::ROOT, "Root".to_owned())]);
    let mut loose = Loose { schema, is_wanted, named, names: Names::of_types(), open: [].into() };
    write_root(code, device);
    loose.methods(code, types, Schema::ROOT);
    while let Some(node) = loose.open.pop_front() {
        let at = schema.node(node);
        code.gap();
        code.line("yang_gen::builder! {");
        code.doc(&summary(at.description(), at.name()), &at.path());
        code.line(&loose.named[&node]);
        code.line("}");
        loose.methods(code, types, node);
    }
    if code.contains_from(head, "types::") {
        code.insert(head, "    use super::types;\n");
    }
    code.line("}");
}

fn write_root(code: &mut Code, device: Option<&str>) {
    code.gap();
    code.line("yang_gen::builder! {");
    code.doc("The top of the output.", "");
    code.lines("Root\n}");
    code.gap();
    code.line("impl Root {");
    code.lines(
        "/// An output without content.
        pub fn new() -> Self {
        <Self as Default>::default()
        }",
    );
    code.gap();
    code.lines(
        "/// The finished output, marked with its origin.
        pub fn into_branch(self, origin: rt::Origin) -> rt::Branch {
        self.0.into_branch(origin)
        }
        }",
    );
    if let Some(device) = device {
        code.gap();
        code.lines(&format!(
            "impl From<Root> for rt::DeviceOutput {{
            fn from(root: Root) -> Self {{
            Self {{ device_type: {device:?}, draft: root.0 }}
            }}
            }}"
        ));
    }
}

struct Loose<'s, 'w> {
    schema: &'s Schema,
    is_wanted: &'w dyn Fn(Node<'_>) -> bool,
    named: BTreeMap<NodeId, String>,
    names: Names,
    open: VecDeque<NodeId>,
}

impl<'s> Loose<'s, '_> {
    fn methods(&mut self, code: &mut Code, types: &mut Types<'s>, parent: NodeId) {
        let plain = names::children(self.schema, parent);
        let mut taken = Names::default();
        if parent == Schema::ROOT {
            taken.reserve("new");
            taken.reserve("into_branch");
        }
        let members: Vec<_> = members(self.schema, parent, Wanted::Output)
            .into_iter()
            .filter(|node| !node.is_key() && (self.is_wanted)(*node))
            .collect();
        if members.is_empty() {
            return;
        }
        code.gap();
        code.line(&format!("impl {} {{", self.named[&parent]));
        for node in members {
            let name = plain[&node.id()].clone();
            let name = match node.kind() {
                NodeKind::LeafList => format!("add_{name}"),
                _ => name,
            };
            let name = ident(&taken.take(&[name.clone(), format!("{name}_")]));
            code.gap();
            code.doc(&summary(node.description(), node.name()), &node.path());
            match node.kind() {
                NodeKind::Leaf => write_leaf(code, types, node, &name),
                NodeKind::LeafList => write_leaf_list(code, types, node, &name),
                NodeKind::List => self.write_list(code, types, node, &name),
                NodeKind::Container => self.write_container(code, types, node, &name),
                _ => write_any(code, node, &name),
            }
        }
        code.line("}");
    }

    /// The type for a container or list.
    fn builder(&mut self, node: Node<'s>) -> String {
        if let Some(name) = self.named.get(&node.id()) {
            return name.clone();
        }
        let way = names::way(self.schema, Schema::ROOT, node.id());
        let (short, long) = (names::type_name(&way), names::full_type_name(&way));
        let suffix = if node.kind() == NodeKind::List { "Entry" } else { "" };
        let name = self.names.take(&[
            format!("{short}{suffix}"),
            format!("{long}{suffix}"),
            format!("{long}{suffix}Node"),
        ]);
        self.named.insert(node.id(), name.clone());
        self.open.push_back(node.id());
        name
    }

    fn write_list(&mut self, code: &mut Code, types: &mut Types<'s>, node: Node<'s>, name: &str) {
        let builder = self.builder(node);
        let keys: Vec<_> = node.keys().map(|key| self.schema.node(key)).collect();
        let plain = names::children(self.schema, node.id());
        let (arguments, values) =
            arguments(types, keys.iter().map(|key| (*key, &plain[&key.id()])));
        code.line(&format!("pub fn {name}(&mut self{arguments}) -> &mut {builder} {{"));
        let key = match values.as_slice() {
            [only] => format!("rt::Key::One({only})"),
            many => format!("rt::Key::from_iter([{}])", many.join(", ")),
        };
        code.line(&format!("self.0.entry(&{}, {key})", shape(node)));
        code.line("}");
    }

    fn write_container(
        &mut self,
        code: &mut Code,
        types: &mut Types<'s>,
        node: Node<'s>,
        name: &str,
    ) {
        let builder = self.builder(node);
        let id = node.id().index();
        let is_presence = node.is_presence();
        let leaves = if is_presence { mandatory_leaves(node) } else { Vec::new() };
        let mut taken = Names::default();
        let leaves: Vec<_> = leaves
            .into_iter()
            .map(|leaf| {
                let way = names::way(self.schema, node.id(), leaf.id());
                let last = way.last().cloned().unwrap_or_default();
                (leaf, taken.take(&[last, way.join("_")]))
            })
            .collect();
        let (arguments, values) = arguments(types, leaves.iter().map(|(leaf, name)| (*leaf, name)));
        code.line(&format!("pub fn {name}(&mut self{arguments}) -> &mut {builder} {{"));
        if leaves.is_empty() {
            code.line(&format!("self.0.container({id}, {is_presence})"));
        } else {
            code.line(&format!("let inner: &mut {builder} = self.0.container({id}, true);"));
            for ((leaf, _), value) in leaves.iter().zip(values) {
                let target = self.way_to(node, *leaf);
                code.line(&format!("{target}.set({}, {value});", leaf.id().index()));
            }
            code.line("inner");
        }
        code.line("}");
    }

    /// The draft that a leaf below `above` is in, as an expression over `inner`.
    fn way_to(&mut self, above: Node<'s>, leaf: Node<'s>) -> String {
        let mut containers = Vec::new();
        let mut at = leaf.data_parent();
        while let Some(container) = at.filter(|container| *container != above.id()) {
            containers.push(self.schema.node(container));
            at = self.schema.node(container).data_parent();
        }
        containers.into_iter().rev().fold("inner.0".to_owned(), |way, container| {
            let builder = self.builder(container);
            format!("{way}.container::<{builder}>({}, false).0", container.id().index())
        })
    }
}

/// Arguments for leaves, and the values made of them.
fn arguments<'s, 'n>(
    types: &mut Types<'s>,
    leaves: impl Iterator<Item = (Node<'s>, &'n String)>,
) -> (String, Vec<String>) {
    let (mut arguments, mut values) = (String::new(), Vec::new());
    for (leaf, name) in leaves {
        let name = ident(name);
        let leaf_type = types.of_leaf(leaf);
        if let Some(argument) = types.argument(&leaf_type, "types::") {
            arguments.push_str(&format!(", {name}: {argument}"));
        }
        values.push(types.value(&leaf_type, &name, "types::"));
    }
    (arguments, values)
}

fn write_leaf<'s>(code: &mut Code, types: &mut Types<'s>, node: Node<'s>, name: &str) {
    let leaf_type = types.of_leaf(node);
    let argument = types.argument(&leaf_type, "types::");
    let argument = argument.map_or(String::new(), |argument| format!(", value: {argument}"));
    let value = types.value(&leaf_type, "value", "types::");
    code.line(&format!("pub fn {name}(&mut self{argument}) -> &mut Self {{"));
    code.line(&format!("self.0.set({}, {value});", node.id().index()));
    code.lines("self\n}");
}

fn write_leaf_list<'s>(code: &mut Code, types: &mut Types<'s>, node: Node<'s>, name: &str) {
    let leaf_type = types.of_leaf(node);
    let argument = types.argument(&leaf_type, "types::");
    let argument = argument.map_or(String::new(), |argument| format!(", value: {argument}"));
    let value = types.value(&leaf_type, "value", "types::");
    let user_ordered = node.is_user_ordered();
    code.line(&format!("pub fn {name}(&mut self{argument}) -> &mut Self {{"));
    code.line(&format!("self.0.add({}, {user_ordered}, {value});", node.id().index()));
    code.lines("self\n}");
}

fn write_any(code: &mut Code, node: Node<'_>, name: &str) {
    code.line(&format!("pub fn {name}(&mut self, data: rt::AnyData) -> &mut Self {{"));
    code.line(&format!("self.0.set_any({}, data);", node.id().index()));
    code.lines("self\n}");
}
