//! Generated code at work: strict inputs, loose outputs, the way through the engine's form.
#![allow(clippy::unwrap_used, reason = "tests panic when they fail")]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use transform::{LinkedEntry, Refusal, SchemaKey, TransformInput, TransformOutput};
use vocab::{DeviceFacts, DeviceName};
use yang::{NodeKind, Schema};
use yang_data::{AnyData, Branch, Content, Found, Key, Origin, Path, Tree, Types, Value};
use yang_gen::runtime::{Decimal, DeviceOutput};

mod generated;

use generated::{resource, router, service};

/// A tree of a layer or device type, with what reads its texts.
struct Data {
    types: Types,
    tree: Tree,
}

impl Data {
    fn new(schema: Arc<Schema>) -> Self {
        Self { types: Types::new(Arc::clone(&schema)), tree: Tree::new(schema) }
    }

    fn path(&self, path: &str) -> Path {
        Path::parse(&self.types, path).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// Sets leaves, and makes containers and list entries that have no value.
    fn with(mut self, lines: &[(&str, &str)]) -> Self {
        for (path, text) in lines {
            let path = self.path(path);
            let last = path.steps().last().unwrap().node;
            match self.types.schema().node(last).kind() {
                NodeKind::Leaf | NodeKind::LeafList => {
                    let value = self.types.parse_leaf(last, text).unwrap();
                    self.tree.set(&path, value, Origin::NONE);
                }
                _ => drop(self.tree.branch_mut(&path, Origin::NONE).clone()),
            }
        }
        self
    }

    fn branch(&self, path: &str) -> &Branch {
        self.tree.branch(&self.path(path)).unwrap()
    }
}

const SITE: &str = "/service:network/site[name='a']";

fn site(lines: &[(&str, &str)]) -> Data {
    let lines: Vec<_> =
        lines.iter().map(|(path, text)| (format!("{SITE}/{path}"), *text)).collect();
    let lines: Vec<_> = lines.iter().map(|(path, text)| (path.as_str(), *text)).collect();
    Data::new(service::schema()).with(&[(SITE, "")]).with(&lines)
}

fn read(data: &Data) -> Result<service::SiteInput, Refusal> {
    service::SiteInput::from_branch(data.branch(SITE))
}

fn input_of<'a>(data: &'a Data, path: &'a Path, branch: &'a Branch) -> TransformInput<'a> {
    TransformInput {
        schema: data.tree.schema(),
        path,
        branch,
        links: &[],
        memory: None,
        dynamic_state: None,
        device: None,
        origin: Origin(7),
    }
}

