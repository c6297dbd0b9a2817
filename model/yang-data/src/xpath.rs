//! XPath 1.0 with YANG's functions (RFC 7950, sections 6.4 and 10) over the accessible tree.
//!
//! The accessible tree is what is stored and what is there by the schema alone: containers without
//! presence below a node that exists, and default values that are in use. Nothing of it is
//! materialised: an [`Instance`] borrows the stored data and holds the chain of its ancestors, a
//! location path is walked depth first towards a visitor that may stop it, and a list step whose
//! predicates fix every key goes straight to the entry.
//!
//! An expression costs effort, one unit per node it visits, and fails when it has used up
//! [`XPATH_EFFORT_MAX`], so that no expression can hang its caller.

mod compare;
mod defaults;
mod eval;
mod functions;
mod instance;
mod keyed;
mod object;
mod reference;
mod steps;
mod visible;
mod yang_functions;

use std::cell::Cell;
use std::rc::Rc;

use ecow::EcoString;
use yang::xpath::{Expr, Function};
use yang::{ModuleId, Schema};

pub use defaults::Defaults;
pub(crate) use eval::is_context_free;
use eval::is_node_set;
pub use instance::{Instance, Item};
pub use object::Object;
pub(crate) use visible::{ancestor_at, has_any};

use crate::{Branch, Path};
use eval::Scene;
use reference::{Patterns, ValueSets};

/// Nodes that one expression may visit.
pub const XPATH_EFFORT_MAX: u64 = 20_000_000;
/// Nodes that all expressions of one evaluator may visit together.
pub const XPATH_EFFORT_TOTAL_MAX: u64 = 4_000_000_000;
/// How deep an evaluation may go into an expression: operators count one, steps of a path
/// four. Keeps hostile expressions from using up the stack.
pub const XPATH_NESTING_MAX: u32 = 1_024;
/// What a step of a path counts against [`XPATH_NESTING_MAX`].
const STEP_NESTING: u32 = 4;
/// Conditions (`when`) of implicit nodes that may be evaluated inside of each other. Conditions
/// that refer to each other in a circle end here.
pub const WHEN_DEPTH_MAX: u32 = 32;

/// Which nodes exist for an expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// Configuration alone: state data is invisible.
    Configuration,
    /// Configuration and state data.
    All,
}

/// What the prefixes in an expression's strings stand for (`derived-from(., 'if:ethernet')`).
pub type Names<'n> = dyn Fn(&str) -> Option<ModuleId> + 'n;

/// Why an expression has no result.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum XPathFailure {
    /// It visits too many nodes; name keys in predicates, or split the expression.
    #[error("visits more than {XPATH_EFFORT_MAX} nodes")]
    Effort,
    /// The expressions before it used up what one evaluator may visit.
    #[error("the expressions before it visited {XPATH_EFFORT_TOTAL_MAX} nodes, which is the limit")]
    EffortTotal,
    /// It is nested too deeply, or one of its paths has too many steps.
    #[error("is nested too deeply, or has a path with too many steps")]
    Nesting,
    /// Conditions depend on each other in a circle, or very deeply.
    #[error("conditions (`when`) depend on each other more than {WHEN_DEPTH_MAX} deep")]
    WhenDepth,
    /// An operand that must be a node set is none.
    #[error("{what} needs a node set")]
    NotNodes {
        /// The function or operator.
        what: &'static str,
    },
    /// The regular expression of `re-match` is none.
    #[error("bad regular expression \"{pattern}\": {reason}")]
    Pattern {
        /// The expression.
        pattern: EcoString,
        /// What is wrong with it.
        reason: String,
    },
    /// An identity that no module defines.
    #[error("{} knows no identity \"{name}\"", function.name())]
    UnknownIdentity {
        /// The function.
        function: Function,
        /// The name as written.
        name: EcoString,
    },
}

/// Evaluates expressions on one version of one tree.
///
/// Make one per version and use it for many expressions: it remembers the values that leafrefs
/// were looked up in.
pub struct Evaluator<'a> {
    schema: &'a Schema,
    defaults: &'a Defaults,
    root: Rc<Instance<'a>>,
    view: View,
    /// Left of the running evaluation.
    effort: Cell<u64>,
    /// Used up by the evaluations before.
    spent: Cell<u64>,
    nesting: Cell<u32>,
    when_depth: Cell<u32>,
    targets: ValueSets<'a>,
    patterns: Patterns,
}

