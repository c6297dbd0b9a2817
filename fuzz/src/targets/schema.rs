//! YANG texts, and the cache form of what they compile to.

use yang::{Compiled, Compiler, Lenient, Options, Schema};

use super::{Change, Changes, Target, text};
use crate::model::{MODEL, tell};

/// YANG texts, parted by lines `----`: all that can be said of a compilation.
pub(super) const SOURCE: Target = Target {
    name: "yang-source",
    reads: "YANG modules, parted by a line `----`",
    run: source,
    dictionary: YANG_WORDS,
};

/// Changes to the words of a genuine cache, which is sealed again behind them.
pub(super) const CACHE: Target = Target {
    name: "yang-cache",
    reads: "changes to a cached schema: `WORD=VALUE`, `WORD+VALUE`, `WORD-`; or `raw:` and bytes",
    run: cache,
    dictionary: &["=", "+", "-", " ", "raw:", "WEFTYANG", "4294967295", "0", "1", "2147483648"],
};

/// What parts the texts.
const PART: &str = "----\n";

fn source(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    for lenient in [Lenient::default(), Lenient::vendor()] {
        let compiled = compile(text, lenient);
        let said: Vec<_> = compiled.diagnostics.iter().map(ToString::to_string).collect();
        assert_eq!(compiled.schema.is_none(), compiled.errors().next().is_some(), "{said:#?}");
        let again = compile(text, lenient);
        assert_eq!(compiled.diagnostics, again.diagnostics, "two compilations say the same");
        let Some(schema) = compiled.schema else { continue };
        let bytes = schema.to_bytes();
        let opened = Schema::from_bytes(&bytes).expect("a fresh cache opens");
        assert_eq!(opened.fingerprint(), schema.fingerprint());
        assert!(opened.to_bytes() == bytes, "an opened cache is written as it was");
        assert!(
            again.schema.is_some_and(|again| again.to_bytes() == bytes),
            "same text, same bytes"
        );
        assert_eq!(tell(&opened), tell(&schema));
        if lenient != Lenient::default() {
            // Names may have blanks and slashes then.
            continue;
        }
        for node in schema.nodes().skip(1).filter(|node| node.kind().is_data()) {
            assert_eq!(schema.find(&node.path()), Some(node.id()), "{}", node.path());
        }
    }
}

fn compile(text: &str, lenient: Lenient) -> Compiled {
    let mut compiler = Compiler::new(Options::lenient(lenient));
    for (at, part) in text.split(PART).enumerate() {
        compiler.add(&format!("text-{at}"), part);
    }
    compiler.compile()
}

fn cache(bytes: &[u8]) {
    if let Some(raw) = bytes.strip_prefix(b"raw:") {
        let _ = Schema::from_bytes(raw);
        return;
    }
    let Some(text) = text(bytes) else { return };
    let genuine = MODEL.schema().to_bytes();
    let forged = seal(change(&genuine, text));
    let Ok(schema) = Schema::from_bytes(&forged) else { return };
    assert!(schema.to_bytes() == forged, "what was opened is written as it was");
    tell(&schema);
    for node in schema.nodes() {
        // The path need not lead back: a forger may give two nodes one name.
        let _ = schema.find(&schema.path(node.id()));
    }
}

/// Magic, version and number of tables; the checksum follows.
const CHECKSUM_AT: usize = 16;
/// From here on words may be changed: the lengths of the tables, the tables, the text.
const WORDS_AT: usize = CHECKSUM_AT + 8;

fn change(genuine: &[u8], changes: &str) -> Vec<u8> {
    let mut bytes = genuine.to_vec();
    for change in Changes::new(changes) {
        let words = (bytes.len() - WORDS_AT) / 4;
        let place = |at: usize| WORDS_AT + at % words.max(1) * 4;
        let word = |bytes: &[u8], at: usize| {
            bytes[at..].first_chunk().map_or(0, |word| u32::from_le_bytes(*word))
        };
        match change {
            Change::Put { at, value } => put(&mut bytes, place(at), value),
            Change::Add { at, value } => {
                let old = word(&bytes, place(at));
                put(&mut bytes, place(at), old.wrapping_add(value));
            }
            Change::Remove { at } => put(&mut bytes, place(at), u32::MAX),
        }
    }
    bytes
}

