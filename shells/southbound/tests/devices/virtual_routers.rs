//! Devices that behave, and devices that do not.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::support::{Lab, access, branch, interfaces, quick, router, schema, sources};
use netconf_proto::ErrorTag;
use orchestrator::{DeviceAccess, DeviceReport};
use southbound::Config;
use virtual_router::{
    Cut, Event, Faults, Features, Refusal, RouterConfig, RouterModel, User, VirtualRouter,
    modules_of,
};
use vocab::DeviceName;

#[tokio::test]
async fn a_device_is_read_then_changed_and_told_of() {
    let router = router(|_| {}).await;
    let mut events = router.events();
    let mut lab = Lab::new(quick());
    lab.drive(&access(&router), 1, None);
    let DeviceReport::Connected { facts, time_unix_ms } = lab.next().await else { panic!() };
    assert_eq!((facts.name.as_str(), facts.device_type.as_str()), ("r1", "lab-router"));
    let module = &facts.modules["lab-router"];
    assert_eq!(module.namespace, "urn:weft:test:lab-router");
    assert_eq!(module.revision.as_deref(), Some("2026-11-01"));
    assert_eq!(module.features, ["tunnels"]);
    assert!(time_unix_ms > 1_700_000_000_000);
    let DeviceReport::Holds { running, generation: None } = lab.next().await else { panic!() };
    assert_eq!(running, branch(&lab.schema, crate::support::STARTUP));

    let wanted = interfaces(&["ge-1", "ge-2"], 1400);
    lab.drive(&access(&router), 2, Some(&wanted));
    let DeviceReport::Holds { running, generation } = lab.next().await else { panic!() };
    assert_eq!(generation.map(|generation| generation.0), Some(2));
    assert_eq!(running, branch(&lab.schema, &wanted));
    assert_eq!(router.running(), running);

    // A target that is held already changes nothing.
    while events.try_recv().is_ok() {}
    lab.drive(&access(&router), 3, Some(&wanted));
    lab.until_held(3).await;
    assert!(!served(&mut events).contains(&"edit-config"));

    lab.southbound.shutdown().await;
    wait(|| router.session_count() == 0).await;
}

#[tokio::test]
async fn what_the_schema_lacks_stays_as_it_is() {
    let extra = "module lab-extra { namespace urn:weft:test:lab-extra; prefix x;
        import lab-router { prefix lab; }
        container own { leaf note { type string; } }
        augment /lab:interfaces { leaf note { type string; } }
        augment /lab:interfaces/lab:interface { leaf note { type string; } } }";
    let mut compiler = yang::Compiler::new(yang::Options::default());
    compiler.add("lab-router.yang", crate::support::LAB_ROUTER);
    compiler.add("lab-extra.yang", extra);
    let richer = Arc::new(compiler.compile().schema.unwrap());
    let startup = "<own xmlns='urn:weft:test:lab-extra'><note>1</note></own>
        <interfaces xmlns='urn:weft:test:lab-router' xmlns:x='urn:weft:test:lab-extra'>
        <interface><name>ge-0</name><mtu>1500</mtu><x:note>2</x:note></interface>
        <x:note>3</x:note></interfaces>";
    let model = RouterModel::of_schema("lab-router", Arc::clone(&richer), sources());
    let config = RouterConfig::new("r1", model);
    let startup = branch(&richer, startup);
    let router = VirtualRouter::start(RouterConfig { startup, ..config }).await.unwrap();
    let mut lab = Lab::new(quick());
    lab.drive(&access(&router), 1, Some(&interfaces(&["ge-0"], 1400)));
    lab.until_held(1).await;
    let xml = router.running_xml();
    for kept in ["<note>1<", ">2</note>", ">3</note>", "<mtu>1400<"] {
        assert!(xml.contains(kept), "{kept}: {xml}");
    }
    // Everything of the schema goes, down to an empty container; what it lacks stays.
    lab.drive(&access(&router), 2, Some(""));
    lab.until_held(2).await;
    let xml = router.running_xml();
    assert!(xml.contains("<note>1<") && xml.contains(">3</note>"), "{xml}");
    assert!(!xml.contains("ge-0") && !xml.contains("hostname"), "{xml}");
}

