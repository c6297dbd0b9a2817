//! Verdicts on documents of a real service network, and on broken copies of them; beside those of
//! `yanglint` where it is there. Needs the shared test data.

#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test reads its data and runs the oracle"
)]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use yang::{Compiler, Lenient, Options};
use yang_data::decode::DecodeOptions;
use yang_data::print::PrintOptions;
use yang_data::text::Types;
use yang_data::validate::{Referrers, Validator};
use yang_data::xpath::View;
use yang_data::{Branch, Content, Path as DataPath, Step, Tree, json, xml};

/// Folders of the service layer's models and of those they import.
const MODEL_FOLDERS: [&str; 3] = ["models/cfs", "platform-yang", "tmf/yang"];

fn vectors() -> Option<PathBuf> {
    let vectors = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/vectors");
    if !vectors.is_dir() {
        println!("skipped: no ../shared");
        return None;
    }
    Some(vectors)
}

/// Texts of the models of a folder, by name of the file.
fn models(folder: &Path) -> Vec<(String, String)> {
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path())
        .filter(|file| file.extension().is_some_and(|extension| extension == "yang"))
        .collect();
    files.sort();
    let named = files.iter().map(|file| {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        (name, std::fs::read_to_string(file).unwrap())
    });
    named.collect()
}

/// A validator of the service layer, whose modules import those of the platform.
fn validator(vectors: &Path) -> Validator {
    let mut compiler = Compiler::new(Options::lenient(Lenient::vendor()));
    let mut known = Vec::new();
    for (index, folder) in MODEL_FOLDERS.into_iter().enumerate() {
        for (name, text) in models(&vectors.join(folder)) {
            if known.contains(&name) {
                continue;
            }
            match index {
                0 => compiler.add(&name, text),
                _ => compiler.add_import_only(&name, text),
            }
            known.push(name);
        }
    }
    let compiled = compiler.compile();
    let lines: Vec<_> = compiled.errors().map(ToString::to_string).collect();
    assert!(lines.is_empty(), "{}", lines.join("\n"));
    let types = Arc::new(Types::new(Arc::new(compiled.schema.unwrap())));
    Validator::new(types, View::Configuration)
}

/// What is wrong with a document: locations and words, one per line.
fn verdict(validator: &Validator, name: &str, text: &str) -> String {
    let options = DecodeOptions::default();
    let tree = match name.ends_with(".json") {
        true => json::parse(validator.types(), text, &options),
        false => xml::parse(validator.types(), text, &options),
    };
    let tree = match tree {
        Ok(tree) => tree,
        Err(errors) => return errors.iter().map(|error| format!("{error}\n")).collect(),
    };
    let violations = validator.validate(tree.root());
    // The same from nothing, and so the index of leafrefs.
    let from_nothing = validator.validate_change(&Branch::default(), tree.root(), None);
    assert_eq!(from_nothing, violations, "{name}");
    let mut referrers = Referrers::default();
    referrers.update(&Branch::default(), tree.root());
    violations.iter().map(|violation| format!("{violation}\n")).collect()
}

