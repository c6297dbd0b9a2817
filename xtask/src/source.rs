//! Just enough of Rust's lexical grammar to ask questions about a source file: tokens with line
//! numbers, comments gone, strings kept as one token each. No parser: the rules built on it look
//! for short token sequences, and rustc has the last word on everything else.

/// One token and the line it starts on (first line is 1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) kind: Kind,
    pub(crate) line: usize,
    /// The line it ends on; differs from `line` for strings only.
    pub(crate) line_end: usize,
}

/// What a token is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Identifier or keyword, raw prefix removed.
    Word(String),
    /// The text between the quotes, escapes as written.
    Text(String),
    /// One character of punctuation.
    Mark(char),
    /// Number, character literal or lifetime: no rule reads them.
    Other,
}

impl Token {
    pub(crate) fn word(&self) -> Option<&str> {
        match &self.kind {
            Kind::Word(word) => Some(word),
            Kind::Text(_) | Kind::Mark(_) | Kind::Other => None,
        }
    }

    pub(crate) fn text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Text(text) => Some(text),
            Kind::Word(_) | Kind::Mark(_) | Kind::Other => None,
        }
    }

    pub(crate) fn is_word(&self, word: &str) -> bool {
        self.word() == Some(word)
    }

    pub(crate) fn is_mark(&self, mark: char) -> bool {
        self.kind == Kind::Mark(mark)
    }
}

/// Splits `source` into tokens. Never fails: an unterminated string or comment ends with the file.
pub(crate) fn tokens(source: &str) -> Vec<Token> {
    let mut lexer = Lexer { chars: source.chars().collect(), at: 0, line: 1, tokens: Vec::new() };
    while lexer.at < lexer.chars.len() {
        lexer.step();
    }
    lexer.tokens
}

struct Lexer {
    chars: Vec<char>,
    at: usize,
    line: usize,
    tokens: Vec<Token>,
}

impl Lexer {
    fn step(&mut self) {
        let here = self.chars[self.at];
        match here {
            _ if here.is_whitespace() => self.advance(),
            '/' if self.peek(1) == Some('/') => self.line_comment(),
            '/' if self.peek(1) == Some('*') => self.block_comment(),
            '"' => self.string(0),
            '\'' => self.quote(),
            _ if here == '_' || here.is_alphabetic() => self.word(),
            _ if here.is_ascii_digit() => self.number(),
            _ => {
                self.push(Kind::Mark(here), self.line);
                self.advance();
            }
        }
    }

    fn peek(&self, ahead: usize) -> Option<char> {
        self.chars.get(self.at + ahead).copied()
    }

    fn advance(&mut self) {
        if self.peek(0) == Some('\n') {
            self.line += 1;
        }
        self.at += 1;
    }

    fn push(&mut self, kind: Kind, line: usize) {
        self.tokens.push(Token { kind, line, line_end: self.line });
    }

    fn line_comment(&mut self) {
        while self.peek(0).is_some_and(|c| c != '\n') {
            self.advance();
        }
    }

    /// Block comments nest.
    fn block_comment(&mut self) {
        let mut depth = 0_usize;
        while self.at < self.chars.len() {
            match (self.peek(0), self.peek(1)) {
                (Some('/'), Some('*')) => depth += 1,
                (Some('*'), Some('/')) => depth -= 1,
                _ => {
                    self.advance();
                    continue;
                }
            }
            self.advance();
            self.advance();
            if depth == 0 {
                return;
            }
        }
    }

    /// A string whose opening quote is here. With `hashes` the string is raw, closed by a quote
    /// and as many hashes; a raw string without hashes is handled by [`Lexer::raw_string`].
    fn string(&mut self, hashes: usize) {
        let line = self.line;
        self.advance();
        let start = self.at;
        while let Some(here) = self.peek(0) {
            if here == '"' && (1..=hashes).all(|n| self.peek(n) == Some('#')) {
                break;
            }
            if here == '\\' && hashes == 0 {
                self.advance();
            }
            self.advance();
        }
        self.finish_string(start, hashes, line);
    }

    fn raw_string(&mut self) {
        let line = self.line;
        self.advance();
        let start = self.at;
        while self.peek(0).is_some_and(|c| c != '"') {
            self.advance();
        }
        self.finish_string(start, 0, line);
    }

    fn finish_string(&mut self, start: usize, hashes: usize, line: usize) {
        let end = self.at.min(self.chars.len());
        let text = self.chars[start..end].iter().collect();
        self.push(Kind::Text(text), line);
        (0..=hashes).for_each(|_| self.advance());
    }

    /// A quote opens a character literal or a lifetime.
    fn quote(&mut self) {
        let line = self.line;
        let is_char = self.peek(1) == Some('\\') || self.peek(2) == Some('\'');
        self.advance();
        if is_char {
            if self.peek(0) == Some('\\') {
                self.advance();
            }
            self.advance();
            while self.peek(0).is_some_and(|c| c != '\'') {
                self.advance();
            }
            self.advance();
        } else {
            self.skip_word();
        }
        self.push(Kind::Other, line);
    }

