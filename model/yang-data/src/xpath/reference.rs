//! What leafrefs and instance-identifiers point at, and values of strings in expressions.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::rc::Rc;

use ecow::EcoString;
use yang::xpath::{Axis, Expr, NodeTest, Step};
use yang::{NodeId, Type, TypeId, TypeKind};

use super::eval::{Scene, is_context_free};
use super::steps::{Stop, Visitor};
use super::{Evaluator, Instance, Item, Names, XPATH_EFFORT_MAX, XPathFailure};
use crate::text::pattern::{self, Matcher};
use crate::{Content, Key, Value};

/// Nodes that the look-up of one reference may visit before the values it searches are indexed.
const LOOKUP_EFFORT_CHEAP: u64 = 64;
/// Expensive look-ups with one leafref type before its target values are indexed: a single one
/// costs less without.
const LOOKUPS_UNINDEXED_MAX: u32 = 4;

/// Compiled regular expressions of `re-match` at most; beyond, they are compiled at each call.
const PATTERNS_MAX: usize = 256;

/// Regular expressions of `re-match`, compiled; none is a pattern that is none.
#[derive(Default)]
pub(super) struct Patterns(RefCell<HashMap<EcoString, Rc<Matcher>>>);

impl Evaluator<'_> {
    /// Whether a whole string matches a regular expression of XML Schema.
    pub(super) fn matches(&self, subject: &str, pattern: &EcoString) -> Result<bool, XPathFailure> {
        if let Some(matcher) = self.patterns.0.borrow().get(pattern) {
            return Ok(matcher.is_match(subject));
        }
        let matcher = pattern::compile(pattern).map_err(|error| XPathFailure::Pattern {
            pattern: pattern.clone(),
            reason: error.to_string(),
        })?;
        let is_match = matcher.is_match(subject);
        let mut known = self.patterns.0.borrow_mut();
        if known.len() < PATTERNS_MAX {
            known.insert(pattern.clone(), Rc::new(matcher));
        }
        Ok(is_match)
    }
}

/// Target values of leafrefs whose path is the same for every referrer and has no shortcut.
#[derive(Default)]
pub(super) struct ValueSets<'a>(RefCell<BTreeMap<TypeId, ValueSet<'a>>>);

enum ValueSet<'a> {
    /// So many look-ups were expensive.
    Missing(u32),
    Known(HashSet<&'a Value>),
}

impl<'a> Evaluator<'a> {
    /// Whether the target of a leafref's value exists.
    ///
    /// # Errors
    /// When the search is too expensive.
    pub fn is_referenced(
        &self,
        leaf: &Instance<'a>,
        value: &Value,
        ty: Type<'a>,
    ) -> Result<bool, XPathFailure> {
        if let Some(ValueSet::Known(values)) = self.targets.0.borrow().get(&ty.id()) {
            return Ok(values.contains(value));
        }
        self.begin()?;
        let found = match self.visit_referenced(leaf, value, ty, &mut |_| Err(Stop::Found)) {
            Ok(()) => false,
            Err(Stop::Found) => true,
            Err(Stop::Failure(failure)) => return Err(failure),
        };
        if XPATH_EFFORT_MAX - self.effort.get() > LOOKUP_EFFORT_CHEAP {
            self.note_expensive(leaf, ty)?;
        }
        Ok(found)
    }

