//! Times of the operations on big trees: a list of entries with three leaves each, and a leaf-list
//! as long. `cargo bench -p yang-data --bench trees -- 1000000` for a million entries.
#![expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]

use std::hint::black_box;
use std::sync::Arc;
use std::time::Instant;

use yang::{Compiler, Options};
use yang_data::decode::DecodeOptions;
use yang_data::print::PrintOptions;
use yang_data::{Origin, Path, Tree, Types, Value, binary, diff, edit, json, merge, xml};

const MODULE: &str = "
module perf {
  namespace 'urn:perf';
  prefix p;
  container cont {
    list lst {
      key 'k1 k2';
      leaf k1 { type uint32; }
      leaf k2 { type string; }
      leaf l { type string; }
    }
    leaf-list lfl { type string; }
  }
}";

/// Entries when no number is given; small, so that a run as a test is short.
const ENTRIES_DEFAULT: u32 = 1_000;
const REPEATS: usize = 3;

fn main() {
    let entries = std::env::args().find_map(|argument| argument.parse().ok());
    let entries = entries.unwrap_or(ENTRIES_DEFAULT);
    let mut compiler = Compiler::new(Options::default());
    compiler.add("perf.yang", MODULE);
    let schema = compiler.compile().schema.expect("the module is valid");
    let types = Types::new(Arc::new(schema));
    println!("{entries} entries of 3 leaves, {entries} leaf-list entries");
    if std::env::args().any(|argument| argument == "xml") {
        // For a profiler: one operation alone.
        let text = document(entries, "x");
        for _ in 0..10 {
            timed("parse XML", || xml::parse(&types, &text, &DecodeOptions::default()))
                .expect("valid");
        }
        return;
    }
    run(&types, entries);
}

fn run(types: &Types, entries: u32) {
    let options = DecodeOptions::default();
    let text = document(entries, "x");
    let tree = timed("parse XML", || xml::parse(types, &text, &options).expect("valid"));
    let json_text = timed("print JSON", || json::print(&tree, &PrintOptions::COMPACT));
    let again = timed("parse JSON", || json::parse(types, &json_text, &options).expect("valid"));
    assert!(again.root() == tree.root(), "both encodings give the same tree");
    timed("print XML", || xml::print(&tree, &PrintOptions::COMPACT));
    let bytes = timed("print snapshot", || binary::encode(types.schema(), tree.root()));
    timed("parse snapshot", || binary::decode(types.schema(), &bytes).expect("valid"));
    println!("  {} bytes XML, {} JSON, {} snapshot", text.len(), json_text.len(), bytes.len());

    timed("compare equal, unshared", || assert!(diff::diff(&tree, &again).is_empty()));
    let other = xml::parse(types, &document(entries, "y"), &options).expect("valid");
    let all = timed("diff, every entry changed", || diff::diff(&tree, &other));
    timed("apply that diff", || all.apply(&tree, Origin::NONE).expect("it fits"));
    let edit =
        timed("that diff as an edit", || all.to_edit(types.schema(), edit::Operation::Remove));
    timed("apply that edit", || {
        edit::apply(&tree, &edit, edit::Operation::Merge, Origin::NONE).expect("it fits")
    });
    timed("print that edit", || xml::print_edit(types.schema(), &edit, &PrintOptions::COMPACT));
    let half = half(&tree);
    timed("merge halves", || merge(types.schema(), half.root(), tree.root()).expect("no conflict"));
    let copy = again;
    timed("merge equal, unshared", || {
        merge(types.schema(), tree.root(), copy.root()).expect("no conflict")
    });
    let path = format!("/perf:cont/lst[k1='{}'][k2='key{}']/l", entries / 2, entries / 2);
    let path = Path::parse(types, &path).expect("a path");
    timed("keyed find", || tree.leaf(&path).cloned().expect("it is there"));
    let changed = timed("change one leaf", || {
        let mut changed = tree.clone();
        changed.set(&path, Value::str("new"), Origin::NONE);
        changed
    });
    timed("diff of one leaf, shared", || assert_eq!(diff::diff(&tree, &changed).nodes.len(), 1));
}

/// The shortest of some runs, without the time to drop results.
fn timed<T>(what: &str, mut run: impl FnMut() -> T) -> T {
    let mut best = None;
    let mut result = None;
    for _ in 0..REPEATS {
        drop(result.take());
        let start = Instant::now();
        result = Some(black_box(run()));
        let took = start.elapsed();
        best = Some(best.map_or(took, |best| took.min(best)));
    }
    println!("{:>12.3?}  {what}", best.unwrap_or_default());
    result.expect("it ran")
}

fn document(entries: u32, leaf: &str) -> String {
    let mut text = String::from("<cont xmlns=\"urn:perf\">");
    for number in 0..entries {
        text.push_str(&format!(
            "<lst><k1>{number}</k1><k2>key{number}</k2><l>{leaf}{number}</l></lst>"
        ));
    }
    for number in 0..entries {
        text.push_str(&format!("<lfl>value{number:08}</lfl>"));
    }
    text.push_str("</cont>");
    text
}

/// Every other entry of the list.
fn half(tree: &Tree) -> Tree {
    let schema = tree.schema();
    let cont = schema.find("/perf:cont").expect("the container");
    let list = schema.find("/perf:cont/lst").expect("the list");
    let mut half = tree.clone();
    let top = Path::default().child(cont);
    let entries = tree.branch(&top).and_then(|branch| branch.list(list)).expect("entries").clone();
    let branch = half.branch_mut(&top, Origin::NONE);
    let fewer = branch.list_mut(schema, list);
    for entry in entries.iter().step_by(2) {
        fewer.remove(&entry.key_value());
    }
    half
}
