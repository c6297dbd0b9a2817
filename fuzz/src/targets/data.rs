//! Instance documents and edits, in XML and JSON.

use yang_data::decode::{DecodeOptions, StateData, Unknown};
use yang_data::diff::diff;
use yang_data::edit::{Edit, Operation, apply};
use yang_data::print::{Envelope, PrintOptions};
use yang_data::{Branch, Content, DataError, Origin, Tree, binary, json, xml};

use super::{Target, text};
use crate::model::MODEL;

/// A document of the model `zoo`: what was read is written and read back, in every form.
pub(super) const XML: Target = Target {
    name: "xml-data",
    reads: "an XML instance document",
    run: |bytes| document(bytes, |text, options| xml::parse(&MODEL.types, text, options)),
    dictionary: XML_WORDS,
};

/// The same in JSON.
pub(super) const JSON: Target = Target {
    name: "json-data",
    reads: "a JSON instance document",
    run: |bytes| document(bytes, |text, options| json::parse(&MODEL.types, text, options)),
    dictionary: JSON_WORDS,
};

/// The `<config>` of an edit-config.
pub(super) const XML_EDIT: Target = Target {
    name: "xml-edit",
    reads: "an XML document with operations",
    run: |bytes| edit(bytes, |text, options| xml::parse_edit(&MODEL.types, text, options)),
    dictionary: XML_WORDS,
};

/// A plain patch.
pub(super) const JSON_EDIT: Target = Target {
    name: "json-edit",
    reads: "a JSON document to be merged",
    run: |bytes| edit(bytes, |text, options| json::parse_edit(&MODEL.types, text, options)),
    dictionary: JSON_WORDS,
};

type Read<T> = Result<T, Vec<DataError>>;

/// Every way to read.
fn all_options() -> [DecodeOptions; 3] {
    [
        DecodeOptions::default(),
        DecodeOptions { state: StateData::Refuse, depth_max: 3, ..DecodeOptions::default() },
        DecodeOptions {
            state: StateData::Skip,
            unknown: Unknown::Skip,
            origin: Origin(7),
            ..DecodeOptions::default()
        },
    ]
}

fn document(bytes: &[u8], read: impl Fn(&str, &DecodeOptions) -> Read<Tree>) {
    let Some(text) = text(bytes) else { return };
    for options in all_options() {
        match read(text, &options) {
            Ok(tree) => check_tree(&tree),
            Err(errors) => check_errors(&errors),
        }
    }
}

fn check_errors(errors: &[DataError]) {
    assert!(!errors.is_empty() && errors.len() <= yang_data::ERRORS_MAX + 1);
    assert!(errors.is_sorted_by_key(|error| error.position));
    assert!(errors.iter().all(|error| !error.to_string().is_empty()));
}

/// What holds for every tree.
pub(super) fn check_tree(tree: &Tree) {
    let options = DecodeOptions::default();
    let schema = MODEL.schema();
    // What no schema describes is kept as written, in XML or in JSON.
    let has_any = has_any(tree.root());
    for print in [PrintOptions::COMPACT, PrintOptions::PRETTY] {
        let print = PrintOptions { envelope: Envelope::Data, ..print };
        let printed = xml::print(tree, &print);
        let back = xml::parse(&MODEL.types, &printed, &options);
        let back = back.unwrap_or_else(|errors| panic!("{errors:#?}\n{printed}"));
        let same = back.root() == tree.root();
        assert!(has_any || same, "XML comes back\n{printed}\n{}", xml_of(&back));
        let printed = json::print(tree, &print);
        let back = json::parse(&MODEL.types, &printed, &options);
        let back = back.unwrap_or_else(|errors| panic!("{errors:#?}\n{printed}"));
        let same = back.root() == tree.root();
        assert!(has_any || same, "JSON comes back\n{printed}\n{}", xml_of(&back));
    }
    let bytes = binary::encode(schema, tree.root());
    let back = binary::decode(schema, &bytes).expect("a fresh snapshot is read");
    assert!(back == *tree.root(), "a snapshot comes back");
    assert!(binary::encode(schema, &back) == bytes, "a snapshot is written as it was");
    let violations = MODEL.validator.validate(tree.root());
    assert_eq!(violations, MODEL.validator.validate(&back));
    check_difference(&MODEL.tree, tree);
    check_difference(tree, &MODEL.tree);
}

fn check_difference(old: &Tree, new: &Tree) {
    let schema = MODEL.schema();
    let difference = diff(old, new);
    assert_eq!(difference.is_empty(), old.root() == new.root());
    let (_, _) = (difference.text(schema), difference.json(schema));
    let applied = difference.apply(old, Origin::NONE).expect("a difference fits its old tree");
    assert!(applied.root() == new.root(), "old and difference are new\n{}", xml_of(&applied));
    let edit = difference.to_edit(schema, Operation::Delete);
    let applied = apply(old, &edit, Operation::Merge, Origin::NONE);
    let applied = applied.unwrap_or_else(|errors| panic!("{errors:#?}"));
    assert!(applied.root() == new.root(), "old and edit are new\n{}", xml_of(&applied));
}

pub(super) fn xml_of(tree: &Tree) -> String {
    xml::print(tree, &PrintOptions::PRETTY)
}

/// Whether there is something that no schema describes.
pub(super) fn has_any(branch: &Branch) -> bool {
    branch.slots().iter().any(|slot| match &slot.content {
        Content::Any(_) => true,
        Content::Container(branch) => has_any(branch),
        Content::List(list) => list.iter_by_key().any(|entry| has_any(&entry.branch)),
        Content::Leaf(_) | Content::LeafList(_) => false,
    })
}

