//! What a change breaks: near it and far from it.

use expect_test::expect;

use super::check_change;

const NETWORK: &str = r#"
    container net {
      leaf mode { type enumeration { enum plain; enum secure; } default plain; }
      list router {
        key name; unique id;
        leaf name { type string; }
        leaf id { type uint32; }
        leaf key { when "/net/mode = 'secure'"; type string; mandatory true; }
        list port { key n; leaf n { type uint8; } leaf up { type boolean; default true; } }
        leaf uplink { type leafref { path "../port/n"; } }
        leaf-list peers { type leafref { path "/net/router/name"; } must ". != ../name"; }
        must "count(port[up = 'true']) < 3" { error-message "two ports at most"; }
      }
      list link {
        key name; leaf name { type string; }
        leaf router { type leafref { path "/net/router/name"; } mandatory true; }
        leaf port { type leafref { path "/net/router[name=current()/../router]/port/n"; } }
        must "not(port) or deref(port)/../up = 'true'" { error-message "port is down"; }
      }
      leaf routers { type uint8; must ". = count(../router)"; }
    }"#;

const OLD: &str = "/m:net/router[name='a']/id = 1\n/m:net/router[name='a']/port[n='1']
    /m:net/router[name='a']/port[n='2']/up = false\n/m:net/router[name='a']/uplink = 1
    /m:net/router[name='b']/id = 2\n/m:net/router[name='b']/peers[.='a']
    /m:net/link[name='x']/router = a\n/m:net/link[name='x']/port = 1\n/m:net/routers = 2";

#[test]
fn nothing() {
    check_change(NETWORK, OLD, "", expect![[""]]);
    check_change(NETWORK, OLD, "/m:net/mode = plain", expect![[""]]);
}

#[test]
fn a_target_goes() {
    check_change(
        NETWORK,
        OLD,
        "-/m:net/router[name='a']",
        expect![[r#"
            /m:net/router[name='b']/peers[.='a'] [data-missing, instance-required]
                no "/net/router/name" with the value 'a'
            /m:net/link[name='x'] [operation-failed, must-violation]
                port is down
            /m:net/link[name='x']/router [data-missing, instance-required]
                no "/net/router/name" with the value 'a'
            /m:net/link[name='x']/port [data-missing, instance-required]
                no "/net/router[name=current()/../router]/port/n" with the value '1'
            /m:net/routers [operation-failed, must-violation]
                must ". = count(../router)" is false
        "#]],
    );
    check_change(
        NETWORK,
        OLD,
        "-/m:net/router[name='a']/port[n='1']",
        expect![[r#"
            /m:net/router[name='a']/uplink [data-missing, instance-required]
                no "../port/n" with the value '1'
            /m:net/link[name='x'] [operation-failed, must-violation]
                port is down
            /m:net/link[name='x']/port [data-missing, instance-required]
                no "/net/router[name=current()/../router]/port/n" with the value '1'
        "#]],
    );
    check_change(
        NETWORK,
        OLD,
        "-/m:net/router[name='a']\n-/m:net/link[name='x']\n-/m:net/router[name='b']/peers[.='a']
         /m:net/routers = 1",
        expect![[""]],
    );
}

#[test]
fn something_read_changes() {
    check_change(
        NETWORK,
        OLD,
        "/m:net/mode = secure",
        expect![[r#"
            /m:net/router[name='a']/key [data-missing]
                mandatory leaf "key" is missing
            /m:net/router[name='b']/key [data-missing]
                mandatory leaf "key" is missing
        "#]],
    );
    check_change(
        NETWORK,
        OLD,
        "/m:net/router[name='a']/port[n='1']/up = false",
        expect![[r#"
            /m:net/link[name='x'] [operation-failed, must-violation]
                port is down
        "#]],
    );
    check_change(
        NETWORK,
        OLD,
        "/m:net/router[name='a']/port[n='2']/up = true\n/m:net/router[name='a']/port[n='3']",
        expect![[r#"
            /m:net/router[name='a'] [operation-failed, must-violation]
                two ports at most
        "#]],
    );
    check_change(
        NETWORK,
        OLD,
        "/m:net/link[name='x']/router = b",
        expect![[r#"
            /m:net/link[name='x'] [operation-failed, must-violation]
                port is down
            /m:net/link[name='x']/port [data-missing, instance-required]
                no "/net/router[name=current()/../router]/port/n" with the value '1'
        "#]],
    );
    check_change(
        NETWORK,
        OLD,
        "/m:net/router[name='c']/id = 2",
        expect![[r#"
            /m:net/router [operation-failed, data-not-unique]
                2 entries of list "router" agree in id = '2': [name='b'], [name='c']
            /m:net/routers [operation-failed, must-violation]
                must ". = count(../router)" is false
        "#]],
    );
    check_change(
        NETWORK,
        OLD,
        "/m:net/router[name='b']/peers[.='b']",
        expect![[r#"
            /m:net/router[name='b']/peers[.='b'] [operation-failed, must-violation]
                must ". != ../name" is false
        "#]],
    );
}
