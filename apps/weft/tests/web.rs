//! The operator's page in a real browser, on the real program.

#![expect(clippy::unwrap_used, reason = "in tests a failure is a panic")]

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Map, Value, json};
use tempfile::TempDir;

/// How long the program may take to serve, and the devices to hold their targets.
const PATIENCE: Duration = Duration::from_secs(60);
const COMMENT: &str = "another way to <b>Berlin</b>";
/// The name of a customer who means no good.
const HOSTILE: &str = "<img src=x onerror='window.injected=1'><script>window.injected=1</script>";

#[test]
fn the_page_shows_the_network_and_what_changes() {
    let Some(browser) = Browser::find() else { return };
    let weft = Weft::start();
    weft.load("network.xml");
    weft.load("customers.xml");
    weft.patch(&json!({ "ietf-l3vpn-svc:l3vpn-svc": { "vpn-services": { "vpn-service": [
        { "vpn-id": "hostile-65599", "customer-name": HOSTILE },
    ] } } }));

    let mut page = browser.open(&weft);
    assert_eq!(page.fact("asks"), "Log in");
    let refusal = page.fact("refuses");
    assert!(refusal.as_str().unwrap().contains("not known"), "{refusal}");
    assert_eq!(page.fact("address"), false, "the token does not stay in the address");
    assert_eq!(page.fact("nodes"), 17);
    assert_eq!(page.fact("links"), 26);
    assert_eq!(page.fact("zones"), 3);
    assert_eq!(page.fact("rows"), 17);
    let target = page.fact("target");
    let host = "<host-name>BER-CORE-1</host-name>";
    assert!(target.as_str().unwrap().contains(host), "{target}");
    assert_eq!(page.fact("running"), target, "in sync");

    page.fact("ready");
    weft.comment_patch(
        &json!({ "netinfra:netinfra": { "backbone-link": [{
            "left-router": "HAM-CORE-1", "left-interface": "GigabitEthernet0/0/0/9",
            "right-router": "BER-CORE-1", "right-interface": "eth9",
        }] } }),
        COMMENT,
    );
    page.tell(COMMENT);
    let diff = page.fact("diff");
    assert!(diff.as_str().unwrap().contains("eth9"), "{diff}");
    let title = page.fact("title");
    assert!(title.as_str().unwrap().ends_with(COMMENT), "markup in a comment is text: {title}");
    assert_eq!(page.fact("marked"), 2, "a link has two ends");
    assert_eq!(page.fact("links after"), 27);

    let services = page.fact("services");
    let services: Vec<&str> =
        services.as_array().unwrap().iter().map(|row| row.as_str().unwrap()).collect();
    assert_eq!(services.len(), 5, "{services:?}");
    assert!(services.iter().any(|row| row.contains(HOSTILE)), "{services:?}");
    assert_eq!(page.fact("injected"), false);
    assert_eq!(page.fact("overflows"), false, "a phone shows it without scrolling sideways");
    assert_eq!(page.fact("nameless"), 0, "every control has a name");

    page.fact("ready");
    drop(weft);
    page.tell("stopped");
    let trouble = page.fact("trouble");
    assert!(trouble.as_str().unwrap().contains("does not answer"), "{trouble}");
    assert_eq!(page.fact("errors"), json!([]));
    assert_eq!(page.fact("foreign"), json!([]), "it works without any other server");
}

/// The program, on germany17 with simulated routers.
struct Weft {
    process: Child,
    _data: TempDir,
    url: String,
    token: String,
}

impl Weft {
    fn start() -> Self {
        let data = tempfile::tempdir().unwrap();
        let process = Command::new(env!("CARGO_BIN_EXE_weft"))
            .arg("--data")
            .arg(data.path())
            .args(["up", "--network", "backbone", "--addresses", "allocated"])
            .args(["--http", "127.0.0.1:0", "--simulate-devices"])
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let file = data.path().join("ready.json");
        let start = Instant::now();
        let ready: Value = loop {
            let text = fs::read_to_string(&file).unwrap_or_default();
            if let Ok(ready) = serde_json::from_str(&text) {
                break ready;
            }
            assert!(start.elapsed() < PATIENCE, "it does not serve");
            std::thread::sleep(Duration::from_millis(20));
        };
        let token = fs::read_to_string(ready["token_file"].as_str().unwrap()).unwrap();
        let url = format!("http://{}", ready["http"].as_str().unwrap());
        Self { process, _data: data, url, token: token.trim().to_owned() }
    }

    /// Merges a file of the example; returns once the devices hold their targets.
    fn load(&self, name: &str) {
        let text = fs::read_to_string(root().join("examples/germany17").join(name)).unwrap();
        self.send("application/yang-data+xml", &text, name);
    }

    fn patch(&self, document: &Value) {
        self.comment_patch(document, "by the test");
    }

    fn comment_patch(&self, document: &Value, comment: &str) {
        self.send("application/yang-data+json", &document.to_string(), comment);
    }

    fn send(&self, media_type: &str, text: &str, comment: &str) {
        let agent: ureq::Agent =
            ureq::Agent::config_builder().http_status_as_error(false).build().into();
        let mut answer = agent
            .patch(format!("{}/restconf/data", self.url))
            .header("Authorization", format!("Bearer {}", self.token))
            .header("Content-Type", media_type)
            .header("Weft-Comment", comment)
            .send(text)
            .unwrap();
        let said = answer.body_mut().read_to_string().unwrap();
        assert_eq!(answer.status().as_u16(), 204, "{said}");
    }
}

impl Drop for Weft {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// What drives a browser.
struct Browser {
    chromium: PathBuf,
    playwright: PathBuf,
}

impl Browser {
    /// Says what is missing when something is.
    fn find() -> Option<Self> {
        let chromium = program("chromium");
        let playwright = playwright();
        let found = chromium.zip(playwright.clone()).filter(|_| program("node").is_some());
        if found.is_none() {
            let what = if playwright.is_none() { "playwright-core" } else { "node or chromium" };
            println!("skipped: no {what}; `cargo xtask ci prepare` installs it");
        }
        found.map(|(chromium, playwright)| Self { chromium, playwright })
    }

    fn open(&self, weft: &Weft) -> Page {
        let mut process = Command::new("node")
            .arg(root().join("web/tests/page.mjs"))
            .args([&self.chromium, &self.playwright])
            .args([&weft.url, &weft.token])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let input = process.stdin.take().unwrap();
        let output = BufReader::new(process.stdout.take().unwrap());
        Page { process, input, output, facts: Map::new() }
    }
}

fn program(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file())
}

/// Where the preparation of CI puts it: in Cargo's target folder, beside the profiles.
fn playwright() -> Option<PathBuf> {
    let target = Path::new(env!("CARGO_BIN_EXE_weft")).ancestors().nth(2)?;
    let folder = target.join("ci-node/node_modules/playwright-core");
    folder.is_dir().then_some(folder)
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The page in its browser.
struct Page {
    process: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    facts: Map<String, Value>,
}

impl Page {
    /// The next fact of this name that the page shows.
    fn fact(&mut self, name: &str) -> Value {
        while !self.facts.contains_key(name) {
            let mut line = String::new();
            let read = self.output.read_line(&mut line).unwrap();
            assert!(read > 0, "the browser ended before it told of '{name}'");
            let Value::Object(facts) = serde_json::from_str(&line).unwrap() else {
                panic!("not facts: {line}");
            };
            self.facts.extend(facts);
        }
        self.facts.remove(name).unwrap()
    }

    fn tell(&mut self, line: &str) {
        writeln!(self.input, "{line}").unwrap();
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
