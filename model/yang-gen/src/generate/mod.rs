//! The generator: YANG texts in, Rust texts and compiled schemas out.
//!
//! Everything but [`files`] is a function of texts; `files` reads models and writes results, as
//! build scripts must, and is the only part of this crate that touches the disk.

mod code;
mod error;
mod files;
mod layer;
mod loose;
mod names;
mod points;
mod scalar;
mod strict;
mod tree;
mod types;
mod values;

pub use error::GenerateError;
pub use files::Generator;
pub use points::MarkProblem;

use std::sync::Arc;

use yang::{Compiler, Diagnostic, Node, Options, Schema, Severity};

use layer::{Plan, Role};

/// YANG texts of one schema.
#[derive(Clone, Debug, Default)]
pub struct Models {
    /// Name for diagnostics, and text.
    pub texts: Vec<(String, String)>,
    /// As `texts`, of modules that are only imported.
    pub imported: Vec<(String, String)>,
    /// How to compile them.
    pub options: Options,
    /// Paths of the nodes that outputs may write, with all below them; every node when empty.
    pub only: Vec<String>,
}

/// Which schema a file is made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// A layer, in the order from top to bottom.
    Layer,
    /// A device type.
    Device,
}

/// A schema to generate for.
#[derive(Clone, Debug)]
pub struct Unit {
    /// Name of the layer or device type.
    pub name: String,
    /// Layer or device type.
    pub purpose: Purpose,
    /// What it consists of.
    pub models: Models,
}

impl Unit {
    /// Name of its Rust module and its files.
    pub fn module(&self) -> String {
        names::plain(&self.name).to_ascii_lowercase()
    }
}

/// What was generated for a [`Unit`].
#[derive(Clone, Debug)]
pub struct Generated {
    /// Name of the Rust module.
    pub module: String,
    /// Content of the Rust module.
    pub text: String,
    /// The compiled schema.
    pub schema: Vec<u8>,
    /// What the compiler had to say that is no error.
    pub warnings: Vec<Diagnostic>,
}

/// Generates for all layers and device types of a network. `bytes` gives, for the name of a
/// module, a Rust expression of type `&'static [u8]` for its compiled schema.
///
/// # Errors
/// Everything wrong with the models, not only the first.
pub fn generate(
    units: &[Unit],
    bytes: &dyn Fn(&str) -> String,
) -> Result<Vec<Generated>, GenerateError> {
    let mut error = GenerateError::default();
    check_names(units, &mut error);
    let compiled: Vec<_> = units.iter().map(|unit| compile(unit, &mut error)).collect();
    let layers: Vec<_> = units
        .iter()
        .enumerate()
        .filter(|(_, unit)| unit.purpose == Purpose::Layer)
        .map(|(at, unit)| (at, unit.module()))
        .collect();
    let mut generated = Vec::new();
    for (at, (unit, compiled)) in units.iter().zip(compiled).enumerate() {
        let Some((schema, warnings)) = compiled else { continue };
        let layer = layers.iter().position(|(of, _)| *of == at);
        let next = layer.and_then(|layer| layers.get(layer + 1)).map(|(_, next)| next.as_str());
        let role = match unit.purpose {
            Purpose::Layer => Role::Layer { next },
            Purpose::Device => Role::Device,
        };
        let module = unit.module();
        let plan = Plan {
            name: &unit.name,
            values: &yang_data::Types::new(Arc::clone(&schema)),
            role,
            bytes: bytes(&module),
            has_output: layer != Some(0),
            is_wanted: &wanted(unit, &schema, &mut error),
        };
        match layer::write(&plan) {
            Ok(text) => {
                generated.push(Generated { module, text, schema: schema.to_bytes(), warnings });
            }
            Err(problems) => error.marks.extend(problems),
        }
    }
    if error.is_empty() { Ok(generated) } else { Err(error) }
}

fn check_names(units: &[Unit], error: &mut GenerateError) {
    for (at, unit) in units.iter().enumerate() {
        let module = unit.module();
        if names::ident(&module) != module {
            error.setup.push(format!("{:?} cannot be the name of a Rust module", unit.name));
        }
        if units[..at].iter().any(|other| other.module() == module) {
            error.setup.push(format!("two layers or device types are called {module:?}"));
        }
    }
}

fn compile(unit: &Unit, error: &mut GenerateError) -> Option<(Arc<Schema>, Vec<Diagnostic>)> {
    let Models { texts, imported, options, .. } = &unit.models;
    let mut compiler = Compiler::new(options.clone());
    for (name, text) in texts {
        compiler.add(name, text.as_str());
    }
    for (name, text) in imported {
        compiler.add_import_only(name, text.as_str());
    }
    let compiled = compiler.compile();
    let (errors, warnings): (Vec<_>, Vec<_>) = compiled
        .diagnostics
        .into_iter()
        .partition(|diagnostic| diagnostic.severity == Severity::Error);
    if compiled.schema.is_none() && errors.is_empty() {
        error.setup.push(format!("no schema came of {:?}", unit.name));
    }
    error.models.extend(errors);
    compiled.schema.map(|schema| (Arc::new(schema), warnings))
}

/// Whether a node is one of those named, below one, or on the way to one.
fn wanted(
    unit: &Unit,
    schema: &Schema,
    error: &mut GenerateError,
) -> impl Fn(Node<'_>) -> bool + use<> {
    let mut spans = Vec::new();
    for path in &unit.models.only {
        match schema.find(path) {
            Some(node) => spans.push((node.index(), schema.node(node).end().index())),
            None => error.setup.push(format!("{:?} has no node {path}", unit.name)),
        }
    }
    move |node| {
        let (first, end) = (node.id().index(), node.end().index());
        let is_near = |(low, high): &(usize, usize)| {
            (*low..*high).contains(&first) || (first..end).contains(low)
        };
        spans.is_empty() || spans.iter().any(is_near)
    }
}

#[cfg(test)]
mod tests;
