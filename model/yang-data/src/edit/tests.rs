use crate::broad;
use crate::decode::DecodeOptions;
use crate::edit::{self, Operation};
use crate::print::PrintOptions;
use crate::{Branch, DataError, Origin, Path, Tree, Types, json, xml};
use yang::{NodeId, Schema};

const NC: &str = "xmlns:nc=\"urn:ietf:params:xml:ns:netconf:base:1.0\" \
                  xmlns:y=\"urn:ietf:params:xml:ns:yang:1\" xmlns:b=\"urn:broad\"";

fn read(types: &Types, text: &str) -> Tree {
    let text = format!("<top xmlns=\"urn:broad\">{text}</top>");
    xml::parse(types, &text, &DecodeOptions::default()).expect("valid")
}

fn lines(errors: &[DataError]) -> String {
    errors
        .iter()
        .map(|error| format!("{}: {}: {}\n", error.fault.tag(), error.path, error.fault))
        .collect()
}

fn inside(tree: &Tree) -> String {
    let printed = xml::print(tree, &PrintOptions::COMPACT);
    let rest = printed.strip_prefix("<top xmlns=\"urn:broad\">").unwrap_or(&printed);
    rest.strip_suffix("</top>").unwrap_or(rest).to_owned()
}

/// What an edit inside `/broad:top` makes of a tree, or its errors.
fn edited_with(default: Operation, before: &str, edit: &str) -> String {
    let types = broad::types();
    let tree = read(&types, before);
    let text = format!("<config><top xmlns=\"urn:broad\" {NC}>{edit}</top></config>");
    let edit = match xml::parse_edit(&types, &text, &DecodeOptions::default()) {
        Ok(edit) => edit,
        Err(errors) => return lines(&errors),
    };
    match edit::apply(&tree, &edit, default, Origin::NONE) {
        Ok(tree) => inside(&tree),
        Err(errors) => lines(&errors),
    }
}

fn edited(before: &str, edit: &str) -> String {
    edited_with(Operation::Merge, before, edit)
}

#[test]
fn the_operations_on_leaves() {
    let before = "<i8>1</i8>";
    for (edit, after) in [
        ("<i8>2</i8>", "<i8>2</i8>"),
        ("<i8 nc:operation=\"replace\">2</i8>", "<i8>2</i8>"),
        ("<u8 nc:operation=\"create\">2</u8>", "<i8>1</i8><u8>2</u8>"),
        ("<i8 nc:operation=\"create\">2</i8>", "data-exists: /broad:top/i8: exists already\n"),
        ("<i8 nc:operation=\"delete\"/>", ""),
        ("<i8 nc:operation=\"delete\">77</i8>", ""),
        ("<i8 operation=\"remove\"/>", ""),
        ("<u8 nc:operation=\"remove\"/>", "<i8>1</i8>"),
        ("<u8 nc:operation=\"delete\"/>", "data-missing: /broad:top/u8: does not exist\n"),
        (
            "<u8 nc:operation=\"destroy\"/>",
            "bad-attribute: /broad:top/u8: attribute 'operation': 'destroy' is no value for it\n",
        ),
        (
            "<u8 nc:operation=\"delete\"/><i8 nc:operation=\"create\">1</i8><mark/>",
            "data-missing: /broad:top/u8: does not exist\n\
             data-exists: /broad:top/i8: exists already\n",
        ),
    ] {
        assert_eq!(edited(before, edit), after, "{edit}");
    }
}

#[test]
fn the_operations_on_containers_and_entries() {
    let before = "<always><a>1</a><b>2</b></always><item><name>a</name><size>1</size></item>\
                  <item><name>b</name></item>";
    let always = "<always><a>1</a><b>2</b></always>";
    let items = "<item><name>a</name><size>1</size></item><item><name>b</name></item>";
    for (edit, after) in [
        (
            "<always nc:operation=\"replace\"><a>9</a></always>",
            format!("<always><a>9</a></always>{items}"),
        ),
        ("<always nc:operation=\"replace\"/>", items.to_owned()),
        ("<always nc:operation=\"delete\"/>", items.to_owned()),
        (
            "<always><a nc:operation=\"delete\"/><b nc:operation=\"remove\"/></always>",
            items.to_owned(),
        ),
        (
            "<always nc:operation=\"create\"><a>9</a></always>",
            "data-exists: /broad:top/always: exists already\n".to_owned(),
        ),
        ("<maybe nc:operation=\"create\"/>", format!("{always}<maybe/>{items}")),
        (
            "<item nc:operation=\"delete\"><name>a</name></item>\
             <item nc:operation=\"create\"><name>c</name><size>3</size></item>",
            format!("{always}<item><name>b</name></item><item><name>c</name><size>3</size></item>"),
        ),
        (
            "<item nc:operation=\"replace\"><name>a</name><note>n</note></item>",
            format!("{always}<item><name>a</name><note>n</note></item><item><name>b</name></item>"),
        ),
        (
            "<item><size>7</size></item>",
            "missing-element: /broad:top/item: missing key 'name'\n".to_owned(),
        ),
        (
            "<item><name nc:operation=\"delete\">a</name></item>",
            "bad-attribute: /broad:top/item/name: attribute 'operation': a key leaf cannot be \
             removed from its entry\n"
                .to_owned(),
        ),
        (
            "<item><name>a</name><part nc:operation=\"delete\"><x>1</x><y>2</y></part></item>",
            "data-missing: /broad:top/item[name='a']/part[x='1'][y='2']: does not exist\n"
                .to_owned(),
        ),
        (
            "<state><up>true</up></state>",
            "unknown-element: /broad:top/state: state data is not allowed here\n".to_owned(),
        ),
    ] {
        assert_eq!(edited(before, edit), after, "{edit}");
    }
}

