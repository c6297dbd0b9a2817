//! Tests of the compiler through its public interface.

#![allow(clippy::disallowed_methods, reason = "tests may read their data")]
#![allow(clippy::unwrap_used, reason = "a test that fails is to panic")]
#![allow(clippy::needless_pass_by_value, reason = "expectations read better by value")]

mod cache;
mod definitions;
mod diagnostics;
mod linkage;
mod nodes;
mod robustness;
mod types;
mod vectors;

use yang::{Compiled, Compiler, Lenient, Options, Schema};

/// Compiles one YANG 1.1 module `m` (prefix `m`) with this body.
fn compile_body(body: &str) -> Compiled {
    compile(&[&module("m", body)])
}

/// A YANG 1.1 module with this body, its header in the first line.
fn module(name: &str, body: &str) -> String {
    format!(
        "module {name} {{ yang-version 1.1; namespace \"urn:{name}\"; prefix {name};\n{body}\n}}"
    )
}

/// Compiles texts strictly; each appears in diagnostics as `0`, `1` and so on.
fn compile(texts: &[&str]) -> Compiled {
    compile_with(Lenient::default(), texts)
}

fn compile_with(lenient: Lenient, texts: &[&str]) -> Compiled {
    let mut compiler = Compiler::new(Options::lenient(lenient));
    for (at, text) in texts.iter().enumerate() {
        compiler.add(&at.to_string(), *text);
    }
    compiler.compile()
}

/// The schema of a module body that must compile without any diagnostic.
#[track_caller]
fn schema_of(body: &str) -> Schema {
    schema(compile_body(body))
}

#[track_caller]
fn schema(compiled: Compiled) -> Schema {
    assert_eq!(said(&compiled), "", "no diagnostics expected");
    compiled.schema.expect("without diagnostics there is a schema")
}

/// All diagnostics, one per line.
fn said(compiled: &Compiled) -> String {
    compiled.diagnostics.iter().map(|finding| format!("{finding}\n")).collect()
}

/// All diagnostics in lines that fit a page: place and statement, then the message.
fn told(compiled: &Compiled) -> String {
    const WIDTH: usize = 76;
    let mut text = String::new();
    for finding in &compiled.diagnostics {
        let yang::Diagnostic { file, line, column, severity, statement, .. } = finding;
        text += &format!("{file}:{line}:{column} {severity} [{statement}]\n");
        let quirk = finding.quirk.map_or(String::new(), |quirk| format!(" ({quirk})"));
        let message = format!("{}{quirk}", finding.message);
        let mut width = 0;
        for word in message.split(' ') {
            let fits = width > 0 && width + 1 + word.len() <= WIDTH;
            text += if fits {
                " "
            } else if width > 0 {
                "\n    "
            } else {
                "    "
            };
            width = if fits { width + 1 + word.len() } else { word.len() };
            text += word;
        }
        text.push('\n');
    }
    text
}