#[tokio::test]
async fn a_refused_target_leaves_the_device_as_it_was() {
    let router = router(|_| {}).await;
    let mut lab = Lab::new(quick());
    lab.in_session(&router).await;
    let before = router.running();
    for (generation, operation) in (2..).zip(["edit-config", "validate", "commit"]) {
        let refusal = Refusal {
            path: Some("/interfaces/interface[name='ge-7']".to_owned()),
            ..Refusal::always(operation, ErrorTag::OperationFailed, "no such slot")
        };
        router.set_faults(Faults { refusals: vec![refusal], ..Faults::default() });
        lab.drive(&access(&router), generation, Some(&interfaces(&["ge-7"], 1400)));
        let errors = lab.until_rejected(generation).await;
        assert!(errors.contains("no such slot"), "{operation}: {errors}");
        assert!(errors.contains("ge-7") && errors.contains("operation-failed"), "{errors}");
        assert_eq!(router.running(), before);
    }
    // No lock and no leftover is in the way of the next one.
    router.set_faults(Faults::default());
    lab.drive(&access(&router), 9, Some(&interfaces(&["ge-8"], 1400)));
    let running = lab.until_held(9).await;
    assert_eq!(router.running(), running);
}

#[tokio::test]
async fn a_target_that_breaks_the_models_rules_is_refused_with_their_words() {
    let router = router(|_| {}).await;
    let mut lab = Lab::new(quick());
    lab.in_session(&router).await;
    let dangling = format!(
        "{}<routing xmlns='urn:weft:test:lab-router'><static><prefix>::/0</prefix>\
         <interface>ge-9</interface></static></routing>",
        interfaces(&["ge-0"], 1400)
    );
    lab.drive(&access(&router), 2, Some(&dangling));
    let errors = lab.until_rejected(2).await;
    assert!(errors.contains("data-missing") && errors.contains("interface"), "{errors}");
    assert!(errors.contains("::/0"), "{errors}");
}

#[tokio::test]
async fn a_slow_device_is_waited_for() {
    let router = router(|config| config.latency = Duration::from_millis(20)).await;
    router.set_faults(Faults { delay: Duration::from_millis(100), ..Faults::default() });
    let mut lab = Lab::new(quick());
    let began = Instant::now();
    lab.drive(&access(&router), 1, Some(&interfaces(&["ge-0"], 1400)));
    lab.until_held(1).await;
    assert!(began.elapsed() > Duration::from_millis(8 * 120), "{:?}", began.elapsed());
}

#[tokio::test]
async fn a_device_that_does_not_answer_in_time_is_lost_and_found_again() {
    let router = router(|_| {}).await;
    let mut config = quick();
    config.timeouts.edit = Duration::from_millis(200);
    let mut lab = Lab::new(config);
    lab.in_session(&router).await;
    router.set_faults(Faults { delay: Duration::from_millis(600), ..Faults::default() });
    lab.drive(&access(&router), 2, Some(&interfaces(&["ge-0"], 1400)));
    let reason = lab.until_lost().await;
    assert!(reason.contains("no answer to edit-config within 0.2 s"), "{reason}");
    router.set_faults(Faults::default());
    lab.until_held(2).await;
    assert_eq!(router.running(), branch(&lab.schema, &interfaces(&["ge-0"], 1400)));
}

