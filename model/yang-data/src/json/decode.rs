//! Reading JSON.

use yang::{ModuleId, NodeId, NodeKind, Schema};

use super::scan::{Malformed, Scalar, Scanner};
use crate::decode::{DecodeOptions, Sink, StateData, Unknown};
use crate::path::suggestion;
use crate::{AnyData, Fault, JsonScalar, Types};

/// Reads the children of `parent` into a sink.
pub(super) fn run<'t, S: Sink<'t>>(
    types: &Types,
    parent: NodeId,
    text: &'t str,
    options: &DecodeOptions,
    sink: &mut S,
) {
    let schema = types.schema();
    let mut decoder =
        Decoder { types, schema, options, scanner: Scanner::new(text), depth: 0, sink };
    let outcome = decoder.document(parent);
    if let Err(Stop::Malformed(Malformed { at, message })) = outcome {
        sink.report(schema, None, at, Fault::Syntax(message.to_owned()));
    }
}

/// Why reading ends early.
enum Stop {
    Malformed(Malformed),
    TooManyErrors,
}

impl From<Malformed> for Stop {
    fn from(malformed: Malformed) -> Self {
        Self::Malformed(malformed)
    }
}

struct Decoder<'a, 't, S> {
    types: &'a Types,
    schema: &'a Schema,
    options: &'a DecodeOptions,
    scanner: Scanner<'t>,
    depth: usize,
    sink: &'a mut S,
}

impl<'t, S: Sink<'t>> Decoder<'_, 't, S> {
    fn document(&mut self, parent: NodeId) -> Result<(), Stop> {
        self.scanner.expect(b'{', "an object expected")?;
        self.members(parent, None)?;
        match self.scanner.peek() {
            None => Ok(()),
            Some(_) => Ok(self.scanner.fail("text behind the end")?),
        }
    }

    /// Members up to the closing brace. `home` is the module of names without one: the parent's,
    /// none at the top.
    fn members(&mut self, parent: NodeId, home: Option<ModuleId>) -> Result<(), Stop> {
        if self.scanner.eat(b'}') {
            return Ok(());
        }
        let mut arrays: Vec<NodeId> = Vec::new();
        loop {
            let at = self.scanner.position();
            let name = self.scanner.string()?;
            self.scanner.expect(b':', "':' expected")?;
            self.member(parent, home, &name, at, &mut arrays)?;
            if self.sink.errors().is_full() {
                return Err(Stop::TooManyErrors);
            }
            if !self.scanner.more(b'}')? {
                return Ok(());
            }
        }
    }

    fn member(
        &mut self,
        parent: NodeId,
        home: Option<ModuleId>,
        name: &str,
        at: usize,
        arrays: &mut Vec<NodeId>,
    ) -> Result<(), Stop> {
        if name.starts_with('@') {
            return Ok(self.scanner.skip_value()?);
        }
        if self.is_envelope(home, name) {
            self.depth += 1;
            self.scanner.expect(b'{', "an object expected")?;
            let outcome = self.members(parent, None);
            self.depth -= 1;
            return outcome;
        }
        let node = match self.child(parent, home, name) {
            Ok(node) => node,
            Err(fault) => {
                if self.options.unknown == Unknown::Refuse {
                    self.report(None, at, fault);
                }
                return Ok(self.scanner.skip_value()?);
            }
        };
        let definition = self.schema.node(node);
        if !definition.is_config() && self.options.state != StateData::Keep {
            if self.options.state == StateData::Refuse {
                self.report(Some(node), at, Fault::StateData);
            }
            return Ok(self.scanner.skip_value()?);
        }
        if matches!(definition.kind(), NodeKind::List | NodeKind::LeafList) {
            if arrays.contains(&node) {
                self.report(Some(node), at, Fault::Duplicate);
                return Ok(self.scanner.skip_value()?);
            }
            arrays.push(node);
        }
        self.content(node, definition.kind(), at)
    }

    /// `data` round the top-level nodes.
    fn is_envelope(&mut self, home: Option<ModuleId>, name: &str) -> bool {
        home.is_none()
            && self.depth == 0
            && matches!(name, "data" | "ietf-restconf:data" | "ietf-netconf:data")
            && self.scanner.peek() == Some(b'{')
    }

