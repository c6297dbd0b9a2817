//! Words that would carry one layer's subject into another, and names that say nothing.

use super::Rule;

/// A decision does not know how it travels; a protocol does not know what it is for.
const LAYER_WORDS: [(&str, &[&str]); 2] = [
    ("engines/", &["netconf", "http", "kafka", "redis"]),
    ("protocols/", &["approve", "approved", "approves", "approval", "plan", "plans", "qot"]),
];

/// Layers do not speak of each other.
pub(super) const LAYER_WORD: Rule = Rule {
    name: "layer-word",
    way_out: "say what the engine decides or what the bytes mean; the two meet in a shell",
    check: |tree| {
        let mut wrong = Vec::new();
        for (path, text) in tree.with_ending(&[".rs"]) {
            let banned = LAYER_WORDS.iter().find(|(folder, _)| path.starts_with(folder));
            let Some((folder, banned)) = banned else {
                continue;
            };
            for (at, line) in (1..).zip(text.lines()) {
                let words = words(line);
                wrong.extend(
                    banned.iter().filter(|word| words.iter().any(|w| w == *word)).map(|word| {
                        (path.to_owned(), at, format!("the word `{word}` in {folder}"))
                    }),
                );
            }
        }
        wrong
    },
};

/// Lower-case words of a line; `HttpServer`, `HTTPServer` and `http_server` all hold `http`.
/// The scheme of an address (`http://`) is no word: namespaces are written so.
fn words(line: &str) -> Vec<String> {
    let line = line.replace("http://", " ").replace("https://", " ");
    let line = line.replace("QoT", "Qot").replace("NetConf", "Netconf");
    let chars: Vec<char> = line.chars().collect();
    let mut words = vec![String::new()];
    for (at, here) in chars.iter().enumerate() {
        let before = at.checked_sub(1).map_or(' ', |i| chars[i]);
        let after = chars.get(at + 1).copied().unwrap_or(' ');
        let opens = here.is_uppercase()
            && (before.is_lowercase() || before.is_uppercase() && after.is_lowercase());
        if opens || !here.is_alphabetic() {
            words.push(String::new());
        }
        if let (true, Some(word)) = (here.is_alphabetic(), words.last_mut()) {
            word.extend(here.to_lowercase());
        }
    }
    words
}

const EMPTY_NAMES: [&str; 9] =
    ["common", "helper", "helpers", "manager", "managers", "misc", "util", "utils", "utilities"];

/// A folder or file is a noun of the domain.
pub(super) const EMPTY_NAME: Rule = Rule {
    name: "empty-name",
    way_out: "name it after what it holds; what std lacks goes to `stdx`",
    check: |tree| {
        tree.with_ending(&[".rs"])
            .filter_map(|(path, _)| {
                let mut parts = path.trim_end_matches(".rs").split(['/', '_', '-']);
                let empty = parts.find(|part| EMPTY_NAMES.contains(part))?;
                Some((path.to_owned(), 1, format!("`{empty}` names nothing")))
            })
            .collect()
    },
};
