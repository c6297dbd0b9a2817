//! The targets: what reads which bytes.

mod data;
mod features;
mod framing;
mod messages;
mod patch;
mod path;
mod pattern;
mod query;
mod record;
mod schema;
mod session;
mod snapshot;
mod xpath;

/// A reader of foreign bytes, and what must hold for whatever it is given.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// Its name, also that of its corpus.
    pub name: &'static str,
    /// What it takes the bytes for.
    pub reads: &'static str,
    /// Panics when something does not hold.
    pub run: fn(&[u8]),
    /// Words of the language that it reads.
    pub dictionary: &'static [&'static str],
}

/// All targets.
pub const TARGETS: &[Target] = &[
    schema::SOURCE,
    schema::CACHE,
    features::EXPRESSION,
    xpath::EXPRESSION,
    pattern::PATTERN,
    data::XML,
    data::JSON,
    data::XML_EDIT,
    data::JSON_EDIT,
    snapshot::SNAPSHOT,
    path::INSTANCE,
    path::RESTCONF,
    framing::STREAM,
    messages::HELLO,
    messages::RPC,
    messages::REPLY,
    messages::NOTIFICATION,
    messages::LIBRARY,
    session::SESSION,
    query::QUERY,
    patch::JSON,
    patch::XML,
    record::PAYLOAD,
];

/// The bytes as text; readers of text are handed nothing else by those who call them.
fn text(bytes: &[u8]) -> Option<&str> {
    std::str::from_utf8(bytes).ok()
}

/// The first line, and what stands behind it.
fn first_line(text: &str) -> (&str, &str) {
    text.split_once('\n').unwrap_or((text, ""))
}

/// What is to be changed in bytes that a target makes itself, one word per change: [`Change`].
struct Changes<'t>(std::str::SplitAsciiWhitespace<'t>);

/// One of them; what the places are counted in is up to the target.
#[derive(Clone, Copy)]
enum Change {
    /// `12=255`: puts this there.
    Put { at: usize, value: u32 },
    /// `12+7`: adds this to what is there, or puts it in front.
    Add { at: usize, value: u32 },
    /// `12-`: takes away what is there.
    Remove { at: usize },
}

impl<'t> Changes<'t> {
    fn new(text: &'t str) -> Self {
        Self(text.split_ascii_whitespace())
    }
}

impl Iterator for Changes<'_> {
    type Item = Change;

    fn next(&mut self) -> Option<Change> {
        loop {
            let word = self.0.next()?;
            let Some(sign) = word.find(['=', '+', '-']) else { continue };
            let (at, value) = (word[..sign].parse(), word[sign + 1..].parse());
            match (at, &word[sign..=sign], value) {
                (Ok(at), "=", Ok(value)) => return Some(Change::Put { at, value }),
                (Ok(at), "+", Ok(value)) => return Some(Change::Add { at, value }),
                (Ok(at), "-", _) => return Some(Change::Remove { at }),
                _ => {}
            }
        }
    }
}
