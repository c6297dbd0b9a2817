//! Recursive descent over the grammar of XPath 1.0 (sections 2 and 3).

use std::fmt;

use super::ast::{
    ArithmeticOp, Axis, Call, CompareOp, Expr, Function, NodeTest, Path, Start, Step,
};
use super::lexer::{Token, tokens};
use crate::limits::{XPATH_BYTES_MAX, XPATH_DEPTH_MAX, XPATH_OPERATORS_MAX};
use crate::schema::ModuleId;

/// What names in an expression mean.
pub struct Scope<'a> {
    /// Module of names without prefix (RFC 7950 6.4.1: that of the context node).
    pub default: Option<ModuleId>,
    /// Module of a prefix.
    pub resolve: &'a dyn Fn(&str) -> Option<ModuleId>,
}

/// Why a text is no expression.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{kind}, at character {offset} of the expression")]
pub struct XPathError {
    /// Byte offset in the text, from 0.
    pub offset: usize,
    /// What is wrong.
    pub kind: XPathErrorKind,
}

/// What is wrong with an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum XPathErrorKind {
    /// A character that starts no token.
    UnexpectedCharacter,
    /// A quote without its partner.
    UnterminatedLiteral,
    /// A token where another is needed.
    Unexpected {
        /// What the grammar allows there.
        expected: &'static str,
    },
    /// A prefix the scope does not know.
    UnknownPrefix {
        /// The prefix.
        prefix: String,
    },
    /// A function that neither XPath 1.0 nor YANG has.
    UnknownFunction {
        /// Its name.
        name: String,
    },
    /// A wrong number of arguments.
    Arguments {
        /// The function.
        function: Function,
        /// How many there are.
        found: usize,
    },
    /// YANG binds no variables (RFC 7950 6.4.1).
    Variable {
        /// The variable.
        name: String,
    },
    /// Nesting beyond [`XPATH_DEPTH_MAX`] or text beyond [`XPATH_BYTES_MAX`].
    TooComplex,
    /// Operators beyond [`XPATH_OPERATORS_MAX`].
    TooManyOperators,
}

impl fmt::Display for XPathErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnexpectedCharacter => f.write_str("unexpected character"),
            Self::UnterminatedLiteral => f.write_str("string without closing quote"),
            Self::Unexpected { expected } => write!(f, "expected {expected}"),
            Self::UnknownPrefix { prefix } => write!(f, "unknown prefix \"{prefix}\""),
            Self::UnknownFunction { name } => write!(f, "unknown function \"{name}\""),
            Self::Arguments { function, found } => {
                write!(f, "function \"{}\" does not take {found} arguments", function.name())
            }
            Self::Variable { name } => write!(f, "unknown variable \"${name}\""),
            Self::TooComplex => {
                write!(f, "nested deeper than {XPATH_DEPTH_MAX} or over {XPATH_BYTES_MAX} bytes")
            }
            Self::TooManyOperators => write!(f, "more than {XPATH_OPERATORS_MAX} operators"),
        }
    }
}

/// Parses an expression.
///
/// # Errors
/// The first violation of the grammar, unknown prefix or function.
pub fn parse(text: &str, scope: &Scope<'_>) -> Result<Expr, XPathError> {
    if text.len() > XPATH_BYTES_MAX {
        return Err(XPathError { offset: 0, kind: XPathErrorKind::TooComplex });
    }
    let tokens = tokens(text)?;
    let mut parser = Parser { tokens: &tokens, at: 0, depth: 0, operators: 0, scope };
    let expr = parser.or()?;
    if parser.peek() == Token::End { Ok(expr) } else { Err(parser.expected("an operator")) }
}

struct Parser<'t, 's> {
    tokens: &'t [(usize, Token<'t>)],
    at: usize,
    depth: usize,
    /// Operators so far. A chain of them is a tree as deep as the chain is long, which whoever
    /// walks or drops it feels on the stack.
    operators: usize,
    scope: &'s Scope<'s>,
}

type Parsed<T> = Result<T, XPathError>;