    /// The nodes that a leafref's value points at.
    pub(super) fn referenced(
        &self,
        leaf: &Instance<'a>,
        value: &Value,
        ty: Type<'a>,
    ) -> Result<Vec<Instance<'a>>, XPathFailure> {
        let mut nodes = Vec::new();
        let visited = self.visit_referenced(leaf, value, ty, &mut |node| {
            nodes.push(node);
            Ok(())
        });
        match visited {
            Err(Stop::Failure(failure)) => Err(failure),
            _ => Ok(super::eval::in_document_order(nodes)),
        }
    }

    fn visit_referenced(
        &self,
        leaf: &Instance<'a>,
        value: &Value,
        ty: Type<'a>,
        visitor: &mut Visitor<'_, 'a>,
    ) -> Result<(), Stop> {
        let names = self.names_of(self.schema.node(leaf.node()).module());
        let scene = Scene::new(leaf, &names);
        match ty.path() {
            Some(Expr::Path(path)) => match &path.start {
                yang::xpath::Start::Root => {
                    self.walk_to(&path.steps, &self.root, value, &scene, visitor)
                }
                yang::xpath::Start::Context => {
                    self.walk_to(&path.steps, leaf, value, &scene, visitor)
                }
                // deref(...)/..: paths of YANG 1.1 do not start so, lenient models do.
                yang::xpath::Start::Filter { .. } => self.walk_path(path, &scene, &mut |node| {
                    if node.value() == Some(value) { visitor(node) } else { Ok(()) }
                }),
            },
            _ => Ok(()),
        }
    }

    /// Visits the nodes with a value at the end of a path; goes straight to the entry where the
    /// path ends in the only key of a list or in a leaf-list.
    fn walk_to(
        &self,
        steps: &[Step],
        from: &Instance<'a>,
        value: &Value,
        scene: &Scene<'_, 'a>,
        visitor: &mut Visitor<'_, 'a>,
    ) -> Result<(), Stop> {
        if let Some(found) = self.shortcut(steps, from, value)? {
            return found.into_iter().try_for_each(visitor);
        }
        match steps {
            [] if from.value() == Some(value) => visitor(from.clone()),
            [] => Ok(()),
            [step, rest @ ..] => self.walk(std::slice::from_ref(step), from, scene, &mut |node| {
                self.walk_to(rest, &node, value, scene, visitor)
            }),
        }
    }

    /// The target by look-up; outer none where the steps do not allow one.
    fn shortcut(
        &self,
        steps: &[Step],
        from: &Instance<'a>,
        value: &Value,
    ) -> Result<Option<Option<Instance<'a>>>, XPathFailure> {
        let (step, key_step) = match steps {
            [step] => (step, None),
            [step, key_step] => (step, Some(key_step)),
            _ => return Ok(None),
        };
        let Some(node) = self.plain_child(step, from.node()) else { return Ok(None) };
        let Some(branch) = from.branch() else { return Ok(None) };
        self.visit()?;
        let parent = || Rc::new(from.clone());
        Ok(match (branch.content(node), key_step) {
            (Some(Content::LeafList(list)), None) => {
                let entry = list.get(value);
                Some(entry.map(|entry| Instance::new(&parent(), node, Item::Value(&entry.value))))
            }
            (Some(Content::List(list)), Some(key_step)) => {
                let key = self.plain_child(key_step, node);
                let mut keys = self.schema.node(node).keys();
                if key.is_none() || (keys.next(), keys.next()) != (key, None) {
                    return Ok(None);
                }
                let entry = list.get(&Key::One(value.clone()));
                Some(entry.zip(key).and_then(|(entry, key)| {
                    let leaf = entry.branch.leaf(key)?;
                    let entry = Instance::new(&parent(), node, Item::Entry(entry));
                    Some(Instance::new(&Rc::new(entry), key, Item::Value(leaf)))
                }))
            }
            _ => None,
        })
    }

    /// The schema node of a child step by name without predicates that is visible.
    fn plain_child(&self, step: &Step, parent: NodeId) -> Option<NodeId> {
        let (Axis::Child, NodeTest::Name { module, name }, []) =
            (step.axis, &step.test, &step.predicates[..])
        else {
            return None;
        };
        let node = self.schema.data_child(parent, *module, name)?;
        let is_visible = self.view == super::View::All || self.schema.node(node).is_config();
        is_visible.then_some(node)
    }

    /// Counts an expensive look-up; the last one that is tolerated makes an index.
    fn note_expensive(&self, leaf: &Instance<'a>, ty: Type<'a>) -> Result<(), XPathFailure> {
        let Some(path) = ty.path().filter(|path| is_context_free(path)) else { return Ok(()) };
        {
            let mut sets = self.targets.0.borrow_mut();
            let set = sets.entry(ty.id()).or_insert(ValueSet::Missing(0));
            match set {
                ValueSet::Known(_) => return Ok(()),
                ValueSet::Missing(count) => *count += 1,
            }
            if matches!(set, ValueSet::Missing(count) if *count < LOOKUPS_UNINDEXED_MAX) {
                return Ok(());
            }
        }
        let names = self.names_of(self.schema.node(leaf.node()).module());
        let targets = self.select(path, leaf, &names)?;
        let values = targets.iter().filter_map(Instance::value).collect();
        self.targets.0.borrow_mut().insert(ty.id(), ValueSet::Known(values));
        Ok(())
    }
}

/// Collects every value of a type that compares equal to a string in an expression.
pub(super) fn values_of(
    evaluator: &Evaluator<'_>,
    leaf: NodeId,
    ty: TypeId,
    text: &str,
    names: &Names<'_>,
    found: &mut Vec<Value>,
) {
    let schema = evaluator.schema;
    let home = schema.node(leaf).module();
    let real = schema.type_(ty).realtype();
    match real.kind() {
        TypeKind::Union => {
            for member in real.members() {
                values_of(evaluator, leaf, member, text, names, found);
            }
        }
        TypeKind::IdentityRef => {
            let ids = match text.split_once(':') {
                None => schema.identity_named(home, text).into_iter().collect(),
                Some((prefix, name)) => super::compare::identities_of(schema, prefix, name, names),
            };
            found.extend(ids.into_iter().map(Value::Identity));
        }
        _ => {
            let types = evaluator.defaults.types();
            found.extend(types.parse(real.id(), text, crate::text::Names::Modules, home).ok());
        }
    }
}
