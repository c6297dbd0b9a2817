//! `<rpc-error>` (RFC 6241 section 4.3 and appendix A).

use std::fmt;

use crate::error::Error;
use crate::id::SessionId;
use crate::limits::Limits;
use crate::xml::{BASE, Content, Element, Writer, embed, escape_attribute, is_name};

/// Where an error arose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ErrorType {
    /// The secure transport.
    Transport,
    /// The layer of messages.
    Rpc,
    /// The layer of operations.
    Protocol,
    /// The content.
    Application,
}

impl ErrorType {
    const ALL: [Self; 4] = [Self::Transport, Self::Rpc, Self::Protocol, Self::Application];

    /// The word on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Transport => "transport",
            Self::Rpc => "rpc",
            Self::Protocol => "protocol",
            Self::Application => "application",
        }
    }
}

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The operation was carried out.
    Warning,
    /// The operation failed.
    Error,
}

impl Severity {
    /// The word on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

macro_rules! error_tags {
    ($($(#[$doc:meta])* $name:ident = $word:literal,)*) => {
        /// The kind of an error (RFC 6241 appendix A).
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum ErrorTag {
            $($(#[$doc])* $name,)*
            /// A word that the RFC does not list.
            Other(String),
        }

        impl ErrorTag {
            /// Those of the RFC.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The word on the wire.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$name => $word,)*
                    Self::Other(word) => word,
                }
            }

            /// Reads the word on the wire.
            #[must_use]
            pub fn parse(word: &str) -> Self {
                match word {
                    $($word => Self::$name,)*
                    _ => Self::Other(word.to_owned()),
                }
            }
        }
    };
}

error_tags! {
    /// A resource is in use already.
    InUse = "in-use",
    /// A value is not acceptable.
    InvalidValue = "invalid-value",
    /// A request or reply is too large.
    TooBig = "too-big",
    /// An attribute is missing.
    MissingAttribute = "missing-attribute",
    /// The value of an attribute is wrong.
    BadAttribute = "bad-attribute",
    /// An attribute is there that is not expected.
    UnknownAttribute = "unknown-attribute",
    /// An element is missing.
    MissingElement = "missing-element",
    /// The value of an element is wrong.
    BadElement = "bad-element",
    /// An element is there that is not expected.
    UnknownElement = "unknown-element",
    /// A namespace is there that is not expected.
    UnknownNamespace = "unknown-namespace",
    /// The user may not do this.
    AccessDenied = "access-denied",
    /// Another session holds the lock.
    LockDenied = "lock-denied",
    /// There are not enough resources.
    ResourceDenied = "resource-denied",
    /// Undoing failed.
    RollbackFailed = "rollback-failed",
    /// What should be created is there.
    DataExists = "data-exists",
    /// What should be deleted, or is referred to, is not there.
    DataMissing = "data-missing",
    /// The server cannot do this.
    OperationNotSupported = "operation-not-supported",
    /// Anything else.
    OperationFailed = "operation-failed",
    /// Part of the work was done: of RFC 4741, still sent by old devices.
    PartialOperation = "partial-operation",
    /// A message could not be read; base:1.1 only.
    MalformedMessage = "malformed-message",
}

/// One element of `<error-info>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ErrorInfo {
    /// The attribute in question.
    BadAttribute(String),
    /// The element in question, or the one that holds the attribute.
    BadElement(String),
    /// The namespace in question.
    BadNamespace(String),
    /// The session that holds the lock; `None` when none does (a server writes 0 for an entity
    /// that is no session).
    Session(Option<SessionId>),
    /// Anything else: XML that stands alone.
    Other(String),
}

/// The words for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// What happened.
    pub text: String,
    /// The language, as `xml:lang` gives it.
    pub lang: Option<String>,
}

/// One error or warning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RpcError {
    /// Where it arose.
    pub error_type: ErrorType,
    /// Its kind.
    pub tag: ErrorTag,
    /// How bad it is.
    pub severity: Severity,
    /// The kind in the words of the implementation or of the data model, such as
    /// `data-not-unique`.
    pub app_tag: Option<String>,
    /// The node in question: an absolute XPath.
    pub path: Option<String>,
    /// What the prefixes in `path` stand for.
    pub path_namespaces: Vec<(String, String)>,
    /// The words for people.
    pub message: Option<Message>,
    /// Further facts.
    pub info: Vec<ErrorInfo>,
}