impl<'t> Parser<'t, '_> {
    fn or(&mut self) -> Parsed<Expr> {
        if self.depth == XPATH_DEPTH_MAX {
            return Err(self.error(XPathErrorKind::TooComplex));
        }
        self.depth += 1;
        let mut left = self.and()?;
        while self.eat("or") {
            self.operator()?;
            left = Expr::Or(left.into(), self.and()?.into());
        }
        self.depth -= 1;
        Ok(left)
    }

    fn and(&mut self) -> Parsed<Expr> {
        let mut left = self.equality()?;
        while self.eat("and") {
            self.operator()?;
            left = Expr::And(left.into(), self.equality()?.into());
        }
        Ok(left)
    }

    fn equality(&mut self) -> Parsed<Expr> {
        let mut left = self.relation()?;
        loop {
            let op = match self.peek() {
                Token::Symbol("=") => CompareOp::Equal,
                Token::Symbol("!=") => CompareOp::NotEqual,
                _ => return Ok(left),
            };
            self.at += 1;
            self.operator()?;
            left = Expr::Compare(op, left.into(), self.relation()?.into());
        }
    }

    fn relation(&mut self) -> Parsed<Expr> {
        let mut left = self.sum()?;
        loop {
            let op = match self.peek() {
                Token::Symbol("<") => CompareOp::Less,
                Token::Symbol("<=") => CompareOp::LessOrEqual,
                Token::Symbol(">") => CompareOp::Greater,
                Token::Symbol(">=") => CompareOp::GreaterOrEqual,
                _ => return Ok(left),
            };
            self.at += 1;
            self.operator()?;
            left = Expr::Compare(op, left.into(), self.sum()?.into());
        }
    }

    fn sum(&mut self) -> Parsed<Expr> {
        let mut left = self.product()?;
        loop {
            let op = match self.peek() {
                Token::Symbol("+") => ArithmeticOp::Add,
                Token::Symbol("-") => ArithmeticOp::Subtract,
                _ => return Ok(left),
            };
            self.at += 1;
            self.operator()?;
            left = Expr::Arithmetic(op, left.into(), self.product()?.into());
        }
    }

    fn product(&mut self) -> Parsed<Expr> {
        let mut left = self.unary()?;
        loop {
            let op = match self.peek() {
                Token::Symbol("*") => ArithmeticOp::Multiply,
                Token::Symbol("div") => ArithmeticOp::Divide,
                Token::Symbol("mod") => ArithmeticOp::Modulo,
                _ => return Ok(left),
            };
            self.at += 1;
            self.operator()?;
            left = Expr::Arithmetic(op, left.into(), self.unary()?.into());
        }
    }

    fn unary(&mut self) -> Parsed<Expr> {
        let mut negations = 0;
        while self.eat("-") {
            negations += 1;
            self.operator()?;
        }
        let mut expr = self.union()?;
        for _ in 0..negations {
            expr = Expr::Negate(expr.into());
        }
        Ok(expr)
    }

    fn union(&mut self) -> Parsed<Expr> {
        let mut left = self.path()?;
        while self.eat("|") {
            self.operator()?;
            left = Expr::Union(left.into(), self.path()?.into());
        }
        Ok(left)
    }

    /// Counts one operator.
    fn operator(&mut self) -> Parsed<()> {
        self.operators += 1;
        if self.operators > XPATH_OPERATORS_MAX {
            return Err(self.error(XPathErrorKind::TooManyOperators));
        }
        Ok(())
    }

    fn path(&mut self) -> Parsed<Expr> {
        if let Some(primary) = self.primary()? {
            return self.filter(primary);
        }
        let mut steps = Vec::new();
        let start = if self.eat("//") {
            steps.push(descend());
            self.steps(&mut steps)?;
            Start::Root
        } else if self.eat("/") {
            if self.starts_step() {
                self.steps(&mut steps)?;
            }
            Start::Root
        } else {
            self.steps(&mut steps)?;
            Start::Context
        };
        Ok(Expr::Path(Path { start, steps }))
    }

    /// Predicates and steps after a primary expression.
    fn filter(&mut self, primary: Expr) -> Parsed<Expr> {
        let predicates = self.predicates()?;
        let mut steps = Vec::new();
        if self.eat("//") {
            steps.push(descend());
            self.steps(&mut steps)?;
        } else if self.eat("/") {
            self.steps(&mut steps)?;
        }
        if predicates.is_empty() && steps.is_empty() {
            return Ok(primary);
        }
        let start = Start::Filter { expr: primary.into(), predicates };
        Ok(Expr::Path(Path { start, steps }))
    }

    /// Literal, number, parenthesis or function call; none where a location path starts.
    fn primary(&mut self) -> Parsed<Option<Expr>> {
        let expr = match self.peek() {
            Token::Literal(text) => Expr::Literal(text.into()),
            Token::Number(value) => Expr::Number(value),
            Token::Variable(name) => {
                return Err(self.error(XPathErrorKind::Variable { name: name.to_owned() }));
            }
            Token::Symbol("(") => {
                self.at += 1;
                let expr = self.or()?;
                self.expect(")", "\")\"")?;
                return Ok(Some(expr));
            }
            Token::Name { prefix: None, local }
                if self.peek_at(1) == Token::Symbol("(") && !is_node_type(local) =>
            {
                return self.call(local).map(Some);
            }
            Token::Name { prefix: Some(prefix), local }
                if self.peek_at(1) == Token::Symbol("(") =>
            {
                let name = format!("{prefix}:{local}");
                return Err(self.error(XPathErrorKind::UnknownFunction { name }));
            }
            _ => return Ok(None),
        };
        self.at += 1;
        Ok(Some(expr))
    }

    fn call(&mut self, name: &str) -> Parsed<Expr> {
        let start = self.at;
        let function = Function::named(name)
            .ok_or_else(|| self.error(XPathErrorKind::UnknownFunction { name: name.to_owned() }))?;
        self.at += 2;
        let mut arguments = Vec::new();
        if !self.eat(")") {
            loop {
                arguments.push(self.or()?);
                if !self.eat(",") {
                    break;
                }
            }
            self.expect(")", "\",\" or \")\"")?;
        }
        let (least, most) = function.arity();
        if arguments.len() < least || arguments.len() > most {
            let kind = XPathErrorKind::Arguments { function, found: arguments.len() };
            return Err(XPathError { offset: self.tokens[start].0, kind });
        }
        Ok(Expr::Call(Call { function, arguments }))
    }

    fn steps(&mut self, steps: &mut Vec<Step>) -> Parsed<()> {
        loop {
            steps.push(self.step()?);
            if self.eat("//") {
                steps.push(descend());
            } else if !self.eat("/") {
                return Ok(());
            }
        }
    }

    fn starts_step(&self) -> bool {
        matches!(self.peek(), Token::Name { .. } | Token::Symbol("." | ".." | "@"))
    }

    fn step(&mut self) -> Parsed<Step> {
        if self.eat(".") {
            return Ok(step_to(Axis::SelfNode));
        }
        if self.eat("..") {
            return Ok(step_to(Axis::Parent));
        }
        let axis = self.axis()?;
        let test = self.test()?;
        Ok(Step { axis, test, predicates: self.predicates()? })
    }

    fn axis(&mut self) -> Parsed<Axis> {
        if self.eat("@") {
            return Ok(Axis::Attribute);
        }
        match self.peek() {
            Token::Name { prefix: None, local } if self.peek_at(1) == Token::Symbol("::") => {
                let axis = Axis::named(local).ok_or_else(|| self.expected("an axis"))?;
                self.at += 2;
                Ok(axis)
            }
            _ => Ok(Axis::Child),
        }
    }

    fn test(&mut self) -> Parsed<NodeTest> {
        let Token::Name { prefix, local } = self.peek() else {
            return Err(self.expected("a name or a value"));
        };
        if prefix.is_none() && is_node_type(local) && self.peek_at(1) == Token::Symbol("(") {
            return self.node_type(local);
        }
        let module = match prefix {
            Some(prefix) => Some((self.scope.resolve)(prefix).ok_or_else(|| {
                self.error(XPathErrorKind::UnknownPrefix { prefix: prefix.to_owned() })
            })?),
            None => self.scope.default,
        };
        self.at += 1;
        Ok(match (local, prefix, module) {
            ("*", Some(_), Some(module)) => NodeTest::AnyOf(module),
            ("*", ..) => NodeTest::Any,
            _ => NodeTest::Name { module, name: local.into() },
        })
    }

    fn node_type(&mut self, name: &str) -> Parsed<NodeTest> {
        self.at += 2;
        let mut target = None;
        if let (Token::Literal(text), "processing-instruction") = (self.peek(), name) {
            target = Some(text.into());
            self.at += 1;
        }
        self.expect(")", "\")\"")?;
        Ok(match name {
            "node" => NodeTest::Node,
            "text" => NodeTest::Text,
            "comment" => NodeTest::Comment,
            _ => NodeTest::ProcessingInstruction(target),
        })
    }

    fn predicates(&mut self) -> Parsed<Vec<Expr>> {
        let mut predicates = Vec::new();
        while self.eat("[") {
            predicates.push(self.or()?);
            self.expect("]", "\"]\"")?;
        }
        Ok(predicates)
    }

    fn peek(&self) -> Token<'t> {
        self.peek_at(0)
    }

    fn peek_at(&self, ahead: usize) -> Token<'t> {
        self.tokens.get(self.at + ahead).map_or(Token::End, |(_, token)| *token)
    }

    fn eat(&mut self, symbol: &str) -> bool {
        let found = matches!(self.peek(), Token::Symbol(found) if found == symbol);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, symbol: &str, what: &'static str) -> Parsed<()> {
        if self.eat(symbol) { Ok(()) } else { Err(self.expected(what)) }
    }

    fn expected(&self, expected: &'static str) -> XPathError {
        self.error(XPathErrorKind::Unexpected { expected })
    }

    fn error(&self, kind: XPathErrorKind) -> XPathError {
        let last = self.tokens.len().saturating_sub(1);
        let offset = self.tokens.get(self.at.min(last)).map_or(0, |(offset, _)| *offset);
        XPathError { offset, kind }
    }
}

fn is_node_type(name: &str) -> bool {
    matches!(name, "node" | "text" | "comment" | "processing-instruction")
}

fn descend() -> Step {
    step_to(Axis::DescendantOrSelf)
}

fn step_to(axis: Axis) -> Step {
    Step { axis, test: NodeTest::Node, predicates: Vec::new() }
}
