//! `weft yang`: checks models as the product reads them, and draws their tree.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use clap::Args;
use yang::{Compiler, Lenient, Node, NodeKind, Options, Quirk, Schema};

/// `weft yang`.
#[derive(Args, Debug)]
pub(crate) struct Yang {
    /// Modules to implement, or folders of them.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Folder with modules that others import.
    #[arg(long)]
    imports: Vec<PathBuf>,
    /// Allow a quirk of vendors' models, such as statement_order; a finding names its own.
    #[arg(long, value_name = "QUIRK")]
    allow: Vec<String>,
    /// Allow every quirk.
    #[arg(long)]
    vendor: bool,
    /// Draw the tree (RFC 8340).
    #[arg(long)]
    tree: bool,
}

/// Compiles models, prints every finding and, when asked, the tree.
pub(crate) fn yang(arguments: &Yang) -> Result<()> {
    let options = Options { lenient: lenient(arguments)?, ..Options::default() };
    let mut compiler = Compiler::new(options);
    for (name, text) in sources(&arguments.files)? {
        compiler.add(&name, text);
    }
    for (name, text) in sources(&arguments.imports)? {
        compiler.add_import_only(&name, text);
    }
    let compiled = compiler.compile();
    compiled.diagnostics.iter().for_each(|finding| eprintln!("{finding}"));
    let errors = compiled.errors().count();
    let Some(schema) = compiled.schema else { bail!("{errors} errors") };
    if arguments.tree {
        print!("{}", tree(&schema));
    }
    Ok(())
}

fn lenient(arguments: &Yang) -> Result<Lenient> {
    let start = if arguments.vendor { Lenient::vendor() } else { Lenient::default() };
    arguments.allow.iter().try_fold(start, |lenient, name| {
        let quirk = Quirk::named(name).with_context(|| {
            let known: Vec<_> = Quirk::ALL.iter().map(|quirk| quirk.name()).collect();
            format!("no quirk is called {name}; there are {}", known.join(", "))
        })?;
        Ok(lenient.with(quirk))
    })
}

/// Texts by the path they were read from.
fn sources(paths: &[PathBuf]) -> Result<BTreeMap<String, String>> {
    let mut sources = BTreeMap::new();
    for path in paths {
        let within = || format!("cannot read {}", path.display());
        let files = match path.is_dir() {
            true => fs::read_dir(path)
                .with_context(within)?
                .map(|entry| Ok(entry?.path()))
                .filter(|file| file.as_ref().map_or(true, |file: &PathBuf| is_yang(file)))
                .collect::<Result<Vec<_>>>()?,
            false => vec![path.clone()],
        };
        for file in files {
            let text = fs::read_to_string(&file)
                .with_context(|| format!("cannot read {}", file.display()))?;
            sources.insert(file.display().to_string(), text);
        }
    }
    Ok(sources)
}

fn is_yang(file: &Path) -> bool {
    file.extension().is_some_and(|extension| extension == "yang")
}

/// The data nodes, operations and notifications of all modules, as RFC 8340 draws them.
fn tree(schema: &Schema) -> String {
    let root = schema.node(Schema::ROOT);
    let mut out = String::new();
    for module in schema.modules().filter(|module| module.is_implemented()) {
        let all = root.children().map(|node| schema.node(node));
        let own: Vec<_> = all.filter(|node| node.module_name() == module.name()).collect();
        if own.is_empty() {
            continue;
        }
        out += &format!("module: {}\n", module.name());
        draw(&own, "  ", &mut out);
    }
    out
}

fn draw(nodes: &[Node<'_>], indent: &str, out: &mut String) {
    for (at, node) in nodes.iter().enumerate() {
        let is_last = at + 1 == nodes.len();
        out.push_str(&format!("{indent}+--{}\n", line(*node)));
        let below: Vec<_> = node.children().map(|child| node.schema().node(child)).collect();
        let bar = if is_last { "   " } else { "|  " };
        draw(&below, &format!("{indent}{bar}"), out);
    }
}

/// Flags, name, options and type of a node.
fn line(node: Node<'_>) -> String {
    let parent = node.parent().filter(|parent| *parent != Schema::ROOT);
    let name = match parent.map(|parent| node.schema().node(parent).module()) {
        Some(module) if module != node.module() => {
            format!("{}:{}", node.module_name(), node.name())
        }
        _ => node.name().to_owned(),
    };
    let keys: Vec<_> = node.keys().map(|key| node.schema().node(key).name()).collect();
    match node.kind() {
        NodeKind::Case => format!(":({name})"),
        NodeKind::Choice => {
            format!("{} ({name}){}", flags(node), if node.is_mandatory() { "" } else { "?" })
        }
        NodeKind::List => format!("{} {name}* [{}]", flags(node), keys.join(" ")),
        NodeKind::LeafList => format!("{} {name}*{}", flags(node), type_of(node)),
        NodeKind::Container if node.is_presence() => format!("{} {name}!", flags(node)),
        NodeKind::Leaf => {
            let is_needed = node.is_mandatory() || node.is_key();
            format!("{} {name}{}{}", flags(node), if is_needed { "" } else { "?" }, type_of(node))
        }
        _ => format!("{} {name}", flags(node)),
    }
}

fn flags(node: Node<'_>) -> &'static str {
    match node.kind() {
        NodeKind::Rpc | NodeKind::Action => "-x",
        NodeKind::Notification => "-n",
        _ if is_input(node) => "-w",
        _ if node.is_config() => "rw",
        _ => "ro",
    }
}

/// Whether it is the input of an operation or inside of it.
fn is_input(node: Node<'_>) -> bool {
    let parent = node.parent().map(|parent| node.schema().node(parent));
    node.kind() == NodeKind::Input || parent.is_some_and(is_input)
}

fn type_of(node: Node<'_>) -> String {
    let kind = node.type_id().map(|ty| node.schema().type_(ty).kind());
    kind.map_or(String::new(), |kind| format!("  {}", kind.name()))
}
