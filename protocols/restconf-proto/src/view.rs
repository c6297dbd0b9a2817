//! What a read is to see of a tree: a resource, `depth`, `fields` and defaults (RFC 8040,
//! section 4.8).

use std::sync::Arc;

use yang::{NodeId, NodeKind, Schema};
use yang_data::defaults::fill_branch;
use yang_data::{Branch, Content, Entry, Found, List, Origin, Path, Slot, Step, Tree, Types};

use crate::problem::Problem;
use crate::query::{DefaultsMode, Query};
use crate::resource::{data_parent, exists};

/// Cuts the resource at a path out of a tree, as a query wants to see it: a tree with that
/// resource and the way to it. `None` when the resource does not exist.
///
/// The resource itself is level 1 of `depth`. Key leaves are shown of every entry that is shown,
/// whatever the depth and the fields, so that it can be told from others.
///
/// # Errors
/// When `fields` is no such expression or names what the schema lacks.
pub fn resource(
    types: &Types,
    tree: &Tree,
    path: &Path,
    query: &Query,
) -> Result<Option<Tree>, Problem> {
    let fields = match &query.fields {
        None => None,
        Some(text) => Some(Fields::parse(types.schema(), data_parent(path), text)?),
    };
    let cut = Cut {
        types,
        fields: fields.as_ref(),
        depth: query.depth.map(|depth| usize::from(depth) - 1),
        fills: query.defaults == DefaultsMode::ReportAll,
    };
    Ok(cut.resource(tree, path))
}

struct Cut<'a> {
    types: &'a Types,
    fields: Option<&'a Fields>,
    /// Levels below the resource.
    depth: Option<usize>,
    fills: bool,
}

impl Cut<'_> {
    fn resource(&self, tree: &Tree, path: &Path) -> Option<Tree> {
        let schema = tree.schema();
        let Some((last, above)) = path.steps().split_last() else {
            let root = self.branch(Schema::ROOT, tree.root(), 0);
            return Some(Tree::from_root(Arc::clone(schema), root));
        };
        let mut out = Tree::new(Arc::clone(schema));
        let parent = out.branch_mut(&Path(above.to_vec()), Origin::NONE);
        match tree.get(path) {
            Some(Found::Content(content)) => parent.set(self.slot(last.node, content)),
            Some(Found::Entry(entry)) => {
                let entry = self.entry(last.node, entry);
                parent.list_mut(schema, last.node).insert(entry);
            }
            Some(Found::LeafListEntry(entry)) => {
                parent.leaf_list_mut(schema, last.node).insert(entry.clone());
            }
            Some(Found::Root(_)) => return None,
            None => parent.set(self.implied(tree, path, last)?),
        }
        Some(out)
    }

    /// What is not stored and there all the same: a container without presence, a default.
    fn implied(&self, tree: &Tree, path: &Path, last: &Step) -> Option<Slot> {
        let node = tree.schema().node(last.node);
        let parent = Path(path.steps()[..path.steps().len() - 1].to_vec());
        let empty = Branch::default();
        match node.kind() {
            NodeKind::Container if exists(tree, path) => {
                Some(self.slot(last.node, &Content::Container(empty)))
            }
            NodeKind::Leaf | NodeKind::LeafList if last.key.is_none() && exists(tree, &parent) => {
                let branch = tree.branch(&parent).unwrap_or(&empty);
                let filled = fill_branch(self.types, data_parent(&parent), branch);
                filled.slot(last.node).cloned()
            }
            _ => None,
        }
    }

    fn slot(&self, node: NodeId, content: &Content) -> Slot {
        let content = match content {
            Content::Container(branch) => Content::Container(self.branch(node, branch, 0)),
            Content::List(list) => {
                let mut cut = List::new(list.is_user_ordered());
                list.iter().for_each(|entry| drop(cut.insert(self.entry(node, entry))));
                Content::List(cut)
            }
            other => other.clone(),
        };
        Slot { node, origin: Origin::NONE, content }
    }

    fn entry(&self, node: NodeId, entry: &Entry) -> Entry {
        let leaves = entry.key_leaf_count();
        let branch = self.branch(node, &entry.branch, leaves);
        Entry::new(branch, u8::try_from(leaves).unwrap_or(u8::MAX), entry.origin)
    }

    fn branch(&self, parent: NodeId, branch: &Branch, keys: usize) -> Branch {
        let filled =
            if self.fills { fill_branch(self.types, parent, branch) } else { branch.clone() };
        let picked = match self.fields {
            None => filled,
            Some(fields) => fields.pick(&filled, keys),
        };
        match self.depth {
            None => picked,
            Some(depth) => limited(&picked, keys, depth),
        }
    }
}

/// A branch with so many levels, but for the key leaves at its head.
fn limited(branch: &Branch, keys: usize, depth: usize) -> Branch {
    let Some(below) = depth.checked_sub(1) else {
        return Branch::from_slots(branch.slots()[..keys].to_vec());
    };
    rebuilt(branch, |_, slot, inner, keys| {
        debug_assert!(keys <= inner.slots().len(), "an entry has its keys: {slot:?}");
        limited(inner, keys, below)
    })
}

