//! The parser: keyword, argument, `;` or block; iterative, so that depth costs no stack.

use std::borrow::Cow;

use super::characters;
use super::keyword::Keyword;
use super::quoted::append_unquoted;
use super::statement::{Record, SourceFile, TextRef};
use crate::diagnostic::{Diagnostic, Severity};
use crate::lenient::{Lenient, Quirk};
use crate::limits::{SOURCE_BYTES_MAX, STATEMENT_DEPTH_MAX};
use crate::report::{Finding, resolve_findings};
use crate::schema::tables::NONE;

/// Parses one text into statements, without checking keywords against the grammar.
///
/// The file is returned as far as it could be read; an error among the diagnostics means that
/// something is missing from it.
#[must_use]
pub fn parse<'t>(
    name: &str,
    text: impl Into<Cow<'t, str>>,
    lenient: &Lenient,
) -> (SourceFile<'t>, Vec<Diagnostic>) {
    let Parsed { file, findings } = parse_file(name, text.into(), 0, lenient);
    let diagnostics = resolve_findings(std::slice::from_ref(&file), findings);
    (file, diagnostics)
}

/// A file and what is wrong with its syntax.
pub(crate) struct Parsed<'t> {
    pub(crate) file: SourceFile<'t>,
    pub(crate) findings: Vec<Finding>,
}

pub(crate) fn parse_file<'t>(
    name: &str,
    text: Cow<'t, str>,
    id: u32,
    lenient: &Lenient,
) -> Parsed<'t> {
    let too_long = text.len() > SOURCE_BYTES_MAX;
    let text = if too_long { Cow::Borrowed("") } else { text };
    let mut parser = Parser {
        line_starts: line_starts(&text),
        bytes: text.as_bytes(),
        text: &text,
        at: if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 },
        file: id,
        lenient,
        rewritten: String::new(),
        statements: Vec::with_capacity(text.len() / 32),
        open: Vec::new(),
        version_1_1: false,
        findings: Vec::new(),
    };
    if too_long {
        parser.error(0, format!("text of more than {SOURCE_BYTES_MAX} bytes"));
    } else {
        parser.characters();
        parser.run();
    }
    let Parser { rewritten, statements, line_starts, findings, .. } = parser;
    let file = SourceFile { name: name.to_owned(), text, rewritten, statements, line_starts, id };
    Parsed { file, findings }
}

fn line_starts(text: &str) -> Vec<u32> {
    let mut starts = Vec::with_capacity(text.len() / 32 + 1);
    starts.push(0);
    let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
    starts.extend(ends.map(|(at, _)| at as u32 + 1));
    starts
}

struct Parser<'p> {
    text: &'p str,
    bytes: &'p [u8],
    at: usize,
    file: u32,
    lenient: &'p Lenient,
    rewritten: String,
    statements: Vec<Record>,
    line_starts: Vec<u32>,
    /// Statements whose block is open.
    open: Vec<u32>,
    version_1_1: bool,
    findings: Vec<Finding>,
}

/// The text cannot be read further.
struct Stop;