    fn child(
        &self,
        parent: NodeId,
        home: Option<ModuleId>,
        qualified: &str,
    ) -> Result<NodeId, Fault> {
        let suggest = |name: &str| match self.options.unknown {
            Unknown::Refuse => suggestion(self.schema, parent, name),
            Unknown::Skip => None,
        };
        let (module, name) = match qualified.split_once(':') {
            Some((module, name)) => match self.schema.module_named(module) {
                Some(module) => (Some(module), name),
                None => return Err(Fault::UnknownModule(module.to_owned())),
            },
            None => (home, qualified),
        };
        let Some(module) = module else {
            return Err(Fault::Unqualified {
                name: name.to_owned(),
                what: "module name",
                suggestion: suggest(name),
            });
        };
        self.schema.data_child(parent, Some(module), name).ok_or_else(|| Fault::UnknownNode {
            name: qualified.to_owned(),
            suggestion: suggest(name),
        })
    }

    fn content(&mut self, node: NodeId, kind: NodeKind, at: usize) -> Result<(), Stop> {
        match kind {
            NodeKind::Leaf => self.leaf(node, at),
            NodeKind::AnyData | NodeKind::AnyXml => {
                let start = self.scanner.position();
                self.scanner.skip_value()?;
                let any = AnyData::Json(self.scanner.since(start).to_owned());
                self.sink.any(node, at, any, None);
                Ok(())
            }
            NodeKind::List => self.array(node, at, "an array of objects", |decoder, at| {
                decoder.object(node, at, "an array of objects")
            }),
            NodeKind::LeafList => {
                self.array(node, at, "an array of values", |decoder, at| decoder.leaf(node, at))
            }
            _ => self.object(node, at, "an object"),
        }
    }

    fn array(
        &mut self,
        node: NodeId,
        at: usize,
        expected: &str,
        mut element: impl FnMut(&mut Self, usize) -> Result<(), Stop>,
    ) -> Result<(), Stop> {
        if !self.scanner.eat(b'[') {
            return self.misshapen(node, at, expected);
        }
        if self.scanner.eat(b']') {
            return Ok(());
        }
        loop {
            let at = self.scanner.position();
            element(self, at)?;
            if self.sink.errors().is_full() {
                return Err(Stop::TooManyErrors);
            }
            if !self.scanner.more(b']')? {
                return Ok(());
            }
        }
    }

    fn object(&mut self, node: NodeId, at: usize, expected: &str) -> Result<(), Stop> {
        if self.scanner.peek() != Some(b'{') {
            return self.misshapen(node, at, expected);
        }
        if self.depth >= self.options.depth() {
            let limit = self.options.depth();
            self.report(Some(node), at, Fault::TooDeep { limit });
            return Ok(self.scanner.skip_value()?);
        }
        self.scanner.eat(b'{');
        self.depth += 1;
        self.sink.enter(node, at, None);
        self.members(node, Some(self.schema.node(node).module()))?;
        self.sink.leave();
        self.depth -= 1;
        Ok(())
    }

    fn leaf(&mut self, node: NodeId, at: usize) -> Result<(), Stop> {
        let scalar = match self.scanner.peek() {
            Some(b'[') if self.is_null_in_array() => None,
            Some(b'[' | b'{') => return self.misshapen(node, at, "a value"),
            _ => Some(self.scanner.scalar()?),
        };
        let definition = self.schema.node(node);
        let ty = definition.type_id().expect("leaves have a type");
        let json = scalar.as_ref().map_or(JsonScalar::NullInArray, Scalar::as_json);
        match self.types.parse_json(ty, json, definition.module()) {
            Ok(value) => self.sink.value(node, at, value, None),
            Err(error) => self.report(Some(node), at, error.into()),
        }
        Ok(())
    }

    /// Takes `[null]` if it is next.
    fn is_null_in_array(&mut self) -> bool {
        let mut ahead = self.scanner.clone();
        let found = ahead.eat(b'[') && ahead.scalar() == Ok(Scalar::Null) && ahead.eat(b']');
        if found {
            self.scanner = ahead;
        }
        found
    }

    fn misshapen(&mut self, node: NodeId, at: usize, expected: &str) -> Result<(), Stop> {
        let found = match self.scanner.peek() {
            Some(b'{') => "an object",
            Some(b'[') => "an array",
            Some(b'"') => "a string",
            Some(b't' | b'f') => "a boolean",
            Some(b'n') => "null",
            _ => "a number",
        };
        self.scanner.skip_value()?;
        let fault = Fault::Shape { expected: expected.to_owned(), found: found.to_owned() };
        self.report(Some(node), at, fault);
        Ok(())
    }

    fn report(&mut self, child: Option<NodeId>, at: usize, fault: Fault) {
        self.sink.report(self.schema, child, at, fault);
    }
}