#[test]
fn defaults_are_filled_in() {
    let input = read(&site(&[("number", "7")])).unwrap();
    assert_eq!((input.name.as_str(), input.number, input.mtu), ("a", 7, 1500));
    assert_eq!(input.role, service::types::Role::Spoke);
    assert_eq!(input.power, Decimal::from_scaled(150));
    assert_eq!(input.token, [1, 2, 3]);
    assert!(input.enabled && !input.passive);
    assert_eq!(input.limit, service::types::LimitWord::Unlimited.into());
    let days = [service::types::SiteDays::Monday, service::types::SiteDays::Sunday];
    assert_eq!(input.days, BTreeSet::from(days));
    assert_eq!(input.port.as_deref(), Some("eth0"));
    assert_eq!((&input.r#type, &input.uplink, &input.bgp), (&None, &None, &None));
    assert_eq!(input.ieee_802_3.speed, None);
    assert_eq!(input.access, []);
}

#[test]
fn what_is_there_is_read() {
    let input = read(&site(&[
        ("number", "7"),
        ("role", "service:hub"),
        ("power", "-2.25"),
        ("token", "/w=="),
        ("enabled", "false"),
        ("passive", ""),
        ("limit", "70000"),
        ("days", "tuesday"),
        ("type", "10g"),
        ("uplink", "b"),
        ("where", "/service:network/domain"),
        ("bgp/as-number", "65001"),
        ("ieee-802.3/speed", "-3"),
        ("access[port='x'][vlan='3']/description", "left"),
        ("access[port='a'][vlan='20']/rule[seq='9']/prefix[.='p']", "p"),
        ("access[port='a'][vlan='20']/rule[seq='2']", ""),
    ]))
    .unwrap();
    assert_eq!(input.role, service::types::Role::Hub);
    assert_eq!(input.power.to_string(), "-2.25");
    assert_eq!(input.token, [0xff]);
    assert!(!input.enabled && input.passive);
    assert_eq!(input.limit, 70_000_u32.into());
    assert_eq!(input.days, BTreeSet::from([service::types::SiteDays::Tuesday]));
    assert_eq!(input.r#type, Some(service::types::SiteType::_10g));
    assert_eq!(input.uplink.as_deref(), Some("b"));
    assert_eq!(input.r#where.as_deref(), Some("/service:network/domain"));
    let bgp = input.bgp.unwrap();
    assert_eq!((bgp.as_number, bgp.timers.hold), (65_001, 90));
    assert_eq!(input.ieee_802_3.speed, Some(-3));
    let access: Vec<_> =
        input.access.iter().map(|access| (access.port.as_str(), access.vlan)).collect();
    assert_eq!(access, [("a", 20), ("x", 3)]);
    assert_eq!(input.access[1].description.as_deref(), Some("left"));
    let rules: Vec<_> = input.access[0].rule.iter().map(|rule| rule.seq).collect();
    assert_eq!(rules, [9, 2], "in the user's order");
    assert_eq!(input.access[0].rule[0].prefix, ["p"]);
}

#[test]
fn members_of_unions() {
    let limit = |text| read(&site(&[("number", "1"), ("limit", text)])).unwrap().limit;
    assert_eq!(limit("5"), 5.into());
    assert_eq!(limit("unlimited"), service::types::LimitWord::Unlimited.into());
    assert_eq!(limit("much"), "much".into());
    for text in ["5", "70000", "unlimited", "much"] {
        let data = site(&[("limit", text)]);
        let leaf = data.tree.leaf(&data.path(&format!("{SITE}/limit"))).unwrap().clone();
        assert_eq!(limit(text).into_value(), leaf, "{text}");
    }
}

#[test]
fn leaves_of_a_case_count_when_it_is_selected() {
    let input = read(&site(&[("number", "7"), ("carrier", "c"), ("sim/pin", "1")])).unwrap();
    assert_eq!((input.port, input.band), (None, Some(20)));
    assert_eq!(input.sim.unwrap().pin, 1);
    let fixed = read(&site(&[("number", "7"), ("port", "eth9")])).unwrap();
    assert_eq!((fixed.port.as_deref(), fixed.band, fixed.sim), (Some("eth9"), None, None));
}

#[test]
fn what_is_missing_is_named() {
    let missing = |lines: &[(&str, &str)]| match read(&site(lines)) {
        Err(Refusal::Incomplete { path }) => path,
        other => panic!("{other:?}"),
    };
    assert_eq!(missing(&[]), "/service:network/site/number");
    assert_eq!(missing(&[("number", "7"), ("bgp", "")]), "/service:network/site/bgp/as-number");
    let mobile = [("number", "7"), ("carrier", "c")];
    assert_eq!(missing(&mobile), "/service:network/site/sim/pin");
    assert_eq!(missing(&[("number", "7"), ("band", "3")]), "/service:network/site/carrier");
}

#[test]
fn what_is_missing_is_named_with_the_keys_of_the_instance() {
    let data = site(&[]);
    let path = data.path(SITE);
    let refusal = service::SiteContext::read(&input_of(&data, &path, data.branch(SITE)));
    let path = "/service:network/site[name='a']/number".to_owned();
    assert_eq!(refusal.err(), Some(Refusal::Incomplete { path }));
}

#[test]
fn a_value_of_another_type_is_refused() {
    let mut data = site(&[("number", "7")]);
    let leaf = data.path(&format!("{SITE}/mtu"));
    data.tree.set(&leaf, Value::str("large"), Origin::NONE);
    let refusal = read(&data).err();
    let is_of = |path: &str| path == "/service:network/site/mtu";
    assert!(matches!(refusal, Some(Refusal::Invalid { path, .. }) if is_of(&path)));
}

#[test]
fn nested_transform_nodes_are_no_part_of_the_input() {
    let data = Data::new(service::schema()).with(&[("/service:network/site[name='a']", "")]);
    let input = service::NetworkInput::from_branch(data.branch("/service:network")).unwrap();
    let expected =
        service::NetworkInput { domain: "example.net".into(), servers: vec!["192.0.2.1".into()] };
    assert_eq!(input, expected);
    let given = data.with(&[("/service:network/servers[.='2001:db8::1']", "2001:db8::1")]);
    let input = service::NetworkInput::from_branch(given.branch("/service:network")).unwrap();
    assert_eq!(input.servers, ["2001:db8::1"], "defaults give way");
}

#[test]
fn a_context_holds_links_memory_and_dynamic_state() {
    let data = site(&[
        ("number", "7"),
        ("measured/load", "80"),
        ("remembered/runs", "3"),
        ("remembered/grant[kind='vlan']/value[.='17']", "17"),
    ])
    .with(&[("/service:network/domain", "d"), ("/service:network/site[name='b']/number", "8")]);
    let (path, network) = (data.path(SITE), data.path("/service:network"));
    let other = data.path("/service:network/site[name='b']");
    let links = [
        LinkedEntry { tag: "network", path: network, branch: data.branch("/service:network") },
        LinkedEntry {
            tag: "uplink",
            path: other,
            branch: data.branch("/service:network/site[name='b']"),
        },
    ];
    let (memory, state) = (format!("{SITE}/remembered"), format!("{SITE}/measured"));
    let input = TransformInput {
        links: &links,
        memory: Some(data.branch(&memory)),
        dynamic_state: Some(data.branch(&state)),
        ..input_of(&data, &path, data.branch(SITE))
    };
    let context = service::SiteContext::read(&input).unwrap();
    assert_eq!(context.links.network.unwrap().domain, "d");
    let numbers: BTreeMap<_, _> =
        context.links.uplink.iter().map(|(name, site)| (name.as_str(), site.number)).collect();
    assert_eq!(numbers, BTreeMap::from([("b", 8)]));
    assert_eq!(context.dynamic_state.unwrap().load, Some(80));
    let memory = context.memory.unwrap();
    assert_eq!((memory.runs, memory.grant[0].kind.as_str()), (3, "vlan"));
    assert_eq!(memory.grant[0].value, [17.into()]);
}

#[test]
fn keys_of_ancestors_come_along() {
    let path = format!("{SITE}/circuit[id='4']");
    let data = Data::new(service::schema()).with(&[(&path, "")]);
    let parsed = data.path(&path);
    let input = input_of(&data, &parsed, data.branch(&path));
    let context = service::CircuitContext::read(&input).unwrap();
    assert_eq!((context.keys.name.as_str(), context.input.id), ("a", 4));
    assert_eq!(context.links.site, None);
}

fn transforms() -> service::Transforms {
    service::Transforms {
        network: |_, _| Ok(()),
        site: |context, root| {
            let name = &context.input.name;
            let port = root.rfs(name).port("up");
            port.description("to the core").mtu(context.input.mtu);
            let runs = context.memory.as_ref().map_or(0, |memory| memory.runs);
            Ok(Some(service::SiteMemory {
                runs: runs + 1,
                grant: vec![service::SiteMemoryGrant {
                    kind: "vlan".into(),
                    value: vec![5.into(), "x".into()],
                }],
                last: Some(service::SiteMemoryLast { role: Some(context.input.role) }),
            }))
        },
        circuit: |context, _| Err(context.invalid("id", format!("{} has none", context.keys.name))),
    }
}

#[test]
fn bound_transforms_run_in_the_form_of_the_engine() {
    let bound: BTreeMap<_, _> = service::bind(transforms()).into_iter().collect();
    let paths: Vec<_> = bound.keys().map(String::as_str).collect();
    let expected = ["/service:network", "/service:network/site", "/service:network/site/circuit"];
    assert_eq!(paths, expected);

    let data = site(&[("number", "7"), ("remembered/runs", "3")]);
    let (path, memory) = (data.path(SITE), format!("{SITE}/remembered"));
    let input = TransformInput {
        memory: Some(data.branch(&memory)),
        ..input_of(&data, &path, data.branch(SITE))
    };
    let output: TransformOutput = bound["/service:network/site"](&input).unwrap();
    assert_eq!(output.schema, SchemaKey::NextLayer);
    let expected = Data::new(resource::schema()).with(&[
        ("/resource:rfs[name='a']/port[name='up']/description", "to the core"),
        ("/resource:rfs[name='a']/port[name='up']/mtu", "1500"),
    ]);
    assert_eq!(&output.branch, expected.tree.root());
    assert_origins(&output.branch, Origin(7));

    let expected = site(&[
        ("remembered/runs", "4"),
        ("remembered/grant[kind='vlan']/value[.='5']", "5"),
        ("remembered/grant[kind='vlan']/value[.='x']", "x"),
        ("remembered/last/role", "service:spoke"),
    ]);
    assert_eq!(output.memory.as_ref(), Some(expected.branch(&memory)));
}

#[test]
fn a_transform_refuses_with_the_path_of_the_instance() {
    let bound: BTreeMap<_, _> = service::bind(transforms()).into_iter().collect();
    let path = format!("{SITE}/circuit[id='4']");
    let data = Data::new(service::schema()).with(&[(&path, "")]);
    let parsed = data.path(&path);
    let input = input_of(&data, &parsed, data.branch(&path));
    let refusal = bound["/service:network/site/circuit"](&input).err();
    let path = format!("{path}/id");
    assert_eq!(refusal, Some(Refusal::Invalid { path, message: "a has none".to_owned() }));
}

/// Every leaf and entry carries the mark.
fn assert_origins(branch: &Branch, origin: Origin) {
    for slot in branch.slots() {
        match &slot.content {
            Content::Leaf(_) | Content::Any(_) => assert_eq!(slot.origin, origin),
            Content::Container(inner) => assert_origins(inner, origin),
            Content::List(list) => list.iter().for_each(|entry| {
                assert_eq!(entry.origin, origin);
                assert_origins(&entry.branch, origin);
            }),
            Content::LeafList(list) => {
                list.iter().for_each(|entry| assert_eq!(entry.origin, origin));
            }
        }
    }
}

#[test]
fn a_device_transform_needs_its_device() {
    let bound = resource::bind(resource::Transforms {
        port: |context| {
            let mut root = router::Root::new();
            root.system().host_name(context.device.name.as_str());
            root.interfaces().interface(&context.input.name).rtr_mtu(9000);
            Ok(root.into())
        },
    });
    let (path, run) = &bound[0];
    assert_eq!(path, "/resource:rfs/port");
    let port = "/resource:rfs[name='r']/port[name='p']";
    let data = Data::new(resource::schema()).with(&[(&format!("{port}/description"), "d")]);
    let path = data.path(port);
    let input = input_of(&data, &path, data.branch(port));
    assert!(matches!(run(&input), Err(Refusal::Unsupported { .. })));

    let facts = DeviceFacts {
        name: DeviceName::new("r"),
        device_type: "router".to_owned(),
        modules: BTreeMap::new(),
    };
    let output = run(&TransformInput { device: Some(&facts), ..input }).unwrap();
    assert_eq!(output.schema, SchemaKey::Device("router"));
    let expected = Data::new(router::schema()).with(&[
        ("/router:system/host-name", "r"),
        ("/router:interfaces/interface[name='p']/mtu", "9000"),
    ]);
    assert_eq!(&output.branch, expected.tree.root());
}

#[test]
fn outputs_of_every_type() {
    let mut root = router::Root::new();
    let system = root.system();
    system.add_search("z").add_search("a").add_search("z");
    system
        .gain(Decimal::from_scaled(-15))
        .flags([router::types::SystemFlags::B, router::types::SystemFlags::A]);
    system.key(vec![1, 2]).self_();
    system.extra(AnyData::Json("{}".to_owned()));
    system.tuning().window(3);
    let eth = root.interfaces().interface("eth0");
    eth.kind(router::types::Kind::Ethernet).default(true);
    eth.admin_state(router::types::State::Down);
    eth.peer(router::types::State::Up).rtr_mtu(1500).ven_mtu(100_000);
    eth.ipv4("192.0.2.1", 24).secondary("192.0.2.9");
    root.acl("second", router::types::State::Up);
    root.acl("first", router::types::State::Down);
    root.acl("second", router::types::State::Up);
    let branch = root.into_branch(Origin(1));

    let eth = "/router:interfaces/interface[name='eth0']";
    let lines: Vec<(String, &str)> = [
        ("/kind", "router:ethernet"),
        ("/default", "true"),
        ("/admin-state", "down"),
        ("/peer", "up"),
        ("/mtu", "1500"),
        ("/router-vendor:mtu", "100000"),
        ("/ipv4/address", "192.0.2.1"),
        ("/ipv4/mask/length", "24"),
        ("/ipv4/secondary", "192.0.2.9"),
    ]
    .map(|(leaf, text)| (format!("{eth}{leaf}"), text))
    .into();
    let lines: Vec<_> = lines.iter().map(|(path, text)| (path.as_str(), *text)).collect();
    let mut expected = Data::new(router::schema())
        .with(&[
            ("/router:system/search[.='z']", "z"),
            ("/router:system/search[.='a']", "a"),
            ("/router:system/gain", "-1.5"),
            ("/router:system/flags", "a b"),
            ("/router:system/key", "AQI="),
            ("/router:system/self", ""),
            ("/router:system/router-vendor:tuning/window", "3"),
            ("/router:acl[name='second'][kind='up']", ""),
            ("/router:acl[name='first'][kind='down']", ""),
        ])
        .with(&lines);
    let extra = expected.path("/router:system/extra").steps()[1].node;
    let system = expected.path("/router:system");
    expected.tree.branch_mut(&system, Origin::NONE).set(yang_data::Slot {
        node: extra,
        origin: Origin::NONE,
        content: Content::Any(Arc::new(AnyData::Json("{}".to_owned()))),
    });
    assert_eq!(&branch, expected.tree.root());
    let acl = expected.path("/router:acl").steps()[0].node;
    let order: Vec<Key> = branch.list(acl).unwrap().iter().map(|e| e.key_value()).collect();
    assert_eq!(order[0].values()[0], Value::str("second"), "in the order of writing");
}

#[test]
fn containers_appear_when_written_and_presence_containers_when_called() {
    let mut root = router::Root::new();
    root.system();
    root.interfaces().interface("a").ipv4("192.0.2.1", 24);
    root.interfaces().interface("a").ipv4("192.0.2.2", 25);
    let tree = Tree::from_root(router::schema(), root.into_branch(Origin(1)));
    let data = Data::new(router::schema());
    assert!(tree.get(&data.path("/router:system")).is_none());
    let address = data.path("/router:interfaces/interface[name='a']/ipv4/address");
    assert_eq!(tree.leaf(&address), Some(&Value::str("192.0.2.2")), "an update");
    let interfaces = tree.get(&data.path("/router:interfaces/interface")).unwrap();
    assert!(matches!(interfaces, Found::Content(Content::List(list)) if list.len() == 1));
}

#[test]
fn a_value_of_a_union_is_that_of_the_first_type_that_takes_it() {
    let mut root = router::Root::new();
    root.interfaces().interface("a").peer("17");
    root.interfaces().interface("b").peer("down");
    root.interfaces().interface("c").peer("right");
    let [a, b, c] =
        ["a", "b", "c"].map(|name| format!("/router:interfaces/interface[name='{name}']/peer"));
    let expected = Data::new(router::schema()).with(&[(&a, "17"), (&b, "down"), (&c, "right")]);
    assert_eq!(&root.into_branch(Origin(1)), expected.tree.root());
    assert_eq!(expected.tree.leaf(&expected.path(&a)), Some(&Value::Uint(17)));
}

#[test]
fn a_device_output_names_its_type() {
    let output: DeviceOutput = router::Root::new().into();
    assert_eq!(output.device_type, router::device_type().name);
    assert!(output.draft.into_branch(Origin(1)).is_empty());
}

#[test]
fn schemas_are_opened_once() {
    assert!(Arc::ptr_eq(&service::schema(), &service::schema()));
    assert_eq!(service::layer(transforms()).name, "service");
}
