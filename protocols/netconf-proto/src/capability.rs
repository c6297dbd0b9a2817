//! Capabilities: what each side announces in its hello (RFC 6241 section 8, RFC 7950 section 5.6).

use crate::library::Module;

/// `urn:ietf:params:netconf:`, which starts every capability of the RFCs.
const STANDARD: &str = "urn:ietf:params:netconf:";
/// How some devices spell the above.
const STANDARD_MISSPELT: &str = "urn:ietf:params:xml:ns:netconf:";

/// Capability URIs of the RFCs, for building a hello.
pub mod uri {
    /// RFC 4741 framing and messages.
    pub const BASE_1_0: &str = "urn:ietf:params:netconf:base:1.0";
    /// RFC 6241, with chunked framing.
    pub const BASE_1_1: &str = "urn:ietf:params:netconf:base:1.1";
    /// RFC 6241 section 8.2.
    pub const WRITABLE_RUNNING: &str = "urn:ietf:params:netconf:capability:writable-running:1.0";
    /// RFC 6241 section 8.3.
    pub const CANDIDATE: &str = "urn:ietf:params:netconf:capability:candidate:1.0";
    /// RFC 6241 section 8.4.
    pub const CONFIRMED_COMMIT_1_1: &str =
        "urn:ietf:params:netconf:capability:confirmed-commit:1.1";
    /// RFC 4741 section 8.4: no persist, no cancel-commit.
    pub const CONFIRMED_COMMIT_1_0: &str =
        "urn:ietf:params:netconf:capability:confirmed-commit:1.0";
    /// RFC 6241 section 8.5.
    pub const ROLLBACK_ON_ERROR: &str = "urn:ietf:params:netconf:capability:rollback-on-error:1.0";
    /// RFC 6241 section 8.6.
    pub const VALIDATE_1_1: &str = "urn:ietf:params:netconf:capability:validate:1.1";
    /// RFC 4741 section 8.6.
    pub const VALIDATE_1_0: &str = "urn:ietf:params:netconf:capability:validate:1.0";
    /// RFC 6241 section 8.7.
    pub const STARTUP: &str = "urn:ietf:params:netconf:capability:startup:1.0";
    /// RFC 6241 section 8.9.
    pub const XPATH: &str = "urn:ietf:params:netconf:capability:xpath:1.0";
    /// RFC 5277 section 3.1.
    pub const NOTIFICATION: &str = "urn:ietf:params:netconf:capability:notification:1.0";
    /// RFC 5277 section 6.
    pub const INTERLEAVE: &str = "urn:ietf:params:netconf:capability:interleave:1.0";
    /// RFC 6022; append `?module=ietf-netconf-monitoring&revision=2010-10-04` in a hello.
    pub const MONITORING: &str = "urn:ietf:params:xml:ns:yang:ietf-netconf-monitoring";
}

/// One capability: a URI, taken apart.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Capability {
    /// As announced, white space trimmed.
    uri: String,
    /// Where the parameters start, behind the `?`.
    query: Option<usize>,
}

impl Capability {
    /// Takes a URI apart.
    #[must_use]
    pub fn new(uri: &str) -> Self {
        let uri = uri.trim().to_owned();
        let query = uri.find('?').map(|at| at + 1);
        Self { uri, query }
    }

    /// The capability of a YANG 1.0 module (RFC 6020 section 5.6.4).
    #[must_use]
    pub fn of_module(module: &Module) -> Self {
        let mut uri = format!("{}?module={}", module.namespace, module.name);
        if let Some(revision) = &module.revision {
            uri.push_str(&format!("&revision={revision}"));
        }
        for (name, list) in [("features", &module.features), ("deviations", &module.deviations)] {
            if !list.is_empty() {
                uri.push_str(&format!("&{name}={}", list.join(",")));
            }
        }
        Self::new(&uri)
    }

    /// The whole URI.
    #[must_use]
    pub fn uri(&self) -> &str {
        &self.uri
    }

    /// The URI without parameters.
    #[must_use]
    pub fn base(&self) -> &str {
        self.query.map_or(self.uri.as_str(), |at| &self.uri[..at - 1])
    }

