//! From a state and a change to the next state.

use std::any::Any;
use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use vocab::{DeviceFacts, DeviceName};
use yang::Schema;
use yang_data::{Branch, Content, Key, Origin, Path, Value};

use crate::change::changed;
use crate::executor::results;
use crate::fault::Fault;
use crate::input::{Refusal, SchemaKey, TransformInput, TransformOutput};
use crate::instance::{DeviceKey, Instance, Packed, Place, RunResult, Subscription};
use crate::links;
use crate::merge::{Clash, Merge, reorder};
use crate::ownership::Ownership;
use crate::provenance::{explain, explain_device, owner, owner_of, print};
use crate::report::{DeviceChange, Report, Run, RunCause, RunOutcome};
use crate::state::{DeviceState, State};
use crate::system::{Layer, Point, System};

/// What changes from one state to the next.
#[derive(Clone, Debug, Default)]
pub struct Change {
    /// The new tree of layer 0.
    pub intent: Option<Branch>,
    /// Facts that were learnt of devices.
    pub facts: Vec<DeviceFacts>,
    /// Devices of which nothing is known any more.
    pub forgotten: Vec<DeviceName>,
    /// What the world tells instances: layer, instance, and the new dynamic state.
    pub dynamic_state: Vec<(usize, Path, Option<Branch>)>,
}

/// Works a change down through all layers.
///
/// # Errors
/// Every reason found why the change cannot be; the state stays as it was.
pub fn recompute(
    system: &System,
    state: &State,
    change: Change,
) -> Result<(State, Report), Vec<Fault>> {
    let mut pass = Pass::new(system, state, change);
    for layer in 0..system.layers.len() {
        pass.layer(layer);
        if !pass.faults.is_empty() {
            return Err(pass.faults);
        }
    }
    pass.validate();
    if pass.faults.is_empty() { Ok(pass.finish()) } else { Err(pass.faults) }
}

struct Pass<'a> {
    system: &'a System,
    old: &'a State,
    new: State,
    facts_changed: BTreeSet<String>,
    dynamic_state: BTreeMap<(usize, Path), Option<Branch>>,
    touched: BTreeSet<DeviceKey>,
    runs: Vec<Run>,
    faults: Vec<Fault>,
}

/// An instance that is to be looked at.
struct Job {
    path: Arc<Path>,
    cause: RunCause,
    before: Option<Instance>,
    /// The mark of its output.
    origin: Origin,
}

/// What came of a run, with the output as it goes on its way down.
struct Worked {
    result: RunResult,
    output: Option<(Place, Branch)>,
}

/// A changed output on its way down.
struct Delta {
    source: Origin,
    old: Option<(Place, Branch)>,
    new: Option<(Place, Branch)>,
    is_gone: bool,
}

impl<'a> Pass<'a> {
    fn new(system: &'a System, old: &'a State, change: Change) -> Self {
        let mut new = old.clone();
        let mut facts_changed = BTreeSet::new();
        if !change.facts.is_empty() || !change.forgotten.is_empty() {
            let known = Arc::make_mut(&mut new.facts);
            for facts in change.facts {
                let name = facts.name.as_str().to_owned();
                if known.get(&name).is_none_or(|known| **known != facts) {
                    facts_changed.insert(name.clone());
                    known.insert(name, Arc::new(facts));
                }
            }
            for name in change.forgotten {
                if known.remove(name.as_str()).is_some() {
                    facts_changed.insert(name.as_str().to_owned());
                }
            }
        }
        if let (Some(intent), Some(top)) = (change.intent, new.layers.first_mut()) {
            top.tree = intent;
        }
        let dynamic_state = change
            .dynamic_state
            .into_iter()
            .map(|(layer, path, branch)| ((layer, path), branch))
            .collect();
        Self {
            system,
            old,
            new,
            facts_changed,
            dynamic_state,
            touched: BTreeSet::new(),
            runs: Vec::new(),
            faults: Vec::new(),
        }
    }

    /// Runs what the change concerns in one layer and merges the outputs below.
    fn layer(&mut self, layer: usize) {
        let jobs = self.jobs(layer);
        let executor = self.system.executor();
        let results = results(executor, jobs.len(), |at| self.work(layer, &jobs[at]));
        let mut deltas = Vec::new();
        for (job, result) in jobs.into_iter().zip(results) {
            match result {
                Ok(Some(result)) => deltas.extend(self.replace(layer, job, result)),
                Ok(None) => deltas.extend(self.remove(layer, job)),
                Err(fault) => self.faults.push(*fault),
            }
        }
        if self.faults.is_empty() {
            self.merge(&deltas);
        }
        for delta in deltas.iter().filter(|delta| delta.is_gone) {
            self.new.ownership.remove_source(delta.source);
        }
    }

