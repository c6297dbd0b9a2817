//! Which schema nodes an expression reads, and how far up it climbs to reach them.
//!
//! The expression is evaluated on the schema in place of data: a node set becomes a set of
//! [`Spot`]s, each a schema node with the highest ancestor that was passed on the way from the
//! context node. What changes at a spot's node concerns only those context nodes that are below
//! the same instance of its apex. What cannot be told makes the expression read everything.

use std::collections::BTreeSet;

use yang::xpath::{Axis, Call, CompareOp, Expr, Function, NodeTest, Path, Start, Step};
use yang::{NodeId, NodeKind, Schema, Type, TypeKind};

/// Nodes that an expression may read before it counts as reading everything.
const SPOTS_MAX: usize = 2_048;
/// Conditions and references that are followed from one expression to the next.
const FOLLOWED_MAX: usize = 64;

/// A schema node that is read, and the highest ancestor passed on the way to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Spot {
    pub(super) node: NodeId,
    pub(super) apex: NodeId,
}

/// What one expression, or all rules of one schema node, read.
#[derive(Clone, Debug, Default)]
pub(super) struct Reads {
    pub(super) spots: BTreeSet<Spot>,
    /// Reads cannot be told: any change anywhere may matter.
    pub(super) everything: bool,
}

/// A leafref's target: only its disappearance matters to the referrer.
#[derive(Clone, Debug, Default)]
pub(super) struct TargetReads {
    pub(super) targets: BTreeSet<Spot>,
    /// What else decides where the path leads.
    pub(super) reads: Reads,
}

/// The reads of an expression whose context nodes are instances of `context`.
pub(super) fn reads_of(schema: &Schema, expr: &Expr, context: NodeId) -> Reads {
    let mut reader = Reader::new(schema);
    let here = Spots::from([Spot { node: context, apex: context }]);
    reader.value(expr, &Scene { node: &here, current: &here });
    reader.reads
}

/// The reads of a leafref of `leaf`.
pub(super) fn target_reads(schema: &Schema, ty: Type<'_>, leaf: NodeId) -> TargetReads {
    let mut reader = Reader::new(schema);
    let here = Spots::from([Spot { node: leaf, apex: leaf }]);
    let targets = reader.leafref_targets(ty, &here);
    for spot in &targets {
        if may_be_implicit(schema, spot.node) {
            reader.read(*spot);
        }
    }
    TargetReads { targets, reads: reader.reads }
}

/// What decides whether a leaf that is not stored has a value, for rules of a list above it.
pub(super) fn default_reads(schema: &Schema, list: NodeId, leaf: NodeId) -> Reads {
    let mut reader = Reader::new(schema);
    reader.read(Spot { node: leaf, apex: list });
    reader.reads
}

type Spots = BTreeSet<Spot>;

struct Scene<'s> {
    node: &'s Spots,
    current: &'s Spots,
}

struct Reader<'s> {
    schema: &'s Schema,
    reads: Reads,
    followed: usize,
}

impl<'s> Reader<'s> {
    fn new(schema: &'s Schema) -> Self {
        Self { schema, reads: Reads::default(), followed: 0 }
    }

    /// An expression whose value counts, strings of its nodes included.
    fn value(&mut self, expr: &Expr, scene: &Scene<'_>) {
        let spots = self.existence(expr, scene);
        for spot in spots {
            self.read_below(spot);
        }
    }

    /// An expression of whose node set only the existence of the nodes counts: the node set.
    fn existence(&mut self, expr: &Expr, scene: &Scene<'_>) -> Spots {
        match expr {
            Expr::Or(left, right) | Expr::And(left, right) => {
                self.existence(left, scene);
                self.existence(right, scene);
                Spots::new()
            }
            Expr::Compare(_, left, right) | Expr::Arithmetic(_, left, right) => {
                self.value(left, scene);
                self.value(right, scene);
                Spots::new()
            }
            Expr::Negate(expr) => {
                self.value(expr, scene);
                Spots::new()
            }
            Expr::Union(left, right) => {
                let mut spots = self.existence(left, scene);
                spots.extend(self.existence(right, scene));
                spots
            }
            Expr::Number(_) | Expr::Literal(_) => Spots::new(),
            Expr::Call(call) => self.call(call, scene),
            Expr::Path(path) => self.path(path, scene),
        }
    }

    fn call(&mut self, call: &Call, scene: &Scene<'_>) -> Spots {
        match (call.function, &call.arguments[..]) {
            (Function::Current, _) => return scene.current.clone(),
            (Function::Deref, [argument, ..]) => {
                let from = self.existence(argument, scene);
                return self.deref(&from);
            }
            (Function::Not | Function::Boolean | Function::Count, [argument, ..]) => {
                self.existence(argument, scene);
            }
            (_, []) => {
                // string(), number() and the like take the context node.
                for spot in scene.node {
                    self.read_below(*spot);
                }
            }
            (_, arguments) => {
                for argument in arguments {
                    self.value(argument, scene);
                }
            }
        }
        Spots::new()
    }

