//! What is refused, and that nothing has changed then.

use std::time::Duration;

use northbound::Limits;

use crate::client::{JSON, XML, raw};
use crate::world::{SECRET, Settings, World};

const SHOP: &str = "/restconf/data/shop:shop";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bad_bodies_are_refused_with_all_that_is_wrong() {
    let world = World::with_routers().await;
    let deep = format!("{}1{}", "{\"a\":".repeat(3000), "}".repeat(3000));
    let deep_xml = format!("{}{}", "<a>".repeat(3000), "</a>".repeat(3000));
    let cases: [(&str, &str, u16, &str, usize); 17] = [
        (JSON, "{", 400, "malformed-message", 1),
        (JSON, "", 400, "malformed-message", 1),
        (JSON, "[]", 400, "malformed-message", 1),
        (JSON, r#"{"shop:shop":{"router":[{"name":"x","id":"many"}]}}"#, 400, "invalid-value", 1),
        (
            JSON,
            r#"{"shop:shop":{"router":[{"name":"x","id":1,"x":1}],"y":2}}"#,
            400,
            "unknown-element",
            2,
        ),
        (JSON, r#"{"shop:shop":{"router":[{"id":1}]}}"#, 400, "missing-element", 1),
        (JSON, r#"{"shop:shop":{"router":[{"name":"","id":1}]}}"#, 400, "missing-element", 2),
        (JSON, r#"{"shop:shop":{"limit":101,"price":"a"}}"#, 400, "invalid-value", 2),
        (JSON, r#"{"other:shop":{}}"#, 400, "unknown-namespace", 1),
        (JSON, r#"{"shop:shop":{"rule":[{"name":"a"},{"name":"a"}]}}"#, 400, "bad-element", 1),
        (JSON, r#"{"ietf-yang-library:yang-library":{}}"#, 400, "unknown-namespace", 1),
        (JSON, &deep, 400, "unknown-namespace", 1),
        (XML, "<shop", 400, "malformed-message", 1),
        (XML, "<shop xmlns=\"urn:shop\"><rule/></shop", 400, "missing-element", 2),
        (
            XML,
            "<!DOCTYPE a [<!ENTITY b \"c\">]><shop xmlns=\"urn:shop\">&b;</shop>",
            400,
            "malformed-message",
            1,
        ),
        (XML, "<shop xmlns=\"urn:other\"/>", 400, "unknown-namespace", 1),
        (XML, &deep_xml, 400, "unknown-namespace", 1),
    ];
    let before = (world.generation(), world.get("/restconf/data").await.body);
    for (media, body, status, tag, count) in cases {
        let answer = world.ask("PATCH", "/restconf/data").body(media, body).send().await;
        let shown = &body[..body.len().min(80)];
        assert_eq!(answer.status, status, "{shown}: {}", answer.body);
        assert_eq!(answer.error("error-tag"), tag, "{shown}: {}", answer.body);
        assert!(answer.errors() >= count, "{shown}: {}", answer.body);
    }
    assert_eq!((world.generation(), world.get("/restconf/data").await.body), before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bytes_that_are_no_text_and_kinds_that_are_not_read_are_refused() {
    let world = World::with_routers().await;
    let ask = || world.ask("PATCH", "/restconf/data");
    ask().body(JSON, b"\xff\xfe".to_vec()).send().await.expect(400);
    let form = ask().body("application/x-www-form-urlencoded", "a=b").send().await.expect(415);
    assert!(form.header("accept-patch").unwrap().contains("yang-data+json"));
    ask().send().await.expect(415);
    let patch = "application/yang-patch+json";
    world.ask("PUT", SHOP).body(patch, "{}").send().await.expect(415);
    ask().body(JSON, "{}").header("Accept", XML).send().await.expect(204);
    let xml = ask().body(JSON, "{").header("Accept", XML).send().await.expect(400);
    assert_eq!(xml.header("content-type"), Some(XML));
    assert!(xml.body.contains("<error-tag>malformed-message</error-tag>"), "{}", xml.body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn large_and_slow_bodies_are_cut_off() {
    let limits = Limits {
        body_bytes_max: 10_000,
        body_patience: Duration::from_millis(300),
        ..Limits::default()
    };
    let world = World::with(Settings { limits, ..Settings::default() }).await;
    let large = format!(r#"{{"shop:note":"{}"}}"#, "x".repeat(10_000));
    let refused = world.load(&large).await.expect(413);
    assert_eq!(refused.error("error-tag"), "too-big");
    let head = format!(
        "PATCH /restconf/data HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {SECRET}\r\n\
         Content-Type: {JSON}\r\nContent-Length: 100\r\nConnection: close\r\n\r\n{{"
    );
    let slow = raw(world.address, head.as_bytes()).await.expect(408);
    assert_eq!(slow.error("error-type"), "protocol");
    assert_eq!(world.generation(), 0);
    world.load(r#"{"shop:note":"x"}"#).await.expect(204);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_models_rules_are_told_with_their_words() {
    let world = World::with_routers().await;
    let before = world.generation();
    let must = world.send("PUT", &format!("{SHOP}/limit"), r#"{"shop:limit":5}"#).await.expect(422);
    assert_eq!(must.error("error-message"), "say why");
    assert_eq!(must.error("error-app-tag"), "must-violation");
    assert_eq!(must.error("error-path"), "/shop:shop/limit");
    let cable = r#"{"shop:cable":[{"left":"nobody","right":"b"}]}"#;
    let both = world.send("POST", SHOP, cable).await.expect(409);
    assert_eq!(both.errors(), 2, "{}", both.body);
    assert_eq!(both.error("error-tag"), "data-missing");
    assert_eq!(world.generation(), before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_owners_who_disagree_are_both_named() {
    let world = World::with_routers().await;
    let cable = |right: &str, label: &str| {
        let entry = format!(r#""left":"a","right":"{right}","port":"p0","label":"{label}""#);
        format!(r#"{{"shop:cable":[{{{entry}}}]}}"#)
    };
    world.send("POST", SHOP, &cable("b", "red")).await.expect(201);
    let before = (world.generation(), world.get("/layer/1").await.body);
    let conflict = world.send("POST", SHOP, &cable("c", "blue")).await.expect(409);
    assert_eq!(conflict.error("error-app-tag"), "conflict");
    let info = &conflict.json()["ietf-restconf:errors"]["error"][0]["error-info"];
    let owners = info["weft:owner"].to_string();
    assert!(owners.contains("cable[left='a'][right='b']"), "{owners}");
    assert!(owners.contains("cable[left='a'][right='c']"), "{owners}");
    let values = info["weft:value"].to_string();
    assert!(values.contains("red") && values.contains("blue"), "{values}");
    assert_eq!((world.generation(), world.get("/layer/1").await.body), before);
    world.send("POST", SHOP, &cable("c", "red")).await.expect(201);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn transforms_that_refuse_panic_or_meet_an_unknown_type_change_nothing() {
    let world = World::with_routers().await;
    let before = world.generation();
    let router = |id: u8| format!(r#"{{"shop:router":[{{"name":"x","id":{id}}}]}}"#);
    let refused = world.send("POST", SHOP, &router(13)).await.expect(422);
    assert_eq!(refused.error("error-tag"), "operation-failed");
    assert_eq!(refused.error("error-path"), "/shop:shop/router[name='x']");
    assert!(refused.error("error-message").contains("bad luck"), "{}", refused.body);
    let bug = world.send("POST", SHOP, &router(66)).await.expect(500);
    assert_eq!(bug.error("error-app-tag"), "panicked");
    let unknown = world.send("POST", SHOP, &router(99)).await.expect(422);
    assert!(unknown.error("error-message").contains("known are box"), "{}", unknown.body);
    assert_eq!(world.generation(), before);
    world.send("POST", SHOP, &router(14)).await.expect(201);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_is_told_and_nothing_has_changed() {
    let quota = Some(200_000);
    let world = World::with(Settings { database_bytes_max: quota, ..Settings::default() }).await;
    let mut refused = None;
    for at in 0..200 {
        let note = format!(r#"{{"shop:note":"{at}{}"}}"#, "x".repeat(20_000));
        let before = world.generation();
        let answer = world.load(&note).await;
        if answer.status != 204 {
            assert_eq!(world.generation(), before);
            refused = Some(answer);
            break;
        }
    }
    let refused = refused.expect("the quota is reached").expect(507);
    assert_eq!(refused.error("error-tag"), "resource-denied");
    world.get("/restconf/data/shop:note").await.expect(200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_busy_or_stopped_controller_says_so() {
    let settings = Settings { pending_commits_max: 0, ..Settings::default() };
    let mut world = World::with(settings).await;
    let busy = world.load(r#"{"shop:note":"x"}"#).await.expect(503);
    assert_eq!(busy.header("retry-after"), Some("1"));
    world.get("/api/v1/health").await.expect(200);
    world.stop_controller().await;
    world.load(r#"{"shop:note":"x"}"#).await.expect(503);
    world.get("/api/v1/health").await.expect(503);
    world.get("/restconf/data").await.expect(200);
}
