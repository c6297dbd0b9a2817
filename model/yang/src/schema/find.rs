//! Children by name and nodes by path.

use super::tables::{node, present};
use super::{ModuleId, NodeId, NodeKind, Schema};
use crate::hash::child_slot;

impl Schema {
    /// Data child by name, looking through choice and case, in constant time.
    ///
    /// Without a module any child of that name will do: the parent's module first, else the first
    /// in schema order.
    #[must_use]
    pub fn data_child(
        &self,
        parent: NodeId,
        module: Option<ModuleId>,
        name: &str,
    ) -> Option<NodeId> {
        self.child_where(parent, module, name, NodeKind::is_data)
    }

    /// As [`Schema::data_child`], and also rpc, action, notification, input and output.
    #[must_use]
    pub fn child(&self, parent: NodeId, module: Option<ModuleId>, name: &str) -> Option<NodeId> {
        self.child_where(parent, module, name, |_| true)
    }

    fn child_where(
        &self,
        parent: NodeId,
        module: Option<ModuleId>,
        name: &str,
        fits: fn(NodeKind) -> bool,
    ) -> Option<NodeId> {
        let preferred = module.unwrap_or_else(|| self.node(parent).module());
        let mut first: Option<NodeId> = None;
        for id in self.children_named(parent, name) {
            if !fits(self.node(id).kind()) {
                continue;
            }
            if self.node(id).module() == preferred {
                return Some(id);
            }
            first = first.filter(|other| *other < id).or(Some(id));
        }
        first.filter(|_| module.is_none())
    }

    /// Every child of this name, of whatever module, through choice and case.
    fn children_named(&self, parent: NodeId, name: &str) -> impl Iterator<Item = NodeId> {
        let index = &self.tables.index;
        let mask = index.len().wrapping_sub(1);
        let start = child_slot(parent.0, name) as usize;
        (0..index.len())
            .map(move |step| index[start.wrapping_add(step) & mask])
            .take_while(|slot| *slot != 0)
            .map(|slot| slot - 1)
            .filter(move |id| {
                self.tables.node(*id, node::DATA_PARENT) == parent.0
                    && self.tables.string(self.tables.node(*id, node::NAME)) == name
            })
            .map(NodeId)
    }

    /// The node at a path like `/module:a/b/module2:c`: data nodes and rpc, action, input, output
    /// and notification names; no choices and cases. A name without prefix is of its parent's
    /// module. `/` is the root.
    #[must_use]
    pub fn find(&self, path: &str) -> Option<NodeId> {
        let path = path.strip_prefix('/')?;
        if path.is_empty() {
            return Some(Self::ROOT);
        }
        path.split('/').try_fold(Self::ROOT, |parent, step| match step.split_once(':') {
            Some((module, name)) => {
                // Several revisions of a module may be loaded; nodes are of the implemented one.
                self.child(parent, Some(self.module_named(module)?), name)
            }
            None => self.child(parent, None, step),
        })
    }

    /// The path of a node in the form of [`Schema::find`], with a module name where the module
    /// changes. For a choice or case it is the path of its data parent.
    #[must_use]
    pub fn path(&self, id: NodeId) -> String {
        let mut chain = Vec::new();
        let mut next = Some(id);
        while let Some(id) = next {
            chain.push(id);
            next = present(self.tables.node(id.0, node::DATA_PARENT)).map(NodeId);
        }
        let mut path = String::new();
        let mut module = None;
        for id in chain.into_iter().rev().skip(1) {
            let node = self.node(id);
            if node.kind().is_choice_or_case() {
                continue;
            }
            path.push('/');
            if module != Some(node.module()) {
                path.push_str(node.module_name());
                path.push(':');
            }
            module = Some(node.module());
            path.push_str(node.name());
        }
        if path.is_empty() { "/".to_owned() } else { path }
    }
}