    /// What is to be looked at, ascending by path; each instance that is there has an origin.
    fn jobs(&mut self, layer: usize) -> Vec<Job> {
        let spec = &self.system.layers[layer];
        let tree = self.new.layers[layer].tree.clone();
        let mut jobs = Vec::new();
        for (path, cause) in self.concerned(layer) {
            if path.steps().last().and_then(|step| spec.point(step.node)).is_none() {
                continue;
            }
            let path = Arc::new(path);
            let before = self.new.layers[layer].instances.get(&path).cloned();
            let is_there = branch_at(&tree, &path).is_some();
            let origin = match &before {
                Some(before) => before.origin,
                None if is_there => self.new.ownership.add_source(layer, Arc::clone(&path)),
                None => continue,
            };
            // An instance that stays keeps its path: one copy serves all who name it.
            let path = before.as_ref().map_or(path, |before| Arc::clone(&before.path));
            jobs.push(Job { path, cause, before, origin });
        }
        jobs
    }

    fn concerned(&self, layer: usize) -> BTreeMap<Path, RunCause> {
        let spec = &self.system.layers[layer];
        let (old, new) = (&self.old.layers[layer], &self.new.layers[layer]);
        let changed = changed(spec, &old.tree, &new.tree);
        let mut concerned = BTreeMap::new();
        for (_, path) in self.dynamic_state.keys().filter(|(at, _)| *at == layer) {
            concerned.insert(path.clone(), RunCause::DynamicState);
        }
        for name in &self.facts_changed {
            concerned.extend(
                self.device_instances(spec, layer, name).map(|path| (path, RunCause::DeviceFacts)),
            );
        }
        for target in &changed.targets {
            let target = Arc::new(target.clone());
            let first = Subscription { target: Arc::clone(&target), subscriber: Arc::default() };
            let subscriptions = new.subscriptions.iter_from(&first);
            for subscription in subscriptions.take_while(|found| found.target == target) {
                concerned.insert((*subscription.subscriber).clone(), RunCause::Link);
            }
        }
        concerned.extend(changed.instances.into_iter().map(|path| (path, RunCause::Input)));
        concerned
    }