#[tokio::test]
async fn a_session_that_dies_around_a_commit_is_made_up_for() {
    for cut in [Cut::BeforeCommit, Cut::AfterCommit, Cut::After(0), Cut::After(3)] {
        for confirm_within in [None, Some(Duration::from_secs(60))] {
            let router = router(|_| {}).await;
            let mut lab = Lab::new(Config { confirm_within, ..quick() });
            lab.in_session(&router).await;
            router.set_faults(Faults { cut: Some(cut), ..Faults::default() });
            lab.drive(&access(&router), 2, Some(&interfaces(&["ge-0"], 1400)));
            let reason = lab.until_lost().await;
            assert!(reason.contains("the device ended the session"), "{reason}");
            let running = lab.until_held(2).await;
            assert_eq!(router.running(), running, "{cut:?} {confirm_within:?}");
            assert_eq!(router.faults().cut, None);
        }
    }
}

#[tokio::test]
async fn a_connection_that_is_cut_in_idleness_is_made_again() {
    let router = router(|_| {}).await;
    let mut lab = Lab::new(quick());
    lab.in_session(&router).await;
    router.cut_connections();
    lab.until_lost().await;
    lab.until(|report| matches!(report, DeviceReport::Connected { .. }).then_some(())).await;
    assert_eq!(router.session_count(), 1);
}

#[tokio::test]
async fn a_device_that_lies_is_found_out() {
    for confirm_within in [None, Some(Duration::from_secs(60))] {
        let router = router(|_| {}).await;
        let mut lab = Lab::new(Config { confirm_within, ..quick() });
        lab.in_session(&router).await;
        let before = router.running();
        router.set_faults(Faults { lies: true, ..Faults::default() });
        lab.drive(&access(&router), 2, Some(&interfaces(&["ge-0"], 1400)));
        let errors = lab.until_rejected(2).await;
        assert!(errors.contains("acknowledged the change but does not hold it"), "{errors}");
        assert!(errors.contains("interface[name='ge-0']/mtu"), "{errors}");
        assert_eq!(router.running(), before);
        router.set_faults(Faults::default());
        lab.drive(&access(&router), 3, Some(&interfaces(&["ge-0"], 1400)));
        lab.until_held(3).await;
    }
    // Unless nobody looks.
    let router = router(|_| {}).await;
    let mut lab = Lab::new(Config { verify_after_commit: false, ..quick() });
    router.set_faults(Faults { lies: true, ..Faults::default() });
    lab.drive(&access(&router), 1, Some(&interfaces(&["ge-0"], 1400)));
    lab.until_held(1).await;
}

#[tokio::test]
async fn a_change_by_somebody_else_is_seen_and_corrected_when_driven_again() {
    let router = router(|_| {}).await;
    let mut lab = Lab::new(Config { poll_interval: Duration::from_millis(100), ..quick() });
    let wanted = interfaces(&["ge-0"], 1400);
    lab.drive(&access(&router), 1, Some(&wanted));
    lab.until_held(1).await;
    router.change_out_of_band(&interfaces(&["ge-0", "ge-6"], 1300)).unwrap();
    let DeviceReport::Holds { running, generation: None } = lab.next().await else { panic!() };
    assert_eq!(running, branch(&lab.schema, &interfaces(&["ge-0", "ge-6"], 1300)));
    // It is told once, and left alone until somebody wants it otherwise.
    tokio::time::sleep(Duration::from_millis(350)).await;
    assert!(lab.reports.try_recv().is_err());
    assert_eq!(router.running(), running);
    lab.drive(&access(&router), 1, Some(&wanted));
    lab.until_held(1).await;
    assert_eq!(router.running(), branch(&lab.schema, &wanted));
}

