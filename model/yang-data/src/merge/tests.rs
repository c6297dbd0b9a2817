use proptest::prelude::*;

use super::merge;
use crate::broad::{self, Anys, Generator};
use crate::decode::DecodeOptions;
use crate::print::PrintOptions;
use crate::{Tree, Types, diff, xml};

fn read(types: &Types, text: &str) -> Tree {
    let text = format!("<top xmlns=\"urn:broad\">{text}</top>");
    xml::parse(types, &text, &DecodeOptions::default()).expect("valid")
}

/// The merged tree, or the conflicts.
fn merged(left: &str, right: &str) -> String {
    let types = broad::types();
    let (left, right) = (read(&types, left), read(&types, right));
    match merge(types.schema(), left.root(), right.root()) {
        Ok(root) => xml::print_branch(types.schema(), &root, &PrintOptions::COMPACT),
        Err(errors) => errors.iter().map(|error| format!("{error}\n")).collect(),
    }
}

#[test]
fn what_either_has() {
    assert_eq!(
        merged(
            "<i8>1</i8><sizes>2</sizes><steps>b</steps><steps>a</steps>\
             <item><name>m</name><size>1</size></item><rank><id>5</id></rank>",
            "<i8>1</i8><u8>2</u8><sizes>1</sizes><steps>c</steps><steps>a</steps>\
             <item><name>a</name></item><item><name>m</name><note>n</note></item>\
             <rank><id>1</id></rank><rank><id>5</id><note>x</note></rank>",
        ),
        "<top xmlns=\"urn:broad\"><i8>1</i8><u8>2</u8><sizes>1</sizes><sizes>2</sizes>\
         <steps>b</steps><steps>a</steps><steps>c</steps><item><name>a</name></item>\
         <item><name>m</name><size>1</size><note>n</note></item>\
         <rank><id>5</id><note>x</note></rank><rank><id>1</id></rank></top>"
    );
}

#[test]
fn every_conflict_names_path_and_values() {
    assert_eq!(
        merged(
            "<i8>1</i8><form>b:round</form><item><name>m</name><size>1</size></item>"
                .replace("<form>", "<form xmlns:b=\"urn:broad\">")
                .as_str(),
            "<i8>2</i8><form xmlns:b=\"urn:broad\">b:square</form>\
             <item><name>m</name><size>3</size></item>",
        ),
        "/broad:top/i8: cannot merge different values: 1 != 2\n\
         /broad:top/form: cannot merge different values: broad:round != broad:square\n\
         /broad:top/item[name='m']/size: cannot merge different values: 1 != 3\n"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn a_merged_tree_holds_both(seed in any::<u64>()) {
        let types = broad::types_shared();
        let schema = types.schema();
        let mut generator = Generator::new(types, seed, Anys::With);
        let left = generator.tree();
        let right = generator.changed(&left);
        let itself = merge(schema, left.root(), left.root());
        prop_assert_eq!(itself.as_ref(), Ok(left.root()));
        match merge(schema, left.root(), right.root()) {
            Ok(both) => {
                let both = Tree::from_root(schema.clone(), both);
                for part in [&left, &right] {
                    let text = diff::diff(part, &both).text(schema);
                    let lost = text.lines().find(|line| line.starts_with(['-', '~']));
                    // Keyless entries have no identity: they only add up.
                    let lost = lost.filter(|line| !line.contains("/event["));
                    prop_assert_eq!(lost, None, "{}", text);
                }
            }
            Err(conflicts) => {
                let text = diff::diff(&left, &right).text(schema);
                for conflict in conflicts {
                    let line = format!("~ {}: ", conflict.path);
                    prop_assert!(text.contains(&line), "{} in\n{}", line, text);
                }
            }
        }
    }
}