impl<'a> Evaluator<'a> {
    /// An evaluator of expressions on the tree below a root.
    pub fn new(defaults: &'a Defaults, root: &'a Branch, view: View) -> Self {
        Self {
            schema: defaults.schema(),
            defaults,
            root: Rc::new(Instance::root(root)),
            view,
            effort: Cell::new(XPATH_EFFORT_MAX),
            spent: Cell::new(0),
            nesting: Cell::new(0),
            when_depth: Cell::new(0),
            targets: ValueSets::default(),
            patterns: Patterns::default(),
        }
    }

    /// The schema.
    pub fn schema(&self) -> &'a Schema {
        self.schema
    }

    /// The root of the tree.
    pub fn root(&self) -> &Rc<Instance<'a>> {
        &self.root
    }

    /// Which nodes exist.
    pub fn view(&self) -> View {
        self.view
    }

    /// The result of an expression.
    ///
    /// # Errors
    /// When it is too expensive or applies a function to what it does not take.
    pub fn evaluate(
        &self,
        expr: &Expr,
        context: &Instance<'a>,
        names: &Names<'_>,
    ) -> Result<Object<'a>, XPathFailure> {
        self.begin()?;
        self.object(expr, &Scene::new(context, names))
    }

    /// The truth of an expression; stops as soon as it is known.
    ///
    /// # Errors
    /// As [`Evaluator::evaluate`].
    pub fn test(
        &self,
        expr: &Expr,
        context: &Instance<'a>,
        names: &Names<'_>,
    ) -> Result<bool, XPathFailure> {
        self.begin()?;
        self.truth(expr, &Scene::new(context, names))
    }

    /// The nodes that an expression selects.
    ///
    /// # Errors
    /// As [`Evaluator::evaluate`], and when the result is no node set.
    pub fn select(
        &self,
        expr: &Expr,
        context: &Instance<'a>,
        names: &Names<'_>,
    ) -> Result<Vec<Instance<'a>>, XPathFailure> {
        match self.evaluate(expr, context, names)? {
            Object::Nodes(nodes) => Ok(nodes),
            _ => Err(XPathFailure::NotNodes { what: "the whole expression" }),
        }
    }

    /// The node at a path, if it exists in the accessible tree. A step to a list or leaf-list
    /// needs its key.
    pub fn instance(&self, path: &Path) -> Option<Instance<'a>> {
        let mut found = Instance::clone(&self.root);
        for step in path.steps() {
            found = self.child_with_key(&Rc::new(found), step)?;
        }
        Some(found)
    }

    /// The node that an instance-identifier points at.
    pub fn instance_of_text(&self, text: &str) -> Option<Instance<'a>> {
        let path = Path::parse(self.defaults.types(), text).ok()?;
        self.instance(&path)
    }

    /// Nodes visited by all expressions so far.
    pub(crate) fn spent(&self) -> u64 {
        self.spent.get() + (XPATH_EFFORT_MAX - self.effort.get())
    }

    /// What the prefixes of a module's text stand for; a module's name stands for itself.
    pub fn names_of(&self, module: ModuleId) -> impl Fn(&str) -> Option<ModuleId> + 'a {
        let schema = self.schema;
        move |prefix| module_of_prefix(schema, module, prefix)
    }

    /// Starts to count for a new evaluation.
    fn begin(&self) -> Result<(), XPathFailure> {
        self.spent.set(self.spent());
        self.effort.set(XPATH_EFFORT_MAX);
        match self.spent.get() > XPATH_EFFORT_TOTAL_MAX {
            true => Err(XPathFailure::EffortTotal),
            false => Ok(()),
        }
    }

    /// Goes one level down.
    fn nested<T, E: From<XPathFailure>>(
        &self,
        levels: u32,
        inside: impl FnOnce() -> Result<T, E>,
    ) -> Result<T, E> {
        let nesting = self.nesting.get();
        if nesting + levels > XPATH_NESTING_MAX {
            return Err(XPathFailure::Nesting.into());
        }
        self.nesting.set(nesting + levels);
        let result = inside();
        self.nesting.set(nesting);
        result
    }

    /// Counts nodes that are visited.
    fn visit(&self) -> Result<(), XPathFailure> {
        let left = self.effort.get();
        self.effort.set(left.saturating_sub(1));
        if left == 0 { Err(XPathFailure::Effort) } else { Ok(()) }
    }
}

/// What a prefix in a module's text stands for: what the module imports by it, else the module
/// that gives itself this prefix or has it for a name.
fn module_of_prefix(schema: &Schema, module: ModuleId, prefix: &str) -> Option<ModuleId> {
    let declared = schema.module(module).prefixes().find(|(declared, _)| *declared == prefix);
    declared
        .map(|(_, module)| module)
        .or_else(|| schema.module_named(prefix))
        .or_else(|| schema.modules().find(|module| module.prefix() == prefix).map(yang::Module::id))
}

#[cfg(test)]
mod tests;
