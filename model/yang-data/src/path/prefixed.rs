//! Instance paths with prefixes, as XML has them (RFC 7950, 9.13.2 and 7.8.6).

use yang::{ModuleId, NodeId, Schema, TypeKind};

use super::print::push_quoted;
use super::raw::{RawName, RawPredicate, Scanner};

/// Prefixes used and the modules they stand for.
pub(crate) type Prefixes = Vec<(String, ModuleId)>;

/// A path in the form with module names, with prefixes instead, and which. Text that is no such
/// path stays as it is.
pub(crate) fn prefixed(schema: &Schema, text: &str) -> (String, Prefixes) {
    let mut writer = Writer { schema, prefixes: Vec::new(), out: String::new() };
    let Ok(steps) = Scanner::new(text).steps() else { return (text.to_owned(), Vec::new()) };
    let mut node = Some(Schema::ROOT);
    let mut module = None;
    for step in &steps {
        if let Some(qualifier) = step.name.qualifier {
            module = schema.module_named(qualifier);
        }
        node = node.and_then(|parent| schema.data_child(parent, module, step.name.name));
        writer.out.push('/');
        writer.name(step.name, module);
        for predicate in &step.predicates {
            writer.predicate(predicate, node, module);
        }
    }
    if steps.is_empty() {
        writer.out.push('/');
    }
    (writer.out, writer.prefixes)
}

/// The same for the predicates of a list alone.
pub(crate) fn prefixed_predicates(
    schema: &Schema,
    list: NodeId,
    text: &str,
    module: ModuleId,
) -> (String, Prefixes) {
    let mut writer = Writer { schema, prefixes: Vec::new(), out: String::new() };
    let Ok(predicates) = Scanner::new(text).only_predicates() else {
        return (text.to_owned(), Vec::new());
    };
    for predicate in &predicates {
        writer.predicate(predicate, Some(list), Some(module));
    }
    (writer.out, writer.prefixes)
}

struct Writer<'s> {
    schema: &'s Schema,
    prefixes: Prefixes,
    out: String,
}

impl Writer<'_> {
    fn name(&mut self, name: RawName<'_>, module: Option<ModuleId>) {
        match (module, name.qualifier) {
            (Some(module), _) => {
                let prefix = self.prefix(module);
                self.out.push_str(&prefix);
                self.out.push(':');
            }
            (None, Some(unknown)) => {
                self.out.push_str(unknown);
                self.out.push(':');
            }
            (None, None) => {}
        }
        self.out.push_str(name.name);
    }

    fn predicate(
        &mut self,
        predicate: &RawPredicate<'_>,
        node: Option<NodeId>,
        module: Option<ModuleId>,
    ) {
        self.out.push('[');
        match predicate {
            RawPredicate::Place(place) => self.out.push_str(&place.to_string()),
            RawPredicate::Itself(value) => {
                self.out.push_str(".=");
                self.value(node, value);
            }
            RawPredicate::Key(name, value) => {
                let qualified = name.qualifier.and_then(|name| self.schema.module_named(name));
                let module = qualified.or(module);
                let key = node.and_then(|list| self.schema.data_child(list, module, name.name));
                self.name(*name, module);
                self.out.push('=');
                self.value(key, value);
            }
        }
        self.out.push(']');
    }

    fn value(&mut self, node: Option<NodeId>, value: &str) {
        let ty = node.and_then(|node| self.schema.node(node).type_id());
        let is_identity =
            ty.is_some_and(|ty| self.schema.type_(ty).realtype().kind() == TypeKind::IdentityRef);
        let identity = value
            .split_once(':')
            .filter(|_| is_identity)
            .and_then(|(module, name)| Some((self.schema.module_named(module)?, name)));
        match identity {
            Some((module, name)) => {
                let value = format!("{}:{name}", self.prefix(module));
                push_quoted(&mut self.out, &value);
            }
            None => push_quoted(&mut self.out, value),
        }
    }

    /// The module's own prefix; with a number behind it when another module has it already.
    fn prefix(&mut self, module: ModuleId) -> String {
        if let Some((prefix, _)) = self.prefixes.iter().find(|(_, known)| *known == module) {
            return prefix.clone();
        }
        let own = self.schema.module(module).prefix();
        let taken = |prefix: &str| self.prefixes.iter().any(|(known, _)| known == prefix);
        let mut prefix = own.to_owned();
        let mut number = 2;
        while taken(&prefix) {
            prefix = format!("{own}{number}");
            number += 1;
        }
        self.prefixes.push((prefix.clone(), module));
        prefix
    }
}
