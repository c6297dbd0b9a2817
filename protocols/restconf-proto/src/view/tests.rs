use std::sync::Arc;

use yang::{Compiler, Options};
use yang_data::decode::DecodeOptions;
use yang_data::json;
use yang_data::print::PrintOptions;

use super::*;
use crate::query::Verb;

const MODEL: &str = r#"module m { namespace "urn:m"; prefix m;
  container c {
    list l { key "a b"; leaf a { type string; } leaf b { type string; } leaf x { type string; }
      container d { leaf y { type string; default why; } leaf z { type string; } } }
    leaf e { type string; }
  }
}"#;

const DATA: &str = r#"{"m:c":{"l":[{"a":"1","b":"2","x":"3","d":{"z":"4"}}],"e":"5"}}"#;

fn cut(path: &str, query: &str) -> Result<String, String> {
    let mut compiler = Compiler::new(Options::default());
    compiler.add("m.yang", MODEL);
    let types = Types::new(Arc::new(compiler.compile().schema.unwrap()));
    let tree = json::parse(&types, DATA, &DecodeOptions::default()).unwrap();
    let path = Path::parse_restconf(&types, path).unwrap();
    let query = Query::parse(Verb::Read, query).unwrap();
    let cut = resource(&types, &tree, &path, &query).map_err(|problem| problem.message)?;
    let cut = cut.ok_or("nothing")?;
    Ok(json::print_at(&cut, &path, &PrintOptions::COMPACT).unwrap())
}

#[test]
fn depth_counts_from_the_resource_and_keeps_keys() {
    let cases = [
        ("m:c", "depth=1", r#"{"m:c":{}}"#),
        ("m:c", "depth=2", r#"{"m:c":{"l":[{"a":"1","b":"2"}],"e":"5"}}"#),
        ("m:c", "depth=3", r#"{"m:c":{"l":[{"a":"1","b":"2","x":"3"}],"e":"5"}}"#),
        ("m:c", "depth=4", DATA),
        ("m:c/l=1,2", "depth=1", r#"{"m:l":[{"a":"1","b":"2"}]}"#),
        ("m:c/l", "depth=2", r#"{"m:l":[{"a":"1","b":"2","x":"3"}]}"#),
        ("m:c/e", "depth=1", r#"{"m:e":"5"}"#),
        ("", "depth=1", "{}"),
        ("", "depth=3", r#"{"m:c":{"l":[{"a":"1","b":"2"}],"e":"5"}}"#),
    ];
    for (path, query, expected) in cases {
        assert_eq!(cut(path, query).as_deref(), Ok(expected), "{path}?{query}");
    }
}

#[test]
fn fields_pick_and_keep_keys() {
    let cases = [
        ("m:c", "fields=e", r#"{"m:c":{"e":"5"}}"#),
        ("m:c", "fields=l/d/z", r#"{"m:c":{"l":[{"a":"1","b":"2","d":{"z":"4"}}]}}"#),
        ("m:c", "fields=l(x);e", r#"{"m:c":{"l":[{"a":"1","b":"2","x":"3"}],"e":"5"}}"#),
        ("m:c", "fields=m:l(d(z);x)", r#"{"m:c":{"l":[{"a":"1","b":"2","x":"3","d":{"z":"4"}}]}}"#),
        ("m:c", "fields=l/x;l", DATA_C),
        ("", "fields=m:c/e", r#"{"m:c":{"e":"5"}}"#),
        ("m:c/l=1,2", "fields=d&with-defaults=report-all", ALL_D),
        ("m:c", "fields=l(d)&depth=2", r#"{"m:c":{"l":[{"a":"1","b":"2"}]}}"#),
    ];
    for (path, query, expected) in cases {
        assert_eq!(cut(path, query).as_deref(), Ok(expected), "{path}?{query}");
    }
}

const DATA_C: &str = r#"{"m:c":{"l":[{"a":"1","b":"2","x":"3","d":{"z":"4"}}]}}"#;
const ALL_D: &str = r#"{"m:l":[{"a":"1","b":"2","d":{"y":"why","z":"4"}}]}"#;

#[test]
fn expressions_that_make_no_sense_are_refused_with_the_place() {
    let deep = format!("fields={}", "l(".repeat(200));
    let cases = [
        ("fields=l(", "character 3: a name expected"),
        ("fields=l(x", "character 4: ')' expected"),
        ("fields=l)", "character 2: ';' or the end expected"),
        ("fields=e;", "character 3: a name expected"),
        ("fields=/e", "character 1: a name expected"),
        ("fields=q", "no node 'q' at /m:c"),
        ("fields=x:e", "unknown module 'x'"),
        ("fields=e/f", "no node 'f' at /m:c/e"),
        (&*deep, "no node 'l' at /m:c/l"),
    ];
    for (query, expected) in cases {
        let refused = cut("m:c", query).unwrap_err();
        assert!(refused.contains(expected), "{query}: {refused}");
    }
}

#[test]
fn what_is_implied_is_there() {
    assert_eq!(cut("m:c/l=1,2/d/y", "").as_deref(), Ok(r#"{"m:y":"why"}"#));
    for missing in ["m:c/l=1,9/d/y", "m:c/l=1,9/d", "m:c/l=1,9"] {
        assert_eq!(cut(missing, "").unwrap_err(), "nothing", "{missing}");
    }
}
