use std::fmt::Write as _;

use proptest::prelude::*;

use super::{parse, parse_branch, print, print_at};
use crate::broad::{Anys, Generator};
use crate::decode::{DecodeOptions, StateData, Unknown};
use crate::print::{ContentFilter, Envelope, PrintOptions, WithDefaults};
use crate::{Path, broad, json};

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

const T: &str = "<top xmlns=\"urn:broad\">";

#[test]
fn documents_with_and_without_envelope() {
    let bare = "<top xmlns=\"urn:broad\"><i8>1</i8></top><lone xmlns=\"urn:broad\">x</lone>";
    assert_eq!(round(bare), bare);
    for envelope in [
        "<data>",
        "<config>",
        "<data xmlns=\"urn:ietf:params:xml:ns:netconf:base:1.0\">",
        "<data xmlns=\"urn:ietf:params:xml:ns:yang:ietf-restconf\">",
    ] {
        let end = format!("</{}>", &envelope[1..].split([' ', '>']).next().expect("a name"));
        let text = format!("<?xml version=\"1.0\"?>\n<!-- c -->{envelope}\n {bare}\n{end}");
        assert_eq!(round(&text), bare);
    }
    let prefixed = "<n:data xmlns:n=\"urn:ietf:params:xml:ns:netconf:base:1.0\" \
                    xmlns:q=\"urn:broad\"><q:lone>x</q:lone></n:data>";
    assert_eq!(round(prefixed), "<lone xmlns=\"urn:broad\">x</lone>");
    assert_eq!(round(""), "");
    assert_eq!(round("<data/>"), "");
}

#[test]
fn order_is_the_schema_s_with_keys_first() {
    let text = format!(
        "{T}<str>s</str><item><size>1</size><name>b</name></item><i8>4</i8>\
         <item><name>a</name></item><rank><id>2</id></rank><rank><id>1</id></rank>\
         <steps>z</steps><sizes>9</sizes><steps>a</steps><sizes>8</sizes></top>"
    );
    assert_eq!(
        round(&text),
        format!(
            "{T}<i8>4</i8><str>s</str><sizes>8</sizes><sizes>9</sizes><steps>z</steps>\
             <steps>a</steps><item><name>a</name></item><item><name>b</name><size>1</size></item>\
             <rank><id>2</id></rank><rank><id>1</id></rank></top>"
        )
    );
}

#[test]
fn text_is_escaped_and_entities_are_read() {
    let text =
        format!("{T}<str>a&lt;b&amp;c&gt;&#65;&#x42;&quot;<![CDATA[<&]]>\r\nx&#13;</str></top>");
    assert_eq!(round(&text), format!("{T}<str>a&lt;b&amp;c&gt;AB\"&lt;&amp;\nx&#xD;</str></top>"));
}

#[test]
fn namespaces_and_prefixes() {
    let text = "<b:top xmlns:b=\"urn:broad\" xmlns:e=\"urn:extra?a=1&amp;b=2\"><b:str>1</b:str>\
                <e:str>2</e:str><e:shape>e:oval</e:shape><b:form>b:round</b:form></b:top>";
    assert_eq!(
        round(text),
        "<top xmlns=\"urn:broad\"><str>1</str>\
         <form xmlns:b=\"urn:broad\">b:round</form>\
         <str xmlns=\"urn:extra?a=1&amp;b=2\">2</str>\
         <shape xmlns=\"urn:extra?a=1&amp;b=2\" xmlns:x=\"urn:extra?a=1&amp;b=2\">x:oval</shape>\
         </top>"
    );
}

#[test]
fn instance_identifiers_get_prefixes() {
    let text = "<top xmlns=\"urn:broad\"><where xmlns:k=\"urn:broad\" \
                xmlns:e=\"urn:extra?a=1&amp;b=2\">/k:top/k:by-form[k:form='e:oval']/k:v\
                </where></top>";
    let printed = "<top xmlns=\"urn:broad\"><where xmlns:b=\"urn:broad\" \
                   xmlns:x=\"urn:extra?a=1&amp;b=2\">/b:top/b:by-form[b:form='x:oval']/b:v\
                   </where></top>";
    assert_eq!(round(text), printed);
    assert_eq!(round(printed), printed);
}

