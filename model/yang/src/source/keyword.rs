//! The keywords of YANG (RFC 7950 14).

macro_rules! keywords {
    ($($variant:ident $name:literal,)+) => {
        /// A keyword, or [`Keyword::Extension`] for `prefix:name`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub(crate) enum Keyword {
            $($variant,)+
            /// `prefix:name`, defined by some module.
            Extension,
            /// Without prefix and no keyword of YANG.
            Unknown,
        }

        impl Keyword {
            /// Every keyword of YANG itself.
            pub(crate) const ALL: &'static [Self] = &[$(Self::$variant,)+];

            pub(crate) fn named(name: &str) -> Option<Self> {
                match name {
                    $($name => Some(Self::$variant),)+
                    _ => None,
                }
            }

            pub(crate) fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                    Self::Extension => "extension statement",
                    Self::Unknown => "unknown statement",
                }
            }
        }
    };
}

keywords! {
    Action "action",
    AnyData "anydata",
    AnyXml "anyxml",
    Argument "argument",
    Augment "augment",
    Base "base",
    BelongsTo "belongs-to",
    Bit "bit",
    Case "case",
    Choice "choice",
    Config "config",
    Contact "contact",
    Container "container",
    Default "default",
    Description "description",
    Deviate "deviate",
    Deviation "deviation",
    Enum "enum",
    ErrorAppTag "error-app-tag",
    ErrorMessage "error-message",
    ExtensionDefinition "extension",
    Feature "feature",
    FractionDigits "fraction-digits",
    Grouping "grouping",
    Identity "identity",
    IfFeature "if-feature",
    Import "import",
    Include "include",
    Input "input",
    Key "key",
    Leaf "leaf",
    LeafList "leaf-list",
    Length "length",
    List "list",
    Mandatory "mandatory",
    MaxElements "max-elements",
    MinElements "min-elements",
    Modifier "modifier",
    Module "module",
    Must "must",
    Namespace "namespace",
    Notification "notification",
    OrderedBy "ordered-by",
    Organization "organization",
    Output "output",
    Path "path",
    Pattern "pattern",
    Position "position",
    Prefix "prefix",
    Presence "presence",
    Range "range",
    Reference "reference",
    Refine "refine",
    RequireInstance "require-instance",
    Revision "revision",
    RevisionDate "revision-date",
    Rpc "rpc",
    Status "status",
    Submodule "submodule",
    Type "type",
    Typedef "typedef",
    Unique "unique",
    Units "units",
    Uses "uses",
    Value "value",
    When "when",
    YangVersion "yang-version",
    YinElement "yin-element",
}

impl Keyword {
    /// One bit per keyword, for sets.
    pub(crate) fn bit(self) -> u128 {
        1 << self as u8
    }

    /// Whether the statement defines schema nodes (RFC 7950 `data-def-stmt`, case and the like).
    pub(crate) fn is_data_definition(self) -> bool {
        matches!(
            self,
            Self::Container
                | Self::Leaf
                | Self::LeafList
                | Self::List
                | Self::Choice
                | Self::AnyData
                | Self::AnyXml
                | Self::Uses
        )
    }
}