    /// An identifier, or the prefix of a literal: `r"`, `r#"`, `b"`, `br"`, `b'`, `c"`, `r#name`.
    fn word(&mut self) {
        let (start, line) = (self.at, self.line);
        self.skip_word();
        let word: String = self.chars[start..self.at].iter().collect();
        let hashes = (0..).take_while(|n| self.peek(*n) == Some('#')).count();
        let is_raw = matches!(word.as_str(), "r" | "br" | "cr");
        match self.peek(hashes) {
            Some('"') if is_raw && hashes == 0 => self.raw_string(),
            Some('"') if is_raw => {
                self.at += hashes;
                self.string(hashes);
            }
            Some('"') if hashes == 0 && matches!(word.as_str(), "b" | "c") => self.string(0),
            Some('\'') if hashes == 0 && word == "b" => self.quote(),
            Some(c) if word == "r" && hashes == 1 && (c == '_' || c.is_alphabetic()) => {
                self.advance();
                self.word();
            }
            _ => self.push(Kind::Word(word), line),
        }
    }

    fn skip_word(&mut self) {
        while self.peek(0).is_some_and(|c| c == '_' || c.is_alphanumeric()) {
            self.advance();
        }
    }

    /// The point of a float is left to the next token, so that `1..2` and `x.0.y` need no care.
    fn number(&mut self) {
        let line = self.line;
        self.skip_word();
        self.push(Kind::Other, line);
    }
}

/// The index just past the group that opens at `open` (a `(`, `[` or `{`), or the end.
pub(crate) fn past_group(tokens: &[Token], open: usize) -> usize {
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate().skip(open) {
        match token.kind {
            Kind::Mark('(' | '[' | '{') => depth += 1,
            Kind::Mark(')' | ']' | '}') => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return at + 1;
                }
            }
            _ => {}
        }
    }
    tokens.len()
}

/// The index just past the item that starts at `from`: its `;` or its closing brace.
pub(crate) fn past_item(tokens: &[Token], from: usize) -> usize {
    let mut at = from;
    while let Some(token) = tokens.get(at) {
        match token.kind {
            Kind::Mark('{') => return past_group(tokens, at),
            Kind::Mark('(' | '[') => at = past_group(tokens, at),
            Kind::Mark(';') => return at + 1,
            Kind::Mark('}') => return at,
            _ => at += 1,
        }
    }
    tokens.len()
}

/// A function with a body.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Function {
    pub(crate) name: String,
    pub(crate) line: usize,
    /// From the line of `fn` to the line of the closing brace, both counted.
    pub(crate) lines: usize,
}

/// Every function with a body, nested ones too.
pub(crate) fn functions(tokens: &[Token]) -> Vec<Function> {
    let mut found = Vec::new();
    for (at, pair) in tokens.windows(2).enumerate() {
        let [keyword, name] = pair else { continue };
        let (true, Some(name)) = (keyword.is_word("fn"), name.word()) else {
            continue;
        };
        let last = &tokens[past_item(tokens, at) - 1];
        if last.is_mark('}') {
            let lines = last.line + 1 - keyword.line;
            found.push(Function { name: name.to_owned(), line: keyword.line, lines });
        }
    }
    found
}

/// A `mod name;` declaration: the file it names is part of the crate.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct ModFile {
    /// Inline modules round it, outermost first.
    pub(crate) inside: Vec<String>,
    pub(crate) name: String,
    /// The argument of `#[path = ".."]`, when given.
    pub(crate) path: Option<String>,
    pub(crate) is_test: bool,
}

/// Every `mod name;` of a file, those within inline modules included.
pub(crate) fn mod_files(tokens: &[Token]) -> Vec<ModFile> {
    let mut found = Vec::new();
    collect_mods(tokens, &[], false, &mut found);
    found
}

fn collect_mods(tokens: &[Token], inside: &[String], in_test: bool, found: &mut Vec<ModFile>) {
    let mut attributes = Attributes::default();
    let mut at = 0;
    while at < tokens.len() {
        if tokens[at].is_mark('#') {
            let end = past_attribute(tokens, at);
            attributes.read(&tokens[at..end]);
            at = end;
            continue;
        }
        let name = tokens.get(at + 1).and_then(Token::word);
        let (true, Some(name), Some(next)) = (tokens[at].is_word("mod"), name, tokens.get(at + 2))
        else {
            // Visibility stands between an attribute and its `mod`; anything else ends its reach.
            if !matches!(tokens[at].word(), Some("pub" | "crate" | "super" | "in"))
                && !matches!(tokens[at].kind, Kind::Mark('(' | ')'))
            {
                attributes = Attributes::default();
            }
            at += 1;
            continue;
        };
        let Attributes { path, is_test } = std::mem::take(&mut attributes);
        let is_test = is_test || in_test;
        if next.is_mark(';') {
            found.push(ModFile { inside: inside.to_vec(), name: name.to_owned(), path, is_test });
            at += 3;
        } else if next.is_mark('{') {
            let end = past_group(tokens, at + 2);
            let inner: Vec<String> = inside.iter().cloned().chain([name.to_owned()]).collect();
            let body = tokens.get(at + 3..end - 1).unwrap_or_default();
            collect_mods(body, &inner, is_test, found);
            at = end;
        } else {
            at += 1;
        }
    }
}

