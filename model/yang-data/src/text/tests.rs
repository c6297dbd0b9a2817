use yang::Schema;

use super::pattern;
use crate::{JsonScalar, Names, Types, Value, broad};

/// The canonical form of a value of `/broad:top/<leaf>`, or the error.
fn canonical(types: &Types, leaf: &str, text: &str) -> String {
    let node = types.schema().find(&format!("/broad:top/{leaf}")).expect(leaf);
    match types.parse_leaf(node, text) {
        Ok(value) => value.text(types.schema()).to_string(),
        Err(error) => format!("! {error}"),
    }
}

#[test]
fn every_type_has_its_canonical_form() {
    let types = broad::types();
    let cases = [
        ("i8", "-128", "-128"),
        ("i8", "+007", "7"),
        ("i8", "128", "! '128' - expected int8 with range -128..127"),
        ("i8", "", "! '' - expected int8 with range -128..127"),
        ("i8", "-", "! '-' - expected int8 with range -128..127"),
        ("i8", "0x10", "! '0x10' - expected int8 with range -128..127"),
        ("i16", "100", "100"),
        ("i16", "6", "! '6' - expected int16 with range -5..5 | 100"),
        ("i64", "-9223372036854775808", "-9223372036854775808"),
        (
            "i64",
            "9223372036854775808",
            "! '9223372036854775808' - expected int64 with range \
             -9223372036854775808..9223372036854775807",
        ),
        ("u64", "18446744073709551615", "18446744073709551615"),
        ("u64", "-0", "0"),
        ("u8", "101", "! '101' - expected uint8 with range 0..100"),
        ("u16", " 12\n", "12"),
        ("u16", "1 2", "! '1 2' - expected uint16 with range 0..65535"),
        ("dec", "-0.0", "0.0"),
        ("dec", "010.500000", "10.5"),
        ("dec", "-9.001", "-9.001"),
        ("dec", "1", "1.0"),
        ("dec", "10.501", "! '10.501' - expected decimal64 with range -10.0..10.5"),
        (
            "dec",
            "1.0001",
            "! '1.0001' - expected decimal64 with 3 fraction digits and range -10.0..10.5",
        ),
        ("dec", ".5", "! '.5' - expected decimal64 with 3 fraction digits and range -10.0..10.5"),
        ("str", " a b ", " a b "),
        (
            "str",
            "\u{1}",
            "! '\u{1}' - expected string without control characters and noncharacters",
        ),
        ("short", "abc-1", "abc-1"),
        ("short", "Abc", "! 'Abc' - expected string matching pattern '[a-z][a-z0-9\\-_]*'"),
        ("short", "abadbc", "! 'abadbc' - no bad names"),
        (
            "short",
            "a12345678901234567890",
            "! 'a12345678901234567890' - expected string with length 1..20",
        ),
        ("truth", "true", "true"),
        ("truth", "1", "! '1' - expected boolean: true or false"),
        ("colour", "deep blue", "deep blue"),
        ("colour", "blue", "! 'blue' - expected one of red, green, deep blue"),
        ("flags", "", ""),
        ("flags", "run write", "write run"),
        ("flags", "read  run\twrite", "write read run"),
        ("flags", "read read", "! 'read read' - expected bits, of write, read, run"),
        ("blob", " QUJ D\n", "QUJD"),
        ("blob", "QUJ", "! 'QUJ' - expected binary: base64"),
        ("blob", "QUJDQUJDQUJD", "! 'QUJDQUJDQUJD' - expected binary with length 1..8"),
        ("mark", "", ""),
        ("mark", "x", "! 'x' - expected empty"),
        ("form", "broad:round", "broad:round"),
        ("form", "square", "broad:square"),
        ("form", "oval", "extra:oval"),
        ("form", "extra:oval", "extra:oval"),
        ("form", "broad:shape", "! 'broad:shape' - expected identity derived from broad:shape"),
        ("form", "nowhere:x", "! 'nowhere:x' - expected identity derived from broad:shape"),
        ("level", "5", "5"),
        ("level", "11", "11"),
        ("level", "high", "high"),
        ("level", "xyz", "xyz"),
        (
            "level",
            "yz",
            "! 'yz' - expected union of: uint8 with range 1..10, \
             int64 with range -9223372036854775808..9223372036854775807, one of low, high, string",
        ),
        ("ref", "65535", "65535"),
        ("ref", "65536", "! '65536' - expected uint16 with range 0..65535"),
        ("where", "/broad:top/item[ name = \"a'b\" ]/size", "/broad:top/item[name=\"a'b\"]/size"),
        ("where", "/broad:gone", "/broad:gone"),
        (
            "where",
            "/other:thing",
            "! '/other:thing' - expected instance-identifier: line 1, column 1: /: \
             unknown module 'other'",
        ),
        (
            "where",
            "thing",
            "! 'thing' - expected instance-identifier: line 1, column 1: /: syntax: '/' expected",
        ),
    ];
    for (leaf, text, expected) in cases {
        assert_eq!(canonical(&types, leaf, text), expected, "{leaf} {text:?}");
    }
}

