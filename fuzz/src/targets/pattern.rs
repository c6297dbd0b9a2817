//! Regular expressions of XML Schema (XSD part 2, appendix F).

use std::sync::Arc;

use yang::{Compiler, Options, Schema};
use yang_data::Types;
use yang_data::text::check_pattern;

use super::{Target, first_line, text};

/// An expression and a value: it matches the value exactly when it does so in parentheses, as
/// either of two, and exactly when its inversion does not.
pub(super) const PATTERN: Target = Target {
    name: "xsd-pattern",
    reads: "a line with a regular expression of XML Schema, then a value",
    run: pattern,
    dictionary: &[
        "[",
        "]",
        "(",
        ")",
        "{",
        "}",
        "|",
        "?",
        "*",
        "+",
        ".",
        "^",
        "$",
        "-[",
        "[^",
        "\\d",
        "\\w",
        "\\i",
        "\\c",
        "\\s",
        "\\D",
        "\\W",
        "\\I",
        "\\C",
        "\\S",
        "\\n",
        "\\.",
        "\\\\",
        "\\-",
        "\\p{L}",
        "\\P{Lu}",
        "\\p{IsBasicLatin}",
        "\\p{IsGreek}",
        "\\p{",
        "{2}",
        "{2,}",
        "{,2}",
        "{2,3}",
        "{1000}",
        "a-z",
        "z-a",
        "&&",
        "~~",
        "--",
        "(?i)",
        "(?:",
        "\n",
        "#",
        " ",
    ],
};

/// Longer than in any model; the rest is the value's.
const PATTERN_BYTES_MAX: usize = 4 << 10;

fn pattern(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    let (pattern, value) = first_line(text);
    let fits = check_pattern(pattern);
    if pattern.len() > PATTERN_BYTES_MAX {
        return;
    }
    let forms = [pattern.to_owned(), format!("({pattern})"), format!("({pattern})|({pattern})")];
    let Some(schema) = schema(&forms) else { return };
    let types = Types::new(Arc::new(schema));
    let names = ["plain", "group", "either", "inverted"];
    let matches = names.map(|name| {
        let leaf = types.schema().find(&format!("/m:{name}")).expect("it was compiled");
        types.parse_leaf(leaf, value).is_ok()
    });
    let any = types.schema().find("/m:any").expect("it was compiled");
    if types.parse_leaf(any, value).is_err() {
        // A character that no string may have.
        return;
    }
    assert!(fits.is_err() || matches[0] != matches[3], "inverted, it is the opposite");
    if forms.iter().all(|form| check_pattern(form).is_ok()) {
        assert_eq!(matches[0], matches[1], "parentheses change nothing");
        assert_eq!(matches[0], matches[2], "the same twice changes nothing");
    }
}

fn schema(forms: &[String; 3]) -> Option<Schema> {
    let [plain, group, either] = forms.each_ref().map(|form| quoted(form));
    let module = format!(
        "module m {{ yang-version 1.1; namespace urn:m; prefix m;
          leaf any {{ type string; }}
          leaf plain {{ type string {{ pattern {plain}; }} }}
          leaf group {{ type string {{ pattern {group}; }} }}
          leaf either {{ type string {{ pattern {either}; }} }}
          leaf inverted {{ type string {{ pattern {plain} {{ modifier invert-match; }} }} }} }}"
    );
    let mut compiler = Compiler::new(Options::default());
    compiler.add("m.yang", module);
    compiler.compile().schema
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\t', "\\t"))
}
