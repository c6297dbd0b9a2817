//! Tokens of XPath 1.0 (section 3.7), with its rule on what `*` and operator names mean.

use super::parse::{XPathError, XPathErrorKind};

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Token<'t> {
    /// Punctuation or operator, also `and`, `or`, `div`, `mod` and `*` where they are operators.
    Symbol(&'t str),
    Number(f64),
    Literal(&'t str),
    /// A name, with its prefix; the local part is `*` for `prefix:*` and `*`.
    Name {
        prefix: Option<&'t str>,
        local: &'t str,
    },
    Variable(&'t str),
    End,
}

/// Splits a text into tokens with their byte offsets; the last is [`Token::End`].
pub(super) fn tokens(text: &str) -> Result<Vec<(usize, Token<'_>)>, XPathError> {
    let mut lexer = Lexer { text, at: 0, tokens: Vec::with_capacity(text.len() / 4 + 1) };
    while lexer.next()? {}
    Ok(lexer.tokens)
}

struct Lexer<'t> {
    text: &'t str,
    at: usize,
    tokens: Vec<(usize, Token<'t>)>,
}

const SYMBOLS: [&str; 22] = [
    "::", "//", "..", "!=", "<=", ">=", "(", ")", "[", "]", "@", ",", "/", "|", "+", "-", "=", "<",
    ">", ".", "*", ":",
];

impl<'t> Lexer<'t> {
    /// One token; false after the last.
    fn next(&mut self) -> Result<bool, XPathError> {
        let rest = self.text[self.at..].trim_start_matches([' ', '\t', '\n', '\r']);
        self.at = self.text.len() - rest.len();
        let start = self.at;
        let token = match rest.as_bytes().first() {
            None => Token::End,
            Some(b'"' | b'\'') => self.literal(rest)?,
            Some(b'0'..=b'9') => self.number(rest)?,
            Some(b'.') if rest.as_bytes().get(1).is_some_and(u8::is_ascii_digit) => {
                self.number(rest)?
            }
            Some(b'$') => {
                self.at += 1;
                Token::Variable(self.name().ok_or_else(|| unexpected(start))?)
            }
            Some(b'*') if !self.after_operand() => {
                self.at += 1;
                Token::Name { prefix: None, local: "*" }
            }
            Some(_) => self.name_or_symbol(rest)?,
        };
        self.tokens.push((start, token));
        Ok(token != Token::End)
    }

    fn literal(&mut self, rest: &'t str) -> Result<Token<'t>, XPathError> {
        let quote = &rest[..1];
        let end = rest[1..]
            .find(quote)
            .ok_or(XPathError { offset: self.at, kind: XPathErrorKind::UnterminatedLiteral })?;
        self.at += end + 2;
        Ok(Token::Literal(&rest[1..=end]))
    }

    fn number(&mut self, rest: &'t str) -> Result<Token<'t>, XPathError> {
        let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
        let mut length = digits(rest);
        if rest.as_bytes().get(length) == Some(&b'.') {
            length += 1 + digits(&rest[length + 1..]);
        }
        let value = rest[..length].parse().map_err(|_| unexpected(self.at))?;
        self.at += length;
        Ok(Token::Number(value))
    }

    fn name_or_symbol(&mut self, rest: &'t str) -> Result<Token<'t>, XPathError> {
        let start = self.at;
        if let Some(name) = self.name() {
            if matches!(name, "and" | "or" | "div" | "mod") && self.after_operand() {
                return Ok(Token::Symbol(name));
            }
            return Ok(self.qualified(name));
        }
        let symbol = SYMBOLS.iter().find(|symbol| rest.starts_with(**symbol));
        let symbol = symbol.ok_or_else(|| unexpected(start))?;
        self.at += symbol.len();
        Ok(Token::Symbol(symbol))
    }

    /// The rest of `prefix:local` or `prefix:*`; a single name stays alone before `::`.
    fn qualified(&mut self, name: &'t str) -> Token<'t> {
        let rest = &self.text[self.at..];
        let Some(after) = rest.strip_prefix(':').filter(|after| !after.starts_with(':')) else {
            return Token::Name { prefix: None, local: name };
        };
        self.at += 1;
        if after.starts_with('*') {
            self.at += 1;
            return Token::Name { prefix: Some(name), local: "*" };
        }
        match self.name() {
            Some(local) => Token::Name { prefix: Some(name), local },
            None => {
                self.at -= 1;
                Token::Name { prefix: None, local: name }
            }
        }
    }

    fn name(&mut self) -> Option<&'t str> {
        let rest = &self.text[self.at..];
        let starts = |c: char| c.is_alphabetic() || c == '_';
        let goes_on = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
        let first = rest.chars().next().filter(|c| starts(*c))?;
        let length = first.len_utf8()
            + rest[first.len_utf8()..]
                .find(|c| !goes_on(c))
                .unwrap_or(rest.len() - first.len_utf8());
        self.at += length;
        Some(&rest[..length])
    }

    /// Whether the preceding token ends an operand, so that a name or `*` must be an operator.
    fn after_operand(&self) -> bool {
        match self.tokens.last() {
            None => false,
            Some((_, Token::Symbol(symbol))) => matches!(*symbol, ")" | "]" | "." | ".."),
            Some(_) => true,
        }
    }
}

fn unexpected(offset: usize) -> XPathError {
    XPathError { offset, kind: XPathErrorKind::UnexpectedCharacter }
}
