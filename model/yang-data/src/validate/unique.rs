//! `unique` (RFC 7950, section 7.8.3).

use std::collections::{BTreeMap, HashSet};
use std::rc::Rc;

use yang::NodeId;

use super::Rule;
use super::check::Check;
use super::finding::{at_path, named};
use crate::xpath::{Instance, Item};
use crate::{Branch, Entry, List, Value};

/// Entries that a message names; the rule of the violation holds all.
const ENTRIES_NAMED_MAX: usize = 3;

/// The values of one entry that must not occur together in another entry.
type Values = Vec<Value>;

impl<'a> Check<'a> {
    /// Every `unique` statement of a list, over all entries.
    pub(super) fn uniques(&mut self, parent: &Rc<Instance<'a>>, node: NodeId, list: &'a List) {
        for leaves in self.definition(node).uniques() {
            let leaves: Vec<NodeId> = leaves.collect();
            self.unique(parent, node, list, &leaves, None);
        }
    }

    /// Every `unique` statement of a list, for entries that differ from before: the entry before,
    /// if any, and the entry now.
    pub(super) fn uniques_of_changed(
        &mut self,
        parent: &Rc<Instance<'a>>,
        node: NodeId,
        list: &'a List,
        changed: &[(Option<&'a Entry>, &'a Entry)],
    ) {
        for leaves in self.definition(node).uniques() {
            let leaves: Vec<NodeId> = leaves.collect();
            let mut wanted = HashSet::new();
            for (before, now) in changed {
                let values = self.values(parent, node, now, &leaves);
                // Defaults may have come into use: only stored values are surely the same.
                let stored = |entry: &Entry| self.stored_values(node, entry, &leaves);
                let is_same = before.is_some_and(|before| {
                    stored(now).is_some_and(|now| Some(now) == stored(before))
                });
                wanted.extend(values.filter(|_| !is_same));
            }
            if !wanted.is_empty() {
                self.unique(parent, node, list, &leaves, Some(&wanted));
            }
        }
    }

    fn unique(
        &mut self,
        parent: &Rc<Instance<'a>>,
        node: NodeId,
        list: &'a List,
        leaves: &[NodeId],
        wanted: Option<&HashSet<Values>>,
    ) {
        let mut groups: BTreeMap<Values, Vec<&'a Entry>> = BTreeMap::new();
        for entry in list.iter_by_key() {
            let values = self.values(parent, node, entry, leaves);
            let is_wanted = |values: &Values| wanted.is_none_or(|wanted| wanted.contains(values));
            if let Some(values) = values.filter(is_wanted) {
                groups.entry(values).or_default().push(entry);
            }
        }
        for (values, entries) in groups {
            if entries.len() > 1 {
                self.report_duplicates(parent, node, leaves, &values, &entries);
            }
        }
    }

    fn report_duplicates(
        &mut self,
        parent: &Rc<Instance<'a>>,
        node: NodeId,
        leaves: &[NodeId],
        values: &[Value],
        entries: &[&'a Entry],
    ) {
        let schema = self.evaluator.schema();
        let paths = entries.iter().map(|entry| {
            let entry = Instance::new(parent, node, Item::Entry(entry));
            entry.path(schema).text(schema)
        });
        let paths: Vec<_> = paths.collect();
        let agreeing = leaves.iter().zip(values).map(|(leaf, value)| {
            format!("{} = '{}'", self.definition(*leaf).name(), value.text(schema))
        });
        let path = self.child_path(parent, node);
        let message = format!(
            "{} entries of {} agree in {}: {}",
            paths.len(),
            named(self.definition(node)),
            agreeing.collect::<Vec<_>>().join(", "),
            some_of(&paths, &path.text(schema))
        );
        self.report(at_path(schema, path, Rule::Unique { entries: paths }, message));
    }

    /// The values that count; none when a leaf neither exists nor has a default in use.
    fn values(
        &self,
        parent: &Rc<Instance<'a>>,
        node: NodeId,
        entry: &'a Entry,
        leaves: &[NodeId],
    ) -> Option<Values> {
        if let Some(values) = self.stored_values(node, entry, leaves) {
            return Some(values);
        }
        let entry = Rc::new(Instance::new(parent, node, Item::Entry(entry)));
        let values = leaves.iter().map(|leaf| {
            let way = self.way(node, *leaf);
            self.evaluator.only_below(&entry, &way)?.value().cloned()
        });
        values.collect()
    }

    fn stored_values(&self, node: NodeId, entry: &Entry, leaves: &[NodeId]) -> Option<Values> {
        let values = leaves.iter().map(|leaf| {
            let way = self.way(node, *leaf);
            let (last, containers) = way.split_last()?;
            let start: Option<&Branch> = Some(&entry.branch);
            let holder = containers.iter().fold(start, |branch, node| branch?.container(*node));
            holder?.leaf(*last).cloned()
        });
        values.collect()
    }

    /// The schema nodes from below an ancestor down to a node.
    pub(super) fn way(&self, ancestor: NodeId, node: NodeId) -> Vec<NodeId> {
        let up = std::iter::successors(Some(node), |node| self.definition(*node).data_parent());
        let mut way: Vec<_> = up.take_while(|node| *node != ancestor).collect();
        way.reverse();
        way
    }
}

/// The first of the paths below a list, by their keys, and how many more there are.
fn some_of(paths: &[String], list: &str) -> String {
    let (first, rest) = paths.split_at(paths.len().min(ENTRIES_NAMED_MAX));
    let keys = first.iter().map(|path| path.strip_prefix(list).unwrap_or(path));
    let keys = keys.collect::<Vec<_>>().join(", ");
    if rest.is_empty() { keys } else { format!("{keys} and {} more", rest.len()) }
}