#[test]
fn default_operations() {
    let before = "<i8>1</i8><item><name>a</name></item>";
    let none = |edit| edited_with(Operation::None, before, edit);
    assert_eq!(none("<i8>5</i8>"), before);
    assert_eq!(none("<i8 nc:operation=\"merge\">5</i8>"), "<i8>5</i8><item><name>a</name></item>");
    assert_eq!(none("<u8>5</u8>"), "data-missing: /broad:top/u8: does not exist\n");
    assert_eq!(
        none("<item><name>z</name><size nc:operation=\"create\">1</size></item>"),
        "data-missing: /broad:top/item[name='z']: does not exist\n"
    );
    assert_eq!(
        none("<always><a nc:operation=\"create\">1</a></always>"),
        "<i8>1</i8><always><a>1</a></always><item><name>a</name></item>"
    );
    assert_eq!(edited_with(Operation::Replace, before, "<u8>3</u8>"), "<u8>3</u8>");
}

#[test]
fn places_in_user_ordered_lists() {
    let before = "<steps>a</steps><steps>b</steps><rank><id>1</id></rank><rank><id>2</id></rank>";
    let ids = |edit: &str| {
        let after = edited(before, edit);
        let ranks: String = after.split("<id>").skip(1).map(|rest| &rest[..1]).collect();
        let steps: String = after.split("<steps>").skip(1).map(|rest| &rest[..1]).collect();
        if after.starts_with('<') { format!("{steps} {ranks}") } else { after }
    };
    assert_eq!(ids("<rank><id>3</id></rank>"), "ab 123");
    assert_eq!(ids("<rank y:insert=\"first\"><id>3</id></rank>"), "ab 312");
    assert_eq!(ids("<rank y:insert=\"first\"><id>2</id></rank>"), "ab 21");
    assert_eq!(ids("<rank y:insert=\"before\" y:key=\"[b:id='2']\"><id>3</id></rank>"), "ab 132");
    assert_eq!(ids("<rank nc:operation=\"replace\" y:insert=\"last\"><id>1</id></rank>"), "ab 21");
    assert_eq!(ids("<steps y:insert=\"after\" y:value=\"a\">c</steps>"), "acb 12");
    assert_eq!(ids("<steps y:insert=\"first\">b</steps>"), "ba 12");
    assert_eq!(
        ids("<rank y:insert=\"after\" y:key=\"[b:id='9']\"><id>3</id></rank>"),
        "bad-attribute: /broad:top/rank[id='3']: the entry to put it next to does not exist: \
         [id='9']\n"
    );
    assert_eq!(
        ids("<rank y:insert=\"after\"><id>3</id></rank>"),
        "bad-attribute: /broad:top/rank: attribute 'key': is missing beside 'insert'\n"
    );
    assert_eq!(
        ids("<item y:insert=\"first\"><name>3</name></item>"),
        "bad-attribute: /broad:top/item: attribute 'insert': only for lists and \
         leaf-lists ordered by user\n"
    );
}

#[test]
fn cases_exclude_each_other() {
    let before = "<speed>1</speed><gear>2</gear>";
    assert_eq!(edited(before, "<delay>3</delay>"), "<delay>3</delay>");
    assert_eq!(
        edited(before, "<queue><depth>3</depth></queue>"),
        "<queue><depth>3</depth></queue>"
    );
    assert_eq!(edited(before, "<still/>"), "<still/>");
    assert_eq!(edited(before, "<speed>2</speed>"), "<speed>2</speed><gear>2</gear>");
    assert_eq!(
        edited(before, "<delay>3</delay><speed nc:operation=\"delete\"/>"),
        "<delay>3</delay>"
    );
    assert_eq!(
        edited(before, "<delay>3</delay><still/>"),
        "bad-element: /broad:top/still: excluded by 'delay', of another case of choice 'way'\n"
    );
}

