//! Service transactions: each validated, worked down, and durable before the next answer.
//!
//! The reference system takes 12.2 s for the first table's 800 creations, in memory; the last
//! ones take longer than the first.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use backbone::{Addressing, Options};
use controller::{DeviceDriver, Handle, Started, Threads};
use intent::Meta;
use orchestrator::{Limits, Reply, Target};
use storage::Store;
use vocab::DeviceName;
use yang_data::decode::DecodeOptions;
use yang_data::edit::Edit;
use yang_data::xml;

use crate::machine;
use crate::network::{self, ENDPOINTS};
use crate::table::{Report, Table, mib, ms, percentile};

/// Services that are committed at once while a network is built.
const BATCH: usize = 200;
/// The reference system's time for the first table.
const REFERENCE: Duration = Duration::from_millis(12_200);
/// Runs of the first table, each from an empty log.
const RUNS: usize = 5;
/// First word of the arguments of a process that builds one network and measures it.
const CHILD: &str = "--one-network";

/// All devices are simulated in process: nothing is ever driven.
struct NoDevices;

impl DeviceDriver for NoDevices {
    fn drive(&mut self, _: Target) {}
    fn release(&mut self, _: &DeviceName) {}
}

/// A running controller on a data directory.
struct Bench {
    started: Started,
    runtime: tokio::runtime::Runtime,
}

impl Bench {
    fn start(data: &Path) -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let store = Arc::new(Store::open(data, &storage::Options::default())?);
        let system = backbone::system(Options { addressing: Addressing::Allocated });
        let system = Arc::new(system.with_executor(Arc::new(Threads::default())));
        let started = controller::start(system, store, Limits::default(), |_| NoDevices)?;
        Ok(Self { started, runtime })
    }

    fn commit(&self, document: &str) -> Result<Duration> {
        self.runtime.block_on(commit(self.started.handle.clone(), document.to_owned()))
    }
}

/// One durable transaction, from text to answer.
async fn commit(handle: Handle, document: String) -> Result<Duration> {
    let start = Instant::now();
    let edit = parse(&handle, &document)?;
    let meta = Meta { author: "bench".into(), ..Meta::default() };
    match handle.commit(meta, edit, None).await? {
        Reply::Committed(_) => Ok(start.elapsed()),
        other => bail!("refused: {other:?}"),
    }
}

fn parse(handle: &Handle, document: &str) -> Result<Edit> {
    let validator = handle.system().layer_validator(0).context("no top layer")?;
    let edit = xml::parse_edit(validator.types(), document, &DecodeOptions::default());
    edit.map_err(|errors| anyhow::anyhow!("{}", errors[0]))
}

/// Runs the benchmark.
pub(crate) fn run(report: &mut Report) -> Result<()> {
    creations(report)?;
    sizes(report)
}

fn creations(report: &mut Report) -> Result<()> {
    let (count, routers) = if report.smoke { (20, 8) } else { (800, 32) };
    let title = format!("{count} VPN creations, {ENDPOINTS} endpoints each, {routers} routers");
    let mut table = Table::new(
        &title,
        &[
            "clients",
            "total",
            "per second",
            "p50",
            "p99",
            "median first 100 / last 100",
            "reference 12.2 s",
        ],
    );
    for clients in [1, 32] {
        let runs = (0..RUNS).map(|_| one_run(clients, count, routers));
        let mut runs = runs.collect::<Result<Vec<_>>>()?;
        runs.sort_by_key(|run| run.total);
        let total = runs[RUNS / 2].total;
        let all = |part: fn(&[Duration]) -> &[Duration]| -> Vec<Duration> {
            runs.iter().flat_map(|run| part(&run.took)).copied().collect()
        };
        let first = median(&all(|took| &took[..took.len().min(100)]));
        let last = median(&all(|took| &took[took.len().saturating_sub(100)..]));
        let mut sorted = all(|took| took);
        sorted.sort();
        table.row([
            clients.to_string(),
            ms(total),
            format!("{:.0}", f64::from(u32::try_from(count)?) / total.as_secs_f64()),
            ms(percentile(&sorted, 50)),
            ms(percentile(&sorted, 99)),
            format!("{} / {} ({:+.0} %)", ms(first), ms(last), change(first, last)),
            if report.smoke { "–".into() } else { crate::table::ratio(total, Some(REFERENCE)) },
        ]);
    }
    table.note(
        "Each creation is a transaction of its own: one VPN and its sites, from XML to an answer \
         after the flush of the log. Devices accept at once. Each row is five runs from an empty \
         log: the total is their median, the latencies are those of all.",
    );
    report.add(&table);
    Ok(())
}