#[test]
fn canonical_text_reads_back_as_the_same_value() {
    let types = broad::types();
    for (leaf, text) in [
        ("dec", "-9.999"),
        ("flags", "run read"),
        ("blob", "AAECAw=="),
        ("form", "oval"),
        ("level", "low"),
        ("i64", "-77"),
    ] {
        let node = types.schema().find(&format!("/broad:top/{leaf}")).expect(leaf);
        let value = types.parse_leaf(node, text).expect(text);
        assert_eq!(types.parse_leaf(node, &value.text(types.schema())), Ok(value));
    }
}

#[test]
fn the_first_union_member_that_accepts_decides() {
    let types = broad::types();
    let node = types.schema().find("/broad:top/level").expect("level");
    assert_eq!(types.parse_leaf(node, "10"), Ok(Value::Uint(10)));
    assert_eq!(types.parse_leaf(node, "0"), Ok(Value::Int(0)));
    assert!(matches!(types.parse_leaf(node, "low"), Ok(Value::Enum { index: 0, .. })));
    assert_eq!(types.parse_leaf(node, "x"), Ok(Value::str("x")));
}

#[test]
fn json_scalars_have_the_json_type_of_their_yang_type() {
    let types = broad::types();
    let read = |leaf: &str, scalar| {
        let node = types.schema().node(types.schema().find(leaf).expect(leaf));
        types.parse_json(node.type_id().expect("a leaf"), scalar, node.module())
    };
    assert_eq!(read("/broad:top/u16", JsonScalar::Number("7")), Ok(Value::Uint(7)));
    assert!(read("/broad:top/u16", JsonScalar::String("7")).is_err());
    assert!(read("/broad:top/u64", JsonScalar::Number("7")).is_err());
    assert_eq!(read("/broad:top/u64", JsonScalar::String("7")), Ok(Value::Uint(7)));
    assert!(read("/broad:top/truth", JsonScalar::String("true")).is_err());
    assert_eq!(read("/broad:top/truth", JsonScalar::Bool(true)), Ok(Value::Bool(true)));
    assert_eq!(read("/broad:top/mark", JsonScalar::NullInArray), Ok(Value::Empty));
    assert!(read("/broad:top/mark", JsonScalar::String("")).is_err());
    assert_eq!(read("/broad:top/level", JsonScalar::Number("7")), Ok(Value::Uint(7)));
    assert_eq!(read("/broad:top/level", JsonScalar::String("7")), Ok(Value::Int(7)));
    let error = read("/broad:top/u64", JsonScalar::Number("7")).expect_err("a number");
    assert_eq!(
        error.to_string(),
        "'7' - expected uint64 with range 0..18446744073709551615, written as a JSON string"
    );
}

#[test]
fn prefixes_are_resolved_by_the_caller() {
    let types = broad::types();
    let schema: &Schema = types.schema();
    let extra = schema.module_named("extra");
    let prefixes = |prefix: &str| if prefix == "p" { extra } else { None };
    let node = schema.node(schema.find("/broad:top/form").expect("form"));
    let read = |text| {
        let ty = node.type_id().expect("a leaf");
        types.parse(ty, text, Names::Prefixes(&prefixes), node.module())
    };
    assert_eq!(read("p:oval").expect("oval").text(schema), "extra:oval");
    assert!(read("q:oval").is_err());
    assert!(read("extra:oval").is_err(), "a module name is no prefix");
}

#[test]
fn accepts_holds_values_against_types() {
    let types = broad::types();
    let ty = |leaf: &str| {
        let node = types.schema().find(&format!("/broad:top/{leaf}")).expect(leaf);
        types.schema().node(node).type_id().expect("a leaf")
    };
    assert!(types.accepts(ty("u8"), &Value::Uint(100)));
    assert!(!types.accepts(ty("u8"), &Value::Uint(101)));
    assert!(!types.accepts(ty("u8"), &Value::Int(1)));
    assert!(types.accepts(ty("level"), &Value::Int(-4)));
    assert!(!types.accepts(ty("level"), &Value::str("abc")));
    assert!(types.accepts(ty("ref"), &Value::Uint(9)));
}

