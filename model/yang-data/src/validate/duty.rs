//! Rules of nodes that are not stored: what is mandatory, and what is there by the schema alone.

use std::rc::Rc;

use yang::{Node, NodeId, NodeKind};

use super::Rule;
use super::check::Check;
use super::finding::{at_path, named};
use crate::xpath::{Instance, Item, has_any};
use crate::{Branch, Step};

impl<'a> Check<'a> {
    /// What the schema children of a data node, choice or case demand below an instance with
    /// these stored children.
    pub(super) fn duties(&mut self, parent: &Rc<Instance<'a>>, branch: &'a Branch, of: NodeId) {
        for duty in self.facts().duties(of) {
            self.duty(parent, branch, *duty);
        }
    }

    /// What one schema child demands. A stored one has been checked as such.
    pub(super) fn duty(&mut self, parent: &Rc<Instance<'a>>, branch: &'a Branch, node: NodeId) {
        let definition = self.definition(node);
        match definition.kind() {
            NodeKind::Choice => self.choice(parent, branch, definition),
            NodeKind::Case => self.case(parent, branch, definition),
            _ if branch.content(node).is_some() || !self.is_called_for(parent, branch, node) => {}
            NodeKind::Container => {
                let empty = self.validator.defaults.empty();
                let container = Rc::new(Instance::new(parent, node, Item::Branch(empty)));
                self.musts(&container);
                self.duties(&container, empty, node);
            }
            NodeKind::List => self.amount(parent, node, 0),
            NodeKind::LeafList => self.leaf_list_duty(parent, node),
            _ => self.leaf_duty(parent, definition),
        }
    }

    fn leaf_list_duty(&mut self, parent: &Rc<Instance<'a>>, node: NodeId) {
        let defaults = self.validator.defaults.of(node);
        self.amount(parent, node, defaults.len());
        self.default_values(parent, node);
    }

    fn leaf_duty(&mut self, parent: &Rc<Instance<'a>>, definition: Node<'a>) {
        if !definition.is_mandatory() {
            return self.default_values(parent, definition.id());
        }
        let message = format!("mandatory {} is missing", named(definition));
        self.report_child(parent, definition.id(), Rule::Mandatory, message);
    }

    fn default_values(&mut self, parent: &Rc<Instance<'a>>, node: NodeId) {
        for value in self.validator.defaults.of(node) {
            let leaf = Instance::new(parent, node, Item::Value(value));
            self.musts(&leaf);
            self.reference(&leaf, value);
        }
    }

    fn choice(&mut self, parent: &Rc<Instance<'a>>, branch: &'a Branch, choice: Node<'a>) {
        let cases: Vec<_> = choice.children().map(|case| self.definition(case)).collect();
        let taken: Vec<_> = cases.iter().filter(|case| has_any(branch, **case)).collect();
        if taken.len() > 1 {
            let names: Vec<_> = taken.iter().map(|case| format!("\"{}\"", case.name())).collect();
            let rule = Rule::Choice { choice: choice.name().to_owned() };
            let message = format!(
                "choice \"{}\" has nodes of several cases: {}",
                choice.name(),
                names.join(", ")
            );
            self.report_parent(parent, rule, message);
        }
        if taken.is_empty()
            && choice.is_mandatory()
            && self.is_called_for(parent, branch, choice.id())
        {
            let names: Vec<_> = cases.iter().map(|case| case.name()).collect();
            let rule = Rule::MandatoryChoice { choice: choice.name().to_owned() };
            let message = format!(
                "mandatory choice \"{}\" is missing: one of {}",
                choice.name(),
                names.join(", ")
            );
            self.report_parent(parent, rule, message);
        }
        self.duties(parent, branch, choice.id());
    }

    /// What a case demands counts once a node of it exists (RFC 7950, section 7.6.5).
    fn case(&mut self, parent: &Rc<Instance<'a>>, branch: &'a Branch, case: Node<'a>) {
        let choice = case.parent().map(|choice| self.definition(choice));
        let is_default = choice.is_some_and(|choice| {
            choice.default_case() == Some(case.id()) && !has_any(branch, choice)
        });
        if is_default || has_any(branch, case) {
            self.duties(parent, branch, case.id());
        }
    }

    fn is_called_for(
        &mut self,
        parent: &Rc<Instance<'a>>,
        branch: &'a Branch,
        node: NodeId,
    ) -> bool {
        match self.evaluator.may_exist(parent, branch, node) {
            Ok(may) => may,
            Err(failure) => {
                let when = self.definition(node).whens().next();
                let text = when.map(|when| when.text()).unwrap_or_default();
                let missing = Instance::new(parent, node, Item::Dummy);
                self.failed(&missing, text, &failure);
                false
            }
        }
    }

    fn report_parent(&mut self, parent: &Rc<Instance<'a>>, rule: Rule, message: String) {
        let schema = self.evaluator.schema();
        self.report(at_path(schema, parent.path(schema), rule, message));
    }

    /// The path of a child as a whole.
    pub(super) fn child_path(&self, parent: &Instance<'a>, node: NodeId) -> crate::Path {
        let mut path = parent.path(self.evaluator.schema());
        path.0.push(Step { node, key: None });
        path
    }
}
