//! Models with awkward names and shapes, kept outside of this repository.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests read their data, and panic when they fail"
)]

use std::fs;
use std::path::{Path, PathBuf};

use yang::{Lenient, Options, Quirk};
use yang_gen::{GenerateError, Models, Purpose, Unit, generate};

fn folder() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/vectors/yang-cases");
    if !folder.is_dir() {
        println!("skipped: no ../shared");
        return None;
    }
    Some(folder)
}

/// The text generated for the models of a case, as those of a device type.
fn case(name: &str) -> Option<Result<String, GenerateError>> {
    let folder = folder()?.join(name);
    let files = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let is_yang = |file: &PathBuf| file.extension().is_some_and(|extension| extension == "yang");
    let mut files: Vec<_> = files.filter(is_yang).collect();
    files.sort();
    let texts = files
        .iter()
        .map(|file| (file.display().to_string(), fs::read_to_string(file).unwrap()))
        .collect();
    // Some cases add mandatory nodes to another module, which RFC 7950 (7.17) does not allow.
    let lenient = Lenient::default().with(Quirk::MandatoryAugment);
    let models = Models { texts, options: Options::lenient(lenient), ..Models::default() };
    let unit = Unit { name: "case".to_owned(), purpose: Purpose::Device, models };
    Some(generate(&[unit], &|_| "&[]".to_owned()).map(|mut units| units.remove(0).text))
}

/// Without white space and the commas that come with line ends.
fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<String>().replace(",)", ")")
}

#[track_caller]
fn check(name: &str, expected: &[&str]) {
    let Some(text) = case(name) else { return };
    let text = text.unwrap_or_else(|error| panic!("{name}: {error}"));
    let squeezed = squeezed(&text);
    for line in expected {
        assert!(squeezed.contains(&self::squeezed(line)), "{name}: no {line:?} in\n{text}");
    }
}

#[test]
fn every_case_gives_text() {
    let Some(folder) = folder() else { return };
    let mut count = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if name.starts_with("prdaclass_") {
            let text = case(&name).unwrap().unwrap_or_else(|error| panic!("{name}: {error}"));
            assert!(text.contains("pub struct") || text.contains("yang_gen::builder!"), "{name}");
            count += 1;
        }
    }
    assert!(count >= 20, "{count} cases");
}

#[test]
fn keywords() {
    let setters = ["r#as", "r#for", "r#in", "with", "r#type", "class", "import"]
        .map(|name| format!("pub fn {name}(&mut self, value: impl Into<rt::EcoString>)"));
    check("prdaclass_acton_keyword_names", &setters.each_ref().map(String::as_str));
}

#[test]
fn dots_and_digits() {
    check("prdaclass_dot", &["pub fn ieee_802_3(&mut self) -> &mut Ieee802_3 {"]);
}

#[test]
fn augments_with_one_name() {
    check("prdaclass_augment_name_conflict", &["pub fn foo_foo(", "pub fn bar_foo("]);
    check(
        "prdaclass_augment_inner_name_conflict",
        &["pub fn base_c2(&mut self) -> &mut C1BaseC2", "pub fn foo_c2(&mut self) -> &mut C1FooC2"],
    );
    check(
        "prdaclass_augment_inner_list_conflict",
        &["pub fn base_l1(&mut self, base_k1: ", "pub fn foo_l1(&mut self, k2: "],
    );
    check(
        "prdaclass_top_conflict",
        &["pub fn bar_c1(&mut self) -> &mut BarC1", "pub fn foo_c1(&mut self) -> &mut FooC1"],
    );
}

#[test]
fn keys_in_the_order_of_the_key_statement() {
    check("prdaclass_list_multi_key_reorder", &["name: impl Into<rt::EcoString>, id: impl Into"]);
}

#[test]
fn keys_of_special_types() {
    check("prdaclass_identityref_list_key", &["(&mut self, ", ": types::"]);
    check("prdaclass_union_list_key", &["(&mut self, "]);
}

#[test]
fn mandatory_leaves_of_presence_containers() {
    check(
        "prdaclass_loose_p_container_with_mandatory_leaf",
        &["pub fn foo(&mut self) -> &mut Foo", "pub fn bar(&mut self, l1: impl Into"],
    );
}
