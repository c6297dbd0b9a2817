use std::collections::BTreeMap;

use transform::{
    DeviceType, LayerSpec, SchemaKey, System, TransformFn, TransformInput, TransformOutput,
};
use vocab::{DeviceFacts, ModuleFacts};
use yang::{Compiler, Options, Schema};
use yang_data::decode::DecodeOptions;
use yang_data::{Branch, Path, Tree, xml};

use super::*;
use crate::{DeviceReport, Input, Limits, Permission, Target};
use std::sync::Arc;

const LOW: &str = r#"
module low {
  yang-version 1.1; namespace "urn:low"; prefix low;
  import weft { prefix weft; }
  import stratoweave-rfs { prefix sw-rfs; }
  augment "/sw-rfs:rfs" {
    container base { weft:device-transform Base; leaf host { type string; } }
  }
}"#;
const BOX: &str = r#"
module box {
  yang-version 1.1; namespace "urn:box"; prefix box;
  leaf host { type string; }
  leaf mtu { type uint16; default 1500; }
}"#;
const RFS: (&str, &str) =
    ("stratoweave-rfs.yang", include_str!("../../../../../schemas/stratoweave-rfs.yang"));
const SUPPORT: [(&str, &str); 2] = [
    ("weft.yang", include_str!("../../../../../schemas/weft.yang")),
    ("ietf-inet-types.yang", include_str!("../../../../../schemas/ietf-inet-types.yang")),
];
const CODE: &[u8] = b"this program";

fn compile(texts: &[(&str, &str)], imported: &[(&str, &str)]) -> Arc<Schema> {
    let mut compiler = Compiler::new(Options::default());
    texts.iter().for_each(|(name, text)| compiler.add(name, *text));
    imported.iter().for_each(|(name, text)| compiler.add_import_only(name, *text));
    let compiled = compiler.compile();
    Arc::new(compiled.schema.unwrap_or_else(|| panic!("{:#?}", compiled.diagnostics)))
}

fn system() -> Arc<System> {
    let low = compile(&[("low.yang", LOW), RFS], &SUPPORT);
    let device = compile(&[("box.yang", BOX)], &[]);
    let onto = Arc::clone(&device);
    let base: TransformFn = Arc::new(move |input: &TransformInput<'_>| {
        let mut tree = Tree::new(Arc::clone(&onto));
        let own = input.path.steps().last().unwrap().node;
        let host = input.branch.leaf(input.schema.data_child(own, None, "host").unwrap());
        let node = onto.data_child(Schema::ROOT, None, "host").unwrap();
        tree.set(&Path::ROOT.child(node), host.unwrap().clone(), input.origin);
        let branch = tree.root().clone();
        Ok(TransformOutput { schema: SchemaKey::Device("box"), branch, memory: None })
    });
    let transforms = vec![("/stratoweave-rfs:rfs/low:base".to_owned(), base)];
    let layers = vec![LayerSpec { name: "low", schema: low, transforms }];
    let kind = DeviceType::new("box", device, modules("1"));
    Arc::new(System::new(layers, vec![kind]).unwrap_or_else(|errors| panic!("{errors:#?}")))
}

fn modules(revision: &str) -> BTreeMap<String, ModuleFacts> {
    let revision = Some(format!("202{revision}-01-01"));
    let module = ModuleFacts { namespace: "urn:box".into(), revision, features: Vec::new() };
    BTreeMap::from([("box".to_owned(), module)])
}

/// A controller whose disk is quick, and whose one device `r` does what the test says.
struct World {
    system: Arc<System>,
    controller: Controller,
    log: Vec<Record>,
    target: Option<Target>,
    replies: Vec<Reply>,
}

impl World {
    fn new() -> Self {
        Self::of(Vec::new(), |_| ())
    }

    fn of(log: Vec<Record>, restore: impl FnOnce(&mut Controller)) -> Self {
        let system = system();
        let mut controller = Controller::new(Arc::clone(&system), Limits::default()).unwrap();
        restore(&mut controller);
        let known = controller.durable().generation;
        for record in log.iter().filter(|record| record.generation > known) {
            controller.replay(record).unwrap();
        }
        controller.resume();
        let mut world = Self { system, controller, log, target: None, replies: Vec::new() };
        world.drain();
        world
    }

