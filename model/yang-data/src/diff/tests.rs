use std::sync::Arc;

use proptest::prelude::*;

use super::diff;
use crate::broad::{self, Anys, Generator};
use crate::decode::DecodeOptions;
use crate::edit::{Operation, apply};
use crate::print::PrintOptions;
use crate::{Origin, Tree, Types, binary, xml};

fn read(types: &Types, text: &str) -> Tree {
    let text = format!("<top xmlns=\"urn:broad\">{text}</top>");
    xml::parse(types, &text, &DecodeOptions::default()).expect("valid")
}

/// The same data without anything shared.
fn rebuilt(types: &Types, tree: &Tree) -> Tree {
    let bytes = binary::encode(types.schema(), tree.root());
    let root = binary::decode(types.schema(), &bytes).expect("just written");
    Tree::from_root(Arc::clone(types.schema()), root)
}

#[test]
fn three_forms_of_a_difference() {
    let types = broad::types();
    let old = read(
        &types,
        "<i8>1</i8><str>a b</str><maybe><c>4</c></maybe><speed>3</speed>\
         <steps>p</steps><steps>q</steps>\
         <item><name>gone</name><size>1</size></item><item><name>here</name><size>1</size></item>\
         <rank><id>1</id></rank><rank><id>2</id></rank><rank><id>3</id></rank>",
    );
    let new = read(
        &types,
        "<i8>2</i8><str>a b</str><always><a>x</a></always><delay>1</delay>\
         <steps>q</steps><steps>p</steps><steps>r</steps>\
         <item><name>here</name><size>2</size></item><item><name>new</name><size>1</size></item>\
         <rank><id>3</id></rank><rank><id>1</id></rank><rank><id>9</id></rank>\
         <rank><id>2</id></rank>",
    );
    let difference = diff(&old, &new);
    let schema = types.schema();
    assert_eq!(
        difference.text(schema),
        "\
~ /broad:top/i8: 1 -> 2
> /broad:top/steps[.='q'] first
+ /broad:top/steps[.='r']
+ /broad:top/always/a = x
- /broad:top/maybe
- /broad:top/maybe/c = 4
- /broad:top/speed = 3
+ /broad:top/delay = 1
- /broad:top/item[name='gone']
- /broad:top/item[name='gone']/size = 1
~ /broad:top/item[name='here']/size: 1 -> 2
+ /broad:top/item[name='new']
+ /broad:top/item[name='new']/size = 1
> /broad:top/rank[id='3'] first
+ /broad:top/rank[id='9']
> /broad:top/rank[id='9'] after [id='1']
"
    );
    assert_eq!(
        difference.xml(schema, Operation::Remove, &PrintOptions::PRETTY),
        "\
<config xmlns=\"urn:ietf:params:xml:ns:netconf:base:1.0\" \
xmlns:xc=\"urn:ietf:params:xml:ns:netconf:base:1.0\">
  <top xmlns=\"urn:broad\">
    <speed xc:operation=\"remove\"/>
    <i8>2</i8>
    <steps xmlns:yang=\"urn:ietf:params:xml:ns:yang:1\" yang:insert=\"first\">q</steps>
    <steps>r</steps>
    <always>
      <a>x</a>
    </always>
    <maybe xc:operation=\"remove\"/>
    <delay>1</delay>
    <item xc:operation=\"remove\">
      <name>gone</name>
    </item>
    <item>
      <name>here</name>
      <size>2</size>
    </item>
    <item>
      <name>new</name>
      <size>1</size>
    </item>
    <rank xmlns:yang=\"urn:ietf:params:xml:ns:yang:1\" yang:insert=\"first\">
      <id>3</id>
    </rank>
    <rank xmlns:yang=\"urn:ietf:params:xml:ns:yang:1\" yang:insert=\"after\" xmlns:b=\"urn:broad\" \
yang:key=\"[b:id='1']\">
      <id>9</id>
    </rank>
  </top>
</config>"
    );
    assert!(
        difference
            .json(schema)
            .contains("{\"path\":\"/broad:top/i8\",\"operation\":\"replace\",\"old\":1,\"new\":2}")
    );
    assert!(difference.json(schema).contains(
        "{\"path\":\"/broad:top/rank[id='3']\",\"operation\":\"move\",\"insert\":\"first\"}"
    ));
    assert!(difference.json(schema).contains(
        "{\"path\":\"/broad:top/item[name='gone']\",\"operation\":\"delete\",\
         \"old\":{\"broad:name\":\"gone\",\"broad:size\":1}}"
    ));
}

