//! Errors as a client sees them (RFC 8040, section 7).

use yang::Schema;
use yang_data::validate::Violation;
use yang_data::{DataError, Fault};

use crate::Format;

/// The layer an error comes from (RFC 6241, section 4.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorType {
    /// The connection.
    Transport,
    /// The shape of the message.
    Rpc,
    /// The protocol.
    Protocol,
    /// The data.
    Application,
}

impl ErrorType {
    fn word(self) -> &'static str {
        match self {
            Self::Transport => "transport",
            Self::Rpc => "rpc",
            Self::Protocol => "protocol",
            Self::Application => "application",
        }
    }
}

/// One error of a reply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The HTTP status it asks for.
    pub status: u16,
    /// The layer it comes from.
    pub error_type: ErrorType,
    /// The tag of RFC 6241, appendix A.
    pub tag: &'static str,
    /// A finer tag, of the model or of this server.
    pub app_tag: Option<String>,
    /// The node at fault, as an instance-identifier in the form of RFC 7951, section 6.11.
    pub path: Option<String>,
    /// For people: what is wrong and, where it helps, the way out.
    pub message: String,
    /// More for programs: names and values, in module `weft`. A name may be repeated.
    pub info: Vec<(&'static str, String)>,
}

/// Namespace of what is in `error-info`.
const NAMESPACE_INFO: &str = "urn:weft:yang:weft";
/// Module of what is in `error-info`.
const MODULE_INFO: &str = "weft";

impl Problem {
    /// A problem of the protocol: the request itself, whatever its data.
    pub fn protocol(status: u16, tag: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            error_type: ErrorType::Protocol,
            tag,
            app_tag: None,
            path: None,
            message: message.into(),
            info: Vec::new(),
        }
    }

    /// A problem of the data. The status follows from the tag.
    pub fn application(tag: &'static str, message: impl Into<String>) -> Self {
        let status = status_of(tag);
        Self { error_type: ErrorType::Application, ..Self::protocol(status, tag, message) }
    }

    /// The same with a place.
    #[must_use]
    pub fn at(mut self, path: impl Into<String>) -> Self {
        self.path = Some(path.into());
        self
    }

    /// The same with a finer tag.
    #[must_use]
    pub fn tagged(mut self, app_tag: impl Into<String>) -> Self {
        self.app_tag = Some(app_tag.into());
        self
    }

    /// The same with one more thing for programs.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.info.push((name, value.into()));
        self
    }
}

/// The status for a tag (RFC 8040, section 7). `operation-failed` is what models and transforms
/// say of data that they refuse; that is the client's to mend, so it is 422, where the standard's
/// table, made before that status was common, has 500.
fn status_of(tag: &str) -> u16 {
    match tag {
        "in-use" | "lock-denied" | "resource-denied" | "data-exists" | "data-missing" => 409,
        "access-denied" => 403,
        "too-big" => 413,
        "operation-not-supported" => 501,
        "operation-failed" => 422,
        "partial-operation" => 500,
        _ => 400,
    }
}

impl From<&DataError> for Problem {
    fn from(error: &DataError) -> Self {
        let mut problem = Self::application(error.fault.tag(), error.fault.to_string());
        problem.app_tag = error.fault.app_tag().map(str::to_owned);
        problem.path = Some(error.path.clone());
        if matches!(error.fault, Fault::Syntax(_) | Fault::DocumentType) {
            problem.error_type = ErrorType::Rpc;
        }
        match error.position {
            None => problem,
            Some(position) => problem
                .with("line", position.line.to_string())
                .with("column", position.column.to_string()),
        }
    }
}

impl From<&Violation> for Problem {
    fn from(violation: &Violation) -> Self {
        let mut problem = Self::application(violation.error_tag(), violation.message.clone());
        problem.app_tag = violation.app_tag().map(str::to_owned);
        problem.path = Some(violation.location.clone());
        match &violation.value {
            None => problem,
            Some(value) => problem.with("value", value.clone()),
        }
    }
}

/// The status for a reply with several problems: of the first.
pub fn status(problems: &[Problem]) -> u16 {
    problems.first().map_or(500, |problem| problem.status)
}

/// The document `ietf-restconf:errors`. Paths are about `schema`.
pub fn document(format: Format, schema: &Schema, problems: &[Problem]) -> String {
    match format {
        Format::Json => {
            serde_json::json!({ "ietf-restconf:errors": errors_json(problems) }).to_string()
        }
        Format::Xml => {
            let errors = errors_xml(schema, problems);
            format!("<errors xmlns=\"{}\">{errors}</errors>", yang_data::xml::NAMESPACE_RESTCONF)
        }
    }
}