impl RpcError {
    /// An error with nothing but its kind.
    #[must_use]
    pub const fn new(error_type: ErrorType, tag: ErrorTag) -> Self {
        Self {
            error_type,
            tag,
            severity: Severity::Error,
            app_tag: None,
            path: None,
            path_namespaces: Vec::new(),
            message: None,
            info: Vec::new(),
        }
    }

    /// The same with words for people, in English.
    #[must_use]
    pub fn with_message(mut self, text: impl Into<String>) -> Self {
        self.message = Some(Message { text: text.into(), lang: Some("en".to_owned()) });
        self
    }

    /// The same with the node in question.
    #[must_use]
    pub fn with_path(mut self, path: impl Into<String>, namespaces: Vec<(String, String)>) -> Self {
        self.path = Some(path.into());
        self.path_namespaces = namespaces;
        self
    }

    /// The same with a kind of the data model or implementation.
    #[must_use]
    pub fn with_app_tag(mut self, tag: impl Into<String>) -> Self {
        self.app_tag = Some(tag.into());
        self
    }

    /// The same with a further fact.
    #[must_use]
    pub fn with_info(mut self, info: ErrorInfo) -> Self {
        self.info.push(info);
        self
    }

    /// The same as a warning.
    #[must_use]
    pub const fn as_warning(mut self) -> Self {
        self.severity = Severity::Warning;
        self
    }

    /// `operation-not-supported` for the named operation.
    #[must_use]
    pub fn not_supported(operation: &str) -> Self {
        Self::new(ErrorType::Protocol, ErrorTag::OperationNotSupported)
            .with_message(format!("operation {operation} is not supported"))
    }

    /// `lock-denied`, naming the session that holds the lock (RFC 6241 section 7.5).
    #[must_use]
    pub fn lock_denied(holder: Option<SessionId>) -> Self {
        Self::new(ErrorType::Protocol, ErrorTag::LockDenied)
            .with_message("the lock is held already")
            .with_info(ErrorInfo::Session(holder))
    }

    /// The first bad element named.
    #[must_use]
    pub fn bad_element(&self) -> Option<&str> {
        self.info.iter().find_map(|info| match info {
            ErrorInfo::BadElement(name) => Some(name.as_str()),
            _ => None,
        })
    }

    /// The first bad attribute named.
    #[must_use]
    pub fn bad_attribute(&self) -> Option<&str> {
        self.info.iter().find_map(|info| match info {
            ErrorInfo::BadAttribute(name) => Some(name.as_str()),
            _ => None,
        })
    }

    /// The session named, such as the holder of a lock.
    #[must_use]
    pub fn session_id(&self) -> Option<SessionId> {
        self.info.iter().find_map(|info| match info {
            ErrorInfo::Session(id) => *id,
            _ => None,
        })
    }

    /// Reads an `<rpc-error>`. What devices leave out or spell in their own way is made up for: an
    /// unknown type is `application`, a missing tag `operation-failed`, a missing severity `error`.
    ///
    /// # Errors
    /// Those of XML, where elements stand in place of text.
    pub(crate) fn read(element: Element<'_>) -> Result<Self, Error> {
        let mut error = Self::new(ErrorType::Application, ErrorTag::OperationFailed);
        for child in element.children() {
            match child.local() {
                "error-type" => {
                    let word = child.trimmed()?;
                    let known = ErrorType::ALL.into_iter().find(|t| t.as_str() == word);
                    error.error_type = known.unwrap_or(error.error_type);
                }
                "error-tag" => error.tag = ErrorTag::parse(&child.trimmed()?),
                "error-severity" if child.trimmed()? == "warning" => {
                    error.severity = Severity::Warning;
                }
                "error-app-tag" => error.app_tag = Some(child.trimmed()?),
                "error-path" => {
                    error.path = Some(child.trimmed()?);
                    error.path_namespaces = child.namespaces();
                    error.path_namespaces.retain(|(prefix, _)| !prefix.is_empty());
                }
                "error-message" if error.message.is_none() => {
                    let lang = child.attribute(XML_NAMESPACE, "lang").map(str::to_owned);
                    error.message = Some(Message { text: child.trimmed()?, lang });
                }
                "error-info" => error.info.extend(read_info(child)?),
                _ => {}
            }
        }
        Ok(error)
    }

