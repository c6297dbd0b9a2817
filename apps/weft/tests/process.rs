//! The program as other programs start it.

#![expect(clippy::unwrap_used, reason = "in tests a failure is a panic")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

/// How long the program may take to serve, or to end.
const PATIENCE: Duration = Duration::from_secs(60);
/// Rounds of the crash test: each starts the program, commits, and kills it at a random moment.
const CRASHES: u64 = 200;

struct Weft {
    process: Child,
    data: TempDir,
    url: String,
    token: String,
}

impl Weft {
    fn start(network: &str) -> Self {
        Self::on(tempfile::tempdir().unwrap(), network)
    }

    fn on(data: TempDir, network: &str) -> Self {
        Self::with(data, network, &[])
    }

    fn with(data: TempDir, network: &str, more: &[&str]) -> Self {
        // A killed program cannot take its file away.
        let _ = fs::remove_file(data.path().join("ready.json"));
        let process = weft(data.path())
            .args(["up", "--network", network, "--http", "127.0.0.1:0"])
            .args(more)
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let ready: Value = wait(|| {
            let text = fs::read_to_string(data.path().join("ready.json")).ok()?;
            serde_json::from_str(&text).ok()
        });
        let token = fs::read_to_string(ready["token_file"].as_str().unwrap()).unwrap();
        assert_eq!(ready["pid"], json!(process.id()));
        let url = format!("http://{}", ready["http"].as_str().unwrap());
        Self { process, data, url, token: token.trim().to_owned() }
    }

    fn get(&self, path: &str) -> String {
        let agent = agent();
        let request = agent.get(format!("{}{path}", self.url)).header("Accept", "*/*");
        let answer = request.header("Authorization", format!("Bearer {}", self.token)).call();
        answer.unwrap().body_mut().read_to_string().unwrap()
    }

    fn patch(&self, document: &Value) -> Result<u16, ureq::Error> {
        let agent = agent();
        let answer = agent
            .patch(format!("{}/restconf/data", self.url))
            .header("Authorization", format!("Bearer {}", self.token))
            .header("Content-Type", "application/yang-data+json")
            .send(document.to_string())?;
        Ok(answer.status().as_u16())
    }

    fn run(&self, arguments: &[&str]) -> String {
        let out = weft(self.data.path()).args(arguments).output().unwrap();
        let text = String::from_utf8(out.stdout).unwrap();
        assert!(out.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&out.stderr));
        text
    }

    fn stop(mut self) -> TempDir {
        signal(&self.process, "TERM");
        let status = wait(|| self.process.try_wait().unwrap());
        assert!(status.success(), "{status}");
        self.data
    }

    fn kill(mut self) -> TempDir {
        signal(&self.process, "KILL");
        self.process.wait().unwrap();
        self.data
    }
}

fn weft(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_weft"));
    command.arg("--data").arg(data);
    command
}

fn agent() -> ureq::Agent {
    ureq::Agent::config_builder().http_status_as_error(false).build().into()
}

fn signal(process: &Child, name: &str) {
    let id = process.id().to_string();
    assert!(Command::new("kill").args(["-s", name, &id]).status().unwrap().success());
}

