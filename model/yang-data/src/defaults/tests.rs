use super::fill;
use crate::broad;
use crate::decode::DecodeOptions;
use crate::print::PrintOptions;
use crate::{Tree, xml};

/// The tree with its defaults, below `/broad:top`.
fn filled(text: &str) -> String {
    let types = broad::types();
    let text = format!("<top xmlns=\"urn:broad\">{text}</top>");
    let tree = xml::parse(&types, &text, &DecodeOptions::default()).expect("valid");
    let printed = xml::print(&fill(&types, &tree), &PrintOptions::COMPACT);
    let inside = printed.strip_prefix("<top xmlns=\"urn:broad\">").expect("the top");
    inside.strip_suffix("</top>").expect("the top").to_owned()
}

const ALWAYS: &str = "<u8>50</u8><truth>true</truth><colour>green</colour>";

#[test]
fn defaults_of_every_kind() {
    assert_eq!(
        filled(""),
        format!(
            "{ALWAYS}<sizes>1</sizes><sizes>2</sizes><always><b>bee</b></always><speed>10</speed>"
        )
    );
    assert_eq!(
        filled(
            "<colour>red</colour><sizes>9</sizes><maybe/><delay>1</delay>\
             <item><name>a</name></item>"
        ),
        "<u8>50</u8><truth>true</truth><colour>red</colour><sizes>9</sizes>\
         <always><b>bee</b></always>\
         <maybe><c>3</c></maybe><delay>1</delay><item><name>a</name><kind>plain</kind></item>"
    );
    assert!(filled("<gear>1</gear>").ends_with("<speed>10</speed><gear>1</gear>"));
}

#[test]
fn nothing_to_fill_shares_everything() {
    let types = broad::types();
    let once = fill(&types, &Tree::new(types.schema().clone()));
    assert!(fill(&types, &once).root().ptr_eq(once.root()));
}
