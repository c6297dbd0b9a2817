//! The core function library (XPath 1.0, section 4).

use ecow::EcoString;
use yang::xpath::{Call, Expr, Function};

use super::eval::Scene;
use super::object::round;
use super::{Evaluator, Instance, Item, Object, XPathFailure};

impl<'a> Evaluator<'a> {
    pub(super) fn call(
        &self,
        call: &Call,
        scene: &Scene<'_, 'a>,
    ) -> Result<Object<'a>, XPathFailure> {
        let arguments = &call.arguments[..];
        Ok(match call.function {
            Function::Last => Object::Number(scene.size as f64),
            Function::Position => Object::Number(scene.position as f64),
            Function::Count => {
                Object::Number(self.nodes(&arguments[0], scene, "count")?.len() as f64)
            }
            // YANG data has no XML ids, and no language.
            Function::Id => Object::Nodes(Vec::new()),
            Function::Lang => Object::Boolean(false),
            Function::LocalName | Function::Name | Function::NamespaceUri => {
                self.name_function(call, scene)?
            }
            Function::Boolean => self.truth(&arguments[0], scene)?.into(),
            Function::Not => (!self.truth(&arguments[0], scene)?).into(),
            Function::True => Object::Boolean(true),
            Function::False => Object::Boolean(false),
            Function::Number => match arguments {
                [] => Object::Number(self.node_number(scene.node)),
                [argument, ..] => Object::Number(self.number(argument, scene)?),
            },
            Function::Sum => {
                let nodes = self.nodes(&arguments[0], scene, "sum")?;
                Object::Number(nodes.iter().map(|node| self.node_number(node)).sum())
            }
            Function::Floor => self.number(&arguments[0], scene)?.floor().into(),
            Function::Ceiling => self.number(&arguments[0], scene)?.ceil().into(),
            Function::Round => round(self.number(&arguments[0], scene)?).into(),
            Function::Current
            | Function::ReMatch
            | Function::Deref
            | Function::DerivedFrom
            | Function::DerivedFromOrSelf
            | Function::EnumValue
            | Function::BitIsSet => self.yang_call(call, scene)?,
            _ => self.string_function(call, scene)?,
        })
    }

    fn string_function(
        &self,
        call: &Call,
        scene: &Scene<'_, 'a>,
    ) -> Result<Object<'a>, XPathFailure> {
        let arguments = &call.arguments[..];
        let text = |at: usize| self.text(&arguments[at], scene);
        Ok(match call.function {
            Function::String => self.text_or_context(arguments, scene)?.into(),
            Function::Concat => {
                let mut joined = EcoString::new();
                for argument in arguments {
                    joined.push_str(&self.text(argument, scene)?);
                }
                joined.into()
            }
            Function::StartsWith => text(0)?.starts_with(text(1)?.as_str()).into(),
            Function::Contains => text(0)?.contains(text(1)?.as_str()).into(),
            Function::SubstringBefore => {
                let (whole, mark) = (text(0)?, text(1)?);
                EcoString::from(whole.split_once(mark.as_str()).map_or("", |parts| parts.0)).into()
            }
            Function::SubstringAfter => {
                let (whole, mark) = (text(0)?, text(1)?);
                EcoString::from(whole.split_once(mark.as_str()).map_or("", |parts| parts.1)).into()
            }
            Function::Substring => self.substring(arguments, scene)?.into(),
            Function::StringLength => {
                let length = self.text_or_context(arguments, scene)?.chars().count();
                Object::Number(length as f64)
            }
            Function::NormalizeSpace => {
                let text = self.text_or_context(arguments, scene)?;
                let words: Vec<_> =
                    text.split([' ', '\t', '\r', '\n']).filter(|word| !word.is_empty()).collect();
                EcoString::from(words.join(" ")).into()
            }
            Function::Translate => translate(&text(0)?, &text(1)?, &text(2)?).into(),
            function => unreachable!("{} is dispatched elsewhere", function.name()),
        })
    }

    fn text_or_context(
        &self,
        arguments: &[Expr],
        scene: &Scene<'_, 'a>,
    ) -> Result<EcoString, XPathFailure> {
        match arguments {
            [] => self.node_text(scene.node),
            [argument, ..] => self.text(argument, scene),
        }
    }

    /// Characters whose position, from 1, is at least the rounded start and below the rounded
    /// end; not-a-number makes both false.
    fn substring(
        &self,
        arguments: &[Expr],
        scene: &Scene<'_, 'a>,
    ) -> Result<EcoString, XPathFailure> {
        let text = self.text(&arguments[0], scene)?;
        let start = round(self.number(&arguments[1], scene)?);
        let end = match arguments.get(2) {
            Some(length) => start + round(self.number(length, scene)?),
            None => f64::INFINITY,
        };
        let is_inside = |index: usize| {
            let position = (index + 1) as f64;
            position >= start && position < end
        };
        let inside = text.chars().enumerate().filter(|(index, _)| is_inside(*index));
        Ok(inside.map(|(_, character)| character).collect())
    }

    /// `name`, `local-name` and `namespace-uri`. YANG data has no prefixes of its own: the one of
    /// `name` is what the node's module gives itself.
    fn name_function(
        &self,
        call: &Call,
        scene: &Scene<'_, 'a>,
    ) -> Result<Object<'a>, XPathFailure> {
        let named = match call.arguments.first() {
            None => Some(scene.node.clone()),
            Some(argument) => {
                let nodes = self.nodes(argument, scene, call.function.name())?;
                nodes.into_iter().next()
            }
        };
        let is_element =
            |node: &Instance<'a>| node.parent().is_some() && !matches!(node.item(), Item::Text(_));
        let Some(named) = named.filter(is_element) else {
            return Ok(Object::Text(EcoString::new()));
        };
        let node = self.schema.node(named.node());
        let module = self.schema.module(node.module());
        Ok(Object::Text(match call.function {
            Function::LocalName => node.name().into(),
            Function::NamespaceUri => module.namespace().into(),
            _ => ecow::eco_format!("{}:{}", module.prefix(), node.name()),
        }))
    }
}

/// Replaces each character of `from` by the one at the same place of `to`, or drops it.
fn translate(text: &str, from: &str, to: &str) -> EcoString {
    let replaced = text.chars().filter_map(|character| {
        match from.chars().position(|other| other == character) {
            Some(place) => to.chars().nth(place),
            None => Some(character),
        }
    });
    replaced.collect()
}