#[test]
fn instance_identifiers_of_unknown_nodes_read_back() {
    // The schema has no such nodes, so that only the form of the path can be made canonical.
    let text = "<top xmlns=\"urn:broad\"><where xmlns:k=\"urn:broad\" \
                xmlns:e=\"urn:extra?a=1&amp;b=2\">/k:top/nowhere[e:key='1'][k:name='2']/e:at\
                </where></top>";
    let printed = "<top xmlns=\"urn:broad\"><where xmlns:b=\"urn:broad\" \
                   xmlns:x=\"urn:extra?a=1&amp;b=2\">\
                   /b:top/b:nowhere[x:key='1'][b:name='2']/x:at</where></top>";
    assert_eq!(round(text), printed);
    assert_eq!(round(printed), printed);
    let (types, options) = (broad::types(), DecodeOptions::default());
    let trees = [text, printed].map(|text| parse(&types, text, &options).expect("valid"));
    assert_eq!(trees[0].root(), trees[1].root());
}

#[test]
fn nodes_given_twice_are_found_in_any_order() {
    for body in [
        "<i8>1</i8><i8>2</i8>",
        "<i16>1</i16><i8>1</i8><i16>2</i16>",
        "<i32>1</i32><i8>1</i8><i16>1</i16><i8>2</i8>",
        "<always><a>x</a></always><i8>1</i8><i16>1</i16><always><a>y</a></always>",
    ] {
        let told = round(&format!("{T}{body}</top>"));
        assert!(told.contains("twice") && told.lines().count() == 1, "{body}: {told}");
        let types = broad::types();
        let text = format!("{T}{body}</top>");
        let edit = super::parse_edit(&types, &text, &DecodeOptions::default());
        assert_eq!(edit.map_err(|errors| errors.len()).err(), Some(1), "{body}");
    }
}

#[test]
fn byte_order_marks_shift_nothing() {
    let text = format!("{T}<any><a xmlns=\"urn:a\">x</a></any></top>");
    assert_eq!(round(&format!("\u{feff}{text}")), text);
    assert_eq!(round(&format!("\u{feff}\u{feff}{text}")), text);
    let inside = text.replace("<a ", "\u{feff}text <a ");
    assert_eq!(round(&inside), inside);
}

#[test]
fn all_errors_are_found_with_path_line_and_column() {
    let text = "<data>\n\
        <nothing xmlns=\"urn:broad\"><deep><er/></deep></nothing>\n\
        <top xmlns=\"urn:broad\">\n\
          <i8>300</i8>\n\
          <u8>1</u8><u8>2</u8>\n\
          <item><name>a</name><siz>1</siz></item>\n\
          <item><size>7</size></item>\n\
          <item><name>a</name></item>\n\
          text\n\
          <i16><x/></i16>\n\
          <part/>\n\
          <u32 xmlns=\"urn:nobody\">1</u32>\n\
          <q:u32>1</q:u32>\n\
          <sizes>1</sizes><sizes>1</sizes>\n\
        </top>\n\
        <top>none</top>\n\
        </data>";
    assert_eq!(
        round(text),
        "\
line 2, column 1: /: unknown node 'broad:nothing'
line 4, column 1: /broad:top/i8: '300' - expected int8 with range -128..127
line 5, column 11: /broad:top/u8: given twice
line 6, column 21: /broad:top/item[name='a']: unknown node 'broad:siz' (did you mean 'size'?)
line 7, column 1: /broad:top/item: missing key 'name'
line 8, column 1: /broad:top/item[name='a']: given twice
line 9, column 1: /broad:top: expected elements, found text 'text'
line 10, column 1: /broad:top/i16: '' - expected int16 with range -5..5 | 100
line 10, column 6: /broad:top/i16: expected a value, found element 'x'
line 11, column 1: /broad:top: unknown node 'broad:part'
line 12, column 1: /broad:top: unknown namespace 'urn:nobody'
line 13, column 1: /broad:top: prefix 'q' is not declared
line 14, column 17: /broad:top/sizes[.='1']: given twice
line 16, column 1: /: 'top' needs a namespace (did you mean 'broad:top'?)
"
    );
}

#[test]
fn broken_xml_is_one_error() {
    for (text, expected) in [
        ("<top xmlns=\"urn:broad\">", "inside an element"),
        ("<top xmlns=\"urn:broad\"></tip>", "syntax"),
        ("</top>", "syntax"),
        ("<top", "syntax"),
        ("<!DOCTYPE x [<!ENTITY a \"b\">]><data/>", "document type declaration"),
        ("<top xmlns=\"urn:broad\"><str>&a;</str></top>", "unknown entity 'a'"),
        ("<top xmlns=\"urn:broad\"><str>&#0;</str></top>", "syntax"),
        ("<top xmlns=\"urn:broad\" xmlns=\"b\"/>", "syntax"),
        ("text", "found text 'text'"),
    ] {
        let errors = round(text);
        assert!(errors.contains(expected), "{text}: {errors}");
    }
}

