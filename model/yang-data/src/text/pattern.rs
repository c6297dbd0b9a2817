//! Regular expressions of XML Schema (XSD part 2, appendix F) as those of the `regex` crate.
//!
//! The two differ in more than they seem to: an XSD expression matches the whole value, `^` and
//! `$` are plain characters in it, `.` excludes line ends, classes can be subtracted, `\i` and
//! `\c` are the characters of XML names, and `\p{IsGreek}` names a block of Unicode.

use std::iter::Peekable;
use std::str::Chars;

use regex::{Regex, RegexBuilder};

use super::blocks;

/// Memory of one compiled expression at most, in bytes.
const COMPILED_BYTES_MAX: usize = 16 << 20;
/// Class subtractions inside each other at most.
const CLASS_DEPTH_MAX: usize = 16;

/// First character of an XML name, as class items.
const NAME_START: &str = concat!(
    r":A-Z_a-z\x{C0}-\x{D6}\x{D8}-\x{F6}\x{F8}-\x{2FF}\x{370}-\x{37D}\x{37F}-\x{1FFF}",
    r"\x{200C}-\x{200D}\x{2070}-\x{218F}\x{2C00}-\x{2FEF}\x{3001}-\x{D7FF}",
    r"\x{F900}-\x{FDCF}\x{FDF0}-\x{FFFD}\x{10000}-\x{EFFFF}",
);
/// What else an XML name may have, as class items.
const NAME_MORE: &str = r"\-.0-9\x{B7}\x{0300}-\x{036F}\x{203F}-\x{2040}";
const SPACE: &str = r" \t\n\r";
const NOT_WORD: &str = r"\p{P}\p{Z}\p{C}";

/// General categories of Unicode that `\p{..}` may name.
pub(super) const CATEGORIES: &[&str] = &[
    "L", "Lu", "Ll", "Lt", "Lm", "Lo", "M", "Mn", "Mc", "Me", "N", "Nd", "Nl", "No", "P", "Pc",
    "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Z", "Zs", "Zl", "Zp", "S", "Sm", "Sc", "Sk", "So", "C",
    "Cc", "Cf", "Co", "Cn",
];

/// A compiled pattern.
#[derive(Debug)]
pub(crate) struct Matcher(Regex);

impl Matcher {
    /// Whether the whole text matches.
    pub(crate) fn is_match(&self, text: &str) -> bool {
        self.0.is_match(text)
    }
}

/// What is wrong with a pattern.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(crate) struct PatternError(String);

/// Compiles an XSD regular expression.
pub(crate) fn compile(xsd: &str) -> Result<Matcher, PatternError> {
    let translated = translate(xsd)?;
    RegexBuilder::new(&format!(r"\A(?:{translated})\z"))
        .size_limit(COMPILED_BYTES_MAX)
        .build()
        .map(Matcher)
        .map_err(|error| PatternError(error.to_string()))
}

/// The same expression for the `regex` crate, without anchors.
pub(crate) fn translate(xsd: &str) -> Result<String, PatternError> {
    let mut translator = Translator { rest: xsd.chars().peekable(), out: String::new() };
    translator.run()?;
    Ok(translator.out)
}

struct Translator<'p> {
    rest: Peekable<Chars<'p>>,
    out: String,
}

/// A member of a character class.
enum Member {
    One(char),
    /// Class items, or a class in brackets.
    Many(String),
}

