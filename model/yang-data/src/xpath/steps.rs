//! Location paths: axes, node tests and predicates, walked depth first.

use std::rc::Rc;

use yang::xpath::{Axis, Expr, Function, NodeTest, Path, Start, Step};

use super::eval::{Scene, is_number, mentions};
use super::{Evaluator, Instance, Item, STEP_NESTING, XPathFailure};

/// Why a walk ended before its end.
pub(super) enum Stop {
    /// The visitor has what it looked for.
    Found,
    Failure(XPathFailure),
}

impl From<XPathFailure> for Stop {
    fn from(failure: XPathFailure) -> Self {
        Self::Failure(failure)
    }
}

pub(super) type Visitor<'v, 'a> = dyn FnMut(Instance<'a>) -> Result<(), Stop> + 'v;

impl<'a> Evaluator<'a> {
    /// Visits the nodes of a path. A node may come up more than once when [`may_repeat`] says so.
    pub(super) fn walk_path(
        &self,
        path: &Path,
        scene: &Scene<'_, 'a>,
        visitor: &mut Visitor<'_, 'a>,
    ) -> Result<(), Stop> {
        match &path.start {
            Start::Root => self.walk(&path.steps, &self.root, scene, visitor),
            Start::Context => self.walk(&path.steps, scene.node, scene, visitor),
            Start::Filter { expr, predicates } => {
                let mut nodes = self.nodes(expr, scene, "a path")?;
                for predicate in predicates {
                    nodes = self.filter(nodes, predicate, scene)?;
                }
                for node in &nodes {
                    self.walk(&path.steps, node, scene, visitor)?;
                }
                Ok(())
            }
        }
    }

    pub(super) fn walk(
        &self,
        steps: &[Step],
        from: &Instance<'a>,
        scene: &Scene<'_, 'a>,
        visitor: &mut Visitor<'_, 'a>,
    ) -> Result<(), Stop> {
        let Some((step, rest)) = steps.split_first() else { return visitor(from.clone()) };
        self.nested(STEP_NESTING, || {
            self.step(step, from, scene, &mut |node| match rest {
                [] => visitor(node),
                rest => self.walk(rest, &node, scene, visitor),
            })
        })
    }

    fn step(
        &self,
        step: &Step,
        from: &Instance<'a>,
        scene: &Scene<'_, 'a>,
        visitor: &mut Visitor<'_, 'a>,
    ) -> Result<(), Stop> {
        let predicates = &step.predicates[..];
        if predicates.is_empty() {
            return self.axis(step.axis, &step.test, from, visitor);
        }
        if let Some(entries) = self.entries_by_key(step, from, scene)? {
            return self.filtered(entries, predicates, scene, visitor);
        }
        if predicates.iter().any(|predicate| mentions(predicate, Function::Last)) {
            let mut nodes = Vec::new();
            self.axis(step.axis, &step.test, from, &mut |node| {
                nodes.push(node);
                Ok(())
            })?;
            return self.filtered(nodes, predicates, scene, visitor);
        }
        let mut positions = vec![0; predicates.len()];
        self.axis(step.axis, &step.test, from, &mut |node| {
            for (predicate, position) in predicates.iter().zip(&mut positions) {
                *position += 1;
                if !self.holds(predicate, &node, (*position, 0), scene)? {
                    return Ok(());
                }
            }
            visitor(node)
        })
    }

    /// Applies predicates to nodes in the order of their axis.
    fn filtered(
        &self,
        mut nodes: Vec<Instance<'a>>,
        predicates: &[Expr],
        scene: &Scene<'_, 'a>,
        visitor: &mut Visitor<'_, 'a>,
    ) -> Result<(), Stop> {
        for predicate in predicates {
            nodes = self.filter(nodes, predicate, scene)?;
        }
        nodes.into_iter().try_for_each(visitor)
    }

    fn filter(
        &self,
        nodes: Vec<Instance<'a>>,
        predicate: &Expr,
        scene: &Scene<'_, 'a>,
    ) -> Result<Vec<Instance<'a>>, XPathFailure> {
        let size = nodes.len();
        let mut left = Vec::new();
        for (index, node) in nodes.into_iter().enumerate() {
            if self.holds(predicate, &node, (index + 1, size), scene)? {
                left.push(node);
            }
        }
        Ok(left)
    }

    fn holds(
        &self,
        predicate: &Expr,
        node: &Instance<'a>,
        (position, size): (usize, usize),
        scene: &Scene<'_, 'a>,
    ) -> Result<bool, XPathFailure> {
        let scene = Scene { node, position, size, ..*scene };
        if is_number(predicate) {
            Ok(self.number(predicate, &scene)? == position as f64)
        } else {
            self.truth(predicate, &scene)
        }
    }

    /// Visits the nodes on an axis that pass a test, in the order of the axis.
    fn axis(
        &self,
        axis: Axis,
        test: &NodeTest,
        from: &Instance<'a>,
        visitor: &mut Visitor<'_, 'a>,
    ) -> Result<(), Stop> {
        self.visit()?;
        let mut tested = |node: Instance<'a>| {
            if self.passes(test, &node) { visitor(node) } else { Ok(()) }
        };
        match axis {
            Axis::Child => self.children(test, from, &mut tested),
            Axis::SelfNode => tested(from.clone()),
            Axis::Parent => match from.parent() {
                Some(parent) => tested(Instance::clone(parent)),
                None => Ok(()),
            },
            Axis::Descendant => self.descendants(from, &mut tested),
            Axis::DescendantOrSelf => {
                tested(from.clone())?;
                self.descendants(from, &mut tested)
            }
            Axis::Ancestor => self.ancestors(from, &mut tested),
            Axis::AncestorOrSelf => {
                tested(from.clone())?;
                self.ancestors(from, &mut tested)
            }
            Axis::FollowingSibling => {
                self.siblings(from, true)?.into_iter().try_for_each(&mut tested)
            }
            Axis::PrecedingSibling => {
                self.siblings(from, false)?.into_iter().try_for_each(&mut tested)
            }
            Axis::Following => self.beyond(from, true, &mut tested),
            Axis::Preceding => self.beyond(from, false, &mut tested),
            // YANG data has no attributes and no namespace nodes (RFC 7950, section 6.4.1).
            Axis::Attribute | Axis::Namespace => Ok(()),
        }
    }

    fn passes(&self, test: &NodeTest, node: &Instance<'a>) -> bool {
        let is_text = matches!(node.item(), Item::Text(_));
        let is_element = !is_text && node.parent().is_some();
        let schema_node = self.schema.node(node.node());
        match test {
            NodeTest::Any => is_element,
            NodeTest::AnyOf(module) => is_element && schema_node.module() == *module,
            NodeTest::Name { module, name } => {
                let module_fits = module.is_none_or(|module| schema_node.module() == module);
                is_element && module_fits && schema_node.name() == &**name
            }
            NodeTest::Node => true,
            NodeTest::Text => is_text,
            NodeTest::Comment | NodeTest::ProcessingInstruction(_) => false,
        }
    }

    fn children(
        &self,
        test: &NodeTest,
        from: &Instance<'a>,
        visitor: &mut Visitor<'_, 'a>,
    ) -> Result<(), Stop> {
        if let NodeTest::Name { module: module @ Some(_), name } = test {
            let Some(branch) = from.branch() else { return Ok(()) };
            return match self.schema.data_child(from.node(), *module, name) {
                Some(node) => self.child(&Rc::new(from.clone()), branch, node, visitor),
                None => Ok(()),
            };
        }
        self.all_children(&Rc::new(from.clone()), visitor)
    }

    fn descendants(&self, from: &Instance<'a>, visitor: &mut Visitor<'_, 'a>) -> Result<(), Stop> {
        self.all_children(&Rc::new(from.clone()), &mut |node| {
            self.visit()?;
            visitor(node.clone())?;
            match node.item() {
                Item::Text(_) => Ok(()),
                _ => self.descendants(&node, visitor),
            }
        })
    }

    fn ancestors(&self, from: &Instance<'a>, visitor: &mut Visitor<'_, 'a>) -> Result<(), Stop> {
        let mut next = from.parent();
        while let Some(parent) = next {
            visitor(Instance::clone(parent))?;
            next = parent.parent();
        }
        Ok(())
    }

    /// Siblings behind a node in document order, or those before it in reverse.
    fn siblings(&self, from: &Instance<'a>, behind: bool) -> Result<Vec<Instance<'a>>, Stop> {
        let Some(parent) = from.parent() else { return Ok(Vec::new()) };
        let mut before = Vec::new();
        let mut after = Vec::new();
        let mut is_passed = false;
        self.all_children(parent, &mut |node| {
            self.visit()?;
            if node.is_same(from) {
                is_passed = true;
            } else if is_passed {
                after.push(node);
            } else {
                before.push(node);
            }
            Ok(())
        })?;
        before.reverse();
        Ok(if behind { after } else { before })
    }

    /// Nodes after the end of a node in document order, or those that end before it in reverse.
    fn beyond(
        &self,
        from: &Instance<'a>,
        behind: bool,
        visitor: &mut Visitor<'_, 'a>,
    ) -> Result<(), Stop> {
        let mut next = Some(from);
        while let Some(node) = next {
            for sibling in self.siblings(node, behind)? {
                let mut subtree = vec![sibling.clone()];
                self.descendants(&sibling, &mut |node| {
                    subtree.push(node);
                    Ok(())
                })?;
                if !behind {
                    subtree.reverse();
                }
                subtree.into_iter().try_for_each(&mut *visitor)?;
            }
            next = node.parent().map(Rc::as_ref);
        }
        Ok(())
    }
}

/// Whether a walk along a path may visit a node twice, or nodes against document order: paths that
/// turn back after they branched out, or descend everywhere twice.
pub(super) fn may_repeat(path: &Path) -> bool {
    let mut has_branched = matches!(path.start, Start::Filter { .. });
    let mut has_descended = has_branched;
    for step in &path.steps {
        match step.axis {
            Axis::SelfNode | Axis::Attribute | Axis::Namespace => {}
            Axis::Child => has_branched = true,
            Axis::Parent if !has_branched => {}
            Axis::Descendant | Axis::DescendantOrSelf if !has_descended => {
                (has_branched, has_descended) = (true, true);
            }
            _ => return true,
        }
    }
    false
}