#[test]
fn an_edit_without_effect_shares_everything() {
    let types = broad::types();
    let tree = read(&types, "<i8>1</i8><item><name>a</name><size>1</size></item><sizes>1</sizes>");
    let edit = edit::Edit::from_branch(types.schema(), tree.root());
    let after = edit::apply(&tree, &edit, Operation::Merge, Origin(7)).expect("valid");
    assert!(after.ptr_eq(&tree));
}

#[test]
fn resources() {
    let types = broad::types();
    let schema = types.schema();
    let tree = read(&types, "<i8>1</i8><item><name>a</name><size>1</size></item>");
    let path = |text: &str| Path::parse_restconf(&types, text).expect(text);
    let content = |parent: &str, text: &str| -> Branch {
        let parent: NodeId = schema.find(parent).expect(parent);
        json::parse_branch(&types, parent, text, &DecodeOptions::default()).expect(text)
    };
    let show = |result: Result<Tree, Vec<DataError>>| match result {
        Ok(tree) => inside(&tree),
        Err(errors) => lines(&errors),
    };
    let post = |at: &str, parent: &str, text: &str| {
        show(edit::create(&tree, &path(at), &content(parent, text), None, Origin::NONE))
    };
    let put = |at: &str, parent: &str, text: &str| {
        show(edit::replace(&tree, &path(at), &content(parent, text), None, Origin::NONE))
    };
    let patch = |at: &str, parent: &str, text: &str| {
        show(edit::merge_at(&tree, &path(at), &content(parent, text), Origin::NONE))
    };
    let item_a = "<item><name>a</name><size>1</size></item>";
    assert_eq!(
        post("broad:top", "/broad:top", r#"{"broad:item":[{"name":"b"}]}"#),
        format!("<i8>1</i8>{item_a}<item><name>b</name></item>")
    );
    assert_eq!(
        post("broad:top", "/broad:top", r#"{"broad:item":[{"name":"a"}]}"#),
        "data-exists: /broad:top/item[name='a']: exists already\n"
    );
    assert_eq!(
        post("broad:top", "/broad:top", r#"{"broad:u8":1,"broad:u16":1}"#),
        "invalid-value: /broad:top: content with one resource expected, found 2\n"
    );
    assert_eq!(
        post("broad:top/item=z", "/broad:top/item", r#"{"broad:size":1}"#),
        "data-missing: /broad:top/item[name='z']: does not exist\n"
    );
    assert_eq!(
        put("broad:top/item=a", "/broad:top", r#"{"broad:item":[{"name":"a","note":"n"}]}"#),
        "<i8>1</i8><item><name>a</name><note>n</note></item>"
    );
    assert_eq!(
        put("broad:top/item=c", "/broad:top", r#"{"broad:item":[{"name":"c"}]}"#),
        format!("<i8>1</i8>{item_a}<item><name>c</name></item>")
    );
    assert_eq!(
        put("broad:top/item=c", "/broad:top", r#"{"broad:item":[{"name":"a"}]}"#),
        "invalid-value: /broad:top/item[name='c']: the content is for /broad:top/item[name='a']\n"
    );
    assert_eq!(put("", "/", r#"{"broad:top":{"u8":1}}"#), "<u8>1</u8>");
    assert_eq!(
        patch("broad:top/item=a", "/broad:top", r#"{"broad:item":[{"name":"a","note":"n"}]}"#),
        "<i8>1</i8><item><name>a</name><size>1</size><note>n</note></item>"
    );
    assert_eq!(
        patch("broad:top/item=c", "/broad:top", r#"{"broad:item":[{"name":"c"}]}"#),
        "data-missing: /broad:top/item[name='c']: does not exist\n"
    );
    assert_eq!(
        patch("broad:top/always", "/broad:top", r#"{"broad:always":{"a":"x"}}"#),
        format!("<i8>1</i8><always><a>x</a></always>{item_a}")
    );
    let delete = |at: &str| show(edit::delete(&tree, &path(at)));
    assert_eq!(delete("broad:top/item=a"), "<i8>1</i8>");
    assert_eq!(delete("broad:top"), "");
    assert_eq!(delete("broad:top/u8"), "data-missing: /broad:top/u8: does not exist\n");
    assert!(delete("broad:top/item=a/name").contains("a key leaf cannot be deleted"));
    assert!(delete("broad:top/item").contains("an entry of the list expected"));
    assert!(delete("").contains("the root cannot be deleted"));
    assert_eq!(Schema::ROOT.index(), 0);
}
