//! Which children a node has in the accessible tree.

use std::rc::Rc;

use yang::{Node, NodeId, NodeKind, When};

use super::eval::Scene;
use super::steps::{Stop, Visitor};
use super::{Evaluator, Instance, Item, View, WHEN_DEPTH_MAX, XPathFailure};
use crate::{Branch, Content, Key, Step};

impl<'a> Evaluator<'a> {
    /// Visits the children of a node; of a leaf its text.
    pub(super) fn all_children(
        &self,
        parent: &Rc<Instance<'a>>,
        visitor: &mut Visitor<'_, 'a>,
    ) -> Result<(), Stop> {
        match parent.item() {
            Item::Value(value) => visitor(Instance::new(parent, parent.node(), Item::Text(value))),
            Item::Text(_) | Item::Any(_) | Item::Dummy => Ok(()),
            Item::Branch(branch) => self.all_children_of(parent, branch, visitor),
            Item::Entry(entry) => self.all_children_of(parent, &entry.branch, visitor),
        }
    }

    fn all_children_of(
        &self,
        parent: &Rc<Instance<'a>>,
        branch: &'a Branch,
        visitor: &mut Visitor<'_, 'a>,
    ) -> Result<(), Stop> {
        let children = self.schema.node(parent.node()).data_children();
        for node in children {
            self.child(parent, branch, node, visitor)?;
        }
        Ok(())
    }

    /// Visits the instances of one schema node below a parent with these stored children.
    pub(super) fn child(
        &self,
        parent: &Rc<Instance<'a>>,
        branch: &'a Branch,
        node: NodeId,
        visitor: &mut Visitor<'_, 'a>,
    ) -> Result<(), Stop> {
        self.visit()?;
        if self.view == View::Configuration && !self.schema.node(node).is_config() {
            return Ok(());
        }
        let mut show = |item| visitor(Instance::new(parent, node, item));
        match branch.content(node) {
            Some(Content::Leaf(value)) => show(Item::Value(value)),
            Some(Content::Container(branch)) => show(Item::Branch(branch)),
            Some(Content::Any(any)) => show(Item::Any(any)),
            Some(Content::List(list)) => list.iter().try_for_each(|entry| {
                self.visit()?;
                show(Item::Entry(entry))
            }),
            Some(Content::LeafList(list)) => list.iter().try_for_each(|entry| {
                self.visit()?;
                show(Item::Value(&entry.value))
            }),
            None => self.implicit(parent, branch, node, visitor),
        }
    }

    /// Visits what is there by the schema alone: a container without presence, default values.
    fn implicit(
        &self,
        parent: &Rc<Instance<'a>>,
        branch: &'a Branch,
        node: NodeId,
        visitor: &mut Visitor<'_, 'a>,
    ) -> Result<(), Stop> {
        let definition = self.schema.node(node);
        let is_container = definition.kind() == NodeKind::Container && !definition.is_presence();
        let defaults = self.defaults.of(node);
        if !is_container && defaults.is_empty() || !self.is_called_for(parent, branch, node)? {
            return Ok(());
        }
        if is_container {
            visitor(Instance::new(parent, node, Item::Branch(self.defaults.empty())))?;
        }
        defaults
            .iter()
            .try_for_each(|value| visitor(Instance::new(parent, node, Item::Value(value))))
    }

    /// Whether a node that is not stored may exist below a parent: the cases it is in are the
    /// chosen or default ones (RFC 7950, section 7.9.3) and no condition forbids it.
    fn is_called_for(
        &self,
        parent: &Rc<Instance<'a>>,
        branch: &'a Branch,
        node: NodeId,
    ) -> Result<bool, XPathFailure> {
        let mut next = node;
        loop {
            let definition = self.schema.node(next);
            if !self.whens_hold(parent, definition, node)? {
                return Ok(false);
            }
            let Some(above) = definition.parent().map(|above| self.schema.node(above)) else {
                return Ok(true);
            };
            match (definition.kind(), above.kind()) {
                (NodeKind::Case, _) if !is_case_called_for(branch, definition, above) => {
                    return Ok(false);
                }
                (_, NodeKind::Choice | NodeKind::Case) => next = above.id(),
                _ => return Ok(true),
            }
        }
    }

    /// As [`Evaluator::is_called_for`], as an evaluation of its own.
    pub(crate) fn may_exist(
        &self,
        parent: &Rc<Instance<'a>>,
        branch: &'a Branch,
        node: NodeId,
    ) -> Result<bool, XPathFailure> {
        self.begin()?;
        self.is_called_for(parent, branch, node)
    }

