use crate::client::XML;
use crate::world::World;

const CABLE: &str = "/restconf/data/shop:shop/cable=a,b";

async fn world() -> World {
    let world = World::with_routers().await;
    let more = r#"{"shop:shop":{"cable":[{"left":"a","right":"b","port":"p0","label":"blue"}],
        "rule":[{"name":"z"},{"name":"a"}],"tag":["two","one"],"price":"2.50"},"shop:note":"hi"}"#;
    world.load(more).await.expect(204);
    world
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_resource_comes_in_the_format_asked_for() {
    let world = world().await;
    let json = world.get(CABLE).await.expect(200);
    assert_eq!(json.header("content-type"), Some("application/yang-data+json"));
    assert_eq!(
        json.body,
        r#"{"shop:cable":[{"left":"a","right":"b","port":"p0","label":"blue"}]}"#
    );
    let xml = world.get_xml(CABLE).await.expect(200);
    assert_eq!(xml.header("content-type"), Some(XML));
    assert_eq!(
        xml.body,
        "<cable xmlns=\"urn:shop\"><left>a</left><right>b</right><port>p0</port>\
         <label>blue</label></cable>"
    );
    let any = world.ask("GET", CABLE).header("Accept", "*/*").send().await.expect(200);
    assert_eq!(any.body, json.body);
    let none = world.ask("GET", CABLE).header("Accept", "image/png").send().await.expect(406);
    assert_eq!(none.error("error-type"), "protocol");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_there_is_404_and_what_makes_no_sense_is_400() {
    let world = world().await;
    let cases = [
        ("shop:shop/router=x", 404, "invalid-value"),
        ("shop:shop/router=a/logging", 404, "invalid-value"),
        ("shop:shop/limit", 404, "invalid-value"),
        ("shop:shop/colour", 404, "unknown-element"),
        ("nonsense:shop", 404, "unknown-namespace"),
        ("shop", 404, "unknown-namespace"),
        ("shop:shop/router=a,b", 400, "bad-element"),
        ("shop:shop/router=%zz", 400, "malformed-message"),
        ("shop:shop/price=1", 400, "bad-element"),
        ("shop:shop?depth=no", 400, "invalid-value"),
        ("shop:shop?fields=router(", 400, "invalid-value"),
        ("shop:shop?fields=colour", 400, "invalid-value"),
        ("shop:shop?with-defaults=report-all-tagged", 400, "invalid-value"),
        ("shop:shop?insert=first", 400, "invalid-value"),
    ];
    for (path, status, tag) in cases {
        let answer = world.get(&format!("/restconf/data/{path}")).await;
        assert_eq!((answer.status, answer.error("error-tag").as_str()), (status, tag), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn containers_and_defaults_are_there_without_being_stored() {
    let world = world().await;
    let options = world.get("/restconf/data/shop:shop/router=a/options").await.expect(200);
    assert_eq!(options.body, r#"{"shop:options":{}}"#);
    let mtu = world.get("/restconf/data/shop:shop/router=a/options/mtu").await.expect(200);
    assert_eq!(mtu.body, r#"{"shop:mtu":1500}"#);
    world.get("/restconf/data/shop:shop/router=x/options/mtu").await.expect(404);
    let all = "/restconf/data/shop:shop/router=a?with-defaults=report-all";
    let all = world.get(all).await.expect(200).json();
    assert_eq!(all["shop:router"][0]["options"]["mtu"], 1500);
    assert_eq!(all["shop:router"][0]["role"], "edge");
    world
        .send(
            "PATCH",
            "/restconf/data/shop:shop/router=a",
            r#"{"shop:router":[{"name":"a",
        "role":"edge"}]}"#,
        )
        .await
        .expect(204);
    let explicit = world.get("/restconf/data/shop:shop/router=a").await.expect(200);
    assert_eq!(explicit.json()["shop:router"][0]["role"], "edge");
    let trim = world.get("/restconf/data/shop:shop/router=a?with-defaults=trim").await;
    assert!(trim.json()["shop:router"][0]["role"].is_null(), "{}", trim.body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fields_and_depth_cut() {
    let world = world().await;
    let of = |query: &'static str| world.get(query);
    let fields = of("/restconf/data/shop:shop?fields=router(id);tag").await.expect(200);
    assert_eq!(
        fields.body,
        r#"{"shop:shop":{"router":[{"name":"a","id":1},{"name":"b","id":2}],"tag":["two","one"]}}"#
    );
    let path = of("/restconf/data?fields=shop:shop/cable/label%3Bshop:note").await.expect(200);
    let expected = concat!(
        r#"{"ietf-restconf:data":{"shop:shop":{"cable":[{"left":"a","right":"b","#,
        r#""label":"blue"}]},"shop:note":"hi"}}"#
    );
    assert_eq!(path.body, expected);
    let two = of("/restconf/data/shop:shop?depth=2&fields=router;price").await.expect(200);
    assert_eq!(two.body, r#"{"shop:shop":{"router":[{"name":"a"},{"name":"b"}],"price":"2.5"}}"#);
    let one = of("/restconf/data/shop:shop?depth=1").await.expect(200);
    assert_eq!(one.body, r#"{"shop:shop":{}}"#);
    let three = of("/restconf/data/shop:shop/router=a?depth=unbounded").await.expect(200);
    assert_eq!(three.body, r#"{"shop:router":[{"name":"a","id":1}]}"#);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whole_lists_come_in_json_and_the_users_order_is_kept() {
    let world = world().await;
    let rules = world.get("/restconf/data/shop:shop/rule").await.expect(200);
    assert_eq!(rules.body, r#"{"shop:rule":[{"name":"z"},{"name":"a"}]}"#);
    let xml = world.get_xml("/restconf/data/shop:shop/rule").await.expect(400);
    assert!(xml.body.contains("<errors xmlns=\"urn:ietf:params:xml:ns:yang:ietf-restconf\">"));
    assert!(xml.body.contains("<error-path xmlns:shop=\"urn:shop\">/shop:shop/shop:rule</"));
    let tag = world.get("/restconf/data/shop:shop/tag=one").await.expect(200);
    assert_eq!(tag.body, r#"{"shop:tag":["one"]}"#);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_datastore_comes_with_the_servers_own_state() {
    let world = world().await;
    let all = world.get("/restconf/data").await.expect(200).json();
    let data = &all["ietf-restconf:data"];
    assert_eq!(data["shop:note"], "hi");
    let set = &data["ietf-yang-library:yang-library"]["module-set"][0];
    let names: Vec<_> =
        set["module"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
    assert!(names.contains(&"shop") && names.contains(&"ietf-yang-library"), "{names:?}");
    let shop = set["module"].as_array().unwrap().iter().find(|one| one["name"] == "shop").unwrap();
    assert_eq!(shop["revision"], "2026-01-15");
    assert_eq!(shop["feature"], serde_json::json!(["colours"]));
    let config = world.get("/restconf/data?content=config").await.expect(200).json();
    assert!(config["ietf-restconf:data"]["ietf-yang-library:yang-library"].is_null());
    let state = world.get("/restconf/data?content=nonconfig").await.expect(200).json();
    assert!(state["ietf-restconf:data"]["shop:shop"].is_null(), "{state}");
    let xml = world.get_xml("/restconf/data").await.expect(200).body;
    assert!(xml.starts_with("<data xmlns=\"urn:ietf:params:xml:ns:yang:ietf-restconf\"><shop "));
    assert!(xml.contains("<datastore><name xmlns:ds=") || xml.contains(":running</name>"), "{xml}");
    let capabilities =
        "/restconf/data/ietf-restconf-monitoring:restconf-state/capabilities?depth=2";
    let capabilities = world.get(capabilities).await.expect(200).body;
    assert!(capabilities.contains("urn:ietf:params:restconf:capability:depth:1.0"));
    world.get("/restconf/data/ietf-yang-library:yang-library/content-id").await.expect(200);
    let refused = world.delete("/restconf/data/ietf-yang-library:yang-library").await.expect(405);
    assert_eq!(refused.header("allow"), Some("GET, HEAD, OPTIONS"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn entity_tags_and_dates_spare_the_body() {
    let world = world().await;
    let first = world.get(CABLE).await.expect(200);
    let (tag, date) = (first.header("etag").unwrap(), first.header("last-modified").unwrap());
    assert_eq!(tag, format!("\"{}\"", world.generation()));
    let again = world.ask("GET", CABLE).header("If-None-Match", tag).send().await.expect(304);
    assert_eq!(again.body, "");
    world.ask("GET", CABLE).header("If-None-Match", "\"1\", \"x\"").send().await.expect(200);
    world.ask("GET", CABLE).header("If-Modified-Since", date).send().await.expect(304);
    let long_ago = "Thu, 01 Jan 1970 00:00:00 GMT";
    world.ask("GET", CABLE).header("If-Modified-Since", long_ago).send().await.expect(200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn head_and_options_tell_without_a_body() {
    let world = world().await;
    let head = world.ask("HEAD", CABLE).send().await.expect(200);
    assert_eq!(head.body, "");
    assert!(head.header("content-length").is_some_and(|length| length != "0"));
    world.ask("HEAD", "/restconf/data/shop:shop/router=x").send().await.expect(404);
    let options = world.ask("OPTIONS", CABLE).send().await.expect(200);
    assert!(options.header("allow").unwrap().contains("DELETE"));
    assert!(options.header("accept-patch").unwrap().contains("application/yang-patch+xml"));
    let root = world.ask("OPTIONS", "/restconf/data").send().await.expect(200);
    assert!(!root.header("allow").unwrap().contains("DELETE"));
    let brew = world.ask("TRACE", CABLE).send().await.expect(405);
    assert!(brew.header("allow").is_some());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_small_documents_are_served() {
    let world = world().await;
    let meta = world.get("/.well-known/host-meta").await.expect(200);
    assert_eq!(meta.header("content-type"), Some("application/xrd+xml"));
    assert!(meta.body.contains("rel=\"restconf\" href=\"/restconf\""));
    let version = world.get("/restconf/yang-library-version").await.expect(200);
    assert_eq!(version.body, r#"{"ietf-restconf:yang-library-version":"2019-01-04"}"#);
    let root = world.get_xml("/restconf").await.expect(200);
    assert!(root.body.contains("<yang-library-version>2019-01-04<"));
    let operations = world.get("/restconf/operations").await.expect(200);
    assert_eq!(operations.body, r#"{"ietf-restconf:operations":{}}"#);
    let call = world.send("POST", "/restconf/operations/shop:sell", "{}").await.expect(404);
    assert!(call.error("error-message").contains("shop:sell"));
    world.get("/nowhere").await.expect(404);
}