    fn path(&mut self, path: &Path, scene: &Scene<'_>) -> Spots {
        let mut spots = match &path.start {
            Start::Root => root_spots(),
            Start::Context => scene.node.clone(),
            Start::Filter { expr, predicates } => {
                let spots = self.existence(expr, scene);
                self.predicates(predicates, &spots, scene);
                spots
            }
        };
        for step in &path.steps {
            spots = self.step(step, &spots);
            self.predicates(&step.predicates, &spots, scene);
        }
        spots
    }

    fn predicates(&mut self, predicates: &[Expr], spots: &Spots, scene: &Scene<'_>) {
        for predicate in predicates {
            self.value(predicate, &Scene { node: spots, current: scene.current });
        }
    }

    /// The nodes that a step leads to; they are read.
    fn step(&mut self, step: &Step, from: &Spots) -> Spots {
        let spots = self.destinations(step, from);
        if spots.len() > SPOTS_MAX || self.reads.spots.len() > SPOTS_MAX {
            self.reads.everything = true;
            return Spots::new();
        }
        for spot in &spots {
            self.read(*spot);
        }
        spots
    }

    fn destinations(&mut self, step: &Step, from: &Spots) -> Spots {
        let mut spots = Spots::new();
        for spot in from {
            if spots.len() > SPOTS_MAX {
                break;
            }
            match step.axis {
                Axis::SelfNode => spots.extend([*spot]),
                Axis::Parent => spots.extend(self.parent(*spot)),
                Axis::Ancestor => spots.extend(self.ancestors(*spot)),
                Axis::AncestorOrSelf => {
                    spots.extend([*spot]);
                    spots.extend(self.ancestors(*spot));
                }
                Axis::Child => self.children(*spot, &step.test, &mut spots),
                Axis::Descendant => self.descendants(*spot, &mut spots),
                Axis::DescendantOrSelf => {
                    spots.extend([*spot]);
                    self.descendants(*spot, &mut spots);
                }
                Axis::FollowingSibling | Axis::PrecedingSibling => {
                    if let Some(parent) = self.parent(*spot) {
                        self.children(parent, &step.test, &mut spots);
                    }
                }
                Axis::Following | Axis::Preceding => self.reads.everything = true,
                Axis::Attribute | Axis::Namespace => {}
            }
        }
        spots.retain(|spot| self.passes(&step.test, spot.node));
        spots
    }

    fn parent(&self, spot: Spot) -> Option<Spot> {
        let parent = self.schema.node(spot.node).data_parent()?;
        // An ancestor has the smaller id.
        Some(Spot { node: parent, apex: spot.apex.min(parent) })
    }

    fn ancestors(&self, spot: Spot) -> Vec<Spot> {
        let parents = std::iter::successors(self.parent(spot), |spot| self.parent(*spot));
        parents.collect()
    }

    fn children(&self, spot: Spot, test: &NodeTest, spots: &mut Spots) {
        let Spot { node, apex } = spot;
        if let NodeTest::Name { module: module @ Some(_), name } = test {
            let child = self.schema.data_child(node, *module, name);
            spots.extend(child.map(|node| Spot { node, apex }));
            return;
        }
        spots.extend(self.schema.node(node).data_children().map(|node| Spot { node, apex }));
        self.extend_with_text(spot, spots);
    }

    fn descendants(&self, spot: Spot, spots: &mut Spots) {
        for node in self.schema.node(spot.node).data_children() {
            if spots.len() > SPOTS_MAX {
                return;
            }
            let child = Spot { node, apex: spot.apex };
            spots.insert(child);
            self.descendants(child, spots);
        }
        self.extend_with_text(spot, spots);
    }

    /// The text of a leaf counts as the leaf.
    fn extend_with_text(&self, spot: Spot, spots: &mut Spots) {
        if self.schema.node(spot.node).type_id().is_some() {
            spots.insert(spot);
        }
    }

    fn passes(&self, test: &NodeTest, id: NodeId) -> bool {
        let node = self.schema.node(id);
        match test {
            NodeTest::Any => id != Schema::ROOT,
            NodeTest::AnyOf(module) => id != Schema::ROOT && node.module() == *module,
            NodeTest::Name { module, name } => {
                module.is_none_or(|module| module == node.module()) && node.name() == &**name
            }
            NodeTest::Node => true,
            NodeTest::Text => node.type_id().is_some(),
            NodeTest::Comment | NodeTest::ProcessingInstruction(_) => false,
        }
    }

