use super::*;

fn words(source: &str) -> Vec<String> {
    tokens(source).iter().filter_map(|t| t.word().map(str::to_owned)).collect()
}

fn joined(source: &str) -> Vec<String> {
    paths(&tokens(source)).into_iter().map(|path| path.segments.join("::")).collect()
}

#[test]
fn comments_and_literals_hide_their_words() {
    for (source, expected) in [
        ("a // b\nc", vec!["a", "c"]),
        ("a /* b /* c */ d */ e", vec!["a", "e"]),
        (r#"a "b \" c" d"#, vec!["a", "d"]),
        (r##"a r#"b " c"# d"##, vec!["a", "d"]),
        (r#"a r"\" b"#, vec!["a", "b"]),
        (r#"a b"c" br"d" c"e" f"#, vec!["a", "f"]),
        ("a 'b' 'c '\\'' b'd' e", vec!["a", "e"]),
        ("fn f<'a>(x: &'a str)", vec!["fn", "f", "x", "str"]),
        ("r#match r#\"x\"#", vec!["match"]),
        ("0xff 1.5 1..2 a", vec!["a"]),
    ] {
        assert_eq!(words(source), expected, "{source}");
    }
}

#[test]
fn unterminated_input_ends_with_the_file() {
    for source in ["\"abc", "r#\"abc", "/* abc", "'", "'\\", "\"abc\\", "fn f() {", "#[", "mod m {"]
    {
        let tokens = tokens(source);
        functions(&tokens);
        mod_files(&tokens);
        paths(&tokens);
        without_tests(&tokens);
    }
}

#[test]
fn lines_are_counted_through_strings_and_comments() {
    let found = tokens("\"a\nb\" /* \n\n */ c\nd");
    let lines: Vec<_> = found.iter().map(|t| (t.line, t.line_end)).collect();
    assert_eq!(lines, [(1, 2), (4, 4), (5, 5)]);
}

#[test]
fn functions_have_their_length() {
    let source = "fn a() {\n  fn b() {}\n}\ntrait T { fn c(&self); }\nconst P: fn(u8) = a;\n\
                  fn d(x: [u8; 2]) -> [u8; 2]\nwhere\n  u8: Copy,\n{\n  x\n}";
    let found: Vec<_> =
        functions(&tokens(source)).into_iter().map(|f| (f.name, f.line, f.lines)).collect();
    assert_eq!(found, [("a".to_owned(), 1, 3), ("b".to_owned(), 2, 1), ("d".to_owned(), 6, 6)]);
}

#[test]
fn modules_carry_their_place_and_kind() {
    let source = "mod a;\npub(crate) mod b { #[path = \"x.rs\"] mod c; }\n\
                  #[cfg(test)]\nmod tests;\n#[cfg(test)] mod inline { mod d; }\n#[cfg(unix)] pub mod e;";
    let found: Vec<_> = mod_files(&tokens(source))
        .into_iter()
        .map(|m| (m.inside.join("/"), m.name, m.path, m.is_test))
        .collect();
    let row = |inside: &str, name: &str, path: Option<&str>, is_test| {
        (inside.to_owned(), name.to_owned(), path.map(str::to_owned), is_test)
    };
    assert_eq!(
        found,
        [
            row("", "a", None, false),
            row("b", "c", Some("x.rs"), false),
            row("", "tests", None, true),
            row("inline", "d", None, true),
            row("", "e", None, false),
        ]
    );
}

#[test]
fn paths_expand_use_trees() {
    assert_eq!(
        joined("use std::{fs, io::{self, Read as _}}; x::y::<u8>(z)"),
        ["use", "std::fs", "std::io::self", "std::io::Read", "x::y", "u8", "z"]
    );
}

#[test]
fn test_items_are_left_out() {
    for (source, expected) in [
        ("#[cfg(test)] mod t { a } b", vec!["b"]),
        ("#[cfg(test)] #[path = \"x\"] mod t; b", vec!["b"]),
        ("#[cfg(test)] use a::{b, c}; d", vec!["d"]),
        ("#[test] fn a() { b } c", vec!["c"]),
        ("#[cfg(all(test, unix))] fn a() { b } c", vec!["c"]),
        ("#[cfg(not(test))] fn a() {}", vec!["cfg", "not", "test", "fn", "a"]),
        ("#![cfg(test)] a", vec![]),
        ("struct S { #[cfg(test)] a: u8 } b", vec!["struct", "S", "b"]),
    ] {
        let kept = without_tests(&tokens(source));
        let words: Vec<_> = kept.iter().filter_map(Token::word).collect();
        assert_eq!(words, expected, "{source}");
    }
}
