//! A patch from XML.

use std::collections::BTreeMap;

use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};

use super::{NAMESPACE, Operation, Patch, PatchEdit, Value, bad};
use crate::problem::Problem;
use crate::query::Insert;

/// Prefix to namespace.
type Namespaces = BTreeMap<String, String>;

pub(super) fn parse(text: &str) -> Result<Patch, Vec<Problem>> {
    // The reader would pass over a byte order mark and not count it.
    let text = text.trim_start_matches('\u{feff}');
    let mut parser = Parser { reader: Reader::from_str(text), text, problems: Vec::new() };
    parser.reader.config_mut().expand_empty_elements = true;
    let patch = parser.document().map_err(|problem| vec![problem])?;
    if parser.problems.is_empty() { Ok(patch) } else { Err(parser.problems) }
}

struct Parser<'t> {
    reader: Reader<&'t [u8]>,
    text: &'t str,
    problems: Vec<Problem>,
}

/// An element that was just opened.
struct Opened {
    name: String,
    namespaces: Namespaces,
}

/// The parts of an edit, as far as they were read.
#[derive(Default)]
struct Parts {
    id: Option<String>,
    operation: Option<String>,
    target: Option<String>,
    point: Option<String>,
    insert: Option<String>,
    value: Option<Value>,
}

impl Parser<'_> {
    fn document(&mut self) -> Result<Patch, Problem> {
        let Some(root) = self.open(&Namespaces::new())?.filter(|root| root.name == "yang-patch")
        else {
            return Err(bad(format!("'yang-patch' of namespace {NAMESPACE} expected")));
        };
        let (mut id, mut comment, mut edits) = (None, None, Vec::new());
        while let Some(child) = self.open(&root.namespaces)? {
            match child.name.as_str() {
                "patch-id" => id = Some(self.content()?),
                "comment" => comment = Some(self.content()?),
                "edit" => edits.extend(self.edit(&child.namespaces)?),
                other => return Err(unknown(other)),
            }
        }
        let id = id.ok_or_else(|| bad("the patch: 'patch-id' is missing"))?;
        Ok(Patch { id, comment, edits })
    }

    fn edit(&mut self, namespaces: &Namespaces) -> Result<Option<PatchEdit>, Problem> {
        let mut parts = Parts::default();
        while let Some(child) = self.open(namespaces)? {
            let text = match child.name.as_str() {
                "value" => {
                    parts.value = Some(self.value(child.namespaces)?);
                    continue;
                }
                "edit-id" => &mut parts.id,
                "operation" => &mut parts.operation,
                "target" => &mut parts.target,
                "point" => &mut parts.point,
                "where" => &mut parts.insert,
                other => return Err(unknown(other)),
            };
            *text = Some(self.content()?);
        }
        match parts.finish() {
            Ok(edit) => Ok(Some(edit)),
            Err(problem) => {
                self.problems.push(problem);
                Ok(None)
            }
        }
    }

    /// The next element inside; `None` at the end of the one round it.
    fn open(&mut self, round: &Namespaces) -> Result<Option<Opened>, Problem> {
        loop {
            match self.reader.read_event().map_err(|error| malformed(&error.to_string()))? {
                Event::Start(start) => return opened(&start, round).map(Some),
                Event::End(_) | Event::Eof => return Ok(None),
                Event::DocType(_) => {
                    return Err(malformed("a document type declaration is not allowed"));
                }
                Event::Text(text) if !text.trim().is_empty() => {
                    return Err(malformed("text between elements"));
                }
                _ => {}
            }
        }
    }

    /// The text of the element that was just opened, up to its end.
    fn content(&mut self) -> Result<String, Problem> {
        let mut out = String::new();
        loop {
            match self.reader.read_event().map_err(|error| malformed(&error.to_string()))? {
                Event::End(_) => return Ok(out.trim().to_owned()),
                Event::Text(text) => out.push_str(&text),
                Event::CData(text) => out.push_str(&text),
                Event::GeneralRef(entity) => {
                    let character = entity.resolve_char_ref().ok().flatten();
                    match (character, resolve_predefined_entity(&entity)) {
                        (Some(character), _) => out.push(character),
                        (None, Some(text)) => out.push_str(text),
                        (None, None) => return Err(malformed("an unknown entity")),
                    }
                }
                Event::Comment(_) | Event::PI(_) => {}
                _ => return Err(malformed("an element where text is expected")),
            }
        }
    }

    /// What is inside the element that was just opened, as it is written.
    fn value(&mut self, namespaces: Namespaces) -> Result<Value, Problem> {
        let start = self.position();
        let mut open = 0usize;
        loop {
            let end = self.position();
            match self.reader.read_event().map_err(|error| malformed(&error.to_string()))? {
                Event::Start(_) => open += 1,
                Event::End(_) if open == 0 => {
                    let text = self.text.get(start..end).unwrap_or_default().to_owned();
                    return Ok(Value::Xml { text, namespaces });
                }
                Event::End(_) => open -= 1,
                Event::Eof => return Err(malformed("the document ends inside 'value'")),
                Event::DocType(_) => {
                    return Err(malformed("a document type declaration is not allowed"));
                }
                _ => {}
            }
        }
    }

    fn position(&self) -> usize {
        usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX)
    }
}

impl Parts {
    fn finish(self) -> Result<PatchEdit, Problem> {
        let id = self.id.ok_or_else(|| bad("an edit: 'edit-id' is missing"))?;
        let missing = |name: &str| bad(format!("edit '{id}': '{name}' is missing"));
        let wrong = |word: &str| bad(format!("edit '{id}': '{word}' is not known"));
        let word = self.operation.ok_or_else(|| missing("operation"))?;
        let operation = Operation::named(&word).ok_or_else(|| wrong(&word))?;
        let target = self.target.ok_or_else(|| missing("target"))?;
        let insert = match self.insert {
            None => None,
            Some(word) => Some(Insert::named(&word).ok_or_else(|| wrong(&word))?),
        };
        Ok(PatchEdit { operation, target, insert, point: self.point, value: self.value, id })
    }
}

fn opened(start: &BytesStart<'_>, round: &Namespaces) -> Result<Opened, Problem> {
    let mut namespaces = round.clone();
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|error| malformed(&error.to_string()))?;
        let key = attribute.key.as_ref();
        let prefix = match key.strip_prefix("xmlns") {
            Some("") => "",
            Some(rest) => match rest.strip_prefix(':') {
                Some(prefix) => prefix,
                None => continue,
            },
            None => continue,
        };
        let value = attribute.value.replace("&amp;", "&");
        namespaces.insert(prefix.to_owned(), value);
    }
    let name = start.name().as_ref().to_owned();
    let (prefix, local) = name.split_once(':').unwrap_or(("", &name));
    match namespaces.get(prefix) {
        Some(namespace) if namespace == NAMESPACE => {
            Ok(Opened { name: local.to_owned(), namespaces })
        }
        _ => Err(unknown(&name)),
    }
}

fn unknown(name: &str) -> Problem {
    let message = format!("'{name}' is no part of a patch (namespace {NAMESPACE})");
    Problem::application("unknown-element", message)
}

fn malformed(message: &str) -> Problem {
    Problem::protocol(400, "malformed-message", format!("no XML: {message}"))
}
