//! Rules of nodes that are stored.

use std::collections::BTreeMap;
use std::rc::Rc;

use yang::xpath::Expr;
use yang::{Node, NodeId, NodeKind, Type, TypeId, TypeKind, When};

use super::facts::Facts;
use super::finding::{Findings, at, at_path, named};
use super::{Rule, Validator, Violation};
use crate::text::Names;
use crate::xpath::{Evaluator, Instance, Item, View, XPathFailure, ancestor_at, is_context_free};
use crate::{Branch, Content, Entry, LeafList, List, Slot, Step, Value};

/// One validation at work.
pub(super) struct Check<'a> {
    pub(super) validator: &'a Validator,
    pub(super) evaluator: Evaluator<'a>,
    findings: Findings,
    /// Per expression, by its address, the result that is the same for every context; none where
    /// it depends on the context.
    constants: BTreeMap<usize, Option<Result<bool, XPathFailure>>>,
}

/// How far a check goes down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Depth {
    /// To the end.
    Whole,
    /// To the instances of the node itself.
    Node,
}

impl<'a> Check<'a> {
    pub(super) fn new(validator: &'a Validator, root: &'a Branch) -> Self {
        let evaluator = validator.evaluator(root);
        Self { validator, evaluator, findings: Findings::default(), constants: BTreeMap::new() }
    }

    pub(super) fn finish(self) -> Vec<Violation> {
        self.findings.into_vec()
    }

