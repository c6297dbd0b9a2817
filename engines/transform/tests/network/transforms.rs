//! The transforms of the made-up network, written against the untyped interface.

use std::sync::Arc;

use transform::{Refusal, SchemaKey, TransformFn, TransformInput, TransformOutput};
use yang::Schema;
use yang_data::{Branch, Content, Key, Origin, Path, Tree, Value};

use super::{BOX, models};

/// A tree under construction, by names.
struct Draft {
    tree: Tree,
    origin: Origin,
}

impl Draft {
    fn new(schema: &Arc<Schema>, origin: Origin) -> Self {
        Self { tree: Tree::new(Arc::clone(schema)), origin }
    }

    fn entry(&self, list: &str, key: &str) -> Path {
        let node = self.tree.schema().find(list).unwrap();
        Path::ROOT.entry(node, Key::from(key))
    }

    fn put(&mut self, path: &Path) {
        self.tree.branch_mut(path, self.origin);
    }

    fn set(&mut self, parent: &Path, name: &str, value: impl Into<Value>) {
        let above = parent.steps().last().map_or(Schema::ROOT, |step| step.node);
        let node = self.tree.schema().data_child(above, None, name).unwrap();
        self.tree.set(&parent.child(node), value.into(), self.origin);
    }

    fn output(self, schema: SchemaKey) -> TransformOutput {
        TransformOutput { schema, branch: self.tree.root().clone(), memory: None }
    }
}

fn leaf(input: &TransformInput<'_>, branch: &Branch, above: yang::NodeId, name: &str) -> Value {
    let node = input.schema.data_child(above, None, name).unwrap();
    branch.leaf(node).cloned().unwrap()
}

fn own(input: &TransformInput<'_>, name: &str) -> Value {
    leaf(input, input.branch, input.path.steps().last().unwrap().node, name)
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| format!("{:?}", value.as_uint()), str::to_owned)
}

fn bind(transforms: &[(&str, Transform)]) -> Vec<(String, TransformFn)> {
    let bound = |run: Transform| Arc::new(run) as TransformFn;
    transforms.iter().map(|(path, run)| ((*path).to_owned(), bound(*run))).collect()
}

type Transform = fn(&TransformInput<'_>) -> Result<TransformOutput, Refusal>;

pub(crate) fn top() -> Vec<(String, TransformFn)> {
    bind(&[
        ("/top:router", router),
        ("/top:vpn", vpn),
        ("/top:counter", counter),
        ("/top:rule-set", rule_set),
    ])
}

pub(crate) fn low() -> Vec<(String, TransformFn)> {
    bind(&[("/low:device", base), ("/low:device/port", port)])
}

fn low_schema() -> Arc<Schema> {
    models::compile(models::LOW)
}

fn router(input: &TransformInput<'_>) -> Result<TransformOutput, Refusal> {
    let (name, id) = (own(input, "name"), own(input, "id"));
    assert!(name.as_str() != Some("panic"), "on purpose");
    let mut draft = Draft::new(&low_schema(), input.origin);
    let device = draft.entry("/low:device", &text(&name));
    draft.set(&device, "loopback", format!("10.0.0.{}", id.as_uint().unwrap()));
    let group = draft.entry("/low:group", "core");
    draft.set(&group, "secret", "s3cret");
    draft.set(&group, "member", text(&name));
    Ok(draft.output(SchemaKey::NextLayer))
}

fn vpn(input: &TransformInput<'_>) -> Result<TransformOutput, Refusal> {
    let mut draft = Draft::new(&low_schema(), input.origin);
    let site = input.schema.find("/top:vpn/site").unwrap();
    let id = input.schema.find("/top:router/id").unwrap();
    for entry in input.branch.list(site).into_iter().flat_map(|list| list.iter()) {
        let router = leaf(input, &entry.branch, site, "router");
        let name = leaf(input, &entry.branch, site, "port");
        let device = draft.entry("/low:device", &text(&router));
        let port = draft.tree.schema().find("/low:device/port").unwrap();
        let port = device.entry(port, Key::from(name));
        draft.set(&port, "vpn", own(input, "name"));
        let linked = input
            .links
            .iter()
            .find(|link| link.path.steps()[0].key == Some(Key::One(router.clone())));
        if let Some(id) = linked.and_then(|link| link.branch.leaf(id)) {
            draft.set(&port, "router-id", id.clone());
        }
    }
    Ok(draft.output(SchemaKey::NextLayer))
}

fn counter(input: &TransformInput<'_>) -> Result<TransformOutput, Refusal> {
    let mut draft = Draft::new(&low_schema(), input.origin);
    let path = draft.entry("/low:counter", &text(&own(input, "name")));
    let seen = draft.tree.schema().find("/low:counter/seen").unwrap();
    let before = input.memory.and_then(|memory| match memory.content(seen) {
        Some(Content::Leaf(value)) => value.as_uint(),
        _ => None,
    });
    let now = Value::Uint(before.unwrap_or(0) + 1);
    draft.set(&path, "seen", now.clone());
    let mut memory = Tree::new(low_schema());
    memory.set(&Path::ROOT.child(seen), now, Origin::NONE);
    let output = draft.output(SchemaKey::NextLayer);
    Ok(TransformOutput { memory: Some(memory.root().clone()), ..output })
}

fn rule_set(input: &TransformInput<'_>) -> Result<TransformOutput, Refusal> {
    let mut draft = Draft::new(&low_schema(), input.origin);
    let rules = input.schema.find("/top:rule-set/rule").unwrap();
    for rule in input.branch.leaf_list(rules).into_iter().flat_map(|list| list.iter()) {
        draft.set(&Path::ROOT, "rule", rule.value.clone());
    }
    Ok(draft.output(SchemaKey::NextLayer))
}

fn base(input: &TransformInput<'_>) -> Result<TransformOutput, Refusal> {
    let mut draft = Draft::new(&models::compile(models::BOX), input.origin);
    draft.set(&Path::ROOT, "host", own(input, "name"));
    draft.set(&Path::ROOT, "address", own(input, "loopback"));
    Ok(draft.output(SchemaKey::Device(BOX)))
}

fn port(input: &TransformInput<'_>) -> Result<TransformOutput, Refusal> {
    let mut draft = Draft::new(&models::compile(models::BOX), input.origin);
    let path = draft.entry("/box:port", &text(&own(input, "name")));
    draft.put(&path);
    draft.set(&path, "label", format!("vpn {}", text(&own(input, "vpn"))));
    Ok(draft.output(SchemaKey::Device(BOX)))
}
