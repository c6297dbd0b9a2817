//! From [`Request`] to `<rpc>`.

use super::{Datastore, Edit, Filter, Request, Source, Target};
use crate::capability::WithDefaults;
use crate::error::Error;
use crate::limits::Limits;
use crate::xml::{
    BASE, Content, MONITORING, NOTIFICATION, WITH_DEFAULTS, Writer, embed, escape_attribute,
    is_char, is_name,
};

impl Request {
    /// The `<rpc>` message without framing.
    ///
    /// Everything of the protocol stands in the default namespace: some devices copy prefixes from
    /// the request into the reply without declaring them.
    ///
    /// # Errors
    /// [`Error::BadFragment`] for XML that does not stand alone, [`Error::BadParameter`] for text
    /// that XML or the protocol cannot carry.
    pub fn encode(self, message_id: &str, limits: &Limits) -> Result<String, Error> {
        let checked = self.checked(limits)?;
        let message_id = escape_attribute(message_id);
        let mut w = Writer::new();
        let attributes = format!(" xmlns=\"{BASE}\" message-id=\"{message_id}\"");
        w.element_with("rpc", &attributes, |w| checked.write(w));
        Ok(w.finish())
    }

    /// The same request with every piece of XML ready to be put inside another element.
    fn checked(mut self, limits: &Limits) -> Result<Self, Error> {
        match &mut self {
            Self::Get { filter, .. } | Self::GetConfig { filter, .. } => {
                check_filter(filter, limits)?;
            }
            Self::EditConfig { config: Edit::Config(xml), .. }
            | Self::CopyConfig { source: Source::Config(xml), .. }
            | Self::Validate { source: Source::Config(xml) } => {
                settle("<config>", xml, Content::Any, limits)?;
            }
            Self::EditConfig { config: Edit::Url(url), .. }
            | Self::Validate { source: Source::Url(url) } => check_text("a url", url)?,
            Self::CopyConfig { target, source, .. } => {
                check_target(target)?;
                if let Source::Url(url) = source {
                    check_text("a url", url)?;
                }
            }
            Self::DeleteConfig { target } => check_target(target)?,
            Self::CommitConfirmed { timeout_s, persist, persist_id } => {
                if *timeout_s == Some(0) {
                    let reason = "it is 1 second or more";
                    return Err(Error::BadParameter { what: "confirm-timeout", reason });
                }
                check_optional("persist", persist.as_deref())?;
                check_optional("persist-id", persist_id.as_deref())?;
            }
            Self::ConfirmCommit { persist_id } => check_text("persist-id", persist_id)?,
            Self::CancelCommit { persist_id } => {
                check_optional("persist-id", persist_id.as_deref())?;
            }
            Self::GetSchema { identifier, version, format } => {
                check_text("identifier", identifier)?;
                check_optional("version", version.as_deref())?;
                check_optional("format", format.as_deref())?;
            }
            Self::CreateSubscription { stream, filter, start_time, stop_time } => {
                check_filter(filter, limits)?;
                check_optional("stream", stream.as_deref())?;
                check_optional("startTime", start_time.as_deref())?;
                check_optional("stopTime", stop_time.as_deref())?;
            }
            Self::Raw(xml) => settle("<rpc>", xml, Content::OneElement, limits)?,
            Self::Validate { source: Source::Datastore(_) }
            | Self::Lock { .. }
            | Self::Unlock { .. }
            | Self::Commit
            | Self::DiscardChanges
            | Self::CloseSession
            | Self::KillSession { .. } => {}
        }
        Ok(self)
    }

    fn write(&self, w: &mut Writer) {
        match self {
            Self::Get { filter, with_defaults } => w.element("get", |w| {
                write_filter(w, filter.as_ref());
                write_with_defaults(w, *with_defaults);
            }),
            Self::GetConfig { source, filter, with_defaults } => w.element("get-config", |w| {
                write_datastore(w, "source", *source);
                write_filter(w, filter.as_ref());
                write_with_defaults(w, *with_defaults);
            }),
            Self::EditConfig { target, default_operation, test_option, error_option, config } => {
                w.element("edit-config", |w| {
                    write_datastore(w, "target", *target);
                    w.optional("default-operation", default_operation.map(|o| o.as_str()));
                    w.optional("test-option", test_option.map(|o| o.as_str()));
                    w.optional("error-option", error_option.map(|o| o.as_str()));
                    write_edit(w, config);
                });
            }
            Self::CopyConfig { target, source, with_defaults } => w.element("copy-config", |w| {
                write_target(w, target);
                write_source(w, source);
                write_with_defaults(w, *with_defaults);
            }),
            Self::DeleteConfig { target } => {
                w.element("delete-config", |w| write_target(w, target))
            }
            Self::Lock { target } => w.element("lock", |w| write_datastore(w, "target", *target)),
            Self::Unlock { target } => {
                w.element("unlock", |w| write_datastore(w, "target", *target));
            }
            Self::Validate { source } => w.element("validate", |w| write_source(w, source)),
            Self::Commit => w.empty("commit"),
            Self::CommitConfirmed { timeout_s, persist, persist_id } => {
                write_confirmed(w, *timeout_s, persist.as_deref(), persist_id.as_deref());
            }
            Self::ConfirmCommit { persist_id } => {
                w.element("commit", |w| w.leaf("persist-id", persist_id));
            }
            Self::CancelCommit { persist_id } => {
                w.element("cancel-commit", |w| w.optional("persist-id", persist_id.as_deref()));
            }
            Self::DiscardChanges => w.empty("discard-changes"),
            Self::GetSchema { identifier, version, format } => {
                w.foreign("get-schema", MONITORING, |w| {
                    w.leaf("identifier", identifier);
                    w.optional("version", version.as_deref());
                    w.optional("format", format.as_deref());
                });
            }
            Self::CreateSubscription { stream, filter, start_time, stop_time } => {
                w.foreign("create-subscription", NOTIFICATION, |w| {
                    w.optional("stream", stream.as_deref());
                    write_filter(w, filter.as_ref());
                    w.optional("startTime", start_time.as_deref());
                    w.optional("stopTime", stop_time.as_deref());
                });
            }
            Self::CloseSession => w.empty("close-session"),
            Self::KillSession { session_id } => {
                w.element("kill-session", |w| w.leaf("session-id", &session_id.to_string()));
            }
            Self::Raw(xml) => w.raw(xml),
        }
    }
}

