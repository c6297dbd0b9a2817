//! Following leafref paths to their leaves (RFC 7950 9.9).

use super::flatten::Flat;
use super::statements::parse;
use super::writer::Writer;
use crate::hash::FastMap;
use crate::lenient::Quirk;
use crate::limits::LEAFREF_CHAIN_MAX;
use crate::schema::tables::NONE;
use crate::schema::{ModuleId, NodeId, NodeKind, Schema, TypeKind};
use crate::source::{Keyword, Statement, StatementId};
use crate::tree::Expansion;
use crate::xpath::{Axis, Expr, Function, NodeTest, Path, Start};

/// Resolves the leafrefs of every leaf. Returns the type of each node, leafrefs replaced by copies
/// that know their target.
pub(super) fn resolve<'l, 'c>(
    expansion: &mut Expansion<'l, 'c>,
    writer: &Writer<'l, 'c>,
    draft: &Schema,
    flat: &Flat,
) -> Vec<u32> {
    let count = draft.node_count();
    let types = (0..count)
        .map(|id| draft.node(NodeId(id as u32)).type_id().map_or(NONE, |id| id.0))
        .collect();
    let mut resolver = Resolver {
        expansion,
        writer,
        draft,
        flat,
        types,
        state: vec![State::New; count],
        paths: FastMap::default(),
        with_target: FastMap::default(),
        unions: FastMap::default(),
    };
    for id in 0..count as u32 {
        if resolver.types[id as usize] != NONE {
            resolver.node(id, 0);
        }
    }
    resolver.types
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    New,
    Open,
    Done,
}

struct Resolver<'r, 'l, 'c> {
    expansion: &'r mut Expansion<'l, 'c>,
    writer: &'r Writer<'l, 'c>,
    draft: &'r Schema,
    flat: &'r Flat,
    types: Vec<u32>,
    state: Vec<State>,
    /// Parsed paths; none where invalid.
    paths: FastMap<(StatementId, ModuleId), Option<Expr>>,
    /// Copies of leafref types by type, path module and target.
    with_target: FastMap<(u32, ModuleId, u32), u32>,
    /// Copies of unions by members.
    unions: FastMap<(u32, Vec<u32>), u32>,
}

impl<'c> Resolver<'_, '_, 'c> {
    /// The final type of a leaf; none within a circle of leafrefs.
    fn node(&mut self, id: u32, depth: usize) -> Option<u32> {
        let type_ = self.types[id as usize];
        match self.state[id as usize] {
            State::Done => return Some(type_),
            State::Open => return None,
            State::New => {}
        }
        self.state[id as usize] = State::Open;
        let resolved = if self.expansion.types.at(type_).has_leafref {
            self.instance(type_, id, depth)
        } else {
            type_
        };
        self.types[id as usize] = resolved;
        self.state[id as usize] = State::Done;
        Some(resolved)
    }

    /// A type as the leaf `id` uses it.
    fn instance(&mut self, type_: u32, id: u32, depth: usize) -> u32 {
        let info = self.expansion.types.at(type_);
        match info.kind {
            TypeKind::LeafRef => self.leafref(type_, id, depth),
            TypeKind::Union if info.has_leafref => self.union(type_, id, depth),
            _ => type_,
        }
    }

    fn union(&mut self, type_: u32, id: u32, depth: usize) -> u32 {
        let members = self.expansion.types.at(type_).union.clone();
        let members: Vec<u32> =
            members.iter().map(|member| self.instance(*member, id, depth)).collect();
        let key = (type_, members);
        if let Some(known) = self.unions.get(&key) {
            return *known;
        }
        let mut info = self.expansion.types.at(type_).clone();
        info.union = key.1.as_slice().into();
        info.has_leafref = false;
        let copy = self.expansion.types.push(info);
        self.unions.insert(key, copy);
        copy
    }

    fn leafref(&mut self, type_: u32, id: u32, depth: usize) -> u32 {
        let Some(path) = self.expansion.types.at(type_).path else { return type_ };
        let (module, target) = self.target(path, id);
        let key = (type_, module, target.unwrap_or(NONE));
        let known = self.with_target.get(&key).copied();
        if let Some(target) = target {
            self.check_config(type_, id, target);
            if known.is_none() {
                return self.pointed(key, path, id, target, depth);
            }
        }
        known.unwrap_or_else(|| self.copy(key, None))
    }

