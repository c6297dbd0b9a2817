//! The router against a client that others wrote: ncclient.

#![allow(clippy::unwrap_used, reason = "a test panics")]

mod support;

use std::process::Stdio;

#[tokio::test(flavor = "multi_thread")]
async fn ncclient_finds_what_rfc_6241_promises() {
    let Some(python) = support::python() else {
        println!("skipped: no Python with ncclient (WEFT_VENV, target/ci-venv)");
        return;
    };
    let router = support::router(|_| {}).await;
    let address = router.address();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/acceptance/steps.py");
    let output = tokio::process::Command::new(python)
        .arg(script)
        .args([&address.ip().to_string(), &address.port().to_string()])
        .args(["admin", "admin"])
        .stdin(Stdio::null())
        .output()
        .await
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    println!("{said}");
    assert!(output.status.success(), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(said.lines().count(), 11);
}