    /// Power goes, and comes back: once everything is replayed, once a snapshot is taken.
    fn restarts(self) -> [Self; 2] {
        let head = self.controller.durable();
        let bytes = head.to_bytes(&self.system, CODE).concat();
        assert_eq!(Head::hash_of(&bytes), Some(head.hash));
        let back = Head::from_bytes(&self.system, CODE, head.generation, &bytes).unwrap();
        let restored = Self::of(self.log.clone(), |controller| controller.restore(back));
        [Self::of(self.log, |_| ()), restored]
    }

    fn drain(&mut self) {
        while let Some(output) = self.controller.poll_output() {
            match output {
                Output::Append(record) => {
                    let generation = record.generation;
                    self.log.push(record);
                    self.controller.handle_input(Input::Appended(generation));
                }
                Output::Drive(target) => self.target = Some(target),
                Output::Reply { reply, .. } => self.replies.push(reply),
                Output::Release(_) => self.target = None,
            }
        }
    }

    fn tell(&mut self, input: Input) {
        self.controller.handle_input(input);
        self.drain();
    }

    fn report(&mut self, report: DeviceReport) {
        self.tell(Input::Device { name: DeviceName::new("r"), report });
    }

    /// Commits a host name for the device, and how it is treated.
    fn order(&mut self, host: &str, mock: bool, approval: bool) -> &mut Self {
        let text = format!(
            "<device xmlns='http://stratoweave.org/yang/stratoweave-rfs.yang'><name>r</name>\
             <type>box</type><credentials><username>u</username></credentials><approval-required>{approval}</approval-required>\
             <mock><enabled>{mock}</enabled></mock></device>\
             <rfs xmlns='http://stratoweave.org/yang/stratoweave-rfs.yang'><name>r</name>\
             <base xmlns='urn:low'><host>{host}</host></base></rfs>"
        );
        let types = Arc::clone(self.controller.validator.types());
        let edit = xml::parse_edit(&types, &text, &DecodeOptions::default()).unwrap();
        let (ticket, meta) = (Ticket(1), Meta { author: "ada".into(), ..Meta::default() });
        self.tell(Input::Edit { ticket, meta, edit, expected: None });
        let reply = self.replies.pop();
        assert!(matches!(reply, Some(Reply::Committed(_))), "{reply:?}");
        self
    }

    fn connects(&mut self, holds: &str) -> &mut Self {
        let (name, device_type) = (DeviceName::new("r"), "box".to_owned());
        let facts = DeviceFacts { name, device_type, modules: modules("1") };
        self.report(DeviceReport::Connected { facts, time_unix_ms: 5 });
        self.holds(holds, None)
    }

    fn holds(&mut self, host: &str, generation: Option<Generation>) -> &mut Self {
        let running = self.config(host);
        self.report(DeviceReport::Holds { running, generation });
        self
    }

    /// The device does what it was last driven to, if it may.
    fn takes_target(&mut self) -> &mut Self {
        let Target { target, generation, .. } = self.target.clone().unwrap();
        let running = target.unwrap().config;
        self.report(DeviceReport::Holds { running, generation: Some(generation) });
        self
    }

    fn config(&self, host: &str) -> Branch {
        let types = self.system.device_type("box").unwrap().types();
        let text = match host {
            "" => String::new(),
            host => format!("<host xmlns='urn:box'>{host}</host>"),
        };
        xml::parse_branch(types, Schema::ROOT, &text, &DecodeOptions::default()).unwrap()
    }

    fn txid(&self, host: &str) -> String {
        device_txid(self.system.device_type("box").unwrap().types(), &self.config(host))
    }

    fn decide(&mut self, target: u64, from: &str, is_approved: bool) -> Reply {
        let device_txid = self.txid(from);
        let device = DeviceName::new("r");
        let approval = Approval { device, target: Generation(target), device_txid, is_approved };
        let (ticket, meta) = (Ticket(2), Meta { author: "eve".into(), ..Meta::default() });
        self.tell(Input::Approve { ticket, meta, approval });
        self.replies.pop().unwrap()
    }

