//! Key predicates: look-ups must find what a scan finds.

use super::super::{Evaluator, View};
use super::case;

const LISTS: &str = "/m:top/item[name='a']/value = 1\n/m:top/item[name='b']/value = 2
    /m:top/pair[a='1'][b='m:dog']/v = one\n/m:top/pair[a='2'][b='m:cat']/v = two
    /m:top/address[ip='7']/v = seven\n/m:top/address[ip='seven']/v = word
    /m:top/pick = b\n/m:top/tag[.='a']\n/m:top/tag[.='b']";

#[test]
fn equations_of_keys() {
    case(LISTS).check(
        "/m:top",
        &[
            ("item[name='b']/value", "/m:top/item[name='b']/value=2"),
            ("item['b'=name]/value", "/m:top/item[name='b']/value=2"),
            ("item[name=current()/pick]/value", "/m:top/item[name='b']/value=2"),
            (
                "item[name=/top/tag]/value",
                "/m:top/item[name='a']/value=1 \
                                          /m:top/item[name='b']/value=2",
            ),
            ("item[name=current()/missing]", ""),
            ("item[name='b' and value=2]", "/m:top/item[name='b']"),
            ("item[name='b' and value=3]", ""),
            ("item[name='b'][value=1]", ""),
            (
                "item[name='a' or name='b']/value",
                "/m:top/item[name='a']/value=1 \
                                                /m:top/item[name='b']/value=2",
            ),
            ("item[name=../item[1]/name]/value", "/m:top/item[name='a']/value=1"),
            ("pair[a='1'][b='p:dog']/v", "/m:top/pair[a='1'][b='m:dog']/v=one"),
            ("pair[b='dog'][a='1']/v", "/m:top/pair[a='1'][b='m:dog']/v=one"),
            ("pair[a='1' and b='m:dog']/v", "/m:top/pair[a='1'][b='m:dog']/v=one"),
            ("pair[a='1']/v", "/m:top/pair[a='1'][b='m:dog']/v=one"),
            ("pair[a=1][b='p:dog']/v", "/m:top/pair[a='1'][b='m:dog']/v=one"),
            ("pair[a='01'][b='p:dog']/v", ""),
            ("pair[a='1'][b='p:cat']/v", ""),
            ("address[ip='7']/v", "/m:top/address[ip='7']/v=seven"),
            ("address[ip='seven']/v", "/m:top/address[ip='seven']/v=word"),
            ("address[ip=7]/v", "/m:top/address[ip='7']/v=seven"),
        ],
    );
}

#[test]
fn a_key_is_looked_up() {
    let mut lines = String::new();
    for number in 0..1_000 {
        lines.push_str(&format!("/m:top/item[name='i{number}']/value = 1\n"));
    }
    let case = case(&lines);
    let schema = case.types.schema();
    let module = schema.module_named("m").unwrap();
    let resolve = |_: &str| Some(module);
    let spent = |text: &str| {
        let scope = yang::xpath::Scope { default: Some(module), resolve: &resolve };
        let expr = yang::xpath::parse(text, &scope).unwrap();
        let evaluator = Evaluator::new(&case.defaults, case.tree.root(), View::All);
        let root = evaluator.root().clone();
        assert!(evaluator.test(&expr, &root, &resolve).unwrap());
        evaluator.spent()
    };
    assert!(spent("/top/item[name='i500']/value = 1") < 20);
    assert!(spent("/top/item[value=1]") < 20, "stops at the first");
    assert!(spent("count(/top/item[value=1]) = 1000") > 1_000);
}
