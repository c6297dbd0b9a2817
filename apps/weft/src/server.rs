//! `weft up`: a whole controller on a data directory, wired and ended in order.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, Result};
use clap::Args;
use controller::{Handle, Started};
use northbound::{Access, CommitLog, Token};
use orchestrator::Limits;
use southbound::SchemaLookup;
use storage::Store;
use tokio::signal::unix::{SignalKind, signal};
use vocab::DeviceName;
use yang_data::Branch;

use crate::client::{READY, Ready};
use crate::device_log::DeviceLog;
use crate::fleet::{Fleet, Lab};
use crate::host_keys::StoredHostKeys;
use crate::network::{Addresses, Network};
use crate::{token, topology};

/// `weft up`.
#[derive(Args, Debug)]
pub(crate) struct Up {
    /// The network to run.
    #[arg(long)]
    pub(crate) network: Network,
    /// How routers and links of the backbone get their addresses.
    #[arg(long, default_value = "reference")]
    pub(crate) addresses: Addresses,
    /// Where the HTTP face listens; port 0 picks a free one.
    #[arg(long, default_value = "127.0.0.1:8080")]
    pub(crate) http: SocketAddr,
    /// Let a simulated router stand in for every device.
    #[arg(long)]
    pub(crate) simulate_devices: bool,
}

/// A controller that runs.
pub(crate) struct Running {
    /// The way to it.
    pub(crate) controller: Handle,
    /// Address of the HTTP face.
    pub(crate) http: SocketAddr,
    /// The login token.
    pub(crate) token: String,
    lab: Option<Lab>,
}

impl Running {
    /// What the simulated router of a device really runs.
    pub(crate) fn running_of_simulated(&self, name: &DeviceName) -> Option<Branch> {
        self.lab.as_ref()?.with(name.as_str(), virtual_router::VirtualRouter::running)
    }

    /// Returns when the process is told to stop (SIGTERM, SIGINT).
    pub(crate) async fn until_stopped(&self) {
        let (Ok(mut term), Ok(mut int)) =
            (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
        else {
            return std::future::pending().await;
        };
        tokio::select! {
            _ = term.recv() => {}
            _ = int.recv() => {}
        }
    }
}

/// Runs a controller until it is told to stop.
pub(crate) fn up(data: &Path, up: &Up) -> Result<()> {
    run(data, up, async |running| {
        println!("weft serves {} on http://{}", up.network.name(), running.http);
        println!("token in {}", token::file(data).display());
        running.until_stopped().await;
        Ok(())
    })
}

/// Starts a controller, does `work` with it, and ends it in order: no more requests, then
/// sessions, then the log.
pub(crate) fn run(
    data: &Path,
    up: &Up,
    work: impl AsyncFnOnce(&Running) -> Result<()>,
) -> Result<()> {
    let runtime = tokio::runtime::Runtime::new()?;
    let store = Store::open(data, &storage::Options::default())
        .with_context(|| format!("cannot open {}", data.display()))?;
    let store = Arc::new(store);
    runtime.block_on(async {
        let token = token::load_or_make(data)?;
        let (started, fleet, lab) = start(data, up, &store)?;
        let served = northbound::serve(northbound::Config {
            listen: up.http,
            access: Access::Tokens(vec![Token::new("operator", &token)]),
            network: up.network.name().to_owned(),
            controller: started.handle.clone(),
            log: Arc::clone(&store) as Arc<dyn CommitLog>,
            devices: Arc::new(fleet.clone()),
            topology: Arc::new(topology::of),
            limits: northbound::Limits::default(),
        })
        .await?;
        let running =
            Running { controller: started.handle.clone(), http: served.address, token, lab };
        let ready = data.join(READY);
        write_ready(&ready, data, &running, up)?;
        let result = work(&running).await;
        // Verbs find nobody from here on.
        let _ = fs::remove_file(&ready);
        served.shutdown().await;
        fleet.shutdown().await;
        tokio::task::spawn_blocking(move || started.stop()).await?;
        result
    })
}

fn start(data: &Path, up: &Up, store: &Arc<Store>) -> Result<(Started, Fleet, Option<Lab>)> {
    let system = up.network.system(up.addresses);
    let types = Arc::clone(&system);
    let schemas: SchemaLookup =
        Arc::new(move |name| Some(Arc::clone(types.device_type(name)?.schema())));
    let lab = up.simulate_devices.then(|| lab(data, &schemas)).transpose()?;
    let host_keys = Arc::new(StoredHostKeys(Arc::clone(store)));
    let mut made = None;
    let started = controller::start(system, Arc::clone(store), Limits::default(), |handle| {
        let log = Arc::new(DeviceLog::default());
        let fleet = Fleet::new(handle, host_keys, log, schemas, lab.clone());
        made = Some(fleet.clone());
        fleet
    })?;
    Ok((started, made.context("a started controller has a fleet")?, lab))
}

fn lab(data: &Path, schemas: &SchemaLookup) -> Result<Lab> {
    let keys: PathBuf = data.join("lab");
    fs::create_dir_all(&keys).with_context(|| format!("cannot make {}", keys.display()))?;
    Ok(Lab::new(keys, Arc::clone(schemas)))
}

/// Whole or not at all: other programs wait for this file.
fn write_ready(file: &Path, data: &Path, running: &Running, up: &Up) -> Result<()> {
    let ready = Ready {
        http: running.http.to_string(),
        token_file: fs::canonicalize(token::file(data))?,
        pid: std::process::id(),
        network: up.network.name().to_owned(),
    };
    let draft = file.with_extension("draft");
    fs::write(&draft, serde_json::to_string(&ready)?)?;
    fs::rename(&draft, file).with_context(|| format!("cannot write {}", file.display()))
}
