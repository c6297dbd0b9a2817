//! The `<hello>` of both sides (RFC 6241 section 8.1).

use crate::capability::{Capabilities, Capability};
use crate::error::Error;
use crate::framing::Framing;
use crate::id::SessionId;
use crate::limits::Limits;
use crate::xml::{BASE, Document, Element, Writer, text_of};

/// A `<hello>`, as sent or received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hello {
    /// What the sender can do.
    pub capabilities: Capabilities,
    /// The number of the session; a server gives one, a client none.
    pub session_id: Option<SessionId>,
}

/// Which side sent a hello; the rules differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The side that sends requests.
    Client,
    /// The side that answers them.
    Server,
}

impl Hello {
    /// The message without framing.
    #[must_use]
    pub fn encode(&self) -> String {
        let mut w = Writer::new();
        w.foreign("hello", BASE, |w| {
            w.element("capabilities", |w| {
                for capability in self.capabilities.iter() {
                    w.leaf("capability", capability.uri());
                }
            });
            w.optional("session-id", self.session_id.map(|id| id.to_string()).as_deref());
        });
        format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{}", w.finish())
    }

    /// Reads a hello and checks the rules for its sender: a server must give a session id, a
    /// client must not. Servers that leave the namespace out are understood; clients that do are
    /// not, as a server should not encourage them.
    ///
    /// # Errors
    /// [`Error::UnexpectedMessage`] for anything else than a hello, [`Error::BadHello`], and the
    /// errors of XML.
    pub fn decode(message: &[u8], from: Side, limits: &Limits) -> Result<Self, Error> {
        let document = Document::parse(text_of(message)?, limits, |e| e.depth() < 3)?;
        let root = document.root();
        let namespace = root.namespace();
        if root.local() != "hello" || !(namespace == BASE || namespace.is_empty()) {
            let got = root.local().to_owned();
            return Err(Error::UnexpectedMessage { expected: "<hello>", got });
        }
        if namespace.is_empty() && from == Side::Client {
            return Err(bad_hello("it is not in the namespace of the protocol"));
        }
        let hello =
            Self { capabilities: capabilities(root, limits)?, session_id: session_id(root)? };
        match (from, hello.session_id) {
            (Side::Client, Some(_)) => Err(bad_hello("a client must not send a session-id")),
            (Side::Server, None) => Err(bad_hello("a server must send a session-id")),
            _ => Ok(hello),
        }
    }
}

fn capabilities(root: Element<'_>, limits: &Limits) -> Result<Capabilities, Error> {
    let namespace = root.namespace();
    let list = root
        .child(namespace, "capabilities")
        .ok_or_else(|| bad_hello("there are no <capabilities>"))?;
    let mut all = Capabilities::default();
    for element in list.children().filter(|c| c.is(namespace, "capability")) {
        let uri = element.trimmed()?;
        if uri.is_empty() {
            continue;
        }
        if uri.len() > limits.capability_bytes_max {
            let limit = limits.capability_bytes_max;
            return Err(bad_hello(&format!("a capability is longer than {limit} bytes")));
        }
        if all.len() >= limits.capabilities_max {
            let limit = limits.capabilities_max;
            return Err(bad_hello(&format!("there are more than {limit} capabilities")));
        }
        all.push(Capability::new(&uri));
    }
    Ok(all)
}

fn session_id(root: Element<'_>) -> Result<Option<SessionId>, Error> {
    let mut ids = root.children().filter(|c| c.is(root.namespace(), "session-id"));
    let Some(element) = ids.next() else { return Ok(None) };
    if ids.next().is_some() {
        return Err(bad_hello("there are two session-ids"));
    }
    match SessionId::parse(&element.text()?) {
        Some(id) => Ok(Some(id)),
        None => Err(bad_hello("the session-id is not a number from 1 to 4294967295")),
    }
}

/// The framing that follows two hellos: chunked when both sides have base:1.1 (RFC 6242
/// section 4.1).
///
/// # Errors
/// [`Error::NoCommonBase`].
pub fn negotiated_framing(ours: &Capabilities, theirs: &Capabilities) -> Result<Framing, Error> {
    if ours.has_base_1_1() && theirs.has_base_1_1() {
        return Ok(Framing::Chunked);
    }
    match ours.has_base_1_0() && theirs.has_base_1_0() {
        true => Ok(Framing::EndOfMessage),
        false => Err(Error::NoCommonBase),
    }
}

fn bad_hello(reason: &str) -> Error {
    Error::BadHello { reason: reason.to_owned() }
}

#[cfg(test)]
mod tests;
