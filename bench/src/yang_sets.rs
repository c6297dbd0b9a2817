//! YANG compilation beside libyang (`yanglint`) and `pyang`, on the same files.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use yang::{Compiler, Lenient, Options, Schema};

use crate::machine;
use crate::table::{Report, Table, mib, ms, ratio};

/// A set of modules.
struct Set {
    name: &'static str,
    folder: &'static str,
    /// A module whose features yanglint must be told to turn on, and to read first.
    features: Option<&'static str>,
    /// Whether only the newest revisions that yanglint accepts one by one are compiled: as a whole
    /// the set has mistakes that it does not forgive.
    is_chosen: bool,
    /// Whether it is small enough for a smoke run.
    is_small: bool,
}

impl Set {
    const fn new(name: &'static str, folder: &'static str) -> Self {
        Self { name, folder, features: None, is_chosen: false, is_small: false }
    }
}

const SETS: [Set; 5] = [
    Set::new("IOS XR 25.3.1", "models/CiscoIosXr_25_3_1"),
    Set::new("Junos cRPD 24.4", "models/JuniperCRPD_24_4R1_9"),
    Set {
        features: Some("srl_nokia-features"),
        is_small: true,
        ..Set::new("SR Linux 25.3.2", "models/NokiaSRLinux_25_3_2")
    },
    Set { is_chosen: true, ..Set::new("IETF and IANA, newest that yanglint accepts", "ietf-yang") },
    Set::new("IETF and IANA, all", "ietf-yang"),
];

/// Runs of each of the quick ones: the best one is theirs.
const RUNS: usize = 3;

/// Runs the benchmark.
pub(crate) fn run(report: &mut Report) -> Result<()> {
    let Some(vectors) = machine::vectors() else {
        println!("yang: skipped: no ../shared");
        return Ok(());
    };
    let mut table = Table::new(
        "YANG compilation, one core",
        &[
            "set",
            "modules",
            "weft",
            "weft peak",
            "cache open",
            "yanglint",
            "yanglint peak",
            "ratio",
            "pyang",
            "pyang peak",
            "ratio",
        ],
    );
    for set in SETS.iter().filter(|set| set.is_small || !report.smoke) {
        let folder = vectors.join(set.folder);
        let files = match set.is_chosen {
            true => chosen(&folder)?,
            false => files(&folder)?,
        };
        let own = (0..RUNS).map(|_| compile(&folder, &files)).collect::<Result<Vec<_>>>()?;
        let own = own.into_iter().min_by_key(|own| own.took).context("runs")?;
        let libyang = (0..RUNS).filter_map(|_| machine::peer(&mut yanglint(set, &folder, &files)));
        let libyang = libyang.min();
        let pyang = machine::peer(&mut pyang(&folder, &files));
        let peer = |peer: Option<(Duration, u64)>| {
            peer.map_or(("–".to_owned(), "–".to_owned()), |(took, peak)| (ms(took), mib(peak)))
        };
        let ((libyang_took, libyang_peak), (pyang_took, pyang_peak)) = (peer(libyang), peer(pyang));
        table.row([
            set.name.to_owned(),
            files.len().to_string(),
            ms(own.took),
            mib(own.peak),
            ms(own.open),
            libyang_took,
            libyang_peak,
            ratio(own.took, libyang.map(|peer| peer.0)),
            pyang_took,
            pyang_peak,
            ratio(own.took, pyang.map(|peer| peer.0)),
        ]);
    }
    table.note(
        "Ratio: how many times longer the peer takes; – where it is absent or fails. Of weft and \
         yanglint the best of three runs, of pyang one.",
    );
    report.add(&table);
    Ok(())
}

/// Own figures.
struct Own {
    took: Duration,
    peak: u64,
    open: Duration,
}

