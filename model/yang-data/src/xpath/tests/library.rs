//! Functions and operators.

use super::case;

#[test]
fn operators() {
    case("/m:top/number = -4\n/m:top/ratio = 2.50").check(
        "/m:top",
        &[
            ("1 + 2 * 3", "7"),
            ("7 mod -3", "1"),
            ("-7 mod 3", "-1"),
            ("1 div 0", "Infinity"),
            ("-1 div 0", "-Infinity"),
            ("0 div 0", "NaN"),
            ("-(2) - -3", "1"),
            ("number + 1", "-3"),
            ("ratio * 2", "5"),
            ("ratio = '2.5'", "true"),
            ("ratio = 2.50", "true"),
            ("1 = 1 and 2 < 3 or false()", "true"),
            ("'1' < 2", "true"),
            ("'a' < 2", "false"),
            ("true() = 'x'", "true"),
            ("1 = true()", "true"),
            ("missing = true()", "false"),
            ("missing = false()", "true"),
            ("missing = missing", "false"),
            ("missing != number", "false"),
            ("number != missing", "false"),
            ("0.1 + 0.2 = 0.3", "false"),
        ],
    );
}

#[test]
fn node_sets_compare_if_some_pair_does() {
    let lines = "/m:top/tag[.='a']\n/m:top/tag[.='b']\n/m:top/port[.='1']\n/m:top/port[.='5']
        /m:top/name = b";
    case(lines).check(
        "/m:top",
        &[
            ("tag = 'b'", "true"),
            ("tag != 'b'", "true"),
            ("not(tag = 'c')", "true"),
            ("name = tag", "true"),
            ("tag = name", "true"),
            ("name != tag", "true"),
            ("port > 4", "true"),
            ("4 < port", "true"),
            ("port > 5", "false"),
            ("port < port", "true"),
            ("port[. = 5] > port[. = 5]", "false"),
            ("port >= 5 and port <= 1", "true"),
            ("name < port", "false"),
        ],
    );
}

#[test]
fn string_functions() {
    case("/m:top/name = héllo").check(
        "/m:top/name",
        &[
            ("string()", "\"héllo\""),
            ("string-length()", "5"),
            ("string-length('ab')", "2"),
            ("concat('a', 1, true())", "\"a1true\""),
            ("starts-with(., 'hé')", "true"),
            ("contains(., 'll')", "true"),
            ("contains(., '')", "true"),
            ("substring-before('1999/04', '/')", "\"1999\""),
            ("substring-before('1999', '/')", "\"\""),
            ("substring-after('1999/04', '/')", "\"04\""),
            ("substring('12345', 2, 3)", "\"234\""),
            ("substring('12345', 2)", "\"2345\""),
            ("substring('12345', 1.5, 2.6)", "\"234\""),
            ("substring('12345', 0, 3)", "\"12\""),
            ("substring('12345', 0 div 0, 3)", "\"\""),
            ("substring('12345', -42, 1 div 0)", "\"12345\""),
            ("substring('12345', -1 div 0, 1 div 0)", "\"\""),
            ("normalize-space('  a   b ')", "\"a b\""),
            ("translate('bar', 'abc', 'AB')", "\"BAr\""),
            ("translate('--aaa--', 'abc-', 'ABC')", "\"AAA\""),
            ("local-name()", "\"name\""),
            ("name(..)", "\"p:top\""),
            ("namespace-uri()", "\"urn:m\""),
            ("local-name(/)", "\"\""),
            ("local-name(../missing)", "\"\""),
            ("lang('en')", "false"),
            ("count(id('x'))", "0"),
        ],
    );
}

#[test]
fn numbers() {
    let lines = "/m:top/port[.='1']\n/m:top/port[.='5']\n/m:top/big = 18446744073709551615";
    case(lines).check(
        "/m:top",
        &[
            ("sum(port)", "6"),
            ("sum(missing)", "0"),
            ("count(port | port)", "2"),
            ("floor(-1.5)", "-2"),
            ("ceiling(-1.5)", "-1"),
            ("round(2.5)", "3"),
            ("round(-2.5)", "-2"),
            ("number('  12 ')", "12"),
            ("number('1e3')", "NaN"),
            ("number('+1')", "NaN"),
            ("number('.5')", "0.5"),
            ("number('5.')", "5"),
            ("number('-')", "NaN"),
            ("number(true())", "1"),
            ("string(1000000)", "\"1000000\""),
            ("string(0.1)", "\"0.1\""),
            ("string(-0)", "\"0\""),
            ("big = '18446744073709551615'", "true"),
        ],
    );
}

#[test]
fn functions_of_yang() {
    let lines = "/m:top/kind = puppy\n/m:top/level = high\n/m:top/rights = read run
        /m:top/name = eth0/1\n/m:top/item[name='a']/value = 3\n/m:top/pick = a
        /m:top/item[name='a']/sub[id='4']/note = deep\n/m:top/far = 4
        /m:top/where = /m:top/item[name='a']/value";
    case(lines).check(
        "/m:top",
        &[
            ("derived-from(kind, 'p:dog')", "true"),
            ("derived-from(kind, 'dog')", "true"),
            ("derived-from(kind, 'p:puppy')", "false"),
            ("derived-from-or-self(kind, 'p:puppy')", "true"),
            ("derived-from-or-self(kind, 'p:cat')", "false"),
            ("derived-from(name, 'p:dog')", "false"),
            ("derived-from(missing, 'p:dog')", "false"),
            ("derived-from('x', 'p:dog')", "failure: derived-from needs a node set"),
            ("derived-from(kind, 'p:cow')", "failure: derived-from knows no identity \"p:cow\""),
            ("kind = 'p:puppy'", "true"),
            ("kind = 'm:puppy'", "true"),
            ("kind = 'puppy'", "true"),
            ("kind != 'p:puppy'", "false"),
            ("string(kind)", "\"m:puppy\""),
            ("enum-value(level)", "10"),
            ("enum-value(name)", "NaN"),
            ("bit-is-set(rights, 'run')", "true"),
            ("bit-is-set(rights, 'write')", "false"),
            ("bit-is-set(rights, 'fly')", "false"),
            ("re-match(name, 'eth[0-9]+/[0-9]')", "true"),
            ("re-match(name, 'eth')", "false"),
            ("deref(pick)", "/m:top/item[name='a']/name=a"),
            ("deref(pick)/../value", "/m:top/item[name='a']/value=3"),
            ("deref(far)/../note", "/m:top/item[name='a']/sub[id='4']/note=deep"),
            ("deref(where)", "/m:top/item[name='a']/value=3"),
            ("deref(name)", ""),
            ("current()/name", "/m:top/name=eth0/1"),
            ("item[current()/pick = name]/value", "/m:top/item[name='a']/value=3"),
            ("count(1)", "failure: count needs a node set"),
            ("1 | 2", "failure: \"|\" needs a node set"),
        ],
    );
    let failure = case(lines).eval("/m:top", "re-match(name, '[')");
    assert!(failure.starts_with("failure: bad regular expression \"[\""), "{failure}");
}
