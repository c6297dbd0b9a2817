//! `/layer` and `/device`.

use crate::client::XML;
use crate::world::World;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn layers_come_by_index_and_format() {
    let world = World::with_routers().await;
    let top = world.get("/layer/0").await.expect(200).json();
    assert_eq!(top["shop:shop"]["router"][1]["name"], "b");
    let low = world.get_xml("/layer/1").await.expect(200);
    assert_eq!(low.header("content-type"), Some(XML));
    assert!(low.body.contains("<address>10.0.0.1</address>"), "{}", low.body);
    let devices = world.get("/layer/2").await.expect(200).json();
    let first = &devices["stratoweave-device:devices"]["device"][0];
    assert_eq!(first["name"], "a");
    assert_eq!(first["config"]["box:system"]["address"], "10.0.0.1");
    assert_eq!(first["modset_id"].as_str().map(str::len), Some(16));
    let xml = world.get("/layer/2?format=xml").await.expect(200).body;
    assert!(
        xml.contains("<devices xmlns=\"http://stratoweave.org/yang/stratoweave-device.yang\">")
    );
    assert!(xml.contains("<system xmlns=\"urn:box\">"), "{xml}");
    for index in ["3", "-1", "x", "99999999999999999999"] {
        let unknown = world.get(&format!("/layer/{index}")).await.expect(404);
        assert!(unknown.error("error-message").starts_with("Unknown layer"));
    }
    world.ask("GET", "/layer/0").header("Accept", "text/html").send().await.expect(406);
    world.get("/layer/0?format=yaml").await.expect(400);
    world.ask("POST", "/layer/0").send().await.expect(405);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_device_is_shown_from_all_sides() {
    let world = World::with_routers().await;
    assert_eq!(world.get("/device").await.expect(200).body, r#"{"devices":["a","b"]}"#);
    let info = world.get("/device/a/info").await.expect(200).json();
    assert_eq!(info["type"], "box");
    assert_eq!(info["username"], "admin");
    assert_eq!(info["has_running_config"], true);
    assert_eq!(info["queue_length"], 0);
    assert_eq!(info["modules"][0]["name"], "box");
    assert!(!info.to_string().contains("password"));
    let capabilities = world.get("/device/a/capabilities").await.expect(200).json();
    assert_eq!(capabilities["capabilities"][0], "urn:box?module=box&revision=2025-05-05");
    let modules = world.get("/device/a/modules").await.expect(200).json();
    assert_eq!(modules["modules"][0]["namespace"], "urn:box");
    let target = world.get("/device/a/target").await.expect(200).json();
    assert_eq!(target["box:system"]["host"], "a");
    let xml = world.get("/device/a/running?format=xml").await.expect(200).body;
    assert!(xml.starts_with("<config>\n<system xmlns=\"urn:box\">"), "{xml}");
    let text = world.get("/device/a/target?format=text").await.expect(200).body;
    assert_eq!(text, "/box:system/host = a\n/box:system/address = 10.0.0.1\n");
    let same = world.get("/device/a/diff").await.expect(200).body;
    assert_eq!(same, "# No differences\n");
    assert_eq!(world.get("/device/a/q").await.expect(200).body, "{}");
    world.get("/device/a/q/1").await.expect(404);
    let log = world.get("/device/a/log?format=xml").await.expect(200).body;
    assert!(log.contains("<event>a &lt;up&gt;</event>"), "{log}");
    let log = world.get("/device/a/log?format=json").await.expect(200).json();
    assert_eq!(log["log"][0]["event"], "a <up>");
    let log = world.get("/device/a/log?format=text").await.expect(200).body;
    assert_eq!(log, "Sun, 06 Nov 1994 08:49:37 GMT  a <up>\n");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_known_is_said() {
    let world = World::with_routers().await;
    for part in ["info", "target", "running", "diff", "log", "q", "q/1", "modules"] {
        let unknown = world.get(&format!("/device/A/{part}")).await.expect(404);
        assert_eq!(unknown.error("error-message"), "there is no device 'A'", "{part}");
    }
    world.get("/device/a/colour").await.expect(404);
    world.get("/device/a/target?format=yaml").await.expect(400);
    let new = r#"{"shop:router":[{"name":"n","id":3,"simulated":false}]}"#;
    let ask = world.ask("POST", "/restconf/data/shop:shop?async");
    ask.body(crate::client::JSON, new).send().await.expect(201);
    let none = "# No running configuration available\n";
    assert_eq!(world.get("/device/n/running").await.expect(200).body, none);
    let none = "# No target configuration available\n";
    assert_eq!(world.get("/device/n/target?format=xml").await.expect(200).body, none);
    let queue = world.get("/device/n/q").await.expect(200).json();
    assert_eq!(queue[world.generation().to_string()]["tid"], world.generation().to_string());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_resynchronisation_is_posted() {
    let world = World::with_routers().await;
    let done = world.ask("POST", "/device/a/resync").send().await.expect(200);
    assert_eq!(done.json()["message"], "Resync initiated");
    let get = world.get("/device/a/resync").await.expect(405);
    assert_eq!(get.header("allow"), Some("POST"));
    assert!(get.error("error-message").contains("POST"));
    world.ask("POST", "/device/x/resync").send().await.expect(404);
    world.load(r#"{"shop:shop":{"router":[{"name":"deaf","id":9}]}}"#).await.expect(204);
    world.ask("POST", "/device/deaf/resync").send().await.expect(409);
}
