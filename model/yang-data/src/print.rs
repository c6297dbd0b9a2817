//! What the printers share: options, and which nodes are to be seen.

use yang::{NodeKind, Schema};

use crate::{Slot, Value};

/// How to print.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PrintOptions {
    /// What is written round the top-level nodes.
    pub envelope: Envelope,
    /// Line ends and indentation.
    pub layout: Layout,
    /// Which nodes.
    pub content: ContentFilter,
    /// What becomes of values that equal the default.
    pub defaults: WithDefaults,
}

impl PrintOptions {
    /// Everything, compact, without an envelope.
    pub const COMPACT: Self = Self {
        envelope: Envelope::None,
        layout: Layout::Compact,
        content: ContentFilter::All,
        defaults: WithDefaults::Explicit,
    };
    /// Everything, indented, without an envelope.
    pub const PRETTY: Self = Self { layout: Layout::Pretty, ..Self::COMPACT };
}

impl Default for PrintOptions {
    fn default() -> Self {
        Self::COMPACT
    }
}

/// What is written round the top-level nodes. In JSON: nothing but the object, except for
/// RESTCONF.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Envelope {
    /// Nothing.
    #[default]
    None,
    /// `<data>` of NETCONF.
    Data,
    /// `<config>` of NETCONF.
    Config,
    /// `data` of RESTCONF, module `ietf-restconf`.
    Restconf,
}

/// Line ends and indentation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Layout {
    /// None.
    #[default]
    Compact,
    /// A node per line, two spaces per level.
    Pretty,
}

/// Which nodes are printed (RFC 8040, 4.8.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ContentFilter {
    /// All.
    #[default]
    All,
    /// Configuration only.
    Config,
    /// State data, with the keys of the entries round it.
    State,
}

/// What becomes of values that equal the default (RFC 6243, section 3). To report all, print what
/// [`crate::defaults::fill`] makes of the tree.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WithDefaults {
    /// Whatever is in the tree.
    #[default]
    Explicit,
    /// Values that equal the default are left out; keys stay.
    Trim,
}

impl PrintOptions {
    /// Whether a child, as such, is printed; with [`ContentFilter::State`] what is below decides
    /// for configuration containers and lists.
    pub(crate) fn shows(&self, schema: &Schema, slot: &Slot) -> bool {
        let node = schema.node(slot.node);
        let content = match self.content {
            ContentFilter::All => true,
            ContentFilter::Config => node.is_config(),
            ContentFilter::State => {
                !node.is_config()
                    || node.is_key()
                    || matches!(node.kind(), NodeKind::Container | NodeKind::List)
            }
        };
        content && !(self.defaults == WithDefaults::Trim && is_default(schema, slot))
    }

    /// Whether a printed leaf is more than a key that names an entry for the sake of others.
    pub(crate) fn counts(&self, schema: &Schema, slot: &Slot) -> bool {
        self.content != ContentFilter::State || !schema.node(slot.node).is_config()
    }

    /// Whether an interior node without printed children is left out.
    pub(crate) fn drops_empty(&self, schema: &Schema, slot: &Slot) -> bool {
        let node = schema.node(slot.node);
        if self.content == ContentFilter::State {
            return node.is_config() || !node.is_presence();
        }
        node.kind() == NodeKind::Container && !node.is_presence()
    }
}

/// Whether the child is a leaf or leaf-list, no key, with the schema's default.
fn is_default(schema: &Schema, slot: &Slot) -> bool {
    let node = schema.node(slot.node);
    let equals = |value: &Value, text: &str| value.text(schema) == text;
    match &slot.content {
        crate::Content::Leaf(value) => {
            !node.is_key() && node.default().is_some_and(|text| equals(value, text))
        }
        crate::Content::LeafList(list) => {
            let mut texts: Vec<&str> = node.defaults().collect();
            if !list.is_user_ordered() {
                let mut known: Vec<_> = list.iter().map(|entry| entry.value.text(schema)).collect();
                known.sort();
                texts.sort_unstable();
                return !texts.is_empty() && known.iter().eq(texts.iter());
            }
            !texts.is_empty()
                && list.len() == texts.len()
                && list.iter().zip(texts).all(|(entry, text)| equals(&entry.value, text))
        }
        _ => false,
    }
}