#[test]
fn limits_hold() {
    let types = broad::types();
    let many = "<z xmlns=\"urn:broad\"/>".repeat(1000);
    let errors = parse(&types, &many, &DecodeOptions::default()).expect_err("unknown");
    assert_eq!(errors.len(), crate::ERRORS_MAX + 1);
    assert!(errors[100].to_string().contains("more than 100 errors"));
    let options = DecodeOptions { depth_max: 2, ..DecodeOptions::default() };
    let deep = format!("{T}<item><name>a</name><part><x>1</x><y>2</y></part></item></top>");
    let errors = parse(&types, &deep, &options).expect_err("too deep");
    assert_eq!(errors.len(), 1);
    assert!(errors[0].to_string().contains("part: nested deeper than 2 levels"), "{}", errors[0]);
    let unknown = format!("{}{}", "<a>".repeat(100_000), "</a>".repeat(100_000));
    assert_eq!(parse(&types, &unknown, &DecodeOptions::default()).expect_err("unknown").len(), 1);
}

#[test]
fn state_data_and_unknown_nodes_as_asked() {
    let types = broad::types();
    let text = format!("{T}<i8>1</i8><what/><state><up>true</up></state></top>");
    let mut options = DecodeOptions { unknown: Unknown::Skip, ..DecodeOptions::default() };
    let tree = parse(&types, &text, &options).expect("lenient");
    assert_eq!(
        print(&tree, &PrintOptions::COMPACT),
        format!("{T}<i8>1</i8><state><up>true</up></state></top>")
    );
    options.state = StateData::Skip;
    let tree = parse(&types, &text, &options).expect("lenient");
    assert_eq!(print(&tree, &PrintOptions::COMPACT), format!("{T}<i8>1</i8></top>"));
    options.state = StateData::Refuse;
    let errors = parse(&types, &text, &options).expect_err("state");
    assert_eq!(
        errors[0].to_string(),
        "line 1, column 41: /broad:top/state: state data is not allowed here"
    );
}

#[test]
fn filters_and_defaults() {
    let types = broad::types();
    let text = format!(
        "{T}<i8>1</i8><u8>50</u8><truth>false</truth><sizes>1</sizes><sizes>2</sizes>\
         <always><b>bee</b></always><maybe><c>3</c></maybe>\
         <item><name>a</name><kind>plain</kind></item>\
         <state><up>true</up><event><what>x</what></event><port><n>1</n></port></state></top>\
         <ring xmlns=\"urn:broad\"><id>1</id><counter>5</counter></ring>\
         <ring xmlns=\"urn:broad\"><id>2</id></ring>"
    );
    let tree = parse(&types, &text, &DecodeOptions::default()).expect("valid");
    let trim = PrintOptions { defaults: WithDefaults::Trim, ..PrintOptions::COMPACT };
    let config = PrintOptions { content: ContentFilter::Config, ..trim };
    assert_eq!(
        print(&tree, &config),
        format!(
            "{T}<i8>1</i8><truth>false</truth><maybe/><item><name>a</name></item></top>\
             <ring xmlns=\"urn:broad\"><id>1</id></ring><ring xmlns=\"urn:broad\"><id>2</id></ring>"
        )
    );
    let state = PrintOptions { content: ContentFilter::State, ..PrintOptions::COMPACT };
    assert_eq!(
        print(&tree, &state),
        format!(
            "{T}<state><up>true</up><event><what>x</what></event><port><n>1</n></port></state>\
             </top><ring xmlns=\"urn:broad\"><id>1</id><counter>5</counter></ring>"
        )
    );
    assert_eq!(
        json::print(&tree, &state),
        "{\"broad:top\":{\"state\":{\"up\":true,\"event\":[{\"what\":\"x\"}],\
         \"port\":[{\"n\":1}]}},\
         \"broad:ring\":[{\"id\":1,\"counter\":\"5\"}]}"
    );
}

#[test]
fn pretty_and_enveloped() {
    let types = broad::types();
    let text = format!("{T}<i8>1</i8><mark/><item><name>a</name></item><maybe/></top>");
    let tree = parse(&types, &text, &DecodeOptions::default()).expect("valid");
    let options = PrintOptions { envelope: Envelope::Config, ..PrintOptions::PRETTY };
    let printed = "\
<config xmlns=\"urn:ietf:params:xml:ns:netconf:base:1.0\">
  <top xmlns=\"urn:broad\">
    <i8>1</i8>
    <mark/>
    <maybe/>
    <item>
      <name>a</name>
    </item>
  </top>
</config>";
    assert_eq!(print(&tree, &options), printed);
    assert_eq!(
        parse(&types, printed, &DecodeOptions::default()).expect("valid").root(),
        tree.root()
    );
}