#[tokio::test]
async fn another_host_key_is_never_accepted() {
    let router = router(|_| {}).await;
    let mut lab = Lab::new(quick());
    lab.in_session(&router).await;
    router.reset_host_key().unwrap();
    let mut events = router.events();
    router.cut_connections();
    let reasons = [lab.until_lost().await, lab.until_lost().await];
    let reason = &reasons[1];
    assert!(reason.contains("host key of r1 has changed"), "{reasons:?}");
    assert!(reason.matches("SHA256:").count() == 2, "{reason}");
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert_eq!(router.session_count(), 0);
    // Not even the login name was told.
    assert!(events.try_recv().is_ok_and(|event| matches!(event, Event::SessionClosed { .. })));
    assert!(events.try_recv().is_err());
    lab.host_keys.forget(&DeviceName::new("r1"));
    lab.until(|report| matches!(report, DeviceReport::Connected { .. }).then_some(())).await;
}

#[tokio::test]
async fn a_wrong_password_is_told_and_a_right_one_taken_at_once() {
    let router = router(|_| {}).await;
    let slow =
        southbound::BackOff { first: Duration::from_secs(300), max: Duration::from_secs(300) };
    let mut lab = Lab::new(Config { reconnect: slow, ..quick() });
    let wrong = DeviceAccess { password: Some("hunter2".to_owned()), ..access(&router) };
    lab.drive(&wrong, 1, None);
    let reason = lab.until_lost().await;
    assert!(reason.contains("login as admin was refused"), "{reason}");
    assert!(!reason.contains("hunter2"), "{reason}");
    lab.drive(&access(&router), 2, None);
    lab.until(|report| matches!(report, DeviceReport::Connected { .. }).then_some(())).await;
}

#[tokio::test]
async fn settings_that_cannot_work_are_told() {
    let router = router(|_| {}).await;
    let good = access(&router);
    let cases = [
        (DeviceAccess { addresses: Vec::new(), ..good.clone() }, "no address is given"),
        (DeviceAccess { password: None, ..good.clone() }, "neither password nor private key"),
        (
            DeviceAccess { private_key: Some("SECRET".to_owned()), ..good.clone() },
            "the private key of user admin cannot be read",
        ),
        (DeviceAccess { device_type: "other".to_owned(), ..good.clone() }, "other is not known"),
    ];
    for (access, expected) in cases {
        let mut lab = Lab::new(quick());
        lab.drive(&access, 1, None);
        let reason = lab.until_lost().await;
        assert!(reason.contains(expected), "{reason}");
        assert!(!reason.contains("SECRET"), "{reason}");
    }
}

#[tokio::test]
async fn a_private_key_opens_the_door_too() {
    use russh::keys::ssh_key::LineEnding;
    let key = russh::keys::PrivateKey::random(&mut rand::rng(), russh::keys::Algorithm::Ed25519);
    let key = key.unwrap();
    let user = User {
        name: "robot".to_owned(),
        password: None,
        public_keys: vec![key.public_key().to_openssh().unwrap()],
    };
    let router = router(|config| config.users = vec![user]).await;
    let mut lab = Lab::new(quick());
    let access = DeviceAccess {
        username: "robot".to_owned(),
        password: None,
        private_key: Some(key.to_openssh(LineEnding::LF).unwrap().to_string()),
        ..access(&router)
    };
    lab.drive(&access, 1, None);
    let DeviceReport::Connected { .. } = lab.next().await else { panic!() };
}

#[tokio::test]
async fn a_device_that_appears_later_is_reached_then() {
    let unused = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = unused.local_addr().unwrap();
    drop(unused);
    let mut lab = Lab::new(quick());
    let there = router(|_| {}).await;
    let access = DeviceAccess {
        addresses: vec![(address.ip().to_string(), Some(address.port()))],
        ..access(&there)
    };
    lab.drive(&access, 1, Some(&interfaces(&["ge-0"], 1400)));
    let reason = lab.until_lost().await;
    assert!(reason.contains(&format!("port {}", address.port())), "{reason}");
    assert!(reason.contains("refused"), "{reason}");
    // The same reason is not told over and over.
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(lab.reports.try_recv().is_err());
    let late = router(|config| config.listen = address).await;
    lab.until_held(1).await;
    drop(there);
    // A device that is gone from one address is found at the next.
    let next = router(|_| {}).await;
    let mut two = access.clone();
    two.addresses.push(("127.0.0.1".to_owned(), Some(next.address().port())));
    lab.host_keys.forget(&DeviceName::new("r1"));
    drop(late);
    lab.drive(&two, 2, Some(&interfaces(&["ge-5"], 1400)));
    let running = lab.until_held(2).await;
    assert_eq!(next.running(), running);
}