    /// A leafref with its target, whose own type comes first.
    fn pointed(
        &mut self,
        key: (u32, ModuleId, u32),
        path: Statement<'c>,
        id: u32,
        target: u32,
        depth: usize,
    ) -> u32 {
        let real = if depth < LEAFREF_CHAIN_MAX { self.node(target, depth + 1) } else { None };
        let Some(real) = real else {
            let message = "leafrefs point at each other in a circle";
            let report = self.expansion.linked.report;
            report.quirk(Quirk::MissingLeafrefTarget, self.at(id, path), message);
            return self.copy((key.0, key.1, NONE), None);
        };
        self.copy(key, Some(self.expansion.types.real(real)))
    }

    fn copy(&mut self, key: (u32, ModuleId, u32), real: Option<u32>) -> u32 {
        let mut info = self.expansion.types.at(key.0).clone();
        info.path_module = Some(key.1);
        info.target = (key.2 != NONE).then_some(key.2);
        // Without a target any string will do.
        info.real = Some(real.unwrap_or(TypeKind::String as u32));
        info.has_leafref = false;
        let copy = self.expansion.types.push(info);
        self.with_target.insert(key, copy);
        copy
    }

    /// RFC 7950 9.9.3: configuration cannot require state.
    fn check_config(&self, type_: u32, id: u32, target: u32) {
        let require = self.expansion.types.at(type_).require_instance;
        let (from, to) = (self.draft.node(NodeId(id)), self.draft.node(NodeId(target)));
        if require && from.is_config() && !to.is_config() && !self.is_in_operation(target) {
            let Some(path) = self.expansion.types.at(type_).path else { return };
            let message = format!("configuration refers to the state node \"{}\"", to.path());
            let report = self.expansion.linked.report;
            report.quirk(Quirk::LeafrefConfig, self.at(id, path), message);
        }
    }

    fn is_in_operation(&self, id: u32) -> bool {
        let mut next = Some(NodeId(id));
        while let Some(node) = next.map(|id| self.draft.node(id)) {
            if matches!(node.kind(), NodeKind::Rpc | NodeKind::Action | NodeKind::Notification) {
                return true;
            }
            next = node.parent();
        }
        false
    }

    /// The leaf that the path leads to from the leaf `id`, with the module of names without
    /// prefix; reports when there is none.
    ///
    /// RFC 7950 6.4.1 has such names in the module of the leaf. In the path of a typedef of another
    /// module they are often meant to be in that one, so it is tried next.
    fn target(&mut self, path: Statement<'c>, id: u32) -> (ModuleId, Option<u32>) {
        let module = self.draft.node(NodeId(id)).module();
        if self.writer.is_invalid(path) {
            return (module, None);
        }
        let first = self.followed(path, module, id);
        let own = self.expansion.linked.module_of(path);
        let why = match first {
            Ok(target) => return (module, Some(target)),
            Err(why) => why,
        };
        if own != module
            && is_in_typedef(path)
            && let Ok(target) = self.followed(path, own, id)
        {
            return (own, Some(target));
        }
        let message = format!("path \"{}\" leads {why}", path.arg());
        let report = self.expansion.linked.report;
        report.quirk(Quirk::MissingLeafrefTarget, self.at(id, path), message);
        (module, None)
    }

    /// The leaf at the end of a path, or words on where it leads instead.
    fn followed(&mut self, path: Statement<'c>, module: ModuleId, id: u32) -> Result<u32, String> {
        let key = (path.id(), module);
        let linked = self.expansion.linked;
        let expr = self.paths.remove(&key);
        let expr = expr.unwrap_or_else(|| parse(linked, path, module).ok());
        let found = expr.as_ref().map(|expr| self.follow(expr, NodeId(id), 0));
        self.paths.insert(key, expr);
        match found {
            Some(Ok(target)) if is_leaf(self.draft.node(target).kind()) => Ok(target.0),
            Some(Ok(target)) => {
                Err(format!("to a {}, no leaf", self.draft.node(target).kind().keyword()))
            }
            Some(Err(Lost { name, below })) => {
                Err(format!("nowhere: no node \"{name}\" below \"{}\"", self.draft.path(below)))
            }
            None => Err("nowhere".to_owned()),
        }
    }

