//! Instance data: large lists parsed, validated, printed, compared and merged, beside `yanglint`
//! where that can be given the same work.

use std::fmt::Write as _;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use yang::{Compiler, Options, Schema};
use yang_data::decode::DecodeOptions;
use yang_data::diff::diff;
use yang_data::edit::{Edit, Operation, apply};
use yang_data::print::PrintOptions;
use yang_data::validate::Validator;
use yang_data::xpath::View;
use yang_data::{Origin, Tree, Types, json, xml};

use crate::machine;
use crate::table::{Report, Table, ms, ratio};

/// The model: a list with a key and two more leaves, and a leaf-list.
const MODEL: &str = r#"module bench {
  yang-version 1.1; namespace "urn:bench"; prefix b;
  container top {
    list entry {
      key name;
      leaf name { type string; }
      leaf count { type uint32; }
      leaf on { type boolean; }
    }
    leaf-list tag { type string; }
  }
}
"#;

/// Runs the benchmark.
pub(crate) fn run(report: &mut Report) -> Result<()> {
    let sizes: &[usize] = if report.smoke { &[1_000] } else { &[100_000, 1_000_000] };
    for &entries in sizes {
        let title = format!("Instance data, {entries} list entries of 3 leaves");
        let mut table = Table::new(&title, &["task", "weft", "yanglint (whole process)", "ratio"]);
        measure(&mut table, entries)?;
        table.note(
            "yanglint reads the model and the file, validates and prints; its figure stands \
             beside the sum of the same work here.",
        );
        report.add(&table);
    }
    Ok(())
}

fn measure(table: &mut Table, entries: usize) -> Result<()> {
    let schema = compile()?;
    let types = Arc::new(Types::new(Arc::clone(&schema)));
    let validator = Validator::new(Arc::clone(&types), View::Configuration);
    let options = DecodeOptions::default();
    let (in_xml, in_json) = (xml_document(entries, 0), json_document(entries));

    let (tree, xml_parse) = timed(|| xml::parse(&types, &in_xml, &options));
    let tree = tree.map_err(|errors| anyhow::anyhow!("{}", errors[0]))?;
    let (_, json_parse) = timed(|| json::parse(&types, &in_json, &options));
    let (violations, validate) = timed(|| validator.validate(tree.root()));
    anyhow::ensure!(violations.is_empty(), "the document is valid");
    let (_, xml_print) = timed(|| xml::print(&tree, &PrintOptions::COMPACT));
    let (_, json_print) = timed(|| json::print(&tree, &PrintOptions::COMPACT));

    let other = xml::parse(&types, &xml_document(entries, 1), &options);
    let other = other.map_err(|errors| anyhow::anyhow!("{}", errors[0]))?;
    let (_, full_diff) = timed(|| diff(&tree, &other));
    let edit = Edit::from_branch(&schema, other.root());
    let (_, merge) = timed(|| apply(&tree, &edit, Operation::Merge, Origin::NONE));
    let one = one_changed(&types, &tree, entries)?;
    let (_, small_diff) = timed(|| diff(&tree, &one));
    let (_, snapshot) = timed(|| tree.clone());
    let (_, small_check) = timed(|| validator.validate_change(tree.root(), one.root(), None));

    let peer_xml = yanglint(&in_xml, "xml");
    let peer_json = yanglint(&in_json, "json");
    let mut row = |task: &str, own: Duration, peer: Option<Duration>| {
        let shown = peer.map_or_else(|| "–".to_owned(), ms);
        table.row([task.to_owned(), ms(own), shown, ratio(own, peer)]);
    };
    row("parse XML", xml_parse, None);
    row("parse JSON", json_parse, None);
    row("validate", validate, None);
    row("print XML", xml_print, None);
    row("print JSON", json_print, None);
    row("parse, validate, print XML", xml_parse + validate + xml_print, peer_xml);
    row("parse, validate, print JSON", json_parse + validate + json_print, peer_json);
    row("diff, every entry changed", full_diff, None);
    row("merge, every entry changed", merge, None);
    row("snapshot", snapshot, None);
    row("diff, one entry changed", small_diff, None);
    row("validate, one entry changed", small_check, None);
    Ok(())
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let made = work();
    (made, start.elapsed())
}

fn compile() -> Result<Arc<Schema>> {
    let mut compiler = Compiler::new(Options::default());
    compiler.add("bench.yang", MODEL);
    Ok(Arc::new(compiler.compile().schema.context("the model is good")?))
}

fn one_changed(types: &Types, tree: &Tree, entries: usize) -> Result<Tree> {
    let middle = entries / 2;
    let text = format!(
        "<top xmlns=\"urn:bench\"><entry><name>entry-{middle:07}</name><count>0</count></entry>\
         </top>"
    );
    let edit = xml::parse_edit(types, &text, &DecodeOptions::default());
    let edit = edit.map_err(|errors| anyhow::anyhow!("{}", errors[0]))?;
    apply(tree, &edit, Operation::Merge, Origin::NONE)
        .map_err(|errors| anyhow::anyhow!("{}", errors[0]))
}

fn xml_document(entries: usize, offset: usize) -> String {
    let mut out = String::from("<top xmlns=\"urn:bench\">");
    for at in 0..entries {
        let count = at + offset;
        let _ = write!(
            out,
            "<entry><name>entry-{at:07}</name><count>{count}</count><on>true</on></entry>"
        );
    }
    out + "</top>"
}

fn json_document(entries: usize) -> String {
    let mut out = String::from("{\"bench:top\":{\"entry\":[");
    for at in 0..entries {
        let comma = if at == 0 { "" } else { "," };
        let _ = write!(out, "{comma}{{\"name\":\"entry-{at:07}\",\"count\":{at},\"on\":true}}");
    }
    out + "]}}"
}

/// The whole process: reads the model, parses, validates and prints.
fn yanglint(document: &str, format: &str) -> Option<Duration> {
    let folder = tempfile::tempdir().ok()?;
    let (model, data) = (folder.path().join("bench.yang"), folder.path().join("data"));
    let data = data.with_extension(format);
    std::fs::write(&model, MODEL).ok()?;
    std::fs::write(&data, document).ok()?;
    let mut command = Command::new("yanglint");
    command.args(["-f", format, "-t", "config"]).arg(&model).arg(&data);
    machine::peer(&mut command).map(|peer| peer.0)
}
