//! The examples of RFC 6241 section 6.4, and what they leave open.

use super::select;
use crate::element::{Element, write_all};

const USERS: &str = "<top xmlns=\"urn:c\"><users>\
     <user><name>root</name><type>superuser</type>\
     <info><dept>1</dept><id>1</id></info></user>\
     <user><name>fred</name><type>admin</type>\
     <info><dept>2</dept><id>2</id></info></user>\
     <user><name>barney</name><type>admin</type>\
     <info><dept>2</dept><id>3</id></info></user>\
     </users></top>";

fn check(filter: &str, expected: &str) {
    let data = Element::parse_all(USERS).unwrap();
    let filter = Element::parse_all(filter).unwrap();
    let wanted = match expected {
        "" => String::new(),
        inner => format!("<top xmlns=\"urn:c\">{inner}</top>"),
    };
    assert_eq!(write_all(&select(&data, &filter)), wanted);
}

#[test]
fn an_empty_filter_and_one_for_other_namespaces_select_nothing() {
    check("", "");
    check("<top xmlns='urn:other'/>", "");
    check("<top xmlns='urn:c'><nobody/></top>", "");
}

#[test]
fn a_node_without_content_selects_all_below_it() {
    let data = Element::parse_all(USERS).unwrap();
    for filter in ["<top xmlns='urn:c'/>", "<top xmlns='urn:c'><users/></top>", "<top xmlns=''/>"] {
        let filter = Element::parse_all(filter).unwrap();
        assert_eq!(write_all(&select(&data, &filter)), USERS);
    }
}

#[test]
fn selection_nodes_pick_leaves_of_every_entry() {
    check(
        "<top xmlns='urn:c'><users><user><name/></user></users></top>",
        "<users><user><name>root</name></user><user><name>fred</name></user>\
         <user><name>barney</name></user></users>",
    );
}

#[test]
fn a_content_match_picks_whole_entries() {
    check(
        "<top xmlns='urn:c'><users><user><name> fred </name></user></users></top>",
        "<users><user><name>fred</name><type>admin</type>\
         <info><dept>2</dept><id>2</id></info></user></users>",
    );
    check("<top xmlns='urn:c'><users><user><name>wilma</name></user></users></top>", "");
}

#[test]
fn beside_a_content_match_only_what_is_named_is_selected() {
    check(
        "<top xmlns='urn:c'><users><user><name>fred</name><info><id/></info></user></users></top>",
        "<users><user><name>fred</name><info><id>2</id></info></user></users>",
    );
    check(
        "<top xmlns='urn:c'><users><user><type>admin</type><name/></user></users></top>",
        "<users><user><name>fred</name><type>admin</type></user>\
         <user><name>barney</name><type>admin</type></user></users>",
    );
}

#[test]
fn all_content_matches_of_a_set_must_hold() {
    check(
        "<top xmlns='urn:c'><users><user><name>fred</name><type>superuser</type></user></users>\
         </top>",
        "",
    );
}

#[test]
fn selections_of_several_nodes_are_united() {
    check(
        "<top xmlns='urn:c'><users><user><name>root</name><info/></user>\
         <user><name>fred</name><info><id/></info></user>\
         <user><name>barney</name><info><dept/></info></user></users></top>",
        "<users><user><name>root</name><info><dept>1</dept><id>1</id></info></user>\
         <user><name>fred</name><info><id>2</id></info></user>\
         <user><name>barney</name><info><dept>2</dept></info></user></users>",
    );
    // The two entries that share a value are told apart.
    check(
        "<top xmlns='urn:c'><users><user><info><dept/></info></user>\
         <user><name>barney</name><info><id/></info></user></users></top>",
        "<users><user><info><dept>1</dept></info></user><user><info><dept>2</dept></info></user>\
         <user><name>barney</name><info><dept>2</dept><id>3</id></info></user></users>",
    );
}

#[test]
fn configuration_has_no_attributes_to_match() {
    check("<top xmlns='urn:c'><users role='x'/></top>", "");
}
