//! Expressions.

use ecow::EcoString;
use yang::xpath::{ArithmeticOp, Call, Expr, Function, Path, Start};

use super::object::{number_to_text, text_to_number};
use super::steps::Stop;
use super::{Evaluator, Instance, Names, Object, XPathFailure};

/// What an expression sees besides the tree.
#[derive(Clone, Copy)]
pub(super) struct Scene<'s, 'a> {
    /// The context node.
    pub(super) node: &'s Instance<'a>,
    /// Its place in the node set a predicate filters, from 1.
    pub(super) position: usize,
    /// Size of that node set; counted only for predicates that ask for it.
    pub(super) size: usize,
    /// The initial context node.
    pub(super) current: &'s Instance<'a>,
    pub(super) names: &'s Names<'s>,
}

impl<'s, 'a> Scene<'s, 'a> {
    pub(super) fn new(context: &'s Instance<'a>, names: &'s Names<'_>) -> Self {
        Self { node: context, position: 1, size: 1, current: context, names }
    }
}

impl<'a> Evaluator<'a> {
    pub(super) fn object(
        &self,
        expr: &Expr,
        scene: &Scene<'_, 'a>,
    ) -> Result<Object<'a>, XPathFailure> {
        self.visit()?;
        self.nested(1, || self.object_inside(expr, scene))
    }

    fn object_inside(
        &self,
        expr: &Expr,
        scene: &Scene<'_, 'a>,
    ) -> Result<Object<'a>, XPathFailure> {
        Ok(match expr {
            Expr::Or(..) | Expr::And(..) | Expr::Compare(..) => {
                Object::Boolean(self.truth(expr, scene)?)
            }
            Expr::Arithmetic(op, left, right) => {
                let (left, right) = (self.number(left, scene)?, self.number(right, scene)?);
                Object::Number(match op {
                    ArithmeticOp::Add => left + right,
                    ArithmeticOp::Subtract => left - right,
                    ArithmeticOp::Multiply => left * right,
                    ArithmeticOp::Divide => left / right,
                    // XPath's mod has the sign of the dividend, as Rust's.
                    ArithmeticOp::Modulo => left % right,
                })
            }
            Expr::Negate(expr) => Object::Number(-self.number(expr, scene)?),
            Expr::Union(..) | Expr::Path(_) => Object::Nodes(self.nodes(expr, scene, "a path")?),
            Expr::Number(number) => Object::Number(*number),
            Expr::Literal(text) => Object::Text(EcoString::from(&**text)),
            Expr::Call(call) => self.call(call, scene)?,
        })
    }

    /// The truth of an expression; node sets are searched for the first node only.
    pub(super) fn truth(&self, expr: &Expr, scene: &Scene<'_, 'a>) -> Result<bool, XPathFailure> {
        self.nested(1, || self.truth_inside(expr, scene))
    }

    fn truth_inside(&self, expr: &Expr, scene: &Scene<'_, 'a>) -> Result<bool, XPathFailure> {
        match expr {
            Expr::Or(left, right) => Ok(self.truth(left, scene)? || self.truth(right, scene)?),
            Expr::And(left, right) => Ok(self.truth(left, scene)? && self.truth(right, scene)?),
            Expr::Compare(op, left, right) => self.compare(*op, left, right, scene),
            Expr::Union(left, right) if is_node_set(left) && is_node_set(right) => {
                Ok(self.truth(left, scene)? || self.truth(right, scene)?)
            }
            Expr::Path(_) => self.any_node(expr, scene, &mut |_| Ok(true)),
            Expr::Call(Call { function: Function::Not, arguments }) => {
                Ok(!self.truth(&arguments[0], scene)?)
            }
            Expr::Call(Call { function: Function::Boolean, arguments }) => {
                self.truth(&arguments[0], scene)
            }
            _ => Ok(self.object(expr, scene)?.truth()),
        }
    }

    pub(super) fn number(&self, expr: &Expr, scene: &Scene<'_, 'a>) -> Result<f64, XPathFailure> {
        let object = self.object(expr, scene)?;
        Ok(self.number_of(&object))
    }

    pub(super) fn text(
        &self,
        expr: &Expr,
        scene: &Scene<'_, 'a>,
    ) -> Result<EcoString, XPathFailure> {
        let object = self.object(expr, scene)?;
        self.text_of(&object)
    }

    pub(super) fn number_of(&self, object: &Object<'a>) -> f64 {
        match object {
            Object::Nodes(nodes) => first(nodes).map_or(f64::NAN, |node| self.node_number(node)),
            Object::Boolean(truth) => f64::from(u8::from(*truth)),
            Object::Number(number) => *number,
            Object::Text(text) => text_to_number(text),
        }
    }

    pub(super) fn text_of(&self, object: &Object<'a>) -> Result<EcoString, XPathFailure> {
        Ok(match object {
            Object::Nodes(nodes) => match first(nodes) {
                Some(node) => self.node_text(node)?,
                None => EcoString::new(),
            },
            Object::Boolean(truth) => if *truth { "true" } else { "false" }.into(),
            Object::Number(number) => number_to_text(*number),
            Object::Text(text) => text.clone(),
        })
    }

    /// The nodes of an expression that must be a node set.
    pub(super) fn nodes(
        &self,
        expr: &Expr,
        scene: &Scene<'_, 'a>,
        what: &'static str,
    ) -> Result<Vec<Instance<'a>>, XPathFailure> {
        match expr {
            Expr::Path(path) => self.path_nodes(path, scene),
            Expr::Union(left, right) => {
                let mut nodes = self.nested(1, || self.nodes(left, scene, "\"|\""))?;
                nodes.extend(self.nodes(right, scene, "\"|\"")?);
                Ok(in_document_order(nodes))
            }
            _ if is_node_set(expr) => match self.object(expr, scene)? {
                Object::Nodes(nodes) => Ok(nodes),
                _ => Err(XPathFailure::NotNodes { what }),
            },
            _ => Err(XPathFailure::NotNodes { what }),
        }
    }

    /// Whether some node of a node set is what is looked for; the search ends there.
    pub(super) fn any_node(
        &self,
        expr: &Expr,
        scene: &Scene<'_, 'a>,
        is_it: &mut dyn FnMut(&Instance<'a>) -> Result<bool, XPathFailure>,
    ) -> Result<bool, XPathFailure> {
        let Expr::Path(path) = expr else {
            for node in self.nodes(expr, scene, "a comparison")? {
                if is_it(&node)? {
                    return Ok(true);
                }
            }
            return Ok(false);
        };
        let visited = self.walk_path(path, scene, &mut |node| {
            if is_it(&node)? { Err(Stop::Found) } else { Ok(()) }
        });
        match visited {
            Ok(()) => Ok(false),
            Err(Stop::Found) => Ok(true),
            Err(Stop::Failure(failure)) => Err(failure),
        }
    }

    fn path_nodes(
        &self,
        path: &Path,
        scene: &Scene<'_, 'a>,
    ) -> Result<Vec<Instance<'a>>, XPathFailure> {
        let mut nodes = Vec::new();
        let visited = self.walk_path(path, scene, &mut |node| {
            nodes.push(node);
            Ok(())
        });
        match visited {
            Ok(()) | Err(Stop::Found) => {}
            Err(Stop::Failure(failure)) => return Err(failure),
        }
        let repeats = super::steps::may_repeat(path);
        Ok(if repeats { in_document_order(nodes) } else { nodes })
    }
}

