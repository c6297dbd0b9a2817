use super::*;

fn data_of(text: &str) -> Result<String, Error> {
    let document = Document::parse(text, &Limits::default(), |e| e.depth() == 1)?;
    let data = document.root().children().next().expect("the test has a child");
    Ok(data.inner_fragment())
}

#[track_caller]
fn check_inner(text: &str, expected: &str) {
    assert_eq!(data_of(text).as_deref(), Ok(expected));
}

#[test]
fn a_piece_keeps_what_was_in_scope() {
    // Inherited prefixes are kept, even where only a value uses them.
    check_inner(
        "<r xmlns:ianaift='urn:t' xmlns='urn:r'><d><i><type>ianaift:eth</type></i></d></r>",
        "<i xmlns=\"urn:r\" xmlns:ianaift=\"urn:t\"><type>ianaift:eth</type></i>",
    );
    // What the piece declares itself wins, and is not declared twice.
    check_inner(
        "<r xmlns:a='urn:1' xmlns='urn:r'><d xmlns:a='urn:2'><i xmlns='urn:i'/></d></r>",
        "<i xmlns:a=\"urn:2\" xmlns='urn:i'/>",
    );
    check_inner(
        "<r xmlns:a='urn:1' xmlns='urn:r'><d><a:i xmlns:a='urn:3' xmlns=''/></d></r>",
        "<a:i xmlns:a='urn:3' xmlns=''/>",
    );
    // An undeclared default is not inherited.
    check_inner("<r xmlns='urn:r'><d xmlns=''><i/></d></r>", "<i/>");
    // Several at the top, with what stands between them.
    check_inner(
        "<r xmlns='urn:r'><d> <a/>\n<!-- c --><b x='1'><c/></b>\n<e xmlns='urn:e'/></d></r>",
        " <a xmlns=\"urn:r\"/>\n<!-- c --><b xmlns=\"urn:r\" x='1'><c/></b>\n<e xmlns='urn:e'/>",
    );
    check_inner("<r><d>a &lt; b</d></r>", "a &lt; b");
    check_inner("<r><d/></r>", "");
}

#[test]
fn neighbours_in_two_holders_get_their_own_declarations() {
    let text = "<r><d xmlns:a='urn:1'><i/></d><d xmlns:a='urn:2'><i/></d></r>";
    let document = Document::parse(text, &Limits::default(), |e| e.depth() == 1).unwrap();
    let pieces: Vec<_> = document.root().children().map(Element::inner_fragment).collect();
    assert_eq!(pieces, ["<i xmlns:a=\"urn:1\"/>", "<i xmlns:a=\"urn:2\"/>"]);
}

#[test]
fn kept_and_unkept_elements_give_the_same_piece() {
    let text = "<r xmlns='urn:r' xmlns:p='urn:p'><d p:x='1'><i y='&amp;'><j/></i>t<k/></d></r>";
    let limits = Limits::default();
    let kept = Document::parse(text, &limits, |_| true).unwrap();
    let unkept = Document::parse(text, &limits, |e| e.depth() == 1).unwrap();
    let (kept, unkept) = (kept.root(), unkept.root());
    let child = |e: Element<'_>| e.children().next().map(|c| (c.inner_fragment(), c.fragment()));
    assert_eq!(child(kept), child(unkept));
    let whole = "<d xmlns=\"urn:r\" xmlns:p=\"urn:p\" p:x='1'><i y='&amp;'><j/></i>t<k/></d>";
    let mut declared: Vec<_> =
        child(kept).unwrap().1.split_whitespace().map(str::to_owned).collect();
    let mut expected: Vec<_> = whole.split_whitespace().map(str::to_owned).collect();
    declared.sort();
    expected.sort();
    assert_eq!(declared, expected);
}

#[test]
fn names_and_attributes_resolve() {
    let text = "<a:r xmlns:a='urn:a' xmlns='urn:d' x='1' a:x='2' xml:lang='de'><c/></a:r>";
    let document = Document::parse(text, &Limits::default(), |_| true).unwrap();
    let root = document.root();
    assert!(root.is("urn:a", "r") && root.prefix() == "a");
    assert_eq!(root.attribute("", "x"), Some("1"));
    assert_eq!(root.attribute("urn:a", "x"), Some("2"));
    assert_eq!(root.attribute("http://www.w3.org/XML/1998/namespace", "lang"), Some("de"));
    assert!(root.child("urn:d", "c").is_some() && root.child("", "c").is_none());
    let scope = root.namespaces();
    let pair = |p: &str, u: &str| (p.to_owned(), u.to_owned());
    assert_eq!(scope, [pair("", "urn:d"), pair("a", "urn:a")]);
}

