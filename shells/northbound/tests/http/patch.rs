//! YANG Patch.

use crate::world::World;

const JSON_PATCH: &str = "application/yang-patch+json";
const XML_PATCH: &str = "application/yang-patch+xml";
const SHOP: &str = "/restconf/data/shop:shop";

fn patch(edits: &str) -> String {
    format!(r#"{{"ietf-yang-patch:yang-patch":{{"patch-id":"p1","edit":[{edits}]}}}}"#)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn edits_are_applied_in_order_as_one_commit() {
    let world = World::with_routers().await;
    let before = world.generation();
    let body = patch(
        r#"{"edit-id":"1","operation":"create","target":"/router=c","value":{"shop:router":[
            {"name":"c","id":3}]}},
        {"edit-id":"2","operation":"merge","target":"/router=c","value":{"shop:router":[
            {"name":"c","role":"core"}]}},
        {"edit-id":"3","operation":"delete","target":"/router=a"},
        {"edit-id":"4","operation":"remove","target":"/router=nobody"},
        {"edit-id":"5","operation":"replace","target":"/router=b/id","value":{"shop:id":22}},
        {"edit-id":"6","operation":"insert","target":"/rule=y","where":"first",
            "value":{"shop:rule":[{"name":"y"}]}},
        {"edit-id":"7","operation":"insert","target":"/rule=x","where":"before",
            "point":"/shop:shop/rule=y","value":{"shop:rule":[{"name":"x"}]}},
        {"edit-id":"8","operation":"move","target":"/rule=x","where":"last"}"#,
    );
    let done = world.ask("PATCH", SHOP).body(JSON_PATCH, body).send().await.expect(200);
    assert_eq!(done.body, r#"{"ietf-yang-patch:yang-patch-status":{"ok":[null],"patch-id":"p1"}}"#);
    assert_eq!(world.generation(), before + 1);
    let read = world.get(SHOP).await.body;
    let routers = r#"[{"name":"b","id":22},{"name":"c","id":3,"role":"core"}]"#;
    let rules = r#"[{"name":"y"},{"name":"x"}]"#;
    assert_eq!(read, format!(r#"{{"shop:shop":{{"router":{routers},"rule":{rules}}}}}"#));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_edit_that_fails_undoes_all() {
    let world = World::with_routers().await;
    let before = (world.generation(), world.get(SHOP).await.body);
    let good = r#"{"edit-id":"g","operation":"delete","target":"/router=b"}"#;
    let router = r#"{"shop:router":[{"name":"a","id":1}]}"#;
    let cases = [
        (r#""operation":"create","target":"/router=a","value":"#, router, 409, "data-exists"),
        (r#""operation":"delete","target":"/router=x""#, "", 409, "data-missing"),
        (r#""operation":"move","target":"/rule=x","where":"first""#, "", 409, "data-missing"),
        (r#""operation":"replace","target":"/colour","value":"#, "{}", 400, "unknown-element"),
        (r#""operation":"merge","target":"/router=x","value":"#, router, 400, "invalid-value"),
        (
            r#""operation":"replace","target":"/router=a/id","value":"#,
            r#"{"shop:id":"x"}"#,
            400,
            "invalid-value",
        ),
    ];
    for (head, value, status, tag) in cases {
        let body = patch(&format!(r#"{good},{{"edit-id":"bad",{head}{value}}}"#));
        let failed = world.ask("PATCH", SHOP).body(JSON_PATCH, body).send().await;
        assert_eq!(failed.status, status, "{head}: {}", failed.body);
        let edit = &failed.json()["ietf-yang-patch:yang-patch-status"]["edit-status"]["edit"][0];
        assert_eq!(edit["edit-id"], "bad", "{head}: {}", failed.body);
        assert_eq!(edit["errors"]["error"][0]["error-tag"], tag, "{head}: {}", failed.body);
    }
    let body = patch(
        r#"{"edit-id":"1","operation":"replace","target":"/router=a/id","value":
        {"shop:id":13}}"#,
    );
    let refused = world.ask("PATCH", SHOP).body(JSON_PATCH, body).send().await.expect(422);
    let errors = &refused.json()["ietf-yang-patch:yang-patch-status"]["errors"];
    assert_eq!(errors["error"][0]["error-app-tag"], "invalid", "{}", refused.body);
    assert_eq!((world.generation(), world.get(SHOP).await.body), before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn patches_of_a_wrong_shape_are_refused_with_all_that_is_wrong() {
    let world = World::with_routers().await;
    let shape = patch(
        r#"{"edit-id":"1","operation":"create","target":"/router=x"},
        {"edit-id":"1","operation":"delete","target":"/router=x","value":{}}"#,
    );
    let refused = world.ask("PATCH", SHOP).body(JSON_PATCH, shape).send().await.expect(400);
    assert_eq!(refused.errors(), 3, "{}", refused.body);
    let words = patch(
        r#"{"edit-id":"1","operation":"make","target":"/"},
        {"operation":"delete","target":"/"},{"edit-id":"2","operation":"delete","colour":1}"#,
    );
    let refused = world.ask("PATCH", SHOP).body(JSON_PATCH, words).send().await.expect(400);
    assert_eq!(refused.errors(), 4, "{}", refused.body);
    for body in ["", "{}", "[1]", r#"{"ietf-yang-patch:yang-patch":3}"#] {
        world.ask("PATCH", SHOP).body(JSON_PATCH, body).send().await.expect(400);
    }
    for body in ["", "<a/>", "<yang-patch/>", "<yang-patch"] {
        world.ask("PATCH", SHOP).body(XML_PATCH, body).send().await.expect(400);
    }
    let nowhere = format!("{SHOP}/router=nobody");
    world.ask("PATCH", &nowhere).body(JSON_PATCH, patch("")).send().await.expect(404);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn xml_does_the_same() {
    let world = World::with_routers().await;
    let body = r#"<?xml version="1.0"?>
      <yp:yang-patch xmlns:yp="urn:ietf:params:xml:ns:yang:ietf-yang-patch"
                     xmlns:s="urn:shop">
        <yp:patch-id>a &lt; b</yp:patch-id>
        <!-- two edits -->
        <yp:edit><yp:edit-id>1</yp:edit-id><yp:operation>create</yp:operation>
          <yp:target>/shop:shop/router=c</yp:target>
          <yp:value><s:router><s:name>c</s:name><s:id>3</s:id></s:router></yp:value></yp:edit>
        <yp:edit><yp:edit-id>2</yp:edit-id><yp:operation>replace</yp:operation>
          <yp:target>/shop:note</yp:target>
          <yp:value><note xmlns="urn:shop">x &amp; y</note></yp:value></yp:edit>
      </yp:yang-patch>"#;
    let done = world.ask("PATCH", "/restconf/data").body(XML_PATCH, body).send().await.expect(200);
    assert_eq!(
        done.body,
        "<yang-patch-status xmlns=\"urn:ietf:params:xml:ns:yang:ietf-yang-patch\">\
         <patch-id>a &lt; b</patch-id><ok/></yang-patch-status>"
    );
    let read = world.get(&format!("{SHOP}/router=c")).await.expect(200);
    assert_eq!(read.json()["shop:router"][0]["id"], 3);
    assert_eq!(world.get("/restconf/data/shop:note").await.body, r#"{"shop:note":"x & y"}"#);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_datastore_itself_can_be_merged_into_and_replaced() {
    let world = World::with_routers().await;
    let send = |body: String| world.ask("PATCH", "/restconf/data").body(JSON_PATCH, body).send();
    let merge = r#"{"edit-id":"1","operation":"merge","target":"/","value":{"shop:note":"x"}}"#;
    send(patch(merge)).await.expect(200);
    world.get(&format!("{SHOP}/router=a")).await.expect(200);
    let replace = r#"{"edit-id":"1","operation":"replace","target":"/","value":{"shop:note":"y"}}"#;
    send(patch(replace)).await.expect(200);
    let read = world.get("/restconf/data?content=config").await;
    assert_eq!(read.body, r#"{"ietf-restconf:data":{"shop:note":"y"}}"#);
    let delete = r#"{"edit-id":"1","operation":"delete","target":"/"}"#;
    send(patch(delete)).await.expect(400);
}
