//! Names of things: short printable text that is compared byte by byte.

use std::fmt;
use std::sync::Arc;

/// Longest name in bytes.
pub const NAME_LENGTH_MAX: usize = 128;

/// Declares a name type; all have the same rules and methods.
macro_rules! name_type {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Arc<str>);

        impl $name {
            /// A name. `None` when it is empty, longer than [`NAME_LENGTH_MAX`] bytes or has
            /// control characters or blanks in it.
            #[must_use]
            pub fn new(name: impl AsRef<str>) -> Option<Self> {
                let name = name.as_ref();
                is_name(name).then(|| Self(Arc::from(name)))
            }

            /// The name as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(&self.0)
            }
        }
    };
}

name_type! {
    /// Id of a POP, unique in the network.
    PopId
}
name_type! {
    /// Id of a router, unique at its POP.
    RouterId
}
name_type! {
    /// Name of an interface, unique on its router.
    InterfaceName
}
name_type! {
    /// Id of a link, unique in the network.
    LinkId
}
name_type! {
    /// Id of a shared risk link group: a duct, a bridge, a power feed.
    RiskId
}
name_type! {
    /// Id of a connection, chosen by who asks; the key of idempotence.
    ConnectionId
}

fn is_name(name: &str) -> bool {
    let is_plain = |c: char| !c.is_control() && !c.is_whitespace();
    !name.is_empty() && name.len() <= NAME_LENGTH_MAX && name.chars().all(is_plain)
}

/// A router by POP and id.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RouterKey {
    /// Where it is.
    pub pop: PopId,
    /// Its id there.
    pub router: RouterId,
}

impl fmt::Display for RouterKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}", self.pop, self.router)
    }
}

/// An interface by router and name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InterfaceKey {
    /// Whose it is.
    pub router: RouterKey,
    /// Its name there.
    pub interface: InterfaceName,
}

impl fmt::Display for InterfaceKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}", self.router, self.interface)
    }
}
