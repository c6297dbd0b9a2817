//! XML handed over by the owner of a machine, on its way into a message.

use std::borrow::Cow;

use super::{bad, scan};
use crate::error::Error;
use crate::limits::Limits;

/// How many elements a piece given by the owner must have at its top.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Content {
    /// Any number, text too.
    Any,
    /// Exactly one and no text.
    OneElement,
}

/// Checks that `xml` stands alone and makes it mean the same inside any element: where one of its
/// top elements has names in no namespace, the surrounding default namespace is undeclared.
///
/// # Errors
/// [`Error::BadFragment`] naming `what` the piece was for.
pub(crate) fn embed<'x>(
    what: &'static str,
    xml: &'x str,
    content: Content,
    limits: &Limits,
) -> Result<Cow<'x, str>, Error> {
    let fault = |e: Error| Error::BadFragment { what, reason: e.to_string() };
    let document = scan::scan(xml, limits, scan::Shape::Embedded, |_| false).map_err(fault)?;
    if content == Content::OneElement && (document.top_elements != 1 || document.top_text) {
        return Err(fault(bad(0, "exactly one element is needed")));
    }
    let places = document.top().node().insertions.iter().map(|(place, _)| *place);
    let mut out = String::new();
    let mut at = 0;
    for place in places {
        out.push_str(&xml[at..place]);
        out.push_str(" xmlns=\"\"");
        at = place;
    }
    if at == 0 {
        return Ok(Cow::Borrowed(xml));
    }
    out.push_str(&xml[at..]);
    Ok(Cow::Owned(out))
}