/// The same branch with another one in place of the children of each container and entry.
fn rebuilt(branch: &Branch, inside: impl Fn(NodeId, &Slot, &Branch, usize) -> Branch) -> Branch {
    let slots = branch.slots().iter().map(|slot| {
        let content = match &slot.content {
            Content::Container(inner) => Content::Container(inside(slot.node, slot, inner, 0)),
            Content::List(list) => {
                let mut cut = List::new(list.is_user_ordered());
                for entry in list.iter() {
                    let keys = entry.key_leaf_count();
                    let inner = inside(slot.node, slot, &entry.branch, keys);
                    let keys = u8::try_from(keys).unwrap_or(u8::MAX);
                    cut.insert(Entry::new(inner, keys, entry.origin));
                }
                Content::List(cut)
            }
            other => other.clone(),
        };
        Slot { content, ..slot.clone() }
    });
    Branch::from_slots(slots.collect())
}

/// A `fields` expression, resolved: which children, and which of theirs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Fields {
    /// Everything.
    is_whole: bool,
    /// These, when not everything.
    children: Vec<(NodeId, Self)>,
}

/// Nested parentheses of a `fields` expression at most.
const FIELDS_DEPTH_MAX: usize = 64;

impl Fields {
    /// Reads an expression (RFC 8040, section 4.8.3) relative to a schema node.
    fn parse(schema: &Schema, target: NodeId, text: &str) -> Result<Self, Problem> {
        let mut parser = FieldsParser { schema, text, at: 0, open: 0 };
        let mut fields = Self::default();
        parser.expression(target, &mut fields)?;
        if parser.at < text.len() { Err(parser.fail("';' or the end")) } else { Ok(fields) }
    }

    fn child(&mut self, node: NodeId) -> &mut Self {
        let at = self.children.iter().position(|(known, _)| *known == node).unwrap_or_else(|| {
            self.children.push((node, Self::default()));
            self.children.len() - 1
        });
        &mut self.children[at].1
    }

    fn pick(&self, branch: &Branch, keys: usize) -> Branch {
        if self.is_whole {
            return branch.clone();
        }
        let of = |node| self.children.iter().find(|(known, _)| *known == node);
        let slots = branch.slots().iter().enumerate();
        let kept = slots.filter(|(at, slot)| *at < keys || of(slot.node).is_some());
        let kept = Branch::from_slots(kept.map(|(_, slot)| slot.clone()).collect());
        rebuilt(&kept, |node, _, inner, keys| {
            of(node).map_or_else(|| inner.clone(), |(_, fields)| fields.pick(inner, keys))
        })
    }
}

struct FieldsParser<'a> {
    schema: &'a Schema,
    text: &'a str,
    at: usize,
    open: usize,
}

impl FieldsParser<'_> {
    /// `path`, `path(expression)`, several with `;` between.
    fn expression(&mut self, parent: NodeId, fields: &mut Fields) -> Result<(), Problem> {
        loop {
            let mut node = parent;
            let mut chosen = &mut *fields;
            loop {
                node = self.name(node)?;
                chosen = chosen.child(node);
                if !self.eat('/') {
                    break;
                }
            }
            if self.eat('(') {
                self.open += 1;
                if self.open > FIELDS_DEPTH_MAX {
                    return Err(self.fail("less nesting"));
                }
                self.expression(node, chosen)?;
                self.open -= 1;
                if !self.eat(')') {
                    return Err(self.fail("')'"));
                }
            } else {
                chosen.is_whole = true;
            }
            if !self.eat(';') {
                return Ok(());
            }
        }
    }

    fn name(&mut self, parent: NodeId) -> Result<NodeId, Problem> {
        let rest = &self.text[self.at..];
        let end = rest.find(|c| "/;()".contains(c)).unwrap_or(rest.len());
        let name = &rest[..end];
        if name.is_empty() {
            return Err(self.fail("a name"));
        }
        let (module, local) = match name.split_once(':') {
            None => (None, name),
            Some((module, local)) => match self.schema.module_named(module) {
                Some(id) => (Some(id), local),
                None => return Err(refused(format!("'fields': unknown module '{module}'"))),
            },
        };
        let home = (parent != Schema::ROOT).then(|| self.schema.node(parent).module());
        let found = self
            .schema
            .data_child(parent, module.or(home), local)
            .or_else(|| self.schema.data_child(parent, module, local));
        self.at += end;
        found.ok_or_else(|| {
            let above = match parent {
                Schema::ROOT => "the top".to_owned(),
                parent => self.schema.path(parent),
            };
            refused(format!("'fields': no node '{name}' at {above}"))
        })
    }

    fn eat(&mut self, wanted: char) -> bool {
        let found = self.text[self.at..].starts_with(wanted);
        if found {
            self.at += wanted.len_utf8();
        }
        found
    }

    fn fail(&self, expected: &str) -> Problem {
        refused(format!("'fields', character {}: {expected} expected", self.at + 1))
    }
}

fn refused(message: String) -> Problem {
    Problem::protocol(400, "invalid-value", message)
}

#[cfg(test)]
mod tests;