fn edit(bytes: &[u8], read: impl Fn(&str, &DecodeOptions) -> Read<Edit>) {
    let Some(text) = text(bytes) else { return };
    for options in all_options() {
        let edit = match read(text, &options) {
            Ok(edit) => edit,
            Err(errors) => {
                check_errors(&errors);
                continue;
            }
        };
        let print = PrintOptions { envelope: Envelope::Config, ..PrintOptions::COMPACT };
        let printed = xml::print_edit(MODEL.schema(), &edit, &print);
        let back = xml::parse_edit(&MODEL.types, &printed, &DecodeOptions::default());
        let back = back.unwrap_or_else(|errors| panic!("{errors:#?}\n{printed}"));
        let again = xml::print_edit(MODEL.schema(), &back, &print);
        assert!(again == printed || again.contains("<notice") || again.contains("<stock"));
        for default in [Operation::Merge, Operation::Replace, Operation::None] {
            let result = apply(&MODEL.tree, &edit, default, Origin::NONE);
            let of_printed = apply(&MODEL.tree, &back, default, Origin::NONE);
            match (result, of_printed) {
                (Ok(tree), Ok(same)) => {
                    assert!(tree.root() == same.root() || has_any(tree.root()), "{printed}");
                    check_tree(&tree);
                }
                (Err(errors), Err(same)) => assert_eq!(errors, same),
                (one, other) => panic!("read: {one:?}\nprinted: {other:?}\n{printed}"),
            }
        }
    }
}

const XML_WORDS: &[&str] = &[
    "<zoo xmlns=\"urn:weft:zoo\">",
    "</zoo>",
    "<animal>",
    "</animal>",
    "<name>",
    "</name>",
    "<tour>",
    "</tour>",
    "<guide>",
    "</guide>",
    "<hour>",
    "</hour>",
    "<stop>",
    "<at>",
    "<keeper>",
    "<shop>",
    "<owner>",
    "<stock>",
    "<notice>",
    "<counters>",
    "<event>",
    "<text>",
    "<sale>",
    "<route>",
    "<number>",
    "<tag>",
    "<mixed>",
    "<days>",
    "<picture>",
    "<anywhere>",
    "<ratio>",
    "<kind>",
    "<weight>",
    "<home>",
    "<row>",
    "<shade>",
    "<seeds>",
    "<meat>",
    "<plants>",
    "<leaves/>",
    "<opened/>",
    "<empty-by-default xmlns=\"urn:weft:keeper?of=zoo&amp;more\"/>",
    "<data>",
    "<config>",
    " xmlns=\"urn:weft:zoo\"",
    " xmlns:z=\"urn:weft:zoo\"",
    " xmlns=\"\"",
    "z:",
    " xmlns:nc=\"urn:ietf:params:xml:ns:netconf:base:1.0\"",
    " nc:operation=\"create\"",
    " nc:operation=\"delete\"",
    " nc:operation=\"remove\"",
    " nc:operation=\"replace\"",
    " nc:operation=\"merge\"",
    " nc:operation=\"none\"",
    " xmlns:yang=\"urn:ietf:params:xml:ns:yang:1\"",
    " yang:insert=\"first\"",
    " yang:insert=\"last\"",
    " yang:insert=\"before\"",
    " yang:insert=\"after\"",
    " yang:key=\"[z:guide='Ann, B.'][z:hour='9']\"",
    " yang:value=\"gate\"",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "<?pi ?>",
    "<!DOCTYPE a>",
    "&amp;",
    "&lt;",
    "&#65;",
    "&#x10FFFF;",
    "&#0;",
    "&#13;",
    "\r",
    "/>",
    "</",
    ">",
    "<",
    "auk",
    "owl",
    "Ann, B.",
    "z:bird",
    "k:penguin",
    "true",
    "-0",
    "+1",
    "0x1F",
    "1.50",
    "AAEC/w==",
    "mon wed",
    "/z:zoo/z:name",
    "'",
    "\"",
];

const JSON_WORDS: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"zoo:zoo\":",
    "\"name\":",
    "\"animal\":",
    "\"tour\":",
    "\"guide\":",
    "\"hour\":",
    "\"stop\":",
    "\"at\":",
    "\"keeper:keeper\":",
    "\"id\":",
    "\"shop\":",
    "\"owner\":",
    "\"stock\":",
    "\"notice\":",
    "\"counters\":",
    "\"event\":",
    "\"sale\":",
    "\"route\":",
    "\"number\":",
    "\"tag\":",
    "\"mixed\":",
    "\"days\":",
    "\"picture\":",
    "\"anywhere\":",
    "\"ratio\":",
    "\"kind\":",
    "\"weight\":",
    "\"home\":",
    "\"row\":",
    "\"shade\":",
    "\"seeds\":",
    "\"opened\":",
    "\"keeper:name\":",
    "\"keeper:care\":",
    "\"keeper:empty-by-default\":",
    "\"ietf-restconf:data\":",
    "\"@name\":",
    "null",
    "[null]",
    "true",
    "false",
    "\"auk\"",
    "\"zoo:bird\"",
    "\"keeper:penguin\"",
    "\"1.50\"",
    "-0",
    "1e2",
    "0.5",
    "\"18446744073709551615\"",
    "\\u0000",
    "\\ud83e\\udd80",
    "\\ud800",
    "\\n",
    "\\\"",
    "\\\\",
    "\"/zoo:zoo/name\"",
    "\"mon wed\"",
    "\"AAEC/w==\"",
    "\"",
    " ",
    "\n",
];