impl Translator<'_> {
    fn run(&mut self) -> Result<(), PatternError> {
        while let Some(c) = self.rest.next() {
            match c {
                '.' => self.out.push_str(r"[^\n\r]"),
                '[' => {
                    let class = self.class(0)?;
                    self.out.push_str(&class);
                }
                '\\' => match self.escape()? {
                    Member::One(c) => self.literal(c),
                    Member::Many(items) => {
                        self.out.push('[');
                        self.out.push_str(&items);
                        self.out.push(']');
                    }
                },
                '(' => self.out.push_str(if self.rest.peek() == Some(&'?') { "(" } else { "(?:" }),
                ')' | '|' | '?' | '*' | '+' => self.out.push(c),
                '{' => self.quantity(),
                other => self.literal(other),
            }
        }
        Ok(())
    }

    fn literal(&mut self, c: char) {
        push_literal(&mut self.out, c);
    }

    /// `{n}`, `{n,}`, `{n,m}`; anything else after a brace makes the brace a plain character.
    fn quantity(&mut self) {
        let mut ahead = self.rest.clone();
        let body: String = ahead.by_ref().take_while(|c| *c != '}').collect();
        let (low, high) = body.split_once(',').unwrap_or((&body, "0"));
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let closed = self.rest.clone().any(|c| c == '}');
        if body.is_empty() || body == "," || !closed || !digits(low) || !digits(high) {
            return self.literal('{');
        }
        self.rest = ahead;
        self.out.push('{');
        if low.is_empty() {
            self.out.push('0');
        }
        self.out.push_str(&body);
        self.out.push('}');
    }

    /// What follows a backslash.
    fn escape(&mut self) -> Result<Member, PatternError> {
        let c = self.rest.next().ok_or_else(|| error("a backslash at the end"))?;
        Ok(match c {
            'n' => Member::One('\n'),
            'r' => Member::One('\r'),
            't' => Member::One('\t'),
            'd' => Member::Many(r"\p{Nd}".into()),
            'D' => Member::Many(r"\P{Nd}".into()),
            's' => Member::Many(SPACE.into()),
            'S' => Member::Many(format!("[^{SPACE}]")),
            'w' => Member::Many(format!("[^{NOT_WORD}]")),
            'W' => Member::Many(NOT_WORD.into()),
            'i' => Member::Many(NAME_START.into()),
            'I' => Member::Many(format!("[^{NAME_START}]")),
            'c' => Member::Many(format!("{NAME_START}{NAME_MORE}")),
            'C' => Member::Many(format!("[^{NAME_START}{NAME_MORE}]")),
            'p' => Member::Many(self.property("")?),
            'P' => Member::Many(self.property("^")?),
            letter if letter.is_ascii_alphanumeric() => {
                return Err(error(&format!("'\\{letter}' is no escape")));
            }
            other => Member::One(other),
        })
    }

    /// `{Lu}` or `{IsGreek}` after `\p` (or `\P`, then `not` is `^`).
    fn property(&mut self, not: &str) -> Result<String, PatternError> {
        if self.rest.next() != Some('{') {
            return Err(error("'{' expected after '\\p'"));
        }
        let name: String = self.rest.by_ref().take_while(|c| *c != '}').collect();
        if let Some(block) = name.strip_prefix("Is") {
            let ranges = blocks::ranges(block)
                .ok_or_else(|| error(&format!("'{block}' is no block of Unicode")))?;
            let items: String =
                ranges.iter().map(|(low, high)| format!(r"\x{{{low:X}}}-\x{{{high:X}}}")).collect();
            return Ok(format!("[{not}{items}]"));
        }
        if !CATEGORIES.contains(&name.as_str()) {
            return Err(error(&format!("'{name}' is no category of Unicode")));
        }
        Ok(format!(r"[{not}\p{{{name}}}]"))
    }

    /// A class after its `[`, subtraction included.
    fn class(&mut self, depth: usize) -> Result<String, PatternError> {
        if depth > CLASS_DEPTH_MAX {
            return Err(error("too many class subtractions inside each other"));
        }
        let negated = self.rest.next_if_eq(&'^').is_some();
        let mut items = String::new();
        let mut subtracted = None;
        loop {
            let c = self.rest.next().ok_or_else(|| error("a class without ']'"))?;
            match c {
                ']' if !items.is_empty() => break,
                '-' if self.rest.peek() == Some(&'[') && !items.is_empty() => {
                    self.rest.next();
                    subtracted = Some(self.class(depth + 1)?);
                    if self.rest.next() != Some(']') {
                        return Err(error("']' expected after a class subtraction"));
                    }
                    break;
                }
                '\\' => match self.escape()? {
                    Member::One(first) => self.range_from(first, &mut items)?,
                    Member::Many(more) => items.push_str(&more),
                },
                first => self.range_from(first, &mut items)?,
            }
        }
        let class = format!("[{}{items}]", if negated { "^" } else { "" });
        Ok(match subtracted {
            Some(subtracted) => format!("[{class}--{subtracted}]"),
            None => class,
        })
    }

    /// A single character of a class, or a range that begins with it.
    fn range_from(&mut self, first: char, items: &mut String) -> Result<(), PatternError> {
        push_class_char(items, first);
        let mut ahead = self.rest.clone();
        if ahead.next() != Some('-') || matches!(ahead.peek(), None | Some('[' | ']')) {
            return Ok(());
        }
        let last = match ahead.next() {
            Some('\\') => {
                let mut after = Translator { rest: ahead.clone(), out: String::new() };
                match after.escape()? {
                    Member::One(last) => {
                        ahead = after.rest;
                        last
                    }
                    // `a-\d`: the hyphen is a plain character.
                    Member::Many(_) => return Ok(()),
                }
            }
            Some(last) => last,
            None => return Ok(()),
        };
        if last < first {
            return Err(error(&format!("the range {first}-{last} is upside down")));
        }
        self.rest = ahead;
        items.push('-');
        push_class_char(items, last);
        Ok(())
    }
}

fn push_literal(out: &mut String, c: char) {
    if r"\.+*?()|[]{}^$#&-~".contains(c) {
        out.push('\\');
    }
    out.push(c);
}

fn push_class_char(out: &mut String, c: char) {
    if c.is_ascii_alphanumeric() {
        out.push(c);
    } else {
        out.push_str(&format!(r"\x{{{:X}}}", u32::from(c)));
    }
}

fn error(message: &str) -> PatternError {
    PatternError(message.to_owned())
}
