//! `<rpc-reply>` (RFC 6241 sections 4.2 to 4.4).

use crate::error::Error;
use crate::limits::Limits;
use crate::request::{Envelope, Expect};
use crate::rpc_error::{RpcError, Severity};
use crate::xml::{Attribute, BASE, Content, Document, Element, MONITORING, Writer, embed, text_of};

/// What a reply says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// The operation was carried out.
    Ok,
    /// The content of `<data>`: XML elements that stand alone, in no wrapper.
    Data(String),
    /// The text of a schema.
    Schema(String),
    /// The output of an operation that this crate does not know: everything inside `<rpc-reply>`
    /// but warnings, as XML elements that stand alone.
    Output(String),
    /// The operation failed. One error at least has severity `error`.
    Errors(Vec<RpcError>),
}

/// A reply, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// What the reply says.
    pub body: Body,
    /// What the server wants to be known beside it. Warnings never make a request fail.
    pub warnings: Vec<RpcError>,
    /// Attributes of `<rpc-reply>` other than `message-id`, such as a transaction id.
    pub attributes: Vec<Attribute>,
}

impl Reply {
    /// A reply with nothing but a body.
    #[must_use]
    pub const fn new(body: Body) -> Self {
        Self { body, warnings: Vec::new(), attributes: Vec::new() }
    }

    /// Reads an `<rpc-reply>` that answers a request with this expectation.
    ///
    /// # Errors
    /// [`Error::UnexpectedMessage`] when it is something else, [`Error::BadReply`] when it does not
    /// hold what is expected, and those of XML.
    pub fn decode(message: &[u8], expect: Expect, limits: &Limits) -> Result<Self, Error> {
        let document = Document::parse(text_of(message)?, limits, keep_children)?;
        let root = document.root();
        match is_reply(root) {
            true => Self::read(root, expect),
            false => {
                let got = root.local().to_owned();
                Err(Error::UnexpectedMessage { expected: "<rpc-reply>", got })
            }
        }
    }

    pub(crate) fn read(root: Element<'_>, expect: Expect) -> Result<Self, Error> {
        let mut failures = Vec::new();
        let mut warnings = Vec::new();
        for element in rpc_errors(root) {
            let error = RpcError::read(element)?;
            match error.severity {
                Severity::Error => failures.push(error),
                Severity::Warning => warnings.push(error),
            }
        }
        let body = match failures.is_empty() {
            false => Body::Errors(failures),
            true => read_body(root, expect)?,
        };
        let plain = |a: &&Attribute| !(a.namespace.is_empty() && a.name == "message-id");
        let attributes = root.attributes().iter().filter(plain).cloned().collect();
        Ok(Self { body, warnings, attributes })
    }

    /// The `<rpc-reply>` message without framing. [`Self::attributes`] is not written: a reply
    /// repeats what its request carried and adds nothing.
    ///
    /// # Errors
    /// [`Error::BadFragment`] for XML that does not stand alone, [`Error::BadParameter`] for
    /// [`Body::Errors`] without an error.
    pub fn encode(self, envelope: &Envelope, limits: &Limits) -> Result<String, Error> {
        let warnings = checked(self.warnings, limits)?;
        let body = match self.body {
            Body::Data(xml) => Body::Data(settled("<data>", xml, limits)?),
            Body::Output(xml) => Body::Output(settled("<rpc-reply>", xml, limits)?),
            Body::Errors(errors) => Body::Errors(checked(errors, limits)?),
            body @ (Body::Ok | Body::Schema(_)) => body,
        };
        if matches!(&body, Body::Errors(e) if !e.iter().any(|e| e.severity == Severity::Error)) {
            let reason = "none of the errors has severity error";
            return Err(Error::BadParameter { what: "a failed reply", reason });
        }
        let mut w = Writer::with_prefix(envelope.prefix());
        w.element_with("rpc-reply", envelope.attributes(), |w| {
            warnings.iter().for_each(|warning| warning.write(w));
            write_body(w, &body);
        });
        Ok(w.finish())
    }
}

fn settled(what: &'static str, xml: String, limits: &Limits) -> Result<String, Error> {
    match embed(what, &xml, Content::Any, limits)? {
        std::borrow::Cow::Borrowed(_) => Ok(xml),
        std::borrow::Cow::Owned(changed) => Ok(changed),
    }
}