fn documents(vectors: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for folder in ["sorespo/inputs", "sorespo/lab/quicklab", "sorespo/lab/quicklab-crpd"]
        .into_iter()
        .chain(["sorespo/lab/quicklab-srl"])
    {
        for file in std::fs::read_dir(vectors.join(folder)).unwrap() {
            let path = file.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let is_data = name.ends_with(".xml") || name.ends_with(".json");
            // Inputs of single transforms are documents of other layers.
            if is_data && !name.starts_with("sorespo.test_") {
                found.push((format!("{folder}/{name}"), std::fs::read_to_string(path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

#[test]
fn service_documents() {
    let Some(vectors) = vectors() else { return };
    let validator = validator(&vectors);
    for (name, text) in documents(&vectors) {
        let found = verdict(&validator, &name, &text);
        let wanted: &[&str] = match name.rsplit('/').next().unwrap() {
            "flip-role.xml" => &["/asn: mandatory leaf \"asn\" is missing"],
            file if file.starts_with("netinfra-approval-") => &["mandatory leaf"],
            "tutorial-add-cust-4.xml" => &["vpn-id: no \""],
            _ => &[],
        };
        assert_eq!(found.is_empty(), wanted.is_empty(), "{name}:\n{found}");
        assert!(wanted.iter().all(|words| found.contains(words)), "{name}:\n{found}");
    }
}

/// Broken copies that are compared per document.
const COPIES_MAX: usize = 20;

/// A folder that is removed in the end, with the modules as `yanglint` takes them.
struct Oracle(PathBuf);

impl Drop for Oracle {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

impl Oracle {
    fn new(vectors: &Path) -> Option<Self> {
        if Command::new("yanglint").arg("--version").output().is_err() {
            println!("skipped: no yanglint");
            return None;
        }
        let folder = std::env::temp_dir().join(format!("documents-{}", std::process::id()));
        let oracle = Self(folder);
        std::fs::create_dir_all(&oracle.0).unwrap();
        for folder in MODEL_FOLDERS.iter().rev() {
            for (name, text) in models(&vectors.join(folder)) {
                std::fs::write(oracle.0.join(name), imports_first(&text)).unwrap();
            }
        }
        Some(oracle)
    }

    fn accepts(&self, document: &str) -> (bool, String) {
        let file = self.0.join("document.xml");
        std::fs::write(&file, document).unwrap();
        let module = |name: &str| self.0.join(name);
        let output = Command::new("yanglint")
            .args(["-t", "config", "-p"])
            .arg(&self.0)
            .args(["-F", "ietf-l3vpn-svc:*"])
            .args([module("netinfra.yang"), module("ietf-l3vpn-svc.yang"), file])
            .output()
            .unwrap();
        (output.status.success(), String::from_utf8_lossy(&output.stderr).into_owned())
    }
}

/// The text with its imports right behind its prefix, where the grammar wants them.
fn imports_first(text: &str) -> String {
    let (mut head, mut imports, mut body) = (String::new(), String::new(), String::new());
    let (mut is_head, mut is_import) = (true, false);
    for line in text.lines() {
        is_import |= line.starts_with("  import ");
        let part = match (is_import, is_head) {
            (true, _) => &mut imports,
            (false, true) => &mut head,
            (false, false) => &mut body,
        };
        part.push_str(line);
        part.push('\n');
        is_head &= !line.starts_with("  prefix ");
        is_import &= line != "  }" && !line.ends_with(" }");
    }
    head + &imports + &body
}

/// The paths of all leaves but keys.
fn leaves(tree: &Tree, branch: &Branch, place: &DataPath, found: &mut Vec<DataPath>) {
    for slot in branch.slots() {
        let step = |key| {
            let mut path = place.clone();
            path.0.push(Step { node: slot.node, key });
            path
        };
        match &slot.content {
            Content::Leaf(_) if tree.schema().node(slot.node).is_key() => {}
            Content::Leaf(_) | Content::LeafList(_) | Content::Any(_) => found.push(step(None)),
            Content::Container(inner) => leaves(tree, inner, &step(None), found),
            Content::List(list) => {
                for entry in list.iter() {
                    leaves(tree, &entry.branch, &step(Some(entry.key_value())), found);
                    found.push(step(Some(entry.key_value())));
                }
            }
        }
    }
}

#[test]
fn broken_copies_beside_yanglint() {
    let Some(vectors) = vectors() else { return };
    let Some(oracle) = Oracle::new(&vectors) else { return };
    let validator = validator(&vectors);
    let (mut accepted, mut refused) = (0, 0);
    for (name, text) in documents(&vectors) {
        let parsed = xml::parse(validator.types(), &text, &DecodeOptions::default());
        let Ok(tree) = parsed else { continue };
        let mut paths = Vec::new();
        leaves(&tree, tree.root(), &DataPath::ROOT, &mut paths);
        let every = paths.len() / COPIES_MAX + 1;
        for path in paths.iter().step_by(every) {
            let mut copy = tree.clone();
            assert!(copy.remove(path));
            let found = validator.validate(copy.root());
            let text = xml::print(&copy, &PrintOptions::default());
            if text.is_empty() {
                continue;
            }
            let (accepts, words) = oracle.accepts(&text);
            let place = path.text(tree.schema());
            assert_eq!(found.is_empty(), accepts, "{name} without {place}: {found:?}\n{words}");
            *(if accepts { &mut accepted } else { &mut refused }) += 1;
        }
    }
    println!("{accepted} copies accepted, {refused} refused by both");
    assert!(accepted > 20 && refused > 20);
}
