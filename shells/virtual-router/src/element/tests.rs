use super::{Element, write_all};

#[test]
fn what_is_read_is_written_back() {
    let cases = [
        "<a xmlns=\"urn:a\"><b>x &lt; &amp; &gt;</b><c/></a>",
        "<p:a xmlns:p=\"urn:a\" xmlns:q=\"urn:q\"><p:b>q:kind</p:b></p:a><z/>",
        "<a note=\"1 &quot;2&quot;\">t</a>",
        "",
    ];
    for xml in cases {
        assert_eq!(write_all(&Element::parse_all(xml).unwrap()), xml);
    }
}

#[test]
fn names_are_resolved_and_text_beside_children_is_dropped() {
    let xml = "<p:a xmlns:p='urn:a'> <b xmlns='urn:b' k='v'><![CDATA[<&]]>&#65;&#x42;</b> </p:a>";
    let all = Element::parse_all(xml).unwrap();
    let [a] = &all[..] else { panic!("{all:?}") };
    assert_eq!((a.namespace.as_str(), a.local(), a.text.as_str()), ("urn:a", "a", ""));
    let b = &a.children[0];
    assert_eq!((b.namespace.as_str(), b.local(), b.text.as_str()), ("urn:b", "b", "<&AB"));
    assert_eq!(b.attributes, [("k".to_owned(), "v".to_owned())]);
}

#[test]
fn what_is_no_xml_is_an_error() {
    let deep = "<a>".repeat(400) + &"</a>".repeat(400);
    for xml in ["<a>", "</a>", "<a></b>", "<p:a/>", "<!DOCTYPE a><a/>", "<a>&x;</a>", &deep] {
        assert!(Element::parse_all(xml).is_err(), "{xml}");
    }
}