#[test]
fn text_is_resolved_and_normalised() {
    let text = "<r>a\r\nb &lt;&#65;&#x42;<![CDATA[<&>]]><!-- no --><?pi?>\u{e9}</r>";
    let document = Document::parse(text, &Limits::default(), |_| true).unwrap();
    assert_eq!(document.root().text().as_deref(), Ok("a\nb <AB<&>\u{e9}"));
}

#[test]
fn what_is_refused() {
    let bad = [
        ("", "no element"),
        (" <!-- only --> ", "no element"),
        ("<a/><b/>", "more than one root"),
        ("<a></b>", "expected `</a>`"),
        ("<a>", "not closed"),
        ("<a", ""),
        ("</a>", ""),
        ("x<a/>", "outside"),
        ("<a/>x", "outside"),
        ("<a/><![CDATA[x]]>", "outside"),
        ("<a>&unknown;</a>", "entity of its own"),
        ("<a>&#0;</a>", "does not allow"),
        ("<a>&#xD800;</a>", "does not allow"),
        ("<a>&#x1F;</a>", "does not allow"),
        ("<a b='&u;'/>", "bad value"),
        ("<a b='&'/>", "bad value"),
        ("<a b='<'/>", "bad value"),
        ("<a b='1' b='2'/>", "duplicate"),
        ("<a xmlns:p='u' xmlns:q='u' p:b='1' q:b='2'/>", "twice under two prefixes"),
        ("<p:a/>", "prefix 'p' is not declared"),
        ("<a p:b='1'/>", "prefix 'p' is not declared"),
        ("<a xmlns:p=''/>", "bad declaration"),
        ("<a xmlns:xml='urn:x'/>", "bad declaration"),
        ("<a xmlns:xmlns='urn:x'/>", "bad declaration"),
        ("<a xmlns='http://www.w3.org/2000/xmlns/'/>", "bad declaration"),
        ("<1a/>", "bad name"),
        ("<a:b:c xmlns:a='u'/>", "bad name"),
        ("<:a/>", "bad name"),
        ("<a:/>", "bad name"),
        ("<a\0/>", "does not allow"),
        ("<a>\u{1}</a>", "does not allow"),
        ("<a>\u{ffff}</a>", "does not allow"),
        ("<!DOCTYPE a><a/>", "document type"),
        ("<!DOCTYPE a [<!ENTITY e 'x'>]><a>&e;</a>", "document type"),
        ("<?xml version='1.0' encoding='ISO-8859-1'?><a/>", "UTF-8"),
        ("<a><?xml version='1.0'?></a>", "in the middle"),
        ("<a b=1/>", ""),
        ("<a b/>", ""),
        ("<a><!-- </a>", ""),
    ];
    for (text, reason) in bad {
        let error = Document::parse(text, &Limits::default(), |_| true).expect_err(text);
        assert!(error.to_string().contains(reason), "{text}: {error}");
    }
}

#[test]
fn what_is_allowed() {
    let good = [
        "<?xml version='1.0' encoding='utf-8'?>\n<a/>",
        "\n<?xml version='1.0'?><!-- c --><a/>\n<!-- c -->\n",
        "<a>&amp;&lt;&gt;&quot;&apos;&#10;</a>",
        "<a\tb = '1'\n/>",
        "<a xmlns:xml='http://www.w3.org/XML/1998/namespace'/>",
        "<a>\u{10348}\u{fffd}</a>",
        "<a.b-c_1/>",
        "<_\u{e4}/>",
    ];
    for text in good {
        assert!(Document::parse(text, &Limits::default(), |_| true).is_ok(), "{text}");
    }
}

