//! Instance paths as syntax, before the schema is asked.

use yang::Schema;

use super::STEPS_MAX;
use crate::Names;

/// A step as written.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct RawStep<'t> {
    pub(super) name: RawName<'t>,
    pub(super) predicates: Vec<RawPredicate<'t>>,
    /// Offset of the step's end in the text.
    pub(super) end: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct RawName<'t> {
    pub(super) qualifier: Option<&'t str>,
    pub(super) name: &'t str,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum RawPredicate<'t> {
    /// `[name='value']`
    Key(RawName<'t>, String),
    /// `[.='value']`
    Itself(String),
    /// `[3]`, from 1
    Place(u64),
}

/// What is wrong, and at which offset.
pub(super) type SyntaxError = (usize, String);

pub(super) struct Scanner<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Scanner<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, at: 0 }
    }

    /// The whole text as `/step/step`; `/` alone has no steps.
    pub(super) fn steps(mut self) -> Result<Vec<RawStep<'t>>, SyntaxError> {
        let mut steps = Vec::new();
        self.skip_space();
        if self.text[self.at..].trim() == "/" {
            return Ok(steps);
        }
        while self.eat('/') {
            if steps.len() == STEPS_MAX {
                return self.fail(&format!("more than {STEPS_MAX} steps"));
            }
            self.skip_space();
            let name = self.name()?;
            let predicates = self.predicates()?;
            steps.push(RawStep { name, predicates, end: self.at });
            self.skip_space();
        }
        if self.at < self.text.len() || steps.is_empty() {
            return self.fail("'/' expected");
        }
        Ok(steps)
    }

    /// The whole text as predicates: `[a='1'][b='2']`.
    pub(super) fn only_predicates(mut self) -> Result<Vec<RawPredicate<'t>>, SyntaxError> {
        self.skip_space();
        let predicates = self.predicates()?;
        self.skip_space();
        if self.at < self.text.len() || predicates.is_empty() {
            return self.fail("'[' expected");
        }
        Ok(predicates)
    }

    fn predicates(&mut self) -> Result<Vec<RawPredicate<'t>>, SyntaxError> {
        let mut predicates = Vec::new();
        loop {
            let before = self.at;
            self.skip_space();
            if !self.eat('[') {
                self.at = before;
                return Ok(predicates);
            }
            if predicates.len() == STEPS_MAX {
                return self.fail(&format!("more than {STEPS_MAX} predicates"));
            }
            self.skip_space();
            predicates.push(self.predicate()?);
            self.skip_space();
            if !self.eat(']') {
                return self.fail("']' expected");
            }
        }
    }

    fn predicate(&mut self) -> Result<RawPredicate<'t>, SyntaxError> {
        let digits = self.take_while(|c| c.is_ascii_digit());
        if !digits.is_empty() {
            return match digits.parse() {
                Ok(place) if place > 0 => Ok(RawPredicate::Place(place)),
                _ => self.fail("a place from 1 expected"),
            };
        }
        if self.eat('.') {
            return Ok(RawPredicate::Itself(self.equals_literal()?));
        }
        let name = self.name()?;
        Ok(RawPredicate::Key(name, self.equals_literal()?))
    }

    fn equals_literal(&mut self) -> Result<String, SyntaxError> {
        self.skip_space();
        if !self.eat('=') {
            return self.fail("'=' expected");
        }
        self.skip_space();
        let Some(quote @ ('\'' | '"')) = self.text[self.at..].chars().next() else {
            return self.fail("a quoted value expected");
        };
        self.eat(quote);
        let mut value = String::new();
        loop {
            value.push_str(self.take_while(|c| c != quote));
            if !self.eat(quote) {
                return self.fail("the closing quote is missing");
            }
            // A doubled quote is the quote itself, for values that have both kinds.
            if !self.eat(quote) {
                return Ok(value);
            }
            value.push(quote);
        }
    }

    fn name(&mut self) -> Result<RawName<'t>, SyntaxError> {
        let first = self.identifier()?;
        if self.eat(':') {
            let name = self.identifier()?;
            return Ok(RawName { qualifier: Some(first), name });
        }
        Ok(RawName { qualifier: None, name: first })
    }

    fn identifier(&mut self) -> Result<&'t str, SyntaxError> {
        let start = self.text[self.at..].chars().next();
        if !start.is_some_and(|c| c.is_alphabetic() || c == '_') {
            return self.fail("a name expected");
        }
        Ok(self.take_while(|c| c.is_alphanumeric() || "_-.".contains(c)))
    }

    fn take_while(&mut self, keep: impl Fn(char) -> bool) -> &'t str {
        let rest = &self.text[self.at..];
        let len = rest.find(|c| !keep(c)).unwrap_or(rest.len());
        self.at += len;
        &rest[..len]
    }

    fn skip_space(&mut self) {
        self.take_while(|c| " \t\r\n".contains(c));
    }

    fn eat(&mut self, c: char) -> bool {
        let found = self.text[self.at..].starts_with(c);
        self.at += if found { c.len_utf8() } else { 0 };
        found
    }

    fn fail<T>(&self, message: &str) -> Result<T, SyntaxError> {
        Err((self.at, message.to_owned()))
    }
}

/// The same path with module names for prefixes, only where the module changes, without asking the
/// schema for its nodes. None when it is no path or a module is not known.
pub(crate) fn requalify(schema: &Schema, text: &str, names: Names<'_>) -> Option<String> {
    let steps = Scanner::new(text).steps().ok()?;
    let mut out = String::new();
    let mut around = None;
    // Appends a name within a module, and gives its module.
    let name = |name: &RawName<'_>, around: Option<&str>, out: &mut String| {
        let module = match (name.qualifier, names) {
            (None, _) => around.map(str::to_owned),
            (Some(qualifier), Names::Modules) => {
                // XML could not name a module without its namespace.
                schema.module_named(qualifier)?;
                Some(qualifier.to_owned())
            }
            (Some(qualifier), Names::Prefixes(resolve)) => {
                Some(schema.module(resolve(qualifier)?).name().to_owned())
            }
        };
        if let Some(module) = module.as_deref().filter(|module| Some(*module) != around) {
            out.push_str(module);
            out.push(':');
        }
        out.push_str(name.name);
        Some(module)
    };
    for step in &steps {
        out.push('/');
        around = name(&step.name, around.as_deref(), &mut out)?;
        for predicate in &step.predicates {
            out.push('[');
            match predicate {
                RawPredicate::Place(place) => out.push_str(&place.to_string()),
                RawPredicate::Itself(value) => {
                    out.push_str(".=");
                    super::print::push_quoted(&mut out, value);
                }
                RawPredicate::Key(key, value) => {
                    name(key, around.as_deref(), &mut out)?;
                    out.push('=');
                    super::print::push_quoted(&mut out, value);
                }
            }
            out.push(']');
        }
    }
    Some(if steps.is_empty() { "/".to_owned() } else { out })
}
