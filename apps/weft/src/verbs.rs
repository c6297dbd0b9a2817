//! The operator's verbs: each asks a running controller and prints what it says.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use clap::{Args, ValueEnum};
use comfy_table::Table;
use comfy_table::presets::NOTHING;
use serde_json::Value;

use crate::candidate::Candidate;
use crate::client::Client;
use crate::network::{Addresses, Network};

/// Media type of a YANG Patch (RFC 8072).
const YANG_PATCH: &str = "application/yang-patch+json";

/// How to print.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Columns for people.
    #[default]
    Table,
    /// JSON.
    Json,
    /// XML, for data.
    Xml,
}

/// `weft get`.
#[derive(Args, Debug)]
pub(crate) struct Get {
    /// Where, such as netinfra:netinfra/router=AMS-CORE-1; everything when not given.
    #[arg(default_value = "")]
    path: String,
    /// A device's configuration instead of the intent.
    #[arg(long)]
    device: Option<String>,
    /// With --device: target, running or diff.
    #[arg(long, default_value = "target", requires = "device")]
    view: String,
    /// A layer instead of the intent, 0 being the top one.
    #[arg(long, conflicts_with = "device")]
    layer: Option<usize>,
    /// json or xml.
    #[arg(short, long, default_value = "json")]
    output: Format,
}

/// `weft edit`.
#[derive(Args, Debug)]
pub(crate) struct Edit {
    /// Documents to merge, XML or JSON; `-` is standard input.
    files: Vec<PathBuf>,
    /// Sets a leaf: PATH=VALUE.
    #[arg(long, value_name = "PATH=VALUE")]
    set: Vec<String>,
    /// Deletes what is at a path.
    #[arg(long, value_name = "PATH")]
    delete: Vec<String>,
}

/// `weft commit`.
#[derive(Args, Debug)]
pub(crate) struct Commit {
    /// Why, for the log.
    #[arg(short = 'm', long)]
    comment: Option<String>,
    /// Do not wait for the devices.
    #[arg(long = "async")]
    is_async: bool,
    /// Show what would change and change nothing.
    #[arg(long)]
    dry_run: bool,
}

/// `weft log`.
#[derive(Args, Debug)]
pub(crate) struct Log {
    /// One commit whole.
    generation: Option<u64>,
    /// Number of commits, newest first.
    #[arg(short = 'n', long, default_value_t = 20)]
    limit: usize,
    /// table or json.
    #[arg(short, long, default_value = "table")]
    output: Format,
}

/// `weft explain`.
#[derive(Args, Debug)]
pub(crate) struct Explain {
    /// The device.
    device: String,
    /// A node of its configuration, such as /module:container/list[key='value']/leaf.
    path: String,
}

/// Prints data of the intent, a layer or a device.
pub(crate) fn get(data: &Path, verb: &Get) -> Result<()> {
    let client = Client::of(data)?;
    let is_xml = verb.output == Format::Xml;
    let accept = if is_xml { "application/yang-data+xml" } else { "application/yang-data+json" };
    let path = match (&verb.device, verb.layer) {
        (Some(device), _) => {
            let format = if is_xml { "xml" } else { "json" };
            format!("/device/{device}/{}?format={format}", verb.view)
        }
        (None, Some(layer)) => format!("/layer/{layer}"),
        (None, None) => format!("/restconf/data/{}", verb.path.trim_start_matches('/')),
    };
    let accept = if verb.device.is_some() { "*/*" } else { accept };
    println!("{}", client.get(path.trim_end_matches('/'), accept)?.good()?.body.trim_end());
    Ok(())
}

/// Adds edits to the candidate.
pub(crate) fn edit(data: &Path, verb: &Edit) -> Result<()> {
    let client = Client::of(data)?;
    let network = Network::from_str(&client.network, true)
        .map_err(|_| anyhow::anyhow!("this program does not know network {}", client.network))?;
    let system = network.system(Addresses::default());
    let mut candidate = Candidate::load(data)?;
    for file in &verb.files {
        let text = read(file)?;
        candidate.merge_document(&system, &text).with_context(|| file.display().to_string())?;
    }
    for set in &verb.set {
        let (target, value) =
            set.rsplit_once('=').with_context(|| format!("{set}: say PATH=VALUE"))?;
        candidate.set_leaf(&system, target, value)?;
    }
    for target in &verb.delete {
        candidate.delete(&system, target)?;
    }
    candidate.save(data)?;
    println!("{} edits in the candidate; see `weft diff`, then `weft commit`", candidate.len());
    Ok(())
}

