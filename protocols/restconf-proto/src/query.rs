//! Query parameters (RFC 8040, section 4.8), and those of this server.

use yang_data::percent;
use yang_data::print::ContentFilter;

use crate::problem::Problem;

/// What a request does, as far as its parameters are concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// GET, HEAD.
    Read,
    /// POST, PUT.
    Write,
    /// PATCH, DELETE.
    Change,
}

/// How values that equal their default are reported (RFC 6243, section 3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DefaultsMode {
    /// As they were set.
    #[default]
    Explicit,
    /// All of them.
    ReportAll,
    /// None of them.
    Trim,
}

/// Where a new entry goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Insert {
    /// Before all others.
    First,
    /// Behind all others.
    Last,
    /// Before the point.
    Before,
    /// Behind the point.
    After,
}

impl Insert {
    /// By its name in the protocol.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "first" => Self::First,
            "last" => Self::Last,
            "before" => Self::Before,
            "after" => Self::After,
            _ => return None,
        })
    }
}

/// How a dry run is reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DryRun {
    /// In the format that the client accepts.
    Negotiated,
    /// JSON.
    Json,
    /// XML.
    Xml,
    /// Lines for people.
    Text,
}

/// The parameters of one request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    /// `content`
    pub content: ContentFilter,
    /// `depth`; `None` is unbounded.
    pub depth: Option<u16>,
    /// `fields`, as written.
    pub fields: Option<String>,
    /// `with-defaults`
    pub defaults: DefaultsMode,
    /// `insert`
    pub insert: Option<Insert>,
    /// `point`, percent-decoded once.
    pub point: Option<String>,
    /// `dry-run`: tell what would happen, and change nothing.
    pub dry_run: Option<DryRun>,
    /// `async`: reply as soon as the change is durable.
    pub is_async: bool,
}

impl Default for Query {
    fn default() -> Self {
        Self {
            content: ContentFilter::All,
            depth: None,
            fields: None,
            defaults: DefaultsMode::default(),
            insert: None,
            point: None,
            dry_run: None,
            is_async: false,
        }
    }
}

/// Parameters in one request at most; there are fewer.
const PARAMETERS_MAX: usize = 32;

impl Query {
    /// Reads the part of a URI behind `?`.
    ///
    /// # Errors
    /// Every parameter that is unknown, repeated, out of place or of a wrong value.
    pub fn parse(verb: Verb, text: &str) -> Result<Self, Vec<Problem>> {
        let mut query = Self::default();
        let mut seen: Vec<String> = Vec::new();
        let mut problems = Vec::new();
        for part in text.split('&').filter(|part| !part.is_empty()).take(PARAMETERS_MAX) {
            if let Err(problem) = query.part(verb, part, &mut seen) {
                problems.push(problem);
            }
        }
        if text.split('&').count() > PARAMETERS_MAX {
            problems.push(refused(format!("more than {PARAMETERS_MAX} parameters")));
        }
        if problems.is_empty() { Ok(query) } else { Err(problems) }
    }

    fn part(&mut self, verb: Verb, part: &str, seen: &mut Vec<String>) -> Result<(), Problem> {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        let (name, value) = (decoded(name)?, decoded(value)?);
        if seen.contains(&name) {
            return Err(refused(format!("query parameter '{name}' is given twice")));
        }
        if !allowed(verb).contains(&name.as_str()) {
            let known = allowed(verb).join(", ");
            return Err(refused(format!(
                "query parameter '{name}' does not go with this method; known are {known}"
            )));
        }
        self.set(&name, &value).ok_or_else(|| {
            refused(format!("query parameter '{name}' cannot be '{value}': {}", wanted(&name)))
        })?;
        seen.push(name);
        Ok(())
    }

    fn set(&mut self, name: &str, value: &str) -> Option<()> {
        match name {
            "content" => self.content = content(value)?,
            "depth" => self.depth = depth(value)?,
            "fields" => self.fields = Some(value.to_owned()).filter(|text| !text.is_empty()),
            "with-defaults" => self.defaults = defaults(value)?,
            "insert" => self.insert = Some(Insert::named(value)?),
            "point" => self.point = Some(value.to_owned()),
            "dry-run" => self.dry_run = dry_run(value)?,
            "async" => self.is_async = truth(value)?,
            _ => return None,
        }
        Some(())
    }
}

