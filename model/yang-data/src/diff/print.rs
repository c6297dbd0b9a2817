//! Differences for people and programs.

use yang::{NodeId, NodeKind, Schema};

use super::{Change, Diff, DiffNode, Item};
use crate::json::{push_string, push_value};
use crate::path::{push_step, push_step_key};
use crate::print::PrintOptions;
use crate::{AnyData, Branch, Content, Key, Path, Place, Step, Value, json};

impl Diff {
    /// A line per node: `+` new, `-` gone, `~` another value, `>` moved; paths and values in the
    /// form of RFC 7951, section 6.11.
    pub fn text(&self, schema: &Schema) -> String {
        let mut printer = Printer { schema, steps: Vec::new(), out: String::new() };
        printer.nodes(&self.nodes);
        printer.out
    }

    /// An array of objects, one per changed node: `path`; `operation` (`create`, `delete`,
    /// `replace`, `move`); `old` and `new` values; for places `insert` and `anchor`.
    pub fn json(&self, schema: &Schema) -> String {
        let mut printer = Printer { schema, steps: Vec::new(), out: String::from("[") };
        printer.objects(&self.nodes);
        printer.out.push(']');
        printer.out
    }
}

struct Printer<'s> {
    schema: &'s Schema,
    steps: Vec<Step>,
    out: String,
}