impl Parser<'_> {
    fn characters(&mut self) {
        let text = self.text.strip_prefix('\u{feff}').unwrap_or(self.text);
        if let Some((at, character)) = characters::first_forbidden(text) {
            let at = at + (self.text.len() - text.len()) as u32;
            let code = character as u32;
            let message = format!("character U+{code:04X} is not allowed in YANG");
            self.quirk(Quirk::LooseCharacters, at, message);
        }
    }

    fn run(&mut self) {
        if self.statements_until_end().is_err() {
            let end = self.statements.len() as u32;
            for open in std::mem::take(&mut self.open) {
                self.statements[open as usize].end = end;
            }
        }
    }

    fn statements_until_end(&mut self) -> Result<(), Stop> {
        loop {
            self.skip_blanks()?;
            match self.bytes.get(self.at) {
                None => return self.end_of_text(),
                Some(b'}') => self.close()?,
                Some(_) if self.open.is_empty() && !self.statements.is_empty() => {
                    self.error(self.at as u32, "text after the end of the module".to_owned());
                    return Err(Stop);
                }
                Some(_) => self.statement()?,
            }
        }
    }

    fn end_of_text(&mut self) -> Result<(), Stop> {
        if let Some(open) = self.open.last() {
            let (open, at) = (*open, self.statements[*open as usize].at);
            let line = self.line(at);
            let message = format!("the block that opens in line {line} is not closed");
            self.finding(Severity::Error, self.bytes.len() as u32, Some(open), message, None);
            return Err(Stop);
        }
        if self.statements.is_empty() {
            self.error(0, "no statement in the text".to_owned());
        }
        Ok(())
    }

    fn close(&mut self) -> Result<(), Stop> {
        let end = self.statements.len() as u32;
        let Some(open) = self.open.pop() else {
            self.error(self.at as u32, "\"}\" without \"{\"".to_owned());
            return Err(Stop);
        };
        self.statements[open as usize].end = end;
        self.at += 1;
        Ok(())
    }

    fn statement(&mut self) -> Result<(), Stop> {
        let index = self.statements.len() as u32;
        let record = self.keyword()?;
        self.statements.push(record);
        let keyword_end = self.at;
        self.skip_blanks()?;
        if !matches!(self.bytes.get(self.at), Some(b';' | b'{' | b'}') | None) {
            if self.at == keyword_end {
                let message = "no space between keyword and argument".to_owned();
                self.quirk(Quirk::LooseQuoting, self.at as u32, message);
            }
            let quoted = matches!(self.bytes[self.at], b'"' | b'\'');
            let argument = if quoted { self.quoted_argument()? } else { self.unquoted()? };
            let record = &mut self.statements[index as usize];
            record.argument = argument;
            record.quoted = quoted;
            self.skip_blanks()?;
            self.loose_rest(index)?;
            self.note_version(index);
        }
        self.statement_end(index)
    }

    fn keyword(&mut self) -> Result<Record, Stop> {
        let start = self.at;
        let ends = |byte: &u8| {
            matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b';' | b'{' | b'}' | b'"' | b'\'')
        };
        let length = self.bytes[start..].iter().position(ends);
        let end = length.map_or(self.bytes.len(), |length| start + length);
        let word = &self.text[start..end];
        let keyword = match Keyword::named(word) {
            Some(keyword) => keyword,
            None if is_prefixed(word) => Keyword::Extension,
            None if is_identifier(word) => Keyword::Unknown,
            None => {
                self.error(start as u32, "expected a keyword".to_owned());
                return Err(Stop);
            }
        };
        self.at = end;
        Ok(Record {
            keyword,
            quoted: false,
            block: false,
            dropped: false,
            argument: TextRef::ABSENT,
            end: self.statements.len() as u32 + 1,
            parent: self.open.last().copied().unwrap_or(NONE),
            at: start as u32,
        })
    }

    /// Where leniency is on, further words and strings up to the `;` or `{` belong to the argument.
    fn loose_rest(&mut self, index: u32) -> Result<(), Stop> {
        if !self.lenient.allows(Quirk::LooseQuoting) {
            return Ok(());
        }
        while !matches!(self.bytes.get(self.at), Some(b';' | b'{' | b'}') | None) {
            let message = "text after the argument".to_owned();
            self.quirk(Quirk::LooseQuoting, self.at as u32, message);
            let apart = matches!(self.bytes[self.at - 1], b' ' | b'\t' | b'\n' | b'\r');
            let quoted = matches!(self.bytes[self.at], b'"' | b'\'');
            let more = if quoted { self.quoted_argument()? } else { self.unquoted()? };
            let argument = self.statements[index as usize].argument;
            let mut whole = self.piece(argument).to_owned();
            whole.push_str(if apart { " " } else { "" });
            whole.push_str(self.piece(more));
            let joined = self.rewrite(|out| out.push_str(&whole));
            self.statements[index as usize].argument = joined;
            self.skip_blanks()?;
        }
        Ok(())
    }

    /// The `;` or `{` after keyword and argument.
    fn statement_end(&mut self, index: u32) -> Result<(), Stop> {
        match self.bytes.get(self.at) {
            Some(b';') => {
                self.at += 1;
                Ok(())
            }
            Some(b'{') if self.open.len() == STATEMENT_DEPTH_MAX => {
                let message = format!("statements nested deeper than {STATEMENT_DEPTH_MAX} levels");
                self.error(self.at as u32, message);
                Err(Stop)
            }
            Some(b'{') => {
                self.at += 1;
                self.statements[index as usize].block = true;
                self.open.push(index);
                Ok(())
            }
            _ => {
                let message = "expected \";\" or \"{\" at the end of the statement".to_owned();
                self.finding(Severity::Error, self.at as u32, Some(index), message, None);
                Err(Stop)
            }
        }
    }

    /// The version decides what a backslash may escape, so it must be known at once.
    fn note_version(&mut self, index: u32) {
        let record = self.statements[index as usize];
        if record.keyword == Keyword::YangVersion && self.open.len() == 1 {
            let TextRef { start, length } = record.argument;
            let start = (start & !TextRef::REWRITTEN) as usize;
            let text = if record.argument.start & TextRef::REWRITTEN == 0 {
                self.text
            } else {
                &self.rewritten
            };
            self.version_1_1 = &text[start..start + length as usize] == "1.1";
        }
    }

    fn skip_blanks(&mut self) -> Result<(), Stop> {
        loop {
            match self.bytes.get(self.at) {
                Some(b' ' | b'\t' | b'\n' | b'\r') => self.at += 1,
                Some(b'/') => match self.bytes.get(self.at + 1) {
                    Some(b'/') => {
                        let rest = &self.bytes[self.at..];
                        let length = rest.iter().position(|byte| *byte == b'\n');
                        self.at += length.unwrap_or(rest.len());
                    }
                    Some(b'*') => {
                        let Some(length) = self.text[self.at + 2..].find("*/") else {
                            self.error(self.at as u32, "comment without end".to_owned());
                            return Err(Stop);
                        };
                        self.at += length + 4;
                    }
                    _ => return Ok(()),
                },
                _ => return Ok(()),
            }
        }
    }

    fn unquoted(&mut self) -> Result<TextRef, Stop> {
        let start = self.at;
        while let Some(byte) = self.bytes.get(self.at) {
            match byte {
                b' ' | b'\t' | b'\n' | b'\r' | b';' | b'{' | b'}' => break,
                b'"' | b'\'' => {
                    let message = "quote within an unquoted string".to_owned();
                    self.loose_quoting(message)?;
                }
                b'/' | b'*' if self.is_comment_mark() => {
                    let message = "comment mark within an unquoted string".to_owned();
                    self.loose_quoting(message)?;
                    self.at += 1;
                }
                _ => {}
            }
            self.at += 1;
        }
        Ok(TextRef { start: start as u32, length: (self.at - start) as u32 })
    }

    fn is_comment_mark(&self) -> bool {
        let pair = self.bytes.get(self.at..self.at + 2);
        matches!(pair, Some(b"//" | b"/*" | b"*/"))
    }

    /// Reading on makes sense only where the leniency is on: else the rest would be misread.
    fn loose_quoting(&mut self, message: String) -> Result<(), Stop> {
        self.quirk(Quirk::LooseQuoting, self.at as u32, message);
        if self.lenient.allows(Quirk::LooseQuoting) { Ok(()) } else { Err(Stop) }
    }

    /// One quoted string, or several with `+` between them.
    fn quoted_argument(&mut self) -> Result<TextRef, Stop> {
        let first = self.quoted()?;
        if !self.plus()? {
            return Ok(first);
        }
        let start = self.rewritten.len();
        let mut piece = first;
        let mut whole = String::new();
        loop {
            whole.push_str(self.piece(piece));
            self.skip_blanks()?;
            if !matches!(self.bytes.get(self.at), Some(b'"' | b'\'')) {
                self.error(self.at as u32, "expected a quoted string after \"+\"".to_owned());
                return Err(Stop);
            }
            piece = self.quoted()?;
            if !self.plus()? {
                break;
            }
        }
        whole.push_str(self.piece(piece));
        self.rewritten.truncate(start);
        Ok(self.rewrite(|out| out.push_str(&whole)))
    }

    /// Skips blanks and a `+`; whether there was one. Blanks before anything else are put back.
    fn plus(&mut self) -> Result<bool, Stop> {
        self.skip_blanks()?;
        let found = self.bytes.get(self.at) == Some(&b'+');
        self.at += usize::from(found);
        Ok(found)
    }

    fn quoted(&mut self) -> Result<TextRef, Stop> {
        let open = self.at;
        let quote = self.bytes[open];
        let Some((length, plain)) = self.closing_quote(open + 1, quote) else {
            self.error(open as u32, "string without closing quote".to_owned());
            return Err(Stop);
        };
        self.at = open + length + 2;
        if plain || quote == b'\'' {
            return Ok(TextRef { start: open as u32 + 1, length: length as u32 });
        }
        let indent = self.indent(open);
        let text = self.text;
        let inner = &text[open + 1..open + 1 + length];
        let mut bad = Vec::new();
        let piece = self.rewrite(|out| append_unquoted(out, inner, indent, |b| bad.push(b)));
        if self.version_1_1 {
            for escape in bad {
                let character = escape.character;
                let message = format!("\"\\{character}\" is no escape of YANG 1.1");
                self.quirk(Quirk::LooseEscapes, (open + 1 + escape.at) as u32, message);
            }
        }
        Ok(piece)
    }

    /// Length up to the closing quote, and whether the string stands for itself.
    fn closing_quote(&self, start: usize, quote: u8) -> Option<(usize, bool)> {
        let bytes = &self.bytes[start..];
        if quote == b'\'' {
            return bytes.iter().position(|byte| *byte == b'\'').map(|length| (length, true));
        }
        let mut plain = true;
        let mut at = 0;
        loop {
            let special = |byte: &u8| matches!(byte, b'"' | b'\\' | b'\n');
            at += bytes[at..].iter().position(special)?;
            match bytes[at] {
                b'"' => return Some((at, plain)),
                b'\\' => at += 2,
                _ => at += 1,
            }
            plain = false;
            if at > bytes.len() {
                return None;
            }
        }
    }

    /// Column after an opening quote, tabs counted as eight (RFC 7950 6.1.3).
    fn indent(&self, open: usize) -> usize {
        let line =
            self.bytes[..open].iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let before = self.text[line..open].chars();
        before.map(|c| if c == '\t' { 8 } else { 1 }).sum::<usize>() + 1
    }

    fn rewrite(&mut self, append: impl FnOnce(&mut String)) -> TextRef {
        let start = self.rewritten.len();
        append(&mut self.rewritten);
        let length = (self.rewritten.len() - start) as u32;
        TextRef { start: start as u32 | TextRef::REWRITTEN, length }
    }

    fn piece(&self, piece: TextRef) -> &str {
        let start = (piece.start & !TextRef::REWRITTEN) as usize;
        let rewritten = piece.start & TextRef::REWRITTEN != 0;
        let text = if rewritten { &self.rewritten[..] } else { self.text };
        &text[start..start + piece.length as usize]
    }

    fn line(&self, at: u32) -> u32 {
        self.line_starts.partition_point(|start| *start <= at) as u32
    }

    fn error(&mut self, at: u32, message: String) {
        self.finding(Severity::Error, at, None, message, None);
    }

    fn quirk(&mut self, quirk: Quirk, at: u32, message: String) {
        let severity = if self.lenient.allows(quirk) { Severity::Warning } else { Severity::Error };
        self.finding(severity, at, None, message, Some(quirk));
    }

    fn finding(
        &mut self,
        severity: Severity,
        at: u32,
        statement: Option<u32>,
        message: String,
        quirk: Option<Quirk>,
    ) {
        let statement = statement.or_else(|| self.open.last().copied());
        let file = self.file;
        self.findings.push(Finding { severity, file, at, statement, message, quirk });
    }
}

/// `identifier` of RFC 7950 14.
pub(crate) fn is_identifier(text: &str) -> bool {
    let mut bytes = text.bytes();
    bytes.next().is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'_')
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'))
}

fn is_prefixed(word: &str) -> bool {
    word.split_once(':').is_some_and(|(prefix, name)| is_identifier(prefix) && is_identifier(name))
}
