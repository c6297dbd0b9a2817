//! Modules, submodules, imports, revisions, leniency.

use yang::{Compiler, Lenient, Options, Quirk, Severity, parse};

use crate::{compile, compile_with, module, said, schema, told};

#[test]
fn submodules_share_definitions_and_keep_their_prefixes() {
    let main =
        "module main { yang-version 1.1; namespace urn:main; prefix main; include sub; include two;
container top { uses g; leaf t { type from-two; } } }";
    let sub = "submodule sub { yang-version 1.1; belongs-to main { prefix other; }
revision 2026-01-02;
grouping g { leaf in-sub { type other:from-two; } }
augment /other:top { leaf late { type string; } } }";
    let two = "submodule two { yang-version 1.1; belongs-to main { prefix x; }
typedef from-two { type int8; } identity i; leaf l { type identityref { base x:i; } } }";
    let schema = schema(compile(&[main, sub, two]));
    for path in ["/main:top/in-sub", "/main:top/late", "/main:l", "/main:top/t"] {
        assert!(schema.find(path).is_some(), "{path}");
    }
    let module = schema.module(schema.module_named("main").unwrap());
    let submodules: Vec<_> = module.submodules().collect();
    assert_eq!(submodules, [("sub", Some("2026-01-02")), ("two", None)]);
}