#[tokio::test]
async fn of_many_targets_only_the_newest_is_sent() {
    let router = router(|_| {}).await;
    let mut lab = Lab::new(quick());
    lab.in_session(&router).await;
    router.set_faults(Faults { delay: Duration::from_millis(30), ..Faults::default() });
    let mut events = router.events();
    for generation in 2..=200 {
        let mtu = u16::try_from(1_000 + generation).unwrap();
        lab.drive(&access(&router), generation, Some(&interfaces(&["ge-0"], mtu)));
        if generation == 20 {
            tokio::time::sleep(Duration::from_millis(60)).await;
        }
    }
    let running = lab.until_held(200).await;
    assert_eq!(router.running(), running);
    let edits = served(&mut events).iter().filter(|one| **one == "edit-config").count();
    assert!((1..=3).contains(&edits), "{edits} edits");
}

#[tokio::test]
async fn a_busy_device_is_tried_again() {
    let router = router(|_| {}).await;
    let mut lab = Lab::new(quick());
    lab.in_session(&router).await;
    for (generation, operation, tag) in
        [(2, "lock", ErrorTag::LockDenied), (3, "commit", ErrorTag::InUse)]
    {
        let refusal = Refusal { times: Some(3), ..Refusal::always(operation, tag, "in use") };
        router.set_faults(Faults { refusals: vec![refusal], ..Faults::default() });
        let mtu = 1_400 + u16::try_from(generation).unwrap();
        lab.drive(&access(&router), generation, Some(&interfaces(&["ge-0"], mtu)));
        // Nothing is said of a device that is busy for a moment.
        let DeviceReport::Holds { generation: Some(held), .. } = lab.next().await else { panic!() };
        assert_eq!(held.0, generation);
    }
}

#[tokio::test]
async fn a_device_that_stays_busy_is_told_of_once() {
    let router = router(|_| {}).await;
    let mut lab = Lab::new(Config { busy_reported_after: Duration::from_millis(200), ..quick() });
    lab.in_session(&router).await;
    let refusal = Refusal::always("lock", ErrorTag::LockDenied, "held by the operator");
    router.set_faults(Faults { refusals: vec![refusal], ..Faults::default() });
    lab.drive(&access(&router), 2, Some(&interfaces(&["ge-0"], 1400)));
    let errors = lab.until_rejected(2).await;
    assert!(errors.contains("held by the operator"), "{errors}");
    tokio::time::sleep(Duration::from_millis(400)).await;
    assert!(lab.reports.try_recv().is_err());
    router.set_faults(Faults::default());
    lab.until_held(2).await;
}

#[tokio::test]
async fn devices_with_fewer_abilities_are_driven_too() {
    let all = Features::default();
    let cases = [
        Features { confirmed_commit: false, ..all },
        Features { validate: false, startup: false, ..all },
        Features { base_1_1: false, ..all },
        Features { yang_library: false, ..all },
        Features { candidate: false, writable_running: true, ..all },
        Features { writable_running: true, ..all },
    ];
    for features in cases {
        let schema = schema();
        let modules = modules_of(&schema);
        let startup = branch(&schema, crate::support::STARTUP);
        let model = RouterModel::new("lab-router", schema, features, modules, sources());
        let config = RouterConfig { startup, ..RouterConfig::new("r1", model) };
        let router = VirtualRouter::start(config).await.unwrap();
        let mut lab = Lab::new(quick());
        lab.drive(&access(&router), 1, Some(&interfaces(&["ge-5"], 1400)));
        let DeviceReport::Connected { facts, .. } = lab.next().await else { panic!() };
        let module = &facts.modules["lab-router"];
        assert_eq!(module.features, ["tunnels"], "{features:?}");
        let running = lab.until_held(1).await;
        assert_eq!(router.running(), running, "{features:?}");
    }
}

