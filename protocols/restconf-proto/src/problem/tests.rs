use yang::{Compiler, Options};

use super::*;

fn schema() -> Schema {
    let mut compiler = Compiler::new(Options::default());
    let one = "module one { namespace \"urn:1\"; prefix o; container a { list b { key k; \
               leaf k { type string; } } } }";
    compiler.add("one.yang", one);
    compiler.compile().schema.unwrap()
}

#[test]
fn paths_in_xml_have_a_prefix_on_every_name() {
    let schema = schema();
    let cases = [
        ("/", "", "/"),
        ("/one:a/b", " xmlns:one=\"urn:1\"", "/one:a/one:b"),
        ("/one:a/b[k='x/y:z']", " xmlns:one=\"urn:1\"", "/one:a/one:b[one:k='x/y:z']"),
        ("/one:a/b[k=\"it's\"]", " xmlns:one=\"urn:1\"", "/one:a/one:b[one:k=\"it's\"]"),
        ("/one:a/b[3]", " xmlns:one=\"urn:1\"", "/one:a/one:b[3]"),
        ("/one:a/c[.='v']", " xmlns:one=\"urn:1\"", "/one:a/one:c[.='v']"),
        ("/other:a/b", "", "/other:a/other:b"),
        ("/a", "", "/a"),
        ("/one:a/b[k='open", " xmlns:one=\"urn:1\"", "/one:a/one:b[one:k='open"),
    ];
    for (path, declarations, expected) in cases {
        let (found, text) = prefixed(&schema, path);
        assert_eq!((found.as_str(), text.as_str()), (declarations, expected), "{path}");
    }
}

#[test]
fn documents_say_the_same_in_both_formats() {
    let problem = Problem::application("data-exists", "a < b \u{7}")
        .at("/one:a")
        .tagged("mine")
        .with("owner", "x")
        .with("owner", "y");
    let problems = [problem];
    assert_eq!(status(&problems), 409);
    let json = document(Format::Json, &schema(), &problems);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let expected = serde_json::json!({ "ietf-restconf:errors": { "error": [{
        "error-type": "application", "error-tag": "data-exists", "error-app-tag": "mine",
        "error-path": "/one:a", "error-message": "a < b \u{7}",
        "error-info": { "weft:owner": ["x", "y"] },
    }] } });
    assert_eq!(json, expected);
    assert_eq!(
        document(Format::Xml, &schema(), &problems),
        "<errors xmlns=\"urn:ietf:params:xml:ns:yang:ietf-restconf\"><error>\
         <error-type>application</error-type><error-tag>data-exists</error-tag>\
         <error-app-tag>mine</error-app-tag>\
         <error-path xmlns:one=\"urn:1\">/one:a</error-path>\
         <error-message>a &lt; b \u{fffd}</error-message><error-info>\
         <owner xmlns=\"urn:weft:yang:weft\">x</owner>\
         <owner xmlns=\"urn:weft:yang:weft\">y</owner></error-info></error></errors>"
    );
}

proptest::proptest! {
    #[test]
    fn any_path_is_taken(path in "[/a-z:\\[\\]='\".0-9é]{0,40}") {
        let problem = Problem::application("invalid-value", "x").at(path);
        let text = document(Format::Xml, &schema(), &[problem]);
        proptest::prop_assert!(text.ends_with("</errors>"));
    }
}
