//! `when` expressions must not depend on each other in a circle (RFC 7950 7.21.5).

use super::flatten::Flat;
use crate::hash::FastMap;
use crate::lenient::Quirk;
use crate::schema::{Node, NodeId, NodeKind, Schema};
use crate::source::Keyword;
use crate::tree::Expansion;
use crate::xpath::{Axis, Call, Expr, Function, NodeTest, Path, Start};

/// Most context nodes followed for one step of a path.
const NODES_PER_STEP_MAX: usize = 256;

/// Reports every circle of conditions.
pub(super) fn check(schema: &Schema, expansion: &Expansion<'_, '_>, flat: &Flat) {
    let mut graph = Graph { schema, edges: FastMap::default(), state: FastMap::default() };
    let conditional: Vec<NodeId> =
        schema.nodes().filter(|node| node.whens().next().is_some()).map(Node::id).collect();
    for id in &conditional {
        graph.edges.insert(*id, Vec::new());
    }
    for id in &conditional {
        let targets = graph.dependencies(*id);
        graph.edges.insert(*id, targets);
    }
    for id in conditional {
        let Some((from, to)) = graph.circle_from(id) else { continue };
        let node = expansion.tree.at(flat.tree[from.index()]);
        let when = node.whens().first().map(|(when, _)| *when).or(node.statement);
        let Some(when) = when.or_else(|| node.statement?.first(Keyword::When)) else { continue };
        let message = format!(
            "the condition of \"{}\" depends on \"{}\", whose condition depends on it",
            schema.path(from),
            schema.path(to)
        );
        expansion.linked.report.quirk(Quirk::CircularWhen, when, message);
    }
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    Open,
    Done,
}

struct Graph<'s> {
    schema: &'s Schema,
    /// Conditional nodes that the conditions of a node refer to.
    edges: FastMap<NodeId, Vec<NodeId>>,
    state: FastMap<NodeId, State>,
}

impl Graph<'_> {
    fn dependencies(&self, id: NodeId) -> Vec<NodeId> {
        let mut found = Vec::new();
        for when in self.schema.node(id).whens() {
            self.expr(when.xpath(), &[when.context()], when.context(), &mut found);
        }
        found.retain(|target| self.edges.contains_key(target));
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The first edge that closes a circle, walking depth first.
    fn circle_from(&mut self, start: NodeId) -> Option<(NodeId, NodeId)> {
        if self.state.contains_key(&start) {
            return None;
        }
        let mut circle = None;
        let mut stack = vec![(start, 0)];
        self.state.insert(start, State::Open);
        while let Some((id, next)) = stack.last_mut() {
            let target = self.edges[id].get(*next).copied();
            let id = *id;
            *next += 1;
            match target.map(|target| (target, self.state.get(&target))) {
                Some((target, None)) => {
                    self.state.insert(target, State::Open);
                    stack.push((target, 0));
                }
                Some((target, Some(State::Open))) => circle = circle.or(Some((id, target))),
                Some((_, Some(State::Done))) => {}
                None => {
                    self.state.insert(id, State::Done);
                    stack.pop();
                }
            }
        }
        circle
    }

    /// Nodes an expression refers to by name, added to `found`; returns what it evaluates to.
    fn expr(
        &self,
        expr: &Expr,
        context: &[NodeId],
        current: NodeId,
        found: &mut Vec<NodeId>,
    ) -> Vec<NodeId> {
        match expr {
            Expr::Or(a, b)
            | Expr::And(a, b)
            | Expr::Compare(_, a, b)
            | Expr::Arithmetic(_, a, b) => {
                self.expr(a, context, current, found);
                self.expr(b, context, current, found);
                Vec::new()
            }
            Expr::Union(a, b) => {
                let mut nodes = self.expr(a, context, current, found);
                nodes.extend(self.expr(b, context, current, found));
                nodes
            }
            Expr::Negate(inner) => self.expr(inner, context, current, found),
            Expr::Number(_) | Expr::Literal(_) => Vec::new(),
            Expr::Call(call) => self.call(call, context, current, found),
            Expr::Path(path) => self.path(path, context, current, found),
        }
    }

    fn call(
        &self,
        call: &Call,
        context: &[NodeId],
        current: NodeId,
        found: &mut Vec<NodeId>,
    ) -> Vec<NodeId> {
        let mut values: Vec<_> = call
            .arguments
            .iter()
            .map(|argument| self.expr(argument, context, current, found))
            .collect();
        match (call.function, values.first_mut()) {
            (Function::Current, _) => vec![current],
            (Function::Deref, Some(leaves)) => leaves
                .iter()
                .filter_map(|leaf| {
                    let type_ = self.schema.node(*leaf).type_id()?;
                    self.schema.type_(type_).target()
                })
                .collect(),
            _ => Vec::new(),
        }
    }

    fn path(
        &self,
        path: &Path,
        context: &[NodeId],
        current: NodeId,
        found: &mut Vec<NodeId>,
    ) -> Vec<NodeId> {
        let mut nodes = match &path.start {
            Start::Root => vec![Schema::ROOT],
            Start::Context => context.to_vec(),
            Start::Filter { expr, predicates } => {
                let nodes = self.expr(expr, context, current, found);
                for predicate in predicates {
                    self.expr(predicate, &nodes, current, found);
                }
                nodes
            }
        };
        for step in &path.steps {
            nodes = self.step(&nodes, step.axis, &step.test);
            nodes.truncate(NODES_PER_STEP_MAX);
            for predicate in &step.predicates {
                self.expr(predicate, &nodes, current, found);
            }
            // Going up needs no condition: the ancestors of a node are there before it is.
            if matches!(step.axis, Axis::Child | Axis::Descendant | Axis::DescendantOrSelf) {
                found.extend_from_slice(&nodes);
            }
        }
        nodes
    }

    fn step(&self, from: &[NodeId], axis: Axis, test: &NodeTest) -> Vec<NodeId> {
        let mut nodes: Vec<NodeId> = match axis {
            Axis::SelfNode => from.to_vec(),
            Axis::Parent => from.iter().filter_map(|id| self.up(*id)).collect(),
            Axis::Child => match test {
                NodeTest::Name { module, name } => from
                    .iter()
                    .filter_map(|id| self.schema.data_child(*id, *module, name))
                    .collect(),
                _ => from.iter().flat_map(|id| self.schema.node(*id).data_children()).collect(),
            },
            // Other axes are rare in conditions, and what they reach is not followed.
            _ => Vec::new(),
        };
        nodes.sort_unstable();
        nodes.dedup();
        nodes
    }

    fn up(&self, id: NodeId) -> Option<NodeId> {
        let parent = self.schema.node(id).data_parent()?;
        match self.schema.node(parent).kind() {
            NodeKind::Input | NodeKind::Output => self.schema.node(parent).data_parent(),
            _ => Some(parent),
        }
    }
}