impl Printer<'_> {
    fn nodes(&mut self, nodes: &[DiffNode]) {
        for node in nodes {
            self.steps.push(Step { node: node.node, key: node.key.clone() });
            self.node(node);
            self.steps.pop();
        }
    }

    fn node(&mut self, node: &DiffNode) {
        match &node.change {
            Change::Created { new, place } => {
                self.whole('+', node.node, new);
                if let Some(place) = place {
                    self.moved(node.node, place);
                }
            }
            Change::Deleted { old } => self.whole('-', node.node, old),
            Change::Replaced { old, new } => {
                self.line('~');
                self.out.push_str(": ");
                self.item(old);
                self.out.push_str(" -> ");
                self.item(new);
                self.out.push('\n');
            }
            Change::Inside { children, place } => {
                if let Some(place) = place {
                    self.moved(node.node, place);
                }
                self.nodes(children);
            }
        }
    }

    fn line(&mut self, sign: char) {
        self.out.push(sign);
        self.out.push(' ');
        let mut parent = None;
        for step in &self.steps {
            push_step(self.schema, parent, step, &mut self.out);
            parent = Some(step.node);
        }
    }

    /// A subtree that is new or gone: entries and presence containers, and every value.
    fn whole(&mut self, sign: char, node: NodeId, item: &Item) {
        let definition = self.schema.node(node);
        match item {
            Item::Branch(branch) => {
                if definition.kind() == NodeKind::List || definition.is_presence() {
                    self.line(sign);
                    self.out.push('\n');
                }
                self.inside(sign, node, branch);
            }
            Item::Value(_) if definition.kind() == NodeKind::LeafList => {
                self.line(sign);
                self.out.push('\n');
            }
            Item::Value(_) | Item::Any(_) => {
                self.line(sign);
                self.out.push_str(" = ");
                self.item(item);
                self.out.push('\n');
            }
        }
    }

    fn inside(&mut self, sign: char, parent: NodeId, branch: &Branch) {
        let keys = self.schema.node(parent).keys();
        for slot in branch.slots() {
            if keys.clone().any(|key| key == slot.node) {
                continue;
            }
            let mut child = |key: Option<Key>, item: Item| {
                self.steps.push(Step { node: slot.node, key });
                self.whole(sign, slot.node, &item);
                self.steps.pop();
            };
            match &slot.content {
                Content::Leaf(value) => child(None, Item::Value(value.clone())),
                Content::Any(any) => child(None, Item::Any(any.clone())),
                Content::Container(inside) => child(None, Item::Branch(inside.clone())),
                Content::List(list) => list.iter().for_each(|entry| {
                    child(Some(entry.key_value()), Item::Branch(entry.branch.clone()));
                }),
                Content::LeafList(list) => list.iter().for_each(|entry| {
                    let key = Key::One(entry.value.clone());
                    child(Some(key), Item::Value(entry.value.clone()));
                }),
            }
        }
    }

    fn moved(&mut self, node: NodeId, place: &Place<Key>) {
        self.line('>');
        let (word, anchor) = words(place);
        self.out.push(' ');
        self.out.push_str(word);
        if let Some(anchor) = anchor {
            self.out.push(' ');
            push_step_key(self.schema, node, anchor, &mut self.out);
        }
        self.out.push('\n');
    }

    fn item(&mut self, item: &Item) {
        match item {
            Item::Value(value) => self.value(value),
            Item::Any(any) => match &**any {
                AnyData::Xml(text) | AnyData::Json(text) => self.out.push_str(text),
            },
            Item::Branch(_) => {}
        }
    }

    /// A value; quoted when it is empty or could be mistaken for more than one word.
    fn value(&mut self, value: &Value) {
        let text = value.text(self.schema);
        let is_plain = !text.is_empty()
            && text.chars().all(|c| !c.is_whitespace() && !c.is_control() && c != '"');
        if is_plain {
            self.out.push_str(&text);
        } else {
            push_string(&text, &mut self.out);
        }
    }

    fn objects(&mut self, nodes: &[DiffNode]) {
        for node in nodes {
            self.steps.push(Step { node: node.node, key: node.key.clone() });
            match &node.change {
                Change::Created { new, place } => {
                    self.object(node.node, "create", None, Some(new), place.as_ref());
                }
                Change::Deleted { old } => {
                    self.object(node.node, "delete", Some(old), None, None);
                }
                Change::Replaced { old, new } => {
                    self.object(node.node, "replace", Some(old), Some(new), None);
                }
                Change::Inside { children, place } => {
                    if let Some(place) = place {
                        self.object(node.node, "move", None, None, Some(place));
                    }
                    self.objects(children);
                }
            }
            self.steps.pop();
        }
    }

    fn object(
        &mut self,
        node: NodeId,
        operation: &str,
        old: Option<&Item>,
        new: Option<&Item>,
        place: Option<&Place<Key>>,
    ) {
        if self.out.len() > 1 {
            self.out.push(',');
        }
        self.out.push_str("{\"path\":");
        let path = Path(self.steps.clone()).text(self.schema);
        push_string(&path, &mut self.out);
        self.out.push_str(",\"operation\":");
        push_string(operation, &mut self.out);
        for (name, item) in [("old", old), ("new", new)] {
            if let Some(item) = item {
                self.out.push_str(&format!(",\"{name}\":"));
                self.json_item(node, item);
            }
        }
        if let Some(place) = place {
            let (word, anchor) = words(place);
            self.out.push_str(",\"insert\":");
            push_string(word, &mut self.out);
            if let Some(anchor) = anchor {
                let mut text = String::new();
                push_step_key(self.schema, node, anchor, &mut text);
                self.out.push_str(",\"anchor\":");
                push_string(&text, &mut self.out);
            }
        }
        self.out.push('}');
    }

    fn json_item(&mut self, node: NodeId, item: &Item) {
        match item {
            Item::Value(value) => push_value(self.schema, node, value, &mut self.out),
            Item::Branch(branch) => {
                let text = json::print_branch(self.schema, branch, &PrintOptions::COMPACT);
                self.out.push_str(&text);
            }
            Item::Any(any) => match &**any {
                AnyData::Json(text) => self.out.push_str(text),
                AnyData::Xml(text) => crate::any::json_of_xml(self.schema, text, &mut self.out),
            },
        }
    }
}

fn words(place: &Place<Key>) -> (&'static str, Option<&Key>) {
    match place {
        Place::First => ("first", None),
        Place::Last => ("last", None),
        Place::Before(key) => ("before", Some(key)),
        Place::After(key) => ("after", Some(key)),
    }
}