fn write_datastore(w: &mut Writer, role: &str, datastore: Datastore) {
    w.element(role, |w| w.empty(datastore.as_str()));
}

fn write_edit(w: &mut Writer, config: &Edit) {
    match config {
        Edit::Config(xml) => w.element("config", |w| w.raw(xml)),
        Edit::Url(url) => w.leaf("url", url),
    }
}

/// RFC 6241 section 8.4.5.1.
fn write_confirmed(
    w: &mut Writer,
    timeout_s: Option<u32>,
    persist: Option<&str>,
    persist_id: Option<&str>,
) {
    w.element("commit", |w| {
        w.empty("confirmed");
        w.optional("confirm-timeout", timeout_s.map(|s| s.to_string()).as_deref());
        w.optional("persist", persist);
        w.optional("persist-id", persist_id);
    });
}

fn write_target(w: &mut Writer, target: &Target) {
    w.element("target", |w| match target {
        Target::Datastore(datastore) => w.empty(datastore.as_str()),
        Target::Url(url) => w.leaf("url", url),
    });
}

fn write_source(w: &mut Writer, source: &Source) {
    w.element("source", |w| match source {
        Source::Datastore(datastore) => w.empty(datastore.as_str()),
        Source::Url(url) => w.leaf("url", url),
        Source::Config(xml) => w.element("config", |w| w.raw(xml)),
    });
}

fn write_filter(w: &mut Writer, filter: Option<&Filter>) {
    match filter {
        None => {}
        Some(Filter::Subtree(xml)) => {
            w.element_with("filter", " type=\"subtree\"", |w| w.raw(xml));
        }
        Some(Filter::XPath { select, namespaces }) => {
            let mut attributes = String::from(" type=\"xpath\"");
            // The element itself needs the default namespace; XPath 1.0 knows no default.
            for (prefix, uri) in namespaces.iter().filter(|(prefix, _)| !prefix.is_empty()) {
                attributes.push_str(&format!(" xmlns:{prefix}=\"{}\"", escape_attribute(uri)));
            }
            attributes.push_str(&format!(" select=\"{}\"", escape_attribute(select)));
            w.element_with("filter", &attributes, |_| {});
        }
    }
}

fn write_with_defaults(w: &mut Writer, mode: Option<WithDefaults>) {
    if let Some(mode) = mode {
        w.foreign("with-defaults", WITH_DEFAULTS, |w| w.text(mode.as_str()));
    }
}

fn settle(
    what: &'static str,
    xml: &mut String,
    content: Content,
    limits: &Limits,
) -> Result<(), Error> {
    if let std::borrow::Cow::Owned(changed) = embed(what, xml, content, limits)? {
        *xml = changed;
    }
    Ok(())
}

fn check_filter(filter: &mut Option<Filter>, limits: &Limits) -> Result<(), Error> {
    match filter {
        None => Ok(()),
        Some(Filter::Subtree(xml)) => settle("<filter>", xml, Content::Any, limits),
        Some(Filter::XPath { select, namespaces }) => {
            check_text("a filter's select", select)?;
            let mut named = namespaces.iter().filter(|(prefix, _)| !prefix.is_empty());
            match named.all(|(prefix, uri)| is_name(prefix) && !uri.is_empty()) {
                true => Ok(()),
                false => Err(Error::BadParameter {
                    what: "a filter's select",
                    reason: "a prefix has no valid declaration",
                }),
            }
        }
    }
}

fn check_target(target: &Target) -> Result<(), Error> {
    match target {
        Target::Datastore(_) => Ok(()),
        Target::Url(url) => check_text("a url", url),
    }
}

fn check_optional(what: &'static str, text: Option<&str>) -> Result<(), Error> {
    text.map_or(Ok(()), |text| check_text(what, text))
}

fn check_text(what: &'static str, text: &str) -> Result<(), Error> {
    match text {
        "" => Err(Error::BadParameter { what, reason: "it is empty" }),
        _ if !text.chars().all(is_char) => {
            Err(Error::BadParameter { what, reason: "it has a character that XML does not allow" })
        }
        _ => Ok(()),
    }
}