fn wait<T>(mut ready: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(done) = ready() {
            return done;
        }
        assert!(start.elapsed() < PATIENCE, "it takes too long");
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn router(number: u64) -> Value {
    let (name, id) = (format!("rtr{number}"), (number - 1) % 255 + 1);
    json!({ "netinfra:netinfra": { "router": [
        { "name": name, "id": id, "type": "ietf", "mock": true }
    ] } })
}

#[test]
fn it_serves_and_ends_when_told() {
    let weft = Weft::start("minisys");
    assert_eq!(weft.patch(&router(1)).unwrap(), 204);
    assert!(weft.get("/layer/0").contains("rtr1"));
    assert!(weft.get("/device/rtr1/target?format=xml").contains("<hostname>rtr1</hostname>"));
    let data = weft.stop();
    assert!(!data.path().join("ready.json").exists());
}

#[test]
fn a_restart_finds_everything_again() {
    let weft = Weft::start("minisys");
    assert_eq!(weft.patch(&router(1)).unwrap(), 204);
    assert_eq!(weft.patch(&router(2)).unwrap(), 204);
    let before: Vec<_> = (0..3).map(|layer| weft.get(&format!("/layer/{layer}"))).collect();
    let weft = Weft::on(weft.stop(), "minisys");
    let after: Vec<_> = (0..3).map(|layer| weft.get(&format!("/layer/{layer}"))).collect();
    assert_eq!(before, after);
    weft.stop();
}

#[test]
fn the_verbs_lead_from_an_edit_to_a_commit() {
    let weft = Weft::start("minisys");
    let file = weft.data.path().join("edit.json");
    fs::write(&file, router(7).to_string()).unwrap();
    weft.run(&["edit", file.to_str().unwrap()]);
    let diff = weft.run(&["diff"]);
    assert!(diff.contains("rtr7"), "{diff}");
    assert!(weft.run(&["devices"]).lines().count() < 2, "nothing is committed yet");
    weft.run(&["commit", "-m", "the seventh"]);
    assert!(weft.run(&["devices"]).contains("in-sync"));
    assert!(weft.run(&["log"]).contains("the seventh"));
    let router = weft.run(&["get", "netinfra:netinfra/router=rtr7"]);
    assert!(router.replace(' ', "").contains("\"id\":7"), "{router}");
    weft.run(&["edit", "--delete", "netinfra:netinfra/router=rtr7"]);
    weft.run(&["commit"]);
    assert!(!weft.run(&["devices"]).contains("rtr7"));
    weft.stop();
}

#[test]
fn kill_at_any_moment_loses_no_acknowledged_commit() {
    let mut data = tempfile::tempdir().unwrap();
    let mut acknowledged = Vec::new();
    for round in 0..CRASHES {
        let weft = Weft::on(data, "minisys");
        let found = weft.get("/layer/0");
        let words = found.split('"').filter(|word| word.starts_with("rtr"));
        let found: BTreeSet<&str> = words.collect();
        for number in &acknowledged {
            assert!(found.contains(&*format!("rtr{number}")), "round {round} lost {number}");
        }
        let killer = {
            let id = weft.process.id().to_string();
            let moment = Duration::from_micros(rand::random::<u64>() % 15_000);
            std::thread::spawn(move || {
                std::thread::sleep(moment);
                Command::new("kill").args(["-s", "KILL", &id]).status().unwrap();
            })
        };
        for number in round * 1000 + 1..(round + 1) * 1000 {
            match weft.patch(&router(number)) {
                Ok(204) => acknowledged.push(number),
                Ok(other) => panic!("refused: {other}"),
                Err(_) => break,
            }
        }
        killer.join().unwrap();
        data = weft.kill();
    }
    println!("{} acknowledged commits over {CRASHES} crashes", acknowledged.len());
}

fn guarded(role: &str) -> Value {
    json!({ "netinfra:netinfra": { "router": [{
        "name": "r1", "id": 1, "type": "JuniperCRPD_24_4R1_9", "role": role, "asn": 65001,
        "approval-required": true,
    }] } })
}

/// The change that waits for r1.
fn waiting(weft: &Weft) -> Value {
    wait(|| {
        let queue: Value = serde_json::from_str(&weft.get("/config-queue")).ok()?;
        Some(queue["devices"][0]["items"][0].clone()).filter(|item| !item.is_null())
    })
}

#[test]
fn approval_is_asked_for_and_outlives_crashes() {
    let simulated = ["--simulate-devices"];
    let with = |data| Weft::with(data, "backbone", &simulated);
    let weft = with(tempfile::tempdir().unwrap());
    let file = weft.data.path().join("edit.json");
    fs::write(&file, guarded("edge").to_string()).unwrap();
    weft.run(&["edit", file.to_str().unwrap()]);
    weft.run(&["commit", "--async", "-m", "the first"]);
    let asked = waiting(&weft);
    assert!(weft.run(&["devices"]).contains("awaiting-approval"));
    assert!(!weft.get("/device/r1/running?format=xml").contains("r1"), "it is not changed");

    // Power goes between the request and the approval: the same thing waits afterwards.
    let weft = with(weft.kill());
    assert_eq!(waiting(&weft), asked);
    let shown = weft.run(&["approvals"]);
    assert!(shown.contains("r1") && shown.contains(asked["device_txid"].as_str().unwrap()));
    let diff = weft.run(&["approve", "r1", "--yes", "-m", "go ahead"]);
    assert!(diff.contains("host-name") && diff.contains("approved"), "{diff}");

    // And between the approval and the push, or just after it: it needs no other approval.
    let weft = with(weft.kill());
    wait(|| weft.run(&["devices"]).contains("in-sync").then_some(()));
    assert!(weft.get("/device/r1/running?format=xml").contains("<host-name>r1</host-name>"));
    let log = weft.run(&["log"]);
    assert!(log.contains("approval") && log.contains("go ahead"), "{log}");

    // A change is rejected, and stays it.
    let file = weft.data.path().join("edit.json");
    let link = json!({ "netinfra:netinfra": { "router": [{ "name": "r1", "id": 2 }] } });
    fs::write(&file, link.to_string()).unwrap();
    weft.run(&["edit", file.to_str().unwrap()]);
    weft.run(&["commit", "--async"]);
    waiting(&weft);
    weft.run(&["approve", "r1", "--reject", "--yes"]);
    assert!(weft.run(&["devices"]).contains("rejected by operator"));
    let weft = with(weft.kill());
    wait(|| weft.run(&["devices"]).contains("rejected by operator").then_some(()));
    weft.stop();
}

/// A disk of its own, and a small one.
struct SmallDisk(TempDir);

impl SmallDisk {
    /// None where this user may not mount.
    fn new() -> Option<Self> {
        let disk = Self(tempfile::tempdir().unwrap());
        disk.mount(&["-t", "tmpfs", "-o", "size=6m", "tmpfs"]).then_some(disk)
    }

    fn grow(&self) {
        assert!(self.mount(&["-o", "remount,size=64m"]));
    }

    fn mount(&self, arguments: &[&str]) -> bool {
        let mut mount = Command::new("mount");
        let status = mount.args(arguments).arg(self.0.path()).stderr(Stdio::null()).status();
        status.is_ok_and(|status| status.success())
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Nothing to undo where nothing was mounted.
        let _ = Command::new("umount").arg(self.0.path()).stderr(Stdio::null()).status();
    }
}

fn vpn(number: usize, description: &str) -> Value {
    json!({ "l3vpn:l3vpn": [{
        "name": format!("v{number}"), "customer-name": "acme", "vpn-id": number,
        "service-mtu": 1500, "description": description
    }] })
}

#[test]
fn a_full_disk_refuses_commits_and_leaves_the_program_serving() {
    let Some(disk) = SmallDisk::new() else {
        return println!("skipped: no right to mount a small disk");
    };
    let weft = Weft::on(TempDir::new_in(disk.0.path()).unwrap(), "minisys");
    let much = "x".repeat(400_000);
    let refused_at = (1..100).find(|number| {
        let status = weft.patch(&vpn(*number, &much)).unwrap();
        assert!(matches!(status, 204 | 507), "{status}");
        status == 507
    });
    let refused_at = refused_at.unwrap();
    let kept = |weft: &Weft| {
        let intent: Value = serde_json::from_str(&weft.get("/restconf/data")).unwrap();
        intent["ietf-restconf:data"]["l3vpn:l3vpn"].as_array().unwrap().len()
    };
    assert_eq!(kept(&weft), refused_at - 1, "what was refused is not there");
    disk.grow();
    assert_eq!(weft.patch(&vpn(refused_at, &much)).unwrap(), 204);
    let weft = Weft::on(weft.kill(), "minisys");
    assert_eq!(kept(&weft), refused_at);
    drop(weft.stop());
}