    /// Instances of device transforms of one device.
    fn device_instances<'s>(
        &'s self,
        spec: &'s Layer,
        layer: usize,
        name: &str,
    ) -> impl Iterator<Item = Path> + 's {
        let key = Key::One(Value::str(name));
        let roots: BTreeSet<_> = spec
            .schema
            .node(Schema::ROOT)
            .data_children()
            .filter(|node| spec.is_watched(*node))
            .collect();
        roots.into_iter().flat_map(move |node| {
            let root = Path::ROOT.entry(node, key.clone());
            let first = Arc::new(root.clone());
            self.new.layers[layer]
                .instances
                .iter_from(&first)
                .take_while(move |instance| root.contains(&instance.path))
                .filter(|instance| spec.is_device_point(&instance.path))
                .map(|instance| (*instance.path).clone())
        })
    }

    /// Runs one instance; `None` when its input is gone. Changes nothing, so that many can run
    /// at once.
    fn work(&self, layer: usize, job: &Job) -> Result<Option<Worked>, Box<Fault>> {
        let spec = &self.system.layers[layer];
        let tree = &self.new.layers[layer].tree;
        let point = job.path.steps().last().and_then(|step| spec.point(step.node));
        let (Some(point), Some(branch)) = (point, branch_at(tree, &job.path)) else {
            return Ok(None);
        };
        let before = job.before.as_ref().map(|before| &before.result);
        let targets = links::targets(spec, point, &job.path, branch);
        let dynamic_state = match self.newer_dynamic_state(layer, &job.path) {
            Some(newer) => newer.clone(),
            None => before.and_then(|before| before.dynamic_state.clone()),
        };
        let device = self.device_of(point, &job.path);
        let input = TransformInput {
            schema: &spec.schema,
            path: &job.path,
            branch,
            links: &links::entries(tree, &targets),
            memory: before.and_then(|before| before.memory.as_ref()),
            dynamic_state: dynamic_state.as_ref(),
            device: device.as_deref(),
            origin: job.origin,
        };
        let waits = point.is_device && device.is_none();
        let output = if waits { None } else { Some(self.run(layer, point, &input)?) };
        let (output, memory) = match output {
            Some((place, output)) => (Some((place, output.branch)), output.memory),
            None => (None, None),
        };
        let packed = output.as_ref().map(|(place, branch)| (place.clone(), Packed::new(branch)));
        let links = targets.into_iter().map(|(_, path)| Arc::new(path)).collect();
        let result = RunResult { output: packed, memory, dynamic_state, links };
        Ok(Some(Worked { result, output }))
    }

    fn newer_dynamic_state(&self, layer: usize, path: &Path) -> Option<&Option<Branch>> {
        // Most changes carry none: no key is made for them.
        if self.dynamic_state.is_empty() {
            return None;
        }
        self.dynamic_state.get(&(layer, path.clone()))
    }

    fn device_of(&self, point: &Point, path: &Path) -> Option<Arc<DeviceFacts>> {
        if !point.is_device {
            return None;
        }
        self.new.facts.get(device_name(path)?).cloned()
    }

    /// Calls the function, and finds where its output belongs.
    fn run(
        &self,
        layer: usize,
        point: &Point,
        input: &TransformInput<'_>,
    ) -> Result<(Place, TransformOutput), Box<Fault>> {
        let me = || owner(self.system, layer, input.path);
        let output = catch_unwind(AssertUnwindSafe(|| (point.run)(input)))
            .map_err(|panic| Fault::Panicked { owner: me(), message: panic_text(&*panic) })
            .map_err(Box::new)?
            .map_err(|refusal: Refusal| Box::new(Fault::Refused { owner: me(), refusal }))?;
        let place = self
            .place(layer, point, input, output.schema)
            .map_err(|message| Box::new(Fault::Misplaced { owner: me(), message }))?;
        Ok((place, output))
    }

    fn place(
        &self,
        layer: usize,
        point: &Point,
        input: &TransformInput<'_>,
        schema: SchemaKey,
    ) -> Result<Place, String> {
        match schema {
            SchemaKey::NextLayer if point.is_device => {
                Err("a device transform made output for a layer".into())
            }
            SchemaKey::NextLayer if layer + 1 < self.system.layers.len() => {
                Ok(Place::Layer(layer + 1))
            }
            SchemaKey::NextLayer => Err("there is no layer below this one".into()),
            SchemaKey::Device(device_type) if point.is_device => {
                if self.system.device_type(device_type).is_none() {
                    return Err(format!("device type {device_type} is not known"));
                }
                let name = device_name(input.path).ok_or("it is not below a device")?;
                Ok(Place::Device(DeviceKey { name: name.into(), device_type }))
            }
            SchemaKey::Device(_) => Err("a layer transform made device configuration".into()),
        }
    }

    /// Takes out an instance whose input is gone.
    fn remove(&mut self, layer: usize, job: Job) -> Option<Delta> {
        let before = job.before?;
        let state = &mut self.new.layers[layer];
        for target in &before.result.links {
            let subscriber = Arc::clone(&before.path);
            state.subscriptions.remove(&Subscription { target: Arc::clone(target), subscriber });
        }
        state.instances.remove(&before.path);
        self.note(layer, &before.path, job.cause, RunOutcome::Removed);
        let old = before.result.output(self.system);
        Some(Delta { source: before.origin, old, new: None, is_gone: true })
    }

    /// Puts the result of a run in place of the one before; tells how the outputs differ.
    fn replace(&mut self, layer: usize, job: Job, worked: Worked) -> Option<Delta> {
        let Job { path, cause, before, origin } = job;
        let Worked { result, output: new } = worked;
        let before = before.as_ref().map(|before| &*before.result);
        self.subscribe(layer, &path, before.map_or(&[], |before| &before.links), &result.links);
        let is_same = before.is_some_and(|before| before.output == result.output);
        let outcome = match &new {
            None => RunOutcome::Waiting,
            Some(_) if is_same => RunOutcome::Unchanged,
            Some(_) => RunOutcome::Changed,
        };
        self.note(layer, &path, cause, outcome);
        let old = match is_same {
            true => None,
            false => before.and_then(|before| before.output(self.system)),
        };
        let instance = Instance { path, origin, result: Arc::new(result) };
        self.new.layers[layer].instances.insert(instance);
        let differs = !is_same && (old.is_some() || new.is_some());
        differs.then_some(Delta { source: origin, old, new, is_gone: false })
    }

    fn subscribe(&mut self, layer: usize, path: &Arc<Path>, old: &[Arc<Path>], new: &[Arc<Path>]) {
        if old == new {
            return;
        }
        let subscriptions = &mut self.new.layers[layer].subscriptions;
        let subscription = |target: &Arc<Path>| Subscription {
            target: Arc::clone(target),
            subscriber: Arc::clone(path),
        };
        for target in old {
            subscriptions.remove(&subscription(target));
        }
        for target in new {
            subscriptions.insert(subscription(target));
        }
    }

    fn note(&mut self, layer: usize, path: &Path, cause: RunCause, outcome: RunOutcome) {
        let who = owner(self.system, layer, path);
        self.runs.push(Run {
            layer,
            transform: who.transform,
            instance: who.instance,
            cause,
            outcome,
        });
    }

    /// Both rounds of merging, see [`crate::merge`].
    fn merge(&mut self, deltas: &[Delta]) {
        let mut clashes = Vec::new();
        let mut orders: BTreeSet<(Place, Path)> = BTreeSet::new();
        for round in [Round::Release, Round::Claim] {
            for delta in deltas {
                for place in delta.places() {
                    let mut reorder = Vec::new();
                    self.merge_one(round, place, delta, &mut clashes, &mut reorder);
                    orders.extend(reorder.into_iter().map(|path| (place.clone(), path)));
                }
            }
        }
        for (place, path) in orders {
            self.reorder(&place, &path);
        }
        for (place, clash) in &clashes {
            let fault = self.conflict(place, clash);
            self.faults.push(fault);
        }
    }

    fn merge_one(
        &mut self,
        round: Round,
        place: &Place,
        delta: &Delta,
        clashes: &mut Vec<(Place, Clash)>,
        reorder: &mut Vec<Path>,
    ) {
        let none = Branch::default();
        let old = delta.old.as_ref().filter(|(at, _)| at == place).map_or(&none, |at| &at.1);
        let new = delta.new.as_ref().filter(|(at, _)| at == place).map_or(&none, |at| &at.1);
        let Some((schema, mut tree)) = self.take_tree(place) else { return };
        let mut found = Vec::new();
        let ownership: &mut Ownership = &mut self.new.ownership;
        let mut merge = Merge::new(&schema, ownership, delta.source, &mut found, reorder);
        match round {
            Round::Release => merge.release(&mut tree, old, new),
            Round::Claim => merge.claim(&mut tree, old, new),
        }
        clashes.extend(found.into_iter().map(|clash| (place.clone(), clash)));
        self.put_tree(place, tree);
    }

    /// Moves a tree out, so that it is changed in place where nobody else holds it.
    fn take_tree(&mut self, place: &Place) -> Option<(Arc<Schema>, Branch)> {
        match place {
            Place::Layer(layer) => {
                let schema = Arc::clone(&self.system.layers[*layer].schema);
                Some((schema, std::mem::take(&mut self.new.layers[*layer].tree)))
            }
            Place::Device(key) => {
                let schema = Arc::clone(self.system.device_type(key.device_type)?.schema());
                let tree = match self.new.devices.get_mut(key) {
                    Some(device) => std::mem::take(&mut device.config),
                    None => Branch::default(),
                };
                Some((schema, tree))
            }
        }
    }

    fn put_tree(&mut self, place: &Place, tree: Branch) {
        match place {
            Place::Layer(layer) => self.new.layers[*layer].tree = tree,
            Place::Device(key) => {
                self.touched.insert(key.clone());
                match self.new.devices.get_mut(key) {
                    Some(device) => device.config = tree,
                    None => {
                        let device = DeviceState { key: key.clone(), config: tree };
                        self.new.devices.insert(device);
                    }
                }
            }
        }
    }

    fn reorder(&mut self, place: &Place, path: &Path) {
        let Some((schema, mut tree)) = self.take_tree(place) else { return };
        reorder(&schema, &mut tree, path, |origin, key| {
            self.new
                .ownership
                .sources_of(&origin)
                .into_iter()
                .filter_map(|id| self.new.ownership.source(id))
                .map(|source| {
                    let instance = self.new.layers[source.layer].instances.get(&source.path);
                    let output = instance.and_then(|found| found.result.output(self.system));
                    let at = output.and_then(|(_, output)| place_in_output(&output, path, key));
                    (Arc::clone(&source.path), at)
                })
                .min()
        });
        self.put_tree(place, tree);
    }

    fn conflict(&self, place: &Place, clash: &Clash) -> Fault {
        let (schema, place) = match place {
            Place::Layer(layer) => {
                let spec = &self.system.layers[*layer];
                (Some(&spec.schema), format!("layer {}", spec.name))
            }
            Place::Device(key) => (
                self.system.device_type(key.device_type).map(|kind| kind.schema()),
                format!("device {}", key.name),
            ),
        };
        let path = schema.map_or_else(String::new, |schema| print(schema, &clash.path));
        let text = |content: &Content| match (content, schema) {
            (Content::Leaf(value), Some(schema)) => value.text(schema).to_string(),
            (content, _) => format!("{content:?}"),
        };
        Fault::Conflict {
            path: format!("{place} {path}"),
            first: text(&clash.there.0),
            first_owner: owner_of(self.system, &self.new, clash.there.1),
            second: text(&clash.wanted.0),
            second_owner: owner_of(self.system, &self.new, clash.wanted.1),
        }
    }

    /// Checks what changed below the top layer against the models it is on. The top layer is
    /// its author's business, and was checked before.
    fn validate(&mut self) {
        let mut faults = Vec::new();
        for (at, layer) in self.system.layers.iter().enumerate().skip(1) {
            let (old, new) = (&self.old.layers[at].tree, &self.new.layers[at].tree);
            for violation in layer.validator.validate_change(old, new, None) {
                let owners = explain(self.system, &self.new, at, &violation.path);
                let place = format!("layer {}", layer.name);
                faults.push(Fault::Invalid { place, violation, owners });
            }
        }
        let none = Branch::default();
        for key in &self.touched {
            let Some(kind) = self.system.device_type(key.device_type) else { continue };
            let config = |state: &'a State| state.devices.get(key).map(|device| &device.config);
            let old = config(self.old).unwrap_or(&none);
            let new = self.new.devices.get(key).map_or(&none, |device| &device.config);
            for violation in kind.validator().validate_change(old, new, None) {
                let name = DeviceName::new(&*key.name);
                let owners = explain_device(self.system, &self.new, &name, &violation.path);
                let place = format!("device {name}");
                faults.push(Fault::Invalid { place, violation, owners });
            }
        }
        self.faults.extend(faults);
    }

    fn finish(mut self) -> (State, Report) {
        let mut names: BTreeSet<DeviceName> = BTreeSet::new();
        for key in std::mem::take(&mut self.touched) {
            names.insert(DeviceName::new(&*key.name));
            if self.new.devices.get(&key).is_some_and(|device| device.config.is_empty()) {
                self.new.devices.remove(&key);
            }
        }
        let devices = names
            .into_iter()
            .filter_map(|name| {
                let (old, new) = (self.old.device(&name), self.new.device(&name));
                let same = match (&old, &new) {
                    (Some(old), Some(new)) => {
                        old.device_type == new.device_type && old.config == new.config
                    }
                    (None, None) => true,
                    _ => false,
                };
                (!same).then_some(DeviceChange { name, old, new })
            })
            .collect();
        (self.new, Report { runs: self.runs, devices })
    }
}

