//! What the decoders share: limits, options, collecting errors, assembling trees and edits.

mod edit_sink;
mod tree_sink;

use std::collections::BTreeMap;

use yang::{NodeId, Schema};

use crate::edit::Mark;
use crate::path::push_step;
use crate::{AnyData, DataError, ERRORS_MAX, Fault, Origin, Position, Step, Value};

pub(crate) use edit_sink::EditSink;
pub(crate) use tree_sink::TreeSink;

/// Levels of nesting that a decoder follows when nothing else is asked for.
pub const DEPTH_MAX_DEFAULT: usize = 128;
/// Levels of nesting that a decoder follows at most, whatever is asked for.
pub const DEPTH_MAX: usize = 512;

/// How to decode.
#[derive(Clone, Debug)]
pub struct DecodeOptions {
    /// Levels of nesting at most, capped at [`DEPTH_MAX`].
    pub depth_max: usize,
    /// Who the data is from.
    pub origin: Origin,
    /// What to do with state data (`config false`).
    pub state: StateData,
    /// What to do with what the schema lacks.
    pub unknown: Unknown,
    /// XML: prefixes in force round the text, with their namespaces; the empty one is the default
    /// namespace.
    pub namespaces: BTreeMap<String, String>,
}

/// What to do with state data.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StateData {
    /// Read it like configuration.
    #[default]
    Keep,
    /// An error: only configuration may be there.
    Refuse,
    /// Leave it out.
    Skip,
}

/// What to do with nodes that the schema lacks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Unknown {
    /// An error.
    #[default]
    Refuse,
    /// Leave them out: for data of a device of which only some modules are known.
    Skip,
}

impl Default for DecodeOptions {
    fn default() -> Self {
        Self {
            depth_max: DEPTH_MAX_DEFAULT,
            origin: Origin::NONE,
            state: StateData::default(),
            unknown: Unknown::default(),
            namespaces: BTreeMap::new(),
        }
    }
}

impl DecodeOptions {
    /// The same for an edit, in which state data has no place: an error unless it is skipped.
    pub(crate) fn for_edit(&self) -> Self {
        let state = match self.state {
            StateData::Skip => StateData::Skip,
            StateData::Keep | StateData::Refuse => StateData::Refuse,
        };
        Self { state, ..self.clone() }
    }

    pub(crate) fn depth(&self) -> usize {
        self.depth_max.min(DEPTH_MAX)
    }
}

/// Errors found so far, with offsets made into lines and columns.
#[derive(Debug)]
pub(crate) struct Errors<'t> {
    text: &'t str,
    found: Vec<DataError>,
}

impl<'t> Errors<'t> {
    pub(crate) fn new(text: &'t str) -> Self {
        Self { text, found: Vec::new() }
    }

    pub(crate) fn push(&mut self, path: String, offset: usize, fault: Fault) {
        let position = Some(Position::of(self.text, offset));
        if self.found.len() < ERRORS_MAX {
            self.found.push(DataError { path, position, fault });
        } else if self.found.len() == ERRORS_MAX {
            let fault = Fault::TooManyErrors { limit: ERRORS_MAX };
            self.found.push(DataError { path, position, fault });
        }
    }

    /// Whether to stop.
    pub(crate) fn is_full(&self) -> bool {
        self.found.len() > ERRORS_MAX
    }

    /// The result, unless something was wrong; errors in the order of the text.
    pub(crate) fn finish<T>(mut self, result: T) -> Result<T, Vec<DataError>> {
        if self.found.is_empty() {
            return Ok(result);
        }
        self.found.sort_by_key(|error| error.position);
        Err(self.found)
    }
}

/// What takes the nodes that a decoder reads, in document order.
pub(crate) trait Sink<'t> {
    /// Whether marks have a meaning.
    const EDITS: bool;

    /// A container or list entry begins.
    fn enter(&mut self, node: NodeId, at: usize, mark: Option<Box<Mark>>);
    /// The container or list entry begun last ends.
    fn leave(&mut self);
    /// A leaf, or an entry of a leaf-list.
    fn value(&mut self, node: NodeId, at: usize, value: Value, mark: Option<Box<Mark>>);
    /// A leaf or anydata that is to be removed, without its value.
    fn bare(&mut self, node: NodeId, at: usize, mark: Option<Box<Mark>>);
    /// An anydata or anyxml.
    fn any(&mut self, node: NodeId, at: usize, any: AnyData, mark: Option<Box<Mark>>);
    /// Path of the container or list entry that is being read, as far as its keys are known.
    fn steps(&self) -> Vec<Step>;
    /// Where errors go.
    fn errors(&mut self) -> &mut Errors<'t>;

    /// Reports an error at the node that is being read, or below it.
    fn report(&mut self, schema: &Schema, child: Option<NodeId>, at: usize, fault: Fault) {
        let path = path_text(schema, self.steps(), child);
        self.errors().push(path, at, fault);
    }
}

/// A path whose entries may lack keys that are not read yet.
pub(crate) fn path_text(schema: &Schema, mut steps: Vec<Step>, child: Option<NodeId>) -> String {
    steps.extend(child.map(|node| Step { node, key: None }));
    let mut out = String::new();
    let mut parent = None;
    for step in &steps {
        push_step(schema, parent, step, &mut out);
        parent = Some(step.node);
    }
    if out.is_empty() { "/".to_owned() } else { out }
}

/// The steps to a node of the schema, without keys: where the data below an rpc's input, say,
/// begins.
pub(crate) fn steps_to(schema: &Schema, node: NodeId) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut next = (node != Schema::ROOT).then_some(node);
    while let Some(node) = next {
        steps.push(Step { node, key: None });
        next = schema.node(node).data_parent().filter(|parent| *parent != Schema::ROOT);
    }
    steps.reverse();
    steps
}
