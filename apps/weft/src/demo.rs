//! `weft demo`: germany17 on simulated routers, from one intent to device configuration.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use clap::Args;
use comfy_table::Table;
use comfy_table::presets::NOTHING;
use indicatif::{ProgressBar, ProgressStyle};
use intent::Meta;
use orchestrator::{CommitDone, DeviceStatus, Reply};
use vocab::{DeviceName, Generation};
use yang_data::decode::DecodeOptions;
use yang_data::diff::diff_branch;
use yang_data::{Branch, xml};

use crate::device_log::now_unix_ms;
use crate::network::{Addresses, Network};
use crate::server::{Running, Up};

/// The network of the demo.
const NETWORK: &str = include_str!("../../../examples/germany17/network.xml");
/// Its customers.
const CUSTOMERS: &str = include_str!("../../../examples/germany17/customers.xml");
/// How long the devices may take.
const PATIENCE: Duration = Duration::from_secs(60);
/// Lines of a device's change that are shown; the page shows all.
const LINES_SHOWN: usize = 14;

/// `weft demo`.
#[derive(Args, Debug)]
pub(crate) struct Demo {
    /// End when every device holds its target; fail when one does not.
    #[arg(long)]
    once: bool,
    /// Where the page is served.
    #[arg(long, default_value = "127.0.0.1:8080")]
    http: SocketAddr,
    /// Keep the data here; a temporary directory when not given.
    #[arg(long)]
    keep: Option<PathBuf>,
}

/// A commit with what the devices did about it.
struct Story {
    done: CommitDone,
    took: Duration,
    durable_after: Duration,
    late: Vec<(DeviceName, DeviceStatus)>,
}

/// Runs the demo.
pub(crate) fn demo(demo: &Demo) -> Result<()> {
    let data = demo
        .keep
        .clone()
        .unwrap_or_else(|| std::env::temp_dir().join(format!("weft-demo-{}", std::process::id())));
    std::fs::create_dir_all(&data).with_context(|| format!("cannot make {}", data.display()))?;
    let up = Up {
        network: Network::Backbone,
        addresses: Addresses::Allocated,
        http: if demo.once { SocketAddr::from(([127, 0, 0, 1], 0)) } else { demo.http },
        simulate_devices: true,
    };
    let result = crate::server::run(&data, &up, async |running| {
        let all_hold = show(running).await?;
        if demo.once {
            return if all_hold { Ok(()) } else { bail!("not every device holds its target") };
        }
        what_next(running, &data);
        running.until_stopped().await;
        Ok(())
    });
    if demo.keep.is_none() {
        // Nobody will look for it.
        let _ = std::fs::remove_dir_all(&data);
    }
    result
}

async fn show(running: &Running) -> Result<bool> {
    println!("Weft demo: germany17, 17 routers of three vendors, 26 links, 4 customers\n");
    println!("1. The network: routers, links, IS-IS, iBGP mesh");
    let network = commit(running, NETWORK, "germany17: routers and links").await?;
    tell(running, &network, &BTreeMap::new());
    let before = targets(running);
    println!("\n2. The customers: four L3VPNs with 17 sites");
    let customers = commit(running, CUSTOMERS, "four customers").await?;
    tell(running, &customers, &before);
    let all_hold = proof(running);
    Ok(all_hold && network.late.is_empty() && customers.late.is_empty())
}

/// Commits a document and waits for the devices, with progress.
async fn commit(running: &Running, document: &str, comment: &str) -> Result<Story> {
    let controller = &running.controller;
    let validator = controller.system().layer_validator(0).context("no top layer")?;
    let edit = xml::parse_edit(validator.types(), document, &DecodeOptions::default());
    let edit = edit.map_err(|errors| anyhow::anyhow!("{}", errors[0]))?;
    let meta =
        Meta { author: "demo".into(), comment: Some(comment.into()), time_unix_ms: now_unix_ms() };
    let start = Instant::now();
    let done = match controller.commit(meta, edit, None).await? {
        Reply::Committed(done) => done,
        other => bail!("the commit was refused: {other:?}"),
    };
    let durable_after = start.elapsed();
    let watch = tokio::spawn(progress(running.controller.clone(), done.generation));
    let late = settle(running, &done).await;
    let took = start.elapsed();
    watch.abort();
    Ok(Story { done, took, durable_after, late })
}