fn read(file: &Path) -> Result<String> {
    if file == Path::new("-") {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text)?;
        return Ok(text);
    }
    std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))
}

/// Shows what the candidate would change on which device.
pub(crate) fn diff(data: &Path) -> Result<()> {
    let candidate = filled(data)?;
    let path = "/restconf/data?dry-run=text";
    let answer = Client::of(data)?.patch(path, YANG_PATCH, &[], &candidate.patch())?.good()?;
    println!("{}", answer.body.trim_end());
    Ok(())
}

/// Commits the candidate.
pub(crate) fn commit(data: &Path, verb: &Commit) -> Result<()> {
    if verb.dry_run {
        return diff(data);
    }
    let candidate = filled(data)?;
    let mut headers = Vec::new();
    if let Some(comment) = &verb.comment {
        headers.push(("Weft-Comment", comment.as_str()));
    }
    if verb.is_async {
        headers.push(("Async", "true"));
    }
    let client = Client::of(data)?;
    let answer = client.patch("/restconf/data", YANG_PATCH, &headers, &candidate.patch())?;
    let answer = answer.good()?;
    Candidate::default().save(data)?;
    let generation = answer.generation.as_deref().unwrap_or("?");
    match (&answer.devices, verb.is_async) {
        (Some(devices), _) => bail!("committed as generation {generation}, but {devices}"),
        (None, true) => println!("committed as generation {generation}"),
        (None, false) => {
            println!("committed as generation {generation}; all devices hold their target");
        }
    }
    Ok(())
}

fn filled(data: &Path) -> Result<Candidate> {
    let candidate = Candidate::load(data)?;
    if candidate.is_empty() {
        bail!("the candidate is empty: add to it with `weft edit`");
    }
    Ok(candidate)
}

/// Drops the candidate.
pub(crate) fn discard(data: &Path) -> Result<()> {
    Candidate::default().save(data)
}

/// Lists the devices.
pub(crate) fn devices(data: &Path, format: Format) -> Result<()> {
    let answer = Client::of(data)?.get_json("/api/v1/devices")?;
    if format != Format::Table {
        println!("{answer:#}");
        return Ok(());
    }
    let titles = ["DEVICE", "TYPE", "STATUS", "HELD", "TARGET", "DETAIL"];
    let names = ["name", "type", "status", "held_generation", "target_generation", "detail"];
    println!("{}", table(&titles, &names, &answer["devices"]));
    Ok(())
}

/// Lists commits, or shows one.
pub(crate) fn log(data: &Path, verb: &Log) -> Result<()> {
    let client = Client::of(data)?;
    if let Some(generation) = verb.generation {
        let commit = client.get_json(&format!("/api/v1/commits/{generation}"))?;
        println!("{commit:#}");
        return Ok(());
    }
    let answer = client.get_json(&format!("/api/v1/commits?limit={}", verb.limit))?;
    if verb.output != Format::Table {
        println!("{answer:#}");
        return Ok(());
    }
    let titles = ["GENERATION", "TIME (MS)", "KIND", "AUTHOR", "DEVICE", "COMMENT"];
    let names = ["generation", "time_unix_ms", "kind", "author", "device", "comment"];
    println!("{}", table(&titles, &names, &answer["commits"]));
    Ok(())
}

/// Tells where a node of a device's configuration comes from.
pub(crate) fn explain(data: &Path, verb: &Explain) -> Result<()> {
    let query = format!("device={}&path={}", escape(&verb.device), escape(&verb.path));
    let answer = Client::of(data)?.get_json(&format!("/api/v1/explain?{query}"))?;
    println!("{answer:#}");
    Ok(())
}

/// Percent-encodes a query value or a segment of a path (RFC 3986).
pub(crate) fn escape(text: &str) -> String {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~".contains(byte);
    text.bytes()
        .map(|byte| match plain(&byte) {
            true => char::from(byte).to_string(),
            false => format!("%{byte:02X}"),
        })
        .collect()
}

pub(crate) fn table(titles: &[&str], names: &[&str], rows: &Value) -> Table {
    let mut table = Table::new();
    table.load_style(NOTHING).set_header(titles);
    for row in rows.as_array().into_iter().flatten() {
        table.add_row(names.iter().map(|name| match &row[*name] {
            Value::Null => String::new(),
            Value::String(text) => text.clone(),
            other => other.to_string(),
        }));
    }
    table
}
