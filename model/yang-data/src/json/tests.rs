use std::fmt::Write as _;

use super::{parse, print, print_at};
use crate::decode::DecodeOptions;
use crate::print::{Envelope, PrintOptions};
use crate::{Path, broad, xml};

/// Parses and prints; or the errors, a line each.
fn round(text: &str) -> String {
    let types = broad::types();
    match parse(&types, text, &DecodeOptions::default()) {
        Ok(tree) => print(&tree, &PrintOptions::COMPACT),
        Err(errors) => errors.iter().fold(String::new(), |mut lines, error| {
            writeln!(lines, "{error}").expect("a string");
            lines
        }),
    }
}

#[test]
fn every_type_in_its_json_form() {
    let text = concat!(
        r#"{"broad:top":{"i8":-1,"i64":"-5","u8":7,"u64":"18446744073709551615","dec":"1.5","#,
        r#""str":"a\"\\\n\u0001é","truth":false,"colour":"deep blue","flags":"write run","#,
        r#""blob":"AAE=","mark":[null],"form":"extra:oval","where":"/broad:top/i8","level":3,"#,
        r#""sizes":[3,4],"steps":["z","a"],"maybe":{},"#,
        r#""item":[{"name":"a","part":[{"x":1,"y":"b"}],"#,
        r#""extra:weight":"1.0"}],"extra:str":"x"},"extra:outer":{"broad":{"str":"s"}}}"#
    );
    assert!(round(text).contains("control characters"));
    let text = text.replace("\\u0001", "");
    assert_eq!(round(&text), text);
    assert_eq!(round(r#"{"broad:top":{"level":"3"}}"#), r#"{"broad:top":{"level":"3"}}"#);
    assert_eq!(
        round(r#"{"broad:top":{"str":"\u00e9\uD83D\uDE00\/"}}"#),
        "{\"broad:top\":{\"str\":\"é😀/\"}}"
    );
    assert_eq!(round(r#" { "data" : { "broad:lone" : "x" } } "#), r#"{"broad:lone":"x"}"#);
    assert_eq!(round(r#"{"ietf-restconf:data":{"broad:lone":"x"}}"#), r#"{"broad:lone":"x"}"#);
    assert_eq!(
        round(r#"{"@":{"a":[1]},"broad:lone":"x","@broad:lone":{}}"#),
        r#"{"broad:lone":"x"}"#
    );
    assert_eq!(round("{}"), "{}");
}

#[test]
fn all_errors_are_found_with_path_line_and_column() {
    let text = r#"{
"broad:nothing": {"a": [1, {"b": null}]},
"nowhere:top": 1,
"lone": "x",
"broad:top": {
 "i8": 300,
 "u8": 1, "u8": 2,
 "item": [{"name": "a", "siz": 1}, {"size": 7}, {"name": "a"}, 5],
 "i16": {"x": 1},
 "i32": [1],
 "always": [],
 "str": 5,
 "sizes": [1, 1, null],
 "sizes": [],
 "extra:u8": 1
}}"#;
    assert_eq!(
        round(text),
        "\
line 2, column 1: /: unknown node 'broad:nothing'
line 3, column 1: /: unknown module 'nowhere'
line 4, column 1: /: 'lone' needs a module name (did you mean 'broad:lone'?)
line 6, column 2: /broad:top/i8: '300' - expected int8 with range -128..127
line 7, column 11: /broad:top/u8: given twice
line 8, column 25: /broad:top/item[name='a']: unknown node 'siz' (did you mean 'size'?)
line 8, column 36: /broad:top/item: missing key 'name'
line 8, column 49: /broad:top/item[name='a']: given twice
line 8, column 64: /broad:top/item: expected an array of objects, found a number
line 9, column 2: /broad:top/i16: expected a value, found an object
line 10, column 2: /broad:top/i32: expected a value, found an array
line 11, column 2: /broad:top/always: expected an object, found an array
line 12, column 2: /broad:top/str: '5' - expected string, written as a JSON string
line 13, column 15: /broad:top/sizes[.='1']: given twice
line 13, column 18: /broad:top/sizes: 'null' - expected uint16 with range 0..65535, \
written as a JSON number
line 14, column 2: /broad:top/sizes: given twice
line 15, column 2: /broad:top: unknown node 'extra:u8' (did you mean 'broad:u8'?)
"
    );
}

#[test]
fn broken_json_is_one_error_with_its_place() {
    for (text, expected) in [
        ("", "line 1, column 1: /: syntax: an object expected"),
        ("[]", "an object expected"),
        ("{", "a string expected"),
        ("{\"a\"}", "':' expected"),
        ("{}x", "text behind the end"),
        ("{\"broad:top\":{\"i8\":01}}", "without leading zeros"),
        ("{\"broad:top\":{\"i8\":1.}}", "after the decimal point"),
        ("{\"broad:top\":{\"i8\":1e}}", "in the exponent"),
        ("{\"broad:top\":{\"i8\":nul}}", "a value expected"),
        ("{\"broad:top\":{\"str\":\"\n\"}}", "control character"),
        ("{\"broad:top\":{\"str\":\"\\ud800\"}}", "surrogate"),
        ("{\"broad:top\":{\"str\":\"\\x\"}}", "no such escape"),
        ("{\"broad:top\":{\"str\":\"a", "without closing quote"),
        ("{\"broad:top\":{\"i8\":1,}}", "a string expected"),
        ("{\"broad:top\":{\"sizes\":[1,]}}", "a value expected"),
        ("{\"broad:top\":{\"i8\":1 \"u8\":2}}", "',' or '}' expected"),
    ] {
        let errors = round(text);
        assert!(errors.contains(expected), "{text}: {errors}");
    }
    let deep = format!("{{\"broad:top\":{{\"any\":{}", "[".repeat(1_000_000));
    assert!(round(&deep).contains("nested too deep"));
}

#[test]
fn pretty_enveloped_and_parts() {
    let types = broad::types();
    let text = r#"{"broad:top":{"sizes":[1],"item":[{"name":"a"}],"maybe":{}}}"#;
    let tree = parse(&types, text, &DecodeOptions::default()).expect("valid");
    let options = PrintOptions { envelope: Envelope::Restconf, ..PrintOptions::PRETTY };
    let printed = r#"{
  "ietf-restconf:data": {
    "broad:top": {
      "sizes": [
        1
      ],
      "maybe": {},
      "item": [
        {
          "name": "a"
        }
      ]
    }
  }
}"#;
    assert_eq!(print(&tree, &options), printed);
    assert_eq!(
        parse(&types, printed, &DecodeOptions::default()).expect("valid").root(),
        tree.root()
    );
    let at = |text: &str| {
        let path = Path::parse(&types, text).expect(text);
        print_at(&tree, &path, &PrintOptions::COMPACT)
    };
    assert_eq!(
        at("/broad:top/item[name='a']").as_deref(),
        Some(r#"{"broad:item":[{"name":"a"}]}"#)
    );
    assert_eq!(at("/broad:top/sizes[.='1']").as_deref(), Some(r#"{"broad:sizes":[1]}"#));
    assert_eq!(at("/broad:top/sizes").as_deref(), Some(r#"{"broad:sizes":[1]}"#));
    assert_eq!(at("/broad:top/i8"), None);
}

#[test]
fn anydata_goes_to_xml() {
    let types = broad::types();
    let text = r#"{"broad:top":{"any":{"extra:a":[1,{"b":"x<"}],"c":null,"d":true}}}"#;
    let tree = parse(&types, text, &DecodeOptions::default()).expect("valid");
    assert_eq!(print(&tree, &PrintOptions::COMPACT), text);
    assert_eq!(
        xml::print(&tree, &PrintOptions::COMPACT),
        "<top xmlns=\"urn:broad\"><any><a xmlns=\"urn:extra?a=1&amp;b=2\">1</a>\
         <a xmlns=\"urn:extra?a=1&amp;b=2\"><b>x&lt;</b></a><c></c><d>true</d></any></top>"
    );
}
