//! Who may.

use std::net::SocketAddr;

use northbound::{Access, ServeError};

use crate::client::{Ask, JSON};
use crate::world::{SECRET, Settings, World};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_token_there_is_the_page_and_a_sign_of_life() {
    let world = World::with_routers().await;
    let open = [
        "/",
        "/index.html",
        "/app.js",
        "/map.js",
        "/style.css",
        "/icon.svg",
        "/.well-known/host-meta",
        "/api/v1/health",
    ];
    for path in open {
        let answer = Ask::new(world.address, "GET", path).send().await;
        assert_eq!(answer.status, 200, "{path}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert_eq!(answer.header("x-frame-options"), Some("DENY"), "{path}");
        let policy = answer.header("content-security-policy").unwrap();
        for rule in ["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'"] {
            assert!(policy.contains(rule), "{path}: {policy}");
        }
        assert!(!policy.contains("unsafe"), "{path}: {policy}");
    }
    let closed = [
        "/restconf",
        "/restconf/data",
        "/layer/0",
        "/device",
        "/device/a/info",
        "/api/v1/status",
        "/metrics",
        "/openapi.json",
        "/nowhere",
    ];
    for path in closed {
        let answer = Ask::new(world.address, "GET", path).send().await;
        assert_eq!(answer.status, 401, "{path}");
        assert_eq!(answer.header("www-authenticate"), Some("Bearer realm=\"weft\""), "{path}");
        assert_eq!(answer.error("error-tag"), "access-denied", "{path}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_a_known_token_opens_and_it_names_the_author() {
    let world = World::with_routers().await;
    let status = |value: &str| {
        let ask = Ask::new(world.address, "GET", "/api/v1/status");
        ask.header("Authorization", value).send()
    };
    for wrong in ["Bearer wrong", "Bearer", "Bearer  ", "Basic czNzYW1l", SECRET, ""] {
        let refused = status(wrong).await.expect(401);
        assert!(!refused.body.contains(SECRET));
    }
    status(&format!("Bearer {SECRET}")).await.expect(200);
    status(&format!("bearer {SECRET}")).await.expect(200);
    let note = Ask::new(world.address, "PUT", "/restconf/data/shop:note")
        .header("Authorization", "Bearer other");
    note.body(JSON, r#"{"shop:note":"x"}"#).send().await.expect(201);
    let newest = world.get("/api/v1/commits?limit=1").await.json();
    assert_eq!(newest["commits"][0]["author"], "bob");
    let before = world.generation();
    let refused = Ask::new(world.address, "DELETE", "/restconf/data/shop:note");
    refused.header("Authorization", "Bearer wrong").send().await.expect(401);
    assert_eq!(world.generation(), before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_open_listener_is_for_this_machine_only() {
    let world = World::with(Settings { access: Access::Open, ..Settings::default() }).await;
    let ask =
        |host: &str| Ask::new(world.address, "GET", "/api/v1/status").header("Host", host).send();
    for host in ["localhost", "localhost:80", "127.0.0.1:8080", "[::1]:8080"] {
        assert_eq!(ask(host).await.status, 200, "{host}");
    }
    for host in ["evil.example", "localhost.evil.example", "10.0.0.1", "127.0.0.1.evil.example"] {
        assert_eq!(ask(host).await.status, 403, "{host}");
    }
    let mut config = world.config(Access::Open);
    config.listen = SocketAddr::from(([0, 0, 0, 0], 0));
    let refused = northbound::serve(config).await;
    assert!(matches!(refused, Err(ServeError::Open(_))));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_in_use_is_an_error() {
    let world = World::new().await;
    let mut config = world.config(Access::Open);
    config.listen = world.address;
    let refused = northbound::serve(config).await;
    assert!(matches!(refused, Err(ServeError::Listen { .. })));
}
