//! Dry runs: the same as what follows, and nothing changes.

use crate::client::{JSON, XML};
use crate::world::World;

const SHOP: &str = "/restconf/data/shop:shop";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_method_can_be_tried() {
    let world = World::with_routers().await;
    let before = (world.generation(), world.get("/layer/2").await.body);
    let router = r#"{"shop:router":[{"name":"c","id":3}]}"#;
    let new = r#"{"shop:shop":{"router":[{"name":"b","id":22}]}}"#;
    let id = r#"{"shop:id":7}"#;
    let cases = [
        ("POST", SHOP.to_owned(), router, "# c (box)\n+ /box:system/host = c\n"),
        ("PUT", format!("{SHOP}/router=c"), router, "# c (box)\n+ /box:system/host = c\n"),
        ("PUT", "/restconf/data".to_owned(), new, "# a (box, no longer)\n- /box:system/host = a\n"),
        ("PATCH", "/restconf/data".to_owned(), new, "~ /box:system/address: 10.0.0.2 -> 10.0.0.22"),
        ("PUT", format!("{SHOP}/router=a/id"), id, "~ /box:system/address: 10.0.0.1 -> 10.0.0.7"),
        (
            "DELETE",
            format!("{SHOP}/router=b"),
            "",
            "# b (box, no longer)\n- /box:system/host = b\n",
        ),
    ];
    for (method, path, body, expected) in cases {
        let ask = world.ask(method, &format!("{path}?dry-run=text")).body(JSON, body);
        let told = ask.send().await.expect(200);
        assert!(told.body.contains(expected), "{method} {path}: {}", told.body);
        assert!(told.body.contains("recomputed:\n#   layer 0 Router"), "{}", told.body);
        assert_eq!((world.generation(), world.get("/layer/2").await.body), before);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_is_told_in_json_xml_and_text() {
    let world = World::with_routers().await;
    let path = format!("{SHOP}/router=a/id");
    let put = |query: &str, accept: &str| {
        let ask = world.ask("PUT", &format!("{path}?{query}")).header("Accept", accept);
        ask.body(JSON, r#"{"shop:id":7}"#).send()
    };
    let json = put("dry-run", "*/*").await.expect(200).json();
    let told = &json["weft:dry-run"];
    assert_eq!(told["base-generation"], world.generation());
    let change = &told["device"][0]["changes"][0];
    assert_eq!(told["device"][0]["name"], "a");
    assert_eq!(change["path"], "/box:system/address");
    assert_eq!((&change["old"], &change["new"]), (&"10.0.0.1".into(), &"10.0.0.7".into()));
    let runs: Vec<_> =
        told["run"].as_array().unwrap().iter().map(|run| &run["transform"]).collect();
    assert_eq!(runs, ["Router", "Base"], "and nothing of router b");
    let xml = put("dry-run", XML).await.expect(200);
    assert_eq!(xml.header("content-type"), Some(XML));
    assert!(xml.body.contains("<device><name>a</name><device-type>box</device-type><config "));
    assert!(xml.body.contains("<address>10.0.0.7</address>"), "{}", xml.body);
    assert_eq!(put("dry-run=xml", "*/*").await.expect(200).body, xml.body);
    put("dry-run=text", XML).await.expect(200);
    put("dry-run=yaml", "*/*").await.expect(400);
    put("dry-run=false", "*/*").await.expect(204);
    assert_eq!(world.get(&path).await.body, r#"{"shop:id":7}"#);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_would_be_refused_is_refused() {
    let world = World::with_routers().await;
    let bad = r#"{"shop:router":[{"name":"x","id":13}]}"#;
    let post = world.send("POST", &format!("{SHOP}?dry-run"), bad).await.expect(422);
    assert_eq!(post.error("error-app-tag"), "invalid");
    world.delete(&format!("{SHOP}/router=x?dry-run")).await.expect(404);
    let patch = r#"{"ietf-yang-patch:yang-patch":{"patch-id":"p","edit":[{"edit-id":"1",
        "operation":"replace","target":"/router=a/id","value":{"shop:id":8}}]}}"#;
    let ask = world.ask("PATCH", &format!("{SHOP}?dry-run=text"));
    let told = ask.body("application/yang-patch+json", patch).send().await.expect(200);
    assert!(told.body.contains("10.0.0.1 -> 10.0.0.8"), "{}", told.body);
    let nothing = world.send("PATCH", "/restconf/data?dry-run=text", "{}").await.expect(200);
    assert!(nothing.body.starts_with("# No device changes\n"), "{}", nothing.body);
}
