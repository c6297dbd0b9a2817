//! One generated file: a layer or a device type.

use yang::{Node, Schema};

use super::code::{Code, summary};
use super::names::ident;
use super::points::{Finder, Link, MarkProblem, Point, ancestor_keys};
use super::strict::Strict;
use super::tree::Wanted;
use super::types::Types;
use super::{loose, values};

/// What a file is for.
pub(super) struct Plan<'p> {
    /// The name given to the generator.
    pub(super) name: &'p str,
    pub(super) values: &'p yang_data::Types,
    pub(super) role: Role<'p>,
    /// A Rust expression for the bytes of the compiled schema.
    pub(super) bytes: String,
    /// Whether outputs of this schema are written.
    pub(super) has_output: bool,
    /// Which nodes outputs may have.
    pub(super) is_wanted: &'p dyn Fn(Node<'_>) -> bool,
}

/// Layer or device type.
pub(super) enum Role<'p> {
    /// A layer, with the module of the next one; the last one has none.
    Layer {
        /// Module of the next layer.
        next: Option<&'p str>,
    },
    /// A device type.
    Device,
}

/// The text of the file.
///
/// # Errors
/// All marks that make no sense.
pub(super) fn write(plan: &Plan<'_>) -> Result<String, Vec<MarkProblem>> {
    let schema: &Schema = plan.values.schema();
    let mut code = Code::default();
    let mut types = Types::new(plan.values);
    write_head(&mut code, plan);
    if let Role::Layer { next } = plan.role {
        let mut finder = Finder::new(schema);
        let points = finder.points(next.is_some());
        if !finder.problems.is_empty() {
            return Err(finder.problems);
        }
        write_transforms(&mut code, plan.name, next, &points);
        let mut strict = Strict::new(schema);
        reserve(&mut strict, &points);
        for point in &points {
            write_point(&mut code, &mut strict, &mut types, point);
        }
        strict.write(&mut code, &mut types);
        if !points.is_empty() {
            write_refusal(&mut code);
        }
    }
    if plan.has_output {
        let device = matches!(plan.role, Role::Device).then_some(plan.name);
        loose::write(&mut code, schema, &mut types, device, plan.is_wanted);
    }
    if !types.defined().is_empty() {
        values::write(&mut code, &types);
    }
    Ok(code.into_text())
}

fn write_head(code: &mut Code, plan: &Plan<'_>) {
    code.line("// Generated from YANG by yang-gen: change the models, not this file.");
    code.gap();
    if matches!(plan.role, Role::Layer { .. }) {
        code.line("use transform::Refusal;");
    }
    code.line("use yang_gen::runtime as rt;");
    if plan.has_output {
        code.gap();
        code.line("pub use output::Root;");
    }
    code.gap();
    let bytes = &plan.bytes;
    code.line(&format!("static SCHEMA: rt::Embedded = rt::Embedded::new(|| {bytes});"));
    code.gap();
    code.line("/// The schema, the same one at every call.");
    code.line("pub fn schema() -> rt::Arc<rt::Schema> {");
    code.lines("SCHEMA.schema()\n}");
    if matches!(plan.role, Role::Device) {
        code.gap();
        code.line(
            "/// The device type, for a system. A simulated one announces the modules given here.",
        );
        code.line("pub fn device_type() -> transform::DeviceType {");
        code.line("let modules = rt::modules(&schema());");
        code.line(&format!("transform::DeviceType::new({:?}, schema(), modules)", plan.name));
        code.line("}");
    }
}

/// Names of types that follow from the names of transforms.
fn reserve(strict: &mut Strict<'_>, points: &[Point<'_>]) {
    strict.names.reserve("Transforms");
    strict.names.reserve("Refusal");
    for point in points {
        for suffix in ["Context", "Input", "Keys", "Links", "Memory", "DynamicState"] {
            strict.names.reserve(&format!("{}{suffix}", point.stem));
        }
    }
}

