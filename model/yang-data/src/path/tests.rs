use proptest::prelude::*;

use crate::broad::{Anys, Generator};
use crate::{Branch, Content, Key, Path, broad};

#[test]
fn text_forms_read_back() {
    let types = broad::types();
    let schema = types.schema();
    for (text, restconf) in [
        ("/", ""),
        ("/broad:top", "broad:top"),
        ("/broad:top/extra:str", "broad:top/extra:str"),
        ("/broad:top/item[name='a/b, c']/extra:weight", "broad:top/item=a%2Fb%2C%20c/extra:weight"),
        ("/broad:top/item[name='']/part[x='-1'][y='é']", "broad:top/item=/part=-1,%C3%A9"),
        ("/broad:top/item[name=\"it's\"]", "broad:top/item=it%27s"),
        ("/broad:top/item[name='a''b\"c']", "broad:top/item=a%27b%22c"),
        ("/broad:top/sizes[.='3']", "broad:top/sizes=3"),
        ("/broad:top/by-form[form='extra:oval']/v", "broad:top/by-form=extra:oval/v"),
        ("/broad:top/state/event[2]/what", "broad:top/state/event=2/what"),
        ("/broad:top/item", "broad:top/item"),
    ] {
        let path = Path::parse(&types, text).expect(text);
        assert_eq!(path.text(schema), text);
        assert_eq!(path.restconf(schema), restconf);
        assert_eq!(Path::parse_restconf(&types, restconf).as_ref(), Ok(&path), "{restconf}");
    }
    // The last place that an entry could have, and the first that none can.
    let (last, beyond) = (3_221_225_472_u64, 3_221_225_473_u64);
    let path = Path::parse(&types, &format!("/broad:top/state/event[{last}]")).expect("the last");
    assert_eq!(path.text(schema), format!("/broad:top/state/event[{last}]"));
    assert_eq!(path.restconf(schema), format!("broad:top/state/event={last}"));
    assert!(Path::parse(&types, &format!("/broad:top/state/event[{beyond}]")).is_err());
    let beyond = format!("broad:top/state/event={beyond}");
    assert!(Path::parse_restconf(&types, &beyond).is_err());
    let loose =
        Path::parse(&types, " /top/broad:item [ broad:name = \"a\" ] / weight ").expect("loose");
    assert_eq!(loose.text(schema), "/broad:top/item[name='a']/extra:weight");
}

#[test]
fn errors_say_what_and_where() {
    let types = broad::types();
    for (text, expected) in [
        ("", "line 1, column 1: /: syntax: '/' expected"),
        ("/broad:tip", "line 1, column 1: /: unknown node 'broad:tip' (did you mean 'top'?)"),
        ("/nobody:top", "line 1, column 1: /: unknown module 'nobody'"),
        (
            "/broad:top/item[nam='a']",
            "line 1, column 11: /broad:top/item[nam='a']: expected a key of the list, found 'nam'",
        ),
        (
            "/broad:top/item/part[x='1']",
            "line 1, column 16: /broad:top/item/part[x='1']: missing key 'y'",
        ),
        (
            "/broad:top/item[name='a'",
            "line 1, column 25: /broad:top/item[name='a': syntax: ']' expected",
        ),
        (
            "/broad:top/item[name=a]",
            "line 1, column 22: /broad:top/item[name=: syntax: a quoted value expected",
        ),
        (
            "/broad:top/sizes[.='x']",
            "line 1, column 11: /broad:top/sizes[.='x']: 'x' - expected uint16 with range 0..65535",
        ),
        (
            "/broad:top/i8[.='1']",
            "line 1, column 11: /broad:top/i8[.='1']: expected no predicate after a leaf, \
             found a predicate",
        ),
        ("/broad:top/", "line 1, column 12: /broad:top/: syntax: a name expected"),
    ] {
        let error = Path::parse(&types, text).expect_err(text);
        assert_eq!(error.to_string(), expected);
    }
    for (text, expected) in [
        ("top", "line 1, column 1: /: 'top' needs a module name (did you mean 'broad:top'?)"),
        (
            "broad:top/item=a,b",
            "line 1, column 11: /broad:top: expected 1 key values (name), found 2",
        ),
        (
            "broad:top/item/name",
            "line 1, column 16: /broad:top/item: expected item=..., found 'item' without keys",
        ),
        (
            "broad:top/item=%zz",
            "line 1, column 11: /broad:top: syntax: '%zz': two hex digits expected after '%'",
        ),
        ("broad:top/item=%ff", "line 1, column 11: /broad:top: syntax: '%ff' is no UTF-8"),
        ("broad:top//i8", "line 1, column 11: /broad:top: unknown node ''"),
        (
            "broad:top/i8=1",
            "line 1, column 11: /broad:top: expected no key after a leaf, found a key",
        ),
    ] {
        let error = Path::parse_restconf(&types, text).expect_err(text);
        assert_eq!(error.to_string(), expected);
    }
}

/// Every instance in a branch.
fn walk(branch: &Branch, at: &Path, visit: &mut impl FnMut(&Path)) {
    for slot in branch.slots() {
        match &slot.content {
            Content::Leaf(_) | Content::Any(_) => visit(&at.child(slot.node)),
            Content::Container(inside) => {
                let path = at.child(slot.node);
                visit(&path);
                walk(inside, &path, visit);
            }
            Content::List(list) => {
                for entry in list.iter() {
                    let path = at.entry(slot.node, entry.key_value());
                    visit(&path);
                    walk(&entry.branch, &path, visit);
                }
            }
            Content::LeafList(list) => {
                for entry in list.iter() {
                    visit(&at.entry(slot.node, Key::One(entry.value.clone())));
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn every_instance_has_paths_that_read_back(seed in any::<u64>()) {
        let types = broad::types_shared();
        let schema = types.schema();
        let tree = Generator::new(types, seed, Anys::With).tree();
        walk(tree.root(), &Path::ROOT, &mut |path| {
            let text = path.text(schema);
            assert_eq!(Path::parse(types, &text).as_ref(), Ok(path), "{text}");
            let text = path.restconf(schema);
            assert_eq!(Path::parse_restconf(types, &text).as_ref(), Ok(path), "{text}");
            assert!(tree.get(path).is_some(), "{text}");
        });
    }
}
