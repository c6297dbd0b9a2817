//! What should not be left behind: marks of unfinished work, traces of one machine.
//!
//! The words looked for are put together with `concat!`, so that this file passes its own rules.

use super::Rule;
use super::modules::reached;
use crate::tree::Tree;

const MARKS: [&str; 2] = [concat!("FIX", "ME"), concat!("XX", "X")];
const UNFINISHED_MACROS: [&str; 3] = ["dbg", "todo", "unimplemented"];
const READ_FOR_MARKS: [&str; 7] = [".rs", ".svelte", ".ts", ".sh", ".md", ".toml", "run"];

/// Nothing is left for later in the tree.
pub(super) const LEFTOVER: Rule = Rule {
    name: "leftover",
    way_out: "finish it or take it out",
    check: |tree| {
        let mut wrong = Vec::new();
        for (path, text) in tree.with_ending(&READ_FOR_MARKS) {
            for (at, line) in (1..).zip(text.lines()) {
                let mark = MARKS.iter().find(|mark| holds_word(line, mark));
                wrong.extend(mark.map(|mark| (path.to_owned(), at, format!("`{mark}`"))));
            }
            if path.ends_with(".rs") {
                wrong.extend(unfinished_macros(path, text));
            }
        }
        wrong
    },
};

fn holds_word(line: &str, word: &str) -> bool {
    line.split(|c: char| c != '_' && !c.is_alphanumeric()).any(|part| part == word)
}

fn unfinished_macros(path: &str, text: &str) -> Vec<(String, usize, String)> {
    let tokens = crate::source::tokens(text);
    let calls = tokens.windows(2).filter(|pair| pair[1].is_mark('!'));
    calls
        .filter_map(|pair| {
            let name = pair[0].word().filter(|name| UNFINISHED_MACROS.contains(name))?;
            Some((path.to_owned(), pair[0].line, format!("`{name}!`")))
        })
        .collect()
}

/// First parts of paths that exist on one machine only.
const MACHINE_ROOTS: [&str; 5] = [
    concat!("/", "home/"),
    concat!("/", "root/"),
    concat!("/", "tmp/"),
    concat!("/", "Users/"),
    concat!("/", "work/"),
];

/// No file tells where it was written.
pub(super) const MACHINE_PATH: Rule = Rule {
    name: "machine-path",
    way_out: "make it relative to the workspace, or ask the system (std::env::temp_dir)",
    check: |tree| {
        lines(tree)
            .filter_map(|(path, at, line)| {
                let found = MACHINE_ROOTS.iter().find(|root| starts_a_path(line, root))?;
                Some((path.to_owned(), at, format!("a path below `{found}`")))
            })
            .collect()
    },
};

/// Only at the start of a path: the same letters after `a`, `.` or `$DIR` are relative to it.
fn starts_a_path(line: &str, root: &str) -> bool {
    line.match_indices(root).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        !before.is_some_and(|c| c.is_alphanumeric() || "._-*})>:/".contains(c))
    })
}

const REGISTRY_HOSTS: [&str; 8] = [
    concat!("arti", "factory"),
    concat!("jf", "rog"),
    concat!("index.", "crates.io"),
    concat!("static.", "crates.io"),
    concat!("py", "pi.org"),
    concat!("python", "hosted.org"),
    concat!("registry.", "npmjs"),
    concat!("proxy.", "golang.org"),
];

/// Packages come from the default registry of each tool, whatever a machine puts in its place.
pub(super) const REGISTRY_HOST: Rule = Rule {
    name: "registry-host",
    way_out: "leave the host to the machine's own configuration",
    check: |tree| {
        lines(tree)
            .filter_map(|(path, at, line)| {
                let found = REGISTRY_HOSTS.iter().find(|host| line.contains(*host))?;
                Some((path.to_owned(), at, format!("names `{found}`")))
            })
            .collect()
    },
};

fn lines(tree: &Tree) -> impl Iterator<Item = (&str, usize, &str)> {
    tree.files.iter().flat_map(|(path, text)| {
        (1..).zip(text.lines()).map(|(at, line)| (path.as_str(), at, line))
    })
}

/// A crate opens by saying what it is.
pub(super) const CRATE_DOC: Rule = Rule {
    name: "crate-doc",
    way_out: "open the file with `//!` lines that explain the crate in prose",
    check: |tree| {
        let roots = tree.crates().into_iter().flat_map(|package| {
            let reached = reached(tree, &package);
            let candidates =
                ["lib.rs", "main.rs"].map(|name| format!("{}/src/{name}", package.dir));
            candidates.into_iter().filter(move |path| reached.contains_key(path))
        });
        roots
            .filter(|path| !tree.text(path).unwrap_or_default().starts_with("//!"))
            .map(|path| (path, 1, "the crate has no documentation at its head".to_owned()))
            .collect()
    },
};