/// Devices that come into the intent with the commit get a target only once they are connected:
/// so all of the inventory is waited for.
async fn settle(running: &Running, done: &CommitDone) -> Vec<(DeviceName, DeviceStatus)> {
    let controller = &running.controller;
    let all: Vec<DeviceName> =
        controller.view().devices.iter().map(|device| device.name.clone()).collect();
    controller.settled(done.generation, &all, PATIENCE).await
}

async fn progress(controller: controller::Handle, generation: Generation) {
    let mut views = controller.watch();
    let total = controller.view().devices.len() as u64;
    let bar = ProgressBar::new(total);
    let style = ProgressStyle::with_template("   {bar:34} {pos}/{len} devices hold their target");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    loop {
        let held = views
            .borrow_and_update()
            .devices
            .iter()
            .filter(|device| {
                device.status == DeviceStatus::InSync && device.held_generation >= Some(generation)
            })
            .count();
        bar.set_position(held as u64);
        if views.changed().await.is_err() {
            return;
        }
    }
}

fn targets(running: &Running) -> BTreeMap<DeviceName, Branch> {
    let view = running.controller.view();
    view.head.state.devices().map(|(name, target)| (name, target.config)).collect()
}

/// Prints what a commit changed on which device.
fn tell(running: &Running, story: &Story, before: &BTreeMap<DeviceName, Branch>) {
    let view = running.controller.view();
    let mut table = Table::new();
    table.load_style(NOTHING).set_header(["   DEVICE", "TYPE", "CHANGES", "STATUS"]);
    let mut shown: BTreeMap<String, (DeviceName, Vec<String>)> = BTreeMap::new();
    let none = Branch::default();
    for (name, target) in view.head.state.devices() {
        let Some(kind) = running.controller.system().device_type(target.device_type) else {
            continue;
        };
        let old = before.get(&name).unwrap_or(&none);
        let change = diff_branch(kind.schema(), old, &target.config);
        let lines: Vec<String> = change.text(kind.schema()).lines().map(str::to_owned).collect();
        if lines.is_empty() {
            continue;
        }
        let status = view.devices.get(&name).map_or("gone", |device| device.status.word());
        let (device, changes) = (format!("   {name}"), lines.len().to_string());
        table.add_row([device, target.device_type.to_owned(), changes, status.to_owned()]);
        shown.entry(target.device_type.to_owned()).or_insert((name, lines));
    }
    println!("{table}");
    for (device_type, (name, lines)) in &shown {
        println!("\n   {name} ({device_type}):");
        lines.iter().take(LINES_SHOWN).for_each(|line| println!("     {line}"));
        if lines.len() > LINES_SHOWN {
            println!("     … {} lines more", lines.len() - LINES_SHOWN);
        }
    }
    println!(
        "\n   generation {}: {} transforms ran, durable after {:.1} ms, last device confirmed \
         after {:.0} ms",
        story.done.generation,
        story.done.runs.len(),
        story.durable_after.as_secs_f64() * 1e3,
        story.took.as_secs_f64() * 1e3,
    );
    for (name, status) in &story.late {
        println!("   {name} is {}: {}", status.word(), status.detail());
    }
}

/// Compares what each router really runs with its target.
fn proof(running: &Running) -> bool {
    let (mut equal, mut count) = (0, 0);
    for (name, target) in running.controller.view().head.state.devices() {
        count += 1;
        let runs = running.running_of_simulated(&name);
        if runs.as_ref() == Some(&target.config) {
            equal += 1;
        } else {
            println!("   {name} does not run its target");
        }
    }
    println!("\n3. Proof: {equal} of {count} routers run exactly their target");
    equal == count && count > 0
}

fn what_next(running: &Running, data: &std::path::Path) {
    let (http, token, data) = (running.http, &running.token, data.display());
    println!(
        "\nIt goes on running. Look at it:\n\n   http://{http}/#token={token}\n\n\
         In another terminal, try:\n\n   \
         weft --data {data} devices\n   \
         weft --data {data} log\n   \
         weft --data {data} get netinfra:netinfra/router=BER-CORE-1\n   \
         weft --data {data} edit --set 'netinfra:netinfra/router=BER-CORE-1/role=edge'\n   \
         weft --data {data} diff\n   \
         weft --data {data} commit -m 'Berlin is an edge router now'\n\nCtrl-C ends it.",
    );
}