fn allowed(verb: Verb) -> &'static [&'static str] {
    match verb {
        Verb::Read => &["content", "depth", "fields", "with-defaults"],
        Verb::Write => &["insert", "point", "dry-run", "async"],
        Verb::Change => &["dry-run", "async"],
    }
}

fn wanted(name: &str) -> &'static str {
    match name {
        "content" => "config, nonconfig or all",
        "depth" => "1 to 65535 or unbounded",
        "with-defaults" => "report-all, trim or explicit",
        "insert" => "first, last, before or after",
        "dry-run" => "nothing, json, xml, text, true or false",
        "async" => "nothing, true or false",
        _ => "see RFC 8040, section 4.8",
    }
}

fn content(value: &str) -> Option<ContentFilter> {
    Some(match value {
        "config" => ContentFilter::Config,
        "nonconfig" => ContentFilter::State,
        "all" => ContentFilter::All,
        _ => return None,
    })
}

fn depth(value: &str) -> Option<Option<u16>> {
    match value {
        "unbounded" => Some(None),
        number => number.parse().ok().filter(|depth| *depth > 0).map(Some),
    }
}

fn defaults(value: &str) -> Option<DefaultsMode> {
    Some(match value {
        "report-all" => DefaultsMode::ReportAll,
        "trim" => DefaultsMode::Trim,
        "explicit" => DefaultsMode::Explicit,
        _ => return None,
    })
}

fn dry_run(value: &str) -> Option<Option<DryRun>> {
    Some(match value {
        "" | "true" => Some(DryRun::Negotiated),
        "false" => None,
        "json" => Some(DryRun::Json),
        "xml" => Some(DryRun::Xml),
        "text" => Some(DryRun::Text),
        _ => return None,
    })
}

fn truth(value: &str) -> Option<bool> {
    match value {
        "" | "true" => Some(true),
        "false" => Some(false),
        _ => None,
    }
}

fn decoded(text: &str) -> Result<String, Problem> {
    percent::decode(text).map_err(|error| refused(error.to_string()))
}

fn refused(message: String) -> Problem {
    Problem::protocol(400, "invalid-value", message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_of_a_read() {
        let text = "content=config&depth=3&fields=a%2Fb%3Bc&with-defaults=trim";
        let query = Query::parse(Verb::Read, text).unwrap();
        assert_eq!(query.content, ContentFilter::Config);
        assert_eq!(query.depth, Some(3));
        assert_eq!(query.fields.as_deref(), Some("a/b;c"));
        assert_eq!(query.defaults, DefaultsMode::Trim);
        assert_eq!(Query::parse(Verb::Read, "depth=unbounded").unwrap(), Query::default());
    }

    #[test]
    fn parameters_of_a_write() {
        let query = Query::parse(Verb::Write, "insert=after&point=%2Fm%3Al%3Da%2520b&dry-run");
        let query = query.unwrap();
        assert_eq!(query.insert, Some(Insert::After));
        assert_eq!(query.point.as_deref(), Some("/m:l=a%20b"));
        assert_eq!(query.dry_run, Some(DryRun::Negotiated));
        let query = Query::parse(Verb::Change, "dry-run=text&async=true").unwrap();
        assert_eq!((query.dry_run, query.is_async), (Some(DryRun::Text), true));
    }

    #[test]
    fn all_that_is_wrong_is_told() {
        let wrong = Query::parse(Verb::Read, "depth=0&dry-run&content=x&depth=2&depth=3&a=%zz");
        let messages: Vec<_> = wrong.unwrap_err().into_iter().map(|one| one.message).collect();
        assert_eq!(messages.len(), 5, "{messages:#?}");
        assert!(messages[0].contains("1 to 65535"), "{messages:#?}");
        assert!(messages[1].contains("does not go with this method"), "{messages:#?}");
        assert!(messages[3].contains("given twice"), "{messages:#?}");
        assert!(messages[4].contains("hex digits"), "{messages:#?}");
        let many = "&a".repeat(PARAMETERS_MAX * 2);
        assert!(Query::parse(Verb::Read, &many).unwrap_err().len() <= PARAMETERS_MAX + 1);
    }
}
