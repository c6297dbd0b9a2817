use yang::{Compiler, Options, Schema};

use super::{error_path, last_name};

fn schema() -> Schema {
    let mut compiler = Compiler::new(Options::default());
    let text = "module m { namespace urn:m; prefix m; list l { key \"k o\"; leaf k { type string; }
        leaf o { type string; } leaf v { type string; } } }";
    compiler.add("m.yang", text);
    let other = "module o.x { namespace urn:o; prefix o; import m { prefix m; }
        augment /m:l { container c { leaf d { type string; } leaf-list e { type string; } } } }";
    compiler.add("o.x.yang", other);
    compiler.compile().schema.unwrap()
}

#[test]
fn every_name_of_an_error_path_has_a_prefix() {
    let schema = schema();
    let cases = [
        ("/", "/", ""),
        ("/m:l", "/m:l", "m"),
        ("/m:l[k='a/b'][o='x]:y']/v", "/m:l[m:k='a/b'][m:o='x]:y']/m:v", "m"),
        ("/m:l[k=\"it's\"][o='2']/o.x:c/d", "/m:l[m:k=\"it's\"][m:o='2']/o.x:c/o.x:d", "m o.x"),
        ("/m:l[k='1'][o='2']/o.x:c/e[.='v']", "/m:l[m:k='1'][m:o='2']/o.x:c/o.x:e[.='v']", "m o.x"),
    ];
    for (path, expected, prefixes) in cases {
        let (found, namespaces) = error_path(&schema, path);
        assert_eq!(found, expected);
        let found: Vec<&str> = namespaces.iter().map(|(prefix, _)| prefix.as_str()).collect();
        assert_eq!(found.join(" "), prefixes);
    }
    assert_eq!(error_path(&schema, "/m:l").1, [("m".to_owned(), "urn:m".to_owned())]);
}

#[test]
fn the_last_name_of_a_path_is_the_element_at_fault() {
    let cases =
        [("/m:l", "l"), ("/m:l[k='/x']/o.x:c/d", "d"), ("/m:l/e[.='a/b:c']", "e"), ("/", "")];
    for (path, expected) in cases {
        assert_eq!(last_name(path), expected);
    }
}
