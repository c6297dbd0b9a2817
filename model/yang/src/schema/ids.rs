//! Typed indices into the tables of one schema.

macro_rules! id {
    ($(#[doc = $doc:literal])+ $name:ident($repr:ty)) => {
        $(#[doc = $doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub(crate) $repr);

        impl $name {
            /// Position in its table, from 0.
            #[must_use]
            pub fn index(self) -> usize {
                self.0 as usize
            }

            /// The id at a position; meaningful only for the schema it came from.
            #[must_use]
            pub fn from_index(index: usize) -> Option<Self> {
                <$repr>::try_from(index).ok().map(Self)
            }
        }
    };
}

id! {
    /// A schema node. Order of ids is schema order: depth first, keys of a list before its other
    /// children, augmented nodes after the node's own.
    NodeId(u32)
}
id! {
    /// A type.
    TypeId(u32)
}
id! {
    /// A module.
    ModuleId(u16)
}
id! {
    /// An identity.
    IdentityId(u32)
}

impl ModuleId {
    /// From a table word, which holds a module id by construction.
    pub(crate) fn from_word(word: u32) -> Self {
        Self(word as u16)
    }
}