fn put(bytes: &mut [u8], at: usize, value: u32) {
    if let Some(word) = bytes[at..].first_chunk_mut() {
        *word = value.to_le_bytes();
    }
}

/// Puts the right checksum in, so that what was changed is looked at.
fn seal(mut bytes: Vec<u8>) -> Vec<u8> {
    let body = header_bytes();
    let sum = checksum(&bytes[body..]);
    bytes[CHECKSUM_AT..WORDS_AT].copy_from_slice(&sum.to_le_bytes());
    bytes
}

/// Where the body starts: behind the lengths of the tables and of the text.
fn header_bytes() -> usize {
    let genuine = MODEL.schema().to_bytes();
    let tables = genuine[12..].first_chunk().map_or(0, |word| u32::from_le_bytes(*word));
    WORDS_AT + 4 * (tables as usize + 1)
}

/// As the compiler computes it; the test `the_seal_is_the_right_one` notices when it changes.
fn checksum(bytes: &[u8]) -> u64 {
    const SEED: u64 = 0x9e37_79b9_7f4a_7c15;
    const FACTOR: u64 = 0xff51_afd7_ed55_8ccd;
    let fold = |sum: u64, word: u64| {
        let wide = u128::from(sum.rotate_left(23) ^ word ^ SEED) * u128::from(FACTOR);
        (wide as u64) ^ ((wide >> 64) as u64)
    };
    let (words, rest) = bytes.as_chunks::<8>();
    let words = words.iter().map(|word| u64::from_le_bytes(*word));
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    let last = u64::from_le_bytes(last) ^ ((bytes.len() as u64) << 56);
    fold(words.fold(bytes.len() as u64, fold), last)
}

const YANG_WORDS: &[&str] = &[
    "module ",
    "submodule ",
    "belongs-to ",
    "yang-version 1.1;",
    "namespace ",
    "prefix ",
    "import ",
    "include ",
    "revision-date ",
    "2026-01-01",
    "revision ",
    "container ",
    "leaf ",
    "leaf-list ",
    "list ",
    "key ",
    "unique ",
    "choice ",
    "case ",
    "anydata ",
    "anyxml ",
    "rpc ",
    "action ",
    "input ",
    "output ",
    "notification ",
    "augment ",
    "deviation ",
    "deviate ",
    "not-supported;",
    "add ",
    "replace ",
    "delete ",
    "uses ",
    "refine ",
    "grouping ",
    "typedef ",
    "type ",
    "string",
    "int8",
    "uint64",
    "decimal64",
    "boolean",
    "enumeration",
    "bits",
    "binary",
    "empty",
    "leafref",
    "identityref",
    "instance-identifier",
    "union",
    "enum ",
    "bit ",
    "value ",
    "position ",
    "range ",
    "length ",
    "pattern ",
    "modifier invert-match;",
    "fraction-digits ",
    "path ",
    "require-instance ",
    "base ",
    "identity ",
    "feature ",
    "if-feature ",
    "extension ",
    "argument ",
    "yin-element true;",
    "must ",
    "when ",
    "default ",
    "mandatory true;",
    "presence ",
    "config false;",
    "status ",
    "deprecated;",
    "obsolete;",
    "description ",
    "reference ",
    "units ",
    "min-elements ",
    "max-elements ",
    "unbounded",
    "ordered-by user;",
    "error-message ",
    "error-app-tag ",
    "organization ",
    "contact ",
    "{",
    "}",
    ";",
    "\"",
    "'",
    " + ",
    "/*",
    "*/",
    "//",
    "\\n",
    "\\\"",
    "..",
    "/",
    ":",
    "|",
    "min",
    "max",
    "current()",
    "----\n",
    "\r\n",
    "\t",
    "a",
    "b",
    "m:",
    "../",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_seal_is_the_right_one() {
        let genuine = MODEL.schema().to_bytes();
        assert!(seal(genuine.clone()) == genuine);
        assert!(Schema::from_bytes(&seal(change(&genuine, "0+0"))).is_ok());
    }
}