    fn status(&self) -> String {
        let device = self.controller.devices().get(&DeviceName::new("r")).unwrap();
        match &device.status {
            DeviceStatus::AwaitingApproval(item) => {
                let from = ["", "a", "b", "c", "x", "y"];
                let from = from.into_iter().find(|from| self.txid(from) == *item.device_txid);
                format!("awaiting {} from {:?}", item.target, from.unwrap_or("?"))
            }
            DeviceStatus::Rejected { errors } => errors.join(";"),
            other => other.word().to_owned(),
        }
    }

    fn permission(&self) -> Permission {
        self.target.clone().unwrap().permission
    }

    fn may_go_from(&self, from: &str) -> bool {
        self.permission() == Permission::If(self.txid(from).into())
    }
}

#[test]
fn a_device_waits_until_its_change_is_approved() {
    let mut world = World::new();
    world.order("a", false, true).connects("x");
    assert_eq!(
        (world.status(), world.permission()),
        ("awaiting 2 from \"x\"".into(), Permission::Hold)
    );
    let wrong = [(1, "x"), (3, "x"), (2, "y"), (2, "a")];
    for (target, from) in wrong {
        let reply = world.decide(target, from, true);
        let Reply::NotAwaited { waiting: Some(item) } = reply else { panic!("{reply:?}") };
        assert_eq!((item.target, &*item.device_txid), (Generation(2), &*world.txid("x")));
    }
    assert_eq!(world.log.len(), 2, "what is refused leaves no record");
    assert!(matches!(world.decide(2, "x", true), Reply::Decided(Generation(3))));
    assert!(world.may_go_from("x"));
    assert_eq!(world.status(), "pending");
    assert!(matches!(world.decide(2, "x", true), Reply::NotAwaited { waiting: None }));
    assert_eq!(world.takes_target().status(), "in-sync");
}

#[test]
fn a_newer_commit_supersedes_what_waits_and_what_was_approved() {
    let mut world = World::new();
    world.order("a", false, true).connects("x").order("b", false, true);
    assert_eq!(world.status(), "awaiting 3 from \"x\"");
    assert!(matches!(world.decide(2, "x", true), Reply::NotAwaited { waiting: Some(_) }));
    assert!(matches!(world.decide(3, "x", true), Reply::Decided(_)));
    world.order("c", false, true);
    assert_eq!(world.permission(), Permission::Hold);
    assert_eq!(world.holds("x", None).status(), "awaiting 5 from \"x\"");
}

#[test]
fn a_device_that_changes_in_between_needs_another_approval() {
    let mut world = World::new();
    world.order("a", false, true).connects("x").holds("y", None);
    assert_eq!(world.status(), "awaiting 2 from \"y\"");
    assert!(matches!(world.decide(2, "y", true), Reply::Decided(_)));
    assert_eq!(world.holds("x", None).status(), "awaiting 2 from \"x\"");
    assert_eq!(world.permission(), Permission::Hold);
    assert_eq!(world.holds("y", None).status(), "awaiting 2 from \"y\"", "that one is void");
    assert!(matches!(world.decide(2, "y", true), Reply::Decided(_)));
    assert_eq!(world.takes_target().status(), "in-sync");
    assert_eq!(world.holds("y", None).status(), "awaiting 2 from \"y\"", "it was made use of");
    world.report(DeviceReport::Disconnected { reason: "gone".into() });
    assert_eq!(world.connects("y").status(), "awaiting 2 from \"y\"");
    assert_eq!(world.permission(), Permission::Hold);
}

#[test]
fn a_rejection_stands_until_the_target_changes() {
    let mut world = World::new();
    world.order("a", false, true).connects("x");
    assert!(matches!(world.decide(2, "x", false), Reply::Decided(_)));
    assert_eq!(world.status(), "rejected by eve");
    assert_eq!(world.holds("y", None).status(), "rejected by eve");
    assert!(matches!(world.decide(2, "y", true), Reply::NotAwaited { waiting: None }));
    for mut world in world.restarts() {
        assert_eq!(world.connects("y").status(), "rejected by eve");
        assert_eq!(world.permission(), Permission::Hold);
        assert_eq!(world.order("b", false, true).status(), "awaiting 4 from \"y\"");
    }
}