#[tokio::test]
async fn a_device_that_cannot_be_written_is_told_of() {
    let features = Features { candidate: false, ..Features::default() };
    let schema = schema();
    let model = RouterModel::new("lab-router", schema, features, Vec::new(), sources());
    let router = VirtualRouter::start(RouterConfig::new("r1", model)).await.unwrap();
    let mut lab = Lab::new(quick());
    lab.drive(&access(&router), 1, Some(&interfaces(&["ge-5"], 1400)));
    let reason = lab.until_lost().await;
    assert!(reason.contains("neither :candidate nor :writable-running"), "{reason}");
}

#[tokio::test]
async fn a_released_device_is_left_as_it_is() {
    let router = router(|_| {}).await;
    let mut lab = Lab::new(quick());
    lab.drive(&access(&router), 1, Some(&interfaces(&["ge-0"], 1400)));
    let running = lab.until_held(1).await;
    lab.southbound.release(&DeviceName::new("r1"));
    assert_eq!(lab.southbound.device_count(), 0);
    wait(|| router.session_count() == 0).await;
    assert_eq!(router.running(), running);
    // It may come back.
    lab.drive(&access(&router), 2, Some(&interfaces(&["ge-1"], 1400)));
    lab.until_held(2).await;
}

fn served(events: &mut tokio::sync::broadcast::Receiver<Event>) -> Vec<&'static str> {
    let mut operations = Vec::new();
    while let Ok(event) = events.try_recv() {
        if let Event::Served { operation, .. } = event {
            operations.push(operation);
        }
    }
    operations
}

async fn wait(mut done: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(10);
    while !done() {
        assert!(Instant::now() < deadline, "not within 10 s");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// A wire that can be cut without either end being told.
async fn wire_to(
    router: &VirtualRouter,
) -> (std::net::SocketAddr, tokio::sync::watch::Sender<bool>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (address, there) = (listener.local_addr().unwrap(), router.address());
    let (whole, is_whole) = tokio::sync::watch::channel(true);
    tokio::spawn(async move {
        while let Ok((mut near, _)) = listener.accept().await {
            let mut far = tokio::net::TcpStream::connect(there).await.unwrap();
            let mut is_whole = is_whole.clone();
            tokio::spawn(async move {
                tokio::select! {
                    _ = tokio::io::copy_bidirectional(&mut near, &mut far) => {}
                    () = async { drop(is_whole.wait_for(|is_whole| !is_whole).await) } => {
                        // Both ends stay open and hear nothing more.
                        std::future::pending::<()>().await;
                    }
                }
            });
        }
    });
    (address, whole)
}

#[tokio::test]
async fn a_device_that_falls_silent_is_missed() {
    let router = router(|_| {}).await;
    let (address, wire) = wire_to(&router).await;
    let interval = Duration::from_millis(100);
    let mut lab = Lab::new(Config { keepalive_interval: interval, ..quick() });
    let access = DeviceAccess {
        addresses: vec![(address.ip().to_string(), Some(address.port()))],
        ..access(&router)
    };
    lab.drive(&access, 1, None);
    lab.until(|report| matches!(report, DeviceReport::Holds { .. }).then_some(())).await;
    // A quiet device answers for itself, and is not missed.
    tokio::time::sleep(10 * interval).await;
    assert!(lab.reports.try_recv().is_err());
    let began = Instant::now();
    wire.send_replace(false);
    lab.until_lost().await;
    assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
    wire.send_replace(true);
    lab.until(|report| matches!(report, DeviceReport::Connected { .. }).then_some(())).await;
}
