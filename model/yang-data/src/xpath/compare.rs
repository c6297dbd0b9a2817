//! Comparisons (XPath 1.0, section 3.4), and strings and numbers of nodes.

use std::collections::HashSet;

use ecow::EcoString;
use yang::xpath::{CompareOp, Expr};
use yang::{IdentityId, Schema};

use super::eval::{Scene, is_node_set};
use super::object::text_to_number;
use super::steps::Stop;
use super::{Evaluator, Instance, Item, Names, Object, XPathFailure};
use crate::Value;

/// The side of a comparison that each node of the other side is held against.
enum Other {
    Number(f64),
    Text(EcoString),
    /// The strings of a node set, for `=` and `!=`.
    Texts(HashSet<EcoString>),
    /// The least and the greatest number of a node set, for the rest.
    Extremes(f64, f64),
}

impl<'a> Evaluator<'a> {
    pub(super) fn compare(
        &self,
        op: CompareOp,
        left: &Expr,
        right: &Expr,
        scene: &Scene<'_, 'a>,
    ) -> Result<bool, XPathFailure> {
        match (is_node_set(left), is_node_set(right)) {
            (true, _) => self.compare_nodes(op, left, right, scene),
            (false, true) => self.compare_nodes(mirrored(op), right, left, scene),
            (false, false) => {
                let (left, right) = (self.object(left, scene)?, self.object(right, scene)?);
                self.compare_scalars(op, &left, &right)
            }
        }
    }

    /// Whether some node of the left side compares so to the right side.
    fn compare_nodes(
        &self,
        op: CompareOp,
        left: &Expr,
        right: &Expr,
        scene: &Scene<'_, 'a>,
    ) -> Result<bool, XPathFailure> {
        let other = match self.object(right, scene)? {
            right @ Object::Boolean(_) => {
                let left = Object::Boolean(self.truth(left, scene)?);
                return self.compare_scalars(op, &left, &right);
            }
            Object::Number(number) => Other::Number(number),
            Object::Text(text) if is_equality(op) => Other::Text(text),
            Object::Text(text) => Other::Number(text_to_number(&text)),
            Object::Nodes(nodes) if is_equality(op) => {
                let texts = nodes.iter().map(|node| self.node_text(node));
                Other::Texts(texts.collect::<Result<_, _>>()?)
            }
            Object::Nodes(nodes) => {
                let numbers = nodes.iter().map(|node| self.node_number(node));
                let start = (f64::INFINITY, f64::NEG_INFINITY);
                // min and max pass over what is not a number.
                let (low, high) = numbers.fold(start, |(low, high), n| (low.min(n), high.max(n)));
                Other::Extremes(low, high)
            }
        };
        self.any_node(left, scene, &mut |node| self.compare_node(op, node, &other, scene.names))
    }

    fn compare_node(
        &self,
        op: CompareOp,
        node: &Instance<'a>,
        other: &Other,
        names: &Names<'_>,
    ) -> Result<bool, XPathFailure> {
        let wants_equal = op == CompareOp::Equal;
        Ok(match other {
            Other::Number(number) => compare_numbers(op, self.node_number(node), *number),
            Other::Text(text) => self.is_text(node, text, names)? == wants_equal,
            Other::Texts(texts) if wants_equal => texts.contains(&self.node_text(node)?),
            Other::Texts(texts) => {
                texts.len() > 1 || texts.len() == 1 && !texts.contains(&self.node_text(node)?)
            }
            Other::Extremes(low, high) if low > high => false,
            Other::Extremes(low, high) => {
                let bound = match op {
                    CompareOp::Less | CompareOp::LessOrEqual => *high,
                    _ => *low,
                };
                compare_numbers(op, self.node_number(node), bound)
            }
        })
    }

    fn compare_scalars(
        &self,
        op: CompareOp,
        left: &Object<'a>,
        right: &Object<'a>,
    ) -> Result<bool, XPathFailure> {
        if !is_equality(op) {
            return Ok(compare_numbers(op, self.number_of(left), self.number_of(right)));
        }
        let is_equal = match (left, right) {
            (Object::Boolean(_), _) | (_, Object::Boolean(_)) => left.truth() == right.truth(),
            (Object::Number(_), _) | (_, Object::Number(_)) => {
                self.number_of(left) == self.number_of(right)
            }
            _ => self.text_of(left)? == self.text_of(right)?,
        };
        Ok(is_equal == (op == CompareOp::Equal))
    }