    /// Writes `<rpc-error>`; [`Self::checked`] comes first.
    pub(crate) fn write(&self, w: &mut Writer) {
        w.element("rpc-error", |w| {
            w.leaf("error-type", self.error_type.as_str());
            w.leaf("error-tag", self.tag.as_str());
            w.leaf("error-severity", self.severity.as_str());
            w.optional("error-app-tag", self.app_tag.as_deref());
            if let Some(path) = &self.path {
                let attributes: String =
                    self.path_namespaces.iter().map(|(p, uri)| declaration(p, uri)).collect();
                w.element_with("error-path", &attributes, |w| w.text(path));
            }
            if let Some(message) = &self.message {
                let lang = message.lang.as_deref().map(escape_attribute);
                let attribute = lang.map_or(String::new(), |lang| format!(" xml:lang=\"{lang}\""));
                w.element_with("error-message", &attribute, |w| w.text(&message.text));
            }
            if !self.info.is_empty() {
                w.element("error-info", |w| self.info.iter().for_each(|info| info.write(w)));
            }
        });
    }

    /// The same error with every piece of XML ready to be put inside another element.
    ///
    /// # Errors
    /// [`Error::BadFragment`], [`Error::BadParameter`].
    pub(crate) fn checked(mut self, limits: &Limits) -> Result<Self, Error> {
        if self.path_namespaces.iter().any(|(p, uri)| !is_name(p) || uri.is_empty()) {
            let reason = "a prefix of error-path has no valid declaration";
            return Err(Error::BadParameter { what: "error-path", reason });
        }
        for info in &mut self.info {
            if let ErrorInfo::Other(xml) = info {
                *xml = embed("<error-info>", xml, Content::Any, limits)?.into_owned();
            }
        }
        Ok(self)
    }
}

/// The namespace of `xml:lang`.
const XML_NAMESPACE: &str = "http://www.w3.org/XML/1998/namespace";

fn declaration(prefix: &str, uri: &str) -> String {
    format!(" xmlns:{prefix}=\"{}\"", escape_attribute(uri))
}

fn read_info(info: Element<'_>) -> Result<Vec<ErrorInfo>, Error> {
    let own = |child: &Element<'_>| matches!(child.namespace(), BASE | "");
    info.children()
        .map(|child| match child.local() {
            "bad-attribute" if own(&child) => Ok(ErrorInfo::BadAttribute(child.trimmed()?)),
            "bad-element" if own(&child) => Ok(ErrorInfo::BadElement(child.trimmed()?)),
            "bad-namespace" if own(&child) => Ok(ErrorInfo::BadNamespace(child.trimmed()?)),
            "session-id" if own(&child) => {
                Ok(ErrorInfo::Session(SessionId::parse(&child.trimmed()?)))
            }
            _ => Ok(ErrorInfo::Other(child.fragment())),
        })
        .collect()
}

impl ErrorInfo {
    fn write(&self, w: &mut Writer) {
        match self {
            Self::BadAttribute(name) => w.leaf("bad-attribute", name),
            Self::BadElement(name) => w.leaf("bad-element", name),
            Self::BadNamespace(name) => w.leaf("bad-namespace", name),
            Self::Session(id) => {
                w.leaf("session-id", &id.map_or(0, SessionId::value).to_string());
            }
            Self::Other(xml) => w.raw(xml),
        }
    }
}

impl fmt::Display for RpcError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.tag.as_str())?;
        if let Some(app_tag) = &self.app_tag {
            write!(f, " ({app_tag})")?;
        }
        if let Some(path) = &self.path {
            write!(f, " at {path}")?;
        }
        if let Some(message) = &self.message {
            write!(f, ": {}", message.text)?;
        }
        for info in &self.info {
            match info {
                ErrorInfo::BadAttribute(name) => write!(f, ", attribute {name}")?,
                ErrorInfo::BadElement(name) => write!(f, ", element {name}")?,
                ErrorInfo::BadNamespace(name) => write!(f, ", namespace {name}")?,
                ErrorInfo::Session(Some(id)) => write!(f, ", session {id}")?,
                ErrorInfo::Session(None) | ErrorInfo::Other(_) => {}
            }
        }
        Ok(())
    }
}

impl std::error::Error for RpcError {}
