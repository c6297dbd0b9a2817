//! `weft approvals` and `weft approve`: deciding on changes of devices that wait for it.

use std::io::{BufRead as _, Write as _};
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use clap::Args;
use serde_json::{Value, json};

use crate::client::Client;
use crate::verbs::{Format, escape, table};

/// `weft approve`.
#[derive(Args, Debug)]
pub(crate) struct Approve {
    /// The device.
    device: String,
    /// Reject the change instead.
    #[arg(long)]
    reject: bool,
    /// Do not ask.
    #[arg(short, long)]
    yes: bool,
    /// Why, for the log.
    #[arg(short = 'm', long)]
    comment: Option<String>,
}

/// Lists the changes that wait for approval.
pub(crate) fn approvals(data: &Path, format: Format) -> Result<()> {
    let answer = Client::of(data)?.get_json("/config-queue")?;
    if format != Format::Table {
        println!("{answer:#}");
        return Ok(());
    }
    let mut rows = Vec::new();
    for device in answer["devices"].as_array().into_iter().flatten() {
        for item in device["items"].as_array().into_iter().flatten() {
            let mut row = item.clone();
            row["device_id"] = device["device_id"].clone();
            rows.push(row);
        }
    }
    let names = ["device_id", "queue_id", "device_txid"];
    println!("{}", table(&["DEVICE", "CHANGE", "DEVICE TXID"], &names, &Value::Array(rows)));
    Ok(())
}

/// Shows the change that waits for a device, and decides on it.
pub(crate) fn approve(data: &Path, verb: &Approve) -> Result<()> {
    let client = Client::of(data)?;
    let device = escape(&verb.device);
    let record = client.get_json(&format!("/api/v1/devices/{device}"))?;
    let Some(number) = record["awaiting"]["queue_id"].as_str() else {
        bail!("nothing waits for approval on {}", verb.device);
    };
    let item = format!("/device/{device}/q/{number}");
    // What is decided on is what is shown: its name comes with it.
    let shown = client.get_json(&format!("{item}?format=text"))?;
    println!("{}", shown["config_diff"].as_str().unwrap_or_default().trim_end());
    let what = if verb.reject { "reject" } else { "approve" };
    if !verb.yes && !is_sure(what, &verb.device)? {
        bail!("nothing was decided");
    }
    let mut headers = Vec::new();
    if let Some(comment) = &verb.comment {
        headers.push(("Weft-Comment", comment.as_str()));
    }
    let body = json!({ "device_txid": shown["device_txid"], "approved": !verb.reject });
    client.post_json(&format!("{item}/set_approval"), &headers, &body)?.good()?;
    let done = if verb.reject { "rejected" } else { "approved" };
    println!("{done}: change {number} of {}", verb.device);
    Ok(())
}

fn is_sure(what: &str, device: &str) -> Result<bool> {
    print!("{what} this change of {device}? [y/N] ");
    std::io::stdout().flush().context("cannot ask")?;
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).context("cannot read the answer")?;
    Ok(matches!(line.trim(), "y" | "Y" | "yes"))
}