    /// Whether a node's string is this one. The name of an identity may be written with any
    /// prefix that stands for its module.
    fn is_text(
        &self,
        node: &Instance<'a>,
        text: &str,
        names: &Names<'_>,
    ) -> Result<bool, XPathFailure> {
        match node.value() {
            Some(Value::Str(value)) => Ok(value == text),
            Some(Value::Identity(id)) => Ok(self.identities(node, text, names).contains(id)),
            Some(value) => Ok(value.text(self.schema) == text),
            None => Ok(self.node_text(node)? == text),
        }
    }

    /// The identities that a name in an expression may mean where it is held against a node.
    pub(super) fn identities(
        &self,
        node: &Instance<'a>,
        name: &str,
        names: &Names<'_>,
    ) -> Vec<IdentityId> {
        match name.split_once(':') {
            None => {
                let module = self.schema.node(node.node()).module();
                self.schema.identity_named(module, name).into_iter().collect()
            }
            Some((prefix, name)) => identities_of(self.schema, prefix, name, names),
        }
    }

    /// The string-value of a node (section 5).
    pub(super) fn node_text(&self, node: &Instance<'a>) -> Result<EcoString, XPathFailure> {
        match node.item() {
            Item::Value(value) | Item::Text(value) => Ok(value.text(self.schema)),
            Item::Any(_) | Item::Dummy => Ok(EcoString::new()),
            Item::Branch(_) | Item::Entry(_) => {
                let mut text = EcoString::new();
                let visited = self.leaf_texts(node, &mut text);
                match visited {
                    Err(Stop::Failure(failure)) => Err(failure),
                    _ => Ok(text),
                }
            }
        }
    }

    fn leaf_texts(&self, node: &Instance<'a>, text: &mut EcoString) -> Result<(), Stop> {
        self.all_children(&std::rc::Rc::new(node.clone()), &mut |child| {
            match child.value() {
                Some(value) => text.push_str(&value.text(self.schema)),
                None => self.leaf_texts(&child, text)?,
            }
            Ok(())
        })
    }

    pub(super) fn node_number(&self, node: &Instance<'a>) -> f64 {
        match node.value() {
            Some(Value::Int(number)) => *number as f64,
            Some(Value::Uint(number)) => *number as f64,
            _ => self.node_text(node).map_or(f64::NAN, |text| text_to_number(&text)),
        }
    }
}

/// Identities of a name whose prefix the expression's module declares, or is a module's name.
pub(super) fn identities_of(
    schema: &Schema,
    prefix: &str,
    name: &str,
    names: &Names<'_>,
) -> Vec<IdentityId> {
    let mut found: Vec<_> = [names(prefix), schema.module_named(prefix)]
        .into_iter()
        .flatten()
        .filter_map(|module| schema.identity_named(module, name))
        .collect();
    found.dedup();
    found
}

fn is_equality(op: CompareOp) -> bool {
    matches!(op, CompareOp::Equal | CompareOp::NotEqual)
}

fn compare_numbers(op: CompareOp, left: f64, right: f64) -> bool {
    match op {
        CompareOp::Equal => left == right,
        CompareOp::NotEqual => left != right,
        CompareOp::Less => left < right,
        CompareOp::LessOrEqual => left <= right,
        CompareOp::Greater => left > right,
        CompareOp::GreaterOrEqual => left >= right,
    }
}

/// The operator with its sides exchanged.
fn mirrored(op: CompareOp) -> CompareOp {
    match op {
        CompareOp::Less => CompareOp::Greater,
        CompareOp::LessOrEqual => CompareOp::GreaterOrEqual,
        CompareOp::Greater => CompareOp::Less,
        CompareOp::GreaterOrEqual => CompareOp::LessOrEqual,
        same => same,
    }
}