fn write_transforms(code: &mut Code, name: &str, next: Option<&str>, points: &[Point<'_>]) {
    code.gap();
    code.doc(&format!("The functions of the layer `{name}`: one for each transform node."), "");
    code.line("#[derive(Clone, Copy, Debug)]");
    code.line("pub struct Transforms {");
    for point in points {
        let text = summary(point.node.description(), point.node.name());
        code.doc(&text, &point.node.path());
        code.line(&format!("pub {}: {},", ident(&point.field), function(point, next)));
    }
    code.line("}");
    code.gap();
    code.lines(
        "/// The functions as the engine calls them, by the path of the transform node.
        pub fn bind(transforms: Transforms) -> Vec<(String, transform::TransformFn)> {",
    );
    if points.is_empty() {
        code.lines("let Transforms {} = transforms;\nVec::new()");
    } else {
        code.line("vec![");
        points.iter().for_each(|point| write_bound(code, next, point));
        code.line("]");
    }
    code.line("}");
    code.gap();
    code.lines(&format!(
        "/// The layer, for a system.
        pub fn layer(transforms: Transforms) -> transform::LayerSpec {{
        let transforms = bind(transforms);
        transform::LayerSpec {{ name: {name:?}, schema: schema(), transforms }}
        }}"
    ));
}

/// The type of the function for a transform node.
fn function(point: &Point<'_>, next: Option<&str>) -> String {
    let stem = &point.stem;
    let output = match (next, point.memory) {
        (Some(_), None) => "()".to_owned(),
        (Some(_), Some(_)) => format!("Option<{stem}Memory>"),
        (None, None) => "rt::DeviceOutput".to_owned(),
        (None, Some(_)) => format!("(rt::DeviceOutput, Option<{stem}Memory>)"),
    };
    let next = next.map_or(String::new(), |next| format!(", &mut super::{next}::Root"));
    format!("fn(&{stem}Context<'_>{next}) -> Result<{output}, Refusal>")
}

fn write_bound(code: &mut Code, next: Option<&str>, point: &Point<'_>) {
    let (stem, field) = (&point.stem, ident(&point.field));
    code.line("(");
    code.line(&format!("{:?}.to_owned(),", point.node.path()));
    code.line("rt::Arc::new(move |input| {");
    code.line(&format!("let context = {stem}Context::read(input)?;"));
    let memory = match point.memory {
        Some(_) => "memory.map(|memory| memory.encode().into_branch(input.origin))",
        None => "None",
    };
    match next {
        Some(next) => {
            code.line(&format!("let mut root = super::{next}::Root::new();"));
            let bound = if point.memory.is_some() { "let memory = " } else { "" };
            code.line(&format!("{bound}(transforms.{field})(&context, &mut root)?;"));
            code.line("Ok(transform::TransformOutput {");
            code.line("schema: transform::SchemaKey::NextLayer,");
            code.line("branch: root.into_branch(input.origin),");
        }
        None => {
            let bound = if point.memory.is_some() { "(output, memory)" } else { "output" };
            code.line(&format!("let {bound} = (transforms.{field})(&context)?;"));
            code.line("Ok(transform::TransformOutput {");
            code.line("schema: transform::SchemaKey::Device(output.device_type),");
            code.line("branch: output.draft.into_branch(input.origin),");
        }
    }
    code.line(&format!("memory: {memory},"));
    code.lines("})\n}),\n),");
}

/// Context, keys and links of a transform; asks for the types of its inputs.
fn write_point<'s>(
    code: &mut Code,
    strict: &mut Strict<'s>,
    types: &mut Types<'s>,
    point: &Point<'s>,
) {
    let stem = &point.stem;
    strict.ask(point.node.id(), &format!("{stem}Input"), stem, Wanted::Input);
    if let Some(memory) = point.memory {
        let name = format!("{stem}Memory");
        strict.ask_written(memory, &name, &name);
    }
    if let Some(state) = point.dynamic_state {
        let name = format!("{stem}DynamicState");
        strict.ask(state, &name, &name, Wanted::All);
    }
    let keys = ancestor_keys(point.node);
    write_context(code, point, !keys.is_empty());
    write_context_read(code, point, !keys.is_empty());
    if !keys.is_empty() {
        write_keys(code, types, point, &keys);
    }
    if !point.links.is_empty() {
        write_links(code, strict, types, point);
    }
}

fn write_context(code: &mut Code, point: &Point<'_>, has_keys: bool) {
    let stem = &point.stem;
    code.gap();
    code.doc("What the transform is given.", &point.node.path());
    code.line("#[derive(Clone, Debug, PartialEq)]");
    code.line(&format!("pub struct {stem}Context<'a> {{"));
    code.line("/// Where the instance is.");
    code.line("pub path: &'a rt::Path,");
    if has_keys {
        code.line("/// The keys of the lists it is in.");
        code.line(&format!("pub keys: {stem}Keys,"));
    }
    code.line("/// Its input: mandatory leaves are there, defaults are filled in.");
    code.line(&format!("pub input: {stem}Input,"));
    if !point.links.is_empty() {
        code.line("/// What its links lead to.");
        code.line(&format!("pub links: {stem}Links,"));
    }
    if point.memory.is_some() {
        code.line("/// What it remembered when it last ran.");
        code.line(&format!("pub memory: Option<{stem}Memory>,"));
    }
    if point.dynamic_state.is_some() {
        code.line("/// What the network told it.");
        code.line(&format!("pub dynamic_state: Option<{stem}DynamicState>,"));
    }
    if point.is_device {
        code.line("/// The device that is configured.");
        code.line("pub device: &'a rt::DeviceFacts,");
    }
    code.line("}");
}

fn write_context_read(code: &mut Code, point: &Point<'_>, has_keys: bool) {
    let stem = &point.stem;
    code.gap();
    code.line(&format!("impl<'a> {stem}Context<'a> {{"));
    code.lines(
        "/// Reads what the engine hands over.
        ///
        /// # Errors
        /// The path of what is mandatory and missing.
        pub fn read(input: &transform::TransformInput<'a>) -> Result<Self, Refusal> {
        Self::read_parts(input).map_err(refusal)
        }",
    );
    code.gap();
    code.lines(
        "/// Refuses the input for what is at a path below the instance, such as `bgp/as-number`.
        pub fn invalid(&self, below: &str, message: impl Into<String>) -> Refusal {
        let path = format!(\"{}/{below}\", self.path.text(&schema()));
        Refusal::Invalid { path, message: message.into() }
        }",
    );
    code.gap();
    code.line("fn read_parts(input: &transform::TransformInput<'a>) -> Result<Self, rt::Fault> {");
    code.line("let below = |fault: rt::Fault| fault.below(input.path);");
    code.line("Ok(Self {");
    code.line("path: input.path,");
    if has_keys {
        code.line(&format!("keys: {stem}Keys::read(input.path)?,"));
    }
    code.line(&format!("input: {stem}Input::read(input.branch.into()).map_err(below)?,"));
    if !point.links.is_empty() {
        code.line(&format!("links: {stem}Links::read(input.links)?,"));
    }
    let optional = |part: &str, of: &str| {
        let read = format!("{stem}{of}::read(part.into())");
        format!("{part}: input.{part}.map(|part| {read}).transpose().map_err(below)?,")
    };
    if point.memory.is_some() {
        code.line(&optional("memory", "Memory"));
    }
    if point.dynamic_state.is_some() {
        code.line(&optional("dynamic_state", "DynamicState"));
    }
    if point.is_device {
        let device = point.node.id().index();
        code.line(&format!("device: input.device.ok_or_else(|| rt::Fault::no_device({device}))?,"));
    }
    code.lines("})\n}\n}");
}

fn write_keys<'s>(
    code: &mut Code,
    types: &mut Types<'s>,
    point: &Point<'s>,
    keys: &[(String, Node<'s>, usize, usize)],
) {
    let stem = &point.stem;
    code.gap();
    code.doc("The keys of the lists that the instance is in.", &point.node.path());
    code.line("#[derive(Clone, Debug, PartialEq)]");
    code.line(&format!("pub struct {stem}Keys {{"));
    for (name, leaf, ..) in keys {
        let leaf_type = types.of_leaf(*leaf);
        code.doc(&summary(leaf.description(), leaf.name()), "");
        code.line(&format!("pub {name}: {},", types.field(&leaf_type, "types::")));
    }
    code.line("}");
    code.gap();
    code.line(&format!("impl {stem}Keys {{"));
    code.line("fn read(path: &rt::Path) -> Result<Self, rt::Fault> {");
    code.line("Ok(Self {");
    for (name, leaf, depth, at) in keys {
        let leaf = leaf.id().index();
        code.line(&format!("{name}: rt::key_leaf(path, {depth}, {at}, {leaf})?,"));
    }
    code.lines("})\n}\n}");
}

fn write_links<'s>(
    code: &mut Code,
    strict: &mut Strict<'s>,
    types: &mut Types<'s>,
    point: &Point<'s>,
) {
    let stem = &point.stem;
    let schema = point.node.schema();
    let named: Vec<(&Link, String)> =
        point.links.iter().map(|link| (link, strict.linked(link.target))).collect();
    code.gap();
    code.doc("What the links of the transform lead to.", &point.node.path());
    code.line("#[derive(Clone, Debug, PartialEq)]");
    code.line(&format!("pub struct {stem}Links {{"));
    for (link, name) in &named {
        let ty = match link.key {
            Some(key) => {
                let leaf_type = types.of_leaf(schema.node(key));
                let key = types.field(&leaf_type, "types::");
                format!("rt::BTreeMap<{key}, {name}>")
            }
            None => format!("Option<{name}>"),
        };
        code.line(&format!("/// The link `{}`: `{}`.", link.tag, schema.path(link.target)));
        code.line(&format!("pub {}: {ty},", ident(&link.field)));
    }
    code.line("}");
    code.gap();
    code.line(&format!("impl {stem}Links {{"));
    code.line("fn read(links: &[transform::LinkedEntry<'_>]) -> Result<Self, rt::Fault> {");
    code.line("let of = |tag| {");
    code.line("let found = links.iter().filter(move |link| link.tag == tag);");
    code.line("found.map(|link| (&link.path, link.branch))");
    code.line("};");
    code.line("Ok(Self {");
    for (link, name) in &named {
        let field = ident(&link.field);
        let tag = &link.tag;
        match link.key {
            Some(key) => {
                let key = key.index();
                code.line(&format!("{field}: rt::links(of({tag:?}), {key}, {name}::read)?,"));
            }
            None => code.line(&format!("{field}: rt::link(of({tag:?}), {name}::read)?,")),
        }
    }
    code.lines("})\n}\n}");
}

fn write_refusal(code: &mut Code) {
    code.gap();
    code.lines(
        "#[cold]
        fn refusal(fault: rt::Fault) -> Refusal {
        let (kind, path) = fault.explained(&schema());
        match kind {
        rt::FaultKind::Missing => Refusal::Incomplete { path },
        rt::FaultKind::Mistyped => {
        let message = \"the value is not of the leaf's type\".to_owned();
        Refusal::Invalid { path, message }
        }
        rt::FaultKind::NoDevice => {
        let message = \"nothing is known of the device yet\".to_owned();
        Refusal::Unsupported { message }
        }
        }
        }",
    );
}