#[test]
fn anydata_keeps_the_declarations_it_needs() {
    let text = "<q:top xmlns:q=\"urn:broad\" xmlns:w=\"urn:w\"><q:any><w:a w:b=\"1\"><c/></w:a>\
                <d xmlns=\"urn:d\"/></q:any></q:top>";
    assert_eq!(
        round(text),
        "<top xmlns=\"urn:broad\"><any><w:a xmlns=\"\" xmlns:w=\"urn:w\" w:b=\"1\"><c/></w:a>\
         <d xmlns:w=\"urn:w\" xmlns=\"urn:d\"/></any></top>"
    );
    let types = broad::types();
    let tree = parse(&types, text, &DecodeOptions::default()).expect("valid");
    assert_eq!(
        json::print(&tree, &PrintOptions::COMPACT),
        "{\"broad:top\":{\"any\":{\"urn:w:a\":{\"c\":\"\"},\"urn:d:d\":\"\"}}}"
    );
}

#[test]
fn parts_of_a_tree() {
    let types = broad::types();
    let text =
        format!("{T}<item><name>a</name><size>1</size></item><item><name>b</name></item></top>");
    let tree = parse(&types, &text, &DecodeOptions::default()).expect("valid");
    let at = |text: &str| {
        let path = Path::parse(&types, text).expect(text);
        print_at(&tree, &path, &PrintOptions::COMPACT)
    };
    assert_eq!(
        at("/broad:top/item[name='a']").as_deref(),
        Some("<item xmlns=\"urn:broad\"><name>a</name><size>1</size></item>")
    );
    assert_eq!(
        at("/broad:top/item[name='a']/size").as_deref(),
        Some("<size xmlns=\"urn:broad\">1</size>")
    );
    assert_eq!(at("/broad:top/item[name='c']"), None);
    let input = types.schema().find("/broad:ping/input").expect("the rpc");
    let branch = parse_branch(
        &types,
        input,
        "<host xmlns=\"urn:broad\">h</host>",
        &DecodeOptions::default(),
    );
    assert_eq!(branch.expect("input").slots().len(), 1);
}

#[test]
fn operations_have_no_place_in_data() {
    let text = "<top xmlns=\"urn:broad\" xmlns:nc=\"urn:ietf:params:xml:ns:netconf:base:1.0\">\
                <i8 nc:operation=\"delete\"/></top>";
    assert!(round(text).contains("attribute 'operation': only has a meaning in an edit"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// XML to JSON to XML and back is the same tree, compact or pretty.
    #[test]
    fn both_encodings_hold_every_tree(seed in any::<u64>()) {
        let types = broad::types_shared();
        let tree = Generator::new(types, seed, Anys::Without).tree();
        let options = DecodeOptions::default();
        for print_options in [PrintOptions::COMPACT, PrintOptions::PRETTY] {
            let text = print(&tree, &print_options);
            let from_xml =
                parse(types, &text, &options).unwrap_or_else(|e| panic!("{text}\n{e:?}"));
            prop_assert_eq!(from_xml.root(), tree.root());
            let text = json::print(&from_xml, &print_options);
            let from_json =
                json::parse(types, &text, &options).unwrap_or_else(|e| panic!("{text}\n{e:?}"));
            prop_assert_eq!(from_json.root(), tree.root());
            prop_assert_eq!(print(&from_json, &print_options), print(&tree, &print_options));
        }
    }

    /// Damaged text is an error or another tree, never a panic, in both encodings.
    #[test]
    fn damaged_text_never_panics(
        seed in any::<u64>(),
        changes in prop::collection::vec((any::<u32>(), 0usize..16), 1..6),
    ) {
        const PIECES: [&str; 16] = [
            "<", ">", "/", "\"", "&", "{", "}", "[", "]", ",", ":", "é", "<a>", "xmlns=", "\\u",
            "<!DOCTYPE a>",
        ];
        let types = broad::types_shared();
        let tree = Generator::new(types, seed, Anys::With).tree();
        let options = DecodeOptions::default();
        let compact = &PrintOptions::COMPACT;
        for mut text in [print(&tree, compact), json::print(&tree, compact)] {
            for (at, piece) in &changes {
                let mut at = *at as usize % (text.len() + 1);
                while !text.is_char_boundary(at) {
                    at -= 1;
                }
                text.insert_str(at, PIECES[*piece]);
            }
            let _ = parse(types, &text, &options);
            let _ = super::parse_edit(types, &text, &options);
            let _ = json::parse(types, &text, &options);
        }
    }
}
