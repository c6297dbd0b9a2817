//! `anydata` and `anyxml` between the two encodings, without a schema for what is inside.
//!
//! Elements become members, repeated ones arrays, text strings: XML does not say more.

use std::collections::BTreeMap;

use quick_xml::Reader;
use quick_xml::escape::{resolve_xml_entity, unescape};
use quick_xml::events::Event;
use yang::Schema;

use crate::decode::DEPTH_MAX;
use crate::json::push_string;
use crate::json::scan::{Malformed, Scalar, Scanner};
use crate::xml::{Scopes, escape_text};

/// Appends JSON text as elements; what is no JSON, or too deep, as text.
pub(crate) fn xml_of_json(schema: &Schema, text: &str, out: &mut String) {
    let start = out.len();
    let mut scanner = Scanner::new(text);
    if json_content(schema, &mut scanner, None, 0, out).is_err() {
        out.truncate(start);
        escape_text(text, out);
    }
}

/// The content of an element for the next value; arrays at this place are not repeated elements.
fn json_content(
    schema: &Schema,
    scanner: &mut Scanner<'_>,
    module: Option<&str>,
    depth: usize,
    out: &mut String,
) -> Result<(), Malformed> {
    if depth > DEPTH_MAX {
        return scanner.fail("nested too deep");
    }
    if scanner.eat(b'{') {
        if scanner.eat(b'}') {
            return Ok(());
        }
        loop {
            let name = scanner.string()?;
            scanner.expect(b':', "':' expected")?;
            json_member(schema, scanner, module, &name, depth, out)?;
            if !scanner.more(b'}')? {
                return Ok(());
            }
        }
    }
    if scanner.peek() == Some(b'[') {
        let start = scanner.position();
        scanner.skip_value()?;
        escape_text(scanner.since(start), out);
        return Ok(());
    }
    match scanner.scalar()? {
        Scalar::String(text) => escape_text(&text, out),
        Scalar::Number(text) => out.push_str(text),
        Scalar::Bool(truth) => out.push_str(if truth { "true" } else { "false" }),
        Scalar::Null => {}
    }
    Ok(())
}

fn json_member(
    schema: &Schema,
    scanner: &mut Scanner<'_>,
    module: Option<&str>,
    qualified: &str,
    depth: usize,
    out: &mut String,
) -> Result<(), Malformed> {
    let (own, name) = match qualified.split_once(':') {
        Some((module, name)) => (Some(module), name),
        None => (module, qualified),
    };
    if !is_xml_name(name) {
        return scanner.fail("no name of an element");
    }
    let mut element = |scanner: &mut Scanner<'_>| {
        out.push('<');
        out.push_str(name);
        if own != module
            && let Some(own) = own
        {
            let known = schema.module_named(own).map(|id| schema.module(id).namespace());
            out.push_str(" xmlns=\"");
            escape_text(known.unwrap_or(own), out);
            out.push('"');
        }
        out.push('>');
        json_content(schema, scanner, own, depth + 1, out)?;
        out.push_str("</");
        out.push_str(name);
        out.push('>');
        Ok(())
    };
    if !scanner.eat(b'[') {
        return element(scanner);
    }
    if scanner.eat(b']') {
        return Ok(());
    }
    loop {
        element(scanner)?;
        if !scanner.more(b']')? {
            return Ok(());
        }
    }
}

fn is_xml_name(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(|c| c.is_alphabetic() || c == '_')
        && chars.all(|c| c.is_alphanumeric() || "_-.".contains(c))
}

/// An element without its attributes.
#[derive(Debug, Default)]
struct Element {
    name: String,
    /// Name of the module of its namespace, else the namespace.
    module: String,
    text: String,
    children: Vec<Self>,
}

/// Appends inner XML as a JSON value; what is no XML, or too deep, as a string.
pub(crate) fn json_of_xml(schema: &Schema, text: &str, out: &mut String) {
    match elements(schema, text) {
        Some(root) => json_value(&root, "", out),
        None => push_string(text, out),
    }
}

fn elements(schema: &Schema, text: &str) -> Option<Element> {
    let mut reader = Reader::from_str(text);
    let mut scopes = Scopes::new(schema, &BTreeMap::new());
    let mut open = vec![(Element::default(), scopes.scope())];
    loop {
        match reader.read_event().ok()? {
            Event::Eof => break,
            Event::Start(tag) => {
                let scope = scopes.scope();
                let element = element(schema, &tag, &mut scopes)?;
                if open.len() > DEPTH_MAX {
                    return None;
                }
                open.push((element, scope));
            }
            Event::Empty(tag) => {
                let scope = scopes.scope();
                let element = element(schema, &tag, &mut scopes)?;
                scopes.restore(scope);
                open.last_mut()?.0.children.push(element);
            }
            Event::End(_) => {
                let (closed, scope) = open.pop()?;
                scopes.restore(scope);
                open.last_mut()?.0.children.push(closed);
            }
            Event::Text(text) => open.last_mut()?.0.text.push_str(&text.into_inner()),
            Event::CData(text) => open.last_mut()?.0.text.push_str(&text.into_inner()),
            Event::GeneralRef(reference) => match reference.resolve_char_ref().ok()? {
                Some(c) => open.last_mut()?.0.text.push(c),
                None => open.last_mut()?.0.text.push_str(resolve_xml_entity(&reference)?),
            },
            Event::DocType(_) => return None,
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
        }
    }
    let (root, _) = open.pop()?;
    open.is_empty().then_some(root)
}

fn element(
    schema: &Schema,
    tag: &quick_xml::events::BytesStart<'_>,
    scopes: &mut Scopes<'_>,
) -> Option<Element> {
    for attribute in tag.attributes() {
        let attribute = attribute.ok()?;
        let uri = unescape(&attribute.value).ok()?;
        match attribute.key.into_inner().split_once(':') {
            None if attribute.key.into_inner() == "xmlns" => scopes.declare("", &uri).ok()?,
            Some(("xmlns", prefix)) => scopes.declare(prefix, &uri).ok()?,
            _ => {}
        }
    }
    let qualified = tag.name();
    let (namespace, name) = match qualified.into_inner().split_once(':') {
        Some((prefix, name)) => (scopes.of_prefix(prefix), name),
        None => (scopes.default(), qualified.into_inner()),
    };
    let module = namespace.map_or_else(String::new, |namespace| match namespace.module {
        Some(id) => schema.module(id).name().to_owned(),
        None => namespace.uri.clone(),
    });
    Some(Element { name: name.to_owned(), module, ..Element::default() })
}

fn json_value(element: &Element, module: &str, out: &mut String) {
    if element.children.is_empty() {
        return push_string(element.text.trim_matches([' ', '\t', '\n', '\r']), out);
    }
    out.push('{');
    let same =
        |left: &Element, right: &Element| left.name == right.name && left.module == right.module;
    let mut any = false;
    for (at, child) in element.children.iter().enumerate() {
        if element.children[..at].iter().any(|before| same(before, child)) {
            continue;
        }
        if any {
            out.push(',');
        }
        any = true;
        let name = if child.module == module || child.module.is_empty() {
            child.name.clone()
        } else {
            format!("{}:{}", child.module, child.name)
        };
        push_string(&name, out);
        out.push(':');
        let alike: Vec<&Element> =
            element.children[at..].iter().filter(|other| same(other, child)).collect();
        if alike.len() > 1 {
            out.push('[');
        }
        for (number, one) in alike.iter().enumerate() {
            if number > 0 {
                out.push(',');
            }
            json_value(one, &child.module, out);
        }
        if alike.len() > 1 {
            out.push(']');
        }
    }
    out.push('}');
}
