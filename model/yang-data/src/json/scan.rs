//! Tokens of JSON text (RFC 8259).

use std::borrow::Cow;

use crate::JsonScalar;

/// Brackets inside each other that are passed over at most.
const NESTING_MAX: usize = 4096;

/// What is wrong with JSON text, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Malformed {
    pub(crate) at: usize,
    pub(crate) message: &'static str,
}

/// A scalar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Scalar<'t> {
    String(Cow<'t, str>),
    Number(&'t str),
    Bool(bool),
    Null,
}

impl Scalar<'_> {
    pub(crate) fn as_json(&self) -> JsonScalar<'_> {
        match self {
            Self::String(text) => JsonScalar::String(text),
            Self::Number(text) => JsonScalar::Number(text),
            Self::Bool(truth) => JsonScalar::Bool(*truth),
            Self::Null => JsonScalar::Null,
        }
    }
}

/// A cursor over JSON text.
#[derive(Clone, Debug)]
pub(crate) struct Scanner<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Scanner<'t> {
    pub(crate) fn new(text: &'t str) -> Self {
        Self { text, at: 0 }
    }

    /// Offset of the next token.
    pub(crate) fn position(&mut self) -> usize {
        self.peek();
        self.at
    }

    /// The text from an offset to the end of the last token.
    pub(crate) fn since(&self, start: usize) -> &'t str {
        &self.text[start..self.at]
    }

    /// First byte of the next token.
    pub(crate) fn peek(&mut self) -> Option<u8> {
        let bytes = self.text.as_bytes();
        while let Some(byte) = bytes.get(self.at) {
            if !matches!(byte, b' ' | b'\t' | b'\n' | b'\r') {
                return Some(*byte);
            }
            self.at += 1;
        }
        None
    }

    /// Takes a structural character if it is next.
    pub(crate) fn eat(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    pub(crate) fn expect(&mut self, byte: u8, message: &'static str) -> Result<(), Malformed> {
        if self.eat(byte) { Ok(()) } else { self.fail(message) }
    }

    /// After an element: whether another one follows, else takes the closing bracket.
    pub(crate) fn more(&mut self, close: u8) -> Result<bool, Malformed> {
        if self.eat(b',') {
            return Ok(true);
        }
        if self.eat(close) {
            return Ok(false);
        }
        self.fail(if close == b']' { "',' or ']' expected" } else { "',' or '}' expected" })
    }

    pub(crate) fn scalar(&mut self) -> Result<Scalar<'t>, Malformed> {
        match self.peek() {
            Some(b'"') => Ok(Scalar::String(self.string()?)),
            Some(b't') => self.word("true").map(|()| Scalar::Bool(true)),
            Some(b'f') => self.word("false").map(|()| Scalar::Bool(false)),
            Some(b'n') => self.word("null").map(|()| Scalar::Null),
            Some(b'-' | b'0'..=b'9') => Ok(Scalar::Number(self.number()?)),
            _ => self.fail("a value expected"),
        }
    }

    fn word(&mut self, word: &'static str) -> Result<(), Malformed> {
        if self.text[self.at..].starts_with(word) {
            self.at += word.len();
            return Ok(());
        }
        self.fail("a value expected")
    }

    fn number(&mut self) -> Result<&'t str, Malformed> {
        let start = self.at;
        self.at += usize::from(self.byte() == Some(b'-'));
        let leading_zero = self.byte() == Some(b'0');
        let whole = self.digits();
        if whole == 0 || leading_zero && whole > 1 {
            return self.fail("a number without leading zeros expected");
        }
        if self.byte() == Some(b'.') {
            self.at += 1;
            if self.digits() == 0 {
                return self.fail("digits expected after the decimal point");
            }
        }
        if matches!(self.byte(), Some(b'e' | b'E')) {
            self.at += 1;
            self.at += usize::from(matches!(self.byte(), Some(b'+' | b'-')));
            if self.digits() == 0 {
                return self.fail("digits expected in the exponent");
            }
        }
        Ok(&self.text[start..self.at])
    }

    fn digits(&mut self) -> usize {
        let start = self.at;
        while self.byte().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        self.at - start
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    pub(crate) fn string(&mut self) -> Result<Cow<'t, str>, Malformed> {
        self.expect(b'"', "a string expected")?;
        let start = self.at;
        self.plain()?;
        if self.byte() == Some(b'"') {
            let text = &self.text[start..self.at];
            self.at += 1;
            return Ok(Cow::Borrowed(text));
        }
        let mut owned = self.text[start..self.at].to_owned();
        while self.byte() != Some(b'"') {
            owned.push(self.escape()?);
            let from = self.at;
            self.plain()?;
            owned.push_str(&self.text[from..self.at]);
        }
        self.at += 1;
        Ok(Cow::Owned(owned))
    }

    /// Goes on to the next quote or backslash.
    fn plain(&mut self) -> Result<(), Malformed> {
        let rest = &self.text.as_bytes()[self.at..];
        let special = |byte: &u8| matches!(byte, b'"' | b'\\' | 0..=0x1f);
        match rest.iter().position(special) {
            Some(len) if rest[len] >= b' ' => {
                self.at += len;
                Ok(())
            }
            Some(len) => {
                self.at += len;
                self.fail("a control character inside a string")
            }
            None => {
                self.at = self.text.len();
                self.fail("a string without closing quote")
            }
        }
    }

    fn escape(&mut self) -> Result<char, Malformed> {
        let escaped = self.text.as_bytes().get(self.at + 1).copied();
        let c = match escaped {
            Some(c @ (b'"' | b'\\' | b'/')) => char::from(c),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode(),
            _ => return self.fail("no such escape"),
        };
        self.at += 2;
        Ok(c)
    }

    fn unicode(&mut self) -> Result<char, Malformed> {
        let high = self.hex4()?;
        let code = if (0xd800..0xdc00).contains(&high) {
            if !self.text[self.at..].starts_with("\\u") {
                return self.fail("half of a surrogate pair");
            }
            let low = self.hex4()?;
            if !(0xdc00..0xe000).contains(&low) {
                return self.fail("half of a surrogate pair");
            }
            0x1_0000 + ((high - 0xd800) << 10) + (low - 0xdc00)
        } else {
            high
        };
        match char::from_u32(code) {
            Some(c) => Ok(c),
            None => self.fail("half of a surrogate pair"),
        }
    }

    fn hex4(&mut self) -> Result<u32, Malformed> {
        let digits = self.text.as_bytes().get(self.at + 2..self.at + 6);
        let code = digits.and_then(|digits| {
            digits
                .iter()
                .try_fold(0, |code, digit| Some(code * 16 + char::from(*digit).to_digit(16)?))
        });
        match code {
            Some(code) => {
                self.at += 6;
                Ok(code)
            }
            None => self.fail("four hex digits expected"),
        }
    }

    /// Passes over a value of any kind.
    pub(crate) fn skip_value(&mut self) -> Result<(), Malformed> {
        let mut open: Vec<u8> = Vec::new();
        loop {
            match self.peek() {
                Some(bracket @ (b'{' | b'[')) => {
                    let close = if bracket == b'{' { b'}' } else { b']' };
                    if open.len() == NESTING_MAX {
                        return self.fail("nested too deep");
                    }
                    self.at += 1;
                    if !self.eat(close) {
                        open.push(close);
                        self.member_name(close)?;
                        continue;
                    }
                }
                _ => {
                    self.scalar()?;
                }
            }
            loop {
                let Some(close) = open.last().copied() else { return Ok(()) };
                if self.more(close)? {
                    self.member_name(close)?;
                    break;
                }
                open.pop();
            }
        }
    }

    fn member_name(&mut self, close: u8) -> Result<(), Malformed> {
        if close == b'}' {
            self.string()?;
            self.expect(b':', "':' expected")?;
        }
        Ok(())
    }

    pub(crate) fn fail<T>(&self, message: &'static str) -> Result<T, Malformed> {
        Err(Malformed { at: self.at, message })
    }
}
