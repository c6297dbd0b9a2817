//! `<notification>` (RFC 5277 section 4).

use crate::error::Error;
use crate::limits::Limits;
use crate::xml::{Content, Document, Element, NOTIFICATION, Writer, embed, is_char, text_of};

/// An event that the server reports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notification {
    /// When it happened: a date and time of RFC 3339, as it came.
    pub event_time: String,
    /// What happened: XML elements that stand alone.
    pub xml: String,
}

impl Notification {
    /// The message without framing.
    ///
    /// # Errors
    /// [`Error::BadFragment`], [`Error::BadParameter`].
    pub fn encode(&self, limits: &Limits) -> Result<String, Error> {
        if self.event_time.is_empty() || !self.event_time.chars().all(is_char) {
            let reason = "it is no date and time";
            return Err(Error::BadParameter { what: "eventTime", reason });
        }
        let xml = embed("<notification>", &self.xml, Content::Any, limits)?;
        let mut w = Writer::new();
        w.foreign("notification", NOTIFICATION, |w| {
            w.leaf("eventTime", &self.event_time);
            w.raw(&xml);
        });
        Ok(w.finish())
    }

    /// Reads the message.
    ///
    /// # Errors
    /// [`Error::UnexpectedMessage`], [`Error::BadNotification`], and those of XML.
    pub fn decode(message: &[u8], limits: &Limits) -> Result<Self, Error> {
        let document = Document::parse(text_of(message)?, limits, |e| e.depth() == 1)?;
        let root = document.root();
        match is_notification(root) {
            true => Self::read(root),
            false => {
                let got = root.local().to_owned();
                Err(Error::UnexpectedMessage { expected: "<notification>", got })
            }
        }
    }

    pub(crate) fn read(root: Element<'_>) -> Result<Self, Error> {
        let is_time = |child: &Element<'_>| child.is(root.namespace(), "eventTime");
        let time = root.children().find(is_time).ok_or_else(|| Error::BadNotification {
            reason: "there is no <eventTime>".to_owned(),
        })?;
        let xml = root.children().filter(|child| !is_time(child)).map(Element::fragment).collect();
        Ok(Self { event_time: time.trimmed()?, xml })
    }
}

pub(crate) fn is_notification(root: Element<'_>) -> bool {
    root.is(NOTIFICATION, "notification")
}

#[cfg(test)]
mod tests;
