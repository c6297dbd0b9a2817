//! From `<rpc>` to [`Request`], with the errors that RFC 6241 appendix A has for what is wrong.

use super::{
    Datastore, DefaultOperation, Edit, ErrorOption, Filter, Request, Source, Target, TestOption,
};
use crate::capability::WithDefaults;
use crate::error::Error;
use crate::id::SessionId;
use crate::limits::Limits;
use crate::rpc_error::{ErrorInfo, ErrorTag, ErrorType, RpcError};
use crate::xml::{
    BASE, Document, Element, MONITORING, NOTIFICATION, WITH_DEFAULTS, display_name,
    escape_attribute, text_of,
};

/// What a reply repeats of its request: the prefix of `<rpc>` and all its attributes, declarations
/// included (RFC 6241 section 4.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    prefix: String,
    /// As they stood in the start tag, with a blank in front.
    attributes: String,
}

impl Envelope {
    /// For a reply to a request that could not be read.
    #[must_use]
    pub fn bare() -> Self {
        Self { prefix: String::new(), attributes: format!(" xmlns=\"{BASE}\"") }
    }

    /// For a reply to a plain request of this id.
    #[must_use]
    pub fn of_message(message_id: &str) -> Self {
        let mut envelope = Self::bare();
        let id = escape_attribute(message_id);
        envelope.attributes.push_str(&format!(" message-id=\"{id}\""));
        envelope
    }

    pub(crate) fn prefix(&self) -> &str {
        &self.prefix
    }

    pub(crate) fn attributes(&self) -> &str {
        &self.attributes
    }
}

/// A received `<rpc>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rpc {
    /// What the client calls it; `None` when it forgot to, which is an error of the request.
    pub message_id: Option<String>,
    /// What the reply must repeat.
    pub envelope: Envelope,
    /// The request, or why it is none.
    pub request: Result<Request, Box<RpcError>>,
}

/// Why a request cannot be read.
pub(crate) type Refusal = Box<RpcError>;

impl Rpc {
    /// Reads an `<rpc>` message.
    ///
    /// Operations of other namespaces come out as [`Request::Raw`]; unknown ones of the base
    /// namespace are refused with `operation-not-supported`.
    ///
    /// # Errors
    /// [`Error::UnexpectedMessage`] when the root is no `<rpc>`, and those of XML. What is wrong
    /// inside a readable `<rpc>` stands in [`Self::request`].
    pub fn decode(message: &[u8], limits: &Limits) -> Result<Self, Error> {
        let document = Document::parse(text_of(message)?, limits, keep_children)?;
        let root = document.root();
        if root.local() != "rpc" {
            let got = root.local().to_owned();
            return Err(Error::UnexpectedMessage { expected: "<rpc>", got });
        }
        let message_id = root.attribute("", "message-id").map(str::to_owned);
        if root.namespace() != BASE {
            let envelope = message_id.as_deref().map_or_else(Envelope::bare, Envelope::of_message);
            let request = Err(unknown_namespace(root));
            return Ok(Self { message_id, envelope, request });
        }
        let envelope = Envelope {
            prefix: root.prefix().to_owned(),
            attributes: root.raw_attributes().to_owned(),
        };
        let request = match message_id {
            Some(_) => request(root),
            None => Err(missing_message_id()),
        };
        Ok(Self { message_id, envelope, request })
    }
}

/// Parameters of the operations nest three deep below `<rpc>`; configuration stays text.
fn keep_children(element: Element<'_>) -> bool {
    let opaque = matches!(element.local(), "config" | "filter");
    match element.depth() {
        1 => true,
        2 | 3 => !opaque && matches!(element.namespace(), BASE | MONITORING | NOTIFICATION | ""),
        _ => false,
    }
}

fn request(rpc: Element<'_>) -> Result<Request, Refusal> {
    let mut operations = rpc.children();
    let Some(operation) = operations.next() else {
        return Err(element_error(ErrorTag::MissingElement, "operation", "<rpc> is empty"));
    };
    if let Some(second) = operations.next() {
        let text = "<rpc> holds more than one operation";
        return Err(element_error(ErrorTag::UnknownElement, &display_name(second), text));
    }
    match operation.namespace() {
        BASE => base_operation(operation),
        MONITORING if operation.local() == "get-schema" => get_schema(operation),
        NOTIFICATION if operation.local() == "create-subscription" => subscription(operation),
        "" => Err(unknown_namespace(operation)),
        _ => Ok(Request::Raw(operation.fragment())),
    }
}