#[derive(Default)]
struct Attributes {
    path: Option<String>,
    is_test: bool,
}

impl Attributes {
    fn read(&mut self, attribute: &[Token]) {
        self.is_test |= is_cfg_test(attribute);
        if attribute.iter().any(|t| t.is_word("path")) {
            self.path =
                attribute.iter().find_map(Token::text).map(str::to_owned).or(self.path.take());
        }
    }
}

fn past_attribute(tokens: &[Token], hash: usize) -> usize {
    let open =
        if tokens.get(hash + 1).is_some_and(|t| t.is_mark('!')) { hash + 2 } else { hash + 1 };
    if tokens.get(open).is_some_and(|t| t.is_mark('[')) {
        past_group(tokens, open)
    } else {
        hash + 1
    }
}

/// `#[cfg(test)]`, or `#[cfg(all(test, ..))]`, or `#[test]`.
fn is_cfg_test(attribute: &[Token]) -> bool {
    let words: Vec<&str> = attribute.iter().filter_map(Token::word).collect();
    matches!(words[..], ["cfg", "test"] | ["cfg", "all", "test", ..] | ["test"])
}

/// The tokens without the items that exist in test builds only.
pub(crate) fn without_tests(tokens: &[Token]) -> Vec<Token> {
    let mut kept = Vec::with_capacity(tokens.len());
    let mut at = 0;
    while at < tokens.len() {
        if !tokens[at].is_mark('#') {
            kept.push(tokens[at].clone());
            at += 1;
            continue;
        }
        let end = past_attribute(tokens, at);
        let is_inner = tokens.get(at + 1).is_some_and(|t| t.is_mark('!'));
        if is_cfg_test(&tokens[at..end]) && is_inner {
            return kept;
        }
        if is_cfg_test(&tokens[at..end]) {
            at = past_item(tokens, past_attributes(tokens, end));
        } else {
            kept.extend_from_slice(&tokens[at..end]);
            at = end;
        }
    }
    kept
}

fn past_attributes(tokens: &[Token], from: usize) -> usize {
    let mut at = from;
    while tokens.get(at).is_some_and(|t| t.is_mark('#')) {
        at = past_attribute(tokens, at);
    }
    at
}

/// A path as the code means it: `use std::{fs, io}` yields `std::fs` and `std::io`; a single
/// identifier is a path of one segment.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct PathUse {
    pub(crate) segments: Vec<String>,
    pub(crate) line: usize,
}

/// Every path of a file, from `use` trees and from expressions and types alike.
pub(crate) fn paths(tokens: &[Token]) -> Vec<PathUse> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        at = if tokens[at].word().is_some() {
            path_tree(tokens, at, &[], &mut found)
        } else {
            at + 1
        };
    }
    found
}

/// Reads one path with the groups that hang from it; returns the index past it.
fn path_tree(tokens: &[Token], from: usize, prefix: &[String], out: &mut Vec<PathUse>) -> usize {
    let mut segments = prefix.to_vec();
    let mut at = from;
    let line = tokens[from].line;
    while let Some(word) = tokens.get(at).and_then(Token::word) {
        segments.push(word.to_owned());
        let is_joined = tokens.get(at + 1).is_some_and(|t| t.is_mark(':'))
            && tokens.get(at + 2).is_some_and(|t| t.is_mark(':'));
        if !is_joined {
            out.push(PathUse { segments, line });
            return at + 1;
        }
        at += 3;
    }
    if tokens.get(at).is_some_and(|t| t.is_mark('{')) {
        return path_group(tokens, at, &segments, out);
    }
    out.push(PathUse { segments, line });
    at.max(from + 1)
}

fn path_group(tokens: &[Token], open: usize, prefix: &[String], out: &mut Vec<PathUse>) -> usize {
    let end = past_group(tokens, open);
    let mut at = open + 1;
    while at + 1 < end {
        at = if tokens[at].is_word("as") {
            at + 2 // the other name says nothing about what is used
        } else if tokens[at].word().is_some() {
            path_tree(tokens, at, prefix, out)
        } else {
            at + 1
        };
    }
    end
}

#[cfg(test)]
mod tests;