fn checked(errors: Vec<RpcError>, limits: &Limits) -> Result<Vec<RpcError>, Error> {
    errors.into_iter().map(|error| error.checked(limits)).collect()
}

fn write_body(w: &mut Writer, body: &Body) {
    match body {
        Body::Ok => w.empty("ok"),
        Body::Data(xml) => w.element("data", |w| w.raw(xml)),
        Body::Schema(text) => w.foreign("data", MONITORING, |w| w.text(text)),
        Body::Output(xml) => w.raw(xml),
        Body::Errors(errors) => errors.iter().for_each(|error| error.write(w)),
    }
}

/// Whether this is a reply; some devices leave the namespace out.
pub(crate) fn is_reply(root: Element<'_>) -> bool {
    root.local() == "rpc-reply" && in_protocol(root)
}

fn in_protocol(element: Element<'_>) -> bool {
    matches!(element.namespace(), BASE | "")
}

/// What is kept as elements of a reply: errors and what they are wrapped in; data stays text.
pub(crate) fn keep_children(element: Element<'_>) -> bool {
    match element.depth() {
        1 => true,
        2..=5 => matches!(element.local(), "rpc-error" | "error-info") || is_wrapper(element),
        _ => false,
    }
}

/// Elements of Junos that hold the errors of several steps or of several routing engines.
fn is_wrapper(element: Element<'_>) -> bool {
    matches!(
        element.local(),
        "load-configuration-results"
            | "commit-results"
            | "routing-engine"
            | "multi-routing-engine-results"
            | "multi-routing-engine-item"
    )
}

fn is_rpc_error(element: &Element<'_>) -> bool {
    element.local() == "rpc-error"
}

/// All errors of a reply, those inside wrappers too.
fn rpc_errors(root: Element<'_>) -> Vec<Element<'_>> {
    let mut found = Vec::new();
    let mut open = vec![root.children().collect::<Vec<_>>().into_iter()];
    while let Some(level) = open.last_mut() {
        match level.next() {
            None => {
                open.pop();
            }
            Some(element) if is_rpc_error(&element) => found.push(element),
            Some(element) if is_wrapper(element) => {
                open.push(element.children().collect::<Vec<_>>().into_iter());
            }
            Some(_) => {}
        }
    }
    found
}

fn read_body(root: Element<'_>, expect: Expect) -> Result<Body, Error> {
    let mut rest = root.children().filter(|child| !is_rpc_error(child));
    match expect {
        Expect::Ok => match rest.find(|child| !says_ok(*child)) {
            None => Ok(Body::Ok),
            Some(other) => Err(lacks("<ok/>", other)),
        },
        Expect::Data => match root.children().find(|child| child.local() == "data") {
            Some(data) => Ok(Body::Data(data.inner_fragment())),
            None => Err(rest.next().map_or_else(|| empty("<data>"), |c| lacks("<data>", c))),
        },
        Expect::Schema => match root.children().find(|child| child.local() == "data") {
            Some(data) => Ok(Body::Schema(data.text()?)),
            None => Err(rest.next().map_or_else(|| empty("<data>"), |c| lacks("<data>", c))),
        },
        Expect::Output => match rest.next() {
            Some(only) if only.local() == "ok" && in_protocol(only) && rest.next().is_none() => {
                Ok(Body::Ok)
            }
            Some(_) => Ok(Body::Output(output(root))),
            None => Ok(Body::Ok),
        },
    }
}

/// Everything in the reply but warnings.
fn output(root: Element<'_>) -> String {
    root.children().filter(|child| !is_rpc_error(child)).map(Element::fragment).collect()
}

/// An `<ok/>`, or one of the elements that Junos sends in its place. A reply without anything in it
/// is a success too: old devices answer a lock so.
fn says_ok(element: Element<'_>) -> bool {
    (element.local() == "ok" && in_protocol(element)) || is_wrapper(element)
}

fn lacks(what: &str, got: Element<'_>) -> Error {
    Error::BadReply { reason: format!("expected {what}, got <{}>", got.local()) }
}

fn empty(what: &str) -> Error {
    Error::BadReply { reason: format!("expected {what}, got nothing") }
}

#[cfg(test)]
mod tests;
