//! Whether one schema is a part of another.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use yang::{Compiler, FeatureSet, Lenient, Node, NodeKind, Schema, Type, TypeKind};

use crate::lab::shared_path;

/// Compiles all modules of folders of the supplied data.
pub(crate) fn full(folders: &[&str], importing: &[&str]) -> Option<Arc<Schema>> {
    let options = yang::Options {
        lenient: Lenient::vendor(),
        features: FeatureSet::All,
        omit_descriptions: true,
    };
    let mut compiler = Compiler::new(options);
    for folder in folders {
        for (name, text) in texts(&shared_path(folder)?) {
            compiler.add(&name, text);
        }
    }
    for folder in importing {
        for (name, text) in texts(&shared_path(folder)?) {
            compiler.add_import_only(&name, text);
        }
    }
    let compiled = compiler.compile();
    let errors: Vec<_> = compiled.errors().map(ToString::to_string).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    compiled.schema.map(Arc::new)
}

fn texts(path: &Path) -> Vec<(String, String)> {
    let mut files = match path.is_dir() {
        true => fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()).collect(),
        false => vec![path.to_owned()],
    };
    files.retain(|file| file.extension().is_some_and(|extension| extension == "yang"));
    files.sort();
    let read =
        |file: &std::path::PathBuf| (file.display().to_string(), fs::read_to_string(file).unwrap());
    files.iter().map(read).collect()
}

/// Everything in which a part differs from the whole, below nodes of modules that the whole has.
/// What is the network's own is in modules of its own.
pub(crate) fn differences(part: &Schema, whole: &Schema) -> Vec<String> {
    let mut found = Vec::new();
    let mut compared = 0;
    for node in part.nodes().filter(|node| node.kind().is_data() && node.id() != Schema::ROOT) {
        let Some(module) = whole.module_named(node.module_name()) else { continue };
        let (own, other) = (part.module(node.module()), whole.module(module));
        if own.namespace().trim_end_matches(".yang") != other.namespace().trim_end_matches(".yang")
        {
            found.push(format!("{}: namespace {}", other.name(), own.namespace()));
        }
        let path = node.path();
        match whole.find(&path) {
            Some(other) => compare(node, whole.node(other), &mut found),
            None => found.push(format!("{path}: not there")),
        }
        compared += 1;
    }
    assert!(compared > 10, "only {compared} nodes compared");
    found
}

fn compare(node: Node<'_>, other: Node<'_>, found: &mut Vec<String>) {
    let path = node.path();
    let names = |node: Node<'_>| {
        node.keys().map(|key| node.schema().node(key).name().to_owned()).collect::<Vec<_>>()
    };
    if node.kind() != other.kind() {
        found.push(format!("{path}: {:?}, not {:?}", node.kind(), other.kind()));
    }
    if names(node) != names(other) {
        found.push(format!("{path}: keys {:?}, not {:?}", names(node), names(other)));
    }
    if node.kind() == NodeKind::Container && node.is_presence() != other.is_presence() {
        found.push(format!("{path}: presence"));
    }
    if node.is_config() != other.is_config() {
        found.push(format!("{path}: config"));
    }
    if node.is_user_ordered() && !other.is_user_ordered() {
        found.push(format!("{path}: ordered by users"));
    }
    if let (Some(own), Some(other_type)) = (node.type_id(), other.type_id()) {
        let (own, other_type) = (node.schema().type_(own), other.schema().type_(other_type));
        if !fits(node.schema(), own, other.schema(), other_type) {
            found.push(format!("{path}: a {:?} that may not fit", own.kind()));
        }
        if node.default().is_some() && node.default() != other.default() {
            found.push(format!("{path}: default {:?}, not {:?}", node.default(), other.default()));
        }
    }
}

