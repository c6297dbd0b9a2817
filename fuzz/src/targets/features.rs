//! Expressions of `if-feature` (RFC 7950, section 7.20.2).

use std::collections::{BTreeMap, BTreeSet};

use yang::{Compiler, FeatureSet, Options};

use super::{Target, text};

/// An expression over the features `on`, `also-on`, `off` and `by-other`: holds exactly when its
/// negation does not, and as a plain reading of it says.
pub(super) const EXPRESSION: Target = Target {
    name: "if-feature",
    reads: "an expression of `if-feature`",
    run: expression,
    dictionary: &[
        "on", "also-on", "off", "by-other", "f:on", "f:off", " and ", " or ", " not ", "(", ")",
        "not(", "\n", "\t", "none", "x:on", "notoff", "or", "and", "not",
    ],
};

/// Features that are asked for; `by-other` also needs one that is not.
const ON: [&str; 3] = ["on", "also-on", "by-other"];

fn expression(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    let quoted = text.replace('\\', "\\\\").replace('"', "\\\"");
    let module = format!(
        "module f {{ yang-version 1.1; namespace urn:f; prefix f;
          feature on; feature also-on; feature off;
          feature by-other {{ if-feature \"also-on and not off or off\"; }}
          leaf holds {{ if-feature \"{quoted}\"; type empty; }}
          leaf fails {{ if-feature \"not ({quoted})\"; type empty; }} }}"
    );
    let set: BTreeSet<String> = ON.iter().map(|name| (*name).to_owned()).collect();
    let modules = BTreeMap::from([("f".to_owned(), set)]);
    let features = FeatureSet::Listed { modules, others: false };
    let mut compiler = Compiler::new(Options { features, ..Options::default() });
    compiler.add("f.yang", module);
    let Some(schema) = compiler.compile().schema else { return };
    let (holds, fails) = (schema.find("/f:holds").is_some(), schema.find("/f:fails").is_some());
    assert_ne!(holds, fails, "either an expression or its negation holds");
    let words = words(text);
    let mut words = words.iter().map(String::as_str).peekable();
    assert_eq!(any(&mut words), holds, "a plain reading says otherwise");
    assert_eq!(words.next(), None, "all of it was read");
}

fn words(text: &str) -> Vec<String> {
    let spaced = text.replace('(', " ( ").replace(')', " ) ");
    spaced.split_ascii_whitespace().map(str::to_owned).collect()
}

type Words<I> = std::iter::Peekable<I>;

fn any<'w, I: Iterator<Item = &'w str>>(words: &mut Words<I>) -> bool {
    let mut value = all(words);
    while words.next_if_eq(&"or").is_some() {
        value |= all(words);
    }
    value
}

fn all<'w, I: Iterator<Item = &'w str>>(words: &mut Words<I>) -> bool {
    let mut value = one(words);
    while words.next_if_eq(&"and").is_some() {
        value &= one(words);
    }
    value
}

fn one<'w, I: Iterator<Item = &'w str>>(words: &mut Words<I>) -> bool {
    match words.next().expect("what compiles has an operand here") {
        "not" => !one(words),
        "(" => {
            let value = any(words);
            assert_eq!(words.next(), Some(")"));
            value
        }
        name => ON.contains(&name.trim_start_matches("f:")),
    }
}