#[test]
fn what_waits_and_what_was_decided_survives_a_restart() {
    let mut world = World::new();
    world.order("a", false, true).connects("x");
    for mut world in world.restarts() {
        assert_eq!((world.status(), world.permission()), ("disconnected".into(), Permission::Hold));
        assert!(matches!(world.decide(2, "x", true), Reply::NotAwaited { waiting: None }));
        assert_eq!(world.connects("x").status(), "awaiting 2 from \"x\"");
        assert!(matches!(world.decide(2, "x", true), Reply::Decided(_)));
        for mut world in world.restarts() {
            assert!(world.may_go_from("x"));
            assert_eq!(world.connects("x").status(), "pending");
            assert!(world.may_go_from("x"));
            let [_, mut other] = {
                assert_eq!(world.takes_target().status(), "in-sync");
                world.restarts()
            };
            assert_eq!(other.connects("y").status(), "awaiting 2 from \"y\"");
            assert_eq!(other.permission(), Permission::Hold);
        }
    }
}

#[test]
fn a_device_that_is_simulated_in_process_waits_and_holds_at_once() {
    let mut world = World::new();
    assert_eq!(world.order("a", true, false).status(), "in-sync");
    assert_eq!(world.order("a", true, true).status(), "in-sync", "it holds its target already");
    assert_eq!(world.order("b", true, true).status(), "awaiting 3 from \"a\"");
    for mut world in world.restarts() {
        assert_eq!(world.status(), "awaiting 3 from \"a\"");
        assert!(matches!(world.decide(3, "a", true), Reply::Decided(_)));
        assert_eq!(world.status(), "in-sync");
        for mut world in world.restarts() {
            assert_eq!(world.status(), "in-sync");
            assert_eq!(world.order("c", true, true).status(), "awaiting 5 from \"b\"");
            assert!(matches!(world.decide(5, "b", false), Reply::Decided(_)));
            assert_eq!(world.status(), "rejected by eve");
            assert_eq!(world.order("c", true, false).status(), "in-sync", "none is needed now");
        }
    }
}

#[test]
fn approval_that_is_no_longer_required_is_not_waited_for() {
    let mut world = World::new();
    world.order("a", false, true).connects("x").order("a", false, false);
    assert_eq!((world.status(), world.permission()), ("pending".into(), Permission::Free));
    assert_eq!(world.takes_target().status(), "in-sync");
    world.order("a", false, true);
    assert_eq!((world.status(), world.permission()), ("in-sync".into(), Permission::Hold));
}

#[test]
fn other_modules_need_another_approval() {
    let mut world = World::new();
    world.order("a", false, true).connects("x");
    assert!(matches!(world.decide(2, "x", true), Reply::Decided(_)));
    let (name, device_type) = (DeviceName::new("r"), "box".to_owned());
    let facts = DeviceFacts { name, device_type, modules: modules("2") };
    world.report(DeviceReport::Connected { facts, time_unix_ms: 6 });
    assert_eq!(world.holds("x", None).status(), "awaiting 4 from \"x\"");
    assert_eq!(world.permission(), Permission::Hold);
}

#[test]
fn a_decision_that_is_not_durable_is_none() {
    let mut world = World::new();
    world.order("a", false, true).connects("x");
    let device_txid = world.txid("x");
    let device = DeviceName::new("r");
    let approval = Approval { device, target: Generation(2), device_txid, is_approved: true };
    let meta = Meta::default();
    world.controller.handle_input(Input::Approve { ticket: Ticket(3), meta, approval });
    let Some(Output::Append(record)) = world.controller.poll_output() else { panic!("no record") };
    let (hash, reason) = (record.hash(), "no room".to_owned());
    world.tell(Input::AppendFailed { hash, reason, is_in_doubt: false });
    assert!(matches!(world.replies.pop(), Some(Reply::NotDurable { .. })));
    assert_eq!(
        (world.status(), world.permission()),
        ("awaiting 2 from \"x\"".into(), Permission::Hold)
    );
    assert!(matches!(world.decide(2, "x", true), Reply::Decided(Generation(3))));
}

#[test]
fn a_txid_does_not_depend_on_defaults_that_are_told() {
    let world = World::new();
    let types = world.system.device_type("box").unwrap().types();
    let told = "<host xmlns='urn:box'>a</host><mtu xmlns='urn:box'>1500</mtu>";
    let told = xml::parse_branch(types, Schema::ROOT, told, &DecodeOptions::default()).unwrap();
    assert_eq!(device_txid(types, &told), world.txid("a"));
    assert_ne!(world.txid("a"), world.txid("b"));
}