/// Whether every value of one type is one of the other, as far as ranges, lengths and names say.
fn fits(schema: &Schema, own: Type<'_>, whole: &Schema, other: Type<'_>) -> bool {
    let (own, other) = (own.realtype(), other.realtype());
    if own.kind() == TypeKind::Union {
        return own.members().all(|member| fits(schema, schema.type_(member), whole, other));
    }
    if other.kind() == TypeKind::Union {
        let members: Vec<_> = members(whole, other);
        return members.iter().any(|member| fits(schema, own, whole, *member))
            || own.kind().is_integer() && {
                let same = members.iter().filter(|member| member.kind() == own.kind());
                covers(same.flat_map(|member| ranges(*member)).collect(), &ranges(own))
            };
    }
    if own.kind() != other.kind() {
        return false;
    }
    match own.kind() {
        kind if kind.is_integer() => covers(ranges(other), &ranges(own)),
        TypeKind::String => {
            let lengths = |of: Type<'_>| {
                let all = of.lengths().map(|(low, high)| (low.into(), high.into()));
                let all: Vec<(i128, i128)> = all.collect();
                if all.is_empty() { vec![(0, i128::MAX)] } else { all }
            };
            covers(lengths(other), &lengths(own)) || own.patterns().next().is_some()
        }
        TypeKind::Enumeration => {
            let all: BTreeSet<_> = other.enums().map(|(name, _)| name.to_owned()).collect();
            own.enums().all(|(name, _)| all.contains(name))
        }
        TypeKind::IdentityRef => identities(schema, own).is_subset(&identities(whole, other)),
        TypeKind::Decimal64 => own.fraction_digits() == other.fraction_digits(),
        _ => true,
    }
}

fn members<'s>(schema: &'s Schema, union: Type<'s>) -> Vec<Type<'s>> {
    let members = union.members().map(|member| schema.type_(member).realtype());
    members
        .flat_map(|member| match member.kind() {
            TypeKind::Union => self::members(schema, member),
            _ => vec![member],
        })
        .collect()
}

fn ranges(of: Type<'_>) -> Vec<(i128, i128)> {
    let ranges: Vec<_> = of.ranges().collect();
    if ranges.is_empty() { of.kind().bounds().into_iter().collect() } else { ranges }
}

fn covers(mut wide: Vec<(i128, i128)>, narrow: &[(i128, i128)]) -> bool {
    wide.sort_unstable();
    let mut joined: Vec<(i128, i128)> = Vec::new();
    for (low, high) in wide {
        match joined.last_mut() {
            Some(last) if low <= last.1 + 1 => last.1 = last.1.max(high),
            _ => joined.push((low, high)),
        }
    }
    narrow.iter().all(|(low, high)| joined.iter().any(|(from, to)| from <= low && high <= to))
}

/// The identities that a reference may name, with their modules.
fn identities(schema: &Schema, of: Type<'_>) -> BTreeSet<(String, String)> {
    let bases: Vec<_> = of.bases().collect();
    let may = schema
        .identities()
        .filter(|identity| bases.iter().all(|base| schema.is_derived_from(identity.id(), *base)));
    may.map(|identity| {
        (schema.module(identity.module()).name().to_owned(), identity.name().to_owned())
    })
    .collect()
}

#[test]
fn parts_that_are_no_parts_are_found() {
    let compile = |body: &str| {
        let mut compiler = Compiler::new(yang::Options::default());
        let filler: String = (0..30).map(|n| format!("leaf f{n} {{ type string; }}")).collect();
        compiler.add(
            "m.yang",
            format!("module m {{ yang-version 1.1; namespace urn:m; prefix m; {body} {filler} }}"),
        );
        compiler.compile().schema.unwrap()
    };
    let whole =
        compile("leaf a { type uint8 { range 1..9; } } list l { key k; leaf k { type string; } }");
    for (part, finding) in [
        ("leaf a { type uint8; }", "may not fit"),
        ("leaf a { type uint8 { range 2..10; } }", "may not fit"),
        ("leaf a { type uint16 { range 2..3; } }", "may not fit"),
        ("leaf b { type string; }", "not there"),
        ("list l { key j; leaf j { type string; } }", "keys"),
        ("container l;", "List"),
    ] {
        let found = differences(&compile(part), &whole);
        assert!(found.iter().any(|line| line.contains(finding)), "{part}: {found:?}");
    }
    let fitting = "leaf a { type uint8 { range 2..3; } } list l { key k; leaf k { type string; } }";
    assert_eq!(differences(&compile(fitting), &whole), Vec::<String>::new());
}