    /// The value of a parameter behind `?`, percent-decoding done.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<String> {
        // Some devices escape the separator twice, so that "amp;" is left of it.
        let mut all = self.uri[self.query?..].split('&').map(|p| p.trim_start_matches("amp;"));
        all.find_map(|p| p.strip_prefix(name)?.strip_prefix('=')).map(percent_decoded)
    }

    /// A parameter that is a list with commas; empty when it is absent.
    fn list(&self, name: &str) -> Vec<String> {
        let value = self.parameter(name).unwrap_or_default();
        let items = value.split(',').map(str::trim).filter(|item| !item.is_empty());
        items.map(str::to_owned).collect()
    }

    /// The module that this capability announces, if it announces one.
    #[must_use]
    pub fn module(&self) -> Option<Module> {
        let name = self.parameter("module").filter(|name| !name.is_empty())?;
        Some(Module {
            revision: self.parameter("revision").filter(|r| !r.is_empty()),
            features: self.list("features"),
            deviations: self.list("deviations"),
            ..Module::new(&name, self.base())
        })
    }

    /// What stands behind `urn:ietf:params:netconf:`, such as `capability:candidate:1.0`.
    fn standard(&self) -> Option<&str> {
        let base = self.base();
        base.strip_prefix(STANDARD).or_else(|| base.strip_prefix(STANDARD_MISSPELT))
    }
}

/// Resolves `%41`; what is no such sequence stays as it is.
fn percent_decoded(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let hex = |b: &u8| char::from(*b).to_digit(16).and_then(|d| u8::try_from(d).ok());
        let pair = tail.first().and_then(hex).zip(tail.get(1).and_then(hex));
        match (first, pair) {
            (b'%', Some((high, low))) => {
                out.push(high * 16 + low);
                rest = &tail[2..];
            }
            _ => {
                out.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8(out).unwrap_or_else(|_| text.to_owned())
}

/// Which confirmed commit a server has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ConfirmedCommit {
    /// RFC 4741: tied to the session, no persist, no cancel-commit.
    V1_0,
    /// RFC 6241.
    V1_1,
}

/// How default values are reported (RFC 6243 section 3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum WithDefaults {
    /// All of them.
    ReportAll,
    /// Those that differ from the schema only.
    Trim,
    /// Those that a client set.
    Explicit,
    /// All of them, marked by an attribute.
    ReportAllTagged,
}

impl WithDefaults {
    /// The word on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ReportAll => "report-all",
            Self::Trim => "trim",
            Self::Explicit => "explicit",
            Self::ReportAllTagged => "report-all-tagged",
        }
    }

    /// Reads the word on the wire.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        [Self::ReportAll, Self::Trim, Self::Explicit, Self::ReportAllTagged]
            .into_iter()
            .find(|mode| mode.as_str() == word)
    }
}

/// The `:with-defaults` capability (RFC 6243 section 4.3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WithDefaultsCapability {
    /// What the server does when it is not asked.
    pub basic_mode: WithDefaults,
    /// What else it can be asked for.
    pub also_supported: Vec<WithDefaults>,
}

impl WithDefaultsCapability {
    /// Whether a request may ask for this mode.
    #[must_use]
    pub fn supports(&self, mode: WithDefaults) -> bool {
        self.basic_mode == mode || self.also_supported.contains(&mode)
    }

    /// The capability for a hello.
    #[must_use]
    pub fn capability(&self) -> Capability {
        let also: Vec<_> = self.also_supported.iter().map(|mode| mode.as_str()).collect();
        let also = if also.is_empty() {
            String::new()
        } else {
            format!("&also-supported={}", also.join(","))
        };
        let basic = self.basic_mode.as_str();
        let base = "urn:ietf:params:netconf:capability:with-defaults:1.0";
        Capability::new(&format!("{base}?basic-mode={basic}{also}"))
    }
}

/// Where the server's YANG library is announced (RFC 7950 section 5.6.4, RFC 8526 section 2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct YangLibraryCapability {
    /// `true` for RFC 8525 (`yang-library:1.1`), `false` for RFC 7895.
    pub has_datastores: bool,
    /// Changes when the set of modules does: a key for caches of compiled schemas.
    pub content_id: Option<String>,
}

/// The capabilities of one side, in the order they were announced.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Capabilities {
    all: Vec<Capability>,
}

impl Capabilities {
    /// The two versions of the base protocol: what a client announces.
    #[must_use]
    pub fn base() -> Self {
        [uri::BASE_1_0, uri::BASE_1_1].into_iter().collect()
    }

    /// Adds one; a URI that is there already stays once.
    pub fn insert(&mut self, capability: Capability) {
        if !self.all.contains(&capability) {
            self.all.push(capability);
        }
    }

