//! Features and `if-feature` expressions (RFC 7950 7.20).

use super::{Definition, Linked, Unresolved};
use crate::hash::{FastMap, FastSet};
use crate::lenient::Quirk;
use crate::limits::FEATURE_DEPTH_MAX;
use crate::source::{Keyword, Statement, StatementId};

/// Which features are on.
#[derive(Default)]
pub(crate) struct Features {
    on: FastSet<StatementId>,
}

impl Features {
    pub(super) fn evaluate(linked: &Linked<'_>) -> Self {
        let mut evaluation = Evaluation { linked, state: FastMap::default() };
        for (_, info) in linked.modules.iter() {
            for file in &info.files {
                let root = linked.files[*file as usize].root();
                for feature in root.into_iter().flat_map(|root| root.all(Keyword::Feature)) {
                    evaluation.feature(feature, 0);
                }
            }
        }
        let state = evaluation.state.into_iter();
        Self { on: state.filter(|(_, state)| *state == State::On).map(|(id, _)| id).collect() }
    }

    pub(crate) fn is_on(&self, feature: Statement<'_>) -> bool {
        self.on.contains(&feature.id())
    }
}

impl<'c> Linked<'c> {
    /// Whether every `if-feature` below a statement holds.
    pub(crate) fn is_enabled(&self, statement: Statement<'c>) -> bool {
        let mut enabled = true;
        for condition in statement.all(Keyword::IfFeature) {
            // Every one is evaluated, so that every unknown name is reported.
            enabled &= self.condition(condition, &mut |feature| self.features.is_on(feature));
        }
        enabled
    }

    /// Evaluates one `if-feature`; what cannot be resolved counts as on, after a report.
    fn condition(
        &self,
        condition: Statement<'c>,
        is_on: &mut dyn FnMut(Statement<'c>) -> bool,
    ) -> bool {
        let root = condition.file.root();
        let version = root.and_then(|root| root.first_arg(Keyword::YangVersion));
        let mut parser = Parser { linked: self, condition, rest: condition.arg(), depth: 0 };
        let result = parser.or(is_on).filter(|_| parser.rest.trim().is_empty());
        let is_expression = condition.arg().trim().contains([' ', '(', '\t', '\n']);
        if result.is_none() || (is_expression && version != Some("1.1")) {
            let message = format!("\"{}\" is no feature expression", condition.arg());
            self.report.quirk(Quirk::MalformedArgument, condition, message);
        }
        result.unwrap_or(true)
    }
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    Open,
    On,
    Off,
}

struct Evaluation<'l, 'c> {
    linked: &'l Linked<'c>,
    state: FastMap<StatementId, State>,
}

impl<'c> Evaluation<'_, 'c> {
    fn feature(&mut self, feature: Statement<'c>, depth: usize) -> bool {
        match self.state.get(&feature.id()) {
            Some(State::On) => return true,
            Some(State::Off) => return false,
            None if depth < FEATURE_DEPTH_MAX => {}
            _ => {
                let message = format!("feature \"{}\" depends on itself", feature.arg());
                self.linked.report.error(feature, message);
                return false;
            }
        }
        self.state.insert(feature.id(), State::Open);
        let linked = self.linked;
        let module = linked.modules.info(linked.module_of(feature)).name;
        let mut on = linked.options.features.asks_for(module, feature.arg());
        for condition in feature.all(Keyword::IfFeature) {
            on &= linked.condition(condition, &mut |other| self.feature(other, depth + 1));
        }
        self.state.insert(feature.id(), if on { State::On } else { State::Off });
        on
    }
}

/// Recursive descent over `if-feature-expr` (RFC 7950 14); evaluates as it goes, both sides of
/// every operator, so that every name is checked.
struct Parser<'l, 'c> {
    linked: &'l Linked<'c>,
    condition: Statement<'c>,
    rest: &'c str,
    depth: usize,
}

type IsOn<'f, 'c> = &'f mut dyn FnMut(Statement<'c>) -> bool;

impl<'c> Parser<'_, 'c> {
    fn or(&mut self, is_on: IsOn<'_, 'c>) -> Option<bool> {
        let mut value = self.and(is_on)?;
        while self.word("or") {
            value |= self.and(is_on)?;
        }
        Some(value)
    }

    fn and(&mut self, is_on: IsOn<'_, 'c>) -> Option<bool> {
        let mut value = self.factor(is_on)?;
        while self.word("and") {
            value &= self.factor(is_on)?;
        }
        Some(value)
    }

    fn factor(&mut self, is_on: IsOn<'_, 'c>) -> Option<bool> {
        self.depth += 1;
        if self.depth > FEATURE_DEPTH_MAX {
            return None;
        }
        let value = if self.word("not") {
            !self.factor(is_on)?
        } else if let Some(rest) = self.rest.trim_start().strip_prefix('(') {
            self.rest = rest;
            let value = self.or(is_on)?;
            self.rest = self.rest.trim_start().strip_prefix(')')?;
            value
        } else {
            self.name(is_on)?
        };
        self.depth -= 1;
        Some(value)
    }

    fn name(&mut self, is_on: IsOn<'_, 'c>) -> Option<bool> {
        let rest = self.rest.trim_start();
        let ends = |c: char| c.is_whitespace() || matches!(c, '(' | ')');
        let (name, after) = rest.split_at(rest.find(ends).unwrap_or(rest.len()));
        crate::grammar::argument::reference(name)?;
        self.rest = after;
        match self.linked.definition(Definition::Feature, self.condition, name) {
            Ok(feature) => Some(is_on(feature)),
            Err(Unresolved::MissingModule) => Some(true),
            Err(why) => {
                self.linked.unresolved(self.condition, "feature", &why);
                Some(true)
            }
        }
    }

    /// A word that is followed by a blank or parenthesis.
    fn word(&mut self, word: &str) -> bool {
        let after = self.rest.trim_start().strip_prefix(word);
        let Some(after) = after.filter(|after| after.starts_with([' ', '\t', '\n', '\r', '(']))
        else {
            return false;
        };
        self.rest = after;
        true
    }
}