#[test]
fn what_becomes_empty_is_removed_as_a_whole() {
    let types = broad::types();
    let old =
        read(&types, "<i8>1</i8><always><a>1</a><b>2</b></always><item><name>a</name></item>");
    let new = read(&types, "<i8>1</i8>");
    let xml = diff(&old, &new).xml(types.schema(), Operation::Delete, &PrintOptions::COMPACT);
    assert!(
        xml.contains(
            "<always xc:operation=\"delete\"/><item xc:operation=\"delete\"><name>a</name></item>"
        ),
        "{xml}"
    );
    let empty = Tree::new(Arc::clone(types.schema()));
    let xml = diff(&new, &empty).xml(types.schema(), Operation::Remove, &PrintOptions::COMPACT);
    assert!(xml.ends_with("<top xmlns=\"urn:broad\" xc:operation=\"remove\"/></config>"), "{xml}");
}

#[test]
fn shared_subtrees_are_not_looked_at() {
    let types = broad::types();
    let tree = Generator::new(&types, 1, Anys::With).tree();
    assert!(diff(&tree, &tree.clone()).is_empty());
    assert!(diff(&tree, &rebuilt(&types, &tree)).is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn applying_a_difference_gives_the_new_version(seed in any::<u64>()) {
        let types = broad::types_shared();
        let schema = types.schema();
        let mut generator = Generator::new(types, seed, Anys::With);
        let old = generator.tree();
        let changed = generator.changed(&old);
        let other = generator.tree();
        for new in [&changed, &other] {
            let difference = diff(&old, new);
            let applied = difference.apply(&old, Origin::NONE).expect("it fits");
            prop_assert_eq!(applied.root(), new.root());
            prop_assert_eq!(difference.is_empty(), old.root() == new.root());

            let unshared = diff(&rebuilt(types, &old), &rebuilt(types, new));
            prop_assert_eq!(unshared.text(schema), difference.text(schema));
        }
    }

    #[test]
    fn the_edit_of_a_difference_makes_the_new_version(seed in any::<u64>()) {
        let types = broad::types_shared();
        let schema = types.schema();
        let mut generator = Generator::new(types, seed, Anys::Without);
        let config = |tree: Tree| {
            let options = PrintOptions {
                content: crate::print::ContentFilter::Config,
                ..PrintOptions::COMPACT
            };
            let text = xml::print(&tree, &options);
            xml::parse(types, &text, &DecodeOptions::default()).expect("just printed")
        };
        let old = config(generator.tree());
        let new = config(generator.changed(&old));
        let difference = diff(&old, &new);
        for removal in [Operation::Remove, Operation::Delete] {
            let edit = difference.to_edit(schema, removal);
            let applied = apply(&old, &edit, Operation::Merge, Origin::NONE).expect("it fits");
            prop_assert_eq!(applied.root(), new.root());

            let text = difference.xml(schema, removal, &PrintOptions::PRETTY);
            let read = xml::parse_edit(types, &text, &DecodeOptions::default());
            let read = read.unwrap_or_else(|errors| panic!("{text}\n{errors:?}"));
            let applied = apply(&old, &read, Operation::Merge, Origin::NONE).expect("it fits");
            prop_assert_eq!(applied.root(), new.root());
        }
    }
}
