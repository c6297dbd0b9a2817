//! Bad input yields diagnostics: no panic, no hang.

use std::time::{Duration, Instant};

use proptest::prelude::*;
use yang::Lenient;

use crate::{compile, compile_body, compile_with, module, said};

const VALID: &str = "module m { yang-version 1.1; namespace \"urn:m\"; prefix m;
  import n { prefix n; revision-date 2020-01-01; } organization 'o' + \"p\";
  revision 2021-01-01 { description \"first\\n  second\"; }
  feature f; identity i { if-feature \"f or not f\"; } identity j { base i; base n:k; }
  typedef t { type int8 { range \"1..5 | 7\"; } default 3; }
  typedef e { type enumeration { enum a { value 4; } enum b; } }
  grouping g { leaf x { type t; } container y { leaf z { type leafref { path \"../../x\"; } } } }
  container c { uses g { refine x { default 5; } augment y { leaf q { type e; } } }
    list l { key \"k\"; unique \"v\"; leaf k { type string { length 1..9; pattern '[a-z]+'; } }
      leaf v { type union { type bits { bit o; bit p { position 4; } } type decimal64 {
        fraction-digits 2; } } must \"count(../k) > 1 and current() != 'a'\"; } }
    choice h { default one; case one { leaf o { type empty; when \"../x = 1\"; } } leaf two {
      type identityref { base i; } default j; } } }
  augment \"/m:c/m:l\" { when \"k\"; leaf-list w { type n:s; min-elements 0; max-elements 4; } }
  rpc r { input { leaf a { type string; } } } notification no { anydata d; }
  deviation /m:c/m:x { deviate replace { default 1; } deviate add { units u; } }
}";
const OTHER: &str = "module n { namespace \"urn:n\"; prefix n; revision 2020-01-01;
  identity k; typedef s { type string; } }";

#[test]
fn the_seed_is_valid() {
    assert_eq!(said(&compile(&[VALID, OTHER])), "");
}

/// Words that mean something somewhere.
const WORDS: [&str; 24] = [
    "container",
    "leaf",
    "type",
    "uses",
    "grouping",
    "{",
    "}",
    ";",
    "\"",
    "'",
    "m:c",
    "..",
    "/",
    "augment",
    "deviation",
    "list",
    "key",
    "typedef",
    "\\",
    "//",
    "/*",
    "import",
    "-1",
    "\u{0}",
];

fn mutated() -> impl Strategy<Value = String> {
    let change =
        (0usize..VALID.len(), 0usize..40, 0usize..WORDS.len(), 0usize..VALID.len(), 0u8..4);
    prop::collection::vec(change, 1..5).prop_map(|changes| {
        let mut text = VALID.to_owned();
        for (at, length, word, from, kind) in changes {
            let start = at.min(text.len());
            let end = (start + length).min(text.len());
            let from = from.min(text.len());
            let copied = text[from..(from + length).min(text.len())].to_owned();
            match kind {
                0 => text.replace_range(start..end, ""),
                1 => text.insert_str(start, WORDS[word]),
                2 => text.replace_range(start..end, WORDS[word]),
                _ => text.insert_str(start, &copied),
            }
        }
        text
    })
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 1_500,
        failure_persistence: None,
        ..Default::default()
    })]

    #[test]
    fn mutations_never_panic(text in mutated(), vendor in any::<bool>()) {
        let lenient = if vendor { Lenient::vendor() } else { Lenient::default() };
        let start = Instant::now();
        let compiled = compile_with(lenient, &[&text, OTHER]);
        prop_assert_eq!(compiled.schema.is_none(), compiled.errors().next().is_some());
        prop_assert!(start.elapsed() < Duration::from_secs(5));
        if let Some(schema) = compiled.schema {
            prop_assert!(yang::Schema::from_bytes(&schema.to_bytes()).is_ok());
        }
    }

    #[test]
    fn any_text_is_survived(text in "\\PC{0,200}") {
        prop_assert!(compile(&[&text]).schema.is_none());
    }
}

#[test]
fn every_cut_is_survived() {
    for end in 0..VALID.len() {
        assert!(compile(&[&VALID[..end], OTHER]).schema.is_none(), "cut at {end}");
    }
}

#[test]
fn nesting_is_bounded() {
    let nested = |open: &str, count: usize| format!("{}{}", open.repeat(count), "}".repeat(count));
    let compiled = compile_body(&nested("container c {", 100_000));
    assert!(said(&compiled).contains("nested deeper than 256 levels"), "{}", said(&compiled));
    let fits = compile_body(&nested("container c {", 250));
    assert!(fits.schema.is_some(), "{}", said(&fits));
    // Through groupings the statements are flat and the schema is deep.
    let chain: String = (0..2_000)
        .map(|n| format!("grouping g{n} {{ container c {{ uses g{}; }} }}\n", n + 1))
        .collect();
    let deep = compile_body(&format!("{chain} grouping g2000; uses g0;"));
    assert!(said(&deep).contains("schema nodes nested deeper"), "{}", said(&deep));
}

#[test]
fn expansion_is_bounded() {
    // Each grouping uses the next one twice: 2^40 nodes.
    let chain: String = (0..40)
        .map(|n| {
            let next = n + 1;
            format!(
                "grouping g{n} {{ container a {{ uses g{next}; }}
                container b {{ uses g{next}; }} }}\n"
            )
        })
        .collect();
    let compiled = compile_body(&format!("{chain} grouping g40; uses g0;"));
    assert!(compiled.schema.is_none());
    assert!(said(&compiled).contains("schema nodes"), "{}", said(&compiled));
}

#[test]
fn diagnostics_are_bounded() {
    let faults = "leaf a { type nowhere; }\n".repeat(5_000);
    let compiled = compile_body(&faults);
    assert_eq!(compiled.diagnostics.len(), yang::limits::DIAGNOSTICS_PER_FILE_MAX + 1);
    let last = compiled.diagnostics.last().expect("there are many");
    assert!(last.message.contains("more diagnostics for this file are left off"), "{last}");
}

#[test]
fn long_chains_of_imports_and_augments_end() {
    let mut texts = vec![module("m0", "container c0;")];
    for n in 1..300 {
        let before = n - 1;
        let path: String = (0..n.min(30)).map(|at| format!("/p{at}:c{at}")).collect();
        let imports: String =
            (0..n).map(|at| format!("import m{at} {{ prefix p{at}; }} ")).collect();
        let _ = before;
        texts.push(module(
            &format!("m{n}"),
            &format!("{imports} augment {path} {{ container c{n}; }}"),
        ));
    }
    let texts: Vec<&str> = texts.iter().rev().map(String::as_str).collect();
    let compiled = compile(&texts);
    assert!(compiled.schema.is_some(), "{}", said(&compiled));
}

#[test]
fn fraction_digits_beyond_any_number_are_survived() {
    for digits in ["0", "19", "127", "255", "256", "4294967295"] {
        let compiled = compile_body(&format!(
            "leaf a {{ type decimal64 {{ fraction-digits {digits}; range \"-1.5..7\"; }}
             default 1.5; }}"
        ));
        assert!(said(&compiled).contains("fraction-digits"), "{}", said(&compiled));
    }
}

#[test]
fn long_chains_of_operators_are_refused() {
    let chain = "1 + ".repeat(10_000) + "1";
    let compiled = compile_body(&format!("leaf a {{ type string; must \"{chain}\"; }}"));
    assert!(said(&compiled).contains("more than 4000 operators"), "{}", said(&compiled));
}