fn base_operation(operation: Element<'_>) -> Result<Request, Refusal> {
    let with_datastore = |role| -> Result<Datastore, Refusal> {
        let mut p = Parameters::of(operation);
        let target = p.datastore(role)?;
        p.finish()?;
        Ok(target)
    };
    match operation.local() {
        "get" => get(operation),
        "get-config" => get_config(operation),
        "edit-config" => edit_config(operation),
        "copy-config" => copy_config(operation),
        "delete-config" => {
            let mut p = Parameters::of(operation);
            let target = p.target()?;
            p.finish()?;
            Ok(Request::DeleteConfig { target })
        }
        "lock" => Ok(Request::Lock { target: with_datastore("target")? }),
        "unlock" => Ok(Request::Unlock { target: with_datastore("target")? }),
        "validate" => {
            let mut p = Parameters::of(operation);
            let source = p.source()?;
            p.finish()?;
            Ok(Request::Validate { source })
        }
        "commit" => commit(operation),
        "cancel-commit" => {
            let mut p = Parameters::of(operation);
            let persist_id = p.text("persist-id")?;
            p.finish()?;
            Ok(Request::CancelCommit { persist_id })
        }
        "discard-changes" => bare(operation, Request::DiscardChanges),
        "close-session" => bare(operation, Request::CloseSession),
        "kill-session" => kill_session(operation),
        other => Err(Box::new(RpcError::not_supported(other))),
    }
}

fn bare(operation: Element<'_>, request: Request) -> Result<Request, Refusal> {
    Parameters::of(operation).finish()?;
    Ok(request)
}

fn get(operation: Element<'_>) -> Result<Request, Refusal> {
    let mut p = Parameters::of(operation);
    let filter = p.filter()?;
    let with_defaults = p.with_defaults()?;
    p.finish()?;
    Ok(Request::Get { filter, with_defaults })
}

fn get_config(operation: Element<'_>) -> Result<Request, Refusal> {
    let mut p = Parameters::of(operation);
    let source = p.datastore("source")?;
    let filter = p.filter()?;
    let with_defaults = p.with_defaults()?;
    p.finish()?;
    Ok(Request::GetConfig { source, filter, with_defaults })
}

fn edit_config(operation: Element<'_>) -> Result<Request, Refusal> {
    let mut p = Parameters::of(operation);
    let target = p.datastore("target")?;
    let default_operation =
        p.word("default-operation", &DefaultOperation::ALL, DefaultOperation::as_str)?;
    let test_option = p.word("test-option", &TestOption::ALL, TestOption::as_str)?;
    let error_option = p.word("error-option", &ErrorOption::ALL, ErrorOption::as_str)?;
    let config = match (p.take("config")?, p.text("url")?) {
        (Some(config), None) => Edit::Config(config.inner_fragment()),
        (None, Some(url)) => Edit::Url(url),
        (None, None) => return Err(missing("config")),
        (Some(_), Some(_)) => {
            let text = "<config> and <url> exclude each other";
            return Err(element_error(ErrorTag::BadElement, "url", text));
        }
    };
    p.finish()?;
    Ok(Request::EditConfig { target, default_operation, test_option, error_option, config })
}

fn copy_config(operation: Element<'_>) -> Result<Request, Refusal> {
    let mut p = Parameters::of(operation);
    let target = p.target()?;
    let source = p.source()?;
    let with_defaults = p.with_defaults()?;
    p.finish()?;
    Ok(Request::CopyConfig { target, source, with_defaults })
}

fn commit(operation: Element<'_>) -> Result<Request, Refusal> {
    let mut p = Parameters::of(operation);
    let confirmed = p.take("confirmed")?.is_some();
    let timeout = p.text("confirm-timeout")?;
    let persist = p.text("persist")?;
    let persist_id = p.text("persist-id")?;
    p.finish()?;
    let timeout_s = timeout.as_deref().map(confirm_timeout).transpose()?;
    match (confirmed, persist_id) {
        (true, persist_id) => Ok(Request::CommitConfirmed { timeout_s, persist, persist_id }),
        // The YANG of RFC 6241 has these only beside <confirmed>.
        (false, _) if timeout_s.is_some() || persist.is_some() => Err(missing("confirmed")),
        (false, Some(persist_id)) => Ok(Request::ConfirmCommit { persist_id }),
        (false, None) => Ok(Request::Commit),
    }
}