#[test]
fn limits_hold_whether_elements_are_kept_or_not() {
    let limits = Limits {
        depth_max: 10,
        elements_max: 20,
        attributes_max: 3,
        namespaces_max: 4,
        ..Limits::default()
    };
    let nested = |n: usize| format!("{}{}", "<a>".repeat(n), "</a>".repeat(n));
    let flat = |n: usize| format!("<a>{}</a>", "<b/>".repeat(n));
    let attributes = |n: usize| {
        let all: String = (0..n).map(|i| format!(" a{i}=''")).collect();
        format!("<a><b{all}/></a>")
    };
    let scopes = |n: usize| {
        let open: String = (0..n).map(|i| format!("<a xmlns:p{i}='u'>")).collect();
        format!("{open}{}", "</a>".repeat(n))
    };
    for descend in [(|_| true) as Descend, |e| e.depth() == 0] {
        let parse = |text: String| Document::parse(&text, &limits, descend).map(|_| ());
        assert_eq!(parse(nested(10)), Ok(()));
        assert!(matches!(parse(nested(11)), Err(Error::XmlLimit { limit: 10, .. })));
        assert_eq!(parse(attributes(3)), Ok(()));
        assert!(matches!(parse(attributes(4)), Err(Error::XmlLimit { limit: 3, .. })));
        assert_eq!(parse(scopes(4)), Ok(()));
        assert!(matches!(parse(scopes(5)), Err(Error::XmlLimit { limit: 4, .. })));
    }
    let kept = Document::parse(&flat(20), &limits, |_| true).map(|_| ());
    assert!(matches!(kept, Err(Error::XmlLimit { limit: 20, .. })));
    assert!(Document::parse(&flat(1_000), &limits, |_| false).is_ok());
}

#[test]
fn embedding_checks_and_keeps_the_meaning() {
    let limits = Limits::default();
    let check = |xml: &str, expected: &str| {
        let result = embed("a test", xml, Content::Any, &limits);
        assert_eq!(result.as_deref(), Ok(expected));
    };
    check("<a xmlns='u'><b/></a> <c xmlns='v'/>", "<a xmlns='u'><b/></a> <c xmlns='v'/>");
    check("<a/><b xmlns='u'/>", "<a xmlns=\"\"/><b xmlns='u'/>");
    check("<p:a xmlns:p='u'><b/></p:a>", "<p:a xmlns=\"\" xmlns:p='u'><b/></p:a>");
    check("<p:a xmlns:p='u'/>", "<p:a xmlns:p='u'/>");
    check("", "");
    for bad in ["</config>", "<a>", "<a/></config><x/><config>", "<p:a/>", "&x;", "<?xml?>"] {
        let result = embed("a test", bad, Content::Any, &limits);
        assert!(matches!(result, Err(Error::BadFragment { .. })), "{bad}");
    }
    for bad in ["", "x", "<a/><b/>", "<a/>x"] {
        assert!(embed("a test", bad, Content::OneElement, &limits).is_err(), "{bad}");
    }
    assert!(embed("a test", " <a/>\n<!-- c -->", Content::OneElement, &limits).is_ok());
}

#[test]
fn a_mark_of_byte_order_is_skipped_and_bad_bytes_are_found() {
    let text = text_of(b"\xef\xbb\xbf<a>b</a>").unwrap();
    let document = Document::parse(text, &Limits::default(), |_| true).unwrap();
    assert_eq!(document.root().text().as_deref(), Ok("b"));
    assert_eq!(text_of(b"<a>\xff</a>"), Err(Error::NotUtf8 { offset: 3 }));
    assert_eq!(text_of(b"<a>\xc3"), Err(Error::NotUtf8 { offset: 3 }));
}

#[test]
fn written_text_reads_back() {
    let nasty = "a<b>&\"'\r\n\t]]> \u{e9}";
    let mut w = Writer::new();
    w.element_with("r", &format!(" x=\"{}\"", escape_attribute(nasty)), |w| w.text(nasty));
    let text = w.finish();
    let document = Document::parse(&text, &Limits::default(), |_| true).unwrap();
    assert_eq!(document.root().text().as_deref(), Ok(nasty));
    assert_eq!(document.root().attribute("", "x"), Some(nasty));
    let mut w = Writer::new();
    w.leaf("r", "a\0b");
    assert_eq!(w.finish(), "<r>a\u{fffd}b</r>");
}
