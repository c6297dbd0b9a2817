//! From YANG names to Rust names.

use std::collections::{BTreeMap, BTreeSet};

use yang::{Node, NodeId, Schema};

/// Keywords of Rust, those reserved for later included.
const KEYWORDS: [&str; 50] = [
    "abstract",
    "as",
    "async",
    "await",
    "become",
    "box",
    "break",
    "const",
    "continue",
    "do",
    "dyn",
    "else",
    "enum",
    "extern",
    "false",
    "final",
    "fn",
    "for",
    "gen",
    "if",
    "impl",
    "in",
    "let",
    "loop",
    "macro",
    "match",
    "mod",
    "move",
    "mut",
    "override",
    "priv",
    "pub",
    "ref",
    "return",
    "static",
    "struct",
    "trait",
    "true",
    "try",
    "type",
    "typeof",
    "unsafe",
    "unsized",
    "use",
    "virtual",
    "where",
    "while",
    "yield",
    "union",
    "macro_rules",
];

/// Keywords that cannot be made a name by `r#`.
const HARD_KEYWORDS: [&str; 4] = ["self", "Self", "super", "crate"];

/// Types that generated code names without a path.
const RESERVED_TYPES: [&str; 16] = [
    "Box",
    "Default",
    "Err",
    "From",
    "Fn",
    "Into",
    "IntoIterator",
    "None",
    "Ok",
    "Option",
    "Result",
    "Root",
    "Self",
    "Some",
    "String",
    "Vec",
];

/// A YANG name with `_` for what Rust names cannot hold. May be a keyword: see [`ident`].
pub(super) fn plain(name: &str) -> String {
    let plain: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    match plain.chars().next() {
        None => "_".to_owned(),
        Some('0'..='9') => format!("_{plain}"),
        Some(_) => plain,
    }
}

/// A plain name as an identifier.
pub(super) fn ident(plain: &str) -> String {
    if HARD_KEYWORDS.contains(&plain) || plain == "_" {
        format!("{plain}_")
    } else if KEYWORDS.contains(&plain) {
        format!("r#{plain}")
    } else {
        plain.to_owned()
    }
}

/// A name in the form of Rust types: `ipv4-address` gives `Ipv4Address`, `IPV4` gives `Ipv4`.
pub(super) fn pascal(name: &str) -> String {
    let mut pascal = String::new();
    for part in name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|part| !part.is_empty()) {
        let ends_in_digit = pascal.ends_with(|c: char| c.is_ascii_digit());
        if ends_in_digit && part.starts_with(|c: char| c.is_ascii_digit()) {
            pascal.push('_');
        }
        let is_shouted = part.len() > 1 && !part.chars().any(|c| c.is_ascii_lowercase());
        let (first, rest) = part.split_at(1);
        pascal.push_str(&first.to_ascii_uppercase());
        pascal.push_str(&if is_shouted { rest.to_ascii_lowercase() } else { rest.to_owned() });
    }
    if pascal.starts_with(|c: char| c.is_ascii_digit()) {
        pascal.insert(0, '_');
    }
    match pascal.as_str() {
        "" => "Other".to_owned(),
        "Self" => "Self_".to_owned(),
        _ => pascal,
    }
}

/// The name of a type for a node at the end of a way of plain names: all of them, but a plural
/// right before its singular (`interfaces/interface`) only once.
pub(super) fn type_name(way: &[String]) -> String {
    let mut name = String::new();
    for (at, part) in way.iter().enumerate() {
        let is_plural = way.get(at + 1).is_some_and(|next| plurals(next).contains(part));
        if !is_plural {
            name.push_str(&pascal(part));
        }
    }
    name
}

/// As [`type_name`], with every name of the way.
pub(super) fn full_type_name(way: &[String]) -> String {
    way.iter().map(|part| pascal(part)).collect()
}

fn plurals(singular: &str) -> [String; 3] {
    let stem = singular.strip_suffix('y').unwrap_or(singular);
    [format!("{singular}s"), format!("{singular}es"), format!("{stem}ies")]
}

/// Hands out each name once.
#[derive(Debug, Default)]
pub(super) struct Names(BTreeSet<String>);

impl Names {
    /// For the types of a module.
    pub(super) fn of_types() -> Self {
        Self(RESERVED_TYPES.iter().map(|name| (*name).to_owned()).collect())
    }

    /// Takes a name out of what is handed out later.
    pub(super) fn reserve(&mut self, name: &str) {
        self.0.insert(name.to_owned());
    }

    /// The first candidate that is free, else the last one with a number.
    pub(super) fn take(&mut self, candidates: &[String]) -> String {
        let last = candidates.last().map_or("Other", String::as_str);
        let numbered = (2..).map(|number| format!("{last}{number}"));
        let mut all = candidates.iter().cloned().chain(numbered);
        all.find(|name| self.0.insert(name.clone())).expect("numbers do not end")
    }
}

/// Plain names of the data children of a node, each once: those of two modules that would get the
/// same name are both prefixed by their module's prefix.
pub(super) fn children(schema: &Schema, parent: NodeId) -> BTreeMap<NodeId, String> {
    let children: Vec<Node<'_>> =
        schema.node(parent).data_children().map(|child| schema.node(child)).collect();
    let mut count: BTreeMap<String, usize> = BTreeMap::new();
    for child in &children {
        *count.entry(plain(child.name())).or_default() += 1;
    }
    let mut names = Names::default();
    let name = |child: &Node<'_>| {
        let plain_name = plain(child.name());
        let prefixed = || format!("{}_{plain_name}", plain(schema.module(child.module()).prefix()));
        let name = if count[&plain_name] > 1 { prefixed() } else { plain_name };
        (child.id(), names.take(&[name.clone(), format!("{name}_")]))
    };
    children.iter().map(name).collect()
}

/// The plain names from below `above` down to `node`.
pub(super) fn way(schema: &Schema, above: NodeId, node: NodeId) -> Vec<String> {
    let mut way = Vec::new();
    let mut at = node;
    while at != above {
        let Some(parent) = schema.node(at).data_parent() else { break };
        way.extend(children(schema, parent).remove(&at));
        at = parent;
    }
    way.reverse();
    way
}
