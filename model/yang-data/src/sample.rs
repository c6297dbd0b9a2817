//! Schemas and trees for this crate's tests, from text.

use std::sync::Arc;

use yang::{Compiler, NodeKind, Options, Schema};

use crate::text::Types;
use crate::{Content, Key, Origin, Path, Slot, Step, Tree};

/// The types of a schema of these modules.
pub(crate) fn types(modules: &[&str]) -> Arc<Types> {
    let mut compiler = Compiler::new(Options::default());
    for (index, text) in modules.iter().enumerate() {
        compiler.add(&format!("module-{index}"), *text);
    }
    let compiled = compiler.compile();
    let schema = compiled.schema.unwrap_or_else(|| {
        let lines: Vec<_> = compiled.diagnostics.iter().map(ToString::to_string).collect();
        panic!("{}", lines.join("\n"))
    });
    Arc::new(Types::new(Arc::new(schema)))
}

/// A tree from lines `path = value`, or `path` alone for containers and list entries.
pub(crate) fn tree(types: &Types, lines: &str) -> Tree {
    let mut tree = Tree::new(Arc::clone(types.schema()));
    for line in lines.lines().map(str::trim).filter(|line| !line.is_empty()) {
        set(&mut tree, types, line);
    }
    tree
}

/// Puts one line's node into a tree.
pub(crate) fn set(tree: &mut Tree, types: &Types, line: &str) {
    let (text, value) = match line.split_once(" = ") {
        Some((text, value)) => (text, Some(value)),
        None => (line, None),
    };
    let path = path(types, text);
    let last = path.steps().last().expect("a path below the root");
    let schema: &Schema = types.schema();
    match (schema.node(last.node).kind(), value) {
        (NodeKind::Leaf, value) => {
            let value = types.parse_leaf(last.node, value.unwrap_or_default()).expect(line);
            tree.set(&path, value, Origin::NONE);
        }
        (NodeKind::LeafList, _) => match &last.key {
            Some(Key::One(value)) => tree.set(&path, value.clone(), Origin::NONE),
            _ => panic!("{line}: a leaf-list entry has a key"),
        },
        _ => {
            tree.branch_mut(&path, Origin::NONE);
        }
    }
}

/// A path from its text; `leaf-list = value` is written `leaf-list[.='value']`.
pub(crate) fn path(types: &Types, text: &str) -> Path {
    Path::parse(types, text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// Puts a leaf's value in unchecked.
pub(crate) fn force(tree: &mut Tree, types: &Types, text: &str, content: Content) {
    let mut path = path(types, text);
    let Some(Step { node, .. }) = path.0.pop() else { return };
    let slot = Slot { node, origin: Origin::NONE, content };
    tree.branch_mut(&path, Origin::NONE).set(slot);
}
