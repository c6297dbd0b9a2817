//! What is new: waiting for it, and what commits changed on devices.

use std::time::{Duration, Instant};

use serde_json::Value;

use crate::client::{Ask, JSON};
use crate::world::{SECRET, Settings, World};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn news_come_when_there_are_some() {
    let world = World::with_routers().await;
    let now = world.get("/api/v1/news").await.expect(200).json();
    assert_eq!((&now["generation"], &now["alive"]), (&world.generation().into(), &true.into()));
    assert_eq!(now["by_status"], serde_json::json!({ "in-sync": 2 }));
    let since = format!("/api/v1/news?since={}", now["moment"].as_str().unwrap());
    let waiting = tokio::spawn(world.ask("GET", &since).send());
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(!waiting.is_finished(), "nothing is new");
    world.load(r#"{"shop:note":"x"}"#).await.expect(204);
    let mut news = waiting.await.unwrap().expect(200).json();
    assert_ne!(news["moment"], now["moment"]);
    // The request itself may be told of before what it did.
    while news["generation"] != world.generation() {
        let since = format!("/api/v1/news?since={}", news["moment"].as_str().unwrap());
        news = world.get(&since).await.expect(200).json();
    }
    world.get("/api/v1/news?since=1-of-another-run").await.expect(200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_stops_keeps_nobody_waiting() {
    let mut world = World::with_routers().await;
    let now = world.get("/api/v1/news").await.expect(200).json();
    let since = format!("/api/v1/news?since={}", now["moment"].as_str().unwrap());
    let waiting = tokio::spawn(world.ask("GET", &since).send());
    tokio::time::sleep(Duration::from_millis(100)).await;
    let start = Instant::now();
    world.server.take().unwrap().shutdown().await;
    waiting.await.unwrap().expect(200);
    assert!(start.elapsed() < Duration::from_secs(4), "{:?}", start.elapsed());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_end_of_the_controller_is_news() {
    let mut world = World::with_routers().await;
    let now = world.get("/api/v1/news").await.expect(200).json();
    let since = format!("/api/v1/news?since={}", now["moment"].as_str().unwrap());
    let waiting = tokio::spawn(world.ask("GET", &since).send());
    world.stop_controller().await;
    let mut news = waiting.await.unwrap().expect(200).json();
    while news["alive"] != false {
        let since = format!("/api/v1/news?since={}", news["moment"].as_str().unwrap());
        news = world.get(&since).await.expect(200).json();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_tells_what_it_changed_on_devices() {
    let world = World::with_routers().await;
    let changed = r#"{"shop:shop":{"router":[{"name":"b","id":7}]}}"#;
    world.load(changed).await.expect(204);
    let generation = world.generation();
    let told = changes(&world, generation).await;
    assert_eq!((&told["kept"], &told["first"]), (&true.into(), &generation.into()), "{told}");
    let devices = told["devices"].as_array().unwrap();
    assert_eq!(devices.len(), 1, "only what changed: {told}");
    assert_eq!((&devices[0]["name"], &devices[0]["type"]), (&"b".into(), &"box".into()));
    let diff = devices[0]["diff"].as_str().unwrap();
    assert_eq!(diff, "~ /box:system/address: 10.0.0.2 -> 10.0.0.7\n");

    world.load(r#"{"shop:note":"no device knows of it"}"#).await.expect(204);
    assert_eq!(changes(&world, world.generation()).await["devices"], Value::Array(Vec::new()));
    assert_eq!(changes(&world, generation).await, told, "history stays");

    world.delete("/restconf/data/shop:shop/router=a").await.expect(204);
    let told = changes(&world, world.generation()).await;
    assert_eq!(told["devices"][0]["name"], "a");
    assert_eq!(told["devices"][0]["removed"], true);
    for unknown in ["0", "999", "x", "-1"] {
        world.get(&format!("/api/v1/commits/{unknown}/devices")).await.expect(404);
    }
}

/// The controller's views come to the listener a moment after the reply to a commit.
async fn changes(world: &World, generation: u64) -> Value {
    let path = format!("/api/v1/commits/{generation}/devices");
    for _ in 0..200 {
        let told = world.get(&path).await.expect(200).json();
        if told["kept"] == true {
            return told;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("generation {generation} is not kept");
}

/// A large body takes its time on a thread of its own: others are served meanwhile, even when
/// there is but one thread to serve them.
#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_large_body_keeps_nobody_waiting() {
    let world = World::with(Settings::default()).await;
    let rules: Vec<String> =
        (0..60_000).map(|number| format!(r#"{{"name":"rule-{number}","action":"no"}}"#)).collect();
    let large = format!(r#"{{"shop:shop":{{"rule":[{}]}}}}"#, rules.join(","));
    assert!(large.len() > 1 << 20);
    let ask = Ask::new(world.address, "PATCH", "/restconf/data?dry-run");
    let ask = ask.header("Authorization", &format!("Bearer {SECRET}")).body(JSON, large);
    let writing = tokio::spawn(ask.send());
    let mut served = 0;
    while !writing.is_finished() {
        world.get("/api/v1/health").await.expect(200);
        served += 1;
    }
    writing.await.unwrap().expect(200);
    assert!(served > 2, "served {served} meanwhile");
}