    /// A container without presence that is not stored, if it exists all the same.
    pub(crate) fn implicit_container(
        &self,
        parent: &Rc<Instance<'a>>,
        branch: &'a Branch,
        node: NodeId,
    ) -> Option<Instance<'a>> {
        let definition = self.schema.node(node);
        let is_container = definition.kind() == NodeKind::Container && !definition.is_presence();
        let exists = is_container && self.may_exist(parent, branch, node) == Ok(true);
        exists.then(|| Instance::new(parent, node, Item::Branch(self.defaults.empty())))
    }

    /// The one instance at the end of a way of containers to a leaf below an instance.
    pub(crate) fn only_below(
        &self,
        from: &Rc<Instance<'a>>,
        way: &[NodeId],
    ) -> Option<Instance<'a>> {
        self.begin().ok()?;
        let mut found = Instance::clone(from);
        for node in way {
            found = self.child_with_key(&Rc::new(found), &Step { node: *node, key: None })?;
        }
        Some(found)
    }

    /// Whether the conditions on a definition hold for `node`, which is not stored, below a
    /// parent.
    fn whens_hold(
        &self,
        parent: &Rc<Instance<'a>>,
        definition: Node<'a>,
        node: NodeId,
    ) -> Result<bool, XPathFailure> {
        for when in definition.whens() {
            let context = self.when_context(parent, &when, node);
            if !self.when_holds(&when, definition, &context)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The context of a condition on a node that does not exist below a parent.
    fn when_context(
        &self,
        parent: &Rc<Instance<'a>>,
        when: &When<'a>,
        node: NodeId,
    ) -> Instance<'a> {
        if when.context() == node {
            Instance::new(parent, node, Item::Dummy)
        } else {
            ancestor_at(parent, when.context())
        }
    }

    /// Whether a condition holds; counts as part of the running evaluation, if there is one.
    fn when_holds(
        &self,
        when: &When<'a>,
        definition: Node<'a>,
        context: &Instance<'a>,
    ) -> Result<bool, XPathFailure> {
        let depth = self.when_depth.get();
        if depth >= WHEN_DEPTH_MAX {
            return Err(XPathFailure::WhenDepth);
        }
        self.when_depth.set(depth + 1);
        let names = self.names_of(definition.module());
        let holds = self.truth(when.xpath(), &Scene::new(context, &names));
        self.when_depth.set(depth);
        holds
    }

    /// The child that a step of a path leads to.
    pub(super) fn child_with_key(
        &self,
        parent: &Rc<Instance<'a>>,
        step: &Step,
    ) -> Option<Instance<'a>> {
        let branch = parent.branch()?;
        let item = match (branch.content(step.node), &step.key) {
            (Some(Content::List(list)), Some(key)) => Item::Entry(list.get(key)?),
            (Some(Content::LeafList(list)), Some(Key::One(value))) => {
                Item::Value(&list.get(value)?.value)
            }
            (Some(Content::List(_) | Content::LeafList(_)), _) => return None,
            _ => {
                let mut found = None;
                let _ = self.child(parent, branch, step.node, &mut |node| {
                    let is_it = match &step.key {
                        Some(Key::One(value)) => node.value() == Some(value),
                        Some(Key::Many(_)) => false,
                        None => true,
                    };
                    found = is_it.then_some(node).or(found.take());
                    Ok(())
                });
                return found;
            }
        };
        Some(Instance::new(parent, step.node, item))
    }
}

/// Whether nodes of a case that are not stored may exist: some other node of it is stored, or
/// it is the default case of a choice none of whose nodes is stored.
fn is_case_called_for(branch: &Branch, case: Node<'_>, choice: Node<'_>) -> bool {
    has_any(branch, case) || choice.default_case() == Some(case.id()) && !has_any(branch, choice)
}

/// Whether a node of a choice or case is stored among these children.
pub(crate) fn has_any(branch: &Branch, definition: Node<'_>) -> bool {
    let slots = branch.slots();
    let at = slots.partition_point(|slot| slot.node <= definition.id());
    slots.get(at).is_some_and(|slot| slot.node < definition.end())
}

/// The nearest of an instance and its ancestors that is of a schema node; the root if none is.
pub(crate) fn ancestor_at<'a>(from: &Rc<Instance<'a>>, node: NodeId) -> Instance<'a> {
    let mut next = from;
    while next.node() != node {
        match next.parent() {
            Some(parent) => next = parent,
            None => break,
        }
    }
    Instance::clone(next)
}