/// The creations of one run.
struct Creations {
    total: Duration,
    took: Vec<Duration>,
}

fn one_run(clients: usize, count: usize, routers: usize) -> Result<Creations> {
    let data = tempfile::tempdir()?;
    let bench = Bench::start(data.path())?;
    bench.commit(&network::routers(0, routers))?;
    let start = Instant::now();
    let took = create(&bench, clients, count, routers)?;
    let total = start.elapsed();
    bench.started.stop();
    Ok(Creations { total, took })
}

fn create(bench: &Bench, clients: usize, count: usize, routers: usize) -> Result<Vec<Duration>> {
    bench.runtime.block_on(async {
        let mut took = Vec::with_capacity(count);
        let mut tasks = std::collections::VecDeque::new();
        for vpn in 0..count {
            if tasks.len() == clients {
                let oldest: tokio::task::JoinHandle<Result<Duration>> =
                    tasks.pop_front().context("a task")?;
                took.push(oldest.await??);
            }
            let document = network::services(vpn, vpn + 1, routers);
            tasks.push_back(tokio::spawn(commit(bench.started.handle.clone(), document)));
        }
        for task in tasks {
            took.push(task.await??);
        }
        Ok(took)
    })
}

fn median(took: &[Duration]) -> Duration {
    let mut sorted = took.to_vec();
    sorted.sort();
    percentile(&sorted, 50)
}

fn change(first: Duration, last: Duration) -> f64 {
    (last.as_secs_f64() / first.as_secs_f64() - 1.0) * 100.0
}

/// Each size in a process of its own, so that its peak memory is its own.
fn sizes(report: &mut Report) -> Result<()> {
    let sizes: &[usize] = if report.smoke { &[8] } else { &[10, 100, 1000] };
    let services = if report.smoke { 50 } else { 10_000 };
    let mut table = Table::new(
        &format!("One-service commits into networks with {services} services"),
        &["routers", "build", "p50", "p99", "peak memory", "restart", "instances"],
    );
    for routers in sizes {
        let out = Command::new(std::env::current_exe()?)
            .args([CHILD, &routers.to_string(), &services.to_string()])
            .stderr(std::process::Stdio::inherit())
            .output()?;
        let text = String::from_utf8(out.stdout)?;
        let cells: Vec<String> = text.trim().split('\t').map(str::to_owned).collect();
        let cells: [String; 7] = cells.try_into().ok().context("the measuring process failed")?;
        table.row(cells);
    }
    table.note(
        "200 commits, each one more VPN with its sites, each durable. Routers are in autonomous \
         systems of 50. The restart is from the end of one controller to the next one serving, \
         from the same data directory.",
    );
    report.add(&table);
    Ok(())
}

/// Runs the measuring process when the arguments say so.
pub(crate) fn child(mut arguments: std::env::Args) -> Option<Result<()>> {
    if arguments.nth(1)? != CHILD {
        return None;
    }
    let mut number = || arguments.next()?.parse().ok();
    let (routers, services) = (number()?, number()?);
    Some(one_network(routers, services))
}

fn one_network(routers: usize, services: usize) -> Result<()> {
    let data = tempfile::tempdir()?;
    let bench = Bench::start(data.path())?;
    let start = Instant::now();
    for first in (0..routers).step_by(50) {
        bench.commit(&network::routers(first, routers.min(first + 50)))?;
    }
    for first in (0..services).step_by(BATCH) {
        bench.commit(&network::services(first, services.min(first + BATCH), routers))?;
    }
    let build = start.elapsed();
    let mut took = Vec::new();
    for vpn in services..services + 200 {
        took.push(bench.commit(&network::services(vpn, vpn + 1, routers))?);
    }
    took.sort();
    let instances = bench.started.handle.view().head.state.instance_count();
    let peak = machine::peak_memory();
    let Bench { started, runtime } = bench;
    started.stop();
    drop(runtime);
    let start = Instant::now();
    let bench = Bench::start(data.path())?;
    let restart = start.elapsed();
    bench.started.stop();
    println!(
        "{routers}\t{}\t{}\t{}\t{}\t{}\t{instances}",
        ms(build),
        ms(percentile(&took, 50)),
        ms(percentile(&took, 99)),
        mib(peak),
        ms(restart),
    );
    Ok(())
}
