//! `/api/v1`, metrics and the description of it all.

use serde_json::Value;

use crate::world::World;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn status_and_devices_tell_how_it_goes() {
    let world = World::with_routers().await;
    let status = world.get("/api/v1/status").await.expect(200).json();
    assert_eq!(status["network"], "shop");
    assert_eq!(status["generation"], world.generation());
    assert_eq!(status["hash"].as_str().map(str::len), Some(64));
    assert_eq!((&status["devices"], &status["in_sync"]), (&Value::from(2), &Value::from(2)));
    let devices = world.get("/api/v1/devices").await.expect(200).json();
    let first = &devices["devices"][0];
    assert_eq!(first["name"], "a");
    assert_eq!(first["type"], "box");
    assert_eq!(first["status"], "in-sync");
    assert_eq!(first["simulated"], true);
    assert_eq!(first["address"], "192.0.2.1");
    assert_eq!(first["held_generation"], first["target_generation"]);
    assert_eq!(world.get("/api/v1/devices/a").await.expect(200).json(), *first);
    world.get("/api/v1/devices/x").await.expect(404);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_topology_is_drawn_from_the_intent() {
    let world = World::with_routers().await;
    let cable = r#"{"shop:cable":[{"left":"a","right":"b","port":"p"}]}"#;
    world.send("POST", "/restconf/data/shop:shop", cable).await.expect(201);
    let drawing = world.get("/api/v1/topology").await.expect(200).json();
    assert_eq!(drawing["nodes"][1]["name"], "b");
    assert_eq!(drawing["nodes"][1]["latitude"], 52.5);
    assert!(drawing["nodes"][1].get("longitude").is_none(), "what is not known is not there");
    assert_eq!(drawing["links"][0]["left"], "a");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn commits_are_listed_newest_first_and_shown_whole() {
    let world = World::with_routers().await;
    for at in 0..5 {
        world.load(&format!(r#"{{"shop:note":"n{at}"}}"#)).await.expect(204);
    }
    let newest = world.generation();
    let generations = |answer: Value| -> Vec<u64> {
        let commits = answer["commits"].as_array().unwrap().clone();
        commits.iter().map(|commit| commit["generation"].as_u64().unwrap()).collect()
    };
    let all = generations(world.get("/api/v1/commits").await.expect(200).json());
    assert_eq!(all, (1..=newest).rev().collect::<Vec<_>>());
    let page = format!("/api/v1/commits?limit=2&before={newest}");
    let page = generations(world.get(&page).await.expect(200).json());
    assert_eq!(page, [newest - 1, newest - 2]);
    let none = generations(world.get("/api/v1/commits?before=1").await.expect(200).json());
    assert!(none.is_empty());
    world.get("/api/v1/commits?limit=many").await.expect(400);
    let one = world.get(&format!("/api/v1/commits/{newest}")).await.expect(200).json();
    assert_eq!(one["kind"], "edit");
    assert!(one["edit"].as_str().unwrap().contains("n4"), "{one}");
    world.get("/api/v1/commits/999").await.expect(404);
    world.get("/api/v1/commits/0").await.expect(404);
    world.get("/api/v1/commits/x").await.expect(404);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn provenance_leads_from_the_device_to_the_intent() {
    let world = World::with_routers().await;
    let explain = |query: &'static str| world.get(query);
    let host = explain("/api/v1/explain?device=a&path=/box:system/host").await.expect(200).json();
    let owners = host["owners"].as_array().unwrap();
    assert_eq!(owners[0]["transform"], "Base");
    assert_eq!(owners[0]["layer_name"], "low");
    assert_eq!(owners[1]["instance"], "/shop:shop/router[name='a']");
    let below = "/api/v1/explain?layer=1&path=stratoweave-rfs:rfs=a/low:base/address";
    let below = explain(below).await.expect(200).json();
    assert_eq!(below["path"], "/stratoweave-rfs:rfs[name='a']/low:base/address");
    assert_eq!(below["owners"][0]["transform"], "Router");
    explain("/api/v1/explain?device=x&path=/box:system/host").await.expect(404);
    explain("/api/v1/explain?device=a&path=/box:port[name='x']").await.expect(404);
    explain("/api/v1/explain?device=a&path=/box:colour").await.expect(400);
    explain("/api/v1/explain?device=a").await.expect(400);
    explain("/api/v1/explain?path=/box:system").await.expect(400);
    explain("/api/v1/explain?layer=7&path=/box:system").await.expect(404);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn metrics_count() {
    let world = World::with_routers().await;
    let bad = r#"{"shop:router":[{"name":"x","id":13}]}"#;
    world.send("POST", "/restconf/data/shop:shop", bad).await.expect(422);
    world.load(r#"{"shop:note":"x"}"#).await.expect(204);
    let report = world.get("/metrics").await.expect(200);
    assert!(report.header("content-type").unwrap().starts_with("text/plain; version=0.0.4"));
    let value = |name: &str| {
        let line = report.body.lines().find(|line| line.split(' ').next() == Some(name));
        line.unwrap_or_else(|| panic!("no {name} in {}", report.body)).split(' ').nth(1).unwrap()
    };
    assert_eq!(value("weft_generation"), world.generation().to_string());
    assert_eq!(value("weft_commits_total"), "2");
    assert_eq!(value("weft_commits_missed_total{reason=\"refused\"}"), "1");
    assert_eq!(value("weft_devices{status=\"in-sync\"}"), "2");
    assert_eq!(value("weft_devices{status=\"rejected\"}"), "0");
    assert_eq!(value("weft_commit_duration_seconds_count"), "2");
    assert_eq!(value("weft_commit_duration_seconds_bucket{le=\"+Inf\"}"), "2");
    assert_eq!(value("weft_http_replies_total{status=\"422\"}"), "1");
    assert_eq!(value("weft_http_replies_total{status=\"204\"}"), "2");
    assert_eq!(value("weft_log_records_total"), world.generation().to_string());
    assert_eq!(value("weft_log_writes_failed_total"), "0");
    let flushes = value("weft_log_flush_duration_seconds_count");
    assert_eq!(value("weft_log_flush_duration_seconds_bucket{le=\"+Inf\"}"), flushes);
    assert_eq!(value("weft_log_batches_total"), flushes);
}

/// The text form of Prometheus, version 0.0.4: every sample is of a family that was described
/// before, no line comes twice, buckets only grow.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn metrics_are_in_the_form_that_is_claimed() {
    let world = World::with_routers().await;
    let report = world.get("/metrics").await.expect(200).body;
    assert!(report.ends_with('\n'));
    let mut family = (String::new(), String::new());
    let mut described = std::collections::BTreeSet::new();
    let mut seen = std::collections::BTreeSet::new();
    let mut below = 0.0;
    for line in report.lines() {
        if let Some(help) = line.strip_prefix("# HELP ") {
            let (name, words) = help.split_once(' ').unwrap();
            assert!(!words.is_empty() && described.insert(name.to_owned()), "{line}");
            family = (name.to_owned(), String::new());
            below = 0.0;
        } else if let Some(kind) = line.strip_prefix("# TYPE ") {
            let (name, kind) = kind.split_once(' ').unwrap();
            assert_eq!(name, family.0);
            assert!(["counter", "gauge", "histogram"].contains(&kind), "{line}");
            kind.clone_into(&mut family.1);
        } else {
            let (sample, value) = line.rsplit_once(' ').unwrap();
            let value: f64 = value.parse().unwrap_or_else(|_| panic!("{line}"));
            assert!(value >= 0.0 && seen.insert(sample.to_owned()), "{line}");
            let name = sample.split('{').next().unwrap();
            let fits = match family.1.as_str() {
                "histogram" => name
                    .strip_prefix(family.0.as_str())
                    .is_some_and(|suffix| ["_bucket", "_sum", "_count"].contains(&suffix)),
                "counter" => name == family.0 && name.ends_with("_total"),
                _ => name == family.0,
            };
            assert!(fits, "{line} in {family:?}");
            if name.ends_with("_bucket") {
                assert!(value >= below, "{line}");
                below = value;
            }
        }
    }
    assert!(described.len() > 15, "{described:?}");
}

/// Whatever the description names is there, and answers that method.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_description_tells_the_truth() {
    let world = World::with_routers().await;
    let description = world.get("/openapi.json").await.expect(200).json();
    let paths = description["paths"].as_object().unwrap();
    assert!(paths.len() > 30);
    for (path, methods) in paths {
        let filled = path
            .replace("{path}", "shop:shop")
            .replace("{name}", "a")
            .replace("{layer}", "0")
            .replace("{generation}", "1")
            .replace("/q/{item}/", "/q/1/")
            .replace("/q/{item}", "/q");
        for method in methods.as_object().unwrap().keys() {
            let answer = match method.as_str() {
                "get" => world.get(&filled).await,
                "post" => world.ask("POST", &filled).send().await,
                "put" => world.ask("PUT", &filled).send().await,
                "patch" => world.ask("PATCH", &filled).send().await,
                "delete" => world.ask("DELETE", &filled).header("If-Match", "\"x\"").send().await,
                other => panic!("{other}"),
            };
            let is_there = !matches!(answer.status, 0 | 401 | 404 | 405 | 500..);
            assert!(is_there, "{method} {filled}: {} {}", answer.status, answer.body);
        }
    }
}