#[derive(Clone, Copy)]
enum Round {
    Release,
    Claim,
}

impl Delta {
    fn places(&self) -> Vec<&Place> {
        let mut places: Vec<_> = self.old.iter().chain(&self.new).map(|(place, _)| place).collect();
        places.dedup();
        places
    }
}

/// The children of an instance in a layer's tree.
fn branch_at<'t>(tree: &'t Branch, path: &Path) -> Option<&'t Branch> {
    tree.find(path.steps()).and_then(yang_data::Found::branch)
}

/// Place of a list entry in the output of the instance that wrote it.
fn place_in_output(output: &Branch, path: &Path, key: &Key) -> Option<usize> {
    let (last, parents) = path.steps().split_last()?;
    match output.find(parents)?.branch()?.content(last.node)? {
        Content::List(list) => list.iter().position(|entry| entry.key_value() == *key),
        Content::LeafList(list) => {
            list.iter().position(|entry| key.values() == std::slice::from_ref(&entry.value))
        }
        _ => None,
    }
}

/// The device below which an instance is: the key of the top-level list entry.
fn device_name(path: &Path) -> Option<&str> {
    path.steps().first()?.key.as_ref()?.values().first()?.as_str()
}

fn panic_text(panic: &(dyn Any + Send)) -> String {
    panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("no message")
        .to_owned()
}
