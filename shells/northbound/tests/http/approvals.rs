//! Changes that wait for approval.

use std::time::Duration;

use orchestrator::Permission;
use serde_json::{Value, json};

use crate::client::{Answer, JSON};
use crate::world::World;

const SHOP: &str = "/restconf/data/shop:shop";

/// A router in session that waits for approval.
async fn waiting() -> (World, Value) {
    let world = World::new().await;
    let router = r#"{"shop:router":[{"name":"r","id":1,"simulated":false,"guarded":true}]}"#;
    let ask = world.ask("POST", SHOP).header("Async", "true").body(JSON, router);
    ask.send().await.expect(201);
    world.connects("r").await;
    world.driven_to(|target| target.target.is_some()).await;
    world.holds_nothing("r").await;
    let item = world.item().await;
    (world, item)
}

impl World {
    /// What waits, once something does.
    async fn item(&self) -> Value {
        for _ in 0..2000 {
            let queue = self.get("/config-queue").await.expect(200).json();
            if queue["devices"][0]["device_id"] == "r" {
                assert_eq!(queue["devices"][0]["pending_count"], 1);
                return queue["devices"][0]["items"][0].clone();
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        panic!("nothing waits");
    }

    async fn decide(&self, item: &Value, txid: &str, approved: bool) -> Answer {
        let path = format!("/device/r/q/{}/set_approval", item["queue_id"].as_str().unwrap());
        let body = json!({ "device_txid": txid, "approved": approved }).to_string();
        self.ask("POST", &path).body("application/json", body.as_str()).send().await
    }

    async fn status(&self) -> String {
        let device = self.get("/api/v1/devices/r").await.expect(200).json();
        device["status"].as_str().unwrap().to_owned()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_is_shown_and_made_when_approved() {
    let (world, item) = waiting().await;
    assert_eq!((&item["queue_id"], &item["tid"]), (&json!("2"), &json!("2")));
    assert_eq!(item["approved"], "null");
    let txid = item["device_txid"].as_str().unwrap();
    assert_eq!(world.get("/device/r/q").await.json()["2"]["tid"], "2");
    let shown = world.get("/device/r/q/2").await.expect(200).json();
    assert_eq!((&shown["tid"], &shown["format"]), (&json!("2"), &json!("xml")));
    assert_eq!(shown["device_txid"], txid);
    assert!(shown["config_diff"].as_str().unwrap().contains("<host>r</host>"), "{shown}");
    let info = world.get("/device/r/info").await.json();
    assert_eq!((&info["pending_approvals"], &info["approval_required"]), (&json!(1), &json!(true)));
    assert_eq!(world.status().await, "awaiting-approval");
    let metrics = world.get("/metrics").await.body;
    assert!(metrics.contains("weft_devices{status=\"awaiting-approval\"} 1"), "{metrics}");

    let done = world.decide(&item, txid, true).await.expect(200).json();
    assert_eq!(done, json!({ "status": "ok", "approved": true }));
    let target = world.driven_to(|one| one.permission != Permission::Hold).await;
    assert_eq!(target.permission, Permission::If(txid.into()));
    assert_eq!(world.get("/device/r/q").await.json()["2"]["approved"], "True");
    world.takes(&target).await;
    while world.status().await != "in-sync" {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert_eq!(world.get("/config-queue").await.json(), json!({ "devices": [] }));
    let commit = world.get("/api/v1/commits/3").await.expect(200).json();
    assert_eq!((&commit["kind"], &commit["author"]), (&json!("approval"), &json!("ada")));
    assert_eq!(commit["approval"]["device_txid"], txid);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_wrong_is_refused_and_decides_nothing() {
    let (world, item) = waiting().await;
    let txid = item["device_txid"].as_str().unwrap();
    let wrong = world.decide(&item, "abc", true).await.expect(400);
    let message = wrong.error("error-message");
    assert!(message.contains(txid) && message.contains("2 does"), "{message}");
    for number in ["1", "3", "x"] {
        world.decide(&json!({ "queue_id": number }), txid, true).await.expect(400);
    }
    world.get("/device/r/q/3").await.expect(404);
    for body in ["", "{}", "[]", r#"{"device_txid":"x","approved":"yes"}"#] {
        let ask = world.ask("POST", "/device/r/q/2/set_approval");
        ask.body("application/json", body).send().await.expect(400);
    }
    let body = r#"{"device_txid":"x","approved":true}"#;
    let ask = world.ask("POST", "/device/nobody/q/2/set_approval");
    ask.body("application/json", body).send().await.expect(404);
    assert_eq!(world.status().await, "awaiting-approval");
    assert_eq!(world.generation(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_waits_is_told_of_a_rejection() {
    let (world, _) = waiting().await;
    let change = r#"{"shop:id":7}"#;
    let put =
        tokio::spawn(world.ask("PUT", &format!("{SHOP}/router=r/id")).body(JSON, change).send());
    let item = loop {
        let item = world.item().await;
        if item["queue_id"] == "3" {
            break item;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    };
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert!(!put.is_finished(), "nobody has decided yet");
    let txid = item["device_txid"].as_str().unwrap();
    let done = world.decide(&item, txid, false).await.expect(200).json();
    assert_eq!(done["approved"], false);
    let answer = put.await.unwrap().expect(204);
    assert_eq!(answer.header("weft-devices"), Some("rejected=r"));
    let device = world.get("/api/v1/devices/r").await.json();
    assert_eq!(device["detail"], "rejected by ada");
    assert_eq!(world.get("/device/r/q").await.body, "{}");
    world.decide(&item, txid, true).await.expect(400);
}
