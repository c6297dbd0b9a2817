//! Bounds on what a peer can make this crate hold or do.

/// Bounds for one direction of one session.
///
/// The defaults admit the full configuration of a large router in one message (64 MiB) and nothing
/// that a device has a reason to exceed. Passing a bound ends the session with an error that names
/// it, but where the bound counts elements of one message only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Bytes in one message, without framing.
    pub message_bytes_max: usize,
    /// Bytes in one chunk of base:1.1 framing.
    pub chunk_bytes_max: usize,
    /// Nesting of elements in one message. Schemas nest about 30 deep.
    pub depth_max: usize,
    /// Elements of the protocol itself that are kept of one message. What stands inside
    /// `<config>`, `<data>` and `<filter>` is checked and carried as text and does not count.
    pub elements_max: usize,
    /// Attributes of one element, namespace declarations included.
    pub attributes_max: usize,
    /// Namespace declarations in scope at one element.
    pub namespaces_max: usize,
    /// Capabilities in one `<hello>`. Large routers announce about 2,000.
    pub capabilities_max: usize,
    /// Bytes in one capability URI. Lists of deviations grow to some kilobytes.
    pub capability_bytes_max: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            message_bytes_max: 64 << 20,
            chunk_bytes_max: 64 << 20,
            depth_max: 256,
            elements_max: 1_000_000,
            attributes_max: 512,
            namespaces_max: 512,
            capabilities_max: 16_384,
            capability_bytes_max: 64 << 10,
        }
    }
}
