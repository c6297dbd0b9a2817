//! Replays traced decisions of another simulator: every one must come out the same.
//!
//! Each file holds one JSON document per line: first the links, the candidate paths of each
//! ordered pair and the slots, then the requests with what was decided. Every file of the folder
//! is replayed; the rules are those that its README states.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "tests read their data, and files that are there are well formed"
)]

use std::collections::BTreeMap;
use std::fs;

use optical::assign::SpectrumPolicy;
use optical::planner::{
    Decision, LastStart, ReleaseAt, ReplayPath, ReplayRequest, ReplayRules, Replayer,
};
use optical::quantity::{Efficiency, Rate};
use serde_json::Value;

/// Reading of graphs; only the folder is needed here.
#[expect(dead_code, reason = "graphs and tables are for the other tests")]
mod shared;

struct Candidates {
    paths: Vec<ReplayPath>,
    nodes: Vec<Vec<String>>,
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Links by their ends in either order.
fn link_numbers(meta: &Value) -> BTreeMap<(String, String), u16> {
    let mut numbers = BTreeMap::new();
    for (link, number) in meta["links_km"].as_array().unwrap().iter().zip(0..) {
        let (a, b) = (text(&link[0]), text(&link[1]));
        numbers.insert((a.clone(), b.clone()), number);
        numbers.insert((b, a), number);
    }
    numbers
}

fn candidates(meta: &Value) -> BTreeMap<String, Candidates> {
    let links = link_numbers(meta);
    let path = |path: &Value| {
        let nodes: Vec<String> = path["nodes"].as_array().unwrap().iter().map(text).collect();
        let hops = nodes.windows(2);
        let links = hops.map(|hop| links[&(hop[0].clone(), hop[1].clone())]).collect();
        let hundredths = (path["se"].as_f64().unwrap() * 100.0).round() as u32;
        let efficiency = Efficiency::from_hundredths(hundredths).unwrap();
        (ReplayPath { links, efficiency }, nodes)
    };
    let pairs = meta["paths"].as_object().unwrap().iter();
    pairs
        .map(|(pair, paths)| {
            let (paths, nodes) = paths.as_array().unwrap().iter().map(path).unzip();
            (pair.clone(), Candidates { paths, nodes })
        })
        .collect()
}

fn rules(meta: &Value) -> ReplayRules {
    let heuristic = meta["heuristic"].as_str().unwrap();
    // "shortest_available_path" goes on to the next path, "shortest_path" does not.
    let is_first_only = !heuristic.contains("available") && heuristic.starts_with("shortest_path");
    ReplayRules {
        links: meta["links_km"].as_array().unwrap().len() as u16,
        slots: meta["slots"].as_u64().unwrap() as u16,
        slot_mhz: (meta["slot_ghz"].as_f64().unwrap() * 1e3) as u32,
        guard_slots: 1,
        paths: if is_first_only { 1 } else { u16::MAX },
        policy: SpectrumPolicy::FirstFit,
        last_start: LastStart::NeverTried,
        release: ReleaseAt::End,
    }
}

/// Replays a trace; gives the number of decisions and the share that was blocked.
fn replay(trace: &str) -> (usize, f64) {
    let mut lines = trace.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let meta = lines.next().unwrap()["meta"].take();
    let candidates = candidates(&meta);
    let mut replayer = Replayer::new(rules(&meta)).unwrap();
    let (mut count, mut blocked) = (0, 0);
    for request in lines {
        let pair = format!("{}-{}", text(&request["src"]), text(&request["dst"]));
        let Candidates { paths, nodes } = &candidates[&pair];
        let number = |name: &str| request[name].as_f64().unwrap();
        let rate = Rate::from_gbps(number("gbps")).unwrap();
        let (at, hold) = (number("t"), number("hold"));
        let decision = replayer.decide(ReplayRequest { at, hold, rate, paths }).unwrap();
        let id = &request["id"];
        match decision {
            Decision::Accepted { path, block } => {
                assert_eq!(request["accepted"], true, "request {id}");
                assert_eq!(request["path_index"], path, "request {id}");
                let expected: Vec<String> =
                    request["path"].as_array().unwrap().iter().map(text).collect();
                assert_eq!(nodes[usize::from(path)], expected, "request {id}");
                assert_eq!(request["slot"], block.start, "request {id}");
                assert_eq!(request["n_slots"], block.width, "request {id}");
            }
            Decision::Blocked => {
                assert_eq!(request["accepted"], false, "request {id}");
                blocked += 1;
            }
        }
        count += 1;
    }
    (count, f64::from(blocked) / count as f64)
}

#[test]
fn every_traced_decision_comes_out_the_same() {
    let Some(folder) = shared::folder("traces") else { return };
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|ending| ending == "jsonl") {
            let (count, blocking) = replay(&fs::read_to_string(&path).unwrap());
            assert!(count > 0, "{path:?} holds decisions");
            println!("{count} decisions, {:.2} % blocked", blocking * 100.0);
        }
    }
}
