//! Writes that wait for devices, or do not.

use std::time::{Duration, Instant};

use northbound::Limits;

use crate::client::JSON;
use crate::world::{Settings, World};

const SHOP: &str = "/restconf/data/shop:shop";
const REAL: &str = r#"{"shop:router":[{"name":"r","id":1,"simulated":false}]}"#;

async fn patient(devices_patience: Duration) -> World {
    let limits = Limits { devices_patience, ..Limits::default() };
    World::with(Settings { limits, ..Settings::default() }).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_write_is_answered_when_its_device_holds_the_target() {
    let world = patient(Duration::from_secs(60)).await;
    let post = tokio::spawn(world.ask("POST", SHOP).body(JSON, REAL).send());
    world.driven_to(|target| target.target.is_none()).await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert!(!post.is_finished(), "nobody has seen the device yet");
    world.connects("r").await;
    let target = world.driven_to(|target| target.target.is_some()).await;
    assert!(!post.is_finished(), "the device has not taken its target yet");
    world.takes(&target).await;
    let answer = post.await.unwrap().expect(201);
    assert_eq!(answer.header("weft-devices"), None);
    assert_eq!(answer.header("weft-generation"), Some("1"));
    assert_eq!(world.generation(), 2, "the modules of the device are a commit of their own");
    let facts = world.get("/api/v1/commits/2").await.json();
    assert_eq!(facts["kind"], "facts");
    assert!(facts["facts"].as_str().unwrap().starts_with("r is of type box"), "{facts}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn patience_ends_and_what_is_pending_is_named() {
    let world = patient(Duration::from_millis(200)).await;
    let started = Instant::now();
    let answer = world.send("POST", SHOP, REAL).await.expect(201);
    assert!(started.elapsed() >= Duration::from_millis(200));
    assert_eq!(answer.header("weft-devices"), Some("pending=r"));
    let status = world.get("/api/v1/devices/r").await.json();
    assert_eq!(status["status"], "disconnected");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_device_that_refuses_ends_the_wait() {
    let world = patient(Duration::from_secs(60)).await;
    let post = tokio::spawn(world.ask("POST", SHOP).body(JSON, REAL).send());
    world.driven_to(|target| target.target.is_none()).await;
    world.connects("r").await;
    let target = world.driven_to(|target| target.target.is_some()).await;
    world.refuses("r", target.generation).await;
    let answer = post.await.unwrap().expect(201);
    assert_eq!(answer.header("weft-devices"), Some("rejected=r"));
    let status = world.get("/api/v1/devices/r").await.json();
    assert_eq!(
        (status["status"].as_str(), status["detail"].as_str()),
        (Some("rejected"), Some("no such port"))
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_does_not_want_to_wait_does_not() {
    let world = patient(Duration::from_secs(60)).await;
    let started = Instant::now();
    let ask = world.ask("POST", SHOP).header("Async", "true").body(JSON, REAL);
    let answer = ask.send().await.expect(201);
    assert_eq!(answer.header("weft-devices"), None);
    let id = |query: &'static str| world.ask("PUT", query);
    let path = "/restconf/data/shop:shop/router=r/id?async=true";
    id(path).body(JSON, r#"{"shop:id":2}"#).send().await.expect(204);
    let path = "/restconf/data/shop:shop/router=r/id";
    let ask = id(path).header("Prefer", "respond-async").body(JSON, r#"{"shop:id":3}"#);
    ask.send().await.expect(204);
    assert!(started.elapsed() < Duration::from_secs(30));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_concerned_devices_are_waited_for() {
    let world = patient(Duration::from_secs(60)).await;
    world.ask("POST", SHOP).header("Async", "true").body(JSON, REAL).send().await.expect(201);
    let started = Instant::now();
    let other = r#"{"shop:router":[{"name":"s","id":2}]}"#;
    world.send("POST", SHOP, other).await.expect(201);
    world.load(r#"{"shop:note":"x"}"#).await.expect(204);
    assert!(started.elapsed() < Duration::from_secs(30));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_stops_answers_who_waits() {
    let world = patient(Duration::from_secs(60)).await;
    let post = tokio::spawn(world.ask("POST", SHOP).body(JSON, REAL).send());
    world.driven_to(|_| true).await;
    let address = world.address;
    let store = world.stop().await;
    let answer = post.await.unwrap().expect(201);
    assert_eq!(answer.header("weft-devices"), Some("pending=r"));
    assert_eq!(store.head().generation, 1);
    assert!(tokio::net::TcpStream::connect(address).await.is_err(), "nobody listens any more");
}