#[test]
fn faults_of_linkage() {
    let a = module("a", "import b { prefix b; } import c { prefix b; } import a { prefix self; }");
    let b = module("b", "import a { prefix a; } include nowhere;");
    let sub = "submodule lone { belongs-to nobody { prefix n; } }";
    expect_test::expect![[r#"
        0:2:24 error [import c]
            module "c" is not among the sources (missing_import)
        0:2:35 error [prefix b]
            prefix "b" is declared twice (duplicate_definition)
        0:2:47 error [import a]
            a module imports itself (circular_import)
        1:2:1 error [import a]
            module "a" imports this one, directly or not (circular_import)
        1:2:24 error [include nowhere]
            submodule "nowhere" is not there (missing_include)
        2:1:1 error [submodule lone]
            module "nobody" of this submodule is not among the sources
            (orphan_submodule)
    "#]]
    .assert_eq(&told(&compile(&[&a, &b, sub])));
    let twin = module("twin", "leaf x { type string; }");
    let other = module("twin", "leaf y { type string; }");
    expect_test::expect![[r#"
        1:1:1 error [module twin]
            this revision of the module was added before, as "0" (repeated_source)
    "#]]
    .assert_eq(&told(&compile(&[&twin, &other])));
    let shared = "module n2 { namespace urn:n1; prefix p; }";
    let spaces = "module n1 { namespace urn:n1; prefix p; }";
    expect_test::expect![[r#"
        0:1:13 error [namespace urn:n1]
            module "n1" has the same namespace (duplicate_definition)
    "#]]
    .assert_eq(&told(&compile(&[shared, spaces])));
}

fn revision(date: &str, leaf: &str) -> String {
    module("lib", &format!("revision {date}; typedef {leaf} {{ type string; }}"))
}

#[test]
fn imports_choose_their_revision() {
    let (old, new) = (revision("2020-01-01", "old"), revision("2024-01-01", "new"));
    let user = module(
        "user",
        "import lib { prefix o; revision-date 2020-01-01; } import lib2 { prefix l; }
leaf a { type o:old; }",
    );
    let lib2 = module("lib2", "import lib { prefix n; } leaf b { type n:new; }");
    let mut compiler = Compiler::new(Options::default());
    compiler.add("user", user.as_str());
    compiler.add("lib2", lib2.as_str());
    compiler.add_import_only("old", old.as_str());
    compiler.add_import_only("new", new.as_str());
    let schema = schema(compiler.compile());
    let revisions: Vec<_> = schema
        .modules()
        .filter(|module| module.name() == "lib")
        .map(|module| (module.revision(), module.is_implemented()))
        .collect();
    assert_eq!(revisions, [(Some("2024-01-01"), false), (Some("2020-01-01"), false)]);
}

#[test]
fn two_implemented_revisions_need_leniency() {
    let (old, new) = (revision("2020-01-01", "old"), revision("2024-01-01", "new"));
    let strict = compile(&[&old, &new]);
    assert!(strict.schema.is_none());
    assert_eq!(strict.diagnostics[0].quirk, Some(Quirk::SeveralRevisions));
    let lenient = Lenient::default().with(Quirk::SeveralRevisions);
    let schema = compile_with(lenient, &[&old, &new]).schema.expect("leniency lets it pass");
    let module = schema.module(schema.module_named("lib").unwrap());
    assert_eq!(module.revision(), Some("2024-01-01"));
}

#[test]
fn imports_come_from_the_resolver() {
    let mut asked = Vec::new();
    let text = module("m", "import a { prefix a; } import gone { prefix g; } leaf l { type a:t; }");
    let mut compiler =
        Compiler::new(Options::lenient(Lenient::default().with(Quirk::MissingImport)));
    compiler.add("m", text.as_str());
    compiler.resolve_with(|name, revision| {
        asked.push((name.to_owned(), revision.map(str::to_owned)));
        let text = match name {
            "a" => module(
                "a",
                "import b { prefix b; revision-date 2020-01-01; } typedef t { type b:t; }",
            ),
            "b" => module("b", "revision 2020-01-01; typedef t { type int8; }"),
            _ => return None,
        };
        Some((format!("{name}.yang"), text.into()))
    });
    let compiled = compiler.compile();
    let schema = compiled.schema.expect("the missing import is allowed");
    let modules: Vec<_> = schema.modules().map(|module| module.name()).collect();
    assert_eq!(modules, ["b", "a", "m"], "imports come first");
    drop(schema);
    assert_eq!(
        asked,
        [
            ("a".to_owned(), None),
            ("gone".to_owned(), None),
            ("b".to_owned(), Some("2020-01-01".to_owned()))
        ]
    );
}

#[test]
fn only_definitions_of_imported_modules_count() {
    let lib = module("lib", "typedef t { type string; } container data; container other;");
    let aug = module("aug", "import lib { prefix l; } augment /l:data { leaf x { type l:t; } }");
    let user = module("user", "import lib { prefix l; } leaf x { type l:t; }");
    let compiled = |text: &str| {
        let mut compiler = Compiler::new(Options::default());
        compiler.add("it", text.to_owned());
        compiler.add_import_only("lib", lib.as_str());
        schema(compiler.compile())
    };
    assert_eq!(compiled(&user).find("/lib:data"), None);
    // RFC 7950 5.6.5: what is augmented is implemented.
    assert!(compiled(&aug).find("/lib:data/aug:x").is_some());
}

#[test]
fn faults_of_unneeded_imports_do_not_matter() {
    let mut compiler = Compiler::new(Options::default());
    compiler.add("m", module("m", "leaf a { type string; }"));
    compiler.add_import_only("bad", module("bad", "leaf a { type nowhere; } leaf b;"));
    schema(compiler.compile());
}

#[test]
fn every_quirk_has_a_name_and_a_switch() {
    for quirk in Quirk::ALL {
        assert_eq!(Quirk::named(quirk.name()), Some(*quirk));
        assert!(!Lenient::default().allows(*quirk), "{quirk}");
        assert!(Lenient::default().with(*quirk).allows(*quirk), "{quirk}");
        assert!(Lenient::vendor().allows(*quirk), "{quirk}");
    }
    assert_eq!(Quirk::named("no such switch"), None);
}

/// Faults that vendors ship, each with its one switch: with it on there is a schema and a warning.
#[test]
fn each_switch_lets_its_fault_pass() {
    let header = "namespace urn:m; prefix m; yang-version 1.1;";
    for (quirk, text) in [
        (Quirk::StatementOrder, format!("module m {{ revision 2020-01-01; {header} }}")),
        (Quirk::LooseEscapes, module("m", "description \"\\d\";")),
        (Quirk::LooseQuoting, module("m", "description a\"b;")),
        (Quirk::LooseQuoting, module("m", "leaf l { type string{ pattern\"x\"; } }")),
        (Quirk::LooseQuoting, module("m", "contact http://example.com/x;")),
        (Quirk::EmptyBody, module("m", "rpc r { input; }")),
        (Quirk::CircularWhen, module("m", "leaf a { type string; when ../a; }")),
        (Quirk::MissingKey, module("m", "list l { key \"a b\"; leaf a { type string; } }")),
        (Quirk::KeylessConfigList, module("m", "list l { leaf a { type string; } }")),
        (Quirk::MissingLeafrefTarget, module("m", "leaf a { type leafref { path ../b; } }")),
        (
            Quirk::LeafrefPathSyntax,
            module(
                "m",
                "leaf b { type int8; } leaf a { type leafref { path \"current()/../b\"; } }",
            ),
        ),
        (Quirk::InvalidXpath, module("m", "container a { must \"foo()\"; }")),
        (Quirk::UnknownXpathPrefix, module("m", "container a { when \"x:b\"; }")),
        (Quirk::MissingImport, module("m", "import x { prefix x; } leaf a { type x:t; }")),
        (Quirk::MissingInclude, module("m", "include x;")),
        (Quirk::UnknownExtension, module("m", "x:y z;")),
        (Quirk::MissingDefinition, module("m", "leaf a { type t; } uses g;")),
        (Quirk::MissingAugmentTarget, module("m", "augment /m:x { leaf a { type string; } }")),
        (Quirk::MissingDeviationTarget, module("m", "deviation /m:x { deviate not-supported; }")),
        (
            Quirk::DeviationMismatch,
            module(
                "m",
                "identity i; identity j { base i; }
 leaf a { type identityref { base i; } default j; }
 deviation /m:a { deviate delete { default m:j; } }",
            ),
        ),
        (
            Quirk::StatusMismatch,
            module(
                "m",
                "container o { status obsolete; leaf d { status deprecated; type string; } }",
            ),
        ),
        (Quirk::InvalidDefault, module("m", "leaf a { type int8; default x; }")),
        (
            Quirk::WidenedRestriction,
            module(
                "m",
                "typedef t { type int8 { range 1..5; } } leaf a { type t { range 0..9; } }",
            ),
        ),
        (Quirk::InvalidPattern, module("m", "leaf a { type string { pattern \"[\"; } }")),
        (
            Quirk::DuplicateDefinition,
            module("m", "typedef t { type int8; } typedef t { type string; }"),
        ),
        (Quirk::DuplicateNode, module("m", "leaf a { type int8; } leaf a { type string; }")),
        (Quirk::MisplacedStatement, module("m", "leaf a { type int8; foo bar; key b; }")),
        (Quirk::MissingStatement, module("m", "leaf a;")),
        (Quirk::MalformedArgument, module("m", "container c { config maybe; }")),
        (Quirk::Contradiction, module("m", "leaf a { type int8; mandatory true; default 1; }")),
        (
            Quirk::ConfigUnderState,
            module("m", "container c { config false; leaf a { config true; type int8; } }"),
        ),
        (Quirk::PathForm, module("m", "container c; augment c { leaf a { type string; } }")),
        (Quirk::UnusualKey, module("m", "list l { key a; leaf a { type int8; when 1; } }")),
        (Quirk::LooseCharacters, module("m", "description \"\u{1}\";")),
        (Quirk::OrphanSubmodule, "submodule s { belongs-to m { prefix m; } }".to_owned()),
    ] {
        let strict = compile(&[&text]);
        assert!(strict.schema.is_none(), "{quirk}: strict");
        assert!(
            strict.errors().all(|finding| finding.quirk == Some(quirk)),
            "{quirk}: {}",
            said(&strict)
        );
        let lenient = compile_with(Lenient::default().with(quirk), &[&text]);
        assert!(lenient.schema.is_some(), "{quirk}: {}", said(&lenient));
        let warned = lenient
            .diagnostics
            .iter()
            .any(|finding| finding.quirk == Some(quirk) && finding.severity == Severity::Warning);
        assert!(warned, "{quirk}: {}", said(&lenient));
    }
}

#[test]
fn quoted_strings_are_trimmed_and_joined() {
    let text = "module m {\n  description \"one\n                two  \n     three\\tx\\n\" \
                +\n 'a\\n' + \"b\";\n}";
    let (file, diagnostics) = parse("m", text, &Lenient::default());
    assert_eq!(diagnostics, []);
    let description = file.root().unwrap().substatements().next().unwrap();
    assert_eq!(description.argument(), Some("one\n two\nthree\tx\na\\nb"));
    assert_eq!((description.keyword(), description.line()), ("description", 2));
    let (file, _) = parse("m", "a {\n\tb \"x\n\t  y\";\n}", &Lenient::default());
    let tabs = file.root().and_then(|root| root.substatements().next());
    assert_eq!(tabs.and_then(|it| it.argument()), Some("x\ny"), "a tab counts as eight");
}
