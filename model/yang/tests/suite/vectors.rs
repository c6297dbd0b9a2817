//! Real models, where they are at hand: `../shared/vectors` beside the workspace.

use std::path::{Path, PathBuf};

use yang::{Compiled, Compiler, Lenient, Options, Quirk};

use crate::said;

fn vectors() -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/vectors");
    if path.is_dir() {
        return Some(path);
    }
    println!("skipped: no ../shared");
    None
}

/// The `.yang` files of a folder and those below.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut entries: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|end| end == "yang") {
            found.push(path);
        }
    }
    found
}

fn compile(quirks: &[Quirk], implemented: &[PathBuf], imported: &[PathBuf]) -> Compiled {
    let lenient = quirks.iter().fold(Lenient::default(), |all, quirk| all.with(*quirk));
    let mut compiler = Compiler::new(Options::lenient(lenient));
    let read = |path: &PathBuf| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        (name, String::from_utf8_lossy(&std::fs::read(path).unwrap()).into_owned())
    };
    for path in implemented {
        let (name, text) = read(path);
        compiler.add(&name, text);
    }
    for path in imported {
        let (name, text) = read(path);
        compiler.add_import_only(&name, text);
    }
    compiler.compile()
}

/// Compiles a folder with the quirks it needs, and shows that it needs each of them.
#[track_caller]
fn check_set(folder: &str, imports: &[&str], quirks: &[Quirk], modules: usize) {
    let Some(vectors) = vectors() else { return };
    let implemented = files(&vectors.join(folder));
    let imported: Vec<_> = imports.iter().flat_map(|path| files(&vectors.join(path))).collect();
    let compiled = compile(quirks, &implemented, &imported);
    let errors: Vec<_> = compiled.errors().map(ToString::to_string).collect();
    assert!(errors.is_empty(), "{folder}: {}", errors.join("\n"));
    let schema = compiled.schema.expect("no error, so a schema");
    let count = schema.modules().filter(|module| module.is_implemented()).count();
    assert_eq!(count, modules, "{folder}");
    for quirk in quirks {
        let needed = compiled.diagnostics.iter().any(|finding| finding.quirk == Some(*quirk));
        assert!(needed, "{folder} does not need {quirk}");
    }
    let opened = yang::Schema::from_bytes(&schema.to_bytes()).expect("fresh bytes");
    assert_eq!(opened.fingerprint(), schema.fingerprint());
}

#[test]
fn service_models() {
    let order = [Quirk::StatementOrder];
    let platform = ["platform-yang", "tmf/yang"];
    check_set("platform-yang", &[], &[], 17);
    check_set("models/cfs", &platform, &order, 4);
    check_set("models/inter", &platform, &order, 2);
    // Adds a mandatory leaf to the list of another module.
    check_set("models/rfs", &platform, &[Quirk::MandatoryAugment], 2);
    check_set("minisys/yang/cfs", &platform, &order, 2);
    check_set("minisys/yang/rfs", &platform, &[Quirk::MandatoryAugment], 2);
}

#[test]
fn vendor_models() {
    check_set("models/JuniperCRPD_24_4R1_9", &[], &[], 2);
    check_set("models/NokiaSRLinux_25_3_2", &[], &[], 42);
    check_set("models/CiscoIosXr_25_3_1", &[], &[], 225);
    check_set("yang-sets/notconf", &[], &[], 55);
    check_set("yang-sets/openconfig-optical-transport", &[], &[], 83);
}

#[test]
fn ietf_models() {
    let quirks = [
        Quirk::SeveralRevisions,
        // Two folders hold different texts of one revision.
        Quirk::RepeatedSource,
        // Modules of IEEE 802.1 are not in the set.
        Quirk::MissingImport,
        // A template with words for dates.
        Quirk::MalformedArgument,
    ];
    check_set("ietf-yang", &[], &quirks, 227);
}

#[test]
fn models_that_others_accept() {
    let Some(vectors) = vectors() else { return };
    let good = files(&vectors.join("yang-cases/pyang-good"));
    let mut imported = good.clone();
    imported.extend(files(&vectors.join("ietf-yang")));
    for path in good {
        let quirks: &[Quirk] = match path.file_name().and_then(|name| name.to_str()) {
            // deref() in a leafref path is an extension of that tool.
            Some("deref.yang") => &[Quirk::LeafrefPathSyntax],
            // Its submodule is there in XML form only.
            Some("ext.yang") => &[Quirk::MissingInclude, Quirk::UnknownExtension],
            _ => &[],
        };
        let compiled = compile(quirks, std::slice::from_ref(&path), &imported);
        assert!(compiled.schema.is_some(), "{}: {}", path.display(), said(&compiled));
    }
}

/// Folders of the compiler cases that violate the RFC, with the switch that lets them pass.
const NEEDS: [(&str, Quirk); 10] = [
    ("augment_with_uses_refine", Quirk::KeylessConfigList),
    ("compile_augment_absolute_path_under_uses", Quirk::PathForm),
    ("compile_augment_relative_path_under_module", Quirk::PathForm),
    // Its target is in a grouping that nothing uses.
    ("compile_augment_relative_path_under_module", Quirk::MissingAugmentTarget),
    ("compile_bundle1", Quirk::StatementOrder),
    ("compile_submodule_different_prefix", Quirk::MissingUnique),
    ("compile_submodules2", Quirk::DuplicateNode),
    ("prdaclass_augment_inner_list_conflict", Quirk::MandatoryAugment),
    ("prdaclass_strict_p_container_with_mandatory_leaf", Quirk::MandatoryAugment),
    ("test_data_classes_gen", Quirk::RepeatedSource),
];

#[test]
fn compiler_cases() {
    let Some(vectors) = vectors() else { return };
    let mut folders: Vec<_> = std::fs::read_dir(vectors.join("yang-cases"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    folders.sort();
    let mut accepted = 0;
    for folder in folders {
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        // The first is checked above, the others are fragments of texts.
        if ["pyang-good", "shared", "test_data_classes"].contains(&&*name) {
            continue;
        }
        let quirks: Vec<_> =
            NEEDS.iter().filter(|(folder, _)| *folder == name).map(|(_, quirk)| *quirk).collect();
        let compiled = compile(&quirks, &files(&folder), &[]);
        if name.starts_with("fail_") {
            assert!(compiled.schema.is_none(), "{name}");
            continue;
        }
        assert!(compiled.schema.is_some(), "{name}: {}", said(&compiled));
        accepted += 1;
    }
    assert!(accepted > 70, "{accepted} cases");
}

#[test]
fn refused_cases_name_the_line() {
    let Some(vectors) = vectors() else { return };
    for (name, line, what) in [
        ("fail_identity_cyclic", 10, "derives from itself"),
        ("fail_identity_duplicate", 7, "defined already"),
        ("fail_identity_missing_imported_base", 10, "network-type"),
        ("fail_identityref_undefined_base", 9, "undefined-identity"),
    ] {
        let compiled = compile(&[], &files(&vectors.join("yang-cases").join(name)), &[]);
        let errors: Vec<_> = compiled.errors().collect();
        assert_eq!(errors.len(), 1, "{name}");
        assert_eq!(errors[0].line, line, "{name}");
        assert!(errors[0].message.contains(what), "{name}: {}", errors[0]);
    }
}