    /// The `path` itself when the leaf's own definition has it, else the leaf that uses it.
    fn at(&self, id: u32, path: Statement<'c>) -> Statement<'c> {
        let leaf = self.expansion.tree.at(self.flat.tree[id as usize]).statement;
        match leaf {
            Some(leaf)
                if leaf.file.id != path.file.id
                    || !(leaf.index..leaf.end()).contains(&path.index) =>
            {
                leaf
            }
            _ => path,
        }
    }

    fn follow(&self, expr: &Expr, from: NodeId, depth: usize) -> Result<NodeId, Lost> {
        let lost = |name: &str| Lost { name: name.to_owned(), below: from };
        let Expr::Path(Path { start, steps }) = expr else { return Err(lost("path")) };
        let start = match start {
            Start::Root => Schema::ROOT,
            Start::Context => from,
            Start::Filter { expr, .. } => match &**expr {
                Expr::Call(call) if call.function == Function::Current => from,
                Expr::Call(call) if call.function == Function::Deref && depth < 4 => {
                    self.dereference(&call.arguments[0], from, depth)?
                }
                _ => return Err(lost("expression")),
            },
        };
        steps.iter().try_fold(start, |node, step| match (step.axis, &step.test) {
            (Axis::Parent, _) => self.up(node).ok_or(Lost { name: "..".to_owned(), below: node }),
            (Axis::SelfNode, _) => Ok(node),
            (Axis::Child, NodeTest::Name { module, name }) => self
                .down(node, *module, name, from)
                .ok_or_else(|| Lost { name: name.to_string(), below: node }),
            _ => Err(Lost { name: "step".to_owned(), below: node }),
        })
    }

    /// `deref(path)` of a leafref: where that one points, by its own path.
    fn dereference(&self, expr: &Expr, from: NodeId, depth: usize) -> Result<NodeId, Lost> {
        let leaf = self.follow(expr, from, depth + 1)?;
        let lost = || Lost { name: "deref()".to_owned(), below: leaf };
        let type_ = self.draft.node(leaf).type_id().ok_or_else(lost)?;
        let path = self.expansion.types.at(type_.0).path.ok_or_else(lost)?;
        let module = self.draft.node(leaf).module();
        let expr = parse(self.expansion.linked, path, module).map_err(|_| lost())?;
        self.follow(&expr, leaf, depth + 1)
    }

    /// The parent in the data tree, where input and output do not appear (RFC 7950 6.4.1).
    fn up(&self, id: NodeId) -> Option<NodeId> {
        let parent = self.draft.node(id).data_parent()?;
        match self.draft.node(parent).kind() {
            NodeKind::Input | NodeKind::Output => self.draft.node(parent).data_parent(),
            _ => Some(parent),
        }
    }

    /// A child in the data tree; below an operation on the side of the leaf that refers.
    fn down(
        &self,
        node: NodeId,
        module: Option<ModuleId>,
        name: &str,
        from: NodeId,
    ) -> Option<NodeId> {
        if !matches!(self.draft.node(node).kind(), NodeKind::Rpc | NodeKind::Action) {
            return self.draft.child(node, module, name);
        }
        let sides = self.draft.node(node).children();
        let (near, far): (Vec<_>, Vec<_>) =
            sides.partition(|side| *side <= from && from < self.draft.node(*side).end());
        let mut sides = near.into_iter().chain(far);
        let child = sides.find_map(|side| self.draft.child(side, module, name));
        child.or_else(|| self.draft.child(node, module, name))
    }
}

/// Where a path breaks off.
struct Lost {
    name: String,
    below: NodeId,
}

fn is_in_typedef(path: Statement<'_>) -> bool {
    let mut outer = path.parent();
    while let Some(statement) = outer {
        if statement.kind() == Keyword::Typedef {
            return true;
        }
        outer = statement.parent();
    }
    false
}

fn is_leaf(kind: NodeKind) -> bool {
    matches!(kind, NodeKind::Leaf | NodeKind::LeafList)
}