/// The first node in document order.
pub(super) fn first<'n, 'a>(nodes: &'n [Instance<'a>]) -> Option<&'n Instance<'a>> {
    // Sets that went through a backward axis were sorted, all others grow in order.
    nodes.first()
}

/// Each node once, in document order.
pub(super) fn in_document_order(nodes: Vec<Instance<'_>>) -> Vec<Instance<'_>> {
    let mut known: std::collections::HashMap<u64, Vec<usize>> = std::collections::HashMap::new();
    let mut unique: Vec<Instance<'_>> = Vec::with_capacity(nodes.len());
    for node in nodes {
        let alike = known.entry(node.fingerprint()).or_default();
        if alike.iter().all(|at| !unique[*at].is_same(&node)) {
            alike.push(unique.len());
            unique.push(node);
        }
    }
    unique.sort_by(Instance::document_cmp);
    unique
}

/// Whether the result is a node set by the form of the expression.
pub(crate) fn is_node_set(expr: &Expr) -> bool {
    match expr {
        Expr::Path(_) | Expr::Union(..) => true,
        Expr::Call(call) => {
            matches!(call.function, Function::Current | Function::Deref | Function::Id)
        }
        _ => false,
    }
}

/// Whether the result is a number by the form of the expression: a predicate on the position.
pub(super) fn is_number(expr: &Expr) -> bool {
    match expr {
        Expr::Number(_) | Expr::Arithmetic(..) | Expr::Negate(_) => true,
        Expr::Call(call) => matches!(
            call.function,
            Function::Last
                | Function::Position
                | Function::Count
                | Function::StringLength
                | Function::Number
                | Function::Sum
                | Function::Floor
                | Function::Ceiling
                | Function::Round
                | Function::EnumValue
        ),
        _ => false,
    }
}

/// Whether the result is the same for every context node of the enclosing predicate, the initial
/// context node being the same.
pub(super) fn is_predicate_free(expr: &Expr) -> bool {
    is_free(expr, true)
}

/// Whether the result is the same for every initial context node too.
pub(crate) fn is_context_free(expr: &Expr) -> bool {
    is_free(expr, false)
}

fn is_free(expr: &Expr, current_is_fixed: bool) -> bool {
    let free = |expr: &Expr| is_free(expr, current_is_fixed);
    match expr {
        Expr::Or(left, right)
        | Expr::And(left, right)
        | Expr::Compare(_, left, right)
        | Expr::Arithmetic(_, left, right)
        | Expr::Union(left, right) => free(left) && free(right),
        Expr::Negate(expr) => free(expr),
        Expr::Number(_) | Expr::Literal(_) => true,
        Expr::Call(call) => is_call_free(call, current_is_fixed),
        Expr::Path(path) => {
            // A predicate has its own context node; only current() reaches out of it.
            let asks_current = |expr: &Expr| mentions(expr, Function::Current);
            let steps = path.steps.iter().flat_map(|step| &step.predicates);
            let starts_free = match &path.start {
                Start::Root => true,
                Start::Context => false,
                Start::Filter { expr, predicates } => {
                    free(expr) && (current_is_fixed || !predicates.iter().any(asks_current))
                }
            };
            starts_free && (current_is_fixed || !steps.into_iter().any(asks_current))
        }
    }
}

fn is_call_free(call: &Call, current_is_fixed: bool) -> bool {
    let arguments_are = call.arguments.iter().all(|expr| is_free(expr, current_is_fixed));
    match call.function {
        Function::Current => current_is_fixed,
        Function::Position | Function::Last | Function::Lang => false,
        Function::True | Function::False => true,
        _ => arguments_are && !call.arguments.is_empty(),
    }
}

/// Whether a function is called anywhere in an expression.
pub(super) fn mentions(expr: &Expr, function: Function) -> bool {
    let in_it = |expr: &Expr| mentions(expr, function);
    match expr {
        Expr::Or(left, right)
        | Expr::And(left, right)
        | Expr::Compare(_, left, right)
        | Expr::Arithmetic(_, left, right)
        | Expr::Union(left, right) => in_it(left) || in_it(right),
        Expr::Negate(expr) => in_it(expr),
        Expr::Number(_) | Expr::Literal(_) => false,
        Expr::Call(call) => call.function == function || call.arguments.iter().any(in_it),
        Expr::Path(path) => {
            let starts = match &path.start {
                Start::Root | Start::Context => false,
                Start::Filter { expr, predicates } => in_it(expr) || predicates.iter().any(in_it),
            };
            starts || path.steps.iter().any(|step| step.predicates.iter().any(in_it))
        }
    }
}
