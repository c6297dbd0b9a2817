//! Applying a difference to the version it was taken from.

use std::sync::Arc;

use yang::{NodeKind, Schema};

use super::{Change, Diff, DiffNode, Item};
use crate::{
    Branch, Content, DataError, Entry, Fault, Key, LeafListEntry, NoSuchEntry, Origin, Path, Place,
    Slot, Step, Tree, Value,
};

impl Diff {
    /// Makes the new version from the old one. New nodes get `origin`; what is inside new
    /// containers and entries keeps its own.
    ///
    /// # Errors
    /// When the tree lacks a node that changes, the path of the first such node.
    pub fn apply(&self, tree: &Tree, origin: Origin) -> Result<Tree, DataError> {
        let mut root = tree.root().clone();
        let mut applier = Applier { schema: tree.schema(), origin, steps: Vec::new() };
        applier.nodes(&mut root, &self.nodes)?;
        Ok(Tree::from_root(Arc::clone(tree.schema()), root))
    }
}

struct Applier<'s> {
    schema: &'s Schema,
    origin: Origin,
    steps: Vec<Step>,
}

impl Applier<'_> {
    fn nodes(&mut self, branch: &mut Branch, nodes: &[DiffNode]) -> Result<(), DataError> {
        nodes.iter().try_for_each(|node| self.node(branch, node))
    }

    fn node(&mut self, branch: &mut Branch, node: &DiffNode) -> Result<(), DataError> {
        self.steps.push(Step { node: node.node, key: node.key.clone() });
        let applied = match self.schema.node(node.node).kind() {
            NodeKind::List => self.entry(branch, node),
            NodeKind::LeafList => self.value(branch, node),
            _ => self.single(branch, node),
        };
        self.steps.pop();
        applied
    }

    fn single(&mut self, branch: &mut Branch, node: &DiffNode) -> Result<(), DataError> {
        match &node.change {
            Change::Deleted { .. } => branch.unset(node.node),
            Change::Created { new, .. } | Change::Replaced { new, .. } => {
                let content = match new {
                    Item::Value(value) => Content::Leaf(value.clone()),
                    Item::Branch(branch) => Content::Container(branch.clone()),
                    Item::Any(any) => Content::Any(Arc::clone(any)),
                };
                branch.set(Slot { node: node.node, origin: self.origin, content });
            }
            Change::Inside { children, .. } => match branch.content_mut(node.node) {
                Some(Content::Container(inside)) => self.nodes(inside, children)?,
                _ => return Err(self.missing()),
            },
        }
        Ok(())
    }

    fn entry(&mut self, branch: &mut Branch, node: &DiffNode) -> Result<(), DataError> {
        let Some(key) = &node.key else { return Err(self.missing()) };
        let list = branch.list_mut(self.schema, node.node);
        let place = match &node.change {
            Change::Created { new: Item::Branch(inside), place } => {
                let keys = self.schema.node(node.node).keys().len();
                let keys = u8::try_from(keys).unwrap_or(u8::MAX);
                list.insert(Entry::new(inside.clone(), keys, self.origin));
                place
            }
            Change::Inside { children, place } => {
                let Some(entry) = list.get_mut(key) else { return Err(self.missing()) };
                self.nodes(&mut entry.branch, children)?;
                place
            }
            Change::Deleted { .. } | Change::Created { .. } | Change::Replaced { .. } => {
                list.remove(key);
                if list.is_empty() {
                    branch.unset(node.node);
                }
                &None
            }
        };
        if let Some(place) = place {
            let list = branch.list_mut(self.schema, node.node);
            list.move_to(key, place).map_err(|NoSuchEntry| self.missing())?;
        }
        Ok(())
    }

    fn value(&mut self, branch: &mut Branch, node: &DiffNode) -> Result<(), DataError> {
        let Some(Key::One(value)) = &node.key else { return Err(self.missing()) };
        let list = branch.leaf_list_mut(self.schema, node.node);
        let place = match &node.change {
            Change::Created { place, .. } => {
                list.insert(LeafListEntry::new(value.clone(), self.origin));
                place
            }
            Change::Inside { place, .. } => place,
            Change::Deleted { .. } | Change::Replaced { .. } => {
                list.remove(value);
                if list.is_empty() {
                    branch.unset(node.node);
                }
                &None
            }
        };
        if let Some(place) = place {
            let list = branch.leaf_list_mut(self.schema, node.node);
            list.move_to(value, &value_place(place)).map_err(|NoSuchEntry| self.missing())?;
        }
        Ok(())
    }

    fn missing(&self) -> DataError {
        let path = Path(self.steps.clone()).text(self.schema);
        DataError::at(path, Fault::DataMissing)
    }
}

fn value_place(place: &Place<Key>) -> Place<Value> {
    let value = |key: &Key| key.values().first().cloned().unwrap_or(Value::Empty);
    match place {
        Place::First => Place::First,
        Place::Last => Place::Last,
        Place::Before(key) => Place::Before(value(key)),
        Place::After(key) => Place::After(value(key)),
    }
}