fn confirm_timeout(text: &str) -> Result<u32, Refusal> {
    let digits = text.bytes().all(|b| b.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten().filter(|s| *s > 0).ok_or_else(|| {
        let what = "the time is a number of seconds from 1 to 4294967295";
        element_error(ErrorTag::InvalidValue, "confirm-timeout", what)
    })
}

fn kill_session(operation: Element<'_>) -> Result<Request, Refusal> {
    let mut p = Parameters::of(operation);
    let text = p.text("session-id")?.ok_or_else(|| missing("session-id"))?;
    p.finish()?;
    let session_id = SessionId::parse(&text).ok_or_else(|| {
        let what = "a session-id is a number from 1 to 4294967295";
        element_error(ErrorTag::InvalidValue, "session-id", what)
    })?;
    Ok(Request::KillSession { session_id })
}

fn get_schema(operation: Element<'_>) -> Result<Request, Refusal> {
    let mut p = Parameters::of(operation);
    let identifier = p.text("identifier")?.ok_or_else(|| missing("identifier"))?;
    let version = p.text("version")?;
    let format = p.take("format")?;
    p.finish()?;
    // An identity: what its prefix stands for is this module, or an unknown one.
    let format = format.map(|f| f.trimmed()).transpose().map_err(|e| bad_content("format", &e))?;
    let format = format.map(|f| f.rsplit(':').next().unwrap_or_default().to_owned());
    Ok(Request::GetSchema { identifier, version, format })
}

fn subscription(operation: Element<'_>) -> Result<Request, Refusal> {
    let mut p = Parameters::of(operation);
    let stream = p.text("stream")?;
    let filter = p.filter()?;
    let start_time = p.text("startTime")?;
    let stop_time = p.text("stopTime")?;
    p.finish()?;
    if stop_time.is_some() && start_time.is_none() {
        return Err(missing("startTime"));
    }
    Ok(Request::CreateSubscription { stream, filter, start_time, stop_time })
}

/// The children of an operation, each to be taken once.
///
/// They have the namespace of the operation, or none: scripts hand a `<config>` or `<filter>`
/// without a namespace to their library, which puts it into an `<rpc>` with a prefix.
struct Parameters<'d> {
    namespace: &'d str,
    left: Vec<Element<'d>>,
}

impl<'d> Parameters<'d> {
    fn of(element: Element<'d>) -> Self {
        Self { namespace: element.namespace(), left: element.children().collect() }
    }

    /// Takes the child of this name.
    fn take(&mut self, name: &str) -> Result<Option<Element<'d>>, Refusal> {
        let namespace = self.namespace;
        self.take_if(name, |e| e.local() == name && [namespace, ""].contains(&e.namespace()))
    }

    fn take_if(
        &mut self,
        name: &str,
        fits: impl Fn(&Element<'d>) -> bool,
    ) -> Result<Option<Element<'d>>, Refusal> {
        let Some(at) = self.left.iter().position(&fits) else { return Ok(None) };
        let found = self.left.remove(at);
        if self.left.iter().any(fits) {
            let text = format!("<{name}> stands more than once");
            return Err(element_error(ErrorTag::BadElement, name, &text));
        }
        Ok(Some(found))
    }

    fn text(&mut self, name: &str) -> Result<Option<String>, Refusal> {
        let Some(element) = self.take(name)? else { return Ok(None) };
        let text = element.trimmed().map_err(|e| bad_content(name, &e))?;
        match text.is_empty() {
            true => Err(element_error(ErrorTag::InvalidValue, name, &format!("<{name}> is empty"))),
            false => Ok(Some(text)),
        }
    }

    fn word<T: Copy>(
        &mut self,
        name: &str,
        all: &[T],
        word_of: fn(T) -> &'static str,
    ) -> Result<Option<T>, Refusal> {
        let Some(text) = self.text(name)? else { return Ok(None) };
        match all.iter().find(|one| word_of(**one) == text) {
            Some(one) => Ok(Some(*one)),
            None => {
                let words: Vec<_> = all.iter().map(|one| word_of(*one)).collect();
                let text = format!("<{name}> is one of {}", words.join(", "));
                Err(element_error(ErrorTag::InvalidValue, name, &text))
            }
        }
    }

    /// `<source>` or `<target>` with a datastore inside.
    fn datastore(&mut self, role: &str) -> Result<Datastore, Refusal> {
        let element = self.only_child(role)?;
        datastore(element).ok_or_else(|| unknown_element(element))
    }

    fn target(&mut self) -> Result<Target, Refusal> {
        let element = self.only_child("target")?;
        match (datastore(element), element.local()) {
            (Some(datastore), _) => Ok(Target::Datastore(datastore)),
            (None, "url") if is_own(element) => Ok(Target::Url(url(element)?)),
            _ => Err(unknown_element(element)),
        }
    }

    fn source(&mut self) -> Result<Source, Refusal> {
        let element = self.only_child("source")?;
        match (datastore(element), element.local()) {
            (Some(datastore), _) => Ok(Source::Datastore(datastore)),
            (None, "url") if is_own(element) => Ok(Source::Url(url(element)?)),
            (None, "config") if is_own(element) => Ok(Source::Config(element.inner_fragment())),
            _ => Err(unknown_element(element)),
        }
    }

    fn only_child(&mut self, role: &str) -> Result<Element<'d>, Refusal> {
        let holder = self.take(role)?.ok_or_else(|| missing(role))?;
        let mut children = holder.children();
        match (children.next(), children.next()) {
            (Some(only), None) => Ok(only),
            (None, _) => Err(element_error(
                ErrorTag::MissingElement,
                role,
                &format!("<{role}> names no datastore"),
            )),
            (Some(_), Some(second)) => Err(element_error(
                ErrorTag::BadElement,
                &display_name(second),
                &format!("<{role}> names more than one datastore"),
            )),
        }
    }

    fn filter(&mut self) -> Result<Option<Filter>, Refusal> {
        let Some(element) = self.take("filter")? else { return Ok(None) };
        // The attributes have no namespace, but some clients write a prefix.
        let attribute = |name| element.attribute("", name).or(element.attribute(BASE, name));
        match attribute("type") {
            None | Some("subtree") => Ok(Some(Filter::Subtree(element.inner_fragment()))),
            Some("xpath") => {
                let select = attribute("select").ok_or_else(|| {
                    let tag = ErrorTag::MissingAttribute;
                    attribute_error(tag, "select", "filter", "an xpath filter needs select")
                })?;
                let namespaces = element.namespaces();
                Ok(Some(Filter::XPath { select: select.to_owned(), namespaces }))
            }
            Some(_) => {
                let text = "the type of a filter is subtree or xpath";
                Err(attribute_error(ErrorTag::BadAttribute, "type", "filter", text))
            }
        }
    }

    fn with_defaults(&mut self) -> Result<Option<WithDefaults>, Refusal> {
        let name = "with-defaults";
        let Some(element) = self.take_if(name, |e| e.is(WITH_DEFAULTS, name))? else {
            return Ok(None);
        };
        let word = element.trimmed().map_err(|e| bad_content("with-defaults", &e))?;
        match WithDefaults::parse(&word) {
            Some(mode) => Ok(Some(mode)),
            None => {
                let text = "the mode is report-all, trim, explicit or report-all-tagged";
                Err(element_error(ErrorTag::InvalidValue, "with-defaults", text))
            }
        }
    }

    /// Refuses what was not taken.
    fn finish(self) -> Result<(), Refusal> {
        match self.left.first() {
            None => Ok(()),
            Some(element) => Err(unknown_element(*element)),
        }
    }
}