    fn read(&mut self, spot: Spot) {
        if self.reads.spots.insert(spot) && may_be_implicit(self.schema, spot.node) {
            self.read_calls(spot);
        }
    }

    /// What decides whether a node that is not stored exists: the other nodes of its choices, and
    /// its conditions.
    fn read_calls(&mut self, spot: Spot) {
        let schema = self.schema;
        let parent = schema.node(spot.node).data_parent().unwrap_or(Schema::ROOT);
        let mut definition = schema.node(spot.node);
        loop {
            if definition.kind() == NodeKind::Choice {
                let range = definition.id()..definition.end();
                let siblings = schema.node(parent).data_children();
                let siblings = siblings.filter(|node| range.contains(node));
                let spots = siblings.map(|node| Spot { node, apex: spot.apex });
                self.reads.spots.extend(spots);
            }
            for when in definition.whens() {
                let context = when.context();
                let here = Spots::from([Spot { node: context, apex: spot.apex.min(context) }]);
                self.followed += 1;
                if self.followed > FOLLOWED_MAX {
                    self.reads.everything = true;
                    return;
                }
                self.value(when.xpath(), &Scene { node: &here, current: &here });
            }
            let above = definition.parent().map(|above| schema.node(above));
            match above.filter(|above| above.kind().is_choice_or_case()) {
                Some(above) => definition = above,
                None => return,
            }
        }
    }

    /// A node whose string counts: what is below it too.
    fn read_below(&mut self, spot: Spot) {
        self.read(spot);
        let mut below = Spots::new();
        self.descendants(spot, &mut below);
        if below.len() > SPOTS_MAX {
            self.reads.everything = true;
            return;
        }
        for spot in below {
            self.read(spot);
        }
    }

    fn deref(&mut self, from: &Spots) -> Spots {
        let mut spots = Spots::new();
        for spot in from {
            self.read(*spot);
            let Some(ty) = self.schema.node(spot.node).type_id() else { continue };
            let ty = self.schema.type_(ty);
            match ty.kind() {
                TypeKind::LeafRef => {
                    let targets = self.leafref_targets(ty, &Spots::from([*spot]));
                    for target in &targets {
                        self.read(*target);
                    }
                    spots.extend(targets);
                }
                // It may point anywhere.
                _ => self.reads.everything = true,
            }
        }
        spots
    }

    /// The ends of a leafref's path. That the path leads there is not read: where only equations
    /// of keys select entries, what comes new takes no target away, and what goes takes the
    /// target's own instance along.
    fn leafref_targets(&mut self, ty: Type<'_>, from: &Spots) -> Spots {
        let Some(Expr::Path(path)) = ty.path() else {
            self.reads.everything = true;
            return Spots::new();
        };
        let mut spots = match &path.start {
            Start::Root => root_spots(),
            Start::Context => from.clone(),
            Start::Filter { expr, .. } => {
                self.existence(expr, &Scene { node: from, current: from })
            }
        };
        for step in &path.steps {
            spots = self.destinations(step, &spots);
            for predicate in &step.predicates {
                self.leafref_predicate(predicate, &spots, from);
            }
        }
        spots
    }

    fn leafref_predicate(&mut self, predicate: &Expr, spots: &Spots, from: &Spots) {
        let scene = Scene { node: spots, current: from };
        if let Expr::Compare(CompareOp::Equal, left, right) = predicate
            && self.is_key(left, spots)
        {
            self.value(right, &scene);
        } else {
            for spot in spots {
                self.read(*spot);
            }
            self.value(predicate, &scene);
        }
    }

    fn is_key(&self, expr: &Expr, lists: &Spots) -> bool {
        let Expr::Path(path) = expr else { return false };
        let (Start::Context, [step]) = (&path.start, &path.steps[..]) else { return false };
        let (Axis::Child, NodeTest::Name { module, name }) = (step.axis, &step.test) else {
            return false;
        };
        step.predicates.is_empty()
            && lists.iter().all(|list| {
                let leaf = self.schema.data_child(list.node, *module, name);
                leaf.is_some_and(|leaf| self.schema.node(leaf).is_key())
            })
    }
}

fn root_spots() -> Spots {
    Spots::from([Spot { node: Schema::ROOT, apex: Schema::ROOT }])
}

/// Whether an instance may exist that is not stored.
pub(super) fn may_be_implicit(schema: &Schema, id: NodeId) -> bool {
    let node = schema.node(id);
    match node.kind() {
        NodeKind::Container => id != Schema::ROOT && !node.is_presence(),
        NodeKind::Leaf | NodeKind::LeafList => node.defaults().next().is_some(),
        _ => false,
    }
}
