//! List steps whose predicates fix every key: a look-up in place of a scan.

use std::rc::Rc;

use yang::NodeId;
use yang::xpath::{Axis, CompareOp, Expr, NodeTest, Start, Step};

use super::eval::{Scene, is_number, is_predicate_free};
use super::{Evaluator, Instance, Item, Object, XPathFailure, reference};
use crate::{Key, List, Value};

/// Combinations of key values that are looked up; with more of them the list is scanned.
const KEY_COMBINATIONS_MAX: usize = 64;

impl<'a> Evaluator<'a> {
    /// The entries that may pass a step's predicates, in document order, when these fix every
    /// key of the list; none when the list must be scanned. The predicates remain to be applied.
    pub(super) fn entries_by_key(
        &self,
        step: &Step,
        from: &Instance<'a>,
        scene: &Scene<'_, 'a>,
    ) -> Result<Option<Vec<Instance<'a>>>, XPathFailure> {
        let Some((node, list)) = self.list_of(step, from) else { return Ok(None) };
        let keys = self.schema.node(node).keys();
        if keys.is_empty() {
            return Ok(None);
        }
        let mut equations = Vec::new();
        for predicate in step.predicates.iter().take_while(|predicate| !is_number(predicate)) {
            self.equations(predicate, node, &mut equations);
        }
        let mut combinations = vec![Vec::new()];
        for key in keys {
            let Some((_, wanted)) = equations.iter().find(|(leaf, _)| *leaf == key) else {
                return Ok(None);
            };
            let Some(values) = self.key_values(key, wanted, scene)? else { return Ok(None) };
            if combinations.len() * values.len() > KEY_COMBINATIONS_MAX {
                return Ok(None);
            }
            combinations = combine(&combinations, &values);
        }
        self.visit()?;
        let parent = Rc::new(from.clone());
        let entries = combinations
            .into_iter()
            .filter_map(|values| list.get(&values.into_iter().collect::<Key>()))
            .map(|entry| Instance::new(&parent, node, Item::Entry(entry)));
        Ok(Some(super::eval::in_document_order(entries.collect())))
    }

    /// The stored list that a child step by name leads to.
    fn list_of(&self, step: &Step, from: &Instance<'a>) -> Option<(NodeId, &'a List)> {
        let (Axis::Child, NodeTest::Name { module: module @ Some(_), name }) =
            (step.axis, &step.test)
        else {
            return None;
        };
        let node = self.schema.data_child(from.node(), *module, name)?;
        let is_visible = self.view == super::View::All || self.schema.node(node).is_config();
        Some((node, from.branch()?.list(node)?)).filter(|_| is_visible)
    }

    /// Collects the conditions `key = expression` that must all hold for a predicate to hold.
    fn equations<'e>(
        &self,
        predicate: &'e Expr,
        list: NodeId,
        found: &mut Vec<(NodeId, &'e Expr)>,
    ) {
        match predicate {
            Expr::And(left, right) => {
                self.equations(left, list, found);
                self.equations(right, list, found);
            }
            Expr::Compare(CompareOp::Equal, left, right) => {
                for (one, other) in [(left, right), (right, left)] {
                    if let Some(leaf) = self.key_leaf(one, list)
                        && is_predicate_free(other)
                    {
                        found.push((leaf, other));
                    }
                }
            }
            _ => {}
        }
    }

    /// The key leaf that an expression names.
    fn key_leaf(&self, expr: &Expr, list: NodeId) -> Option<NodeId> {
        let Expr::Path(path) = expr else { return None };
        let (Start::Context, [step]) = (&path.start, &path.steps[..]) else { return None };
        let (Axis::Child, NodeTest::Name { module, name }, []) =
            (step.axis, &step.test, &step.predicates[..])
        else {
            return None;
        };
        let leaf = self.schema.data_child(list, *module, name)?;
        self.schema.node(leaf).is_key().then_some(leaf)
    }

    /// Every value of a key leaf that compares equal to an expression; none when they are not
    /// easily told.
    fn key_values(
        &self,
        key: NodeId,
        wanted: &Expr,
        scene: &Scene<'_, 'a>,
    ) -> Result<Option<Vec<Value>>, XPathFailure> {
        let texts = match self.object(wanted, scene)? {
            Object::Text(text) => vec![text],
            Object::Nodes(nodes) => {
                nodes.iter().map(|node| self.node_text(node)).collect::<Result<_, _>>()?
            }
            // Many strings are the same number or truth.
            Object::Number(_) | Object::Boolean(_) => return Ok(None),
        };
        let Some(ty) = self.schema.node(key).type_id() else { return Ok(None) };
        let mut values = Vec::new();
        for text in texts {
            reference::values_of(self, key, ty, &text, scene.names, &mut values);
        }
        values.sort();
        values.dedup();
        Ok(Some(values))
    }
}

fn combine(combinations: &[Vec<Value>], values: &[Value]) -> Vec<Vec<Value>> {
    let longer = combinations.iter().flat_map(|start| {
        values.iter().map(|value| start.iter().chain([value]).cloned().collect())
    });
    longer.collect()
}