    /// Adds one that was read from a hello, doubles and all: looking for doubles among thousands
    /// costs more than they do.
    pub(crate) fn push(&mut self, capability: Capability) {
        self.all.push(capability);
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Capability> {
        self.all.iter()
    }

    /// How many there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.all.len()
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// The capability with this URI, parameters aside.
    #[must_use]
    pub fn find(&self, base: &str) -> Option<&Capability> {
        self.all.iter().find(|c| c.base() == base)
    }

    fn standard(&self, name: &str) -> Option<&Capability> {
        self.all.iter().find(|c| c.standard() == Some(name))
    }

    /// RFC 4741 messages and framing.
    #[must_use]
    pub fn has_base_1_0(&self) -> bool {
        self.standard("base:1.0").is_some()
    }

    /// RFC 6241 messages and chunked framing.
    #[must_use]
    pub fn has_base_1_1(&self) -> bool {
        self.standard("base:1.1").is_some()
    }

    /// edit-config and copy-config may write the running datastore.
    #[must_use]
    pub fn has_writable_running(&self) -> bool {
        self.standard("capability:writable-running:1.0").is_some()
    }

    /// There is a candidate datastore, commit and discard-changes.
    #[must_use]
    pub fn has_candidate(&self) -> bool {
        self.standard("capability:candidate:1.0").is_some()
    }

    /// The newest confirmed commit announced.
    #[must_use]
    pub fn confirmed_commit(&self) -> Option<ConfirmedCommit> {
        if self.standard("capability:confirmed-commit:1.1").is_some() {
            return Some(ConfirmedCommit::V1_1);
        }
        self.standard("capability:confirmed-commit:1.0").map(|_| ConfirmedCommit::V1_0)
    }

    /// error-option `rollback-on-error`.
    #[must_use]
    pub fn has_rollback_on_error(&self) -> bool {
        self.standard("capability:rollback-on-error:1.0").is_some()
    }

    /// The validate operation and test-option.
    #[must_use]
    pub fn has_validate(&self) -> bool {
        self.has_validate_1_1() || self.standard("capability:validate:1.0").is_some()
    }

    /// test-option `test-only` as well.
    #[must_use]
    pub fn has_validate_1_1(&self) -> bool {
        self.standard("capability:validate:1.1").is_some()
    }

    /// There is a startup datastore.
    #[must_use]
    pub fn has_startup(&self) -> bool {
        self.standard("capability:startup:1.0").is_some()
    }

    /// Filters of type xpath.
    #[must_use]
    pub fn has_xpath(&self) -> bool {
        self.standard("capability:xpath:1.0").is_some()
    }

    /// Event notifications and create-subscription.
    #[must_use]
    pub fn has_notification(&self) -> bool {
        self.standard("capability:notification:1.0").is_some()
    }

    /// Other requests may be sent on a session with a subscription.
    #[must_use]
    pub fn has_interleave(&self) -> bool {
        self.standard("capability:interleave:1.0").is_some()
    }

    /// ietf-netconf-monitoring: get-schema and the list of schemas.
    #[must_use]
    pub fn has_monitoring(&self) -> bool {
        self.find(uri::MONITORING).is_some()
    }

    /// The URL schemes that `:url` announces; `None` without that capability.
    #[must_use]
    pub fn url_schemes(&self) -> Option<Vec<String>> {
        self.standard("capability:url:1.0").map(|c| c.list("scheme"))
    }

    /// The handling of default values; `None` without that capability or with an unknown mode.
    #[must_use]
    pub fn with_defaults(&self) -> Option<WithDefaultsCapability> {
        let capability = self.standard("capability:with-defaults:1.0")?;
        let basic_mode = WithDefaults::parse(capability.parameter("basic-mode")?.trim())?;
        let also = capability.list("also-supported");
        let also_supported = also.iter().filter_map(|word| WithDefaults::parse(word)).collect();
        Some(WithDefaultsCapability { basic_mode, also_supported })
    }

    /// The YANG library, where one is announced.
    #[must_use]
    pub fn yang_library(&self) -> Option<YangLibraryCapability> {
        if let Some(c) = self.standard("capability:yang-library:1.1") {
            let content_id = c.parameter("content-id");
            return Some(YangLibraryCapability { has_datastores: true, content_id });
        }
        let c = self.standard("capability:yang-library:1.0")?;
        let content_id = c.parameter("module-set-id");
        Some(YangLibraryCapability { has_datastores: false, content_id })
    }

    /// The modules announced one by one; YANG 1.1 modules are not among them.
    #[must_use]
    pub fn modules(&self) -> Vec<Module> {
        self.all.iter().filter_map(Capability::module).collect()
    }
}

impl<'u> FromIterator<&'u str> for Capabilities {
    fn from_iter<I: IntoIterator<Item = &'u str>>(uris: I) -> Self {
        uris.into_iter().map(Capability::new).collect()
    }
}

impl FromIterator<Capability> for Capabilities {
    fn from_iter<I: IntoIterator<Item = Capability>>(capabilities: I) -> Self {
        let mut all = Self::default();
        capabilities.into_iter().for_each(|c| all.insert(c));
        all
    }
}

impl Extend<Capability> for Capabilities {
    fn extend<I: IntoIterator<Item = Capability>>(&mut self, capabilities: I) {
        capabilities.into_iter().for_each(|c| self.insert(c));
    }
}

#[cfg(test)]
mod tests;
