//! Axes, node tests and positions.

use super::case;

const ITEMS: &str = "/m:top/item[name='a']/value = 1
    /m:top/item[name='b']/value = 2
    /m:top/item[name='c']/value = 3
    /m:top/item[name='b']/sub[id='1']/note = x
    /m:top/item[name='b']/sub[id='2']/note = y
    /m:top/user[n='z']\n/m:top/user[n='y']\n/m:top/user[n='x']
    /m:top/tag[.='t2']\n/m:top/tag[.='t1']";

#[test]
fn axes() {
    case(ITEMS).check(
        "/m:top/item[name='b']",
        &[
            ("value", "/m:top/item[name='b']/value=2"),
            ("p:value", "/m:top/item[name='b']/value=2"),
            (".", "/m:top/item[name='b']"),
            ("..", "/m:top"),
            ("../..", "/"),
            ("../../..", ""),
            ("self::item", "/m:top/item[name='b']"),
            ("self::other", ""),
            ("child::node()[1]", "/m:top/item[name='b']/name=b"),
            ("count(*)", "5"),
            ("count(p:*)", "5"),
            (
                "sub/note",
                "/m:top/item[name='b']/sub[id='1']/note=x \
                          /m:top/item[name='b']/sub[id='2']/note=y",
            ),
            ("ancestor::*", "/m:top"),
            ("count(ancestor::node())", "2"),
            ("name(ancestor-or-self::*[1])", "\"p:item\""),
            ("string(ancestor-or-self::*[2]/tag)", "\"t2\""),
            ("preceding-sibling::item/name", "/m:top/item[name='a']/name=a"),
            ("following-sibling::item/name", "/m:top/item[name='c']/name=c"),
            ("following::value", "/m:top/item[name='c']/value=3"),
            ("preceding::value", "/m:top/item[name='a']/value=1"),
            ("descendant::note[. = 'y']", "/m:top/item[name='b']/sub[id='2']/note=y"),
            (
                ".//note[1]",
                "/m:top/item[name='b']/sub[id='1']/note=x \
                           /m:top/item[name='b']/sub[id='2']/note=y",
            ),
            ("(.//note)[2]", "/m:top/item[name='b']/sub[id='2']/note=y"),
            (
                "//note",
                "/m:top/item[name='b']/sub[id='1']/note=x \
                        /m:top/item[name='b']/sub[id='2']/note=y",
            ),
            ("count(sub/..)", "1"),
            ("count(sub/../../item)", "3"),
            ("@x", ""),
            ("value/text()", "/m:top/item[name='b']/value=2"),
            ("value/text() = '2'", "true"),
            ("string(sub)", "\"1x\""),
            (
                "sub | value",
                "/m:top/item[name='b']/value=2 /m:top/item[name='b']/sub[id='1'] \
                            /m:top/item[name='b']/sub[id='2']",
            ),
        ],
    );
}

#[test]
fn positions() {
    case(ITEMS).check(
        "/m:top",
        &[
            ("item[1]/name", "/m:top/item[name='a']/name=a"),
            ("item[last()]/name", "/m:top/item[name='c']/name=c"),
            (
                "item[position() > 1]/name",
                "/m:top/item[name='b']/name=b \
                                          /m:top/item[name='c']/name=c",
            ),
            ("item[value > 1][1]/name", "/m:top/item[name='b']/name=b"),
            ("item[value > 1][last()]/name", "/m:top/item[name='c']/name=c"),
            ("item[2][value = 2]/name", "/m:top/item[name='b']/name=b"),
            ("item[2][value = 1]/name", ""),
            ("item[name='b'][2]", ""),
            ("item[position() = last() - 1]/name", "/m:top/item[name='b']/name=b"),
            ("item[name='c']/preceding-sibling::item[1]/name", "/m:top/item[name='b']/name=b"),
            ("string(item[name='c']/preceding-sibling::item/name)", "\"a\""),
            ("user[1]", "/m:top/user[n='z']"),
            ("tag[1]", "/m:top/tag[.='t2']=t2"),
            (
                "user[n='x']/preceding-sibling::user/n",
                "/m:top/user[n='z']/n=z \
                                                       /m:top/user[n='y']/n=y",
            ),
        ],
    );
}

#[test]
fn shared_subtrees_are_two_nodes() {
    let mut case = case("/m:top/item[name='a']/sub[id='1']/note = x\n/m:top/item[name='b']");
    // Put the very same subtree below another entry.
    let path = |text| crate::sample::path(&case.types, text);
    let (from, to) = (path("/m:top/item[name='a']"), path("/m:top/item[name='b']"));
    let node = path("/m:top/item[name='a']/sub[id='1']").0[2].node;
    let shared = case.tree.branch(&from).unwrap().slot(node).unwrap().clone();
    case.tree.branch_mut(&to, crate::Origin::NONE).set(shared);
    case.check("/m:top", &[("count(item/sub | item/sub)", "2"), ("count(//sub/..)", "2")]);
}

#[test]
fn a_hostile_expression_ends() {
    let mut lines = String::new();
    for number in 0..120 {
        lines.push_str(&format!("/m:top/item[name='{number}']\n"));
    }
    let case = case(&lines);
    let failure = "failure: visits more than 20000000 nodes";
    let failure_of_depth = "failure: is nested too deeply, or has a path with too many steps";
    for (part, fits) in [(" or 1 = 2", 900), ("/.", 200), ("+ 1", 900), (" | item", 900)] {
        let result = case.eval("/m:top", &format!("item{}", part.repeat(fits)));
        assert_ne!(result, failure_of_depth, "{part}");
        let result = case.eval("/m:top", &format!("item{}", part.repeat(2_000)));
        assert_eq!(result, failure_of_depth, "{part}");
    }
    let hostile = "count(//*[//*[//*[//*[//*[name = 'x']]]]])";
    assert_eq!(case.eval("/m:top", hostile), failure);
    let case = super::case("/m:top/item[name='a']");
    let nested = format!("{}x{}", "item[./../self::node()[".repeat(30), "]]".repeat(30));
    assert_eq!(case.eval("/m:top", &nested), "");
}