#[test]
fn patterns_are_those_of_xml_schema() {
    // Pattern, texts that match, texts that do not.
    let cases: &[(&str, &[&str], &[&str])] = &[
        ("", &[""], &["a"]),
        ("abc", &["abc"], &["xabc", "abcx", "abc\n"]),
        ("a|b", &["a", "b"], &["ab", "xa"]),
        ("^a$", &["^a$"], &["a"]),
        ("a.c", &["abc", "a$c"], &["a\nc", "a\rc", "ac"]),
        (r"\d{2,3}", &["12", "123", "٣٤"], &["1", "1234", "ab"]),
        (r"[\d.]+", &["1.2"], &["1,2"]),
        (r"\s\S", &[" a", "\ta"], &["  ", "a "]),
        (r"\w+", &["aé1", "+a"], &["a-b", "a b", "a.", "a_b"]),
        (r"\i\c*", &["a-b.c", "_x", ":n", "é1"], &["1a", "-a", ".a"]),
        (r"[\i-[:]][\c-[:]]*", &["a-b"], &["a:b", ":a"]),
        ("[a-z-[aeiou]]+", &["xyz"], &["abc"]),
        ("[^a-z-[AEIOU]]", &["B", "1"], &["a", "A"]),
        (r"[\-a]+", &["-a-"], &["b"]),
        ("[a-]+", &["-a-"], &["b"]),
        ("[-a]+", &["-a-"], &["b"]),
        (r"[a-zA-Z0-9\-_.]+", &["a-b_c.d"], &["a b"]),
        (r"[\w\-\.:,_@#%$\+=\| ;]+", &["a b|c;d"], &["a&b", "(x)"]),
        (r"\p{Lu}\p{Ll}*", &["Ab", "Éa"], &["ab"]),
        (r"\P{L}+", &["12"], &["a"]),
        (r"[\p{N}\p{L}]+", &["a1"], &["-"]),
        (r"\p{IsGreek}+", &["αβ"], &["ab"]),
        (r"\P{IsBasicLatin}", &["é"], &["e"]),
        (r"a{2}", &["aa"], &["a", "aaa"]),
        (r"a{0,1}b{2,}", &["bb", "abbb"], &["ab"]),
        ("a{", &["a{"], &["a"]),
        (r"\.\*\+\?\(\)\[\]\{\}\|\\\^", &[r".*+?()[]{}|\^"], &["a"]),
        ("[&&]", &["&"], &["a"]),
        ("[~~&&-]+", &["~&-"], &["a"]),
        ("[[]", &["["], &["a"]),
        ("x/y", &["x/y"], &["xy"]),
        (r"\n\r\t", &["\n\r\t"], &["nrt"]),
        (r"(%[\p{N}\p{L}]+)?", &["", "%eth0"], &["%"]),
        (r"[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){5}", &["00:1a:2B:3c:4d:5e"], &["00:1a:2b:3c:4d"]),
        (
            concat!(
                r"(([0-9]|[1-9][0-9]|1[0-9][0-9]|2[0-4][0-9]|25[0-5])\.){3}",
                r"([0-9]|[1-9][0-9]|1[0-9][0-9]|2[0-4][0-9]|25[0-5])(%[\p{N}\p{L}]+)?",
            ),
            &["192.0.2.1", "10.0.0.255%eth0"],
            &["256.1.1.1", "1.2.3", "1.2.3.4%"],
        ),
    ];
    for (xsd, good, bad) in cases {
        let matcher = pattern::compile(xsd).unwrap_or_else(|error| panic!("{xsd}: {error}"));
        for text in *good {
            assert!(matcher.is_match(text), "{xsd} matches {text:?}");
        }
        for text in *bad {
            assert!(!matcher.is_match(text), "{xsd} does not match {text:?}");
        }
    }
}

#[test]
fn bad_patterns_are_errors_and_never_panic() {
    for xsd in [
        "[",
        "[a",
        "(",
        ")",
        r"\",
        r"\q",
        r"\p{Xx}",
        r"\p{IsKlingon}",
        "[z-a]",
        "*",
        "a**b{9999999999}",
        "[a-[b]",
        r"[\",
        r"\p",
    ] {
        // Some of these the regex crate understands in its own way; none may panic.
        let _ = pattern::compile(xsd);
    }
    assert!(pattern::compile(r"\p{IsKlingon}").is_err());
    assert!(pattern::compile("[z-a]").is_err());
    assert!(pattern::compile(&format!("{}a{}", "[b-".repeat(99), "]".repeat(99))).is_err());
}

#[test]
fn every_category_is_known() {
    for category in super::pattern::CATEGORIES {
        pattern::compile(&format!(r"\p{{{category}}}[\P{{{category}}}]")).expect(category);
    }
}
