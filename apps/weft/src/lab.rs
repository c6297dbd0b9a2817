//! `weft lab`: simulated routers without a controller, with faults to switch.

use std::collections::BTreeMap;
use std::io::BufRead as _;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use clap::Args;
use virtual_router::{
    Cut, Faults, HostKey, Refusal, RouterConfig, RouterModel, Sources, User, VirtualRouter,
};

use crate::network::{Addresses, Network};

/// `weft lab`.
#[derive(Args, Debug)]
pub(crate) struct Lab {
    /// Network whose device types are simulated.
    #[arg(long, default_value = "backbone")]
    network: Network,
    /// Device type, such as CiscoIosXr_25_3_1; one router of each type when not given.
    #[arg(long = "type")]
    device_type: Option<String>,
    /// Routers per type.
    #[arg(long, default_value_t = 1)]
    count: u16,
    /// Port of the first router; free ports when not given.
    #[arg(long)]
    port: Option<u16>,
    /// Address to listen on.
    #[arg(long, default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    listen: IpAddr,
    /// Login name.
    #[arg(long, default_value = "admin")]
    user: String,
    /// Password.
    #[arg(long, default_value = "admin")]
    password: String,
}

const HELP: &str = "\
commands, a line each:
  show ROUTER                 its running configuration
  refuse ROUTER OPERATION     refuse an operation (commit, edit-config, validate, lock)
  delay ROUTER MILLISECONDS   answer late
  drop ROUTER                 cut its connections now
  drop-at-commit ROUTER       cut the connection when a commit comes
  lie ROUTER                  acknowledge commits and do nothing
  heal ROUTER                 no fault any more
  change ROUTER FILE          change it out of band by an edit-config document
  quit";

/// Runs routers until `quit` or the end of standard input.
pub(crate) fn lab(data: &Path, lab: &Lab) -> Result<()> {
    let runtime = tokio::runtime::Runtime::new()?;
    let routers = runtime.block_on(start(data, lab))?;
    for (name, router) in &routers {
        println!("{name}\t{}\t{}", router.model().device_type(), router.address());
    }
    println!("login {} / {}; `help` lists commands", lab.user, lab.password);
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        if line.trim() == "quit" {
            break;
        }
        match command(&routers, &line) {
            Ok(answer) => println!("{answer}"),
            Err(error) => println!("{error:#}"),
        }
    }
    Ok(())
}

async fn start(data: &Path, lab: &Lab) -> Result<BTreeMap<String, VirtualRouter>> {
    let system = lab.network.system(Addresses::default());
    let keys = data.join("lab");
    std::fs::create_dir_all(&keys).with_context(|| format!("cannot make {}", keys.display()))?;
    let mut ports = lab.port.map(|first| first..=u16::MAX);
    let mut routers = BTreeMap::new();
    let wanted = |name: &str| lab.device_type.as_deref().is_none_or(|wanted| wanted == name);
    for kind in system.device_types().filter(|kind| wanted(kind.name)) {
        let model = RouterModel::of_schema(kind.name, kind.schema().clone(), Sources::new());
        for number in 1..=lab.count {
            let name = format!("{}-{number}", kind.name.to_lowercase());
            let port = ports.as_mut().and_then(Iterator::next).unwrap_or(0);
            let config = RouterConfig {
                listen: SocketAddr::new(lab.listen, port),
                users: vec![User::with_password(&lab.user, &lab.password)],
                host_key: HostKey::File(keys.join(format!("{name}.key"))),
                ..RouterConfig::new(&name, model.clone())
            };
            let router = VirtualRouter::start(config).await.with_context(|| name.clone())?;
            routers.insert(name, router);
        }
    }
    if routers.is_empty() {
        bail!("no such device type; known are {}", system.device_type_names());
    }
    Ok(routers)
}

fn command(routers: &BTreeMap<String, VirtualRouter>, line: &str) -> Result<String> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let [verb, name, rest @ ..] = &words[..] else { return Ok(HELP.to_owned()) };
    let router = routers.get(*name).with_context(|| format!("no router {name}"))?;
    let mut faults = router.faults();
    match (*verb, rest) {
        ("show", []) => return Ok(router.running_xml()),
        ("refuse", [operation]) => {
            let tag = netconf_proto::ErrorTag::OperationFailed;
            faults.refusals.push(Refusal::always(operation, tag, "refused on purpose"));
        }
        ("delay", [milliseconds]) => faults.delay = Duration::from_millis(milliseconds.parse()?),
        ("drop", []) => router.cut_connections(),
        ("drop-at-commit", []) => faults.cut = Some(Cut::BeforeCommit),
        ("lie", []) => faults.lies = true,
        ("heal", []) => faults = Faults::default(),
        ("change", [file]) => router.change_out_of_band(&std::fs::read_to_string(file)?)?,
        _ => bail!("no such command\n{HELP}"),
    }
    router.set_faults(faults);
    Ok("done".to_owned())
}
