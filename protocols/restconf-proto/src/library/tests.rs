use super::*;

fn library(revision: &str) -> Library {
    let mut compiler = Compiler::new(Options::default());
    let main = format!(
        "module main {{ yang-version 1.1; namespace \"urn:main\"; prefix m; include part; \
         import types {{ prefix t; }} revision {revision}; feature f; leaf l {{ type t:x; }} }}"
    );
    compiler.add("main.yang", main);
    compiler.add("part.yang", "submodule part { yang-version 1.1; belongs-to main { prefix m; } }");
    compiler.add_import_only(
        "types.yang",
        "module types { namespace \"urn:t\"; prefix t; typedef x { type string; } }",
    );
    let compiled = compiler.compile();
    let schema = compiled.schema.unwrap_or_else(|| panic!("{:?}", compiled.diagnostics));
    Library::new(&schema).unwrap()
}

fn text(library: &Library) -> String {
    yang_data::json::print(library.tree(), &yang_data::print::PrintOptions::COMPACT)
}

#[test]
fn every_module_is_told_once_and_where_it_belongs() {
    let text = text(&library("2024-01-01"));
    let main = concat!(
        r#"{"name":"main","revision":"2024-01-01","namespace":"urn:main","#,
        r#""submodule":[{"name":"part"}],"feature":["f"]}"#
    );
    assert_eq!(text.matches(main).count(), 1, "{text}");
    let import = r#""import-only-module":[{"name":"types","revision":"","namespace":"urn:t"}]"#;
    assert_eq!(text.matches(import).count(), 1, "{text}");
    assert_eq!(text.matches(r#""conformance-type":"import""#).count(), 1, "{text}");
    assert!(text.contains(r#"{"name":"ietf-datastores:running","schema":"weft"}"#), "{text}");
}

#[test]
fn the_content_id_follows_the_modules() {
    let id = |library: &Library| {
        let text = text(library);
        let at = text.find("\"content-id\":\"").unwrap();
        text[at + 14..at + 30].to_owned()
    };
    let first = id(&library("2024-01-01"));
    assert_eq!(first, id(&library("2024-01-01")));
    assert_ne!(first, id(&library("2024-01-02")));
}

#[test]
fn only_the_servers_own_modules_are_its_own() {
    let library = library("2024-01-01");
    assert!(library.has("/ietf-yang-library:yang-library/content-id"));
    assert!(library.has("ietf-restconf-monitoring:restconf-state"));
    for other in ["", "/", "/main:l", "/yang-library", "ietf-yang-libraryx:a"] {
        assert!(!library.has(other), "{other}");
    }
}