/// The `.yang` files of a folder and its subfolders, by name.
fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut pending = vec![folder.to_owned()];
    while let Some(folder) = pending.pop() {
        for entry in std::fs::read_dir(&folder)? {
            let path = entry?.path();
            if path.is_dir() {
                pending.push(path);
            } else if path.extension().is_some_and(|extension| extension == "yang") {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}

/// First word of the arguments of a process that compiles one set.
const CHILD: &str = "--one-set";

/// Runs the measuring process when the arguments say so.
pub(crate) fn child(mut arguments: std::env::Args) -> Option<Result<()>> {
    if arguments.nth(1)? != CHILD {
        return None;
    }
    let (folder, list) = (arguments.next()?, arguments.next()?);
    Some(one_set(Path::new(&folder), Path::new(&list)))
}

/// Reads and compiles a set, the files that a list names and what they import from a folder, then
/// opens its cache, and prints the figures in microseconds and bytes.
fn one_set(folder: &Path, list: &Path) -> Result<()> {
    let list = std::fs::read_to_string(list)?;
    let wanted: BTreeSet<_> = list.lines().map(PathBuf::from).collect();
    let all = files(folder)?;
    let start = Instant::now();
    let schema = compile_files(&wanted, &all)?;
    let (took, peak) = (start.elapsed(), machine::peak_memory());
    let scratch = tempfile::tempdir()?;
    let cache = scratch.path().join("schema");
    std::fs::write(&cache, schema.to_bytes())?;
    let start = Instant::now();
    let opened = Schema::from_bytes(&std::fs::read(&cache)?)?;
    let open = start.elapsed();
    if opened.node_count() != schema.node_count() {
        bail!("the cached schema differs");
    }
    println!("{} {peak} {}", took.as_micros(), open.as_micros());
    Ok(())
}

/// The figures of a set, from a process of its own: its peak memory is that of the set.
fn compile(folder: &Path, files: &[PathBuf]) -> Result<Own> {
    let scratch = tempfile::tempdir()?;
    let list = scratch.path().join("list");
    let lines: Vec<_> = files.iter().map(|file| file.display().to_string()).collect();
    std::fs::write(&list, lines.join("\n"))?;
    let out = Command::new(std::env::current_exe()?)
        .arg(CHILD)
        .arg(folder)
        .arg(list)
        .stderr(std::process::Stdio::inherit())
        .output()?;
    let text = String::from_utf8(out.stdout)?;
    let mut numbers = text.split_whitespace().filter_map(|word| word.parse::<u64>().ok());
    let mut number = || numbers.next().context("the measuring process failed");
    let took = Duration::from_micros(number()?);
    let peak = number()?;
    Ok(Own { took, peak, open: Duration::from_micros(number()?) })
}

fn compile_files(wanted: &BTreeSet<PathBuf>, all: &[PathBuf]) -> Result<Schema> {
    let options = Options { lenient: Lenient::vendor(), ..Options::default() };
    let mut compiler = Compiler::new(options);
    for file in all {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let text = std::fs::read_to_string(file)?;
        match wanted.contains(file) {
            true => compiler.add(&name, text),
            false => compiler.add_import_only(&name, text),
        }
    }
    let compiled = compiler.compile();
    let first = compiled.errors().next().map(ToString::to_string);
    compiled.schema.with_context(|| first.unwrap_or_default())
}

/// The newest revision of each module, where yanglint accepts it by itself.
fn chosen(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut newest = BTreeMap::new();
    for file in main_modules(&files(folder)?) {
        let stem = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let (module, revision) = stem.split_once('@').unwrap_or((&stem, ""));
        let known = newest.entry(module.to_owned()).or_insert((String::new(), PathBuf::new()));
        if revision >= known.0.as_str() {
            *known = (revision.to_owned(), file.clone());
        }
    }
    let files = newest.into_values().map(|(_, file)| file);
    let accepts = |file: &PathBuf| {
        let mut command = Command::new("yanglint");
        command.args(places(folder)).arg(file);
        machine::peer(&mut command).is_some()
    };
    Ok(files.filter(accepts).collect())
}

/// Where a peer looks for imports: the folder and those in it.
fn places(folder: &Path) -> Vec<OsString> {
    let inner = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let inner = inner.map(|entry| entry.path()).filter(|path| path.is_dir());
    let folders = std::iter::once(folder.to_owned()).chain(inner);
    folders.flat_map(|folder| ["-p".into(), folder.into_os_string()]).collect()
}

fn yanglint(set: &Set, folder: &Path, files: &[PathBuf]) -> Command {
    let mut command = Command::new("yanglint");
    command.args(places(folder));
    if let Some(module) = set.features {
        command.args(["-F", &format!("{module}:*")]);
        command.arg(folder.join(format!("{module}.yang")));
    }
    command.args(main_modules(files));
    command
}

fn pyang(folder: &Path, files: &[PathBuf]) -> Command {
    let mut command = Command::new(machine::pyang());
    command.args(places(folder)).args(main_modules(files));
    command
}

/// Files that are modules, not submodules: peers take only these.
fn main_modules(files: &[PathBuf]) -> impl Iterator<Item = &PathBuf> {
    files.iter().filter(|file| {
        let text = std::fs::read_to_string(file).unwrap_or_default();
        !text.lines().any(|line| line.trim_start().starts_with("submodule "))
    })
}