    pub(super) fn facts(&self) -> &'a Facts {
        &self.validator.facts
    }

    pub(super) fn definition(&self, node: NodeId) -> Node<'a> {
        self.evaluator.schema().node(node)
    }

    pub(super) fn is_hidden(&self, node: NodeId) -> bool {
        self.validator.view == View::Configuration && !self.definition(node).is_config()
    }

    /// Everything below an instance, its own rules excepted.
    pub(super) fn children(&mut self, parent: &Rc<Instance<'a>>) {
        let Some(branch) = parent.branch() else { return };
        for slot in branch.slots() {
            self.slot(parent, slot, Depth::Whole);
        }
        self.duties(parent, branch, parent.node());
    }

    /// The instances of one child.
    pub(super) fn slot(&mut self, parent: &Rc<Instance<'a>>, slot: &'a Slot, depth: Depth) {
        if self.findings.is_full() || !self.is_well_placed(parent, slot) {
            return;
        }
        match &slot.content {
            Content::Leaf(value) => {
                let leaf = Instance::new(parent, slot.node, Item::Value(value));
                self.leaf(parent, &leaf, value);
            }
            Content::Container(branch) => {
                let container = Instance::new(parent, slot.node, Item::Branch(branch));
                self.interior(parent, container, depth);
            }
            Content::Any(any) => {
                let any = Instance::new(parent, slot.node, Item::Any(any));
                self.own_rules(parent, &any);
            }
            Content::List(list) => self.list(parent, slot.node, list, depth),
            Content::LeafList(list) => self.leaf_list(parent, slot.node, list),
        }
    }

    /// A container or list entry.
    pub(super) fn interior(
        &mut self,
        parent: &Rc<Instance<'a>>,
        instance: Instance<'a>,
        depth: Depth,
    ) {
        self.own_rules(parent, &instance);
        if depth == Depth::Whole {
            self.children(&Rc::new(instance));
        }
    }

    fn list(&mut self, parent: &Rc<Instance<'a>>, node: NodeId, list: &'a List, depth: Depth) {
        if self.facts().has_rules(node) || depth == Depth::Node {
            self.amount(parent, node, list.len());
            self.uniques(parent, node, list);
            self.whens_of_all(parent, node);
        }
        for entry in list.iter() {
            self.entry(parent, node, entry, depth);
        }
    }

    pub(super) fn entry(
        &mut self,
        parent: &Rc<Instance<'a>>,
        node: NodeId,
        entry: &'a Entry,
        depth: Depth,
    ) {
        self.keys(parent, node, entry);
        let entry = Instance::new(parent, node, Item::Entry(entry));
        self.interior(parent, entry, depth);
    }

    fn leaf_list(&mut self, parent: &Rc<Instance<'a>>, node: NodeId, list: &'a LeafList) {
        self.amount(parent, node, list.len());
        self.whens_of_all(parent, node);
        for entry in list.iter() {
            self.leaf_list_entry(parent, node, &entry.value);
        }
    }

    pub(super) fn leaf_list_entry(
        &mut self,
        parent: &Rc<Instance<'a>>,
        node: NodeId,
        value: &'a Value,
    ) {
        let leaf = Instance::new(parent, node, Item::Value(value));
        self.leaf(parent, &leaf, value);
    }

    fn leaf(&mut self, parent: &Rc<Instance<'a>>, leaf: &Instance<'a>, value: &'a Value) {
        self.value(leaf, value);
        if self.facts().has_rules(leaf.node()) {
            self.own_rules(parent, leaf);
            self.reference(leaf, value);
        }
    }

    /// Conditions, for a node whose conditions are not the same for all of its siblings; then
    /// constraints.
    pub(super) fn own_rules(&mut self, parent: &Rc<Instance<'a>>, instance: &Instance<'a>) {
        let definition = self.definition(instance.node());
        let is_many = matches!(definition.kind(), NodeKind::List | NodeKind::LeafList);
        if !is_many {
            self.whens_above(parent, instance);
        }
        if !is_many || !self.facts().looks_up(definition.id()) {
            for when in definition.whens() {
                if !is_many || when.context() == definition.id() {
                    self.when(&when, definition, parent, instance);
                }
            }
        }
        self.musts(instance);
    }

    /// Conditions that are the same for every entry of a list or leaf-list.
    pub(super) fn whens_of_all(&mut self, parent: &Rc<Instance<'a>>, node: NodeId) {
        let definition = self.definition(node);
        let all = Instance::new(parent, node, Item::Dummy);
        self.whens_above(parent, &all);
        for when in definition.whens() {
            if when.context() != node || self.facts().looks_up(node) {
                self.when(&when, definition, parent, &all);
            }
        }
    }

    /// Conditions of the choices and cases that a node is in.
    fn whens_above(&mut self, parent: &Rc<Instance<'a>>, instance: &Instance<'a>) {
        let mut next = self.definition(instance.node()).parent();
        while let Some(above) = next.map(|above| self.definition(above)) {
            if !above.kind().is_choice_or_case() {
                return;
            }
            for when in above.whens() {
                self.when(&when, above, parent, instance);
            }
            next = above.parent();
        }
    }

    fn when(
        &mut self,
        when: &When<'a>,
        definition: Node<'a>,
        parent: &Rc<Instance<'a>>,
        instance: &Instance<'a>,
    ) {
        let context = if when.context() == instance.node() {
            instance.clone()
        } else {
            ancestor_at(parent, when.context())
        };
        match self.test(when.xpath(), &context, definition) {
            Ok(true) => {}
            Ok(false) => {
                let condition = one_line(when.text());
                let message = format!(
                    "{} must not exist here: when \"{condition}\" is false",
                    named(self.definition(instance.node()))
                );
                self.report(at(
                    self.evaluator.schema(),
                    instance,
                    Rule::When { condition },
                    message,
                ));
            }
            Err(failure) => self.failed(instance, when.text(), &failure),
        }
    }

    pub(super) fn musts(&mut self, instance: &Instance<'a>) {
        let definition = self.definition(instance.node());
        for must in definition.musts() {
            match self.test(must.xpath(), instance, definition) {
                Ok(true) => {}
                Ok(false) => {
                    let condition = one_line(must.text());
                    let message = must
                        .error_message()
                        .map_or_else(|| format!("must \"{condition}\" is false"), str::to_owned);
                    let app_tag = must.error_app_tag().map(str::to_owned);
                    let rule = Rule::Must { condition, app_tag };
                    self.report(at(self.evaluator.schema(), instance, rule, message));
                }
                Err(failure) => self.failed(instance, must.text(), &failure),
            }
        }
    }

    /// The truth of an expression of the schema; one that is the same for every context is
    /// evaluated once.
    fn test(
        &mut self,
        expr: &'a Expr,
        context: &Instance<'a>,
        definition: Node<'a>,
    ) -> Result<bool, XPathFailure> {
        let address = std::ptr::from_ref(expr).addr();
        if let Some(Some(known)) = self.constants.get(&address) {
            return known.clone();
        }
        let names = self.evaluator.names_of(definition.module());
        let truth = self.evaluator.test(expr, context, &names);
        self.constants
            .entry(address)
            .or_insert_with(|| is_context_free(expr).then(|| truth.clone()));
        truth
    }

    fn value(&mut self, leaf: &Instance<'a>, value: &Value) {
        let Some(ty) = self.definition(leaf.node()).type_id() else { return };
        let types = self.validator.types();
        if types.accepts(ty, value) {
            return;
        }
        // The same value as text gives the words, unless it is right as text: of a wrong kind.
        let text = value.text(self.evaluator.schema());
        let (message, app_tag) = match types.parse_leaf(leaf.node(), &text) {
            Err(error) => (error.to_string(), error.app_tag),
            Ok(_) => (format!("'{text}' is no value of this leaf's type"), None),
        };
        self.report(at(self.evaluator.schema(), leaf, Rule::Value { app_tag }, message));
    }

    /// That what a leafref or instance-identifier points at exists.
    pub(super) fn reference(&mut self, leaf: &Instance<'a>, value: &'a Value) {
        let schema = self.evaluator.schema();
        let Some(ty) = self.definition(leaf.node()).type_id() else { return };
        match self.points(leaf, value, schema.type_(ty)) {
            Ok(None) => {}
            Ok(Some(Rule::InstanceIdentifier)) => {
                let message = "the node it points at does not exist".to_owned();
                self.report(at(schema, leaf, Rule::InstanceIdentifier, message));
            }
            Ok(Some(rule)) => {
                let path = schema.type_(ty).path_text().map(one_line);
                let text = value.text(schema);
                let message = match path {
                    Some(path) => format!("no \"{path}\" with the value '{text}'"),
                    None => format!("nothing that '{text}' may refer to exists"),
                };
                self.report(at(schema, leaf, rule, message));
            }
            Err(failure) => {
                let path = schema.type_(ty).path_text().unwrap_or_default();
                self.failed(leaf, path, &failure);
            }
        }
    }

    /// The rule that a reference breaks. A value of a union is right if it is so for one of the
    /// members that accept it.
    fn points(
        &self,
        leaf: &Instance<'a>,
        value: &Value,
        ty: Type<'a>,
    ) -> Result<Option<Rule>, XPathFailure> {
        match ty.kind() {
            TypeKind::LeafRef if ty.require_instance() => {
                let exists = self.evaluator.is_referenced(leaf, value, ty)?;
                Ok((!exists).then_some(Rule::Leafref))
            }
            TypeKind::InstanceIdentifier if ty.require_instance() => {
                let Value::InstanceId(text) = value else { return Ok(None) };
                let exists = self.evaluator.instance_of_text(text).is_some();
                Ok((!exists).then_some(Rule::InstanceIdentifier))
            }
            TypeKind::Union => {
                let mut broken = None;
                for member in ty.members() {
                    let Some(value) = self.as_member(leaf, value, member) else { continue };
                    let member = self.evaluator.schema().type_(member);
                    match self.points(leaf, &value, member)? {
                        None => return Ok(None),
                        rule => broken = broken.or(rule),
                    }
                }
                Ok(broken)
            }
            _ => Ok(None),
        }
    }

    /// A union's value as it is when a member type reads it. Which member the value is of is
    /// settled only by what exists (RFC 7950, section 9.12): reading stops at the first one.
    fn as_member(&self, leaf: &Instance<'a>, value: &Value, member: TypeId) -> Option<Value> {
        let types = self.validator.types();
        if types.accepts(member, value) {
            return Some(value.clone());
        }
        let text = value.text(self.evaluator.schema());
        let home = self.definition(leaf.node()).module();
        types.parse(member, &text, Names::Modules, home).ok()
    }

    pub(super) fn keys(&mut self, parent: &Rc<Instance<'a>>, node: NodeId, entry: &'a Entry) {
        for key in self.definition(node).keys() {
            if entry.branch.leaf(key).is_none() {
                let schema = self.evaluator.schema();
                let name = self.definition(key).name();
                let instance = Instance::new(parent, node, Item::Entry(entry));
                let message = format!("list entry without its key \"{name}\"");
                self.report(at(schema, &instance, Rule::Key, message));
            }
        }
    }

    /// `min-elements` and `max-elements`.
    pub(super) fn amount(&mut self, parent: &Rc<Instance<'a>>, node: NodeId, amount: usize) {
        let definition = self.definition(node);
        let (least, most) = (definition.min_elements(), definition.max_elements());
        let (rule, limit) = if amount < least as usize {
            (Rule::MinElements, format!("at least {least}"))
        } else if most.is_some_and(|most| amount > most as usize) {
            (Rule::MaxElements, format!("at most {}", most.unwrap_or_default()))
        } else {
            return;
        };
        let message = format!("{} has {amount} entries, must have {limit}", named(definition));
        self.report_child(parent, node, rule, message);
    }

    /// Whether a slot is where the schema has its node, and may be seen.
    fn is_well_placed(&mut self, parent: &Rc<Instance<'a>>, slot: &'a Slot) -> bool {
        let schema = self.evaluator.schema();
        if slot.node.index() >= schema.node_count() {
            let message = format!("schema node {} does not exist", slot.node.index());
            let path = parent.path(schema);
            self.report(at_path(schema, path, Rule::Structure, message));
            return false;
        }
        let definition = self.definition(slot.node);
        let is_kind = matches!(
            (&slot.content, definition.kind()),
            (Content::Leaf(_), NodeKind::Leaf)
                | (Content::Container(_), NodeKind::Container)
                | (Content::List(_), NodeKind::List)
                | (Content::LeafList(_), NodeKind::LeafList)
                | (Content::Any(_), NodeKind::AnyData | NodeKind::AnyXml)
        );
        if !is_kind || definition.data_parent() != Some(parent.node()) {
            let message =
                format!("{} does not belong here, or is of another kind", named(definition));
            self.report_child(parent, slot.node, Rule::Structure, message);
            return false;
        }
        if self.is_hidden(slot.node) {
            let message = format!("{} is state data, not configuration", named(definition));
            self.report_child(parent, slot.node, Rule::State, message);
            return false;
        }
        true
    }

    /// Reports a violation of a child as a whole.
    pub(super) fn report_child(
        &mut self,
        parent: &Rc<Instance<'a>>,
        node: NodeId,
        rule: Rule,
        message: String,
    ) {
        let schema = self.evaluator.schema();
        let mut path = parent.path(schema);
        path.0.push(Step { node, key: None });
        self.report(at_path(schema, path, rule, message));
    }

    pub(super) fn failed(
        &mut self,
        instance: &Instance<'a>,
        expression: &str,
        failure: &XPathFailure,
    ) {
        let expression = one_line(expression);
        let message = format!("cannot evaluate \"{expression}\": {failure}");
        let rule = Rule::Expression { expression };
        self.report(at(self.evaluator.schema(), instance, rule, message));
    }

    pub(super) fn report(&mut self, violation: Violation) {
        self.findings.add(violation);
    }

    /// Whether the list is full, so that there is no use in going on.
    pub(super) fn is_over(&self) -> bool {
        self.findings.is_full()
    }
}

/// An expression as written, without the line breaks of its module.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
