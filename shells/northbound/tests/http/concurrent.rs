//! Many clients at once.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use northbound::Limits;
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpStream;

use crate::client::JSON;
use crate::world::{Settings, World};

const SHOP: &str = "/restconf/data/shop:shop";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_writes_of_many_clients_are_there_in_the_end() {
    let world = World::new().await;
    let started = Instant::now();
    let clients: Vec<_> = (0..16)
        .map(|client| {
            let asks: Vec<_> = (0..10)
                .map(|at| {
                    let entry = format!(r#"{{"name":"r{client}-{at}","id":{}}}"#, at + 1);
                    let body = format!(r#"{{"shop:router":[{entry}]}}"#);
                    world.ask("POST", SHOP).body(JSON, body)
                })
                .collect();
            tokio::spawn(async move {
                let mut generations = BTreeSet::new();
                for ask in asks {
                    let answer = ask.send().await.expect(201);
                    let generation = answer.header("weft-generation").unwrap().to_owned();
                    generations.insert(generation.parse::<u64>().unwrap());
                }
                generations
            })
        })
        .collect();
    let mut all = BTreeSet::new();
    for client in clients {
        all.extend(client.await.unwrap());
    }
    println!("160 commits of 16 clients in {:?}", started.elapsed());
    assert_eq!(all.len(), 160, "a generation each");
    let routers = world.get(&format!("{SHOP}?fields=router/id")).await.json();
    assert_eq!(routers["shop:shop"]["router"].as_array().unwrap().len(), 160);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn patches_on_snapshots_lose_nothing_of_each_other() {
    let world = World::new().await;
    let asks: Vec<_> = (0..8)
        .map(|at| {
            let edit = format!(
                r#"{{"edit-id":"1","operation":"insert","target":"/rule=r{at}","where":"last",
                    "value":{{"shop:rule":[{{"name":"r{at}"}}]}}}}"#
            );
            let body = format!(
                r#"{{"ietf-yang-patch:yang-patch":{{"patch-id":"p{at}","edit":[{edit}]}}}}"#
            );
            tokio::spawn(world.ask("PATCH", SHOP).body("application/yang-patch+json", body).send())
        })
        .collect();
    for ask in asks {
        ask.await.unwrap().expect(200);
    }
    let rules = world.get(&format!("{SHOP}/rule")).await.json();
    assert_eq!(rules["shop:rule"].as_array().unwrap().len(), 8);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_who_insist_on_one_generation_one_wins() {
    let world = World::with_routers().await;
    let tag = format!("\"{}\"", world.generation());
    let asks: Vec<_> = (0..8)
        .map(|at| {
            let ask = world.ask("PUT", "/restconf/data/shop:note").header("If-Match", &tag);
            tokio::spawn(ask.body(JSON, format!(r#"{{"shop:note":"{at}"}}"#)).send())
        })
        .collect();
    let mut statuses = Vec::new();
    for ask in asks {
        statuses.push(ask.await.unwrap().status);
    }
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 412, 412, 412, 412, 412, 412, 412]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_who_want_to_be_first_one_is() {
    let world = World::with_routers().await;
    let asks: Vec<_> = (0..8)
        .map(|at| {
            let ask = world.ask("PUT", "/restconf/data/shop:note").header("If-None-Match", "*");
            tokio::spawn(ask.body(JSON, format!(r#"{{"shop:note":"{at}"}}"#)).send())
        })
        .collect();
    let mut statuses = Vec::new();
    for ask in asks {
        statuses.push(ask.await.unwrap().status);
    }
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 412, 412, 412, 412, 412, 412, 412]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn silent_connections_are_closed_and_make_room() {
    let limits = Limits {
        connections_max: 2,
        idle_max: Duration::from_millis(300),
        devices_patience: Duration::ZERO,
        ..Limits::default()
    };
    let world = World::with(Settings { limits, ..Settings::default() }).await;
    // The listener adds the time that it gives requests to end.
    let longest = Duration::from_secs(20);
    let mut silent = Vec::new();
    for _ in 0..4 {
        silent.push(TcpStream::connect(world.address).await.unwrap());
    }
    let asked = tokio::time::timeout(longest, world.get("/api/v1/status")).await;
    asked.expect("the silent ones make room").expect(200);
    let mut byte = [0];
    let closed = tokio::time::timeout(longest, silent[0].read(&mut byte)).await;
    assert_eq!(closed.expect("it is closed").unwrap_or(0), 0);
}
