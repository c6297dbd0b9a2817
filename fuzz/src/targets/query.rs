//! What a RESTCONF request says beside its body.

use restconf_proto::{Format, Media, Query, Verb, view};
use yang_data::{Path, json, print::PrintOptions, xml};

use super::{Target, first_line, text};
use crate::model::MODEL;

/// A method, a query and a path: what is asked for is cut out and can be written.
pub(super) const QUERY: Target = Target {
    name: "restconf-query",
    reads: "lines with a method, a query, the path of a resource; each also as media types",
    run: query,
    dictionary: &[
        "read\n",
        "write\n",
        "change\n",
        "content=",
        "config",
        "nonconfig",
        "all",
        "depth=",
        "unbounded",
        "fields=",
        "with-defaults=",
        "report-all",
        "trim",
        "explicit",
        "insert=",
        "first",
        "last",
        "before",
        "after",
        "point=",
        "dry-run=",
        "async=",
        "json",
        "xml",
        "text",
        "true",
        "false",
        "&",
        "=",
        "%2F",
        "%3B",
        "%28",
        "%",
        ";",
        "(",
        ")",
        "/",
        "zoo:zoo",
        "animal",
        "animal(name;home/row)",
        "keeper:keeper",
        "/animal=auk",
        "application/yang-data+json",
        "application/*",
        "*/*",
        ";q=0.5",
        ";charset=utf-8",
        ",",
        "\n",
    ],
};

fn query(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    for line in text.lines() {
        let (_, _) = (Format::accepted(Some(line)), Media::of_content_type(line));
    }
    let (verb, rest) = first_line(text);
    let (query, path) = first_line(rest);
    let verb = match verb {
        "write" => Verb::Write,
        "change" => Verb::Change,
        _ => Verb::Read,
    };
    let query = match Query::parse(verb, query) {
        Ok(query) => query,
        Err(problems) => {
            assert!(!problems.is_empty());
            return;
        }
    };
    let Ok(path) = Path::parse_restconf(&MODEL.types, path) else { return };
    let Ok(Some(cut)) = view::resource(&MODEL.types, &MODEL.tree, &path, &query) else { return };
    let there = cut.get(&path).is_some();
    assert_eq!(json::print_at(&cut, &path, &PrintOptions::PRETTY).is_some(), there);
    assert_eq!(xml::print_at(&cut, &path, &PrintOptions::PRETTY).is_some(), there);
    let again = view::resource(&MODEL.types, &MODEL.tree, &path, &query);
    assert!(again.is_ok_and(|again| again.is_some_and(|again| again.root() == cut.root())));
}
