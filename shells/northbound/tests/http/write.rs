use crate::client::{JSON, XML};
use crate::world::World;

const SHOP: &str = "/restconf/data/shop:shop";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn post_creates_once_and_names_what_it_made() {
    let world = World::with_routers().await;
    let router = r#"{"shop:router":[{"name":"c d/e","id":3}]}"#;
    let made = world.send("POST", SHOP, router).await.expect(201);
    let place = made.header("location").unwrap().to_owned();
    assert_eq!(place, "/restconf/data/shop:shop/router=c%20d%2Fe");
    assert_eq!(made.header("weft-generation"), Some(&*world.generation().to_string()));
    assert_eq!(made.header("etag"), Some(&*format!("\"{}\"", world.generation())));
    let read = world.get(&place).await.expect(200);
    assert_eq!(read.json()["shop:router"][0]["id"], 3);
    let before = world.generation();
    let again = world.send("POST", SHOP, router).await.expect(409);
    assert_eq!(again.error("error-tag"), "data-exists");
    assert_eq!(again.error("error-path"), "/shop:shop/router[name='c d/e']");
    assert_eq!(world.generation(), before);
    world.send("POST", "/restconf/data", r#"{"shop:note":"x"}"#).await.expect(201);
    world.send("POST", "/restconf/data", r#"{"shop:note":"x"}"#).await.expect(409);
    world
        .send("POST", "/restconf/data/shop:shop/router=zz", r#"{"shop:role":"core"}"#)
        .await
        .expect(404);
    let two = r#"{"shop:router":[{"name":"x","id":4},{"name":"y","id":5}]}"#;
    world.send("POST", SHOP, two).await.expect(400);
    world.send("POST", &format!("{SHOP}/router"), router).await.expect(400);
    world.send("POST", &format!("{SHOP}/router=a/id"), "{}").await.expect(400);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn put_makes_or_replaces() {
    let world = World::with_routers().await;
    let path = format!("{SHOP}/router=c");
    let entry = |more: &str| format!(r#"{{"shop:router":[{{"name":"c","id":3{more}}}]}}"#);
    let made = world.send("PUT", &path, &entry(r#","role":"core""#)).await.expect(201);
    assert_eq!(made.header("location"), Some(&*path));
    let replaced = world.send("PUT", &path, &entry("")).await.expect(204);
    assert!(replaced.header("location").is_none());
    let read = world.get(&path).await.expect(200);
    assert_eq!(read.body, r#"{"shop:router":[{"name":"c","id":3}]}"#, "the role is gone");
    let other = world.send("PUT", &format!("{SHOP}/router=x"), &entry("")).await.expect(400);
    assert!(other.error("error-message").contains("router[name='c']"), "{}", other.body);
    let xml = "<router xmlns=\"urn:shop\"><name>c</name><id>9</id></router>";
    world.ask("PUT", &path).body(XML, xml).send().await.expect(204);
    let leaf = format!("{path}/id");
    world.send("PUT", &leaf, r#"{"shop:id":7}"#).await.expect(204);
    assert_eq!(world.get(&leaf).await.body, r#"{"shop:id":7}"#);
    let road = format!("{SHOP}/by-road");
    world.send("PUT", &road, r#"{"shop:by-road":[null]}"#).await.expect(201);
    world.send("PUT", &format!("{SHOP}/by-sea"), r#"{"shop:by-sea":[null]}"#).await.expect(201);
    world.get(&road).await.expect(404);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn put_on_the_datastore_replaces_all_of_it() {
    let world = World::with_routers().await;
    let all = r#"{"ietf-restconf:data":{"shop:note":"new","shop:shop":{"router":[
        {"name":"b","id":2}]}}}"#;
    world.send("PUT", "/restconf/data", all).await.expect(204);
    let read = world.get("/restconf/data?content=config").await.expect(200);
    let shop = r#"{"router":[{"name":"b","id":2}]}"#;
    let data = format!(r#"{{"shop:shop":{shop},"shop:note":"new"}}"#);
    assert_eq!(read.body, format!(r#"{{"ietf-restconf:data":{data}}}"#));
    world.get("/device/a/target").await.expect(404);
    world.get("/device/b/target").await.expect(200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn patch_merges_into_what_is_there() {
    let world = World::with_routers().await;
    let path = format!("{SHOP}/router=a");
    let patch = r#"{"shop:router":[{"name":"a","role":"core","logging":{}}]}"#;
    let patched = world.send("PATCH", &path, patch).await.expect(204);
    assert_eq!(patched.body, "");
    let read = world.get(&path).await.expect(200);
    assert_eq!(read.body, r#"{"shop:router":[{"name":"a","id":1,"role":"core","logging":{}}]}"#);
    let missing = world.send("PATCH", &format!("{SHOP}/router=x"), patch).await.expect(404);
    assert_eq!(missing.error("error-path"), "/shop:shop/router[name='x']");
    let options = r#"{"shop:options":{"mtu":9000}}"#;
    world.send("PATCH", &format!("{path}/options"), options).await.expect(204);
    world.send("PATCH", &format!("{SHOP}/limit"), r#"{"shop:limit":5}"#).await.expect(404);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn delete_takes_away_what_is_there() {
    let world = World::with_routers().await;
    let path = format!("{SHOP}/router=a");
    world.delete(&path).await.expect(204);
    world.delete(&path).await.expect(404);
    world.delete(&format!("{SHOP}/router=b/options")).await.expect(404);
    world.delete(&format!("{SHOP}/router")).await.expect(400);
    world.delete(&format!("{SHOP}/router=b/name")).await.expect(400);
    let root = world.delete("/restconf/data").await.expect(405);
    assert_eq!(root.header("allow"), Some("GET, HEAD, OPTIONS, POST, PUT, PATCH"));
    world.get("/device/a/info").await.expect(404);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn entries_go_where_insert_says() {
    let world = World::new().await;
    let rule = |name: &str| format!(r#"{{"shop:rule":[{{"name":"{name}"}}]}}"#);
    let post = |query: &'static str, name: &'static str| {
        let body = rule(name);
        let world = &world;
        async move { world.send("POST", &format!("{SHOP}{query}"), &body).await }
    };
    post("", "m").await.expect(201);
    post("?insert=first", "a").await.expect(201);
    post("?insert=last", "z").await.expect(201);
    post("?insert=after&point=%2Fshop:shop%2Frule%3Da", "b").await.expect(201);
    post("?insert=before&point=/shop:shop/rule=m", "l").await.expect(201);
    let order = world.get(&format!("{SHOP}/rule")).await.body;
    let expected = ["a", "b", "l", "m", "z"].map(|name| format!("{{\"name\":\"{name}\"}}"));
    assert_eq!(order, format!("{{\"shop:rule\":[{}]}}", expected.join(",")));
    post("?insert=before", "x").await.expect(400);
    post("?point=/shop:shop/rule=m", "x").await.expect(400);
    post("?insert=after&point=/shop:shop/tag=m", "x").await.expect(400);
    let lost = post("?insert=after&point=/shop:shop/rule=nobody", "x").await.expect(400);
    assert_eq!(lost.error("error-tag"), "bad-attribute");
    assert_eq!(lost.error("error-app-tag"), "missing-instance");
    let moved = format!("{SHOP}/rule=z?insert=first");
    world.send("PUT", &moved, &rule("z")).await.expect(204);
    assert!(
        world.get(&format!("{SHOP}/rule")).await.body.starts_with(r#"{"shop:rule":[{"name":"z"}"#)
    );
    let unordered = format!("{SHOP}?insert=first");
    world.send("POST", &unordered, r#"{"shop:router":[{"name":"q","id":1}]}"#).await.expect(400);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn conditions_hold_writes_back() {
    let world = World::with_routers().await;
    let path = format!("{SHOP}/motto");
    let put = |name: &'static str, value: String| {
        world.ask("PUT", &path).header(name, &value).body(JSON, r#"{"shop:motto":"m"}"#).send()
    };
    let now = format!("\"{}\"", world.generation());
    let stale = put("If-Match", "\"0\"".into()).await.expect(412);
    assert_eq!(stale.error("error-tag"), "operation-failed");
    put("If-Match", "*".into()).await.expect(412);
    put("If-Match", format!("\"7777\", {now}")).await.expect(201);
    put("If-Match", now).await.expect(412);
    put("If-Match", "*".into()).await.expect(204);
    put("If-None-Match", "*".into()).await.expect(412);
    put("If-Unmodified-Since", "Thu, 01 Jan 1970 00:00:00 GMT".into()).await.expect(412);
    put("If-Unmodified-Since", "Tue, 01 Jan 2999 00:00:00 GMT".into()).await.expect(204);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn authors_and_comments_are_kept() {
    let world = World::with_routers().await;
    let ask = world.ask("DELETE", &format!("{SHOP}/router=a"));
    ask.header("Weft-Comment", "out of order – über").send().await.expect(204);
    let commit = world.get(&format!("/api/v1/commits/{}", world.generation())).await.json();
    assert_eq!(commit["author"], "ada");
    assert_eq!(commit["comment"], "out of order – über");
    let long = "x".repeat(5000);
    let ask = world.ask("DELETE", &format!("{SHOP}/router=b"));
    ask.header("Weft-Comment", &long).send().await.expect(400);
    world.get(&format!("{SHOP}/router=b")).await.expect(200);
}