/// The container's content in JSON.
pub(crate) fn errors_json(problems: &[Problem]) -> serde_json::Value {
    let errors: Vec<_> = problems.iter().map(error_json).collect();
    serde_json::json!({ "error": errors })
}

fn error_json(problem: &Problem) -> serde_json::Value {
    let mut error = serde_json::Map::new();
    error.insert("error-type".into(), problem.error_type.word().into());
    error.insert("error-tag".into(), problem.tag.into());
    if let Some(tag) = &problem.app_tag {
        error.insert("error-app-tag".into(), tag.as_str().into());
    }
    if let Some(path) = &problem.path {
        error.insert("error-path".into(), path.as_str().into());
    }
    error.insert("error-message".into(), problem.message.as_str().into());
    if !problem.info.is_empty() {
        error.insert("error-info".into(), info_json(&problem.info));
    }
    error.into()
}

/// A name that is repeated becomes an array.
fn info_json(info: &[(&'static str, String)]) -> serde_json::Value {
    let mut members = serde_json::Map::new();
    for (name, value) in info {
        let value = serde_json::Value::from(value.as_str());
        match members.get_mut(&format!("{MODULE_INFO}:{name}")) {
            None => drop(members.insert(format!("{MODULE_INFO}:{name}"), value)),
            Some(serde_json::Value::Array(values)) => values.push(value),
            Some(first) => *first = serde_json::Value::Array(vec![first.take(), value]),
        }
    }
    members.into()
}

/// The container's content in XML; its namespace is the one in force.
pub(crate) fn errors_xml(schema: &Schema, problems: &[Problem]) -> String {
    let mut out = String::new();
    for problem in problems {
        out.push_str("<error>");
        element(&mut out, "error-type", problem.error_type.word());
        element(&mut out, "error-tag", problem.tag);
        if let Some(tag) = &problem.app_tag {
            element(&mut out, "error-app-tag", tag);
        }
        if let Some(path) = &problem.path {
            let (declarations, path) = prefixed(schema, path);
            out.push_str(&format!("<error-path{declarations}>{}</error-path>", escaped(&path)));
        }
        element(&mut out, "error-message", &problem.message);
        if !problem.info.is_empty() {
            out.push_str("<error-info>");
            for (name, value) in &problem.info {
                let value = escaped(value);
                out.push_str(&format!("<{name} xmlns=\"{NAMESPACE_INFO}\">{value}</{name}>"));
            }
            out.push_str("</error-info>");
        }
        out.push_str("</error>");
    }
    out
}

fn element(out: &mut String, name: &str, text: &str) {
    out.push_str(&format!("<{name}>{}</{name}>", escaped(text)));
}

/// Text as it stands in XML; characters that XML has no way to write are replaced.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' => out.push(c),
            c if c < ' ' || matches!(c, '\u{fffe}' | '\u{ffff}') => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

/// An instance-identifier as XML has it (RFC 7950, section 9.13.2): a prefix on every name, the
/// module's name, and the declarations of those prefixes. Modules that the schema lacks stay
/// undeclared: the path is then what the client wrote.
fn prefixed(schema: &Schema, path: &str) -> (String, String) {
    let mut out = String::new();
    let mut modules: Vec<&str> = Vec::new();
    let mut module = "";
    let mut rest = path;
    while let Some(c) = rest.chars().next() {
        let start = rest;
        rest = &rest[c.len_utf8()..];
        out.push(c);
        match c {
            '\'' | '"' => {
                let end = rest.find(c).map_or(rest.len(), |at| at + 1);
                out.push_str(&rest[..end]);
                rest = &rest[end..];
            }
            '/' | '[' => {
                let end = rest.find(|c| "/[]='\"".contains(c)).unwrap_or(rest.len());
                let name = &start[1..=end];
                rest = &rest[end..];
                if name.is_empty() || name.starts_with(|c: char| c == '.' || c.is_ascii_digit()) {
                    out.push_str(name);
                    continue;
                }
                let (home, local) = name.split_once(':').unwrap_or((module, name));
                if c == '/' {
                    module = home;
                }
                if home.is_empty() {
                    out.push_str(local);
                    continue;
                }
                if !modules.contains(&home) {
                    modules.push(home);
                }
                out.push_str(&format!("{home}:{local}"));
            }
            _ => {}
        }
    }
    let declarations = modules.iter().filter_map(|name| {
        let namespace = schema.module(schema.module_named(name)?).namespace();
        Some(format!(" xmlns:{name}=\"{}\"", escaped(namespace)))
    });
    (declarations.collect(), out)
}

#[cfg(test)]
mod tests;
