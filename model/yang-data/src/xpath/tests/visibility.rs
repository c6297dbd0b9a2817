//! What exists without being stored (RFC 7950, section 6.4.1).

use super::super::View;
use super::case;

#[test]
fn containers_and_defaults() {
    case("/m:top/name = x").check(
        "/m:top",
        &[
            ("size", "/m:top/size=7"),
            ("port", "/m:top/port[.='80']=80 /m:top/port[.='443']=443"),
            ("inner", "/m:top/inner"),
            ("inner/deep = 'd'", "true"),
            ("inner/more", "/m:top/inner/more"),
            ("inner/more/x", ""),
            ("here", ""),
            ("here/y", ""),
            ("/state", "/m:state"),
        ],
    );
    case("/m:top/here\n/m:top/size = 1\n/m:top/port[.='9']").check(
        "/m:top",
        &[("here/y", "/m:top/here/y=z"), ("size", "/m:top/size=1"), ("count(port)", "1")],
    );
    case("").check("/", &[("/top/size", "/m:top/size=7"), ("count(top/item)", "0")]);
}

#[test]
fn cases() {
    let slow = &[("speed", "/m:top/speed=1"), ("road/width", "/m:top/road/width=2"), ("wings", "")];
    case("").check("/m:top", slow);
    case("/m:top/road/width = 2").check("/m:top", slow);
    case("/m:top/jet = x")
        .check("/m:top", &[("speed", ""), ("road", ""), ("wings", "/m:top/wings=2")]);
}

#[test]
fn conditions() {
    case("/m:top/number = 3")
        .check("/m:top", &[("conditional", ""), ("guarded", ""), ("guarded/inside", "")]);
    case("/m:top/number = 6\n/m:top/flag = true").check(
        "/m:top",
        &[
            ("conditional", "/m:top/conditional=there"),
            ("guarded/inside", "/m:top/guarded/inside=g"),
        ],
    );
}

#[test]
fn configuration_alone() {
    let case = case("/m:state/count = 4\n/m:top/name = x");
    assert_eq!(case.eval_in(View::All, "/", "/state/count"), "/m:state/count=4");
    assert_eq!(case.eval_in(View::Configuration, "/", "/state/count"), "");
    assert_eq!(case.eval_in(View::Configuration, "/", "count(/*)"), "1");
}