fn datastore(element: Element<'_>) -> Option<Datastore> {
    let all = [Datastore::Running, Datastore::Candidate, Datastore::Startup];
    all.into_iter().find(|d| is_own(element) && element.local() == d.as_str())
}

/// Whether an element is one of the protocol, its namespace perhaps left out.
fn is_own(element: Element<'_>) -> bool {
    matches!(element.namespace(), BASE | "")
}

fn url(element: Element<'_>) -> Result<String, Refusal> {
    element.trimmed().map_err(|e| bad_content("url", &e))
}

fn missing(name: &str) -> Refusal {
    element_error(ErrorTag::MissingElement, name, &format!("<{name}> is missing"))
}

fn unknown_element(element: Element<'_>) -> Refusal {
    let name = display_name(element);
    element_error(ErrorTag::UnknownElement, &name, &format!("<{name}> is not expected here"))
}

fn unknown_namespace(element: Element<'_>) -> Refusal {
    let text = format!("<{}> is not in the namespace {BASE}", element.local());
    let error = element_error(ErrorTag::UnknownNamespace, &display_name(element), &text);
    Box::new(error.with_info(ErrorInfo::BadNamespace(element.namespace().to_owned())))
}

fn bad_content(name: &str, error: &Error) -> Refusal {
    element_error(ErrorTag::BadElement, name, &error.to_string())
}

pub(super) fn element_error(tag: ErrorTag, name: &str, text: &str) -> Refusal {
    let error = RpcError::new(ErrorType::Protocol, tag);
    Box::new(error.with_message(text).with_info(ErrorInfo::BadElement(name.to_owned())))
}

pub(super) fn attribute_error(
    tag: ErrorTag,
    attribute: &str,
    element: &str,
    text: &str,
) -> Refusal {
    let error = RpcError::new(ErrorType::Protocol, tag).with_message(text);
    let error = error.with_info(ErrorInfo::BadAttribute(attribute.to_owned()));
    Box::new(error.with_info(ErrorInfo::BadElement(element.to_owned())))
}

/// RFC 6241 section 4.1 has this very error as its example.
fn missing_message_id() -> Refusal {
    let text = "<rpc> has no message-id";
    let mut error = attribute_error(ErrorTag::MissingAttribute, "message-id", "rpc", text);
    error.error_type = ErrorType::Rpc;
    error
}
