//! A made-up network of two layers and one device type, driven through the public interface.

mod models;
mod transforms;

use std::collections::BTreeMap;
use std::sync::Arc;

use expect_test::Expect;
use transform::{
    Change, DeviceType, Executor, Fault, LayerSpec, Report, RestoreError, State, System,
    explain_device, recompute,
};
use vocab::{DeviceFacts, DeviceName};
use yang_data::decode::DecodeOptions;
use yang_data::print::PrintOptions;
use yang_data::{Branch, Content, Key, Path, Tree, xml};

/// The device type's name.
pub(crate) const BOX: &str = "box";

/// What the tests say the program is.
pub(crate) const CODE: &[u8] = b"these transforms";

pub(crate) struct Network {
    system: Arc<System>,
    state: State,
    intent: Branch,
    report: Report,
    facts_follow: bool,
    changes: usize,
}

impl Network {
    /// Devices announce their facts as soon as they are in the intent.
    pub(crate) fn new() -> Self {
        Self { facts_follow: true, ..Self::without_facts() }
    }

    /// Devices announce their facts when told to.
    pub(crate) fn without_facts() -> Self {
        let system = Arc::new(system());
        let state = State::empty(&system);
        let report = Report::default();
        Self { system, state, intent: Branch::default(), report, facts_follow: false, changes: 0 }
    }

    /// Puts top-level nodes in, in place of those with the same name and key.
    pub(crate) fn set(&mut self, document: &str) -> Result<(), Vec<Fault>> {
        let mut intent = self.intent.clone();
        let schema = Arc::clone(self.system.layer_schema(0).unwrap());
        for slot in self.parse(document).slots() {
            match &slot.content {
                Content::List(list) => list.iter().for_each(|entry| {
                    drop(intent.list_mut(&schema, slot.node).insert(entry.clone()));
                }),
                _ => intent.set(slot.clone()),
            }
        }
        self.change(intent)
    }

    /// Takes a top-level list entry out.
    pub(crate) fn remove(&mut self, list: &str, key: &str) -> Result<(), Vec<Fault>> {
        let schema = Arc::clone(self.system.layer_schema(0).unwrap());
        let node = schema.find(&format!("/top:{list}")).unwrap();
        let mut tree = Tree::from_root(schema, self.intent.clone());
        assert!(tree.remove(&Path::ROOT.entry(node, Key::from(key))), "{list} {key} is there");
        self.change(tree.root().clone())
    }

    /// A device announces its facts.
    pub(crate) fn learn(&mut self, device: &str) -> Result<(), Vec<Fault>> {
        self.recompute(Change { facts: vec![facts(device)], ..Change::default() })
    }

    fn change(&mut self, intent: Branch) -> Result<(), Vec<Fault>> {
        let node = self.system.layer_schema(0).unwrap().find("/top:router").unwrap();
        let mut change = Change { intent: Some(intent.clone()), ..Change::default() };
        if self.facts_follow {
            let routers = intent.list(node).into_iter().flat_map(|list| list.iter());
            change.facts = routers
                .filter_map(|entry| match entry.key_value() {
                    Key::One(name) => name.as_str().map(facts),
                    Key::Many(_) => None,
                })
                .collect();
        }
        self.recompute(change)?;
        self.intent = intent;
        Ok(())
    }

    fn recompute(&mut self, change: Change) -> Result<(), Vec<Fault>> {
        let (state, report) = recompute(&self.system, &self.state, change)?;
        self.state = state;
        self.report = report;
        self.changes += 1;
        // Whatever a test expects holds across restarts as well.
        if self.changes % 2 == 1 {
            self.restart();
        }
        Ok(())
    }

    /// Goes on with the state as it comes back from its bytes.
    fn restart(&mut self) {
        let bytes = self.bytes();
        let back = State::from_bytes(&self.system, CODE, &bytes).unwrap();
        assert!(
            back.to_bytes(&self.system, CODE).concat() == bytes,
            "what is unread is written as it was"
        );
        self.state = back;
    }

    /// The state as bytes.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        self.state.to_bytes(&self.system, CODE).concat()
    }

    /// What comes of bytes.
    pub(crate) fn state_of(&self, code: &[u8], bytes: &[u8]) -> Result<State, RestoreError> {
        State::from_bytes(&self.system, code, bytes)
    }

    fn parse(&self, document: &str) -> Branch {
        let validator = self.system.layer_validator(0).unwrap();
        let options = DecodeOptions {
            namespaces: BTreeMap::from([(String::new(), "urn:top".to_owned())]),
            ..DecodeOptions::default()
        };
        xml::parse(validator.types(), document, &options).unwrap().root().clone()
    }

    /// A layer in print.
    pub(crate) fn layer(&self, layer: usize) -> String {
        let tree = self.state.layer(&self.system, layer).unwrap();
        xml::print(&tree, &PrintOptions::PRETTY)
    }

    /// A device's target in print.
    pub(crate) fn device(&self, name: &str) -> Option<String> {
        let target = self.state.device(&DeviceName::new(name))?;
        let schema = self.system.device_type(target.device_type)?.schema();
        Some(xml::print_branch(schema, &target.config, &PrintOptions::PRETTY))
    }

    pub(crate) fn check(&self, layer: usize, expected: &Expect) {
        expected.assert_eq(&self.layer(layer));
    }

    pub(crate) fn check_device(&self, name: &str, expected: &Expect) {
        expected.assert_eq(&self.device(name).unwrap_or_default());
    }

    /// What the last change ran, a line each.
    pub(crate) fn last_runs(&self) -> String {
        let runs: Vec<_> = self.report.runs.iter().map(ToString::to_string).collect();
        runs.join("\n")
    }

    /// The chain of owners of a node of a device's target, a line each.
    pub(crate) fn explain_device(&self, name: &str, path: &str) -> String {
        let types = self.system.device_type(BOX).unwrap().types();
        let path = Path::parse(types, path).unwrap();
        let name = DeviceName::new(name);
        let owners = explain_device(&self.system, &self.state, &name, &path);
        owners.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
    }
}

/// The texts of all elements of a name, in order.
pub(crate) fn texts(document: &str, element: &str) -> Vec<String> {
    let (open, close) = (format!("<{element}"), format!("</{element}>"));
    let parts = document.split(&open).skip(1).filter_map(|part| part.split(&close).next());
    parts.filter_map(|part| part.split_once('>')).map(|(_, text)| text.to_owned()).collect()
}

fn facts(name: &str) -> DeviceFacts {
    let modules = BTreeMap::new();
    DeviceFacts { name: DeviceName::new(name), device_type: BOX.to_owned(), modules }
}

/// Does everything in the order nobody expects.
struct Backwards;

impl Executor for Backwards {
    fn run(&self, count: usize, work: &(dyn Fn(usize) + Sync)) {
        (0..count).rev().for_each(work);
    }
}

fn system() -> System {
    let layers = vec![
        LayerSpec {
            name: "top",
            schema: models::compile(models::TOP),
            transforms: transforms::top(),
        },
        LayerSpec {
            name: "low",
            schema: models::compile(models::LOW),
            transforms: transforms::low(),
        },
    ];
    let kind = DeviceType::new(BOX, models::compile(models::BOX), BTreeMap::new());
    System::new(layers, vec![kind]).unwrap().with_executor(Arc::new(Backwards))
}
