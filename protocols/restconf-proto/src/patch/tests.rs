use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

const XML: &str = r#"<yang-patch xmlns="urn:ietf:params:xml:ns:yang:ietf-yang-patch">
  <patch-id>p</patch-id><comment><![CDATA[a & b]]></comment>
  <edit xmlns:x="urn:x"><edit-id>1</edit-id><operation>insert</operation><target>/x:l=1</target>
    <point>/x:l=2</point><where>before</where>
    <value><x:l a="1"><!-- kept as it is -->&lt;<y/></x:l></value></edit>
  <edit><edit-id>2</edit-id><operation>remove</operation><target>/x:l=3</target></edit>
</yang-patch>"#;

const JSON: &str = r#"{"ietf-yang-patch:yang-patch":{"patch-id":"p","comment":"c","edit":[
  {"edit-id":"1","operation":"insert","target":"/x:l=1","point":"/x:l=2","where":"before",
   "value":{"x:l":[{"k":"1"}]}},
  {"edit-id":"2","operation":"remove","target":"/x:l=3"}]}}"#;

#[test]
fn both_formats_are_read_alike() {
    let xml = Patch::parse(Format::Xml, XML).unwrap();
    let json = Patch::parse(Format::Json, JSON).unwrap();
    assert_eq!(xml.comment.as_deref(), Some("a & b"));
    for (one, other) in xml.edits.iter().zip(&json.edits) {
        let parts = |edit: &PatchEdit| {
            let PatchEdit { id, operation, target, insert, point, .. } = edit.clone();
            (id, operation, target, insert, point)
        };
        assert_eq!(parts(one), parts(other));
    }
    let value = Value::Xml {
        text: r#"<x:l a="1"><!-- kept as it is -->&lt;<y/></x:l>"#.to_owned(),
        namespaces: BTreeMap::from([
            (String::new(), NAMESPACE.to_owned()),
            ("x".to_owned(), "urn:x".to_owned()),
        ]),
    };
    assert_eq!(xml.edits[0].value, Some(value));
    assert_eq!(json.edits[0].value, Some(Value::Json(r#"{"x:l":[{"k":"1"}]}"#.to_owned())));
}

#[test]
fn too_many_edits_are_too_big() {
    let edits: Vec<_> = (0..=EDITS_MAX)
        .map(|at| format!(r#"{{"edit-id":"{at}","operation":"remove","target":"/a"}}"#))
        .collect();
    let text = format!(
        r#"{{"ietf-yang-patch:yang-patch":{{"patch-id":"p","edit":[{}]}}}}"#,
        edits.join(",")
    );
    let refused = Patch::parse(Format::Json, &text).unwrap_err();
    assert_eq!((refused[0].status, refused[0].tag), (413, "too-big"));
}

proptest! {
    /// Whatever comes is read or refused; a cut or damaged patch never panics.
    #[test]
    fn damaged_patches_are_refused(at in 0..1000usize, cut in 0..20usize, put in ".{0,4}") {
        for (format, text) in [(Format::Xml, XML), (Format::Json, JSON)] {
            let mut chars: Vec<char> = text.chars().collect();
            let start = at % chars.len();
            let end = (start + cut).min(chars.len());
            chars.splice(start..end, put.chars());
            let text: String = chars.into_iter().collect();
            if let Err(problems) = Patch::parse(format, &text) {
                prop_assert!(!problems.is_empty());
            }
        }
    }
}
